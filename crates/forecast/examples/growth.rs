//! What growth curves say of a cap, on any data of the form `series_id,split,t,value` (rows in time order), and how often
//! their ranges hold the true cap on simulated series. What is not a level that hardly ever falls is added up first.
//!
//! `cargo run --release -p quarterdeck-forecast --example growth -- FILE.csv.gz [--no-simulations]`

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may read files; the crate may not.
#![allow(clippy::disallowed_methods)]

use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::saturation::{CURVES, Curve, Prior, Profile, Setting, profile, simulated};
use quarterdeck_forecast::{Bounds, Cap, Job, Nature, Roll, Series, distribution, forecast};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Read;
use std::process::ExitCode;

const CUTS: [f64; 5] = [0.3, 0.5, 0.6, 0.7, 0.9];

/// The part of the cap seen, the number of values and the noise of simulated series.
const SETTINGS: [(f64, u32, f64); 10] = [
    (0.85, 40, 0.015),
    (0.2, 40, 0.01),
    (0.4, 40, 0.02),
    (0.6, 24, 0.02),
    (0.6, 60, 0.05),
    (0.75, 24, 0.02),
    (0.75, 60, 0.05),
    (0.9, 12, 0.02),
    (0.9, 24, 0.05),
    (0.9, 60, 0.1),
];

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
    if std::env::args().all(|argument| argument != "--no-simulations") {
        simulations();
        with_priors();
    }
    println!(
        "\n| series | seen | n | cap of all | cap now | where it goes (80 %) | what came | capped error | uncapped error |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for (name, values) in read(file)? {
        let whole = profile(&CURVES, &values, None, 0.8);
        for cut in CUTS {
            let n = (values.len() as f64 * cut) as usize;
            let seen = format!("{:.0} %", 100.0 * cut);
            let count = counts.entry(seen.clone()).or_default();
            let now = profile(&CURVES, &values[..n], None, 0.8);
            let errors = compared(&values, n, now.as_ref(), count);
            let errors = errors.map_or("– | –".to_owned(), |(with, without)| format!("{with:.3} | {without:.3}"));
            let (whole, cap, goes) = (cap(whole.as_ref()), cap(now.as_ref()), goes(now.as_ref()));
            let last = values.last().copied().unwrap_or_default();
            println!("| {name} | {seen} | {n} | {whole} | {cap} | {goes} | {last:.4} | {errors} |");
        }
    }
    println!(
        "\n| seen | too few values | cap not identified | over already | n | the capped forecast is nearer | sign test, two-sided p |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (cut, Count { few, open, over, n, won }) in counts {
        println!("| {cut} | {few} | {open} | {over} | {n} | {won} | {:.3} |", sign_test(won, n));
    }
    Ok(())
}

/// What became of the series cut at one place.
#[derive(Default)]
struct Count {
    few: usize,
    open: usize,
    over: usize,
    n: usize,
    won: usize,
}

/// The errors with and without the cap that is found, where there is one above what was seen; counted.
fn compared(values: &[f64], n: usize, found: Option<&Profile>, count: &mut Count) -> Option<(f64, f64)> {
    let Some(found) = found else {
        count.few += 1;
        return None;
    };
    let Some((low, high)) = found.level else {
        count.open += 1;
        return None;
    };
    let most = values[..n].iter().copied().fold(f64::MIN, f64::max);
    let errors = (high > most).then_some((low.max(most), high));
    let errors = errors.and_then(|range| Some((error(values, n, Some(range))?, error(values, n, None)?)));
    match errors {
        Some((with, without)) => {
            count.n += 1;
            count.won += usize::from(with < without);
        }
        None => count.over += 1,
    }
    errors
}

/// How often ranges of 80 % hold the true cap of simulated series; those without an upper end are counted apart.
fn simulations() {
    println!("| seen of the cap | values | noise | curve | of 500 closed | of these hold the cap | part |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (reach, steps, noise) in SETTINGS {
        for curve in CURVES {
            let (closed, held) = held(curve, Setting { steps, reach, noise }, |_| None);
            let part = held as f64 / closed.max(1) as f64;
            println!(
                "| {:.0} % | {steps} | {:.1} % | {curve:?} | {closed} | {held} | {part:.3} |",
                100.0 * reach,
                100.0 * noise
            );
        }
    }
}

/// The ceiling of simulated series.
const CAP: f64 = 70.0;

/// Of 500 runs, how many ranges are closed and how many of these hold the cap.
fn held(curve: Curve, setting: Setting, prior: impl Fn(u64) -> Option<Prior> + Sync) -> (usize, usize) {
    let found: Vec<(f64, f64)> = (0..500u64)
        .into_par_iter()
        .filter_map(|run| {
            let found = profile(&[curve], &simulated(curve, CAP, setting, run), prior(run), 0.8)?;
            Some((found.low, found.high?))
        })
        .collect();
    (found.len(), found.iter().filter(|(low, high)| *low <= CAP && CAP <= *high).count())
}

/// The same with a range of the cap from elsewhere, its 90th percentile twice its 10th: right (the cap is a draw of it), and
/// off by its own width to either side.
fn with_priors() {
    println!(
        "\n| seen of the cap | values | noise | curve | range given is right | a width too low | a width too high |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (reach, steps, noise) in [(0.4, 40, 0.02), (0.6, 24, 0.02), (0.75, 24, 0.02), (0.9, 24, 0.05)] {
        for curve in CURVES {
            let around = |times: f64| {
                let (_, held) = held(curve, Setting { steps, reach, noise }, |run| {
                    let spread = std::f64::consts::LN_2 / 2.563_103_131_089_201;
                    let off = spread * Draws::named(run, "what was thought").normal();
                    let middle = times * CAP * off.exp();
                    Some((middle / std::f64::consts::SQRT_2, middle * std::f64::consts::SQRT_2))
                });
                held
            };
            let (right, low, high) = (around(1.0), around(0.5), around(2.0));
            println!(
                "| {:.0} % | {steps} | {:.1} % | {curve:?} | {right} of 500 | {low} | {high} |",
                100.0 * reach,
                100.0 * noise
            );
        }
    }
}

fn cap(found: Option<&Profile>) -> String {
    match found {
        None => "too few values".to_owned(),
        Some(Profile { high: None, .. }) => "not identified".to_owned(),
        Some(Profile { cap, .. }) => format!("{cap:.4}"),
    }
}

fn goes(found: Option<&Profile>) -> String {
    let level = found.and_then(|found| found.level);
    level.map_or("–".to_owned(), |(low, high)| format!("{low:.4} to {high:.4}"))
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
