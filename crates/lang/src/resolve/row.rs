//! Expressions over the columns of one row: conditions and values.
//!
//! The columns of a file are unknown here, so a plain name is taken for one of them; what it is reached through, which
//! segment it names and what kind of value an operator takes is checked.

use super::context::{Context, error};
use super::names::{self, Kind};
use crate::codes::resolve::{CONDITION_EXPECTED, KIND_MISMATCH, NOT_JOINED, SEGMENT_SOURCE, UNIQUE_OUTSIDE};
use crate::model::{Filter, Length, RowOp};
use crate::suggest::nearest;
use crate::syntax::tree::BlockKind;
use crate::syntax::value::{BinaryOp, Condition, Number, Path, Suffix, TimeUnit, Value};
use crate::{Span, Spanned};

/// The rows an expression is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows<'r> {
    /// Their source, by its declared name.
    pub source: &'r str,
    /// Whether `is unique` may stand: in `expect` alone.
    pub expect: bool,
}

impl<'r> Rows<'r> {
    /// The rows of a source.
    pub fn of(source: &'r str) -> Rows<'r> {
        Rows { source, expect: false }
    }
}

/// What kind of value an expression has, as far as the text alone tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Bool,
    Number,
    Text,
    Date,
    Length,
    Unknown,
}

impl Sort {
    fn words(self) -> &'static str {
        match self {
            Sort::Bool => "true or false",
            Sort::Number => "a number",
            Sort::Text => "a text",
            Sort::Date => "a day",
            Sort::Length => "a length of time",
            Sort::Unknown => "a column",
        }
    }
}

/// A condition: an expression that is true or false.
pub(super) fn condition(cx: &mut Context<'_>, written: &Spanned<Condition>, rows: Rows<'_>) -> Option<Filter> {
    let (filter, sort) = expression(cx, written, rows)?;
    truth(cx, written, sort)?;
    Some(filter)
}

/// Any expression.
pub(super) fn value(cx: &mut Context<'_>, written: &Spanned<Condition>, rows: Rows<'_>) -> Option<Filter> {
    Some(expression(cx, written, rows)?.0)
}

/// An expression that is a number.
pub(super) fn number(cx: &mut Context<'_>, written: &Spanned<Condition>, rows: Rows<'_>) -> Option<Filter> {
    let (filter, sort) = expression(cx, written, rows)?;
    same(cx, written.span, sort, Sort::Number)?;
    Some(filter)
}

/// Both, where there are two; the first one first.
pub(super) fn and(first: Option<Filter>, second: Option<Filter>) -> Option<Filter> {
    match (first, second) {
        (Some(first), Some(second)) => Some(Filter::Binary(RowOp::And, Box::new(first), Box::new(second))),
        (first, second) => first.or(second),
    }
}

fn truth(cx: &mut Context<'_>, written: &Spanned<Condition>, sort: Sort) -> Option<()> {
    if matches!(sort, Sort::Bool | Sort::Unknown) {
        return Some(());
    }
    let message = format!("`{}` is {}, and a condition is expected", cx.quote(written.span), sort.words());
    cx.report(error(&CONDITION_EXPECTED, written.span, message).hint("compare it with something: `amount > 0`"));
    None
}

