//! What if: a metric held somewhere or moved, an initiative dropped, a scenario taken; and what a target would take.
//!
//! Flows in: the same as for a proposal, and a [`Question`]. Flows out: every target in every scenario, doing nothing first;
//! every other metric that moved; for each target asked about, what it would take. A change reaches other metrics through
//! identities alone: what is only believed to drive another metric moves nothing here, and the answer names it.

use crate::effect::{Choice, Kind, Lined, Moved};
use crate::implied::{self, Ground};
use crate::offer::{Draws, three, tidy};
use crate::outlook::{self, Inputs};
use crate::proposal::{Implied, TargetProposal};
use crate::propose::{PlanError, Ready, check, chosen, prepared};
use crate::wording::{self, chance, list};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::Outlook;
use quarterdeck_lang::model::{Better, Moves, Scenario, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Metrics held at a level on every path.
    pub held: Vec<(String, f64)>,
    /// Metrics moved by a change on every path.
    pub moves: Vec<Moves>,
    /// Initiatives left out, by name.
    pub without: Vec<String>,
    /// A scenario of the plan, by name.
    pub scenario: Option<String>,
    /// Targets: what would they take?
    pub targets: Vec<(String, f64)>,
    /// Values that stand in a ledger, by series name, in place of those proposed now.
    pub standing: BTreeMap<String, f64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
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
    /// Doing nothing, the plan, the scenarios of the plan, and last what was asked.
    pub scenarios: Vec<ScenarioAnswer>,
    /// Metrics without a target that what was asked moves.
    pub moved: Vec<MovedMetric>,
    /// What targets would take.
    pub asks: Vec<Ask>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// One way the period may go.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ScenarioAnswer {
    /// Its label.
    pub label: String,
    /// Every target in it.
    pub targets: Vec<TargetAnswer>,
    /// The chance of meeting all that have one.
    pub p_all: Option<f64>,
}

/// A target in a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TargetAnswer {
    /// The metric, its slice in brackets.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    #[serde(skip)]
    pub unit: Option<Unit>,
    /// The target's value; `None` where none could be proposed.
    pub target: Option<f64>,
    /// 10th percentile of the period's number.
    pub p10: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// The chance of meeting the target.
    pub p_hit: Option<f64>,
}

/// A metric that moved.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MovedMetric {
    /// The metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    #[serde(skip)]
    pub unit: Option<Unit>,
    /// Its middle with the plan.
    pub before: f64,
    /// Its middle with what was asked.
    pub after: f64,
}

/// What a target would take.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ask {
    /// The metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    #[serde(skip)]
    pub unit: Option<Unit>,
    /// The value asked about.
    pub value: f64,
    /// The chance of meeting it with the plan.
    pub p_hit: Option<f64>,
    /// Without the plan.
    pub p_hit_without_plan: Option<f64>,
    /// The chance a target of this metric is to have.
    pub confidence: f64,
    /// The value that is met with that chance.
    pub at_confidence: Option<f64>,
    /// What has to be added to the middle of all paths for the value to be met with that chance.
    pub short_by: Option<f64>,
    /// What its inputs must be, with the least effort together, and each alone.
    pub inputs: Vec<Implied>,
    /// In how many past quarters it was met, and of how many.
    pub met_before: (usize, usize),
    /// The same in sentences.
    pub sentences: Vec<String>,
}

/// The name that the question's own scenario goes by; no plan can have one of this name.
const ASKED: &str = "what if";

/// Answers a question about a period.
///
/// # Errors
/// [`PlanError`] where the period makes no sense. Names the model does not know are left out; a front end checks them first.
pub fn whatif(inputs: &Inputs<'_>, period: Period, question: &Question) -> Result<Answer, PlanError> {
    check(inputs, period)?;
    whatif_from(inputs, period, question, &outlook::forecast(inputs, &[period]))
}

/// The same from a forecast that is there already.
///
/// # Errors
/// As [`whatif`].
pub fn whatif_from(
    inputs: &Inputs<'_>,
    period: Period,
    question: &Question,
    outlook: &Outlook,
) -> Result<Answer, PlanError> {
    check(inputs, period)?;
    let asked = scenario(inputs, period, question);
    Ok(prepared(inputs, period, outlook, std::slice::from_ref(&asked), |ready| answer(ready, question, &asked)))
}

/// The question as a scenario: that of the plan it starts from, and what is asked besides.
fn scenario(inputs: &Inputs<'_>, period: Period, question: &Question) -> Scenario {
    let plan = inputs.model.plans.get(&period);
    let named = question.scenario.as_ref().zip(plan);
    let base = named.and_then(|(name, plan)| plan.scenarios.iter().find(|scenario| scenario.name == *name)).cloned();
    let mut asked = base.unwrap_or_else(|| Scenario {
        name: String::new(),
        label: String::new(),
        without: Vec::new(),
        with: Vec::new(),
        moves: Vec::new(),
        place: Default::default(),
    });
    asked.name = ASKED.into();
    asked.label = "What if".into();
    asked.without.extend(question.without.iter().cloned());
    asked.moves.extend(question.moves.iter().cloned());
    asked
}

