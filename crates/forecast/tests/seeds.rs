//! The seeds of the fuzz targets (`fuzz/`), replayed: histories that were hard once stay easy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

#[allow(dead_code)]
#[path = "../fuzz/fuzz_targets/checks.rs"]
mod checks;

use rayon::prelude::*;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_workspace_made_of_bytes_has_sound_paths() {
    let seeds = seeds("outlook");
    assert!(seeds.len() > 20);
    seeds
        .par_iter()
        .for_each(|bytes| [checks::SHORT, checks::LONG].into_iter().for_each(|most| checks::outlook(bytes, most)));
}

#[test]
fn every_model_alone_draws_numbers() {
    let seeds = seeds("models");
    assert!(seeds.len() > 20);
    seeds
        .par_iter()
        .for_each(|bytes| [checks::SHORT, checks::LONG].into_iter().for_each(|most| checks::models(bytes, most)));
}
