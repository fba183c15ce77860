//! The way from the last actual to the target, in parts that sum to it.

use crate::facts::Facts;
use crate::method::{Case, middle};
use crate::offer::Draws;
use crate::proposal::{BridgeKind, BridgeStep, Offer};
use crate::wording::chance;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_lang::model::Better;

/// One more thing taken in: what it is, and the metric's number with it and all before it.
pub struct Stage<'a> {
    /// Its label.
    pub label: &'a str,
    /// Its kind.
    pub kind: BridgeKind,
    /// The number on every path.
    pub values: &'a [f64],
}

/// The bridge. `stages` start after the forecast without the plan; `with` has everything.
///
/// Every part is the difference of two medians one after the other, so the parts sum to the target. What a set target asks
/// beyond the value with the wanted chance is unexplained.
pub fn bridge(
    case: &Case<'_>,
    better: Better,
    target: Offer,
    with: Option<&Draws>,
    stages: &[Stage<'_>],
) -> Vec<BridgeStep> {
    let step = |label: &str, kind: BridgeKind, value: f64| BridgeStep { label: label.to_owned(), value, kind };
    let last = case.past().and_then(|facts| facts.last);
    let mut steps = Vec::new();
    let (Some(with), false) = (with, case.base.is_empty()) else {
        // Without any value there is no way to show, only a place.
        let Some((now, _)) = case.standing() else { return steps };
        let label = last.map_or_else(|| "Latest value".to_owned(), |last| last.period.to_string());
        steps.push(step(&label, BridgeKind::Level, now));
        steps.push(step("Not explained by a forecast", BridgeKind::Unexplained, target.value - now));
        steps.push(step(&format!("Target {}", case.period), BridgeKind::Level, target.value));
        return steps;
    };
    let mut at = middle(case.base.to_vec());
    match last {
        Some(last) => {
            steps.push(step(&last.period.to_string(), BridgeKind::Level, last.value));
            let calendar = &case.inputs.model.settings.calendar;
            let season = case.past().and_then(|facts| season(calendar, facts, case.period)).unwrap_or(0.0);
            if season != 0.0 {
                steps.push(step("Season", BridgeKind::Forecast, season));
            }
            steps.push(step("Trend", BridgeKind::Forecast, at - last.value - season));
        }
        None => steps.push(step("Forecast without the plan", BridgeKind::Level, at)),
    }
    for stage in stages {
        let next = middle(stage.values.to_vec());
        if stage.values != case.base && next != at {
            steps.push(step(stage.label, stage.kind, next - at));
            at = next;
        }
    }
    let explained =
        if case.target.set.is_some() { with.met_with(better, case.target.confidence) } else { target.value };
    let label = format!("To a chance of {}", chance(case.target.confidence));
    steps.push(step(&label, BridgeKind::Confidence, explained - at));
    if explained != target.value {
        steps.push(step("Unexplained", BridgeKind::Unexplained, target.value - explained));
    }
    steps.push(step(&format!("Target {}", case.period), BridgeKind::Level, target.value));
    steps
}

/// What the season alone makes of the last actual: the mean distance of the period's quarter from its year, less that of the
/// last actual's quarter. Needs two years; ratios where everything is positive and no share, else differences.
fn season(calendar: &Calendar, facts: &Facts, period: Period) -> Option<f64> {
    let last = facts.last?;
    let length = period.grain().season_length();
    if length < 2 || facts.quarters.len() < 2 * length {
        return None;
    }
    let share = facts.series.nature == quarterdeck_forecast::Nature::Share;
    let by_ratio = !share && facts.quarters.iter().all(|actual| actual.value > 0.0);
    let index = |number: u32| {
        let distances = facts.quarters.iter().filter(|actual| actual.period.number() == number).filter_map(|actual| {
            let around = centred(calendar, facts, actual.period, length as i64)?;
            Some(if by_ratio { actual.value / around } else { actual.value - around })
        });
        let distances: Vec<f64> = distances.collect();
        let recent = distances.get(distances.len().saturating_sub(5)..)?;
        (!recent.is_empty()).then(|| recent.iter().sum::<f64>() / recent.len() as f64)
    };
    let (to, from) = (index(period.number())?, index(last.period.number())?);
    let step = if by_ratio { last.value * (to / from - 1.0) } else { to - from };
    step.is_finite().then_some(step)
}

/// The mean of the year around a window: half of the first and the last of `length + 1` windows.
fn centred(calendar: &Calendar, facts: &Facts, period: Period, length: i64) -> Option<f64> {
    let half = length / 2;
    let mut sum = 0.0;
    for offset in -half..=half {
        let weight = if offset.abs() == half { 0.5 } else { 1.0 };
        sum += weight * facts.at(calendar.shift(period, offset))?;
    }
    Some(sum / length as f64)
}
