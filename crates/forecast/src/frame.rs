//! The grain models work at, and the way back to the steps of the series.
//!
//! Days are too fine for a yearly season: a daily history becomes one value per seven days (counted back from its last
//! day), the weekday pattern of the recent past is taken off before and put back after, and what remains day by day is
//! drawn again from the past, a week at a time. Every other grain is modelled as it is.

use crate::decompose::Sample;
use crate::draws::Draws;
use crate::series::Nature;
use crate::transform::{Transform, median};

/// Days of a block.
const BLOCK: usize = 7;
/// Days from which a weekday pattern is read: a year, so that it is that of today.
const RECENT: usize = 364;
/// The least days for blocks; fewer are modelled day by day.
const LEAST_DAYS: usize = 56;

/// A history on the scale and at the grain of the models.
pub struct Frame {
    /// The scale.
    pub transform: Transform,
    /// What models are fitted to.
    pub sample: Sample,
    unfold: Unfold,
}

enum Unfold {
    /// The series' own steps.
    AsIs,
    /// Blocks of seven days.
    Days {
        /// What each place in the block adds.
        pattern: [f64; BLOCK],
        /// What remained, block by block.
        noise: Vec<[f64; BLOCK]>,
        /// The last block's value, from which a level moves on day by day; `None` for what is spread evenly.
        from: Option<f64>,
    },
}

impl Frame {
    /// A frame for values already on the model's scale, one per step of the series. `daily` histories are blocked.
    pub fn new(z: &[f64], transform: Transform, nature: Nature, season: usize, daily: bool) -> Frame {
        if !daily || z.len() < LEAST_DAYS {
            return Frame { transform, sample: Sample::new(z.to_vec(), season), unfold: Unfold::AsIs };
        }
        let days = &z[z.len() % BLOCK..];
        let pattern = weekday_pattern(days);
        let flat: Vec<f64> = days.iter().enumerate().map(|(day, value)| value - pattern[day % BLOCK]).collect();
        let level = nature == Nature::Level;
        let blocks: Vec<f64> = flat.chunks_exact(BLOCK).map(|block| block_value(block, level)).collect();
        let noise = block_noise(&flat, &blocks, level);
        let from = blocks.last().copied().filter(|_| level);
        Frame { transform, sample: Sample::new(blocks, 52), unfold: Unfold::Days { pattern, noise, from } }
    }

    /// How many steps of the models cover so many steps of the series.
    pub fn model_steps(&self, steps: usize) -> usize {
        match self.unfold {
            Unfold::AsIs => steps,
            Unfold::Days { .. } => steps.div_ceil(BLOCK),
        }
    }

    /// How many steps of the series a step of the models covers.
    pub fn block(&self) -> usize {
        match self.unfold {
            Unfold::AsIs => 1,
            Unfold::Days { .. } => BLOCK,
        }
    }

    /// Later values, still on the model's scale, as the models count them: what they should have forecast.
    pub fn later(&self, z: &[f64]) -> Vec<f64> {
        match &self.unfold {
            Unfold::AsIs => z.to_vec(),
            Unfold::Days { pattern, from, .. } => z
                .chunks_exact(BLOCK)
                .map(|block| {
                    let flat: Vec<f64> = block.iter().zip(pattern).map(|(value, add)| value - add).collect();
                    block_value(&flat, from.is_some())
                })
                .collect(),
        }
    }

    /// Turns a future of the models into one of the series' steps, still on the model's scale.
    pub fn unfold(&self, future: &[f64], draws: &mut Draws, steps: &mut [f64]) {
        match &self.unfold {
            Unfold::AsIs => steps.copy_from_slice(&future[..steps.len()]),
            Unfold::Days { pattern, noise, from } => {
                let mut before = *from;
                for (days, value) in steps.chunks_mut(BLOCK).zip(future) {
                    let drawn = noise.get(draws.below(noise.len())).copied().unwrap_or_default();
                    for (day, step) in days.iter_mut().enumerate() {
                        let part = (day + 1) as f64 / BLOCK as f64;
                        let base = before.map_or(*value, |last| last + part * (value - last));
                        *step = base + pattern[day] + drawn[day];
                    }
                    before = before.map(|_| *value);
                }
            }
        }
    }
}

/// Flows and shares are the mean of their days, levels the last one.
fn block_value(block: &[f64], level: bool) -> f64 {
    if level {
        return block.last().copied().unwrap_or(0.0);
    }
    // The middle five of seven: a holiday among them does not move the week.
    block.iter().sum::<f64>() / block.len().max(1) as f64
}

/// The median deviation of each weekday from its week's mean, summing to zero.
fn weekday_pattern(days: &[f64]) -> [f64; BLOCK] {
    let recent = &days[days.len().saturating_sub(RECENT)..];
    let mut places: [Vec<f64>; BLOCK] = Default::default();
    for block in recent.chunks_exact(BLOCK) {
        let middle = block.iter().sum::<f64>() / BLOCK as f64;
        for (place, value) in places.iter_mut().zip(block) {
            place.push(value - middle);
        }
    }
    let mut pattern = [0.0; BLOCK];
    for (value, place) in pattern.iter_mut().zip(&places) {
        *value = median(place).unwrap_or(0.0);
    }
    let middle = pattern.iter().sum::<f64>() / BLOCK as f64;
    pattern.iter_mut().for_each(|value| *value -= middle);
    pattern
}

/// What remains of the last two years' days after pattern and block.
fn block_noise(flat: &[f64], blocks: &[f64], level: bool) -> Vec<[f64; BLOCK]> {
    let skip = blocks.len().saturating_sub(104).max(1);
    let mut noise = Vec::new();
    for (at, block) in flat.chunks_exact(BLOCK).enumerate().skip(skip) {
        let mut row = [0.0; BLOCK];
        for (day, (rest, value)) in row.iter_mut().zip(block).enumerate() {
            let part = (day + 1) as f64 / BLOCK as f64;
            let base = if level { blocks[at - 1] + part * (blocks[at] - blocks[at - 1]) } else { blocks[at] };
            *rest = value - base;
        }
        noise.push(row);
    }
    noise
}
