//! What several rows a period are: parts of a whole, or things that happened.

use super::{Fact, Facts, Rows, Sheet};
use crate::cell::Grid;
use crate::date::When;
use crate::layout::Dated;
use crate::profile::Run;
use crate::table::{self, Table};
use crate::words::{self, Role};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows a period, and what tells them apart.
pub(super) fn rows(sheet: &Sheet<'_>, table: &Table, across: Option<usize>, dated: &Dated) -> Rows {
    let whens = dated.only().map_or(&[][..], |(_, whens)| whens);
    let different: BTreeSet<i64> = whens.iter().map(|when| when.order()).collect();
    if across.is_some()
        || different.len() == whens.len() && !whens.iter().any(|when| matches!(when, When::Day { clock: true, .. }))
    {
        return Rows::Periods;
    }
    let grid = sheet.grid;
    let run = |column: &usize| {
        let places = table.body.iter().map(|row| (*row, *column)).collect();
        Run { label: grid.cell(table.header, *column).shown(), place: (table.header, *column), places }
    };
    let columns: Vec<Run> = table
        .columns
        .iter()
        .filter(|column| **column != dated.column)
        .map(run)
        .filter(|run| !run.label.is_empty())
        .collect();
    let words: Vec<&Run> = columns.iter().filter(|run| !run.is_numbers(grid) && run.kinds(grid)[2] > 0).collect();
    let facts = facts(grid, &columns, table.body.len());
    let clock = whens.iter().any(|when| matches!(when, When::Day { clock: true, .. }));
    let few: Vec<Fact> =
        words.iter().map(|run| fact(grid, run)).filter(|fact| 5 * fact.distinct <= table.body.len().max(5)).collect();
    if !clock && facts.id.is_none() && facts.person.is_none() && !few.is_empty() {
        let key = |at: usize| {
            let words: Vec<String> = words
                .iter()
                .filter_map(|run| run.places.get(at))
                .map(|(row, column)| grid.cell(*row, *column).shown())
                .collect();
            (whens.get(at).map(|when| when.order()), words)
        };
        let keys: BTreeSet<_> = (0..table.body.len()).map(key).collect();
        if keys.len() == table.body.len() {
            return Rows::Parts(few);
        }
    }
    Rows::Events(facts)
}

/// How many values of a column are shown.
const SHOWN: usize = 6;

pub(super) fn fact(grid: &Grid, run: &Run) -> Fact {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, cell) in run.cells(grid) {
        if !table::is_nothing(cell) {
            *counts.entry(cell.shown()).or_default() += 1;
        }
    }
    let mut values: Vec<(String, usize)> = counts.into_iter().collect();
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let distinct = values.len();
    Fact {
        label: run.label.clone(),
        values: values.into_iter().take(SHOWN).map(|(value, _)| value).collect(),
        distinct,
    }
}

pub(super) fn facts(grid: &Grid, columns: &[Run], rows: usize) -> Facts {
    let mut facts = Facts::default();
    for run in columns {
        let fact = fact(grid, run);
        let numbers = run.is_numbers(grid);
        let codes = !numbers && fact.values.iter().all(|value| crate::number::currency(value).is_some());
        match words::role(&run.label) {
            Some(Role::Currency) if facts.currency.is_none() => facts.currency = Some(fact),
            _ if codes && facts.currency.is_none() => facts.currency = Some(fact),
            Some(Role::Person) if facts.person.is_none() && fact.distinct > 1 => {
                // A person's column that has another in each row still tells rows apart.
                if fact.distinct == rows && facts.id.is_none() {
                    facts.id = Some(fact.label.clone());
                }
                facts.person = Some(fact);
            }
            Some(Role::Id) if facts.id.is_none() && fact.distinct == rows => facts.id = Some(fact.label),
            Some(Role::Status) if facts.status.is_none() && fact.distinct <= 20 && !numbers => {
                facts.status = Some(fact)
            }
            _ if !numbers && fact.distinct > 1 && fact.distinct <= 20 => facts.others.push(fact),
            _ => {}
        }
    }
    facts
}
