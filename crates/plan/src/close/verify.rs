//! A closing computed again from its own files: the ledger, what was frozen for it, the series that came, the definitions of
//! the day. What the ledger says of how each target ended follows from it.

use super::closing::Closing;
use super::compute::{Came, close};
use crate::Inputs;
use crate::ledger::definitions::{self, Defined, Made};
use crate::ledger::{Difference, Kind, Ledger, LedgerError, Stand, error::RESTORE, inputs};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The text of the definitions of the day, as [`definitions::to_json`] writes them.
    pub definitions: &'a str,
    /// The path of the ledger, for messages.
    pub ledger_path: &'a str,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// What its targets stand on.
    pub stands: &'a [Stand],
}

/// How many values were compared, and those that differ.
///
/// # Errors
/// Series or definitions that cannot be read, and a ledger that nothing was frozen for.
pub fn verify(files: &Files<'_>) -> Result<(usize, Vec<Difference>), LedgerError> {
    let stem = files.path.strip_suffix(".close.toml").unwrap_or(files.path);
    let path = format!("{stem}.close.definitions.json");
    let histories = inputs::from_csv(files.actuals).map_err(|error| error.in_file(&format!("{stem}.actuals.csv")))?;
    let day = definitions::from_json(files.definitions).map_err(|error| error.in_file(&path))?;
    let closing = files.closing;
    if day.hash() != closing.definitions {
        // Whichever of the two was edited: nothing can be said of numbers until they agree.
        let (written, recomputed) = (closing.definitions.clone(), day.hash());
        let what = format!("definitions of the closing of {}", closing.period);
        return Ok((1, vec![Difference { file: path, what, written, recomputed, kind: Kind::Definition }]));
    }
    Ok(compare(files, &recomputed(files, &day, &histories)?))
}

/// How many values of a closing and of what its ledger says of it were compared with the same closing computed again, and those
/// that differ.
pub fn compare(files: &Files<'_>, again: &Closing) -> (usize, Vec<Difference>) {
    let mut found = Found { checked: 0, differences: Vec::new() };
    found.compare(files.path, &value(files.closing), &value(again));
    let ended = files.ledger.ended(again);
    found.compare(files.ledger_path, &endings(files.ledger), &endings(&ended));
    (found.checked, found.differences)
}

/// Targets that a ledger says have ended, though nothing tells how.
pub fn without_closing(ledger: &Ledger, path: &str) -> Vec<Difference> {
    let mut open = ledger.clone();
    open.targets.iter_mut().for_each(|entry| entry.closing = None);
    let mut found = Found { checked: 0, differences: Vec::new() };
    found.compare(path, &endings(ledger), &endings(&open));
    found.differences
}

/// The closing as its files give it.
fn recomputed(
    files: &Files<'_>,
    day: &Defined,
    histories: &BTreeMap<String, quarterdeck_forecast::History>,
) -> Result<Closing, LedgerError> {
    let made = day.made.as_ref().filter(|_| !files.stands.is_empty());
    let Made { as_of, version, seed, paths } = made.ok_or_else(|| LedgerError::NotFrozen {
        what: format!("nothing is frozen for {}", files.closing.period),
        hint: RESTORE.to_owned(),
    })?;
    let (as_of, seed, paths) = (*as_of, *seed, *paths);
    let today = Inputs { model: &day.definitions, histories, as_of, version, seed, paths };
    let came = Came { inputs: &today, waits: &[] };
    close(files.ledger, files.stands, &came).map_err(|error| LedgerError::Text {
        file: files.path.to_owned(),
        line: None,
        found: error.to_string(),
        expected: "the closing of a period that is over".to_owned(),
        hint: RESTORE.to_owned(),
    })
}

/// What is found on the way.
struct Found {
    checked: usize,
    differences: Vec<Difference>,
}

impl Found {
    fn compare(&mut self, file: &str, written: &Value, recomputed: &Value) {
        let (written, recomputed) = (leaves(written), leaves(recomputed));
        let nothing = || "(nothing)".to_owned();
        let paths: BTreeSet<&String> = written.keys().chain(recomputed.keys()).collect();
        let differ = paths.into_iter().filter(|path| written.get(*path) != recomputed.get(*path));
        self.differences.extend(differ.map(|path| Difference {
            file: file.to_owned(),
            what: path.clone(),
            written: written.get(path).cloned().unwrap_or_else(nothing),
            recomputed: recomputed.get(path).cloned().unwrap_or_else(nothing),
            kind: Kind::Number,
        }));
        self.checked += written.len();
    }
}

/// A closing as the table its file holds.
fn value(closing: &Closing) -> Value {
    // Every field has a form in TOML; see `Closing::to_toml`.
    Value::try_from(closing).unwrap_or(Value::Boolean(false))
}

/// How each target of a ledger ended, as its file says.
fn endings(ledger: &Ledger) -> Value {
    let ended = ledger.targets.iter().filter_map(|entry| Some((entry.name(), entry.closing.as_ref()?)));
    let table = ended.map(|(name, closing)| {
        let closing = Value::try_from(closing).unwrap_or(Value::Boolean(false));
        (format!("target[{name}]"), Value::Table(toml::Table::from_iter([("closing".to_owned(), closing)])))
    });
    Value::Table(table.collect())
}

/// Every value by its path.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(value, "", &mut found);
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
