//! Series computed from others on every path: at each step, and for each window.
//!
//! A window of a ratio is the formula over its parts' windows (a flow's total, a level's or share's own number), never a
//! mean of ratios. Any other window is rolled up from the computed steps by the series' own roll. Nothing is recalibrated
//! or held in bounds afterwards: the identity holds on every path.

use crate::formula::{self, Column};
use crate::history::{History, days_between};
use crate::identity::Identity;
use crate::outlook::{Calibration, Claim, ForecastError, Job, Paths, QuarterPaths};
use crate::roll::{Rule, Scene, mean_length};
use crate::series::{Nature, Roll, Series};
use crate::single::{Single, scene_now};
use crate::walk::{Past, claim, known_scene};
use quarterdeck_calendar::{Calendar, Grain, Period};
use std::collections::BTreeMap;

/// Forecasts by name, as far as they are made.
pub type Made = BTreeMap<String, Single>;

/// How the unfinished step of a computed series is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// From the steps of its parts, which hold what was observed.
    FromSteps,
    /// From the rest of the step alone, as if the whole step went like it; what was observed of the series itself is added
    /// then. For members solved for out of a ratio, whose own unfinished step follows afterwards.
    FromRest,
}

/// Computes a derived series from the forecasts of its parts, whose rows belong together.
pub fn derive(
    identity: &Identity,
    own: &Series,
    all: &[Series],
    made: &Made,
    unfinished: Unfinished,
    job: &Job<'_>,
) -> Result<Single, ForecastError> {
    let histories = histories(identity, all, made, job)?;
    let parts = parts(&histories, job);
    let history = History::new(own, job.calendar);
    let scene = scene_now(&history, job);
    let task = Task { identity, own, parts: &parts, job };
    let count = parts.values().map(|part| part.single.paths.len()).min().unwrap_or(job.paths.max(1));
    let steps = periods(own, scene.steps(), job);
    let mut columns: Vec<Vec<f64>> = steps.iter().map(|step| expand(&task.step(*step), count)).collect();
    if let (Unfinished::FromRest, Some(first), Some(step)) = (unfinished, columns.first_mut(), steps.first()) {
        *first = rest_of_step(&scene, expand(&task.whole_step(*step), count));
    }
    fill_gaps(&mut columns);
    let paths = rows(&columns, count);
    let rates = rates(&scene, &columns, count);
    let windows = job.windows.iter().map(|window| task.window(&scene, *window, &rates, count)).collect();
    let past = task.past(&history);
    let note = "It is computed from its parts on every path and not calibrated by itself.".to_owned();
    let formula_names: Vec<&str> = parts.keys().copied().collect();
    let notes = vec![format!("Computed on every path from {}.", formula_names.join(", "))];
    Ok(Single {
        paths: Paths::new(paths, steps.len()),
        steps,
        rates,
        weight_rates: Vec::new(),
        windows,
        models: Vec::new(),
        calibration: Calibration { width: 1.0, origins: 0, note },
        past,
        notes,
    })
}

/// The windows of a ratio or mean that is part of an identity but forecast by itself: the identity solved for it, over the
/// windows of the others, so that Σ of flows and ratios of windows agree. `None` where its windows follow from its steps.
pub fn windows(
    solved: &Identity,
    own: &Series,
    all: &[Series],
    made: &Made,
    job: &Job<'_>,
) -> Option<Vec<QuarterPaths>> {
    if !(own.roll.is_linked() || own.roll == Roll::Weighted) {
        return None;
    }
    let histories = histories(solved, all, made, job).ok()?;
    let parts = parts(&histories, job);
    let history = History::new(own, job.calendar);
    let scene = scene_now(&history, job);
    let task = Task { identity: solved, own, parts: &parts, job };
    let count = parts.values().map(|part| part.single.paths.len()).min()?;
    Some(job.windows.iter().map(|window| task.window(&scene, *window, &[], count)).collect())
}

/// What would have been said of a computed series at past windows, from what would have been said of its parts.
pub fn past(identity: &Identity, own: &Series, all: &[Series], made: &Made, job: &Job<'_>) -> Vec<Past> {
    let Ok(histories) = histories(identity, all, made, job) else { return Vec::new() };
    let parts = parts(&histories, job);
    Task { identity, own, parts: &parts, job }.past(&History::new(own, job.calendar))
}

/// Past windows at which it is looked whether an identity's windows compose.
const COMPOSED: i64 = 20;

