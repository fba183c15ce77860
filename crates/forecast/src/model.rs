//! The models, one file each, and the one list of them.
//!
//! A [`Model`] is fitted to a [`Sample`] and gives a [`Fitted`]: the state from which it draws futures. The simplest,
//! [`seasonal_naive`], is the template for the others.

pub mod drift;
pub mod ets;
pub mod growth;
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

/// Every model, where the scale is the logit of the share of a given cap.
pub fn all_with_cap() -> Vec<&'static dyn Model> {
    let mut models = all();
    models.extend([&growth::logistic::Logistic as &dyn Model, &growth::gompertz::Gompertz, &growth::bass::Bass]);
    models
}

/// A fitted model's point forecast.
pub fn point(fitted: &dyn Fitted, horizon: usize) -> Vec<f64> {
    let mut future = vec![0.0; horizon];
    fitted.simulate(&vec![0.0; EXTRA + horizon], &mut future);
    future
}

/// The spread of one-step errors after fitting `parameters` of them. Recent errors count more (half as much every half of
/// the history), and none counts for more than five times the typical one, so that a crash years ago does not widen today's
/// forecast for ever. With few errors it is widened as the t distribution would be.
pub fn spread(errors: &[f64], parameters: usize) -> f64 {
    let count = errors.len();
    if count == 0 {
        return 0.0;
    }
    let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let typical = 1.4826 * crate::transform::median(&sizes).unwrap_or(0.0);
    // Where more than half of the errors are nothing, the median says nothing.
    let most = if typical > 0.02 * largest { 5.0 * typical } else { largest };
    let fade = libm::exp2(-1.0 / (0.5 * count as f64).clamp(1.0, 52.0));
    let (mut squares, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for size in sizes.iter().rev() {
        let held = size.min(most);
        squares += weight * held * held;
        weights += weight;
        weight *= fade;
    }
    let freedom = count.saturating_sub(parameters).max(1) as f64;
    let short = if count < 8 { (1.0 + 4.0 / count as f64).sqrt() } else { 1.0 };
    (squares / weights * count as f64 / freedom).sqrt() * short
}

/// Takes the changes of a level apart into noise that passes and steps that stay: the spreads of both, from how the spread
/// of changes grows with their length (the variance ratio of Cochrane 1988, "How Big Is the Random Walk in GNP?", Journal
/// of Political Economy 96). `reach` is the longest change looked at, a third of the history at most.
pub fn noise_and_steps(level: &[f64], slope: f64, reach: usize) -> (f64, f64) {
    let spread_over = |length: usize| {
        let changes: Vec<f64> =
            level.iter().zip(level.iter().skip(length)).map(|(a, b)| b - a - slope * length as f64).collect();
        spread(&changes, usize::from(slope != 0.0))
    };
    let length = reach.min(level.len() / 3);
    let short = spread_over(1);
    if length < 2 {
        return (0.0, short);
    }
    let long = spread_over(length);
    // Never less than a tenth of the short changes stays.
    let stays = ((long * long - short * short) / (length as f64 - 1.0)).clamp(0.01 * short * short, short * short);
    ((0.5 * (short * short - stays)).sqrt(), stays.sqrt())
}
