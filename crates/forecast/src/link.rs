//! Quarters whose number does not follow from their steps (distinct counts, percentiles): the ratio of the quarter's own
//! number to the mean of its steps is a series of its own, forecast from the quarters there are.

use crate::draws::Draws;
use crate::roll::{Rule, Scene};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};

/// The distribution of a ratio: lognormal.
pub struct Link {
    middle: f64,
    spread: f64,
    /// From how many past quarters.
    pub quarters: usize,
}

/// Learns the ratio for a window from the complete quarters of the same grain that ended by a day.
pub fn learn(scene: &Scene<'_>, calendar: &Calendar, window: Period, known: NaiveDate) -> Link {
    let series = scene.history.series;
    let mut ratios = Vec::new();
    for entry in series.quarters.iter().filter(|entry| entry.complete && entry.period.grain() == window.grain()) {
        let (from, to) = (calendar.starts(entry.period), calendar.ends(entry.period));
        let inside = scene.history.starts.first().is_some_and(|first| *first <= from);
        let Rule::Linear { constant, terms } = scene.rule_between(from, to, None) else { continue };
        let ratio = entry.value / constant;
        if inside && to <= known && terms.is_empty() && ratio > 0.0 && ratio.is_finite() {
            ratios.push(libm::log(ratio));
        }
    }
    let season = window.grain().season_length();
    let predict = |known: &[f64]| -> Option<f64> {
        let last = *known.last()?;
        let year = known.len().checked_sub(season).and_then(|at| known.get(at)).copied();
        Some(year.map_or(last, |year| 0.5 * (last + year)))
    };
    let misses: Vec<f64> =
        (1..ratios.len()).filter_map(|at| Some(ratios[at] - predict(&ratios[..at])?)).map(|miss| miss * miss).collect();
    // With few quarters, a tenth either way is thought possible.
    let squares = misses.iter().sum::<f64>() + 2.0 * 0.01;
    let spread = if misses.len() >= 8 {
        (misses.iter().sum::<f64>() / misses.len() as f64).sqrt()
    } else {
        (squares / (misses.len() as f64 + 2.0)).sqrt()
    };
    Link { middle: predict(&ratios).unwrap_or(0.0), spread, quarters: ratios.len() }
}

impl Link {
    /// Multiplies each path's mean of steps by a draw of the ratio.
    pub fn apply(&self, values: &mut [f64], draws: &mut Draws) {
        for value in values {
            *value *= libm::exp(self.middle + self.spread * draws.normal());
        }
    }
}
