//! How fast texts are read: `cargo bench -p quarterdeck-lang`.
#![allow(missing_docs, reason = "criterion writes the entry point")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use quarterdeck_lang::FileId;
use quarterdeck_lang::syntax::parse;
use std::hint::black_box;

fn parsing(criterion: &mut Criterion) {
    let metrics = include_str!("../tests/fixtures/clean/language_metrics.qd");
    let plan = include_str!("../tests/fixtures/clean/language_plan.qd");
    let mistakes = include_str!("../tests/fixtures/errors/values.qd");
    let mut group = criterion.benchmark_group("parse");
    for (name, text, times) in [("metrics", metrics, 50), ("plan", plan, 50), ("mistakes", mistakes, 1)] {
        let text = text.repeat(times);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| parse(FileId(0), black_box(&text))));
    }
    group.finish();
}

criterion_group!(benches, parsing);
criterion_main!(benches);
