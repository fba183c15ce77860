//! Scores of step forecasts.

use super::args::Args;
use super::data::Entry;
use quarterdeck_forecast::accuracy::spread::{
    DECILES, below, covered, interval_score, pinball, weighted_quantile_loss,
};
use quarterdeck_forecast::accuracy::{naive2, point};
use quarterdeck_forecast::distribution::quantile_sorted;
use quarterdeck_forecast::sequence::{self, Prepared, Sequence};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

/// Paths a forecast is made of.
pub const PATHS: usize = 4_000;
const BELOW: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// What is read off each step: both intervals and all levels.
const READ: [f64; 11] = [0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.975];

/// The figures of the reference forecast over a set.
pub struct Reference {
    pub smape: f64,
    pub mase: f64,
}

/// Scores Naive2 on a set; its period is the lag errors are scaled by, so that M4 weekly data (lag 1) gets the plain naive
/// forecast, as in that competition.
pub fn reference(set: &[Entry], lag: usize) -> Reference {
    let (mut smape, mut mase, mut scaled) = (0.0, 0.0, 0);
    for entry in set {
        let forecast = naive2::forecast(&entry.train, lag, entry.test.len());
        smape += point::smape(&forecast, &entry.test);
        if let Some(own) = point::mase(&forecast, &entry.test, point::scale(&entry.train, lag)) {
            mase += own;
            scaled += 1;
        }
    }
    Reference { smape: smape / set.len().max(1) as f64, mase: mase / f64::from(scaled.max(1)) }
}

/// Quantiles of every step of a series, in the order of `READ`; whether it had to fall back.
struct Stated {
    steps: Vec<[f64; 11]>,
    failed: bool,
}

/// Scores the chosen forecast, or one model alone.
pub fn score(args: &Args, set: &[Entry], only: Option<&str>, reference: &Reference) -> Value {
    let before = cpu_seconds();
    let prepared: Vec<Option<Prepared>> =
        set.par_iter().map(|entry| prepare(args, entry, &entry.train, args.horizon, only)).collect();
    let stated: Vec<Stated> = pooled(args, set, &prepared, read);
    let cpu = cpu_seconds() - before;
    let mut result = sums(args, set, &stated, reference);
    result.insert("steps".to_owned(), steps(args, set, &stated));
    result.insert("cpu_s_per_1000".to_owned(), json!(cpu * 1000.0 / set.len() as f64));
    result.insert("failures".to_owned(), json!(stated.iter().filter(|entry| entry.failed).count()));
    Value::Object(result)
}

/// Prepares one series.
pub fn prepare(args: &Args, entry: &Entry, values: &[f64], horizon: usize, only: Option<&str>) -> Option<Prepared> {
    let season = args.season;
    sequence::prepare(&Sequence { name: &entry.id, values, season, horizon, paths: PATHS, seed: 1, only })
}

/// Calibrates neighbours in the file together and reads something off each one's paths.
pub fn pooled<T: Send>(
    args: &Args,
    set: &[Entry],
    prepared: &[Option<Prepared>],
    read: impl Fn(&Entry, Option<quarterdeck_forecast::Paths>) -> T + Sync,
) -> Vec<T> {
    let size = args.pool.min(set.len()).max(1);
    set.par_chunks(size)
        .zip(prepared.par_chunks(size))
        .flat_map_iter(|(entries, prepared)| {
            let pool: Vec<&Prepared> = prepared.iter().flatten().collect();
            let widths = sequence::widths(&pool);
            let read = &read;
            let rows: Vec<T> = entries
                .iter()
                .zip(prepared)
                .map(|(entry, prepared)| read(entry, prepared.as_ref().map(|prepared| prepared.paths(&widths))))
                .collect();
            rows
        })
        .collect()
}

fn read(entry: &Entry, paths: Option<quarterdeck_forecast::Paths>) -> Stated {
    let last = entry.train.last().copied().unwrap_or(0.0);
    let Some(paths) = paths else { return Stated { steps: vec![[last; 11]; entry.test.len()], failed: true } };
    let steps: Vec<[f64; 11]> = (0..entry.test.len())
        .map(|step| {
            let mut draws = paths.step(step);
            draws.sort_unstable_by(f64::total_cmp);
            READ.map(|p| quantile_sorted(&draws, p).unwrap_or(f64::NAN))
        })
        .collect();
    let failed = steps.iter().flatten().any(|value| !value.is_finite());
    Stated { steps, failed }
}

