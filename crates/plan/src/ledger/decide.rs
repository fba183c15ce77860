//! Deciding: a proposed value adjusted or refused, an accepted target changed or withdrawn. Each deed is one of the table in
//! [`state`](super::state), and leaves what it replaces readable.

use super::decision::{Adjusted, Amendment, Change, Dropped, Rejected, Said, What};
use super::entry::day_of;
use super::state::{Deed, Fact, Given, Stage, after, stage_today};
use super::{Entry, Ledger, LedgerError, seal};
use crate::offer::Odds;
use crate::proposal::{Offer, State, TargetProposal};
use crate::propose::in_force::{Decided, Decision};
use chrono::NaiveDate;
use quarterdeck_lang::{Model, suggest};

/// Who decides, why and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// Who.
    pub by: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// When.
    pub on: NaiveDate,
}

impl Reason {
    fn given(&self) -> Given {
        Given::new().text(Fact::By, self.by.as_deref()).text(Fact::Because, self.because.as_deref())
    }

    fn by(&self) -> Option<String> {
        self.by.as_ref().map(|by| by.trim().to_owned()).filter(|by| !by.is_empty())
    }

    fn because(&self) -> Option<String> {
        self.because.as_ref().map(|because| because.trim().to_owned()).filter(|because| !because.is_empty())
    }
}

/// What an amendment is to change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// The value, in the metric's unit.
    Value(f64),
    /// The chance: the value follows from the paths it was accepted on.
    Confidence(f64),
    /// Nothing: its definition changed, and it stands all the same.
    Definition,
}

/// Puts a person's value in place of a proposed one; what was proposed stays beside it.
///
/// # Errors
/// A target that is not open, no reason, a value that is no number.
pub fn adjust(
    proposed: &mut Ledger,
    name: &str,
    value: f64,
    why: &Reason,
    odds: Option<&Odds>,
) -> Result<(), LedgerError> {
    let starts = proposed.starts;
    let entry = find(proposed, name)?;
    after(name, entry.stage(), Deed::Adjust, &why.given())?;
    let value = sane(name, value)?;
    let offer = offer(odds, value);
    let because = why.because().unwrap_or_default();
    let Offer { value, p_hit, p_hit_without_plan } = offer;
    let (on, day) = (Some(why.on), Some(day_of(why.on, starts)));
    entry.adjusted = Some(Adjusted { value, p_hit, p_hit_without_plan, because, by: why.by(), on, day });
    entry.in_force = Some(offer);
    entry.state = State::Proposed;
    entry.rejected = None;
    Ok(())
}

/// Refuses a proposal: it stays readable, and is not accepted with the others.
///
/// # Errors
/// A target that is not open.
pub fn reject(proposed: &mut Ledger, name: &str, why: &Reason) -> Result<(), LedgerError> {
    let entry = find(proposed, name)?;
    after(name, entry.stage(), Deed::Reject, &why.given())?;
    let value = entry.target().map(|offer| offer.value);
    entry.rejected = Some(Rejected { value, because: why.because(), by: why.by(), on: why.on });
    entry.state = State::Rejected;
    Ok(())
}

