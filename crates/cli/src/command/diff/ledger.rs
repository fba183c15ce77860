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
    #[schemars(with = "String")]
    pub state: State,
    pub unit: String,
    /// In the metric's unit, a share as a fraction.
    pub value: Option<f64>,
    pub p_hit: Option<f64>,
    pub revision: String,
}

/// An accepted target whose definition has changed since.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Stale {
    pub metric: String,
    pub slice: Option<String>,
    pub period: Period,
    /// The revision it was accepted on.
    pub accepted_revision: String,
    /// Today's; `None` where the metric is gone.
    pub revision: Option<String>,
}

type Key = (Period, String, Option<String>);

/// The targets that differ between ledgers of a revision and those on disk.
pub(super) fn moved(workspace: &Workspace, past: &BTreeMap<String, String>) -> Result<Vec<Moved>, Failure> {
    let mut before = BTreeMap::new();
    for (path, text) in past {
        let Ok(ledger) = Ledger::from_toml(path, text) else { continue };
        // What is accepted wins over what is open.
        gather(ledger, path.ends_with(paths::PROPOSED), &mut before);
    }
    let mut after = BTreeMap::new();
    for (ending, open) in [(paths::ACCEPTED, false), (paths::PROPOSED, true)] {
        for period in standing::periods(workspace, ending) {
            let path = if open { paths::proposed(period) } else { paths::accepted(period) };
            if let Some(ledger) = standing::ledger(workspace, &path)? {
                gather(ledger, open, &mut after);
            }
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
    Ok(moved.collect())
}

fn gather(ledger: Ledger, open: bool, found: &mut BTreeMap<Key, Standing>) {
    for entry in &ledger.targets {
        let key = (ledger.period, entry.metric.clone(), entry.slice.clone());
        if !open || !found.contains_key(&key) {
            found.insert(key, standing_of(entry));
        }
    }
}

fn standing_of(entry: &Entry) -> Standing {
    let offer = entry.proposed.target.as_ref();
    let adjusted = entry.adjusted.as_ref().map(|adjusted| adjusted.value);
    Standing {
        state: entry.state,
        unit: entry.unit.clone(),
        value: adjusted.or(offer.map(|offer| offer.value)),
        p_hit: offer.and_then(|offer| offer.p_hit).filter(|_| adjusted.is_none()),
        revision: entry.revision.clone(),
    }
}

/// Accepted targets on disk whose definition is no longer the one they were accepted on.
pub(super) fn stale(workspace: &Workspace) -> Result<Vec<Stale>, Failure> {
    let mut found = Vec::new();
    for period in standing::periods(workspace, paths::ACCEPTED) {
        let Some(ledger) = standing::ledger(workspace, &paths::accepted(period))? else { continue };
        let in_force = |entry: &&Entry| matches!(entry.state, State::Accepted | State::Stale | State::Amended);
        for entry in ledger.targets.iter().filter(in_force) {
            let metric = workspace.checked.model.metrics.get(&entry.metric);
            let revision = metric.map(|metric| metric.definition.revision.clone());
            if revision.as_ref() != Some(&entry.revision) {
                found.push(Stale {
                    metric: entry.metric.clone(),
                    slice: entry.slice.clone(),
                    period,
                    accepted_revision: entry.revision.clone(),
                    revision,
                });
            }
        }
    }
    Ok(found)
}
