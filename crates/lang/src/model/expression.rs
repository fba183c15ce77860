//! Conditions over rows and formulas over metrics, resolved.

use super::journey::Journey;
use super::source::Length;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An expression over the columns of one row: a condition or a value. Percentages are fractions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// A column of the source, in the file or computed.
    Column(String),
    /// A column of a joined source.
    Joined {
        /// The joined source.
        source: String,
        /// Its column.
        column: String,
    },
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A length of time.
    Length(Length),
    /// True or false.
    Bool(bool),
    /// Not.
    Not(Box<Filter>),
    /// Minus.
    Neg(Box<Filter>),
    /// An operator between two.
    Binary(RowOp, Box<Filter>, Box<Filter>),
    /// One of a list.
    In(Box<Filter>, Vec<Filter>),
    /// Without a value.
    IsNull(Box<Filter>),
    /// Like a pattern of SQL's.
    Like(Box<Filter>, String),
    /// Inside a closed range.
    Between(Box<Filter>, Box<Filter>, Box<Filter>),
    /// In a segment of the same source.
    InSegment(String),
    /// No two rows share it; in expectations only.
    IsUnique(Box<Filter>),
}

impl Filter {
    /// The expressions it is directly made of, in the order they are written.
    pub fn parts(&self) -> Vec<&Filter> {
        match self {
            Filter::Not(inner)
            | Filter::Neg(inner)
            | Filter::IsNull(inner)
            | Filter::Like(inner, _)
            | Filter::IsUnique(inner) => vec![inner],
            Filter::Binary(_, left, right) => vec![left, right],
            Filter::In(value, list) => std::iter::once(&**value).chain(list).collect(),
            Filter::Between(value, low, high) => vec![value, low, high],
            Filter::Column(_)
            | Filter::Joined { .. }
            | Filter::Number(_)
            | Filter::Text(_)
            | Filter::Date(_)
            | Filter::Length(_)
            | Filter::Bool(_)
            | Filter::InSegment(_) => Vec::new(),
        }
    }
}

/// An operator of a row expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOp {
    /// Or.
    Or,
    /// And.
    And,
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// At most.
    AtMost,
    /// More.
    More,
    /// At least.
    AtLeast,
    /// Plus.
    Add,
    /// Minus.
    Subtract,
    /// Times.
    Multiply,
    /// Over.
    Divide,
}

/// An aggregate of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// How many rows.
    Count,
    /// How many different values.
    CountDistinct(Filter),
    /// Their sum.
    Sum(Filter),
    /// Their mean.
    Mean(Filter),
    /// The smallest.
    Min(Filter),
    /// The largest.
    Max(Filter),
    /// The middle.
    Median(Filter),
    /// A percentile, 0 to 100.
    Percentile(Filter, f64),
    /// The sample standard deviation.
    StdDev(Filter),
}

/// Arithmetic over aggregates of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// A number.
    Number(f64),
    /// An aggregate.
    Aggregate(Aggregate),
    /// Minus.
    Neg(Box<Arithmetic>),
    /// Plus.
    Add(Box<Arithmetic>, Box<Arithmetic>),
    /// Minus.
    Sub(Box<Arithmetic>, Box<Arithmetic>),
    /// Times.
    Mul(Box<Arithmetic>, Box<Arithmetic>),
    /// Over; a gap where the divisor is zero.
    Div(Box<Arithmetic>, Box<Arithmetic>),
    /// A number where there is a gap.
    Coalesce(Box<Arithmetic>, f64),
}

/// Aggregates of one source's rows, by period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Query {
    /// What is computed.
    pub value: Arithmetic,
    /// From which source.
    pub source: String,
    /// Over which rows (the source's own filter and the metric's `where` included).
    pub filter: Option<Filter>,
    /// By which time column; the source's own where `None`.
    pub time: Option<String>,
}

/// A window that ends with each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// So many days, weeks, months… up to and including the period's last day.
    Trailing(u32, Grain),
    /// From the start of the month, quarter or year that holds the period's last day.
    ToDate(Grain),
    /// From the first row.
    AllTime,
}

/// What a metric is computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Aggregates of one source by period.
    Aggregate(Query),
    /// Aggregates of one source over a window that ends with each period.
    Windowed(Query, Window),
    /// The level at the end of each period.
    Stock {
        /// What is summed.
        value: Filter,
        /// From which source.
        source: String,
        /// Over which rows.
        filter: Option<Filter>,
        /// By which time column.
        time: Option<String>,
        /// The last row of each of these counts; without it, the rows of the period's last day that has any.
        per: Option<String>,
    },
    /// What somebody else computed, one row a period.
    Recorded {
        /// The column.
        column: String,
        /// In which source.
        source: String,
        /// Over which rows.
        filter: Option<Filter>,
        /// What one of its units is (`scale 1%` is 0.01).
        scale: f64,
    },
    /// Arithmetic over metrics and queries.
    Derived(Formula),
    /// What becomes of keys after they enter: conversions, funnels, retention, churn.
    Journey(Journey),
}

impl Measure {
    /// Whether it is a total over all time, which can only grow.
    pub fn only_grows(&self) -> bool {
        match self {
            Measure::Windowed(_, window) | Measure::Derived(Formula::Over(_, window)) => *window == Window::AllTime,
            _ => false,
        }
    }
}

/// Arithmetic over metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// A number.
    Number(f64),
    /// A metric.
    Metric(String),
    /// Aggregates written in place.
    Query(Query),
    /// A funnel as far as one of its steps.
    Journey(Box<Journey>),
    /// The values before a declared change, in `restate` only.
    Before,
    /// The formula so much earlier.
    Ago(Box<Formula>, Length),
    /// The metric over part of its rows.
    Where(String, Filter),
    /// The metric over a window.
    Over(Box<Formula>, Window),
    /// Minus.
    Neg(Box<Formula>),
    /// Plus.
    Add(Box<Formula>, Box<Formula>),
    /// Minus.
    Sub(Box<Formula>, Box<Formula>),
    /// Times.
    Mul(Box<Formula>, Box<Formula>),
    /// Over; a gap where the divisor is zero.
    Div(Box<Formula>, Box<Formula>),
    /// A number where there is a gap.
    Coalesce(Box<Formula>, f64),
}
