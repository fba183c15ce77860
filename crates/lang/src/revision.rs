//! Revisions: a hash of what a definition means, and of all it depends on.
//!
//! The bytes of the resolved meaning are hashed with SHA-256; the first 12 hexadecimal digits are the revision. Words,
//! layout, comments, order and governance are not part of it, nor is a definition's own name: what another definition is
//! called stands in the bytes as that one's revision. The hash of a definition's own meaning is made where it is resolved;
//! here it meets those of what it names, so that an edit reaches all that stand on it and nothing else is hashed anew.

mod digest;

use crate::model::metric::Outdated;
use crate::model::{Market, Method, Metric, Model, Moves, Plan, Segment, Source, Target, Unit};
use crate::resolve::{Kind, Outcome, Resolved, State, Turn, inputs, inputs_first};
use crate::{Subject, model};
use digest::Digest;
use quarterdeck_calendar::Period;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The first bytes of a hash.
pub(crate) type Short = [u8; 6];

/// The hash of a definition's own meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Own {
    hash: [u8; 32],
    /// What it names, in the order in which it does.
    refs: Vec<Subject>,
}

/// The revisions of sources, segments and metrics.
#[derive(Clone, Debug, Default)]
pub(crate) struct Revisions {
    known: HashMap<Subject, Short>,
    /// The hash of the calendar, which every metric stands on.
    calendar: [u8; 32],
}

fn own(add: impl FnOnce(&mut Digest)) -> Own {
    let mut digest = Digest::with_room();
    add(&mut digest);
    Own { hash: Sha256::digest(&digest.bytes).into(), refs: digest.refs }
}

/// What a metric means by itself, without what is filled in later.
pub(crate) fn of_metric(metric: &Metric) -> Own {
    own(|digest| {
        unit(digest, &metric.unit);
        digest.add(&(&metric.better, metric.grain, &metric.measure, metric.clip, &metric.sample));
        changes(digest, &metric.changes);
    })
}

/// What a source means by itself.
pub(crate) fn of_source(source: &Source) -> Own {
    // Columns are ordered by how they stand on each other; by name, that order does not matter here.
    let columns: BTreeMap<&str, &model::Filter> =
        source.columns.iter().map(|column| (column.name.as_str(), &column.value)).collect();
    own(|digest| {
        digest.add(&(&source.origin, &source.time, &source.dates, &source.key, &source.joins, &source.filter, columns));
        digest.add(&source.export);
        changes(digest, &source.changes);
    })
}

/// What a segment means by itself.
pub(crate) fn of_segment(segment: &Segment) -> Own {
    own(|digest| digest.add(&segment.filter))
}

/// The meaning of a unit: its form and its nouns in the singular, not how it is written.
fn unit(digest: &mut Digest, unit: &Unit) {
    digest.add(&(unit.form, &unit.parts));
}

fn changes(digest: &mut Digest, changes: &[Outdated]) {
    for change in changes {
        digest.add(&(change.on, &change.restate));
    }
}

/// Fills in the revision of every metric, market and plan that was resolved, and of all that stand on them.
pub(crate) fn revise(state: &mut State, model: &mut Model, revisions: &mut Revisions, resolved: &Resolved, turn: Turn) {
    if turn == Turn::First {
        let settings = &model.settings;
        revisions.calendar = own(|digest| digest.add(&(&settings.calendar, &settings.time_zone))).hash;
        revisions.known.reserve(model.metrics.len() + model.sources.len() + model.segments.len());
    }
    let mut changed = segments(state, model, revisions, resolved, turn);
    let of_sources = sources(state, model, revisions, resolved, turn, &changed);
    changed.extend(of_sources);
    let metrics = match turn {
        Turn::First => every_metric(state, model, revisions),
        Turn::Again => some_metrics(state, model, revisions, resolved, changed),
    };
    for name in resolved.dirty.of(Kind::Market) {
        if let Some(market) = model.markets.get_mut(name) {
            market.definition.revision = market_revision(market);
        }
    }
    let mut plans = resolved.dirty.plans.clone();
    if turn == Turn::Again {
        // What else a plan takes from a metric, its benchmarks and its market, has it resolved again where it changed.
        let markets = resolved.dirty.of(Kind::Market).map(|name| Subject::Market(name.clone()));
        for subject in markets.chain(metrics) {
            let readers = state.readers(&subject).into_iter();
            plans.extend(readers.filter_map(|reader| match reader {
                Subject::Plan(period) => period.parse::<Period>().ok(),
                _ => None,
            }));
        }
    }
    for period in plans {
        let revision = model.plans.get(&period).map(|plan| plan_revision(plan, model, revisions));
        if let (Some(plan), Some(revision)) = (model.plans.get_mut(&period), revision) {
            plan.revision = revision;
        }
    }
}

