//! The ledger that should stand there, and what stands there in its place.

use super::compare::{self, Leaf};
use super::frozen::{Files, Stand};
use super::written::{self, Written, WrittenBasis, WrittenTarget};
use super::{Difference, Kind, NOTHING, Report};
use crate::Proposal;
use crate::ledger::basis::marks;
use crate::ledger::decide::replay;
use crate::ledger::entry::{Approved, day_of, name_of};
use crate::ledger::{Basis, Entry, FORMAT, Learn, Ledger, Mark, Milestone, Replaced, seal};
use crate::proposal::TargetProposal;
use chrono::TimeDelta;
use serde::Serialize;
use toml::{Table, Value};

/// A basis and the proposal computed from it again.
pub struct Recomputed<'a> {
    pub basis: &'a WrittenBasis,
    pub stand: Stand<'a>,
    pub proposal: Proposal,
    /// The same at the values that count, where people decided on others.
    pub in_force: Option<Proposal>,
}

impl Recomputed<'_> {
    /// What was proposed, at the values that count.
    pub fn counts(&self) -> &Proposal {
        self.in_force.as_ref().unwrap_or(&self.proposal)
    }

    /// Whether the frozen files are not those that were accepted.
    pub fn is_edited(&self) -> bool {
        self.stand.inputs_edited || self.stand.definitions_edited
    }
}