/// Whether what came of the parts in past windows gives what came of the whole. Where no window can be looked at, ratios
/// weighted by what they are divided by do.
pub fn composes(identity: &Identity, own: &Series, all: &[Series], made: &Made, job: &Job<'_>) -> bool {
    let Ok(histories) = histories(identity, all, made, job) else { return false };
    let parts = parts(&histories, job);
    let task = Task { identity, own, parts: &parts, job };
    let history = History::new(own, job.calendar);
    let now = known_scene(&history, own.values.len());
    let (mut agree, mut tested) = (0, 0);
    for back in 1..=COMPOSED {
        let Some(window) = job.windows.first().map(|first| job.calendar.shift(*first, -back)) else { break };
        let Some(actual) = now.actual(job.calendar, window) else { continue };
        let came = READINGS.map(|reading| task.came(window, reading));
        if came.iter().all(|made| !made.is_nan()) {
            tested += 1;
            agree += i32::from(came.iter().any(|made| is_close(*made, actual)));
        }
    }
    if tested == 0 { own.roll == Roll::Weighted } else { 10 * agree >= 9 * tested }
}

/// How a flow's window enters a formula: as the series reads it, as the total of its days, or as the average of the steps at
/// which the identity holds (beside a level that is averaged over the window, as in orders a week per active customer).
/// Parts may be read in other ways than each other; one of these makes windows compose, or they do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    AsRead,
    Totals,
    PerStep,
}

const READINGS: [Reading; 3] = [Reading::AsRead, Reading::Totals, Reading::PerStep];

impl Reading {
    /// What a window's number is multiplied by; the identity holds at the steps of a grain.
    fn factor(self, series: &Series, window: Period, step: Grain, calendar: &Calendar) -> f64 {
        let days = days_between(calendar.starts(window), calendar.ends(window)) + 1.0;
        match (self, series.nature, series.roll) {
            (Reading::Totals, Nature::Flow, Roll::Average(grain)) => days / mean_length(grain),
            (Reading::PerStep, Nature::Flow, Roll::Average(grain)) => mean_length(step) / mean_length(grain),
            (Reading::PerStep, Nature::Flow, Roll::Total) => mean_length(step) / days,
            _ => 1.0,
        }
    }
}

/// Whether a computed number is what came.
pub fn is_close(made: f64, actual: f64) -> bool {
    (made - actual).abs() <= 0.05 * actual.abs()
}

/// The unfinished step from what the whole step would be if it all went like its rest.
fn rest_of_step(scene: &Scene<'_>, whole: Vec<f64>) -> Vec<f64> {
    if scene.history.series.nature != Nature::Flow {
        return whole;
    }
    let (offset, days) = scene.step_value(0);
    let length = scene.starts.get(..2).map_or(1.0, |pair| days_between(pair[0], pair[1])).max(1.0);
    whole.into_iter().map(|value| offset + days * value / length).collect()
}

type Histories<'a> = BTreeMap<&'a str, (History<'a>, &'a Single)>;

fn histories<'a>(
    identity: &'a Identity,
    all: &'a [Series],
    made: &'a Made,
    job: &Job<'_>,
) -> Result<Histories<'a>, ForecastError> {
    let mut parts = BTreeMap::new();
    for name in formula::names(&identity.formula) {
        let series = all.iter().find(|series| series.name == name);
        let (Some(series), Some(single)) = (series, made.get(name)) else {
            return Err(ForecastError::MissingPart { part: name.to_owned() });
        };
        parts.insert(name, (History::new(series, job.calendar), single));
    }
    Ok(parts)
}

fn parts<'a>(histories: &'a Histories<'a>, job: &Job<'_>) -> BTreeMap<&'a str, Part<'a>> {
    histories
        .iter()
        .map(|(name, (history, single))| (*name, Part { scene: scene_now(history, job), history, single }))
        .collect()
}

/// A part with its days.
struct Part<'a> {
    scene: Scene<'a>,
    history: &'a History<'a>,
    single: &'a Single,
}

struct Task<'a> {
    identity: &'a Identity,
    own: &'a Series,
    parts: &'a BTreeMap<&'a str, Part<'a>>,
    job: &'a Job<'a>,
}

