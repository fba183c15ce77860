//! What a closing holds, and how it stands in its file.
//!
//! `targets/PERIOD.close.toml` is canonical TOML like the ledger: what came, each number's grade and reasons, the claims as
//! they were first stated, and what became of each initiative. The scoreboard is read from these files alone.

use super::grade::Graded;
use crate::ledger::{LedgerError, error};
use crate::proposal::Fan;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::Outcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The format this code writes, and the highest it reads.
pub const FORMAT: u32 = 1;

/// A period's closing; scripts read the same as JSON, with `null` where a file has no key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// The version of this format.
    pub format: u32,
    /// The period.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The last day that was known when it was closed.
    pub as_of: NaiveDate,
    /// Whether every number is complete; until then all of this may change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The version of the tool.
    pub version: String,
    /// Hash of the definitions it was computed by, frozen beside it.
    pub definitions: String,
    /// What it still waits for, in sentences; empty once it is final.
    #[serde(default)]
    pub waits: Vec<String>,
    /// Every target, parts before what is made of them.
    #[serde(default)]
    pub targets: Vec<Closed>,
    /// Every initiative's chance to ship, and whether it did.
    #[serde(default)]
    pub initiatives: Vec<ShipClaim>,
    /// Every number that was seen: of targets and of what they are made of.
    #[serde(default)]
    pub seen: Vec<Seen>,
}

/// A series' number of the period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The series: the metric, with its slice in brackets.
    pub name: String,
    /// Its number, or its number so far.
    #[serde(default)]
    pub value: Option<f64>,
    /// The last day of the period that is covered.
    #[serde(default)]
    pub through: Option<NaiveDate>,
    /// Whether all of the period is.
    pub complete: bool,
    /// Hash of the series' points up to the as-of date.
    pub data_hash: String,
}

/// A target after its period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// The metric.
    pub metric: String,
    /// Which part of it.
    #[serde(default)]
    pub slice: Option<String>,
    /// The metric's label.
    pub label: String,
    /// Its unit, as written.
    pub unit: String,
    /// `higher`, `lower` or `between`.
    pub better: String,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Whether it was dropped: it is graded all the same, and counted apart.
    #[serde(default)]
    pub dropped: bool,
    /// The target in force; `None` where none was ever given.
    #[serde(default)]
    pub target: Option<f64>,
    /// What could be promised.
    #[serde(default)]
    pub commit: Option<f64>,
    /// What would have been a great quarter.
    #[serde(default)]
    pub stretch: Option<f64>,
    /// What came; `None` where nothing did, or not all yet.
    #[serde(default)]
    pub value: Option<f64>,
    /// Where in the forecast made then the value fell: share of its draws below, ties half.
    #[serde(default)]
    pub pit: Option<f64>,
    /// The model with the most weight in that forecast.
    #[serde(default)]
    pub model: Option<String>,
    /// The mean size of the metric's changes from year to year, the scale of its errors.
    #[serde(default)]
    pub scale: Option<f64>,
    /// The grade.
    #[serde(default)]
    pub grade: Option<Graded>,
    /// The forecast made then without the plan.
    #[serde(default)]
    pub without_plan: Option<Fan>,
    /// With initiatives and risks.
    #[serde(default)]
    pub with_plan: Option<Fan>,
    /// With judgements too.
    #[serde(default)]
    pub with_judgement: Option<Fan>,
    /// What the yardstick would have said.
    #[serde(default)]
    pub naive: Option<Fan>,
    /// What a person put in place of the proposal.
    #[serde(default)]
    pub overridden: Option<Overridden>,
    /// What was claimed when it was first proposed: commit, target, stretch.
    #[serde(default)]
    pub claims: Vec<ClaimRow>,
    /// What each method said.
    #[serde(default)]
    pub methods: Vec<Said>,
    /// How far its parts explain the distance from the target; sums to it.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// How far what was done explains it; sums to it.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What a reader should know, in sentences.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A value a person put in place of a proposed one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overridden {
    /// The value.
    pub value: f64,
    /// Who.
    #[serde(default)]
    pub by: Option<String>,
    /// The chance the forecast made then gave it.
    #[serde(default)]
    pub p: Option<f64>,
    /// Whether it was met.
    #[serde(default)]
    pub hit: Option<bool>,
}

