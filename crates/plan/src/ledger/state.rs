//! The life of a target, as data: one table says from which state which deed leads where, and what it must be told.
//!
//! ```text
//!            adjust ┐            ┌ approve          ┌ amend
//!  propose ──▶ proposed ─accept─▶ accepted ─amend──▶ amended ──▶ closed, provisionally ──▶ closed, finally
//!             reject │ ▲ propose   │   ▲ rebase        │
//!                    ▼ │           ▼   │               ▼
//!                  rejected   (definition changes) ──▶ stale ─drop──▶ dropped
//! ```
//!
//! A stale target is not written down as such: it is an accepted or amended one whose definition on disk has another revision
//! than the one it stands on ([`stage_today`]).

use super::{Entry, LedgerError};
use crate::proposal::State;
use quarterdeck_lang::Model;

/// A state, with the two ways of being closed told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Proposed, and open.
    Proposed,
    /// Proposed, and refused by a person.
    Rejected,
    /// Accepted.
    Accepted,
    /// Accepted or amended, and its definition has changed since.
    Stale,
    /// Changed with a reason after it was accepted.
    Amended,
    /// Withdrawn with a reason.
    Dropped,
    /// Closed while its data may still change.
    Provisional,
    /// Closed for good.
    Final,
}

/// What somebody, or the tool, does to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// `qd propose` computes its numbers anew.
    Propose,
    /// A person puts another value in place of the proposed one.
    Adjust,
    /// A person refuses the proposal.
    Reject,
    /// A person says yes to the proposal.
    Accept,
    /// Another person says yes to what is accepted.
    Approve,
    /// A yes to a new proposal for a target whose definition has changed.
    Rebase,
    /// A person changes what is accepted, or says why it stands though its definition changed.
    Amend,
    /// A person withdraws it.
    Drop,
    /// `qd close`, while the source does not cover the period or cohorts have not matured.
    CloseProvisionally,
    /// `qd close`, with everything there.
    CloseFinally,
}

/// Something a deed must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// Who does it.
    By,
    /// Why.
    Because,
    /// Another value, or another confidence.
    Change,
    /// What the period's number came to.
    Actual,
}

impl Fact {
    /// How it is asked for on the command line.
    pub fn asked(self) -> &'static str {
        match self {
            Fact::By => "`--by WHO`",
            Fact::Because => "`--because REASON`",
            Fact::Change => "`--to VALUE` or `--confidence CHANCE`",
            Fact::Actual => "the period's number",
        }
    }
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the target stands.
    pub from: Stage,
    /// What is done.
    pub deed: Deed,
    /// Where it stands then.
    pub to: Stage,
    /// What the deed must be told.
    pub needs: &'static [Fact],
}

const fn line(from: Stage, deed: Deed, to: Stage, needs: &'static [Fact]) -> Transition {
    Transition { from, deed, to, needs }
}

const NOBODY: &[Fact] = &[];
const WHO: &[Fact] = &[Fact::By];
const WHY: &[Fact] = &[Fact::Because];
const WHO_AND_WHY: &[Fact] = &[Fact::By, Fact::Because];
const CHANGE: &[Fact] = &[Fact::Change, Fact::By, Fact::Because];
const ACTUAL: &[Fact] = &[Fact::Actual];

