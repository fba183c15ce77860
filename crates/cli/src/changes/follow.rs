//! What follows a change: the metrics whose numbers do, and the targets planned on them.

use super::{Change, Kind};
use crate::needs::Needs;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Metric;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The metrics whose meaning is another than before, with what they stand on.
pub(super) struct Follow<'a> {
    models: [&'a Model; 2],
    /// What each metric of another revision stands on, before and after, itself included.
    moved: BTreeMap<String, Needs>,
}

impl<'a> Follow<'a> {
    /// Compares revisions; `renamed` has new names by old ones.
    pub fn new(old: &'a Model, new: &'a Model, renamed: &BTreeMap<String, String>) -> Follow<'a> {
        let was: BTreeMap<&String, &String> = renamed.iter().map(|(was, name)| (name, was)).collect();
        let mut moved = BTreeMap::new();
        for metric in new.metrics.values() {
            let name = was.get(&metric.name).copied().unwrap_or(&metric.name);
            let Some(before) = old.metrics.get(name) else { continue };
            if before.definition.revision != metric.definition.revision {
                let mut needs = Needs::of_values(new, &metric.name);
                let earlier = Needs::of_values(old, name);
                needs.metrics.extend(earlier.metrics);
                needs.sources.extend(earlier.sources);
                moved.insert(metric.name.clone(), needs);
            }
        }
        Follow { models: [old, new], moved }
    }

    /// Whether a metric's numbers mean something else.
    pub fn is_moved(&self, name: &str) -> bool {
        self.moved.contains_key(name)
    }

    /// Metrics whose numbers follow a metric.
    pub fn on_metric(&self, name: &str) -> Vec<String> {
        self.that(|other, needs| other != name && needs.metrics.contains(name))
    }

    /// Metrics whose numbers follow a source, joins included.
    pub fn on_source(&self, name: &str) -> Vec<String> {
        let mut sources = BTreeSet::from([name.to_owned()]);
        loop {
            let known = sources.len();
            for source in self.models.iter().flat_map(|model| model.sources.values()) {
                if source.joins.iter().any(|join| sources.contains(&join.source)) {
                    sources.insert(source.name.clone());
                }
            }
            if sources.len() == known {
                break;
            }
        }
        self.that(|_, needs| !needs.sources.is_disjoint(&sources))
    }

    /// Metrics whose numbers follow a segment: those whose rows, or the rows of what they stand on, it chooses.
    pub fn on_segment(&self, name: &str) -> Vec<String> {
        let mut chosen = BTreeSet::new();
        let mut segments = BTreeSet::from([name.to_owned()]);
        for model in self.models {
            let uses = |value: Option<Value>, segments: &BTreeSet<String>| {
                value.is_some_and(|value| segments.iter().any(|segment| names_segment(&value, segment)))
            };
            for _ in 0..model.segments.len() {
                let more: Vec<String> = model
                    .segments
                    .values()
                    .filter(|segment| uses(serde_json::to_value(&segment.filter).ok(), &segments))
                    .map(|segment| segment.name.clone())
                    .collect();
                let known = segments.len();
                segments.extend(more);
                if segments.len() == known {
                    break;
                }
            }
            let metrics = model.metrics.values();
            let with = metrics.filter(|metric| uses(serde_json::to_value(&metric.measure).ok(), &segments));
            chosen.extend(with.map(|metric| metric.name.clone()));
        }
        self.that(|_, needs| !needs.metrics.is_disjoint(&chosen))
    }

    /// Every metric whose numbers mean something else.
    pub fn all(&self) -> Vec<String> {
        self.moved.keys().cloned().collect()
    }

    fn that(&self, follows: impl Fn(&str, &Needs) -> bool) -> Vec<String> {
        let found = self.moved.iter().filter(|(name, needs)| follows(name, needs));
        found.map(|(name, _)| name.clone()).collect()
    }
}

/// Whether a measure as JSON asks for a segment.
fn names_segment(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(key, inner)| key == "in_segment" && inner.as_str() == Some(name) || names_segment(inner, name)),
        Value::Array(list) => list.iter().any(|inner| names_segment(inner, name)),
        _ => false,
    }
}

/// The planned targets that a change reaches.
pub(super) fn planned(model: &Model, change: &Change) -> Vec<String> {
    if change.change == Kind::Docs {
        return Vec::new();
    }
    let mut names: BTreeSet<&str> = change.downstream.iter().map(String::as_str).collect();
    match change.kind {
        None => drop(names.insert(change.name.as_str())),
        Some("market") => {
            let linked = |metric: &&Metric| metric.market.as_ref().is_some_and(|link| link.market == change.name);
            names.extend(model.metrics.values().filter(linked).map(|metric| metric.name.as_str()));
        }
        Some("event") => {
            let affected = model.events.get(&change.name).map(|event| event.affects.as_slice()).unwrap_or_default();
            names.extend(affected.iter().map(String::as_str));
        }
        Some("plan") => return planned_by(model, change),
        Some(_) => {}
    }
    let targets = model.plans.values().flat_map(|plan| plan.targets.iter().map(move |target| (plan, target)));
    let reached = targets.filter(|(_, target)| names.contains(target.metric.as_str()));
    reached.map(|(plan, target)| named(&plan.period.to_string(), target)).collect()
}

/// The targets of a plan that its own changes reach: those that changed, and those that what changed moves.
fn planned_by(model: &Model, change: &Change) -> Vec<String> {
    let Some(plan) = model.plans.values().find(|plan| plan.period.to_string() == change.name) else {
        return Vec::new();
    };
    let touched = |kind: &str, name: &str| {
        let block = format!("{kind} {name}");
        change
            .fields
            .iter()
            .any(|field| field.strip_prefix(&block).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
    };
    let mut metrics: BTreeSet<&str> = BTreeSet::new();
    let initiatives = plan.initiatives.iter().map(|one| ("initiative", &one.name, &one.moves));
    let risks = plan.risks.iter().map(|one| ("risk", &one.name, &one.moves));
    for (kind, name, moves) in initiatives.chain(risks) {
        if touched(kind, name) {
            metrics.extend(moves.iter().map(|moves| moves.metric.as_str()));
        }
    }
    let judged = plan.judgements.iter().map(|judgement| judgement.metric.as_str());
    metrics.extend(judged.filter(|metric| touched("judgement", metric)));
    let reached = plan
        .targets
        .iter()
        .filter(|target| metrics.contains(target.metric.as_str()) || touched("target", &target.metric));
    reached.map(|target| named(&change.name, target)).collect()
}

fn named(period: &str, target: &quarterdeck_lang::model::Target) -> String {
    match &target.slice {
        Some(slice) => format!("{period} {} for {}", target.metric, slice.text),
        None => format!("{period} {}", target.metric),
    }
}
