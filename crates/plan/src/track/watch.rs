//! Guards inside the period: what they read so far, whether they sound, how likely they still will.
//!
//! The limit is the one frozen with the target, so that it stays where it was promised to sound falsely no more often than its
//! budget says; today's data decide only what is read against it. Readings that sound one after the other are one alarm.

use super::Colour;
use super::course::profile;
use crate::effect::Moved;
use crate::facts::Facts;
use crate::guard::Shift;
use crate::offer::three;
use crate::proposal::GuardRow;
use crate::scene::Scene;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::{Forecast, Nature, Roll};
use quarterdeck_lang::model::{Guard, GuardLimit};
use schemars::JsonSchema;
use serde::Serialize;

/// A guard inside the period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Watched {
    /// The metric watched.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Who acts.
    pub owner: Option<String>,
    /// The frozen limit.
    pub limit: Option<f64>,
    /// Whether it is an upper one.
    pub at_most: bool,
    /// The latest reading.
    pub latest: Option<f64>,
    /// Its last day.
    pub on: Option<NaiveDate>,
    /// How many alarms there were in the period: readings that sound one after the other are one.
    pub alarms: usize,
    /// How many false ones a year its limit allows.
    pub allowed: f64,
    /// The chance that it sounds at any reading of the period, those so far counted in.
    pub p_breach: Option<f64>,
    /// Red while it sounds; yellow where it sounded before, or will with at least 30 %.
    pub colour: Colour,
    /// The metric's unit, for pages.
    #[serde(skip)]
    pub unit: Option<quarterdeck_lang::model::Unit>,
}

/// One reading: its last day, and its number on every path, or the one observed.
struct Read {
    ends: NaiveDate,
    observed: bool,
    values: Vec<f64>,
}

/// A guard as it stands on the scene's day.
pub fn watched(scene: &Scene<'_>, moved: &Moved<'_>, row: &GuardRow, guard: Option<&Guard>) -> Watched {
    let metric = scene.inputs.model.metrics.get(&row.metric);
    let facts = scene.facts.get(&row.metric);
    let against = guard.is_some_and(|guard| matches!(guard.limit, Some(GuardLimit::Against { .. })));
    let mean = against && facts.is_none_or(|facts| !ends_count(facts));
    let mut reads = facts.map(|facts| reads(scene, moved, facts, &row.metric)).unwrap_or_default();
    if mean {
        reads = so_far(reads, metric.map_or(Grain::Week, |metric| metric.grain));
    }
    let beyond = |value: f64| row.limit.is_some_and(|limit| sounds(row.at_most, limit, value));
    let seen: Vec<(NaiveDate, f64)> =
        reads.iter().filter(|read| read.observed).filter_map(|read| Some((read.ends, *read.values.first()?))).collect();
    let sounded: Vec<bool> = seen.iter().map(|(_, value)| beyond(*value)).collect();
    let alarms =
        sounded.iter().enumerate().filter(|(at, now)| **now && (*at == 0 || sounded.get(at - 1) == Some(&false)));
    let alarms = alarms.count();
    let paths = reads.iter().map(|read| read.values.len()).max().unwrap_or(0);
    let hit = |path: usize| {
        reads.iter().any(|read| {
            let at = if read.observed { 0 } else { path };
            read.values.get(at).is_some_and(|value| beyond(*value))
        })
    };
    let known = row.limit.is_some() && paths > 0;
    let p_breach = known.then(|| three((0..paths).filter(|path| hit(*path)).count() as f64 / paths as f64));
    let colour = match (sounded.last(), p_breach) {
        (_, None) => Colour::Unknown,
        (Some(true), _) => Colour::Red,
        (_, Some(p)) if alarms > 0 || p >= 0.3 => Colour::Yellow,
        _ => Colour::Green,
    };
    Watched {
        metric: row.metric.clone(),
        label: metric.map_or_else(|| row.metric.clone(), |metric| metric.label.clone()),
        owner: row.owner.clone(),
        limit: row.limit,
        at_most: row.at_most,
        latest: seen.last().map(|(_, value)| crate::offer::tidy(*value)),
        on: seen.last().map(|(day, _)| *day),
        alarms,
        allowed: guard.map_or(1.0, |guard| guard.alarms),
        p_breach,
        colour,
        unit: metric.map(|metric| metric.unit.clone()),
    }
}

fn sounds(at_most: bool, limit: f64, value: f64) -> bool {
    let slack = 1e-12 * limit.abs();
    if at_most { value > limit + slack } else { value < limit - slack }
}

fn ends_count(facts: &Facts) -> bool {
    matches!(facts.series.roll, Roll::Last | Roll::AverageOfLast { .. } | Roll::Min | Roll::Max)
}

