//! Two models side by side, field by field.
//!
//! Fields are compared as the model's own JSON, so that whatever the language grows is compared too. Places of lines are
//! left out; a renamed metric is the same one wherever it is named.

use super::{Change, Changes, Kind};
use crate::needs::Needs;
use quarterdeck_lang::Model;
use quarterdeck_lang::keys::{self, Class};
use quarterdeck_lang::model::Metric;
use quarterdeck_lang::syntax::tree::BlockKind;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that differs between two models.
pub(super) fn models(old: &Model, new: &Model) -> Changes {
    let renamed = renamed(old, new);
    let follow = Follow::new(old, new, &renamed);
    let mut changes = Changes { metrics: metrics(old, new, &renamed, &follow), ..Changes::default() };
    changes.sources = declarations(None, BlockKind::Source, &old.sources, &new.sources, &renamed);
    for change in &mut changes.sources {
        if change.change != Kind::Docs {
            change.downstream = follow.on_source(&change.name);
        }
    }
    let others = [
        declarations(Some("segment"), BlockKind::Segment, &old.segments, &new.segments, &renamed),
        declarations(Some("market"), BlockKind::Market, &old.markets, &new.markets, &renamed),
        declarations(Some("event"), BlockKind::Event, &old.events, &new.events, &renamed),
        declarations(Some("plan"), BlockKind::Plan, &by_text(&old.plans), &by_text(&new.plans), &renamed),
        settings(old, new, &renamed),
    ];
    changes.others = others.into_iter().flatten().collect();
    // What changes segments and settings reaches is told by revisions: a metric that no other change accounts for.
    let known: BTreeSet<&String> = changes
        .metrics
        .iter()
        .chain(&changes.sources)
        .flat_map(|change| change.downstream.iter().chain([&change.name]))
        .collect();
    let rest: Vec<String> = follow.moved.iter().filter(|name| !known.contains(name)).cloned().collect();
    for change in &mut changes.others {
        let reaches = match change.kind {
            Some("segment") => true,
            Some("settings") => change.fields.iter().any(|field| ["calendar", "time_zone"].contains(&field.as_str())),
            _ => false,
        };
        if reaches {
            change.downstream.clone_from(&rest);
        }
    }
    let lists = [&mut changes.metrics, &mut changes.sources, &mut changes.others];
    lists.into_iter().flatten().for_each(|change| change.targets = planned(new, change));
    changes
}

/// New names by old ones: those said with `was:`, and a metric that went while one of the same meaning came.
fn renamed(old: &Model, new: &Model) -> BTreeMap<String, String> {
    let gone: Vec<&Metric> = old.metrics.values().filter(|metric| !new.metrics.contains_key(&metric.name)).collect();
    let came: Vec<&Metric> = new.metrics.values().filter(|metric| !old.metrics.contains_key(&metric.name)).collect();
    let mut names = BTreeMap::new();
    for metric in &gone {
        let said: Vec<_> = came.iter().filter(|other| other.was.contains(&metric.name)).collect();
        let same = |other: &&&&Metric| other.definition.revision == metric.definition.revision;
        let alike: Vec<_> = came.iter().filter(|other| same(&other)).collect();
        let twins = gone.iter().filter(|other| other.definition.revision == metric.definition.revision).count();
        match (said.as_slice(), alike.as_slice()) {
            ([only], _) => names.insert(metric.name.clone(), only.name.clone()),
            ([], [only]) if twins == 1 => names.insert(metric.name.clone(), only.name.clone()),
            _ => None,
        };
    }
    names
}

