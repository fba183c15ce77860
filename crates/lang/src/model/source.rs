//! Sources, segments, markets and events, resolved.

use super::export::Export;
use super::expression::Filter;
use super::metric::{Allow, Definition, Estimate};
use super::{Place, Unit};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where rows come from and what their columns mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Where its rows are.
    pub origin: Origin,
    /// The column that says when a row happened.
    pub time: Option<String>,
    /// How its dates are written, in the words of the language (`dd/mm/yyyy`); ISO 8601 where `None`.
    pub dates: Option<String>,
    /// How its files are written, where that is not plain.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub export: Export,
    /// The column that tells rows apart.
    pub key: Option<String>,
    /// Other sources reached through their key.
    pub joins: Vec<Join>,
    /// Which rows count at all.
    pub filter: Option<Filter>,
    /// Computed columns, in the order they may use each other.
    pub columns: Vec<Column>,
    /// How old its newest row may be.
    pub fresh: Option<Length>,
    /// What holds for every row.
    pub expects: Vec<Expectation>,
    /// Declared changes.
    pub changes: Vec<super::metric::Outdated>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// Where it is declared.
    pub place: Place,
}

fn is_plain(export: &Export) -> bool {
    *export == Export::default()
}

/// Where a source's rows are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A path or glob, relative to the workspace.
    Files(String),
    /// A table of a connection.
    Table {
        /// The connection.
        connection: String,
        /// The table.
        table: String,
    },
}

/// `join: customers on customer_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Join {
    /// The other source.
    pub source: String,
    /// The column here that holds the other's key.
    pub on: String,
}

/// A computed column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// What it computes.
    pub value: Filter,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// As written, for messages.
    pub text: String,
    /// The condition, true for every row.
    pub condition: Filter,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// Minutes.
    Minutes(u32),
    /// So many of a grain.
    Grains(u32, Grain),
}

impl Length {
    /// About how many days (a month counts 30.4375, a year 365.25).
    pub fn days(self) -> f64 {
        match self {
            Length::Minutes(minutes) => f64::from(minutes) / 1440.0,
            Length::Grains(count, grain) => {
                let one = match grain {
                    Grain::Day => 1.0,
                    Grain::Week => 7.0,
                    Grain::Month => 30.4375,
                    Grain::Quarter => 91.3125,
                    Grain::Half => 182.625,
                    Grain::Year => 365.25,
                };
                f64::from(count) * one
            }
        }
    }
}

/// A named part of a source's rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Of which source.
    pub source: String,
    /// Which rows.
    pub filter: Filter,
    /// Where it is declared.
    pub place: Place,
}

/// A market, nested: tam ≥ sam ≥ som.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Market {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// What it counts.
    pub unit: Unit,
    /// Total addressable market.
    pub tam: MarketSize,
    /// Serviceable part.
    pub sam: Option<MarketSize>,
    /// Obtainable part.
    pub som: Option<MarketSize>,
    /// Who says so.
    pub source: Option<String>,
    /// The last day of when it was so.
    pub date: Option<NaiveDate>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// Its definition's revision and place.
    pub definition: Definition,
}

/// One tier of a market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarketSize {
    /// How large.
    pub size: Estimate,
    /// By when, for the obtainable part.
    pub by: Option<Period>,
}

/// Something that happens on known days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// First and last day of each occurrence.
    pub days: Vec<(NaiveDate, NaiveDate)>,
    /// The metrics it moves; every metric where empty.
    pub affects: Vec<String>,
    /// Where it is declared.
    pub place: Place,
}
