//! What each initiative is worth to the plan's chances: with everything, against everything but it.
//!
//! Chances gained add over targets to the number of targets met on average; that per week of work and per unit of money is what
//! initiatives are ranked by. A start four weeks later tells which date carries the most.

use crate::effect::{self, Choice, Course, Kind, Lined, Moved};
use crate::facts::Facts;
use crate::method::Case;
use crate::offer::{Draws, three, tidy};
use crate::outlook::{self, Inputs};
use crate::proposal::TargetProposal;
use crate::propose::{PlanError, Ready, check, prepared};
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::Outlook;
use quarterdeck_lang::model::{Estimate, Initiative, Outcome, OutcomeKind, Plan};
use schemars::JsonSchema;
use serde::Serialize;

/// By how many days a start slips to see what hangs on it.
const LATE: u64 = 28;

/// The initiatives of a period, the best per week of work first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ranking {
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
    /// The workspace's currency.
    pub currency: String,
    /// How many targets are met on average with the plan.
    pub targets_met: f64,
    /// The chance of meeting all, with the plan.
    pub p_all: Option<f64>,
    /// The initiatives, by targets met more per week of work, then per unit of money, then in all.
    pub initiatives: Vec<Gain>,
    /// The initiative whose ship date carries the most targets met; `None` where none carries any.
    pub ship_date: Option<String>,
    /// Teams against their capacity, by name.
    pub teams: Vec<TeamLoad>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// What an initiative is worth.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Gain {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Who does it.
    pub owner: Option<String>,
    /// Whose capacity it takes.
    pub team: Option<String>,
    /// The chance that it ships.
    pub ships: f64,
    /// When its effect begins.
    pub starts: NaiveDate,
    /// Person-weeks.
    pub effort: Option<Money>,
    /// In the workspace's currency.
    pub cost: Option<Money>,
    /// What its effect over the period is worth, in the workspace's currency; `None` where nothing it moves has a worth.
    pub worth: Option<Money>,
    /// Targets whose chance it changes, the largest gain first.
    pub targets: Vec<TargetGain>,
    /// How many targets more are met on average with it than without.
    pub gain: f64,
    /// The chance of meeting all that it adds.
    pub p_all_gain: Option<f64>,
    /// Targets met more per person-week; `None` without an effort.
    pub per_week: Option<f64>,
    /// Targets met more per 10,000 of the workspace's currency; `None` without a cost.
    pub per_10k: Option<f64>,
    /// How many targets fewer are met on average where it starts four weeks later; `None` where it has shipped.
    pub late_loss: Option<f64>,
    /// The chance of meeting all that those four weeks cost.
    pub late_loss_p_all: Option<f64>,
}

/// A quantity with its range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Money {
    /// Lower end.
    pub low: f64,
    /// The middle.
    pub mid: f64,
    /// Upper end.
    pub high: f64,
}

impl Money {
    fn of(estimate: &Estimate) -> Money {
        Money { low: estimate.low, mid: estimate.mid, high: estimate.high }
    }
}

/// What an initiative does for a target.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TargetGain {
    /// The metric, its slice in brackets.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// The chance with everything.
    pub p_with: f64,
    /// The chance with everything but it.
    pub p_without: f64,
    /// The chance with it alone, without the rest of the plan.
    pub p_alone: f64,
}

/// A team's work against its capacity.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TeamLoad {
    /// The team.
    pub team: String,
    /// Person-weeks it has in the period; `None` where quarterdeck.toml does not say.
    pub capacity: Option<f64>,
    /// Person-weeks its initiatives take.
    pub effort: Money,
    /// Initiatives that state no effort.
    pub unsized_work: Vec<String>,
}

/// Ranks the initiatives of a period's plan.
///
/// # Errors
/// [`PlanError`] where the period makes no sense.
pub fn rank(inputs: &Inputs<'_>, period: Period) -> Result<Ranking, PlanError> {
    check(inputs, period)?;
    rank_from(inputs, period, &outlook::forecast(inputs, &[period]))
}

