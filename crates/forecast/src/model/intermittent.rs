//! Things that mostly do not happen: a chance that something happens in a step, and how much of it then.
//!
//! A future is drawn from the compound of both: with chance p a step holds one of the sizes seen before, the later ones more
//! likely, else nothing. The weights of past sizes are those of exponential smoothing, so that their mean is the smoothed
//! size and a count stays a count. What takes part is Syntetos & Boylan's (2005) first question alone: how often nothing
//! happens ("The Accuracy of Intermittent Demand Estimates", International Journal of Forecasting 21).

pub mod croston;
pub mod tsb;

use super::seasonal_naive::SeasonalNaive;
use super::{EXTRA, Fitted, Model};
use crate::decompose::Sample;
use crate::normal;

/// Models for a history that [`is_intermittent`]: the one that forgets what no longer happens, and the yardstick, which
/// takes no part in the forecast.
pub fn models() -> Vec<&'static dyn Model> {
    vec![&tsb::Tsb, &Yardstick]
}

/// The share of zeros from which a history is intermittent.
const MOSTLY: f64 = 0.5;

/// Whether values (or their square roots) are zero more often than not and never below, with two others at least.
pub fn is_intermittent(values: &[f64]) -> bool {
    let zeros = values.iter().filter(|value| **value == 0.0).count();
    values.len() >= 8
        && values.iter().all(|value| *value >= 0.0)
        && zeros as f64 > MOSTLY * values.len() as f64
        && values.len() - zeros >= 2
}

/// The seasonal naive forecast, for comparison only: a cycle repeated says nothing about rare things.
struct Yardstick;

impl Model for Yardstick {
    fn name(&self) -> &'static str {
        super::YARDSTICK
    }

    fn prior(&self) -> f64 {
        0.0
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        SeasonalNaive.fit(sample)
    }
}

/// A chance and sizes.
struct Compound {
    /// The logit of the chance that a step is not zero.
    odds: f64,
    /// How uncertain that logit is.
    odds_spread: f64,
    /// Sizes in ascending order, each with the share of those up to it.
    sizes: Vec<(f64, f64)>,
}

impl Compound {
    /// From a chance, of how many steps' worth of memory it is, and sizes as they came with the gain that smooths them;
    /// `None` without any.
    fn new(chance: f64, memory: f64, sizes: &[f64], gain: f64) -> Option<Compound> {
        let held = chance.clamp(1e-4, 1.0 - 1e-4);
        let mut weight = 1.0;
        let mut weighted: Vec<(f64, f64)> = Vec::with_capacity(sizes.len());
        for size in sizes.iter().rev() {
            weighted.push((*size, weight));
            weight *= 1.0 - gain;
        }
        let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
        if total <= 0.0 || !held.is_finite() {
            return None;
        }
        weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        for (_, weight) in &mut weighted {
            sum += *weight / total;
            *weight = sum;
        }
        let odds_spread = (1.0 / (memory.max(1.0) * held * (1.0 - held))).sqrt().min(1.5);
        Some(Compound { odds: libm::log(held / (1.0 - held)), odds_spread, sizes: weighted })
    }

    /// The size below which a share of them lies.
    fn size(&self, share: f64) -> f64 {
        let at = self.sizes.partition_point(|(_, up_to)| *up_to < share);
        self.sizes.get(at).or(self.sizes.last()).map_or(0.0, |(size, _)| *size)
    }
}

impl Fitted for Compound {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let chance = 1.0 / (1.0 + libm::exp(-(self.odds + self.odds_spread * shocks[0])));
        for (value, shock) in future.iter_mut().zip(shocks.iter().skip(EXTRA)) {
            // Above 1 − p something happens, and how far above tells how much.
            let above = normal::cdf(*shock) - (1.0 - chance);
            *value = if above > 0.0 { self.size(above / chance) } else { 0.0 };
        }
    }

    fn draws_by_place(&self) -> bool {
        true
    }
}

/// Simple exponential smoothing from a first level; the level after the last value.
fn smooth(values: impl Iterator<Item = f64>, first: f64, gain: f64) -> f64 {
    values.fold(first, |level, value| level + gain * (value - level))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Compound, is_intermittent, tsb::Tsb};
    use crate::decompose::Sample;
    use crate::draws::Draws;
    use crate::model::{EXTRA, Fitted, Model, point};

    #[test]
    fn mostly_nothing_is_intermittent() {
        let mut values = vec![0.0; 10];
        assert!(!is_intermittent(&values), "never anything");
        (values[3], values[7]) = (2.0, 1.0);
        assert!(is_intermittent(&values) && !is_intermittent(&values[..7]));
        values[0] = -1.0;
        assert!(!is_intermittent(&values), "below zero");
        assert!(!is_intermittent(&[0.0, 1.0].repeat(10)), "half and half");
    }

    #[test]
    fn draws_have_the_chance_and_the_mean_of_the_compound() {
        // Sizes 1 and 3 at gain ½: the later one weighs twice the earlier, mean 7/3.
        let compound = Compound::new(0.3, 1e9, &[1.0, 3.0], 0.5).unwrap();
        let mut draws = Draws::named(1, "compound");
        let shocks: Vec<f64> = (0..EXTRA + 40_000).map(|_| draws.normal()).collect();
        let mut future = vec![0.0; 40_000];
        compound.simulate(&shocks, &mut future);
        let happened: Vec<f64> = future.into_iter().filter(|value| *value > 0.0).collect();
        let (share, mean) = (happened.len() as f64 / 40_000.0, happened.iter().sum::<f64>() / happened.len() as f64);
        assert!((share - 0.3).abs() < 0.01 && (mean - 7.0 / 3.0).abs() < 0.03, "{share} {mean}");
        assert!(happened.iter().all(|value| *value == 1.0 || *value == 3.0));
    }

    #[test]
    fn the_middle_of_a_rare_thing_is_nothing() {
        let z: Vec<f64> = (0..40).map(|t| f64::from(t % 5 == 0)).collect();
        assert_eq!(point(&*Tsb.fit(&Sample::new(z, 1)).unwrap(), 3), [0.0; 3]);
    }
}
