//! Revisions: a hash of what a definition means, and of all it depends on.
//!
//! A canonical text is made of the resolved meaning and hashed with SHA-256; the first 12 hexadecimal digits are the
//! revision. Words, layout, comments, order and governance are not part of it, nor is a definition's own name: what
//! another definition is called stands in the text as that one's revision.

use crate::Model;
use crate::model::metric::Outdated;
use crate::model::{Change, Export, Market, Metric, Plan, Source, Target, Unit};
use crate::resolve::{inputs, reached, segments_in};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Fills in the revision of every metric, market and plan.
pub(crate) fn revise(model: &mut Model) {
    let calendar = canonical(&(&model.settings.calendar, &model.settings.time_zone));
    let segments = segment_revisions(model);
    let sources = source_revisions(model, &segments);
    let metrics = metric_revisions(model, &segments, &sources, &calendar);
    let markets: BTreeMap<String, String> =
        model.markets.iter().map(|(name, market)| (name.clone(), market_revision(market))).collect();
    let plans: Vec<_> = model
        .plans
        .iter()
        .map(|(period, plan)| (*period, plan_revision(plan, model, &segments, &metrics, &markets)))
        .collect();
    for (name, metric) in &mut model.metrics {
        metric.definition.revision = metrics.get(name).cloned().unwrap_or_default();
    }
    for (name, market) in &mut model.markets {
        market.definition.revision = markets.get(name).cloned().unwrap_or_default();
    }
    for (period, revision) in plans {
        if let Some(plan) = model.plans.get_mut(&period) {
            plan.revision = revision;
        }
    }
}

type Revisions = BTreeMap<String, String>;

