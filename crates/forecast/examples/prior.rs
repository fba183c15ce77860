//! What calibration believes before it knows a series: how many times as wide as the models say ranges of 80 % must be to hold
//! 80 %, measured on the train rows of any data of the form `series_id,split,t,value`. Test rows are never read, nor the odd
//! half of the series.
//!
//! The numbers in `calibrate::prior` come from the quarterly and monthly series of the M3 competition (R package Mcomp) and the
//! weekly ones of the M4 competition (github.com/Mcompetitions/M4-methods), with the competitions' own split:
//!
//! ```text
//! cargo run --release -p quarterdeck-forecast --example prior -- \
//!     m3_quarterly.csv.gz 4 8 1 m3_monthly.csv.gz 12 18 3 m4_weekly.csv.gz 52 13 13
//! ```
//!
//! After each file: the season, the horizon of single steps, and the steps of a window. The geometric mean of all is shipped.

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may read files; the crate may not.
#![allow(clippy::disallowed_methods)]

mod evaluate {
    pub mod data;
}

use evaluate::data;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::sequence::{self, Sequence, prior};
use rayon::prelude::*;
use std::process::ExitCode;

/// Past windows of each series.
const WINDOWS: usize = 14;
/// The 90th percentile of a standard normal distribution.
const NORMAL_P90: f64 = 1.281_551_565_5;
const USAGE: &str = "write FILE.csv.gz SEASON HORIZON WINDOW once or more, the last three in steps";

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<String>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("prior: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let mut factors = Vec::new();
    for asked in words.chunks(4) {
        let [file, numbers @ ..] = asked else { return Err(USAGE.to_owned()) };
        let number = |at: usize| numbers.get(at).and_then(|word| word.parse().ok()).filter(|n| *n > 0).ok_or(USAGE);
        factors.extend(measure(file, number(0)?, number(1)?, number(2)?)?);
    }
    if factors.is_empty() {
        return Err(USAGE.to_owned());
    }
    let mean = factors.iter().map(|factor| factor.ln()).sum::<f64>() / factors.len() as f64;
    println!("geometric mean: {:.3} (shipped {})", mean.exp(), prior::WIDTH);
    Ok(())
}

/// Prints and gives the factors of one file: of single steps, of the next window and of the one after.
fn measure(file: &str, season: usize, horizon: usize, window: usize) -> Result<Vec<f64>, String> {
    let all = data::read(file, horizon, Some(0), usize::MAX)?;
    let steps: Vec<f64> = all
        .par_iter()
        .flat_map(|entry| {
            let values = &entry.train;
            let asked = Sequence { name: &entry.id, values, season, horizon, paths: 200, seed: 1, only: None };
            let prepared = sequence::prepare(&asked);
            prepared.iter().flat_map(|found| found.errors()).map(|step| step.error).collect::<Vec<f64>>()
        })
        .collect();
    let windows: Vec<[Option<f64>; 2]> = all
        .par_iter()
        .flat_map(|entry| {
            let values = &entry.train;
            let asked = Sequence { name: &entry.id, values, season, horizon, paths: 1_000, seed: 1, only: None };
            sequence::window_errors(&asked, window, WINDOWS)
        })
        .collect();
    let of_window = |at: usize| windows.iter().filter_map(|pair| pair[at]).collect::<Vec<f64>>();
    println!("{file}, {} series", all.len());
    let kinds = [("single steps", steps), ("next window", of_window(0)), ("the one after", of_window(1))];
    Ok(kinds.iter().filter_map(|(kind, errors)| said(kind, errors)).collect())
}

/// The factor by which ranges of 80 % hold 80 %, printed.
fn said(kind: &str, errors: &[f64]) -> Option<f64> {
    let sizes = sorted(&errors.iter().map(|error| error.abs()).collect::<Vec<f64>>());
    let factor = quantile_sorted(&sizes, 0.8)? / NORMAL_P90;
    println!("    {kind}: {factor:.3} from {} errors", sizes.len());
    Some(factor)
}
