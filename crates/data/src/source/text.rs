//! Delimited text (CSV, TSV), plain or gzip, read column by column into the engine's memory.

use super::column::{Builder, Kind, Misfit};
use super::dates::{DateReader, Shape};
use super::files::{Owner, SourceFile, io_reason, open_text};
use super::json::{self, is_json};
use crate::DataError;
use csv::{ByteRecord, ReaderBuilder};
use datafusion::arrow::array::ArrayRef;
use quarterdeck_lang::model::Place;
use std::collections::BTreeMap;
use std::io::Read;

/// Lines a quoted field may have.
const QUOTED_LINES: u64 = 1000;

/// A column that is wanted from every file.
#[derive(Clone, Debug)]
pub struct WantedColumn {
    /// Its name, as in the header.
    pub name: String,
    /// What it is used as.
    pub kind: Kind,
    /// Where it is asked for.
    pub place: Place,
}

/// What was read.
pub struct TextTable {
    /// The columns, in the order asked for.
    pub columns: Vec<(String, Kind, ArrayRef)>,
    /// The form of each date column.
    pub shapes: BTreeMap<String, Shape>,
    /// For each row, the file it is from and its line.
    pub lines: Vec<(u32, u32)>,
    /// How many rows.
    pub rows: usize,
}

/// How the rows are to be read.
pub struct TextRequest<'a> {
    /// The source.
    pub owner: Owner<'a>,
    /// Its files.
    pub files: &'a [SourceFile],
    /// Its columns.
    pub columns: &'a [WantedColumn],
    /// Its dates.
    pub dates: &'a DateReader,
    /// Whether it declares how dates are written.
    pub declared: bool,
}

/// Reads the columns wanted of all files.
pub fn read_text(request: &TextRequest<'_>) -> Result<TextTable, DataError> {
    let mut builders: Vec<Builder> = request.columns.iter().map(|column| Builder::new(column.kind)).collect();
    let mut lines = Vec::new();
    for (index, file) in request.files.iter().enumerate() {
        if is_json(file) {
            json::read_file(request, file, index as u32, &mut builders, &mut lines)?;
        } else {
            read_file(request, file, index as u32, &mut builders, &mut lines)?;
        }
    }
    if lines.is_empty() {
        let path = request.files.first().map_or("", |file| file.shown.as_str());
        return Err(request.owner.empty(path));
    }
    let mut columns = Vec::new();
    let mut shapes = BTreeMap::new();
    for (wanted, builder) in request.columns.iter().zip(builders) {
        if let Some(shape) = builder.shape() {
            shapes.insert(wanted.name.clone(), shape);
        }
        let kind = builder.kind();
        let array = builder.finish().map_err(|error| not_utf8(request, &wanted.name, &error.to_string()))?;
        columns.push((wanted.name.clone(), kind, array));
    }
    Ok(TextTable { columns, shapes, rows: lines.len(), lines })
}

fn not_utf8(request: &TextRequest<'_>, column: &str, _error: &str) -> DataError {
    let path = request.files.first().map_or("", |file| file.shown.as_str());
    request.owner.unreadable(path, format!("column `{column}` is not written in UTF-8; save the file as CSV in UTF-8"))
}

fn read_file(
    request: &TextRequest<'_>,
    file: &SourceFile,
    index: u32,
    builders: &mut [Builder],
    lines: &mut Vec<(u32, u32)>,
) -> Result<(), DataError> {
    let owner = request.owner;
    let (start, rest) = first_line(file, owner)?;
    let delimiter = delimiter_of(&start, &file.shown);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(std::io::Cursor::new(start).chain(rest));
    let mut record = ByteRecord::new();
    let unreadable = |error: csv::Error| owner.unreadable(&file.shown, csv_reason(&error));
    if !reader.read_byte_record(&mut record).map_err(unreadable)? {
        return Err(owner.empty(&file.shown));
    }
    let header: Vec<String> = record.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let places = column_places(request, file, &header)?;
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        // A quote that is never closed would swallow all rows after it.
        if reader.position().line().saturating_sub(line) > QUOTED_LINES {
            let reason = format!("line {line} opens a quote that is not closed within {QUOTED_LINES} lines");
            return Err(owner.unreadable(&file.shown, reason));
        }
        // A line of blanks is no row.
        if record.len() == 1 && record.get(0).is_some_and(|only| only.trim_ascii().is_empty()) && header.len() > 1 {
            continue;
        }
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            let reason = format!(
                "line {line} has {found} fields and the header has {expected}; quote fields that hold the separator"
            );
            return Err(owner.unreadable(&file.shown, reason));
        }
        for ((builder, place), column) in builders.iter_mut().zip(&places).zip(request.columns) {
            let value = record.get(*place).unwrap_or_default();
            builder
                .push(value, line, request.dates, request.declared)
                .map_err(|misfit| bad_value(request, file, line, column, value, misfit))?;
        }
        lines.push((index, line as u32));
    }
    Ok(())
}

