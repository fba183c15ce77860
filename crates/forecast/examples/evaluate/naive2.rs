//! Naive2 as in the M4 competition: the last seasonally adjusted value, its season put back.

use super::data::Entry;

/// Its figures over a set.
pub struct Reference {
    pub smape: f64,
    pub mase: f64,
}

/// Scores Naive2 on a set; its period is the lag errors are scaled by, so that M4 weekly data (lag 1) gets the plain naive
/// forecast, as in that competition.
pub fn score(set: &[Entry], season: usize, lag: usize) -> Reference {
    let (mut smape, mut mase, mut scaled) = (0.0, 0.0, 0);
    for entry in set {
        let forecast = forecast(&entry.train, season, entry.test.len());
        smape += super::measure::smape(&forecast, &entry.test);
        let scale = entry.scale(lag);
        if scale > 0.0 {
            mase += super::measure::mean_absolute(&forecast, &entry.test) / scale;
            scaled += 1;
        }
    }
    Reference { smape: smape / set.len().max(1) as f64, mase: mase / f64::from(scaled.max(1)) }
}

/// Seasonal if n ≥ 3L and |acf_L| > 1.645·√((1 + 2Σ_{i<L} acf_i²)/n); classical multiplicative decomposition; none where
/// train has a value ≤ 0.
pub fn forecast(train: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let n = train.len();
    let indices = if season > 1 && train.iter().all(|value| *value > 0.0) && is_seasonal(train, season) {
        seasonal_indices(train, season)
    } else {
        vec![1.0; season.max(1)]
    };
    let last = train[n - 1] / indices[(n - 1) % indices.len()];
    (0..horizon).map(|step| last * indices[(n + step) % indices.len()]).collect()
}

fn is_seasonal(train: &[f64], season: usize) -> bool {
    let n = train.len();
    if n < 3 * season {
        return false;
    }
    let mean = train.iter().sum::<f64>() / n as f64;
    let total: f64 = train.iter().map(|value| (value - mean) * (value - mean)).sum();
    let acf = |lag: usize| {
        let sum: f64 = train.iter().zip(&train[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
        if total > 0.0 { sum / total } else { 0.0 }
    };
    let before: f64 = (1..season).map(|lag| acf(lag) * acf(lag)).sum();
    acf(season).abs() > 1.645 * ((1.0 + 2.0 * before) / n as f64).sqrt()
}

fn seasonal_indices(train: &[f64], season: usize) -> Vec<f64> {
    let (n, half) = (train.len(), season / 2);
    let mut sums = vec![(0.0, 0.0); season];
    for t in half..n - half {
        let window = &train[t - half..=t + half];
        let ends = if season.is_multiple_of(2) { 0.5 * (window[0] + window[window.len() - 1]) } else { 0.0 };
        let average = (window.iter().sum::<f64>() - ends) / season as f64;
        sums[t % season].0 += train[t] / average;
        sums[t % season].1 += 1.0;
    }
    let raw: Vec<f64> = sums.iter().map(|(sum, count)| sum / count).collect();
    let mean = raw.iter().sum::<f64>() / season as f64;
    raw.iter().map(|value| value / mean).collect()
}
