//! The fields in which two declarations differ: those whose text is another and whose meaning is too.

use super::written::Said;
use super::{About, Edit};
use quarterdeck_lang::keys;
use quarterdeck_lang::syntax::tree::BlockKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A declaration before or after: as written, and as the model holds it.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// What is written; none where nothing is.
    pub said: Option<&'a Said>,
    /// Its part of the model as JSON; `Null` where it has none.
    pub meant: &'a Value,
}

/// The fields that differ, in order of the language.
pub(super) fn edits(kind: BlockKind, old: Side<'_>, new: Side<'_>, renamed: &BTreeMap<String, String>) -> Vec<Edit> {
    let meant = with_names(without_places(old.meant.clone()), renamed);
    let after = without_places(new.meant.clone());
    let (old, new) = (Side { meant: &meant, ..old }, Side { meant: &after, ..new });
    let mut found = Vec::new();
    gather(kind, "", old, new, renamed, &mut found);
    found
}

/// Gathers what differs in a block; `path` stands before the names of its fields.
fn gather(
    kind: BlockKind,
    path: &str,
    old: Side<'_>,
    new: Side<'_>,
    renamed: &BTreeMap<String, String>,
    found: &mut Vec<Edit>,
) {
    let empty = Said::default();
    let (before, after) = (old.said.unwrap_or(&empty), new.said.unwrap_or(&empty));
    if before.label != after.label {
        let field = inside(path, header_word(kind));
        found.push(edit(field, About::Words, before.label.clone(), after.label.clone()));
    }
    if before.value != after.value && differ(kind, "value", old.meant, new.meant) {
        found.push(edit(inside(path, "value"), About::Meaning, before.value.clone(), after.value.clone()));
    }
    for key in keys_of(kind, before, after) {
        let (was, is) = (before.fields.get(key), after.fields.get(key));
        if was == is || !differ(kind, key, old.meant, new.meant) {
            continue;
        }
        let text = |values: Option<&Vec<String>>| values.map(|values| values.join("; "));
        // What a header says besides its name is no key, and part of the meaning.
        let about = keys::find(kind, key).map_or(About::Meaning, |key| About::from(key.class));
        found.push(edit(inside(path, key), about, text(was), text(is)));
    }
    let was: BTreeMap<(BlockKind, String), &Said> =
        before.blocks.iter().map(|((kind, name), said)| ((*kind, renamed_in(*kind, name, renamed)), said)).collect();
    let names: BTreeSet<(BlockKind, String)> = was.keys().cloned().chain(after.blocks.keys().cloned()).collect();
    for (inner, name) in names {
        let sides = (was.get(&(inner, name.clone())).copied(), after.blocks.get(&(inner, name.clone())));
        let path = inside(path, &called(inner, &name));
        match sides {
            (Some(before), Some(after)) if before == after => {}
            (Some(before), Some(after)) => {
                let old = Side { said: Some(before), meant: part(inner, &name, old.meant) };
                let new = Side { said: Some(after), meant: part(inner, &name, new.meant) };
                gather(inner, &path, old, new, renamed, found);
            }
            (before, after) => {
                found.push(edit(path, block_about(inner), before.map(Said::flat), after.map(Said::flat)));
            }
        }
    }
}

fn edit(field: String, about: About, before: Option<String>, after: Option<String>) -> Edit {
    Edit { field, about, before, after }
}

fn inside(path: &str, word: &str) -> String {
    if path.is_empty() { word.to_owned() } else { format!("{path} {word}") }
}

/// What the quoted text of a header is.
fn header_word(kind: BlockKind) -> &'static str {
    if kind == BlockKind::Changed { "why" } else { "label" }
}

/// A block inside a declaration: `initiative leeds_depot`, `evidence`.
fn called(kind: BlockKind, name: &str) -> String {
    match (kind, name) {
        (BlockKind::Quote | BlockKind::Test, name) => format!("{} \"{name}\"", kind.word()),
        (_, "") => kind.word().to_owned(),
        (_, name) => format!("{} {name}", kind.word()),
    }
}

/// What it is about that a block inside a declaration comes or goes.
fn block_about(kind: BlockKind) -> About {
    match kind {
        BlockKind::Benchmark => About::Tree,
        BlockKind::Test => About::Governance,
        BlockKind::Quote => About::Words,
        BlockKind::Target
        | BlockKind::Initiative
        | BlockKind::Evidence
        | BlockKind::Judgement
        | BlockKind::Risk
        | BlockKind::Milestone
        | BlockKind::Scenario => About::Plan,
        _ => About::Meaning,
    }
}

/// The keys of two blocks, in the order of the language, others after them.
fn keys_of<'a>(kind: BlockKind, before: &'a Said, after: &'a Said) -> Vec<&'a str> {
    let mut names: Vec<&str> = before.fields.keys().chain(after.fields.keys()).map(String::as_str).collect();
    let place = |name: &str| keys::of(kind).position(|key| key.name == name).unwrap_or(usize::MAX);
    names.sort_by_key(|name| (place(name), *name));
    names.dedup();
    names
}

