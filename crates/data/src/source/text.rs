//! Rows of delimited text, JSON lines and sheets, read column by column into the engine's memory.

use super::column::{Builder, Kind, Mark, Misfit};
use super::dates::Shape;
use super::field::{Field, Manner, field_of};
use super::files::{Owner, SourceFile};
use super::json::{self, is_json};
use super::lines::Lines;
use super::spill::{Spill, numbered};
use super::table;
use crate::DataError;
use crate::grid::{self, Format, GridError, TextRows};
use csv::ByteRecord;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::DataType;
use quarterdeck_lang::model::{Export, Place};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The columns, in the order asked for, with what they hold.
    pub columns: Vec<(String, DataType)>,
    /// Their rows.
    pub held: Held,
    /// The form of each date column.
    pub shapes: BTreeMap<String, Shape>,
    /// Columns whose numbers are written in percent.
    pub percents: BTreeSet<String>,
    /// For each row, the file it is from and its line.
    pub lines: Lines,
    /// What a reader should know, in sentences.
    pub notes: Vec<String>,
}

/// Where rows are.
pub enum Held {
    /// In memory.
    Memory(RecordBatch),
    /// In files of their own, too many for the memory.
    Aside(Spill, Vec<String>),
}

/// How the rows are to be read.
pub struct TextRequest<'a> {
    /// The source.
    pub owner: Owner<'a>,
    /// Its files.
    pub files: &'a [SourceFile],
    /// Its columns.
    pub columns: &'a [WantedColumn],
    /// The column that says when a row happened.
    pub time: Option<&'a str>,
    /// How its files are laid out.
    pub export: &'a Export,
    /// How its cells are written.
    pub manner: &'a Manner,
    /// How many rows are held in memory at once.
    pub chunk: usize,
}

/// Reads the columns wanted of all files.
pub fn read_text(request: &TextRequest<'_>) -> Result<TextTable, DataError> {
    let mut builders: Vec<Builder> = request.columns.iter().map(|column| Builder::new(column.kind)).collect();
    let mut rows = Rows { request, lines: Lines::default(), skipped: Vec::new(), notes: Vec::new(), aside: None };
    for (index, file) in request.files.iter().enumerate() {
        let index = index as u32;
        if is_json(file) {
            json::read_file(&mut rows, file, index, &mut builders)?;
        } else if !request.export.layout.is_long() {
            table::read_file(request, file, index, &mut builders, &mut rows.lines, &mut rows.notes)?;
        } else if grid::is_text(&file.path).map_err(|error| unreadable(request, file, &error))? {
            rows.read_text(file, index, &mut builders)?;
        } else {
            rows.read_sheet(file, index, &mut builders)?;
        }
    }
    let Rows { lines, skipped, mut notes, aside, .. } = rows;
    if lines.len() == 0 {
        let path = request.files.first().map_or("", |file| file.shown.as_str());
        return Err(request.owner.empty(path));
    }
    notes.extend(skipped_note(request, &skipped));
    let (mut shapes, mut percents) = (BTreeMap::new(), BTreeSet::new());
    for (wanted, builder) in request.columns.iter().zip(&builders) {
        if let Some(shape) = builder.shape() {
            shapes.insert(wanted.name.clone(), shape);
        }
        if builder.is_percent() {
            percents.insert(wanted.name.clone());
        }
        if let Some((text, line, misfit)) = builder.doubt() {
            let Some(file) = request.files.first() else { continue };
            return Err(bad_value(request, file, line, wanted, text.as_bytes(), misfit));
        }
    }
    let (columns, held) = held(request, builders, aside)?;
    Ok(TextTable { columns, held, shapes, percents, lines, notes })
}

