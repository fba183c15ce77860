//! From steps to a window's number: what is already observed plus what each path adds.

use crate::history::{History, days_between};
use crate::series::{Nature, Partial, QuarterValue, Roll};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};

/// What is known of a series on one day, and the steps that follow.
pub struct Scene<'a> {
    /// The series on its days.
    pub history: &'a History<'a>,
    /// How many of its values are known.
    pub cut: usize,
    /// First days of the future steps, and of the one after the last.
    pub starts: Vec<NaiveDate>,
    /// The unfinished first step.
    pub partial: Option<Partial>,
    /// Windows as the source has them.
    pub observed: Vec<QuarterValue>,
}

/// How a window's number follows from the rates of the future steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A constant and a sum of coefficient × rate.
    Linear {
        /// What is observed.
        constant: f64,
        /// Step and coefficient.
        terms: Vec<(usize, f64)>,
    },
    /// The smallest or largest of step values.
    Extreme {
        /// 1 for the largest, −1 for the smallest.
        sign: f64,
        /// What was observed.
        known: Option<f64>,
        /// Step, offset and coefficient of its value.
        terms: Vec<(usize, f64, f64)>,
    },
    /// Σ weight·value / Σ weight.
    Weighted {
        /// Σ weight·value observed.
        sum: f64,
        /// Σ weight observed.
        weight: f64,
        /// Step and the days of it that count.
        terms: Vec<(usize, f64)>,
    },
}

impl Rule {
    /// The window's number on a path, and its weight (0 unless weighted). `weights` are rates per day.
    pub fn value(&self, rates: &[f64], weights: &[f64]) -> (f64, f64) {
        let rate = |step: usize| rates.get(step).copied().unwrap_or(0.0);
        match self {
            Rule::Linear { constant, terms } => {
                (constant + terms.iter().map(|(step, coefficient)| coefficient * rate(*step)).sum::<f64>(), 0.0)
            }
            Rule::Extreme { sign, known, terms } => {
                let values = terms.iter().map(|(step, offset, coefficient)| offset + coefficient * rate(*step));
                let best = values.chain(*known).map(|value| sign * value).fold(f64::NEG_INFINITY, f64::max);
                (if best.is_finite() { sign * best } else { 0.0 }, 0.0)
            }
            Rule::Weighted { sum, weight, terms } => {
                let (mut sum, mut total) = (*sum, *weight);
                let (mut plain, mut days) = (0.0, 0.0);
                for (step, length) in terms {
                    let added = length * weights.get(*step).copied().unwrap_or(1.0).max(0.0);
                    sum += added * rate(*step);
                    total += added;
                    plain += length * rate(*step);
                    days += length;
                }
                // Without any weight the plain mean of the days stands in.
                if total > 0.0 { (sum / total, total) } else { (if days > 0.0 { plain / days } else { 0.0 }, 0.0) }
            }
        }
    }

    /// Whether nothing of the window lies in the future.
    pub fn is_settled(&self) -> bool {
        match self {
            Rule::Linear { terms, .. } | Rule::Weighted { terms, .. } => terms.is_empty(),
            Rule::Extreme { terms, .. } => terms.is_empty(),
        }
    }
}

/// The mean length of a grain's period in days.
pub fn mean_length(grain: Grain) -> f64 {
    match grain {
        Grain::Day => 1.0,
        Grain::Week => 7.0,
        Grain::Month => 365.25 / 12.0,
        Grain::Quarter => 365.25 / 4.0,
        Grain::Half => 365.25 / 2.0,
        Grain::Year => 365.25,
    }
}

/// A piece of a series inside a window: some days, of a known value or of a future step.
struct Piece {
    days: f64,
    /// Whether the period's last day lies inside.
    ends_inside: bool,
    source: Source,
}

enum Source {
    Known { index: usize },
    Future { step: usize },
}

