//! Sources: where rows come from, their computed columns in the order they may use each other, their joins.

use super::context::{Context, error};
use super::fields::{self, Fields, dotted};
use super::names::{self, Kind};
use super::row::{self, Rows};
use super::tree::{cycles, knots};
use super::world::Declared;
use super::{allow, export, restate, when};
use crate::codes::resolve::{
    CONNECTION_UNKNOWN, CYCLE, DATES_FORM, DECLARED_TWICE, JOIN_KEY, JOIN_SELF, KEY_TWICE, PATH_ABSOLUTE,
};
use crate::model::source::Column;
use crate::model::{Expectation, Filter, Join, Origin, Source};
use crate::suggest::nearest;
use crate::syntax::tree::{Block, BlockKind};
use crate::syntax::value::{From, Value};
use crate::{Span, Spanned};
use quarterdeck_calendar::Period;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves a source; `None` where it has no origin.
pub(super) fn source<'a>(cx: &mut Context<'a>, name: &str, declared: Declared<'a>) -> Option<Source> {
    let block = declared.block;
    let fields = fields::open(cx, block);
    let rows = Rows::of(name);
    let filter = fields.get("where").and_then(|field| match &field.value.node {
        Value::Conditions(all) => all.first(),
        _ => None,
    });
    let filter = filter.and_then(|filter| row::condition(cx, filter, rows));
    let origin = origin(cx, &fields);
    let fresh = fields.get("fresh").and_then(|field| match field.value.node {
        Value::Duration(duration) => when::length(cx, &Spanned::new(duration, field.value.span)),
        _ => None,
    });
    let source = Source {
        name: name.to_owned(),
        label: block.label.as_ref().map(|label| label.node.clone()),
        origin: origin?,
        time: fields.name("time").map(|time| time.node).or_else(|| export::time(&fields)),
        dates: dates(cx, &fields),
        export: export::export(cx, &fields),
        key: fields.name("key").map(|key| key.node),
        joins: joins(cx, name, &fields),
        filter,
        columns: columns(cx, name, block),
        fresh,
        expects: expects(cx, name, &fields),
        changes: restate::changes(cx, block, None),
        owner: fields.text("owner"),
        allows: allow::allows(cx, &fields),
        place: cx.place(declared.span),
    };
    Some(source)
}

fn origin(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Origin> {
    let field = fields.get("from")?;
    let Value::From(from) = &field.value.node else { return None };
    match from {
        From::Files(path) => {
            let drive = path.node.as_bytes().get(1) == Some(&b':');
            if path.node.starts_with(['/', '\\', '~']) || drive {
                let message = format!("`{}` names a place on one machine", path.node);
                let hint = "paths are relative to the folder that holds quarterdeck.toml";
                cx.report(error(&PATH_ABSOLUTE, path.span, message).hint(hint));
                return None;
            }
            Some(Origin::Files(path.node.clone()))
        }
        From::Table { connection, table } => {
            let known = &cx.settings.sources;
            if known.contains_key(&connection.node) {
                let (connection, table) = (connection.node.clone(), table.node.clone());
                return Some(Origin::Table { connection, table });
            }
            let message = format!("quarterdeck.toml has no connection `{}`", connection.node);
            let mut diagnostic = error(&CONNECTION_UNKNOWN, connection.span, message);
            diagnostic = match nearest(&connection.node, known.keys().map(String::as_str)) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).fix(
                    format!("write `{near}`"),
                    connection.span,
                    near,
                ),
                None => diagnostic.hint(format!("add `[sources.{}]` with `kind` and `url_env`", connection.node)),
            };
            cx.report(diagnostic);
            None
        }
    }
}

