//! The earliest day on which we will know, and the rule for that day.
//!
//! After each step of the period the number so far says something about the rest: on the paths, the period's number is
//! regressed on the number so far, and what the line leaves open gives each path its chance of meeting the target. We know
//! when at least four paths of five have a chance under 10 % or over 90 %.

use crate::effect::Profile;
use crate::guard::Shift;
use crate::method::Case;
use crate::wording::level;
use chrono::NaiveDate;
use quarterdeck_forecast::{Forecast, Nature, Roll};
use quarterdeck_lang::model::Better;

/// Paths that are looked at.
const LOOKED_AT: usize = 2_000;
/// How sure is sure.
const SURE: f64 = 0.9;
/// Of how many paths we must be sure.
const MOST: f64 = 0.8;
/// Days between looks for daily metrics.
const EVERY: usize = 7;

/// When we will know, and what then.
pub struct Known {
    /// The day.
    pub by: NaiveDate,
    /// The rule.
    pub rule: String,
}

/// The day and the rule for a target met by `after`, the number with everything on every path.
pub fn known(case: &Case<'_>, better: Better, target: f64, after: &[f64]) -> Known {
    let end = case.window.1;
    let found = case.outlook.get(case.name).and_then(|forecast| search(case, forecast, better, target, after));
    let end = arrives(case, end);
    found.unwrap_or_else(|| Known {
        by: end,
        rule: format!("Nothing before {end}, when the period ends, tells whether the target is met."),
    })
}

/// The day by whose end the rows up to a day are there: that day, or later where a source says that its rows arrive later.
fn arrives(case: &Case<'_>, day: NaiveDate) -> NaiveDate {
    let model = case.inputs.model;
    let sources = model.sources_of(case.name).into_iter().filter_map(|name| model.sources.get(name));
    let arrivals = sources.filter_map(|source| source.export.arrives);
    arrivals.map(|arrives| arrives.known_on(&model.settings.calendar, day)).max().map_or(day, |known| known.max(day))
}

fn search(case: &Case<'_>, forecast: &Forecast, better: Better, target: f64, after: &[f64]) -> Option<Known> {
    let calendar = &case.inputs.model.settings.calendar;
    let facts = case.past()?;
    let (from, to) = case.window;
    let inside: Vec<(usize, NaiveDate)> = forecast
        .steps
        .iter()
        .enumerate()
        .map(|(place, step)| (place, calendar.ends(*step)))
        .filter(|(_, ends)| (from..=to).contains(ends))
        .collect();
    let every = (after.len() / LOOKED_AT).max(1);
    let paths: Vec<usize> = (0..after.len()).step_by(every).collect();
    let finals: Vec<f64> = paths.iter().filter_map(|path| after.get(*path)).copied().collect();
    let shift =
        Shift { share: facts.series.nature == Nature::Share, before: case.base, after, per_window: facts.per_window };
    let node = case.world.place(case.name)?;
    let profile = Profile::of(case.inputs, case.period, case.world, case.alone, node);
    let stride = if inside.len() > 40 { EVERY } else { 1 };
    let mut sums = vec![0.0; paths.len()];
    for (at, (place, ends)) in inside.iter().enumerate() {
        let part = forecast.steps.get(*place).map_or(1.0, |step| profile.at(calendar.starts(*step), *ends));
        let values: Vec<f64> = paths
            .iter()
            .map(|path| {
                let value = forecast.paths.row(*path).and_then(|row| row.get(*place)).copied().unwrap_or(0.0);
                shift.of(*path, value, part)
            })
            .collect();
        sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
        if (at + 1) % stride != 0 && at + 1 < inside.len() {
            continue;
        }
        let count = (at + 1) as f64;
        let so_far: Vec<f64> = match facts.series.roll {
            Roll::Last | Roll::AverageOfLast { .. } => values,
            _ => sums.iter().map(|sum| sum / count).collect(),
        };
        if let Some(line) = Line::through(&so_far, &finals).filter(|line| line.is_sure(&so_far, better, target)) {
            let by = arrives(case, *ends);
            return Some(Known { by, rule: rule(case, &line, better, target, by) });
        }
    }
    None
}

