//! How long a workspace takes from its texts to the model with every diagnostic, and how that grows:
//! `cargo bench -p quarterdeck-lang --bench check`.
#![allow(missing_docs, reason = "criterion writes the entry point")]
// Ratios are printed for whoever runs it.
#![allow(clippy::print_stdout)]
// A benchmark measures time.
#![allow(clippy::disallowed_methods)]

mod generated;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use quarterdeck_lang::{FileId, TextFile, check, syntax};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Metrics and files of each size.
const SIZES: [(usize, usize); 3] = [(500, 25), (10_000, 100), (100_000, 1_000)];

fn checking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    for (metrics, files) in SIZES {
        let texts = generated::workspace(metrics, files);
        group.throughput(Throughput::Elements(metrics as u64));
        group.bench_function(format!("{metrics} metrics in {files} files"), |bencher| {
            bencher.iter_batched(|| texts.clone(), |texts| check(None, texts), BatchSize::PerIteration);
        });
    }
    for (name, texts) in
        [("450 metrics in one formula", generated::wide(450)), ("a chain of 3000 metrics", generated::chain(3_000))]
    {
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| texts.clone(), |texts| check(None, texts), BatchSize::PerIteration);
        });
    }
    group.finish();
    growth();
}

fn parsing(criterion: &mut Criterion) {
    let texts = generated::workspace(10_000, 100);
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.text().len() as u64).sum()));
    group.bench_function("10000 metrics in 100 files", |bencher| {
        bencher.iter(|| texts.iter().map(|text| syntax::parse(FileId(0), black_box(text.text()))).collect::<Vec<_>>());
    });
    group.finish();
}

/// Prints the time a metric takes at each size, as a multiple of that at the smallest.
fn growth() {
    let mut first = None;
    for (metrics, files) in SIZES {
        let texts = generated::workspace(metrics, files);
        let each = best(&texts).as_secs_f64() * 1e6 / metrics as f64;
        let ratio = each / *first.get_or_insert(each);
        println!("{metrics:>7} metrics: {each:.2} µs a metric, {ratio:.2} times that of the smallest");
    }
}

/// The shortest of three checks.
fn best(texts: &[TextFile]) -> Duration {
    let once = || {
        let texts = texts.to_vec();
        let start = Instant::now();
        black_box(check(None, texts));
        start.elapsed()
    };
    once().min(once()).min(once())
}

criterion_group!(benches, parsing, checking);
criterion_main!(benches);
