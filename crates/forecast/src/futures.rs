//! The futures of one series from one origin: cleaned, capped where there is a cap, with the weights of its values.

use crate::clean;
use crate::combine::Evidence;
use crate::draws::Draws;
use crate::history::{History, days_between};
use crate::model::{self, Model};
use crate::normal;
use crate::outlook::ForecastError;
use crate::procedure::{Procedure, Raw};
use crate::roll::{Scene, mean_length};
use crate::series::{Bounds, Cap, Nature, Roll, Series};
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;

/// Futures before their width is settled.
pub struct Futures {
    /// One forecast without a cap, or one per stratum of the cap's distribution, each with its paths' places.
    strata: Vec<(Raw, Vec<usize>)>,
    /// The cap of each path in the unit of the values; empty without one.
    pub caps: Vec<f64>,
    bounds: Vec<Bounds>,
    lengths: Vec<f64>,
    /// The cap of a value over the cap of a rate.
    per_rate: f64,
    paths: usize,
    name: String,
    seed: u64,
    /// What was done to the history.
    pub notes: Vec<String>,
}

/// Into how many equally likely parts a cap's distribution is cut; models are fitted once to each. For past forecasts one
/// is enough: its paths still bend towards caps of their own.
pub const STRATA: usize = 5;
/// A cap is refused where more of its distribution lies below what was seen.
const MOST_BELOW: f64 = 0.2;

/// What is asked of one origin.
pub struct Ask<'a> {
    /// The series and what is known of it.
    pub scene: &'a Scene<'a>,
    /// Weights of models so far.
    pub evidence: &'a Evidence,
    /// How many paths.
    pub paths: usize,
    /// Into how many parts a cap's distribution is cut.
    pub strata: usize,
    /// Names the draws.
    pub name: String,
    /// The workspace's seed.
    pub seed: u64,
}

/// The procedure for a series, its cap aside.
pub fn procedure(series: &Series) -> Procedure {
    let models = if usable_cap(series).is_some() { model::all_with_cap() } else { model::all() };
    let season = if series.grain == Grain::Day { 7 } else { series.grain.season_length() };
    let daily = series.grain == Grain::Day;
    let when_rare = if usable_cap(series).is_some() { Vec::new() } else { model::intermittent::models() };
    Procedure { nature: series.nature, bounds: series.bounds, season, daily, ceiling: None, models, when_rare }
}

/// The futures of a series; `NotEnoughData` or `CapContradicted` where there are none.
pub fn futures(ask: &Ask<'_>) -> Result<Futures, ForecastError> {
    let history = ask.scene.history;
    let series = history.series;
    let count = history.rates.iter().take(ask.scene.cut).flatten().count();
    let not_enough = || ForecastError::NotEnoughData { needed: 2, got: count };
    let (rates, skip) = history.filled(ask.scene.cut).ok_or_else(not_enough)?;
    let from = ask.scene.cut - skip - rates.len();
    let procedure = procedure(series);
    let (caps, strata) = caps(ask, &rates)?;
    let per_rate = if series.nature == Nature::Flow { mean_length(series.grain) } else { 1.0 };
    let mut notes = Vec::new();
    let mut draws = Draws::named(ask.seed, &ask.name);
    let mut fitted = Vec::new();
    for (ceiling, places) in strata {
        let procedure =
            Procedure { ceiling: ceiling.map(|cap| rate_ceiling(cap, per_rate, &rates)), ..procedure.clone() };
        let transform = procedure.transform(&rates);
        let cleaned = clean::clean(history, from, &rates, transform, procedure.season, &ask.scene.starts);
        let steps = ask.scene.steps();
        let raw = procedure.run(&cleaned.rates, skip, steps, places.len(), ask.evidence, &mut draws);
        let mut raw = raw.ok_or_else(not_enough)?;
        raw.lift = lift(&raw, ask.scene, cleaned.lift);
        notes = cleaned.notes;
        fitted.push((raw, places));
    }
    let lengths = step_lengths(ask.scene);
    let bounds = lengths
        .iter()
        .map(|length| Bounds {
            low: series.bounds.low.map(|low| low / length),
            high: series.bounds.high.map(|high| high / length),
        })
        .collect();
    let (name, seed, paths) = (ask.name.clone(), ask.seed, ask.paths);
    Ok(Futures { strata: fitted, caps, bounds, lengths, per_rate, paths, name, seed, notes })
}

