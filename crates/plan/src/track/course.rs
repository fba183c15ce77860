//! The number so far of a period, step by step: what was observed, then what each path goes on with.
//!
//! Flows add up, shares by their denominators, levels are averaged or read at the step, each as the metric's quarter is read.
//! What the steps of a path come to at the end is drawn, evenly over the days that are left, onto the path's own number of the
//! period, which is exact where steps are not (what a plan adds, distinct counts).

use crate::effect::{Kind, Lined, Moved, Profile};
use crate::facts::Facts;
use crate::guard::Shift;
use crate::scene::Scene;
use chrono::NaiveDate;
use quarterdeck_forecast::{Forecast, Nature, Roll};
use quarterdeck_lang::model::Length;

/// The number so far at the end of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The step's last day, held to the period's.
    pub ends: NaiveDate,
    /// Whether it was observed.
    pub observed: bool,
    /// One number per path asked for.
    pub values: Vec<f64>,
}

/// A step inside the period.
struct Step {
    starts: NaiveDate,
    ends: NaiveDate,
    observed: Option<f64>,
    /// Its place in the forecast's paths where it was not observed.
    place: usize,
    weight: Option<f64>,
}

/// The number so far at every step of the period, on the paths asked for; empty without a forecast.
pub fn course(scene: &Scene<'_>, moved: &Moved<'_>, name: &str, paths: &[usize]) -> Vec<Point> {
    let found = (scene.facts.get(name), scene.outlook.get(name), scene.world.place(name));
    let (Some(facts), Some(forecast), Some(node)) = found else { return Vec::new() };
    let steps = steps(scene, facts, forecast);
    let along = Along { scene, facts, forecast, moved, node };
    let mut points: Vec<Point> = Vec::new();
    let mut sums: Vec<SoFar> = paths.iter().map(|_| SoFar::default()).collect();
    let window = window(scene);
    let values = steps.iter().map(|step| along.values(step, paths));
    for (step, values) in steps.iter().zip(values) {
        for (sum, value) in sums.iter_mut().zip(values) {
            sum.take(value, step, window, facts);
        }
        let values: Vec<f64> = sums.iter().map(|sum| sum.number(facts)).collect();
        points.push(Point { ends: step.ends.min(window.1), observed: step.observed.is_some(), values });
    }
    onto_the_end(
        &mut points,
        &paths.iter().map(|path| moved.get(node).get(*path).copied()).collect::<Vec<_>>(),
        window,
    );
    points
}

fn window(scene: &Scene<'_>) -> (NaiveDate, NaiveDate) {
    let calendar = &scene.inputs.model.settings.calendar;
    (calendar.starts(scene.period), calendar.ends(scene.period))
}

/// The steps that touch the period, or, where only whole steps count, those that end in it.
fn steps(scene: &Scene<'_>, facts: &Facts, forecast: &Forecast) -> Vec<Step> {
    let calendar = &scene.inputs.model.settings.calendar;
    let (from, to) = window(scene);
    let series = &facts.series;
    let whole = matches!(series.roll, Roll::Last | Roll::AverageOfLast { .. } | Roll::Min | Roll::Max);
    let inside = |step: &Step| step.starts <= to && step.ends >= from && (!whole || step.ends <= to);
    let skip = calendar.distance(series.start, calendar.period_of(series.grain, from)).max(0) as usize;
    let seen = series.values.iter().enumerate().skip(skip).filter_map(|(at, value)| {
        let period = calendar.shift(series.start, at as i64);
        let weight = series.weights.get(at).copied().flatten();
        let observed = Some(value.filter(|value| value.is_finite())?);
        Some(Step { starts: calendar.starts(period), ends: calendar.ends(period), observed, place: 0, weight })
    });
    let future = forecast.steps.iter().enumerate().map(|(place, period)| {
        let (starts, ends) = (calendar.starts(*period), calendar.ends(*period));
        Step { starts, ends, observed: None, place, weight: None }
    });
    seen.chain(future).filter(inside).collect()
}

/// Where the values of steps come from.
struct Along<'a> {
    scene: &'a Scene<'a>,
    facts: &'a Facts,
    forecast: &'a Forecast,
    moved: &'a Moved<'a>,
    node: usize,
}

