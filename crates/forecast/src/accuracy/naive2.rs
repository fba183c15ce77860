//! Naive2, what OWA is measured against: the last value without its season, with the season put back.
//!
//! Seasonal if n ≥ 3L and |acf_L| > 1.645·√((1 + 2Σ_{i<L} acf_i²)/n); classical multiplicative decomposition; none where a
//! value is 0 or below. Makridakis, Spiliotis & Assimakopoulos (2020), "The M4 Competition", International Journal of
//! Forecasting 36.

use crate::decompose::{centred_average, is_seasonal};

/// Its forecast of `horizon` steps after `known` values with a season of so many steps; empty of no values.
pub fn forecast(known: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let Some(last) = known.last() else { return Vec::new() };
    let n = known.len();
    let seasonal = season > 1 && known.iter().all(|value| *value > 0.0) && is_seasonal(known, season);
    let indices = if seasonal { seasonal_indices(known, season) } else { vec![1.0] };
    let index = |t: usize| indices.get(t % indices.len()).copied().unwrap_or(1.0);
    (0..horizon).map(|step| last / index(n - 1) * index(n + step)).collect()
}

/// The mean ratio to the centred moving average at each place in the cycle, of mean 1.
fn seasonal_indices(known: &[f64], season: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); season];
    for (t, (value, average)) in known.iter().zip(centred_average(known, season)).enumerate() {
        if let (Some(average), Some(sum)) = (average, sums.get_mut(t % season)) {
            *sum = (sum.0 + value / average, sum.1 + 1.0);
        }
    }
    let raw: Vec<f64> = sums.iter().map(|(sum, count)| sum / count).collect();
    let mean = raw.iter().sum::<f64>() / season as f64;
    raw.iter().map(|value| value / mean).collect()
}

#[cfg(test)]
mod tests {
    use super::forecast;

    #[test]
    fn a_season_on_a_level_comes_back() {
        let season = [0.5, 1.5, 1.2, 0.8];
        let known: Vec<f64> = (0..24).map(|t| 100.0 * season[t % 4]).collect();
        for (found, factor) in forecast(&known, 4, 6).iter().zip(season.iter().cycle()) {
            assert!((found - 100.0 * factor).abs() < 1e-9, "{found} {factor}");
        }
    }

    #[test]
    fn without_a_season_the_last_value_stays() {
        assert_eq!(forecast(&[1.0, 2.0, 3.0], 4, 2), [3.0, 3.0]);
        assert_eq!(forecast(&[0.0, 2.0, 0.0, 3.0, 0.0, 3.0, 0.0, 5.0], 2, 2), [5.0, 5.0], "a zero has no ratio");
        assert!(forecast(&[], 4, 2).is_empty());
    }
}
