//! Segments: named parts of a source's rows.

use super::context::{Context, error};
use super::fields;
use super::names::{self, Kind};
use super::row::{self, Rows};
use super::tree::{cycles, knots};
use super::world::{Declared, World};
use crate::Diagnostic;
use crate::codes::resolve::CYCLE;
use crate::model::{Filter, Segment};
use crate::syntax::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves a segment; `None` without a source or a condition.
pub(super) fn segment<'a>(cx: &mut Context<'a>, name: &str, declared: Declared<'a>) -> Option<Segment> {
    let block = declared.block;
    let fields = fields::open(cx, block);
    let of = block.head.of.as_ref()?;
    names::find(cx, Kind::Source, of)?;
    let Value::Conditions(all) = &fields.get("where")?.value.node else { return None };
    let filter = row::condition(cx, all.first()?, Rows::of(&of.node))?;
    Some(Segment {
        name: name.to_owned(),
        label: block.label.as_ref().map(|label| label.node.clone()),
        source: of.node.clone(),
        filter,
        place: cx.place(declared.span),
    })
}

/// Takes out segments that stand on themselves, with an error that names the circle. `changed` are the only ones that can
/// have closed one, where there was none before.
pub(super) fn without_cycles(
    world: World<'_>,
    segments: &mut BTreeMap<String, Segment>,
    changed: Option<&BTreeSet<String>>,
) -> (BTreeSet<String>, Vec<Diagnostic>) {
    let mut open: Vec<String> = match changed {
        Some(changed) => changed.iter().cloned().collect(),
        None => segments.keys().cloned().collect(),
    };
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some(name) = open.pop() {
        let Some(segment) = segments.get(&name).filter(|_| !uses.contains_key(&name)) else { continue };
        let mut names = BTreeSet::new();
        segments_in(&segment.filter, &mut names);
        open.extend(names.iter().cloned());
        uses.insert(name, names);
    }
    let knots = knots(&uses);
    let mut out = Vec::new();
    for cycle in cycles(&uses, &knots) {
        let round: Vec<_> = cycle.iter().chain(cycle.first()).map(|name| format!("`{name}`")).collect();
        let message = format!("segments go in a circle: {}", round.join(" → "));
        let spans: Vec<_> =
            cycle.iter().filter_map(|name| world.declared(Kind::Segment, name)).map(|found| found.span).collect();
        if let (Some(first), Some(name)) = (spans.first(), cycle.first()) {
            let mut diagnostic = error(&CYCLE, *first, message).about(Kind::Segment.subject(name));
            for span in spans.iter().skip(1) {
                diagnostic = diagnostic.label(*span, "and this one");
            }
            out.push(diagnostic.hint("say of one of them which rows it holds without naming another"));
        }
    }
    let knotted: BTreeSet<String> = knots.into_iter().flatten().cloned().collect();
    for member in &knotted {
        segments.remove(member);
    }
    (knotted, out)
}

/// The segments an expression names.
pub(super) fn segments_in(filter: &Filter, names: &mut BTreeSet<String>) {
    if let Filter::InSegment(name) = filter {
        names.insert(name.clone());
    }
    filter.parts().into_iter().for_each(|part| segments_in(part, names));
}
