//! What queries found of each leaf, and the value of a node over any range of days.

use super::node::{Leaf, Node};
use crate::engine::exact_sum;
use crate::series::window::read_part;
use crate::source::dates::{date_of, day_number};
use crate::source::number::to_float;
use chrono::Months;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_lang::model::{Empty, Length, Reads, Window};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a leaf. Days count from 1970.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Exact sums: `sums[k]` is that of all days before `first + k`.
    Exact {
        /// The first day.
        first: i32,
        /// Running sums.
        sums: Vec<i128>,
        /// Their decimal places.
        scale: u32,
    },
    /// Floating sums of days.
    Float {
        /// The first day.
        first: i32,
        /// One a day.
        days: Vec<f64>,
    },
    /// The smallest or largest of days.
    Extreme {
        /// The first day.
        first: i32,
        /// One a day.
        days: Vec<Option<f64>>,
        /// Whether the largest is meant.
        largest: bool,
    },
    /// Values of the ranges that were asked for.
    Ranges(BTreeMap<(i32, i32), Option<f64>>),
    /// The level from each day on.
    Levels(Vec<(i32, f64)>),
    /// One value a period, by its first day.
    Recorded(BTreeMap<i32, Recording>),
    /// Not asked yet.
    Open,
}

/// A recorded row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recording {
    /// Its value.
    pub value: Option<f64>,
    /// How many were asked.
    pub sample: Option<f64>,
}

/// The days a leaf's table covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The first day that is taken as covered.
    pub from: i32,
    /// The first day with a row.
    pub first_row: i32,
    /// The last day that is covered and counts.
    pub until: i32,
}

/// A range of days, perhaps a whole period or the beginning of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First day.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// The period it is, or begins.
    pub period: Option<Period>,
}

/// A value and whether everything it needs is covered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Option<f64>,
    /// Whether all its days are covered.
    pub covered: bool,
}

/// Answers of all leaves.
pub struct Answers<'a> {
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The leaves.
    pub leaves: &'a [Leaf],
    /// What is known of each.
    pub answers: Vec<Answer>,
    /// What the table of each covers; `None` where it has no row that counts.
    pub covered: Vec<Option<Covered>>,
    /// Ranges asked of leaves that have no answer for them yet.
    pub asked: RefCell<Vec<BTreeSet<(i32, i32)>>>,
}

impl Span {
    /// A whole period.
    pub fn of(calendar: &Calendar, period: Period) -> Span {
        let (from, to) = (day_number(calendar.starts(period)), day_number(calendar.ends(period)));
        Span { from, to, period: Some(period) }
    }

    /// The same, ended early.
    pub fn until(self, day: i32) -> Span {
        Span { to: self.to.min(day), ..self }
    }

    /// How many days it has.
    pub fn days(self) -> f64 {
        f64::from(self.to - self.from + 1)
    }
}

