//! What somebody would have said who knows nothing but last year's quarter: the yardstick of every score.
//!
//! Its distribution of a quarter is the same quarter of last year plus each change from one year to the next seen so far:
//! S + d, d = Q_t − Q_{t−4}. With fewer than four such changes it is the latest quarter plus each change between neighbouring
//! quarters. Draws outside the metric's bounds lie on them. The chance it gives a target is the share of these that meet it, moved off 0 and 1 as Laplace
//! would, (k + ½) / (n + 1): with four past changes nobody can say "never".

use crate::offer::hit;
use crate::proposal::Actual;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_lang::model::Better;

/// The fewest changes from year to year it goes by.
const YEARS: usize = 4;

/// The naive distribution of a period's number.
#[derive(Clone, Debug, PartialEq)]
pub struct Naive {
    /// Its draws, in ascending order: one at least.
    draws: Vec<f64>,
    /// The mean size of the changes it is made of: the metric's own scale.
    pub scale: f64,
}

impl Naive {
    /// From the complete periods before one, inside a metric's bounds; `None` where there is not a single change.
    pub fn new(
        past: &[Actual],
        period: Period,
        calendar: &Calendar,
        bounds: (Option<f64>, Option<f64>),
    ) -> Option<Naive> {
        let at = |wanted: Period| past.iter().find(|actual| actual.period == wanted).map(|actual| actual.value);
        let changes = |back: &dyn Fn(Period) -> Period| -> Vec<f64> {
            past.iter().filter_map(|actual| Some(actual.value - at(back(actual.period))?)).collect()
        };
        let year = |period: Period| calendar.year_before(period);
        let before = |period: Period| calendar.shift(period, -1);
        let yearly = Some(changes(&year)).filter(|changes| changes.len() >= YEARS);
        let yearly = at(year(period)).zip(yearly).and_then(|(base, changes)| Naive::around(base, &changes, bounds));
        let latest = past.iter().filter(|actual| actual.period < period).max_by_key(|actual| actual.period);
        yearly.or_else(|| Naive::around(latest?.value, &changes(&before), bounds))
    }

    fn around(base: f64, changes: &[f64], (low, high): (Option<f64>, Option<f64>)) -> Option<Naive> {
        let draw = |change: &f64| {
            let draw = low.map_or(base + change, |low| (base + change).max(low));
            high.map_or(draw, |high| draw.min(high))
        };
        let draws = sorted(&changes.iter().map(draw).collect::<Vec<_>>());
        let scale = changes.iter().map(|change| change.abs()).sum::<f64>() / changes.len().max(1) as f64;
        (!draws.is_empty() && draws.iter().all(|draw| draw.is_finite())).then_some(Naive { draws, scale })
    }

    /// The chance it gives a target.
    pub fn chance(&self, better: Better, target: f64) -> f64 {
        let met = self.draws.iter().filter(|draw| hit(better, target, **draw)).count();
        (met as f64 + 0.5) / (self.draws.len() as f64 + 1.0)
    }

    /// A percentile.
    pub fn at(&self, level: f64) -> f64 {
        quantile_sorted(&self.draws, level).unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Naive;
    use crate::proposal::Actual;
    use quarterdeck_calendar::{Calendar, Grain, Period};
    use quarterdeck_lang::model::Better;

    const NONE: (Option<f64>, Option<f64>) = (None, None);

    fn past(values: &[f64]) -> Vec<Actual> {
        let first = Period::new(Grain::Quarter, 2024, 1);
        let period = |at: usize| Calendar::default().shift(first, at as i64);
        values.iter().enumerate().map(|(at, value)| Actual { period: period(at), value: *value }).collect()
    }

    #[test]
    fn last_year_plus_what_years_change_by() {
        // Two years of quarters; 2026-Q1 was 120 in 2025-Q1. Changes: 20, 10, 30, 20.
        let past = past(&[100.0, 110.0, 100.0, 130.0, 120.0, 120.0, 130.0, 150.0]);
        let naive = Naive::new(&past, Period::new(Grain::Quarter, 2026, 1), &Calendar::default(), NONE).unwrap();
        // 130, 140, 140, 150. At least 140: (3 + ½)/(4 + 1) = 0.7; at least 151: 0.1; at most 130: 0.3.
        assert!((naive.chance(Better::Higher, 140.0) - 0.7).abs() < 1e-12);
        assert!((naive.chance(Better::Higher, 151.0) - 0.1).abs() < 1e-12);
        assert!((naive.chance(Better::Lower, 130.0) - 0.3).abs() < 1e-12);
        assert!((naive.chance(Better::Between(135.0, 145.0), 140.0) - 0.5).abs() < 1e-12);
        assert_eq!((naive.at(0.5), naive.scale), (140.0, 20.0));
    }

    #[test]
    fn a_short_past_goes_on_from_the_latest_quarter() {
        // No quarter is a year older than another: 105 plus 10 and −5.
        let past = past(&[100.0, 110.0, 105.0]);
        let naive = Naive::new(&past, Period::new(Grain::Quarter, 2024, 4), &Calendar::default(), NONE).unwrap();
        assert_eq!((naive.at(0.0), naive.at(1.0), naive.scale), (100.0, 115.0, 7.5));
        // Five quarters have one yearly change, which tells nothing: 10, −5, −95 and 20 around 30, never below 0.
        let five = self::past(&[100.0, 110.0, 105.0, 10.0, 30.0]);
        let naive =
            Naive::new(&five, Period::new(Grain::Quarter, 2025, 2), &Calendar::default(), (Some(0.0), None)).unwrap();
        assert_eq!((naive.at(0.0), naive.at(1.0), naive.scale), (0.0, 50.0, 32.5));
        assert_eq!(Naive::new(&past[..1], Period::new(Grain::Quarter, 2024, 2), &Calendar::default(), NONE), None);
        assert_eq!(Naive::new(&[], Period::new(Grain::Quarter, 2024, 2), &Calendar::default(), NONE), None);
    }
}