fn short(bytes: &[u8]) -> Short {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, e, f, ..] = hash;
    [a, b, c, d, e, f]
}

fn shown(revision: Short) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
    revision.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl Revisions {
    /// The bytes of what is named: its revision, or its name where it has none.
    fn refer(&self, subject: &Subject, bytes: &mut Vec<u8>) {
        match self.known.get(subject) {
            Some(revision) => {
                bytes.push(1);
                bytes.extend_from_slice(revision);
            }
            None => {
                bytes.push(0);
                let mut digest = Digest::default();
                digest.add(subject);
                bytes.append(&mut digest.bytes);
            }
        }
    }

    /// Notes a revision; whether it is another than before.
    fn set(&mut self, subject: Subject, revision: Option<Short>) -> bool {
        match revision {
            Some(revision) => self.known.insert(subject, revision) != Some(revision),
            None => self.known.remove(&subject).is_some(),
        }
    }

    fn of_metric(&self, metric: &Metric, own: &Own) -> Short {
        let mut digest = Digest::with_room();
        digest.bytes.extend_from_slice(b"metric");
        digest.bytes.extend_from_slice(&self.calendar);
        digest.bytes.extend_from_slice(&own.hash);
        digest.add(&(metric.reads, metric.empty, metric.bounds));
        own.refs.iter().for_each(|named| self.refer(named, &mut digest.bytes));
        short(&digest.bytes)
    }
}

/// The hash of what a declaration means by itself.
fn own_of(state: &State, subject: &Subject) -> Option<Own> {
    state.outcomes.get(subject).and_then(|outcome: &Outcome| outcome.own.clone())
}

/// Revises segments, those they stand on first; gives those with a new revision.
fn segments(
    state: &mut State,
    model: &Model,
    revisions: &mut Revisions,
    resolved: &Resolved,
    turn: Turn,
) -> BTreeSet<Subject> {
    // At first few name others, and those who do are found at once; later those who looked are known.
    let mut users: HashMap<Subject, BTreeSet<Subject>> = HashMap::new();
    if turn == Turn::First {
        for name in model.segments.keys() {
            let user = Subject::Segment(name.clone());
            for named in
                state.outcomes.get(&user).and_then(|outcome| outcome.own.as_ref()).iter().flat_map(|own| &own.refs)
            {
                users.entry(named.clone()).or_default().insert(user.clone());
            }
        }
    }
    let mut open: VecDeque<Subject> =
        resolved.dirty.of(Kind::Segment).map(|name| Subject::Segment(name.clone())).collect();
    let mut changed = BTreeSet::new();
    while let Some(subject) = open.pop_front() {
        let Subject::Segment(name) = &subject else { continue };
        let own = own_of(state, &subject).filter(|_| model.segments.contains_key(name));
        let revision = own.map(|own| {
            let mut bytes = b"segment".to_vec();
            bytes.extend_from_slice(&own.hash);
            own.refs.iter().for_each(|named| revisions.refer(named, &mut bytes));
            short(&bytes)
        });
        if revisions.set(subject.clone(), revision) {
            let readers = match turn {
                Turn::First => users.get(&subject).cloned().unwrap_or_default(),
                Turn::Again => state.readers(&subject),
            };
            open.extend(readers.into_iter().filter(|reader| matches!(reader, Subject::Segment(_))));
            changed.insert(subject);
        }
    }
    changed
}

