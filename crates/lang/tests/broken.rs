//! Workspaces as people break them: every mistake is told once, at its place, and says what to do.
//!
//! Each folder of `broken/` is read beside `broken/base.qd`, which is sound, with `broken/quarterdeck.toml` where it has no
//! settings of its own. Its `expected.txt` lists `path:line CODE` of every mistake; a snapshot holds the whole text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use quarterdeck_lang::{Checked, Diagnostic, Files, Fix, Span, TextFile, check};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn workspaces() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
    into.sort();
}

fn read(folder: &Path) -> Checked {
    let shared = |name: &str| std::fs::read_to_string(self::folder().join(name)).unwrap();
    let (mut paths, mut texts) = (Vec::new(), vec![TextFile::new("base.qd", shared("base.qd"))]);
    let mut settings = TextFile::new("quarterdeck.toml", shared("quarterdeck.toml"));
    files(folder, &mut paths);
    for path in paths {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        let text = || TextFile::new(name.clone(), std::fs::read_to_string(&path).unwrap());
        match name.as_str() {
            "quarterdeck.toml" => settings = text(),
            name if name.ends_with(".qd") => texts.push(text()),
            _ => {}
        }
    }
    check(Some(settings), texts)
}

fn place(files: &Files, span: Span) -> String {
    let file = files.get(span.file).unwrap();
    format!("{}:{}", file.path(), file.position(span.start).line)
}

/// `path:line CODE`, in order.
fn found(checked: &Checked) -> Vec<String> {
    let line = |told: &Diagnostic| {
        let place = told.span.map_or("nowhere".to_owned(), |span| place(&checked.files, span));
        format!("{place} {}", told.code)
    };
    checked.diagnostics.iter().map(line).collect()
}

/// The whole text of what is told.
fn shown(checked: &Checked) -> String {
    let files = &checked.files;
    let mut out = String::new();
    for told in &checked.diagnostics {
        writeln!(out, "{}: {}", told.code, told.message).unwrap();
        if let Some(span) = told.span {
            writeln!(out, "  {} `{}` {}", place(files, span), files.slice(span).escape_debug(), told.note).unwrap();
        }
        for label in &told.labels {
            let text = files.slice(label.span).escape_debug();
            writeln!(out, "  {} `{text}` {}", place(files, label.span), label.message).unwrap();
        }
        for hint in &told.hints {
            writeln!(out, "  hint: {hint}").unwrap();
        }
        for fix in &told.fixes {
            writeln!(out, "  fix: {}", fix.message).unwrap();
        }
    }
    out
}

#[test]
fn every_mistake_is_told_once_at_its_place() {
    let mut wrong = String::new();
    let workspaces = workspaces();
    assert!(workspaces.len() >= 30);
    for folder in workspaces {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let checked = read(&folder);
        let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        let expected: Vec<&str> = expected.lines().collect();
        let found = found(&checked);
        if found != expected {
            write!(wrong, "== {name}\nexpected {expected:#?}\nfound\n{}\n{}", found.join("\n"), shown(&checked))
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_mistake_says_what_to_do() {
    for folder in workspaces() {
        let checked = read(&folder);
        for told in &checked.diagnostics {
            let acted = !told.hints.is_empty() || !told.fixes.is_empty();
            assert!(acted, "{}: {} {}", folder.display(), told.code, told.message);
            assert!(told.span.is_some(), "{}: {} {}", folder.display(), told.code, told.message);
        }
    }
}

/// A text with a fix's edits made.
fn mended(files: &Files, fix: &Fix) -> (String, String) {
    let file = files.get(fix.edits[0].span.file).unwrap();
    let mut text = file.text().to_owned();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    (file.path().to_owned(), text)
}

#[test]
fn every_fix_mends_its_mistake() {
    for folder in workspaces() {
        let checked = read(&folder);
        for told in &checked.diagnostics {
            let place = |told: &Diagnostic| told.span.map(|span| (span.file, span.start));
            let same = |other: &Diagnostic| {
                (other.code, &other.message, place(other)) == (told.code, &told.message, place(told))
            };
            for fix in &told.fixes {
                let (path, text) = mended(&checked.files, fix);
                let mut after = checked.clone();
                // Settings are read once, so a mending of theirs needs a check of its own.
                if !after.edit(&path, text) {
                    continue;
                }
                let stays = after.diagnostics.iter().any(same);
                assert!(!stays, "{}: {} {}: {}", folder.display(), told.code, told.message, fix.message);
            }
        }
    }
}

#[test]
fn what_is_told_reads_like_this() {
    let mut out = String::new();
    for folder in workspaces() {
        writeln!(out, "== {}\n{}", folder.file_name().unwrap().to_str().unwrap(), shown(&read(&folder))).unwrap();
    }
    insta::assert_snapshot!("broken", out);
}

#[test]
fn the_base_is_sound() {
    let shared = |name: &str| TextFile::new(name, std::fs::read_to_string(folder().join(name)).unwrap());
    let checked = check(Some(shared("quarterdeck.toml")), vec![shared("base.qd")]);
    assert_eq!(found(&checked), Vec::<String>::new());
}