impl Futures {
    /// Factors by step of the models, from those that hold at some days: straight lines between these, even outside.
    pub fn profile(&self, scene: &Scene<'_>, at: &[(NaiveDate, f64)]) -> Vec<f64> {
        let raw = self.main();
        let factor = |step: usize| {
            let step = (step * raw.frame.block()).saturating_sub(raw.skip);
            let day = scene.starts.get(step).or(scene.starts.last());
            let after = at.iter().find(|(then, _)| day.is_some_and(|day| then > day));
            let before = at.iter().rev().find(|(then, _)| day.is_some_and(|day| then <= day));
            match (before, after, day) {
                (Some((a, low)), Some((b, high)), Some(day)) => {
                    low + (high - low) * days_between(*a, *day) / days_between(*a, *b).max(1.0)
                }
                (Some((_, value)), None, _) | (None, Some((_, value)), _) => *value,
                _ => 1.0,
            }
        };
        (0..raw.ensemble.centre.len()).map(factor).collect()
    }

    /// The rates of all steps on all paths, the width scaled by a factor for each step of the models; the last holds on.
    pub fn rates(&self, widths: &[f64]) -> Vec<f64> {
        let steps = self.bounds.len();
        let mut noise = Draws::named(self.seed, &format!("{} by day", self.name));
        if let [(raw, _)] = self.strata.as_slice()
            && self.caps.is_empty()
        {
            return raw.rates(widths, &self.bounds, &[], &mut noise);
        }
        let mut all = vec![0.0; self.paths * steps];
        for (raw, places) in &self.strata {
            let ceilings: Vec<f64> = places.iter().map(|place| self.caps[*place] / self.per_rate).collect();
            let rates = raw.rates(widths, &self.bounds, &ceilings, &mut noise);
            for (row, place) in rates.chunks_exact(steps.max(1)).zip(places) {
                for (step, rate) in row.iter().enumerate() {
                    // A long month may hold more than its share of the cap, never more than the cap.
                    all[place * steps + step] = rate.min(self.caps[*place] / self.lengths[step]);
                }
            }
        }
        all
    }

    /// The forecast of the middle stratum: how models are judged.
    pub fn main(&self) -> &Raw {
        &self.strata[self.strata.len() / 2].0
    }
}

/// A cap that can be drawn from.
pub fn usable_cap(series: &Series) -> Option<&Cap> {
    series.cap.as_ref().filter(|cap| cap.low > 0.0 && cap.high >= cap.low && cap.high.is_finite())
}

type Strata = Vec<(Option<f64>, Vec<usize>)>;

/// The cap of each path and, per stratum, the cap its models are fitted with and the paths in it.
fn caps(ask: &Ask<'_>, rates: &[f64]) -> Result<(Vec<f64>, Strata), ForecastError> {
    let series = ask.scene.history.series;
    let everyone = || (0..ask.paths).collect::<Vec<usize>>();
    let Some(cap) = usable_cap(series) else { return Ok((Vec::new(), vec![(None, everyone())])) };
    let most = highest(ask.scene, rates);
    let (low, high) = (libm::log(cap.low), libm::log(cap.high));
    let (middle, spread) = (0.5 * (low + high), (high - low) / 2.563_103_131_089_201);
    let below = match spread > 0.0 {
        true => normal::cdf((libm::log(most.max(f64::MIN_POSITIVE)) - middle) / spread),
        false => f64::from(u8::from(most > cap.low)),
    };
    if below > MOST_BELOW {
        let below_percent = (below * 100.0).round() as u32;
        return Err(ForecastError::CapContradicted { label: cap.label.clone(), below_percent });
    }
    if spread <= 0.0 {
        return Ok((vec![cap.low; ask.paths], vec![(Some(cap.low), everyone())]));
    }
    // Drawing again what falls below is drawing from the part above.
    let at = |u: f64| libm::exp(middle + spread * normal::quantile(below + (1.0 - below) * u)).max(most);
    let mut draws = Draws::named(ask.seed, &format!("{} cap", ask.name));
    let parts: Vec<f64> = (0..ask.paths).map(|_| draws.uniform()).collect();
    let count = ask.strata.max(1);
    let strata = (0..count)
        .map(|stratum| {
            let inside = |u: f64| ((u * count as f64) as usize).min(count - 1) == stratum;
            let places = (0..ask.paths).filter(|path| inside(parts[*path])).collect();
            (Some(at((stratum as f64 + 0.5) / count as f64)), places)
        })
        .collect();
    Ok((parts.iter().map(|u| at(*u)).collect(), strata))
}

