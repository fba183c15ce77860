//! The seeds of the fuzz targets (`fuzz/`), replayed: texts that were hard once stay easy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

#[path = "../fuzz/fuzz_targets/checks.rs"]
mod checks;

#[test]
fn every_seed_is_read_laid_out_and_resolved() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(seeds.len() > 40);
    for seed in seeds {
        let text = std::fs::read_to_string(&seed).unwrap();
        checks::lex(&text);
        checks::parse_text(&text);
        checks::format_text(&text);
        checks::resolve(&text);
        // Half a text is one that somebody is just writing.
        let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        checks::parse_text(text.get(..half).unwrap());
        checks::resolve(text.get(half..).unwrap());
    }
}
