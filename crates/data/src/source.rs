//! Files to tables: which files a source names, what their columns hold, and the rows in the engine's memory.

pub mod column;
pub mod dates;
pub mod field;
pub mod files;
pub mod json;
pub mod lines;
pub mod names;
pub mod number;
pub mod numeral;
pub mod parquet;
pub mod spill;
pub mod table;
pub mod text;

use crate::DataError;
use crate::engine::{Engine, quote};
use crate::query::filter::{Sql, Type};
use chrono_tz::Tz;
use column::Kind;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::DataType;
use dates::{DateReader, Shape};
use field::Manner;
use files::{Owner, SourceFile, find_files};
use lines::Lines;
use parquet::{is_parquet, open_parquet};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Origin, Place, Source};
use spill::Spill;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use text::{Held, TextRequest, WantedColumn, read_text};

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
    /// Columns whose numbers are written in percent.
    pub percents: BTreeSet<String>,
    /// What a reader should know, in sentences.
    pub notes: Vec<String>,
    /// File and line of each row of text files, in the order of [`ROW`].
    pub lines: Lines,
    store: Store,
}

/// Where the rows are.
enum Store {
    Memory(RecordBatch),
    Parquet(Vec<String>),
    /// Files of our own, kept as long as the source.
    Aside(Vec<String>, #[expect(dead_code, reason = "held so that the files stay")] Spill),
}

impl ReadSource {
    /// Hands the rows to the engine under the source's name.
    pub fn register(&self, engine: &Engine, name: &str) -> Result<(), DataError> {
        match &self.store {
            Store::Memory(batch) => engine.add_table(name, batch.clone()),
            Store::Parquet(paths) | Store::Aside(paths, _) => engine.add_parquet(name, paths),
        }
    }

    /// The file and line of a row.
    pub fn line(&self, row: i64) -> Option<(&SourceFile, u64)> {
        let (file, line) = self.lines.get(usize::try_from(row).ok()?)?;
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
    let parquet = files.iter().filter(|file| is_parquet(file)).count();
    if parquet == files.len() {
        refuse_manner(name, source)?;
        return read_parquet(owner, files, &columns, source.dates.as_deref());
    }
    let export = &source.export;
    let manner = Manner::new(dates, source.dates.is_some(), export, &model.settings.currency);
    let time = source.time.as_deref();
    let request =
        TextRequest { owner, files: &files, columns: &columns, time, export, manner: &manner, chunk: spill::CHUNK };
    let table = read_text(&request)?;
    let rows = table.lines.len();
    let mut columns: BTreeMap<String, Sql> =
        table.columns.iter().map(|(name, kind)| (name.clone(), column_sql(name, kind))).collect();
    if let Held::Aside(..) = &table.held {
        // The engine has texts of Parquet in a form of its own.
        let texts = columns.values_mut().filter(|sql| sql.gives == Type::Text);
        texts.for_each(|sql| sql.text = format!("CAST({} AS VARCHAR)", sql.text));
    }
    columns.insert(ROW.to_owned(), Sql { text: quote(ROW), gives: Type::Exact(0) });
    Ok(ReadSource {
        columns,
        shapes: table.shapes,
        percents: table.percents,
        notes: table.notes,
        rows,
        files,
        lines: table.lines,
        store: match table.held {
            Held::Memory(batch) => Store::Memory(batch),
            Held::Aside(spill, paths) => Store::Aside(paths, spill),
        },
    })
}

/// Parquet knows numbers, dates and columns by itself; what a source says of them would be silently left aside.
fn refuse_manner(name: &str, source: &Source) -> Result<(), DataError> {
    let export = &source.export;
    let said = [
        ("layout:", !export.layout.is_long()),
        ("sheet:", export.sheet.is_some()),
        ("header:", export.header.is_some()),
        ("numbers:", export.numbers.is_some()),
        ("blank:", !export.blanks.is_empty()),
        ("separator:", export.separator.is_some()),
        ("encoding:", export.encoding.is_some()),
        ("skip:", export.skip > 0),
        ("rates:", export.money.is_some()),
    ];
    match said.iter().find(|(_, said)| *said) {
        Some((key, _)) => Err(DataError::Meaning {
            message: format!("source `{name}` says `{key}` of Parquet files, which have none of that"),
            hint: format!("leave `{key}` out; it is for text and spreadsheets"),
            place: source.place.clone(),
        }),
        None => Ok(()),
    }
}

fn read_parquet(
    owner: Owner<'_>,
    files: Vec<SourceFile>,
    columns: &[WantedColumn],
    format: Option<&str>,
) -> Result<ReadSource, DataError> {
    let table = open_parquet(owner, &files, columns, format)?;
    Ok(ReadSource {
        columns: table.columns,
        shapes: BTreeMap::new(),
        percents: BTreeSet::new(),
        notes: Vec::new(),
        rows: table.rows,
        files,
        lines: Lines::default(),
        store: Store::Parquet(table.paths),
    })
}

/// The workspace's time zone.
pub fn zone_of(model: &Model) -> Result<Tz, DataError> {
    let zone = &model.settings.time_zone;
    zone.parse().map_err(|_| DataError::Meaning {
        message: format!("`{zone}` is no time zone"),
        hint: "write an IANA name such as \"Europe/London\" in quarterdeck.toml".into(),
        place: Place { file: "quarterdeck.toml".into(), line: 0 },
    })
}

fn date_reader(model: &Model, name: &str, source: &Source) -> Result<DateReader, DataError> {
    let meaning = |message: String, hint: &str| DataError::Meaning {
        message,
        hint: hint.to_owned(),
        place: source.place.clone(),
    };
    let zone = zone_of(model)?;
    let format = source.dates.as_deref();
    DateReader::new(format, zone, &model.settings.calendar).map_err(|reason| {
        let message = format!("source `{name}` writes dates as `{}`, and {reason}", format.unwrap_or_default());
        meaning(message, "use yyyy, mm, dd, mmm for a month's name, hh, ss, and separators: dates: \"dd/mm/yyyy\"")
    })
}

fn column_sql(name: &str, kind: &DataType) -> Sql {
    let gives = match kind {
        DataType::Decimal128(..) => Type::Exact(number::SCALE),
        DataType::Float64 => Type::Float,
        DataType::Date32 => Type::Day,
        DataType::Timestamp(..) => Type::Moment,
        DataType::Boolean => Type::Bool,
        _ => Type::Text,
    };
    Sql { text: quote(name), gives }
}
