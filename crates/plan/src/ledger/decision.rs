//! What people decided about a target: changes, refusals, withdrawals. Each says who, when and why.

use super::entry::day_of;
use crate::proposal::Offer;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value a person put in place of the proposed one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjusted {
    /// The value, in the metric's unit.
    pub value: f64,
    /// Its chance with the plan and judgements; `None` where there is too little history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_hit: Option<f64>,
    /// Its chance without the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_hit_without_plan: Option<f64>,
    /// Why.
    pub because: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Which day of the period that was; see [`Approved::day`](super::Approved::day).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
}

/// A refusal of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejected {
    /// The value that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub on: NaiveDate,
}

/// A change of an accepted target. What it changed stays readable: each change says from what to what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amendment {
    /// When.
    pub on: NaiveDate,
    /// Which day of the period that was; see [`Approved::day`](super::Approved::day).
    pub day: i64,
    /// Who.
    pub by: String,
    /// Why.
    pub because: String,
    /// What changed.
    #[serde(rename = "change")]
    pub changes: Vec<Change>,
    /// The chance the target is to have from then on.
    pub confidence: f64,
    /// The value that counts from then on, with its chances as of the day the target's numbers were made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Offer>,
}

/// One thing an amendment changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What.
    pub what: What,
    /// What it was; nothing where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Said>,
    /// What it is now.
    pub to: Said,
}

/// What an amendment can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The value, in the metric's unit.
    Value,
    /// The chance the target is to have.
    Confidence,
    /// The definition's revision it stands for.
    Definition,
}

/// A number or a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Said {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// When.
    pub on: NaiveDate,
    /// Which day of the period that was; see [`Approved::day`](super::Approved::day).
    pub day: i64,
    /// Who.
    pub by: String,
    /// Why.
    pub because: String,
}

impl Dropped {
    /// A withdrawal in a period that starts on `starts`.
    pub fn new(on: NaiveDate, by: &str, because: &str, starts: NaiveDate) -> Dropped {
        let day = day_of(on, starts);
        Dropped { on, day, by: by.trim().to_owned(), because: because.trim().to_owned() }
    }
}

impl Amendment {
    /// What it made of something, where it changed that.
    pub fn to(&self, what: What) -> Option<&Said> {
        self.changes.iter().find(|change| change.what == what).map(|change| &change.to)
    }
}

impl Said {
    /// The number it is.
    pub fn number(&self) -> Option<f64> {
        match self {
            Said::Number(number) => Some(*number),
            Said::Text(_) => None,
        }
    }

    /// The text it is.
    pub fn text(&self) -> Option<&str> {
        match self {
            Said::Text(text) => Some(text),
            Said::Number(_) => None,
        }
    }
}
