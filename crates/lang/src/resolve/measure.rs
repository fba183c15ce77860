//! Measures: what a metric is computed from.

use super::context::{Context, error};
use super::formula::{self, Around, clause_rows};
use super::names::Kind;
use super::row::{self, Rows};
use super::when;
use crate::codes::resolve::{DECLARED_TWICE, SCALE_ZERO};
use crate::model::{Filter, Formula, Measure};
use crate::syntax::value::{self as syntax, FromClause, Step};
use crate::{Span, Spanned};
use std::collections::BTreeSet;

/// Resolves a measure; `around` is the metric's own `where:`.
pub(super) fn measure(
    cx: &mut Context<'_>,
    written: &Spanned<syntax::Measure>,
    around: &Around<'_>,
) -> Option<Measure> {
    match &written.node {
        syntax::Measure::Formula(formula) => {
            let resolved = formula::formula(cx, formula, around)?;
            Some(of_formula(cx, resolved, formula.span))
        }
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
        pending => self::pending(cx, pending, around),
    }
}

fn of_formula(cx: &Context<'_>, formula: Formula, span: Span) -> Measure {
    if has_step(&formula) {
        // A funnel's steps are computed with the funnel, so what names one waits with it.
        let text = serde_json::to_string(&formula).unwrap_or_else(|_| cx.quote(span));
        return Measure::Pending { kind: "funnel".into(), sources: Vec::new(), text };
    }
    match formula {
        Formula::Query(query) => Measure::Aggregate(query),
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
        Formula::Metric(name) | Formula::Where(name, _) => name.contains('.'),
        Formula::Number(_) | Formula::Query(_) | Formula::Before => false,
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            has_step(inner)
        }
        Formula::Add(left, right)
        | Formula::Sub(left, right)
        | Formula::Mul(left, right)
        | Formula::Div(left, right) => has_step(left) || has_step(right),
    }
}

/// Measures that are understood and not computed yet, with a canonical text of all they mean.
fn pending(cx: &mut Context<'_>, written: &syntax::Measure, around: &Around<'_>) -> Option<Measure> {
    let (kind, clauses, text) = match written {
        syntax::Measure::Conversion { count, from, to, by, within } => {
            let text = format!("count={count} by={} within={:?}", by.node, when::length(cx, within)?);
            ("conversion", vec![from, to], text)
        }
        syntax::Measure::Funnel { from, by, within, steps } => {
            let length = when::length(cx, within)?;
            let steps = self::steps(cx, from, steps)?;
            let steps = serde_json::to_string(&steps).unwrap_or_default();
            ("funnel", vec![from], format!("by={} within={length:?} steps={steps}", by.node))
        }
        syntax::Measure::Retention { from, to, by, after, lasting } => {
            let (after, lasting) = (when::length(cx, after)?, when::length(cx, lasting)?);
            ("retention", vec![from, to], format!("by={} after={after:?} for={lasting:?}", by.node))
        }
        syntax::Measure::Churn { from, by, per } => ("churn", vec![from], format!("by={} per={}", by.node, per.node)),
        syntax::Measure::Formula(_) | syntax::Measure::Stock { .. } | syntax::Measure::Recorded { .. } => return None,
    };
    let (mut sources, mut parts) = (BTreeSet::new(), vec![kind.to_owned(), text]);
    let mut sound = true;
    for clause in clauses {
        match clause_rows(cx, clause, around) {
            Some((filter, time)) => {
                let filter = serde_json::to_string(&filter).unwrap_or_default();
                parts.push(format!("from={} where={filter} time={time:?}", clause.source.node));
                sources.insert(clause.source.node.clone());
            }
            None => sound = false,
        }
    }
    let sources = sources.into_iter().collect();
    sound.then(|| Measure::Pending { kind: kind.to_owned(), sources, text: parts.join("\n") })
}

fn steps<'w>(cx: &mut Context<'_>, from: &FromClause, steps: &'w [Step]) -> Option<Vec<(&'w str, Filter)>> {
    cx.names.get(Kind::Source, &from.source.node)?;
    let mut resolved: Vec<(&str, Filter)> = Vec::with_capacity(steps.len());
    let mut sound = true;
    for (at, step) in steps.iter().enumerate() {
        let first = steps.iter().take(at).find(|other| other.name.node == step.name.node);
        if let Some(first) = first {
            let message = format!("the step `{}` stands twice", step.name.node);
            cx.report(error(&DECLARED_TWICE, step.name.span, message).label(first.name.span, "first here"));
            sound = false;
        }
        match row::condition(cx, &step.condition, Rows::of(&from.source.node)) {
            Some(condition) => resolved.push((&step.name.node, condition)),
            None => sound = false,
        }
    }
    sound.then_some(resolved)
}
