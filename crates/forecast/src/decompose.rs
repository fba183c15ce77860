//! Season and trend taken apart on the scale models work on.

/// A history ready for models: no gaps, on the transformed scale, with its season.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The values, oldest first; at least one, all finite.
    pub z: Vec<f64>,
    /// Steps until the same time of the next cycle; 1 for none.
    pub season: usize,
    /// What the season adds at step t, by t modulo the season; empty where no season was found.
    pub pattern: Vec<f64>,
}

/// Longest season a state-space model carries as states; longer ones are taken off beforehand.
pub const LONGEST_STATE: usize = 24;

impl Sample {
    /// Looks for a season in the values.
    pub fn new(z: Vec<f64>, season: usize) -> Sample {
        let season = season.max(1);
        let pattern = if season > LONGEST_STATE { long_pattern(&z, season) } else { short_pattern(&z, season) };
        Sample { z, season, pattern: pattern.unwrap_or_default() }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.z.len()
    }

    /// What the season adds at step `t`, counted from the first value on, past the last one too.
    pub fn seasonal(&self, t: usize) -> f64 {
        if self.pattern.is_empty() { 0.0 } else { self.pattern[t % self.season] }
    }

    /// The values without their season.
    pub fn adjusted(&self) -> Vec<f64> {
        self.z.iter().enumerate().map(|(t, value)| value - self.seasonal(t)).collect()
    }
}

/// Whether values have a season, by the test of the M4 competition's benchmark (Makridakis, Spiliotis & Assimakopoulos
/// 2020, "The M4 Competition", International Journal of Forecasting 36): the autocorrelation at the season's lag is
/// significant at 90 % against Bartlett's formula. Never with fewer than three cycles.
pub fn is_seasonal(values: &[f64], season: usize) -> bool {
    if season < 2 || values.len() < 3 * season {
        return false;
    }
    let correlations = autocorrelations(values, season);
    let Some((at_season, before)) = correlations.split_last() else { return false };
    let sum: f64 = before.iter().map(|value| value * value).sum();
    at_season.abs() > 1.645 * ((1.0 + 2.0 * sum) / values.len() as f64).sqrt()
}

/// Autocorrelations at lags 1 to `most`; zeros for a constant.
pub fn autocorrelations(values: &[f64], most: usize) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let total: f64 = centred.iter().map(|value| value * value).sum();
    (1..=most)
        .map(|lag| {
            let sum: f64 = centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum();
            if total > 0.0 { sum / total } else { 0.0 }
        })
        .collect()
}

/// The moving average over one full cycle, centred (both ends counted half for an even season); `None` where the window
/// leaves the values.
pub fn centred_average(values: &[f64], season: usize) -> Vec<Option<f64>> {
    let half = season / 2;
    let n = values.len();
    let mut sums = vec![0.0];
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    (0..n)
        .map(|t| {
            if t < half || t + half >= n {
                return None;
            }
            let all = sums[t + half + 1] - sums[t - half];
            let ends = if season.is_multiple_of(2) { 0.5 * (values[t - half] + values[t + half]) } else { 0.0 };
            Some((all - ends) / season as f64)
        })
        .collect()
}

/// Classical additive decomposition (Kendall & Stuart 1983, "The Advanced Theory of Statistics", volume 3): the mean
/// deviation from the centred moving average at each place in the cycle, summing to zero.
fn short_pattern(z: &[f64], season: usize) -> Option<Vec<f64>> {
    let detrended = is_seasonal(z, season).then(|| deviations(z, season))?;
    let means = detrended.iter().map(|place| mean(place)).collect::<Option<Vec<f64>>>()?;
    Some(centre(means))
}