/// Changes an accepted target with a reason, or says why it stands though its definition changed. What it was stays readable.
/// `today` has the definitions on disk, `odds` the chances on the paths it was accepted on.
///
/// # Errors
/// A target that is not in force, no reason, nothing that changes, a value that is no number.
pub fn amend(
    accepted: &mut Ledger,
    name: &str,
    wanted: Wanted,
    why: &Reason,
    odds: Option<&Odds>,
    today: &Model,
) -> Result<(), LedgerError> {
    let starts = accepted.starts;
    let entry = find(accepted, name)?;
    let stage = stage_today(entry, today);
    let change = (wanted != Wanted::Definition).then_some(());
    after(name, stage, Deed::Amend, &why.given().value(Fact::Change, change))?;
    let (before, confidence) = (entry.target(), entry.confidence_in_force());
    let mut changes = Vec::new();
    let mut target = before;
    let mut wanted_chance = confidence;
    match wanted {
        Wanted::Value(value) => target = Some(offer(odds, sane(name, value)?)),
        Wanted::Confidence(chance) => {
            let Some(odds) = odds else { return Err(LedgerError::NoChance { target: name.to_owned() }) };
            wanted_chance = chance;
            target = Some(odds.met_with(chance));
            changes.push(number(What::Confidence, Some(confidence), chance));
        }
        Wanted::Definition => {}
    }
    if let Some(target) = target.filter(|target| before.map(|offer| offer.value) != Some(target.value)) {
        changes.push(number(What::Value, before.map(|offer| offer.value), target.value));
    }
    if stage == Stage::Stale {
        changes.extend(definition(entry, today));
    }
    if changes.is_empty() {
        return Err(LedgerError::NothingChanges { target: name.to_owned() });
    }
    let (by, because) = (why.by().unwrap_or_default(), why.because().unwrap_or_default());
    let day = day_of(why.on, starts);
    entry.amendments.push(Amendment { on: why.on, day, by, because, changes, confidence: wanted_chance, target });
    entry.in_force = target;
    entry.state = State::Amended;
    seal::all(accepted);
    Ok(())
}

/// Withdraws an accepted target with a reason.
///
/// # Errors
/// A target that is not in force, no reason, no person.
pub fn drop_target(accepted: &mut Ledger, name: &str, why: &Reason, today: &Model) -> Result<(), LedgerError> {
    let starts = accepted.starts;
    let entry = find(accepted, name)?;
    after(name, stage_today(entry, today), Deed::Drop, &why.given())?;
    let (by, because) = (why.by().unwrap_or_default(), why.because().unwrap_or_default());
    entry.dropped = Some(Dropped::new(why.on, &by, &because, starts));
    entry.state = State::Dropped;
    seal::all(accepted);
    Ok(())
}

/// The names of the targets meant by a metric (all of its parts) or by a target's own name.
///
/// # Errors
/// A name that no target has, with the nearest.
pub fn meant(ledger: &Ledger, wanted: &str) -> Result<Vec<String>, LedgerError> {
    let means = |entry: &&Entry| entry.metric == wanted || entry.name() == wanted;
    let found: Vec<String> = ledger.targets.iter().filter(means).map(Entry::name).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let known: Vec<String> = ledger.targets.iter().map(Entry::name).collect();
    let nearest = suggest::nearest(wanted, known.iter().map(String::as_str)).map(str::to_owned);
    Err(LedgerError::UnknownTarget { name: wanted.to_owned(), nearest, known })
}

fn find<'a>(ledger: &'a mut Ledger, name: &str) -> Result<&'a mut Entry, LedgerError> {
    let known: Vec<String> = ledger.targets.iter().map(Entry::name).collect();
    let found = ledger.targets.iter_mut().find(|entry| entry.name() == name);
    found.ok_or_else(|| {
        let nearest = suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        LedgerError::UnknownTarget { name: name.to_owned(), nearest, known }
    })
}

fn sane(name: &str, value: f64) -> Result<f64, LedgerError> {
    if value.is_finite() { Ok(value) } else { Err(LedgerError::NoNumber { target: name.to_owned() }) }
}

fn number(what: What, from: Option<f64>, to: f64) -> Change {
    Change { what, from: from.map(Said::Number), to: Said::Number(to) }
}

fn definition(entry: &Entry, today: &Model) -> Option<Change> {
    let now = today.metrics.get(&entry.metric)?.definition.revision.clone();
    let from = Some(Said::Text(entry.revision_explained().to_owned()));
    Some(Change { what: What::Definition, from, to: Said::Text(now) })
}

