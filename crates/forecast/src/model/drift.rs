//! Drift: the last value without its season, carried on along the mean slope of the whole history.
//!
//! ŷ(n+h) = a(n) + h·(a(n) − a(1))/(n − 1) + s(n+h), with a the seasonally adjusted values and s the season. Errors add
//! up as a random walk, and the slope itself is uncertain by σ/√(n − 1). Hyndman & Athanasopoulos (2021),
//! "Forecasting: Principles and Practice", 3rd edition, section 5.2.

use super::{EXTRA, Fitted, Model, spread};
use crate::decompose::Sample;

/// The model; it has no settings.
pub struct Drift;

struct State {
    sample: Sample,
    last: f64,
    slope: f64,
    slope_spread: f64,
    spread: f64,
}

impl Model for Drift {
    fn name(&self) -> &'static str {
        "drift"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let adjusted = sample.adjusted();
        let (first, last) = (*adjusted.first()?, *adjusted.last()?);
        let steps = adjusted.len().checked_sub(1).filter(|steps| *steps > 0)?;
        // Two points are no evidence of a slope; with few the slope counts for less than it shows.
        let trusted = (steps as f64 - 1.0) / (steps as f64 + 1.0);
        let slope = trusted * (last - first) / steps as f64;
        let errors: Vec<f64> =
            adjusted.iter().zip(adjusted.iter().skip(1)).map(|(before, after)| after - before - slope).collect();
        let spread = spread(&errors, usize::from(steps > 1));
        let slope_spread = spread / (steps as f64).sqrt();
        Some(Box::new(State { sample: sample.clone(), last, slope, slope_spread, spread }))
    }
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let slope = self.slope + self.slope_spread * shocks[1];
        let mut level = self.last;
        for (step, value) in future.iter_mut().enumerate() {
            level += slope + self.spread * shocks[EXTRA + step];
            *value = level + self.sample.seasonal(self.sample.len() + step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Drift;
    use crate::decompose::Sample;
    use crate::model::{Model, point};

    #[test]
    fn carries_on_along_the_mean_slope() {
        // From 0 to 9 in nine steps of 1, trusted at 8/10.
        let sample = Sample::new((0..10).map(f64::from).collect(), 1);
        let forecast = point(&*Drift.fit(&sample).unwrap(), 2);
        assert!((forecast[0] - 9.8).abs() < 1e-12 && (forecast[1] - 10.6).abs() < 1e-12, "{forecast:?}");
    }
}
