//! The forecast of one series on its own, with its past claims.

use crate::calibrate;
use crate::futures::{self, Ask};
use crate::history::{History, starts_from};
use crate::link;
use crate::outlook::{Calibration, ForecastError, Job, ModelReport, Paths, QuarterPaths};
use crate::procedure::hold;
use crate::roll::Scene;
use crate::series::{Nature, Roll, Series};
use crate::walk::{self, Past};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};

/// The longest horizon in steps; of windows beyond, only the days within count.
const MOST_STEPS: usize = 1_500;

/// A series forecast on its own.
#[derive(Clone)]
pub struct Single {
    /// The future steps.
    pub steps: Vec<Period>,
    /// Their values.
    pub paths: Paths,
    /// Rates of the steps on each path, row by row: what windows are made from.
    pub rates: Vec<f64>,
    /// Rates of the weights, row by row; empty without weights.
    pub weight_rates: Vec<f64>,
    /// The windows of the job.
    pub windows: Vec<QuarterPaths>,
    /// The models.
    pub models: Vec<ModelReport>,
    /// What calibration did.
    pub calibration: Calibration,
    /// Past forecasts, oldest first.
    pub past: Vec<Past>,
    /// For the reader.
    pub notes: Vec<String>,
}

impl Single {
    /// Nothing but a past.
    pub fn of_past(past: Vec<Past>) -> Single {
        Single {
            steps: Vec::new(),
            paths: Paths::default(),
            rates: Vec::new(),
            weight_rates: Vec::new(),
            windows: Vec::new(),
            models: Vec::new(),
            calibration: Calibration::default(),
            past,
            notes: Vec::new(),
        }
    }
}

/// Forecasts a series.
pub fn forecast(series: &Series, job: &Job<'_>) -> Result<Single, ForecastError> {
    let history = History::new(series, job.calendar);
    let weight_series = futures::weight_series(series);
    let weights = weight_series.as_ref().map(|weights| History::new(weights, job.calendar));
    let scene = scene_now(&history, job);
    let walked = walk::walk(&history, weights.as_ref(), job);
    let evidence = walk::evidence(&history, &walked, series.values.len());
    let ask = Ask {
        scene: &scene,
        evidence: &evidence,
        paths: job.paths.max(1),
        strata: futures::STRATA,
        name: series.name.clone(),
        seed: job.seed,
    };
    let futures = futures::futures(&ask)?;
    let errors: Vec<f64> = walked.iter().filter_map(|step| step.error).collect();
    let further: Vec<f64> = walked.iter().filter_map(|step| step.after.map(|(_, error)| error)).collect();
    let (mut calibration, after) = calibrate::both(&errors, &further);
    if futures.main().rare {
        let note =
            "It mostly does not happen: paths are drawn from how often it did and how much, no wider and no narrower.";
        calibration = Calibration { width: 1.0, note: note.to_owned(), ..calibration };
    }
    let middle = |window: Period| {
        let (from, to) = (job.calendar.starts(window), job.calendar.ends(window));
        from + (to - from) / 2
    };
    let next = job.windows.first().map(|window| (middle(*window), calibration.width));
    let then = walk::following(job).map(|window| (middle(window), after));
    let known: Vec<(NaiveDate, f64)> = next.into_iter().chain(then).collect();
    let rates = futures.rates(&futures.profile(&scene, &known));
    let weight_rates = futures::weight_rates(&scene, weights.as_ref(), &ask, false);
    let windows: Option<Vec<QuarterPaths>> = job
        .windows
        .iter()
        .map(|window| {
            let found = walk::window_values(&scene, job, *window, job.as_of, &rates, &weight_rates, &series.name);
            found.map(|(values, weights)| QuarterPaths { period: *window, values, weights })
        })
        .collect();
    let windows = windows.ok_or(ForecastError::NoLink)?;
    let paths = step_paths(&scene, &rates, &weight_rates, &futures.caps);
    let models = walk::reports(&history, &futures, &walked, series, job.seed);
    let notes = notes(&history, &scene, job, &futures.notes);
    let past = walked.into_iter().map(|step| step.past).collect();
    let steps = periods(&scene, job);
    Ok(Single { steps, paths, rates, weight_rates, windows, models, calibration, past, notes })
}

/// The future steps as periods.
fn periods(scene: &Scene<'_>, job: &Job<'_>) -> Vec<Period> {
    let series = scene.history.series;
    let mut period = job.calendar.shift(series.start, series.values.len() as i64);
    let mut periods = Vec::with_capacity(scene.steps());
    for _ in 0..scene.steps() {
        periods.push(period);
        period = job.calendar.shift(period, 1);
    }
    periods
}

