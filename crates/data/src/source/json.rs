//! JSON lines: one object a row, plain or gzip.

use super::column::Builder;
use super::field::Field;
use super::files::{SourceFile, io_reason, open_text};
use super::text::{Rows, missing_column};
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
    rows: &mut Rows<'_>,
    file: &SourceFile,
    index: u32,
    builders: &mut [Builder],
) -> Result<(), DataError> {
    let request = rows.request;
    let owner = request.owner;
    let money = request.export.money.as_ref().and_then(|money| money.column.as_ref());
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
        let values: Vec<(String, bool)> = request
            .columns
            .iter()
            .map(|column| row.get(&column.name))
            .map(|value| (value.map(text_of).unwrap_or_default(), matches!(value, Some(Value::Number(_)))))
            .collect();
        let currency = money.and_then(|name| row.get(name)).map(|value| text_of(value).trim().to_uppercase());
        let field = |at: usize| match values.get(at) {
            Some((text, true)) => Field::Plain(text.as_bytes()),
            Some((text, false)) => Field::Text(text.as_bytes()),
            None => Field::Empty,
        };
        rows.push(file, (index, number), builders, currency.as_deref(), field)?;
        seen.extend(row.into_iter().map(|(name, _)| name));
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
