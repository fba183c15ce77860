//! How a target ended: what `qd close` writes into its entry.
//!
//! The entry's state is then `closed`; [`Closing::state`] says whether for good. What a closing's numbers were computed from
//! is frozen as `PERIOD.actuals.csv`, in the form of the frozen inputs, beside them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a target ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Whether for good.
    pub state: Finality,
    /// The day it was closed.
    pub on: NaiveDate,
    /// What the period's number came to; `None` where nothing tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<f64>,
    /// The grade, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
}

/// Whether a closed target may still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finality {
    /// Its data may: the source does not cover the period yet, or cohorts have not matured.
    Provisional,
    /// It does not.
    Final,
}