/// What is known of a series now.
pub fn scene_now<'a>(history: &'a History<'a>, job: &Job<'_>) -> Scene<'a> {
    let series = history.series;
    let last = job.windows.iter().map(|window| job.calendar.ends(*window)).max();
    let first = job.calendar.shift(series.start, series.values.len() as i64);
    let least = if job.windows.is_empty() { series.grain.per_year().clamp(1, 90) } else { 1 };
    let starts = future_starts(job, first, last, least);
    let usable = |through: NaiveDate| {
        starts.first().is_some_and(|start| *start <= through) && starts.get(1).is_some_and(|next| through < *next)
    };
    let partial = series.partial.filter(|partial| partial.value.is_finite() && usable(partial.through));
    Scene { history, cut: series.values.len(), starts, partial, observed: series.quarters.clone() }
}

/// First days of the steps from one period through a date (at least `least` of them), and of the one after.
pub fn future_starts(job: &Job<'_>, first: Period, last: Option<NaiveDate>, least: usize) -> Vec<NaiveDate> {
    let mut count = least;
    if let Some(last) = last {
        let days = (last - job.calendar.starts(first)).num_days().max(0) as usize;
        count = count.max(days / shortest(first.grain()) + 2);
    }
    let mut starts = starts_from(job.calendar, first, count.min(MOST_STEPS) + 1);
    let reached = |end: &NaiveDate| last.is_none_or(|last| *end > last);
    if let Some(enough) = starts.iter().skip(least).position(reached) {
        starts.truncate(least + enough + 1);
    }
    starts
}

fn shortest(grain: Grain) -> usize {
    match grain {
        Grain::Day => 1,
        Grain::Week => 7,
        Grain::Month => 28,
        Grain::Quarter => 89,
        Grain::Half => 180,
        Grain::Year => 364,
    }
}

/// The values of the steps: observed so far plus the rest, inside bounds and below each path's cap.
fn step_paths(scene: &Scene<'_>, rates: &[f64], weights: &[f64], caps: &[f64]) -> Paths {
    let steps = scene.steps();
    let bounds = scene.history.series.bounds;
    let affine: Vec<(f64, f64)> = (0..steps).map(|step| scene.step_value(step)).collect();
    let mut values = Vec::with_capacity(rates.len());
    for (path, row) in rates.chunks_exact(steps.max(1)).enumerate() {
        for (step, (rate, (offset, length))) in row.iter().zip(&affine).enumerate() {
            let mut value = offset + length * rate;
            if step == 0 {
                value = blend(scene, value, weights.get(path * steps).copied());
            }
            let capped = caps.get(path).map_or(value, |cap| value.min(*cap));
            values.push(hold(capped, bounds));
        }
    }
    Paths::new(values, steps)
}

/// A share's unfinished period: what was seen and what is to come, each by its weight.
fn blend(scene: &Scene<'_>, rest: f64, weight_rate: Option<f64>) -> f64 {
    let series = scene.history.series;
    let Some(partial) = scene.partial else { return rest };
    if series.nature == Nature::Flow || series.roll != Roll::Weighted {
        return rest;
    }
    let to_come = scene.free_days(0) * weight_rate.unwrap_or(1.0).max(0.0);
    let all_days = scene.starts.first().zip(scene.starts.get(1)).map_or(1.0, |(a, b)| (*b - *a).num_days() as f64);
    let seen = partial.weight.unwrap_or(all_days - scene.free_days(0)).max(0.0);
    if seen + to_come > 0.0 { (seen * partial.value + to_come * rest) / (seen + to_come) } else { rest }
}

/// What a reader should know.
fn notes(history: &History<'_>, scene: &Scene<'_>, job: &Job<'_>, cleaned: &[String]) -> Vec<String> {
    let series = history.series;
    let mut notes = cleaned.to_vec();
    let known: Vec<f64> = history.rates.iter().flatten().copied().collect();
    let year = series.grain.per_year();
    if known.len() < 8 {
        let count = known.len();
        notes.push(format!("Only {count} complete periods are known; the range says little more than that."));
    } else if known.len() < 2 * year {
        notes.push("Less than two years are known: no yearly season can be seen yet.".to_owned());
    }
    if known.windows(2).all(|pair| pair[0] == pair[1]) {
        notes.push("It has never moved, so the forecast is that it stays.".to_owned());
    }
    let gaps = history.rates.len() - known.len();
    if gaps > 0 {
        let are = if gaps == 1 { "period has no value and was" } else { "periods have no value and were" };
        notes.push(format!("{gaps} {are} filled in from the ones beside."));
    }
    if let Some(cap) = &series.cap {
        notes.push(match futures::usable_cap(series) {
            Some(_) => format!("No path passes the cap \"{}\" it was drawn with.", cap.label),
            None => format!("The cap \"{}\" is no range of positive numbers and was left aside.", cap.label),
        });
    }
    if series.roll.is_linked()
        && let Some(window) = job.windows.first()
        && let Some(link) = link::learn(scene, job.calendar, *window, job.as_of)
        && link.quarters < 4
    {
        notes.push(
            "Few whole quarters are known, so how a quarter follows from its steps is partly assumed.".to_owned(),
        );
    }
    if scene.steps() >= MOST_STEPS {
        notes.push(format!("The horizon is cut at {MOST_STEPS} steps."));
    }
    notes
}
