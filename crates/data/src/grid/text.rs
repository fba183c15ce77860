//! Delimited text, plain or gzip, row by row in bounded memory.

use super::encoding::Decoder;
use super::separator::{Whole, declared, separator_of};
use super::{CELLS, Cell, Format, Grid, GridError, Options, Row};
use crate::source::files::open;
use csv::{ByteRecord, ReaderBuilder};
use flate2::read::MultiGzDecoder;
use std::cell::RefCell;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

/// Bytes in which the separator is looked for.
const SAMPLE: u64 = 1 << 16;
/// Bytes a row may have.
const ROW_BYTES: u64 = 64 << 20;
/// Lines a quoted field may have.
const QUOTED_LINES: u64 = 1000;

type Shared = Rc<RefCell<Decoder<Box<dyn Read>>>>;

/// The rows of a text, one after the other.
pub struct TextRows {
    decoder: Shared,
    reader: csv::Reader<std::io::Chain<Cursor<Vec<u8>>, SharedReader>>,
    separator: u8,
    packed: bool,
    /// The line after the last row.
    next_line: u64,
}

/// A decoder that its owner asks for its encoding while it is read.
struct SharedReader(Shared);

impl Read for SharedReader {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.0.try_borrow_mut() {
            Ok(mut decoder) => decoder.read(into),
            Err(_) => Err(std::io::Error::other("the text is being read")),
        }
    }
}

impl TextRows {
    /// Opens a text file, unpacking it where it is gzip by its content, whatever its name says.
    pub fn open(path: &Path, options: &Options) -> Result<TextRows, GridError> {
        let packed = magic(path)?.starts_with(&[0x1f, 0x8b]);
        let file = BufReader::with_capacity(1 << 16, open(path)?);
        let bytes: Box<dyn Read> = if packed {
            Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        let decoder = Decoder::new(bytes, options.encoding.as_deref(), ROW_BYTES)?;
        TextRows::of(decoder, options, packed)
    }

    fn of(mut decoder: Decoder<Box<dyn Read>>, options: &Options, packed: bool) -> Result<TextRows, GridError> {
        let mut sample = Vec::new();
        decoder.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
        let whole = if (sample.len() as u64) < SAMPLE { Whole::Text } else { Whole::Piece };
        let separator = match options.separator {
            Some(separator) => u8::try_from(separator).map_err(|_| {
                GridError::Format(format!("`{separator}` cannot separate fields; write \",\", \";\", \"|\" or a tab"))
            })?,
            None => separator_of(&sample, whole),
        };
        if declared(&sample).is_some() {
            // The line is for programs; it stays a line, so that the numbers of those after it are right.
            let end = sample.iter().position(|byte| *byte == b'\n').unwrap_or(sample.len());
            sample.drain(..end);
        }
        let decoder = Rc::new(RefCell::new(decoder));
        let reader = ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(Cursor::new(sample).chain(SharedReader(decoder.clone())));
        Ok(TextRows { decoder, reader, separator, packed, next_line: 1 })
    }

    /// Reads the next row into `record` and gives its line, from 1; `None` after the last one. Blank lines are no rows.
    pub fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, GridError> {
        let more = self.reader.read_byte_record(record).map_err(csv_error)?;
        if !more {
            return Ok(None);
        }
        if let Ok(mut decoder) = self.decoder.try_borrow_mut() {
            decoder.record_ended();
        }
        // Where a row begins is told from where it ends: blank lines before it count as lines.
        let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let after = self.reader.position().line();
        let line = after.saturating_sub(inside + 1).max(self.next_line);
        self.next_line = after;
        // A quote that is never closed would swallow all rows after it.
        if inside > QUOTED_LINES {
            let reason = format!("line {line} opens a quote that is not closed within {QUOTED_LINES} lines");
            return Err(GridError::Format(reason));
        }
        Ok(Some(line))
    }

    /// What the text turned out to be, as far as it was read.
    pub fn format(&self) -> Format {
        let encoding = self.decoder.try_borrow().map_or("UTF-8", |decoder| decoder.encoding());
        Format::Text { separator: char::from(self.separator), encoding, packed: self.packed }
    }
}

/// The first four bytes of a file.
pub fn magic(path: &Path) -> Result<Vec<u8>, GridError> {
    if path.is_dir() {
        return Err(GridError::Io("it is a folder; name a file, or write `/*.csv` after it".into()));
    }
    let mut magic = Vec::new();
    open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(magic)
}

/// Reads a text file.
pub fn read(path: &Path, options: &Options) -> Result<Grid, GridError> {
    let mut rows = TextRows::open(path, options)?;
    let (mut found, mut cells, mut more) = (Vec::new(), 0usize, false);
    let mut record = ByteRecord::new();
    while let Some(number) = rows.next(&mut record)? {
        if options.rows.is_some_and(|most| found.len() >= most) {
            more = true;
            break;
        }
        let row = row_of(number, &record);
        if row.is_empty() {
            continue;
        }
        cells += row.cells.len();
        if cells > CELLS {
            return Err(GridError::cells(CELLS));
        }
        found.push(row);
    }
    Ok(Grid { format: rows.format(), sheets: Vec::new(), sheet: None, rows: found, more })
}

fn row_of(number: u64, record: &ByteRecord) -> Row {
    let mut cells: Vec<Cell> = record.iter().map(|field| Cell::text(String::from_utf8_lossy(field))).collect();
    let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    cells.truncate(filled);
    Row { number, cells }
}

fn csv_error(error: csv::Error) -> GridError {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => GridError::from(error),
        _ => GridError::Format(text),
    }
}
