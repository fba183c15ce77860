//! The models, one file each, and the one list of them.
//!
//! A [`Model`] is fitted to a [`Sample`] and gives a [`Fitted`]: the state from which it draws futures. The simplest,
//! [`seasonal_naive`], is the template for the others.

pub mod bends;
pub mod ces;
pub mod drift;
pub mod ets;
pub mod growth;
pub mod intermittent;
pub mod mstl;
#[cfg(test)]
#[allow(clippy::expect_used)]
pub mod reference;
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

    /// Whether shocks are places in a distribution of its own rather than errors of some spread: then they are left as they
    /// are, since larger ones would make what is rare frequent.
    fn draws_by_place(&self) -> bool {
        false
    }
}

/// How many shocks come before those of the steps.
pub const EXTRA: usize = 2;

/// The name of the yardstick every other model is measured against.
pub const YARDSTICK: &str = "seasonal_naive";

/// Every model, in the order of reports.
pub fn all() -> Vec<&'static dyn Model> {
    vec![
        &ets::Ets,
        &theta::Theta,
        &ces::Ces,
        &yearly_change::YearlyChange,
        &bends::Bends,
        &drift::Drift,
        &seasonal_naive::SeasonalNaive,
    ]
}

/// Models that can be judged alone and take no part in the combination: there they gained nothing on the half of the series
/// used to develop (the README has the numbers).
pub fn beside() -> Vec<&'static dyn Model> {
    vec![&mstl::Mstl, &intermittent::tsb::Tsb, &intermittent::croston::Croston]
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

/// The spread of one-step errors after fitting `parameters` of them. Recent errors count more (see [`memory`]), and none counts for more than five times the typical one, so that a crash years ago does not widen today's
/// forecast for ever. With few errors it is widened as the t distribution would be.
pub fn spread(errors: &[f64], parameters: usize) -> f64 {
    let count = errors.len();
    if count == 0 {
        return 0.0;
    }
    let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    let typical = 1.4826 * crate::transform::median(&sizes).unwrap_or(0.0);
    let beyond = sizes.iter().filter(|size| **size > 5.0 * typical).count();
    // Where a tenth of the errors or more is that large, they are how the series is.
    let most = if 10 * beyond < count { 5.0 * typical } else { f64::INFINITY };
    sizes.iter_mut().for_each(|size| *size = size.min(most));
    let fade = libm::exp2(-1.0 / memory(&sizes));
    let (mut squares, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for held in sizes.iter().rev() {
        squares += weight * held * held;
        weights += weight;
        weight *= fade;
    }
    let freedom = count.saturating_sub(parameters).max(1) as f64;
    let short = if count < 8 { (1.0 + 4.0 / count as f64).sqrt() } else { 1.0 };
    (squares / weights * count as f64 / freedom).sqrt() * short
}

/// After how many errors one counts half: half the history, a year of weeks at most, or the half or quarter of that where
/// errors so weighted foretold the size of the next one clearly better, as they do after a shock (by the likelihood of a
/// Laplace distribution, which one wild error does not decide).
fn memory(sizes: &[f64]) -> f64 {
    /// Errors before the first that is foretold.
    const FIRST: usize = 8;
    /// By how much the likelihood must be better, and the shortest memory.
    const CLEARLY: f64 = 3.0;
    const SHORTEST: f64 = 6.0;
    let longest = (0.5 * sizes.len() as f64).clamp(1.0, 52.0);
    let cost = |half: f64| {
        let fade = libm::exp2(-1.0 / half);
        let (mut sum, mut weights, mut cost) = (0.0, 0.0, 0.0);
        for (at, size) in sizes.iter().enumerate() {
            let expected = sum / weights;
            if at >= FIRST && expected > 0.0 {
                cost += libm::log(expected) + size / expected;
            }
            sum = fade * sum + size;
            weights = fade * weights + 1.0;
        }
        cost
    };
    let (mut best, mut least) = (longest, cost(longest) - CLEARLY);
    for half in [0.5 * longest, 0.25 * longest] {
        let found = if half >= SHORTEST { cost(half) } else { f64::INFINITY };
        if found < least {
            (best, least) = (half, found);
        }
    }
    best
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
    let stays = ((long * long - short * short) / (length as f64 - 1.0)).max(0.01 * short * short).min(short * short);
    ((0.5 * (short * short - stays)).sqrt(), stays.sqrt())
}

/// A walk seen through noise, told by one shock a step: with shocks e of spread σ, y(t) = l(t−1) + e(t) and
/// l(t) = l(t−1) + α·e(t) (Hyndman et al. 2008, chapter 13: the innovations form of a local level). Noise told this way
/// passes within a step, as it does in truth, so that the mean of a window feels little of it; what is not known of the
/// level is part of the shocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walk {
    /// How much of a shock stays: 0 to 1.
    pub gain: f64,
    /// The spread of the shocks.
    pub spread: f64,
}