fn answer(ready: &Ready<'_>, question: &Question, asked: &Scenario) -> Answer {
    let Ready { inputs, period, world, states, .. } = *ready;
    let calendar = &inputs.model.settings.calendar;
    let everything = world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]);
    let held: BTreeMap<usize, f64> =
        question.held.iter().filter_map(|(name, value)| Some((world.place(name)?, *value))).collect();
    let none = BTreeMap::new();
    let row = |label: &str, chosen: &[Choice], held: &BTreeMap<usize, f64>| {
        let moved = world.with_fixed(chosen, Lined::Up, held);
        let together = world.with_fixed(chosen, Lined::ByScenario, held);
        ScenarioAnswer {
            label: label.to_owned(),
            p_all: p_all(ready, question, &moved, &together),
            targets: targets(ready, question, &moved),
        }
    };
    let mut scenarios = vec![row("Doing nothing", &[], &none)];
    if let Some(plan) = inputs.model.plans.get(&period) {
        scenarios.push(row("The plan", &everything, &none));
        for scenario in &plan.scenarios {
            scenarios.push(row(&scenario.label, &chosen(world, scenario, &everything), &none));
        }
    }
    let ask =
        !question.held.is_empty() || !asked.without.is_empty() || !asked.moves.is_empty() || !asked.with.is_empty();
    let own = chosen(world, asked, &everything);
    let mut moved = Vec::new();
    if ask {
        scenarios.push(row(&asked.label, &own, &held));
        moved = others(ready, &world.with_fixed(&own, Lined::Up, &held));
    }
    Answer {
        period,
        starts: calendar.starts(period),
        ends: calendar.ends(period),
        as_of: inputs.as_of,
        seed: inputs.seed,
        version: inputs.version.to_owned(),
        scenarios,
        moved,
        asks: question
            .targets
            .iter()
            .filter_map(|(name, value)| takes(ready, name, *value, &states.everything))
            .collect(),
        notes: notes(ready, question, asked),
    }
}

/// The target that counts: that of a ledger, else the one proposed.
fn value_of(question: &Question, name: &str, proposal: &TargetProposal) -> Option<f64> {
    question.standing.get(name).copied().or_else(|| proposal.proposed.target.map(|offer| offer.value))
}

fn targets(ready: &Ready<'_>, question: &Question, moved: &Moved<'_>) -> Vec<TargetAnswer> {
    let of = |(case, proposal): (&crate::method::Case<'_>, &TargetProposal)| {
        let target = value_of(question, case.name, proposal);
        let draws = ready.world.place(case.name).and_then(|node| Draws::new(moved.get(node)));
        let p = draws.as_ref().zip(case.metric.better).zip(target).map(|((draws, better), v)| draws.chance(better, v));
        let at = |p: f64| draws.as_ref().map(|draws| draws.at(p));
        TargetAnswer {
            metric: case.name.to_owned(),
            label: case.metric.label.clone(),
            unit: Some(case.metric.unit.clone()),
            target,
            p10: at(0.1),
            p50: at(0.5),
            p90: at(0.9),
            p_hit: p.map(three),
        }
    };
    ready.cases.iter().zip(ready.targets).map(of).collect()
}

/// The chance of meeting all targets that have one; never above the smallest of theirs.
fn p_all(ready: &Ready<'_>, question: &Question, moved: &Moved<'_>, together: &Moved<'_>) -> Option<f64> {
    let mut least = 1.0_f64;
    let mut hits: Vec<Vec<bool>> = Vec::new();
    for (case, proposal) in ready.cases.iter().zip(ready.targets) {
        let (Some(node), Some(better), Some(value)) =
            (ready.world.place(case.name), case.metric.better, value_of(question, case.name, proposal))
        else {
            continue;
        };
        let Some(draws) = Draws::new(moved.get(node)) else { continue };
        least = least.min(draws.chance(better, value));
        hits.push(together.by_scenario(node).iter().map(|number| crate::offer::hit(better, value, *number)).collect());
    }
    let rows: Vec<&[bool]> = hits.iter().map(Vec::as_slice).collect();
    (!rows.is_empty()).then(|| three(crate::joint::all(&rows).min(least)))
}

