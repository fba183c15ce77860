//! A closing computed again from its own files: the ledger, what was frozen for it, the series that came, the outcomes.

use super::closing::Closing;
use super::compute::{Came, close};
use crate::Inputs;
use crate::ledger::{Difference, Kind, Ledger, LedgerError, Stand, error::RESTORE, inputs};
use std::collections::BTreeMap;
use toml::Value;

/// The files of a closing.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// The path of the closing, for messages.
    pub path: &'a str,
    /// The closing as it stands there.
    pub closing: &'a Closing,
    /// The text of the series that came.
    pub actuals: &'a str,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// What its targets stand on.
    pub stands: &'a [Stand],
}

/// How many values were compared, and those that differ.
///
/// # Errors
/// Series that cannot be read, and a ledger that nothing was frozen for.
pub fn verify(files: &Files<'_>) -> Result<(usize, Vec<Difference>), LedgerError> {
    let stem = files.path.strip_suffix(".close.toml").unwrap_or(files.path);
    let histories = inputs::from_csv(files.actuals).map_err(|error| error.in_file(&format!("{stem}.actuals.csv")))?;
    let closing = files.closing;
    let newest = files.stands.first().ok_or_else(|| LedgerError::NotFrozen {
        what: format!("nothing is frozen for {}", closing.period),
        hint: RESTORE.to_owned(),
    })?;
    // The frozen plan with what became of its initiatives.
    let mut model = newest.model.clone();
    let plan = model.plans.get_mut(&closing.period).into_iter().flat_map(|plan| &mut plan.initiatives);
    for initiative in plan {
        let ended = closing.initiatives.iter().find(|ship| ship.name == initiative.name);
        if let Some(ended) = ended {
            initiative.outcomes.clone_from(&ended.outcomes);
        }
    }
    let (as_of, version) = (closing.as_of, closing.version.as_str());
    let today = Inputs { model: &model, histories: &histories, as_of, version, ..newest.inputs() };
    let came = Came { inputs: &today, waits: &[] };
    let again = close(files.ledger, files.stands, &came).map_err(|error| LedgerError::Text {
        file: files.path.to_owned(),
        line: None,
        found: error.to_string(),
        expected: "the closing of a period that is over".to_owned(),
        hint: RESTORE.to_owned(),
    })?;
    let (written, recomputed) = (leaves(closing), leaves(&again));
    let nothing = || "(nothing)".to_owned();
    let paths: std::collections::BTreeSet<&String> = written.keys().chain(recomputed.keys()).collect();
    let different =
        paths.into_iter().filter(|path| written.get(*path) != recomputed.get(*path)).map(|path| Difference {
            file: files.path.to_owned(),
            what: path.clone(),
            written: written.get(path).cloned().unwrap_or_else(nothing),
            recomputed: recomputed.get(path).cloned().unwrap_or_else(nothing),
            kind: Kind::Number,
        });
    Ok((written.len(), different.collect()))
}

/// Every value by its path. Notes speak of what there was on the day, and are not compared.
fn leaves(closing: &Closing) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Ok(value) = Value::try_from(closing) {
        collect(&value, "", &mut found);
    }
    found.retain(|path, _| !path.contains(".notes["));
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(value, &path, found);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                collect(value, &format!("{path}[{}]", name(value).unwrap_or_else(|| at.to_string())), found);
            }
        }
        other => {
            found.insert(path.to_owned(), other.to_string());
        }
    }
}

/// What an item of a list is known by.
fn name(value: &Value) -> Option<String> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let name = text("name").or(text("level")).map(str::to_owned);
    let target = || match (text("metric"), text("slice")) {
        // Parts of one metric may stand at several places of a tree.
        (Some(metric), _) if value.get("depth").is_none() && value.get("target").is_some() => Some(metric.to_owned()),
        (Some(metric), Some(slice)) => Some(format!("{metric} {slice}")),
        _ => None,
    };
    name.or_else(target)
}
