//! Plans, resolved.

use super::metric::{Allow, Change, Estimate, Guard};
use super::{Filter, Place};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is planned for a period; the plans of one period merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The quarter (or half, or year).
    pub period: Period,
    /// Its label; empty where it has none.
    pub label: String,
    /// What the period is for.
    pub objective: Option<String>,
    /// Who says yes.
    pub approver: Option<String>,
    /// Targets, in order of metric and slice.
    pub targets: Vec<Target>,
    /// Initiatives, in order of name.
    pub initiatives: Vec<Initiative>,
    /// Judgements, in order of metric.
    pub judgements: Vec<Judgement>,
    /// What people said.
    pub quotes: Vec<Quote>,
    /// Risks, in order of name.
    pub risks: Vec<Risk>,
    /// Milestones, in order of name.
    pub milestones: Vec<Milestone>,
    /// Scenarios, in order of name.
    pub scenarios: Vec<Scenario>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// A hash of what it plans: 12 hexadecimal digits; blind to outcomes, words and layout.
    pub revision: String,
    /// Where its first block stands.
    pub place: Place,
}

/// A target of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Of which metric.
    pub metric: String,
    /// Of which part of it.
    pub slice: Option<Slice>,
    /// The chance the proposal is to have: 0.6 unless said.
    pub confidence: f64,
    /// The target itself, where it is given.
    pub set: Option<f64>,
    /// What the budget counts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// Ways to arrive at it, as written, in order; empty means the trend alone.
    pub methods: Vec<Method>,
    /// The target's own guards, besides the metric's.
    pub guards: Vec<Guard>,
    /// Why this target.
    pub because: Option<String>,
    /// What is to be learnt, in place of a number.
    pub learn: Option<Learn>,
    /// Who answers for it, where that is not the metric's owner.
    pub owner: Option<String>,
    /// Who says yes, where that is not the plan's approver.
    pub approver: Option<String>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// Where it stands.
    pub place: Place,
}

/// A part of a metric: the rows for which a condition holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Slice {
    /// As written: `country = "UK"`.
    pub text: String,
    /// The condition.
    pub filter: Filter,
}

/// What is to be learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Learn {
    /// What.
    pub what: String,
    /// Until when.
    pub by: NaiveDate,
}

/// A way to arrive at a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The forecast, perhaps stretched.
    Trend(Option<Stretch>),
    /// Closing part of the gap to a benchmark.
    Benchmark {
        /// The benchmark.
        name: String,
        /// Which part of the gap, 0 to 1.
        close: f64,
        /// The last day.
        by: NaiveDate,
    },
    /// A share of the market.
    Market {
        /// Which share, 0 to 1.
        share: f64,
        /// Of which tier.
        of: Tier,
        /// The last day.
        by: NaiveDate,
    },
    /// The forecast plus the initiatives.
    Initiatives,
    /// What a parent objective takes.
    Objective {
        /// The parent.
        metric: String,
        /// What it is to change by.
        change: Change,
        /// A change of this metric (second) gives the parent a change (first); `None` takes the edge `drives` or the tree.
        slope: Option<(Change, Change)>,
        /// Added to the answer.
        stretch: Option<Change>,
    },
}

/// What is added to the trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// The initiatives' effects.
    Initiatives,
    /// The value met with this chance, 0 to 1.
    Confidence(f64),
    /// Towards the market's cap.
    Market,
    /// A change. Points on a metric that is not a share add to its monthly growth rate.
    Change(Change),
}

/// A tier of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Total addressable.
    Tam,
    /// Serviceable.
    Sam,
    /// Obtainable.
    Som,
}

/// Something that is done to move metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Initiative {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// The period it is carried from.
    pub continues: Option<Period>,
    /// Who does it.
    pub owner: Option<String>,
    /// What it moves.
    pub moves: Vec<Moves>,
    /// The chance that it ships.
    pub ships: f64,
    /// The day its effect begins; the period's first day where unsaid.
    pub starts: Option<NaiveDate>,
    /// Days until its effect is whole.
    pub ramps: f64,
    /// How it is known.
    pub evidence: Option<Evidence>,
    /// Which part of it history already holds.
    pub in_trend: f64,
    /// Others that do part of the same, and which part of the smaller effect.
    pub overlaps: Vec<(String, f64)>,
    /// Money, in the workspace's currency.
    pub cost: Option<Estimate>,
    /// Person-weeks.
    pub effort: Option<Estimate>,
    /// Which team's capacity it takes.
    pub team: Option<String>,
    /// What became of it.
    pub outcomes: Vec<Outcome>,
    /// Why it should work.
    pub why: Option<String>,
    /// Lints allowed here.
    pub allows: Vec<Allow>,
    /// Where it stands.
    pub place: Place,
}

/// An effect on a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moves {
    /// Which metric.
    pub metric: String,
    /// By how much.
    pub by: Change,
}

/// How an effect is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// How strong it is.
    pub grade: Grade,
    /// What it is.
    pub text: Option<String>,
    /// How many took part.
    pub people: Option<f64>,
    /// The last day of when it was found.
    pub date: Option<NaiveDate>,
    /// Where it is written down.
    pub source: Option<String>,
}

/// How strong evidence is, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// A randomised experiment.
    Experiment,
    /// A pilot.
    Pilot,
    /// Something similar elsewhere.
    Similar,
    /// A benchmark.
    Benchmark,
    /// An opinion.
    Opinion,
}

/// What became of an initiative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// What happened.
    pub kind: OutcomeKind,
    /// Why.
    pub because: Option<String>,
}

/// What happened to an initiative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// It shipped, on this day if said.
    Shipped(Option<NaiveDate>),
    /// It slipped to this day.
    Slipped(NaiveDate),
    /// It was dropped.
    Dropped,
    /// Its effect was measured.
    Measured(Change),
}

/// What a person knows and the history cannot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// Of which metric.
    pub metric: String,
    /// By how much.
    pub shift: Change,
    /// Why.
    pub because: String,
    /// Who says so.
    pub owner: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Who, where.
    pub from: Option<String>,
    /// About which metrics.
    pub about: Vec<String>,
}

/// What may happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// How likely it is.
    pub chance: f64,
    /// What it moves if it comes.
    pub moves: Vec<Moves>,
    /// What shows that it comes.
    pub sign: Option<String>,
    /// Who watches it.
    pub owner: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Something that is done or not by a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// The last day.
    pub by: NaiveDate,
    /// How likely it is met.
    pub chance: Option<f64>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Another way the period may go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its label; the name where it has none.
    pub label: String,
    /// Initiatives left out.
    pub without: Vec<String>,
    /// Risks taken to happen.
    pub with: Vec<String>,
    /// What else moves.
    pub moves: Vec<Moves>,
    /// Where it stands.
    pub place: Place,
}
