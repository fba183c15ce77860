//! Which metrics are made of which, and that none is made of itself.

use super::context::{Context, error};
use super::formula::mentioned;
use super::names::Kind;
use super::tree::{cycles, knots};
use super::world::World;
use crate::codes::resolve::CYCLE;
use crate::syntax::tree::Block;
use crate::syntax::value::{Measure, Value};
use crate::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two ways to be made of something, each of which must not go in circles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Measure,
    Identity,
}

/// The metrics a declaration's measure or identity names, with their places.
fn named(block: &Block, by: By) -> Vec<(&str, Span)> {
    let (mut metrics, mut sources) = (Vec::new(), BTreeSet::new());
    for field in block.fields() {
        match (&field.value.node, by) {
            (Value::Measure(measure), By::Measure) => {
                if let Measure::Formula(formula) = measure.as_ref() {
                    mentioned(formula, &mut metrics, &mut sources);
                }
            }
            (Value::Formula(formula), By::Identity) if field.key.node == "equals" => {
                mentioned(formula, &mut metrics, &mut sources);
            }
            _ => {}
        }
    }
    metrics
}

/// Whether a metric is made of another, through any number of steps of either kind.
pub(super) fn holds<'a>(cx: &Context<'a>, whole: &'a str, part: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![whole]);
    while let Some(name) = open.pop() {
        let Some(declared) = cx.get(Kind::Metric, name) else { continue };
        for (used, _) in [By::Measure, By::Identity].into_iter().flat_map(|by| named(declared.block, by)) {
            if used == part && cx.get(Kind::Metric, part).is_some() {
                return true;
            }
            if seen.insert(used) {
                open.push(used);
            }
        }
    }
    false
}

/// Metrics that cannot be computed because they are made of themselves, with what is to be said of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circles {
    /// Those that are computed from themselves.
    pub measured: BTreeSet<String>,
    /// Those whose identity goes in a circle.
    pub identical: BTreeSet<String>,
    /// One circle of each group.
    pub diagnostics: Vec<Diagnostic>,
}

/// The circles among all metrics. `changed` are the only ones that can have closed one, where there was none before.
pub(super) fn find<'a>(world: World<'a>, changed: Option<&'a BTreeSet<String>>) -> Circles {
    let mut circles = Circles::default();
    for by in [By::Measure, By::Identity] {
        let sound = match changed {
            Some(changed) => acyclic(world, by, reachable(world, by, changed)),
            None => acyclic(world, by, world.names.of(Kind::Metric)),
        };
        if sound {
            continue;
        }
        let uses = uses(world, by, world.names.of(Kind::Metric));
        let knots = knots(&uses);
        let what = if by == By::Measure { "is computed from itself" } else { "equals something made of itself" };
        circles.diagnostics.extend(cycles(&uses, &knots).iter().filter_map(|circle| told(world, by, circle, what)));
        let caught = knots.iter().flatten().map(|name| (*name).clone()).collect();
        match by {
            By::Measure => circles.measured = caught,
            By::Identity => circles.identical = caught,
        }
    }
    circles
}

/// Everything that some metrics are made of, and they themselves.
fn reachable<'a>(world: World<'a>, by: By, start: &'a BTreeSet<String>) -> BTreeSet<&'a str> {
    let mut open: Vec<&str> = start.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name)
            && let Some(declared) = world.declared(Kind::Metric, name)
        {
            open.extend(named(declared.block, by).into_iter().map(|(used, _)| used));
        }
    }
    seen
}

/// Each of these metrics that names others, with those of them that are declared.
fn uses<'a>(
    world: World<'a>,
    by: By,
    metrics: impl IntoIterator<Item = &'a str>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut uses = BTreeMap::new();
    for name in metrics {
        let Some(declared) = world.declared(Kind::Metric, name) else { continue };
        let used = named(declared.block, by).into_iter().map(|(used, _)| used);
        let used: BTreeSet<String> =
            used.filter(|used| world.names.get(Kind::Metric, used).is_some()).map(str::to_owned).collect();
        if !used.is_empty() {
            uses.insert(name.to_owned(), used);
        }
    }
    uses
}

/// Whether nothing among these metrics is made of itself: everything can be taken out in an order in which what it uses is
/// gone before. Names become numbers at once, for there may be very many.
fn acyclic<'a>(world: World<'a>, by: By, metrics: impl IntoIterator<Item = &'a str>) -> bool {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut users: Vec<Vec<usize>> = Vec::new();
    let mut left: Vec<usize> = Vec::new();
    let mut number = |name: &'a str, users: &mut Vec<Vec<usize>>, left: &mut Vec<usize>| {
        *numbers.entry(name).or_insert_with(|| {
            users.push(Vec::new());
            left.push(0);
            users.len() - 1
        })
    };
    for name in metrics {
        let Some(declared) = world.declared(Kind::Metric, name) else { continue };
        let mut used: Vec<&str> = named(declared.block, by).into_iter().map(|(used, _)| used).collect();
        used.sort_unstable();
        used.dedup();
        if used.is_empty() {
            continue;
        }
        let user = number(name, &mut users, &mut left);
        for one in used {
            let one = number(one, &mut users, &mut left);
            users.get_mut(one).into_iter().for_each(|users| users.push(user));
            left.get_mut(user).into_iter().for_each(|left| *left += 1);
        }
    }
    let mut open: Vec<usize> = left.iter().enumerate().filter(|(_, left)| **left == 0).map(|(at, _)| at).collect();
    let mut gone = 0;
    while let Some(at) = open.pop() {
        gone += 1;
        for user in users.get(at).into_iter().flatten() {
            let Some(left) = left.get_mut(*user) else { continue };
            *left -= 1;
            if *left == 0 {
                open.push(*user);
            }
        }
    }
    gone == left.len()
}

fn told(world: World<'_>, by: By, circle: &[String], what: &str) -> Option<Diagnostic> {
    let first = circle.first()?;
    let round: Vec<_> = circle.iter().chain([first]).map(|name| format!("`{name}`")).collect();
    let message = format!("`{first}` {what}: {}", round.join(" → "));
    let steps = circle.iter().zip(circle.iter().skip(1).chain([first]));
    let mut places = steps.filter_map(|(from, to)| {
        let declared = world.declared(Kind::Metric, from)?;
        let (_, span) = named(declared.block, by).into_iter().find(|(name, _)| *name == to)?;
        Some((span, format!("`{from}` names `{to}` here")))
    });
    let (span, note) = places.next()?;
    let mut diagnostic = error(&CYCLE, span, message).note(note).about(Kind::Metric.subject(first));
    for (span, label) in places {
        diagnostic = diagnostic.label(span, label);
    }
    Some(diagnostic.hint(match by {
        By::Measure => "measure one of them from a source",
        By::Identity => "take one `equals:` out: the tree goes from a metric to what it is made of, and never back",
    }))
}

/// Whether a metric says it drives another.
pub(super) fn drives(cx: &Context<'_>, metric: &str, driven: &str) -> bool {
    let Some(declared) = cx.get(Kind::Metric, metric) else { return false };
    declared.block.fields().any(|field| match &field.value.node {
        Value::Drives { metric, .. } => metric.node == driven,
        _ => false,
    })
}