impl Task<'_> {
    /// The formula at a step.
    fn step(&self, step: Period) -> Column {
        let look = |name: &str, ago: u32| {
            let then = self.job.calendar.shift(step, -i64::from(ago));
            self.parts.get(name).map_or(Column::Same(f64::NAN), |part| part.step(then, self.job))
        };
        formula::evaluate(&self.identity.formula, 0, &look)
    }

    /// The formula at a step, as if all of an unfinished one went like its rest.
    fn whole_step(&self, step: Period) -> Column {
        let look = |name: &str, ago: u32| {
            let then = self.job.calendar.shift(step, -i64::from(ago));
            self.parts.get(name).map_or(Column::Same(f64::NAN), |part| part.whole_step(then, self.job))
        };
        formula::evaluate(&self.identity.formula, 0, &look)
    }

    /// What the formula gives for a past window from what came of the parts.
    fn came(&self, window: Period, reading: Reading) -> f64 {
        let calendar = self.job.calendar;
        let look = |name: &str, ago: u32| {
            let value = || {
                let part = self.parts.get(name)?;
                let back = whole_windows(self.own.grain, window.grain(), ago)?;
                let known = known_scene(part.history, part.history.series.values.len());
                let then = calendar.shift(window, -back);
                Some(
                    known.actual(calendar, then)? * reading.factor(part.history.series, then, self.own.grain, calendar),
                )
            };
            Column::Same(value().unwrap_or(f64::NAN))
        };
        let made = formula::evaluate(&self.identity.formula, 0, &look).at(0);
        made / reading.factor(self.own, window, self.own.grain, calendar)
    }

    /// Whether windows hold the average step of flows: where only that gives what came, and without any past where a flow
    /// stands beside an averaged level.
    fn is_per_step(&self) -> bool {
        let series = || self.parts.values().map(|part| part.history.series);
        let mixed = series().any(is_summed)
            && series().any(|part| part.nature == Nature::Level && matches!(part.roll, Roll::Average(_)));
        if !mixed {
            return false;
        }
        let now = History::new(self.own, self.job.calendar);
        let mut agree = [0; READINGS.len()];
        for back in 1..=COMPOSED {
            let Some(window) = self.job.windows.first().map(|first| self.job.calendar.shift(*first, -back)) else {
                break;
            };
            let Some(actual) = known_scene(&now, self.own.values.len()).actual(self.job.calendar, window) else {
                continue;
            };
            for (count, reading) in agree.iter_mut().zip(READINGS) {
                *count += i32::from(is_close(self.came(window, reading), actual));
            }
        }
        let [as_read, totals, per_step] = agree;
        per_step >= as_read.max(totals)
    }

    /// A window's number and its weight on each path.
    fn window(&self, scene: &Scene<'_>, window: Period, rates: &[f64], count: usize) -> QuarterPaths {
        let calendar = self.job.calendar;
        let settled = self.own.quarters.iter().find(|entry| entry.period == window && entry.complete);
        if self.own.roll != Roll::Weighted && !self.own.roll.is_linked() {
            let rule = scene.rule(calendar, window);
            let values = rates.chunks_exact(scene.steps().max(1)).map(|row| rule.value(row, &[]).0).collect();
            return QuarterPaths { period: window, values, weights: Vec::new() };
        }
        let days = days_between(calendar.starts(window), calendar.ends(window)) + 1.0;
        let per_step = if self.is_per_step() { mean_length(self.own.grain) / days } else { 1.0 };
        let look = |name: &str, ago: u32| {
            let Some(part) = self.parts.get(name) else { return Column::Same(f64::NAN) };
            let factor = if is_summed(part.history.series) { per_step } else { 1.0 };
            part.window(self.own.grain, window, ago, self.job).scaled(factor)
        };
        let mut columns = [expand(&formula::evaluate(&self.identity.formula, 0, &look), count)];
        let fallback = settled.map(|entry| entry.value);
        fill_holes(&mut columns[0], fallback);
        let [values] = columns;
        let weights = match formula::divisor(&self.identity.formula).filter(|_| self.own.roll == Roll::Weighted) {
            Some(below) => {
                let mut weights = expand(&formula::evaluate(below, 0, &look), count);
                weights.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = 0.0);
                weights
            }
            None if self.own.roll == Roll::Weighted => vec![1.0; count],
            None => Vec::new(),
        };
        QuarterPaths { period: window, values, weights }
    }

    /// Past windows: the formula over what would have been said of the parts, where it also gives what came.
    fn past(&self, history: &History<'_>) -> Vec<Past> {
        let now = known_scene(history, self.own.values.len());
        let Some(first) = self.parts.values().next() else { return Vec::new() };
        first.single.past.iter().filter_map(|past| self.past_window(&now, past)).collect()
    }

    fn past_window(&self, now: &Scene<'_>, like: &Past) -> Option<Past> {
        let (window, origin) = (like.window, like.origin);
        let actual = now.actual(self.job.calendar, window)?;
        let came =
            |reading: &Reading| is_close(self.at_past(like, *reading, |past| Column::Same(past.actual)).at(0), actual);
        let reading = READINGS.into_iter().find(came)?;
        let Column::Each(values) = self.at_past(like, reading, |past| Column::Each(past.values.clone())) else {
            return None;
        };
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let claim: Claim = claim(window, origin, &values, actual);
        Some(Past { window, origin, values, actual, claim })
    }

    /// The formula over the parts' own past forecasts of a window, or what came; earlier windows as they were known.
    fn at_past(&self, like: &Past, reading: Reading, of: impl Fn(&Past) -> Column) -> Column {
        let (window, calendar) = (like.window, self.job.calendar);
        let look = |name: &str, ago: u32| {
            let found = || {
                let part = self.parts.get(name)?;
                let factor = |then| reading.factor(part.history.series, then, self.own.grain, calendar);
                if ago == 0 {
                    let past = part.single.past.iter().find(|past| past.window == window)?;
                    return Some(of(past).scaled(factor(window)));
                }
                let earlier = calendar.shift(window, -whole_windows(self.own.grain, window.grain(), ago)?);
                let known = known_scene(part.history, part.history.series.values.len());
                let value = known.actual(calendar, earlier)?;
                (calendar.ends(earlier) <= like.origin).then_some(Column::Same(value * factor(earlier)))
            };
            found().unwrap_or(Column::Same(f64::NAN))
        };
        let made = formula::evaluate(&self.identity.formula, 0, &look);
        made.scaled(1.0 / reading.factor(self.own, window, self.own.grain, calendar))
    }
}

