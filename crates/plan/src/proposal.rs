//! A proposal: what is proposed for a period, with everything a page says about it.
//!
//! Serialised, it is the JSON that scripts read; what only pages need is skipped there.

use crate::offer::Odds;
use crate::pace::Pace;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{Claim, Dependence, ModelReport};
use quarterdeck_lang::model::{Estimate, Grade, Tier, Unit};
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
    /// What it is of the goals of longer periods, the shortest first.
    pub longer: Vec<Longer>,
    /// The path to the target over the period; `None` without a forecast.
    pub pace: Option<Pace>,
    /// The chance of any value, for those a person asks about; `None` without a forecast.
    pub odds: Option<Odds>,
}

/// A target read against the goal of a longer period.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    /// Which part of the goal the target is, where the metric is a total.
    pub share: Option<f64>,
    /// What the rest needs: a total, an average, or a way to go.
    pub needs: f64,
    /// What the same quarters came to a year before; `None` where they are not all known.
    pub before: Option<f64>,
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
