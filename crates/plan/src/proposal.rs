//! A proposal: what is proposed for a period, with everything a page says about it.
//!
//! Serialised, it is the JSON that scripts read; what only pages need is skipped there.

mod page;

pub use page::{
    BridgeKind, BridgeStep, Cover, Detail, InitiativeRow, MarketDetail, MilestoneRow, RiskRow, ScenarioRow, States,
    TreeEdge,
};

use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is proposed for a period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Proposal {
    /// The period.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// The seed.
    pub seed: u64,
    /// The tool's version.
    pub version: String,
    /// One per target, the north star first, then in order of metric and slice.
    pub targets: Vec<TargetProposal>,
    /// The chances of meeting several.
    pub joint: Joint,
    /// How many paths everything was read from.
    #[serde(skip)]
    pub paths: usize,
    /// For the cover page.
    #[serde(skip)]
    pub cover: Cover,
}

/// One target's proposal.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TargetProposal {
    /// The metric.
    pub metric: String,
    /// Which part of it, as written.
    pub slice: Option<String>,
    /// The metric's unit, as written.
    pub unit: String,
    /// `higher`, `lower` or `between`.
    pub better: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What a quarter's number is: `total`, `average week`, `last`, `whole`…
    pub reads: String,
    /// The latest complete quarter.
    pub last_actual: Option<Actual>,
    /// The forecast of the period without the plan; `None` where there is too little history.
    pub forecast: Option<Fan>,
    /// Always five: trend, benchmark, market, initiatives, objective.
    pub methods: Vec<MethodRow>,
    /// What is proposed.
    pub proposed: Offers,
    /// The chance the target is to have.
    pub confidence: f64,
    /// How such claims came true; `None` where there is too little history to know.
    pub claims: Option<ClaimRecord>,
    /// Its guards.
    pub guards: Vec<GuardRow>,
    /// Why this target.
    pub because: Option<String>,
    /// The earliest day on which we will know.
    pub known_by: NaiveDate,
    /// What a reader must be told.
    pub flags: Vec<Flag>,
    /// Its state in the ledger.
    pub state: State,
    /// The definition's revision.
    pub revision: String,
    /// Hash of the series' points up to the as-of date.
    pub data_hash: String,
    /// What was found by asking further: inputs, verdicts, SMART.
    #[serde(flatten)]
    pub findings: Findings,
    /// For the page.
    #[serde(skip)]
    pub detail: Detail,
}

/// What was found about a target by asking further.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Findings {
    /// What must be true of its inputs, and of theirs.
    pub implied: Vec<Implied>,
    /// Every verdict, whether it holds, does not, or cannot be told.
    pub verdicts: Vec<Verdict>,
    /// Specific, measurable, achievable, relevant, time-bound: letter by letter.
    pub smart: Vec<SmartRow>,
    /// What would have to be so for the methods to agree, one sentence each.
    pub reconcile: Vec<String>,
    /// What the budget counts on, beside the forecast; `None` where the plan names none.
    pub budget: Option<Budget>,
    /// The goals of longer periods that it is read against, the shortest first.
    pub goals: Vec<Longer>,
}

/// What the budget counts on, beside the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The value, in the metric's unit.
    pub value: f64,
    /// The chance that it is met, with the plan and judgements; `None` without a forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_hit: Option<f64>,
    /// The same without the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_hit_without_plan: Option<f64>,
    /// How far the middle of all paths lies above it; below it where negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_above: Option<f64>,
}

/// A question asked of every target, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// As that of the flag it raises.
    pub code: String,
    /// The answer.
    pub answer: Answer,
    /// Its evidence, where it is yes or cannot be told.
    pub message: Option<String>,
}

/// An answer that may be that there is too little to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// There is too little to tell.
    CannotTell,
}

/// One letter of SMART.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SmartRow {
    /// `S`, `M`, `A`, `R` or `T`.
    pub letter: String,
    /// Whether it holds.
    pub answer: Answer,
    /// Why, with the numbers it was computed from.
    pub why: String,
}

/// A quarter's number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actual {
    /// The quarter.
    pub period: Period,
    /// Its number, in the metric's unit (shares as fractions).
    pub value: f64,
}

/// Five percentiles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fan {
    /// 10th percentile.
    pub p10: f64,
    /// 30th percentile.
    pub p30: f64,
    /// Median.
    pub p50: f64,
    /// 70th percentile.
    pub p70: f64,
    /// 90th percentile.
    pub p90: f64,
}

/// What one method says, or why it says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MethodRow {
    /// It has inputs.
    Given {
        /// `trend`, `benchmark`, `market`, `initiatives` or `objective`.
        name: String,
        /// 10th percentile of what it says the period's number will or must be.
        p10: f64,
        /// Median.
        p50: f64,
        /// 90th percentile.
        p90: f64,
        /// Its variants (several paths to a share, several benchmarks, several stretches), one at least.
        variants: Vec<Variant>,
    },
    /// It has none.
    Missing {
        /// Its name.
        name: String,
        /// What it would need.
        missing: String,
    },
}

/// One way a method arrives at a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Which way, in words.
    pub label: String,
    /// 10th percentile; all three equal where it gives a single number.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// How it was worked out, step by step with its numbers, for the appendix.
    #[serde(skip)]
    pub workings: Vec<String>,
}

/// Three levels of ambition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offers {
    /// What can be promised: at least 80 %, or the target's confidence where that is higher.
    pub commit: Option<Offer>,
    /// The target.
    pub target: Option<Offer>,
    /// What would be a great quarter: at most 30 %.
    pub stretch: Option<Offer>,
}