/// The first line, without a byte order mark, and the rest.
fn first_line(file: &SourceFile, owner: Owner<'_>) -> Result<(Vec<u8>, Box<dyn Read>), DataError> {
    let mut rest = open_text(file, owner)?;
    let mut start = vec![0; 1 << 14];
    let mut length = 0;
    while length < start.len() && !start.iter().take(length).any(|byte| *byte == b'\n') {
        let Some(free) = start.get_mut(length..) else { break };
        match rest.read(free) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(owner.unreadable(&file.shown, io_reason(&error))),
        }
    }
    start.truncate(length);
    if start.starts_with(b"\xef\xbb\xbf") {
        start.drain(..3);
    }
    Ok((start, rest))
}

/// Comma, unless the header has none and has semicolons or tabs.
fn delimiter_of(start: &[u8], name: &str) -> u8 {
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    let tsv = name.trim_end_matches(".gz").ends_with(".tsv");
    match (count(b','), count(b';'), count(b'\t')) {
        _ if tsv => b'\t',
        (0, semicolons, tabs) if semicolons > 0 && semicolons >= tabs => b';',
        (0, _, tabs) if tabs > 0 => b'\t',
        _ => b',',
    }
}

/// Where each wanted column stands in a file.
fn column_places(request: &TextRequest<'_>, file: &SourceFile, header: &[String]) -> Result<Vec<usize>, DataError> {
    let mut places = Vec::new();
    for column in request.columns {
        let mut found = header.iter().enumerate().filter(|(_, name)| **name == column.name);
        let Some((place, _)) = found.next() else {
            return Err(missing_column(request.owner, &file.shown, column, header));
        };
        if found.next().is_some() {
            let reason = format!("it has two columns named `{}`", column.name);
            return Err(request.owner.unreadable(&file.shown, reason));
        }
        places.push(place);
    }
    Ok(places)
}

/// A column that is not there, with the one most like it.
pub fn missing_column(owner: Owner<'_>, path: &str, column: &WantedColumn, header: &[String]) -> DataError {
    let plain = |name: &str| name.trim().to_lowercase().replace([' ', '-'], "_");
    let wanted = plain(&column.name);
    let likeness = |name: &String| strsim::jaro_winkler(&plain(name), &wanted);
    let nearest = header
        .iter()
        .filter(|name| likeness(name) > 0.8)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)).then_with(|| b.cmp(a)))
        .cloned();
    DataError::MissingColumn {
        source_name: owner.name.to_owned(),
        path: path.to_owned(),
        column: column.name.clone(),
        nearest,
        columns: header.to_vec(),
        place: column.place.clone(),
    }
}

/// A value that cannot be read, with all its facts.
pub fn bad_value(
    request: &TextRequest<'_>,
    file: &SourceFile,
    line: u64,
    column: &WantedColumn,
    value: &[u8],
    misfit: Misfit,
) -> DataError {
    let text = String::from_utf8_lossy(value);
    let mut found: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        found.push('…');
    }
    DataError::BadValue {
        source_name: request.owner.name.to_owned(),
        path: file.shown.clone(),
        line,
        column: column.name.clone(),
        found,
        expected: misfit.expected,
        hint: misfit.hint,
        place: request.owner.place.clone(),
    }
}

fn csv_reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => io_reason(error),
        _ => error.to_string(),
    }
}
