//! Office Open XML workbooks, cell by cell.

use super::shown::{clock_of, date_cell, number_cell};
use super::zipped::{damaged, weigh};
use super::{CELLS, Cell, Format, Grid, GridError, Options, Row, Sheet, Value};
use crate::source::files::open;
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::collections::BTreeMap;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Columns of a sheet: what lies outside is no cell.
const COLUMNS: u32 = 16_384;

/// Reads one sheet of a workbook.
pub fn read(path: &Path, options: &Options) -> Result<Grid, GridError> {
    weigh(path)?;
    // The parser is another's: a file that makes it stumble is a damaged file.
    catch_unwind(AssertUnwindSafe(|| read_sheet(path, options))).unwrap_or_else(|_| Err(damaged()))
}

fn read_sheet(path: &Path, options: &Options) -> Result<Grid, GridError> {
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(open(path)?)).map_err(|_| damaged())?;
    let sheets: Vec<Sheet> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Sheet { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
        .collect();
    let sheet = super::ods::chosen(&sheets, options)?;
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(|_| damaged())?;
    let formats: Vec<Option<String>> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    let (mut rows, mut cells, mut more) = (BTreeMap::<u32, Vec<Cell>>::new(), 0usize, false);
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let read = cell_of(cell.get_value(), formats.get(style).and_then(Option::as_deref));
        if read.is_empty() || column >= COLUMNS {
            continue;
        }
        let full = options.rows.is_some_and(|most| rows.len() >= most);
        if full && !rows.contains_key(&row) {
            more = true;
            // Rows come in order in what spreadsheets write; one that does not is still read whole.
            break;
        }
        let filled = rows.entry(row).or_default();
        let column = column as usize;
        if filled.len() <= column {
            cells += column + 1 - filled.len();
            if cells > CELLS {
                return Err(GridError::cells(CELLS));
            }
            filled.resize_with(column + 1, Cell::default);
        }
        if let Some(place) = filled.get_mut(column) {
            *place = read;
        }
    }
    let rows = rows.into_iter().map(|(row, cells)| Row { number: u64::from(row) + 1, cells }).collect();
    Ok(Grid { format: Format::Xlsx, sheets, sheet: Some(sheet), rows, more })
}

fn cell_of(value: &DataRef<'_>, format: Option<&str>) -> Cell {
    match value {
        DataRef::Empty => Cell::default(),
        DataRef::Int(number) => number_cell(*number as f64, format),
        DataRef::Float(number) => number_cell(*number, format),
        DataRef::String(text) => Cell::text(text.as_str()),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::Bool(yes) => {
            Cell { shown: if *yes { "TRUE" } else { "FALSE" }.into(), value: Value::Bool(*yes), format: None }
        }
        DataRef::DateTime(date) => date_of(date, format),
        DataRef::DateTimeIso(text) => super::ods::iso_date(text, format),
        DataRef::DurationIso(text) => Cell::text(text.as_str()),
        DataRef::Error(error) => Cell { shown: error.to_string(), value: Value::Error, format: None },
    }
}

fn date_of(date: &ExcelDateTime, format: Option<&str>) -> Cell {
    match date.as_datetime().filter(|_| date.is_datetime()) {
        Some(found) => date_cell(found, clock_of(found), format),
        // A length of time is neither a date nor a number anybody would add up unawares.
        None => Cell::text(format!("{} days", super::shown::plain(date.as_f64()))),
    }
}
