//! Two histories as changes from step to step on one calendar, their seasons taken out.

use super::season;
use crate::outlook::{Inputs, quarters};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{Nature, Series};
use std::collections::BTreeMap;

/// How changes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of a share: the difference.
    Points,
    /// Of what stays above zero: the difference of logarithms.
    Relative,
    /// Of all else: the difference.
    Amount,
}

/// The changes of two metrics over the days both are known, step by step.
#[derive(Clone, Debug)]
pub struct Paired {
    pub grain: Grain,
    pub child: Vec<Option<f64>>,
    pub child_kind: Kind,
    pub parent: Vec<Option<f64>>,
    pub parent_kind: Kind,
}

impl Paired {
    /// How many pairs there are at a lag.
    pub fn count(&self, lag: usize) -> usize {
        self.child.iter().zip(self.parent.iter().skip(lag)).filter(|(x, y)| x.is_some() && y.is_some()).count()
    }
}

/// Two series at a grain; `None` where they share no step.
pub fn paired(inputs: &Inputs<'_>, child: &Series, parent: &Series, grain: Grain) -> Option<Paired> {
    let calendar = &inputs.model.settings.calendar;
    let (x, y) = (steps(inputs, child, grain), steps(inputs, parent, grain));
    let first = (*x.keys().next()?).max(*y.keys().next()?);
    let last = (*x.keys().next_back()?).min(*y.keys().next_back()?);
    let length = usize::try_from(calendar.distance(first, last)).ok()? + 1;
    let child_kind = kind(child, &x);
    let parent_kind = kind(parent, &y);
    let laid = |steps: &BTreeMap<Period, f64>, kind: Kind| {
        let values: Vec<Option<f64>> =
            (0..length).map(|at| steps.get(&calendar.shift(first, at as i64)).copied()).collect();
        without_season(&changes(&values, kind), &positions(calendar, first, length), season(grain))
    };
    Some(Paired { grain, child: laid(&x, child_kind), child_kind, parent: laid(&y, parent_kind), parent_kind })
}

/// A series' numbers by period of a grain.
fn steps(inputs: &Inputs<'_>, series: &Series, grain: Grain) -> BTreeMap<Period, f64> {
    let calendar = &inputs.model.settings.calendar;
    if series.grain != grain {
        let rolled = quarters(series, calendar, grain, inputs.as_of);
        return rolled.into_iter().map(|actual| (actual.period, actual.value)).collect();
    }
    let known = series.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    known.map(|(at, value)| (calendar.shift(series.start, at as i64), value)).collect()
}

fn kind(series: &Series, steps: &BTreeMap<Period, f64>) -> Kind {
    match series.nature {
        Nature::Share => Kind::Points,
        _ if steps.values().all(|value| *value > 0.0) => Kind::Relative,
        _ => Kind::Amount,
    }
}

/// The change to each step from the one before; one shorter.
fn changes(values: &[Option<f64>], kind: Kind) -> Vec<Option<f64>> {
    let change = |before: f64, after: f64| match kind {
        Kind::Relative => libm::log(after) - libm::log(before),
        Kind::Points | Kind::Amount => after - before,
    };
    values.windows(2).map(|pair| Some(change((*pair.first()?)?, (*pair.last()?)?)).filter(|c| c.is_finite())).collect()
}

/// Where in its year each change ends: the number of its period, by which seasons repeat.
fn positions(calendar: &Calendar, first: Period, length: usize) -> Vec<usize> {
    (1..length)
        .map(|at| {
            let period = calendar.shift(first, at as i64);
            // Days repeat by the week.
            if period.grain() == Grain::Day { at % 7 } else { period.number() as usize }
        })
        .collect()
}

/// Changes without what is usual at their place in the season, from two seasons on; then about their mean.
fn without_season(changes: &[Option<f64>], positions: &[usize], season: usize) -> Vec<Option<f64>> {
    let usual = if season > 1 && changes.len() >= 2 * season { means(changes, positions) } else { BTreeMap::new() };
    let left: Vec<Option<f64>> = changes
        .iter()
        .zip(positions)
        .map(|(change, position)| Some((*change)? - usual.get(position).copied().unwrap_or(0.0)))
        .collect();
    let known: Vec<f64> = left.iter().flatten().copied().collect();
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    left.into_iter().map(|change| Some(change? - mean)).collect()
}

fn means(changes: &[Option<f64>], positions: &[usize]) -> BTreeMap<usize, f64> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (change, position) in changes.iter().zip(positions) {
        if let Some(change) = change {
            let entry = sums.entry(*position).or_default();
            *entry = (entry.0 + change, entry.1 + 1.0);
        }
    }
    // The 53rd week comes too seldom to have a usual change of its own: it is left as it is.
    sums.retain(|_, (_, count)| *count > 1.0);
    sums.into_iter().map(|(position, (sum, count))| (position, sum / count)).collect()
}
