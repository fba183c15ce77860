//! From texts to the model: what workspaces mean, and what is said of those that mean nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use quarterdeck_lang::{Checked, Diagnostic, Files, Severity, Span, TextFile, check};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Reads a folder as a workspace, its files in order of path.
fn workspace(folder: &Path) -> Checked {
    let mut paths = Vec::new();
    walk(folder, &mut paths);
    paths.sort();
    let (mut settings, mut texts) = (None, Vec::new());
    for path in paths {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        let text = TextFile::new(name.clone(), std::fs::read_to_string(&path).unwrap());
        if name == "quarterdeck.toml" {
            settings = Some(text);
        } else if name.ends_with(".qd") {
            texts.push(text);
        }
    }
    check(settings, texts)
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, paths) } else { paths.push(path) }
    }
}

fn place(files: &Files, span: Span) -> String {
    let file = files.get(span.file).unwrap();
    let from = file.position(span.start);
    format!("{}:{}:{} `{}`", file.path(), from.line, from.column, short(files.slice(span)))
}

fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 70 { text.chars().take(67).chain("...".chars()).collect() } else { text }
}

/// A diagnostic with everything it carries, in plain lines.
fn show(files: &Files, diagnostic: &Diagnostic) -> String {
    let mut out = String::new();
    let weight = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Deny => "denied",
        Severity::Warning => "warning",
    };
    writeln!(out, "{weight}[{}]: {}", diagnostic.code, diagnostic.message).unwrap();
    if let Some(span) = diagnostic.span {
        let note = if diagnostic.note.is_empty() { String::new() } else { format!("  <- {}", diagnostic.note) };
        writeln!(out, "  at {}{note}", place(files, span)).unwrap();
    }
    for label in &diagnostic.labels {
        writeln!(out, "  at {}  <- {}", place(files, label.span), label.message).unwrap();
    }
    for hint in &diagnostic.hints {
        writeln!(out, "  hint: {hint}").unwrap();
    }
    for fix in &diagnostic.fixes {
        let edits = fix.edits.iter().map(|edit| format!("{} => `{}`", place(files, edit.span), edit.text));
        writeln!(out, "  fix: {}: {}", fix.message, edits.collect::<Vec<_>>().join("; ")).unwrap();
    }
    writeln!(out, "  about: {}", diagnostic.subject.as_ref().map_or("nothing".into(), |about| format!("{about:?}")))
        .unwrap();
    out
}

fn shown(checked: &Checked) -> String {
    let all: Vec<_> = checked.diagnostics.iter().map(|diagnostic| show(&checked.files, diagnostic)).collect();
    if all.is_empty() { "nothing to say\n".to_owned() } else { all.join("\n") }
}

#[test]
fn the_look_of_the_language_is_clean() {
    let checked = workspace(&fixtures().join("look"));
    assert_eq!(shown(&checked), "nothing to say\n");
}

#[test]
fn the_look_of_the_language_means_this() {
    let checked = workspace(&fixtures().join("look"));
    insta::assert_json_snapshot!("look", checked.model);
}
