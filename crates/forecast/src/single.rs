//! The forecast of one series on its own, with its past claims.

use crate::calibrate;
use crate::combine::Evidence;
use crate::distribution::{quantile_sorted, sorted};
use crate::draws::Draws;
use crate::history::{History, starts_from};
use crate::model;
use crate::outlook::{Calibration, Claim, ForecastError, Job, ModelReport, Paths, QuarterPaths};
use crate::procedure::{Procedure, Raw};
use crate::roll::Scene;
use crate::series::{Bounds, Nature, Series};
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Grain, Period};

/// Past windows looked at.
const MOST_CLAIMS: i64 = 20;
/// Past windows reported.
const REPORTED: usize = 16;
/// Paths of a past forecast.
const PAST_PATHS: usize = 1_000;
/// The longest horizon in steps; windows beyond see only so much of their days.
const MOST_STEPS: usize = 1_500;

/// A series forecast on its own.
pub struct Single {
    pub steps: Vec<Period>,
    pub paths: Paths,
    pub windows: Vec<QuarterPaths>,
    pub models: Vec<ModelReport>,
    pub calibration: Calibration,
    pub past: Vec<Past>,
    pub notes: Vec<String>,
}

/// A past forecast of a window.
pub struct Past {
    pub window: Period,
    pub origin: NaiveDate,
    /// The window's number on each path.
    pub values: Vec<f64>,
    pub weights: Vec<f64>,
    pub actual: f64,
    pub claim: Claim,
}

/// Forecasts a series.
pub fn forecast(series: &Series, job: &Job<'_>) -> Result<Single, ForecastError> {
    let history = History::new(series, job.calendar);
    let count = history.count();
    let not_enough = ForecastError::NotEnoughData { needed: 2, got: count };
    let cut = series.values.len();
    let (rates, skip) = history.filled(cut).ok_or(not_enough.clone())?;
    let procedure = Procedure {
        nature: series.nature,
        bounds: series.bounds,
        season: if series.grain == Grain::Day { 7 } else { series.grain.season_length() },
        daily: series.grain == Grain::Day,
        ceiling: None,
        models: model::all(),
    };
    let scene = scene_now(&history, job);
    let walked = walk(&history, job, &procedure);
    let evidence = evidence(&history, &procedure, &walked, cut);
    let steps = scene.steps();
    let raw = procedure
        .run(&rates, skip, steps, job.paths.max(1), &evidence, &mut Draws::named(job.seed, &series.name))
        .ok_or(not_enough)?;
    let errors: Vec<f64> = walked.iter().filter_map(|step| step.error).collect();
    let calibration = calibrate::width(&errors);
    let bounds = step_bounds(&scene);
    let mut noise = Draws::named(job.seed, &format!("{} by day", series.name));
    let rates = raw.rates(&[calibration.width], &bounds, &mut noise);
    let windows = job.windows.iter().map(|window| window_paths(&scene, job, *window, &rates)).collect();
    let paths = step_paths(&scene, &rates, series.bounds);
    let models = report(&raw, &evidence);
    let mut past: Vec<Past> = walked.into_iter().filter_map(|step| step.past).collect();
    let late = past.split_off(past.len().saturating_sub(REPORTED));
    let periods = periods_from(job, series, steps);
    Ok(Single { steps: periods, paths, windows, models, calibration, past: late, notes: Vec::new() })
}

fn periods_from(job: &Job<'_>, series: &Series, steps: usize) -> Vec<Period> {
    let mut period = job.calendar.shift(series.start, series.values.len() as i64);
    (0..steps)
        .map(|_| {
            let now = period;
            period = job.calendar.shift(period, 1);
            now
        })
        .collect()
}

/// What is known now.
fn scene_now<'a>(history: &'a History<'a>, job: &Job<'_>) -> Scene<'a> {
    let series = history.series;
    let last = job.windows.iter().map(|window| job.calendar.ends(*window)).max();
    let first = job.calendar.shift(series.start, series.values.len() as i64);
    let least = if job.windows.is_empty() { series.grain.per_year().min(90) } else { 1 };
    let starts = future_starts(job, first, last, least);
    let from = starts.first().copied();
    let partial =
        series.partial.filter(|partial| partial.value.is_finite() && from.is_some_and(|f| f <= partial.through));
    Scene { history, cut: series.values.len(), starts, partial, observed: series.quarters.clone() }
}

