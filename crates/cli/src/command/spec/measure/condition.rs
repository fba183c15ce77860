//! Conditions and values of rows in plain words.

use super::{length, plural, rounded};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Filter, RowOp};

/// The rows of a source that count: `the rows of orders where status is "paid", dated by paid_at`.
pub(super) fn rows(source: &str, filter: Option<&Filter>, time: Option<&str>, model: &Model) -> String {
    let time = time.map(|time| format!(", dated by `{time}`")).unwrap_or_default();
    let which = filter.map(|filter| format!(" where {}", condition(filter, model))).unwrap_or_default();
    format!("rows of `{source}`{which}{time}")
}

/// A condition: `status is "paid" and amount is more than 0`.
pub(super) fn condition(filter: &Filter, model: &Model) -> String {
    let of = |inner: &Filter| condition(inner, model);
    match filter {
        Filter::Column(_) | Filter::Joined { .. } => format!("{} holds", value(filter)),
        Filter::Bool(true) => "always".to_owned(),
        Filter::Bool(false) => "never".to_owned(),
        Filter::Not(inner) => negated(inner, model),
        Filter::Binary(RowOp::And, a, b) => format!("{} and {}", within_and(a, model), within_and(b, model)),
        Filter::Binary(RowOp::Or, a, b) => format!("{} or {}", of(a), of(b)),
        Filter::Binary(operator, a, b) => format!("{} {} {}", value(a), comparison(*operator, b), value(b)),
        Filter::In(tested, list) => format!("{} is {}", value(tested), one_of(list)),
        Filter::IsNull(inner) => format!("{} is empty", value(inner)),
        Filter::Like(inner, pattern) => format!("{} {}", value(inner), like(pattern)),
        Filter::Between(inner, low, high) => {
            format!("{} lies between {} and {}, both included", value(inner), value(low), value(high))
        }
        Filter::InSegment(name) => segment(name, model),
        Filter::IsUnique(inner) => format!("no two rows share {}", value(inner)),
        Filter::Number(_) | Filter::Text(_) | Filter::Date(_) | Filter::Length(_) | Filter::Neg(_) => value(filter),
    }
}

/// An `or` inside an `and` stands in brackets.
fn within_and(filter: &Filter, model: &Model) -> String {
    let words = condition(filter, model);
    if matches!(filter, Filter::Binary(RowOp::Or, ..)) { format!("({words})") } else { words }
}

fn negated(inner: &Filter, model: &Model) -> String {
    match inner {
        Filter::Column(_) | Filter::Joined { .. } => format!("{} does not hold", value(inner)),
        Filter::IsNull(inner) => format!("{} is not empty", value(inner)),
        Filter::In(tested, list) => match list.as_slice() {
            [only] => format!("{} is not {}", value(tested), value(only)),
            list => format!("{} is none of {}", value(tested), listed(list, "and")),
        },
        Filter::InSegment(name) => format!("it does not belong to the segment `{name}`"),
        Filter::Like(tested, pattern) => format!("it is not so that {} {}", value(tested), like(pattern)),
        inner => format!("it is not so that ({})", condition(inner, model)),
    }
}

/// A segment with the condition it stands for.
fn segment(name: &str, model: &Model) -> String {
    match model.segments.get(name) {
        // A segment of segments is told by name: its own words would go on and on.
        Some(segment) if !names_segment(&segment.filter) => {
            format!("it belongs to the segment `{name}` ({})", condition(&segment.filter, model))
        }
        _ => format!("it belongs to the segment `{name}`"),
    }
}

fn names_segment(filter: &Filter) -> bool {
    matches!(filter, Filter::InSegment(_)) || filter.parts().into_iter().any(names_segment)
}

fn comparison(operator: RowOp, with: &Filter) -> &'static str {
    let is_day = matches!(with, Filter::Date(_));
    match (operator, is_day) {
        (RowOp::Equal, _) => "is",
        (RowOp::NotEqual, _) => "is not",
        (RowOp::Less, false) => "is less than",
        (RowOp::Less, true) => "is before",
        (RowOp::AtMost, false) => "is at most",
        (RowOp::AtMost, true) => "is on or before",
        (RowOp::More, false) => "is more than",
        (RowOp::More, true) => "is after",
        (RowOp::AtLeast, false) => "is at least",
        (RowOp::AtLeast, true) => "is on or after",
        (RowOp::Or, _) => "or",
        (RowOp::And, _) => "and",
        (RowOp::Add, _) => "plus",
        (RowOp::Subtract, _) => "minus",
        (RowOp::Multiply, _) => "times",
        (RowOp::Divide, _) => "divided by",
    }
}

/// A pattern of SQL's as people say it, where it is one they have words for.
fn like(pattern: &str) -> String {
    let plain = |text: &str| !text.contains(['%', '_', '\\']);
    let inner = pattern.trim_matches('%');
    match (pattern.starts_with('%'), pattern.ends_with('%')) {
        _ if !plain(inner) || inner.is_empty() => {
            format!("matches \"{pattern}\" (% stands for any text, _ for any letter)")
        }
        (true, true) => format!("contains \"{inner}\""),
        (false, true) => format!("starts with \"{inner}\""),
        (true, false) => format!("ends with \"{inner}\""),
        (false, false) => format!("is \"{inner}\""),
    }
}

fn one_of(list: &[Filter]) -> String {
    match list {
        [only] => value(only),
        list => format!("one of {}", listed(list, "and")),
    }
}

/// The most values of a list that are told.
const SHOWN: usize = 12;

fn listed(list: &[Filter], join: &str) -> String {
    let mut words: Vec<String> = list.iter().take(SHOWN).map(value).collect();
    let more = list.len().saturating_sub(SHOWN);
    if more > 0 {
        words.push(plural(more as u32, "other"));
    }
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {join} {last}", rest.join(", ")),
        _ => words.join(", "),
    }
}

/// A value of a row: a column, a number, what is computed of them.
pub(super) fn value(filter: &Filter) -> String {
    match filter {
        Filter::Column(name) => format!("`{name}`"),
        Filter::Joined { source, column } => format!("`{column}` of its `{source}`"),
        Filter::Number(number) => rounded(*number).to_string(),
        Filter::Text(text) => format!("\"{text}\""),
        Filter::Date(day) => day.to_string(),
        Filter::Length(of) => length(*of),
        Filter::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Filter::Neg(inner) => format!("minus {}", nested(inner)),
        Filter::Binary(operator @ (RowOp::Add | RowOp::Subtract | RowOp::Multiply | RowOp::Divide), a, b) => {
            format!("{} {} {}", nested(a), comparison(*operator, b), nested(b))
        }
        condition => format!("whether {}", self::condition(condition, &Model::default())),
    }
}

/// Arithmetic inside arithmetic stands in brackets.
pub(super) fn nested(filter: &Filter) -> String {
    let words = value(filter);
    if matches!(filter, Filter::Binary(..) | Filter::Neg(_)) { format!("({words})") } else { words }
}
