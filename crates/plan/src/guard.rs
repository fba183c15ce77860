//! Guards: where they sound, and how likely that is on any reading of the period.
//!
//! A guard is read at its metric's grain, daily metrics by the week. A limit against a quarter or the forecast speaks of a
//! quarter's number, which one week's noise must not break: what is compared is the mean of the period so far, from the fourth
//! week on, with the mean of the base's quarter; for what is read at the quarter's end, each reading with the quarter's own
//! number. A guard without a limit sounds where, without the plan, it would do so as often a year as
//! it may falsely: its threshold is that percentile of all readings on all paths.

use crate::effect::{Moved, Profile, World, logit, shift_logit};
use crate::facts::Facts;
use crate::offer::{three, tidy};
use crate::outlook::Inputs;
use crate::proposal::GuardRow;
use crate::wording::{chance, difference, level, number, percent};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::{Forecast, Nature, Outlook, Roll};
use quarterdeck_lang::model::{Base, Better, Change, ChangeKind, Guard, GuardLimit, Metric};
use std::collections::BTreeMap;

/// What guards are read from.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// What the plan is made from.
    pub inputs: &'a Inputs<'a>,
    /// The period.
    pub period: Period,
    /// The joint forecast.
    pub outlook: &'a Outlook,
    /// The past of every series.
    pub facts: &'a BTreeMap<String, Facts>,
    /// Numbers of the period.
    pub world: &'a World,
    /// The same with each group alone.
    pub alone: &'a [Moved<'a>],
    /// The same with everything.
    pub moved: &'a Moved<'a>,
}

/// The readings of one metric in the period: one row per reading, path by path.
struct Readings {
    without: Vec<Vec<f64>>,
    with: Vec<Vec<f64>>,
}

impl Readings {
    /// The mean of the readings up to each; days and weeks from the fourth week on.
    fn so_far(self, grain: Grain) -> Readings {
        let skip = if grain <= Grain::Week { 3.min(self.without.len().saturating_sub(1)) } else { 0 };
        let means = |readings: Vec<Vec<f64>>| {
            let mut sums = vec![0.0; readings.first().map_or(0, Vec::len)];
            let mut means = Vec::with_capacity(readings.len());
            for (at, reading) in readings.iter().enumerate() {
                sums.iter_mut().zip(reading).for_each(|(sum, value)| *sum += value);
                if at >= skip {
                    means.push(sums.iter().map(|sum| sum / (at + 1) as f64).collect());
                }
            }
            means
        };
        Readings { without: means(self.without), with: means(self.with) }
    }
}

/// Whether a guard compares the mean of the period so far.
fn is_so_far(watch: &Watch<'_>, guard: &Guard) -> bool {
    let against = matches!(guard.limit, Some(GuardLimit::Against { .. }));
    against && watch.facts.get(&guard.metric).is_none_or(|facts| !ends_count(facts))
}

/// Whether a quarter's number is one of its readings and not their mean.
fn ends_count(facts: &Facts) -> bool {
    matches!(facts.series.roll, Roll::Last | Roll::AverageOfLast { .. } | Roll::Min | Roll::Max)
}

/// Every guard of a target; what metrics nobody knows are watched is left out. Over all that sound at their alarms alone, a
/// target has as many false alarms a year as one of them may give: they share it.
pub fn rows<'a>(watch: &Watch<'_>, guards: impl Iterator<Item = &'a Guard>) -> Vec<GuardRow> {
    let guards: Vec<&Guard> = guards.collect();
    let sharing = guards.iter().filter(|guard| guard.limit.is_none()).count().max(1) as f64;
    guards.into_iter().filter_map(|guard| row(watch, guard, guard.alarms / sharing)).collect()
}

