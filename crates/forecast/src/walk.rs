//! Past quarters forecast again, each with what was known then: where weights, widths and claims come from.

use crate::calibrate;
use crate::combine::Evidence;
use crate::distribution::{quantile_sorted, sorted};
use crate::draws::Draws;
use crate::futures::{self, Ask, Futures};
use crate::history::History;
use crate::link;
use crate::model;
use crate::outlook::{Claim, Job, ModelReport};
use crate::procedure::hold;
use crate::roll::Scene;
use crate::series::{Roll, Series};
use crate::single::future_starts;
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::Period;

/// Past windows forecast again.
const MOST_WINDOWS: i64 = 20;
/// Paths of a past forecast.
const PAST_PATHS: usize = 1_000;

/// A past origin.
pub struct Walked {
    /// How many values were known.
    cut: usize,
    futures: Futures,
    /// Steps of its models through the end of the window.
    reach: usize,
    /// The window's error in spreads.
    pub error: Option<f64>,
    /// The same of the window after it, and the last day of that.
    pub after: Option<(NaiveDate, f64)>,
    /// The window forecast.
    pub past: Past,
}

/// A past forecast of a window.
#[derive(Clone)]
pub struct Past {
    /// Which window.
    pub window: Period,
    /// The last day known.
    pub origin: NaiveDate,
    /// The window's number on each path.
    pub values: Vec<f64>,
    /// What came.
    pub actual: f64,
    /// What would have been said.
    pub claim: Claim,
}

/// Repeats the forecast for the windows before the job's first, oldest first, with the same lead.
pub fn walk(history: &History<'_>, weights: Option<&History<'_>>, job: &Job<'_>) -> Vec<Walked> {
    let series = history.series;
    let Some(first) = job.windows.first().copied() else { return Vec::new() };
    let lead = (job.calendar.starts(first) - job.as_of).num_days();
    let now = known_scene(history, series.values.len());
    // What was late today was as late then.
    let late = history.periods_by(job.as_of, job.calendar).saturating_sub(series.values.len());
    let mut walked: Vec<Walked> = Vec::new();
    for back in (1..=MOST_WINDOWS).rev() {
        let window = job.calendar.shift(first, -back);
        let origin = shift_days(job.calendar.starts(window), -lead);
        let Some((origin, actual)) = origin.zip(now.actual(job.calendar, window)) else { continue };
        let cut = history.known_by(origin).saturating_sub(late);
        let after = following(job).map(|next| job.calendar.shift(next, -back));
        let after = after.map(|window| (window, now.actual(job.calendar, window)));
        if let Some(step) = revisit(history, weights, job, &walked, &Visit { window, origin, cut, actual, after }) {
            walked.push(step);
        }
    }
    walked
}

struct Visit {
    window: Period,
    origin: NaiveDate,
    cut: usize,
    actual: f64,
    /// The window after it, and what came of that where it is known.
    after: Option<(Period, Option<f64>)>,
}

/// The window of the job after its first, of the same grain.
pub fn following(job: &Job<'_>) -> Option<Period> {
    let first = job.windows.first()?;
    let later = job.windows.iter().filter(|window| window.grain() == first.grain() && *window > first);
    later.min().copied()
}

/// One past window forecast from what was known then.
fn revisit(
    history: &History<'_>,
    weights: Option<&History<'_>>,
    job: &Job<'_>,
    earlier: &[Walked],
    visit: &Visit,
) -> Option<Walked> {
    let series = history.series;
    let (window, origin) = (visit.window, visit.origin);
    let least = if history.is_daily() { 56 } else { 6 };
    if history.rates.iter().take(visit.cut).flatten().count() < least {
        return None;
    }
    let evidence = evidence(history, earlier, visit.cut);
    let first = job.calendar.shift(series.start, visit.cut as i64);
    let last = visit.after.map_or(window, |(after, _)| after);
    let starts = future_starts(job, first, Some(job.calendar.ends(last)), 1);
    let scene = Scene { starts, ..known_scene(history, visit.cut) };
    let name = format!("{} at {window}", series.name);
    let ask = Ask {
        scene: &scene,
        evidence: &evidence,
        paths: PAST_PATHS.min(job.paths.max(200)),
        strata: 1,
        name,
        seed: job.seed,
    };
    let futures = futures::futures(&ask).ok()?;
    let weight_rates = futures::weight_rates(&scene, weights, &ask, true);
    let values_at = |width: f64, window: Period| {
        let found = window_values(&scene, job, window, origin, &futures.rates(&[width]), &weight_rates, &ask.name);
        found.map(|(values, _)| values)
    };
    let known: Vec<f64> = earlier
        .iter()
        .filter(|step| job.calendar.ends(step.past.window) <= origin)
        .filter_map(|step| step.error)
        .collect();
    let transform = futures.main().frame.transform.of_values(series.nature);
    let missed = |window, actual| calibrate::standardised(transform, &sorted(&values_at(1.0, window)?), actual);
    let error = missed(window, visit.actual);
    let after = visit.after.and_then(|(after, actual)| Some((job.calendar.ends(after), missed(after, actual?)?)));
    let steps = scene.starts.partition_point(|start| *start <= job.calendar.ends(window));
    let raw = futures.main();
    let reach = (raw.skip + steps).div_ceil(raw.frame.block());
    let values = values_at(calibrate::width(&known).width, window)?;
    let claim = claim(window, origin, &values, visit.actual);
    Some(Walked {
        cut: visit.cut,
        reach,
        futures,
        error,
        after,
        past: Past { window, origin, values, actual: visit.actual, claim },
    })
}

