//! Which definitions changed: on disk since the ledger was accepted, or in the frozen file.

use super::expected::Recomputed;
use super::written::{Written, WrittenTarget};
use super::{Difference, Kind, NOTHING, Report};
use crate::ledger::definitions::{Defined, Made, metrics_of, part_for};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Which definitions that targets of this basis stand on have changed on disk.
pub fn compare(one: &Recomputed<'_>, written: &Written, model: &Model, report: &mut Report) {
    let frozen = one.stand.model;
    if one.stand.definitions_edited {
        name_edited(one, model, report);
        return;
    }
    let names = standing_on(one, written, |_| true);
    let revision = |model: &Model, name: &str| model.metrics.get(name).map(|metric| metric.definition.revision.clone());
    let differs = |name: &&String| revision(frozen, name) != revision(model, name);
    let below_changed = names.iter().any(|name| differs(&name));
    // What an amendment says about a change needs no telling any more.
    let is_told = |target: &WrittenTarget| {
        let explained = target.explained();
        explained.is_none() || explained != revision(model, &target.metric).as_deref()
    };
    let names = standing_on(one, written, is_told);
    // Nor where others stand on it, as on a guard or a part: what its own target says of it is said.
    let is_explained = |name: &&String| {
        written.targets.iter().any(|target| target.metric == **name && target.explained().is_some() && !is_told(target))
    };
    let changed: BTreeSet<String> = names.iter().filter(|name| differs(name) && !is_explained(name)).cloned().collect();
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
    plan(one, written, model, below_changed, report);
}

/// Where the definitions on disk are the accepted ones, they tell what was edited in the frozen file.
fn name_edited(one: &Recomputed<'_>, model: &Model, report: &mut Report) {
    let facts = &one.basis.facts;
    let today = part_for(model, facts.period);
    let (as_of, version, seed, paths) = (facts.as_of, facts.version.clone(), facts.seed, facts.paths);
    let accepted = Defined { made: Some(Made { as_of, version, seed, paths }), definitions: today.clone() };
    if facts.definitions != Some(accepted.hash()) {
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
fn standing_on(one: &Recomputed<'_>, written: &Written, is_meant: impl Fn(&WrittenTarget) -> bool) -> BTreeSet<String> {
    let frozen = one.stand.model;
    let own = written.targets.iter().filter(|target| target.basis == one.basis.number && is_meant(target));
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