/// One guard's row; `None` where its metric is unknown. Without a limit it may sound so often a year.
fn row(watch: &Watch<'_>, guard: &Guard, alarms: f64) -> Option<GuardRow> {
    let metric = watch.inputs.model.metrics.get(&guard.metric)?;
    let so_far = is_so_far(watch, guard);
    let readings =
        readings(watch, &metric.name).map(|readings| if so_far { readings.so_far(metric.grain) } else { readings });
    let at_most = upper(metric, guard);
    let limits = limits(watch, (guard, alarms), metric, readings.as_ref(), at_most);
    let alarms_on = |values: &[Vec<f64>]| -> Option<Vec<usize>> {
        let limits = limits.as_ref()?;
        let paths = values.first()?.len();
        let beyond = |path: usize, (reading, limit): (&Vec<f64>, &f64)| {
            let slack = 1e-12 * limit.abs();
            reading.get(path).is_some_and(|value| if at_most { *value > limit + slack } else { *value < limit - slack })
        };
        // It sounds where a reading is beyond and the one before was not.
        let count = |path: usize| {
            let states: Vec<bool> = values.iter().zip(limits).map(|pair| beyond(path, pair)).collect();
            let starts = states.windows(2).filter(|pair| matches!(pair, [false, true])).count();
            starts + usize::from(states.first() == Some(&true))
        };
        (paths > 0).then(|| (0..paths).map(count).collect())
    };
    let breach = |values: &[Vec<f64>]| {
        let counts = alarms_on(values)?;
        Some(counts.iter().filter(|count| **count > 0).count() as f64 / counts.len() as f64)
    };
    let a_year = readings.as_ref().and_then(|readings| {
        let counts = alarms_on(&readings.without)?;
        let days = f64::from(watch.inputs.model.settings.calendar.days(watch.period).max(1));
        Some(three(counts.iter().sum::<usize>() as f64 / counts.len() as f64 * 365.25 / days))
    });
    let without = readings.as_ref().and_then(|readings| breach(&readings.without));
    let limit = limits.as_ref().map(|limits| limits.iter().sum::<f64>() / limits.len().max(1) as f64);
    Some(GuardRow {
        metric: metric.name.clone(),
        limit: limit.filter(|limit| limit.is_finite()).map(tidy),
        p_breach: readings.as_ref().and_then(|readings| breach(&readings.with)).map(three),
        p_breach_without_plan: without.map(three),
        at_most,
        false_alarms: a_year,
        owner: metric.owner.clone(),
        rule: rule(watch, (guard, alarms), metric, limit, at_most) + &too_tight(without),
        label: metric.label.clone(),
        unit: Some(metric.unit.clone()),
    })
}

fn upper(metric: &Metric, guard: &Guard) -> bool {
    match guard.limit {
        Some(GuardLimit::AtMost(_)) => true,
        Some(GuardLimit::AtLeast(_)) => false,
        Some(GuardLimit::Against { at_most, .. }) => at_most,
        None => !matches!(metric.better, Some(Better::Higher)),
    }
}

/// The limit of every reading; `None` where it cannot be told.
fn limits(
    watch: &Watch<'_>,
    (guard, alarms): (&Guard, f64),
    metric: &Metric,
    readings: Option<&Readings>,
    at_most: bool,
) -> Option<Vec<f64>> {
    let count = readings.map_or(1, |readings| readings.without.len());
    match guard.limit {
        Some(GuardLimit::AtMost(limit) | GuardLimit::AtLeast(limit)) => Some(vec![limit; count]),
        Some(GuardLimit::Against { change, base: Base::Forecast, .. }) => {
            let medians = readings?.without.iter().map(|reading| crate::method::middle(reading.clone()));
            Some(medians.map(|median| changed(median, &change)).collect())
        }
        Some(GuardLimit::Against { change, base, .. }) => {
            let calendar = &watch.inputs.model.settings.calendar;
            let facts = watch.facts.get(&metric.name)?;
            let quarter = match base {
                Base::SameQuarterLastYear => calendar.year_before(watch.period),
                _ => facts.last?.period,
            };
            Some(vec![changed(past_mean(watch, facts, quarter)?, &change); count])
        }
        None => Some(vec![threshold(watch, readings?, alarms, at_most)?; count]),
    }
}

fn changed(value: f64, change: &Change) -> f64 {
    let size = change.size.mid;
    if change.kind == ChangeKind::Relative { value * (1.0 + size) } else { value + size }
}

