//! A market's tiers, drawn so that SOM ≤ SAM ≤ TAM on every draw.
//!
//! Drawn by themselves, ranges that come near each other cross. So what is drawn is the TAM, SAM over TAM, and SOM over the
//! tier above it: the TAM lognormal, the ratios logit-normal between the ratios of the stated ends, none above one.

use crate::effect::{logistic, logit};
use crate::size::Size;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::normal;
use quarterdeck_lang::model::{Estimate, Market, Tier};

/// Draws of each tier.
const DRAWN: usize = 2_000;
/// The largest ratio of a tier to the one above it.
const WHOLE: f64 = 1.0 - 1e-9;

/// The tiers of a market, draw by draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nest {
    sizes: Vec<(Tier, Vec<f64>)>,
}

/// The tiers a market states, the largest first.
pub fn tiers(market: &Market) -> Vec<(Tier, Estimate)> {
    let sizes = [(Tier::Tam, Some(&market.tam)), (Tier::Sam, market.sam.as_ref()), (Tier::Som, market.som.as_ref())];
    sizes.into_iter().filter_map(|(tier, size)| Some((tier, size?.size))).collect()
}

impl Nest {
    /// Draws every tier a market states.
    pub fn draw(market: &Market, seed: u64) -> Nest {
        let mut sizes: Vec<(Tier, Vec<f64>)> = Vec::new();
        let mut above: Option<Estimate> = None;
        for (tier, size) in tiers(market) {
            // Each tier has its own stream, so that stating one more moves no other.
            let name = format!("market {} {}", market.name, word(tier));
            let drawn = match (above, sizes.last()) {
                (Some(above), Some((_, whole))) => {
                    let ratios = ratios(&size, &above, seed, &name);
                    whole.iter().zip(ratios).map(|(whole, ratio)| whole * ratio).collect()
                }
                _ => {
                    let size = Size::amount(&size);
                    even(seed, &name).into_iter().map(|z| size.at(z)).collect()
                }
            };
            above = Some(size);
            sizes.push((tier, drawn));
        }
        Nest { sizes }
    }

    /// A tier's size on every draw.
    pub fn of(&self, tier: Tier) -> Option<&[f64]> {
        self.sizes.iter().find(|(known, _)| *known == tier).map(|(_, sizes)| sizes.as_slice())
    }

    /// The 10th, 50th and 90th percentile of a tier.
    pub fn percentiles(&self, tier: Tier) -> Option<[f64; 3]> {
        let sizes = sorted(self.of(tier)?);
        let at = |p: f64| quantile_sorted(&sizes, p);
        Some([at(0.1)?, at(0.5)?, at(0.9)?])
    }
}

/// A tier's word in definitions.
pub fn word(tier: Tier) -> &'static str {
    match tier {
        Tier::Tam => "tam",
        Tier::Sam => "sam",
        Tier::Som => "som",
    }
}

/// Evenly spread standard normal draws in an order of their own.
fn even(seed: u64, name: &str) -> Vec<f64> {
    let mut values: Vec<f64> = (0..DRAWN).map(|at| normal::quantile((at as f64 + 0.5) / DRAWN as f64)).collect();
    let mut draws = Draws::named(seed, name);
    for at in (1..DRAWN).rev() {
        values.swap(at, draws.below(at + 1));
    }
    values
}

/// A tier over the one above it: its middle over that one's, with what of its own range that one's does not explain.
fn ratios(size: &Estimate, above: &Estimate, seed: u64, name: &str) -> Vec<f64> {
    let (own, whole) = (Size::amount(size), Size::amount(above));
    let middle = (own.middle() / whole.middle()).clamp(1e-9, WHOLE);
    // Logarithms of independent factors add their squares.
    let log_spread = |size: &Size| {
        (libm::log(size.at(1.0).max(f64::MIN_POSITIVE) / size.at(-1.0).max(f64::MIN_POSITIVE)) / 2.0).max(0.0)
    };
    let (own, whole) = (log_spread(&own), log_spread(&whole));
    let spread = (own * own - whole * whole).max(0.0).sqrt();
    let at = logit(middle);
    // Near the middle, a step of the logarithm is one of the logit over one less the ratio.
    let spread = spread / (1.0 - middle).max(0.05);
    even(seed, name).into_iter().map(|z| if spread > 0.0 { logistic(at + spread * z) } else { middle }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::Nest;
    use crate::fixture::workspace;
    use quarterdeck_lang::model::Tier;

    #[test]
    fn tiers_nest_on_every_draw() {
        // A SAM whose range reaches above the low end of the TAM's.
        let text = "market city \"The city\" { unit: households tam: 900_000 to 1_100_000 sam: 700_000 to 1_000_000 som: 100_000 to 300_000 source: \"x\" date: 2025-11 }\n\
                    market sure { unit: households tam: 1_000_000 sam: 600_000 source: \"x\" date: 2025-11 }";
        let workspace = workspace(text, "2026-12-31", &[]);
        let nest = Nest::draw(&workspace.model.markets["city"], 1);
        let of = |tier| nest.of(tier).unwrap();
        for at in 0..of(Tier::Tam).len() {
            let (tam, sam, som) = (of(Tier::Tam)[at], of(Tier::Sam)[at], of(Tier::Som)[at]);
            assert!(som <= sam && sam <= tam, "{som} {sam} {tam}");
        }
        // The TAM is as stated; the SAM's middle about √(700,000 · 1,000,000) = 836,660, less what cannot be above the TAM.
        let [low, middle, high] = nest.percentiles(Tier::Tam).unwrap();
        assert!((low / 900_000.0 - 1.0).abs() < 1e-3 && (high / 1_100_000.0 - 1.0).abs() < 1e-3);
        assert!((middle / 994_987.0 - 1.0).abs() < 1e-3);
        let sam = nest.percentiles(Tier::Sam).unwrap()[1];
        assert!((sam / 836_660.0 - 1.0).abs() < 0.02, "{sam}");
        let sure = Nest::draw(&workspace.model.markets["sure"], 1);
        let [low, _, high] = sure.percentiles(Tier::Sam).unwrap();
        assert!((low - 600_000.0).abs() < 1.0 && (high - 600_000.0).abs() < 1.0);
    }
}
