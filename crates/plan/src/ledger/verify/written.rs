//! The ledger as it stands in the file, read so that one edit does not hide the rest of it.
//!
//! What can be computed is not read at all, only compared. What a person gave, and what everything was made from, is read as
//! far as it can be; what the frozen files say too is taken from those.

use super::Frozen;
use super::frozen::Files;
use crate::ledger::decide::decision;
use crate::ledger::entry::day_of;
use crate::ledger::error::{self, LedgerError, RESTORE};
use crate::ledger::seal::Facts;
use crate::ledger::{Adjusted, Amendment, Approved, Closing, Dropped, Replaced, Said, What};
use crate::proposal::{Offer, State};
use crate::propose::in_force::{Decided, Decision};
use chrono::{NaiveDate, TimeDelta};
use quarterdeck_calendar::Period;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// A ledger as written.
pub struct Written {
    /// The text, with plain line ends.
    pub text: String,
    pub path: String,
    pub table: Table,
    pub starts: NaiveDate,
    pub ends: NaiveDate,
    /// The newest basis first.
    pub bases: Vec<WrittenBasis>,
    pub targets: Vec<WrittenTarget>,
}

/// What numbers were made from, as written or as its seal says.
pub struct WrittenBasis {
    pub number: Option<u32>,
    pub table: Table,
    /// The path of its values: `basis` or `earlier[1]`.
    pub path: String,
    /// The facts by which everything is computed again.
    pub facts: Facts,
}

/// What a person gave to a target, as written.
pub struct WrittenTarget {
    pub table: Table,
    pub metric: String,
    pub slice: Option<String>,
    pub basis: Option<u32>,
    pub state: State,
    pub seal: Option<String>,
    pub adjusted: Option<Adjusted>,
    pub in_force: Option<Offer>,
    pub dropped: Option<Dropped>,
    pub closing: Option<Closing>,
    pub amendments: Vec<Amendment>,
    pub approvals: Vec<Approved>,
    pub replaced: Vec<Replaced>,
}

impl Written {
    pub fn read(frozen: &Frozen<'_>, files: &Files) -> Result<Written, LedgerError> {
        let (path, text) = (frozen.ledger_path.to_owned(), frozen.ledger.replace("\r\n", "\n"));
        let table = error::parse_toml(&path, &text)?;
        let calendar = files.model(None).ok_or_else(|| not_a_ledger(&files.definitions_path, "definitions"))?;
        let calendar = &calendar.settings.calendar;
        let (starts, ends) = (calendar.starts(frozen.period), calendar.ends(frozen.period));
        let newest = sub_table(&table, "basis").ok_or_else(|| not_a_ledger(&path, "[basis]"))?;
        let mut bases = vec![WrittenBasis::read(frozen.period, None, newest, files)];
        for (at, earlier) in tables(&table, "earlier").into_iter().enumerate() {
            let number = read(&earlier, "number").unwrap_or(at as u32 + 1);
            bases.push(WrittenBasis::read(frozen.period, Some(number), earlier, files));
        }
        let targets = tables(&table, "target").into_iter().map(|table| WrittenTarget::read(table, starts)).collect();
        Ok(Written { text, path, table, starts, ends, bases, targets })
    }

    /// What people decided about the targets that stand on a basis.
    pub fn decided(&self, basis: Option<u32>) -> Vec<Decided> {
        let own = self.targets.iter().filter(|target| target.basis == basis);
        own.filter_map(|target| {
            let (metric, slice) = (target.metric.clone(), target.slice.clone());
            Some(Decided { metric, slice, what: target.decision()? })
        })
        .collect()
    }

    /// The error for a ledger that names nothing its numbers were made from.
    pub fn without_basis(&self) -> LedgerError {
        not_a_ledger(&self.path, "[basis]")
    }
}

impl WrittenBasis {
    fn read(period: Period, number: Option<u32>, table: Table, files: &Files) -> WrittenBasis {
        let settings = files.model(number).map(|model| model.settings.forecast);
        let definitions: Option<String> = read(&table, "definitions");
        // What stands beside definitions that are as they were frozen is told by their hash; else the ledger is believed.
        let made = files.made(number).filter(|_| definitions.is_some() && definitions == files.hashes(number).1);
        let facts = Facts {
            period,
            number,
            as_of: made
                .map(|made| made.as_of)
                .or_else(|| read(&table, "as_of"))
                .unwrap_or_else(|| files.last_day(number)),
            version: made.map(|made| made.version.clone()).or_else(|| read(&table, "version")).unwrap_or_default(),
            seed: made
                .map(|made| made.seed)
                .or_else(|| read_seed(&table))
                .or(settings.map(|settings| settings.seed))
                .unwrap_or(1),
            paths: made
                .map(|made| made.paths)
                .or_else(|| read(&table, "paths"))
                .or(settings.map(|settings| settings.paths))
                .unwrap_or(10_000),
            plan: read(&table, "plan"),
            inputs: read(&table, "inputs"),
            definitions,
        };
        let seal: Option<String> = read(&table, "seal");
        let found = seal.and_then(|seal| variants(&facts, files).into_iter().find(|facts| facts.seal() == seal));
        let path = number.map_or("basis".to_owned(), |number| format!("earlier[{number}]"));
        // Without sane numbers nothing can be computed again; the largest that makes sense is far above any use.
        let mut facts = found.unwrap_or(facts);
        facts.paths = facts.paths.clamp(1, 1_000_000);
        WrittenBasis { number, table, path, facts }
    }
}