/// The mean of a past quarter's readings, of a share by their weights; its own number where it is one of them.
fn past_mean(watch: &Watch<'_>, facts: &Facts, quarter: Period) -> Option<f64> {
    if ends_count(facts) {
        return facts.at(quarter);
    }
    let calendar = &watch.inputs.model.settings.calendar;
    let (from, to) = (calendar.starts(quarter), calendar.ends(quarter));
    let series = &facts.series;
    let skip = calendar.distance(series.start, calendar.period_of(series.grain, from)).max(0);
    let (mut sum, mut weights) = (0.0, 0.0);
    for (at, value) in series.values.iter().enumerate().skip(usize::try_from(skip).ok()?) {
        let ends = calendar.ends(calendar.shift(series.start, at as i64));
        if ends > to {
            break;
        }
        if let (true, Some(value)) = (ends >= from, value) {
            let weight = series.weights.get(at).copied().flatten().unwrap_or(1.0);
            sum += weight * value;
            weights += weight;
        }
    }
    (weights > 0.0).then(|| sum / weights)
}

/// The level at which so many readings a year sound without the plan.
fn threshold(watch: &Watch<'_>, readings: &Readings, alarms: f64, at_most: bool) -> Option<f64> {
    let days = f64::from(watch.inputs.model.settings.calendar.days(watch.period));
    let in_period = alarms * days / 365.25;
    let share = (in_period / readings.without.len().max(1) as f64).clamp(0.0, 1.0);
    let mut pooled: Vec<f64> = readings.without.iter().flatten().copied().collect();
    let last = pooled.len().checked_sub(1)?;
    let place = (if at_most { 1.0 - share } else { share }) * last as f64;
    // Rounded outwards, so that no more than the allowed share lies beyond.
    let place = if at_most { libm::ceil(place) } else { libm::floor(place) } as usize;
    let (_, limit, _) = pooled.select_nth_unstable_by(place.min(last), f64::total_cmp);
    Some(*limit)
}

/// The readings of a metric in the period, without and with the plan.
fn readings(watch: &Watch<'_>, name: &str) -> Option<Readings> {
    let forecast = watch.outlook.get(name)?;
    let node = watch.world.place(name)?;
    let facts = watch.facts.get(name)?;
    let groups = groups(watch, forecast, facts.series.grain);
    let before = watch.world.nodes().get(node).map(|node| node.base.as_slice()).unwrap_or_default();
    if groups.is_empty() || before.is_empty() {
        return None;
    }
    let without: Vec<Vec<f64>> = groups.iter().map(|group| reading(forecast, group)).collect();
    let shift = Shift {
        share: facts.series.nature == Nature::Share,
        before,
        after: watch.moved.get(node),
        per_window: facts.per_window,
    };
    let profile = Profile::of(watch.inputs, watch.period, watch.world, watch.alone, node);
    let moved = |(reading, group): (&Vec<f64>, &Vec<usize>)| {
        let part = days(watch, forecast, group).map_or(1.0, |(first, last)| profile.at(first, last));
        reading.iter().enumerate().map(|(path, value)| shift.of(path, *value, part)).collect()
    };
    let reached = watch.moved.reached(node);
    let with = if reached { without.iter().zip(&groups).map(moved).collect() } else { without.clone() };
    Some(Readings { without, with })
}

/// How a path's readings move with its number of the period.
pub struct Shift<'a> {
    /// Whether it moves on the logit scale.
    pub share: bool,
    /// The numbers without the plan.
    pub before: &'a [f64],
    /// The numbers with it.
    pub after: &'a [f64],
    /// What one reading times this is, as a number of the period.
    pub per_window: f64,
}

impl Shift<'_> {
    /// A reading of a path, moved as the path's number is: in proportion, a share on the logit scale; `part` of the effect
    /// (1 is the period's mean).
    pub fn of(&self, path: usize, value: f64, part: f64) -> f64 {
        let (Some(before), Some(after)) = (self.before.get(path), self.after.get(path)) else { return value };
        if before == after {
            return value;
        }
        if self.share {
            return shift_logit(value, part * (logit(*after) - logit(*before)));
        }
        let moved = value * (1.0 + part * (after / before - 1.0));
        // What is nothing without the plan gets its share of what the plan adds.
        if *before > 0.0 && moved.is_finite() { moved } else { value + part * (after - before) / self.per_window }
    }
}