fn sums(args: &Args, set: &[Entry], stated: &[Stated], reference: &Reference) -> Map<String, Value> {
    let lag = args.lag();
    let n = set.len() as f64;
    let (mut smape_sum, mut mase, mut sql, mut scored) = (0.0, 0.0, 0.0, 0.0);
    let (mut msis80, mut msis95, mut inside80, mut inside95, mut points) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut pinball_sum, mut size) = (0.0, 0.0);
    let mut shares = [0.0; 5];
    for (entry, stated) in set.iter().zip(stated) {
        let middle: Vec<f64> = stated.steps.iter().map(|row| row[5]).collect();
        smape_sum += point::smape(&middle, &entry.test);
        let (mut wide80, mut wide95, mut losses) = (0.0, 0.0, 0.0);
        for (row, actual) in stated.steps.iter().zip(&entry.test) {
            points += 1.0;
            size += actual.abs();
            inside80 += covered(row[1], row[9], *actual);
            inside95 += covered(row[0], row[10], *actual);
            wide80 += interval_score(row[1], row[9], *actual, 0.2);
            wide95 += interval_score(row[0], row[10], *actual, 0.05);
            losses += DECILES.iter().zip(&row[1..10]).map(|(level, at)| pinball(*level, *at, *actual)).sum::<f64>();
            for (share, level) in shares.iter_mut().zip(BELOW) {
                *share += below(*actual, row[(level * 10.0).round() as usize]);
            }
        }
        pinball_sum += losses;
        let (scale, steps) = (point::scale(&entry.train, lag), entry.test.len() as f64);
        if scale > 0.0 {
            scored += 1.0;
            mase += point::mean_absolute(&middle, &entry.test) / scale;
            msis80 += wide80 / steps / scale;
            msis95 += wide95 / steps / scale;
            sql += losses / steps / DECILES.len() as f64 / scale;
        }
    }
    let scored: f64 = f64::max(scored, 1.0);
    let (smape, mase) = (smape_sum / n, mase / scored);
    let mut result = Map::new();
    let mut put = |key: &str, value: f64| result.insert(key.to_owned(), json!(value));
    put("smape", smape);
    put("mase", mase);
    put("owa", point::owa(smape, mase, (reference.smape, reference.mase)));
    put("coverage80", inside80 / points);
    put("coverage95", inside95 / points);
    put("msis80", msis80 / scored);
    put("msis95", msis95 / scored);
    put("wql", weighted_quantile_loss(pinball_sum, size, DECILES.len()));
    put("sql", sql / scored);
    for (share, level) in shares.iter().zip(BELOW) {
        put(&format!("below_p{:.0}", level * 100.0), share / points);
    }
    result
}

/// For each step ahead: the share inside the middle 80 % and 95 %, and below the levels.
fn steps(args: &Args, set: &[Entry], stated: &[Stated]) -> Value {
    let rows = (0..args.horizon).map(|step| {
        let pairs: Vec<(&[f64; 11], f64)> = set
            .iter()
            .zip(stated)
            .filter_map(|(entry, stated)| Some((stated.steps.get(step)?, *entry.test.get(step)?)))
            .collect();
        let share = |read: &dyn Fn(&[f64; 11], f64) -> f64| {
            pairs.iter().map(|(row, actual)| read(row, *actual)).sum::<f64>() / pairs.len().max(1) as f64
        };
        let shares = [1, 3, 5, 7, 9].map(|at| share(&|row, actual| below(actual, row[at])));
        json!({
            "n": pairs.len(),
            "coverage80": share(&|row, actual| covered(row[1], row[9], actual)),
            "coverage95": share(&|row, actual| covered(row[0], row[10], actual)),
            "below": shares,
        })
    });
    Value::Array(rows.collect())
}

/// User and system time of this process, all threads. Only Linux tells it without a library; elsewhere it is 0.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let field =
        |at: usize| after_name.split_whitespace().nth(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    // Fields 14 and 15 of proc(5), in ticks of a hundredth of a second.
    (field(11) + field(12)) / 100.0
}
