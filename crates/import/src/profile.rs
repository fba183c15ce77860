//! What a row or column of cells holds, read in the style of its file.

use crate::cell::{Cell, Grid, address};
use crate::number::{Style, Styles, Written};
use crate::table::{Kind, is_nothing, kind};
use std::collections::BTreeMap;

/// Cells that belong together: one metric's values, or one column of a row's facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What the file calls them.
    pub label: String,
    /// Where that stands.
    pub place: (usize, usize),
    /// Where the cells are, in the order of the times.
    pub places: Vec<(usize, usize)>,
}

/// What a run holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Its values by place in the run; `None` where there is none.
    pub values: Vec<Option<f64>>,
    /// How many values there are.
    pub count: usize,
    /// How many have a percent sign.
    pub percents: usize,
    /// Currencies beside values, and how many there are of each.
    pub money: BTreeMap<String, usize>,
    /// Marks that stand for no value, and how many of each; the empty cell is none.
    pub marks: BTreeMap<String, usize>,
    /// How many cells have no value.
    pub gaps: usize,
    /// Cells that are no number: address and text.
    pub misfits: Vec<(String, String)>,
    /// Values in parentheses.
    pub parentheses: usize,
    /// Values with a `k` or an `M` behind them.
    pub scaled: usize,
}

impl Run {
    /// Its cells.
    pub fn cells<'a>(&'a self, grid: &'a Grid) -> impl Iterator<Item = (String, &'a Cell)> + 'a {
        self.places.iter().map(|(row, column)| (address(*row, *column), grid.cell(*row, *column)))
    }

    /// How its cells are spread over numbers, times and texts.
    pub fn kinds(&self, grid: &Grid) -> [usize; 3] {
        let mut counts = [0; 3];
        for (_, cell) in self.cells(grid) {
            match kind(cell) {
                Kind::Empty => {}
                Kind::Number => counts[0] += 1,
                Kind::When => counts[1] += 1,
                Kind::Text => counts[2] += 1,
            }
        }
        counts
    }

    /// Whether it holds numbers, and hardly anything else.
    pub fn is_numbers(&self, grid: &Grid) -> bool {
        let [numbers, times, texts] = self.kinds(grid);
        numbers > 0 && 10 * (times + texts) <= numbers
    }

    /// Lets the styles see its numbers; the address of the first that fits none.
    pub fn see(&self, grid: &Grid, styles: &mut Styles) -> Result<(), (String, String)> {
        for (place, cell) in self.cells(grid) {
            if let Cell::Text(text) = cell
                && let Some(written) = Written::of(text)
                && !styles.see(&written, text, &place)
            {
                return Err((place, text.clone()));
            }
        }
        Ok(())
    }

    /// Its values in a style.
    pub fn profile(&self, grid: &Grid, style: Style) -> Profile {
        let mut profile = Profile::default();
        for (place, cell) in self.cells(grid) {
            let value = profile.value(&place, cell, style);
            profile.count += usize::from(value.is_some());
            profile.gaps += usize::from(value.is_none());
            profile.values.push(value);
        }
        profile
    }

    /// How many different texts it holds.
    pub fn distinct(&self, grid: &Grid) -> usize {
        let texts: std::collections::BTreeSet<String> = self.cells(grid).map(|(_, cell)| cell.shown()).collect();
        texts.len()
    }
}

impl Profile {
    fn value(&mut self, place: &str, cell: &Cell, style: Style) -> Option<f64> {
        if is_nothing(cell) {
            let mark = cell.text();
            if !mark.is_empty() {
                *self.marks.entry(mark.to_owned()).or_default() += 1;
            }
            return None;
        }
        match cell {
            Cell::Number(value, form) => {
                self.percents += usize::from(form.percent);
                if let Some(money) = &form.money {
                    *self.money.entry(money.clone()).or_default() += 1;
                }
                Some(*value)
            }
            Cell::Text(text) => {
                let read = Written::of(text).and_then(|written| written.value(style).map(|value| (written, value)));
                let Some((written, value)) = read else {
                    self.misfits.push((place.to_owned(), text.trim().to_owned()));
                    return None;
                };
                self.percents += usize::from(written.percent);
                self.parentheses += usize::from(text.trim().starts_with('('));
                self.scaled += usize::from(written.scale != 1.0);
                if let Some(money) = written.money {
                    *self.money.entry(money).or_default() += 1;
                }
                Some(value)
            }
            other => {
                self.misfits.push((place.to_owned(), other.shown()));
                None
            }
        }
    }

    /// The values that are there.
    pub fn known(&self) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().copied().flatten()
    }

    /// The smallest and the largest value.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.known().fold(None, |range, value| match range {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
    }

    /// Whether every value is a whole number.
    pub fn is_whole(&self) -> bool {
        self.known().all(|value| value.fract() == 0.0)
    }

    /// The usual step from one value to the next, relative to the values; `None` with fewer than four.
    pub fn step(&self) -> Option<f64> {
        let known: Vec<f64> = self.known().collect();
        let mut steps: Vec<f64> = known
            .windows(2)
            .filter_map(|pair| match pair {
                [one, other] if *one != 0.0 => Some(((other - one) / one).abs()),
                _ => None,
            })
            .collect();
        if steps.len() < 3 {
            return None;
        }
        steps.sort_by(f64::total_cmp);
        steps.get(steps.len() / 2).copied()
    }
}
