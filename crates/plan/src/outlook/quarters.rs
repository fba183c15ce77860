//! Past quarters' numbers: as the source has them, or rolled up from steps where it does not say.

use crate::proposal::Actual;
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{Nature, Roll, Series};
use quarterdeck_lang::model::Length;

/// The complete windows of a grain up to a day, oldest first.
pub fn quarters(series: &Series, calendar: &Calendar, grain: Grain, as_of: NaiveDate) -> Vec<Actual> {
    let stated: Vec<Actual> = series
        .quarters
        .iter()
        .filter(|entry| entry.period.grain() == grain && entry.complete && entry.value.is_finite())
        .filter(|entry| calendar.ends(entry.period) <= as_of)
        .map(|entry| Actual { period: entry.period, value: entry.value })
        .collect();
    if !stated.is_empty() || series.values.is_empty() {
        return stated;
    }
    let first = calendar.starts(series.start);
    let end = calendar.starts(calendar.shift(series.start, series.values.len() as i64));
    let last = end.checked_sub_days(Days::new(1)).unwrap_or(end).min(as_of);
    let steps = laid_out(series, calendar);
    calendar
        .periods(grain, first, last)
        .into_iter()
        .filter(|period| calendar.starts(*period) >= first && calendar.ends(*period) <= last)
        .filter_map(|period| Some(Actual { period, value: rolled(series, calendar, &steps, period)? }))
        .collect()
}

/// One step: first day, first day after it, value, weight.
type Step = (NaiveDate, NaiveDate, Option<f64>, Option<f64>);

fn laid_out(series: &Series, calendar: &Calendar) -> Vec<Step> {
    let mut period = series.start;
    let mut from = calendar.starts(period);
    let mut steps = Vec::with_capacity(series.values.len());
    for (at, value) in series.values.iter().enumerate() {
        period = calendar.shift(period, 1);
        let to = calendar.starts(period);
        steps.push((from, to, value.filter(|value| value.is_finite()), series.weights.get(at).copied().flatten()));
        from = to;
    }
    steps
}

/// One window's number from its steps; `None` where a step is missing.
fn rolled(series: &Series, calendar: &Calendar, steps: &[Step], window: Period) -> Option<f64> {
    let (from, to) = (calendar.starts(window), calendar.ends(window).succ_opt()?);
    let days = |step: &Step| (step.1.min(to) - step.0.max(from)).num_days() as f64;
    let length = |step: &Step| (step.1 - step.0).num_days().max(1) as f64;
    let inside: Vec<&Step> = steps.iter().filter(|step| step.0 < to && step.1 > from).collect();
    let ending: Vec<f64> =
        inside.iter().filter(|step| step.1 <= to).map(|step| step.2).collect::<Option<Vec<f64>>>()?;
    let flow = series.nature == Nature::Flow;
    let total = || inside.iter().map(|step| Some(step.2? * days(step) / length(step))).sum::<Option<f64>>();
    let all = (to - from).num_days() as f64;
    let mean = || Some(inside.iter().map(|step| Some(step.2? * days(step))).sum::<Option<f64>>()? / all);
    match series.roll {
        Roll::Total => total(),
        Roll::Average(grain) if flow => Some(total()? * Length::Grains(1, grain).days() / all),
        Roll::Average(_) | Roll::Link | Roll::Distinct => mean(),
        Roll::Last => ending.last().copied(),
        Roll::AverageOfLast { count } => {
            let taken = ending.get(ending.len().saturating_sub(count as usize)..)?;
            (!taken.is_empty()).then(|| taken.iter().sum::<f64>() / taken.len() as f64)
        }
        Roll::Min => ending.into_iter().min_by(f64::total_cmp),
        Roll::Max => ending.into_iter().max_by(f64::total_cmp),
        Roll::Weighted => {
            let weight = |step: &Step| Some(step.3? * days(step) / length(step));
            let weights = inside.iter().map(|step| weight(step)).sum::<Option<f64>>()?;
            let sum = inside.iter().map(|step| Some(step.2? * weight(step)?)).sum::<Option<f64>>()?;
            (weights > 0.0).then(|| sum / weights)
        }
    }
}
