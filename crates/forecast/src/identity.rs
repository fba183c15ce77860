//! Identities between series, kept on every path.

use serde::{Deserialize, Serialize};

/// `of = formula` at every step and on every path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// The series that is computed.
    pub of: String,
    /// From what.
    pub formula: Formula,
}

/// Arithmetic over series of one workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Formula {
    /// A constant.
    Number(f64),
    /// Another series, by name. At a quarter: a flow's total, a level's last value or mean by its own roll, a share's whole.
    Series(String),
    /// The formula, so many steps of the grain of the computed series earlier (a year: its season length).
    Ago(Box<Formula>, u32),
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
    /// The formula, or the number where it is a gap.
    Coalesce(Box<Formula>, f64),
}
