//! The syntax from outside: every form of the language is read, every mistake gets its words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "fixtures are files")]

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

#[test]
fn every_code_has_an_example_that_gets_it_and_one_that_does_not() {
    for code in quarterdeck_lang::codes::syntax::CODES {
        let found: Vec<&str> = read(code.wrong).diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        let right = read(code.right);
        assert_eq!(shown(code.right, &right.diagnostics), "", "{} right", code.code);
        if code.wrong.is_empty() {
            assert!(["E050", "E051", "E052", "E053"].contains(&code.code), "{} has no example", code.code);
        } else {
            assert_eq!(found, [code.code], "{} wrong", code.code);
        }
    }
}

#[test]
fn fixes_mend_what_they_promise() {
    for code in quarterdeck_lang::codes::syntax::CODES {
        for diagnostic in read(code.wrong).diagnostics {
            for fix in &diagnostic.fixes {
                let mut text = code.wrong.to_owned();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
                }
                assert_eq!(shown(&text, &read(&text).diagnostics), "", "{}: {}", code.code, fix.message);
            }
        }
    }
}

#[test]
fn every_example_of_the_details_is_read() {
    let readme = include_str!("../src/syntax/README.md");
    let examples: Vec<&str> = readme.split("```qd\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect();
    assert!(examples.len() >= 6);
    for example in examples {
        assert_eq!(shown(example, &read(example).diagnostics), "", "{example}");
    }
}
