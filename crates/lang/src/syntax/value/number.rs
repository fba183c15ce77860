//! Numbers and what is made of them: durations, days, units, amounts, ranges, changes.

use crate::{Span, Spanned};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Its value with `k` and `M` applied, percent and points not: `5%` is 5, `1.5pp` is 1.5, `10k` is 10,000, `2/3` is 0.666….
    pub value: f64,
    /// `%`, `pp` or nothing.
    pub suffix: Suffix,
}

/// What follows a number without a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing, `k` or `M`.
    None,
    /// `%`.
    Percent,
    /// `pp`.
    Points,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what; hours are only for sources' freshness and conversions.
    pub unit: TimeUnit,
}

/// What a duration counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days, weeks, months, quarters, halves or years.
    Grain(Grain),
}

/// A day or a period, meaning the period's last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// Through the last day of a period.
    Period(Period),
}

/// A unit as its words: what stands over and under `per`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitWords {
    /// The words, `per` between them: `orders per household` is `["orders", "household"]`.
    pub parts: Vec<Spanned<String>>,
}

/// An amount: a point, `A to B`, or `about M (A to B at 95%)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The numbers.
    pub range: Range,
    /// The unit at its right end, if any.
    pub unit: Option<Spanned<UnitWords>>,
    /// `by PERIOD`.
    pub by: Option<Spanned<When>>,
}

/// A point, a range or a middle with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The middle: the point itself, or what follows `about`.
    pub middle: Option<Spanned<Number>>,
    /// Lower and upper end.
    pub ends: Option<(Spanned<Number>, Spanned<Number>)>,
    /// The chance in percent that the ends enclose; 80 where unsaid.
    pub level: Option<Spanned<Number>>,
}

/// A change of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its size.
    pub range: Range,
    /// Whether `relative` is spelled out.
    pub relative: bool,
    /// A unit at its right end (`5 orders`), if any.
    pub unit: Option<Spanned<UnitWords>>,
    /// All of it.
    pub span: Span,
}

/// Which way is better.
#[derive(Clone, Debug, PartialEq)]
pub enum Better {
    /// `higher`
    Higher,
    /// `lower`
    Lower,
    /// `between A and B`
    Between(Spanned<Number>, Spanned<Number>),
}

/// What a quarter's number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// `total`
    Total,
    /// `average week`, `average month`
    Average(Grain),
    /// `last`
    Last,
    /// `average of last 4 weeks`
    AverageOfLast(u32, Grain),
    /// `whole`
    Whole,
}