/// The facts as written, and then the ways in which one of them may have been another: what the frozen files say.
fn variants(facts: &Facts, files: &Files) -> Vec<Facts> {
    let with = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts.clone();
        change(&mut facts);
        facts
    };
    let (inputs, definitions) = files.hashes(facts.number);
    let plans = files.model(facts.number).map(|model| &model.plans);
    let plan = plans.and_then(|plans| plans.get(&facts.period)).map(|plan| plan.revision.clone());
    vec![
        facts.clone(),
        with(&|facts| facts.inputs.clone_from(&inputs)),
        with(&|facts| facts.definitions.clone_from(&definitions)),
        with(&|facts| facts.plan.clone_from(&plan)),
        with(&|facts| facts.plan = None),
    ]
}

impl WrittenTarget {
    fn read(table: Table, starts: NaiveDate) -> WrittenTarget {
        WrittenTarget {
            metric: read(&table, "metric").unwrap_or_default(),
            slice: read(&table, "slice"),
            basis: read(&table, "basis"),
            state: read(&table, "state").unwrap_or(State::Accepted),
            seal: read(&table, "seal"),
            adjusted: read(&table, "adjusted"),
            in_force: read(&table, "in_force"),
            dropped: read(&table, "dropped"),
            closing: read(&table, "closing"),
            amendments: list(&table, "amendment"),
            approvals: tables(&table, "approval").iter().map(|table| approved(table, starts)).collect(),
            replaced: list(&table, "replaced"),
            table,
        }
    }
}

impl WrittenTarget {
    /// Where it stands, from what happened to it.
    pub fn state_of_facts(&self) -> State {
        match (&self.closing, &self.dropped, self.amendments.is_empty()) {
            (Some(_), ..) => State::Closed,
            (None, Some(_), _) => State::Dropped,
            (None, None, false) => State::Amended,
            (None, None, true) => State::Accepted,
        }
    }

    /// The definition's revision that the last amendment about it speaks of.
    pub fn explained(&self) -> Option<&str> {
        self.amendments.iter().rev().find_map(|amendment| amendment.to(What::Definition)).and_then(Said::text)
    }

    /// What people decided about it, where they did.
    fn decision(&self) -> Option<Decision> {
        decision(
            self.dropped.as_ref(),
            self.in_force,
            self.adjusted.as_ref(),
            &self.amendments,
            read(&self.table, "confidence"),
        )
    }
}

/// An approval; its date and its day of the period stand in for each other.
fn approved(table: &Table, starts: NaiveDate) -> Approved {
    let day: Option<i64> = read(table, "day");
    let dated = day.and_then(|day| starts.checked_add_signed(TimeDelta::try_days(day.checked_sub(1)?)?));
    let on = read(table, "on").or(dated).unwrap_or(starts);
    let day = day.unwrap_or_else(|| day_of(on, starts));
    Approved { by: read(table, "by").unwrap_or_default(), role: read(table, "role"), on, day }
}

/// A value under a key, where there is one of the right kind.
pub fn read<T: DeserializeOwned>(table: &Table, key: &str) -> Option<T> {
    table.get(key).and_then(|value| value.clone().try_into().ok())
}

fn read_seed(table: &Table) -> Option<u64> {
    match table.get("seed")? {
        Value::Integer(seed) => u64::try_from(*seed).ok(),
        Value::String(seed) => seed.parse().ok(),
        _ => None,
    }
}

/// The elements of a list that are of the right kind. Keys they should not have do not matter here: comparing finds them.
pub fn list<T: DeserializeOwned>(table: &Table, key: &str) -> Vec<T> {
    let Some(Value::Array(elements)) = table.get(key) else { return Vec::new() };
    elements.iter().filter_map(|element| element.clone().try_into().ok()).collect()
}

fn sub_table(table: &Table, key: &str) -> Option<Table> {
    table.get(key).and_then(Value::as_table).cloned()
}

fn tables(table: &Table, key: &str) -> Vec<Table> {
    let elements = table.get(key).and_then(Value::as_array);
    elements.into_iter().flatten().filter_map(Value::as_table).cloned().collect()
}

fn not_a_ledger(path: &str, missing: &str) -> LedgerError {
    LedgerError::Text {
        file: path.to_owned(),
        line: None,
        found: format!("no `{missing}`"),
        expected: "a ledger as qd writes it".to_owned(),
        hint: RESTORE.to_owned(),
    }
}
