//! Accepting proposals: who said yes to which targets, and when.

use super::state::{Deed, Fact, Given, after};
use super::{Approved, Entry, Ledger, LedgerError, Replaced, seal};
use crate::proposal::State;
use chrono::NaiveDate;
use quarterdeck_lang::suggest;

/// Somebody's yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who: any words, not empty.
    pub by: String,
    /// As what.
    pub role: Option<String>,
    /// When.
    pub on: NaiveDate,
}

/// What accepting gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The accepted ledger. Before it is written, [`Ledger::freeze`] it where [`Accepted::is_new`] is true.
    pub ledger: Ledger,
    /// What is still proposed; `None` where nothing is.
    pub remaining: Option<Ledger>,
    /// The targets accepted, or approved once more, by [`Entry::name`].
    pub taken: Vec<String>,
    /// Whether an open proposal was taken. If not, an approval was added to accepted targets, and what is frozen stays.
    pub is_new: bool,
}

/// Accepts open proposals: those named in `metrics` (`weekly_orders`, or `orders[country = "UK"]` for one part), or all.
///
/// A named target that is accepted already gets one more approval. A proposal that re-bases an accepted target takes its
/// place, and what it replaces stays below it. Nothing else of an accepted ledger changes.
///
/// # Errors
/// Nothing to accept, an unknown name (with the nearest), the same person twice, no person.
pub fn accept<'a>(
    accepted: Option<&Ledger>,
    proposed: impl Into<Option<&'a Ledger>>,
    who: &Approval,
    metrics: &[String],
) -> Result<Accepted, LedgerError> {
    let proposed = proposed.into();
    if who.by.trim().is_empty() {
        return Err(LedgerError::NoApprover);
    }
    if let (Some(accepted), Some(proposed)) = (accepted, proposed)
        && accepted.period != proposed.period
    {
        return Err(LedgerError::OtherPeriod { accepted: accepted.period, proposed: proposed.period });
    }
    let (open, again) = chosen(accepted, proposed, metrics)?;
    let Some(mut ledger) = accepted.cloned().or_else(|| proposed.map(without_targets)) else {
        return Err(LedgerError::NothingOpen { period: "PERIOD".to_owned(), accepted: Vec::new() });
    };
    let approved = Approved::new(who.by.trim(), who.role.as_deref(), who.on, ledger.starts);
    for name in &again {
        approve(&mut ledger, name, &approved)?;
    }
    let remaining = match proposed {
        Some(proposed) if !open.is_empty() => take(&mut ledger, proposed, &open, &approved)?,
        other => other.cloned(),
    };
    ledger.targets.sort_by_key(Entry::name);
    seal::all(&mut ledger);
    let is_new = !open.is_empty();
    Ok(Accepted { ledger, remaining, taken: open.into_iter().chain(again).collect(), is_new })
}

/// The open targets meant, and the accepted ones that get one more approval.
fn chosen(
    accepted: Option<&Ledger>,
    proposed: Option<&Ledger>,
    metrics: &[String],
) -> Result<(Vec<String>, Vec<String>), LedgerError> {
    let entries = |ledger: Option<&Ledger>| ledger.map(|ledger| ledger.targets.clone()).unwrap_or_default();
    let (proposals, standing) = (entries(proposed), entries(accepted));
    let names = |entries: &[Entry]| entries.iter().map(Entry::name).collect::<Vec<_>>();
    if metrics.is_empty() {
        let open: Vec<Entry> = proposals.iter().filter(|entry| entry.state == State::Proposed).cloned().collect();
        if open.is_empty() {
            let period = proposed.or(accepted).map_or("PERIOD".to_owned(), |ledger| ledger.period.to_string());
            return Err(LedgerError::NothingOpen { period, accepted: names(&standing) });
        }
        return Ok((names(&open), Vec::new()));
    }
    let (mut open, mut again) = (Vec::new(), Vec::new());
    for wanted in metrics {
        let means = |entry: &&Entry| entry.metric == *wanted || entry.name() == *wanted;
        let found: Vec<String> = proposals.iter().filter(means).map(Entry::name).collect();
        let approved: Vec<String> = standing.iter().filter(means).map(Entry::name).collect();
        match (found.is_empty(), approved.is_empty()) {
            (false, _) => open.extend(found),
            (true, false) => again.extend(approved),
            (true, true) => {
                let known: std::collections::BTreeSet<String> =
                    names(&proposals).into_iter().chain(names(&standing)).collect();
                let nearest = suggest::nearest(wanted, known.iter().map(String::as_str)).map(str::to_owned);
                let known = known.into_iter().collect();
                return Err(LedgerError::UnknownTarget { name: wanted.clone(), nearest, known });
            }
        }
    }
    for names in [&mut open, &mut again] {
        names.sort();
        names.dedup();
    }
    Ok((open, again))
}

