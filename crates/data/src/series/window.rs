//! A quarter's (half's, year's) own number, by what a metric reads.

use super::history::{Plan, Step};
use crate::engine::exact_sum;
use crate::query::answer::{Answers, Cell, Span};
use crate::query::node::{Node, Reach};
use crate::source::dates::{date_of, day_number};
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::QuarterValue;
use quarterdeck_lang::model::{Length, Reads};

/// The windows that are covered from their first day, the last of them perhaps unfinished.
pub fn windows(answers: &Answers<'_>, plan: &Plan, window: Grain, steps: &[Step]) -> Vec<QuarterValue> {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Vec::new() };
    if !plan.from_days || plan.grain > window {
        return Vec::new();
    }
    let calendar = answers.calendar;
    let periods = calendar.periods(window, date_of(first.span.from), date_of(last.span.to));
    periods.into_iter().filter_map(|period| value(answers, plan, period, steps, last.span.to)).collect()
}

fn value(answers: &Answers<'_>, plan: &Plan, period: Period, steps: &[Step], until: i32) -> Option<QuarterValue> {
    let whole = Span::of(answers.calendar, period);
    let span = whole.until(until);
    let cell = number(answers, plan, span, whole, (steps, until));
    let value = cell.value.filter(|_| cell.covered)?;
    let weight = plan.weight.as_ref().and_then(|weight| answers.value(weight, span).value);
    Some(QuarterValue { period, value, weight, through: date_of(span.to), complete: whole.to <= until })
}

/// What a plan reads in a window, of which `span` is the part that has passed.
fn number(answers: &Answers<'_>, plan: &Plan, span: Span, whole: Span, (steps, until): (&[Step], i32)) -> Cell {
    match plan.reads {
        Reads::Whole => answers.value(&plan.node, span),
        Reads::Total => total(answers, plan, span, steps),
        Reads::Average(grain) if is_flow(answers, plan, grain) => {
            let cell = total(answers, plan, span, steps);
            let days = f64::from(span.to - span.from + 1);
            let each = Length::Grains(1, grain).days();
            Cell { value: cell.value.map(|value| value * each / days), covered: cell.covered }
        }
        Reads::Average(_) => average_level(span, steps),
        Reads::Last => last_step(steps, whole, until),
        Reads::Min => from_steps(steps, whole, until, |values| values.iter().copied().reduce(f64::min)),
        Reads::Max => from_steps(steps, whole, until, |values| values.iter().copied().reduce(f64::max)),
        Reads::AverageOfLast(count, grain) => last_average(answers, plan, whole, steps, until, (count, grain)),
    }
}

/// A part of a formula over a range longer than its periods, by its own reading.
pub fn read_part(answers: &Answers<'_>, inner: &Node, (reads, grain): (Reads, Grain), span: Span) -> Cell {
    let calendar = answers.calendar;
    let covered = |leaf: &usize| answers.covered.get(*leaf).copied().flatten().map(|covered| covered.until);
    let until = inner.leaves(Reach::Now).iter().filter_map(covered).min().unwrap_or(span.to);
    let step = |period: Period| {
        let whole = Span::of(calendar, period);
        // A step that straddles the end is read whole as far as it is known.
        let part = whole.until(until.max(span.to));
        Step { span: part, period, cell: answers.value(inner, part), over: whole.to <= until }
    };
    let steps: Vec<Step> =
        calendar.periods(grain, date_of(span.from), date_of(span.to)).into_iter().map(step).collect();
    let plan = Plan { node: inner.clone(), weight: None, grain, reads, from_days: true };
    let whole = span.period.map_or(span, |period| Span::of(calendar, period));
    number(answers, &plan, span, whole, (&steps, span.to))
}

/// Whether values add up over time, so that an average is the total per day times the mean length of a grain's period (7 days
/// for weeks, 30.4375 for months), as forecasts have it. What was recorded adds up where its average is one per longer period.
fn is_flow(answers: &Answers<'_>, plan: &Plan, grain: Grain) -> bool {
    plan.node.is_additive(answers.leaves) || matches!(plan.node, Node::Recorded { .. }) && grain > plan.grain
}

