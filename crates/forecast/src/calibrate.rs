//! How wide a forecast must be so that its chances come true.
//!
//! Every model knows only its own noise, not that it may be the wrong model: its futures are too narrow. The factor on
//! the width about the median is learnt from past errors of the very same procedure, each measured in spreads of its own
//! forecast, and shrunk to a prior made from many series: with few origins the prior speaks.

use crate::distribution::quantile_sorted;
use crate::outlook::Calibration;
use crate::transform::Transform;

/// What the train rows of many series say before anything is known of the one at hand; `examples/prior.rs` measures it.
pub mod prior {
    /// The factor, of windows and of single steps: a pool of models is a little too wide.
    pub const WIDTH: f64 = 0.95;
    /// How many origins of one series it is worth.
    pub const ORIGINS: f64 = 6.0;
    /// How many series of a pool it is worth: they saw the same shocks, so that they are fewer than they seem.
    pub const SERIES: f64 = 15.0;
}

/// A normal distribution's spread over its mean absolute deviation: √(π/2).
const HALF_NORMAL: f64 = 1.253_314_137_315_5;
/// What each origin counts of the one after it.
const FADE: f64 = 0.8;
/// An error counts for at most so many spreads.
const MOST: f64 = 3.5;

/// The error of a past forecast in units of its spread, on the transformed scale: (actual − median) / (width of the
/// middle 80 % / 2.563). `None` where the forecast had no width.
pub fn standardised(transform: Transform, sorted: &[f64], actual: f64) -> Option<f64> {
    let at = |p| quantile_sorted(sorted, p).map(|value| transform.forward(value));
    let (low, middle, high) = (at(0.1)?, at(0.5)?, at(0.9)?);
    let spread = (high - low) / 2.563_103_131;
    let error = (transform.forward(actual) - middle) / spread;
    (spread > 1e-12 && error.is_finite()).then_some(error)
}

/// The width factor from past errors, oldest first. Older ones count less: a forecast has more to learn from its own
/// errors of last year than from those made when it knew a third of what it knows now.
pub fn width(errors: &[f64]) -> Calibration {
    width_from(errors, prior::WIDTH, prior::ORIGINS)
}

