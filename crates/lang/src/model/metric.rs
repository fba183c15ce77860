//! Metrics, resolved.

use super::expression::{Formula, Measure};
use super::{Filter, Length, Place, Unit};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// Why anybody should care.
    pub why: Option<String>,
    /// `north star`, `input`, `guardrail`, `health`.
    pub role: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it counts.
    pub unit: Unit,
    /// Which way is better.
    pub better: Option<Better>,
    /// How long one of its periods is.
    pub grain: Grain,
    /// What a quarter's number is, defaults filled in.
    pub reads: Reads,
    /// How it is computed.
    pub measure: Measure,
    /// What it is made of, exactly, besides its measure.
    pub equals: Option<Formula>,
    /// What it is believed to move.
    pub drives: Vec<Drives>,
    /// What must not suffer when it is pushed.
    pub guards: Vec<Guard>,
    /// Its stage in the funnel.
    pub stage: Option<String>,
    /// Its HEART category.
    pub heart: Option<String>,
    /// The goal behind it.
    pub goal: Option<String>,
    /// The signal of the goal.
    pub signal: Option<String>,
    /// Its facet of quality.
    pub facet: Option<String>,
    /// The market that limits it.
    pub market: Option<MarketLink>,
    /// What one of its units is worth, in the workspace's currency.
    pub worth: Option<Estimate>,
    /// Columns it is cut by.
    pub slices: Vec<Filter>,
    /// Others to compare with.
    pub benchmarks: Vec<Benchmark>,
    /// Declared changes.
    pub changes: Vec<Outdated>,
    /// Golden values.
    pub tests: Vec<MetricTest>,
    /// The range values lie in, what the unit implies filled in.
    pub bounds: (Option<f64>, Option<f64>),
    /// Percentiles (0 to 1) outside which rows' values are pulled in.
    pub clip: Option<(f64, f64)>,
    /// What a period without rows is.
    pub empty: Empty,
    /// The column that holds how many were asked.
    pub sample: Option<String>,
    /// `draft` or `certified`.
    pub status: Option<String>,
    /// What somebody vouches for, in the order written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attested: Vec<Attested>,
    /// That it goes: why, what replaces it, until when.
    pub deprecated: Option<(String, Option<String>, Option<NaiveDate>)>,
    /// What it stands in for, until when.
    pub proxy: Option<(String, Option<NaiveDate>)>,
    /// Names it had before.
    pub was: Vec<String>,
    /// Other words for it.
    pub also: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// How its numbers are written.
    pub format: Option<String>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// Its revision and place.
    pub definition: Definition,
}

/// What a definition is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Definition {
    /// A hash of its meaning and that of all it depends on: 12 hexadecimal digits.
    pub revision: String,
    /// Where it is declared.
    pub place: Place,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Inside a closed range.
    Between(f64, f64),
}

/// What a quarter's number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reads {
    /// The sum over the quarter.
    Total,
    /// The average of the quarter's weeks or months.
    Average(Grain),
    /// The last value.
    Last,
    /// The average of the last so many.
    AverageOfLast(u32, Grain),
    /// Computed over the whole quarter.
    Whole,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// What a period without rows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Empty {
    /// Zero, inside the source's coverage.
    Zero,
    /// Unknown.
    Gap,
}

/// A quantity known as a range: a point, or two ends that enclose it with a chance, and a middle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Lower end.
    pub low: f64,
    /// The median.
    pub mid: f64,
    /// Upper end.
    pub high: f64,
    /// The chance that `low` to `high` encloses it: 0.8 unless said.
    pub level: f64,
    /// Whether it was given as `A to B` alone: the middle is then the distribution's own (geometric for amounts).
    pub from_range: bool,
}

impl Estimate {
    /// A quantity that is known.
    pub fn point(value: f64) -> Estimate {
        Estimate { low: value, mid: value, high: value, level: 0.8, from_range: false }
    }

    /// Whether it is known exactly.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }
}

/// A change of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// How `size` acts.
    pub kind: ChangeKind,
    /// How much: a fraction for `Relative` (0.02 is 2 %) and `Points` (0.01 is 1 pp), else in the metric's unit.
    pub size: Estimate,
}

/// How a change acts on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Adds to a share.
    Points,
    /// Multiplies by one plus.
    Relative,
    /// Adds an amount.
    Amount,
}

/// A believed influence on another metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drives {
    /// What is driven.
    pub metric: String,
    /// How much later.
    pub lag: Option<Length>,
    /// A change of this metric (second) gives the driven one a change (first).
    pub slope: Option<(Change, Change)>,
}

/// What must not suffer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Guard {
    /// The metric watched.
    pub metric: String,
    /// Where it sounds; `None` sounds at its alarms alone.
    pub limit: Option<GuardLimit>,
    /// False alarms a year it may give.
    pub alarms: f64,
    /// Where it is declared.
    pub place: Place,
}

/// Where a guard sounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuardLimit {
    /// Above this.
    AtMost(f64),
    /// Below this.
    AtLeast(f64),
    /// Above (`at_most`) or below a base moved by a change, which is negative for `below`.
    Against {
        /// Whether the limit is an upper one.
        at_most: bool,
        /// The change of the base.
        change: Change,
        /// The base.
        base: Base,
    },
}

/// What a guard compares with.
pub use crate::syntax::value::GuardBase as Base;

/// The market of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarketLink {
    /// Which.
    pub market: String,
    /// How much of the metric one of the market's units gives.
    pub per: f64,
}

/// Another to compare with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Benchmark {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// Where it stands, in the metric's unit.
    pub value: f64,
    /// Who says so.
    pub source: Option<String>,
    /// The last day of when it was so.
    pub date: Option<NaiveDate>,
    /// Where it is declared.
    pub place: Place,
}

/// A declared change: values before the day mean something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outdated {
    /// The first day after the change.
    pub on: NaiveDate,
    /// What changed.
    pub why: String,
    /// What earlier values would be, of [`Formula::Before`]; `None` leaves the shift to be estimated.
    pub restate: Option<Formula>,
}

/// A golden value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricTest {
    /// What it shows.
    pub label: String,
    /// The period.
    pub at: Period,
    /// Its value.
    pub is: f64,
    /// How far off it may be, as a fraction of the value; 0 for exact.
    pub within: f64,
    /// Where it is declared.
    pub place: Place,
}

/// A point of the north star's check that somebody vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attested {
    /// Which point, one of [`NORTH_STAR`](crate::keys::NORTH_STAR).
    pub point: String,
    /// Who.
    pub by: String,
    /// Since when.
    pub on: NaiveDate,
}

/// A lint allowed in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allow {
    /// Its code.
    pub code: String,
    /// Why.
    pub why: Option<String>,
}
