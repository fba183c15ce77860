//! A period's target read against the goals of longer periods: what it is of the year's, and what the rest then needs.
//!
//! Goals are those that are set, `plan 2027 { target orders { set: 40_000 … } }`, or that were accepted for the longer period
//! (whoever has the ledger writes them into the model, see [`in_force::model`](crate::propose::in_force::model)). A total is
//! parted by adding, an average or a share by the days of its quarters, what is read at the end is a way still to go.

use crate::Inputs;
use crate::method::Case;
use crate::offer::three;
use crate::proposal::{Longer, Rest, TargetProposal};
use crate::propose::in_force::bare;
use crate::scene::{Scene, draws};
use crate::wording::{chance, level, percent};
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Reads;
use std::collections::BTreeSet;

/// Says of every goal of a longer period how likely it is now: with what is known, the longer plan, and the initiatives of
/// this one.
pub fn goals(inputs: &Inputs<'_>, period: Period, targets: &mut [TargetProposal]) {
    let longer: BTreeSet<Period> =
        targets.iter().flat_map(|target| &target.findings.goals).map(|longer| longer.period).collect();
    for whole in longer {
        let model = with_initiatives(inputs.model, whole, period);
        let inputs = Inputs { model: &model, ..inputs.clone() };
        let scene = Scene::new(&inputs, whole);
        let everything = scene.everything();
        for target in &mut *targets {
            let name = target
                .slice
                .as_ref()
                .map_or_else(|| target.metric.clone(), |slice| format!("{}[{slice}]", target.metric));
            let better = model.metrics.get(&target.metric).and_then(|metric| metric.better);
            let Some((better, draws)) = better.zip(draws(&everything, &scene.world, &name)) else { continue };
            for longer in target.findings.goals.iter_mut().filter(|longer| longer.period == whole) {
                let p = draws.chance(better, longer.goal);
                longer.p_hit = Some(three(p));
                longer.words.push_str(&format!(" As things stand it is met with {}.", chance(p)));
            }
        }
    }
}

/// The model whose longer plan has the initiatives of a shorter one too.
fn with_initiatives(model: &Model, whole: Period, part: Period) -> Model {
    let mut model = model.clone();
    let further = model.plans.get(&part).map(|plan| plan.initiatives.clone()).unwrap_or_default();
    let plan = model.plans.entry(whole).or_insert_with(|| bare(whole, Vec::new()));
    for initiative in further {
        if plan.initiatives.iter().all(|known| known.name != initiative.name) {
            plan.initiatives.push(initiative);
        }
    }
    model
}

/// One entry for each longer plan that sets a goal for the same target, the shortest first.
pub fn longer(case: &Case<'_>, target: f64) -> Vec<Longer> {
    let calendar = &case.inputs.model.settings.calendar;
    let mut found: Vec<Longer> = case
        .inputs
        .model
        .plans
        .iter()
        .filter(|(period, _)| {
            let (starts, ends) = (calendar.starts(**period), calendar.ends(**period));
            starts <= case.window.0 && case.window.1 <= ends && **period != case.period
        })
        .filter_map(|(period, plan)| {
            let same = |other: &&quarterdeck_lang::model::Target| {
                let slice =
                    |target: &quarterdeck_lang::model::Target| target.slice.as_ref().map(|slice| slice.text.clone());
                other.metric == case.target.metric && slice(other) == slice(case.target)
            };
            let goal = plan.targets.iter().find(same)?.set?;
            against(case, calendar, *period, goal, target)
        })
        .collect();
    found.sort_by_key(|longer| calendar.days(longer.period));
    found
}

