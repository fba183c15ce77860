//! SMART, letter by letter, each computed from the definitions and the numbers.

use crate::method::Case;
use crate::proposal::{Answer, MethodRow, Offer, SmartRow};
use crate::tree;
use crate::wording::{chance, list};
use chrono::NaiveDate;
use quarterdeck_lang::Model;
use std::collections::{BTreeMap, BTreeSet};

/// Between these chances a target is neither out of reach nor reached anyway.
const ACHIEVABLE: (f64, f64) = (0.1, 0.95);

/// The five letters for a target that is known by a day.
pub fn smart(case: &Case<'_>, offer: Option<Offer>, methods: &[MethodRow], known_by: NaiveDate) -> Vec<SmartRow> {
    let row = |letter: &str, (answer, why): (Answer, String)| SmartRow { letter: letter.to_owned(), answer, why };
    vec![
        row("S", specific(case, offer)),
        row("M", measurable(case)),
        row("A", achievable(case, offer, methods)),
        row("R", relevant(case)),
        row("T", bound(case, known_by)),
    ]
}

/// One number of one definition, and somebody who answers for it.
fn specific(case: &Case<'_>, offer: Option<Offer>) -> (Answer, String) {
    let owner = case.target.owner.as_ref().or(case.metric.owner.as_ref());
    let mut lacks = Vec::new();
    if offer.is_none() {
        lacks.push("a value".to_owned());
    }
    if owner.is_none() {
        lacks.push("an owner".to_owned());
    }
    if case.target.because.is_none() {
        lacks.push("a because".to_owned());
    }
    if !lacks.is_empty() {
        return (Answer::No, format!("It lacks {}.", list(&lacks)));
    }
    let value = offer.map(|offer| case.level(offer.value)).unwrap_or_default();
    let reads = crate::wording::reads_phrase(case.metric.reads, case.period.grain().word());
    let revision = &case.metric.definition.revision;
    (
        Answer::Yes,
        format!(
            "{value} {reads}, as revision {revision} defines it; {} answers for it.",
            owner.map_or("", String::as_str)
        ),
    )
}

/// Whether its numbers have come, and until when.
fn measurable(case: &Case<'_>) -> (Answer, String) {
    let Some(facts) = case.past() else { return (Answer::CannotTell, "Cannot tell (n = 0): no data was read.".into()) };
    let n = facts.series.values.iter().flatten().count();
    let steps = format!("{n} complete {}s up to {}", case.metric.grain, case.inputs.as_of);
    match facts.last {
        Some(last) => {
            (Answer::Yes, format!("{steps}; the latest whole one: {} in {}.", case.level(last.value), last.period))
        }
        None if n == 0 => (Answer::No, format!("No number has come up to {}.", case.inputs.as_of)),
        None => {
            (Answer::CannotTell, format!("Cannot tell (n = 0): {steps}, and no whole {} yet.", case.period.grain()))
        }
    }
}

/// Whether the chance is neither next to nothing nor next to certain.
fn achievable(case: &Case<'_>, offer: Option<Offer>, methods: &[MethodRow]) -> (Answer, String) {
    let Some(p) = offer.and_then(|offer| offer.p_hit) else {
        let n = case.past().map_or(0, |facts| facts.series.values.iter().flatten().count());
        return (
            Answer::CannotTell,
            format!("Cannot tell (n = {n}): {}.", case.no_forecast.unwrap_or("it has no value")),
        );
    };
    let given = methods.iter().filter(|row| matches!(row, MethodRow::Given { .. })).count();
    let without = offer.and_then(|offer| offer.p_hit_without_plan).map(chance).unwrap_or_default();
    let numbers = format!("{} with the plan, {without} without, by {given} of 5 methods", chance(p));
    match p {
        p if p < ACHIEVABLE.0 => (Answer::No, format!("{numbers}: a moonshot.")),
        p if p > ACHIEVABLE.1 => (Answer::No, format!("{numbers}: reached anyway.")),
        _ => (Answer::Yes, format!("{numbers}.")),
    }
}

/// Whether it leads to the north star.
fn relevant(case: &Case<'_>) -> (Answer, String) {
    let model = case.inputs.model;
    let star = model.metrics.values().find(|metric| metric.role.as_deref() == Some("north star"));
    let Some(star) = star else {
        return (Answer::CannotTell, "Cannot tell: no metric is the north star.".into());
    };
    if star.name == case.metric.name {
        return (Answer::Yes, "It is the north star.".into());
    }
    match way(model, &case.metric.name, &star.name) {
        Some(way) => {
            let labels: Vec<&str> =
                way.iter().filter_map(|name| Some(model.metrics.get(name)?.label.as_str())).collect();
            (Answer::Yes, format!("It leads to the north star: {}.", labels.join(" → ")))
        }
        None => (Answer::No, format!("Nothing leads from it to the north star, {}.", star.label)),
    }
}

fn bound(case: &Case<'_>, known_by: NaiveDate) -> (Answer, String) {
    let (starts, ends) = case.window;
    let (day, days) = ((known_by - starts).num_days() + 1, (ends - starts).num_days() + 1);
    let ends_on = format!("{} ends on {ends}", case.period);
    match case.inputs.as_of {
        as_of if as_of >= ends => (Answer::No, format!("{ends_on}, and the data is as of {as_of}.")),
        _ if known_by > ends => (Answer::No, format!("{ends_on}, and nothing tells before {known_by}.")),
        _ => (Answer::Yes, format!("{ends_on}; known by {known_by}, day {day} of {days}.")),
    }
}

/// The shortest way from a metric up to another, along what it is part of and what it drives.
pub fn way(model: &Model, from: &str, to: &str) -> Option<Vec<String>> {
    let mut above: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for metric in model.metrics.values() {
        for part in tree::named(metric) {
            if let Some((part, _)) = model.metrics.get_key_value(&part) {
                above.entry(part).or_default().insert(&metric.name);
            }
        }
        above.entry(&metric.name).or_default().extend(metric.drives.iter().map(|edge| edge.metric.as_str()));
    }
    let mut ways: Vec<Vec<&str>> = vec![vec![from]];
    let mut seen: BTreeSet<&str> = BTreeSet::from([from]);
    while !ways.is_empty() {
        let mut next = Vec::new();
        for way in &ways {
            for parent in way.last().and_then(|last| above.get(last)).into_iter().flatten() {
                let longer: Vec<&str> = way.iter().copied().chain([*parent]).collect();
                if *parent == to {
                    return Some(longer.into_iter().map(str::to_owned).collect());
                }
                if seen.insert(parent) {
                    next.push(longer);
                }
            }
        }
        ways = next;
    }
    None
}