impl Answers<'_> {
    /// The value of a node over a range.
    pub fn value(&self, node: &Node, span: Span) -> Cell {
        self.eval(node, span, None)
    }

    fn eval(&self, node: &Node, span: Span, before: Option<f64>) -> Cell {
        let go = |node: &Node| self.eval(node, span, before);
        match node {
            Node::Number(number) => Cell { value: Some(*number), covered: true },
            Node::Before => Cell { value: before, covered: true },
            Node::Leaf(leaf) => self.leaf(*leaf, span),
            Node::Recorded { leaf, reads } => self.recorded(*leaf, *reads, span),
            Node::Snapshot { rows, sum } => self.snapshot(*rows, *sum, span),
            Node::Counted { rows, empty, inner } => {
                let (counted, cell) = (self.leaf(*rows, span), go(inner));
                // Inside the coverage a range without rows is what `empty:` says; outside of it everything is unknown.
                let value = match (counted.value, empty) {
                    (None, _) => None,
                    (Some(0.0), Empty::Zero) => Some(cell.value.unwrap_or(0.0)),
                    (Some(0.0), Empty::Gap) => None,
                    (Some(_), _) => cell.value,
                };
                Cell { value, covered: cell.covered && counted.covered }
            }
            Node::Neg(inner) => go(inner).map(|value| Some(-value)),
            Node::Add(a, b) => pair(go(a), go(b), |a, b| Some(a + b)),
            Node::Sub(a, b) => pair(go(a), go(b), |a, b| Some(a - b)),
            Node::Mul(a, b) => pair(go(a), go(b), |a, b| Some(a * b)),
            Node::Div(a, b) => pair(go(a), go(b), |a, b| (b != 0.0).then(|| a / b)),
            Node::Coalesce(inner, number) => {
                let cell = go(inner);
                Cell { value: cell.value.or(Some(*number)), covered: cell.covered }
            }
            Node::Ago(inner, length) => self.eval(inner, self.earlier(span, *length), before),
            Node::Over(inner, window) => self.over(inner, *window, span, before),
            Node::Read { inner, reads, grain } if before.is_none() && self.is_longer(span, *grain) => {
                read_part(self, inner, (*reads, *grain), span)
            }
            Node::Read { inner, .. } => go(inner),
            Node::PerPeriod { inner, each } if self.is_longer(span, *each) => {
                let part = Length::Grains(1, *each).days() / span.days();
                go(inner).map(|value| Some(value * part))
            }
            Node::PerPeriod { inner, .. } => go(inner),
            Node::Restated { inner, on, by } => self.restated(inner, *on, by, span, before),
        }
    }

    fn leaf(&self, leaf: usize, span: Span) -> Cell {
        let Some(Some(covered)) = self.covered.get(leaf) else { return Cell { value: None, covered: false } };
        let inside = span.from >= covered.from && span.to <= covered.until;
        let touches = span.to >= covered.from && span.from <= covered.until && span.from <= span.to;
        let value = match self.answers.get(leaf) {
            _ if !touches => None,
            Some(Answer::Exact { first, sums, scale }) => {
                let at = |day: i32| {
                    let place = (day - first).clamp(0, sums.len().saturating_sub(1) as i32) as usize;
                    sums.get(place).copied().unwrap_or(0)
                };
                Some(to_float(at(span.to + 1) - at(span.from), *scale))
            }
            Some(Answer::Float { first, days }) => Some(exact_sum(window(days, *first, span).iter().copied())),
            Some(Answer::Extreme { first, days, largest }) => {
                let values = window(days, *first, span).iter().flatten().copied();
                if *largest { values.reduce(f64::max) } else { values.reduce(f64::min) }
            }
            Some(Answer::Levels(levels)) => {
                let past = levels.partition_point(|(day, _)| *day <= span.to);
                let level = past.checked_sub(1).and_then(|last| levels.get(last)).map_or(0.0, |(_, level)| *level);
                // A level at the end needs only the end.
                return Cell { value: Some(level), covered: span.to <= covered.until && span.to >= covered.from };
            }
            Some(Answer::Ranges(ranges)) => match ranges.get(&(span.from, span.to)) {
                Some(value) => *value,
                None => self.ask(leaf, span),
            },
            Some(Answer::Open) | None => self.ask(leaf, span),
            Some(Answer::Recorded(_)) => None,
        };
        Cell { value, covered: inside }
    }

    /// Whether a range is longer than a period of a grain.
    fn is_longer(&self, span: Span, grain: Grain) -> bool {
        match span.period {
            Some(period) => period.grain() > grain,
            None => {
                let period = self.calendar.period_of(grain, date_of(span.from));
                day_number(self.calendar.ends(period)) < span.to && span.days() > Length::Grains(1, grain).days().ceil()
            }
        }
    }

    fn ask(&self, leaf: usize, span: Span) -> Option<f64> {
        if let Some(asked) = self.asked.borrow_mut().get_mut(leaf) {
            asked.insert((span.from, span.to));
        }
        None
    }

    /// The sum on the last day in the range that has rows of the source.
    fn snapshot(&self, rows: usize, sum: usize, span: Span) -> Cell {
        let Some(Some(covered)) = self.covered.get(rows) else { return Cell { value: None, covered: false } };
        let is_covered = span.to <= covered.until && span.to >= covered.from;
        let Some(Answer::Exact { first, sums, .. }) = self.answers.get(rows) else {
            return Cell { value: None, covered: is_covered };
        };
        let last = (span.from..=span.to).rev().find(|day| {
            let place = usize::try_from(day - first).unwrap_or(usize::MAX);
            let before = sums.get(place).copied();
            let after = sums.get(place.saturating_add(1)).copied();
            matches!((before, after), (Some(before), Some(after)) if after > before)
        });
        let value = last.and_then(|day| self.leaf(sum, Span { from: day, to: day, period: None }).value);
        Cell { value, covered: is_covered }
    }

    fn recorded(&self, leaf: usize, reads: Reads, span: Span) -> Cell {
        let nothing = Cell { value: None, covered: false };
        let Some(Some(covered)) = self.covered.get(leaf) else { return nothing };
        let Some(Answer::Recorded(rows)) = self.answers.get(leaf) else { return nothing };
        let grain = match self.leaves.get(leaf).map(|leaf| &leaf.what) {
            Some(super::node::What::Recorded { grain, .. }) => *grain,
            _ => return nothing,
        };
        let inside = span.from >= covered.from && span.to <= covered.until;
        if span.from > span.to {
            return nothing;
        }
        // A range inside one period has that period's value; a longer one reads the periods that end inside it.
        let first = self.calendar.period_of(grain, date_of(span.from));
        if day_number(self.calendar.ends(first)) >= span.to {
            let start = day_number(self.calendar.starts(first));
            return Cell { value: rows.get(&start).and_then(|row| row.value), covered: inside };
        }
        let inside_rows: Vec<Recording> = rows
            .range(..=span.to)
            .filter(|(start, _)| {
                let period = self.calendar.period_of(grain, date_of(**start));
                let end = day_number(self.calendar.ends(period));
                (span.from..=span.to).contains(&end)
            })
            .map(|(_, row)| *row)
            .collect();
        Cell { value: read_rows(&inside_rows, reads, grain), covered: inside }
    }

    fn over(&self, inner: &Node, window: Window, span: Span, before: Option<f64>) -> Cell {
        let to = span.to;
        let day = date_of(to);
        let from = match window {
            Window::Trailing(count, grain) => first_of_trailing(to, count, grain),
            Window::ToDate(grain) => day_number(self.calendar.starts(self.calendar.period_of(grain, day))),
            Window::AllTime => {
                let first = |leaf: &usize| self.covered.get(*leaf).copied().flatten().map(|covered| covered.first_row);
                inner.leaves(super::node::Reach::Now).iter().filter_map(first).min().unwrap_or(to)
            }
        };
        if window == Window::AllTime && from > to {
            return Cell { value: None, covered: false };
        }
        let cell = self.eval(inner, Span { from, to, period: None }, before);
        let ended =
            |leaf: &usize| self.covered.get(*leaf).copied().flatten().is_some_and(|covered| to <= covered.until);
        // What happened before the first row is nothing, so that all time needs only its end.
        let covered = match window {
            Window::AllTime => inner.leaves(super::node::Reach::Now).iter().all(ended),
            _ => cell.covered,
        };
        Cell { value: cell.value, covered }
    }

    fn earlier(&self, span: Span, length: Length) -> Span {
        let calendar = self.calendar;
        let moved = |day: i32| match length {
            Length::Minutes(_) => day,
            Length::Grains(count, Grain::Day) => day.saturating_sub(count as i32),
            Length::Grains(count, Grain::Week) => day.saturating_sub(7 * count as i32),
            Length::Grains(count, grain) => back(day, count.saturating_mul(months(grain))),
        };
        let Some(period) = span.period else {
            // A range that is no period is moved by its two ends, kept as long as it is where it counts days.
            return Span { from: moved(span.from), to: moved(span.to), period: None };
        };
        let earlier = match length {
            Length::Minutes(_) => period,
            Length::Grains(count, Grain::Year) => {
                (0..count.min(400)).fold(period, |period, _| calendar.year_before(period))
            }
            Length::Grains(count, grain) if grain == period.grain() => calendar.shift(period, -i64::from(count)),
            Length::Grains(count, grain) if months(grain) > 0 && months(period.grain()) > 0 => {
                let (by, each) = (months(grain).saturating_mul(count), months(period.grain()));
                if by % each != 0 {
                    return Span { from: moved(span.from), to: moved(span.to), period: None };
                }
                calendar.shift(period, -i64::from(by / each))
            }
            Length::Grains(_, grain) if grain > period.grain() => {
                calendar.period_of(period.grain(), date_of(moved(span.from)))
            }
            Length::Grains(..) => return Span { from: moved(span.from), to: moved(span.to), period: None },
        };
        let whole = Span::of(calendar, earlier);
        let complete = span.to >= day_number(calendar.ends(period));
        // Of an unfinished period, as many days of the earlier one.
        if complete { whole } else { whole.until(whole.from + (span.to - span.from)) }
    }

    fn restated(&self, inner: &Node, on: i32, by: &Node, span: Span, before: Option<f64>) -> Cell {
        // A window is dated by its days, whatever period it ends.
        if let Node::Over(within, Window::Trailing(count, grain)) = inner {
            let from = first_of_trailing(span.to, *count, *grain);
            return self.restated(within, on, by, Span { from, to: span.to, period: None }, before);
        }
        // A level is dated by the day it is read on.
        if span.from >= on || span.to >= on && inner.is_level(self.leaves) {
            return self.eval(inner, span, before);
        }
        let restate = |cell: Cell, span: Span| {
            let by = self.eval(by, span, cell.value);
            Cell { value: cell.value.and(by.value), covered: cell.covered && by.covered }
        };
        if span.to < on {
            return restate(self.eval(inner, span, before), span);
        }
        let early = Span { to: on - 1, period: None, ..span };
        let late = Span { from: on, period: None, ..span };
        let part = early.days() / span.days();
        if inner.is_additive(self.leaves) {
            // What the change takes from or adds to a whole period counts for the days before it alone.
            let (a, b) = (self.eval(inner, early, before), self.eval(inner, late, before));
            let base = self.eval(by, early, Some(0.0)).value.unwrap_or(0.0);
            let whole = restate(a, early).map(|value| Some(value - base + base * part));
            return pair(whole, b, |a, b| Some(a + b));
        }
        if let Some(weight) = inner.denominator(self.leaves) {
            let (a, b) = (restate(self.eval(inner, early, before), early), self.eval(inner, late, before));
            let (m, n) = (self.eval(&weight, early, before), self.eval(&weight, late, before));
            let (m, n) = (m.value.unwrap_or(0.0), n.value.unwrap_or(0.0));
            let sum = a.value.map_or(0.0, |a| a * m) + b.value.map_or(0.0, |b| b * n);
            let known = m * f64::from(u8::from(a.value.is_some())) + n * f64::from(u8::from(b.value.is_some()));
            let value = (known != 0.0).then(|| sum / known);
            return Cell { value, covered: a.covered && b.covered };
        }
        let whole = self.eval(inner, span, before);
        let moved = restate(whole, early);
        pair(whole, moved, |plain, moved| Some(plain + (moved - plain) * part))
    }
}

