//! What only pages say of a proposal: its cover, and the workings behind each target. Scripts do not read it.

use super::{Actual, Fan, Implied};
use crate::offer::Odds;
use crate::pace::Pace;
use chrono::NaiveDate;
use quarterdeck_forecast::{Claim, Dependence, ModelReport};
use quarterdeck_lang::model::{Estimate, Grade, Tier, Unit};

/// What the cover page says besides the targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cover {
    /// The workspace's name.
    pub workspace: String,
    /// The workspace's currency.
    pub currency: String,
    /// The plan's label.
    pub title: String,
    /// Its objective.
    pub objective: Option<String>,
    /// Its approver.
    pub approver: Option<String>,
    /// The plan's revision; empty without a plan.
    pub revision: String,
    /// The north star's metric name, where there is one.
    pub north_star: Option<String>,
    /// The tree: edges from a metric to what it is made of or drives.
    pub tree: Vec<TreeEdge>,
    /// Milestones: label, last day, chance, owner.
    pub milestones: Vec<MilestoneRow>,
    /// Scenarios side by side, doing nothing first.
    pub scenarios: Vec<ScenarioRow>,
    /// How metrics move together.
    pub dependence: Dependence,
    /// Targets to learn in place of numbers: metric, what, until when.
    pub learn: Vec<(String, String, NaiveDate)>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// An edge of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEdge {
    /// The parent.
    pub parent: String,
    /// The part, or the driver.
    pub child: String,
    /// Whether it is an identity (a solid line) or a hypothesis (a dotted one).
    pub exact: bool,
}

/// A milestone on the cover.
#[derive(Clone, Debug, PartialEq)]
pub struct MilestoneRow {
    /// Its label.
    pub label: String,
    /// Its last day.
    pub by: NaiveDate,
    /// How likely it is met.
    pub chance: Option<f64>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// A scenario: each target's chance in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioRow {
    /// Its label.
    pub label: String,
    /// Metric, median and chance of the proposed target, in the order of targets.
    pub targets: Vec<(String, Option<f64>, Option<f64>)>,
}

/// What only a target's page says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// The metric's label.
    pub label: String,
    /// Why anybody should care.
    pub why: Option<String>,
    /// The metric's unit; `None` only in a default.
    pub unit: Option<Unit>,
    /// What the quarter's number is, as a phrase that follows a value: `a week on average`, `in total`, `at the end`.
    pub reads_phrase: String,
    /// The range the number is to stay inside, where `better` is `between`.
    pub range: Option<(f64, f64)>,
    /// History at the metric's grain, thinned to at most 200 points for drawing: first day and value.
    pub history: Vec<(NaiveDate, f64)>,
    /// Past quarters, oldest first.
    pub quarters: Vec<Actual>,
    /// The fan at the metric's grain (thinned as the history), with the plan: first day and percentiles.
    pub fan: Vec<(NaiveDate, Fan)>,
    /// The period's number in three states.
    pub states: Option<States>,
    /// What limits it: label, low and high end, in the metric's unit.
    pub cap: Option<(String, f64, f64)>,
    /// From the last actual to the target, in order; the parts sum to the target.
    pub bridge: Vec<BridgeStep>,
    /// What must be true of its inputs.
    pub implied: Vec<Implied>,
    /// The market behind it.
    pub market: Option<MarketDetail>,
    /// The plan's initiatives that move it.
    pub initiatives: Vec<InitiativeRow>,
    /// Judgements on it: shift in words, because, who.
    pub judgements: Vec<(String, String, Option<String>)>,
    /// The plan's risks that move it.
    pub risks: Vec<RiskRow>,
    /// What people said about it: words and where.
    pub quotes: Vec<(String, Option<String>)>,
    /// The models behind the forecast.
    pub models: Vec<ModelReport>,
    /// What calibration did.
    pub calibration: String,
    /// The track record, oldest first.
    pub record: Vec<Claim>,
    /// Whether the methods agree, and if not why they differ.
    pub agreement: String,
    /// What the way from the last actual to the target is worth over the period, as a range in the workspace's currency;
    /// negative where the target asks for less than the last actual.
    pub worth: Option<Estimate>,
    /// What we do not know, in sentences.
    pub unknowns: Vec<String>,
    /// Why there is no chance; `None` where there is one.
    pub no_p_hit: Option<String>,
    /// The rule for the day on which we will know.
    pub rule: String,
    /// The path to the target over the period; `None` without a forecast.
    pub pace: Option<Pace>,
    /// The chance of any value, for those a person asks about; `None` without a forecast.
    pub odds: Option<Odds>,
}

/// The period's number in three states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct States {
    /// Without the plan.
    pub without_plan: Fan,
    /// With the plan's initiatives and risks.
    pub with_plan: Fan,
    /// With judgements too: what everything is read from.
    pub with_judgement: Fan,
}

/// A part of the way from the last actual to the target.
#[derive(Clone, Debug, PartialEq)]
pub struct BridgeStep {
    /// What it is.
    pub label: String,
    /// The level itself (first and last step) or the difference it makes.
    pub value: f64,
    /// What kind of step.
    pub kind: BridgeKind,
}

/// Kinds of step in a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BridgeKind {
    /// A level: the last actual, the target.
    Level,
    /// What happens anyway: trend, season.
    Forecast,
    /// An initiative.
    Initiative,
    /// Risks.
    Risk,
    /// A judgement.
    Judgement,
    /// Ambition or caution: the way from the middle to the wanted chance.
    Confidence,
    /// What nothing explains.
    Unexplained,
}

/// The market behind a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketDetail {
    /// The market's label.
    pub label: String,
    /// Its unit.
    pub unit: Unit,
    /// Each tier with its size.
    pub tiers: Vec<(Tier, Estimate)>,
    /// The share of the TAM that the target implies: low, middle and high end.
    pub implied_share: (f64, f64, f64),
    /// The share of each further tier that the target implies: low, middle and high end. On each path SOM ≤ SAM ≤ TAM.
    pub implied_of: Vec<(Tier, (f64, f64, f64))>,
    /// The share at the last actual.
    pub share_now: Option<f64>,
    /// Who says so.
    pub source: Option<String>,
    /// When it was so.
    pub date: Option<NaiveDate>,
}

/// An initiative's part in a target.
#[derive(Clone, Debug, PartialEq)]
pub struct InitiativeRow {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Who does it.
    pub owner: Option<String>,
    /// The chance that it ships.
    pub ships: f64,
    /// The day its effect begins.
    pub starts: NaiveDate,
    /// What it adds to the period's number, on average over paths, shipping or not.
    pub adds: f64,
    /// The 10th and 90th percentile of what it adds.
    pub range: (f64, f64),
    /// The evidence's grade and words.
    pub evidence: Option<(Grade, String)>,
    /// The factor by which the evidence's grade shrank the stated effect towards zero.
    pub shrunk: f64,
    /// What it costs, in the workspace's currency.
    pub cost: Option<Estimate>,
}

/// A risk's part in a target.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskRow {
    /// Its label.
    pub label: String,
    /// How likely it is.
    pub chance: f64,
    /// What it adds to the period's number if it comes, on average.
    pub adds: f64,
    /// What shows that it comes.
    pub sign: Option<String>,
    /// Who watches it.
    pub owner: Option<String>,
}
