//! The ledger: `targets/PERIOD.toml`, its proposed sibling, the frozen inputs and the frozen definitions.
//!
//! A ledger is text that a person reads in a diff: canonical TOML, no comments, a missing value is a missing key, numbers in
//! the shortest form that reads back to the same bits. Beside an accepted one stand `PERIOD.inputs.csv` (every series that
//! its numbers were computed from) and `PERIOD.definitions.json` (the resolved definitions), so that [`verify()`] can compute
//! every number again, offline and years later.
//!
//! ```text
//! propose ──▶ Ledger::from_proposal ──▶ PERIOD.proposed.toml
//!                                             │ accept, Ledger::freeze
//!                                             ▼
//!             PERIOD.toml + PERIOD.inputs.csv + PERIOD.definitions.json ──▶ verify
//! ```
//!
//! What the numbers were made from is a [`Basis`]. A target accepted later, from newer data or changed definitions, has a
//! newer basis; the older ones stay, with their inputs and definitions, as long as a target stands on them.

pub mod accept;
pub mod basis;
pub mod closing;
pub mod decide;
pub mod decision;
pub mod definitions;
pub mod entry;
pub mod error;
pub mod freeze;
pub mod goal;
pub mod hash;
pub mod inputs;
mod json;
mod seal;
pub mod stand;
pub mod state;
pub mod verify;

pub use accept::{Accepted, Approval, accept};
pub use basis::{Basis, Mark};
pub use closing::{Closing, Finality};
pub use decide::{Reason, Wanted, adjust, amend, drop_target, meant, reject};
pub use decision::{Adjusted, Amendment, Change, Dropped, Rejected, Said, What};
pub use entry::{Approved, Before, Entry, Replaced};
pub use error::LedgerError;
pub use freeze::FrozenTexts;
pub use goal::{Learn, Milestone};
pub use hash::data_hash;
pub use stand::Stand;
pub use state::{Deed, Fact, Given, Stage};
pub use verify::{Difference, Frozen, Kind, Now, Verification, verify};

use crate::Proposal;
use crate::proposal::State;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format this code writes, and the highest it reads.
pub const FORMAT: u32 = 1;

/// The targets of a period with every number and where it comes from: proposed ones or accepted ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The version of this format.
    pub format: u32,
    /// The period.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// A hash over the targets a person accepted; none in a proposed ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// What the newest numbers were made from.
    pub basis: Basis,
    /// What older ones were made from, by [`Basis::number`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Basis>,
    /// What is to be learnt in place of a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learn: Vec<Learn>,
    /// What is to be done by a day.
    #[serde(rename = "milestone", default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The targets, in order of metric and slice.
    #[serde(rename = "target", default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Entry>,
}

impl Ledger {
    /// What `targets/PERIOD.proposed.toml` holds: the targets of a proposal that are still open.
    ///
    /// Targets of `previous_accepted` are left out, unless their definition's revision has changed since (they are stale, and
    /// the proposal re-bases them). Values adjusted by a person in `previous_proposed` stay, beside the new numbers; what was
    /// refused stays refused as long as the same value is proposed.
    pub fn from_proposal(
        proposal: &Proposal,
        previous_accepted: Option<&Ledger>,
        previous_proposed: Option<&Ledger>,
    ) -> Ledger {
        let mut targets: Vec<Entry> = proposal.targets.iter().map(Entry::from_target).collect();
        targets.retain(|entry| {
            let accepted = previous_accepted.and_then(|ledger| ledger.target(&entry.name()));
            accepted.is_none_or(|accepted| accepted.is_based_on_another_definition(&entry.revision))
        });
        for entry in &mut targets {
            let Some(ledger) = previous_proposed else { continue };
            let found = proposal.targets.iter().find(|target| entry.is_of(target));
            if let Some((before, found)) = ledger.target(&entry.name()).zip(found) {
                entry.follow(before, &ledger.basis, found, proposal.starts);
            }
        }
        targets.sort_by_key(Entry::name);
        Ledger {
            format: FORMAT,
            period: proposal.period,
            starts: proposal.starts,
            ends: proposal.ends,
            seal: None,
            basis: Basis::of(proposal),
            earlier: Vec::new(),
            learn: Learn::all(proposal),
            milestones: Milestone::all(proposal),
            targets,
        }
    }

    /// The canonical text: always in the same order and layout.
    pub fn to_toml(&self) -> String {
        // Every field has a form in TOML (maps have text keys, missing values are left out, whole numbers fit 64 bits).
        toml::to_string(self).unwrap_or_default()
    }

    /// The same with every seal set anew. A seal tells edits apart and proves nothing: whoever changes a ledger can do this, and
    /// [`verify()`] finds what no longer follows all the same.
    #[must_use]
    pub fn sealed(mut self) -> Ledger {
        seal::all(&mut self);
        self
    }

    /// Reads a ledger; `path` is for messages.
    ///
    /// # Errors
    /// Text that is not TOML, or not a ledger, with the line; a ledger of a newer format.
    pub fn from_toml(path: &str, text: &str) -> Result<Ledger, LedgerError> {
        // Version control may have changed line ends; inside a text of several lines they would count.
        let text = &text.replace("\r\n", "\n");
        let table = error::parse_toml(path, text)?;
        if let Some(format) = table.get("format").and_then(toml::Value::as_integer)
            && format > i64::from(FORMAT)
        {
            return Err(LedgerError::NewerFormat { file: path.to_owned(), found: format, known: FORMAT });
        }
        toml::from_str(text).map_err(|error| LedgerError::from_toml(path, text, &error))
    }

    /// A target by its [`Entry::name`].
    pub fn target(&self, name: &str) -> Option<&Entry> {
        self.targets.iter().find(|entry| entry.name() == name)
    }

    /// Where each target stands, by [`Entry::name`].
    pub fn states(&self) -> BTreeMap<String, State> {
        self.targets.iter().map(|entry| (entry.name(), entry.state)).collect()
    }

    /// Every approval once, in words, in order of day: `Dana, CFO, on 2024-12-20, 12 days before the period`.
    pub fn approvals(&self) -> Vec<String> {
        let mut all: Vec<&Approved> = self.targets.iter().flat_map(|entry| &entry.approvals).collect();
        all.sort_by_key(|approved| (approved.on, &approved.by, &approved.role));
        all.dedup();
        all.into_iter().map(Approved::phrase).collect()
    }

    /// Twelve hexadecimal digits that name this very text.
    pub fn id(&self) -> String {
        hash::hex(&self.to_toml(), 12)
    }

    /// The basis a target stands on; `None` where the ledger names one it does not hold.
    pub fn basis_of(&self, entry: &Entry) -> Option<&Basis> {
        match entry.basis {
            None => Some(&self.basis),
            Some(number) => self.earlier.iter().find(|basis| basis.number == Some(number)),
        }
    }
}
