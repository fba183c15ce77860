//! Targets of ledgers: what moved since a revision, and what no longer stands on today's definition.

use crate::error::Failure;
use crate::paths;
use crate::standing;
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{Entry, Ledger};
use quarterdeck_plan::proposal::State;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A target of a ledger that is another than before.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Moved {
    pub metric: String,
    pub slice: Option<String>,
    pub period: Period,
    /// What stood there; `None` where the target is new.
    pub before: Option<Standing>,
    /// What stands there; `None` where it is gone.
    pub after: Option<Standing>,
}

/// Where a target stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Standing {
    pub state: State,
    pub unit: String,
    /// In the metric's unit, a share as a fraction.
    pub value: Option<f64>,
    pub p_hit: Option<f64>,
    pub revision: String,
}

/// An accepted target whose definition has changed since.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(in crate::command) struct Stale {
    pub metric: String,
    pub slice: Option<String>,
    pub period: Period,
    /// The revision it was accepted on.
    pub accepted_revision: String,
    /// Today's; `None` where the metric is gone.
    pub revision: Option<String>,
}

type Key = (Period, String, Option<String>);

/// The targets of two states of the ledgers.
pub(super) struct Targets {
    /// Those that differ.
    pub moved: Vec<Moved>,
    /// The ledgers of the earlier state that cannot be read.
    pub unreadable: Vec<String>,
}

impl Targets {
    /// Compares ledgers of a revision with those on disk.
    pub fn between(past: &BTreeMap<String, String>, workspace: &Workspace) -> Result<Targets, Failure> {
        let (mut before, mut unreadable) = (BTreeMap::new(), Vec::new());
        // What is accepted comes after what is open, and wins over it.
        for (path, text) in past.iter().filter(|(path, _)| is_ledger(path)) {
            match Ledger::from_toml(path, text) {
                Ok(ledger) => gather(&ledger, &mut before),
                Err(_) => unreadable.push(path.clone()),
            }
        }
        let mut after = BTreeMap::new();
        for (ending, path) in
            [(paths::PROPOSED, paths::proposed as fn(Period) -> String), (paths::ACCEPTED, paths::accepted)]
        {
            for period in standing::periods(workspace, ending) {
                let ledger = standing::ledger(workspace, &path(period))?;
                ledger.iter().for_each(|ledger| gather(ledger, &mut after));
            }
        }
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        let differs = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
        let moved = differs.map(|key| Moved {
            metric: key.1.clone(),
            slice: key.2.clone(),
            period: key.0,
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        });
        Ok(Targets { moved: moved.collect(), unreadable })
    }
}

/// Whether a path is that of a period's accepted or proposed targets; other files of theirs lie beside them.
fn is_ledger(path: &str) -> bool {
    let name = path.strip_prefix(paths::TARGETS).and_then(|path| path.strip_prefix('/')).unwrap_or_default();
    let period = name.strip_suffix(paths::PROPOSED).or_else(|| name.strip_suffix(paths::ACCEPTED));
    period.is_some_and(|period| period.parse::<Period>().is_ok())
}

fn gather(ledger: &Ledger, found: &mut BTreeMap<Key, Standing>) {
    for entry in &ledger.targets {
        found.insert((ledger.period, entry.metric.clone(), entry.slice.clone()), standing_of(entry));
    }
}

fn standing_of(entry: &Entry) -> Standing {
    let offer = entry.target();
    Standing {
        state: entry.state,
        unit: entry.unit.clone(),
        value: offer.map(|offer| offer.value),
        p_hit: offer.and_then(|offer| offer.p_hit),
        revision: entry.revision_explained().to_owned(),
    }
}

/// Accepted targets on disk whose definition is no longer the one they were accepted on, nor one that an amendment
/// explains; a metric that was renamed is the same one.
pub(in crate::command) fn stale(workspace: &Workspace) -> Result<Vec<Stale>, Failure> {
    let metrics = &workspace.checked.model.metrics;
    let mut found = Vec::new();
    for period in standing::periods(workspace, paths::ACCEPTED) {
        let Some(ledger) = standing::ledger(workspace, &paths::accepted(period))? else { continue };
        for entry in ledger.targets.iter().filter(|entry| entry.is_in_force()) {
            let renamed = || metrics.values().find(|metric| metric.was.contains(&entry.metric));
            let metric = metrics.get(&entry.metric).or_else(renamed);
            let revision = metric.map(|metric| metric.definition.revision.clone());
            if revision.as_deref() != Some(entry.revision_explained()) {
                found.push(Stale {
                    metric: entry.metric.clone(),
                    slice: entry.slice.clone(),
                    period,
                    accepted_revision: entry.revision_explained().to_owned(),
                    revision,
                });
            }
        }
    }
    Ok(found)
}
