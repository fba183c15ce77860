//! The forecast of a bare sequence of numbers: no calendar, no windows, a season given as a count of steps.
//!
//! It is the same procedure as [`forecast`](crate::forecast) without its dates, for judging it on any data
//! (`examples/evaluate.rs`). Preparing and calibrating are two steps, so that sequences of one workspace can share what
//! they learn about widths: [`Prepared`] is the one, [`widths`] the other.

use crate::calibrate::{self, StepError};
use crate::combine::Evidence;
use crate::draws::Draws;
use crate::model::{self, Model};
use crate::outlook::Paths;
use crate::procedure::{Procedure, Raw};
use crate::series::{Bounds, Nature};

/// What is to be forecast and how.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    /// Its name, which seeds its draws.
    pub name: &'a str,
    /// Its values, oldest first.
    pub values: &'a [f64],
    /// Steps of a cycle; 1 for none.
    pub season: usize,
    /// Steps to forecast.
    pub horizon: usize,
    /// How many paths.
    pub paths: usize,
    /// The seed.
    pub seed: u64,
    /// The one model to use; all of them together where there is none.
    pub only: Option<&'a str>,
}

/// A sequence forecast, and what its past forecasts missed, before widths are settled.
pub struct Prepared {
    raw: Raw,
    bounds: Bounds,
    errors: Vec<StepError>,
    horizon: usize,
    seed: u64,
    name: String,
}

/// The names of the models.
pub fn models() -> Vec<&'static str> {
    model::all().iter().chain(&model::beside()).map(|model| model.name()).collect()
}

/// Past origins of a backtest.
const ORIGINS: usize = 4;
/// Paths of a past forecast: enough for its spread.
const PAST_PATHS: usize = 120;

/// Forecasts a sequence and backtests that; `None` with fewer than two finite values or where no model can be fitted.
pub fn prepare(sequence: &Sequence<'_>) -> Option<Prepared> {
    let values = sequence.values;
    if values.len() < 2 || values.iter().any(|value| !value.is_finite()) || sequence.horizon == 0 {
        return None;
    }
    let models: Vec<&'static dyn Model> = match sequence.only {
        Some(only) => model::all().into_iter().chain(model::beside()).filter(|model| model.name() == only).collect(),
        None => model::all(),
    };
    let low = values.iter().all(|value| *value >= 0.0).then_some(0.0);
    let bounds = Bounds { low, high: None };
    let when_rare = if sequence.only.is_none() { model::intermittent::models() } else { Vec::new() };
    let (nature, season) = (Nature::Level, sequence.season);
    let procedure = Procedure { nature, bounds, season, daily: false, ceiling: None, models, when_rare };
    let mut evidence = Evidence::new(&procedure.models);
    let mut errors = Vec::new();
    for cut in origins(values.len(), sequence.season, sequence.horizon) {
        let mut draws = Draws::named(sequence.seed, &format!("{} at {cut}", sequence.name));
        let horizon = sequence.horizon.min(values.len() - cut);
        let known = &values[..cut];
        let Some(past) = procedure.run(known, 0, horizon, PAST_PATHS, &Evidence::default(), &mut draws) else {
            continue;
        };
        let later: Vec<f64> = values[cut..cut + horizon].iter().map(|v| past.frame.transform.forward(*v)).collect();
        evidence.note(&past.ensemble, &later, usize::MAX);
        errors.extend(past.step_errors(&later));
    }
    let mut draws = Draws::named(sequence.seed, sequence.name);
    let raw = procedure.run(values, 0, sequence.horizon, sequence.paths.max(2), &evidence, &mut draws)?;
    let (name, seed) = (sequence.name.to_owned(), sequence.seed);
    Some(Prepared { raw, bounds, errors, horizon: sequence.horizon, seed, name })
}

/// Where past forecasts start: as late as whole horizons allow, a third of a horizon apart, never with less than two
/// cycles or eight values behind them.
fn origins(count: usize, season: usize, horizon: usize) -> Vec<usize> {
    let least = (2 * season + 1).max(8).min(count.saturating_sub(1));
    let stride = (horizon / 3).max(1);
    let mut cuts: Vec<usize> =
        (0..ORIGINS).map(|back| count.saturating_sub(horizon + back * stride)).filter(|cut| *cut >= least).collect();
    if cuts.is_empty() && count > least + 1 {
        cuts.push(least);
    }
    cuts.reverse();
    cuts
}

/// Width factors per step, learnt from the past errors of sequences that count as alike.
pub fn widths(pool: &[&Prepared]) -> Vec<f64> {
    let horizon = pool.iter().map(|prepared| prepared.horizon).max().unwrap_or(0);
    let errors: Vec<StepError> = pool.iter().flat_map(|prepared| prepared.errors.iter().copied()).collect();
    calibrate::step_widths(&errors, horizon, pool.len())
}

impl Prepared {
    /// The paths, with given width factors.
    pub fn paths(&self, widths: &[f64]) -> Paths {
        let mut noise = Draws::named(self.seed, &format!("{} by day", self.name));
        let rates = self.raw.rates(widths, &vec![self.bounds; self.horizon], &[], &mut noise);
        Paths::new(rates, self.horizon)
    }
}
