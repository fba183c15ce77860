//! Files to tables: which files a source names, what their columns hold, and the rows in the engine's memory.

pub mod column;
pub mod dates;
pub mod files;
pub mod number;
pub mod text;

use crate::DataError;
use crate::engine::{Engine, quote};
use crate::query::filter::{Sql, Type};
use chrono_tz::Tz;
use column::Kind;
use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use dates::{DateReader, Shape};
use files::{Owner, SourceFile, find_files};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Origin, Place, Source};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use text::{TextRequest, WantedColumn, read_text};

/// The column that numbers the rows of text files, where their order matters.
pub const ROW: &str = "row number";

/// A source whose rows were read.
pub struct ReadSource {
    /// Each column as SQL.
    pub columns: BTreeMap<String, Sql>,
    /// The form of each date column of text files.
    pub shapes: BTreeMap<String, Shape>,
    /// How many rows.
    pub rows: usize,
    /// Its files.
    pub files: Vec<SourceFile>,
    /// File and line of each row of text files, in the order of [`ROW`].
    pub lines: Vec<(u32, u32)>,
    batch: RecordBatch,
}

impl ReadSource {
    /// Hands the rows to the engine under the source's name.
    pub fn register(&self, engine: &Engine, name: &str) -> Result<(), DataError> {
        engine.add_table(name, self.batch.clone())
    }

    /// The file and line of a row.
    pub fn line(&self, row: i64) -> Option<(&SourceFile, u64)> {
        let (file, line) = *self.lines.get(usize::try_from(row).ok()?)?;
        Some((self.files.get(file as usize)?, u64::from(line)))
    }
}

/// Reads the columns of a source that are used.
pub fn read_source(
    root: &Path,
    model: &Model,
    name: &str,
    source: &Source,
    columns: BTreeMap<String, (Kind, Place)>,
) -> Result<ReadSource, DataError> {
    let Origin::Files(declared) = &source.origin else {
        return Err(DataError::NotYetComputed {
            what: format!("source `{name}`, a table of a database,"),
            place: source.place.clone(),
        });
    };
    let owner = Owner { name, place: &source.place };
    let files = find_files(root, name, source, declared)?;
    let dates = date_reader(model, name, source)?;
    let columns: Vec<WantedColumn> =
        columns.into_iter().map(|(name, (kind, place))| WantedColumn { name, kind, place }).collect();
    let request =
        TextRequest { owner, files: &files, columns: &columns, dates: &dates, declared: source.dates.is_some() };
    let table = read_text(&request)?;
    let batch = batch_of(&table.columns, table.rows)?;
    let mut columns: BTreeMap<String, Sql> =
        table.columns.iter().map(|(name, _, array)| (name.clone(), column_sql(name, array))).collect();
    columns.insert(ROW.to_owned(), Sql { text: quote(ROW), gives: Type::Exact(0) });
    Ok(ReadSource { columns, shapes: table.shapes, rows: table.rows, files, lines: table.lines, batch })
}

fn date_reader(model: &Model, name: &str, source: &Source) -> Result<DateReader, DataError> {
    let meaning = |message: String, hint: &str| DataError::Meaning {
        message,
        hint: hint.to_owned(),
        place: source.place.clone(),
    };
    let zone = &model.settings.time_zone;
    let zone: Tz = zone.parse().map_err(|_| {
        meaning(format!("`{zone}` is no time zone"), "write an IANA name such as \"Europe/London\" in quarterdeck.toml")
    })?;
    let format = source.dates.as_deref();
    DateReader::new(format, zone, &model.settings.calendar).map_err(|reason| {
        let message = format!("source `{name}` writes dates as `{}`, and {reason}", format.unwrap_or_default());
        meaning(message, "use yyyy, mm, dd, mmm for a month's name, hh, ss, and separators: dates: \"dd/mm/yyyy\"")
    })
}

fn batch_of(columns: &[(String, Kind, ArrayRef)], rows: usize) -> Result<RecordBatch, DataError> {
    let mut fields: Vec<Field> =
        columns.iter().map(|(name, _, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let mut arrays: Vec<ArrayRef> = columns.iter().map(|(_, _, array)| array.clone()).collect();
    fields.push(Field::new(ROW, DataType::Int64, false));
    arrays.push(Arc::new(Int64Array::from_iter_values(0..rows as i64)));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| DataError::Engine(error.to_string()))
}

fn column_sql(name: &str, array: &ArrayRef) -> Sql {
    let gives = match array.data_type() {
        DataType::Decimal128(..) => Type::Exact(number::SCALE),
        DataType::Float64 => Type::Float,
        DataType::Date32 => Type::Day,
        DataType::Timestamp(..) => Type::Moment,
        DataType::Boolean => Type::Bool,
        _ => Type::Text,
    };
    Sql { text: quote(name), gives }
}
