//! How a target ended: what `qd close` writes into its entry.
//!
//! The entry's state is then `closed`; [`Closing::state`] says whether for good. What a closing's numbers were computed from
//! is frozen as `PERIOD.actuals.csv`, in the form of the frozen inputs, beside them.

use super::state::{self, Deed, Fact, Given};
use super::{Ledger, LedgerError, seal};
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

impl Ledger {
    /// Writes how a target ended: provisionally, or for good. Other targets stay as they are.
    ///
    /// # Errors
    /// A target that does not exist or cannot be closed from where it stands, and a closing without a number.
    pub fn close(&mut self, name: &str, closing: Closing) -> Result<(), LedgerError> {
        let known: Vec<String> = self.targets.iter().map(super::Entry::name).collect();
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
