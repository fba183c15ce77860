//! JSON lines: one object a row, plain or gzip.

use super::column::Builder;
use super::files::{SourceFile, io_reason, open_text};
use super::text::{TextRequest, bad_value, missing_column};
use crate::DataError;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

/// Whether a file holds JSON lines by its name.
pub fn is_json(file: &SourceFile) -> bool {
    let name = file.shown.trim_end_matches(".gz");
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

/// Reads the wanted columns of one file.
pub fn read_file(
    request: &TextRequest<'_>,
    file: &SourceFile,
    index: u32,
    builders: &mut [Builder],
    lines: &mut Vec<(u32, u32)>,
) -> Result<(), DataError> {
    let owner = request.owner;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut any = false;
    for (at, line) in BufReader::new(open_text(file, owner)?).lines().enumerate() {
        let text = line.map_err(|error| owner.unreadable(&file.shown, io_reason(&error)))?;
        let number = at as u64 + 1;
        if text.trim().is_empty() {
            continue;
        }
        let Ok(Value::Object(row)) = serde_json::from_str(text.trim_start_matches('\u{feff}')) else {
            return Err(owner.unreadable(&file.shown, format!("line {number} is no JSON object")));
        };
        any = true;
        for (builder, column) in builders.iter_mut().zip(request.columns) {
            let value = row.get(&column.name).map(text_of).unwrap_or_default();
            builder
                .push(value.as_bytes(), number, request.dates, request.declared)
                .map_err(|misfit| bad_value(request, file, number, column, value.as_bytes(), misfit))?;
        }
        seen.extend(row.into_iter().map(|(name, _)| name));
        lines.push((index, number as u32));
    }
    let names: Vec<String> = seen.into_iter().collect();
    match request.columns.iter().find(|column| any && !names.contains(&column.name)) {
        Some(column) => Err(missing_column(owner, &file.shown, column, &names)),
        None => Ok(()),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