fn metrics(old: &Model, new: &Model, renamed: &BTreeMap<String, String>, follow: &Follow<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for metric in new.metrics.values() {
        let was = renamed.iter().find(|(_, name)| **name == metric.name).map(|(was, _)| was.clone());
        let before = old.metrics.get(was.as_ref().unwrap_or(&metric.name));
        let Some(before) = before else {
            changes.push(change(&metric.name, Kind::Added, Vec::new()));
            continue;
        };
        let mut fields = fields(before, metric, renamed);
        fields.retain(|field| field != "name" && !(was.is_some() && field == "was"));
        // A label that is the name follows it.
        if was.as_deref() == Some(before.label.as_str()) && metric.label == metric.name {
            fields.retain(|field| field != "label");
        }
        if fields.is_empty() && was.is_none() {
            continue;
        }
        let moved = before.definition.revision != metric.definition.revision;
        let more_breaks = metric.changes.iter().any(|change| before.changes.iter().all(|known| known.on != change.on));
        let means = fields.iter().any(|field| class(BlockKind::Metric, field) == Some(Class::Meaning));
        let kind = match (was.is_some(), more_breaks, moved && means) {
            (true, ..) => Kind::Renamed,
            (_, true, _) => Kind::Break,
            (_, _, true) => Kind::Meaning,
            _ => Kind::Docs,
        };
        let mut change = change(&metric.name, kind, fields);
        change.was = was;
        if moved {
            change.downstream = follow.on_metric(&metric.name);
        }
        changes.push(change);
    }
    for name in old.metrics.keys().filter(|name| !new.metrics.contains_key(*name) && !renamed.contains_key(*name)) {
        let mut change = change(name, Kind::Removed, Vec::new());
        change.downstream = follow.on_metric(name);
        changes.push(change);
    }
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

fn change(name: &str, change: Kind, fields: Vec<String>) -> Change {
    let name = name.to_owned();
    Change { kind: None, name, change, was: None, fields, downstream: Vec::new(), targets: Vec::new() }
}

/// Declarations of one kind, compared by name.
fn declarations<T: Serialize>(
    word: Option<&'static str>,
    block: BlockKind,
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    renamed: &BTreeMap<String, String>,
) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let (kind, fields) = match (old.get(name), new.get(name)) {
            (None, _) => (Kind::Added, Vec::new()),
            (_, None) => (Kind::Removed, Vec::new()),
            (Some(before), Some(after)) => {
                let fields = fields(before, after, renamed);
                if fields.is_empty() {
                    return None;
                }
                let words = |field: &String| {
                    matches!(class(block, field), Some(Class::Words | Class::Governance)) || field == "label"
                };
                let kind = match (fields.iter().all(words), fields.iter().any(|field| field == "changes")) {
                    (true, _) => Kind::Docs,
                    (false, true) => Kind::Break,
                    (false, false) => Kind::Meaning,
                };
                (kind, fields)
            }
        };
        let mut change = change(name, kind, fields);
        change.kind = word;
        Some(change)
    });
    changes.collect()
}

fn settings(old: &Model, new: &Model, renamed: &BTreeMap<String, String>) -> Vec<Change> {
    let fields = fields(&old.settings, &new.settings, renamed);
    if fields.is_empty() {
        return Vec::new();
    }
    let words = fields.iter().all(|field| ["name", "lints"].contains(&field.as_str()));
    let mut change = change("quarterdeck.toml", if words { Kind::Docs } else { Kind::Meaning }, fields);
    change.kind = Some("settings");
    vec![change]
}

fn by_text<K: ToString, T: Clone>(plans: &BTreeMap<K, T>) -> BTreeMap<String, T> {
    plans.iter().map(|(period, plan)| (period.to_string(), plan.clone())).collect()
}

/// What a field of the model says, by the key of the language it comes from.
fn class(block: BlockKind, field: &str) -> Option<Class> {
    let key = match field {
        "filter" => "where",
        "origin" => "from",
        "expects" => "expect",
        "joins" => "join",
        "guards" => "guard",
        "slices" => "slice",
        "allows" => "allow",
        // Declared changes and computed columns are blocks, and part of the meaning.
        "changes" | "columns" => return Some(Class::Meaning),
        // So are golden values and benchmarks, and they are not.
        "tests" | "benchmarks" => return Some(Class::Governance),
        field => field,
    };
    keys::find(block, key).map(|key| key.class)
}

/// The fields in which two declarations differ, in order of name; places and revisions are none.
fn fields<T: Serialize>(old: &T, new: &T, renamed: &BTreeMap<String, String>) -> Vec<String> {
    let text = |value: &T| match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (mut old, mut new) = (text(old), text(new));
    for fields in [&mut old, &mut new] {
        for known in ["place", "definition", "revision"] {
            fields.remove(known);
        }
        fields.values_mut().for_each(without_places);
    }
    old.values_mut().for_each(|value| with_names(value, renamed));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

/// Takes out where things stand: objects of a file and a line.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, inner| !is_place(inner));
            fields.values_mut().for_each(without_places);
        }
        Value::Array(list) => list.iter_mut().for_each(without_places),
        _ => {}
    }
}

