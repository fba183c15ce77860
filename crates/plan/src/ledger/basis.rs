//! What the numbers of a ledger were made from.

use super::{hash, inputs};
use crate::Proposal;
use crate::proposal::Joint;
use chrono::NaiveDate;
use quarterdeck_forecast::History;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a proposal was made from, and the chances that belong to all of its targets together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Its number among the earlier ones; `None` for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// The version of the tool.
    pub version: String,
    /// The seed.
    #[serde(with = "whole")]
    pub seed: u64,
    /// How many paths everything was read from.
    pub paths: usize,
    /// The plan's revision; `None` without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Hash of the frozen inputs; `None` until they are frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// Hash of the frozen definitions; `None` until they are frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definitions: Option<String>,
    /// A hash over all of the above, set on acceptance: tells an edit here from other differences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// The chances of meeting several targets.
    pub joint: Joint,
    /// The frozen series, in order of name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Mark>,
}

/// A frozen series, so that a changed row can be told by the metric's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The series' name: the metric, with its slice in brackets.
    pub name: String,
    /// Its [`data_hash`](super::data_hash).
    pub data_hash: String,
}

impl Basis {
    /// The basis of a proposal, its inputs not frozen yet.
    pub(super) fn of(proposal: &Proposal) -> Basis {
        let revision = &proposal.cover.revision;
        Basis {
            number: None,
            as_of: proposal.as_of,
            version: proposal.version.clone(),
            seed: proposal.seed,
            paths: proposal.paths,
            plan: (!revision.is_empty()).then(|| revision.clone()),
            inputs: None,
            definitions: None,
            seal: None,
            joint: proposal.joint.kept(),
            series: Vec::new(),
        }
    }

    /// Whether both were made from the same day, seed, version and plan, and came to the same chances.
    pub(super) fn agrees_with(&self, other: &Basis) -> bool {
        let facts = |basis: &Basis| (basis.as_of, basis.version.clone(), basis.seed, basis.paths, basis.plan.clone());
        facts(self) == facts(other) && self.joint == other.joint
    }
}

/// A mark for each series.
pub(super) fn marks(histories: &BTreeMap<String, History>) -> Vec<Mark> {
    let mark = |(name, history): (&String, &History)| Mark {
        name: name.clone(),
        data_hash: hash::hex(&inputs::canonical(history), 16),
    };
    histories.iter().map(mark).collect()
}

/// A whole number that may be larger than TOML's: written as text then.
mod whole {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use toml::Value;

    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(*value) {
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.serialize_str(&value.to_string()),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let number = match &value {
            Value::Integer(number) => u64::try_from(*number).ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| D::Error::custom(format!("{value} is no whole number from 0 on")))
    }
}
