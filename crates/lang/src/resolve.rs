//! From syntax trees to the model: names found, values typed, units worked out, circles told.

mod allow;
mod amount;
mod circle;
mod context;
mod currency;
mod defaults;
mod dimension;
mod export;
mod fields;
mod formula;
mod guard;
mod initiative;
mod market;
mod measure;
mod method;
mod metric;
mod names;
mod percent;
mod plan;
mod range;
mod reads;
mod restate;
mod row;
mod segment;
mod source;
mod target;
mod tree;
mod unit;
mod when;

pub(crate) use context::{Depends, Sites};
pub(crate) use currency::{all as currencies, is_currency};
pub(crate) use defaults::{inputs, metrics_in};
pub(crate) use segment::segments_in;
pub(crate) use target::site as target_site;
pub(crate) use tree::reached;
pub(crate) use unit::singular;

use crate::model::Settings;
use crate::syntax::tree::Tree;
use crate::{Diagnostic, Files, Model, Subject};
use context::Context;
use defaults::Said;
use names::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// What trees mean, what is wrong with them, and where things are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// What they mean; revisions are not filled in yet.
    pub model: Model,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Where things are written.
    pub sites: Sites,
    /// What needs what.
    pub depends: Depends,
}

/// Resolves the trees of a workspace.
pub(crate) fn resolve(settings: &Settings, files: &Files, trees: &[Tree]) -> Resolved {
    let mut cx = Context {
        files,
        settings,
        names: names::Names::default(),
        heads: BTreeMap::new(),
        edges: circle::Edges::default(),
        sources: BTreeMap::new(),
        subject: None,
        unknown: BTreeMap::new(),
        timeless: BTreeMap::new(),
        out: Vec::new(),
        sites: Sites::default(),
        depends: Depends::new(),
    };
    names::collect(&mut cx, trees);
    let mut model = Model { settings: settings.clone(), ..Model::default() };
    sources(&mut cx);
    segments(&mut cx, &mut model);
    markets_and_events(&mut cx, &mut model);
    metrics(&mut cx, &mut model);
    let plans: Vec<_> = cx.names.plans.iter().map(|(period, blocks)| (*period, blocks.clone())).collect();
    for (period, blocks) in plans {
        if let Some(plan) = plan::plan(&mut cx, period, &blocks) {
            model.plans.insert(period, plan);
        }
    }
    names::report_unknown(&mut cx);
    formula::report_timeless(&mut cx);
    model.sources = std::mem::take(&mut cx.sources);
    Resolved { model, diagnostics: cx.out, sites: cx.sites, depends: cx.depends }
}

fn sources<'a>(cx: &mut Context<'a>) {
    let declared: Vec<_> = cx.names.of(Kind::Source).collect();
    let mut found = BTreeMap::new();
    for (name, declared) in declared {
        if let Some(source) = source::source(cx, name, declared) {
            found.insert(name.to_owned(), source);
        }
    }
    cx.sources = found;
}

fn segments(cx: &mut Context<'_>, model: &mut Model) {
    let declared: Vec<_> = cx.names.of(Kind::Segment).collect();
    for (name, declared) in declared {
        if let Some(segment) = segment::segment(cx, name, declared) {
            model.segments.insert(name.to_owned(), segment);
        }
    }
    segment::without_cycles(cx, &mut model.segments);
}

fn markets_and_events(cx: &mut Context<'_>, model: &mut Model) {
    let markets: Vec<_> = cx.names.of(Kind::Market).collect();
    for (name, declared) in markets {
        if let Some(market) = market::market(cx, name, declared) {
            model.markets.insert(name.to_owned(), market);
        }
    }
    let events: Vec<_> = cx.names.of(Kind::Event).collect();
    for (name, declared) in events {
        let event = market::event(cx, name, declared);
        // A metric needs the events that move it: those that name it, and those that name none.
        let affected: Vec<String> = match event.as_ref().filter(|event| !event.affects.is_empty()) {
            Some(event) => event.affects.clone(),
            None => cx.names.of(Kind::Metric).map(|(name, _)| name.to_owned()).collect(),
        };
        for metric in affected {
            cx.depends.entry(Kind::Metric.subject(&metric)).or_default().insert(Kind::Event.subject(name));
        }
        if let Some(event) = event {
            model.events.insert(name.to_owned(), event);
        }
    }
}

fn metrics<'a>(cx: &mut Context<'a>, model: &mut Model) {
    let opened = metric::heads(cx);
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for (name, declared, fields) in &opened {
        if let Some((metric, own)) = metric::metric(cx, name, *declared, fields) {
            said.insert((*name).to_owned(), own);
            model.metrics.insert((*name).to_owned(), metric);
        }
    }
    let (measured, identical): (BTreeSet<String>, BTreeSet<String>) = circle::find(cx);
    model.metrics.retain(|name, _| !measured.contains(name));
    for name in identical {
        if let Some(metric) = model.metrics.get_mut(&name) {
            metric.equals = None;
        }
    }
    defaults::fill(&mut model.metrics, &said);
}

/// Everything that is needed by some things, and they themselves.
pub(crate) fn needed(depends: &Depends, start: impl IntoIterator<Item = Subject>) -> BTreeSet<Subject> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Subject> = start.into_iter().collect();
    while let Some(subject) = open.pop() {
        if let Some(needs) = depends.get(&subject).filter(|_| !found.contains(&subject)) {
            open.extend(needs.iter().cloned());
        }
        found.insert(subject);
    }
    found
}
