//! `changed DATE "why" { restate: before * 0.94 }`: days from which values mean something else.

use super::context::{Context, error};
use super::fields;
use super::formula::plain;
use crate::codes::resolve::{CHANGE_POINTS, DECLARED_TWICE, RESTATE_NAME};
use crate::model::metric::Outdated;
use crate::model::{Formula, Unit};
use crate::syntax::tree::{Block, BlockKind};
use crate::syntax::value::{self as syntax, BinaryOp, Suffix, Value};
use crate::{Span, Spanned};

/// The declared changes of a metric or a source, by day.
pub(super) fn changes<'a>(cx: &mut Context<'a>, block: &'a Block, unit: Option<&Unit>) -> Vec<Outdated> {
    let mut changes: Vec<(Outdated, Span)> = Vec::new();
    for inner in block.blocks().filter(|inner| inner.kind.node == BlockKind::Changed) {
        let fields = fields::open(cx, inner);
        let Some(on) = inner.head.date.as_ref() else { continue };
        if let Some((_, first)) = changes.iter().find(|(change, _)| change.on == on.node) {
            let message = format!("two changes on {}", on.node);
            cx.report(error(&DECLARED_TWICE, on.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        let why = inner.label.as_ref().map(|label| label.node.clone()).unwrap_or_default();
        let restate = match fields.get("restate").map(|field| &field.value.node) {
            Some(Value::Formula(formula)) => {
                let restate = earlier(cx, formula, unit);
                restate.filter(|restate| unit.is_some() || proportional(cx, restate, formula.span))
            }
            _ => None,
        };
        changes.push((Outdated { on: on.node, why, restate }, on.span));
    }
    changes.sort_by_key(|(change, _)| change.on);
    changes.into_iter().map(|(change, _)| change).collect()
}

/// The rows of a source are as many as they are, or so many times as many: nothing else holds for all metrics over them.
fn proportional(cx: &mut Context<'_>, restate: &Formula, span: Span) -> bool {
    fn is_times(formula: &Formula) -> bool {
        match formula {
            Formula::Before => true,
            Formula::Mul(a, b) => {
                is_times(a) && matches!(**b, Formula::Number(_)) || is_times(b) && matches!(**a, Formula::Number(_))
            }
            Formula::Div(a, b) => is_times(a) && matches!(**b, Formula::Number(_)),
            _ => false,
        }
    }
    let sound = is_times(restate);
    if !sound {
        let message = format!("`{}` cannot restate a source", cx.quote(span));
        let hint = "its counts and sums were so many times as large: `before * 0.94`; what else changes is declared on each metric";
        cx.report(error(&RESTATE_NAME, span, message).hint(hint));
    }
    sound
}

/// A formula of `before` and numbers.
fn earlier(cx: &mut Context<'_>, written: &Spanned<syntax::Formula>, unit: Option<&Unit>) -> Option<Formula> {
    match &written.node {
        syntax::Formula::Number(number) => {
            let share = unit.is_none_or(|unit| unit.is_share() || unit.form == crate::model::UnitForm::Ratio);
            if number.suffix == Suffix::Points && !share {
                let message = format!("`{}` of something that is not a share", cx.quote(written.span));
                cx.report(error(&CHANGE_POINTS, written.span, message).hint("write an amount, or multiply `before`"));
                return None;
            }
            Some(Formula::Number(plain(*number)))
        }
        syntax::Formula::Name(path) if path.parts == ["before"] => Some(Formula::Before),
        syntax::Formula::Neg(inner) => Some(Formula::Neg(Box::new(earlier(cx, inner, unit)?))),
        syntax::Formula::Coalesce(inner, otherwise) => {
            Some(Formula::Coalesce(Box::new(earlier(cx, inner, unit)?), plain(otherwise.node)))
        }
        syntax::Formula::Binary(op, left, right) => {
            let (left, right) = (earlier(cx, left, unit), earlier(cx, right, unit));
            let (left, right) = (Box::new(left?), Box::new(right?));
            match op {
                BinaryOp::Add => Some(Formula::Add(left, right)),
                BinaryOp::Subtract => Some(Formula::Sub(left, right)),
                BinaryOp::Multiply => Some(Formula::Mul(left, right)),
                BinaryOp::Divide => Some(Formula::Div(left, right)),
                _ => None,
            }
        }
        syntax::Formula::Broken => None,
        _ => {
            let message = format!("`{}` cannot stand in a restatement", cx.quote(written.span));
            let hint = "earlier values are restated from `before` and numbers: `before * 0.94`, `before - 2pp`";
            cx.report(error(&RESTATE_NAME, written.span, message).hint(hint));
            None
        }
    }
}
