//! Drift: the last value without its season, carried on along the mean slope of the whole history.
//!
//! ŷ(n+h) = a(n) + h·(a(n) − a(1))/(n − 1) + s(n+h), with a the seasonally adjusted values and s the season. Errors are
//! noise that passes and a random walk, and the slope itself is uncertain by the walk's σ/√(n − 1). Hyndman & Athanasopoulos (2021),
//! "Forecasting: Principles and Practice", 3rd edition, section 5.2.

use super::{EXTRA, Fitted, Model, Walk, noise_and_steps};
use crate::decompose::Sample;

/// The model; it has no settings.
pub struct Drift;

struct State {
    sample: Sample,
    last: f64,
    slope: f64,
    slope_spread: f64,
    errors: Walk,
}

impl Model for Drift {
    fn name(&self) -> &'static str {
        "drift"
    }

    fn prior(&self) -> f64 {
        0.2
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let adjusted = sample.adjusted();
        let (first, last) = (*adjusted.first()?, *adjusted.last()?);
        let steps = adjusted.len().checked_sub(1).filter(|steps| *steps > 0)?;
        // Two points are no evidence of a slope; with few the slope counts for less than it shows.
        let trusted = (steps as f64 - 1.0) / (steps as f64 + 1.0);
        let slope = trusted * (last - first) / steps as f64;
        let (noise, lasting) = noise_and_steps(&adjusted, slope, sample.season.max(4));
        let slope_spread = lasting / (steps as f64).sqrt();
        Some(Box::new(State { sample: sample.clone(), last, slope, slope_spread, errors: Walk::new(noise, lasting) }))
    }
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let slope = self.slope + self.slope_spread * shocks[1];
        // The last value is off the level by noise of its own, which all steps inherit.
        let mut level = self.last + self.errors.last() * shocks[0];
        for (step, value) in future.iter_mut().enumerate() {
            let error = self.errors.spread * shocks[EXTRA + step];
            level += slope;
            *value = level + error + self.sample.seasonal(self.sample.len() + step);
            level += self.errors.gain * error;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
