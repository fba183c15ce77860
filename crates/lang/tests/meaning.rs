//! From texts to the model: what workspaces mean, and what is said of those that mean nothing.
// Tests read their fixtures from files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

#[path = "meaning/blocking.rs"]
mod blocking;
#[path = "meaning/defaults.rs"]
mod defaults;
#[path = "meaning/edits.rs"]
mod edits;
#[path = "meaning/hostile.rs"]
mod hostile;
#[path = "meaning/plans.rs"]
mod plans;
#[path = "meaning/reference.rs"]
mod reference;
#[path = "meaning/revisions.rs"]
mod revisions;
#[path = "meaning/settings.rs"]
mod settings;
#[path = "meaning/values.rs"]
mod values;

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

/// Checks texts beside the base workspace of the explained examples.
fn beside(texts: &[(&str, &str)]) -> Checked {
    beside_with("", texts)
}

/// The same with settings.
fn beside_with(settings: &str, texts: &[(&str, &str)]) -> Checked {
    let base = std::fs::read_to_string(fixtures().join("explain/base.qd")).unwrap();
    let texts = texts.iter().map(|(path, text)| TextFile::new(*path, *text));
    let texts = texts.chain([TextFile::new("base.qd", base)]).collect();
    check(Some(TextFile::new("quarterdeck.toml", settings)), texts)
}

/// The codes of the errors found.
fn errors(checked: &Checked) -> Vec<&'static str> {
    checked.errors().map(|told| told.code).collect()
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

/// The texts of an example beside the base workspace; of a settings code, the settings beside it.
fn explained(code: &str, example: &str) -> Checked {
    let base = std::fs::read_to_string(fixtures().join("explain/base.qd")).unwrap();
    let settings_code = ("E195".."E199").contains(&code);
    let own = std::fs::read_to_string(fixtures().join("explain/quarterdeck.toml")).unwrap();
    let settings = Some(TextFile::new("quarterdeck.toml", if settings_code { example } else { &own }));
    let mut texts = vec![TextFile::new("base.qd", base)];
    if !settings_code {
        texts.push(TextFile::new("example.qd", example));
    }
    check(settings, texts)
}

#[test]
fn every_code_has_an_example_that_gets_it_and_one_that_does_not() {
    let mut wrong = Vec::new();
    for code in quarterdeck_lang::codes::resolve::CODES {
        let strict = |checked: &Checked| -> Vec<Diagnostic> {
            let told = checked.diagnostics.iter().filter(|told| !told.code.starts_with('L'));
            told.cloned().collect()
        };
        if code.wrong.is_empty() {
            assert_eq!(code.code, "E105", "only what reading catches first has no example");
            continue;
        }
        let bad = explained(code.code, code.wrong);
        let found: Vec<_> = strict(&bad).iter().map(|told| told.code).collect();
        if found != [code.code] {
            wrong.push(format!("{} wrong: {found:?}\n{}", code.code, shown(&bad)));
        }
        let good = explained(code.code, code.right);
        if !strict(&good).is_empty() {
            wrong.push(format!("{} right:\n{}", code.code, shown(&good)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_lint_has_an_example_that_gets_it_and_one_that_does_not() {
    let mut wrong = Vec::new();
    for code in quarterdeck_lang::lint::CODES {
        let tells = |checked: &Checked| checked.diagnostics.iter().any(|told| told.code == code.code);
        let sound = |checked: &Checked| checked.errors().next().is_none();
        let bad = explained(code.code, code.wrong);
        let good = explained(code.code, code.right);
        if !tells(&bad) || !sound(&bad) || tells(&good) || !sound(&good) {
            wrong.push(format!("{}:\nwrong\n{}\nright\n{}", code.code, shown(&bad), shown(&good)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_data_codes_are_sound_texts_and_their_codes_are_known() {
    for code in quarterdeck_lang::codes::data::CODES {
        for example in [code.wrong, code.right] {
            let checked = explained(code.code, example);
            assert!(checked.errors().next().is_none(), "{}: {}", code.code, shown(&checked));
        }
        assert_eq!(quarterdeck_lang::codes::find(code.code).map(|known| known.title), Some(code.title));
    }
    for code in quarterdeck_lang::codes::data::LINTS {
        let settings = TextFile::new("quarterdeck.toml", format!("[lints]\n{} = \"deny\"\n", code.code));
        let text = format!("source a {{ from: \"a.csv\"  time: day  allow: {} \"why not\" }}\n", code.code);
        let checked = check(Some(settings), vec![TextFile::new("a.qd", text)]);
        assert_eq!(shown(&checked), "nothing to say\n");
    }
}

/// What is said of every wrong example, whole, in order of code.
#[test]
fn every_message_reads_well() {
    let mut out = String::new();
    for code in quarterdeck_lang::codes::resolve::CODES.iter().filter(|code| !code.wrong.is_empty()) {
        let checked = explained(code.code, code.wrong);
        let told = checked.diagnostics.iter().filter(|told| told.code == code.code);
        for told in told {
            writeln!(out, "{}", show(&checked.files, told)).unwrap();
        }
    }
    for code in quarterdeck_lang::lint::CODES {
        let checked = explained(code.code, code.wrong);
        let told = checked.diagnostics.iter().filter(|told| told.code == code.code);
        for told in told {
            writeln!(out, "{}", show(&checked.files, told)).unwrap();
        }
    }
    insta::assert_snapshot!("messages", out);
}
