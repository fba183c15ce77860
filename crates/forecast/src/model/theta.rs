//! Theta: half the long-run line, half simple smoothing, with the mix and the line itself learning as they go.
//!
//! The dynamic optimised theta model of Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), "Models for
//! optimising the theta method and their relationship to state space models", International Journal of Forecasting 32,
//! on seasonally adjusted values:
//!
//! μ(t) = l(t−1) + (1 − 1/θ)·((1−α)^(t−1)·A(t−1) + (1 − (1−α)^t)/α·B(t−1)); l(t) = α·y(t) + (1−α)·l(t−1)
//!
//! where A and B are intercept and slope of the line through all values so far. α from 0.1 to 0.99, θ from 2 to 8,
//! l(0) free. θ = 2 is the method of Assimakopoulos & Nikolopoulos (2000).

use super::{EXTRA, Fitted, Model, spread};
use crate::decompose::Sample;
use crate::search::{Range, minimise};

/// The model; it has no settings.
pub struct Theta;

/// Everything the recursion carries.
#[derive(Clone, Copy, Debug)]
struct State {
    level: f64,
    mean: f64,
    intercept: f64,
    slope: f64,
    /// (1 − α)^(t−1) for the coming step t.
    fade: f64,
    /// Values seen.
    seen: f64,
}

struct Fit {
    sample: Sample,
    state: State,
    alpha: f64,
    theta: f64,
    spread: f64,
}

impl Model for Theta {
    fn name(&self) -> &'static str {
        "theta"
    }

    fn prior(&self) -> f64 {
        0.8
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if sample.len() < 4 {
            return None;
        }
        let values = sample.adjusted();
        let first = values[0];
        let reach = values.iter().take(10).map(|value| (value - first).abs()).fold(0.0, f64::max).max(1e-12);
        let ranges = [
            Range { low: 0.1, high: 0.99, start: 0.5 },
            Range { low: 2.0, high: 8.0, start: 2.0 },
            Range { low: -2.0, high: 2.0, start: 0.0 },
        ];
        let start = |point: &[f64]| State {
            level: first + reach * point[2],
            mean: 0.0,
            intercept: 0.0,
            slope: 0.0,
            fade: 1.0,
            seen: 0.0,
        };
        // The recursion starts from zero lines, so values are taken relative to the first one.
        let relative: Vec<f64> = values.iter().map(|value| value - first).collect();
        let origin = |point: &[f64]| State { level: reach * point[2], ..start(point) };
        let (found, _) = minimise(&ranges, 200, |point| {
            let mut state = origin(point);
            relative.iter().map(|value| state.observe(*value, point[0], point[1])).map(|error| error * error).sum()
        });
        let mut state = origin(&found);
        let errors: Vec<f64> = relative.iter().map(|value| state.observe(*value, found[0], found[1])).collect();
        let spread = spread(errors.get(1..)?, 3.min(errors.len() / 3));
        let fitted = Fit { sample: sample.clone(), state, alpha: found[0], theta: found[1], spread };
        Some(Box::new(fitted))
    }
}

impl State {
    /// The mean of the coming value.
    fn expect(&self, alpha: f64, theta: f64) -> f64 {
        let next = self.fade * (1.0 - alpha);
        self.level + (1.0 - 1.0 / theta) * (self.fade * self.intercept + (1.0 - next) / alpha * self.slope)
    }

    /// Takes a value in; its error.
    fn observe(&mut self, value: f64, alpha: f64, theta: f64) -> f64 {
        let error = value - self.expect(alpha, theta);
        self.level = alpha * value + (1.0 - alpha) * self.level;
        let t = self.seen + 1.0;
        if self.seen > 0.0 {
            self.slope = ((t - 2.0) * self.slope + 6.0 * (value - self.mean) / t) / (t + 1.0);
        }
        self.mean = ((t - 1.0) * self.mean + value) / t;
        self.intercept = self.mean - self.slope * (t + 1.0) / 2.0;
        self.fade *= 1.0 - alpha;
        self.seen = t;
        error
    }
}

impl Fitted for Fit {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let first = self.sample.z[0];
        let mut state = self.state;
        for (step, value) in future.iter_mut().enumerate() {
            let drawn = state.expect(self.alpha, self.theta) + self.spread * shocks[EXTRA + step];
            state.observe(drawn, self.alpha, self.theta);
            *value = drawn + first - self.sample.seasonal(0) + self.sample.seasonal(self.sample.len() + step);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{State, Theta};
    use crate::decompose::Sample;
    use crate::model::reference::{agree, number, numbers, python};
    use crate::model::{Model, point};

    #[test]
    fn follows_a_line_and_shrinks_its_slope() {
        let z: Vec<f64> = (0..40).map(|t| 7.0 + 2.0 * f64::from(t)).collect();
        let forecast = point(&*Theta.fit(&Sample::new(z, 1)).unwrap(), 10);
        let slope = (forecast[9] - forecast[0]) / 9.0;
        assert!(forecast[0] > 85.0 && forecast[0] < 88.0 && slope > 0.9 && slope < 2.1, "{forecast:?}");
    }

    #[test]
    fn a_constant_stays() {
        let forecast = point(&*Theta.fit(&Sample::new(vec![3.0; 12], 4)).unwrap(), 5);
        assert!(forecast.iter().all(|value| (value - 3.0).abs() < 1e-9), "{forecast:?}");
    }

    /// With statsforecast's own numbers the recursion gives its errors and forecasts, to 1e-6.
    #[test]
    fn the_recursion_is_that_of_statsforecast() {
        let python = python();
        let (line, theirs) = (numbers(&python["line"]), &python["theta_line"]);
        let (alpha, theta) = (number(&theirs["alpha"]), number(&theirs["theta"]));
        let level = number(&theirs["initial_smoothed"]);
        let mut state = State { level, mean: 0.0, intercept: 0.0, slope: 0.0, fade: 1.0, seen: 0.0 };
        let errors: Vec<f64> = line.iter().map(|value| state.observe(*value, alpha, theta)).collect();
        // What it calls mse leaves out the first three errors and is over the mean size of values.
        let size = line.iter().map(|value| value.abs()).sum::<f64>() / line.len() as f64;
        let squares = errors.iter().skip(3).map(|error| error * error).sum::<f64>() / size;
        assert!((squares - number(&theirs["mse"])).abs() < 1e-6, "{squares}");
        let ahead: Vec<f64> = (0..12)
            .map(|_| {
                let mean = state.expect(alpha, theta);
                state.observe(mean, alpha, theta);
                mean
            })
            .collect();
        agree("theta", &ahead, &numbers(&theirs["forecast"]), 1e-6);
    }

    /// Ours keeps θ at 8 or less (there it is 11.3) and takes values relative to the first, so its forecasts differ a little.
    #[test]
    fn forecasts_are_near_those_of_statsforecast() {
        let python = python();
        let ours = point(&*Theta.fit(&Sample::new(numbers(&python["line"]), 1)).unwrap(), 12);
        agree("theta", &ours, &numbers(&python["theta_line"]["forecast"]), 1.5);
    }
}
