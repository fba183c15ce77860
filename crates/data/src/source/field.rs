//! One cell on its way into a column, and what the source says about how cells are written.

use super::dates::DateReader;
use crate::grid::{Cell, Clock, Value};
use chrono::NaiveDateTime;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::{Export, NumberStyle};
use std::collections::BTreeMap;

/// What stands in a cell.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    /// Text, read as the source says its numbers and dates are written.
    Text(&'a [u8]),
    /// A number that its format keeps as one, in plain digits.
    Plain(&'a [u8]),
    /// A day, or a moment, that its format keeps as one.
    Date(NaiveDateTime, Clock),
    /// A period that the layout of a table names.
    Period(Period),
    /// Nothing.
    Empty,
}

/// How the cells of a source are written.
pub struct Manner {
    /// Its dates.
    pub dates: DateReader,
    /// Whether it declares how dates are written.
    pub declared: bool,
    /// Its numbers.
    pub style: Option<NumberStyle>,
    /// What stands for no value, in small letters.
    pub blanks: Vec<String>,
    /// The workspace's currency.
    pub home: String,
    /// What one of each currency is worth in it; none where amounts are of one currency.
    pub rates: BTreeMap<String, f64>,
}

impl Manner {
    /// What a source declares.
    pub fn new(dates: DateReader, declared: bool, export: &Export, home: &str) -> Manner {
        let mut rates = export.money.as_ref().map(|money| money.rates.clone()).unwrap_or_default();
        if !rates.is_empty() {
            rates.entry(home.to_owned()).or_insert(1.0);
        }
        Manner {
            dates,
            declared,
            style: export.numbers,
            blanks: export.blanks.iter().map(|blank| blank.trim().to_lowercase()).collect(),
            home: home.to_owned(),
            rates,
        }
    }

    /// Whether a text stands for no value.
    pub fn is_blank(&self, text: &[u8]) -> bool {
        text.is_empty()
            || !self.blanks.is_empty()
                && std::str::from_utf8(text)
                    .is_ok_and(|text| self.blanks.iter().any(|blank| *blank == text.trim().to_lowercase()))
    }
}

/// A cell of a sheet as a field; `digits` keeps a number's digits.
pub fn field_of<'a>(cell: &'a Cell, digits: &'a mut String) -> Field<'a> {
    match &cell.value {
        Value::Empty => Field::Empty,
        Value::Number(number) => {
            *digits = crate::grid::plain(*number);
            Field::Plain(digits.as_bytes())
        }
        Value::Date(date, clock) => Field::Date(*date, *clock),
        Value::Text | Value::Bool(_) | Value::Error => Field::Text(cell.shown.as_bytes()),
    }
}