/// Everything that may happen to a target; what is not here is refused.
pub const TRANSITIONS: &[Transition] = &[
    line(Stage::Proposed, Deed::Propose, Stage::Proposed, NOBODY),
    line(Stage::Proposed, Deed::Adjust, Stage::Proposed, WHY),
    line(Stage::Proposed, Deed::Reject, Stage::Rejected, NOBODY),
    line(Stage::Proposed, Deed::Accept, Stage::Accepted, WHO),
    line(Stage::Rejected, Deed::Propose, Stage::Proposed, NOBODY),
    line(Stage::Rejected, Deed::Adjust, Stage::Proposed, WHY),
    line(Stage::Rejected, Deed::Reject, Stage::Rejected, NOBODY),
    line(Stage::Rejected, Deed::Accept, Stage::Accepted, WHO),
    line(Stage::Accepted, Deed::Approve, Stage::Accepted, WHO),
    line(Stage::Accepted, Deed::Rebase, Stage::Accepted, WHO),
    line(Stage::Accepted, Deed::Amend, Stage::Amended, CHANGE),
    line(Stage::Accepted, Deed::Drop, Stage::Dropped, WHO_AND_WHY),
    line(Stage::Accepted, Deed::CloseProvisionally, Stage::Provisional, ACTUAL),
    line(Stage::Accepted, Deed::CloseFinally, Stage::Final, ACTUAL),
    line(Stage::Amended, Deed::Approve, Stage::Amended, WHO),
    line(Stage::Amended, Deed::Rebase, Stage::Accepted, WHO),
    line(Stage::Amended, Deed::Amend, Stage::Amended, CHANGE),
    line(Stage::Amended, Deed::Drop, Stage::Dropped, WHO_AND_WHY),
    line(Stage::Amended, Deed::CloseProvisionally, Stage::Provisional, ACTUAL),
    line(Stage::Amended, Deed::CloseFinally, Stage::Final, ACTUAL),
    line(Stage::Stale, Deed::Approve, Stage::Stale, WHO),
    line(Stage::Stale, Deed::Rebase, Stage::Accepted, WHO),
    line(Stage::Stale, Deed::Amend, Stage::Amended, WHO_AND_WHY),
    line(Stage::Stale, Deed::Drop, Stage::Dropped, WHO_AND_WHY),
    line(Stage::Stale, Deed::CloseProvisionally, Stage::Provisional, ACTUAL),
    line(Stage::Stale, Deed::CloseFinally, Stage::Final, ACTUAL),
    line(Stage::Provisional, Deed::CloseProvisionally, Stage::Provisional, ACTUAL),
    line(Stage::Provisional, Deed::CloseFinally, Stage::Final, ACTUAL),
];

/// What is known about a deed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    facts: Vec<Fact>,
}

impl Given {
    /// Nothing yet.
    pub fn new() -> Given {
        Given::default()
    }

    /// With a text, where it says something.
    #[must_use]
    pub fn text(self, fact: Fact, text: Option<&str>) -> Given {
        self.value(fact, text.filter(|text| !text.trim().is_empty()))
    }

    /// With a value, where there is one.
    #[must_use]
    pub fn value<T>(mut self, fact: Fact, value: Option<T>) -> Given {
        self.facts.extend(value.map(|_| fact));
        self
    }
}

/// Where a target stands after a deed.
///
/// # Errors
/// A deed that does not lead on from where it stands, or that lacks something.
pub fn after(target: &str, stage: Stage, deed: Deed, given: &Given) -> Result<Stage, LedgerError> {
    let Some(found) = TRANSITIONS.iter().find(|line| line.from == stage && line.deed == deed) else {
        return Err(LedgerError::NotFromHere { target: target.to_owned(), stage, deed });
    };
    let missing: Vec<Fact> = found.needs.iter().copied().filter(|fact| !given.facts.contains(fact)).collect();
    if missing.is_empty() {
        Ok(found.to)
    } else {
        Err(LedgerError::Lacking { target: target.to_owned(), deed, missing })
    }
}

/// Where a target stands with today's definitions: accepted and amended ones may be stale.
pub fn stage_today(entry: &Entry, model: &Model) -> Stage {
    let stage = entry.stage();
    let revision = model.metrics.get(&entry.metric).map(|metric| metric.definition.revision.as_str());
    match stage {
        Stage::Accepted | Stage::Amended if revision != Some(entry.revision_explained()) => Stage::Stale,
        _ => stage,
    }
}