/// A value with the chances that the paths give it.
pub(super) fn offer(odds: Option<&Odds>, value: f64) -> Offer {
    odds.map_or(Offer { value, p_hit: None, p_hit_without_plan: None }, |odds| odds.of(value))
}

/// What people decided about a target, with every number of it computed again: only what they gave is taken as it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Replayed {
    pub adjusted: Option<Adjusted>,
    pub amendments: Vec<Amendment>,
    pub in_force: Option<Offer>,
}

/// Computes again what people's decisions about a target came to.
pub(super) fn replay(
    found: &TargetProposal,
    adjusted: Option<&Adjusted>,
    amendments: &[Amendment],
    starts: NaiveDate,
) -> Replayed {
    let odds = found.detail.odds.as_ref();
    let mut in_force = adjusted.map(|adjusted| offer(odds, adjusted.value));
    let adjusted = adjusted.map(|adjusted| {
        let Offer { value, p_hit, p_hit_without_plan } = offer(odds, adjusted.value);
        let day = adjusted.on.map(|on| day_of(on, starts));
        Adjusted { value, p_hit, p_hit_without_plan, day, ..adjusted.clone() }
    });
    let mut confidence = found.confidence;
    let mut revision = found.revision.clone();
    let mut again = Vec::new();
    for amendment in amendments {
        let before = in_force.or(found.proposed.target);
        let chance = amendment.to(What::Confidence).and_then(Said::number);
        let value = amendment.to(What::Value).and_then(Said::number);
        let target = match (chance, value) {
            (Some(chance), _) => odds.map(|odds| odds.met_with(chance)),
            (None, Some(value)) => Some(offer(odds, value)),
            (None, None) => before,
        };
        let mut changes = Vec::new();
        for change in &amendment.changes {
            let (from, to) = match change.what {
                What::Confidence => (Some(Said::Number(confidence)), change.to.clone()),
                What::Value => {
                    let to = target.map_or(change.to.clone(), |target| Said::Number(target.value));
                    (before.map(|offer| Said::Number(offer.value)), to)
                }
                What::Definition => (Some(Said::Text(revision.clone())), change.to.clone()),
            };
            changes.push(Change { what: change.what, from, to });
        }
        confidence = chance.unwrap_or(confidence);
        if let Some(to) = amendment.to(What::Definition).and_then(Said::text) {
            to.clone_into(&mut revision);
        }
        let day = day_of(amendment.on, starts);
        again.push(Amendment { day, changes, confidence, target, ..amendment.clone() });
        in_force = target;
    }
    Replayed { adjusted, amendments: again, in_force }
}

/// What people decided about a target, as pages are to be computed; `None` where it stands as it was proposed.
pub(super) fn decision(
    dropped: Option<&Dropped>,
    in_force: Option<Offer>,
    adjusted: Option<&Adjusted>,
    amendments: &[Amendment],
    confidence: Option<f64>,
) -> Option<Decision> {
    if let Some(dropped) = dropped {
        return Some(Decision::Withdrawn(dropped.because.clone()));
    }
    let last = amendments.last();
    let confidence = last.map(|amendment| amendment.confidence).or(confidence).unwrap_or(0.6);
    let because = last.map(|amendment| &amendment.because).or(adjusted.map(|adjusted| &adjusted.because)).cloned();
    in_force.map(|offer| Decision::Value { value: offer.value, confidence, because })
}

impl Ledger {
    /// What people decided about the targets, as [`in_force::model`](crate::propose::in_force::model) takes it.
    pub fn decided(&self) -> Vec<Decided> {
        let one = |entry: &Entry| {
            let what = decision(
                entry.dropped.as_ref(),
                entry.in_force,
                entry.adjusted.as_ref(),
                &entry.amendments,
                Some(entry.confidence),
            )?;
            Some(Decided { metric: entry.metric.clone(), slice: entry.slice.clone(), what })
        };
        self.targets.iter().filter_map(one).collect()
    }
}