/// The regression of the period's number on the number so far.
struct Line {
    slope: f64,
    offset: f64,
    /// What it leaves open, in ascending order.
    left: Vec<f64>,
}

impl Line {
    fn through(x: &[f64], y: &[f64]) -> Option<Line> {
        let n = x.len().min(y.len()) as f64;
        if n < 20.0 {
            return None;
        }
        let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let sxx: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
        let sxy: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
        let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
        let offset = my - slope * mx;
        let mut left: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - offset - slope * x).collect();
        left.sort_by(f64::total_cmp);
        (slope.is_finite() && offset.is_finite()).then_some(Line { slope, offset, left })
    }

    /// The chance of meeting the target given the number so far.
    fn chance(&self, so_far: f64, better: Better, target: f64) -> f64 {
        let middle = self.offset + self.slope * so_far;
        let n = self.left.len() as f64;
        let from = |value: f64| (self.left.len() - self.left.partition_point(|left| middle + left < value)) as f64 / n;
        let upto = |value: f64| self.left.partition_point(|left| middle + left <= value) as f64 / n;
        match better {
            Better::Higher => from(target),
            Better::Lower => upto(target),
            Better::Between(low, high) => (upto(high) - (1.0 - from(low))).max(0.0),
        }
    }

    fn is_sure(&self, so_far: &[f64], better: Better, target: f64) -> bool {
        let sure = so_far.iter().filter(|so_far| {
            let p = self.chance(**so_far, better, target);
            p <= 1.0 - SURE || p >= SURE
        });
        sure.count() as f64 >= MOST * so_far.len() as f64
    }

    /// The number so far at which a target is met with a chance: where the open part's percentile ends on it.
    fn at(&self, better: Better, target: f64, chance: f64) -> Option<f64> {
        let p = if better == Better::Lower { chance } else { 1.0 - chance };
        let left = quarterdeck_forecast::distribution::quantile_sorted(&self.left, p)?;
        let value = (target - left - self.offset) / self.slope;
        (value.is_finite() && self.slope > 0.0).then_some(value)
    }
}

fn rule(case: &Case<'_>, line: &Line, better: Better, target: f64, by: NaiveDate) -> String {
    let ends = line.at(better, target, 1.0 - SURE).zip(line.at(better, target, SURE));
    let reading = match case.past().map(|facts| facts.series.roll) {
        Some(Roll::Last | Roll::AverageOfLast { .. }) => "the latest".to_owned(),
        _ => format!("the mean {} so far", case.metric.grain),
    };
    let unit = &case.metric.unit;
    // After its last day nothing can be amended any more.
    let over = by >= case.window.1;
    match (better, ends) {
        (Better::Higher | Better::Lower, Some((lost, won))) => {
            let (worse, good) = if better == Better::Lower { ("above", "below") } else { ("below", "above") };
            if level(lost, unit) == level(won, unit) {
                let at = level(lost, unit);
                if over {
                    return format!(
                        "On {by}, when it is over: with {reading} {worse} {at} the target is missed; {good} it is met."
                    );
                }
                return format!(
                    "On {by}: with {reading} {worse} {at} the target is missed, and amended or dropped that week; {good} it is met."
                );
            }
            if over {
                return format!(
                    "On {by}, when it is over: with {reading} {worse} {} the chance is under 10 %; {good} {} it is over 90 %.",
                    level(lost, unit),
                    level(won, unit)
                );
            }
            format!(
                "On {by}: with {reading} {worse} {} the chance is under 10 %, and the target is amended or dropped that week; {good} {} it is over 90 %.",
                level(lost, unit),
                level(won, unit)
            )
        }
        _ => format!("On {by} four of five ways the period can go have shown whether the target is met."),
    }
}

#[cfg(test)]
#[path = "known/tests.rs"]
mod tests;
