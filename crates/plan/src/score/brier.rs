//! The Brier and the logarithmic score of stated chances, and what the Brier score is made of.
//!
//! The Brier score (Brier 1950, "Verification of Forecasts Expressed in Terms of Probability") is the mean of (p − o)², o
//! being 1 where what was claimed came and 0 where it did not: 0 is perfect, 0.25 is what saying 50 % always gives. In bins
//! of stated chance it falls into parts (Murphy 1973; Stephenson, Coelho and Jolliffe 2008, "Two Extra Components in the
//! Brier Score Decomposition"): reliability − resolution + uncertainty + within, which sum to it exactly.

use crate::claim::binomial_range;
use quarterdeck_calendar::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Chances are held this far off 0 and 1 in the logarithmic score: paths cannot tell rarer things apart.
const FLOOR: f64 = 0.001;

/// A chance that was stated, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Claimed {
    /// The period it was about.
    pub period: Period,
    /// The chance, 0 to 1.
    pub p: f64,
    /// Whether it came true.
    pub hit: bool,
}

impl Claimed {
    fn outcome(&self) -> f64 {
        f64::from(u8::from(self.hit))
    }

    /// (p − o)².
    pub fn brier(&self) -> f64 {
        (self.p - self.outcome()) * (self.p - self.outcome())
    }

    /// −ln of the chance given to what came; at most 6.9, for chances are held within 0.1 % and 99.9 %.
    pub fn log(&self) -> f64 {
        let p = if self.hit { self.p } else { 1.0 - self.p };
        -libm::log(p.clamp(FLOOR, 1.0 - FLOOR))
    }
}

/// The mean of a score over claims; `None` of none.
pub fn mean(claims: &[Claimed], score: impl Fn(&Claimed) -> f64) -> Option<f64> {
    (!claims.is_empty()).then(|| claims.iter().map(score).sum::<f64>() / claims.len() as f64)
}

/// Claims whose stated chances lie in one tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bin {
    /// Lower end of the chances, included.
    pub from: f64,
    /// Upper end, left out but for 1.
    pub to: f64,
    /// How many claims.
    pub n: usize,
    /// The mean chance that was stated.
    pub stated: f64,
    /// Share that came true.
    pub came: f64,
    /// How many came true.
    pub hit: usize,
    /// How many at least would have come true in 9 of 10 cases, had the stated chances been right.
    pub low: usize,
    /// How many at most.
    pub high: usize,
}

/// The claims in tenths of stated chance; tenths without a claim are left out.
pub fn bins(claims: &[Claimed]) -> Vec<Bin> {
    (0..10_u8).filter_map(|tenth| bin(tenth, &of_tenth(claims, tenth))).collect()
}

fn of_tenth(claims: &[Claimed], tenth: u8) -> Vec<Claimed> {
    // A chance has three decimals; in whole thousandths, 0.3 lies in the fourth tenth on every machine.
    let place = |p: f64| (libm::round(p.clamp(0.0, 1.0) * 1000.0) as u32 / 100).min(9);
    claims.iter().filter(|claim| place(claim.p) == u32::from(tenth)).copied().collect()
}

fn bin(tenth: u8, claims: &[Claimed]) -> Option<Bin> {
    let n = claims.len();
    let stated = mean(claims, |claim| claim.p)?;
    let hit = claims.iter().filter(|claim| claim.hit).count();
    let (low, high) = binomial_range(n, stated);
    let from = f64::from(tenth) / 10.0;
    Some(Bin { from, to: f64::from(tenth + 1) / 10.0, n, stated, came: hit as f64 / n as f64, hit, low, high })
}

/// What a Brier score is made of: `reliability − resolution + uncertainty + within` is the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Parts {
    /// How far what came lay from what was stated, tenth by tenth: 0 is best.
    pub reliability: f64,
    /// How far the tenths lay from the mean of all outcomes: more is better.
    pub resolution: f64,
    /// How uncertain outcomes were at all: 0.25 where half of the claims came true.
    pub uncertainty: f64,
    /// What comes from different chances inside one tenth.
    pub within: f64,
}

