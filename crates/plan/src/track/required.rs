//! What the rest of the period must be for the target to be met, and how often that was so before.
//!
//! A total or an average needs so much a week (a month, where that is the metric's grain) from the first day not covered on;
//! a share needs to be so high over the rest, if its denominators go on as they were; a number read at the end needs to change
//! by so much a week. It is compared with every past week, and with every past stretch as long as the rest: a good week is
//! easier than two good months.

use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain};
use quarterdeck_forecast::{Nature, Roll, Series};
use quarterdeck_lang::model::{Better, Length};
use schemars::JsonSchema;
use serde::Serialize;

/// What a required number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// So much in each step.
    Rate,
    /// So high in each step.
    Level,
    /// A change from step to step.
    Change,
}

/// What the rest of the period must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Required {
    /// What the number is.
    pub kind: Kind,
    /// Of which steps: weeks, months or quarters.
    pub per: Grain,
    /// The number, at least (at most, where less is better).
    pub needed: f64,
    /// The same of the period so far.
    pub so_far: Option<f64>,
    /// How many such steps are left, rounded, one at least.
    pub steps: usize,
    /// How many past steps there are.
    pub n: usize,
    /// How many of them reached it.
    pub reached: usize,
    /// Share of past steps that are easier than it: its percentile among them.
    pub percentile: Option<f64>,
    /// How many past stretches of as many steps there are.
    pub stretches: usize,
    /// How many of them reached it on average.
    pub stretches_reached: usize,
}

/// A period of which a part is covered.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Its first and last day.
    pub window: (NaiveDate, NaiveDate),
    /// The last day covered; the day before its first where nothing is.
    pub through: NaiveDate,
    /// Its number so far; `None` where nothing is covered.
    pub so_far: Option<f64>,
}

/// What the rest of a period must be; `None` where nothing is left, and for numbers that no rest decides (a smallest, a range).
pub fn required(
    series: &Series,
    calendar: &Calendar,
    covered: &Covered,
    better: Better,
    target: f64,
) -> Option<Required> {
    if matches!(better, Better::Between(..)) {
        return None;
    }
    let days = |from: NaiveDate, to: NaiveDate| ((to - from).num_days() + 1).max(0) as f64;
    let all = days(covered.window.0, covered.window.1);
    let done = days(covered.window.0, covered.through).min(all);
    let left = all - done;
    if left < 1.0 {
        return None;
    }
    // Days are read by the week.
    let per = series.grain.max(Grain::Week);
    let step = Length::Grains(1, per).days();
    let steps = (libm::round(left / step) as usize).max(1);
    let so_far = covered.so_far.filter(|_| done > 0.0);
    let share = |so_far: Option<f64>| (target * all - so_far.unwrap_or(0.0) * done) / left;
    let (kind, needed, so_far) = match series.roll {
        Roll::Total => {
            let needed = (target - so_far.unwrap_or(0.0)) / left * step;
            (Kind::Rate, needed, so_far.map(|so_far| so_far / done * step))
        }
        Roll::Average(grain) if series.nature == Nature::Flow => {
            let times = step / Length::Grains(1, grain).days();
            (Kind::Rate, share(so_far) * times, so_far.map(|so_far| so_far * times))
        }
        Roll::Average(_) | Roll::Weighted | Roll::Link | Roll::Distinct => (Kind::Level, share(so_far), so_far),
        Roll::Last => {
            let latest = series.values.iter().rev().flatten().next().copied()?;
            (Kind::Change, (target - latest) / steps as f64, None)
        }
        Roll::AverageOfLast { .. } | Roll::Min | Roll::Max => return None,
    };
    let past = past(series, calendar, per, kind);
    let reaches = |value: &f64| if better == Better::Lower { *value <= needed } else { *value >= needed };
    let reached = past.iter().filter(|value| reaches(value)).count();
    let stretches: Vec<f64> = past.windows(steps).map(|stretch| stretch.iter().sum::<f64>() / steps as f64).collect();
    needed.is_finite().then_some(Required {
        kind,
        per,
        needed,
        so_far,
        steps,
        n: past.len(),
        reached,
        percentile: (!past.is_empty()).then(|| 1.0 - reached as f64 / past.len() as f64),
        stretches: stretches.len(),
        stretches_reached: stretches.iter().filter(|value| reaches(value)).count(),
    })
}

