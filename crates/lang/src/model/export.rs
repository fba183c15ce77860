//! How the files of a source are written: their layout, numbers, blanks and money.

use super::source::Length;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the files of a source are to be read, where that is not plain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Export {
    /// What its rows and columns stand for.
    #[serde(skip_serializing_if = "Layout::is_long")]
    pub layout: Layout,
    /// The sheet of a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row, from 1, that names the columns; the first that holds anything where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<u32>,
    /// How numbers are written; digits with a point where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberStyle>,
    /// Texts that stand for no value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<String>,
    /// What separates fields of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    /// How text is encoded, by a name browsers know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How many rows that cannot be read may be left out.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// Money in several currencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// When a period's rows have all arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives: Option<Arrival>,
    /// The first and last day it covers, where its rows do not show that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<(NaiveDate, NaiveDate)>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What the rows and columns of a table stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A row for each thing that happened, or each day.
    #[default]
    Long,
    /// A row for each period, a column for each metric.
    Wide,
    /// A column for each period, a row for each metric.
    Across,
}

impl Layout {
    /// Whether it is the plain layout.
    pub fn is_long(&self) -> bool {
        *self == Layout::Long
    }
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberStyle {
    /// What stands between groups of digits; `' '` is any blank, `'\''` any apostrophe.
    pub group: Option<char>,
    /// What stands before the decimals.
    pub decimal: char,
    /// Whether groups after the last three digits are of two, as in `12,34,567`.
    pub pairs: bool,
}

/// Amounts of several currencies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// The column that names each row's currency; without it, signs beside the amounts do.
    pub column: Option<String>,
    /// The columns that hold amounts.
    pub amounts: Vec<String>,
    /// What one of each currency is worth in the workspace's.
    pub rates: BTreeMap<String, f64>,
}

/// When a period's rows have all arrived: so long after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// How long after.
    pub after: Length,
    /// The end of which period.
    pub of: Grain,
}
