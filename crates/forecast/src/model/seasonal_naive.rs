//! Seasonal naive: next year's May is this year's May.
//!
//! ŷ(n+h) = y(n+h−m), with m the season (m = 1: the last value). Its errors are the differences between cycles; they
//! follow each other within a cycle, so each path's error is an autoregression of order 1 with the correlation measured
//! on the past differences, and adds up from cycle to cycle. No parameter is fitted. It is the template for the other
//! models and the yardstick they are reported against: Hyndman & Athanasopoulos (2021), "Forecasting: Principles and
//! Practice", 3rd edition, section 5.2.

use super::{EXTRA, Fitted, Model, Walk, noise_and_steps, spread};
use crate::decompose::{Sample, autocorrelations};

/// The model; it has no settings.
pub struct SeasonalNaive;

struct State {
    /// The last cycle, oldest first.
    cycle: Vec<f64>,
    errors: Errors,
}

/// How the naive forecast errs.
enum Errors {
    /// By differences between cycles, which follow each other as strongly as `follow` says, 0 to 0.95.
    Cycles { spread: f64, follow: f64 },
    /// By what passes and what stays of a level, where there is no cycle.
    Level(Walk),
}

impl Model for SeasonalNaive {
    fn name(&self) -> &'static str {
        super::YARDSTICK
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        // With less than two cycles the naive forecast of the last value stands in for it.
        let season = if sample.len() >= 2 * sample.season { sample.season } else { 1 };
        let cycle = sample.z.get(sample.len().checked_sub(season)?..)?.to_vec();
        let differences: Vec<f64> =
            sample.z.iter().zip(sample.z.iter().skip(season)).map(|(before, after)| after - before).collect();
        let errors = if season > 1 {
            Errors::Cycles { spread: spread(&differences, 0), follow: second_moment_correlation(&differences) }
        } else {
            let (noise, steps) = noise_and_steps(&sample.z, 0.0, sample.season.max(4));
            Errors::Level(Walk::new(noise, steps))
        };
        Some(Box::new(State { cycle, errors }))
    }
}

/// Correlation at lag 1, counting a common shift of all differences (growth) as something they share.
fn second_moment_correlation(differences: &[f64]) -> f64 {
    let total: f64 = differences.iter().map(|value| value * value).sum();
    let pairs: f64 = differences.iter().zip(differences.iter().skip(1)).map(|(a, b)| a * b).sum();
    let about_mean = autocorrelations(differences, 1).first().copied().unwrap_or(0.0);
    if total > 0.0 { (pairs / total).max(about_mean).clamp(0.0, 0.95) } else { 0.0 }
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let season = self.cycle.len();
        match &self.errors {
            Errors::Cycles { spread, follow } => {
                let fresh = (1.0 - follow * follow).sqrt();
                let mut error = shocks[0];
                for step in 0..future.len() {
                    let before = if step < season { self.cycle[step] } else { future[step - season] };
                    error = follow * error + fresh * shocks[EXTRA + step];
                    future[step] = before + spread * error;
                }
            }
            Errors::Level(walk) => {
                let mut level = self.cycle.last().copied().unwrap_or(0.0) + walk.last() * shocks[0];
                for (value, shock) in future.iter_mut().zip(shocks.iter().skip(EXTRA)) {
                    *value = level + walk.spread * shock;
                    level += walk.gain * walk.spread * shock;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::SeasonalNaive;
    use crate::decompose::Sample;
    use crate::model::{EXTRA, Model, point};

    #[test]
    fn repeats_the_last_cycle() {
        let sample = Sample::new(vec![1.0, 5.0, 2.0, 6.0, 3.0, 9.0], 2);
        let fitted = SeasonalNaive.fit(&sample).unwrap();
        assert_eq!(point(&*fitted, 5), vec![3.0, 9.0, 3.0, 9.0, 3.0]);
    }

    #[test]
    fn errors_add_up_over_cycles() {
        // Differences of two steps: 1, 1, 1, 3; their mean square is 3.
        let sample = Sample::new(vec![1.0, 5.0, 2.0, 6.0, 3.0, 9.0], 2);
        let fitted = SeasonalNaive.fit(&sample).unwrap();
        let mut path = [0.0; 4];
        fitted.simulate(&[0.0; EXTRA + 4], &mut path);
        let mut shocks = [0.0; EXTRA + 4];
        shocks[EXTRA + 3] = 1.0;
        let mut shocked = [0.0; 4];
        fitted.simulate(&shocks, &mut shocked);
        assert_eq!(path[..3], shocked[..3]);
        assert!(shocked[3] > path[3]);
    }
}