fn expression(cx: &mut Context<'_>, written: &Spanned<Condition>, rows: Rows<'_>) -> Option<(Filter, Sort)> {
    match &written.node {
        Condition::Column(path) => column(cx, path, written.span, rows),
        Condition::Number(number) => Some((Filter::Number(plain(*number)), Sort::Number)),
        Condition::Text(text) => Some((Filter::Text(text.clone()), Sort::Text)),
        Condition::Date(date) => Some((Filter::Date(*date), Sort::Date)),
        Condition::Duration(duration) => {
            let length = match duration.unit {
                TimeUnit::Minute => Length::Minutes(duration.count),
                TimeUnit::Hour => Length::Minutes(duration.count.saturating_mul(60)),
                TimeUnit::Grain(grain) => Length::Grains(duration.count, grain),
            };
            Some((Filter::Length(length), Sort::Length))
        }
        Condition::Bool(truth) => Some((Filter::Bool(*truth), Sort::Bool)),
        Condition::Not(inner) => Some((Filter::Not(Box::new(condition(cx, inner, rows)?)), Sort::Bool)),
        Condition::Neg(inner) => {
            let (filter, sort) = expression(cx, inner, rows)?;
            same(cx, written.span, sort, Sort::Number)?;
            Some((Filter::Neg(Box::new(filter)), Sort::Number))
        }
        Condition::Binary(op, left, right) => binary(cx, *op, left, right, rows),
        Condition::In { value, list, negated } => {
            let (filter, sort) = expression(cx, value, rows)?;
            let mut members = Vec::with_capacity(list.len());
            for member in list {
                let (filter, other) = expression(cx, member, rows)?;
                same(cx, member.span, other, sort)?;
                members.push(filter);
            }
            Some(negate(Filter::In(Box::new(filter), members), *negated))
        }
        Condition::IsNull { value, negated } => {
            let (filter, _) = expression(cx, value, rows)?;
            Some(negate(Filter::IsNull(Box::new(filter)), *negated))
        }
        Condition::Like { value, pattern, negated } => {
            let (filter, sort) = expression(cx, value, rows)?;
            same(cx, value.span, sort, Sort::Text)?;
            Some(negate(Filter::Like(Box::new(filter), pattern.node.clone()), *negated))
        }
        Condition::Between { value, low, high, negated } => {
            let (filter, sort) = expression(cx, value, rows)?;
            let (from, one) = expression(cx, low, rows)?;
            let (to, other) = expression(cx, high, rows)?;
            same(cx, low.span, one, sort)?;
            same(cx, high.span, other, sort)?;
            Some(negate(Filter::Between(Box::new(filter), Box::new(from), Box::new(to)), *negated))
        }
        Condition::InSegment { segment, negated } => Some(negate(in_segment(cx, segment, rows)?, *negated)),
        Condition::IsUnique(inner) => {
            if !rows.expect {
                let message = "`is unique` is about all rows, and a condition is about one";
                cx.report(error(&UNIQUE_OUTSIDE, written.span, message).hint("it belongs under `expect:` of a source"));
                return None;
            }
            let (filter, _) = expression(cx, inner, rows)?;
            Some((Filter::IsUnique(Box::new(filter)), Sort::Bool))
        }
        Condition::Broken => None,
    }
}

/// Percentages are fractions of one.
fn plain(number: Number) -> f64 {
    if number.suffix == Suffix::None { number.value } else { number.value / 100.0 }
}

fn negate(filter: Filter, negated: bool) -> (Filter, Sort) {
    (if negated { Filter::Not(Box::new(filter)) } else { filter }, Sort::Bool)
}

fn binary(
    cx: &mut Context<'_>,
    op: BinaryOp,
    left: &Spanned<Condition>,
    right: &Spanned<Condition>,
    rows: Rows<'_>,
) -> Option<(Filter, Sort)> {
    let (op, logical, comparing) = match op {
        BinaryOp::Or => (RowOp::Or, true, false),
        BinaryOp::And => (RowOp::And, true, false),
        BinaryOp::Equal => (RowOp::Equal, false, true),
        BinaryOp::NotEqual => (RowOp::NotEqual, false, true),
        BinaryOp::Less => (RowOp::Less, false, true),
        BinaryOp::AtMost => (RowOp::AtMost, false, true),
        BinaryOp::More => (RowOp::More, false, true),
        BinaryOp::AtLeast => (RowOp::AtLeast, false, true),
        BinaryOp::Add => (RowOp::Add, false, false),
        BinaryOp::Subtract => (RowOp::Subtract, false, false),
        BinaryOp::Multiply => (RowOp::Multiply, false, false),
        BinaryOp::Divide => (RowOp::Divide, false, false),
    };
    // Both sides are read before either stops, so that each of their mistakes is told.
    let (one, two) = (expression(cx, left, rows), expression(cx, right, rows));
    let ((one, first), (two, second)) = (one?, two?);
    let sort = if logical {
        truth(cx, left, first)?;
        truth(cx, right, second)?;
        Sort::Bool
    } else if comparing {
        same(cx, right.span, second, first)?;
        Sort::Bool
    } else {
        arithmetic(cx, op, (left.span, first), (right.span, second))?
    };
    Some((Filter::Binary(op, Box::new(one), Box::new(two)), sort))
}