/// The rows in memory, or the last of them beside those put aside.
fn held(
    request: &TextRequest<'_>,
    mut builders: Vec<Builder>,
    aside: Option<Spill>,
) -> Result<(Vec<(String, DataType)>, Held), DataError> {
    if let Some(mut aside) = aside {
        aside.put(&request.names(), &mut builders)?;
        let (schema, paths) = aside.finish()?;
        let columns = schema.fields().iter().filter(|field| field.name() != super::ROW);
        let columns = columns.map(|field| (field.name().clone(), field.data_type().clone())).collect();
        return Ok((columns, Held::Aside(aside, paths)));
    }
    let mut arrays: Vec<(String, ArrayRef)> = Vec::new();
    for (wanted, builder) in request.columns.iter().zip(builders) {
        let array = builder.finish().map_err(|_| not_utf8(request, &wanted.name))?;
        arrays.push((wanted.name.clone(), array));
    }
    let columns = arrays.iter().map(|(name, array)| (name.clone(), array.data_type().clone())).collect();
    Ok((columns, Held::Memory(numbered(&arrays, 0)?)))
}

impl TextRequest<'_> {
    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }
}

fn not_utf8(request: &TextRequest<'_>, column: &str) -> DataError {
    let path = request.files.first().map_or("", |file| file.shown.as_str());
    request.owner.unreadable(path, format!("column `{column}` is not written in UTF-8; save the file as CSV in UTF-8"))
}

fn unreadable(request: &TextRequest<'_>, file: &SourceFile, error: &GridError) -> DataError {
    request.owner.unreadable(&file.shown, error.to_string())
}

/// What `skip:` left out, with place and reason.
fn skipped_note(request: &TextRequest<'_>, skipped: &[String]) -> Option<String> {
    let (rows, verb) = if skipped.len() == 1 { ("row", "is") } else { ("rows", "are") };
    (!skipped.is_empty()).then(|| {
        let (name, count, most) = (request.owner.name, skipped.len(), request.export.skip);
        format!("{count} {rows} of `{name}` {verb} left out (`skip: at most {most}`): {}.", skipped.join("; "))
    })
}

/// The rows read so far.
pub struct Rows<'a> {
    /// What is asked.
    pub request: &'a TextRequest<'a>,
    /// File and line of each.
    pub lines: Lines,
    skipped: Vec<String>,
    notes: Vec<String>,
    aside: Option<Spill>,
}

