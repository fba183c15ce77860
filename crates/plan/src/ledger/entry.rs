//! One target of a ledger.

use super::basis::Basis;
use super::closing::{Closing, Finality};
use super::decide::replay;
use super::decision::{Adjusted, Amendment, Dropped, Rejected, Said, What};
use super::state::Stage;
use crate::proposal::{
    Actual, Budget, ClaimRecord, Fan, Flag, GuardRow, MethodRow, Offer, Offers, State, TargetProposal,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A target with every number that was proposed and what people said to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The metric.
    pub metric: String,
    /// Which part of it, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<String>,
    /// The metric's unit, as written.
    pub unit: String,
    /// `higher`, `lower` or `between`.
    pub better: String,
    /// The low and high end of the range it is to stay inside, where `better` is `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What a quarter's number is.
    pub reads: String,
    /// Where it stands.
    pub state: State,
    /// Which of the [earlier bases](super::Ledger::earlier) it stands on; `None` for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<u32>,
    /// The chance the target is to have.
    pub confidence: f64,
    /// Why this target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The earliest day on which we will know.
    pub known_by: NaiveDate,
    /// The definition's revision.
    pub revision: String,
    /// Hash of the series' points up to the as-of date.
    pub data_hash: String,
    /// A hash over what only a person gave; none in a proposed target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// What a person put in place of the proposed value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
    /// What was proposed before, where it was something else; only in a proposed target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// Who refused the proposal, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Rejected>,
    /// What counts in place of the proposed target, where a person changed it: the adjusted value, or that of the last
    /// amendment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<Offer>,
    /// Who withdrew it, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Dropped>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// The latest complete quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_actual: Option<Actual>,
    /// The forecast without the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Fan>,
    /// Commit, target and stretch.
    pub proposed: Offers,
    /// What the budget counts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// How such claims came true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimRecord>,
    /// The five methods.
    #[serde(rename = "method", default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<MethodRow>,
    /// Its guards.
    #[serde(rename = "guard", default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<GuardRow>,
    /// What a reader must be told.
    #[serde(rename = "flag", default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Who said yes, in order of day and name.
    #[serde(rename = "approval", default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approved>,
    /// How it was changed after it was accepted, oldest first.
    #[serde(rename = "amendment", default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
    /// What stood here before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replaced>,
}

/// An approval as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Who.
    pub by: String,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// When.
    pub on: NaiveDate,
    /// Which day of the period that was: 1 is its first; 0 and less are before it (0 is the day before the first).
    #[serde(default)]
    pub day: i64,
}

/// What was proposed before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// The last day that was known then.
    pub as_of: NaiveDate,
    /// The seed then.
    pub seed: u64,
    /// The definition's revision then.
    pub revision: String,
    /// The hash of the series then.
    pub data_hash: String,
    /// The plan's revision then; `None` without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What was proposed.
    pub proposed: Offers,
}

impl Before {
    fn of(entry: &Entry, basis: &Basis) -> Before {
        Before {
            as_of: basis.as_of,
            seed: basis.seed,
            revision: entry.revision.clone(),
            data_hash: entry.data_hash.clone(),
            plan: basis.plan.clone(),
            proposed: entry.proposed,
        }
    }
}

/// A target that another one took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replaced {
    /// Which of the [earlier bases](super::Ledger::earlier) it stood on; `None` for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<u32>,
    /// The last day that was known then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// The definition's revision then.
    pub revision: String,
    /// What counted in place of the proposed target, where a person had changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<Offer>,
    /// What a person had put in place of the proposed value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
    /// What stood there: commit, target and stretch.
    pub proposed: Offers,
    /// Who had said yes.
    #[serde(rename = "approval", default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approved>,
    /// How it had been changed, oldest first.
    #[serde(rename = "amendment", default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
}