/// The same from a forecast that is there already.
///
/// # Errors
/// As [`rank`].
pub fn rank_from(inputs: &Inputs<'_>, period: Period, outlook: &Outlook) -> Result<Ranking, PlanError> {
    check(inputs, period)?;
    Ok(prepared(inputs, period, outlook, &[], |ready| ranking(ready, outlook)))
}

/// How many targets are met on average and the chance of all, with some groups.
#[derive(Clone, Debug)]
struct Met {
    each: Vec<Option<f64>>,
    all: Option<f64>,
}

impl Met {
    fn of(ready: &Ready<'_>, up: &Moved<'_>, lined: &Moved<'_>) -> Met {
        let one = |(case, proposal): (&Case<'_>, &TargetProposal)| {
            let offer = proposal.proposed.target?;
            let (node, better) = (ready.world.place(case.name)?, case.metric.better?);
            Some(Draws::new(up.get(node))?.chance(better, offer.value))
        };
        let each: Vec<Option<f64>> = ready.cases.iter().zip(ready.targets).map(one).collect();
        let hits = ready.hits(lined);
        let rows: Vec<&[bool]> = hits.iter().map(Vec::as_slice).collect();
        let least = each.iter().flatten().copied().fold(1.0, f64::min);
        Met { all: (!rows.is_empty()).then(|| crate::joint::all(&rows).min(least)), each }
    }

    fn sum(&self) -> f64 {
        self.each.iter().flatten().sum()
    }
}

fn ranking(ready: &Ready<'_>, outlook: &Outlook) -> Ranking {
    let Ready { inputs, period, world, .. } = *ready;
    let calendar = &inputs.model.settings.calendar;
    let everything = world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]);
    let met =
        |chosen: &[Choice]| Met::of(ready, &world.with(chosen, Lined::Up), &world.with(chosen, Lined::ByScenario));
    let with = met(&everything);
    let plan = inputs.model.plans.get(&period);
    let mut initiatives: Vec<Gain> = Vec::new();
    for initiative in plan.into_iter().flat_map(|plan| &plan.initiatives) {
        let group = world.groups().iter().position(|g| g.kind == Kind::Initiative && g.name == initiative.name);
        let Some(group) = group else { continue };
        let rest: Vec<Choice> = everything.iter().filter(|choice| choice.group != group).copied().collect();
        let late = plan.and_then(|plan| late(ready, outlook, plan, initiative));
        initiatives.extend(gain(ready, initiative, (&with, met(&rest), late), group));
    }
    initiatives.sort_by(|a, b| {
        let key = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
        let by = |of: fn(&Gain) -> Option<f64>| key(of(b)).total_cmp(&key(of(a)));
        by(|g| g.per_week).then(by(|g| g.per_10k)).then(by(|g| Some(g.gain))).then(a.name.cmp(&b.name))
    });
    let carries = initiatives.iter().filter(|gain| gain.late_loss.is_some_and(|loss| loss >= 0.0005));
    let most = carries.max_by(|a, b| a.late_loss.unwrap_or(0.0).total_cmp(&b.late_loss.unwrap_or(0.0)));
    Ranking {
        period,
        starts: calendar.starts(period),
        ends: calendar.ends(period),
        as_of: inputs.as_of,
        seed: inputs.seed,
        version: inputs.version.to_owned(),
        currency: inputs.model.settings.currency.clone(),
        targets_met: three(with.sum()),
        p_all: with.all.map(three),
        ship_date: most.map(|gain| gain.name.clone()),
        notes: notes(&initiatives, plan),
        initiatives,
        teams: plan.map(|plan| teams(inputs, period, plan)).unwrap_or_default(),
    }
}