fn against(case: &Case<'_>, calendar: &Calendar, period: Period, goal: f64, target: f64) -> Option<Longer> {
    let all = calendar.periods(case.period.grain(), calendar.starts(period), calendar.ends(period));
    let at = all.iter().position(|one| *one == case.period)?;
    let (before, after) = (all.get(..at)?, all.get(at + 1..)?);
    let known: Vec<Option<f64>> = before.iter().map(|one| case.past()?.at(*one)).collect();
    let days = |periods: &[Period]| periods.iter().map(|one| f64::from(calendar.days(*one))).sum::<f64>();
    let last_year = |periods: &[Period]| -> Option<Vec<f64>> {
        let facts = case.past()?;
        periods.iter().map(|one| facts.at(calendar.year_before(*one))).collect()
    };
    // What is not over yet, before this period, counts as the rest too.
    let landed: Option<Vec<f64>> = known.iter().copied().collect();
    let mut open: Vec<Period> =
        before.iter().zip(&known).filter(|(_, value)| value.is_none()).map(|(one, _)| *one).collect();
    open.extend(after);
    let done: Vec<(Period, f64)> =
        before.iter().zip(&known).filter_map(|(one, value)| Some((*one, (*value)?))).collect();
    let rest = match case.metric.reads {
        Reads::Total => {
            let sum: f64 = done.iter().map(|(_, value)| value).sum();
            let before = last_year(&open).map(|values| values.iter().sum::<f64>());
            Rest { share: (goal != 0.0).then(|| target / goal), needs: goal - sum - target, before }
        }
        Reads::Average(_) | Reads::Whole => {
            let weigh = |periods: &[Period], values: &[f64]| {
                let weights = periods.iter().map(|one| f64::from(calendar.days(*one)));
                weights.zip(values).map(|(days, value)| days * value).sum::<f64>()
            };
            let (periods, values): (Vec<Period>, Vec<f64>) = done.iter().copied().unzip();
            let left = goal * days(&all) - weigh(&periods, &values) - target * f64::from(calendar.days(case.period));
            let before = last_year(&open).map(|values| weigh(&open, &values) / days(&open).max(1.0));
            Rest { share: None, needs: left / days(&open).max(1.0), before }
        }
        Reads::Last | Reads::AverageOfLast(..) => {
            let first = last_year(&[case.period]).and_then(|values| values.first().copied());
            let end = last_year(&all).and_then(|values| values.last().copied());
            Rest { share: None, needs: goal - target, before: end.zip(first).map(|(end, first)| end - first) }
        }
        // The lowest or highest of a year says nothing about the rest of it.
        Reads::Min | Reads::Max => return None,
    };
    let words = words(case, period, goal, target, &open, landed.is_some() && !done.is_empty(), &rest);
    Some(Longer { period, goal, rest: (!open.is_empty()).then_some(rest), p_hit: None, words })
}

/// In a sentence: `2027-Q1 is 22 % of 2027's 40,000 orders; the 3 quarters left need 31,200 orders, 10,400 each (…)`.
fn words(
    case: &Case<'_>,
    period: Period,
    goal: f64,
    target: f64,
    open: &[Period],
    landed: bool,
    rest: &Rest,
) -> String {
    let says = |value: f64| level(value, &case.metric.unit);
    let grain = case.period.grain();
    let left = match open.len() {
        0 => String::new(),
        1 => format!("the one {grain} left"),
        n => format!("the {n} {grain}s left"),
    };
    let verb = if open.len() == 1 { "needs" } else { "need" };
    let ago = |what: String| format!(" ({what} a year before)");
    let done = if landed { " with what has landed" } else { "" };
    match case.metric.reads {
        Reads::Total => {
            let share = rest.share.map_or(String::new(), |share| {
                format!("{} is {} of {period}'s {}", case.period, percent(share), says(goal))
            });
            if open.is_empty() {
                let gap = if rest.needs > 0.0 {
                    format!("{} short of it", says(rest.needs))
                } else {
                    "it is reached".to_owned()
                };
                return format!("{share}; with what has landed {gap}.");
            }
            if rest.needs <= 0.0 {
                return format!("{share}; the goal is then reached{done}.");
            }
            let each =
                if open.len() > 1 { format!(", {} each", says(rest.needs / open.len() as f64)) } else { String::new() };
            let before = rest.before.map_or(String::new(), |before| ago(says(before)));
            format!("{share};{done} {left} {verb} {}{each}{before}.", says(rest.needs))
        }
        Reads::Last | Reads::AverageOfLast(..) => {
            let sign = if rest.needs >= 0.0 { "+" } else { "" };
            if open.is_empty() {
                return format!("{period} is to end at {}; this is its last {grain}.", says(goal));
            }
            let before = rest.before.map_or(String::new(), |before| {
                let sign = if before >= 0.0 { "+" } else { "" };
                ago(format!("{sign}{}", crate::wording::difference(before, &case.metric.unit)))
            });
            format!(
                "{period} is to end at {}: from {} on, {left} {verb} {sign}{}{before}.",
                says(goal),
                says(target),
                crate::wording::difference(rest.needs, &case.metric.unit)
            )
        }
        _ if open.is_empty() => format!("{period} is to come to {} on average; this is its last {grain}.", says(goal)),
        _ => {
            let before = rest.before.map_or(String::new(), |before| ago(says(before)));
            format!(
                "{period} is to come to {}: with {} here, {left} {verb} {} on average{before}.",
                says(goal),
                says(target),
                says(rest.needs)
            )
        }
    }
}