impl Scene<'_> {
    /// How many future steps there are.
    pub fn steps(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The first day of a step that is not observed yet.
    pub fn free_from(&self, step: usize) -> Option<NaiveDate> {
        let start = *self.starts.get(step)?;
        match self.partial {
            Some(partial) if step == 0 => Some(start.max(partial.through.succ_opt()?)),
            _ => Some(start),
        }
    }

    /// Days of a step still to come.
    pub fn free_days(&self, step: usize) -> f64 {
        match (self.free_from(step), self.starts.get(step + 1)) {
            (Some(from), Some(to)) => days_between(from, *to).max(0.0),
            _ => 0.0,
        }
    }

    /// A step's value as offset + coefficient × rate.
    pub fn step_value(&self, step: usize) -> (f64, f64) {
        if self.history.series.nature != Nature::Flow {
            return (0.0, 1.0);
        }
        let offset = self.partial.filter(|_| step == 0).map_or(0.0, |partial| partial.value);
        (offset, self.free_days(step))
    }

    /// How a window's number follows from the future rates, by the series' own roll.
    pub fn rule(&self, calendar: &Calendar, window: Period) -> Rule {
        let (from, to) = (calendar.starts(window), calendar.ends(window));
        let seen = self.observed.iter().find(|entry| entry.period == window && entry.value.is_finite()).copied();
        self.rule_between(from, to, seen)
    }

    /// The same for any range of days.
    pub fn rule_between(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>) -> Rule {
        let series = self.history.series;
        let flow = series.nature == Nature::Flow;
        if let Some(entry) = seen.filter(|entry| entry.complete) {
            return settled(series.roll, entry);
        }
        match series.roll {
            Roll::Total => self.sum(from, to, seen, 1.0),
            Roll::Average(grain) if flow => {
                self.sum(from, to, seen, mean_length(grain) / (days_between(from, to) + 1.0))
            }
            Roll::Average(_) => self.mean(from, to, seen),
            Roll::Link | Roll::Distinct if flow => self.sum(from, to, None, 1.0 / (days_between(from, to) + 1.0)),
            Roll::Link | Roll::Distinct => self.mean(from, to, None),
            Roll::Last => self.last(from, to, 1),
            Roll::AverageOfLast { count } => self.last(from, to, count.max(1) as usize),
            Roll::Min => self.extreme(from, to, seen, -1.0),
            Roll::Max => self.extreme(from, to, seen, 1.0),
            Roll::Weighted => self.weighted(from, to, seen),
        }
    }

    /// A flow's total over a range of days, whatever the series reads.
    pub fn total(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>) -> Rule {
        let seen = seen.filter(|entry| entry.value.is_finite() && entry.through >= from);
        self.sum(from, to, seen, 1.0)
    }

    /// What a past window came to; `None` where a part of it is not known.
    pub fn actual(&self, calendar: &Calendar, window: Period) -> Option<f64> {
        let (from, to) = (calendar.starts(window), calendar.ends(window));
        let entry = self.observed.iter().find(|entry| entry.period == window);
        if let Some(entry) = entry {
            return entry.complete.then_some(entry.value).filter(|value| value.is_finite());
        }
        if self.history.series.roll.is_linked() {
            return None;
        }
        let first = *self.history.starts.first()?;
        let past_end = *self.history.starts.get(self.cut)?;
        let whole = from >= first && to < past_end;
        let gap = self.pieces(from, to).iter().any(|piece| match piece.source {
            Source::Known { index } => self.history.rates.get(index).copied().flatten().is_none(),
            Source::Future { .. } => true,
        });
        (whole && !gap).then(|| self.rule_between(from, to, None).value(&[], &[]).0)
    }

    /// Σ over the days of a flow, times a factor.
    fn sum(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>, factor: f64) -> Rule {
        let mut constant = 0.0;
        let mut rest_from = from;
        if let Some(entry) = seen {
            let days = days_between(from, entry.through) + 1.0;
            constant = match self.history.series.roll {
                Roll::Average(grain) => entry.value * days / mean_length(grain),
                _ => entry.value,
            };
            rest_from = entry.through.succ_opt().unwrap_or(entry.through);
        } else if let Some(partial) = self.partial {
            let start = self.starts.first().copied().unwrap_or(from);
            let days = (days_between(start, partial.through) + 1.0).max(1.0);
            constant = partial.value * overlap(start, partial.through, from, to) / days;
        }
        let mut terms = Vec::new();
        for piece in self.pieces(rest_from, to) {
            match piece.source {
                Source::Known { index } => {
                    constant += piece.days * self.known(index);
                }
                Source::Future { step } => terms.push((step, factor * piece.days)),
            }
        }
        Rule::Linear { constant: constant * factor, terms }
    }

    /// The mean of a level's steps weighted by their days inside.
    fn mean(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>) -> Rule {
        let (mut sum, mut days, mut rest_from) = (0.0, 0.0, from);
        if let Some(entry) = seen {
            days = (days_between(from, entry.through) + 1.0).max(0.0);
            sum = entry.value * days;
            rest_from = entry.through.succ_opt().unwrap_or(entry.through);
        }
        let mut terms = Vec::new();
        for piece in self.pieces(rest_from, to) {
            days += piece.days;
            match piece.source {
                Source::Known { index } => sum += piece.days * self.known(index),
                Source::Future { step } => terms.push((step, piece.days)),
            }
        }
        let share = if days > 0.0 { 1.0 / days } else { 0.0 };
        terms.iter_mut().for_each(|(_, coefficient)| *coefficient *= share);
        Rule::Linear { constant: sum * share, terms }
    }

    /// The mean of the last periods that end inside; the one before the window's end where none does.
    fn last(&self, from: NaiveDate, to: NaiveDate, count: usize) -> Rule {
        let mut pieces = self.pieces(from, to);
        pieces.retain(|piece| piece.ends_inside);
        if pieces.is_empty() {
            pieces = self.pieces(NaiveDate::MIN, to);
            pieces.retain(|piece| piece.ends_inside);
            pieces = pieces.split_off(pieces.len().saturating_sub(1));
        }
        if pieces.is_empty() {
            pieces = self.pieces(from, to);
        }
        let taken = &pieces[pieces.len().saturating_sub(count)..];
        let share = 1.0 / taken.len().max(1) as f64;
        let mut constant = 0.0;
        let mut terms = Vec::new();
        for piece in taken {
            match piece.source {
                Source::Known { index } => constant += share * self.known_value(index),
                Source::Future { step } => {
                    let (offset, coefficient) = self.step_value(step);
                    constant += share * offset;
                    terms.push((step, share * coefficient));
                }
            }
        }
        Rule::Linear { constant, terms }
    }

    fn extreme(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>, sign: f64) -> Rule {
        let mut known = seen.map(|entry| sign * entry.value);
        let mut terms = Vec::new();
        for piece in self.pieces(from, to).into_iter().filter(|piece| piece.ends_inside) {
            match piece.source {
                Source::Known { index } => {
                    let value = sign * self.known_value(index);
                    known = Some(known.map_or(value, |known| known.max(value)));
                }
                Source::Future { step } => {
                    let (offset, coefficient) = self.step_value(step);
                    terms.push((step, offset, coefficient));
                }
            }
        }
        Rule::Extreme { sign, known: known.map(|value| sign * value), terms }
    }

    fn weighted(&self, from: NaiveDate, to: NaiveDate, seen: Option<QuarterValue>) -> Rule {
        let (mut sum, mut weight, mut rest_from) = (0.0, 0.0, from);
        let mut terms = Vec::new();
        if let Some(entry) = seen {
            weight = entry.weight.unwrap_or(days_between(from, entry.through) + 1.0).max(0.0);
            sum = weight * entry.value;
            rest_from = entry.through.succ_opt().unwrap_or(entry.through);
        } else if let (Some(partial), Some(start)) = (self.partial, self.starts.first()) {
            let days = (days_between(*start, partial.through) + 1.0).max(1.0);
            let inside = overlap(*start, partial.through, from, to);
            weight = partial.weight.unwrap_or(days).max(0.0) * inside / days;
            sum = weight * partial.value;
        }
        for piece in self.pieces(rest_from, to) {
            match piece.source {
                Source::Known { index } => {
                    let added = piece.days * self.weight_rate(index);
                    weight += added;
                    sum += added * self.known(index);
                }
                Source::Future { step } => terms.push((step, piece.days)),
            }
        }
        Rule::Weighted { sum, weight, terms }
    }

    /// A value's weight per day; 1 where the series has none.
    pub fn weight_rate(&self, index: usize) -> f64 {
        let weights = &self.history.series.weights;
        match weights.get(index).copied().flatten().filter(|weight| weight.is_finite()) {
            Some(weight) => {
                let ends = self.history.starts.get(index..index + 2);
                weight.max(0.0) / ends.map_or(1.0, |pair| days_between(pair[0], pair[1])).max(1.0)
            }
            None if weights.is_empty() => 1.0,
            None => 0.0,
        }
    }

    /// A known rate; a gap takes the nearest earlier one.
    fn known(&self, index: usize) -> f64 {
        let known = self.history.rates.get(..=index).unwrap_or_default();
        known.iter().rev().flatten().next().copied().unwrap_or(0.0)
    }

    fn known_value(&self, index: usize) -> f64 {
        self.known(index) * self.history.lengths.get(index).copied().unwrap_or(1.0)
    }

    /// The periods that touch a range of days, known ones first.
    fn pieces(&self, from: NaiveDate, to: NaiveDate) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let known = &self.history.starts[..(self.cut + 1).min(self.history.starts.len())];
        let begin = known.partition_point(|start| *start <= from).saturating_sub(1);
        for index in begin..known.len().saturating_sub(1) {
            let (start, next) = (known[index], known[index + 1]);
            if start > to {
                break;
            }
            let end = next.pred_opt().unwrap_or(next);
            let days = overlap(start, end, from, to);
            if days > 0.0 {
                pieces.push(Piece { days, ends_inside: end <= to && end >= from, source: Source::Known { index } });
            }
        }
        for step in 0..self.steps() {
            let (Some(start), Some(next)) = (self.free_from(step), self.starts.get(step + 1)) else { break };
            let end = next.pred_opt().unwrap_or(*next);
            let days = overlap(start, end, from, to);
            let ends_inside = end <= to && end >= from;
            if days > 0.0 || (ends_inside && start > end) {
                pieces.push(Piece { days, ends_inside, source: Source::Future { step } });
            }
        }
        pieces
    }
}

fn settled(roll: Roll, entry: QuarterValue) -> Rule {
    if roll == Roll::Weighted {
        let weight = entry.weight.unwrap_or(1.0);
        return Rule::Weighted { sum: weight * entry.value, weight, terms: Vec::new() };
    }
    Rule::Linear { constant: entry.value, terms: Vec::new() }
}

/// Days that two closed ranges share.
fn overlap(a: NaiveDate, b: NaiveDate, from: NaiveDate, to: NaiveDate) -> f64 {
    (days_between(a.max(from), b.min(to)) + 1.0).max(0.0)
}