/// The text of a value; maps and lists in it are ordered already.
fn canonical(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn hash(value: &Value) -> String {
    let digest = Sha256::digest(value.to_string().as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The meaning of a unit: its form and its nouns in the singular, not how it is written.
fn unit(unit: &Unit) -> Value {
    json!([canonical(&unit.form), canonical(&unit.parts)])
}

fn changes(changes: &[Outdated]) -> Value {
    changes.iter().map(|change| json!([canonical(&change.on), canonical(&change.restate)])).collect()
}

/// A value with the revision of every segment where its name stood.
fn segmented(segments: &Revisions, value: &impl Serialize) -> Value {
    let mut value = canonical(value);
    name_segments(segments, &mut value);
    value
}

fn name_segments(segments: &Revisions, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let known = inner.as_str().filter(|_| key == "in_segment").and_then(|name| segments.get(name));
                match known {
                    Some(revision) => *inner = Value::String(format!("revision {revision}")),
                    None => name_segments(segments, inner),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| name_segments(segments, inner)),
        _ => {}
    }
}

/// Revisions of segments, those they stand on first.
fn segment_revisions(model: &Model) -> Revisions {
    let mut found = Revisions::new();
    for start in model.segments.keys() {
        let mut open = vec![(start.clone(), false)];
        while let Some((name, ready)) = open.pop() {
            let Some(segment) = model.segments.get(&name).filter(|_| !found.contains_key(&name)) else { continue };
            if ready {
                let text = json!(["segment", segmented(&found, &segment.filter)]);
                found.insert(name, hash(&text));
                continue;
            }
            let mut inner = BTreeSet::new();
            segments_in(&segment.filter, &mut inner);
            open.push((name, true));
            open.extend(inner.into_iter().map(|name| (name, false)));
        }
    }
    found
}

fn source_revisions(model: &Model, segments: &Revisions) -> Revisions {
    let own: BTreeMap<&String, Value> =
        model.sources.iter().map(|(name, source)| (name, source_text(segments, source))).collect();
    let joins: BTreeMap<String, BTreeSet<String>> = model
        .sources
        .iter()
        .map(|(name, source)| (name.clone(), source.joins.iter().map(|join| join.source.clone()).collect()))
        .collect();
    let revision = |name: &String| {
        let mut others = reached(&joins, name);
        others.remove(name);
        let others: Vec<_> = others.iter().map(|other| json!([other, own.get(other)])).collect();
        hash(&json!(["source", own.get(name), others]))
    };
    model.sources.keys().map(|name| (name.clone(), revision(name))).collect()
}

fn source_text(segments: &Revisions, source: &Source) -> Value {
    let columns: Vec<_> =
        source.columns.iter().map(|column| (column.name.clone(), segmented(segments, &column.value))).collect();
    // Columns are ordered by how they stand on each other; by name, that order does not matter here.
    let columns: BTreeMap<String, Value> = columns.into_iter().collect();
    let mut text = json!([
        canonical(&source.origin),
        source.time,
        source.dates,
        source.key,
        canonical(&source.joins),
        source.filter.as_ref().map(|own| segmented(segments, own)),
        columns,
        changes(&source.changes),
    ]);
    // A plain file says nothing, so that what was written before it could be said keeps its revision.
    if let Value::Array(parts) = &mut text
        && source.export != Export::default()
    {
        parts.push(canonical(&source.export));
    }
    text
}

/// Revisions of metrics, inputs first, with a stack of its own so that no chain is too long.
fn metric_revisions(model: &Model, segments: &Revisions, sources: &Revisions, calendar: &Value) -> Revisions {
    // The texts are made side by side; what they name is put in once its revision is known.
    let mut texts: HashMap<&String, Value> =
        model.metrics.par_iter().map(|(name, metric)| (name, metric_text(metric, segments, calendar))).collect();
    let mut found = Revisions::new();
    for start in model.metrics.keys() {
        let mut open = vec![(start.clone(), false)];
        while let Some((name, ready)) = open.pop() {
            let Some(metric) = model.metrics.get(&name) else { continue };
            if found.contains_key(&name) {
                continue;
            }
            if ready {
                let mut text = texts.remove(&name).unwrap_or_default();
                if let Some(measure) = text.get_mut(MEASURE) {
                    refer(measure, sources, &found);
                }
                found.insert(name, hash(&text));
                continue;
            }
            let inputs = inputs(&metric.measure);
            open.push((name, true));
            open.extend(inputs.into_iter().map(|name| (name, false)));
        }
    }
    found
}

/// Where the measure stands in a metric's text.
const MEASURE: usize = 6;

/// What a metric means, its measure at [`MEASURE`] still with the names of sources and metrics.
fn metric_text(metric: &Metric, segments: &Revisions, calendar: &Value) -> Value {
    json!([
        "metric",
        calendar,
        unit(&metric.unit),
        canonical(&metric.better),
        canonical(&metric.grain),
        canonical(&metric.reads),
        segmented(segments, &metric.measure),
        canonical(&metric.clip),
        canonical(&metric.empty),
        canonical(&metric.bounds),
        metric.sample,
        changes(&metric.changes),
    ])
}

/// Puts revisions where sources and metrics are named. The keys walked over are the model's own: no text of a user is one.
fn refer(value: &mut Value, sources: &Revisions, metrics: &Revisions) {
    let revision = |value: &mut Value, revisions: &Revisions| {
        if let Some(revision) = value.as_str().and_then(|name| revisions.get(name)) {
            *value = Value::String(format!("revision {revision}"));
        }
    };
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                match (key.as_str(), &mut *inner) {
                    // A joined column keeps its source's name, which the condition is written with.
                    ("joined", _) => {}
                    ("source", Value::String(_)) => revision(inner, sources),
                    ("sources", Value::Array(list)) => list.iter_mut().for_each(|name| revision(name, sources)),
                    ("metric", Value::String(_)) => revision(inner, metrics),
                    ("where", Value::Array(list)) => {
                        for (at, part) in list.iter_mut().enumerate() {
                            if at == 0 { revision(part, metrics) } else { refer(part, sources, metrics) }
                        }
                    }
                    _ => refer(inner, sources, metrics),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| refer(inner, sources, metrics)),
        _ => {}
    }
}

fn market_revision(market: &Market) -> String {
    hash(&json!(["market", unit(&market.unit), canonical(&market.tam), canonical(&market.sam), canonical(&market.som)]))
}

fn plan_revision(plan: &Plan, model: &Model, segments: &Revisions, metrics: &Revisions, markets: &Revisions) -> String {
    let named = |name: &str| json!([name, metrics.get(name)]);
    let moved = |moves: &[crate::model::Moves]| -> Vec<Value> {
        moves.iter().map(|moves| json!([named(&moves.metric), change(&moves.by)])).collect()
    };
    let targets: Vec<_> =
        plan.targets.iter().map(|target| target_text(target, model, segments, metrics, markets)).collect();
    let initiatives: Vec<_> = plan
        .initiatives
        .iter()
        .map(|initiative| {
            let evidence = initiative.evidence.as_ref();
            json!([
                initiative.name,
                moved(&initiative.moves),
                initiative.ships,
                canonical(&initiative.starts),
                initiative.ramps,
                evidence.map(|evidence| json!([
                    canonical(&evidence.grade),
                    evidence.text,
                    evidence.people,
                    canonical(&evidence.date)
                ])),
                initiative.in_trend,
                canonical(&initiative.overlaps),
                canonical(&initiative.cost),
                canonical(&initiative.effort),
            ])
        })
        .collect();
    let judgements: Vec<_> = plan
        .judgements
        .iter()
        .map(|judgement| json!([named(&judgement.metric), change(&judgement.shift), judgement.because]))
        .collect();
    let risks: Vec<_> =
        plan.risks.iter().map(|risk| json!([risk.name, risk.chance, moved(&risk.moves), risk.sign])).collect();
    let milestones: Vec<_> = plan
        .milestones
        .iter()
        .map(|milestone| json!([milestone.name, canonical(&milestone.by), milestone.chance]))
        .collect();
    let scenarios: Vec<_> = plan
        .scenarios
        .iter()
        .map(|scenario| {
            json!([scenario.name, canonical(&scenario.without), canonical(&scenario.with), moved(&scenario.moves)])
        })
        .collect();
    hash(&json!(["plan", plan.period.to_string(), targets, initiatives, judgements, risks, milestones, scenarios]))
}

fn change(change: &Change) -> Value {
    canonical(change)
}

/// A target with what its methods stand on: the benchmarks and the market of its metric, the metric of its objective.
fn target_text(
    target: &Target,
    model: &Model,
    segments: &Revisions,
    metrics: &Revisions,
    markets: &Revisions,
) -> Value {
    let metric = model.metrics.get(&target.metric);
    let benchmarks: Vec<_> = metric
        .into_iter()
        .flat_map(|metric| &metric.benchmarks)
        .filter(|known| {
            target
                .methods
                .iter()
                .any(|method| matches!(method, crate::model::Method::Benchmark { name, .. } if *name == known.name))
        })
        .map(|benchmark| json!([benchmark.name, benchmark.value]))
        .collect();
    let link = metric.and_then(|metric| metric.market.as_ref());
    let objectives: BTreeSet<_> = target
        .methods
        .iter()
        .filter_map(|method| match method {
            crate::model::Method::Objective { metric, .. } => metrics.get(metric),
            _ => None,
        })
        .collect();
    json!([
        target.metric,
        metrics.get(&target.metric),
        target.slice.as_ref().map(|slice| segmented(segments, &slice.filter)),
        target.confidence,
        target.set,
        canonical(&target.methods),
        target.because,
        target.learn.as_ref().map(canonical),
        benchmarks,
        link.map(|link| json!([markets.get(&link.market), link.per])),
        canonical(&objectives),
    ])
}