/// A declared way of writing dates: `mm` and `yyyy` (or `yy`), `dd` where they are days, with time parts behind; or what the first
/// period of a row without years is: `W45 is 2026-W45`.
fn dates(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<String> {
    let field = fields.get("dates")?;
    let text = fields.text("dates")?;
    let lower = text.to_lowercase();
    let has = |part: &str| lower.contains(part);
    if lower.split_once(" is ").is_some_and(|(_, first)| first.to_uppercase().parse::<Period>().is_ok()) {
        return Some(text);
    }
    if has("yy") && (has("m") || !has("d")) {
        return Some(text);
    }
    let message = format!("`{text}` does not say where day, month and year stand");
    let hint = "write it with `dd`, `mm` and `yyyy`: \"dd/mm/yyyy\", \"mm/dd/yyyy\", \"dd.mm.yyyy hh:mm\"";
    cx.report(error(&DATES_FORM, field.value.span, message).hint(hint));
    None
}

fn joins(cx: &mut Context<'_>, name: &str, fields: &Fields<'_>) -> Vec<Join> {
    let mut joins: Vec<Join> = Vec::new();
    for field in fields.all("join") {
        let Value::Join { source, on } = &field.value.node else { continue };
        let Some(other) = names::find(cx, Kind::Source, source) else { continue };
        if source.node == name {
            let message = format!("the source `{name}` joins itself");
            cx.report(error(&JOIN_SELF, source.span, message).hint("its own columns need no join"));
            continue;
        }
        if joins.iter().any(|join| join.source == source.node) {
            let message = format!("`{}` is joined twice", source.node);
            cx.report(
                error(&KEY_TWICE, source.span, message).hint("a source is reached in one way; keep one of the two"),
            );
            continue;
        }
        if !other.block.fields().any(|field| field.key.node == "key") && !other.block.damaged {
            let message = format!("`{}` cannot be joined: it declares no `key:`", source.node);
            cx.report(
                error(&JOIN_KEY, source.span, message)
                    .label(other.span, format!("`{}` is declared here", source.node))
                    .hint("a join finds one row there for each row here, through the other's `key:`"),
            );
            continue;
        }
        joins.push(Join { source: source.node.clone(), on: on.node.clone() });
    }
    joins.sort_by(|one, two| one.source.cmp(&two.source));
    joins
}

fn expects(cx: &mut Context<'_>, name: &str, fields: &Fields<'_>) -> Vec<Expectation> {
    let mut expects = Vec::new();
    for field in fields.all("expect") {
        let Value::Conditions(all) = &field.value.node else { continue };
        for written in all {
            if let Some(condition) = row::condition(cx, written, Rows { source: name, expect: true }) {
                expects.push(Expectation { text: cx.quote(written.span), condition });
            }
        }
    }
    expects
}

/// Computed columns, each after those it uses; a circle is an error that names it whole.
fn columns(cx: &mut Context<'_>, name: &str, block: &Block) -> Vec<Column> {
    let mut found: BTreeMap<String, (Column, Span)> = BTreeMap::new();
    for inner in block.blocks().filter(|inner| inner.kind.node == BlockKind::Column) {
        let (Some(head), Some(written)) = (&inner.head.name, &inner.value) else { continue };
        if let Some((_, first)) = found.get(&head.node) {
            let message = format!("the column `{}` is declared twice", head.node);
            cx.report(error(&DECLARED_TWICE, head.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        if let Some(value) = row::value(cx, written, Rows::of(name)) {
            let label = inner.label.as_ref().map(|label| label.node.clone());
            found.insert(head.node.clone(), (Column { name: head.node.clone(), label, value }, head.span));
        }
    }
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, (column, _)) in &found {
        let mut names = BTreeSet::new();
        columns_in(&column.value, &mut names);
        uses.insert(name.clone(), names.into_iter().filter(|used| found.contains_key(used)).collect());
    }
    let knots = knots(&uses);
    for cycle in cycles(&uses, &knots) {
        report_cycle(cx, &cycle, &found);
    }
    for member in knots.into_iter().flatten() {
        found.remove(member);
    }
    in_order(found, &uses)
}

fn report_cycle(cx: &mut Context<'_>, cycle: &[String], found: &BTreeMap<String, (Column, Span)>) {
    let round: Vec<_> = cycle.iter().chain(cycle.first()).map(|name| format!("`{name}`")).collect();
    let mut places = cycle.iter().filter_map(|name| found.get(name).map(|(_, span)| (name, *span)));
    let Some((_, first)) = places.next() else { return };
    let message = format!("computed columns go in a circle: {}", round.join(" → "));
    let mut diagnostic =
        error(&CYCLE, first, message).hint("a column may use those of the file and computed ones that do not need it");
    for (name, span) in places {
        diagnostic = diagnostic.label(span, format!("`{name}` is computed here"));
    }
    cx.report(diagnostic);
}

/// Columns by how deep they stand on others, then by name.
fn in_order(mut found: BTreeMap<String, (Column, Span)>, uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<Column> {
    let mut ordered = Vec::with_capacity(found.len());
    while !found.is_empty() {
        let ready = found
            .keys()
            .find(|name| uses.get(*name).is_none_or(|used| !used.iter().any(|other| found.contains_key(other))));
        // Circles are taken out before, so one is always ready.
        let Some(name) = ready.cloned() else { break };
        if let Some((column, _)) = found.remove(&name) {
            ordered.push(column);
        }
    }
    ordered
}

/// The columns of the same source that an expression names.
pub(super) fn columns_in(filter: &Filter, names: &mut BTreeSet<String>) {
    if let Filter::Column(name) = filter {
        names.insert(name.clone());
    }
    filter.parts().into_iter().for_each(|part| columns_in(part, names));
}

/// The names a `slice:` lists, as expressions over the rows of a source.
pub(super) fn slices(cx: &mut Context<'_>, fields: &Fields<'_>, source: Option<&str>) -> Vec<Filter> {
    let mut slices = Vec::new();
    for path in fields.names("slice") {
        let written = Spanned::new(crate::syntax::value::Condition::Column(path.node.clone()), path.span);
        let filter = match source {
            Some(source) => row::value(cx, &written, Rows::of(source)),
            None => Some(Filter::Column(dotted(path).node)),
        };
        slices.extend(filter);
    }
    slices
}
