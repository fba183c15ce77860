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
    /// How the metric has its numbers written, where it says; no part of what they mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

/// How numbers are written: `"0.0"`, `"0.00%"`, `"0.0k"`, `"0M"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Format {
    /// How many decimals, 0 to 6.
    pub decimals: u8,
    /// The power of ten they are counted in: 0, 3 for thousands, 6 for millions.
    pub power: u8,
    /// Whether they are written in percent: shares always are, ratios where this says so.
    pub percent: bool,
}

impl Format {
    /// Reads a pattern as spreadsheets have them: `0` or `#,##0`, a point and a `0` for each decimal, then `%`, `k` or `M`.
    ///
    /// Whether the unit can be written in percent is for the caller to say.
    pub fn read(pattern: &str) -> Option<Format> {
        let plain = pattern.strip_suffix('%');
        let (percent, plain) = (plain.is_some(), plain.unwrap_or(pattern));
        let (rest, power) = match plain.trim_end() {
            rest if rest.ends_with('k') => (rest.strip_suffix('k').unwrap_or(rest), 3),
            rest if rest.ends_with('M') => (rest.strip_suffix('M').unwrap_or(rest), 6),
            rest => (rest, 0),
        };
        let (whole, decimals) = rest.trim_end().split_once('.').unwrap_or((rest.trim_end(), ""));
        let sound = matches!(whole, "0" | "#,##0" | "#,###" | "#") && decimals.len() <= 6;
        let sound = sound && decimals.bytes().all(|byte| byte == b'0') && !(power > 0 && percent);
        sound.then_some(Format { decimals: decimals.len() as u8, power, percent })
    }
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