/// The same for a window further ahead, shrunk to what was learnt of a nearer one.
fn width_from(errors: &[f64], prior: f64, origins: f64) -> Calibration {
    let (mut sum, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for error in errors.iter().rev() {
        // The mean error, not the mean square: after one great surprise the range would stay wide for years.
        sum += weight * error.abs().min(MOST) * HALF_NORMAL;
        weights += weight;
        weight *= FADE;
    }
    let mean = (origins * prior + sum) / (origins + weights);
    // Few origins say little: a little wider still.
    let width = (mean * (1.0 + 0.4 / (origins + weights)) * 1000.0).round() / 1000.0;
    let note = match errors.len() {
        0 => format!("No past forecast could be checked: the range is made {width} times as wide, as usual elsewhere."),
        1 => {
            format!("One past forecast was checked; mostly by experience elsewhere the range is {width} times as wide.")
        }
        n => {
            format!("Learnt from {n} past forecasts: the range is made {width} times as wide as the models alone say.")
        }
    };
    Calibration { width, origins: errors.len(), note }
}

/// The factors of the next window and of the one after, and what they are made from in a sentence.
pub fn both(next: &[f64], after: &[f64]) -> (Calibration, f64) {
    let mut calibration = width(next);
    if after.is_empty() {
        let same = calibration.width;
        return (calibration, same);
    }
    // Errors two windows ahead overlap from one origin to the next: two say as much as one.
    let further = width_from(after, calibration.width, 2.0 * prior::ORIGINS).width;
    calibration.note = format!("{} For the period after it, {further} times.", calibration.note);
    (calibration, further)
}

/// The error of one step of a past forecast.
#[derive(Clone, Copy, Debug)]
pub struct StepError {
    /// The step, from 0.
    pub step: usize,
    /// Actual minus median, in spreads of the forecast.
    pub error: f64,
}

/// Width factors for `horizon` steps from errors of `series` sequences: at each step, the 80 % quantile of the absolute
/// errors of neighbouring steps over that of a normal distribution, shrunk to the prior. The quantile is the conformal one
/// (Vovk, Gammerman & Shafer 2005, "Algorithmic Learning in a Random World", chapter 2).
pub fn step_widths(errors: &[StepError], horizon: usize, series: usize) -> Vec<f64> {
    let reach = horizon / 6;
    (0..horizon)
        .map(|step| {
            let near: Vec<f64> = errors
                .iter()
                .filter(|error| error.step + reach >= step && error.step <= step + reach)
                .map(|error| error.error.abs())
                .collect();
            // Errors of one sequence at neighbouring steps and origins say much the same: a sequence counts once.
            let known = if near.is_empty() { 0.0 } else { series as f64 };
            // What is next is one more among so many: its rank decides which of them it stays below.
            let level = (0.8 * (1.0 + 1.0 / near.len().max(1) as f64)).min(0.95);
            let measured = quantile_sorted(&crate::distribution::sorted(&near), level).map(|at| at / 1.281_551_566);
            let trust = known / (known + prior::SERIES);
            let measured = measured.unwrap_or(prior::WIDTH).clamp(0.4, 4.0);
            libm::exp(trust * libm::log(measured) + (1.0 - trust) * libm::log(prior::WIDTH))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{StepError, both, step_widths, width};

    #[test]
    fn without_errors_the_prior_speaks_and_errors_outvote_it() {
        // .95 · (1 + 0.4 / 6), rounded.
        assert_eq!(width(&[]).width, 1.013);
        // Twenty errors count (1 − 0.8²⁰) / 0.2 = 4.9424; one of 2 spreads says 2 · 1.2533 = 2.5066.
        let wider = (6.0 * 0.95 + 4.9424 * 2.5066) / 10.9424 * (1.0 + 0.4 / 10.9424);
        assert!((width(&[2.0; 20]).width - wider).abs() < 1e-3);
        let narrower = (6.0 * 0.95 + 4.9424 * 0.12533) / 10.9424 * (1.0 + 0.4 / 10.9424);
        assert!((width(&[0.1; 20]).width - narrower).abs() < 1e-3);
    }

    #[test]
    fn what_is_recent_counts_more_and_one_surprise_little() {
        let calmed: Vec<f64> = [[2.0; 8], [0.3; 8]].concat();
        let stirred: Vec<f64> = calmed.iter().rev().copied().collect();
        assert!(width(&calmed).width < 0.75 * width(&stirred).width);
        let mut surprised = vec![0.8; 16];
        let before = width(&surprised).width;
        surprised[15] = 40.0;
        assert!(width(&surprised).width < 1.5 * before);
    }

    #[test]
    fn the_window_after_has_a_width_of_its_own() {
        let (next, same) = both(&[0.5; 12], &[]);
        assert_eq!(next.width, same);
        let (_, wider) = both(&[0.5; 12], &[2.0; 11]);
        let (_, narrower) = both(&[0.5; 12], &[0.2; 11]);
        assert!(narrower < same && wider > 1.3 * same, "{narrower} {same} {wider}");
    }

    #[test]
    fn step_widths_bring_four_fifths_inside() {
        let mut draws = crate::draws::Draws::named(1, "steps");
        let errors: Vec<StepError> = (0..400)
            .flat_map(|_| (0..2).map(|step| (step, draws.normal())).collect::<Vec<_>>())
            .map(|(step, z)| StepError { step, error: z * (1.0 + step as f64) })
            .collect();
        let widths = step_widths(&errors, 2, 200);
        assert!((widths[0] - 1.0).abs() < 0.12 && (widths[1] - 2.0).abs() < 0.25, "{widths:?}");
    }
}
