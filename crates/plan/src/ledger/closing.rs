//! How a target ended: what `qd close` writes into its entry.
//!
//! The entry's state is then `closed`; [`Closing::state`] says whether for good. What a closing's numbers were computed from
//! is frozen as `PERIOD.actuals.csv` and `PERIOD.close.definitions.json`, in the form of the frozen inputs and definitions,
//! beside them.

use super::state::{self, Deed, Fact, Given};
use super::{Entry, Ledger, LedgerError, seal};
use crate::close;
use crate::proposal::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a target ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Whether for good.
    pub state: Finality,
    /// The day it was closed.
    pub on: NaiveDate,
    /// What the period's number came to; `None` where nothing tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<f64>,
    /// The version of the tool that closed it.
    pub version: String,
    /// The grade, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
}

/// Whether a closed target may still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finality {
    /// Its data may: the source does not cover the period yet, or cohorts have not matured.
    Provisional,
    /// It does not.
    Final,
}

impl Closing {
    /// How a target ended by the closing of its period; `None` where it has no number, or was dropped.
    fn of(entry: &Entry, closing: &close::Closing) -> Option<Closing> {
        let name = entry.name();
        let seen = closing.seen.iter().find(|seen| seen.name == name);
        let actual = seen.and_then(|seen| seen.value).filter(|_| entry.dropped.is_none())?;
        let grade = closing.target(&name).and_then(|target| target.grade);
        Some(Closing {
            state: if closing.is_final { Finality::Final } else { Finality::Provisional },
            on: closing.as_of,
            actual: Some(actual),
            version: closing.version.clone(),
            grade: grade.map(|graded| graded.grade.words().to_owned()),
        })
    }
}

impl Ledger {
    /// Writes how each target ended by the closing of its period.
    ///
    /// # Errors
    /// A target that cannot be closed from where it stands.
    pub fn close_all(&mut self, closing: &close::Closing) -> Result<(), LedgerError> {
        let ended: Vec<(String, Closing)> =
            self.targets.iter().filter_map(|entry| Some((entry.name(), Closing::of(entry, closing)?))).collect();
        ended.into_iter().try_for_each(|(name, closing)| self.close(&name, closing))
    }

    /// The same, whatever is written there now: how the ledger should say its targets ended.
    pub(crate) fn ended(&self, closing: &close::Closing) -> Ledger {
        let mut ledger = self.clone();
        for entry in &mut ledger.targets {
            entry.closing = Closing::of(entry, closing);
        }
        ledger
    }

    /// Writes how a target ended: provisionally, or for good. Other targets stay as they are.
    ///
    /// # Errors
    /// A target that does not exist or cannot be closed from where it stands, and a closing without a number.
    pub fn close(&mut self, name: &str, closing: Closing) -> Result<(), LedgerError> {
        let known: Vec<String> = self.targets.iter().map(Entry::name).collect();
        let Some(entry) = self.targets.iter_mut().find(|entry| entry.name() == name) else {
            return Err(LedgerError::UnknownTarget { name: name.to_owned(), nearest: None, known });
        };
        let deed = match closing.state {
            Finality::Provisional => Deed::CloseProvisionally,
            Finality::Final => Deed::CloseFinally,
        };
        let given = Given::new().value(Fact::Actual, closing.actual);
        state::after(name, entry.stage(), deed, &given)?;
        entry.state = State::Closed;
        entry.closing = Some(closing);
        seal::all(self);
        Ok(())
    }
}