/// What arithmetic gives: numbers stay numbers, a day and a length make a day, two days make a length.
fn arithmetic(cx: &mut Context<'_>, op: RowOp, left: (Span, Sort), right: (Span, Sort)) -> Option<Sort> {
    let sum = matches!(op, RowOp::Add | RowOp::Subtract);
    match (left.1, right.1) {
        (Sort::Date, Sort::Length) if sum => return Some(Sort::Date),
        (Sort::Unknown, Sort::Length) if sum => return Some(Sort::Unknown),
        (Sort::Date, Sort::Date | Sort::Unknown) | (Sort::Unknown, Sort::Date) if op == RowOp::Subtract => {
            return Some(Sort::Length);
        }
        (Sort::Length, Sort::Length) if sum => return Some(Sort::Length),
        (Sort::Unknown, Sort::Unknown) => return Some(Sort::Unknown),
        _ => {}
    }
    for (span, sort) in [left, right] {
        same(cx, span, sort, Sort::Number)?;
    }
    Some(Sort::Number)
}

fn same(cx: &mut Context<'_>, span: Span, found: Sort, expected: Sort) -> Option<()> {
    let days = |sort| matches!(sort, Sort::Date | Sort::Length);
    let fits = found == expected || found == Sort::Unknown || expected == Sort::Unknown;
    // A length compared with a number of days, or a day written as a text, is the file's own matter.
    if fits || days(found) && days(expected) || (found, expected) == (Sort::Text, Sort::Date) {
        return Some(());
    }
    if (found, expected) == (Sort::Number, Sort::Length) {
        return Some(());
    }
    let message = format!("`{}` is {}, and {} is expected", cx.quote(span), found.words(), expected.words());
    cx.report(error(&KIND_MISMATCH, span, message));
    None
}

fn column(cx: &mut Context<'_>, path: &Path, span: Span, rows: Rows<'_>) -> Option<(Filter, Sort)> {
    match path.parts.as_slice() {
        [column] => Some((Filter::Column(column.clone()), Sort::Unknown)),
        [source, column] if source == rows.source => Some((Filter::Column(column.clone()), Sort::Unknown)),
        [source, column] => {
            let joins = joins(cx, rows.source);
            if joins.contains(source) {
                cx.need_name(Kind::Source, source);
                let joined = Filter::Joined { source: source.clone(), column: column.clone() };
                return Some((joined, Sort::Unknown));
            }
            not_joined(cx, source, span, rows, &joins);
            None
        }
        _ => {
            let message = format!("`{}` has too many parts for a column", path.parts.join("."));
            cx.report(error(&NOT_JOINED, span, message).hint("write `column`, or `source.column` for a joined source"));
            None
        }
    }
}

/// The sources a source declares joins to.
pub(super) fn joins(cx: &Context<'_>, source: &str) -> Vec<String> {
    let Some(declared) = cx.get(Kind::Source, source) else { return Vec::new() };
    let joined = declared.block.fields().filter_map(|field| match &field.value.node {
        Value::Join { source, .. } => Some(source.node.clone()),
        _ => None,
    });
    joined.collect()
}

fn not_joined(cx: &mut Context<'_>, source: &str, span: Span, rows: Rows<'_>, joins: &[String]) {
    // A join that could not be read may be the one.
    if cx.get(Kind::Source, rows.source).is_some_and(|declared| declared.block.damaged) {
        return;
    }
    let message = format!("the source `{}` joins no `{source}`", rows.source);
    let mut diagnostic = error(&NOT_JOINED, span, message);
    if let Some(near) = nearest(source, joins.iter().map(String::as_str)) {
        let fixed = cx.slice(span).replacen(source, near, 1);
        diagnostic = diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{fixed}`"), span, fixed);
    } else if cx.get(Kind::Source, source).is_some() {
        diagnostic = diagnostic.hint(format!("add `join: {source} on …` to the source `{}`", rows.source));
    }
    if let Some(declared) = cx.get(Kind::Source, rows.source) {
        diagnostic = diagnostic.label(declared.span, format!("`{}` is declared here", rows.source));
    }
    cx.report(diagnostic);
}

fn in_segment(cx: &mut Context<'_>, segment: &Spanned<String>, rows: Rows<'_>) -> Option<Filter> {
    let declared = names::find(cx, Kind::Segment, segment)?;
    let of = declared.block.head.of.as_ref();
    if declared.block.kind.node == BlockKind::Segment && of.is_some_and(|of| of.node != rows.source) {
        let of = of.map(|of| of.node.clone()).unwrap_or_default();
        let message = format!("the segment `{}` is of `{of}`, and these rows are of `{}`", segment.node, rows.source);
        cx.report(
            error(&SEGMENT_SOURCE, segment.span, message)
                .label(declared.span, format!("declared here, of `{of}`"))
                .hint(format!("declare a segment of `{}` with the same condition", rows.source)),
        );
        return None;
    }
    Some(Filter::InSegment(segment.node.clone()))
}
