//! How long an outlook takes: a workspace of daily series, and one monthly series.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{Bounds, Job, Nature, Roll, Series, forecast};

fn series(name: &str, grain: Grain, count: usize) -> Series {
    let season = if grain == Grain::Day { 7.0 } else { 12.0 };
    let value = |t: usize| {
        let place = t as f64 / season * std::f64::consts::TAU;
        100.0 * libm::exp(1.0 * t as f64 / count as f64 + 0.2 * libm::sin(place) + 0.05 * libm::sin((t * t) as f64))
    };
    Series {
        name: name.to_owned(),
        grain,
        start: Calendar::default().period_of(grain, "2020-01-01".parse().unwrap()),
        values: (0..count).map(|t| Some(value(t))).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Flow,
        roll: Roll::Total,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn outlook(bench: &mut Criterion) {
    let calendar = Calendar::default();
    let windows: Vec<Period> = vec!["2025-Q1".parse().unwrap()];
    let as_of = "2024-12-31".parse().unwrap();
    let daily: Vec<Series> = (0..6).map(|k| series(&format!("daily {k}"), Grain::Day, 1827)).collect();
    let monthly = [series("monthly", Grain::Month, 60)];
    let job =
        |series| Job { series, identities: &[], windows: &windows, as_of, calendar: &calendar, seed: 1, paths: 10_000 };
    let mut group = bench.benchmark_group("outlook");
    group.sample_size(10);
    group.bench_function("six daily series of five years", |b| b.iter(|| forecast(&job(&daily))));
    group.bench_function("a monthly series of five years", |b| b.iter(|| forecast(&job(&monthly))));
    group.finish();
}

criterion_group!(benches, outlook);
criterion_main!(benches);
