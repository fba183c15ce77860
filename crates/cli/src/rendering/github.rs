//! Diagnostics as GitHub's workflow commands, which mark the places in a pull request.

use super::json::place;
use quarterdeck_lang::{Diagnostic, Files, Severity};

/// One line per diagnostic; `folder` is put before each path (the workspace's folder, seen from where `qd` runs).
pub fn all(files: &Files, diagnostics: &[Diagnostic], folder: &str) -> String {
    diagnostics.iter().map(|each| line(files, each, folder)).collect()
}

fn line(files: &Files, diagnostic: &Diagnostic, folder: &str) -> String {
    let command = match diagnostic.severity {
        Severity::Error | Severity::Deny => "error",
        Severity::Warning => "warning",
    };
    let mut properties = Vec::new();
    if let Some((file, start, end)) = diagnostic.span.and_then(|span| place(files, span)) {
        properties.push(format!("file={}", property(&format!("{folder}{file}"))));
        // Columns are for places within a line alone; over several lines they would be of two of them.
        properties.push(match start.line == end.line {
            true => format!("line={},col={},endLine={},endColumn={}", start.line, start.column, end.line, end.column),
            false => format!("line={},endLine={}", start.line, end.line),
        });
    }
    properties.push(format!("title={}", property(diagnostic.code)));
    let mut message = diagnostic.message.clone();
    for hint in &diagnostic.hints {
        message.push_str(&format!("\nhelp: {hint}"));
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}

/// A message with what ends it written out.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value with what ends it written out.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
