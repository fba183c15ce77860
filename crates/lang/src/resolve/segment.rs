//! Segments: named parts of a source's rows.

use super::context::{Context, error};
use super::fields;
use super::names::{self, Declared, Kind};
use super::row::{self, Rows};
use super::tree::{cycles, knots};
use crate::codes::resolve::CYCLE;
use crate::model::{Filter, Segment};
use crate::syntax::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves a segment; `None` without a source or a condition.
pub(super) fn segment<'a>(cx: &mut Context<'a>, name: &'a str, declared: Declared<'a>) -> Option<Segment> {
    cx.subject = Some(Kind::Segment.subject(name));
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

/// Takes out segments that stand on themselves, with an error that names the circle.
pub(super) fn without_cycles(cx: &mut Context<'_>, segments: &mut BTreeMap<String, Segment>) {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, segment) in &*segments {
        let mut names = BTreeSet::new();
        segments_in(&segment.filter, &mut names);
        uses.insert(name.clone(), names);
    }
    let knots = knots(&uses);
    for cycle in cycles(&uses, &knots) {
        let round: Vec<_> = cycle.iter().chain(cycle.first()).map(|name| format!("`{name}`")).collect();
        let message = format!("segments go in a circle: {}", round.join(" → "));
        let spans: Vec<_> =
            cycle.iter().filter_map(|name| cx.names.get(Kind::Segment, name)).map(|found| found.span).collect();
        if let (Some(first), Some(name)) = (spans.first(), cycle.first()) {
            let mut diagnostic = error(&CYCLE, *first, message).about(Kind::Segment.subject(name));
            for span in spans.iter().skip(1) {
                diagnostic = diagnostic.label(*span, "and this one");
            }
            cx.report(diagnostic);
        }
    }
    for member in knots.into_iter().flatten() {
        segments.remove(member);
    }
}

/// The segments an expression names.
pub(crate) fn segments_in(filter: &Filter, names: &mut BTreeSet<String>) {
    if let Filter::InSegment(name) = filter {
        names.insert(name.clone());
    }
    filter.parts().into_iter().for_each(|part| segments_in(part, names));
}
