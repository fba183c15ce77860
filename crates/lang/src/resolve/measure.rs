//! Measures: what a metric is computed from.

use super::context::{Context, error};
use super::formula::{self, Around, clause_rows};
use super::names::Kind;
use super::row::{self, Rows};
use super::when;
use crate::Span;
use crate::codes::resolve::{CHURN_PERIOD, DECLARED_TWICE, SCALE_ZERO, UNIT_MISMATCH};
use crate::model::{Formula, Journey, Measure, Unit, UnitForm};
use crate::syntax::value::{self as syntax, FromClause, Step};
use quarterdeck_calendar::Grain;

/// Resolves a measure; `around` is the metric's own `where:`.
pub(super) fn measure(cx: &mut Context<'_>, written: &syntax::Measure, around: &Around<'_>) -> Option<Measure> {
    match written {
        syntax::Measure::Formula(formula) => Some(of_formula(formula::formula(cx, formula, around)?)),
        syntax::Measure::Stock { value, from, per } => {
            let rows = clause_rows(cx, from, around);
            let value = row::number(cx, value, Rows::of(&from.source.node));
            let ((filter, time), value) = (rows?, value?);
            let per = per.as_ref().map(|per| per.node.clone());
            Some(Measure::Stock { value, source: from.source.node.clone(), filter, time, per })
        }
        syntax::Measure::Recorded { column, from, scale } => {
            let (filter, _) = clause_rows(cx, from, around)?;
            let scale_value = scale.as_ref().map_or(1.0, |scale| formula::plain(scale.node));
            if let (Some(scale), true) = (scale, scale_value == 0.0) {
                let message = "a scale of zero makes every value zero";
                cx.report(error(&SCALE_ZERO, scale.span, message).hint("`scale 1%` reads 12 as 12%"));
                return None;
            }
            let (column, source) = (column.node.clone(), from.source.node.clone());
            Some(Measure::Recorded { column, source, filter, scale: scale_value })
        }
        journey => self::journey(cx, journey, around).map(Measure::Journey),
    }
}

fn of_formula(formula: Formula) -> Measure {
    match formula {
        Formula::Query(query) => Measure::Aggregate(query),
        Formula::Journey(journey) => Measure::Journey(*journey),
        Formula::Over(inner, window) => match *inner {
            Formula::Query(query) => Measure::Windowed(query, window),
            inner => Measure::Derived(Formula::Over(Box::new(inner), window)),
        },
        formula => Measure::Derived(formula),
    }
}

/// Whether a formula names a step of a funnel.
pub(super) fn has_step(formula: &Formula) -> bool {
    match formula {
        Formula::Journey(_) => true,
        Formula::Metric(_) | Formula::Where(..) | Formula::Number(_) | Formula::Query(_) | Formula::Before => false,
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            has_step(inner)
        }
        Formula::Add(left, right)
        | Formula::Sub(left, right)
        | Formula::Mul(left, right)
        | Formula::Div(left, right) => has_step(left) || has_step(right),
    }
}

/// A measure that follows keys. Conditions around it choose the entries; a funnel's and churn's rows are all of one kind.
pub(super) fn journey(cx: &mut Context<'_>, written: &syntax::Measure, around: &Around<'_>) -> Option<Journey> {
    match written {
        syntax::Measure::Conversion { count, from, to, by, within } => {
            let within = when::length(cx, within);
            let (from, to) = (rows(cx, from, around), rows(cx, to, &[]));
            Some(Journey::Conversion { from: from?, to: to?, key: by.node.clone(), within: within?, count: *count })
        }
        syntax::Measure::Funnel { from, by, within, steps } => {
            let within = when::length(cx, within);
            let steps = self::steps(cx, from, steps);
            let from = rows(cx, from, around);
            Some(Journey::Funnel { from: from?, key: by.node.clone(), within: within?, steps: steps? })
        }
        syntax::Measure::Retention { from, to, by, after, lasting } => {
            let (after, lasting) = (when::length(cx, after), when::length(cx, lasting));
            let (from, to) = (rows(cx, from, around), rows(cx, to, &[]));
            let key = by.node.clone();
            Some(Journey::Retention { from: from?, to: to?, key, after: after?, lasting: lasting? })
        }
        syntax::Measure::Churn { from, by, per } => {
            let from = rows(cx, from, around)?;
            Some(Journey::Churn { from, key: by.node.clone(), per: per.node })
        }
        syntax::Measure::Formula(_) | syntax::Measure::Stock { .. } | syntax::Measure::Recorded { .. } => None,
    }
}

fn rows(cx: &mut Context<'_>, clause: &FromClause, around: &Around<'_>) -> Option<crate::model::Rows> {
    let (filter, time) = clause_rows(cx, clause, around)?;
    Some(crate::model::Rows { source: clause.source.node.clone(), filter, time })
}

/// Makes sure that a journey's unit and grain fit it.
pub(super) fn check_journey(
    cx: &mut Context<'_>,
    metric: &str,
    journey: &Journey,
    (unit, grain): (Option<&Unit>, Option<Grain>),
    span: Span,
) {
    let fits = |unit: &&Unit| matches!(unit.form, UnitForm::Share | UnitForm::Ratio) == journey.is_count();
    if let Some(unit) = unit.filter(fits) {
        let (found, hint) = if journey.is_count() {
            ("a count", "leave `count` out for the share of the entries, or declare what it counts")
        } else {
            ("a share", "declare `unit: share`; `conversion count` counts")
        };
        let message = format!("`{metric}` is declared in {}, and its `measure:` gives {found}", unit.text);
        cx.report(error(&UNIT_MISMATCH, span, message).note(format!("this is {found}")).hint(hint));
    }
    if let (Journey::Churn { per, .. }, Some(grain)) = (journey, grain)
        && *per > grain
    {
        let message = format!("`{metric}` is counted by the {grain}, and its churn per {per}");
        let hint = format!("write `grain: {per}`: whoever is present in a {per} is present once in it");
        cx.report(error(&CHURN_PERIOD, span, message).hint(hint));
    }
}

fn steps(cx: &mut Context<'_>, from: &FromClause, steps: &[Step]) -> Option<Vec<crate::model::Step>> {
    cx.get(Kind::Source, &from.source.node)?;
    let mut resolved: Vec<crate::model::Step> = Vec::with_capacity(steps.len());
    let mut sound = true;
    for (at, step) in steps.iter().enumerate() {
        let first = steps.iter().take(at).find(|other| other.name.node == step.name.node);
        if let Some(first) = first {
            let message = format!("the step `{}` stands twice", step.name.node);
            cx.report(error(&DECLARED_TWICE, step.name.span, message).label(first.name.span, "first here"));
            sound = false;
        }
        match row::condition(cx, &step.condition, Rows::of(&from.source.node)) {
            Some(filter) => resolved.push(crate::model::Step { name: step.name.node.clone(), filter }),
            None => sound = false,
        }
    }
    sound.then_some(resolved)
}