/// One more approval of an accepted target.
fn approve(ledger: &mut Ledger, name: &str, approved: &Approved) -> Result<(), LedgerError> {
    let Some(entry) = ledger.targets.iter_mut().find(|entry| entry.name() == name) else { return Ok(()) };
    after(name, entry.stage(), Deed::Approve, &Given::new().text(Fact::By, Some(&approved.by)))?;
    let before = entry.approvals.iter().find(|before| before.by == approved.by && before.role == approved.role);
    if let Some(before) = before {
        let (target, by, on) = (name.to_owned(), before.by.clone(), before.on);
        return Err(LedgerError::AlreadyApproved { target, by, on });
    }
    entry.approvals.push(approved.clone());
    entry.approvals.sort_by_key(|approved| (approved.on, approved.by.clone(), approved.role.clone()));
    Ok(())
}

/// Moves open targets into the accepted ledger; gives back what stays open.
fn take(
    ledger: &mut Ledger,
    proposed: &Ledger,
    open: &[String],
    approved: &Approved,
) -> Result<Option<Ledger>, LedgerError> {
    renew_basis(ledger, proposed);
    // What is to be learnt and done is the plan's, as the newest proposal has it.
    ledger.learn.clone_from(&proposed.learn);
    ledger.milestones.clone_from(&proposed.milestones);
    let mut remaining = proposed.clone();
    for name in open {
        let Some(mut entry) = proposed.target(name).cloned() else { continue };
        if let Some(at) = ledger.targets.iter().position(|standing| standing.name() == *name) {
            let before = ledger.targets.remove(at);
            after(name, before.stage(), Deed::Rebase, &Given::new().text(Fact::By, Some(&approved.by)))?;
            let as_of = ledger.basis_of(&before).map(|basis| basis.as_of);
            entry.replaced.clone_from(&before.replaced);
            let Entry { basis, revision, proposed, approvals, in_force, adjusted, amendments, .. } = before;
            entry.replaced.push(Replaced {
                basis,
                as_of,
                revision,
                in_force,
                adjusted,
                proposed,
                approvals,
                amendments,
            });
        }
        let given = Given::new().text(Fact::By, Some(&approved.by));
        entry.state = after(name, entry.stage(), Deed::Accept, &given)?.state();
        (entry.rejected, entry.before) = (None, None);
        entry.basis = None;
        entry.approvals = vec![approved.clone()];
        ledger.targets.push(entry);
        remaining.targets.retain(|entry| entry.name() != *name);
    }
    ledger.forget_unused_bases();
    Ok((!remaining.targets.is_empty()).then_some(remaining))
}

/// The proposal's basis becomes the newest; the accepted targets keep theirs as an earlier one.
fn renew_basis(ledger: &mut Ledger, proposed: &Ledger) {
    let is_same = ledger.basis.inputs.is_none() && ledger.basis.agrees_with(&proposed.basis);
    if ledger.targets.is_empty() || is_same {
        ledger.basis = proposed.basis.clone();
        return;
    }
    let number = ledger.earlier.iter().filter_map(|basis| basis.number).max().unwrap_or(0) + 1;
    let mut before = std::mem::replace(&mut ledger.basis, proposed.basis.clone());
    before.number = Some(number);
    ledger.earlier.push(before);
    for entry in &mut ledger.targets {
        entry.bases_mut().filter(|basis| basis.is_none()).for_each(|basis| *basis = Some(number));
    }
}

fn without_targets(proposed: &Ledger) -> Ledger {
    Ledger { targets: Vec::new(), earlier: Vec::new(), ..proposed.clone() }
}

impl Ledger {
    /// Leaves out earlier bases that no target stands on any more, nor stood on.
    pub(super) fn forget_unused_bases(&mut self) {
        let targets = &self.targets;
        let stands =
            |entry: &Entry, number| entry.basis == number || entry.replaced.iter().any(|before| before.basis == number);
        self.earlier.retain(|basis| targets.iter().any(|entry| stands(entry, basis.number)));
    }
}