/// Metrics without a target that are elsewhere than with the plan.
fn others(ready: &Ready<'_>, moved: &Moved<'_>) -> Vec<MovedMetric> {
    let Ready { inputs, world, states, .. } = *ready;
    let of = |(place, node): (usize, &crate::effect::Node)| {
        let metric = inputs.metric(&node.name)?;
        let (before, after) = (states.everything.get(place), moved.get(place));
        if before == after || ready.cases.iter().any(|case| case.name == node.name) {
            return None;
        }
        let middle = |values: &[f64]| Some(tidy(Draws::new(values)?.at(0.5)));
        Some(MovedMetric {
            metric: node.name.clone(),
            label: metric.label.clone(),
            unit: Some(metric.unit.clone()),
            before: middle(before)?,
            after: middle(after)?,
        })
    };
    let mut found: Vec<MovedMetric> = world.nodes().iter().enumerate().filter_map(of).collect();
    found.sort_by(|a, b| a.metric.cmp(&b.metric));
    found
}

/// What a target would take.
fn takes(ready: &Ready<'_>, name: &str, value: f64, everything: &Moved<'_>) -> Option<Ask> {
    let Ready { inputs, world, states, .. } = *ready;
    let metric = inputs.metric(name)?;
    let case = ready.cases.iter().find(|case| case.name == name);
    let facts = crate::facts::Facts::all(inputs, ready.period);
    let better = metric.better.unwrap_or(Better::Higher);
    let confidence = case.map_or(0.6, |case| case.target.confidence);
    let node = world.place(name);
    let draws = node.and_then(|node| Draws::new(everything.get(node)));
    let without = node.and_then(|node| Draws::new(states.base.get(node)));
    let at_confidence = draws.as_ref().map(|draws| draws.met_with(better, confidence));
    let ground = Ground { inputs, world, facts: &facts, moved: everything };
    let quarters = facts.get(name).map(|facts| facts.quarters.as_slice()).unwrap_or_default();
    let met = quarters.iter().filter(|quarter| crate::offer::hit(better, value, quarter.value)).count();
    let mut ask = Ask {
        metric: name.to_owned(),
        label: metric.label.clone(),
        unit: Some(metric.unit.clone()),
        value,
        p_hit: draws.as_ref().map(|draws| three(draws.chance(better, value))),
        p_hit_without_plan: without.map(|draws| three(draws.chance(better, value))),
        confidence,
        at_confidence,
        short_by: at_confidence.map(|at| tidy(value - at)),
        inputs: node.map(|node| implied::implied(&ground, node, better, value)).unwrap_or_default(),
        met_before: (met, quarters.len()),
        sentences: Vec::new(),
    };
    ask.sentences = sentences(&ask, metric, better);
    Some(ask)
}

fn sentences(ask: &Ask, metric: &quarterdeck_lang::model::Metric, better: Better) -> Vec<String> {
    let level = |value: f64| wording::level(value, &metric.unit);
    let mut said = Vec::new();
    match (ask.p_hit, ask.at_confidence, ask.short_by) {
        (Some(p), Some(at), Some(short)) => {
            let wanted = chance(ask.confidence);
            let towards = if better == Better::Lower { -short } else { short };
            said.push(if towards <= 0.0 {
                format!("The plan makes it with {}: {} is met with the wanted {wanted}.", chance(p), level(at))
            } else {
                let more = wording::difference(short.abs(), &metric.unit);
                let word = if better == Better::Lower { "lower" } else { "more" };
                format!("The plan makes it with {}. For {wanted} every path needs {more} {word}: today {} is met with that chance.", chance(p), level(at))
            });
        }
        _ => said.push("Cannot tell (n = 0): there is no forecast of it.".into()),
    }
    let (met, of) = ask.met_before;
    said.push(match of {
        0 => "It has no whole past quarter to compare with.".to_owned(),
        of => format!("It was met in {met} of {of} past quarters."),
    });
    let out: Vec<String> = implied::out_of_reach(&ask.inputs).iter().map(|input| input.label.clone()).collect();
    if !out.is_empty() {
        said.push(format!("{} cannot be expected to get there: under 1 % of paths do.", list(&out)));
    }
    said
}

fn notes(ready: &Ready<'_>, question: &Question, asked: &Scenario) -> Vec<String> {
    let model = ready.inputs.model;
    let mut notes = Vec::new();
    let named: Vec<&str> = question
        .held
        .iter()
        .map(|(name, _)| name.as_str())
        .chain(asked.moves.iter().map(|moves| moves.metric.as_str()))
        .collect();
    for name in named {
        let Some(metric) = model.metrics.get(name) else { continue };
        if ready.world.place(name).is_none_or(|node| ready.states.base.get(node).is_empty()) {
            notes.push(format!("{} has no forecast, so nothing follows from it.", metric.label));
        }
        let driven: Vec<String> =
            metric.drives.iter().filter_map(|edge| Some(model.metrics.get(&edge.metric)?.label.clone())).collect();
        if !driven.is_empty() {
            notes.push(format!(
                "{} is believed to drive {}: a belief moves nothing here; qd tree --validate tests it.",
                metric.label,
                list(&driven)
            ));
        }
    }
    notes
}

#[cfg(test)]
#[path = "whatif/tests.rs"]
mod tests;
