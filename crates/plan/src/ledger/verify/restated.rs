//! Which data is other today than when it was frozen, and what that does to the accepted targets.

use super::expected::{Recomputed, known_marks};
use super::frozen::Files;
use super::{Difference, Kind, NOTHING, Now, Report};
use crate::ledger::entry::name_of;
use crate::proposal::{Offer, TargetProposal};
use crate::wording::{chance, level};
use crate::{Inputs, PlanError, Proposal};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// At most so many periods of a series are listed one by one.
const LISTED: usize = 12;

/// Tells which periods of which series are other today, where that was read to a given day.
pub fn compare(
    one: &Recomputed<'_>,
    live: &BTreeMap<String, History>,
    read_to: NaiveDate,
    files: &Files,
    report: &mut Report,
) {
    let calendar = &one.stand.model.settings.calendar;
    let known = known_marks(one.basis);
    for (name, frozen) in one.stand.histories {
        let Some(today) = live.get(name) else { continue };
        let points = differing(frozen, today, one.basis.facts.as_of.min(read_to), calendar);
        if points.is_empty() {
            continue;
        }
        // A series whose frozen rows have another hash than was accepted was edited there; today's data tells where.
        let mark = known.iter().find(|mark| mark.name == *name);
        let is_accepted = mark.is_none_or(|mark| mark.data_hash == crate::ledger::data_hash(frozen));
        let kind = if one.stand.inputs_edited && !is_accepted { Kind::Input } else { Kind::Data };
        if kind == Kind::Input {
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

/// The points that differ up to the as-of date: label, frozen, today. A whole quarter is told only where none of its steps
/// is.
fn differing(
    frozen: &History,
    today: &History,
    as_of: NaiveDate,
    calendar: &Calendar,
) -> Vec<(String, String, String)> {
    let (a, b) = (points(frozen, as_of, calendar), points(today, as_of, calendar));
    let is_later = |points: &Points, key: &(Part, Period)| points.get(key).is_some_and(|point| point.later);
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    let differs = |key: &(Part, Period)| {
        let same = matches!((a.get(key), b.get(key)), (Some(a), Some(b)) if a.is_same(b));
        !same && !is_later(&a, key) && !is_later(&b, key)
    };
    let found: Vec<(Part, Period)> = keys.into_iter().filter(differs).collect();
    let step_inside = |quarter: Period| {
        let (starts, ends) = (calendar.starts(quarter), calendar.ends(quarter));
        let inside = |period: Period| calendar.starts(period) <= ends && starts <= calendar.ends(period);
        found.iter().any(|(part, period)| !part.is_whole() && inside(*period))
    };
    let told = found.iter().filter(|(part, period)| !part.is_whole() || !step_inside(*period));
    told.map(|key| {
        let (part, period) = key;
        let through = |points: &Points| points.get(key).and_then(|point| point.through);
        let dated = through(&a) != through(&b);
        let shown = |points: &Points| points.get(key).map_or(NOTHING.to_owned(), |point| point.shown(dated));
        (format!("{period}{}", part.words()), shown(&a), shown(&b))
    })
    .collect()
}

/// Which number of a period it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Value,
    Weight,
    SoFar,
    WeightSoFar,
    Whole,
    WholeWeight,
}

impl Part {
    fn is_whole(self) -> bool {
        matches!(self, Part::Whole | Part::WholeWeight)
    }

    fn words(self) -> &'static str {
        match self {
            Part::Value => "",
            Part::Weight => " (its denominator)",
            Part::SoFar => " so far",
            Part::WeightSoFar => " so far (its denominator)",
            Part::Whole => " as a whole",
            Part::WholeWeight => " as a whole (its denominator)",
        }
    }
}

/// One number of a series.
struct Point {
    value: Option<f64>,
    through: Option<NaiveDate>,
    /// It holds days after the as-of date and says nothing about those before.
    later: bool,
}

impl Point {
    fn is_same(&self, other: &Point) -> bool {
        let bits = |point: &Point| point.value.map(f64::to_bits);
        (self.value == other.value || bits(self) == bits(other)) && self.through == other.through
    }

    fn shown(&self, dated: bool) -> String {
        let value = self.value.map_or("a gap".to_owned(), |value| value.to_string());
        match self.through {
            Some(through) if dated => format!("{value} through {through}"),
            _ => value,
        }
    }
}

type Points = BTreeMap<(Part, Period), Point>;

/// The numbers of a series.
fn points(history: &History, as_of: NaiveDate, calendar: &Calendar) -> Points {
    let mut points = Points::new();
    let lists = [(Part::Value, Part::SoFar, &history.values), (Part::Weight, Part::WeightSoFar, &history.weights)];
    for (part, so_far, values) in lists {
        let mut period = history.start;
        for value in values {
            let later = calendar.ends(period) > as_of;
            points.insert((part, period), Point { value: *value, through: None, later });
            if later {
                // What was unfinished then has finished since.
                points.insert((so_far, period), Point { value: None, through: None, later });
            }
            period = calendar.shift(period, 1);
        }
    }
    let mut dated = |(part, weight): (Part, Part), period: Period, numbers: (f64, Option<f64>), through: NaiveDate| {
        let later = through > as_of;
        points.insert((part, period), Point { value: Some(numbers.0), through: Some(through), later });
        if numbers.1.is_some() || later {
            points.insert((weight, period), Point { value: numbers.1, through: Some(through), later });
        }
    };
    if let Some(partial) = &history.partial {
        let period = calendar.shift(history.start, history.values.len() as i64);
        dated((Part::SoFar, Part::WeightSoFar), period, (partial.value, partial.weight), partial.through);
    }
    for quarter in &history.quarters {
        dated((Part::Whole, Part::WholeWeight), quarter.period, (quarter.value, quarter.weight), quarter.through);
    }
    points
}

/// What restated data does to the accepted targets, in sentences.
pub fn consequences(
    again: &[Recomputed<'_>],
    now: &Now<'_>,
    differences: &[Difference],
    recompute: impl Fn(&Inputs<'_>) -> Result<Proposal, PlanError>,
) -> Vec<String> {
    let (Some(live), Some(newest)) = (now.histories, again.first()) else { return Vec::new() };
    if newest.is_edited() || !differences.iter().any(|difference| difference.kind == Kind::Data) {
        return Vec::new();
    }
    let facts = &newest.basis.facts;
    let calendar = &newest.stand.model.settings.calendar;
    let mut histories = newest.stand.histories.clone();
    for (name, history) in &mut histories {
        let is_up_to_then = |today: &&History| points(today, facts.as_of, calendar).values().all(|point| !point.later);
        if let Some(today) = live.get(name).filter(is_up_to_then) {
            history.clone_from(today);
        }
    }
    let inputs = Inputs {
        model: &at_accepted_values(newest),
        histories: &histories,
        as_of: facts.as_of,
        seed: facts.seed,
        paths: facts.paths,
        version: &facts.version,
    };
    let Ok(today) = recompute(&inputs) else { return Vec::new() };
    let counts = newest.counts();
    counts
        .targets
        .iter()
        .filter_map(|before| {
            let is_it = |after: &&TargetProposal| after.metric == before.metric && after.slice == before.slice;
            let after = today.targets.iter().find(is_it)?;
            let name = name_of(&before.metric, before.slice.as_deref());
            consequence(&name, before.detail.unit.as_ref(), before.proposed.target?, after.proposed.target?)
        })
        .collect()
}

/// The frozen model with every target set to its accepted value, so that the chance of that very value is computed.
fn at_accepted_values(newest: &Recomputed<'_>) -> Model {
    let mut model = newest.stand.model.clone();
    if let Some(plan) = model.plans.get_mut(&newest.basis.facts.period) {
        for target in &mut plan.targets {
            let slice = target.slice.as_ref().map(|slice| &slice.text);
            let mut accepted = newest.counts().targets.iter();
            let found = accepted.find(|found| found.metric == target.metric && found.slice.as_ref() == slice);
            target.set = found.and_then(|found| found.proposed.target).map(|offer| offer.value).or(target.set);
        }
    }
    model
}

/// What today's data makes of a target: `weekly_orders at 10,400 orders: P(hit) 61 % → 52 % with today's data`.
fn consequence(name: &str, unit: Option<&Unit>, old: Offer, new: Offer) -> Option<String> {
    let value = |value: f64| unit.map_or_else(|| value.to_string(), |unit| level(value, unit));
    let said = |offer: Offer| offer.p_hit.map_or("no P(hit)".to_owned(), |p| format!("P(hit) {}", chance(p)));
    if old.value == new.value {
        let (then, today) = (said(old), said(new));
        let today = today.strip_prefix("P(hit) ").filter(|_| old.p_hit.is_some()).unwrap_or(&today);
        return (old.p_hit != new.p_hit)
            .then(|| format!("{name} at {}: {then} → {today} with today's data", value(old.value)));
    }
    let (then, today) =
        (format!("{} with {}", value(old.value), said(old)), format!("{} with {}", value(new.value), said(new)));
    Some(format!("{name} would be proposed at {today} with today's data, not {then}"))
}
