//! Bends: a trend of straight pieces and a season of a few waves, chosen by the elastic net; what they miss moves on.
//!
//! y(t) = k·t + Σ δ_j·max(0, t − c_j) + Σ a_i·sin(2πit/m) + b_i·cos(2πit/m) + level(t) + noise, with up to 8 bends c_j
//! spread over the first 85 % of the history and up to 6 waves (Harvey & Peters 1990, "Estimation Procedures for Structural
//! Time Series Models", Journal of Forecasting 9, for the waves; Taylor & Letham 2018, "Forecasting at Scale", The American
//! Statistician 72, for the bends). Coefficients by the elastic net (Zou & Hastie 2005, "Regularization and Variable
//! Selection via the Elastic Net", Journal of the Royal Statistical Society B 67), its penalty by the corrected criterion of
//! Akaike. Bends are penalised four times as hard as the line and the waves. Effects of events are taken out of the history
//! before and put back after, for every model alike (`clean`). What the regression misses is a level seen through noise:
//! the last of it is carried on and moves. The trend goes on along its last piece, less and less (0.98 a step), with a slope as
//! uncertain as past bends were. It needs two cycles and 150 values and looks at five
//! cycles (120 values at least): on shorter histories it made the combination worse.

use super::{EXTRA, Fitted, Model, Walk, noise_and_steps};
use crate::decompose::Sample;
use crate::regress::elastic_net;

/// The model; it has no settings.
pub struct Bends;

/// Most bends of the trend.
const MOST_BENDS: usize = 8;
/// Most waves of a season.
const MOST_WAVES: usize = 6;
/// The least values.
const LEAST: usize = 150;
/// How much of the history is looked at: so many cycles at most.
const MOST_CYCLES: usize = 5;
/// The same for short cycles, in steps.
const LEAST_RECENT: usize = 120;
/// How much harder bends are penalised than the rest.
const BENDS_COST: f64 = 4.0;
/// Penalties tried, as parts of the one at which nothing is left.
const PENALTIES: [f64; 3] = [0.03, 0.01, 0.003];
/// What is kept of the slope at each coming step.
const FADE: f64 = 0.98;

struct State {
    /// The trend at the last step, and its slope there.
    trend: f64,
    slope: f64,
    slope_spread: f64,
    /// What the season adds, by place counted from the first coming step.
    cycle: Vec<f64>,
    /// What the last values lie above the regression.
    above: f64,
    errors: Walk,
}

impl Model for Bends {
    fn name(&self) -> &'static str {
        "bends"
    }

    fn prior(&self) -> f64 {
        0.3
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if sample.len() < (2 * sample.season).max(LEAST) {
            return None;
        }
        let recent = (MOST_CYCLES * sample.season).max(LEAST_RECENT).min(sample.len());
        let z = sample.z.get(sample.len() - recent..)?;
        let n = z.len();
        let design = Design::new(n, sample.season);
        let found = best(&design, z)?;
        let misses: Vec<f64> = z.iter().enumerate().map(|(t, z)| z - design.at(&found, t)).collect();
        let (noise, steps) = noise_and_steps(&misses, 0.0, sample.season.max(4));
        let errors = Walk::new(noise, steps);
        let above = misses.iter().fold(0.0, |level, miss| level + errors.gain * (miss - level));
        let (line, bends) = (found.get(design.waves_end..)?, &design.bends);
        let (first, deltas) = line.split_first()?;
        let slope = first + deltas.iter().sum::<f64>();
        let trend = design.trend(&found, n - 1);
        let squares: f64 = deltas.iter().map(|delta| delta * delta).sum();
        let slope_spread = (squares / bends.len().max(1) as f64).sqrt();
        let cycle = (0..sample.season).map(|step| design.season_at(&found, n + step)).collect();
        Some(Box::new(State { trend, slope, slope_spread, cycle, above, errors }))
    }
}

/// The columns of the regression: waves, the line, the bends.
struct Design {
    season: usize,
    count: usize,
    waves_end: usize,
    bends: Vec<f64>,
}

impl Design {
    fn new(count: usize, season: usize) -> Design {
        let waves = (season / 2).min(MOST_WAVES);
        // An even season's last wave has no sine.
        let waves_end = if season < 2 { 0 } else { 2 * waves - usize::from(season == 2 * waves) };
        let bends = MOST_BENDS.min(count / 8);
        let place = |at: usize| 0.85 * (count as f64) * (at + 1) as f64 / (bends + 1) as f64;
        Design { season, count, waves_end, bends: (0..bends).map(place).collect() }
    }

