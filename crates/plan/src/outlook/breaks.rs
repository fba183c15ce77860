//! Declared changes that nobody restated.
//!
//! Where both sides exist the level shift is estimated. Only where the older side is shorter than a year, so that it
//! cannot even teach a season, and the newer one is longer than it, what came before is left out.

use super::Inputs;
use quarterdeck_forecast::{Break, History};
use quarterdeck_lang::model::{Formula, Measure, Metric, Outdated};
use std::collections::BTreeSet;

/// The breaks of a history up to the as-of date, oldest first.
pub fn of(inputs: &Inputs<'_>, metric: &Metric, history: &History) -> Vec<Break> {
    let mut sources = BTreeSet::new();
    sources_of(&metric.measure, &mut sources);
    let of_sources =
        sources.iter().filter_map(|name| inputs.model.sources.get(name)).flat_map(|source| &source.changes);
    let mut open: Vec<&Outdated> = metric
        .changes
        .iter()
        .chain(of_sources)
        .filter(|change| change.restate.is_none() && change.on <= inputs.as_of)
        .collect();
    open.sort_by(|a, b| (a.on, &a.why).cmp(&(b.on, &b.why)));
    open.dedup_by(|a, b| a.on == b.on);
    let calendar = &inputs.model.settings.calendar;
    let first = calendar.starts(history.start);
    let end = calendar.starts(calendar.shift(history.start, history.values.len() as i64));
    open.into_iter()
        .filter(|change| change.on > first && change.on < end)
        .map(|change| {
            let (before, after) = ((change.on - first).num_days(), (end - change.on).num_days());
            Break { on: change.on, label: change.why.clone(), drop_before: before < 365 && after > before }
        })
        .collect()
}

fn sources_of(measure: &Measure, found: &mut BTreeSet<String>) {
    match measure {
        Measure::Aggregate(query) | Measure::Windowed(query, _) => {
            found.insert(query.source.clone());
        }
        Measure::Stock { source, .. } | Measure::Recorded { source, .. } => {
            found.insert(source.clone());
        }
        Measure::Journey(journey) => found.extend(journey.sources().map(str::to_owned)),
        Measure::Derived(formula) => in_formula(formula, found),
    }
}

fn in_formula(formula: &Formula, found: &mut BTreeSet<String>) {
    match formula {
        Formula::Query(query) => {
            found.insert(query.source.clone());
        }
        Formula::Journey(journey) => found.extend(journey.sources().map(str::to_owned)),
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            in_formula(inner, found);
        }
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            in_formula(a, found);
            in_formula(b, found);
        }
        Formula::Number(_) | Formula::Metric(_) | Formula::Before | Formula::Where(..) => {}
    }
}
