//! How far a score could have come out otherwise: quarters drawn again with replacement.
//!
//! Claims of one quarter share its luck, so whole quarters are drawn (Efron and Tibshirani 1993, "An Introduction to the
//! Bootstrap", blocks as units). The draws come from the workspace's seed and the score's name.

use quarterdeck_calendar::Period;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::draws::Draws;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How often quarters are drawn again.
const TIMES: usize = 2_000;

/// A score and the range that eight of ten redrawn sets of quarters fall into.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Interval {
    /// The score.
    pub value: f64,
    /// 10th percentile over redrawn quarters; `None` below two quarters.
    pub low: Option<f64>,
    /// 90th percentile.
    pub high: Option<f64>,
}

/// A score of some items and its interval; `None` where it cannot be computed of them. `name` and `seed` fix the draws.
pub fn interval<T>(
    items: &[(Period, T)],
    score: impl Fn(&[&T]) -> Option<f64>,
    seed: u64,
    name: &str,
) -> Option<Interval> {
    let all: Vec<&T> = items.iter().map(|(_, item)| item).collect();
    let value = score(&all).filter(|value| value.is_finite())?;
    let mut quarters: BTreeMap<Period, Vec<&T>> = BTreeMap::new();
    for (period, item) in items {
        quarters.entry(*period).or_default().push(item);
    }
    let quarters: Vec<Vec<&T>> = quarters.into_values().collect();
    if quarters.len() < 2 {
        return Some(Interval { value, low: None, high: None });
    }
    let mut draws = Draws::named(seed, &format!("bootstrap {name}"));
    let again = |_| {
        let drawn: Vec<&T> =
            (0..quarters.len()).filter_map(|_| quarters.get(draws.below(quarters.len()))).flatten().copied().collect();
        score(&drawn).filter(|score| score.is_finite())
    };
    let scores = sorted(&(0..TIMES).filter_map(again).collect::<Vec<f64>>());
    Some(Interval { value, low: quantile_sorted(&scores, 0.1), high: quantile_sorted(&scores, 0.9) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::interval;
    use quarterdeck_calendar::{Grain, Period};

    fn mean(values: &[&f64]) -> Option<f64> {
        (!values.is_empty()).then(|| values.iter().copied().sum::<f64>() / values.len() as f64)
    }

    fn quarter(number: u32) -> Period {
        Period::new(Grain::Quarter, 2020 + number as i32 / 4, number % 4 + 1)
    }

    #[test]
    fn whole_quarters_are_drawn() {
        // Two quarters, one all 0, one all 1, of four claims each: redrawn means are 0, ½ and 1, at ¼, ½ and ¼.
        let items: Vec<(Period, f64)> = (0..8).map(|at| (quarter(at / 4), f64::from(at / 4))).collect();
        let found = interval(&items, mean, 1, "x").unwrap();
        assert_eq!((found.value, found.low, found.high), (0.5, Some(0.0), Some(1.0)));
        assert_eq!(interval(&items, mean, 1, "x"), Some(found));
        // Were claims drawn one by one, 0 and 1 would be outside: 8 draws of ½ leave 0.25 to 0.75.
    }

    #[test]
    fn the_width_is_that_of_a_mean() {
        // 40 quarters with values spread evenly over 0 to 1: the mean's spread is √(1/12/40) = 0.0456, eight of ten within 1.28 of it.
        let items: Vec<(Period, f64)> = (0..40).map(|at| (quarter(at), (f64::from(at) + 0.5) / 40.0)).collect();
        let found = interval(&items, mean, 1, "y").unwrap();
        assert!((found.low.unwrap() - (0.5 - 1.2816 * 0.0456)).abs() < 0.006, "{found:?}");
        assert!((found.high.unwrap() - (0.5 + 1.2816 * 0.0456)).abs() < 0.006, "{found:?}");
    }

    #[test]
    fn one_quarter_has_no_interval() {
        let found = interval(&[(quarter(0), 1.0), (quarter(0), 0.0)], mean, 1, "z").unwrap();
        assert_eq!((found.value, found.low, found.high), (0.5, None, None));
        assert_eq!(interval::<f64>(&[], mean, 1, "z"), None);
    }
}