/// A claim as it was first stated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRow {
    /// `commit`, `target` or `stretch`.
    pub level: String,
    /// The value.
    pub value: f64,
    /// Its chance as stated then, with everything.
    pub p: f64,
    /// Without judgements.
    #[serde(default)]
    pub p_without_judgement: Option<f64>,
    /// Without the plan, as stated then.
    #[serde(default)]
    pub p_without_plan: Option<f64>,
    /// What the yardstick would have given it.
    #[serde(default)]
    pub p_naive: Option<f64>,
    /// Whether it came true; `None` until the number is complete.
    #[serde(default)]
    pub hit: Option<bool>,
}

/// What a method said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// 10th percentile.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
}

/// A part of a metric, and what it adds to the distance from the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The part's metric; `None` for what the identity leaves over.
    #[serde(default)]
    pub metric: Option<String>,
    /// How it is called.
    pub label: String,
    /// How deep in the tree: 1 for the metric's own parts.
    pub depth: usize,
    /// What it was on the way that leads to the target.
    #[serde(default)]
    pub planned: Option<f64>,
    /// What it was.
    #[serde(default)]
    pub came: Option<f64>,
    /// What it adds, in the metric's unit.
    pub adds: f64,
}

/// Kinds of cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CauseKind {
    /// How far the middle of the forecast lay from the target.
    Forecast,
    /// What became of an initiative, against what was expected of it.
    Initiative,
    /// What none of these explains.
    Unexplained,
}

/// Something that was done or not, and what it adds to the distance from the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// What kind it is.
    pub kind: CauseKind,
    /// The initiative's name.
    #[serde(default)]
    pub initiative: Option<String>,
    /// How it is called.
    pub label: String,
    /// What became of it, in words.
    #[serde(default)]
    pub became: String,
    /// What it adds, in the metric's unit.
    pub adds: f64,
}

/// An initiative's chance to ship within the period, and whether it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipClaim {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Who does it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The chance as stated then.
    pub ships: f64,
    /// Whether it shipped within the period; `None` where nobody said.
    #[serde(default)]
    pub shipped: Option<bool>,
    /// What became of it, in words.
    pub became: String,
    /// The same as written.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub outcomes: Vec<Outcome>,
}

impl Closing {
    /// The canonical text.
    pub fn to_toml(&self) -> String {
        // Every field has a form in TOML: maps have text keys, and missing values are left out.
        toml::to_string(self).unwrap_or_default()
    }

    /// Reads a closing; `path` is for messages.
    ///
    /// # Errors
    /// Text that is not TOML, or no closing, with the line; a closing of a newer format.
    pub fn from_toml(path: &str, text: &str) -> Result<Closing, LedgerError> {
        let text = &text.replace("\r\n", "\n");
        let table = error::parse_toml(path, text)?;
        if let Some(format) = table.get("format").and_then(toml::Value::as_integer)
            && format > i64::from(FORMAT)
        {
            return Err(LedgerError::NewerFormat { file: path.to_owned(), found: format, known: FORMAT });
        }
        toml::from_str(text).map_err(|error| LedgerError::from_toml(path, text, &error))
    }

    /// A target by its name: the metric, with its slice in brackets.
    pub fn target(&self, name: &str) -> Option<&Closed> {
        self.targets.iter().find(|target| target.name() == name)
    }
}

impl Closed {
    /// The metric, with its slice in brackets: the name of its series too.
    pub fn name(&self) -> String {
        match &self.slice {
            Some(slice) => format!("{}[{slice}]", self.metric),
            None => self.metric.clone(),
        }
    }
}