/// Old names of metrics written as new ones, where a block is known by the metric it is about.
fn renamed_in(kind: BlockKind, name: &str, renamed: &BTreeMap<String, String>) -> String {
    if !matches!(kind, BlockKind::Target | BlockKind::Judgement) {
        return name.to_owned();
    }
    let (metric, rest) = name.split_once(' ').map_or((name, ""), |(metric, rest)| (metric, rest));
    match (renamed.get(metric), rest) {
        (None, _) => name.to_owned(),
        (Some(new), "") => new.clone(),
        (Some(new), rest) => format!("{new} {rest}"),
    }
}

/// Whether what a key's texts mean differs; where the model does not hold it, its texts decide.
fn differ(kind: BlockKind, key: &str, old: &Value, new: &Value) -> bool {
    let (Value::Object(before), Value::Object(after)) = (old, new) else { return true };
    let fields = held_in(kind, key);
    let at = |object: &serde_json::Map<String, Value>, path: &str| -> Option<Value> {
        path.split('.').try_fold(Value::Object(object.clone()), |value, step| value.get(step).cloned())
    };
    let is_held = |path: &&&str| {
        let first = path.split('.').next().unwrap_or_default();
        // A source written plainly holds nothing about how its files are written.
        first == "export" || before.contains_key(first) && after.contains_key(first)
    };
    let held: Vec<&&str> = fields.iter().filter(is_held).collect();
    held.len() < fields.len() || held.iter().any(|path| at(before, path) != at(after, path))
}

/// The fields of the model that hold what a key says.
fn held_in(kind: BlockKind, key: &str) -> Vec<&str> {
    use BlockKind::{Event, Initiative, Metric, Segment, Source, Test};
    match (kind, key) {
        (Metric, "where") => vec!["measure"],
        (_, "guard") => vec!["guards"],
        (_, "allow") => vec!["allows"],
        (Metric, "slice") => vec!["slices"],
        (Source, "from") => vec!["origin"],
        (Source, "join") => vec!["joins"],
        (Source | Segment, "where") => vec!["filter"],
        (Segment, "of") => vec!["source"],
        (Source, "expect") => vec!["expects"],
        (Source, "layout") => vec!["export.layout"],
        (Source, "sheet") => vec!["export.sheet"],
        (Source, "header") => vec!["export.header"],
        (Source, "numbers") => vec!["export.numbers"],
        (Source, "blank") => vec!["export.blanks"],
        (Source, "separator") => vec!["export.separator"],
        (Source, "encoding") => vec!["export.encoding"],
        (Source, "skip") => vec!["export.skip"],
        (Source, "covers") => vec!["export.covers"],
        (Source, "arrives") => vec!["export.arrives"],
        (Source, "currency" | "amounts" | "rates") => vec!["export.money"],
        (Event, "on") => vec!["days"],
        (BlockKind::Target, "method") => vec!["methods"],
        (Initiative, "outcome") => vec!["outcomes"],
        (Test, "is") => vec!["is", "within"],
        (_, key) => vec![key],
    }
}

/// A block's part of the model, found in the list that holds its kind; `Null` where there is none.
fn part<'a>(kind: BlockKind, name: &str, within: &'a Value) -> &'a Value {
    let (list, key) = match kind {
        BlockKind::Evidence => return within.get("evidence").unwrap_or(&Value::Null),
        BlockKind::Column => ("columns", "name"),
        BlockKind::Benchmark => ("benchmarks", "name"),
        BlockKind::Changed => ("changes", "on"),
        BlockKind::Test => ("tests", "label"),
        BlockKind::Target => ("targets", "metric"),
        BlockKind::Initiative => ("initiatives", "name"),
        BlockKind::Judgement => ("judgements", "metric"),
        BlockKind::Quote => ("quotes", "text"),
        BlockKind::Risk => ("risks", "name"),
        BlockKind::Milestone => ("milestones", "name"),
        BlockKind::Scenario => ("scenarios", "name"),
        _ => return &Value::Null,
    };
    let is_it = |each: &&Value| {
        let slice = each.get("slice").and_then(|slice| slice.get("text")).and_then(Value::as_str);
        let own = each.get(key).and_then(Value::as_str).unwrap_or_default();
        slice.map_or_else(|| own == name, |slice| name.strip_prefix(own) == Some(&format!(" for {slice}")))
    };
    within.get(list).and_then(Value::as_array).and_then(|list| list.iter().find(is_it)).unwrap_or(&Value::Null)
}

/// Takes out where things stand: objects of a file and a line.
fn without_places(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.retain(|_, inner| !is_place(inner));
            fields.values_mut().for_each(|inner| *inner = without_places(inner.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| *inner = without_places(inner.take())),
        _ => {}
    }
    value
}

fn is_place(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|fields| fields.len() == 2 && fields.contains_key("file") && fields.contains_key("line"))
}

/// Writes new names of metrics where old ones stood.
fn with_names(mut value: Value, renamed: &BTreeMap<String, String>) -> Value {
    match &mut value {
        Value::String(name) => {
            if let Some(new) = renamed.get(name) {
                name.clone_from(new);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| *inner = with_names(inner.take(), renamed)),
        Value::Object(fields) => fields.values_mut().for_each(|inner| *inner = with_names(inner.take(), renamed)),
        _ => {}
    }
    value
}
