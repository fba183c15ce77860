//! What definitions, plans and data say about a north star.

use super::Finding;
use crate::Inputs;
use crate::tree::parts;
use crate::wording::list;
use quarterdeck_calendar::Grain;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Measure, Metric, UnitForm};
use std::collections::BTreeSet;

/// The fewest inputs a tree needs for teams to share the work.
const INPUTS: usize = 3;
/// The most words of a name that is remembered.
const WORDS: usize = 8;
/// The most metrics a formula may name and still be told at a table.
const PARTS: usize = 4;
/// The fewest complete periods by which a number is known.
const PERIODS: usize = 12;

/// It leads where it is no money itself and drives some.
pub(super) fn leading(metric: &Metric, inputs: &Inputs<'_>) -> Finding {
    if metric.unit.form == UnitForm::Money {
        let says = vec![format!("It is counted in {}, and money follows what customers got.", metric.unit.text)];
        let to_do = Some("Choose what customers get when they pay, and let it drive the money".to_owned());
        return Finding { holds: Some(false), says, to_do };
    }
    let money: Vec<String> = driven(inputs.model, &metric.name)
        .into_iter()
        .filter(|name| inputs.model.metrics.get(name).is_some_and(|driven| driven.unit.form == UnitForm::Money))
        .map(|name| label(inputs.model, &name))
        .collect();
    if money.is_empty() {
        let to_do = Some("Write what it moves: `drives: revenue lag 4 weeks`".to_owned());
        return Finding { holds: None, says: vec!["Nothing says which money follows it.".to_owned()], to_do };
    }
    let lag = metric.drives.iter().find_map(|drives| drives.lag.as_ref().map(|_| ()));
    let mut says = vec![format!("{} follow{} it.", list(&money), if money.len() == 1 { "s" } else { "" })];
    says.push(match lag {
        Some(()) => "How much later is written beside it (`lag`).".to_owned(),
        None => "How much later is not said: add `lag 4 weeks` to what it drives.".to_owned(),
    });
    Finding { holds: Some(true), says, to_do: None }
}

/// It is actionable where enough inputs with owners stand below it.
pub(super) fn actionable(metric: &Metric, inputs: &Inputs<'_>) -> Finding {
    let below = below(inputs.model, &metric.name);
    let owners: BTreeSet<&str> = below
        .iter()
        .filter_map(|name| inputs.model.metrics.get(name))
        .filter_map(|input| input.owner.as_deref())
        .collect();
    let plans = inputs.model.plans.values();
    let moved: BTreeSet<&str> = plans
        .flat_map(|plan| &plan.initiatives)
        .filter(|initiative| {
            initiative.moves.iter().any(|moves| moves.metric == metric.name || below.contains(&moves.metric))
        })
        .map(|initiative| initiative.label.as_str())
        .collect();
    let many = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let mut says = vec![format!("{} below it, of {}.", many(below.len(), "input"), many(owners.len(), "owner"))];
    says.push(format!("{} in the plans would move it or its inputs.", many(moved.len(), "initiative")));
    let enough = below.len() >= INPUTS;
    let to_do = (!enough).then(|| {
        format!("Write what it is made of (`equals:`) or moved by (`drives:` in the input), at least {INPUTS} inputs")
    });
    Finding { holds: Some(enough), says, to_do }
}

/// It is understood where its name is short, its reason written and its formula can be told.
pub(super) fn understandable(metric: &Metric, _: &Inputs<'_>) -> Finding {
    let words = metric.label.split_whitespace().count();
    let named = match &metric.measure {
        Measure::Derived(formula) => parts(formula).len(),
        _ => 0,
    };
    let mut wrong = Vec::new();
    if words > WORDS {
        wrong.push(format!("its name has {words} words"));
    }
    if metric.label == metric.name {
        wrong.push("it has no name in words".to_owned());
    }
    if metric.why.is_none() {
        wrong.push("no `why:` says why anybody should care".to_owned());
    }
    if named > PARTS {
        wrong.push(format!("its formula names {named} other metrics"));
    }
    if wrong.is_empty() {
        let says = vec![format!("\"{}\": {} words, with its reason; one formula.", metric.label, words)];
        return Finding { holds: Some(true), says, to_do: None };
    }
    let to_do = Some("Name it as one would say it at lunch, and write its `why:`".to_owned());
    Finding { holds: Some(false), says: vec![sentence(&wrong)], to_do }
}