impl Cell {
    fn map(self, f: impl Fn(f64) -> Option<f64>) -> Cell {
        Cell { value: self.value.and_then(f).filter(|value| value.is_finite()), covered: self.covered }
    }
}

fn pair(a: Cell, b: Cell, f: impl Fn(f64, f64) -> Option<f64>) -> Cell {
    let value = a.value.zip(b.value).and_then(|(a, b)| f(a, b)).filter(|value| value.is_finite());
    Cell { value, covered: a.covered && b.covered }
}

/// The days of a range that are known.
fn window<T>(days: &[T], first: i32, span: Span) -> &[T] {
    let place = |day: i32| (day - first).clamp(0, days.len() as i32) as usize;
    days.get(place(span.from)..place(span.to + 1)).unwrap_or_default()
}

/// Calendar months of a grain; 0 for days and weeks.
fn months(grain: Grain) -> u32 {
    match grain {
        Grain::Day | Grain::Week => 0,
        Grain::Month => 1,
        Grain::Quarter => 3,
        Grain::Half => 6,
        Grain::Year => 12,
    }
}

fn back(day: i32, months: u32) -> i32 {
    date_of(day).checked_sub_months(Months::new(months)).map_or(day, day_number)
}

/// The first day of a trailing window: so many days, or the day after the same day so many months before.
pub fn first_of_trailing(to: i32, count: u32, grain: Grain) -> i32 {
    let count_days = i32::try_from(count).unwrap_or(i32::MAX / 16).min(i32::MAX / 16);
    match grain {
        Grain::Day => to.saturating_sub(count_days).saturating_add(1),
        Grain::Week => to.saturating_sub(7 * count_days).saturating_add(1),
        grain => back(to + 1, count.saturating_mul(months(grain)).min(12_000)),
    }
}