fn is_place(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|fields| fields.len() == 2 && fields.contains_key("file") && fields.contains_key("line"))
}

/// Writes new names of metrics where old ones stood.
fn with_names(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::String(name) => {
            if let Some(new) = renamed.get(name) {
                name.clone_from(new);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| with_names(inner, renamed)),
        Value::Object(fields) => fields.values_mut().for_each(|inner| with_names(inner, renamed)),
        _ => {}
    }
}

/// The planned targets of a declaration and of what follows it.
fn planned(model: &Model, change: &Change) -> Vec<String> {
    let metric = change.kind.is_none().then_some(&change.name);
    let names: BTreeSet<&String> = change.downstream.iter().chain(metric).collect();
    if change.change == Kind::Docs {
        return Vec::new();
    }
    let targets = model.plans.values().flat_map(|plan| plan.targets.iter().map(move |target| (plan.period, target)));
    let touched = targets.filter(|(_, target)| names.contains(&target.metric));
    let shown = touched.map(|(period, target)| match &target.slice {
        Some(slice) => format!("{period} {} for {}", target.metric, slice.text),
        None => format!("{period} {}", target.metric),
    });
    shown.collect()
}

/// Which metrics stand on what, before and after.
struct Follow<'a> {
    new: &'a Model,
    /// What each metric of either model stands on, itself included.
    needs: BTreeMap<String, Needs>,
    /// Metrics of both whose revision differs.
    moved: BTreeSet<String>,
}

impl<'a> Follow<'a> {
    fn new(old: &Model, new: &'a Model, renamed: &BTreeMap<String, String>) -> Follow<'a> {
        let mut needs: BTreeMap<String, Needs> = BTreeMap::new();
        for model in [old, new] {
            for name in model.metrics.keys() {
                let own = Needs::of(model, [name.as_str()]);
                let all = needs.entry(name.clone()).or_default();
                all.metrics.extend(own.metrics);
                all.sources.extend(own.sources);
            }
        }
        let was: BTreeMap<&String, &String> = renamed.iter().map(|(was, name)| (name, was)).collect();
        let differs = |metric: &&Metric| {
            let before = old.metrics.get(was.get(&metric.name).copied().unwrap_or(&metric.name));
            before.is_some_and(|before| before.definition.revision != metric.definition.revision)
        };
        let moved = new.metrics.values().filter(differs).map(|metric| metric.name.clone()).collect();
        Follow { new, needs, moved }
    }

    /// Metrics there are whose numbers follow a metric.
    fn on_metric(&self, name: &str) -> Vec<String> {
        let follows = |(other, needs): &(&String, &Needs)| *other != name && needs.metrics.contains(name);
        self.needs
            .iter()
            .filter(follows)
            .map(|(other, _)| other)
            .filter(|other| self.is_there(other))
            .cloned()
            .collect()
    }

    /// Metrics there are whose numbers follow a source, joins included.
    fn on_source(&self, name: &str) -> Vec<String> {
        let mut sources = BTreeSet::from([name.to_owned()]);
        let joins = |model: &Model, sources: &BTreeSet<String>| -> Vec<String> {
            let joined =
                model.sources.values().filter(|source| source.joins.iter().any(|join| sources.contains(&join.source)));
            joined.map(|source| source.name.clone()).collect()
        };
        loop {
            let before = sources.len();
            sources.extend(joins(self.new, &sources));
            if sources.len() == before {
                break;
            }
        }
        let follows = |(_, needs): &(&String, &Needs)| !needs.sources.is_disjoint(&sources);
        self.needs
            .iter()
            .filter(follows)
            .map(|(other, _)| other)
            .filter(|other| self.is_there(other))
            .cloned()
            .collect()
    }

    fn is_there(&self, name: &str) -> bool {
        self.new.metrics.contains_key(name)
    }
}
