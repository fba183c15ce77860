//! What a plan means to reach besides numbers: things to learn, and things to be done by a day.

use crate::Proposal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something to learn about a metric in place of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learn {
    /// The metric.
    pub metric: String,
    /// What.
    pub what: String,
    /// The last day.
    pub by: NaiveDate,
}

/// Something that is done by a day, or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Its label.
    pub label: String,
    /// The last day.
    pub by: NaiveDate,
    /// How likely it is met, as somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Learn {
    /// Everything a plan means to learn.
    pub(super) fn all(proposal: &Proposal) -> Vec<Learn> {
        let one = |(metric, what, by): &(String, String, NaiveDate)| Learn {
            metric: metric.clone(),
            what: what.clone(),
            by: *by,
        };
        proposal.cover.learn.iter().map(one).collect()
    }
}

impl Milestone {
    /// Every milestone of a plan.
    pub(super) fn all(proposal: &Proposal) -> Vec<Milestone> {
        let one = |row: &crate::proposal::MilestoneRow| Milestone {
            label: row.label.clone(),
            by: row.by,
            chance: row.chance,
            owner: row.owner.clone(),
        };
        proposal.cover.milestones.iter().map(one).collect()
    }
}