/// Revises the sources that were resolved, those that name a changed segment, and those that reach either by their joins;
/// gives those with a new revision.
fn sources(
    state: &mut State,
    model: &Model,
    revisions: &mut Revisions,
    resolved: &Resolved,
    turn: Turn,
    changed: &BTreeSet<Subject>,
) -> BTreeSet<Subject> {
    let mut open: Vec<Subject> = resolved.dirty.of(Kind::Source).map(|name| Subject::Source(name.clone())).collect();
    open.extend(changed.iter().cloned());
    let mut again = BTreeSet::new();
    while let Some(subject) = open.pop() {
        if again.insert(subject.clone()) && turn == Turn::Again {
            let readers = state.readers(&subject).into_iter();
            open.extend(readers.filter(|reader| matches!(reader, Subject::Source(_))));
        }
    }
    let text = |name: &str, bytes: &mut Vec<u8>, revisions: &Revisions| {
        let Some(own) = own_of(state, &Subject::Source(name.to_owned())) else { return };
        bytes.extend_from_slice(&own.hash);
        own.refs.iter().for_each(|named| revisions.refer(named, bytes));
    };
    let mut fresh = Vec::with_capacity(again.len());
    for subject in again {
        let Subject::Source(name) = &subject else { continue };
        let revision = model.sources.contains_key(name).then(|| {
            let mut bytes = b"source".to_vec();
            text(name, &mut bytes, revisions);
            for other in joined(model, name) {
                bytes.extend_from_slice(&(other.len() as u64).to_le_bytes());
                bytes.extend_from_slice(other.as_bytes());
                text(other, &mut bytes, revisions);
            }
            short(&bytes)
        });
        fresh.push((subject, revision));
    }
    fresh
        .into_iter()
        .filter_map(|(subject, revision)| revisions.set(subject.clone(), revision).then_some(subject))
        .collect()
}

/// Every other source that one reaches by joins.
fn joined<'m>(model: &'m Model, source: &str) -> BTreeSet<&'m str> {
    let joins = |name: &str| model.sources.get(name).into_iter().flat_map(|source| &source.joins);
    let mut open: Vec<&str> = joins(source).map(|join| join.source.as_str()).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if name != source && found.insert(name) {
            open.extend(joins(name).map(|join| join.source.as_str()));
        }
    }
    found
}

/// Revises all metrics: those that stand on no other side by side, the others after what they stand on.
fn every_metric(state: &State, model: &mut Model, revisions: &mut Revisions) -> BTreeSet<Subject> {
    let (own, derived): (Vec<&Metric>, Vec<&Metric>) =
        model.metrics.values().partition(|metric| inputs(&metric.measure).is_empty());
    let one = |metric: &&Metric, revisions: &Revisions| {
        let subject = Subject::Metric(metric.name.clone());
        let own = state.outcomes.get(&subject)?.own.as_ref()?;
        let revision = revisions.of_metric(metric, own);
        Some((subject, revision))
    };
    let fresh: Vec<_> = own.par_iter().filter_map(|metric| one(metric, revisions)).collect();
    revisions.known.extend(fresh);
    let derived: BTreeSet<&str> = derived.iter().map(|metric| metric.name.as_str()).collect();
    for name in inputs_first(&model.metrics, &derived) {
        if let Some((subject, revision)) = model.metrics.get(name).and_then(|metric| one(&metric, revisions)) {
            revisions.known.insert(subject, revision);
        }
    }
    for (name, metric) in &mut model.metrics {
        let revision = revisions.known.get(&Subject::Metric(name.clone()));
        metric.definition.revision = revision.copied().map(shown).unwrap_or_default();
    }
    BTreeSet::new()
}

/// Revises the metrics that changed, and all that stand on a new revision; gives those with one.
fn some_metrics(
    state: &mut State,
    model: &mut Model,
    revisions: &mut Revisions,
    resolved: &Resolved,
    changed: BTreeSet<Subject>,
) -> BTreeSet<Subject> {
    let is_metric = |subject: &Subject| matches!(subject, Subject::Metric(_));
    let mut first: BTreeSet<Subject> = resolved.metrics.iter().map(|name| Subject::Metric(name.clone())).collect();
    for subject in &changed {
        first.extend(state.readers(subject).into_iter().filter(is_metric));
    }
    let known: BTreeSet<&str> =
        first.iter().filter_map(name_of).filter(|name| model.metrics.contains_key(*name)).collect();
    let gone: Vec<Subject> =
        first.iter().filter(|subject| name_of(subject).is_some_and(|name| !known.contains(name))).cloned().collect();
    let ordered = inputs_first(&model.metrics, &known).into_iter().map(|name| Subject::Metric(name.to_owned()));
    let mut open: VecDeque<Subject> = gone.into_iter().chain(ordered.collect::<Vec<_>>()).collect();
    let mut fresh = BTreeSet::new();
    while let Some(subject) = open.pop_front() {
        let Some(name) = name_of(&subject) else { continue };
        let own = own_of(state, &subject);
        let metric = model.metrics.get_mut(name);
        let revision = metric.as_ref().zip(own).map(|(metric, own)| revisions.of_metric(metric, &own));
        if let (Some(metric), Some(revision)) = (metric, revision) {
            metric.definition.revision = shown(revision);
        }
        if revisions.set(subject.clone(), revision) {
            open.extend(state.readers(&subject).into_iter().filter(is_metric));
            fresh.insert(subject);
        }
    }
    fresh
}

