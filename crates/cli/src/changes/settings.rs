//! Settings that differ, key by key as `quarterdeck.toml` has them.

use super::{About, Edit};
use crate::workspace::SETTINGS;
use quarterdeck_lang::Checked;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// The keys of `quarterdeck.toml` that differ and mean something else.
pub(super) fn edits(old: &Checked, new: &Checked) -> Vec<Edit> {
    if old.model.settings == new.model.settings {
        return Vec::new();
    }
    let (old, new) = (written(old), written(new));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    let edit = |key: &String| Edit {
        field: key.clone(),
        about: about(key),
        before: old.get(key).cloned(),
        after: new.get(key).cloned(),
    };
    differing.map(edit).collect()
}

/// What a key of the settings is about.
fn about(key: &str) -> About {
    match key.split('.').next().unwrap_or_default() {
        "lints" => About::Governance,
        "teams" | "forecast" => About::Plan,
        "workspace" if key == "workspace.name" => About::Words,
        _ => About::Meaning,
    }
}

/// Whether a key decides which days a period has.
pub(super) fn moves_periods(key: &str) -> bool {
    key.starts_with("calendar.") || key == "workspace.time_zone"
}

/// Every value by its path: `calendar.kind`.
fn written(checked: &Checked) -> BTreeMap<String, String> {
    let text = checked.files.iter().find(|(_, file)| file.path() == SETTINGS).map(|(_, file)| file.text());
    let mut values = BTreeMap::new();
    flatten("", &text.and_then(|text| text.parse::<Table>().ok()).unwrap_or_default(), &mut values);
    values
}

fn flatten(path: &str, table: &Table, values: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Table(inner) => flatten(&path, inner, values),
            Value::String(text) => drop(values.insert(path, text.clone())),
            other => drop(values.insert(path, other.to_string())),
        }
    }
}