impl Entry {
    /// A proposed target. Every field of the proposal that scripts read is here; a new one does not compile until it is.
    pub(super) fn from_target(target: &TargetProposal) -> Entry {
        let TargetProposal {
            metric,
            slice,
            unit,
            better,
            owner,
            reads,
            last_actual,
            forecast,
            methods,
            proposed,
            confidence,
            claims,
            guards,
            because,
            known_by,
            flags,
            state: _,
            revision,
            data_hash,
            findings,
            detail,
        } = target;
        Entry {
            metric: metric.clone(),
            slice: slice.clone(),
            unit: unit.clone(),
            better: better.clone(),
            range: detail.range,
            owner: owner.clone(),
            reads: reads.clone(),
            state: State::Proposed,
            basis: None,
            confidence: *confidence,
            because: because.clone(),
            known_by: *known_by,
            revision: revision.clone(),
            data_hash: data_hash.clone(),
            seal: None,
            adjusted: None,
            before: None,
            rejected: None,
            in_force: None,
            dropped: None,
            closing: None,
            last_actual: *last_actual,
            forecast: *forecast,
            proposed: *proposed,
            budget: findings.budget,
            claims: claims.clone(),
            methods: methods.iter().map(without_workings).collect(),
            guards: guards.iter().map(|guard| GuardRow { label: String::new(), unit: None, ..guard.clone() }).collect(),
            flags: flags.clone(),
            approvals: Vec::new(),
            amendments: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// The metric, with its slice in brackets: the name of its series too.
    pub fn name(&self) -> String {
        name_of(&self.metric, self.slice.as_deref())
    }

    /// Whether it is in force and another revision of its definition than `revision` was accepted.
    pub(super) fn is_based_on_another_definition(&self, revision: &str) -> bool {
        self.is_in_force() && self.revision_explained() != revision
    }

    /// Whether it is accepted and neither withdrawn nor over.
    pub fn is_in_force(&self) -> bool {
        matches!(self.state, State::Accepted | State::Stale | State::Amended)
    }

    /// The value that counts, with its chances: the proposed one, unless a person changed it.
    pub fn target(&self) -> Option<Offer> {
        self.in_force.or(self.proposed.target)
    }

    /// The chance the target is to have, amendments counted in.
    pub fn confidence_in_force(&self) -> f64 {
        let amended = self.amendments.iter().rev().find_map(|amendment| amendment.to(What::Confidence)?.number());
        amended.unwrap_or(self.confidence)
    }

    /// The revision of the definition it stands for: that it was accepted on, or a later one that an amendment explains.
    pub fn revision_explained(&self) -> &str {
        let explained = self.amendments.iter().rev().find_map(|amendment| amendment.to(What::Definition));
        explained.and_then(Said::text).unwrap_or(&self.revision)
    }

    /// Whether it is the entry of a proposed target.
    pub(super) fn is_of(&self, target: &TargetProposal) -> bool {
        self.metric == target.metric && self.slice == target.slice
    }

    /// Takes over what people decided about the proposal before this one, and remembers what that was.
    pub(super) fn follow(&mut self, before: &Entry, basis: &Basis, found: &TargetProposal, starts: NaiveDate) {
        let same = before.proposed == self.proposed && before.revision == self.revision;
        self.before = if same { before.before.clone() } else { Some(Before::of(before, basis)) };
        let kept = replay(found, before.adjusted.as_ref(), &[], starts);
        (self.adjusted, self.in_force) = (kept.adjusted, kept.in_force);
        let value = self.target().map(|offer| offer.value);
        let refused = before.rejected.clone().filter(|rejected| rejected.value == value);
        if refused.is_some() {
            (self.state, self.rejected) = (State::Rejected, refused);
        }
    }

    /// The bases it stands on and stood on.
    pub(super) fn bases_mut(&mut self) -> impl Iterator<Item = &mut Option<u32>> {
        std::iter::once(&mut self.basis).chain(self.replaced.iter_mut().map(|before| &mut before.basis))
    }

    /// Where it stands, as written.
    pub fn stage(&self) -> Stage {
        match self.state {
            State::Proposed => Stage::Proposed,
            State::Rejected => Stage::Rejected,
            State::Accepted => Stage::Accepted,
            State::Stale => Stage::Stale,
            State::Amended => Stage::Amended,
            State::Dropped => Stage::Dropped,
            State::Closed => match self.closing.as_ref().map(|closing| closing.state) {
                Some(Finality::Final) => Stage::Final,
                _ => Stage::Provisional,
            },
        }
    }
}

/// What of a method the ledger keeps: all but what only pages say.
fn without_workings(row: &MethodRow) -> MethodRow {
    let mut row = row.clone();
    if let MethodRow::Given { variants, .. } = &mut row {
        variants.iter_mut().for_each(|variant| variant.workings.clear());
    }
    row
}

/// A metric with its slice in brackets.
pub(super) fn name_of(metric: &str, slice: Option<&str>) -> String {
    slice.map_or_else(|| metric.to_owned(), |slice| format!("{metric}[{slice}]"))
}

impl Approved {
    /// An approval of a period that starts on `starts`.
    pub(super) fn new(by: &str, role: Option<&str>, on: NaiveDate, starts: NaiveDate) -> Approved {
        let day = day_of(on, starts);
        Approved { by: by.to_owned(), role: role.map(str::to_owned), on, day }
    }

    /// In words: `Dana, CFO, on 2024-12-20, 12 days before the period`.
    pub fn phrase(&self) -> String {
        let role = self.role.as_ref().map_or_else(String::new, |role| format!(", {role}"));
        let when = match 1 - self.day {
            1 => "1 day before the period".to_owned(),
            before if before > 0 => format!("{before} days before the period"),
            _ => format!("on day {} of the period", self.day),
        };
        format!("{}{role}, on {}, {when}", self.by, self.on)
    }
}

/// Which day of the period a day is.
pub(super) fn day_of(on: NaiveDate, starts: NaiveDate) -> i64 {
    (on - starts).num_days() + 1
}
