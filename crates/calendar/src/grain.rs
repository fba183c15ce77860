//! The lengths a period can have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long one period of a series or a plan is, shortest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// One calendar day.
    Day,
    /// Seven days from the workspace's `week_starts`.
    Week,
    /// A calendar month; on a retail calendar, a period of four or five weeks.
    Month,
    /// A fiscal quarter.
    Quarter,
    /// A fiscal half-year.
    Half,
    /// A fiscal year.
    Year,
}

impl Grain {
    /// Every grain, shortest first.
    pub const ALL: [Grain; 6] = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Half, Grain::Year];

    /// The word the language uses.
    pub fn word(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Half => "half",
            Grain::Year => "year",
        }
    }

    /// The grain a word names, in the singular or the plural; `None` for any other word.
    pub fn from_word(word: &str) -> Option<Grain> {
        if word == "halves" {
            return Some(Grain::Half);
        }
        let singular = word.strip_suffix('s').unwrap_or(word);
        Grain::ALL.into_iter().find(|grain| grain.word() == singular)
    }

    /// The season length usual at this grain: periods until the same time next year, a week for days.
    pub fn season_length(self) -> usize {
        match self {
            Grain::Day => 7,
            Grain::Week => 52,
            Grain::Month => 12,
            Grain::Quarter => 4,
            Grain::Half => 2,
            Grain::Year => 1,
        }
    }

    /// The largest number a period of this grain can have in its year.
    pub(crate) fn most_per_year(self) -> u32 {
        match self {
            Grain::Day => 366,
            Grain::Week => 53,
            Grain::Month => 12,
            Grain::Quarter => 4,
            Grain::Half => 2,
            Grain::Year => 1,
        }
    }

    /// Periods of this grain in a year (365 for days), used to scale horizons and widths.
    pub fn per_year(self) -> usize {
        if self == Grain::Day { 365 } else { self.season_length() }
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
