//! Growth towards a known cap: curves fitted to logit(y / cap), for series whose ceiling is given.
//!
//! A cap fitted freely to early data is worthless, so every curve here takes the cap as given and finds only pace and
//! timing. What the curve misses at the end of the history is carried on, and the future strays from it by noise that
//! passes and by steps that stay, as measured on the past.

pub mod bass;
pub mod gompertz;
pub mod logistic;

use super::{EXTRA, Fitted, Walk, noise_and_steps};
use crate::decompose::Sample;
use crate::regress::least_squares;

/// A curve on the logit scale by step, counted from the first value.
type Curve = Box<dyn Fn(f64) -> f64 + Send + Sync>;

struct Grown {
    sample: Sample,
    curve: Curve,
    /// What the last values lie above the curve.
    above: f64,
    errors: Walk,
}

/// A fitted curve with the way the history strays from it.
fn grown(sample: &Sample, curve: Curve) -> Option<Box<dyn Fitted>> {
    let adjusted = sample.adjusted();
    let misses: Vec<f64> = adjusted.iter().enumerate().map(|(t, value)| value - curve(t as f64)).collect();
    if misses.iter().any(|miss| !miss.is_finite()) {
        return None;
    }
    let (noise, steps) = noise_and_steps(&misses, 0.0, sample.season.max(4));
    let late = misses.get(misses.len().saturating_sub(3)..)?;
    let above = late.iter().sum::<f64>() / late.len().max(1) as f64;
    Some(Box::new(Grown { sample: sample.clone(), curve, above, errors: Walk::new(noise, steps) }))
}

impl Fitted for Grown {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        // A mean of three still holds some of their noise.
        let mut strayed = self.above + self.errors.last() / f64::sqrt(3.0) * shocks[0];
        for (step, value) in future.iter_mut().enumerate() {
            let error = self.errors.spread * shocks[EXTRA + step];
            let t = self.sample.len() + step;
            *value = (self.curve)(t as f64) + strayed + error + self.sample.seasonal(t);
            strayed += self.errors.gain * error;
        }
    }
}

/// Intercept and slope of a line through values, the later half of the history counting most.
fn late_line(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    if n < 6 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let weight = |t: usize| libm::exp2(-2.0 * (n - 1 - t) as f64 / n as f64);
    let ones: Vec<f64> = (0..n).map(weight).collect();
    let time: Vec<f64> = (0..n).map(|t| weight(t) * t as f64).collect();
    let target: Vec<f64> = values.iter().enumerate().map(|(t, value)| weight(t) * value).collect();
    match least_squares(&[ones, time], &target)?.as_slice() {
        [intercept, slope] => Some((*intercept, *slope)),
        _ => None,
    }
}

/// The share of the cap at a point of the logit scale.
fn share(z: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-z.clamp(-30.0, 30.0)))
}

/// The point of the logit scale of a share.
fn logit(share: f64) -> f64 {
    let held = share.clamp(1e-12, 1.0 - 1e-12);
    libm::log(held / (1.0 - held))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::logit;
    use crate::decompose::Sample;
    use crate::model::{Model, point};

    /// Each curve continues itself from 24 of its points to the next 12.
    fn continues(model: &dyn Model, truth: impl Fn(f64) -> f64) {
        let z: Vec<f64> = (0..24).map(|t| logit(truth(f64::from(t)))).collect();
        let forecast = point(&*model.fit(&Sample::new(z, 1)).unwrap(), 12);
        for (step, value) in forecast.iter().enumerate() {
            let expected = truth((24 + step) as f64);
            assert!((super::share(*value) - expected).abs() < 0.01, "{} step {step}", model.name());
        }
    }

    #[test]
    fn curves_continue_themselves() {
        continues(&super::logistic::Logistic, |t| 1.0 / (1.0 + libm::exp(-0.2 * (t - 20.0))));
        continues(&super::gompertz::Gompertz, |t| libm::exp(-4.0 * libm::exp(-0.08 * t)));
        continues(&super::bass::Bass, |t| {
            let fade = libm::exp(-(0.01 + 0.2) * (t + 1.0));
            (1.0 - fade) / (1.0 + 20.0 * fade)
        });
    }
}
