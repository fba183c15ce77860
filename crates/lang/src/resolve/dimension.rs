//! That the unit of a measure and of an identity is the one declared: units multiply and cancel along the formula.

use super::context::{Context, error};
use super::formula::mentioned;
use super::unit::{Dimension, dimension, multiply, show};
use crate::codes::resolve::{UNIT_MISMATCH, UNIT_SUM};
use crate::model::{Unit, UnitForm};
use crate::syntax::value::{BinaryOp, Formula};
use crate::{Diagnostic, Span, Spanned};
use std::collections::BTreeSet;

/// What a formula's unit is.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// A literal number, which takes the unit of what it is added to.
    Literal,
    /// A unit.
    Known(Dimension),
    /// Aggregates of columns, whose units nobody declared.
    Unknown,
}

/// Makes sure a formula has the unit of its metric; `key` is the field it stands in.
pub(super) fn check(cx: &mut Context<'_>, metric: &str, unit: &Unit, key: &str, formula: &Spanned<Formula>) {
    let Some(Found::Known(found)) = infer(cx, formula) else { return };
    // A score in points is a ratio times a hundred or the like.
    let scaled = unit.form == UnitForm::Points && found.is_empty();
    if found == dimension(unit) || scaled {
        return;
    }
    let (found, declared) = (show(&found), unit.text.clone());
    let message = format!("`{metric}` is declared in {declared}, and its `{key}:` gives {found}");
    let mut diagnostic = error(&UNIT_MISMATCH, formula.span, message).note(format!("this is {found}"));
    if let Some(site) = cx.sites.exact(&format!("metric/{metric}/unit")) {
        diagnostic = diagnostic.label(site, format!("declared as {declared} here"));
    }
    cx.report(with_origins(cx, diagnostic, metric, formula));
}

/// Adds where the units of the metrics named come from.
fn with_origins(cx: &Context<'_>, diagnostic: Diagnostic, but: &str, formula: &Spanned<Formula>) -> Diagnostic {
    let (mut named, mut sources) = (Vec::new(), BTreeSet::new());
    mentioned(formula, &mut named, &mut sources);
    let names: BTreeSet<String> = named.into_iter().map(|(name, _)| name).filter(|name| name != but).collect();
    names.iter().fold(diagnostic, |diagnostic, name| {
        let unit = cx.heads.get(name.as_str()).and_then(|head| head.unit.as_ref());
        match (unit, cx.sites.exact(&format!("metric/{name}/unit"))) {
            (Some(unit), Some(site)) => diagnostic.label(site, format!("`{name}` is in {} by this", unit.text)),
            _ => diagnostic,
        }
    })
}

/// The unit of a formula; `None` where a part of it is wrong and told.
fn infer(cx: &mut Context<'_>, written: &Spanned<Formula>) -> Option<Found> {
    match &written.node {
        Formula::Number(_) => Some(Found::Literal),
        Formula::Name(path) => {
            let name = path.parts.first()?;
            let unit = cx.heads.get(name.as_str()).and_then(|head| head.unit.as_ref());
            Some(if path.parts.len() > 1 {
                Found::Unknown
            } else {
                unit.map_or(Found::Unknown, |unit| Found::Known(dimension(unit)))
            })
        }
        Formula::Aggregate { .. } | Formula::From(..) => Some(Found::Unknown),
        Formula::Where(inner, _)
        | Formula::Over(inner, _)
        | Formula::Ago(inner, _)
        | Formula::Coalesce(inner, _)
        | Formula::Neg(inner) => infer(cx, inner),
        Formula::Binary(op, left, right) => {
            let (one, two) = (infer(cx, left), infer(cx, right));
            binary(cx, *op, (left, one?), (right, two?))
        }
        Formula::Broken => None,
    }
}

fn binary(
    cx: &mut Context<'_>,
    op: BinaryOp,
    (left, one): (&Spanned<Formula>, Found),
    (right, two): (&Spanned<Formula>, Found),
) -> Option<Found> {
    let sign = if op == BinaryOp::Divide { -1 } else { 1 };
    if matches!(op, BinaryOp::Multiply | BinaryOp::Divide) {
        let plain = Dimension::new();
        return Some(match (one, two) {
            (Found::Literal, Found::Literal) => Found::Literal,
            (Found::Unknown, _) | (_, Found::Unknown) => Found::Unknown,
            (Found::Known(one), Found::Literal) => Found::Known(one),
            (Found::Literal, Found::Known(two)) => Found::Known(multiply(&plain, &two, sign)),
            (Found::Known(one), Found::Known(two)) => Found::Known(multiply(&one, &two, sign)),
        });
    }
    match (one, two) {
        (Found::Known(one), Found::Known(two)) if one != two => {
            unlike(cx, op, (left, &one), (right, &two));
            None
        }
        (Found::Literal, other) | (other, Found::Literal) => Some(other),
        (Found::Known(one), _) | (_, Found::Known(one)) => Some(Found::Known(one)),
        (Found::Unknown, Found::Unknown) => Some(Found::Unknown),
    }
}

fn unlike(
    cx: &mut Context<'_>,
    op: BinaryOp,
    (left, one): (&Spanned<Formula>, &Dimension),
    (right, two): (&Spanned<Formula>, &Dimension),
) {
    let (one, two) = (show(one), show(two));
    let message = if op == BinaryOp::Add {
        format!("{one} and {two} cannot be added")
    } else {
        format!("{two} cannot be taken from {one}")
    };
    let span: Span = left.span.to(right.span);
    let mut diagnostic = error(&UNIT_SUM, span, message);
    for (part, unit) in [(left, &one), (right, &two)] {
        diagnostic = diagnostic.label(part.span, format!("this is {unit}"));
    }
    let diagnostic = with_origins(cx, diagnostic, "", left);
    let diagnostic = with_origins(cx, diagnostic, "", right);
    cx.report(diagnostic);
}