/// It is measurable where it is read each week or oftener, or at least each month, and known for a year of readings.
pub(super) fn measurable(metric: &Metric, inputs: &Inputs<'_>) -> Finding {
    let Some(history) = inputs.histories.get(&metric.name) else {
        let to_do = Some("Mend its source: `qd series` shows what is read".to_owned());
        return Finding { holds: Some(false), says: vec!["No value of it could be read.".to_owned()], to_do };
    };
    let first = history.values.iter().position(Option::is_some).unwrap_or(history.values.len());
    let known = history.values.iter().flatten().count();
    let gaps = history.values.len() - first - known;
    let often = metric.grain <= Grain::Month;
    let mut says = vec![format!("Read each {}: {known} values are known, {gaps} missing between them.", metric.grain)];
    if metric.grain == Grain::Month {
        says.push("A month is long to wait: by the week a quarter has 13 readings, by the month 3.".to_owned());
    }
    let holds = often && known >= PERIODS && gaps * 10 <= known;
    let to_do = (!holds).then(|| {
        format!("A north star is steered by: read it by the week or month, with {PERIODS} values and few gaps")
    });
    Finding { holds: Some(holds), says, to_do }
}

/// It is honest where it can fall, has fallen, and something is watched beside it.
pub(super) fn honest(metric: &Metric, inputs: &Inputs<'_>) -> Finding {
    if metric.measure.only_grows() {
        let to_do = Some("Count what happened in the period, or who was active in the last weeks".to_owned());
        return Finding { holds: Some(false), says: vec!["A total over all time can only grow.".to_owned()], to_do };
    }
    let values: Vec<f64> = inputs
        .histories
        .get(&metric.name)
        .into_iter()
        .flat_map(|history| history.values.iter().flatten())
        .copied()
        .collect();
    let steps = values.len().saturating_sub(1);
    let falls = values.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let guards: Vec<String> = metric.guards.iter().map(|guard| label(inputs.model, &guard.metric)).collect();
    let mut says = Vec::new();
    if steps > 0 {
        let percent = libm::round(100.0 * falls as f64 / steps as f64);
        says.push(format!("It fell in {falls} of {steps} steps ({percent} %)."));
    }
    says.push(match guards.is_empty() {
        true => "Nothing is watched beside it.".to_owned(),
        false => format!("Watched beside it: {}.", list(&guards)),
    });
    let never_fell = steps >= PERIODS && falls == 0;
    if never_fell {
        let to_do = Some("Look whether it counts something that cannot be lost again".to_owned());
        return Finding { holds: Some(false), says, to_do };
    }
    let to_do = guards.is_empty().then(|| "Name what must not suffer when it is pushed: `guard: METRIC`".to_owned());
    Finding { holds: if guards.is_empty() { Some(false) } else { (steps > 0).then_some(true) }, says, to_do }
}

/// The metrics this one drives or is a part of, through any number of steps.
fn driven(model: &Model, name: &str) -> BTreeSet<String> {
    reach(name, |current| {
        let drives = model.metrics.get(current).into_iter().flat_map(|metric| &metric.drives);
        let wholes = model.metrics.values().filter(|whole| made_of(whole).contains(current));
        drives.map(|drives| drives.metric.clone()).chain(wholes.map(|whole| whole.name.clone())).collect()
    })
}

/// The metrics it is made of or driven by, through any number of steps.
fn below(model: &Model, name: &str) -> BTreeSet<String> {
    reach(name, |current| {
        let made = model.metrics.get(current).map(made_of).unwrap_or_default();
        let drivers =
            model.metrics.values().filter(|metric| metric.drives.iter().any(|drives| drives.metric == current));
        made.into_iter().chain(drivers.map(|metric| metric.name.clone())).collect()
    })
}

fn made_of(metric: &Metric) -> BTreeSet<String> {
    let measured = match &metric.measure {
        Measure::Derived(formula) => parts(formula),
        _ => BTreeSet::new(),
    };
    measured.into_iter().chain(metric.equals.iter().flat_map(parts)).collect()
}

/// Everything that is reached from a name, itself left out.
fn reach(name: &str, next: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(current) = open.pop() {
        for found in next(&current) {
            if found != name && seen.insert(found.clone()) {
                open.push(found);
            }
        }
    }
    seen
}

fn label(model: &Model, name: &str) -> String {
    model.metrics.get(name).map_or_else(|| name.to_owned(), |metric| metric.label.clone())
}

/// Parts as one sentence.
fn sentence(parts: &[String]) -> String {
    let joined = list(parts);
    let mut letters = joined.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
