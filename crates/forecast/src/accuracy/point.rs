//! Point forecasts: sMAPE, MASE, OWA.

/// The symmetric error in percent, 0 to 200: the mean of 200·|f − y| / (|f| + |y|), 0 where both are 0. Makridakis (1993),
/// "Accuracy Measures: Theoretical and Practical Concerns", International Journal of Forecasting 9, as the M3 and M4
/// competitions have it.
pub fn smape(forecast: &[f64], actual: &[f64]) -> f64 {
    let terms = forecast.iter().zip(actual).map(|(f, y)| {
        let size = f.abs() + y.abs();
        if size > 0.0 { 200.0 * (f - y).abs() / size } else { 0.0 }
    });
    terms.sum::<f64>() / actual.len().max(1) as f64
}

/// Mean absolute error, in the unit of the values.
pub fn mean_absolute(forecast: &[f64], actual: &[f64]) -> f64 {
    forecast.iter().zip(actual).map(|(f, y)| (f - y).abs()).sum::<f64>() / actual.len().max(1) as f64
}

/// What MASE and MSIS divide by: the mean absolute difference at a lag of the values known before the forecast; 0 where
/// there is none. Hyndman & Koehler (2006), "Another Look at Measures of Forecast Accuracy", International Journal of
/// Forecasting 22.
pub fn scale(known: &[f64], lag: usize) -> f64 {
    let pairs = known.iter().zip(known.iter().skip(lag));
    let (sum, count) = pairs.fold((0.0, 0), |(sum, count), (before, after)| (sum + (after - before).abs(), count + 1));
    sum / f64::from(count.max(1))
}

/// The mean absolute scaled error: [`mean_absolute`] over [`scale`]; `None` where the scale is 0.
pub fn mase(forecast: &[f64], actual: &[f64], scale: f64) -> Option<f64> {
    (scale > 0.0).then(|| mean_absolute(forecast, actual) / scale)
}

/// The overall weighted average of the M4 competition: the mean of sMAPE and MASE, each over that of the reference forecast
/// (all four already means over the set). Makridakis, Spiliotis & Assimakopoulos (2020), "The M4 Competition: 100,000 Time
/// Series and 61 Forecasting Methods", International Journal of Forecasting 36.
pub fn owa(smape: f64, mase: f64, reference: (f64, f64)) -> f64 {
    0.5 * (smape / reference.0 + mase / reference.1)
}

#[cfg(test)]
mod tests {
    use super::{mase, mean_absolute, owa, scale, smape};

    #[test]
    fn worked_by_hand() {
        // 200·1/3, 200·2/6 and nothing where both are 0.
        assert!((smape(&[1.0, 4.0, 0.0], &[2.0, 2.0, 0.0]) - 400.0 / 9.0).abs() < 1e-12);
        assert_eq!(smape(&[], &[]), 0.0);
        // One has no sign in it: 200 at most.
        assert_eq!(smape(&[-3.0], &[5.0]), 200.0);
        assert_eq!(mean_absolute(&[1.0, 4.0], &[2.0, 2.0]), 1.5);
        // |5 − 1|, |2 − 3|: mean 2.5.
        assert_eq!(scale(&[1.0, 3.0, 5.0, 2.0], 2), 2.5);
        assert_eq!(scale(&[1.0], 2), 0.0);
        assert_eq!(mase(&[1.0, 4.0], &[2.0, 2.0], 3.0), Some(0.5));
        assert_eq!(mase(&[1.0], &[2.0], 0.0), None);
        assert!((owa(9.0, 1.0, (10.0, 1.25)) - 0.85).abs() < 1e-12);
    }
}
