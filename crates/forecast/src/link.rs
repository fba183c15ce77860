//! Quarters whose number does not follow from their steps (distinct counts, percentiles): the ratio of the quarter's own
//! number to the mean of its steps is a series of its own, forecast from the quarters there are.
//!
//! Before the first quarter is complete, what was counted so far in one says how the count of a stretch grows with its
//! length: as a power of it. Heaps (1978), "Information Retrieval: Computational and Theoretical Aspects", section 7.5
//! (distinct words in a text).

use crate::draws::Draws;
use crate::history::days_between;
use crate::roll::{Rule, Scene, mean_length};
use crate::series::Roll;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};

/// The distribution of a ratio: lognormal.
pub struct Link {
    middle: f64,
    spread: f64,
    /// From how many past quarters.
    pub quarters: usize,
}

/// Learns the ratio for a window from the complete quarters of the same grain that ended by a day. `None` for a distinct
/// count of which neither such a quarter is known nor two steps of one.
pub fn learn(scene: &Scene<'_>, calendar: &Calendar, window: Period, known: NaiveDate) -> Option<Link> {
    let series = scene.history.series;
    let mut ratios = Vec::new();
    for entry in series.quarters.iter().filter(|entry| entry.complete && entry.period.grain() == window.grain()) {
        let (from, to) = (calendar.starts(entry.period), calendar.ends(entry.period));
        if to <= known
            && let Some(ratio) = log_ratio(scene, from, to, entry.value)
        {
            ratios.push(ratio);
        }
    }
    if ratios.is_empty() && series.roll == Roll::Distinct {
        return grown(scene, calendar, window);
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
    Some(Link { middle: predict(&ratios).unwrap_or(0.0), spread, quarters: ratios.len() })
}

/// ln of a stretch's own number over the mean of its steps; `None` where these are not all known.
fn log_ratio(scene: &Scene<'_>, from: NaiveDate, to: NaiveDate, value: f64) -> Option<f64> {
    let inside = scene.history.starts.first().is_some_and(|first| *first <= from);
    let Rule::Linear { constant, terms } = scene.rule_between(from, to, None) else { return None };
    let ratio = value / constant;
    (inside && terms.is_empty() && ratio > 0.0 && ratio.is_finite()).then(|| libm::log(ratio))
}

/// The ratio of a whole window from what was counted so far in one. Nothing says how well the power holds on, so the spread
/// is half of what it adds, and the tenth of [`learn`].
fn grown(scene: &Scene<'_>, calendar: &Calendar, window: Period) -> Option<Link> {
    let step = mean_length(scene.history.series.grain);
    let whole = days_between(calendar.starts(window), calendar.ends(window)) + 1.0;
    let last = scene.history.starts.get(scene.cut)?.pred_opt()?;
    let stretch = |entry: &crate::series::QuarterValue| {
        let from = calendar.starts(entry.period);
        let days = days_between(from, entry.through) + 1.0;
        // The mean of the steps that are over stands for the last days too.
        let ratio = log_ratio(scene, from, entry.through.min(last), entry.value)?;
        (days >= 2.0 * step).then_some((days, ratio))
    };
    let longest = scene.observed.iter().filter(|entry| entry.period.grain() == window.grain()).filter_map(stretch);
    let (days, ratio) = longest.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let power = (ratio / libm::log(days / step)).clamp(0.0, 1.0);
    let further = power * libm::log(whole / days);
    Some(Link { middle: ratio + further, spread: libm::hypot(0.1, 0.5 * further), quarters: 0 })
}

impl Link {
    /// Multiplies each path's mean of steps by a draw of the ratio.
    pub fn apply(&self, values: &mut [f64], draws: &mut Draws) {
        for value in values {
            *value *= libm::exp(self.middle + self.spread * draws.normal());
        }
    }
}