impl Part<'_> {
    /// The value of a period of any grain.
    fn step(&self, period: Period, job: &Job<'_>) -> Column {
        let series = self.history.series;
        if period.grain() != series.grain {
            let (from, to) = (job.calendar.starts(period), job.calendar.ends(period));
            return self.column(&self.rule(from, to, None));
        }
        let first = job.calendar.shift(series.start, series.values.len() as i64);
        match job.calendar.distance(first, period) {
            ahead if ahead >= 0 => Column::Each(self.single.paths.step(ahead as usize)),
            _ => {
                let at = usize::try_from(job.calendar.distance(series.start, period)).ok();
                let value = at.and_then(|at| series.values.get(at).copied().flatten());
                Column::Same(value.unwrap_or(f64::NAN))
            }
        }
    }

    /// The value of a step, of an unfinished one as if all of it went like its rest.
    fn whole_step(&self, period: Period, job: &Job<'_>) -> Column {
        let series = self.history.series;
        let first = job.calendar.shift(series.start, series.values.len() as i64);
        if self.scene.partial.is_none() || period != first {
            return self.step(period, job);
        }
        let flow = series.nature == Nature::Flow;
        let length = self.scene.starts.get(..2).map_or(1.0, |pair| days_between(pair[0], pair[1]));
        let rates = self.single.rates.iter().step_by(self.scene.steps().max(1));
        Column::Each(rates.map(|rate| if flow { rate * length } else { *rate }).collect())
    }

    /// The number of a window, or of the days so many steps of another grain before it.
    fn window(&self, grain: Grain, window: Period, ago: u32, job: &Job<'_>) -> Column {
        let calendar = job.calendar;
        let Some(windows) = whole_windows(grain, window.grain(), ago) else {
            let back = |date| calendar.starts(calendar.shift(calendar.period_of(grain, date), -i64::from(ago)));
            let (from, to) = (calendar.starts(window), calendar.ends(window));
            let moved = back(from);
            let end = moved + (to - from);
            return self.column(&self.rule(moved, end, None));
        };
        let then = calendar.shift(window, -windows);
        let total = is_summed(self.history.series);
        if !total && let Some(made) = self.single.windows.iter().find(|made| made.period == then) {
            return Column::Each(made.values.clone());
        }
        let (from, to) = (calendar.starts(then), calendar.ends(then));
        let seen = self.history.series.quarters.iter().find(|entry| entry.period == then).copied();
        let first = self.history.starts.first().copied().unwrap_or(from);
        if from < first && seen.is_none_or(|entry| !entry.complete) {
            return Column::Same(f64::NAN);
        }
        self.column(&self.rule(from, to, seen))
    }

    /// A flow's total, whatever it reads; any other series by its own roll.
    fn rule(&self, from: chrono::NaiveDate, to: chrono::NaiveDate, seen: Option<crate::series::QuarterValue>) -> Rule {
        if is_summed(self.history.series) {
            self.scene.total(from, to, seen)
        } else {
            self.scene.rule_between(from, to, seen)
        }
    }

    fn column(&self, rule: &Rule) -> Column {
        let steps = self.scene.steps().max(1);
        if rule.is_settled() {
            return Column::Same(rule.value(&[], &[]).0);
        }
        let weights = |path: usize| self.single.weight_rates.get(path * steps..(path + 1) * steps).unwrap_or_default();
        Column::Each(
            self.single
                .rates
                .chunks_exact(steps)
                .enumerate()
                .map(|(path, row)| rule.value(row, weights(path)).0)
                .collect(),
        )
    }
}

