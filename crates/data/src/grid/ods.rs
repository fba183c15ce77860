//! OpenDocument spreadsheets: `content.xml` read as it streams, with what a person sees of each cell and the value behind it.

use super::shown::{clock_of, date_cell};
use super::zipped::{EXPANDED, archive, damaged, too_large, weigh};
use super::{CELLS, Cell, Format, Grid, GridError, Options, Row, Sheet, Value};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::Path;

/// Columns of a sheet: what lies outside is no cell.
const COLUMNS: usize = 16_384;

/// Reads one sheet.
pub fn read(path: &Path, options: &Options) -> Result<Grid, GridError> {
    weigh(path)?;
    let (sheets, hidden_styles) = sheets_of(path)?;
    let sheets: Vec<Sheet> = sheets
        .into_iter()
        .map(|(name, style)| Sheet { name, hidden: style.is_some_and(|style| hidden_styles.contains(&style)) })
        .collect();
    let sheet = chosen(&sheets, options)?;
    let mut content = Content::open(path)?;
    let (rows, more) = content.rows(&sheet, options.rows)?;
    Ok(Grid { format: Format::Ods, sheets, sheet: Some(sheet), rows, more })
}

/// The sheet asked for, or the first that is not hidden.
pub fn chosen(sheets: &[Sheet], options: &Options) -> Result<String, GridError> {
    let names = || sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<String>>();
    match &options.sheet {
        Some(wanted) if sheets.iter().any(|sheet| sheet.name == *wanted) => Ok(wanted.clone()),
        Some(wanted) => Err(GridError::NoSheet { wanted: wanted.clone(), sheets: names() }),
        None => sheets
            .iter()
            .find(|sheet| !sheet.hidden)
            .or(sheets.first())
            .map(|sheet| sheet.name.clone())
            .ok_or_else(|| GridError::Format("it has no sheet".into())),
    }
}

/// A date as ISO 8601 writes it, as a cell; a text that is none stays a text.
pub fn iso_date(text: &str, format: Option<&str>) -> Cell {
    let day = |text: &str| text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN));
    let moment = |text: &str| text.trim_end_matches('Z').parse::<NaiveDateTime>().ok();
    match day(text).or_else(|| moment(text)) {
        Some(date) => date_cell(date, clock_of(date), format),
        None => Cell::text(text),
    }
}

type SheetStyles = (Vec<(String, Option<String>)>, BTreeSet<String>);

/// Names of all sheets with their styles, and the styles that hide a sheet.
fn sheets_of(path: &Path) -> Result<SheetStyles, GridError> {
    let mut content = Content::open(path)?;
    let (mut sheets, mut hidden, mut style) = (Vec::new(), BTreeSet::new(), None);
    loop {
        match content.next()? {
            Piece::Start(tag) if tag.name == "style:style" => style = tag.value("style:name"),
            Piece::Start(tag)
                if tag.name == "style:table-properties" && tag.value("table:display").as_deref() == Some("false") =>
            {
                hidden.extend(style.clone());
            }
            Piece::Start(tag) if tag.name == "table:table" => {
                sheets.push((tag.value("table:name").unwrap_or_default(), tag.value("table:style-name")));
            }
            Piece::End => return Ok((sheets, hidden)),
            _ => {}
        }
    }
}

/// `content.xml` as it streams.
struct Content {
    reader: Reader<Cursor<Vec<u8>>>,
    buffer: Vec<u8>,
}

/// A piece of the document, as far as it matters.
enum Piece {
    Start(Tag),
    Close(String),
    Text(String),
    Other,
    End,
}