impl Stage {
    /// All of them, in the order of a life.
    pub const ALL: [Stage; 8] = [
        Stage::Proposed,
        Stage::Rejected,
        Stage::Accepted,
        Stage::Stale,
        Stage::Amended,
        Stage::Dropped,
        Stage::Provisional,
        Stage::Final,
    ];

    /// The state it is written as.
    pub fn state(self) -> State {
        match self {
            Stage::Proposed => State::Proposed,
            Stage::Rejected => State::Rejected,
            Stage::Accepted => State::Accepted,
            Stage::Stale => State::Stale,
            Stage::Amended => State::Amended,
            Stage::Dropped => State::Dropped,
            Stage::Provisional | Stage::Final => State::Closed,
        }
    }

    /// In words, as in "it is …".
    pub fn words(self) -> &'static str {
        match self {
            Stage::Proposed => "proposed and open",
            Stage::Rejected => "rejected",
            Stage::Accepted => "accepted",
            Stage::Stale => "stale: its definition has changed",
            Stage::Amended => "amended",
            Stage::Dropped => "dropped",
            Stage::Provisional => "closed provisionally",
            Stage::Final => "closed for good",
        }
    }

    /// What can be done from here, in words.
    pub fn next(self) -> &'static str {
        match self {
            Stage::Proposed => "`qd accept` takes it, `qd review` goes through it",
            Stage::Rejected => "`qd propose` proposes it anew, `qd review` takes the refusal back",
            Stage::Accepted | Stage::Amended => "`qd amend` changes it, `qd drop` withdraws it, both with a reason",
            Stage::Stale => "`qd propose` re-bases it, `qd amend` says why it stands",
            Stage::Dropped => "what was withdrawn stays so and is counted apart; plan it in the next period",
            Stage::Provisional => "`qd close` closes it for good once its data is complete",
            Stage::Final => "nothing changes it any more; plan it in the next period",
        }
    }
}

impl Deed {
    /// In words, as in "it cannot be …".
    pub fn words(self) -> &'static str {
        match self {
            Deed::Propose => "proposed",
            Deed::Adjust => "adjusted",
            Deed::Reject => "rejected",
            Deed::Accept => "accepted",
            Deed::Approve => "approved",
            Deed::Rebase => "re-based",
            Deed::Amend => "amended",
            Deed::Drop => "dropped",
            Deed::CloseProvisionally => "closed provisionally",
            Deed::CloseFinally => "closed",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Deed, Fact, Given, Stage, TRANSITIONS, after};

    #[test]
    fn every_deed_leads_one_way_from_a_stage() {
        for (at, one) in TRANSITIONS.iter().enumerate() {
            let others = TRANSITIONS.iter().skip(at + 1);
            assert_eq!(others.filter(|other| other.from == one.from && other.deed == one.deed).count(), 0, "{one:?}");
        }
    }

    #[test]
    fn nothing_leads_on_from_the_end() {
        for stage in [Stage::Dropped, Stage::Final] {
            assert!(TRANSITIONS.iter().all(|line| line.from != stage));
        }
        // Every other stage can be left.
        for stage in Stage::ALL.into_iter().filter(|stage| ![Stage::Dropped, Stage::Final].contains(stage)) {
            assert!(TRANSITIONS.iter().any(|line| line.from == stage && line.to != stage), "{stage:?}");
        }
    }

    #[test]
    fn a_deed_must_be_told_what_it_needs() {
        let given = Given::new().text(Fact::By, Some("Ada")).text(Fact::Because, Some("  "));
        let error = after("orders", Stage::Accepted, Deed::Drop, &given).unwrap_err();
        assert_eq!(error.to_string(), "`orders` cannot be dropped without `--because REASON`");
        let given = given.text(Fact::Because, Some("No courier."));
        assert_eq!(after("orders", Stage::Accepted, Deed::Drop, &given).unwrap(), Stage::Dropped);
        let error = after("orders", Stage::Dropped, Deed::Amend, &given).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`orders` is dropped and cannot be amended: what was withdrawn stays so and is counted apart; plan it in the next period"
        );
    }
}
