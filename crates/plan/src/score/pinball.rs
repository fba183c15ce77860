//! The pinball score of a distribution given by percentiles.
//!
//! For a percentile q of level τ and what came, y: `2·(τ − [y < q])·(y − q)`, averaged over levels. For many levels it is the
//! continuous ranked probability score (Gneiting and Ranjan 2011, "Comparing Density Forecasts Using Threshold- and
//! Quantile-Weighted Scoring Rules"): in the unit of the metric, 0 is perfect, and for a single number it is the absolute
//! error. Divided by a scale of the metric it can be compared and averaged over metrics.

/// The mean pinball score of percentiles, as (level, value); `None` of none.
pub fn pinball(percentiles: &[(f64, f64)], came: f64) -> Option<f64> {
    let one = |(level, value): &(f64, f64)| {
        let below = f64::from(u8::from(came < *value));
        2.0 * (level - below) * (came - value)
    };
    (!percentiles.is_empty()).then(|| percentiles.iter().map(one).sum::<f64>() / percentiles.len() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::pinball;

    #[test]
    fn worked_by_hand() {
        // 90, 100 and 110 at 10, 50 and 90 %; 104 came: 2·0.1·14 = 2.8, 2·0.5·4 = 4, 2·(0.9 − 1)·(−6) = 1.2: 8 / 3.
        let said = [(0.1, 90.0), (0.5, 100.0), (0.9, 110.0)];
        assert!((pinball(&said, 104.0).unwrap() - 8.0 / 3.0).abs() < 1e-12);
        // A single number: the absolute error.
        assert!((pinball(&[(0.1, 100.0), (0.5, 100.0), (0.9, 100.0)], 104.0).unwrap() - 4.0).abs() < 1e-12);
        assert!((pinball(&[(0.1, 100.0), (0.5, 100.0), (0.9, 100.0)], 96.0).unwrap() - 4.0).abs() < 1e-12);
        assert_eq!(pinball(&[], 1.0), None);
    }
}