    fn wave(&self, column: usize, t: usize) -> f64 {
        let turns = (column / 2 + 1) as f64 * (t % self.season) as f64 / self.season as f64;
        let angle = turns * std::f64::consts::TAU;
        if column.is_multiple_of(2) { libm::cos(angle) } else { libm::sin(angle) }
    }

    fn columns(&self) -> Vec<Vec<f64>> {
        let rows = || 0..self.count;
        let waves = (0..self.waves_end).map(|column| rows().map(|t| self.wave(column, t)).collect());
        let line = std::iter::once(rows().map(|t| t as f64).collect());
        let bends = self.bends.iter().map(|bend| rows().map(|t| (t as f64 - bend).max(0.0)).collect());
        waves.chain(line).chain(bends).collect()
    }

    fn season_at(&self, found: &[f64], t: usize) -> f64 {
        found.iter().take(self.waves_end).enumerate().map(|(column, c)| c * self.wave(column, t)).sum()
    }

    fn trend(&self, found: &[f64], t: usize) -> f64 {
        let from = std::iter::once(0.0).chain(self.bends.iter().copied());
        found.iter().skip(self.waves_end).zip(from).map(|(c, bend)| c * (t as f64 - bend).max(0.0)).sum()
    }

    fn at(&self, found: &[f64], t: usize) -> f64 {
        self.season_at(found, t) + self.trend(found, t)
    }
}

/// The coefficients of the penalty whose criterion is least. An intercept is left out: the level takes it up.
fn best(design: &Design, z: &[f64]) -> Option<Vec<f64>> {
    let columns = design.columns();
    let ease: Vec<f64> =
        (0..columns.len()).map(|at| if at > design.waves_end { 1.0 / BENDS_COST } else { 1.0 }).collect();
    let n = z.len() as f64;
    let mut best: Option<(f64, Vec<f64>)> = None;
    for (squares, found) in elastic_net(&columns, &ease, z, &PENALTIES)? {
        let k = found.iter().filter(|c| **c != 0.0).count() as f64 + 2.0;
        if n - k - 1.0 <= 0.0 {
            continue;
        }
        let criterion = n * libm::log(squares / n + 1e-300) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
        if best.as_ref().is_none_or(|(least, _)| criterion < *least) {
            best = Some((criterion, found));
        }
    }
    best.map(|(_, found)| found)
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let mut slope = self.slope + self.slope_spread * shocks[1];
        let mut level = self.trend + self.above + self.errors.last() * shocks[0];
        let cycle = self.cycle.iter().cycle();
        for ((value, shock), seasonal) in future.iter_mut().zip(shocks.iter().skip(EXTRA)).zip(cycle) {
            let error = self.errors.spread * shock;
            slope *= FADE;
            level += slope;
            *value = level + error + seasonal;
            level += self.errors.gain * error;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::Bends;
    use crate::decompose::Sample;
    use crate::model::{Model, point};

    #[test]
    fn a_bent_line_with_a_season_goes_on_along_its_last_piece() {
        let season = [2.0, -1.0, 0.5, -1.5];
        let truth = |t: usize| 5.0 + 0.1 * t as f64 + 0.4 * (t as f64 - 100.0).max(0.0) + season[t % 4];
        let z: Vec<f64> = (0..160).map(truth).collect();
        let forecast = point(&*Bends.fit(&Sample::new(z, 4)).unwrap(), 8);
        for (step, value) in forecast.iter().enumerate() {
            // The slope fades by 0.98 a step: 0.4 short after eight.
            assert!((value - truth(160 + step)).abs() < 0.8, "step {step}: {value} {}", truth(160 + step));
        }
    }

    #[test]
    fn a_constant_stays_and_little_is_too_little() {
        let forecast = point(&*Bends.fit(&Sample::new(vec![3.0; 150], 4)).unwrap(), 5);
        assert!(forecast.iter().all(|value| (value - 3.0).abs() < 1e-9), "{forecast:?}");
        assert!(Bends.fit(&Sample::new(vec![3.0; 149], 4)).is_none());
    }
}
