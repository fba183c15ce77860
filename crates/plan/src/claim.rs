//! How claims of a chance came true on this history.

use crate::proposal::ClaimRecord;
use quarterdeck_forecast::Claim;
use quarterdeck_lang::model::Better;

/// The record of past claims at a level; `None` where there were none.
///
/// Each past quarter would have had a target met with the chance `level`; it was hit where what came lies on the good side of
/// that percentile of the distribution claimed then. The range is the middle 90 % of a binomial distribution with `level`.
pub fn record(claims: &[Claim], better: Better, level: f64) -> Option<ClaimRecord> {
    let n = claims.len();
    if n == 0 {
        return None;
    }
    let hit = claims
        .iter()
        .map(place)
        .filter(|pit| match better {
            Better::Higher => *pit >= 1.0 - level,
            Better::Lower => *pit <= level,
            // A range's claim is that of the middle part with this chance.
            Better::Between(..) => (pit - 0.5).abs() <= level / 2.0,
        })
        .count();
    let expected = libm::round(100.0 * n as f64 * level) / 100.0;
    let (low, high) = binomial_range(n, level);
    let quarters = claims.iter().map(|claim| claim.period).collect();
    Some(ClaimRecord { n, quarters, expected, hit, low, high, level, source: "backtest".into() })
}

/// Where in its distribution a claim's outcome fell; in the middle where a known number came but for its last bits.
pub(crate) fn place(claim: &Claim) -> f64 {
    let [low, _, middle, _, high] = claim.quantiles;
    let scale = 1e-9 * middle.abs();
    let known = (high - low).abs() <= scale && (claim.actual - middle).abs() <= scale;
    if known { 0.5 } else { claim.pit }
}

/// The 5th and the 95th percentile of a binomial distribution.
pub fn binomial_range(n: usize, p: f64) -> (usize, usize) {
    let p = p.clamp(0.0, 1.0);
    let (mut low, mut sum) = (None, 0.0);
    for k in 0..=n {
        sum += binomial(n, k, p);
        if low.is_none() && sum > 0.05 {
            low = Some(k);
        }
        if sum >= 0.95 {
            return (low.unwrap_or(k), k);
        }
    }
    (low.unwrap_or(n), n)
}

fn binomial(n: usize, k: usize, p: f64) -> f64 {
    if p == 0.0 || p == 1.0 {
        return f64::from(u8::from((p == 1.0 && k == n) || (p == 0.0 && k == 0)));
    }
    let (n, k) = (n as f64, k as f64);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    libm::exp(ways + k * libm::log(p) + (n - k) * libm::log(1.0 - p))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{binomial_range, record};
    use quarterdeck_calendar::{Grain, Period};
    use quarterdeck_forecast::Claim;
    use quarterdeck_lang::model::Better;

    fn claims(pits: &[f64]) -> Vec<Claim> {
        let claim = |(at, pit): (usize, &f64)| Claim {
            period: Period::new(Grain::Quarter, 2020 + at as i32, 1),
            origin: Default::default(),
            quantiles: [0.1, 0.3, 0.5, 0.7, 0.9],
            actual: *pit,
            pit: *pit,
        };
        pits.iter().enumerate().map(claim).collect()
    }

    #[test]
    fn the_binomial_range_is_the_textbook_one() {
        // n = 10, p = 0.6: P(≤ 2) = 0.012, P(≤ 3) = 0.055; P(≤ 7) = 0.833, P(≤ 8) = 0.954.
        assert_eq!(binomial_range(10, 0.6), (3, 8));
        // n = 20, p = 0.5: P(≤ 5) = 0.021, P(≤ 6) = 0.058; P(≤ 13) = 0.942, P(≤ 14) = 0.979.
        assert_eq!(binomial_range(20, 0.5), (6, 14));
        assert_eq!(binomial_range(5, 1.0), (5, 5));
        assert_eq!(binomial_range(5, 0.0), (0, 0));
    }

    #[test]
    fn hits_lie_on_the_good_side_of_the_claim() {
        let past = claims(&[0.1, 0.39, 0.4, 0.41, 0.75, 0.95]);
        let of = |better| record(&past, better, 0.6).unwrap();
        assert_eq!(of(Better::Higher).hit, 4);
        assert_eq!(of(Better::Lower).hit, 4);
        assert_eq!(of(Better::Between(0.0, 1.0)).hit, 4);
        assert_eq!((of(Better::Higher).n, of(Better::Higher).expected), (6, 3.6));
        assert!(record(&[], Better::Higher, 0.6).is_none());
    }
}
