//! What becomes of keys after they enter, resolved: conversions, funnels, retention, churn.

use super::expression::Filter;
use super::source::Length;
use quarterdeck_calendar::Grain;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A measure that follows keys through time.
///
/// Each key enters with its first row in each period of the metric's grain (of `per`, for churn), and counts on that row's
/// day. Windows are open at their end: `within 7 days` ends seven days after the entry, that moment not included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Journey {
    /// Which share of the entries reach the goal in time, or how many.
    Conversion {
        /// The entries.
        from: Rows,
        /// The goal.
        to: Rows,
        /// The column of both that ties them.
        key: String,
        /// How much time there is from the entry.
        within: Length,
        /// How many, and not which share.
        count: bool,
    },
    /// Which share of those who take the first step take all the others in order.
    Funnel {
        /// The rows of all steps.
        from: Rows,
        /// The column that ties them.
        key: String,
        /// How much time there is from the first step.
        within: Length,
        /// The steps in order.
        steps: Vec<Step>,
    },
    /// Which share of the entries come back in a window some time later.
    Retention {
        /// The entries.
        from: Rows,
        /// The return.
        to: Rows,
        /// The column of both that ties them.
        key: String,
        /// How long after the entry the window opens.
        after: Length,
        /// How long it is open.
        lasting: Length,
    },
    /// Which share of those present in a period are absent in the next.
    Churn {
        /// Who is present.
        from: Rows,
        /// The column that tells them apart.
        key: String,
        /// The period.
        per: Grain,
    },
}

/// Rows of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rows {
    /// The source.
    pub source: String,
    /// Which of its rows (the source's own filter included; of entries also the metric's `where`).
    pub filter: Option<Filter>,
    /// By which time column; the source's own where `None`.
    pub time: Option<String>,
}

/// A step of a funnel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Which rows take it.
    pub filter: Filter,
}

impl Journey {
    /// Its entries.
    pub fn entries(&self) -> &Rows {
        match self {
            Journey::Conversion { from, .. }
            | Journey::Funnel { from, .. }
            | Journey::Retention { from, .. }
            | Journey::Churn { from, .. } => from,
        }
    }

    /// Its goal or return, where that has rows of its own.
    pub fn goal(&self) -> Option<&Rows> {
        match self {
            Journey::Conversion { to, .. } | Journey::Retention { to, .. } => Some(to),
            Journey::Funnel { .. } | Journey::Churn { .. } => None,
        }
    }

    /// The column that ties its rows.
    pub fn key(&self) -> &str {
        match self {
            Journey::Conversion { key, .. }
            | Journey::Funnel { key, .. }
            | Journey::Retention { key, .. }
            | Journey::Churn { key, .. } => key,
        }
    }

    /// The sources it reads, each once.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let own = self.entries().source.as_str();
        let other = self.goal().map(|rows| rows.source.as_str()).filter(|other| *other != own);
        std::iter::once(own).chain(other)
    }

    /// Whether it counts, and is no share.
    pub fn is_count(&self) -> bool {
        matches!(self, Journey::Conversion { count: true, .. })
    }

    /// Its kind, as in the language.
    pub fn kind(&self) -> &'static str {
        match self {
            Journey::Conversion { .. } => "conversion",
            Journey::Funnel { .. } => "funnel",
            Journey::Retention { .. } => "retention",
            Journey::Churn { .. } => "churn",
        }
    }
}