impl Along<'_> {
    /// A step's value on some paths, with the plan where it is still to come.
    fn values(&self, step: &Step, paths: &[usize]) -> Vec<f64> {
        if let Some(observed) = step.observed {
            return vec![observed; paths.len()];
        }
        let base = self.scene.world.nodes().get(self.node).map(|node| node.base.as_slice()).unwrap_or_default();
        let share = self.facts.series.nature == Nature::Share;
        let shift = Shift { share, before: base, after: self.moved.get(self.node), per_window: self.facts.per_window };
        let part = profile(self.scene, self.node).at(step.starts, step.ends);
        let value = |path: &usize| {
            let row = self.forecast.paths.row(*path);
            let own = row.and_then(|row| row.get(step.place)).copied().unwrap_or(0.0);
            shift.of(*path, own, part)
        };
        paths.iter().map(value).collect()
    }
}

/// How what the plan adds to a node is spread over the period.
pub fn profile(scene: &Scene<'_>, node: usize) -> Profile {
    let groups = scene.world.groups().iter().enumerate();
    let alone: Vec<Moved<'_>> = groups
        .map(|(group, entry)| {
            let chosen = crate::effect::Choice { group, certain: entry.kind == Kind::Risk };
            let shown = entry.kind != Kind::Scenario;
            scene.world.with(if shown { std::slice::from_ref(&chosen) } else { &[] }, Lined::Up)
        })
        .collect();
    Profile::of(scene.inputs, scene.period, &scene.world, &alone, node)
}

/// The sums behind a number so far.
#[derive(Clone, Debug, Default)]
struct SoFar {
    sum: f64,
    days: f64,
    weights: f64,
    weighted: f64,
    last: Vec<f64>,
}

impl SoFar {
    fn take(&mut self, value: f64, step: &Step, window: (NaiveDate, NaiveDate), facts: &Facts) {
        let days = ((step.ends.min(window.1) - step.starts.max(window.0)).num_days() + 1) as f64;
        let length = ((step.ends - step.starts).num_days() + 1) as f64;
        let flow = facts.series.nature == Nature::Flow;
        self.sum += if flow { value * days / length } else { value * days };
        // A step still to come weighs as those so far do on average.
        let usual = if self.days > 0.0 { self.weighted_per_day() * days } else { days };
        let weight = step.weight.map_or(usual, |weight| weight * days / length);
        self.weights += weight * value;
        self.weighted += weight;
        self.days += days;
        self.last.push(value);
    }

    fn weighted_per_day(&self) -> f64 {
        self.weighted / self.days
    }

    fn number(&self, facts: &Facts) -> f64 {
        let series = &facts.series;
        let flow = series.nature == Nature::Flow;
        match series.roll {
            Roll::Total => self.sum,
            Roll::Average(grain) if flow => self.sum / self.days * Length::Grains(1, grain).days(),
            Roll::Weighted if self.weighted > 0.0 => self.weights / self.weighted,
            Roll::Average(_) | Roll::Link | Roll::Distinct | Roll::Weighted => self.sum / self.days,
            Roll::Last => self.last.last().copied().unwrap_or(f64::NAN),
            Roll::AverageOfLast { count } => {
                let from = self.last.len().saturating_sub(count.max(1) as usize);
                let taken = self.last.get(from..).unwrap_or_default();
                taken.iter().sum::<f64>() / taken.len().max(1) as f64
            }
            Roll::Min => self.last.iter().copied().fold(f64::INFINITY, f64::min),
            Roll::Max => self.last.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// Draws what steps come to onto the period's own numbers, evenly over the days that are left.
fn onto_the_end(points: &mut [Point], numbers: &[Option<f64>], window: (NaiveDate, NaiveDate)) {
    let seen = points.iter().filter(|point| point.observed).map(|point| point.ends).max();
    let now = seen.or_else(|| window.0.pred_opt()).unwrap_or(window.0);
    let Some(last) = points.last().filter(|point| !point.observed).cloned() else { return };
    let left = (last.ends - now).num_days().max(1) as f64;
    for point in points.iter_mut().filter(|point| !point.observed) {
        let part = (point.ends - now).num_days() as f64 / left;
        for ((value, end), number) in point.values.iter_mut().zip(&last.values).zip(numbers) {
            let off = number.map_or(0.0, |number| number - end);
            *value += if off.is_finite() { off * part } else { 0.0 };
        }
    }
}