/// First days of the steps from one period through a date, and of the one after.
fn future_starts(job: &Job<'_>, first: Period, last: Option<NaiveDate>, least: usize) -> Vec<NaiveDate> {
    let mut count = least;
    if let Some(last) = last {
        let days = (last - job.calendar.starts(first)).num_days().max(0) as usize;
        count = count.max(days / shortest(first.grain()) + 2);
    }
    let mut starts = starts_from(job.calendar, first, count.min(MOST_STEPS) + 1);
    let reached = |end: &NaiveDate| last.is_some_and(|last| *end > last);
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

fn step_bounds(scene: &Scene<'_>) -> Vec<Bounds> {
    let series = scene.history.series;
    let flow = series.nature == Nature::Flow;
    (0..scene.steps())
        .map(|step| {
            let length = if flow {
                scene.starts.get(step..step + 2).map_or(1.0, |pair| crate::history::days_between(pair[0], pair[1]))
            } else {
                1.0
            };
            Bounds {
                low: series.bounds.low.map(|low| low / length),
                high: series.bounds.high.map(|high| high / length),
            }
        })
        .collect()
}

fn step_paths(scene: &Scene<'_>, rates: &[f64], bounds: Bounds) -> Paths {
    let steps = scene.steps();
    let affine: Vec<(f64, f64)> = (0..steps).map(|step| scene.step_value(step)).collect();
    let values = rates
        .chunks_exact(steps.max(1))
        .flat_map(|row| row.iter().zip(&affine).map(|(rate, (offset, days))| offset + days * rate))
        .map(|value| crate::procedure::hold(value, bounds))
        .collect();
    Paths::new(values, steps)
}

fn window_paths(scene: &Scene<'_>, job: &Job<'_>, window: Period, rates: &[f64]) -> QuarterPaths {
    let rule = scene.rule(job.calendar, window);
    let values = rates.chunks_exact(scene.steps().max(1)).map(|row| rule.value(row, &[]).0).collect();
    QuarterPaths { period: window, values, weights: Vec::new() }
}

fn report(raw: &Raw, evidence: &Evidence) -> Vec<ModelReport> {
    let mut models: Vec<ModelReport> = raw
        .ensemble
        .members
        .iter()
        .map(|member| {
            let errors = evidence.errors.iter().find(|(name, _)| *name == member.name).map(|(_, errors)| errors);
            let mase = errors.filter(|e| !e.is_empty()).map(|e| e.iter().sum::<f64>() / e.len() as f64);
            ModelReport { name: member.name.to_owned(), weight: member.weight, mase, coverage80: None }
        })
        .collect();
    models.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    models
}

/// A past origin.
struct Walked {
    cut: usize,
    raw: Raw,
    error: Option<f64>,
    past: Option<Past>,
}

/// Repeats the forecast at the starts of past windows, oldest first, each time with what was known then.
fn walk(history: &History<'_>, job: &Job<'_>, procedure: &Procedure) -> Vec<Walked> {
    let Some(first) = job.windows.first().copied() else { return Vec::new() };
    let lead = (job.calendar.starts(first) - job.as_of).num_days();
    let now = Scene {
        history,
        cut: history.series.values.len(),
        starts: Vec::new(),
        partial: None,
        observed: history.series.quarters.clone(),
    };
    let late = history.known_by(job.as_of) - history.series.values.len().min(history.known_by(job.as_of));
    let mut walked: Vec<Walked> = Vec::new();
    for back in (1..=MOST_CLAIMS).rev() {
        let window = job.calendar.shift(first, -back);
        let start = job.calendar.starts(window);
        let Some(origin) = shift_days(start, -lead) else { continue };
        let cut = history.known_by(origin).saturating_sub(late);
        let Some(actual) = now.actual(job.calendar, window) else { continue };
        let Some((rates, skip)) = history.filled(cut) else { continue };
        if rates.len() < if procedure.daily { 56 } else { 6 } {
            continue;
        }
        let evidence = evidence(history, procedure, &walked, cut);
        let first_step = job.calendar.shift(history.series.start, cut as i64);
        let starts = future_starts(job, first_step, Some(job.calendar.ends(window)), 1);
        let scene = Scene { history, cut, starts, partial: None, observed: Vec::new() };
        let name = format!("{} at {}", history.series.name, window);
        let mut draws = Draws::named(job.seed, &name);
        let Some(raw) = procedure.run(&rates, skip, scene.steps(), PAST_PATHS, &evidence, &mut draws) else { continue };
        let known: Vec<f64> = walked
            .iter()
            .filter(|step| step.past.as_ref().is_some_and(|past| job.calendar.ends(past.window) <= origin))
            .filter_map(|step| step.error)
            .collect();
        let bounds = step_bounds(&scene);
        let rule = scene.rule(job.calendar, window);
        let values_at = |width: f64| -> Vec<f64> {
            let mut noise = Draws::named(job.seed, &format!("{name} by day"));
            let rates = raw.rates(&[width], &bounds, &mut noise);
            rates.chunks_exact(scene.steps().max(1)).map(|row| rule.value(row, &[]).0).collect()
        };
        let error = calibrate::standardised(raw.frame.transform, &sorted(&values_at(1.0)), actual);
        let values = values_at(calibrate::width(&known).width);
        let claim = claim(window, origin, &values, actual);
        walked.push(Walked {
            cut,
            raw,
            error,
            past: Some(Past { window, origin, values, weights: Vec::new(), actual, claim }),
        });
    }
    walked
}

/// What would have been said of a window, and what came.
pub fn claim(period: Period, origin: NaiveDate, values: &[f64], actual: f64) -> Claim {
    let sorted = sorted(values);
    let at = |p| quantile_sorted(&sorted, p).unwrap_or(0.0);
    let below = sorted.iter().filter(|value| **value < actual).count() as f64;
    let ties = sorted.iter().filter(|value| **value == actual).count() as f64;
    let pit = (below + 0.5 * ties) / sorted.len().max(1) as f64;
    Claim { period, origin, quantiles: [at(0.1), at(0.3), at(0.5), at(0.7), at(0.9)], actual, pit }
}

/// How the models did at past origins, as far as was known at a cut.
fn evidence(history: &History<'_>, procedure: &Procedure, walked: &[Walked], cut: usize) -> Evidence {
    let mut evidence = Evidence::new(&procedure.models);
    for step in walked {
        evidence.note(&step.raw.ensemble, &later(history, step, cut));
    }
    evidence
}

/// What came after an origin up to a cut, as its models count.
fn later(history: &History<'_>, step: &Walked, cut: usize) -> Vec<f64> {
    let from = step.cut - step.raw.skip.min(step.cut);
    let known = history.rates.get(from..cut).unwrap_or_default();
    let forward = |rate: &Option<f64>| rate.map_or(f64::NAN, |rate| step.raw.frame.transform.forward(rate));
    step.raw.frame.later(&known.iter().map(forward).collect::<Vec<f64>>())
}

fn shift_days(date: NaiveDate, by: i64) -> Option<NaiveDate> {
    let days = Days::new(by.unsigned_abs());
    if by < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
}
