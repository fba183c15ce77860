//! What is frozen beside what there is today: data, definitions, version, seed.

use super::expected::Recomputed;
use super::frozen::Files;
use super::written::Written;
use super::{Difference, Kind, NOTHING, Now, Report};
use crate::ledger::definitions::{hash_of, metrics_of, part_for};
use crate::ledger::entry::name_of;
use crate::proposal::Offer;
use crate::{Inputs, PlanError, Proposal};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// At most so many periods of a series are listed one by one.
const LISTED: usize = 12;

/// Compares everything there is today with what is frozen.
pub fn compare(written: &Written, again: &[Recomputed<'_>], files: &Files, now: &Now<'_>, report: &mut Report) {
    for one in again {
        let version = &one.basis.facts.version;
        if version != now.version {
            version_differs(one, written, now, report);
        }
        if let Some(model) = now.model {
            let seed = model.settings.forecast.seed;
            if seed != one.basis.facts.seed {
                let used = one.basis.facts.seed;
                report.notes.push(format!("It was made with seed {used}; the workspace's is {seed} today."));
            }
            definitions(one, written, model, report);
        }
        if let Some(live) = now.histories {
            data(one, live, files, report);
        }
    }
    report.notes.dedup();
}

fn version_differs(one: &Recomputed<'_>, written: &Written, now: &Now<'_>, report: &mut Report) {
    let version = one.basis.facts.version.clone();
    if now.strict {
        report.differences.push(Difference {
            file: written.path.clone(),
            what: format!("{}.version", one.basis.path),
            written: version,
            recomputed: now.version.to_owned(),
            kind: Kind::Version,
        });
    } else {
        report.notes.push(format!("It was made by qd {version}; this is qd {}.", now.version));
    }
}

/// Which definitions that targets of this basis stand on have changed on disk.
fn definitions(one: &Recomputed<'_>, written: &Written, model: &Model, report: &mut Report) {
    let frozen = one.stand.model;
    if one.stand.definitions_edited {
        name_edited(one, model, report);
        return;
    }
    let names = standing_on(one, written);
    let revision = |model: &Model, name: &str| model.metrics.get(name).map(|metric| metric.definition.revision.clone());
    let differs = |name: &&String| revision(frozen, name) != revision(model, name);
    let changed: BTreeSet<String> = names.iter().filter(differs).cloned().collect();
    // A change shows in every revision above it: told are the ones that changed themselves.
    let is_root = |name: &&String| {
        frozen.metrics.get(*name).is_some_and(|metric| metrics_of(metric).is_disjoint(&changed))
            || revision(model, name).is_none()
    };
    let mut roots: Vec<&String> = changed.iter().filter(is_root).collect();
    if roots.is_empty() {
        roots = changed.iter().collect();
    }
    let file = |name: &str| {
        let place = model.metrics.get(name).map(|metric| metric.definition.place.file.clone());
        place.filter(|file| !file.is_empty()).unwrap_or_else(|| written.path.clone())
    };
    for name in roots {
        let recomputed = revision(model, name).unwrap_or_else(|| {
            let renamed = model.metrics.values().find(|metric| metric.was.contains(name));
            renamed.map_or(NOTHING.to_owned(), |metric| {
                format!("`{}`, revision {}", metric.name, metric.definition.revision)
            })
        });
        let what = format!("definition of {name}");
        let written = revision(frozen, name).unwrap_or_default();
        report.differences.push(Difference { file: file(name), what, written, recomputed, kind: Kind::Definition });
    }
    plan(one, written, model, !changed.is_empty(), report);
}

/// Where the definitions on disk are the accepted ones, they tell what was edited in the frozen file.
fn name_edited(one: &Recomputed<'_>, model: &Model, report: &mut Report) {
    let today = part_for(model, one.basis.facts.period);
    if one.basis.facts.definitions != Some(hash_of(&today)) {
        report.notes.push("The definitions on disk were not compared with the edited ones.".to_owned());
        return;
    }
    let frozen = one.stand.model;
    let mut names = differing_names("metric", &frozen.metrics, &today.metrics);
    names.extend(differing_names("market", &frozen.markets, &today.markets));
    names.extend(differing_names("source", &frozen.sources, &today.sources));
    names.extend(differing_names("event", &frozen.events, &today.events));
    names.extend(differing_names("plan", &frozen.plans, &today.plans));
    if frozen.settings != today.settings {
        names.push("settings".to_owned());
    }
    report.notes.push(format!("In the frozen definitions these were edited: {}.", names.join(", ")));
}

fn differing_names<K: Ord + ToString, V: PartialEq>(kind: &str, a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> Vec<String> {
    let names: BTreeSet<&K> = a.keys().chain(b.keys()).collect();
    let differ = names.into_iter().filter(|name| a.get(name) != b.get(name));
    differ.map(|name| format!("{kind} {}", name.to_string())).collect()
}

/// Whether the plan changed. Its revision hashes those of its metrics too: where one of them changed, the plan itself is told
/// only if it says something else.
fn plan(one: &Recomputed<'_>, written: &Written, model: &Model, below_changed: bool, report: &mut Report) {
    let period = one.basis.facts.period;
    let revision = |model: &Model| model.plans.get(&period).map(|plan| plan.revision.clone());
    let (before, today) = (revision(one.stand.model), revision(model));
    let words = |model: &Model| model.plans.get(&period).and_then(|plan| serde_json::to_value(plan).ok()).map(meaning);
    if before == today || (below_changed && words(one.stand.model) == words(model)) {
        return;
    }
    let file = model.plans.get(&period).map(|plan| plan.place.file.clone()).filter(|file| !file.is_empty());
    report.differences.push(Difference {
        file: file.unwrap_or_else(|| written.path.clone()),
        what: format!("plan {period}"),
        written: before.unwrap_or(NOTHING.to_owned()),
        recomputed: today.unwrap_or(NOTHING.to_owned()),
        kind: Kind::Definition,
    });
}

/// A plan without what its revision is blind to: places, outcomes, and the revision itself.
fn meaning(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.retain(|key, _| !["place", "outcomes", "revision", "allows"].contains(&key.as_str()));
            map.values_mut().for_each(|part| *part = meaning(part.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|part| *part = meaning(part.take())),
        _ => {}
    }
    value
}

/// The metrics that the accepted targets of a basis stand on: their own, what those are computed from, guards, objectives.
fn standing_on(one: &Recomputed<'_>, written: &Written) -> BTreeSet<String> {
    let frozen = one.stand.model;
    let own = written.targets.iter().filter(|target| target.basis == one.basis.number);
    let mut open: Vec<String> = own.map(|target| target.metric.clone()).collect();
    if let Some(plan) = frozen.plans.get(&one.basis.facts.period) {
        for target in plan.targets.iter().filter(|target| open.contains(&target.metric)).collect::<Vec<_>>() {
            open.extend(target.guards.iter().map(|guard| guard.metric.clone()));
            open.extend(target.methods.iter().filter_map(|method| match method {
                Method::Objective { metric, .. } => Some(metric.clone()),
                _ => None,
            }));
        }
    }
    let mut names = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(metric) = frozen.metrics.get(&name) else { continue };
        if names.insert(name) {
            let driven: BTreeSet<&String> = metric.drives.iter().map(|edge| &edge.metric).collect();
            open.extend(metrics_of(metric).into_iter().filter(|other| !driven.contains(other)));
        }
    }
    names
}

/// Which periods of which series are other today.
fn data(one: &Recomputed<'_>, live: &BTreeMap<String, History>, files: &Files, report: &mut Report) {
    let calendar = &one.stand.model.settings.calendar;
    let known = super::expected::known_marks(one.basis);
    for (name, frozen) in one.stand.histories {
        let Some(today) = live.get(name) else { continue };
        let points = differing(frozen, today, one.basis.facts.as_of, calendar);
        if points.is_empty() {
            continue;
        }
        let mark = known.iter().find(|mark| mark.name == *name);
        let is_edited =
            one.stand.inputs_edited && mark.is_some_and(|mark| mark.data_hash != crate::ledger::data_hash(frozen));
        // The frozen row was edited where today's data still has the accepted hash; with both changed, both are told.
        let kind = if is_edited { Kind::Input } else { Kind::Data };
        if is_edited {
            let whole = format!("series {name}");
            report.differences.retain(|difference| difference.kind != Kind::Input || difference.what != whole);
        }
        let rest = points.len().saturating_sub(LISTED);
        for (label, written, recomputed) in points.into_iter().take(LISTED) {
            let (file, what) = (files.inputs_path.clone(), format!("{name} {label}"));
            report.differences.push(Difference { file, what, written, recomputed, kind });
        }
        if rest > 0 {
            report.notes.push(format!("{rest} more periods of {name} differ."));
        }
    }
}

/// The points that differ up to the as-of date: label, frozen, today.
fn differing(
    frozen: &History,
    today: &History,
    as_of: NaiveDate,
    calendar: &Calendar,
) -> Vec<(String, String, String)> {
    let (a, b) = (points(frozen, as_of, calendar), points(today, as_of, calendar));
    let open =
        |points: &BTreeMap<(u8, Period), Point>, key: &(u8, Period)| points.get(key).is_some_and(|point| point.later);
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    let mut found = Vec::new();
    for key in keys.into_iter().filter(|key| !open(&a, key) && !open(&b, key)) {
        let shown = |points: &BTreeMap<(u8, Period), Point>| {
            points
                .get(&key)
                .map_or(NOTHING.to_owned(), |point| point.value.map_or("a gap".to_owned(), |value| value.to_string()))
        };
        let same = match (a.get(&key), b.get(&key)) {
            (Some(a), Some(b)) => a.value == b.value && a.through == b.through,
            _ => false,
        };
        if !same {
            let (_, period) = key;
            let words = [
                "",
                " (its denominator)",
                " so far",
                " so far (its denominator)",
                " as a whole",
                " as a whole (its denominator)",
            ];
            let words = words.get(usize::from(key.0)).copied().unwrap_or_default();
            let through = |points: &BTreeMap<(u8, Period), Point>| points.get(&key).and_then(|point| point.through);
            let (left, right) = match (through(&a), through(&b)) {
                (Some(x), Some(y)) if x != y => {
                    (format!("{} through {x}", shown(&a)), format!("{} through {y}", shown(&b)))
                }
                _ => (shown(&a), shown(&b)),
            };
            found.push((format!("{period}{words}"), left, right));
        }
    }
    found
}

/// One number of a series.
struct Point {
    value: Option<f64>,
    through: Option<NaiveDate>,
    /// It holds days after the as-of date and says nothing about those before.
    later: bool,
}

/// The numbers of a series by kind (value, weight, those of the unfinished period, those of whole quarters) and period.
fn points(history: &History, as_of: NaiveDate, calendar: &Calendar) -> BTreeMap<(u8, Period), Point> {
    let mut points = BTreeMap::new();
    for (kind, values) in [(0, &history.values), (1, &history.weights)] {
        let mut period = history.start;
        for value in values {
            let later = calendar.ends(period) > as_of;
            points.insert((kind, period), Point { value: *value, through: None, later });
            if later {
                // The unfinished period was finished since.
                points.insert((kind + 2, period), Point { value: None, through: None, later });
            }
            period = calendar.shift(period, 1);
        }
    }
    if let Some(partial) = &history.partial {
        let period = calendar.shift(history.start, history.values.len() as i64);
        let (through, later) = (Some(partial.through), partial.through > as_of);
        points.insert((2, period), Point { value: Some(partial.value), through, later });
        if partial.weight.is_some() || later {
            points.insert((3, period), Point { value: partial.weight, through, later });
        }
    }
    for quarter in &history.quarters {
        let (through, later) = (Some(quarter.through), quarter.through > as_of);
        points.insert((4, quarter.period), Point { value: Some(quarter.value), through, later });
        if quarter.weight.is_some() || later {
            points.insert((5, quarter.period), Point { value: quarter.weight, through, later });
        }
    }
    points
}

/// What restated data does to the proposal, in sentences.
pub fn restatements(
    again: &[Recomputed<'_>],
    now: &Now<'_>,
    differences: &[Difference],
    recompute: impl Fn(&Inputs<'_>) -> Result<Proposal, PlanError>,
) -> Vec<String> {
    let (Some(live), Some(newest)) = (now.histories, again.first()) else { return Vec::new() };
    if !differences.iter().any(|difference| difference.kind == Kind::Data) {
        return Vec::new();
    }
    let facts = &newest.basis.facts;
    let calendar = &newest.stand.model.settings.calendar;
    let mut histories = newest.stand.histories.clone();
    for (name, history) in &mut histories {
        let today =
            live.get(name).filter(|today| points(today, facts.as_of, calendar).values().all(|point| !point.later));
        if let Some(today) = today {
            history.clone_from(today);
        }
    }
    let inputs = Inputs {
        model: newest.stand.model,
        histories: &histories,
        as_of: facts.as_of,
        seed: facts.seed,
        paths: facts.paths,
        version: &facts.version,
    };
    let Ok(today) = recompute(&inputs) else { return Vec::new() };
    let mut notes = Vec::new();
    for (before, after) in newest.proposal.targets.iter().zip(&today.targets) {
        if let (Some(old), Some(new)) = (before.proposed.target, after.proposed.target)
            && old != new
        {
            let name = name_of(&before.metric, before.slice.as_deref());
            let said = |offer: Offer| match offer.p_hit {
                Some(p) => format!("{} with P(hit) {p}", offer.value),
                None => offer.value.to_string(),
            };
            notes.push(format!(
                "With today's data {name} would be proposed at {}, in place of {}.",
                said(new),
                said(old)
            ));
        }
    }
    notes
}
