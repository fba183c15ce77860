//! Measures in plain words.

use quarterdeck_lang::model::{Aggregate, Arithmetic, Filter, Formula, Measure, Metric, Query, Window};

/// How a metric is computed, in a sentence; `None` where only the definition itself can say it.
pub(super) fn words(metric: &Metric) -> Option<String> {
    let grain = metric.grain;
    let sentence = match &metric.measure {
        Measure::Aggregate(query) => format!("For each {grain}: {}.", query_words(query)?),
        Measure::Windowed(query, window) => {
            format!("For each {grain}, {}: {}.", window_words(*window), query_words(query)?)
        }
        Measure::Stock { value, source, per, .. } => {
            let rows = match per {
                Some(per) => format!("the latest row of each `{per}`"),
                None => "the rows of the last day that has any".to_owned(),
            };
            format!(
                "The level at the end of each {grain}: the sum of {} over {rows} in `{source}`.",
                value_words(value)?
            )
        }
        Measure::Recorded { column, source, .. } => {
            format!("As `{source}` records it in `{column}`, one value for each {grain}.")
        }
        Measure::Derived(formula) => format!("For each {grain}: {}.", formula_words(formula, 0)?),
        _ => return None,
    };
    Some(sentence)
}

fn window_words(window: Window) -> String {
    match window {
        Window::Trailing(1, grain) => format!("over the {grain} that ends with it"),
        Window::Trailing(count, grain) => format!("over the {count} {grain}s that end with it"),
        Window::ToDate(grain) => format!("from the start of its {grain} to its last day"),
        Window::AllTime => "from the first row to its last day".to_owned(),
    }
}

fn query_words(query: &Query) -> Option<String> {
    let value = arithmetic_words(&query.value, 0)?;
    let rows = if query.filter.is_some() { ", over the rows its conditions keep" } else { "" };
    let time = query.time.as_ref().map(|time| format!(", by `{time}`")).unwrap_or_default();
    Some(format!("{value} in `{}`{rows}{time}", query.source))
}

/// The deepest arithmetic that words can still tell.
const DEEPEST: usize = 4;

fn arithmetic_words(value: &Arithmetic, depth: usize) -> Option<String> {
    let of = |inner: &Arithmetic| arithmetic_words(inner, depth + 1);
    let words = match value {
        _ if depth > DEEPEST => return None,
        Arithmetic::Number(number) => number.to_string(),
        Arithmetic::Aggregate(aggregate) => aggregate_words(aggregate)?,
        Arithmetic::Neg(inner) => format!("minus {}", of(inner)?),
        Arithmetic::Add(a, b) => format!("{} plus {}", of(a)?, of(b)?),
        Arithmetic::Sub(a, b) => format!("{} minus {}", of(a)?, of(b)?),
        Arithmetic::Mul(a, b) => format!("{} times {}", part(of(a)?), part(of(b)?)),
        Arithmetic::Div(a, b) => format!("{} divided by {}", part(of(a)?), part(of(b)?)),
        Arithmetic::Coalesce(inner, other) => format!("{} ({other} where there is none)", of(inner)?),
    };
    Some(words)
}

/// A sum inside a product stands in brackets.
fn part(words: String) -> String {
    if words.contains(" plus ") || words.contains(" minus ") || words.contains(" divided by ") {
        format!("({words})")
    } else {
        words
    }
}

fn aggregate_words(aggregate: &Aggregate) -> Option<String> {
    let words = match aggregate {
        Aggregate::Count => "the number of rows".to_owned(),
        Aggregate::CountDistinct(value) => format!("the number of different {}", value_words(value)?),
        Aggregate::Sum(value) => format!("the sum of {}", value_words(value)?),
        Aggregate::Mean(value) => format!("the mean of {}", value_words(value)?),
        Aggregate::Min(value) => format!("the smallest {}", value_words(value)?),
        Aggregate::Max(value) => format!("the largest {}", value_words(value)?),
        Aggregate::Median(value) => format!("the median of {}", value_words(value)?),
        Aggregate::Percentile(value, at) => format!("the {at}th percentile of {}", value_words(value)?),
        Aggregate::StdDev(value) => format!("the sample standard deviation of {}", value_words(value)?),
    };
    Some(words)
}

fn value_words(value: &Filter) -> Option<String> {
    match value {
        Filter::Column(name) => Some(format!("`{name}`")),
        Filter::Joined { source, column } => Some(format!("`{column}` of `{source}`")),
        _ => None,
    }
}

fn formula_words(formula: &Formula, depth: usize) -> Option<String> {
    let of = |inner: &Formula| formula_words(inner, depth + 1);
    let words = match formula {
        _ if depth > DEEPEST => return None,
        Formula::Number(number) => number.to_string(),
        Formula::Metric(name) => format!("`{name}`"),
        Formula::Query(query) => query_words(query)?,
        Formula::Neg(inner) => format!("minus {}", of(inner)?),
        Formula::Add(a, b) => format!("{} plus {}", of(a)?, of(b)?),
        Formula::Sub(a, b) => format!("{} minus {}", of(a)?, of(b)?),
        Formula::Mul(a, b) => format!("{} times {}", part(of(a)?), part(of(b)?)),
        Formula::Div(a, b) => format!("{} divided by {}", part(of(a)?), part(of(b)?)),
        Formula::Coalesce(inner, other) => format!("{} ({other} where there is none)", of(inner)?),
        Formula::Where(name, _) => format!("`{name}` over the rows its conditions keep"),
        Formula::Over(inner, window) => format!("{} {}", of(inner)?, window_words(*window)),
        _ => return None,
    };
    Some(words)
}