/// What was known of a series when it had so many values. Windows as the source has them are not used: what was known of
/// the unfinished one then is not recorded.
pub fn known_scene<'a>(history: &'a History<'a>, cut: usize) -> Scene<'a> {
    let all = cut == history.series.values.len();
    let observed = if all { history.series.quarters.clone() } else { Vec::new() };
    Scene { history, cut, starts: Vec::new(), partial: None, observed }
}

/// A window's number and weight on each path; `None` where nothing says how it follows from its steps.
pub fn window_values(
    scene: &Scene<'_>,
    job: &Job<'_>,
    window: Period,
    known: NaiveDate,
    rates: &[f64],
    weights: &[f64],
    name: &str,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let series = scene.history.series;
    let rule = scene.rule(job.calendar, window);
    let steps = scene.steps().max(1);
    let (mut values, mut totals) = (Vec::new(), Vec::new());
    for (path, row) in rates.chunks_exact(steps).enumerate() {
        let (value, total) = rule.value(row, weights.get(path * steps..(path + 1) * steps).unwrap_or_default());
        values.push(value);
        totals.push(total);
    }
    let settled = scene.observed.iter().any(|entry| entry.period == window && entry.complete);
    if series.roll.is_linked() && !settled {
        let link = link::learn(scene, job.calendar, window, known)?;
        link.apply(&mut values, &mut Draws::named(job.seed, &format!("{name} link {window}")));
        let so_far = scene.observed.iter().find(|entry| entry.period == window && series.roll == Roll::Distinct);
        let least = so_far.map_or(f64::NEG_INFINITY, |entry| entry.value);
        values.iter_mut().for_each(|value| *value = hold(value.max(least), series.bounds));
    }
    if series.roll != Roll::Weighted {
        totals.clear();
    }
    Some((values, totals))
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
pub fn evidence(history: &History<'_>, walked: &[Walked], cut: usize) -> Evidence {
    let mut evidence = Evidence::new(&model::all_with_cap());
    for step in walked {
        evidence.note(&step.futures.main().ensemble, &later(history, step, cut), step.reach);
    }
    evidence
}

/// What came after an origin up to a cut, on the transformed scale and as its models count.
fn later(history: &History<'_>, step: &Walked, cut: usize) -> Vec<f64> {
    let raw = step.futures.main();
    let from = step.cut - raw.skip.min(step.cut);
    let known = history.rates.get(from..cut).unwrap_or_default();
    let forward = |rate: &Option<f64>| rate.map_or(f64::NAN, |rate| raw.frame.transform.forward(rate));
    raw.frame.later(&known.iter().map(forward).collect::<Vec<f64>>())
}

/// The models behind a forecast with their weights and how they did, heaviest first.
pub fn reports(
    history: &History<'_>,
    now: &Futures,
    walked: &[Walked],
    series: &Series,
    seed: u64,
) -> Vec<ModelReport> {
    let cut = series.values.len();
    let mut models: Vec<ModelReport> = now
        .main()
        .ensemble
        .members
        .iter()
        .map(|member| {
            let (mut scaled, mut inside, mut points) = (Vec::new(), 0.0, 0.0);
            for step in walked {
                let raw = step.futures.main();
                let later = later(history, step, cut);
                let Some(past) = raw.ensemble.members.iter().find(|past| past.name == member.name) else { continue };
                let (transform, sample) = (raw.frame.transform, &raw.frame.sample);
                let lag = if sample.len() > sample.season { sample.season } else { 1 };
                let original: Vec<f64> = sample.z.iter().map(|z| transform.back(*z)).collect();
                let scale = mean(original.iter().zip(original.iter().skip(lag)).map(|(a, b)| (b - a).abs()));
                let misses = past.point.iter().zip(&later).filter(|(_, value)| value.is_finite());
                let miss = mean(misses.map(|(point, value)| (transform.back(*point) - transform.back(*value)).abs()));
                scaled.extend(miss.zip(scale).filter(|(_, scale)| *scale > 0.0).map(|(miss, scale)| miss / scale));
                let spreads = past.spreads(&mut Draws::named(seed, member.name));
                for ((point, spread), value) in past.point.iter().zip(spreads).zip(&later) {
                    if value.is_finite() {
                        points += 1.0;
                        inside += f64::from(u8::from((value - point).abs() <= 1.281_551_566 * spread));
                    }
                }
            }
            let coverage80 = (points > 0.0).then(|| inside / points);
            ModelReport {
                name: member.name.to_owned(),
                weight: member.weight,
                mase: mean(scaled.into_iter()),
                coverage80,
            }
        })
        .collect();
    models.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    models
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

fn shift_days(date: NaiveDate, by: i64) -> Option<NaiveDate> {
    let days = Days::new(by.unsigned_abs());
    if by < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
}
