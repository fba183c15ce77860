//! Seals: hashes over what only a person gave, or nothing else computes.
//!
//! A seal tells an edit of such words apart from everything else. It is no proof (anybody can compute it) and never stands
//! in for computing a number again.

use super::{Basis, Entry, Ledger, hash};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

const DIGITS: usize = 16;

/// The seal of a target: what people decided about it.
pub(super) fn of_target(period: Period, entry: &Entry) -> String {
    let facts = (
        (period, &entry.metric, &entry.slice, entry.state, entry.basis),
        (&entry.because, &entry.adjusted, &entry.approvals, &entry.replaced),
        (&entry.amendments, &entry.dropped, &entry.closing),
    );
    of(&facts)
}

/// What the seal of a basis is over, in a form that can be varied to find the fact that was edited.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Facts {
    pub period: Period,
    pub number: Option<u32>,
    pub as_of: NaiveDate,
    pub version: String,
    pub seed: u64,
    pub paths: usize,
    pub plan: Option<String>,
    pub inputs: Option<String>,
    pub definitions: Option<String>,
}

impl Facts {
    pub fn of(period: Period, basis: &Basis) -> Facts {
        Facts {
            period,
            number: basis.number,
            as_of: basis.as_of,
            version: basis.version.clone(),
            seed: basis.seed,
            paths: basis.paths,
            plan: basis.plan.clone(),
            inputs: basis.inputs.clone(),
            definitions: basis.definitions.clone(),
        }
    }

    pub fn seal(&self) -> String {
        of(self)
    }
}

/// The seal of a ledger: which targets it holds.
pub(super) fn of_ledger(ledger: &Ledger) -> String {
    let targets: Vec<String> = ledger.targets.iter().map(Entry::name).collect();
    let earlier: Vec<Option<u32>> = ledger.earlier.iter().map(|basis| basis.number).collect();
    of(&(ledger.period, targets, earlier))
}

/// Sets every seal of an accepted ledger.
pub(super) fn all(ledger: &mut Ledger) {
    let period = ledger.period;
    for entry in &mut ledger.targets {
        entry.seal = Some(of_target(period, entry));
    }
    for basis in ledger.earlier.iter_mut().chain([&mut ledger.basis]) {
        basis.seal = Some(Facts::of(period, basis).seal());
    }
    ledger.seal = Some(of_ledger(ledger));
}

fn of(facts: &impl serde::Serialize) -> String {
    // Texts, dates and numbers always serialise; a number that is none becomes `null`.
    hash::hex(&serde_json::to_string(facts).unwrap_or_default(), DIGITS)
}
