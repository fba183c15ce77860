//! Which metrics are made of which, and that none is made of itself.

use super::context::{Context, error};
use super::formula::mentioned;
use super::names::Kind;
use super::tree::{cycles, knots};
use crate::codes::resolve::CYCLE;
use crate::syntax::value::{Formula, Measure, Value};
use crate::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What metrics are made of: by their measures, and by their identities.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    measures: BTreeMap<String, BTreeSet<String>>,
    identities: BTreeMap<String, BTreeSet<String>>,
    /// By what names and what is named; looked up and never listed.
    places: HashMap<(String, String), Span>,
}

impl Edges {
    /// Whether a metric is made of another, through any number of steps of either kind.
    pub fn holds(&self, whole: &str, part: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![whole]);
        while let Some(name) = open.pop() {
            for used in [&self.measures, &self.identities].into_iter().filter_map(|uses| uses.get(name)).flatten() {
                if used == part {
                    return true;
                }
                if seen.insert(used) {
                    open.push(used);
                }
            }
        }
        false
    }
}

/// Notes what a measure names.
pub(super) fn note(cx: &mut Context<'_>, metric: &str, measure: &Measure) {
    if let Measure::Formula(formula) = measure {
        let edges = edges_of(cx, metric, formula);
        cx.edges.measures.entry(metric.to_owned()).or_default().extend(edges);
    }
}

/// Notes what an identity names.
pub(super) fn note_identity(cx: &mut Context<'_>, metric: &str, formula: &Spanned<Formula>) {
    let edges = edges_of(cx, metric, formula);
    cx.edges.identities.entry(metric.to_owned()).or_default().extend(edges);
}

fn edges_of(cx: &mut Context<'_>, metric: &str, formula: &Spanned<Formula>) -> BTreeSet<String> {
    let (mut named, mut sources) = (Vec::new(), BTreeSet::new());
    mentioned(formula, &mut named, &mut sources);
    named.retain(|(name, _)| cx.names.get(Kind::Metric, name).is_some());
    for (name, span) in &named {
        cx.edges.places.entry((metric.to_owned(), name.clone())).or_insert(*span);
    }
    named.into_iter().map(|(name, _)| name).collect()
}

/// The metrics that are computed from themselves, and those whose identity goes in a circle; each circle is an error.
pub(super) fn find(cx: &mut Context<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (measures, measured) = circles(&cx.edges.measures);
    let (identities, identical) = circles(&cx.edges.identities);
    for circle in &measures {
        report(cx, circle, "is computed from itself");
    }
    for circle in &identities {
        report(cx, circle, "equals something made of itself");
    }
    (measured, identical)
}

/// One circle of every group, and every member of the groups, not only those on the circle told.
fn circles(uses: &BTreeMap<String, BTreeSet<String>>) -> (Vec<Vec<String>>, BTreeSet<String>) {
    let knots = knots(uses);
    let caught = knots.iter().flatten().map(|name| (*name).clone()).collect();
    (cycles(uses, &knots), caught)
}

fn report(cx: &mut Context<'_>, circle: &[String], what: &str) {
    let Some(first) = circle.first() else { return };
    let round: Vec<_> = circle.iter().chain([first]).map(|name| format!("`{name}`")).collect();
    let message = format!("`{first}` {what}: {}", round.join(" → "));
    let steps = circle.iter().zip(circle.iter().skip(1).chain([first]));
    let mut places = steps.filter_map(|(from, to)| {
        let span = cx.edges.places.get(&(from.clone(), to.clone()))?;
        Some((*span, format!("`{from}` names `{to}` here")))
    });
    let Some((span, note)) = places.next() else { return };
    let mut diagnostic = error(&CYCLE, span, message).note(note).about(Kind::Metric.subject(first));
    for (span, label) in places {
        diagnostic = diagnostic.label(span, label);
    }
    cx.report(diagnostic.hint("measure one of them from a source"));
}

/// Whether a metric says it drives another.
pub(super) fn drives(cx: &Context<'_>, metric: &str, driven: &str) -> bool {
    let Some(declared) = cx.names.get(Kind::Metric, metric) else { return false };
    declared.block.fields().any(|field| match &field.value.node {
        Value::Drives { metric, .. } => metric.node == driven,
        _ => false,
    })
}
