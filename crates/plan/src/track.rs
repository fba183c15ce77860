//! Following accepted targets through their period: how far they are, where they land, what must be said first.
//!
//! Flows in: the ledger, what was frozen beside it, today's series and those of a week ago, and the log of earlier readings.
//! Flows out: a [`Track`]: for each target the plan's path and what came so far, the landing and its chance as the same
//! forecast procedure sees them now, the rate the rest requires, a colour and its reasons; exceptions first.

pub mod colour;
pub mod compute;
pub mod course;
pub mod log;
pub mod required;
pub mod watch;

pub use colour::Colour;
pub use compute::{Day, track};
pub use log::{Log, Reading};
pub use required::Required;
pub use watch::Watched;

use crate::proposal::{Fan, State};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::Unit;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a period's targets stand on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Track {
    /// The period.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// Which day of the period that is: 1 is its first, 0 and less are before it.
    pub day: i64,
    /// How many days it has.
    pub days: i64,
    /// The seed.
    pub seed: u64,
    /// The tool's version.
    pub version: String,
    /// Every target in force, those that need an answer first.
    pub targets: Vec<Tracked>,
    /// Targets that were dropped.
    pub dropped: Vec<String>,
    /// For pages.
    #[serde(skip)]
    pub cover: Cover,
}

/// What only pages say of all targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cover {
    /// The workspace's name.
    pub workspace: String,
    /// Its currency.
    pub currency: String,
    /// The plan's label.
    pub title: String,
}

/// One target on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Tracked {
    /// The metric.
    pub metric: String,
    /// Which part of it.
    pub slice: Option<String>,
    /// The metric's label.
    pub label: String,
    /// Its unit, as written.
    pub unit: String,
    /// `higher`, `lower` or `between`.
    pub better: String,
    /// What a quarter's number is.
    pub reads: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its state in the ledger.
    pub state: State,
    /// The target in force.
    pub target: f64,
    /// What could be promised.
    pub commit: Option<f64>,
    /// What would be a great quarter.
    pub stretch: Option<f64>,
    /// Where the plan's path is on the last day covered.
    pub plan_so_far: Option<f64>,
    /// What came so far.
    pub actual_so_far: Option<f64>,
    /// The last day covered.
    pub through: Option<NaiveDate>,
    /// The last day on which anything new arrived, where that is over a reading ago.
    pub no_new_data_since: Option<NaiveDate>,
    /// Where it lands, with the plan.
    pub landing: Option<Fan>,
    /// The chance of meeting the target, now.
    pub p_hit: Option<f64>,
    /// The chance when it was accepted.
    pub p_hit_accepted: Option<f64>,
    /// The chance as it was seven days before.
    pub p_hit_week_ago: Option<f64>,
    /// By how much it changed since.
    pub change: Option<f64>,
    /// The chance of meeting what could be promised.
    pub p_commit: Option<f64>,
    /// Why there is no chance.
    pub no_p_hit: Option<String>,
    /// Its colour, guards and hysteresis counted in.
    pub colour: Colour,
    /// The colour of the reading before.
    pub colour_before: Option<Colour>,
    /// The colour of the promise: green from 80 %.
    pub commit_colour: Colour,
    /// Why it has its colour, in a sentence.
    pub why: String,
    /// What the rest of the period must be.
    pub required: Option<Required>,
    /// Its guards.
    pub guards: Vec<Watched>,
    /// What was said and is not done.
    pub notes: Vec<Open>,
    /// What a reader should know, in sentences.
    pub remarks: Vec<String>,
    /// For pages.
    #[serde(skip)]
    pub detail: Detail,
}

/// A note that is open.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Open {
    /// What it is known by.
    pub id: String,
    /// The as-of date when it was said.
    pub on: NaiveDate,
    /// What was said.
    pub note: String,
    /// Who said it.
    pub by: String,
    /// Who acts.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// Whether that day is over.
    pub overdue: bool,
}

/// What only pages say of a target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// The metric's unit.
    pub unit: Option<Unit>,
    /// What the period's number is, as a phrase that follows a value.
    pub reads_phrase: String,
    /// The range the number is to stay inside.
    pub range: Option<(f64, f64)>,
    /// The plan's path: last day of a step and the number so far.
    pub path: Vec<(NaiveDate, f64)>,
    /// What came: last day of a step and the number so far.
    pub actual: Vec<(NaiveDate, f64)>,
    /// The landing: last day of a step and percentiles of the number so far.
    pub fan: Vec<(NaiveDate, Fan)>,
}

impl Tracked {
    /// The metric, with its slice in brackets.
    pub fn name(&self) -> String {
        match &self.slice {
            Some(slice) => format!("{}[{slice}]", self.metric),
            None => self.metric.clone(),
        }
    }
}