/// A tag with its attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn of(start: &BytesStart<'_>) -> Result<Tag, GridError> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| damaged())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| damaged())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Tag { name: start.name().as_ref().to_owned(), attributes })
    }

    fn value(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn repeats(&self, name: &str) -> usize {
        self.value(name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
    }
}

impl Content {
    fn open(path: &Path) -> Result<Content, GridError> {
        let mut archive = archive(path)?;
        let part = archive.by_name("content.xml").map_err(|_| damaged())?;
        let mut bytes = Vec::new();
        part.take(EXPANDED + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.len() as u64 > EXPANDED {
            return Err(too_large());
        }
        let mut reader = Reader::from_reader(Cursor::new(bytes));
        reader.config_mut().expand_empty_elements = true;
        Ok(Content { reader, buffer: Vec::new() })
    }

    fn next(&mut self) -> Result<Piece, GridError> {
        self.buffer.clear();
        Ok(match self.reader.read_event_into(&mut self.buffer).map_err(|_| damaged())? {
            Event::Start(start) => Piece::Start(Tag::of(&start)?),
            Event::End(end) => Piece::Close(end.name().as_ref().to_owned()),
            Event::Text(text) => Piece::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned()),
            Event::CData(text) => Piece::Text(text.xml_content(XmlVersion::Implicit1_0).into_owned()),
            Event::GeneralRef(reference) => Piece::Text(resolved(&reference)),
            Event::Eof => Piece::End,
            _ => Piece::Other,
        })
    }

    /// The rows of a sheet.
    fn rows(&mut self, sheet: &str, most: Option<usize>) -> Result<(Vec<Row>, bool), GridError> {
        loop {
            match self.next()? {
                Piece::Start(tag) if tag.name == "table:table" && tag.value("table:name").as_deref() == Some(sheet) => {
                    break;
                }
                Piece::End => return Err(damaged()),
                _ => {}
            }
        }
        let (mut rows, mut number, mut cells) = (Vec::new(), 1u64, 0usize);
        loop {
            match self.next()? {
                Piece::Start(tag) if tag.name == "table:table-row" => {
                    let repeats = tag.repeats("table:number-rows-repeated");
                    let row = self.row()?;
                    if !row.is_empty() {
                        for repeat in 0..repeats {
                            if most.is_some_and(|most| rows.len() >= most) {
                                return Ok((rows, true));
                            }
                            cells += row.len();
                            if cells > CELLS {
                                return Err(GridError::cells(CELLS));
                            }
                            rows.push(Row { number: number + repeat as u64, cells: row.clone() });
                        }
                    }
                    number += repeats as u64;
                }
                Piece::Close(name) if name == "table:table" => return Ok((rows, false)),
                Piece::End => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// The cells of a row up to the last that is filled.
    fn row(&mut self) -> Result<Vec<Cell>, GridError> {
        let (mut cells, mut blank) = (Vec::new(), 0usize);
        loop {
            match self.next()? {
                Piece::Start(tag) if matches!(tag.name.as_str(), "table:table-cell" | "table:covered-table-cell") => {
                    let repeats = tag.repeats("table:number-columns-repeated");
                    let cell = self.cell(&tag)?;
                    if cell.is_empty() {
                        blank = blank.saturating_add(repeats);
                        continue;
                    }
                    let length = cells.len().saturating_add(blank).saturating_add(repeats);
                    if length > COLUMNS {
                        return Err(GridError::Format(format!("it has a row of more than {COLUMNS} cells")));
                    }
                    cells.resize_with(cells.len() + blank, Cell::default);
                    cells.resize(cells.len() + repeats, cell);
                    blank = 0;
                }
                Piece::Close(name) if name == "table:table-row" => return Ok(cells),
                Piece::End => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// One cell: its paragraphs are what a person sees; notes beside it are not.
    fn cell(&mut self, tag: &Tag) -> Result<Cell, GridError> {
        let (mut shown, mut notes, mut paragraph, mut paragraphs) = (String::new(), 0usize, 0usize, 0usize);
        loop {
            match self.next()? {
                Piece::Start(inner) => match inner.name.as_str() {
                    "office:annotation" => notes += 1,
                    "text:p" if notes == 0 => {
                        if paragraphs > 0 {
                            shown.push('\n');
                        }
                        paragraphs += 1;
                        paragraph += 1;
                    }
                    "text:s" if notes == 0 => (0..inner.repeats("text:c").min(1000)).for_each(|_| shown.push(' ')),
                    "text:tab" if notes == 0 => shown.push('\t'),
                    _ => {}
                },
                Piece::Text(text) if notes == 0 && paragraph > 0 => shown.push_str(&text),
                Piece::Close(name) => match name.as_str() {
                    "office:annotation" => notes = notes.saturating_sub(1),
                    "text:p" if notes == 0 => paragraph = paragraph.saturating_sub(1),
                    "table:table-cell" | "table:covered-table-cell" => return Ok(cell_of(tag, shown)),
                    _ => {}
                },
                Piece::End => return Err(damaged()),
                _ => {}
            }
        }
    }
}

/// What `&amp;`, `&#8364;` and the like stand for.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = reference.xml_content(XmlVersion::Implicit1_0);
    match name.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}

fn cell_of(tag: &Tag, shown: String) -> Cell {
    let number =
        || tag.value("office:value").and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite());
    let of = |value: Value, format: Option<String>| Cell { shown: shown.clone(), value, format };
    // An error is kept as a text, or as a number of nothing.
    if ["#", "Err:"].iter().any(|mark| shown.starts_with(mark))
        && shown.len() < 12
        && tag.value("table:formula").is_some()
    {
        return of(Value::Error, None);
    }
    match tag.value("office:value-type").as_deref() {
        Some("float") => number().map_or_else(|| Cell::text(shown.clone()), |value| of(Value::Number(value), None)),
        Some("percentage") => {
            number().map_or_else(|| Cell::text(shown.clone()), |value| of(Value::Number(value), Some("0%".into())))
        }
        Some("currency") => {
            let currency = tag.value("office:currency").unwrap_or_default();
            let format = Some(format!("[${currency}] #,##0.00"));
            number().map_or_else(|| Cell::text(shown.clone()), |value| of(Value::Number(value), format))
        }
        Some("boolean") => of(Value::Bool(tag.value("office:boolean-value").as_deref() == Some("true")), None),
        Some("date") => match tag.value("office:date-value") {
            Some(date) => Cell { format: Some(shown.clone()), ..iso_date(&date, None) },
            None => Cell::text(shown.clone()),
        },
        _ => Cell::text(shown.clone()),
    }
}
