//! Diagnostics as scripts read them.

use quarterdeck_lang::{Diagnostic, Files, Position, Span};
use serde_json::{Value, json};

/// One diagnostic: lines and columns from 1, columns in Unicode code points, the end exclusive.
pub fn diagnostic(files: &Files, diagnostic: &Diagnostic) -> Value {
    let place = diagnostic.span.and_then(|span| place(files, span));
    let labels = diagnostic.labels.iter().filter_map(|label| {
        let (file, start, end) = self::place(files, label.span)?;
        Some(json!({ "file": file, "start": start, "end": end, "message": label.message }))
    });
    let fixes = diagnostic.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().filter_map(|edit| {
            let (file, start, end) = self::place(files, edit.span)?;
            Some(json!({ "file": file, "start": start, "end": end, "text": edit.text }))
        });
        json!({ "message": fix.message, "edits": edits.collect::<Vec<_>>() })
    });
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "note": diagnostic.note,
        "file": place.map(|(file, ..)| file),
        "start": place.map(|(_, start, _)| start),
        "end": place.map(|(.., end)| end),
        "hints": diagnostic.hints,
        "labels": labels.collect::<Vec<_>>(),
        "fixes": fixes.collect::<Vec<_>>(),
    })
}

/// File, first position and the position after the last.
pub fn place(files: &Files, span: Span) -> Option<(&str, Position, Position)> {
    let file = files.get(span.file)?;
    Some((file.path(), file.position(span.start), file.position(span.end)))
}
