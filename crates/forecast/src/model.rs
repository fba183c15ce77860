//! The models, one file each, and the one list of them.
//!
//! A [`Model`] is fitted to a [`Sample`] and gives a [`Fitted`]: the state from which it draws futures. The simplest,
//! [`seasonal_naive`], is the template for the others.

pub mod drift;
pub mod ets;
pub mod seasonal_naive;
pub mod theta;
pub mod yearly_change;

use crate::decompose::Sample;

/// A way to forecast, before it has seen data.
pub trait Model: Sync {
    /// Its name in reports.
    fn name(&self) -> &'static str;

    /// Its part in the combination before any backtest, relative to the others' (see [`crate::combine`]).
    fn prior(&self) -> f64;

    /// Fits it; `None` where the history is too short for it.
    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>>;
}

/// A model that has seen data.
pub trait Fitted: Send + Sync {
    /// Writes one future, as long as `future`. `shocks` are standard normal draws: first [`EXTRA`] for what is uncertain
    /// about the parameters, then one a step. With shocks of zero the future is the model's point forecast.
    fn simulate(&self, shocks: &[f64], future: &mut [f64]);
}

/// How many shocks come before those of the steps.
pub const EXTRA: usize = 2;

/// The name of the yardstick every other model is measured against.
pub const YARDSTICK: &str = "seasonal_naive";

/// Every model, in the order of reports.
pub fn all() -> Vec<&'static dyn Model> {
    vec![&ets::Ets, &theta::Theta, &yearly_change::YearlyChange, &drift::Drift, &seasonal_naive::SeasonalNaive]
}

/// A fitted model's point forecast.
pub fn point(fitted: &dyn Fitted, horizon: usize) -> Vec<f64> {
    let mut future = vec![0.0; horizon];
    fitted.simulate(&vec![0.0; EXTRA + horizon], &mut future);
    future
}

/// The spread of one-step errors after fitting `parameters` of them. With few errors it is widened as the t distribution
/// would be, and never below a twentieth of the largest of them.
pub fn spread(errors: &[f64], parameters: usize) -> f64 {
    let count = errors.len();
    if count == 0 {
        return 0.0;
    }
    let squares: f64 = errors.iter().map(|error| error * error).sum();
    let freedom = count.saturating_sub(parameters).max(1) as f64;
    let largest = errors.iter().map(|error| error.abs()).fold(0.0, f64::max);
    let short = if count < 8 { (1.0 + 4.0 / count as f64).sqrt() } else { 1.0 };
    ((squares / freedom).sqrt() * short).max(0.05 * largest)
}