/// Several recorded values read as one.
fn read_rows(rows: &[Recording], reads: Reads, each: Grain) -> Option<f64> {
    let values = || rows.iter().filter_map(|row| row.value);
    let count = values().count();
    if count == 0 {
        return None;
    }
    let mean = |values: &mut dyn Iterator<Item = f64>, count: usize| exact_sum(values) / count as f64;
    match reads {
        Reads::Total => Some(exact_sum(values())),
        // An average per longer period is one of totals.
        Reads::Average(grain) if grain > each => Some(exact_sum(values())),
        Reads::Last => values().next_back(),
        Reads::Min => values().reduce(f64::min),
        Reads::Max => values().reduce(f64::max),
        Reads::Average(_) => Some(mean(&mut values(), count)),
        Reads::AverageOfLast(last, _) => {
            let last = (last as usize).clamp(1, count);
            Some(mean(&mut values().skip(count - last), last))
        }
        Reads::Whole => {
            let weighted = || rows.iter().filter_map(|row| Some((row.value?, row.sample?)));
            let total = exact_sum(weighted().map(|(_, sample)| sample));
            if total > 0.0 {
                return Some(exact_sum(weighted().map(|(value, sample)| value * sample)) / total);
            }
            Some(mean(&mut values(), count))
        }
    }
}