fn notes(initiatives: &[Gain], plan: Option<&Plan>) -> Vec<String> {
    let Some(plan) = plan else { return vec!["There is no plan for this period, so there are no initiatives.".into()] };
    let mut notes = Vec::new();
    if plan.initiatives.is_empty() {
        notes.push("The plan has no initiatives.".to_owned());
    }
    let idle: Vec<String> =
        initiatives.iter().filter(|gain| gain.targets.is_empty()).map(|gain| gain.label.clone()).collect();
    if !idle.is_empty() {
        notes.push(format!("Moves the chance of no target: {}.", crate::wording::list(&idle)));
    }
    let dropped: Vec<String> = plan
        .initiatives
        .iter()
        .filter(|initiative| Course::of(initiative).is_none())
        .map(|initiative| initiative.label.clone())
        .collect();
    if !dropped.is_empty() {
        notes.push(format!("Dropped, and left out: {}.", crate::wording::list(&dropped)));
    }
    notes
}

fn gain(ready: &Ready<'_>, initiative: &Initiative, met: (&Met, Met, Option<Met>), group: usize) -> Option<Gain> {
    let (with, rest, late) = met;
    let course = Course::of(initiative)?;
    let alone = ready.states.alone.get(group)?;
    let calendar = &ready.inputs.model.settings.calendar;
    let mut targets: Vec<TargetGain> = Vec::new();
    for (at, case) in ready.cases.iter().enumerate() {
        let each = |met: &Met| met.each.get(at).copied().flatten();
        let (Some(p_with), Some(p_without), Some(node)) = (each(with), each(&rest), ready.world.place(case.name))
        else {
            continue;
        };
        let offer = ready.targets.get(at).and_then(|proposal| proposal.proposed.target);
        let chance = offer.zip(case.metric.better).zip(Draws::new(alone.get(node)));
        let p_alone = chance.map_or(p_with, |((offer, better), draws)| draws.chance(better, offer.value));
        if alone.reached(node) {
            targets.push(TargetGain {
                metric: case.name.to_owned(),
                label: case.metric.label.clone(),
                p_with: three(p_with),
                p_without: three(p_without),
                p_alone: three(p_alone),
            });
        }
    }
    targets.sort_by(|a, b| (b.p_with - b.p_without).total_cmp(&(a.p_with - a.p_without)).then(a.metric.cmp(&b.metric)));
    let gain = with.sum() - rest.sum();
    let per = |size: Option<Estimate>, unit: f64| {
        size.map(|size| size.mid).filter(|size| *size > 0.0).map(|size| tidy(gain / size * unit))
    };
    let difference = |a: Option<f64>, b: Option<f64>| Some(three(a? - b?));
    Some(Gain {
        name: initiative.name.clone(),
        label: initiative.label.clone(),
        owner: initiative.owner.clone(),
        team: initiative.team.clone(),
        ships: course.ships,
        starts: course.starts.unwrap_or(calendar.starts(ready.period)),
        effort: initiative.effort.as_ref().map(Money::of),
        cost: initiative.cost.as_ref().map(Money::of),
        worth: worth(ready, alone),
        targets,
        gain: three(gain),
        p_all_gain: difference(with.all, rest.all),
        per_week: per(initiative.effort, 1.0),
        per_10k: per(initiative.cost, 10_000.0),
        late_loss: late.as_ref().map(|late| three(with.sum() - late.sum())),
        late_loss_p_all: late.as_ref().and_then(|late| difference(with.all, late.all)),
    })
}

