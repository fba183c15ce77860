//! Ranges: `A to B` holds 80 % of what may come, `about M (A to B at 95%)` says its middle and its level.

use super::context::{Context, error};
use crate::codes::resolve::{ABOUT_OUTSIDE, RANGE_LEVEL, RANGE_REVERSED, RANGE_SIGN, RANGE_WIDE};
use crate::model::Estimate;
use crate::syntax::value::{Number, Range, Suffix};
use crate::{Edit, Fix, Span, Spanned};

/// How far the upper end of a positive amount may lie over the lower before the middle must be said.
const WIDEST: f64 = 10.0;

/// How a quantity spreads between the ends of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// Normal: a change, which may be negative.
    Normal,
    /// Lognormal: an amount, which is positive.
    Positive,
}

/// From the first number of a range to the last.
pub(super) fn span(range: &Range) -> Option<Span> {
    let mut numbers = numbers(range);
    let first = numbers.next()?.span;
    Some(numbers.fold(first, |all, number| all.to(number.span)))
}

/// The numbers of a range: middle, lower end, upper end.
pub(super) fn numbers(range: &Range) -> impl Iterator<Item = &Spanned<Number>> {
    range.middle.iter().chain(range.ends.iter().flat_map(|(low, high)| [low, high]))
}

/// A number as it is written.
pub(super) fn as_written(value: f64) -> f64 {
    value
}

/// A number of percent or points as a fraction.
pub(super) fn hundredth(value: f64) -> f64 {
    value / 100.0
}

/// The quantity a range means, each of its numbers converted.
pub(super) fn estimate(
    cx: &mut Context<'_>,
    range: &Range,
    convert: fn(f64) -> f64,
    spread: Spread,
) -> Option<Estimate> {
    let value = |number: &Spanned<Number>| convert(number.node.value);
    let level = level(cx, range)?;
    let Some((low_end, high_end)) = &range.ends else {
        let middle = range.middle.as_ref()?;
        return Some(Estimate::point(value(middle)));
    };
    let (low, high) = (value(low_end), value(high_end));
    if low > high {
        let (left, right) = (cx.slice(low_end.span), cx.slice(high_end.span));
        let message = format!("the range runs from {left} down to {right}");
        let edits = vec![
            Edit { span: low_end.span, text: right.to_owned() },
            Edit { span: high_end.span, text: left.to_owned() },
        ];
        let mut diagnostic = error(&RANGE_REVERSED, low_end.span.to(high_end.span), message);
        diagnostic =
            diagnostic.hint("write the lower end first; of negative numbers that is the one further from zero");
        diagnostic.fixes.push(Fix { message: "turn it round".into(), edits });
        cx.report(diagnostic);
        return None;
    }
    if spread == Spread::Positive && low <= 0.0 && low < high {
        let message = format!("the range of an amount starts at {}", cx.slice(low_end.span));
        let hint = "an amount known as a range lies above zero: write the smallest it may well be";
        cx.report(error(&RANGE_SIGN, low_end.span, message).hint(hint));
        return None;
    }
    match &range.middle {
        Some(middle) => about(cx, middle, value(middle), (low, high), level),
        None => {
            if spread == Spread::Positive && high / low > WIDEST {
                wide(cx, low_end, high_end, (low_end.node.value * high_end.node.value).sqrt());
                return None;
            }
            let mid = if spread == Spread::Positive { (low * high).sqrt() } else { f64::midpoint(low, high) };
            Some(Estimate { low, mid, high, level, from_range: low < high })
        }
    }
}

fn about(cx: &mut Context<'_>, middle: &Spanned<Number>, mid: f64, ends: (f64, f64), level: f64) -> Option<Estimate> {
    let (low, high) = ends;
    if low <= mid && mid <= high && low < high {
        return Some(Estimate { low, mid, high, level, from_range: false });
    }
    let message = format!("about {} lies outside its own range", cx.slice(middle.span));
    cx.report(error(&ABOUT_OUTSIDE, middle.span, message).hint("the middle stands between the two ends"));
    None
}

fn wide(cx: &mut Context<'_>, low: &Spanned<Number>, high: &Spanned<Number>, middle: f64) {
    let (left, right) = (cx.slice(low.span), cx.slice(high.span));
    let message = format!("{right} is more than {WIDEST} times {left}");
    let span = low.span.to(high.span);
    let middle = round(middle);
    let text = format!("about {middle} ({left} to {right})");
    cx.report(
        error(&RANGE_WIDE, span, message)
            .note("where is its middle?")
            .hint("so wide a range says little of the value you expect: give the middle as well, with `about`")
            .fix("say the middle (this one is the geometric mean)", span, text),
    );
}

/// Two significant digits are enough for a suggestion.
fn round(value: f64) -> String {
    let mut step = 1.0;
    while value / step >= 100.0 && step < 1e15 {
        step *= 10.0;
    }
    format!("{}", (value / step).round() * step)
}

/// The chance the ends enclose; 0.8 where unsaid.
fn level(cx: &mut Context<'_>, range: &Range) -> Option<f64> {
    let Some(level) = &range.level else { return Some(0.8) };
    let percent = level.node.value;
    if level.node.suffix != Suffix::Points && percent > 0.0 && percent < 100.0 {
        return Some(percent / 100.0);
    }
    let message = format!("a range cannot hold with a chance of {}", cx.slice(level.span));
    cx.report(error(&RANGE_LEVEL, level.span, message).hint("write a chance between 0% and 100%, such as `at 95%`"));
    None
}
