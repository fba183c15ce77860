//! Which metrics a proposal reads: the targets, their guards, what they are made of, and their parent objectives.

use crate::tree;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Method, Metric, Plan, Slice, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The targets of a period: those of its plan that are to have a number, or, where there are none, one for every metric with
/// `better:`. The north star comes first, for a reader asks about it first; the rest by name.
pub fn targets(model: &Model, period: Period) -> Vec<Target> {
    let north_star = |target: &Target| {
        model.metrics.get(&target.metric).is_some_and(|metric| metric.role.as_deref() == Some("north star"))
    };
    let mut targets = by_name(model, period);
    // A stable sort: within the two groups the order stays.
    targets.sort_by_key(|target| !north_star(target));
    targets
}

fn by_name(model: &Model, period: Period) -> Vec<Target> {
    let planned: Vec<Target> = model
        .plans
        .get(&period)
        .into_iter()
        .flat_map(|plan| &plan.targets)
        .filter(|target| target.learn.is_none() && model.metrics.contains_key(&target.metric))
        .cloned()
        .collect();
    let to_learn =
        model.plans.get(&period).is_some_and(|plan| plan.targets.iter().any(|target| target.learn.is_some()));
    if !planned.is_empty() || to_learn {
        return planned;
    }
    model.metrics.values().filter(|metric| metric.better.is_some()).map(unplanned).collect()
}

/// A target that no plan holds.
fn unplanned(metric: &Metric) -> Target {
    Target {
        metric: metric.name.clone(),
        slice: None,
        confidence: 0.6,
        set: None,
        budget: None,
        methods: Vec::new(),
        guards: Vec::new(),
        because: None,
        learn: None,
        owner: None,
        approver: None,
        allows: Vec::new(),
        place: metric.definition.place.clone(),
    }
}

/// Which metrics (with their slices) and everything they need a proposal for `period` reads.
pub fn needed(model: &Model, period: Period) -> Vec<(String, Option<Slice>)> {
    let targets = targets(model, period);
    let identities = tree::identities(model);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut sliced: BTreeMap<(String, String), Slice> = BTreeMap::new();
    for target in &targets {
        match &target.slice {
            Some(slice) => {
                sliced.insert((target.metric.clone(), slice.text.clone()), slice.clone());
            }
            None => {
                wanted.insert(target.metric.clone());
            }
        }
        let guards = model.metrics.get(&target.metric).map(|metric| metric.guards.as_slice()).unwrap_or_default();
        wanted.extend(guards.iter().chain(&target.guards).map(|guard| guard.metric.clone()));
        wanted.extend(target.methods.iter().filter_map(|method| match method {
            Method::Objective { metric, .. } => Some(metric.clone()),
            _ => None,
        }));
    }
    wanted.retain(|name| model.metrics.contains_key(name));
    let mut open: Vec<String> = wanted.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for part in identities.get(&name).map(|formula| tree::parts(formula)).unwrap_or_default() {
            if model.metrics.contains_key(&part) && wanted.insert(part.clone()) {
                open.push(part);
            }
        }
    }
    let whole = wanted.into_iter().map(|name| (name, None));
    whole.chain(sliced.into_iter().map(|((name, _), slice)| (name, Some(slice)))).collect()
}

/// Metrics a plan means to learn about, in place of a number.
pub fn to_learn(plan: &Plan) -> impl Iterator<Item = &Target> {
    plan.targets.iter().filter(|target| target.learn.is_some())
}
