//! Targets: planned, proposed, decided and verified.

use super::{Csv, date};
use chrono::NaiveDate;

/// `qd plan`
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// The period to plan: 2027-Q2, 2027-H1 or 2027
    pub period: String,
    /// The plan to carry over from; default: the latest one of the same length before it
    #[arg(long, value_name = "PERIOD")]
    pub from: Option<String>,
}

/// `qd propose`
#[derive(Clone, Debug, clap::Args)]
pub struct Propose {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
    /// Write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// `qd review`
#[derive(Clone, Debug, clap::Args)]
pub struct Review {
    /// Of which period; needed where proposals of several are open
    pub period: Option<String>,
    /// Accept this one; can be repeated. Without any of these options, answers are read from the terminal or from stdin
    #[arg(long, value_name = "METRIC")]
    pub accept: Vec<String>,
    /// Reject this one; can be repeated
    #[arg(long, value_name = "METRIC")]
    pub reject: Vec<String>,
    /// Put a value in place of a proposed one, with --because; can be repeated
    #[arg(long, value_name = "METRIC=VALUE", requires = "because")]
    pub adjust: Vec<String>,
    /// Why
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
    /// Who reviews
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// In which role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// On which day; default: the proposal's as-of date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

impl Review {
    /// Whether the options say what becomes of which target.
    pub fn is_said(&self) -> bool {
        !(self.accept.is_empty() && self.reject.is_empty() && self.adjust.is_empty())
    }
}

/// `qd accept`
#[derive(Clone, Debug, clap::Args)]
pub struct Accept {
    /// Which metrics; every open proposal where none is named
    pub metrics: Vec<String>,
    /// Who accepts
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// In which role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Of which period; needed where proposals of several are open
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// On which day; default: the proposal's as-of date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

/// What is decided about an accepted target, besides what becomes of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Decided {
    /// Why
    #[arg(long, value_name = "REASON", required = true)]
    pub because: Option<String>,
    /// Who decides
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Of which period; needed where several have a target for it
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// On which day; default: the as-of date, else the last day the data covers
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

/// `qd amend`
#[derive(Clone, Debug, clap::Args)]
pub struct Amend {
    /// Which metric, or one part of it as the ledger names it: 'orders[country = "UK"]'
    pub metric: String,
    /// The value it is to have, written as in `set:`; without one, why it stands though its definition changed
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// The chance it is to have, 65%: the value follows from the paths it was accepted on
    #[arg(long, value_name = "CHANCE", conflicts_with = "to")]
    pub confidence: Option<String>,
    /// Who, why, when
    #[command(flatten)]
    pub decided: Decided,
}

/// `qd drop`
#[derive(Clone, Debug, clap::Args)]
pub struct Drop {
    /// Which metric, or one part of it as the ledger names it: 'orders[country = "UK"]'
    pub metric: String,
    /// Who, why, when
    #[command(flatten)]
    pub decided: Decided,
}

/// `qd verify`
#[derive(Clone, Debug, clap::Args)]
pub struct Verify {
    /// Which period; every accepted one where none is named
    pub period: Option<String>,
    /// Look at the frozen files alone, not at today's data and definitions
    #[arg(long, conflicts_with = "live")]
    pub offline: bool,
    /// Recompute from today's data too, and print what was restated
    #[arg(long)]
    pub live: bool,
    /// Fail where the ledger was written by another version of qd
    #[arg(long)]
    pub strict: bool,
}
