//! How long an outlook takes: a workspace of daily series by one thread and by all, twenty years of days, one monthly series;
//! and what each model alone costs to fit to five past origins and to draw 4,000 paths from.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use criterion::{Criterion, criterion_group, criterion_main};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::sequence::{self, Sequence};
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
    let long =
        [Series { start: Calendar::default().shift(daily[0].start, -5_478), ..series("long", Grain::Day, 7_305) }];
    group.bench_function("twenty years of days", |b| b.iter(|| forecast(&job(&long))));
    group.finish();
    let seconds = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let clock = std::time::Instant::now();
        pool.install(|| forecast(&job(&daily)));
        clock.elapsed().as_secs_f64()
    };
    let (one, all) = (seconds(1), seconds(0));
    println!("six daily series: {one:.2} s by one thread, {all:.2} s by all: {:.2} times as fast", one / all);
}

fn models(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("model");
    group.sample_size(10);
    for (grain, count, season, horizon) in [(Grain::Month, 120, 12, 18), (Grain::Week, 520, 52, 13)] {
        let values: Vec<f64> = series("any", grain, count).values.into_iter().flatten().collect();
        for only in sequence::models() {
            let asked =
                Sequence { name: "any", values: &values, season, horizon, paths: 4_000, seed: 1, only: Some(only) };
            if sequence::prepare(&asked).is_some() {
                group.bench_function(format!("{only}, {count} by {grain}"), |b| b.iter(|| sequence::prepare(&asked)));
            }
        }
    }
    group.finish();
}

criterion_group!(benches, outlook, models);
criterion_main!(benches);
