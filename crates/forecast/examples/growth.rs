//! What growth curves say of a cap, on any data of the form `series_id,split,t,value` (rows in time order), and how often
//! their ranges hold the true cap on simulated series. What is not a level that hardly ever falls is added up first.
//!
//! `cargo run --release -p quarterdeck-forecast --example growth -- FILE.csv.gz`

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may read files; the crate may not.
#![allow(clippy::disallowed_methods)]

use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::saturation::{CURVES, Curve, Profile, profile, simulated};
use quarterdeck_forecast::{Bounds, Cap, Job, Nature, Roll, Series, distribution, forecast};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Read;
use std::process::ExitCode;

const CUTS: [f64; 5] = [0.3, 0.5, 0.6, 0.7, 0.9];

fn main() -> ExitCode {
    match std::env::args().nth(1).ok_or("which FILE.csv.gz?".to_owned()).and_then(|file| run(&file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("growth: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(file: &str) -> Result<(), String> {
    println!("| simulated, 85 % of the cap seen | of 500 ranges of 80 %, hold the cap |\n| --- | --- |");
    for curve in CURVES {
        let held = (0..500u64).into_par_iter().filter(|run| {
            let found = profile(curve, &simulated(curve, 70.0, 0.85, 0.015, *run), 0.8);
            found.is_some_and(|found| found.low <= 70.0 && found.high.is_none_or(|high| 70.0 <= high))
        });
        println!("| {curve:?} | {} |", held.count());
    }
    println!("\n| series | seen | n | cap of all | cap now (80 %) | capped error | uncapped error |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut wins: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (name, values) in read(file)? {
        let whole = best(&values);
        for cut in CUTS {
            let n = (values.len() as f64 * cut) as usize;
            let now = best(&values[..n]);
            let range = now.and_then(|found| Some((found.low, found.high?)));
            let errors = range.and_then(|range| Some((error(&values, n, Some(range))?, error(&values, n, None)?)));
            if let Some((with, without)) = errors {
                let count = wins.entry(format!("{:.0} %", 100.0 * cut)).or_default();
                count.0 += usize::from(with < without);
                count.1 += 1;
            }
            let errors = errors.map_or("– | –".to_owned(), |(with, without)| format!("{with:.3} | {without:.3}"));
            println!("| {name} | {:.0} % | {n} | {} | {} | {errors} |", 100.0 * cut, said(whole), said(now));
        }
    }
    println!("\n| seen | n | the capped forecast is nearer | sign test, two-sided p |\n| --- | --- | --- | --- |");
    for (cut, (won, of)) in wins {
        println!("| {cut} | {of} | {won} | {:.3} |", sign_test(won, of));
    }
    Ok(())
}

/// The curve that fits best.
fn best(values: &[f64]) -> Option<Profile> {
    let found = CURVES.iter().filter_map(|curve: &Curve| profile(*curve, values, 0.8));
    found.min_by(|a, b| a.misfit.total_cmp(&b.misfit))
}

fn said(found: Option<Profile>) -> String {
    match found {
        None => "too few values".to_owned(),
        Some(Profile { high: None, .. }) => "cap not identified".to_owned(),
        Some(Profile { curve, cap, low, high: Some(high), .. }) => {
            format!("{cap:.4} ({low:.4} to {high:.4}, {curve:?})")
        }
    }
}

/// Mean absolute error of the medians of all steps after `n`, over the mean change of what is known.
fn error(values: &[f64], n: usize, cap: Option<(f64, f64)>) -> Option<f64> {
    let calendar = Calendar::default();
    let start = Period::new(Grain::Quarter, 1980, 1);
    let known = values.get(..n)?;
    let series = Series {
        name: "growth".to_owned(),
        grain: Grain::Quarter,
        start,
        values: known.iter().copied().map(Some).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Level,
        roll: Roll::Last,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: cap.map(|(low, high)| Cap { label: "fitted".to_owned(), low, high }),
    };
    let as_of = calendar.ends(calendar.shift(start, n as i64 - 1));
    let windows = [calendar.shift(start, values.len() as i64 - 1)];
    let job = Job {
        series: &[series],
        identities: &[],
        windows: &windows,
        as_of,
        calendar: &calendar,
        seed: 1,
        paths: 1_000,
    };
    let outlook = forecast(&job);
    let paths = &outlook.get("growth")?.paths;
    let middle = |step: usize| distribution::quantile_sorted(&distribution::sorted(&paths.step(step)), 0.5);
    let misses: Option<Vec<f64>> =
        values.get(n..)?.iter().enumerate().map(|(step, value)| Some((middle(step)? - value).abs())).collect();
    let misses = misses?;
    let change = known.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / (n as f64 - 1.0);
    (!misses.is_empty() && change > 0.0).then(|| misses.iter().sum::<f64>() / misses.len() as f64 / change)
}

/// The chance of a split at least as uneven, were both equally good.
fn sign_test(won: usize, of: usize) -> f64 {
    let mut weights = vec![1.0; of + 1];
    for k in 1..=of {
        weights[k] = weights[k - 1] * (of + 1 - k) as f64 / k as f64;
    }
    let all: f64 = weights.iter().sum();
    let tail: f64 = weights.iter().take(won.min(of - won) + 1).sum();
    (2.0 * tail / all).min(1.0)
}

/// The series of a file by name, from their first positive value on.
fn read(file: &str) -> Result<BTreeMap<String, Vec<f64>>, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(bytes.as_slice());
    unpacked.read_to_string(&mut text).map_err(|error| format!("{file}: {error}"))?;
    let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.map_err(|error| format!("{file}: {error}"))?;
        let value = row.get(3).and_then(|value| value.parse::<f64>().ok());
        let (Some(name), Some(value)) = (row.get(0), value) else {
            return Err(format!("{file}: a row without series_id,split,t,value: {row:?}"));
        };
        let values = all.entry(name.to_owned()).or_default();
        if value > 0.0 || !values.is_empty() {
            values.push(value);
        }
    }
    all.values_mut().for_each(|values| {
        let falls = values.windows(2).filter(|pair| pair[1] < pair[0]).count();
        if 10 * falls > values.len() {
            let mut sum = 0.0;
            values.iter_mut().for_each(|value| {
                sum += *value;
                *value = sum;
            });
        }
    });
    Ok(all)
}
