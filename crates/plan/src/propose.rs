//! The main job: a period's targets with their chances.

use crate::{Inputs, Proposal};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

/// Why nothing can be proposed at all; a single metric's trouble never is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The period is over on the as-of date.
    #[error("{period} ended on {ended}, and the data is as of {as_of}: there is nothing left to propose")]
    PastPeriod {
        /// The period.
        period: Period,
        /// Its last day.
        ended: NaiveDate,
        /// The as-of date.
        as_of: NaiveDate,
    },
    /// No metric could have a target.
    #[error("no metric has `better:`, so there is nothing to propose for {period}")]
    NothingToPropose {
        /// The period.
        period: Period,
    },
}

/// Which metrics (with their slices) and everything they need a proposal for `period` reads.
pub fn needed(
    model: &quarterdeck_lang::Model,
    period: Period,
) -> Vec<(String, Option<quarterdeck_lang::model::Slice>)> {
    let _ = (model, period);
    Vec::new()
}

/// Proposes targets for a period: those of its plan, or without one every metric with `better:`.
///
/// # Errors
/// [`PlanError`] where the whole makes no sense.
pub fn propose(inputs: &Inputs<'_>, period: Period) -> Result<Proposal, PlanError> {
    let _ = inputs;
    Err(PlanError::NothingToPropose { period })
}
