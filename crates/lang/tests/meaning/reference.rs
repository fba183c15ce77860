//! The reference: every example of the README runs, and its tables are those of the code.

use super::{TextFile, check, errors, shown};
use quarterdeck_lang::keys::{self, Class, KEYS};
use quarterdeck_lang::lint;
use std::fmt::Write;
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks of a text with what stands behind the fence.
fn fenced(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(""), Some(block)) => blocks.push(block),
            (Some(kind), None) => open = Some((kind.to_owned(), String::new())),
            (_, Some((kind, text))) => open = Some((kind, text + line + "\n")),
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn every_example_of_the_reference_runs() {
    let blocks = fenced(&readme());
    let settings = || {
        let text = blocks.iter().find(|(kind, _)| kind == "toml").unwrap();
        Some(TextFile::new("quarterdeck.toml", text.1.clone()))
    };
    let right: Vec<_> = blocks.iter().filter(|(kind, _)| kind == "qd").enumerate().collect();
    let texts =
        || right.iter().map(|(at, (_, text))| TextFile::new(format!("{at:02}.qd"), text.clone())).collect::<Vec<_>>();
    assert!(right.len() >= 4);
    let checked = check(settings(), texts());
    assert_eq!(shown(&checked), "nothing to say\n");
    for (kind, text) in &blocks {
        let Some(code) = kind.strip_prefix("qd ") else { continue };
        let mut all = texts();
        all.push(TextFile::new("wrong.qd", text.clone()));
        let checked = check(settings(), all);
        assert_eq!(errors(&checked), [code], "{text}\n{}", shown(&checked));
    }
}

/// The table of keys, block by block.
fn keys_table() -> String {
    let mut out = String::new();
    let mut block = None;
    for key in KEYS {
        if block != Some(key.block) {
            block = Some(key.block);
            writeln!(out, "\n### {}\n\n| key | | class | what it says |\n| --- | --- | --- | --- |", key.block.word())
                .unwrap();
        }
        let class = match key.class {
            Class::Meaning => "meaning",
            Class::Tree => "tree",
            Class::Governance => "governance",
            Class::Planning => "plan",
            Class::Words => "words",
        };
        let how = match (key.required, key.repeatable) {
            (true, _) => "required",
            (false, true) => "any number",
            (false, false) => "",
        };
        writeln!(out, "| `{}` | {how} | {class} | {} |", key.name, key.doc).unwrap();
    }
    out
}

fn lints_table() -> String {
    let mut out = String::from("\n| code | about |\n| --- | --- |\n");
    for code in lint::CODES {
        writeln!(out, "| {} | {} |", code.code, code.title).unwrap();
    }
    out
}

#[test]
fn the_tables_of_the_reference_are_those_of_the_code() {
    let (keys, lints) = (keys_table(), lints_table());
    let text = readme();
    assert!(keys::of(quarterdeck_lang::syntax::tree::BlockKind::Metric).count() > 10);
    assert!(text.contains(&lints), "the README's table of lints should read:\n{lints}");
    assert!(text.contains(&keys), "the README's tables of keys should read:\n{keys}");
}
