//! What is said over the columns of a row.

use super::{Duration, Number};
use crate::Spanned;
use chrono::NaiveDate;

/// A name, possibly dotted: `customers.country`, `checkout.paid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// Its parts.
    pub parts: Vec<String>,
}

/// An expression over the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A column, or a column of a joined source.
    Column(Path),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A duration.
    Duration(Duration),
    /// `true` or `false`.
    Bool(bool),
    /// `not x`
    Not(Box<Spanned<Condition>>),
    /// `-x`
    Neg(Box<Spanned<Condition>>),
    /// `a op b`
    Binary(BinaryOp, Box<Spanned<Condition>>, Box<Spanned<Condition>>),
    /// `x [not] in (a, b)`
    In {
        /// What is looked for.
        value: Box<Spanned<Condition>>,
        /// Among what.
        list: Vec<Spanned<Condition>>,
        /// `not in`.
        negated: bool,
    },
    /// `x is [not] null`
    IsNull {
        /// What is asked.
        value: Box<Spanned<Condition>>,
        /// `is not null`.
        negated: bool,
    },
    /// `x [not] like "a%"`
    Like {
        /// What is compared.
        value: Box<Spanned<Condition>>,
        /// The pattern: `%` any text, `_` any letter.
        pattern: Spanned<String>,
        /// `not like`.
        negated: bool,
    },
    /// `x [not] between a and b`
    Between {
        /// What is compared.
        value: Box<Spanned<Condition>>,
        /// From here.
        low: Box<Spanned<Condition>>,
        /// To here, included.
        high: Box<Spanned<Condition>>,
        /// `not between`.
        negated: bool,
    },
    /// `[not] in segment NAME`
    InSegment {
        /// Which.
        segment: Spanned<String>,
        /// `not in segment`.
        negated: bool,
    },
    /// `x is unique`, in `expect` only.
    IsUnique(Box<Spanned<Condition>>),
    /// What could not be read; its diagnostic is reported.
    Broken,
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
