//! What kind of quantity a metric is: a flow adds up over time, a share lies between 0 and 1, all else is a level.

use crate::tree::parts;
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::Nature;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Aggregate, Arithmetic, Formula, Measure, Metric, Reads};

/// Identities nest hardly deeper than this; a model that does is not followed further.
const DEEPEST: usize = 32;

/// The nature of a metric. `weighted` says that its history has denominators.
pub fn of(model: &Model, metric: &Metric, weighted: bool) -> Nature {
    if metric.unit.is_share() {
        return Nature::Share;
    }
    if metric.reads == Reads::Total || (!weighted && is_flow(model, metric, 0)) { Nature::Flow } else { Nature::Level }
}

/// The period whose average the whole of a derived flow is: where a part of its formula is a level read as an average per
/// period, its flows stand on such periods too. Orders over an average week's customers are orders of an average week; their
/// total over a quarter would be thirteen times too much.
pub fn footing(model: &Model, metric: &Metric) -> Option<Grain> {
    let Measure::Derived(formula) = &metric.measure else { return None };
    let grounds = parts(formula).into_iter().filter_map(|part| {
        let part = model.metrics.get(&part)?;
        match part.reads {
            Reads::Average(each) if !is_flow(model, part, 0) => Some(each),
            _ => None,
        }
    });
    grounds.min()
}

/// Whether the number of an unfinished period says where a level stands now: that of a stock or a window does. What only
/// begins to be counted when the period does (people seen in it, its highest value, its median) does not: on a Tuesday a
/// week's customers are not half gone.
pub fn is_reading(metric: &Metric) -> bool {
    !matches!(metric.measure, Measure::Aggregate(_))
}

/// Whether a metric counts different things, each once however often it comes in the period.
pub fn is_distinct(metric: &Metric) -> bool {
    match &metric.measure {
        Measure::Aggregate(query) => counts_distinct(&query.value),
        _ => false,
    }
}

fn counts_distinct(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Aggregate(aggregate) => matches!(aggregate, Aggregate::CountDistinct(_)),
        Arithmetic::Coalesce(inner, _) => counts_distinct(inner),
        Arithmetic::Mul(a, b) => (counts_distinct(a) && is_number(b)) || (is_number(a) && counts_distinct(b)),
        Arithmetic::Div(a, b) => counts_distinct(a) && is_number(b),
        Arithmetic::Number(_) | Arithmetic::Neg(_) | Arithmetic::Add(..) | Arithmetic::Sub(..) => false,
    }
}

fn is_flow(model: &Model, metric: &Metric, depth: usize) -> bool {
    if metric.unit.is_share() || depth > DEEPEST {
        return false;
    }
    match &metric.measure {
        Measure::Aggregate(query) => adds_up(&query.value),
        Measure::Derived(formula) => flows(model, formula, depth + 1),
        // What somebody else computed adds up where its quarter is a total, or an average per longer period than its own.
        Measure::Recorded { .. } => match metric.reads {
            Reads::Total => true,
            Reads::Average(grain) => grain > metric.grain,
            _ => false,
        },
        Measure::Journey(journey) => journey.is_count(),
        Measure::Windowed(..) | Measure::Stock { .. } => false,
    }
}

/// Whether aggregates of two halves of a period add up to that of the whole.
fn adds_up(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Aggregate(aggregate) => matches!(aggregate, Aggregate::Count | Aggregate::Sum(_)),
        Arithmetic::Number(_) => false,
        Arithmetic::Neg(inner) | Arithmetic::Coalesce(inner, _) => adds_up(inner),
        Arithmetic::Add(a, b) | Arithmetic::Sub(a, b) => adds_up(a) && adds_up(b),
        Arithmetic::Mul(a, b) => (adds_up(a) && is_number(b)) || (is_number(a) && adds_up(b)),
        Arithmetic::Div(a, b) => adds_up(a) && is_number(b),
    }
}

fn is_number(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Number(_) => true,
        Arithmetic::Neg(inner) => is_number(inner),
        _ => false,
    }
}

/// Whether a formula over metrics adds up: a flow times anything that is not one, or over it, stays a flow.
fn flows(model: &Model, formula: &Formula, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let next = |inner: &Formula| flows(model, inner, depth + 1);
    match formula {
        Formula::Metric(name) | Formula::Where(name, _) => {
            model.metrics.get(name).is_some_and(|metric| is_flow(model, metric, depth + 1))
        }
        Formula::Query(query) => adds_up(&query.value),
        Formula::Ago(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => next(inner),
        Formula::Add(a, b) | Formula::Sub(a, b) => next(a) && next(b),
        Formula::Mul(a, b) => next(a) != next(b),
        Formula::Div(a, b) => next(a) && !next(b),
        Formula::Number(_) | Formula::Journey(_) | Formula::Before | Formula::Over(..) => false,
    }
}
