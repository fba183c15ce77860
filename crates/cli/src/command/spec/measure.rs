//! Measures in plain words: sentences that somebody who reads no code can check against what they believe is counted.

mod condition;
mod formula;
mod journey;

use condition::{nested, rows};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Aggregate, Arithmetic, Empty, Formula, Length, Measure, Metric, Query, Reads, Window};

/// The deepest formula that words can still tell.
const DEEPEST: usize = 8;

/// How a metric is computed, one sentence a line; empty where only the definition itself can say it.
pub(super) fn words(metric: &Metric, model: &Model) -> Vec<String> {
    let grain = metric.grain;
    let first = match &metric.measure {
        Measure::Aggregate(query) => query_words(query, model).map(|query| format!("For each {grain}: {query}.")),
        Measure::Windowed(query, window) => query_words(query, model)
            .map(|query| format!("For each {grain}, {}: {query}.", window_words(*window, grain.word()))),
        Measure::Stock { value: summed, source, filter, time, per } => Some(stock(
            grain.word(),
            &nested(summed),
            &rows(source, filter.as_ref(), time.as_deref(), model),
            per.as_deref(),
        )),
        Measure::Recorded { column, source, filter, scale } => {
            let rows = rows(source, filter.as_ref(), None, model);
            let scale = if *scale == 1.0 { String::new() } else { format!(", times {scale}") };
            Some(format!(
                "For each {grain}: what somebody else computed and wrote down as `{column}` in {rows}{scale}."
            ))
        }
        Measure::Derived(formula) => {
            formula::words(formula, model, grain.word()).map(|formula| format!("For each {grain}: {formula}."))
        }
        Measure::Journey(journey) => Some(journey::words(journey, grain.word(), model)),
    };
    let Some(first) = first else { return Vec::new() };
    let mut sentences = vec![first];
    if let Measure::Journey(journey) = &metric.measure {
        sentences.push(journey::incomplete(journey));
    }
    if let Some((low, high)) = metric.clip {
        let (low, high) = (rounded(low * 100.0), rounded(high * 100.0));
        sentences.push(format!(
            "Values of rows below the {} or above the {} percentile are pulled in to it first.",
            ordinal(low),
            ordinal(high)
        ));
    }
    sentences.extend(empty(metric));
    sentences.extend(whole(metric));
    if let Some(identity) = metric.equals.as_ref().and_then(|formula| formula::words(formula, model, grain.word())) {
        sentences.push(format!("It is stated to equal {identity}; what the data leaves over is checked and reported."));
    }
    sentences
}

fn stock(grain: &str, summed: &str, rows: &str, per: Option<&str>) -> String {
    match per {
        Some(per) => format!(
            "The level at the end of each {grain}: {summed} of the latest row of each `{per}` up to that day, added up, from {rows}."
        ),
        None => format!(
            "The level at the end of each {grain}: {summed}, added up over the rows of the last day up to it that has any, from {rows}."
        ),
    }
}

/// What a period without rows is.
fn empty(metric: &Metric) -> Option<String> {
    let grain = metric.grain;
    let counts = matches!(&metric.measure, Measure::Aggregate(_) | Measure::Windowed(..));
    match metric.empty {
        Empty::Zero if counts => {
            Some(format!("A {grain} that the source covers and that has no such rows counts as 0."))
        }
        Empty::Gap if counts => Some(format!("A {grain} without such rows has no value.")),
        _ => None,
    }
}

/// How a longer period is computed, where that is no sum and no average of shorter ones.
fn whole(metric: &Metric) -> Option<String> {
    if metric.reads != Reads::Whole {
        return None;
    }
    Some(
        match &metric.measure {
            Measure::Journey(_) => "For a quarter the days are added up first and divided then.",
            Measure::Aggregate(query) if is_quotient(&query.value) => {
                "For a quarter each part is computed over the whole quarter first, and they are divided then: \
                 no average of ratios is taken."
            }
            Measure::Derived(Formula::Div(..)) => {
                "For a quarter each part is computed over the whole quarter first, and they are divided then: \
                 no average of ratios is taken."
            }
            Measure::Aggregate(_) => "For a quarter it is computed afresh over all rows of the quarter.",
            _ => "For a quarter each part is computed over the whole quarter first.",
        }
        .to_owned(),
    )
}

fn is_quotient(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Div(..) => true,
        Arithmetic::Mul(a, b) | Arithmetic::Sub(a, b) | Arithmetic::Add(a, b) => is_quotient(a) || is_quotient(b),
        Arithmetic::Neg(inner) | Arithmetic::Coalesce(inner, _) => is_quotient(inner),
        Arithmetic::Number(_) | Arithmetic::Aggregate(_) => false,
    }
}

