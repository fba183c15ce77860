//! TSB: the chance that something happens is smoothed over all steps, its size over those where it does.
//!
//! p(t) = p(t−1) + β·(happened(t) − p(t−1)) at every step; z(t) = z(t−1) + α·(y(t) − z(t−1)) where something happened; the
//! mean forecast is p·z. Teunter, Syntetos & Babai (2011), "Intermittent Demand: Linking Forecasting to Inventory
//! Obsolescence", European Journal of Operational Research 214. Other than there the first level is the mean, and α and β are
//! 0 unless one of 0.01 to 0.3 says clearly better what happened and how much: few events tell little about a change. No season and no trend.

use super::{Compound, is_intermittent, smooth};
use crate::decompose::Sample;
use crate::model::{Fitted, Model};

/// The model; it has no settings.
pub struct Tsb;

/// Gains that are tried, for the chance and for the size; 0 is the mean of all.
const GAINS: [f64; 7] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];
/// By how much a gain's log-likelihood must beat that of none.
const CLEARLY: f64 = 3.0;

impl Model for Tsb {
    fn name(&self) -> &'static str {
        "tsb"
    }

    fn prior(&self) -> f64 {
        1.0
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if !is_intermittent(&sample.z) {
            return None;
        }
        let happened: Vec<f64> = sample.z.iter().map(|z| f64::from(u8::from(*z > 0.0))).collect();
        let sizes: Vec<f64> = sample.z.iter().copied().filter(|z| *z > 0.0).collect();
        let share = sizes.len() as f64 / happened.len() as f64;
        // A step that happened costs −ln p, one that did not −ln(1 − p).
        let beta = likeliest(|gain| {
            -cost(&happened, share, gain, |came, chance| {
                -libm::log((if came > 0.0 { chance } else { 1.0 - chance }).clamp(1e-4, 1.0))
            })
        });
        let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
        let alpha = likeliest(|gain| {
            let squares = cost(&sizes, mean, gain, |size, level| (size - level) * (size - level));
            -0.5 * sizes.len() as f64 * libm::log(squares / (mean * mean) + 1e-6)
        });
        let chance = smooth(happened.iter().copied(), share, beta);
        let memory = if beta > 0.0 { (2.0 - beta) / beta } else { f64::INFINITY }.min(happened.len() as f64);
        Some(Box::new(Compound::new(chance, memory, &sizes, alpha)?))
    }
}

/// The gain of the greatest log-likelihood, 0 unless another beats it clearly.
fn likeliest(likelihood: impl Fn(f64) -> f64) -> f64 {
    let none = likelihood(0.0) + CLEARLY;
    let tried = GAINS.into_iter().skip(1).map(|gain| (likelihood(gain), gain)).filter(|(found, _)| *found > none);
    tried.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, gain)| gain)
}

/// What one-step forecasts by smoothing cost in all.
fn cost(values: &[f64], first: f64, gain: f64, cost: impl Fn(f64, f64) -> f64) -> f64 {
    let (mut level, mut sum) = (first, 0.0);
    for value in values {
        sum += cost(*value, level);
        level += gain * (value - level);
    }
    sum
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{cost, likeliest, smooth};
    use crate::model::reference::{number, numbers, python};

    #[test]
    fn what_stops_happening_is_forgotten_fast_and_what_stays_slowly() {
        let gain = |happened: Vec<f64>| {
            let share = happened.iter().sum::<f64>() / happened.len() as f64;
            likeliest(|gain| -cost(&happened, share, gain, |came, p| -libm::log((1.0 - came - p).abs().max(1e-4))))
        };
        assert!(gain((0..60).map(|t| f64::from(u8::from(t < 30 && t % 2 == 0))).collect()) >= 0.05);
        assert_eq!(gain((0..60).map(|t| f64::from(u8::from(t % 4 == 0))).collect()), 0.0);
    }

    /// Started from the first values, as it is there, with the same gains: to 1e-9.
    #[test]
    fn the_mean_is_that_of_statsforecast() {
        let rare = numbers(&python()["rare"]);
        let happened: Vec<f64> = rare.iter().map(|value| f64::from(u8::from(*value > 0.0))).collect();
        let sizes: Vec<f64> = rare.iter().copied().filter(|value| *value > 0.0).collect();
        let chance = smooth(happened.iter().copied(), happened[0], 0.05);
        let mean = chance * smooth(sizes.iter().copied(), sizes[0], 0.2);
        assert!((mean - number(&python()["tsb_rare"])).abs() < 1e-9, "{mean}");
    }
}