/// The parts of the Brier score of some claims; `None` of none.
pub fn parts(claims: &[Claimed]) -> Option<Parts> {
    let n = claims.len() as f64;
    let base = mean(claims, Claimed::outcome)?;
    let (mut reliability, mut resolution, mut within) = (0.0, 0.0, 0.0);
    for tenth in 0..10 {
        let inside = of_tenth(claims, tenth);
        let Some(Bin { stated, came, .. }) = bin(tenth, &inside) else { continue };
        let size = inside.len() as f64;
        reliability += size * (stated - came) * (stated - came) / n;
        resolution += size * (came - base) * (came - base) / n;
        for claim in &inside {
            let off = claim.p - stated;
            within += (off * off - 2.0 * (claim.outcome() - came) * off) / n;
        }
    }
    Some(Parts { reliability, resolution, uncertainty: base * (1.0 - base), within })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{Claimed, bins, mean, parts};
    use proptest::prelude::*;
    use quarterdeck_calendar::{Grain, Period};

    fn claims(of: &[(f64, bool)]) -> Vec<Claimed> {
        let period = Period::new(Grain::Quarter, 2026, 1);
        of.iter().map(|(p, hit)| Claimed { period, p: *p, hit: *hit }).collect()
    }

    #[test]
    fn scores_worked_by_hand() {
        // (0.6 − 1)² = 0.16, (0.6 − 0)² = 0.36, (0.8 − 1)² = 0.04, (0.3 − 0)² = 0.09: 0.65 / 4 = 0.1625.
        let all = claims(&[(0.6, true), (0.6, false), (0.8, true), (0.3, false)]);
        assert!((mean(&all, Claimed::brier).unwrap() - 0.1625).abs() < 1e-12);
        // −ln 0.6 = 0.510826, −ln 0.4 = 0.916291, −ln 0.8 = 0.223144, −ln 0.7 = 0.356675: mean 0.501734.
        assert!((mean(&all, Claimed::log).unwrap() - 0.501_734).abs() < 1e-6);
        assert_eq!(mean(&[], Claimed::brier), None);
        // A chance of 0 that came true costs −ln 0.001 = 6.9078 and not everything.
        assert!((claims(&[(0.0, true)])[0].log() - 6.907_755).abs() < 1e-6);
    }

    #[test]
    fn parts_worked_by_hand() {
        // Ten claims at 60 %, eight of which came true; ten at 20 %, two of which did. The base rate is 10/20 = 0.5.
        // Reliability: (10·(0.6 − 0.8)² + 10·(0.2 − 0.2)²)/20 = 0.02.
        // Resolution: (10·(0.8 − 0.5)² + 10·(0.2 − 0.5)²)/20 = 0.09. Uncertainty: 0.25. Nothing within.
        // Score: (8·0.16 + 2·0.36 + 2·0.64 + 8·0.04)/20 = 3.6/20 = 0.18 = 0.02 − 0.09 + 0.25.
        let of = |p: f64, hits: usize| (0..10).map(move |at| (p, at < hits));
        let all = claims(&of(0.6, 8).chain(of(0.2, 2)).collect::<Vec<_>>());
        let found = parts(&all).unwrap();
        for (found, expect) in
            [(found.reliability, 0.02), (found.resolution, 0.09), (found.uncertainty, 0.25), (found.within, 0.0)]
        {
            assert!((found - expect).abs() < 1e-12, "{found}, not {expect}");
        }
        assert!((mean(&all, Claimed::brier).unwrap() - 0.18).abs() < 1e-12);
        let bins = bins(&all);
        assert_eq!(
            bins.iter().map(|bin| (bin.n, bin.hit, bin.low, bin.high)).collect::<Vec<_>>(),
            [(10, 2, 0, 4), (10, 8, 3, 8)]
        );
        assert_eq!((bins[1].from, bins[1].to), (0.6, 0.7));
    }

    #[test]
    fn what_lies_within_a_tenth_counts() {
        // 0.62 came, 0.68 did not. Mean 0.65, half came; reliability (0.15)² = 0.0225, resolution 0, uncertainty 0.25;
        // within: ((−0.03)² + 0.03²)/2 − 2·(0.5·(−0.03) + (−0.5)·0.03)/2 = 0.0009 + 0.03 = 0.0309. Sum 0.3034.
        // Score: (0.38² + 0.68²)/2 = (0.1444 + 0.4624)/2 = 0.3034.
        let all = claims(&[(0.62, true), (0.68, false)]);
        let found = parts(&all).unwrap();
        assert!((found.within - 0.0309).abs() < 1e-12);
        let sum = found.reliability - found.resolution + found.uncertainty + found.within;
        assert!((sum - 0.3034).abs() < 1e-12 && (mean(&all, Claimed::brier).unwrap() - 0.3034).abs() < 1e-12);
    }

    #[test]
    fn a_chance_on_an_edge_lies_above_it() {
        let all = claims(&[(0.3, true), (0.1 + 0.2, true), (1.0, true), (0.0, false)]);
        assert_eq!(bins(&all).iter().map(|bin| (bin.from, bin.n)).collect::<Vec<_>>(), [(0.0, 1), (0.3, 2), (0.9, 1)]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_score(of in prop::collection::vec((0.0..=1.0f64, any::<bool>()), 1..60)) {
            let all = claims(&of);
            let found = parts(&all).unwrap();
            let sum = found.reliability - found.resolution + found.uncertainty + found.within;
            prop_assert!((sum - mean(&all, Claimed::brier).unwrap()).abs() < 1e-12);
            prop_assert!(found.reliability >= 0.0 && found.resolution >= 0.0);
        }
    }
}
