//! What can be wrong with ledger files, with the facts a message needs.

use super::state::{Deed, Fact, Stage};
use crate::PlanError;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

/// Why a ledger, or a file frozen beside it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A text does not say what it must.
    #[error("{}: found {found}, expected {expected}: {hint}", place(file, *line))]
    Text {
        /// The file, as the caller names it.
        file: String,
        /// Its line, from 1, where there is one.
        line: Option<usize>,
        /// What stands there.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        hint: String,
    },
    /// A newer version of the tool wrote it.
    #[error("{file} has format {found}, and this version of qd reads formats up to {known}: update qd")]
    NewerFormat {
        /// The file.
        file: String,
        /// Its format.
        found: i64,
        /// The highest one known.
        known: u32,
    },
    /// There is nothing to accept.
    #[error("there is no open proposal for {period}{}: {}", already(accepted), what_to_open(period, accepted))]
    NothingOpen {
        /// The period, `PERIOD` where none is known.
        period: String,
        /// Targets that are accepted already.
        accepted: Vec<String>,
    },
    /// No target has this name.
    #[error("there is no proposed or accepted target `{name}`{}; there are: {}", nearest_hint(nearest.as_deref()), known.join(", "))]
    UnknownTarget {
        /// As asked for.
        name: String,
        /// The nearest there is.
        nearest: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// The same person approved before.
    #[error(
        "{by} approved `{target}` on {on} already: another person can add an approval, or run `qd propose` for a new proposal"
    )]
    AlreadyApproved {
        /// The target.
        target: String,
        /// Who.
        by: String,
        /// When.
        on: NaiveDate,
    },
    /// Nobody is named.
    #[error("an approval needs a name: write `--by \"Dana Holm\"`")]
    NoApprover,
    /// Two ledgers of different periods.
    #[error("the accepted targets are for {accepted}, the proposed ones for {proposed}: accept each period on its own")]
    OtherPeriod {
        /// One.
        accepted: Period,
        /// The other.
        proposed: Period,
    },
    /// What was proposed has no frozen files, or they are not the ones it was made from.
    #[error("{what}: {hint}")]
    NotFrozen {
        /// What is missing.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A deed does not lead on from where a target stands.
    #[error("`{target}` is {} and cannot be {}: {}", stage.words(), deed.words(), stage.next())]
    NotFromHere {
        /// The target.
        target: String,
        /// Where it stands.
        stage: Stage,
        /// What was to be done.
        deed: Deed,
    },
    /// A deed was not told all it needs.
    #[error("`{target}` cannot be {} without {}", deed.words(), missing.iter().map(|fact| fact.asked()).collect::<Vec<_>>().join(" and "))]
    Lacking {
        /// The target.
        target: String,
        /// What was to be done.
        deed: Deed,
        /// What is missing.
        missing: Vec<Fact>,
    },
    /// A value that is none.
    #[error("a target for `{target}` must be a number")]
    NoNumber {
        /// The target.
        target: String,
    },
    /// A chance is wanted of what has none.
    #[error("`{target}` has too little history for a chance: give its value with `--to VALUE`")]
    NoChance {
        /// The target.
        target: String,
    },
    /// An amendment that leaves everything as it is.
    #[error("that leaves `{target}` as it is: nothing to amend")]
    NothingChanges {
        /// The target.
        target: String,
    },
    /// The frozen files give no proposal.
    #[error("{file} cannot be recomputed: {error}")]
    Recompute {
        /// The ledger.
        file: String,
        /// Why.
        error: PlanError,
    },
}

impl LedgerError {
    /// The same error, naming the file it is about.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> LedgerError {
        if let LedgerError::Text { file, .. } = &mut self {
            path.clone_into(file);
        }
        self
    }

    /// An error of the `toml` crate, with the line it is in.
    pub(crate) fn from_toml(path: &str, text: &str, error: &toml::de::Error) -> LedgerError {
        let line = error.span().map(|span| line_of(text, span.start));
        let found = line.and_then(|line| text.lines().nth(line - 1)).map_or("the text".to_owned(), quoted);
        let expected = format!("a ledger as qd writes it ({})", error.message().replace('\n', ", "));
        LedgerError::Text { file: path.to_owned(), line, found, expected, hint: RESTORE.to_owned() }
    }
}

/// What to do about a file that only the tool should write.
pub(crate) const RESTORE: &str = "restore the file from version control, or propose and accept again";

/// Any TOML, or where it stops being TOML.
pub(crate) fn parse_toml(path: &str, text: &str) -> Result<toml::Table, LedgerError> {
    text.parse().map_err(|error: toml::de::Error| LedgerError::from_toml(path, text, &error))
}

/// A piece of a text as messages show it: in backticks, at most 60 characters, on one line.
pub(crate) fn quoted(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    if shown.chars().count() < text.chars().count() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

/// The line, from 1, in which a byte lies.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

fn place(file: &str, line: Option<usize>) -> String {
    line.map_or_else(|| file.to_owned(), |line| format!("{file}, line {line}"))
}

fn already(accepted: &[String]) -> String {
    if accepted.is_empty() { String::new() } else { format!(" ({} accepted already)", accepted.join(", ")) }
}

fn what_to_open(period: &str, accepted: &[String]) -> String {
    accepted.first().map_or_else(
        || format!("run `qd propose {period}` first"),
        |target| {
            format!("`qd accept {target} --by WHO` adds an approval to one, `qd propose {period}` makes new proposals")
        },
    )
}

fn nearest_hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`"))
}