/// Compares the whole ledger with what it should be.
pub fn compare(written: &Written, again: &[Recomputed<'_>], files: &Files, report: &mut Report) {
    let mut edited: Vec<Option<u32>> = Vec::new();
    for one in again.iter().filter(|one| one.is_edited()) {
        frozen_files(one, files, report);
        edited.push(one.basis.number);
    }
    let before = report.differences.len();
    let mut withheld = 0;
    let targets = targets(written, again, files, report, &mut edited, &mut withheld);
    let bases: Vec<Basis> = again.iter().map(|one| basis(one, written, report, &edited, &mut withheld)).collect();
    if withheld > 0 {
        let values = if withheld == 1 { "value" } else { "values" };
        report.notes.push(format!(
            "{withheld} {values} of {} cannot be told right or wrong until the frozen files are restored.",
            written.path
        ));
    }
    let mut bases = bases.into_iter();
    let Some(newest) = bases.next() else { return };
    let complete = targets.iter().all(Option::is_some);
    let ledger = Ledger {
        format: FORMAT,
        period: newest_period(again, written),
        starts: written.starts,
        ends: written.ends,
        seal: None,
        basis: newest,
        earlier: bases.collect(),
        learn: again.first().map(|newest| Learn::all(&newest.proposal)).unwrap_or_default(),
        milestones: again.first().map(|newest| Milestone::all(&newest.proposal)).unwrap_or_default(),
        targets: targets.into_iter().flatten().collect(),
    };
    if complete {
        let ledger = in_order(ledger);
        head(written, &ledger, report);
        if report.differences.len() == before && withheld == 0 {
            text(written, &ledger, report);
        }
    }
}

fn in_order(mut ledger: Ledger) -> Ledger {
    ledger.targets.sort_by_key(Entry::name);
    ledger.seal = Some(seal::of_ledger(&ledger));
    ledger
}

fn newest_period(again: &[Recomputed<'_>], written: &Written) -> quarterdeck_calendar::Period {
    let first = written.bases.first().map(|basis| basis.facts.period);
    again.first().map(|one| one.proposal.period).or(first).unwrap_or(quarterdeck_calendar::Period::day(written.starts))
}

/// What was edited in the frozen files of a basis.
fn frozen_files(one: &Recomputed<'_>, files: &Files, report: &mut Report) {
    if one.stand.definitions_edited {
        let (_, found) = files.hashes(one.basis.number);
        report.differences.push(Difference {
            file: files.definitions_path.clone(),
            what: format!("definitions of {}", words_of(one.basis)),
            written: one.basis.facts.definitions.clone().unwrap_or_default(),
            recomputed: found.unwrap_or_default(),
            kind: Kind::Definition,
        });
    }
    if !one.stand.inputs_edited {
        return;
    }
    let (known, found) = (known_marks(one.basis), marks(one.stand.histories));
    let hash_in = |marks: &[Mark], name: &str| {
        marks.iter().find(|mark| mark.name == name).map_or(NOTHING.to_owned(), |mark| mark.data_hash.clone())
    };
    let mut names: Vec<&String> = known.iter().chain(&found).map(|mark| &mark.name).collect();
    names.sort();
    names.dedup();
    let mut input = |what: String, written: String, recomputed: String| {
        let file = files.inputs_path.clone();
        report.differences.push(Difference { file, what, written, recomputed, kind: Kind::Input });
    };
    let differing: Vec<_> = names.into_iter().filter(|name| hash_in(&known, name) != hash_in(&found, name)).collect();
    for name in &differing {
        input(format!("series {name}"), hash_in(&known, name), hash_in(&found, name));
    }
    if differing.is_empty() {
        let (found, _) = files.hashes(one.basis.number);
        let known = one.basis.facts.inputs.clone().unwrap_or_default();
        input(format!("inputs of {}", words_of(one.basis)), known, found.unwrap_or_default());
    }
}

fn words_of(basis: &WrittenBasis) -> String {
    basis.number.map_or("the ledger".to_owned(), |number| format!("basis {number}"))
}

/// The marks as written.
pub fn known_marks(basis: &WrittenBasis) -> Vec<Mark> {
    written::list(&basis.table, "series")
}

/// Compares every target; gives each as it should be, `None` where nothing like it was computed.
fn targets(
    written: &Written,
    again: &[Recomputed<'_>],
    files: &Files,
    report: &mut Report,
    edited: &mut Vec<Option<u32>>,
    withheld: &mut usize,
) -> Vec<Option<Entry>> {
    let mut entries = Vec::new();
    for target in &written.targets {
        let Some(entry) = find(target, written, again) else {
            let name = name_of(&target.metric, target.slice.as_deref());
            let recomputed = format!("{NOTHING}: its frozen definitions give no such target");
            report.differences.push(Difference {
                file: written.path.clone(),
                what: format!("target[{name}]"),
                written: "a target".to_owned(),
                recomputed,
                kind: Kind::Number,
            });
            entries.push(None);
            continue;
        };
        let mut leaves = Vec::new();
        let path = format!("target[{}]", entry.name());
        report.checked += compare::values(
            &path,
            Some(&Value::Table(target.table.clone())),
            Some(&Value::Table(table_of(&entry))),
            &mut leaves,
        );
        let hash_path = format!("{path}.data_hash");
        let frozen_hashes = again.iter().any(|one| one.basis.number == entry.basis && one.basis.facts.inputs.is_some());
        if let Some(at) = leaves.iter().position(|leaf| leaf.path == hash_path)
            && leaves.len() > 1
            && !frozen_hashes
        {
            let Leaf { written, expected, .. } = leaves.remove(at);
            let (file, what) = (files.inputs_path.clone(), format!("series {}", entry.name()));
            report.differences.push(Difference { file, what, written, recomputed: expected, kind: Kind::Input });
            edited.push(entry.basis);
        }
        push(leaves, written, report, edited.contains(&entry.basis), withheld);
        entries.push(Some(entry));
    }
    entries
}

/// Leaves become differences, unless they follow from edited files.
fn push(leaves: Vec<Leaf>, written: &Written, report: &mut Report, is_edited: bool, withheld: &mut usize) {
    for Leaf { path, written: found, expected } in leaves {
        let kind = if path == "seal" || path.ends_with(".seal") { Kind::Seal } else { Kind::Number };
        if is_edited && kind == Kind::Number {
            *withheld += 1;
            continue;
        }
        let file = written.path.clone();
        report.differences.push(Difference { file, what: path, written: found, recomputed: expected, kind });
    }
}

/// The basis as it should be.
fn basis(
    one: &Recomputed<'_>,
    written: &Written,
    report: &mut Report,
    edited: &[Option<u32>],
    withheld: &mut usize,
) -> Basis {
    let facts = &one.basis.facts;
    let is_frozen = facts.inputs.is_some();
    let expected = Basis {
        number: one.basis.number,
        as_of: facts.as_of,
        version: facts.version.clone(),
        seed: facts.seed,
        paths: facts.paths,
        plan: if one.stand.definitions_edited { facts.plan.clone() } else { Basis::of(&one.proposal).plan },
        inputs: facts.inputs.clone(),
        definitions: facts.definitions.clone(),
        seal: Some(facts.seal()),
        joint: one.proposal.joint.kept(),
        series: match (one.stand.inputs_edited, is_frozen) {
            (true, _) => known_marks(one.basis),
            (false, true) => marks(one.stand.histories),
            (false, false) => Vec::new(),
        },
    };
    let mut leaves = Vec::new();
    report.checked += compare::values(
        &one.basis.path,
        Some(&Value::Table(one.basis.table.clone())),
        Some(&Value::Table(table_of(&expected))),
        &mut leaves,
    );
    push(leaves, written, report, edited.contains(&one.basis.number), withheld);
    expected
}

/// Compares what stands above the bases and targets.
fn head(written: &Written, ledger: &Ledger, report: &mut Report) {
    let mut expected = table_of(ledger);
    let mut found = written.table.clone();
    for key in ["basis", "earlier", "target"] {
        expected.remove(key);
        let is_list = |value: &Value| value.as_array().is_none_or(|list| list.iter().all(Value::is_table));
        if found.get(key).is_some_and(is_list) {
            found.remove(key);
        }
    }
    let mut leaves = Vec::new();
    report.checked += compare::values("", Some(&Value::Table(found)), Some(&Value::Table(expected)), &mut leaves);
    push(leaves, written, report, false, &mut 0);
}

/// Compares the texts, letter by letter: layout, comments, the way a number is written.
fn text(written: &Written, ledger: &Ledger, report: &mut Report) {
    if let Some((line, found, expected)) = compare::first_line(&written.text, &ledger.to_toml()) {
        report.differences.push(Difference {
            file: written.path.clone(),
            what: format!("line {line}"),
            written: found,
            recomputed: expected,
            kind: Kind::Number,
        });
    }
}

/// The target as it should be: computed again, with what a person gave as its seal says it was.
fn find(target: &WrittenTarget, written: &Written, again: &[Recomputed<'_>]) -> Option<Entry> {
    let state = target.state_of_facts();
    let with = |found: &TargetProposal, basis: Option<u32>, approvals: &[Approved]| {
        let decided = replay(found, target.adjusted.as_ref(), &target.amendments, written.starts);
        let mut entry = Entry {
            state,
            basis,
            adjusted: decided.adjusted,
            in_force: decided.in_force,
            dropped: target.dropped.clone(),
            closing: target.closing.clone(),
            amendments: decided.amendments,
            approvals: approvals.to_vec(),
            replaced: target.replaced.iter().map(|old| replaced(old, target, written, again)).collect(),
            ..Entry::from_target(found)
        };
        let dated = entry.approvals.iter_mut().chain(entry.replaced.iter_mut().flat_map(|old| &mut old.approvals));
        dated.for_each(|approved| approved.day = day_of(approved.on, written.starts));
        if let Some(dropped) = &mut entry.dropped {
            dropped.day = day_of(dropped.on, written.starts);
        }
        let period = written.bases.first().map(|basis| basis.facts.period);
        entry.seal = period.map(|period| seal::of_target(period, &entry));
        entry
    };
    let named = |basis: Option<u32>, metric: &str, slice: Option<&str>| {
        let one = again.iter().find(|one| one.basis.number == basis)?;
        one.proposal.targets.iter().find(|found| found.metric == metric && found.slice.as_deref() == slice)
    };
    let found = named(target.basis, &target.metric, target.slice.as_deref());
    let as_written = found.map(|found| with(found, target.basis, &target.approvals));
    let mut guesses: Vec<Entry> = as_written.iter().cloned().collect();
    if let Some(found) = found {
        guesses.push(with(found, target.basis, &days_from_numbers(target, written)));
    }
    for one in again {
        let others = one.proposal.targets.iter().filter(|found| {
            named_in(written, found) == 0 || (found.metric == target.metric && found.slice == target.slice)
        });
        guesses.extend(others.map(|found| with(found, one.basis.number, &target.approvals)));
    }
    guesses.into_iter().find(|entry| entry.seal == target.seal).or(as_written)
}

/// What was replaced, computed again from the basis it stood on; where there is none of that number, from the one it says the
/// same of, or from the newest.
fn replaced(old: &Replaced, target: &WrittenTarget, written: &Written, again: &[Recomputed<'_>]) -> Replaced {
    let numbered = again.iter().find(|one| one.basis.number == old.basis);
    let dated = || again.iter().rev().find(|one| Some(one.basis.facts.as_of) == old.as_of);
    let one = numbered.or_else(dated).or_else(|| again.first());
    let named = |found: &&TargetProposal| found.metric == target.metric && found.slice == target.slice;
    let Some((one, found)) = one.and_then(|one| Some((one, one.proposal.targets.iter().find(named)?))) else {
        return old.clone();
    };
    let decided = replay(found, old.adjusted.as_ref(), &old.amendments, written.starts);
    Replaced {
        basis: one.basis.number,
        as_of: Some(one.basis.facts.as_of),
        revision: found.revision.clone(),
        in_force: decided.in_force,
        adjusted: decided.adjusted,
        proposed: found.proposed,
        approvals: old.approvals.clone(),
        amendments: decided.amendments,
    }
}

/// How many targets of the ledger have this name.
fn named_in(written: &Written, found: &TargetProposal) -> usize {
    written.targets.iter().filter(|target| target.metric == found.metric && target.slice == found.slice).count()
}

/// The approvals, each dated by its day of the period.
fn days_from_numbers(target: &WrittenTarget, written: &Written) -> Vec<Approved> {
    let dated = |approved: &Approved| {
        let days = approved.day.checked_sub(1).and_then(TimeDelta::try_days);
        let on = days.and_then(|days| written.starts.checked_add_signed(days));
        Approved { on: on.unwrap_or(approved.on), ..approved.clone() }
    };
    target.approvals.iter().map(dated).collect()
}

/// A value as the table that its text has.
fn table_of(value: &impl Serialize) -> Table {
    // Everything here has a form in TOML; see `Ledger::to_toml`.
    Table::try_from(value).unwrap_or_default()
}

/// The newest proposal, with the targets that stand on earlier bases as computed from those, and all states as written.
pub fn merged(written: &Written, again: Vec<Recomputed<'_>>) -> Option<Proposal> {
    let mut proposals = again.into_iter().map(|one| (one.basis.number, one.in_force.unwrap_or(one.proposal)));
    let (_, mut newest) = proposals.next()?;
    let earlier: Vec<_> = proposals.collect();
    for target in &mut newest.targets {
        let is_it = |other: &&WrittenTarget| other.metric == target.metric && other.slice == target.slice;
        let Some(entry) = written.targets.iter().find(is_it) else { continue };
        let from = earlier.iter().find(|(number, _)| *number == entry.basis).map(|(_, proposal)| &proposal.targets);
        let found = from.into_iter().flatten().find(|old| old.metric == target.metric && old.slice == target.slice);
        if let Some(found) = found {
            *target = found.clone();
        }
        target.state = entry.state;
    }
    Some(newest)
}
