//! Results as CSV that a spreadsheet opens cleanly: a byte order mark, the separators of the reader's country, and no text that
//! the spreadsheet would take for a formula.

use crate::args::Csv;
use crate::error::Failure;
use crate::output::Output;
use chrono::NaiveDate;
use std::str::FromStr;

/// A table of values.
#[derive(Clone, Debug)]
pub struct Sheet {
    heading: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, in the metric's unit; a share or a chance as a fraction.
    Number(f64),
    /// A day.
    Day(NaiveDate),
    /// Nothing known.
    Empty,
}

/// How a country writes tables of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between cells.
    separator: u8,
    /// Before the decimals.
    decimal: char,
}

impl Sheet {
    /// A table with its columns' names.
    pub fn new(heading: &[&'static str]) -> Sheet {
        Sheet { heading: heading.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints it as the options say.
    pub fn print(&self, options: &Csv, output: &Output) -> Result<(), Failure> {
        let bytes = self.bytes(options.locale).map_err(|error| Failure::engine(error.to_string()))?;
        output.bytes(&bytes);
        Ok(())
    }

    fn bytes(&self, locale: Locale) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(locale.separator)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            // Spreadsheets take what begins with this mark for UTF-8; without it umlauts are lost.
            .from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(&self.heading)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| cell.written(locale)))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

impl Cell {
    /// Words that may be unknown.
    pub fn words(text: Option<impl Into<String>>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
    }

    /// A number that may be unknown.
    pub fn known(value: Option<f64>) -> Cell {
        value.filter(|value| value.is_finite()).map_or(Cell::Empty, Cell::Number)
    }

    fn written(&self, locale: Locale) -> String {
        match self {
            Cell::Text(text) => harmless(text),
            Cell::Number(value) if !value.is_finite() => String::new(),
            Cell::Number(value) => value.to_string().replace('.', &locale.decimal.to_string()),
            Cell::Day(day) => day.to_string(),
            Cell::Empty => String::new(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

/// A text that no spreadsheet computes: those that would begin a formula get an apostrophe before them.
fn harmless(text: &str) -> String {
    let dangerous = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    if dangerous { format!("'{text}") } else { text.to_owned() }
}

/// Languages whose countries write 1,234.5 and part cells with commas.
const POINT: [&str; 15] = ["ar", "bn", "cy", "en", "ga", "he", "hi", "ja", "ko", "ms", "mt", "ta", "th", "ur", "zh"];
/// Languages whose countries write 1.234,5 or 1 234,5 and part cells with semicolons.
const COMMA: [&str; 40] = [
    "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "id", "is",
    "it", "ka", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv",
    "tr", "uk",
];
/// Countries that write otherwise than their language does elsewhere.
const OTHERWISE: [(&str, Locale); 10] = [
    ("de-ch", Locale { separator: b';', decimal: '.' }),
    ("de-li", Locale { separator: b';', decimal: '.' }),
    ("it-ch", Locale { separator: b';', decimal: '.' }),
    ("fr-ch", Locale { separator: b';', decimal: '.' }),
    ("en-za", Locale { separator: b';', decimal: ',' }),
    ("es-mx", Locale { separator: b',', decimal: '.' }),
    ("es-us", Locale { separator: b',', decimal: '.' }),
    ("es-gt", Locale { separator: b',', decimal: '.' }),
    ("es-pe", Locale { separator: b',', decimal: '.' }),
    ("es-do", Locale { separator: b',', decimal: '.' }),
];

impl FromStr for Locale {
    type Err = String;

    /// A language, or a language and a country: `de`, `de-CH`, `en_GB`.
    fn from_str(text: &str) -> Result<Locale, String> {
        let name = text.trim().to_lowercase().replace('_', "-");
        let language = name.split(['-', '.']).next().unwrap_or_default();
        if let Some((_, locale)) = OTHERWISE.iter().find(|(country, _)| name.starts_with(country)) {
            return Ok(*locale);
        }
        if POINT.contains(&language) {
            Ok(Locale { separator: b',', decimal: '.' })
        } else if COMMA.contains(&language) {
            Ok(Locale { separator: b';', decimal: ',' })
        } else {
            Err("write a language, or a language and a country: en, de, fr-FR, pt-BR, de-CH".to_owned())
        }
    }
}
