//! The syntax from outside: every form of the language is read, every mistake gets its words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use quarterdeck_lang::syntax::{Parsed, parse};
use quarterdeck_lang::{Diagnostic, FileId, Span, TextFile};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn fixtures(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let named = |path: PathBuf| {
        (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
    };
    files.into_iter().map(named).collect()
}

/// Every diagnostic as a reader sees it, in plain text.
fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let file = TextFile::new("test.qd", text);
    let place = |span: Span| {
        let (start, end) = (file.position(span.start), file.position(span.end));
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let at = diagnostic.span.map_or("-".to_owned(), place);
        writeln!(out, "{at} {} {}", diagnostic.code, diagnostic.message).unwrap();
        for label in &diagnostic.labels {
            writeln!(out, "    at {}: {}", place(label.span), label.message).unwrap();
        }
        for hint in &diagnostic.hints {
            writeln!(out, "    hint: {hint}").unwrap();
        }
        for fix in &diagnostic.fixes {
            let edits: Vec<String> =
                fix.edits.iter().map(|edit| format!("{} -> {:?}", place(edit.span), edit.text)).collect();
            writeln!(out, "    fix: {}: {}", fix.message, edits.join(", ")).unwrap();
        }
    }
    out
}

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

#[test]
fn every_form_of_the_language_is_read_without_a_word() {
    for (name, text) in fixtures("clean") {
        let parsed = read(&text);
        assert_eq!(shown(&text, &parsed.diagnostics), "", "{name}");
        assert!(!format!("{:?}", parsed.tree).contains("Broken"), "{name}");
        assert!(!format!("{:?}", parsed.tree).contains("damaged: true"), "{name}");
    }
}

#[test]
fn every_mistake_has_its_words() {
    for (name, text) in fixtures("errors") {
        insta::assert_snapshot!(format!("errors_{name}"), shown(&text, &read(&text).diagnostics));
    }
}
