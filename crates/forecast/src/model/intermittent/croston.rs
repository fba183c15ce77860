//! Croston: sizes and the intervals between them are smoothed apart, in the version without its bias.
//!
//! z(t) as α smooths sizes, q(t) as it smooths the intervals between them, both at steps where something happened; the mean
//! forecast is (1 − α/2)·z/q, α = 0.1. Croston (1972), "Forecasting and Stock Control for Intermittent Demands", Operational
//! Research Quarterly 23; the factor by Syntetos & Boylan (2005), "The Accuracy of Intermittent Demand Estimates",
//! International Journal of Forecasting 21. It does not notice that something stopped happening: [`super::tsb`] does.

use super::{Compound, is_intermittent, smooth};
use crate::decompose::Sample;
use crate::model::{Fitted, Model};

/// The model; it has no settings.
pub struct Croston;

/// What a new size and a new interval count.
const GAIN: f64 = 0.1;

impl Model for Croston {
    fn name(&self) -> &'static str {
        "croston"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if !is_intermittent(&sample.z) {
            return None;
        }
        let sizes: Vec<f64> = sample.z.iter().copied().filter(|z| *z > 0.0).collect();
        let interval = interval(&sample.z)?;
        let memory = ((2.0 - GAIN) / GAIN).min(sizes.len() as f64) * interval;
        Some(Box::new(Compound::new((1.0 - 0.5 * GAIN) / interval, memory, &sizes, GAIN)?))
    }
}

/// The smoothed interval between steps where something happened, at least 1; the first is counted from before the first step.
fn interval(values: &[f64]) -> Option<f64> {
    let mut intervals = Vec::new();
    let mut since = 0.0;
    for value in values {
        since += 1.0;
        if *value > 0.0 {
            intervals.push(since);
            since = 0.0;
        }
    }
    Some(smooth(intervals.iter().copied(), *intervals.first()?, GAIN).max(1.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{GAIN, interval, smooth};
    use crate::model::reference::{number, numbers, python};

    #[test]
    fn intervals_are_smoothed_from_the_first() {
        // 2, then 3: 2 + 0.1·1.
        assert_eq!(interval(&[0.0, 5.0, 0.0, 0.0, 4.0, 0.0]), Some(2.1));
        assert_eq!(interval(&[0.0, 0.0]), None);
    }

    /// Sizes smoothed from the first one on, as they are there: to 1e-9.
    #[test]
    fn the_mean_is_that_of_statsforecast() {
        let rare = numbers(&python()["rare"]);
        let sizes: Vec<f64> = rare.iter().copied().filter(|value| *value > 0.0).collect();
        let mean = (1.0 - 0.5 * GAIN) * smooth(sizes.iter().copied(), sizes[0], GAIN) / interval(&rare).unwrap();
        assert!((mean - number(&python()["croston_rare"])).abs() < 1e-9, "{mean}");
    }
}
