//! Two states of a workspace side by side.

use super::edits::{Side, edits};
use super::follow::{Follow, planned};
use super::settings;
use super::written::Written;
use super::{About, Change, Declared, Kind};
use quarterdeck_lang::model::Metric;
use quarterdeck_lang::syntax::tree::BlockKind;
use quarterdeck_lang::{Checked, Model};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that differs from one state to another.
pub fn between(old: &Checked, new: &Checked) -> Declared {
    let renamed = renamed(&old.model, &new.model);
    let follow = Follow::new(&old.model, &new.model, &renamed);
    let both = Both { old: &Written::of(old), new: &Written::of(new), renamed: &renamed };
    let mut declared = Declared {
        metrics: metrics(&old.model, &new.model, &both, &follow),
        sources: both.compare(BlockKind::Source, &old.model.sources, &new.model.sources),
        others: others(old, new, &both, &follow),
    };
    for change in declared.sources.iter_mut().filter(|change| change.change != Kind::Docs) {
        change.downstream = follow.on_source(&change.name);
    }
    let lists = [&mut declared.metrics, &mut declared.sources, &mut declared.others];
    lists.into_iter().flatten().for_each(|change| change.targets = planned(&new.model, change));
    declared
}

/// Segments, markets, events, plans and settings.
fn others(old: &Checked, new: &Checked, both: &Both<'_>, follow: &Follow<'_>) -> Vec<Change> {
    let (before, after) = (&old.model, &new.model);
    let mut segments = both.compare(BlockKind::Segment, &before.segments, &after.segments);
    for change in segments.iter_mut().filter(|change| change.change != Kind::Docs) {
        change.downstream = follow.on_segment(&change.name);
    }
    let declared = [
        segments,
        both.compare(BlockKind::Market, &before.markets, &after.markets),
        both.compare(BlockKind::Event, &before.events, &after.events),
        both.compare(BlockKind::Plan, &by_text(&before.plans), &by_text(&after.plans)),
    ];
    let mut changes: Vec<Change> = declared.into_iter().flatten().collect();
    let edits = settings::edits(old, new);
    if !edits.is_empty() {
        let reaches = edits.iter().any(|edit| settings::moves_periods(&edit.field));
        let mut change = Change::new(Some("settings"), crate::workspace::SETTINGS, Kind::Docs).with(edits);
        change.change = weight(&change);
        if reaches {
            change.downstream = follow.all();
        }
        changes.push(change);
    }
    changes
}

/// Whether only words differ.
fn weight(change: &Change) -> Kind {
    if change.about.iter().all(|about| *about == About::Words) { Kind::Docs } else { Kind::Meaning }
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
            ([], [only]) if twins == 1 && only.was.is_empty() => names.insert(metric.name.clone(), only.name.clone()),
            _ => None,
        };
    }
    names
}

fn metrics(old: &Model, new: &Model, both: &Both<'_>, follow: &Follow<'_>) -> Vec<Change> {
    let was: BTreeMap<&String, &String> = both.renamed.iter().map(|(was, name)| (name, was)).collect();
    let mut changes = Vec::new();
    for metric in new.metrics.values() {
        let earlier = was.get(&metric.name).copied();
        let name = earlier.unwrap_or(&metric.name);
        let before = old.metrics.get(name);
        let Some(mut change) = both.one(BlockKind::Metric, name, before, &metric.name, Some(metric)) else {
            changes.extend(earlier.map(|was| rename(Change::new(None, &metric.name, Kind::Renamed), was)));
            continue;
        };
        let known = before.map(|before| before.changes.as_slice()).unwrap_or_default();
        let more_breaks = metric.changes.iter().any(|change| known.iter().all(|known| known.on != change.on));
        if let Some(was) = earlier {
            change = rename(change, was);
        } else if change.change == Kind::Meaning && more_breaks {
            change.change = Kind::Break;
        }
        if follow.is_moved(&metric.name) {
            change.downstream = follow.on_metric(&metric.name);
        }
        changes.push(change);
    }
    for name in old.metrics.keys().filter(|name| !both.renamed.contains_key(*name)) {
        // What is there and means nothing any more has errors to show, and is not gone.
        if !new.metrics.contains_key(name) && both.new.get(BlockKind::Metric, name).is_none() {
            let mut change = Change::new(None, name, Kind::Removed);
            change.downstream = follow.on_metric(name);
            changes.push(change);
        }
    }
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

/// A change under another name: the new name's own `was:` tells of nothing else.
fn rename(mut change: Change, was: &str) -> Change {
    change.edits.retain(|edit| edit.field != "was");
    let edits = std::mem::take(&mut change.edits);
    let mut change = change.with(edits);
    change.change = Kind::Renamed;
    change.was = Some(was.to_owned());
    change
}

fn by_text<K: ToString, T: Clone>(plans: &BTreeMap<K, T>) -> BTreeMap<String, T> {
    plans.iter().map(|(period, plan)| (period.to_string(), plan.clone())).collect()
}

/// What is written on both sides.
struct Both<'a> {
    old: &'a Written,
    new: &'a Written,
    /// New names of metrics by old ones.
    renamed: &'a BTreeMap<String, String>,
}

impl Both<'_> {
    /// Declarations of one kind, compared by name.
    fn compare<T: Serialize>(
        &self,
        kind: BlockKind,
        old: &BTreeMap<String, T>,
        new: &BTreeMap<String, T>,
    ) -> Vec<Change> {
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        names.into_iter().filter_map(|name| self.one(kind, name, old.get(name), name, new.get(name))).collect()
    }

    /// One declaration, which may have had another name; `None` where nothing differs.
    fn one<T: Serialize>(
        &self,
        kind: BlockKind,
        was: &str,
        old: Option<&T>,
        name: &str,
        new: Option<&T>,
    ) -> Option<Change> {
        let word = match kind {
            BlockKind::Metric | BlockKind::Source => None,
            kind => Some(kind.word()),
        };
        let (before, after) = (self.old.get(kind, was), self.new.get(kind, name));
        match (old, new) {
            (None, None) => None,
            (None, Some(_)) if before.is_none() => Some(Change::new(word, name, Kind::Added)),
            (Some(_), None) if after.is_none() => Some(Change::new(word, name, Kind::Removed)),
            (Some(_), None) => None,
            (old, Some(new)) => {
                if old.is_some() && before == after {
                    return None;
                }
                let value = |side: Option<&T>| side.and_then(|side| serde_json::to_value(side).ok());
                let (meant, means) = (value(old).unwrap_or(Value::Null), value(Some(new)).unwrap_or(Value::Null));
                let old_side = Side { said: before, meant: &meant };
                let edits = edits(kind, old_side, Side { said: after, meant: &means }, self.renamed);
                if edits.is_empty() && old.is_some() {
                    return None;
                }
                let breaks = edits.iter().any(|edit| edit.before.is_none() && edit.field.starts_with("changed "));
                let mut change = Change::new(word, name, Kind::Docs).with(edits);
                change.change = match (weight(&change), kind) {
                    // What had errors before had no meaning, whatever it says now.
                    _ if old.is_none() => Kind::Meaning,
                    (Kind::Meaning, BlockKind::Source) if breaks => Kind::Break,
                    (weight, _) => weight,
                };
                Some(change)
            }
        }
    }
}
