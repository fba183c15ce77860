//! The plan's path of a target, from the paths of its metric.

use crate::effect::Profile;
use crate::guard::Shift;
use crate::method::Case;
use crate::pace::{Pace, Step, nearest_tenth};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{Forecast, Nature};

/// How many of the latest denominators stand for those to come.
const WEIGHTS: usize = 13;

/// The path of a target met by `after`, the number with everything on every path; `None` without a forecast.
pub fn pace(case: &Case<'_>, target: f64, after: &[f64]) -> Option<Pace> {
    let (facts, forecast) = (case.past()?, case.outlook.get(case.name)?);
    let calendar = &case.inputs.model.settings.calendar;
    let nearest = nearest_tenth(after, target);
    let node = case.world.place(case.name)?;
    let share = facts.series.nature == Nature::Share;
    let shift = Shift { share, before: case.base, after, per_window: facts.per_window };
    let profile = Profile::of(case.inputs, case.period, case.world, case.alone, node);
    let first_open = forecast.steps.first().copied();
    let mut steps = observed(case, first_open);
    for (place, period) in forecast.steps.iter().enumerate() {
        let (starts, ends) = (calendar.starts(*period), calendar.ends(*period));
        let Some(mut step) = clipped(case, *period) else { continue };
        let part = profile.at(starts, ends);
        step.value = mean_of(forecast, &nearest, place, |path, value| shift.of(path, value, part))?;
        step.weight = weight_to_come(case);
        steps.push(step);
    }
    Pace::new(facts.series.roll, facts.series.nature == Nature::Flow, steps, target)
}

/// What of the period was observed when the plan was made; a gap takes the value before it.
fn observed(case: &Case<'_>, until: Option<Period>) -> Vec<Step> {
    let Some(facts) = case.past() else { return Vec::new() };
    let calendar = &case.inputs.model.settings.calendar;
    let series = &facts.series;
    let mut before = 0.0;
    let mut steps = Vec::new();
    for (at, value) in series.values.iter().enumerate() {
        before = value.unwrap_or(before);
        let period = calendar.shift(series.start, at as i64);
        if until.is_some_and(|until| calendar.starts(period) >= calendar.starts(until)) {
            break;
        }
        let Some(mut step) = clipped(case, period) else { continue };
        (step.value, step.known) = (before, true);
        step.weight = match series.weights.get(at).copied().flatten() {
            Some(weight) => weight / step.days.max(1.0),
            None if series.weights.is_empty() => 1.0,
            None => 0.0,
        };
        steps.push(step);
    }
    steps
}

/// A step without a value yet, cut to the period; `None` outside it.
fn clipped(case: &Case<'_>, period: Period) -> Option<Step> {
    let calendar = &case.inputs.model.settings.calendar;
    let (starts, ends) = (calendar.starts(period), calendar.ends(period));
    let (from, to): (NaiveDate, NaiveDate) = case.window;
    (starts <= to && ends >= from).then(|| Step {
        starts: starts.max(from),
        ends: ends.min(to),
        days: f64::from(calendar.days(period)),
        ends_inside: ends <= to,
        value: 0.0,
        weight: 1.0,
        known: false,
    })
}

/// The latest denominators per day, where the series has any.
fn weight_to_come(case: &Case<'_>) -> f64 {
    let Some(series) = case.past().map(|facts| &facts.series) else { return 1.0 };
    let latest: Vec<f64> = series.weights.iter().rev().flatten().take(WEIGHTS).copied().collect();
    if latest.is_empty() {
        return 1.0;
    }
    let days = quarterdeck_lang::model::Length::Grains(1, series.grain).days();
    latest.iter().sum::<f64>() / latest.len() as f64 / days
}

/// The mean of one step over some paths.
fn mean_of(forecast: &Forecast, paths: &[usize], place: usize, moved: impl Fn(usize, f64) -> f64) -> Option<f64> {
    let value = |path: &usize| Some(moved(*path, *forecast.paths.row(*path)?.get(place)?));
    let values: Vec<f64> = paths.iter().filter_map(value).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
