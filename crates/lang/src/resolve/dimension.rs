//! That the unit of a measure and of an identity is the one declared: units multiply and cancel along the formula.

use super::context::{Context, error};
use super::formula::{mentioned, plain};
use super::unit::{Dimension, dimension, multiply, show};
use crate::codes::resolve::{UNIT_MISMATCH, UNIT_SUM};
use crate::model::{Unit, UnitForm};
use crate::syntax::value::{AggregateFunction, BinaryOp, Formula, Number, Suffix};
use crate::{Diagnostic, Span, Spanned};
use std::collections::BTreeSet;

/// What a formula's unit is.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// A literal number, which takes the unit of what it is added to.
    Literal,
    /// A unit.
    Known(Dimension),
    /// How many rows or different values there are: some amount.
    Count,
    /// Aggregates of columns, whose units nobody declared.
    Unknown,
}

/// Makes sure a formula has the unit of its metric; `key` is the field it stands in.
pub(super) fn check(cx: &mut Context<'_>, metric: &str, unit: &Unit, key: &str, formula: &Spanned<Formula>) {
    let found = match infer(cx, formula) {
        Some(Found::Known(found)) => found,
        Some(Found::Count) if unit.is_share() => return counted(cx, metric, key, formula),
        _ => return,
    };
    // A score in points is a ratio times a hundred or the like.
    let scaled = unit.form == UnitForm::Points && found.is_empty();
    if found == dimension(unit) || scaled {
        return;
    }
    let (found, declared) = (show(&found), unit.text.clone());
    let message = format!("`{metric}` is declared in {declared}, and its `{key}:` gives {found}");
    let mut diagnostic = error(&UNIT_MISMATCH, formula.span, message).note(format!("this is {found}"));
    if let Some(site) = cx.unit_site(metric) {
        diagnostic = diagnostic.label(site, format!("declared as {declared} here"));
    }
    let diagnostic = diagnostic.hint(format!("declare `unit: {found}` if that is meant, or change what is computed"));
    cx.report(with_origins(cx, diagnostic, metric, formula));
}

/// A share that counts: no number of rows lies between 0 and 1.
fn counted(cx: &mut Context<'_>, metric: &str, key: &str, formula: &Spanned<Formula>) {
    let message = format!("`{metric}` is declared a share, and its `{key}:` counts");
    let mut diagnostic = error(&UNIT_MISMATCH, formula.span, message)
        .note("this is a count")
        .hint("divide it by what it is a share of, or declare what it counts");
    if let Some(site) = cx.unit_site(metric) {
        diagnostic = diagnostic.label(site, "declared a share here");
    }
    cx.report(diagnostic);
}

/// Adds where the units of the metrics named come from.
fn with_origins(cx: &Context<'_>, diagnostic: Diagnostic, but: &str, formula: &Spanned<Formula>) -> Diagnostic {
    let (mut named, mut sources) = (Vec::new(), BTreeSet::new());
    mentioned(formula, &mut named, &mut sources);
    let names: BTreeSet<&str> = named.into_iter().map(|(name, _)| name).filter(|name| *name != but).collect();
    names.iter().fold(diagnostic, |diagnostic, name| {
        let unit = cx.head(name).and_then(|head| head.unit.as_ref());
        match (unit, cx.unit_site(name)) {
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
            let unit = cx.head(name).and_then(|head| head.unit.as_ref());
            Some(if path.parts.len() > 1 {
                Found::Unknown
            } else {
                unit.map_or(Found::Unknown, |unit| Found::Known(dimension(unit)))
            })
        }
        Formula::Aggregate { function: AggregateFunction::Count | AggregateFunction::CountDistinct, .. } => {
            Some(Found::Count)
        }
        Formula::Aggregate { .. } => Some(Found::Unknown),
        Formula::From(inner, _)
        | Formula::Where(inner, _)
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
        return Some(match (one, two) {
            (Found::Literal, Found::Literal) => Found::Literal,
            (Found::Known(one), Found::Known(two)) => Found::Known(multiply(&one, &two, sign)),
            (Found::Known(one), Found::Literal) if scales(right) => Found::Known(one),
            (Found::Literal, Found::Known(two)) if scales(left) => {
                Found::Known(multiply(&Dimension::new(), &two, sign))
            }
            // Any other constant may carry a unit of its own: 25 is the price in `orders * 25`.
            _ => Found::Unknown,
        });
    }
    match (one, two) {
        (Found::Known(one), Found::Known(two)) if one != two => {
            unlike(cx, op, (left, &one), (right, &two));
            None
        }
        (Found::Literal, other) | (other, Found::Literal) => Some(other),
        (Found::Known(one), _) | (_, Found::Known(one)) => Some(Found::Known(one)),
        (Found::Count, Found::Count) => Some(Found::Count),
        _ => Some(Found::Unknown),
    }
}

/// Whether a constant only moves the decimal point: 1, 100, 0.001.
fn scales(constant: &Spanned<Formula>) -> bool {
    const POWERS: [f64; 9] = [1.0, 10.0, 100.0, 1e3, 1e6, 1e9, 0.1, 0.01, 0.001];
    matches!(&constant.node, Formula::Number(number) if POWERS.contains(&plain(*number)))
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
    let hint = "only like things add up: multiply or divide one of them until both count the same";
    let mut diagnostic = error(&UNIT_SUM, span, message).hint(hint);
    for (part, unit) in [(left, &one), (right, &two)] {
        diagnostic = diagnostic.label(part.span, format!("this is {unit}"));
    }
    let diagnostic = with_origins(cx, diagnostic, "", left);
    let diagnostic = with_origins(cx, diagnostic, "", right);
    cx.report(diagnostic);
}

/// The 100 that a quotient is multiplied by, with what is to be taken out to be rid of it: `100 * a / b`, `a / b * 100`.
pub(super) fn times_hundred(written: &Spanned<Formula>) -> Option<(Span, Span)> {
    let plain_hundred = Number { value: 100.0, suffix: Suffix::None };
    let hundred = |side: &Spanned<Formula>| side.node == Formula::Number(plain_hundred);
    match &written.node {
        Formula::Binary(BinaryOp::Multiply, left, right) if hundred(left) => {
            Some((left.span, Span { end: right.span.start, ..left.span }))
        }
        Formula::Binary(BinaryOp::Multiply, left, right) if hundred(right) => {
            Some((right.span, Span { start: left.span.end, ..right.span }))
        }
        Formula::Binary(BinaryOp::Multiply, left, right) => times_hundred(left).or_else(|| times_hundred(right)),
        Formula::Binary(BinaryOp::Divide, left, _) => times_hundred(left),
        _ => None,
    }
}