/// Everything with one initiative four weeks later; `None` where it has shipped or was dropped.
fn late(ready: &Ready<'_>, outlook: &Outlook, plan: &Plan, initiative: &Initiative) -> Option<Met> {
    let Ready { inputs, period, .. } = *ready;
    let course = Course::of(initiative)?;
    let shipped = initiative.outcomes.iter().any(|outcome| matches!(outcome.kind, OutcomeKind::Shipped(_)));
    let starts = course.starts.unwrap_or(inputs.model.settings.calendar.starts(period));
    if shipped || starts <= inputs.as_of {
        return None;
    }
    let slipped = OutcomeKind::Slipped(starts.checked_add_days(Days::new(LATE))?);
    let mut plan = plan.clone();
    let own = plan.initiatives.iter_mut().find(|other| other.name == initiative.name)?;
    own.outcomes.push(Outcome { kind: slipped, because: None });
    let facts = Facts::all(inputs, period);
    let world = effect::build(inputs, period, outlook, &facts, Some(&plan), &[]);
    let everything = world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]);
    Some(Met::of(ready, &world.with(&everything, Lined::Up), &world.with(&everything, Lined::ByScenario)))
}

/// What the effect of an initiative is worth over the period: of the metrics it reaches that have a worth, those that are part
/// of no other such one, so that nothing counts twice.
fn worth(ready: &Ready<'_>, alone: &Moved<'_>) -> Option<Money> {
    let Ready { inputs, period, world, .. } = *ready;
    let facts = Facts::all(inputs, period);
    let reached: Vec<(usize, Estimate, f64)> = world
        .nodes()
        .iter()
        .enumerate()
        .filter_map(|(place, node)| {
            let metric = inputs.model.metrics.get(&node.name)?;
            let worth = metric.worth.filter(|_| alone.reached(place))?;
            Some((place, worth, facts.get(&node.name)?.to_total))
        })
        .collect();
    let mut sum = Money { low: 0.0, mid: 0.0, high: 0.0 };
    let mut any = false;
    for (place, worth, total) in &reached {
        if reached.iter().any(|(other, ..)| world.reaches(*other, *place)) {
            continue;
        }
        let base = &world.nodes().get(*place)?.base;
        let mut adds: Vec<f64> =
            alone.get(*place).iter().zip(base).map(|(after, before)| total * (after - before)).collect();
        adds.sort_by(f64::total_cmp);
        let at = |p: f64| quarterdeck_forecast::distribution::quantile_sorted(&adds, p).unwrap_or(0.0);
        let mean = adds.iter().sum::<f64>() / adds.len().max(1) as f64;
        // The ends of both ranges together, whichever sign the effect has.
        let ends = [at(0.1) * worth.low, at(0.1) * worth.high, at(0.9) * worth.low, at(0.9) * worth.high];
        sum.low += ends.iter().copied().fold(f64::INFINITY, f64::min);
        sum.high += ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        sum.mid += mean * worth.mid;
        any = true;
    }
    any.then(|| Money { low: tidy(sum.low), mid: tidy(sum.mid), high: tidy(sum.high) })
}

fn teams(inputs: &Inputs<'_>, period: Period, plan: &Plan) -> Vec<TeamLoad> {
    let quarters = match period.grain() {
        Grain::Year => 4.0,
        Grain::Half => 2.0,
        _ => 1.0,
    };
    let settings = &inputs.model.settings;
    let mut names: Vec<&String> = settings.teams.keys().collect();
    names.extend(plan.initiatives.iter().filter_map(|initiative| initiative.team.as_ref()));
    names.sort();
    names.dedup();
    let load = |name: &&String| {
        let of = |initiative: &&Initiative| initiative.team.as_ref() == Some(*name) && Course::of(initiative).is_some();
        let work: Vec<&Initiative> = plan.initiatives.iter().filter(of).collect();
        let sum = |end: fn(&Estimate) -> f64| work.iter().filter_map(|each| each.effort.as_ref()).map(end).sum();
        TeamLoad {
            team: (*name).clone(),
            capacity: settings.teams.get(*name).map(|team| team.capacity * quarters),
            effort: Money { low: sum(|e| e.low), mid: sum(|e| e.mid), high: sum(|e| e.high) },
            unsized_work: work.iter().filter(|each| each.effort.is_none()).map(|each| each.label.clone()).collect(),
        }
    };
    names.iter().map(load).collect()
}

#[cfg(test)]
#[path = "gains/tests.rs"]
mod tests;
