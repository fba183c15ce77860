//! How long a workspace takes from its texts to the model with every diagnostic, how long after an edit of one file, and
//! how both grow: `cargo bench -p quarterdeck-lang --bench check`.
#![allow(missing_docs, reason = "criterion writes the entry point")]
// Ratios are printed for whoever runs it.
#![allow(clippy::print_stdout)]
// A benchmark measures time, and starts a process on files of its own.
#![allow(clippy::disallowed_methods)]

mod generated;
mod process;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use quarterdeck_lang::{Checked, FileId, check, syntax};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Metrics and files of each size.
const SIZES: [(usize, usize); 3] = [(500, 25), (10_000, 100), (100_000, 1_000)];

/// Metrics and files of each size that is edited; every file holds a hundred metrics.
const EDITED: [(usize, usize); 3] = [(1_000, 10), (10_000, 100), (100_000, 1_000)];

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
    edits();
    process::times();
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
        let each = best(3, || texts.clone(), |texts| check(None, texts)).as_secs_f64() * 1e6 / metrics as f64;
        let ratio = each / *first.get_or_insert(each);
        println!("{metrics:>7} metrics: {each:.2} µs a metric, {ratio:.2} times that of the smallest");
    }
}

/// Prints how long three kinds of edit of one file take at each size.
fn edits() {
    for (metrics, files) in EDITED {
        let mut checked = check(None, generated::workspace(metrics, files));
        let file = checked.files.iter().nth(files / 2).map(|(_, file)| file.clone());
        let Some(file) = file else { continue };
        let (path, text) = (file.path().to_owned(), file.text().to_owned());
        // The first edit makes what later ones look things up in.
        checked.edit(&path, text.clone());
        let times = [
            ("a line moved down", format!("\n{text}")),
            ("a measure changed", text.replacen("status = \"delivered\"", "status = \"sent\"", 1)),
            ("a name misspelt", text.replacen("measure: delivered_", "measure: deliverd_", 1)),
        ]
        .map(|(what, other)| format!("{what} {:.2} ms", there_and_back(&mut checked, &path, &text, &other)));
        println!("{metrics:>7} metrics, one of {files} files edited: {}", times.join(", "));
    }
}

/// The shortest time of an edit, in milliseconds, each taken back again.
fn there_and_back(checked: &mut Checked, path: &str, text: &str, other: &str) -> f64 {
    let mut shortest = f64::INFINITY;
    for _ in 0..5 {
        for text in [other, text] {
            let start = Instant::now();
            black_box(checked.edit(path, text));
            shortest = shortest.min(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    shortest
}

/// The shortest of some runs. What a run gives back is given up after its time is taken.
fn best<T, U>(runs: usize, prepare: impl Fn() -> T, run: impl Fn(T) -> U) -> Duration {
    let once = |_| {
        let prepared = prepare();
        let start = Instant::now();
        let made = black_box(run(prepared));
        let took = start.elapsed();
        drop(made);
        took
    };
    (0..runs).map(once).min().unwrap_or_default()
}

criterion_group!(benches, parsing, checking);
criterion_main!(benches);