/// Past steps, oldest first, without gaps: days in whole weeks from the latest back, flows brought to a step's mean length.
fn past(series: &Series, calendar: &Calendar, per: Grain, kind: Kind) -> Vec<f64> {
    let flow = series.nature == Nature::Flow;
    let step = Length::Grains(1, per).days();
    let own: Vec<Option<f64>> = series.values.iter().map(|value| value.filter(|value| value.is_finite())).collect();
    let steps: Vec<f64> = if series.grain == Grain::Day && per == Grain::Week {
        let skip = own.len() % 7;
        let week = |days: &[Option<f64>]| {
            let sum = days.iter().copied().sum::<Option<f64>>()?;
            Some(if flow { sum } else { sum / 7.0 })
        };
        own.get(skip..).unwrap_or_default().chunks_exact(7).filter_map(week).collect()
    } else {
        let scaled = |(at, value): (usize, &Option<f64>)| {
            let length = f64::from(calendar.days(calendar.shift(series.start, at as i64))).max(1.0);
            value.map(|value| if flow && series.grain > Grain::Week { value / length * step } else { value })
        };
        own.iter().enumerate().filter_map(scaled).collect()
    };
    if kind == Kind::Change {
        steps.windows(2).map(|pair| pair.iter().rev().copied().reduce(|b, a| b - a).unwrap_or(0.0)).collect()
    } else {
        steps
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Covered, Kind, required};
    use crate::fixture::{date, period};
    use quarterdeck_calendar::{Calendar, Grain};
    use quarterdeck_forecast::{Bounds, Nature, Roll, Series};
    use quarterdeck_lang::model::Better;

    fn weekly(nature: Nature, roll: Roll, values: impl IntoIterator<Item = f64>) -> Series {
        Series {
            name: "orders".into(),
            grain: Grain::Week,
            start: period("2025-W01"),
            values: values.into_iter().map(Some).collect(),
            partial: None,
            weights: Vec::new(),
            nature,
            roll,
            bounds: Bounds::default(),
            quarters: Vec::new(),
            breaks: Vec::new(),
            events: Vec::new(),
            cap: None,
        }
    }

    fn covered(through: &str, so_far: Option<f64>) -> Covered {
        // 2027-Q1 has 90 days.
        Covered { window: (date("2027-01-01"), date("2027-03-31")), through: date(through), so_far }
    }

    #[test]
    fn a_total_needs_so_much_a_week() {
        // 13,000 in 90 days; 4,100 after 34 of them. 8,900 remain in 56 days: 1,112.5 a week, over eight weeks. So far
        // 4,100 / 34 · 7 = 844.1 a week. Of twenty past weeks, 1,010, 1,020 … 1,200, the last nine reach it; of their
        // thirteen stretches of eight, means 1,045 … 1,165, those from 1,115 on: six.
        let series = weekly(Nature::Flow, Roll::Total, (1..=20).map(|week| 1_000.0 + 10.0 * f64::from(week)));
        let found =
            required(&series, &Calendar::default(), &covered("2027-02-03", Some(4_100.0)), Better::Higher, 13_000.0)
                .unwrap();
        assert_eq!((found.kind, found.per, found.steps), (Kind::Rate, Grain::Week, 8));
        assert!((found.needed - 1_112.5).abs() < 1e-9 && (found.so_far.unwrap() - 844.117_647).abs() < 1e-6);
        assert_eq!((found.n, found.reached, found.stretches, found.stretches_reached), (20, 9, 13, 6));
        assert!((found.percentile.unwrap() - 0.55).abs() < 1e-12);
    }

    #[test]
    fn an_average_week_and_a_share_are_weighed_by_days() {
        // An average week of 1,000 over 90 days; 900 over the first 30: (90·1,000 − 30·900)/60 = 1,050 for the rest.
        let series = weekly(Nature::Flow, Roll::Average(Grain::Week), [1_000.0, 1_060.0, 1_040.0]);
        let found =
            required(&series, &Calendar::default(), &covered("2027-01-30", Some(900.0)), Better::Higher, 1_000.0)
                .unwrap();
        assert!((found.needed - 1_050.0).abs() < 1e-9);
        assert_eq!((found.reached, found.stretches), (1, 0));
        // The same of a share where less is better: 5 % so far at a target of 4 % leaves 3.5 %.
        let series = weekly(Nature::Share, Roll::Weighted, [0.03, 0.05, 0.04]);
        let found =
            required(&series, &Calendar::default(), &covered("2027-01-30", Some(0.05)), Better::Lower, 0.04).unwrap();
        assert!((found.needed - 0.035).abs() < 1e-12);
        assert_eq!((found.kind, found.reached), (Kind::Level, 1));
    }

    #[test]
    fn a_number_read_at_the_end_needs_a_change() {
        // From 130 to 200 in eight weeks: 8.75 a week. Past changes 10, 5 and 15.
        let series = weekly(Nature::Level, Roll::Last, [100.0, 110.0, 115.0, 130.0]);
        let found = required(&series, &Calendar::default(), &covered("2027-02-03", Some(130.0)), Better::Higher, 200.0)
            .unwrap();
        assert!((found.needed - 8.75).abs() < 1e-12);
        assert_eq!((found.kind, found.n, found.reached), (Kind::Change, 3, 2));
    }

    #[test]
    fn before_and_after_the_period() {
        let series = weekly(Nature::Flow, Roll::Total, [100.0; 9]);
        // Nothing covered: everything in 90 days.
        let found =
            required(&series, &Calendar::default(), &covered("2026-12-20", None), Better::Higher, 900.0).unwrap();
        assert!((found.needed - 70.0).abs() < 1e-9 && found.so_far.is_none());
        assert_eq!(
            required(&series, &Calendar::default(), &covered("2027-03-31", Some(1.0)), Better::Higher, 900.0),
            None
        );
        let range = Better::Between(1.0, 2.0);
        assert_eq!(required(&series, &Calendar::default(), &covered("2027-02-03", Some(1.0)), range, 1.5), None);
    }
}