/// A value and its chances.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// The value as printed.
    pub value: f64,
    /// The chance of meeting it with the plan and judgements; `None` where there is too little history.
    pub p_hit: Option<f64>,
    /// The chance without the plan.
    pub p_hit_without_plan: Option<f64>,
}

/// How claims of a level came true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimRecord {
    /// How many past claims.
    pub n: usize,
    /// The quarters they were about, oldest first.
    pub quarters: Vec<Period>,
    /// How many should have come true.
    pub expected: f64,
    /// How many did.
    pub hit: usize,
    /// Lower end of the range that chance alone allows for `hit` in 9 of 10 cases, were the claims right.
    pub low: usize,
    /// Upper end of it.
    pub high: usize,
    /// The level claimed.
    pub level: f64,
    /// `backtest` or `ledger`.
    pub source: String,
}

/// A guard's reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GuardRow {
    /// The metric watched.
    pub metric: String,
    /// Its limit in the metric's unit; `None` where it cannot be told yet.
    pub limit: Option<f64>,
    /// The chance that any reading of the period breaches it, with the plan; `None` without history.
    pub p_breach: Option<f64>,
    /// The same without the plan.
    pub p_breach_without_plan: Option<f64>,
    /// Whether the limit is an upper one.
    pub at_most: bool,
    /// How many alarms a year it gives without any plan, on average: all of them false. `None` without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_alarms: Option<f64>,
    /// Who acts.
    pub owner: Option<String>,
    /// The rule in words.
    pub rule: String,
    /// The metric's label.
    #[serde(skip)]
    pub label: String,
    /// The metric's unit.
    #[serde(skip)]
    pub unit: Option<Unit>,
}

/// Something a reader must be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flag {
    /// `impossible`, `moonshot`, `sandbagged`, `methods_disagree`, `unexplained_gap`, `one_legged`, `too_little_history`,
    /// `set_mid_period`, `claims_missed`, …
    pub code: String,
    /// With its evidence, in a sentence.
    pub message: String,
}

/// A target's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Proposed, not accepted.
    Proposed,
    /// Proposed, and refused.
    Rejected,
    /// Accepted.
    Accepted,
    /// Its definition has changed since.
    Stale,
    /// Changed after acceptance.
    Amended,
    /// Withdrawn.
    Dropped,
    /// The period is over.
    Closed,
}

/// The chances of meeting several targets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Joint {
    /// Of meeting all; `None` where no target has a chance.
    pub p_all: Option<f64>,
    /// Without the plan.
    pub p_all_without_plan: Option<f64>,
    /// Of meeting at least so many.
    pub p_at_least: Vec<AtLeast>,
    /// Targets that have no chance of their own, and are left out.
    pub excluded: Vec<String>,
    /// Of meeting all, were metrics independent of each other.
    pub p_all_independent: Option<f64>,
    /// Of meeting all, were every correlation higher by 0.2.
    pub p_all_more_dependent: Option<f64>,
    /// What one target says of another: every ordered pair. A ledger does not keep them, for they follow from the same paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditional: Vec<Conditional>,
}

impl Joint {
    /// What of it a ledger keeps.
    pub fn kept(&self) -> Joint {
        Joint { conditional: Vec::new(), ..self.clone() }
    }
}

/// What missing or meeting one target says of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conditional {
    /// The target that is met or missed, its slice in brackets.
    pub given: String,
    /// The other.
    pub target: String,
    /// The other's chance.
    pub p: f64,
    /// Its chance where the first is missed; `None` with fewer than 400 paths behind it.
    pub p_if_missed: Option<f64>,
    /// Its chance where the first is met; `None` with fewer than 400 paths behind it.
    pub p_if_met: Option<f64>,
    /// Paths that miss the first.
    pub paths_missed: usize,
    /// Paths that meet it.
    pub paths_met: usize,
}

/// The chance of meeting at least `k` targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AtLeast {
    /// How many.
    pub k: usize,
    /// The chance.
    pub p: f64,
}

/// A target read against the goal of a longer period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Longer {
    /// The longer period.
    pub period: Period,
    /// Its goal, in the metric's unit.
    pub goal: f64,
    /// What is left of it; `None` in its last quarter.
    pub rest: Option<Rest>,
    /// The chance of the goal with what is known and both plans; `None` where there is no forecast of it.
    pub p_hit: Option<f64>,
    /// All of it in sentences.
    pub words: String,
}

/// What is left of a longer period's goal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rest {
    /// Which part of the goal the target is, where the metric is a total.
    pub share: Option<f64>,
    /// What the rest needs: a total, an average, or a way to go.
    pub needs: f64,
    /// What the same quarters came to a year before; `None` where they are not all known.
    pub before: Option<f64>,
}

/// What an input must reach.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Implied {
    /// The input's metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    #[serde(serialize_with = "as_text")]
    #[schemars(with = "String")]
    pub unit: Unit,
    /// The latest complete quarter.
    pub last: Option<f64>,
    /// Where it is expected with everything.
    pub expected: f64,
    /// Its part in the least effort that makes the target; the printed values of all parts make it.
    pub needed: f64,
    /// What it must be by itself, all others as expected; `None` where no value of it is enough.
    pub alone: Option<f64>,
    /// Share of past quarters at or below what is needed; `None` without history.
    pub percentile: Option<f64>,
    /// How many past quarters.
    pub n: usize,
    /// The chance that it gets that far by itself, with everything.
    pub p_reach: Option<f64>,
    /// What its own inputs must be.
    pub inputs: Vec<Implied>,
}

fn as_text<S: serde::Serializer>(unit: &Unit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&unit.text)
}
