//! Any export as a grid of cells: delimited text in any of the usual separators and encodings, and spreadsheets.
//!
//! What is read is told, never interpreted: a cell is the text a person sees, and the value behind it where the format keeps
//! one (a spreadsheet's number, date or error). Which separator and encoding a text has is found out and reported. Files that
//! mean harm meet limits on what they expand to, on lines and on cells.

mod encoding;
mod error;
mod ods;
mod separator;
mod shown;
mod text;
mod xlsx;
mod zipped;

use chrono::NaiveDateTime;
pub use encoding::Decoder;
pub use error::GridError;
pub use shown::plain;
use std::path::Path;
pub use text::TextRows;

/// Cells that are held of one file, where no other limit is asked for.
pub const CELLS: usize = 4_000_000;

/// How a file is to be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The sheet of a spreadsheet; the first that is not hidden where `None`.
    pub sheet: Option<String>,
    /// Only so many rows from the top, for looking at a file; all of them where `None`.
    pub rows: Option<usize>,
    /// What separates the fields of a text; found out where `None`.
    pub separator: Option<char>,
    /// How a text is encoded, by a name browsers know (`windows-1252`); found out where `None`.
    pub encoding: Option<String>,
}

/// The cells of one sheet or text.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// What kind of file it is.
    pub format: Format,
    /// Every sheet of a spreadsheet, in its order; none of a text.
    pub sheets: Vec<Sheet>,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// The rows that hold anything, in order.
    pub rows: Vec<Row>,
    /// Whether there are more rows than were asked for.
    pub more: bool,
}

/// What kind of file a grid is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Text {
        /// What separates its fields.
        separator: char,
        /// How it is encoded, by its usual name (`UTF-8`, `UTF-16LE`, `windows-1252`).
        encoding: &'static str,
        /// Whether it is packed with gzip.
        packed: bool,
    },
    /// An Office Open XML workbook (`.xlsx`).
    Xlsx,
    /// An OpenDocument spreadsheet (`.ods`).
    Ods,
}

/// One sheet of a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden from people.
    pub hidden: bool,
}

/// One row that holds anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the file, from 1: a line of a text, a row of a sheet.
    pub number: u64,
    /// Its cells from the first column on; what lies right of the last one that is filled is left out.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What a person sees; dates of spreadsheets as `2027-02-28` or `2027-02-28 14:30:00`.
    pub shown: String,
    /// What the format keeps of it.
    pub value: Value,
    /// The number format of a spreadsheet's cell where it has one (`0.0%`, `#,##0 "£"`, `mmm-yy`).
    pub format: Option<String>,
}

/// What a format keeps of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text alone: all that text files know.
    Text,
    /// A number; a percentage is its share (`42.0%` is 0.42).
    Number(f64),
    /// A day, with a time where `true`.
    Date(NaiveDateTime, Clock),
    /// True or false.
    Bool(bool),
    /// An error such as `#DIV/0!`.
    Error,
}

/// Whether a date has a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// A whole day.
    Day,
    /// A moment of it.
    Time,
}

impl Cell {
    /// A text as a text file has it.
    pub fn text(shown: impl Into<String>) -> Cell {
        let shown = shown.into();
        let value = if shown.trim().is_empty() { Value::Empty } else { Value::Text };
        Cell { shown, value, format: None }
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.value == Value::Empty
    }
}

impl Row {
    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}

impl Grid {
    /// How a message names a cell by its row's number and its column from 0: `B7` of a sheet, `7:2` (line and field) of a text.
    pub fn address(&self, row: u64, column: usize) -> String {
        match self.format {
            Format::Text { .. } => format!("{row}:{}", column + 1),
            Format::Xlsx | Format::Ods => format!("{}{row}", column_letters(column)),
        }
    }
}

/// The letters of a spreadsheet's column, from 0: A to Z, AA and on.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Opens a file and gives its cells, at most [`CELLS`] of them.
///
/// # Errors
/// [`GridError`] where the file is none of these formats, is damaged, holds no such sheet, or is larger than the limits.
pub fn read(path: &Path, options: &Options) -> Result<Grid, GridError> {
    match kind_of(path)? {
        Kind::Text => text::read(path, options),
        Kind::Xlsx => xlsx::read(path, options),
        Kind::Ods => ods::read(path, options),
    }
}

/// Whether a file is text by its content.
///
/// # Errors
/// [`GridError`] where it is nothing that is read as a grid.
pub fn is_text(path: &Path) -> Result<bool, GridError> {
    Ok(kind_of(path)? == Kind::Text)
}

/// What a file is by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Xlsx,
    Ods,
}

/// What a file is by its content, whatever its name says.
pub(crate) fn kind_of(path: &Path) -> Result<Kind, GridError> {
    match text::magic(path)?.as_slice() {
        b"PK\x03\x04" => zipped::kind(path),
        b"PK\x05\x06" => Err(GridError::Format("it is an empty zip file".into())),
        [0xd0, 0xcf, 0x11, 0xe0] => Err(GridError::Format(
            "it is an old or a protected spreadsheet; save it as .xlsx without a password".into(),
        )),
        b"PAR1" => Err(GridError::Format("it is a Parquet file".into())),
        b"%PDF" => Err(GridError::Format("it is a PDF; export the table as CSV or .xlsx".into())),
        _ => Ok(Kind::Text),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "grid/tests/books.rs"]
pub mod books;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
mod tests;
