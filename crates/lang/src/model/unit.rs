//! Units: what a number counts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A unit as written, with its parts for arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unit {
    /// As written: `orders per household`.
    pub text: String,
    /// What form its numbers have.
    pub form: UnitForm,
    /// Exponent of each noun, in the singular: `orders per household` is `{household: -1, order: 1}`. Empty for shares,
    /// ratios and points.
    pub parts: BTreeMap<String, i32>,
}

/// What form numbers of a unit have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitForm {
    /// 0 to 1, written in percent.
    Share,
    /// Any number without a dimension, written in percent or as it is.
    Ratio,
    /// Points of a score.
    Points,
    /// Money: one of the parts is a currency.
    Money,
    /// A length of time.
    Time,
    /// Anything else that is counted.
    Amount,
}

impl Unit {
    /// Whether numbers of it are written in percent.
    pub fn is_share(&self) -> bool {
        self.form == UnitForm::Share
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
