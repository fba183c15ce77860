//! Quantiles, intervals and whole distributions: pinball loss, coverage, the interval score behind MSIS, CRPS.

/// The levels over which `wql` and `sql` are means.
pub const DECILES: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// The loss of a stated quantile: `level` times what came above it, 1 − `level` times what came below. Koenker & Bassett
/// (1978), "Regression Quantiles", Econometrica 46.
pub fn pinball(level: f64, quantile: f64, actual: f64) -> f64 {
    if actual >= quantile { level * (actual - quantile) } else { (1.0 - level) * (quantile - actual) }
}

/// The weighted quantile loss of a set: 2·Σ pinball / Σ |y|, mean over `levels` levels; `losses` is the sum over all values
/// and levels, `size` the sum of |y|. 0 where `size` is. Salinas, Flunkert, Gasthaus & Januschowski (2020), "DeepAR",
/// International Journal of Forecasting 36.
pub fn weighted_quantile_loss(losses: f64, size: f64, levels: usize) -> f64 {
    if size > 0.0 { 2.0 * losses / size / levels.max(1) as f64 } else { 0.0 }
}

/// The score of a central interval that is missed with chance `alpha`: its width, and 2/α times by how much it was missed.
/// Over [`scale`](super::point::scale) and averaged it is MSIS. Gneiting & Raftery (2007), "Strictly Proper Scoring Rules,
/// Prediction, and Estimation", Journal of the American Statistical Association 102, section 6.2.
pub fn interval_score(low: f64, high: f64, actual: f64, alpha: f64) -> f64 {
    high - low + 2.0 / alpha * ((low - actual).max(0.0) + (actual - high).max(0.0))
}

/// 1 where what came lies inside the interval, its ends included, else 0: averaged it is coverage.
pub fn covered(low: f64, high: f64, actual: f64) -> f64 {
    f64::from(u8::from(low <= actual && actual <= high))
}

/// 1 where what came lies below a stated quantile, ½ where it is the quantile, else 0: averaged it should be the level.
pub fn below(actual: f64, quantile: f64) -> f64 {
    if actual < quantile {
        1.0
    } else if actual == quantile {
        0.5
    } else {
        0.0
    }
}

/// The continuous ranked probability score of a sample in ascending order: E|X − y| − ½·E|X − X′|, which is the pinball
/// loss over all levels, twice. `None` for an empty sample. Gneiting & Raftery (2007), section 4.2.
pub fn crps(sorted: &[f64], actual: f64) -> Option<f64> {
    if sorted.is_empty() {
        return None;
    }
    let n = sorted.len() as f64;
    let near = sorted.iter().map(|draw| (draw - actual).abs()).sum::<f64>() / n;
    // Σᵢ Σⱼ |xᵢ − xⱼ| = 2·Σ (2i − n − 1)·x₍ᵢ₎ for a sorted sample.
    let apart: f64 = sorted.iter().enumerate().map(|(at, draw)| (2.0 * at as f64 + 1.0 - n) * draw).sum();
    Some(near - apart / (n * n))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{DECILES, below, covered, crps, interval_score, pinball, weighted_quantile_loss};
    use crate::normal;

    #[test]
    fn worked_by_hand() {
        assert!((pinball(0.9, 10.0, 12.0) - 1.8).abs() < 1e-12 && (pinball(0.9, 10.0, 8.0) - 0.2).abs() < 1e-12);
        // Missed by 1 at 80 %: 4 wide, and 10 times 1.
        assert_eq!(interval_score(2.0, 6.0, 7.0, 0.2), 14.0);
        assert_eq!(interval_score(2.0, 6.0, 6.0, 0.2), 4.0);
        assert_eq!([covered(2.0, 6.0, 2.0), covered(2.0, 6.0, 6.1)], [1.0, 0.0]);
        assert_eq!([below(1.0, 2.0), below(2.0, 2.0), below(3.0, 2.0)], [1.0, 0.5, 0.0]);
        assert!((weighted_quantile_loss(3.0, 10.0, 3) - 0.2).abs() < 1e-12);
        assert_eq!(weighted_quantile_loss(3.0, 0.0, 3), 0.0);
        // Draws 0 and 2, and 1 came: mean distance 1, half the mean of 0, 2, 2, 0.
        assert_eq!(crps(&[0.0, 2.0], 1.0), Some(0.5));
        assert_eq!(crps(&[3.0], 1.0), Some(2.0));
        assert_eq!(crps(&[], 1.0), None);
    }

    #[test]
    fn crps_of_a_normal_distribution_is_the_formula() {
        // σ·(z·(2Φ(z) − 1) + 2φ(z) − 1/√π) at z = 0.5: Gneiting & Raftery (2007), equation 21.
        let draws: Vec<f64> = (0..4_000).map(|k| normal::quantile((f64::from(k) + 0.5) / 4_000.0)).collect();
        let density = libm::exp(-0.125) / (2.0 * std::f64::consts::PI).sqrt();
        let formula = 0.5 * (2.0 * normal::cdf(0.5) - 1.0) + 2.0 * density - 1.0 / std::f64::consts::PI.sqrt();
        let found = crps(&draws, 0.5).unwrap();
        assert!((found - formula).abs() < 1e-3, "{found} {formula}");
        // Twice the mean pinball loss over many levels is about the same.
        let levels = (1..1_000).map(|k| f64::from(k) / 1_000.0);
        let losses: f64 = levels.map(|level| pinball(level, normal::quantile(level), 0.5)).sum();
        assert!((2.0 * losses / 999.0 - formula).abs() < 2e-3, "{losses}");
        assert_eq!(DECILES.len(), 9);
    }
}