/// The highest value seen by the origin.
fn highest(scene: &Scene<'_>, rates: &[f64]) -> f64 {
    let values = scene.history.series.values.iter().take(scene.cut).flatten().copied();
    let so_far = scene.partial.map(|partial| partial.value);
    let most = values.chain(so_far).filter(|value| value.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    if most.is_finite() { most } else { rates.iter().copied().fold(0.0, f64::max) }
}

/// A ceiling for rates that no known one passes (a short month can have the highest rate below the cap).
fn rate_ceiling(cap: f64, per_rate: f64, rates: &[f64]) -> f64 {
    rates.iter().map(|rate| rate * 1.001).fold(cap / per_rate, f64::max)
}

/// Days of each step for flows, 1 otherwise.
fn step_lengths(scene: &Scene<'_>) -> Vec<f64> {
    let flow = scene.history.series.nature == Nature::Flow;
    scene.starts.windows(2).map(|pair| if flow { days_between(pair[0], pair[1]) } else { 1.0 }).collect()
}

/// What is added to each step: events, and what the unfinished period says about where the series stands.
fn lift(raw: &Raw, scene: &Scene<'_>, events: Vec<f64>) -> Vec<f64> {
    let series = scene.history.series;
    let (Some(partial), Some(start), Some(next)) = (scene.partial, scene.starts.first(), scene.starts.get(1)) else {
        return events;
    };
    let seen = days_between(*start, partial.through) + 1.0;
    let part = (seen / days_between(*start, *next)).clamp(0.0, 1.0);
    let transform = raw.frame.transform;
    let Some(centre) = raw.ensemble.centre.get(raw.skip).copied().filter(|_| series.grain != Grain::Day) else {
        return events;
    };
    let surprise = match series.nature {
        // A reading says where the level is now.
        Nature::Level if series.roll != Roll::Weighted => {
            let last = transform.forward(raw.last);
            transform.forward(partial.value) - (last + part * (centre - last))
        }
        // A week's first days are not like its last: only longer periods tell from their beginning, and half of it.
        _ if series.grain == Grain::Week => 0.0,
        Nature::Flow => 0.5 * part * (transform.forward(partial.value / seen.max(1.0)) - centre),
        Nature::Level | Nature::Share => 0.5 * part * (transform.forward(partial.value) - centre),
    };
    let surprise = if surprise.is_finite() { surprise } else { 0.0 };
    let steps = scene.steps();
    (0..steps).map(|step| events.get(step).copied().unwrap_or(0.0) + surprise).collect()
}

/// The weights of a series as a flow of their own; `None` where its windows need none.
pub fn weight_series(series: &Series) -> Option<Series> {
    if series.roll != Roll::Weighted || series.weights.is_empty() {
        return None;
    }
    let mut weights = series.clone();
    weights.name = format!("{} weights", series.name);
    weights.values = (0..series.values.len()).map(|at| series.weights.get(at).copied().flatten()).collect();
    weights.nature = Nature::Flow;
    weights.roll = Roll::Total;
    weights.bounds = Bounds { low: Some(0.0), high: None };
    (weights.partial, weights.cap) = (None, None);
    weights.weights.clear();
    weights.quarters.clear();
    weights.breaks.clear();
    Some(weights)
}

/// Rates of the weights on each path, row by row; by the cheap models where many origins are walked. Empty where the
/// series has none. Where they cannot be forecast, the last known one holds.
pub fn weight_rates(scene: &Scene<'_>, weights: Option<&History<'_>>, ask: &Ask<'_>, cheap: bool) -> Vec<f64> {
    let Some(history) = weights else { return Vec::new() };
    let steps = scene.steps();
    let hold = || {
        let last = (0..scene.cut).rev().map(|at| scene.weight_rate(at)).find(|rate| *rate > 0.0);
        vec![last.unwrap_or(1.0); ask.paths * steps]
    };
    let Some((rates, skip)) = history.filled(scene.cut) else { return hold() };
    let mut procedure = procedure(history.series);
    if cheap {
        procedure.models = cheap_models();
    }
    let mut draws = Draws::named(ask.seed, &format!("{} weights", ask.name));
    let bounds = vec![Bounds { low: Some(0.0), high: None }; steps];
    match procedure.run(&rates, skip, steps, ask.paths, &Evidence::default(), &mut draws) {
        Some(raw) => raw.rates(&[1.0], &bounds, &[], &mut draws),
        None => hold(),
    }
}

fn cheap_models() -> Vec<&'static dyn Model> {
    vec![&model::yearly_change::YearlyChange, &model::drift::Drift, &model::seasonal_naive::SeasonalNaive]
}
