//! Diagnostics as SARIF 2.1.0, which code scanning reads.

use super::json::place;
use quarterdeck_lang::codes;
use quarterdeck_lang::{Diagnostic, Files, Severity, Span};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole log; `folder` is put before each path (the workspace's folder, seen from where `qd` runs).
pub fn log(files: &Files, diagnostics: &[Diagnostic], folder: &str) -> Value {
    let used: BTreeSet<&str> = diagnostics.iter().map(|each| each.code).collect();
    let results: Vec<Value> = diagnostics.iter().map(|each| result(files, each, folder)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "qd",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": used.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: &str) -> Value {
    match codes::find(code) {
        Some(known) => json!({
            "id": code,
            "shortDescription": { "text": known.title },
            "fullDescription": { "text": known.explanation },
        }),
        None => json!({ "id": code }),
    }
}

fn result(files: &Files, diagnostic: &Diagnostic, folder: &str) -> Value {
    let level = match diagnostic.severity {
        Severity::Error | Severity::Deny => "error",
        Severity::Warning => "warning",
    };
    let mut text = diagnostic.message.clone();
    for hint in &diagnostic.hints {
        text.push_str(&format!("\nhelp: {hint}"));
    }
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level,
        "message": { "text": text },
        "locations": diagnostic.span.and_then(|span| location(files, span, folder)).into_iter().collect::<Vec<_>>(),
    });
    let related = diagnostic.labels.iter().filter_map(|label| {
        let mut place = location(files, label.span, folder)?;
        place["message"] = json!({ "text": label.message });
        Some(place)
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

fn location(files: &Files, span: Span, folder: &str) -> Option<Value> {
    let (file, start, end) = place(files, span)?;
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&format!("{folder}{file}")) },
        "region": {
            "startLine": start.line, "startColumn": start.column,
            "endLine": end.line, "endColumn": end.column,
        },
    }}))
}

/// A relative path as a URI reference.
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
