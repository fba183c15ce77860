//! Formulas over metrics in plain words.

use super::super::document::inline;
use super::condition::condition;
use super::{DEEPEST, journey, length, query_words, rounded, window_words};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Formula;

/// A formula; `None` where it is nested deeper than words can tell.
pub(super) fn words(formula: &Formula, model: &Model, period: &str) -> Option<String> {
    told(formula, model, period, 0)
}

fn told(formula: &Formula, model: &Model, period: &str, depth: usize) -> Option<String> {
    let of = |inner: &Formula| told(inner, model, period, depth + 1);
    // What is made of several parts stands in brackets inside another formula, so that it reads one way only.
    let part = |inner: &Formula| of(inner).map(|words| if is_compound(inner) { format!("({words})") } else { words });
    let words = match formula {
        _ if depth > DEEPEST => return None,
        Formula::Number(number) => rounded(*number).to_string(),
        Formula::Metric(name) => named(name, model),
        Formula::Query(query) => query_words(query, model)?,
        Formula::Journey(journey) => journey::step(journey, period, model),
        Formula::Before => "the value under the old definition".to_owned(),
        Formula::Ago(inner, by) => format!("{} {} earlier", part(inner)?, length(*by)),
        Formula::Where(name, filter) => {
            format!("{}, counting only rows where {}", named(name, model), condition(filter, model))
        }
        Formula::Over(inner, window) => format!("{} {}", part(inner)?, window_words(*window, period)),
        Formula::Neg(inner) => format!("minus {}", part(inner)?),
        Formula::Add(a, b) => format!("{} plus {}", part(a)?, part(b)?),
        Formula::Sub(a, b) => format!("{} minus {}", part(a)?, part(b)?),
        Formula::Mul(a, b) => format!("{} times {}", part(a)?, part(b)?),
        Formula::Div(a, b) => format!("{} divided by {}", part(a)?, part(b)?),
        Formula::Coalesce(inner, other) => format!("{} ({other} where there is none)", part(inner)?),
    };
    Some(words)
}

/// A metric by its label, with the name it has in definitions.
pub(super) fn named(name: &str, model: &Model) -> String {
    match model.metrics.get(name).filter(|metric| metric.label != metric.name) {
        Some(metric) => format!("\u{201c}{}\u{201d} [`{name}`]", inline(&metric.label)),
        None => format!("`{name}`"),
    }
}

/// Whether a formula is told in several words that others could be mixed up with.
fn is_compound(formula: &Formula) -> bool {
    !matches!(formula, Formula::Number(_) | Formula::Metric(_) | Formula::Before | Formula::Coalesce(..))
}