/// The pattern of a long season (weeks of a year) from few cycles: deviations from the moving average, smoothed over
/// neighbouring places and shrunk by how well the cycles agree with each other, in the manner of James and Stein.
fn long_pattern(z: &[f64], season: usize) -> Option<Vec<f64>> {
    if z.len() < 2 * season + season / 4 {
        return None;
    }
    let places = deviations(z, season);
    let raw: Vec<f64> = places.iter().map(|place| crate::transform::median(place).unwrap_or(0.0)).collect();
    let smooth = centre(smooth_circle(&raw));
    // What one cycle tells about another: the regression of each deviation on the mean of the other cycles there.
    let (mut cross, mut own) = (0.0, 0.0);
    for (place, deviations) in places.iter().enumerate() {
        for value in deviations {
            let others = if deviations.len() > 1 {
                (deviations.iter().sum::<f64>() - value) / (deviations.len() - 1) as f64
            } else {
                smooth[place] * 0.5
            };
            cross += value * others;
            own += others * others;
        }
    }
    let agreement = if own > 0.0 { (cross / own).clamp(0.0, 1.0) } else { 0.0 };
    let enough = if z.len() < 3 * season { 0.6 } else { 1.0 };
    (agreement > 0.1).then(|| smooth.iter().map(|value| value * agreement * enough).collect())
}

/// Deviations from the centred moving average, by place in the cycle.
fn deviations(z: &[f64], season: usize) -> Vec<Vec<f64>> {
    let mut places = vec![Vec::new(); season];
    for (t, average) in centred_average(z, season).into_iter().enumerate() {
        if let Some(average) = average {
            places[t % season].push(z[t] - average);
        }
    }
    places
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn centre(mut values: Vec<f64>) -> Vec<f64> {
    let middle = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter_mut().for_each(|value| *value -= middle);
    values
}

/// Weights 1, 2, 1 over neighbours around the circle.
fn smooth_circle(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    (0..n).map(|t| 0.25 * values[(t + n - 1) % n] + 0.5 * values[t] + 0.25 * values[(t + 1) % n]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Sample, autocorrelations, centred_average, is_seasonal};

    #[test]
    fn a_season_on_a_line_comes_out_exactly() {
        let season = [3.0, -1.0, 2.0, -4.0];
        let z: Vec<f64> = (0..24).map(|t| 10.0 + 0.5 * t as f64 + season[t % 4]).collect();
        let sample = Sample::new(z, 4);
        for (t, value) in season.iter().enumerate() {
            assert!((sample.seasonal(t) - value).abs() < 1e-12);
        }
        assert!((sample.adjusted()[7] - 13.5).abs() < 1e-12);
    }

    #[test]
    fn a_line_and_a_constant_have_no_season() {
        assert!(!is_seasonal(&[5.0; 40], 4));
        let alternating: Vec<f64> = (0..40).map(|t| f64::from(t % 2)).collect();
        assert!(!is_seasonal(&alternating[..11], 4), "fewer than three cycles");
        assert!(is_seasonal(&alternating, 4));
    }

    #[test]
    fn worked_by_hand() {
        // Mean 2.5; deviations −1.5 −0.5 0.5 1.5; lag 1: (0.75 − 0.25 + 0.75) / 5 = 0.25.
        assert!((autocorrelations(&[1.0, 2.0, 3.0, 4.0], 1)[0] - 0.25).abs() < 1e-15);
        // Season 2: (½·1 + 2 + ½·6) / 2 = 2.75 at the second place.
        assert_eq!(centred_average(&[1.0, 2.0, 6.0], 2), vec![None, Some(2.75), None]);
    }

    #[test]
    fn a_yearly_season_of_weeks_is_found_and_noise_is_not() {
        let wave: Vec<f64> = (0..208).map(|t| libm::sin(t as f64 / 52.0 * std::f64::consts::TAU)).collect();
        let sample = Sample::new(wave, 52);
        assert!((sample.seasonal(13) - 1.0).abs() < 0.1, "{}", sample.seasonal(13));
        let mut draws = crate::draws::Draws::named(1, "noise");
        let noise: Vec<f64> = (0..208).map(|_| draws.normal()).collect();
        let pattern = Sample::new(noise, 52).pattern;
        assert!(pattern.iter().map(|value| value.abs()).sum::<f64>() < 52.0 * 0.2);
    }
}