/// The steps of each reading: days by the week, all else as it is.
fn groups(watch: &Watch<'_>, forecast: &Forecast, grain: Grain) -> Vec<Vec<usize>> {
    let calendar = &watch.inputs.model.settings.calendar;
    let (from, to) = (calendar.starts(watch.period), calendar.ends(watch.period));
    let ends_inside = |step: &Period| (from..=to).contains(&calendar.ends(*step));
    let inside: Vec<usize> =
        forecast.steps.iter().enumerate().filter(|(_, step)| ends_inside(step)).map(|(place, _)| place).collect();
    let size = if grain == Grain::Day { 7.min(inside.len().max(1)) } else { 1 };
    // A rest shorter than a week would be noisier than the weeks it stands among.
    inside.chunks_exact(size).map(<[usize]>::to_vec).collect()
}

/// The first and last day of some steps.
fn days(watch: &Watch<'_>, forecast: &Forecast, group: &[usize]) -> Option<(NaiveDate, NaiveDate)> {
    let calendar = &watch.inputs.model.settings.calendar;
    let step = |place: &usize| forecast.steps.get(*place).copied();
    Some((calendar.starts(group.first().and_then(step)?), calendar.ends(group.last().and_then(step)?)))
}

fn reading(forecast: &Forecast, group: &[usize]) -> Vec<f64> {
    let mean = |row: &[f64]| group.iter().filter_map(|step| row.get(*step)).sum::<f64>() / group.len().max(1) as f64;
    forecast.paths.rows().map(mean).collect()
}

/// A guard that sounds anyway guards nothing.
fn too_tight(without: Option<f64>) -> String {
    match without.filter(|p| *p > 0.3) {
        Some(p) => format!(" Without any plan it would sound with {} as well: it is tight.", chance(p)),
        None => String::new(),
    }
}

fn rule(
    watch: &Watch<'_>,
    (guard, alarms): (&Guard, f64),
    metric: &Metric,
    limit: Option<f64>,
    at_most: bool,
) -> String {
    let reading = match (metric.grain, is_so_far(watch, guard)) {
        (Grain::Day | Grain::Week, true) => "the mean so far, read each week from the fourth on,",
        (Grain::Month, true) => "the mean of the months so far",
        (Grain::Day | Grain::Week, false) => "a weekly reading",
        (Grain::Month, false) => "a monthly reading",
        (Grain::Quarter, _) => "a quarterly reading",
        (Grain::Half | Grain::Year, _) => "a yearly reading",
    };
    let side = if at_most { "above" } else { "below" };
    let who = metric.owner.as_deref().unwrap_or("nobody yet: it has no owner");
    let Some(limit) = limit else {
        return format!("Cannot be told yet for {}: there is no history to take its limit from.", metric.label);
    };
    let why = match guard.limit {
        Some(GuardLimit::AtMost(_) | GuardLimit::AtLeast(_)) => String::new(),
        Some(GuardLimit::Against { change, base, .. }) => {
            let size = change.size.mid.abs();
            let by = match change.kind {
                ChangeKind::Relative => percent(size),
                _ => difference(size, &metric.unit),
            };
            let by = match change.size.mid {
                0.0 => String::new(),
                size if size < 0.0 => format!("{by} below "),
                _ => format!("{by} above "),
            };
            let base = match base {
                Base::Forecast => "the forecast without the plan".to_owned(),
                Base::LastQuarter => "the latest quarter".to_owned(),
                Base::SameQuarterLastYear => {
                    let calendar = &watch.inputs.model.settings.calendar;
                    format!("the same quarter last year, {}", calendar.year_before(watch.period))
                }
            };
            format!(" ({by}{base})")
        }
        None if alarms == 1.0 => " (it would be so once a year without any plan)".to_owned(),
        None if alarms < 1.0 => format!(" (it would be so once in {} years without any plan)", number(1.0 / alarms)),
        None => format!(" (it would be so {} times a year without any plan)", number(alarms)),
    };
    format!("Sounds when {reading} is {side} {}{why}. Who acts: {who}.", level(limit, &metric.unit))
}

#[cfg(test)]
#[path = "guard/tests.rs"]
mod tests;