/// The days a window holds, seen from a period.
fn window_words(window: Window, period: &str) -> String {
    match window {
        Window::Trailing(1, grain) => format!("over the {grain} that ends with the {period}'s last day"),
        Window::Trailing(count, grain) => format!("over the {count} {grain}s that end with the {period}'s last day"),
        Window::ToDate(grain) => format!("from the first day of its {grain} to the {period}'s last day"),
        Window::AllTime => format!("from the very first row to the {period}'s last day"),
    }
}

/// Aggregates over rows: `the sum of x divided by the number of rows, of the rows of orders where …`.
fn query_words(query: &Query, model: &Model) -> Option<String> {
    let value = arithmetic_words(&query.value, 0)?;
    let rows = rows(&query.source, query.filter.as_ref(), query.time.as_deref(), model);
    Some(match &query.value {
        Arithmetic::Aggregate(Aggregate::Count) => format!("the number of {rows}"),
        Arithmetic::Aggregate(_) => format!("{value}, over {rows}"),
        _ => format!("{value}, all over {rows}"),
    })
}

fn arithmetic_words(arithmetic: &Arithmetic, depth: usize) -> Option<String> {
    let of = |inner: &Arithmetic| arithmetic_words(inner, depth + 1);
    let part =
        |inner: &Arithmetic| of(inner).map(|words| if is_compound(inner) { format!("({words})") } else { words });
    let words = match arithmetic {
        _ if depth > DEEPEST => return None,
        Arithmetic::Number(number) => rounded(*number).to_string(),
        Arithmetic::Aggregate(aggregate) => aggregate_words(aggregate),
        Arithmetic::Neg(inner) => format!("minus {}", part(inner)?),
        Arithmetic::Add(a, b) => format!("{} plus {}", part(a)?, part(b)?),
        Arithmetic::Sub(a, b) => format!("{} minus {}", part(a)?, part(b)?),
        Arithmetic::Mul(a, b) => format!("{} times {}", part(a)?, part(b)?),
        Arithmetic::Div(a, b) => format!("{} divided by {}", part(a)?, part(b)?),
        Arithmetic::Coalesce(inner, other) => format!("{} ({other} where there is none)", part(inner)?),
    };
    Some(words)
}

/// Whether arithmetic stands in brackets inside other arithmetic, so that it reads one way only.
fn is_compound(arithmetic: &Arithmetic) -> bool {
    !matches!(arithmetic, Arithmetic::Number(_) | Arithmetic::Aggregate(_) | Arithmetic::Coalesce(..))
}

fn aggregate_words(aggregate: &Aggregate) -> String {
    match aggregate {
        Aggregate::Count => "the number of rows".to_owned(),
        Aggregate::CountDistinct(of) => format!("the number of different values of {}", nested(of)),
        Aggregate::Sum(of) => format!("the sum of {}", nested(of)),
        Aggregate::Mean(of) => format!("the mean of {}", nested(of)),
        Aggregate::Min(of) => format!("the smallest value of {}", nested(of)),
        Aggregate::Max(of) => format!("the largest value of {}", nested(of)),
        Aggregate::Median(of) => format!("the median of {} (half of the rows lie below it)", nested(of)),
        Aggregate::Percentile(of, at) => {
            format!("the {} percentile of {} ({} of 100 rows lie below it)", ordinal(*at), nested(of), rounded(*at))
        }
        Aggregate::StdDev(of) => format!("the sample standard deviation of {}", nested(of)),
    }
}

/// `1st`, `95th`, `99.9th`.
fn ordinal(number: f64) -> String {
    let text = rounded(number).to_string();
    let teen = ["11", "12", "13"].iter().any(|teen| text.ends_with(teen));
    let ending = match text.chars().last() {
        Some('1') if !teen => "st",
        Some('2') if !teen => "nd",
        Some('3') if !teen => "rd",
        _ => "th",
    };
    format!("{text}{ending}")
}

/// What arithmetic adds to a number that was written with few digits is no part of it.
fn rounded(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// A length of time: `1 day`, `28 days`, `90 minutes`.
fn length(length: Length) -> String {
    match length {
        Length::Minutes(1) => "1 minute".to_owned(),
        Length::Minutes(count) if count % 60 == 0 => plural(count / 60, "hour"),
        Length::Minutes(count) => plural(count, "minute"),
        Length::Grains(count, grain) => plural(count, grain.word()),
    }
}

fn plural(count: u32, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A column's name.
fn column(name: &str) -> String {
    format!("`{name}`")
}
