//! The forecast of a bare sequence of numbers: no calendar, no windows, a season given as a count of steps.
//!
//! It is the same procedure as [`forecast`](crate::forecast) without its dates, for judging it on any data
//! (`examples/evaluate.rs`). Preparing and calibrating are two steps, so that sequences of one workspace can share what
//! they learn about widths: [`Prepared`] is the one, [`widths`] the other.

use crate::calibrate;
pub use crate::calibrate::{StepError, prior};
use crate::combine::Evidence;
use crate::decompose::LONGEST_STATE;
use crate::distribution::sorted;
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

/// Past origins of a backtest, and of one with a season too long to be carried as states: there the older ones misled.
const ORIGINS: usize = 8;
const ORIGINS_OF_LONG: usize = 4;
/// Paths of a past forecast: enough for its spread.
const PAST_PATHS: usize = 120;

/// Forecasts a sequence and backtests that; `None` with fewer than two finite values or where no model can be fitted.
pub fn prepare(sequence: &Sequence<'_>) -> Option<Prepared> {
    let values = sequence.values;
    if values.len() < 2 || values.iter().any(|value| !value.is_finite()) || sequence.horizon == 0 {
        return None;
    }
    let procedure = procedure(sequence);
    let bounds = procedure.bounds;
    let cuts = origins(values.len(), sequence.season, sequence.horizon);
    let walked = walk(sequence, &procedure, &cuts, PAST_PATHS);
    let errors = walked.iter().flat_map(|(cut, past)| past.step_errors(&later(*cut, past, values))).collect();
    let evidence = evidence(&procedure, &walked, values);
    let mut draws = Draws::named(sequence.seed, sequence.name);
    let raw = procedure.run(values, 0, sequence.horizon, sequence.paths.max(2), &evidence, &mut draws)?;
    let (name, seed) = (sequence.name.to_owned(), sequence.seed);
    Some(Prepared { raw, bounds, errors, horizon: sequence.horizon, seed, name })
}

/// The procedure for a sequence: as a level, never below zero where it never was.
fn procedure(sequence: &Sequence<'_>) -> Procedure {
    let values = sequence.values;
    let models: Vec<&'static dyn Model> = match sequence.only {
        Some(only) => model::all().into_iter().chain(model::beside()).filter(|model| model.name() == only).collect(),
        None => model::all(),
    };
    let low = values.iter().all(|value| *value >= 0.0).then_some(0.0);
    let bounds = Bounds { low, high: None };
    let when_rare = if sequence.only.is_none() { model::intermittent::models() } else { Vec::new() };
    let (nature, season) = (Nature::Level, sequence.season);
    Procedure { nature, bounds, season, daily: false, ceiling: None, models, when_rare }
}

/// The errors of the totals of the `steps` steps after past origins and of those after these, in spreads of their own
/// forecast: at most `count` origins, `steps` apart, oldest first. `None` where a forecast had no width. Each origin knows
/// what came before it, and weighs its models by the origins before.
pub fn window_errors(sequence: &Sequence<'_>, steps: usize, count: usize) -> Vec<[Option<f64>; 2]> {
    let values = sequence.values;
    let least = (2 * sequence.season + 1).max(8);
    let cuts = (2..count + 2).rev().filter_map(|back| values.len().checked_sub(back * steps));
    let cuts: Vec<usize> = cuts.filter(|cut| *cut >= least).collect();
    let asked = Sequence { horizon: 2 * steps, ..*sequence };
    let procedure = procedure(&asked);
    let read = |(cut, past): &(usize, Raw)| {
        let bounds = vec![procedure.bounds; 2 * steps];
        let mut noise = Draws::named(asked.seed, &format!("{} at {cut} by day", asked.name));
        let paths = Paths::new(past.rates(&[1.0], &bounds, &[], &mut noise), 2 * steps);
        let error = |from: usize| {
            let actual = values.get(cut + from..cut + from + steps)?.iter().sum::<f64>();
            let totals: Vec<f64> =
                paths.rows().filter_map(|row| Some(row.get(from..from + steps)?.iter().sum())).collect();
            calibrate::standardised(past.frame.transform, &sorted(&totals), actual)
        };
        [error(0), error(steps)]
    };
    walk(&asked, &procedure, &cuts, asked.paths).iter().map(read).collect()
}

/// Past forecasts from some origins, oldest first, each weighing its models by what was known then of those before.
fn walk(sequence: &Sequence<'_>, procedure: &Procedure, cuts: &[usize], paths: usize) -> Vec<(usize, Raw)> {
    let values = sequence.values;
    let mut walked: Vec<(usize, Raw)> = Vec::new();
    for cut in cuts.iter().copied() {
        let Some(known) = values.get(..cut) else { continue };
        let mut draws = Draws::named(sequence.seed, &format!("{} at {cut}", sequence.name));
        let horizon = sequence.horizon.min(values.len() - cut);
        let evidence = evidence(procedure, &walked, known);
        walked.extend(procedure.run(known, 0, horizon, paths, &evidence, &mut draws).map(|past| (cut, past)));
    }
    walked
}

/// How the models of past forecasts did by what is known of the values.
fn evidence(procedure: &Procedure, walked: &[(usize, Raw)], known: &[f64]) -> Evidence {
    let mut evidence = Evidence::new(&procedure.models);
    for (cut, past) in walked {
        evidence.note(&past.ensemble, &later(*cut, past, known), usize::MAX);
    }
    evidence
}

/// What came after a cut, on the scale of the forecast made there, as far as that reached.
fn later(cut: usize, past: &Raw, known: &[f64]) -> Vec<f64> {
    let values = known.get(cut..).unwrap_or_default().iter();
    values.take(past.ensemble.centre.len()).map(|value| past.frame.transform.forward(*value)).collect()
}

/// Where past forecasts start: as late as whole horizons allow, a third of a horizon apart, never with less than two
/// cycles or eight values behind them.
fn origins(count: usize, season: usize, horizon: usize) -> Vec<usize> {
    let least = (2 * season + 1).max(8).min(count.saturating_sub(1));
    let stride = (horizon / 3).max(1);
    let count_of = if season > LONGEST_STATE { ORIGINS_OF_LONG } else { ORIGINS };
    let mut cuts: Vec<usize> =
        (0..count_of).map(|back| count.saturating_sub(horizon + back * stride)).filter(|cut| *cut >= least).collect();
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
    /// What single steps of its past forecasts missed.
    pub fn errors(&self) -> &[StepError] {
        &self.errors
    }

    /// The paths, with given width factors.
    pub fn paths(&self, widths: &[f64]) -> Paths {
        let mut noise = Draws::named(self.seed, &format!("{} by day", self.name));
        let rates = self.raw.rates(widths, &vec![self.bounds; self.horizon], &[], &mut noise);
        Paths::new(rates, self.horizon)
    }
}
