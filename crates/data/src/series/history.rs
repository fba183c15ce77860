//! A metric's values by period: the complete ones, the unfinished one, and the gaps.

use super::window::windows;
use crate::load::Point;
use crate::query::answer::{Answers, Cell, Span};
use crate::query::node::{Node, Reach};
use crate::source::dates::date_of;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::{History, Partial};
use quarterdeck_lang::model::Reads;

/// A metric (or a part of one) ready to be read.
pub struct Plan {
    /// Its arithmetic.
    pub node: Node,
    /// What its values are weighted with.
    pub weight: Option<Node>,
    /// How long a period is.
    pub grain: Grain,
    /// What a window's number is.
    pub reads: Reads,
    /// Whether windows can be read from days, and not only from steps.
    pub from_days: bool,
}

/// A metric's series.
pub struct Read {
    /// Its history.
    pub history: History,
    /// Every period's value.
    pub points: Vec<Point>,
    /// Periods without a value.
    pub gaps: Vec<Period>,
}

/// A period's value.
#[derive(Clone, Copy)]
pub struct Step {
    /// The period, ended early where it is unfinished.
    pub span: Span,
    /// The period.
    pub period: Period,
    /// Its value.
    pub cell: Cell,
    /// Whether the period is over.
    pub over: bool,
}

impl Step {
    /// Whether it is over and everything it needs is covered.
    pub fn is_complete(&self) -> bool {
        self.over && self.cell.covered
    }
}

/// Reads a plan; asks for ranges that are not known yet.
pub fn read(answers: &Answers<'_>, plan: &Plan, window: Grain, as_of: i32) -> Read {
    let steps = steps(answers, plan, as_of);
    let calendar = answers.calendar;
    let shown = steps.iter().position(|step| step.cell.value.is_some() || step.is_complete()).unwrap_or(steps.len());
    let points = steps
        .iter()
        .skip(shown)
        .map(|step| Point {
            period: step.period,
            start: calendar.starts(step.period),
            value: step.cell.value,
            complete: step.is_complete(),
        })
        .collect();
    let first = steps.iter().position(|step| step.is_complete() && step.cell.value.is_some());
    let last = steps.iter().rposition(Step::is_complete);
    let complete: &[Step] = match (first, last) {
        (Some(first), Some(last)) => steps.get(first..=last).unwrap_or_default(),
        _ => &[],
    };
    let weigh = |step: &Step| plan.weight.as_ref().and_then(|weight| answers.value(weight, step.span).value);
    let after = last.map_or(0, |last| last + 1);
    let partial = steps.get(after).filter(|step| !step.over && step.cell.covered).and_then(|step| {
        let through = date_of(step.span.to);
        step.cell.value.map(|value| Partial { value, weight: weigh(step), through })
    });
    let start = complete.first().or(steps.get(after)).map(|step| step.period);
    let history = History {
        grain: plan.grain,
        start: start.unwrap_or_else(|| calendar.period_of(plan.grain, date_of(as_of))),
        values: complete.iter().map(|step| if step.is_complete() { step.cell.value } else { None }).collect(),
        weights: if plan.weight.is_some() { complete.iter().map(weigh).collect() } else { Vec::new() },
        partial,
        quarters: windows(answers, plan, window, &steps),
    };
    let gaps = complete.iter().filter(|step| step.cell.value.is_none()).map(|step| step.period).collect();
    Read { history, points, gaps }
}

/// The days on which a node's leaves begin and end.
fn reach(answers: &Answers<'_>, node: &Node) -> Option<(i32, i32)> {
    let mut days: Option<(i32, i32)> = None;
    let leaves = node.leaves(Reach::Now);
    // What is only read `ago` still has a history.
    let leaves = if leaves.is_empty() { node.leaves(Reach::All) } else { leaves };
    for leaf in leaves {
        let covered = answers.covered.get(leaf).copied().flatten()?;
        days = Some(match days {
            None => (covered.first_row, covered.until),
            Some((first, until)) => (first.min(covered.first_row), until.min(covered.until)),
        });
    }
    days
}

fn steps(answers: &Answers<'_>, plan: &Plan, as_of: i32) -> Vec<Step> {
    let Some((first, until)) = reach(answers, &plan.node) else { return Vec::new() };
    let (calendar, until) = (answers.calendar, until.min(as_of));
    let mut steps = Vec::new();
    let mut period = calendar.period_of(plan.grain, date_of(first));
    loop {
        let whole = Span::of(calendar, period);
        if whole.from > until {
            return steps;
        }
        let span = whole.until(until);
        let cell = answers.value(&plan.node, span);
        steps.push(Step { span, period, cell, over: whole.to <= until });
        period = calendar.shift(period, 1);
    }
}
