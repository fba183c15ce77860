//! Verifying: every number of an accepted ledger computed again, and everything that differs told apart.
//!
//! The frozen definitions and inputs give a [`Proposal`], the proposal gives the ledger that should stand there, and both
//! are compared value by value and then letter by letter. One edit gives one [`Difference`] wherever the rest of the ledger
//! tells what stood there; edited inputs or definitions are told by their hashes, and the numbers that follow from them are
//! held back with a note. What is there today (definitions, data, version) is compared with what is frozen.

mod changed;
mod compare;
mod expected;
mod frozen;
mod live;
mod restated;
mod written;

use super::LedgerError;
use crate::propose::in_force;
use crate::{Inputs, PlanError, Proposal};
use quarterdeck_calendar::Period;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use serde::Serialize;
use std::collections::BTreeMap;

/// The files of an accepted ledger.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'a> {
    /// The period.
    pub period: Period,
    /// The text of `PERIOD.toml`.
    pub ledger: &'a str,
    /// Its path, for messages; those of the other two are derived from it.
    pub ledger_path: &'a str,
    /// The text of `PERIOD.inputs.csv`.
    pub inputs: &'a str,
    /// The text of `PERIOD.definitions.json`.
    pub definitions: &'a str,
}

/// What there is today.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// The definitions on disk; `None` does not compare them.
    pub model: Option<&'a Model>,
    /// Series read today, as of the ledger's own as-of date and as the frozen definitions say, by name; `None` does not
    /// compare them. Those that are missing here are not compared; periods after the as-of date are left out.
    pub histories: Option<&'a BTreeMap<String, History>>,
    /// The version of the tool that runs.
    pub version: &'a str,
    /// Whether a ledger of another version is a difference, and not just a note.
    pub strict: bool,
}

/// What verifying found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// How many values of the ledger were compared.
    pub checked: usize,
    /// What differs; empty for a ledger that holds.
    pub differences: Vec<Difference>,
    /// What a reader should know besides, in sentences.
    pub notes: Vec<String>,
    /// The proposal as computed again, at the values that count, for the pages.
    pub proposal: Proposal,
}

/// Something that is not as it was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The file in which it shows.
    pub file: String,
    /// Which value, by its path: `target[weekly_orders].proposed.target.p_hit`.
    pub what: String,
    /// What stands there.
    pub written: String,
    /// What should stand there, or stands elsewhere today.
    pub recomputed: String,
    /// What kind of change it is.
    #[serde(skip)]
    pub kind: Kind,
}

/// What kind of change a difference comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The ledger was edited.
    Number,
    /// The frozen inputs were edited.
    Input,
    /// Today's data differs from the frozen inputs.
    Data,
    /// A definition changed, on disk or in the frozen file.
    Definition,
    /// Another version of the tool made it.
    Version,
    /// What only a person gave was edited.
    Seal,
    /// A page does not say what the ledger says.
    Page,
}

impl Kind {
    /// What it means, as the start of a sentence's second half: `weekly_orders.p_hit: edited in the ledger`.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Number => "edited in the ledger",
            Kind::Input => "edited in the frozen inputs",
            Kind::Data => "today's data says otherwise",
            Kind::Definition => "the definition changed",
            Kind::Version => "made by another version of qd",
            Kind::Seal => "changed after it was accepted",
            Kind::Page => "the page does not say what the ledger says",
        }
    }
}

/// Verifies an accepted ledger against what it was computed from and what there is today.
///
/// # Errors
/// Files that cannot be read at all, or give no proposal.
pub fn verify(frozen: &Frozen<'_>, now: &Now<'_>) -> Result<Verification, LedgerError> {
    verify_with(frozen, now, crate::propose_beside)
}

/// What [`verify_with`] computes with: from the same inputs what was proposed, and the same at the values that count.
pub type Both = Result<(Proposal, Option<Proposal>), PlanError>;

/// The same with another way to propose; it must depend on its inputs alone.
///
/// # Errors
/// As [`verify()`].
pub fn verify_with(
    frozen: &Frozen<'_>,
    now: &Now<'_>,
    recompute: impl Fn(&Inputs<'_>, Period, Option<&Model>) -> Both,
) -> Result<Verification, LedgerError> {
    let files = frozen::Files::read(frozen)?;
    let written = written::Written::read(frozen, &files)?;
    let mut report = Report { checked: 0, differences: Vec::new(), notes: Vec::new() };
    let mut again = Vec::new();
    for basis in &written.bases {
        let stand = files.stand(basis.number, &basis.facts)?;
        let inputs = Inputs {
            model: stand.model,
            histories: stand.histories,
            as_of: basis.facts.as_of,
            seed: basis.facts.seed,
            paths: basis.facts.paths,
            version: &basis.facts.version,
        };
        let counts = in_force::model(stand.model, frozen.period, &written.decided(basis.number));
        let (proposal, in_force) = recompute(&inputs, frozen.period, counts.as_ref())
            .map_err(|error| LedgerError::Recompute { file: frozen.ledger_path.to_owned(), error })?;
        again.push(expected::Recomputed { basis, stand, proposal, in_force });
    }
    expected::compare(&written, &again, &files, &mut report);
    live::compare(&written, &again, &files, now, &mut report);
    let recompute = |inputs: &Inputs<'_>| recompute(inputs, frozen.period, None).map(|(proposal, _)| proposal);
    report.notes.extend(restated::consequences(&again, now, &report.differences, recompute));
    let Report { checked, differences, notes } = report;
    // The newest basis is always the first one.
    let proposal = expected::merged(&written, again).ok_or_else(|| written.without_basis())?;
    Ok(Verification { checked, differences, notes, proposal })
}

/// What is found on the way.
struct Report {
    checked: usize,
    differences: Vec<Difference>,
    notes: Vec<String>,
}

/// What stands for a value that is not there.
const NOTHING: &str = "(nothing)";