impl Rows<'_> {
    /// Adds a row: every column's field by its number, or none of them where one cannot be read and may be left out.
    pub fn push<'f>(
        &mut self,
        file: &SourceFile,
        (index, line): (u32, u64),
        builders: &mut [Builder],
        currency: Option<&str>,
        mut field: impl FnMut(usize) -> Field<'f>,
    ) -> Result<(), DataError> {
        let request = self.request;
        let marks: Vec<Mark> =
            if request.export.skip > 0 { builders.iter().map(Builder::mark).collect() } else { Vec::new() };
        let amounts = request.export.money.as_ref().map(|money| money.amounts.as_slice()).unwrap_or_default();
        for (at, (builder, column)) in builders.iter_mut().zip(request.columns).enumerate() {
            let value = field(at);
            let money = currency.filter(|_| amounts.contains(&column.name));
            if let Err(misfit) = builder.push(value, line, request.manner, money) {
                let shown = match value {
                    Field::Text(text) | Field::Plain(text) => text.to_vec(),
                    Field::Date(date, _) => date.to_string().into_bytes(),
                    Field::Period(_) | Field::Empty => Vec::new(),
                };
                let error = bad_value(request, file, line, column, &shown, misfit);
                builders.iter_mut().zip(&marks).for_each(|(builder, mark)| builder.take_back(mark));
                return self.skip(error);
            }
        }
        self.lines.push(index, u32::try_from(line).unwrap_or(u32::MAX));
        if builders.first().is_some_and(|first| first.len() >= request.chunk) {
            let aside = match &mut self.aside {
                Some(aside) => aside,
                None => self.aside.insert(Spill::new()?),
            };
            aside.put(&request.names(), builders)?;
        }
        Ok(())
    }

    /// Leaves a row out, as far as that is allowed.
    pub fn skip(&mut self, error: DataError) -> Result<(), DataError> {
        if self.skipped.len() >= self.request.export.skip as usize {
            return Err(error);
        }
        self.skipped.push(error.to_string());
        Ok(())
    }

    fn read_text(&mut self, file: &SourceFile, index: u32, builders: &mut [Builder]) -> Result<(), DataError> {
        let request = self.request;
        let broken = |error: GridError| unreadable(request, file, &error);
        let mut rows = TextRows::open(&file.path, &table::options(request)).map_err(broken)?;
        let mut record = ByteRecord::new();
        let header = loop {
            let Some(line) = rows.next(&mut record).map_err(broken)? else {
                return Err(request.owner.empty(&file.shown));
            };
            match request.export.header {
                Some(wanted) if line < u64::from(wanted) => continue,
                Some(wanted) if line > u64::from(wanted) => {
                    let reason = format!("its row {wanted}, the header as declared, is empty or not there");
                    return Err(request.owner.unreadable(&file.shown, reason));
                }
                _ => break header_of(record.iter().map(String::from_utf8_lossy)),
            }
        };
        let places = column_places(request, file, &header)?;
        let currency = currency_place(request, file, &header)?;
        while let Some(line) = rows.next(&mut record).map_err(broken)? {
            // A line of blanks is no row.
            if record.iter().all(|field| field.trim_ascii().is_empty()) && header.len() > 1 {
                continue;
            }
            if record.len() != header.len() {
                let (found, expected) = (record.len(), header.len());
                let reason = format!(
                    "line {line} has {found} fields and the header has {expected}; quote fields that hold the separator"
                );
                self.skip(request.owner.unreadable(&file.shown, reason))?;
                continue;
            }
            let money = currency.and_then(|place| record.get(place)).map(code_of);
            let field =
                |at: usize| Field::Text(places.get(at).and_then(|place| record.get(*place)).unwrap_or_default());
            self.push(file, (index, line), builders, money.as_deref(), field)?;
        }
        self.notes.extend(encoding_note(request, file, &rows.format()));
        Ok(())
    }

    fn read_sheet(&mut self, file: &SourceFile, index: u32, builders: &mut [Builder]) -> Result<(), DataError> {
        let request = self.request;
        let grid = table::open(request, file)?;
        let header_at = table::header_place(request, file, &grid.rows)?;
        let cells = grid.rows.get(header_at).map(|row| row.cells.as_slice()).unwrap_or_default();
        let header = header_of(cells.iter().map(|cell| std::borrow::Cow::Borrowed(cell.shown.as_str())));
        let places = column_places(request, file, &header)?;
        let currency = currency_place(request, file, &header)?;
        for row in grid.rows.iter().skip(header_at + 1) {
            let money = currency.and_then(|place| row.cells.get(place)).map(|cell| code_of(cell.shown.as_bytes()));
            let mut digits: Vec<String> = vec![String::new(); places.len()];
            let fields: Vec<Field<'_>> = places
                .iter()
                .zip(&mut digits)
                .map(|(place, digits)| row.cells.get(*place).map_or(Field::Empty, |cell| field_of(cell, digits)))
                .collect();
            let field = |at: usize| fields.get(at).copied().unwrap_or(Field::Empty);
            self.push(file, (index, row.number), builders, money.as_deref(), field)?;
        }
        Ok(())
    }
}

/// An encoding that was found out, and not said, is told.
pub fn encoding_note(request: &TextRequest<'_>, file: &SourceFile, format: &Format) -> Option<String> {
    let Format::Text { encoding, .. } = format else { return None };
    let told = *encoding != "UTF-8" && request.export.encoding.is_none();
    told.then(|| format!("`{}` is read as {encoding}; `encoding:` says so or otherwise.", file.shown))
}

/// Names as they stand in a header.
fn header_of<'a>(names: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Vec<String> {
    names.map(std::borrow::Cow::into_owned).collect()
}

/// A currency's code as a row names it.
fn code_of(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim().to_uppercase()
}

/// Where the column stands that names each row's currency.
fn currency_place(request: &TextRequest<'_>, file: &SourceFile, header: &[String]) -> Result<Option<usize>, DataError> {
    let Some(name) = request.export.money.as_ref().and_then(|money| money.column.as_ref()) else { return Ok(None) };
    match header.iter().position(|found| found.trim() == name) {
        Some(place) => Ok(Some(place)),
        None => {
            let column = WantedColumn { name: name.clone(), kind: Kind::Text, place: request.owner.place.clone() };
            Err(missing_column(request.owner, &file.shown, &column, header))
        }
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