/// A sum of days where values add up; otherwise of steps, a straddling one in part.
fn total(answers: &Answers<'_>, plan: &Plan, span: Span, steps: &[Step]) -> Cell {
    if plan.node.is_additive(answers.leaves) {
        return answers.value(&plan.node, span);
    }
    let shares = shares(span, steps);
    let covered = is_covered(&shares, span);
    let value = exact_sum(shares.iter().filter_map(|(step, days)| {
        let length = f64::from(step.span.to - step.span.from + 1);
        step.cell.value.map(|value| value * days / length)
    }));
    Cell { value: Some(value), covered }
}

/// The mean over steps, weighted by their days inside the window.
fn average_level(span: Span, steps: &[Step]) -> Cell {
    let shares = shares(span, steps);
    let covered = is_covered(&shares, span);
    let known: Vec<(f64, f64)> =
        shares.iter().filter_map(|(step, days)| step.cell.value.map(|value| (value, *days))).collect();
    let days = exact_sum(known.iter().map(|(_, days)| *days));
    let sum = exact_sum(known.iter().map(|(value, days)| value * days));
    Cell { value: (days > 0.0).then(|| sum / days), covered }
}

/// Steps that touch a window and how many of its days they hold.
fn shares(span: Span, steps: &[Step]) -> Vec<(Step, f64)> {
    let inside = |step: &Step| step.span.to.min(span.to) - step.span.from.max(span.from) + 1;
    steps.iter().filter(|step| inside(step) > 0).map(|step| (*step, f64::from(inside(step)))).collect()
}

fn is_covered(shares: &[(Step, f64)], span: Span) -> bool {
    let days: f64 = shares.iter().filter(|(step, _)| step.cell.covered).map(|(_, days)| days).sum();
    days >= f64::from(span.to - span.from + 1)
}

/// The last step that ends inside a window, or the unfinished one as it stands.
fn last_step(steps: &[Step], whole: Span, until: i32) -> Cell {
    let inside = ending_inside(steps, whole, until);
    let last = inside.iter().rev().find(|step| step.cell.value.is_some());
    last.map_or(Cell { value: None, covered: false }, |step| step.cell)
}

/// What is read from the steps that end inside a window, the unfinished one as it stands.
fn from_steps(steps: &[Step], whole: Span, until: i32, pick: impl Fn(&[f64]) -> Option<f64>) -> Cell {
    let inside: Vec<&Step> = ending_inside(steps, whole, until);
    let values: Vec<f64> = inside.iter().filter_map(|step| step.cell.value).collect();
    Cell { value: pick(&values), covered: inside.iter().all(|step| step.cell.covered) }
}

fn ending_inside(steps: &[Step], whole: Span, until: i32) -> Vec<&Step> {
    let is_inside = |step: &&Step| {
        let ends = (whole.from..=whole.to).contains(&step.span.to);
        // The unfinished step stands for the window's end while the window is unfinished itself.
        ends && (step.over || whole.to > until)
    };
    steps.iter().filter(is_inside).collect()
}

/// The mean of the last so many periods of a grain that end inside the window.
fn last_average(
    answers: &Answers<'_>,
    plan: &Plan,
    whole: Span,
    steps: &[Step],
    until: i32,
    (count, grain): (u32, Grain),
) -> Cell {
    let count = count.max(1) as usize;
    if grain == plan.grain {
        let inside: Vec<Step> =
            ending_inside(steps, whole, until).into_iter().filter(|step| step.over).copied().collect();
        let last = inside.get(inside.len().saturating_sub(count)..).unwrap_or_default();
        let values: Vec<f64> = last.iter().filter_map(|step| step.cell.value).collect();
        let mean = (!values.is_empty()).then(|| exact_sum(values.iter().copied()) / values.len() as f64);
        return Cell { value: mean, covered: last.iter().all(|step| step.cell.covered) };
    }
    // Periods of another grain than the metric's are asked of the metric itself.
    let calendar = answers.calendar;
    let mut period = calendar.period_of(grain, date_of(whole.to.min(until)));
    let mut cells = Vec::new();
    while cells.len() < count {
        let span = Span::of(calendar, period);
        if span.to < whole.from {
            break;
        }
        if span.to <= whole.to.min(until) {
            cells.push(answers.value(&plan.node, span));
        }
        if day_number(calendar.starts(period)) <= whole.from {
            break;
        }
        period = calendar.shift(period, -1);
    }
    let values: Vec<f64> = cells.iter().filter_map(|cell| cell.value).collect();
    let mean = (!values.is_empty()).then(|| exact_sum(values.iter().copied()) / values.len() as f64);
    Cell { value: mean, covered: cells.iter().all(|cell| cell.covered) }
}
