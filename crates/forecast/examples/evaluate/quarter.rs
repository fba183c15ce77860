//! Scores of window totals: the real job.

use super::args::Args;
use super::data::Entry;
use super::measure::{pooled, prepare};
use quarterdeck_forecast::accuracy::chance::{self, brier};
use quarterdeck_forecast::accuracy::spread::{below, covered};
use quarterdeck_forecast::distribution::{quantile_sorted, share_at_least, sorted};
use quarterdeck_forecast::sequence::Prepared;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

const LEVELS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
const THRESHOLDS: [f64; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];

/// What one series says about one window at one origin.
#[derive(Clone, Default)]
struct Outcome {
    below: [f64; 5],
    inside: f64,
    /// Stated chance, share of past differences, and whether it came true.
    chances: Vec<(f64, f64, bool)>,
}

/// Scores the total of `steps` steps after the origin and of the steps after those.
pub fn score(args: &Args, set: &[Entry], steps: usize) -> Value {
    let after = 2 * steps + args.gap <= args.horizon;
    let mut next: Vec<Vec<Outcome>> = Vec::new();
    let mut after_next: Vec<Vec<Outcome>> = Vec::new();
    for back in 0..args.origins {
        let outcomes = origin(args, set, steps, back, after);
        next.push(outcomes.iter().filter_map(|pair| pair.0.clone()).collect());
        after_next.push(outcomes.iter().filter_map(|pair| pair.1.clone()).collect());
    }
    json!({ "next": summary(&next), "after_next": if after { summary(&after_next) } else { Value::Null } })
}

type Pair = (Option<Outcome>, Option<Outcome>);

/// All series at the origin `back` windows before the test origin.
fn origin(args: &Args, set: &[Entry], steps: usize, back: usize, after: bool) -> Vec<Pair> {
    let horizon = args.gap + steps * if after { 2 } else { 1 };
    let cut = |entry: &Entry| entry.train.len().checked_sub(back * steps).filter(|cut| *cut >= 4);
    let prepared: Vec<Option<Prepared>> = set
        .par_iter()
        .map(|entry| cut(entry).and_then(|cut| prepare(args, entry, &entry.train[..cut], horizon, None)))
        .collect();
    pooled(args, set, &prepared, |entry, paths| {
        let (Some(cut), Some(paths)) = (cut(entry), paths) else { return (None, None) };
        let all: Vec<f64> = entry.train.iter().chain(&entry.test).copied().collect();
        let window = |from: usize| {
            let actual: f64 = all.get(cut + from..cut + from + steps)?.iter().sum();
            let totals: Vec<f64> = paths.rows().map(|row| row[from..from + steps].iter().sum()).collect();
            Some(outcome(&entry.train[..cut], args.season, from, steps, &totals, actual))
        };
        (window(args.gap), if after { window(args.gap + steps) } else { None })
    })
}

fn outcome(train: &[f64], season: usize, from: usize, steps: usize, totals: &[f64], actual: f64) -> Outcome {
    let draws = sorted(totals);
    let at = |p| quantile_sorted(&draws, p).unwrap_or(f64::NAN);
    let shares = LEVELS.map(|level| below(actual, at(level)));
    let inside = covered(at(0.1), at(0.9), actual);
    let differences = seasonal_differences(train, season, steps);
    let mean = differences.iter().sum::<f64>() / differences.len().max(1) as f64;
    let squares: f64 = differences.iter().map(|value| (value - mean) * (value - mean)).sum();
    let spread = (squares / differences.len().saturating_sub(1).max(1) as f64).sqrt();
    let naive = naive_total(train, season, from, steps);
    let chances = if differences.len() < 2 || spread == 0.0 {
        Vec::new()
    } else {
        let chance = |c: &f64| {
            let threshold = naive + c * spread;
            (share_at_least(totals, threshold), share_at_least(&differences, c * spread), actual >= threshold)
        };
        THRESHOLDS.iter().map(chance).collect()
    };
    Outcome { below: shares, inside, chances }
}

/// Differences between totals of `steps` steps a season apart.
fn seasonal_differences(train: &[f64], season: usize, steps: usize) -> Vec<f64> {
    let totals: Vec<f64> = train.windows(steps).map(|window| window.iter().sum()).collect();
    totals.iter().zip(totals.iter().skip(season)).map(|(before, after)| after - before).collect()
}

fn naive_total(train: &[f64], season: usize, from: usize, steps: usize) -> f64 {
    let n = train.len();
    let season = season.min(n);
    (from..from + steps).map(|step| train[n - season + step % season]).sum()
}

fn summary(origins: &[Vec<Outcome>]) -> Value {
    let all: Vec<Outcome> = origins.iter().flatten().cloned().collect();
    let mut result = figures(&all);
    let per_origin: Vec<Value> = origins.iter().map(|outcomes| Value::Object(figures(outcomes))).collect();
    // Every origin counts the same, however many series reach back to it.
    let shares: Vec<f64> = LEVELS
        .iter()
        .enumerate()
        .map(|(at, _)| mean(origins.iter().map(|o| mean(o.iter().map(|x| x.below[at])))))
        .collect();
    let error = mean(shares.iter().zip(LEVELS).map(|(share, level)| (share - level).abs()));
    result.insert("calibration_error".to_owned(), json!(error));
    result.insert("reliability".to_owned(), reliability(&all));
    result.insert("per_origin".to_owned(), json!(per_origin));
    Value::Object(result)
}

fn figures(outcomes: &[Outcome]) -> Map<String, Value> {
    let mut result = Map::new();
    result.insert("n".to_owned(), json!(outcomes.len()));
    for (at, level) in LEVELS.iter().enumerate() {
        result.insert(format!("below_p{:.0}", level * 100.0), json!(mean(outcomes.iter().map(|o| o.below[at]))));
    }
    let error =
        mean(LEVELS.iter().enumerate().map(|(at, level)| (mean(outcomes.iter().map(|o| o.below[at])) - level).abs()));
    let chances = || outcomes.iter().flat_map(|outcome| outcome.chances.iter());
    result.insert("calibration_error".to_owned(), json!(error));
    result.insert("central80".to_owned(), json!(mean(outcomes.iter().map(|o| o.inside))));
    result.insert("brier".to_owned(), json!(mean(chances().map(|(stated, _, came)| brier(*stated, *came)))));
    result.insert("brier_reference".to_owned(), json!(mean(chances().map(|(_, share, came)| brier(*share, *came)))));
    result
}

/// Ten bins of stated chance: how many, the mean stated, the share that came.
fn reliability(outcomes: &[Outcome]) -> Value {
    let stated = outcomes.iter().flat_map(|outcome| &outcome.chances).map(|(stated, _, came)| (*stated, *came));
    let bins = chance::reliability(stated);
    let rows = bins.iter().map(|bin| json!({ "n": bin.n, "stated": bin.stated, "came": bin.came }));
    Value::Array(rows.collect())
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