/// The readings of a period: steps that end inside it, days by the week.
fn reads(scene: &Scene<'_>, moved: &Moved<'_>, facts: &Facts, name: &str) -> Vec<Read> {
    let calendar = &scene.inputs.model.settings.calendar;
    let (from, to) = (calendar.starts(scene.period), calendar.ends(scene.period));
    let series = &facts.series;
    let inside = |ends: &NaiveDate| (from..=to).contains(ends);
    let skip = calendar.distance(series.start, calendar.period_of(series.grain, from)).max(0) as usize;
    let mut all: Vec<Read> = Vec::new();
    for (at, value) in series.values.iter().enumerate().skip(skip) {
        let ends = calendar.ends(calendar.shift(series.start, at as i64));
        if let Some(value) = value.filter(|value| inside(&ends) && value.is_finite()) {
            all.push(Read { ends, observed: true, values: vec![value] });
        }
    }
    if let (Some(forecast), Some(node)) = (scene.outlook.get(name), scene.world.place(name)) {
        all.extend(future(scene, moved, facts, forecast, node).into_iter().filter(|read| inside(&read.ends)));
    }
    if series.grain == Grain::Day { by_week(all) } else { all }
}

/// Readings still to come, with the plan.
fn future(scene: &Scene<'_>, moved: &Moved<'_>, facts: &Facts, forecast: &Forecast, node: usize) -> Vec<Read> {
    let calendar = &scene.inputs.model.settings.calendar;
    let before = scene.world.nodes().get(node).map(|node| node.base.as_slice()).unwrap_or_default();
    let share = facts.series.nature == Nature::Share;
    let shift = Shift { share, before, after: moved.get(node), per_window: facts.per_window };
    let profile = profile(scene, node);
    let read = |(place, period): (usize, &quarterdeck_calendar::Period)| {
        let (starts, ends) = (calendar.starts(*period), calendar.ends(*period));
        let part = profile.at(starts, ends);
        let own = |(path, row): (usize, &[f64])| shift.of(path, row.get(place).copied().unwrap_or(0.0), part);
        Read { ends, observed: false, values: forecast.paths.rows().enumerate().map(own).collect() }
    };
    forecast.steps.iter().enumerate().map(read).collect()
}

/// Days by the week; a week is observed once all of it is.
fn by_week(days: Vec<Read>) -> Vec<Read> {
    let week = |days: &[Read]| {
        let paths = days.iter().map(|day| day.values.len()).max().unwrap_or(0);
        let at = |day: &Read, path: usize| day.values.get(if day.observed { 0 } else { path }).copied().unwrap_or(0.0);
        let mean = |path| days.iter().map(|day| at(day, path)).sum::<f64>() / days.len() as f64;
        let observed = days.iter().all(|day| day.observed);
        let values = if observed { vec![mean(0)] } else { (0..paths).map(mean).collect() };
        Some(Read { ends: days.last()?.ends, observed, values })
    };
    days.chunks_exact(7).filter_map(week).collect()
}

/// The mean of the readings up to each; weeks from the fourth on.
fn so_far(reads: Vec<Read>, grain: Grain) -> Vec<Read> {
    let skip = if grain <= Grain::Week { 3.min(reads.len().saturating_sub(1)) } else { 0 };
    let paths = reads.iter().map(|read| read.values.len()).max().unwrap_or(0);
    let mut sums = vec![0.0; paths];
    let mut means = Vec::new();
    for (at, read) in reads.into_iter().enumerate() {
        for (path, sum) in sums.iter_mut().enumerate() {
            *sum += read.values.get(if read.observed { 0 } else { path }).copied().unwrap_or(0.0);
        }
        let mean = |sum: &f64| sum / (at + 1) as f64;
        let values: Vec<f64> =
            if read.observed { sums.first().map(mean).into_iter().collect() } else { sums.iter().map(mean).collect() };
        if at >= skip {
            means.push(Read { ends: read.ends, observed: read.observed, values });
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::{Read, by_week, so_far, sounds};
    use crate::fixture::date;
    use quarterdeck_calendar::Grain;

    fn read(day: u32, observed: bool, values: &[f64]) -> Read {
        Read { ends: date(&format!("2027-01-{day:02}")), observed, values: values.to_vec() }
    }

    #[test]
    fn means_so_far_begin_with_the_fourth_week() {
        // Observed 10, 20, 30, 40, then 50 or 100 on two paths: means 25, then 30 or 40.
        let weeks: Vec<Read> = (1..=4).map(|week| read(week * 7, true, &[10.0 * f64::from(week)])).collect();
        let all = so_far(weeks.into_iter().chain([read(31, false, &[50.0, 100.0])]).collect(), Grain::Week);
        assert_eq!(all.iter().map(|read| read.values.clone()).collect::<Vec<_>>(), [vec![25.0], vec![30.0, 40.0]]);
    }

    #[test]
    fn a_week_that_began_is_still_to_come() {
        let days: Vec<Read> = (1..=16)
            .map(|day| if day < 10 { read(day, true, &[7.0]) } else { read(day, false, &[0.0, 14.0]) })
            .collect();
        let weeks = by_week(days);
        assert_eq!(weeks.len(), 2);
        assert_eq!((weeks[0].observed, weeks[0].values.clone()), (true, vec![7.0]));
        // Two observed days at 7 and five at 0 or 14: 2 or 12.
        assert_eq!((weeks[1].observed, weeks[1].values.clone()), (false, vec![2.0, 12.0]));
    }

    #[test]
    fn limits_have_a_side() {
        assert!(
            sounds(true, 10.0, 10.1)
                && !sounds(true, 10.0, 10.0)
                && sounds(false, 10.0, 9.9)
                && !sounds(false, 10.0, 10.0)
        );
    }
}
