//! Judges what a workspace would have claimed: every series of a file goes through `forecast` on a calendar, as a metric does,
//! and what its past quarters claimed, each from what was known then, is compared with what came.
//!
//! `cargo run --release -p quarterdeck-forecast --example claims -- FILE.csv.gz --grain month [--half even|odd] [--limit N]`
//!
//! `FILE` is of the form `series_id,split,t,value`; the grain is week, month or quarter. Train rows end with 2019, and the
//! quarters claimed are those before. Where the test rows fill the two quarters after, these are judged as well.

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may read files; the crate may not.
#![allow(clippy::disallowed_methods)]

mod evaluate {
    pub mod data;
}

use chrono::NaiveDate;
use evaluate::data::{self, Entry};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::accuracy::{point, spread::pinball};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::{Bounds, Job, Nature, Roll, Series, forecast};
use rayon::prelude::*;
use std::process::ExitCode;

/// Levels at which claims are compared with what came.
const LEVELS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
const USAGE: &str = "write FILE.csv[.gz] --grain week|month|quarter [--half even|odd] [--limit N]";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("claims: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(mut words: impl Iterator<Item = String>) -> Result<(), String> {
    let file = words.next().ok_or(USAGE)?;
    let (mut grain, mut half, mut limit) = (None, None, usize::MAX);
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_default();
        match (word.as_str(), value.as_str()) {
            ("--grain", "week") => grain = Some(Grain::Week),
            ("--grain", "month") => grain = Some(Grain::Month),
            ("--grain", "quarter") => grain = Some(Grain::Quarter),
            ("--half", "even") => half = Some(0),
            ("--half", "odd") => half = Some(1),
            ("--limit", number) => limit = number.parse().map_err(|_| USAGE)?,
            _ => return Err(format!("`{word} {value}`: {USAGE}")),
        }
    }
    let grain = grain.ok_or(USAGE)?;
    let calendar = Calendar::default();
    let windows: Vec<Period> = ["2020-Q1", "2020-Q2"].iter().filter_map(|text| text.parse().ok()).collect();
    let set = data::read(&file, usize::MAX, half, limit)?;
    let found: Vec<[Vec<Scored>; 3]> = set.par_iter().map(|entry| claims(entry, grain, &calendar, &windows)).collect();
    println!("{} series", found.len());
    println!(
        "{:<16}{:>7}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}{:>9}{:>9}{:>9}",
        "", "n", "p10", "p30", "p50", "p70", "p90", "error", "80 %", "40 %", "loss"
    );
    for (at, name) in ["past claims", "next quarter", "the one after"].into_iter().enumerate() {
        print(name, &found.iter().flat_map(|kinds| &kinds[at]).copied().collect::<Vec<Scored>>());
    }
    Ok(())
}

/// Where in its claimed distribution an outcome fell (0 to 1), and the mean pinball loss at the five levels over the mean
/// change of train from one season to the next.
type Scored = (f64, f64);

/// The past claims of a series, and how its next two quarters came out.
fn claims(entry: &Entry, grain: Grain, calendar: &Calendar, windows: &[Period]) -> [Vec<Scored>; 3] {
    let as_of = NaiveDate::from_ymd_opt(2019, 12, 31).unwrap_or_default();
    let mut last = calendar.period_of(grain, as_of);
    if calendar.ends(last) > as_of {
        last = calendar.shift(last, -1);
    }
    let start = calendar.shift(last, 1 - entry.train.len() as i64);
    let positive = entry.train.iter().all(|value| *value >= 0.0);
    let series = Series {
        name: entry.id.clone(),
        grain,
        start,
        values: entry.train.iter().copied().map(Some).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Level,
        roll: Roll::Average(grain),
        bounds: Bounds { low: positive.then_some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    };
    let job = Job { series: &[series], identities: &[], windows, as_of, calendar, seed: 1, paths: 2_000 };
    let outlook = forecast(&job);
    let Some(found) = outlook.get(&entry.id) else { return Default::default() };
    let scale = point::scale(&entry.train, grain.season_length()).max(f64::MIN_POSITIVE);
    let loss = |quantiles: [f64; 5], actual: f64| {
        let losses = LEVELS.iter().zip(quantiles).map(|(level, at)| pinball(*level, at, actual));
        losses.sum::<f64>() / 5.0 / scale
    };
    let past = found.claims.iter().map(|claim| (claim.pit, loss(claim.quantiles, claim.actual))).collect();
    let now = |window: usize| -> Vec<Scored> {
        let paths = windows.get(window).zip(found.windows.get(window));
        let pit = paths.and_then(|(period, paths)| {
            let actual = came(entry, *period, last, calendar)?;
            let draws = sorted(&paths.values);
            let quantiles = LEVELS.map(|level| quantile_sorted(&draws, level).unwrap_or(f64::NAN));
            Some((pit(&draws, actual), loss(quantiles, actual)))
        });
        pit.into_iter().collect()
    };
    [past, now(0), now(1)]
}

/// The mean of a window's test values by their days, where they fill it.
fn came(entry: &Entry, window: Period, last: Period, calendar: &Calendar) -> Option<f64> {
    let (mut sum, mut days) = (0.0, 0.0);
    for (at, value) in entry.test.iter().enumerate() {
        let step = calendar.shift(last, at as i64 + 1);
        let (from, to) =
            (calendar.starts(step).max(calendar.starts(window)), calendar.ends(step).min(calendar.ends(window)));
        let inside = ((to - from).num_days() + 1).max(0) as f64;
        sum += inside * value;
        days += inside;
    }
    (days == f64::from(calendar.days(window))).then(|| sum / days)
}

fn pit(paths: &[f64], actual: f64) -> f64 {
    let below = paths.iter().filter(|value| **value < actual).count() as f64;
    let ties = paths.iter().filter(|value| **value == actual).count() as f64;
    (below + 0.5 * ties) / paths.len().max(1) as f64
}

fn print(name: &str, scored: &[Scored]) {
    let n = scored.len() as f64;
    let pits: Vec<f64> = scored.iter().map(|(pit, _)| *pit).collect();
    let losses: Vec<f64> = scored.iter().map(|(_, loss)| *loss).filter(|loss| *loss < 1e6).collect();
    let loss = losses.iter().sum::<f64>() / losses.len() as f64;
    let share = |low: f64, high: f64| pits.iter().filter(|pit| low <= **pit && **pit <= high).count() as f64 / n;
    let below: Vec<f64> = LEVELS.iter().map(|level| share(0.0, *level)).collect();
    let error = below.iter().zip(LEVELS).map(|(came, said)| (came - said).abs()).sum::<f64>() / 5.0;
    print!("{name:<16}{:>7}", pits.len());
    below.iter().for_each(|came| print!("{came:>8.3}"));
    println!("{error:>9.3}{:>9.3}{:>9.3}{loss:>9.4}", share(0.1, 0.9), share(0.3, 0.7));
}