fn name_of(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Metric(name) => Some(name),
        _ => None,
    }
}

fn market_revision(market: &Market) -> String {
    let own = own(|digest| {
        unit(digest, &market.unit);
        digest.add(&("market", &market.tam, &market.sam, &market.som));
    });
    let [a, b, c, d, e, f, ..] = own.hash;
    shown([a, b, c, d, e, f])
}

/// What a plan means, on its way to bytes.
struct Planned<'m> {
    digest: Digest,
    model: &'m Model,
    revisions: &'m Revisions,
}

impl Planned<'_> {
    fn add(&mut self, value: &impl Serialize) {
        self.digest.add(value);
        for named in std::mem::take(&mut self.digest.refs) {
            self.revisions.refer(&named, &mut self.digest.bytes);
        }
    }

    fn metric(&mut self, name: &str) {
        self.digest.add(&name);
        self.revisions.refer(&Subject::Metric(name.to_owned()), &mut self.digest.bytes);
    }

    fn moves(&mut self, moves: &[Moves]) {
        self.digest.add(&moves.len());
        for moves in moves {
            self.metric(&moves.metric);
            self.digest.add(&moves.by);
        }
    }
}

fn plan_revision(plan: &Plan, model: &Model, revisions: &Revisions) -> String {
    let mut to = Planned { digest: Digest::default(), model, revisions };
    to.add(&("plan", plan.period.to_string(), plan.targets.len()));
    plan.targets.iter().for_each(|target| planned_target(&mut to, target));
    to.add(&plan.initiatives.len());
    for initiative in &plan.initiatives {
        to.moves(&initiative.moves);
        let evidence = initiative.evidence.as_ref();
        to.add(&evidence.map(|evidence| (evidence.grade, &evidence.text, evidence.people, evidence.date)));
        to.add(&(&initiative.name, initiative.ships, initiative.starts, initiative.ramps));
        to.add(&(initiative.in_trend, &initiative.overlaps, initiative.cost, initiative.effort));
    }
    to.add(&plan.judgements.len());
    for judgement in &plan.judgements {
        to.metric(&judgement.metric);
        to.add(&(judgement.shift, &judgement.because));
    }
    to.add(&plan.risks.len());
    for risk in &plan.risks {
        to.moves(&risk.moves);
        to.add(&(&risk.name, risk.chance, &risk.sign));
    }
    to.add(&plan.milestones.len());
    for milestone in &plan.milestones {
        to.add(&(&milestone.name, milestone.by, milestone.chance));
    }
    to.add(&plan.scenarios.len());
    for scenario in &plan.scenarios {
        to.moves(&scenario.moves);
        to.add(&(&scenario.name, &scenario.without, &scenario.with));
    }
    shown(short(&to.digest.bytes))
}

/// A target with what its methods stand on: the benchmarks and the market of its metric, the metric of its objective.
fn planned_target(to: &mut Planned<'_>, target: &Target) {
    let metric = to.model.metrics.get(&target.metric);
    to.metric(&target.metric);
    to.add(&target.slice.as_ref().map(|slice| &slice.filter));
    to.add(&(target.confidence, target.set, &target.methods, &target.because, &target.learn));
    if let Some(budget) = target.budget {
        to.add(&("budget", budget));
    }
    let used = |name: &str| {
        target.methods.iter().any(|method| matches!(method, Method::Benchmark { name: used, .. } if used == name))
    };
    let benchmarks = metric.into_iter().flat_map(|metric| &metric.benchmarks).filter(|known| used(&known.name));
    let benchmarks: Vec<_> = benchmarks.map(|benchmark| (&benchmark.name, benchmark.value)).collect();
    to.add(&benchmarks);
    let link = metric.and_then(|metric| metric.market.as_ref());
    let market = link.and_then(|link| to.model.markets.get(&link.market));
    to.add(&link.map(|link| (link.per, market.map(|market| &market.definition.revision))));
    for method in &target.methods {
        if let Method::Objective { metric, .. } = method {
            to.metric(metric);
        }
    }
}