/// Flows whose windows add up from days.
fn is_summed(series: &Series) -> bool {
    series.nature == Nature::Flow && matches!(series.roll, Roll::Total | Roll::Average(_))
}

/// How many whole windows so many steps of a grain are; `None` where they are not whole.
fn whole_windows(grain: Grain, window: Grain, ago: u32) -> Option<i64> {
    let (per_year, windows) = (grain.per_year() as f64, window.per_year() as f64);
    let count = f64::from(ago) * windows / per_year;
    // A leap day or two do not make another window.
    let slack = if grain == Grain::Day { 0.02 * count.max(1.0) } else { 1e-9 };
    let whole = count.round();
    (window >= grain && (count - whole).abs() <= slack && (whole >= 1.0 || ago == 0)).then_some(whole as i64)
}

fn periods(own: &Series, steps: usize, job: &Job<'_>) -> Vec<Period> {
    let mut period = job.calendar.shift(own.start, own.values.len() as i64);
    (0..steps)
        .map(|_| {
            let now = period;
            period = job.calendar.shift(period, 1);
            now
        })
        .collect()
}

fn expand(column: &Column, count: usize) -> Vec<f64> {
    (0..count).map(|path| column.at(path)).map(|value| if value.is_finite() { value } else { f64::NAN }).collect()
}

/// A gap on a path takes the step before it, else the one after, else the middle of the other paths.
fn fill_gaps(columns: &mut [Vec<f64>]) {
    if columns.iter().flatten().all(|value| !value.is_nan()) {
        return;
    }
    for at in 1..columns.len() {
        let (before, after) = columns.split_at_mut(at);
        if let (Some(before), Some(now)) = (before.last(), after.first_mut()) {
            now.iter_mut().zip(before).filter(|(value, _)| value.is_nan()).for_each(|(value, other)| *value = *other);
        }
    }
    for at in (1..columns.len()).rev() {
        let (before, after) = columns.split_at_mut(at);
        if let (Some(now), Some(after)) = (before.last_mut(), after.first()) {
            now.iter_mut().zip(after).filter(|(value, _)| value.is_nan()).for_each(|(value, other)| *value = *other);
        }
    }
    columns.iter_mut().for_each(|column| fill_holes(column, None));
}

fn fill_holes(column: &mut [f64], fallback: Option<f64>) {
    let known: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
    let middle = crate::transform::median(&known).or(fallback).unwrap_or(0.0);
    column.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = middle);
}

fn rows(columns: &[Vec<f64>], count: usize) -> Vec<f64> {
    (0..count).flat_map(|path| columns.iter().map(move |column| column[path])).collect()
}

/// Rates that give the computed steps back: per day still to come for flows.
fn rates(scene: &Scene<'_>, columns: &[Vec<f64>], count: usize) -> Vec<f64> {
    let affine: Vec<(f64, f64)> = (0..columns.len())
        .map(|step| match scene.history.series.nature {
            Nature::Flow => {
                let (offset, days) = scene.step_value(step);
                let length = scene.starts.get(step..step + 2).map_or(1.0, |pair| days_between(pair[0], pair[1]));
                if days > 0.0 { (offset, days) } else { (0.0, length) }
            }
            Nature::Level | Nature::Share => (0.0, 1.0),
        })
        .collect();
    let mut rates = rows(columns, count);
    for row in rates.chunks_exact_mut(columns.len().max(1)) {
        row.iter_mut().zip(&affine).for_each(|(value, (offset, days))| *value = (*value - offset) / days);
    }
    rates
}
