//! Diagnostics as scripts read them.

use quarterdeck_lang::{Diagnostic, Files, Position, Severity, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// One diagnostic: lines and columns from 1, columns in Unicode code points, the end exclusive.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Told<'a> {
    /// Its code, as `qd explain` takes it.
    code: &'a str,
    /// How much it weighs.
    severity: Severity,
    /// What is wrong.
    message: &'a str,
    /// Words at the place itself; may be empty.
    note: &'a str,
    /// Its file; none for a matter of no single place.
    file: Option<&'a str>,
    /// Where it starts.
    start: Option<Position>,
    /// Where it ends.
    end: Option<Position>,
    /// What to do.
    hints: &'a [String],
    /// Other places that belong to it.
    labels: Vec<Label<'a>>,
    /// Replacements that would mend it.
    fixes: Vec<Fix<'a>>,
}

/// Another place of a diagnostic.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Label<'a> {
    file: &'a str,
    start: Position,
    end: Position,
    /// What is there.
    message: &'a str,
}

/// A change of the text that would mend a diagnostic.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Fix<'a> {
    /// What it does.
    message: &'a str,
    /// The edits, which do not overlap.
    edits: Vec<Edit<'a>>,
}

/// One replacement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Edit<'a> {
    file: &'a str,
    start: Position,
    end: Position,
    /// What stands there then.
    text: &'a str,
}

/// A diagnostic as it is told.
pub fn diagnostic<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Told<'a> {
    let place = diagnostic.span.and_then(|span| place(files, span));
    let label = |label: &'a quarterdeck_lang::Label| {
        let (file, start, end) = self::place(files, label.span)?;
        Some(Label { file, start, end, message: &label.message })
    };
    let edit = |edit: &'a quarterdeck_lang::Edit| {
        let (file, start, end) = self::place(files, edit.span)?;
        Some(Edit { file, start, end, text: &edit.text })
    };
    let fix = |fix: &'a quarterdeck_lang::Fix| Fix {
        message: &fix.message,
        edits: fix.edits.iter().filter_map(edit).collect(),
    };
    Told {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        note: &diagnostic.note,
        file: place.map(|(file, ..)| file),
        start: place.map(|(_, start, _)| start),
        end: place.map(|(.., end)| end),
        hints: &diagnostic.hints,
        labels: diagnostic.labels.iter().filter_map(label).collect(),
        fixes: diagnostic.fixes.iter().map(fix).collect(),
    }
}

/// File, first position and the position after the last.
pub fn place(files: &Files, span: Span) -> Option<(&str, Position, Position)> {
    let file = files.get(span.file)?;
    Some((file.path(), file.position(span.start), file.position(span.end)))
}
