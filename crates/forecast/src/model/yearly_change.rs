//! Last year plus the latest yearly change: what this time last year was, moved by how far we are from last year now.
//!
//! ŷ(n+h) = y(n+h−m) + (y(n) − y(n−m)) on the transformed scale, so a ratio on the log scale; the latest change is the
//! weighted mean of the last few (weights falling by half every season/8 steps). It needs no season test, keeps the
//! shape of the last year and errs unlike models that smooth. The change moves on as a random walk. A relative of the
//! seasonal random walk with drift of Box & Jenkins (1970), "Time Series Analysis: Forecasting and Control", chapter 9.

use super::{EXTRA, Fitted, Model, Walk, noise_and_steps};
use crate::decompose::Sample;

/// The model; it has no settings.
pub struct YearlyChange;

struct State {
    cycle: Vec<f64>,
    change: f64,
    /// How the yearly change moves.
    errors: Walk,
    /// Spread of the noise that the latest change, a mean of several, still holds.
    off: f64,
}

impl Model for YearlyChange {
    fn name(&self) -> &'static str {
        "yearly_change"
    }

    fn prior(&self) -> f64 {
        0.45
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let season = sample.season;
        if season < 2 || sample.len() < 2 * season {
            return None;
        }
        let changes: Vec<f64> = sample.z.iter().zip(sample.z.iter().skip(season)).map(|(a, b)| b - a).collect();
        let fade = libm::exp2(-8.0 / season as f64);
        let (mut sum, mut weights, mut squares, mut weight) = (0.0, 0.0, 0.0, 1.0);
        for change in changes.iter().rev().take(season) {
            sum += weight * change;
            weights += weight;
            squares += weight * weight;
            weight *= fade;
        }
        let (noise, steps) = noise_and_steps(&changes, 0.0, season);
        let cycle = sample.z.get(sample.len() - season..)?.to_vec();
        let off = noise * f64::sqrt(squares) / weights;
        Some(Box::new(State { cycle, change: sum / weights, errors: Walk::new(noise, steps), off }))
    }
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let season = self.cycle.len();
        let mut change = self.change + self.off * shocks[0];
        for step in 0..future.len() {
            let before = if step < season { self.cycle[step] } else { future[step - season] };
            let error = self.errors.spread * shocks[EXTRA + step];
            future[step] = before + change + error;
            change += self.errors.gain * error;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::YearlyChange;
    use crate::decompose::Sample;
    use crate::model::{Model, point};

    #[test]
    fn moves_last_year_by_the_latest_change() {
        let sample = Sample::new(vec![1.0, 5.0, 2.0, 6.0, 3.0, 7.0], 2);
        let forecast = point(&*YearlyChange.fit(&sample).unwrap(), 4);
        for (found, expected) in forecast.iter().zip([4.0, 8.0, 5.0, 9.0]) {
            assert!((found - expected).abs() < 1e-12, "{forecast:?}");
        }
    }

    #[test]
    fn needs_two_years() {
        assert!(YearlyChange.fit(&Sample::new(vec![1.0; 7], 4)).is_none());
        assert!(YearlyChange.fit(&Sample::new(vec![1.0; 70], 1)).is_none());
    }
}