impl Walk {
    /// From the spreads of the noise that passes and of the steps that stay.
    pub fn new(noise: f64, steps: f64) -> Walk {
        if noise <= 0.0 || noise * 1e6 < steps {
            return Walk { gain: 1.0, spread: (noise * noise + steps * steps).sqrt() };
        }
        // Both forms have the same autocovariances of changes: (1 + θ²)·σ² = steps² + 2·noise² and θ·σ² = noise².
        let ratio = 1.0 + 0.5 * (steps / noise) * (steps / noise);
        let theta = 1.0 / (ratio + (ratio * ratio - 1.0).sqrt());
        Walk { gain: 1.0 - theta, spread: noise / theta.sqrt() }
    }

    /// How far the last value lies from the level, typically.
    pub fn last(&self) -> f64 {
        (1.0 - self.gain) * self.spread
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{memory, noise_and_steps, spread};

    #[test]
    fn spread_forgets_a_crash() {
        let mut errors = [1.0, -1.0].repeat(100);
        assert!((spread(&errors, 0) - 1.0).abs() < 1e-12);
        errors[3] = 1e6;
        assert!(spread(&errors, 0) < 1.1);
    }

    /// 20 stormy steps (8), then 32 calm ones (1): a half-life of 13 errors foretold sizes best. With 2^(−1/13) a step the calm
    /// ones count 15.8, the storm 2.29 and those before it 1.15, so that √((15.8 + 64 · 2.29 + 1.15) / 19.2) = 2.92. By half
    /// the history (52) it would be 3.66.
    #[test]
    fn spread_follows_what_is_recent_where_that_foretells() {
        let storm: Vec<f64> = [[1.0, -1.0].repeat(30), [8.0, -8.0].repeat(10), [1.0, -1.0].repeat(16)].concat();
        let found = spread(&storm, 0);
        assert!((found - 2.92).abs() < 0.01, "{found}");
        let even = [1.0, -1.0].repeat(56);
        assert!((spread(&even, 0) - 1.0).abs() < 1e-12);
        assert_eq!(memory(&even.iter().map(|error: &f64| error.abs()).collect::<Vec<f64>>()), 52.0);
    }

    #[test]
    fn one_shock_a_step_tells_noise_and_steps() {
        // Half noise, half steps: θ = 1 + ½ − √(1.5² − 1) = 0.382, σ² = 1 / θ = 2.618.
        let walk = super::Walk::new(1.0, 1.0);
        assert!((walk.gain - 0.618_034).abs() < 1e-6 && (walk.spread * walk.spread - 2.618_034).abs() < 1e-6);
        assert_eq!(super::Walk::new(0.0, 2.0), super::Walk { gain: 1.0, spread: 2.0 });
        assert!(super::Walk::new(1.0, 0.01).gain < 0.011);
        // The last value errs by the noise alone where hardly anything stays.
        assert!((super::Walk::new(1.0, 0.01).last() - 1.0).abs() < 0.01);
    }

    #[test]
    fn noise_and_a_walk_are_told_apart() {
        let mut draws = crate::draws::Draws::named(5, "walk");
        let noise: Vec<f64> = (0..400).map(|_| draws.normal()).collect();
        let (passes, stays) = noise_and_steps(&noise, 0.0, 12);
        assert!((passes - 1.0).abs() < 0.15 && stays < 0.3, "{passes} {stays}");
        let walk: Vec<f64> = noise
            .iter()
            .scan(0.0, |sum, step| {
                *sum += step;
                Some(*sum)
            })
            .collect();
        let (passes, stays) = noise_and_steps(&walk, 0.0, 12);
        assert!(passes < 0.5 && (stays - 1.0).abs() < 0.25, "{passes} {stays}");
    }
}
