//! What a metric leaves unsaid: how its quarter reads, what an empty period is, in which range its values lie.

use crate::model::{Aggregate, Arithmetic, Empty, Formula, Measure, Metric, Query, Reads, Unit, UnitForm};
use std::collections::{BTreeMap, BTreeSet, HashSet};

type Metrics = BTreeMap<String, Metric>;

/// What a metric said itself, where it said anything.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    pub reads: Option<Reads>,
    pub bounds: Option<(f64, f64)>,
    pub empty: Option<Empty>,
}

/// What is filled in: how its quarter reads, its bounds, what an empty period is.
pub(super) type Settled = (Reads, (Option<f64>, Option<f64>), Empty);

/// What is filled in of a metric.
pub(super) fn settled(metric: &Metric) -> Settled {
    (metric.reads, metric.bounds, metric.empty)
}

/// Fills in `reads`, `empty` and `bounds` of a metric; those of the metrics it is made of are settled.
pub(super) fn settle(metric: &Metric, said: Said, metrics: &BTreeMap<String, Metric>) -> Settled {
    let bounds = match said.bounds {
        Some((low, high)) => (Some(low), Some(high)),
        None => bounds(&metric.measure, &metric.unit, metrics),
    };
    let reads = said.reads.unwrap_or_else(|| reads(&metric.measure, &metric.unit, metrics));
    (reads, bounds, said.empty.unwrap_or_else(|| empty(&metric.measure)))
}

/// These metrics, each after those of them that it is made of, with a stack of its own so that no chain is too long.
/// Measures must not go in circles.
pub(crate) fn inputs_first<'n>(metrics: &'n BTreeMap<String, Metric>, of: &BTreeSet<&'n str>) -> Vec<&'n str> {
    let (mut done, mut order) = (HashSet::with_capacity(of.len()), Vec::with_capacity(of.len()));
    for start in of {
        let mut open = vec![(*start, false)];
        while let Some((name, ready)) = open.pop() {
            if done.contains(name) {
                continue;
            }
            if ready {
                done.insert(name);
                order.push(name);
                continue;
            }
            let Some(metric) = metrics.get(name) else { continue };
            open.push((name, true));
            let inputs = inputs(&metric.measure).into_iter().filter(|input| of.contains(input));
            open.extend(inputs.map(|input| (input, false)));
        }
    }
    order
}

/// The metrics a measure is computed from.
pub(crate) fn inputs(measure: &Measure) -> Vec<&str> {
    let mut names = Vec::new();
    if let Measure::Derived(formula) = measure {
        metrics_in(formula, &mut names);
    }
    names
}

/// The metrics a formula names.
pub(crate) fn metrics_in<'f>(formula: &'f Formula, names: &mut Vec<&'f str>) {
    match formula {
        Formula::Metric(name) | Formula::Where(name, _) => names.push(name),
        Formula::Number(_) | Formula::Query(_) | Formula::Journey(_) | Formula::Before => {}
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            metrics_in(inner, names);
        }
        Formula::Add(left, right)
        | Formula::Sub(left, right)
        | Formula::Mul(left, right)
        | Formula::Div(left, right) => {
            metrics_in(left, names);
            metrics_in(right, names);
        }
    }
}

fn reads(measure: &Measure, unit: &Unit, metrics: &Metrics) -> Reads {
    if matches!(unit.form, UnitForm::Share | UnitForm::Ratio) {
        return match measure {
            Measure::Windowed(..) | Measure::Stock { .. } => Reads::Last,
            _ => Reads::Whole,
        };
    }
    match measure {
        Measure::Aggregate(query) => reads_of(&query.value).unwrap_or(Reads::Whole),
        Measure::Windowed(..) | Measure::Stock { .. } | Measure::Recorded { .. } => Reads::Last,
        Measure::Derived(formula) => reads_of_formula(formula, metrics).unwrap_or(Reads::Whole),
        // A conversion counted and not rated is a flow of entries.
        Measure::Journey(journey) if journey.is_count() => Reads::Total,
        Measure::Journey(_) => Reads::Whole,
    }
}

/// What a quarter of aggregates is; `None` for a plain number, which takes whatever the rest is.
fn reads_of(value: &Arithmetic) -> Option<Reads> {
    match value {
        Arithmetic::Number(_) => None,
        Arithmetic::Aggregate(Aggregate::Count | Aggregate::Sum(_)) => Some(Reads::Total),
        Arithmetic::Aggregate(Aggregate::Min(_)) => Some(Reads::Min),
        Arithmetic::Aggregate(Aggregate::Max(_)) => Some(Reads::Max),
        Arithmetic::Aggregate(_) => Some(Reads::Whole),
        Arithmetic::Neg(inner) | Arithmetic::Coalesce(inner, _) => only_total(reads_of(inner)),
        Arithmetic::Add(left, right) | Arithmetic::Sub(left, right) => both(reads_of(left), reads_of(right)),
        Arithmetic::Mul(left, right) => scaled(reads_of(left), reads_of(right)),
        Arithmetic::Div(left, right) => divided(reads_of(left), reads_of(right)),
    }
}

fn reads_of_formula(formula: &Formula, metrics: &Metrics) -> Option<Reads> {
    let of = |inner: &Formula| reads_of_formula(inner, metrics);
    match formula {
        Formula::Number(_) | Formula::Before => None,
        Formula::Metric(name) | Formula::Where(name, _) => {
            Some(metrics.get(name).map_or(Reads::Whole, |metric| metric.reads))
        }
        Formula::Query(query) => reads_of(&query.value),
        Formula::Journey(_) => Some(Reads::Whole),
        Formula::Over(..) => Some(Reads::Last),
        Formula::Ago(inner, _) => of(inner),
        Formula::Neg(inner) | Formula::Coalesce(inner, _) => only_total(of(inner)),
        Formula::Add(left, right) | Formula::Sub(left, right) => both(of(left), of(right)),
        Formula::Mul(left, right) => scaled(of(left), of(right)),
        Formula::Div(left, right) => divided(of(left), of(right)),
    }
}

/// A reading that sums and multiples keep; others would turn round or lose their meaning.
fn only_total(reads: Option<Reads>) -> Option<Reads> {
    match reads? {
        Reads::Min | Reads::Max => Some(Reads::Whole),
        kept => Some(kept),
    }
}

/// A sum: what both sides read, if they read alike. A constant added to each period is not a flow's own.
fn both(left: Option<Reads>, right: Option<Reads>) -> Option<Reads> {
    match (left, right) {
        (None, None) => None,
        (Some(left), Some(right)) if left == right => only_total(Some(left)),
        (Some(Reads::Last), None) | (None, Some(Reads::Last)) => Some(Reads::Last),
        _ => Some(Reads::Whole),
    }
}

fn scaled(left: Option<Reads>, right: Option<Reads>) -> Option<Reads> {
    match (left, right) {
        (None, None) => None,
        (Some(reads), None) | (None, Some(reads)) => only_total(Some(reads)),
        (Some(Reads::Last), Some(Reads::Last)) => Some(Reads::Last),
        _ => Some(Reads::Whole),
    }
}

fn divided(left: Option<Reads>, right: Option<Reads>) -> Option<Reads> {
    match (left, right) {
        (None, Some(_)) => Some(Reads::Whole),
        (left, right) => scaled(left, right),
    }
}

fn empty(measure: &Measure) -> Empty {
    let zero = match measure {
        Measure::Aggregate(query) | Measure::Windowed(query, _) => adds_up(&query.value),
        Measure::Journey(journey) => journey.is_count(),
        _ => false,
    };
    if zero { Empty::Zero } else { Empty::Gap }
}

/// Whether it is made of counts and sums alone, without a division.
fn adds_up(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Number(_) => true,
        Arithmetic::Aggregate(Aggregate::Count | Aggregate::CountDistinct(_) | Aggregate::Sum(_)) => true,
        Arithmetic::Aggregate(_) | Arithmetic::Coalesce(..) => false,
        Arithmetic::Neg(inner) => adds_up(inner),
        Arithmetic::Add(left, right) | Arithmetic::Sub(left, right) | Arithmetic::Mul(left, right) => {
            adds_up(left) && adds_up(right)
        }
        Arithmetic::Div(left, right) => adds_up(left) && matches!(**right, Arithmetic::Number(_)),
    }
}

fn bounds(measure: &Measure, unit: &Unit, metrics: &Metrics) -> (Option<f64>, Option<f64>) {
    if unit.form == UnitForm::Share {
        return (Some(0.0), Some(1.0));
    }
    let never_negative = match measure {
        Measure::Aggregate(query) | Measure::Windowed(query, _) => counts(query),
        Measure::Derived(formula) => formula_counts(formula, metrics),
        Measure::Journey(_) => true,
        Measure::Stock { .. } | Measure::Recorded { .. } => false,
    };
    (never_negative.then_some(0.0), None)
}

fn counts(query: &Query) -> bool {
    not_negative(&query.value)
}

/// Whether it cannot be negative, whatever the rows hold: counts, and what adds, multiplies and divides them.
fn not_negative(value: &Arithmetic) -> bool {
    match value {
        Arithmetic::Number(number) => *number >= 0.0,
        Arithmetic::Aggregate(Aggregate::Count | Aggregate::CountDistinct(_) | Aggregate::StdDev(_)) => true,
        Arithmetic::Aggregate(_) | Arithmetic::Neg(_) | Arithmetic::Sub(..) => false,
        Arithmetic::Coalesce(inner, otherwise) => *otherwise >= 0.0 && not_negative(inner),
        Arithmetic::Add(left, right) | Arithmetic::Mul(left, right) | Arithmetic::Div(left, right) => {
            not_negative(left) && not_negative(right)
        }
    }
}

fn formula_counts(formula: &Formula, metrics: &Metrics) -> bool {
    let of = |inner: &Formula| formula_counts(inner, metrics);
    match formula {
        Formula::Number(number) => *number >= 0.0,
        Formula::Metric(name) | Formula::Where(name, _) => {
            metrics.get(name).and_then(|metric| metric.bounds.0).is_some_and(|low| low >= 0.0)
        }
        Formula::Query(query) => counts(query),
        Formula::Journey(_) => true,
        Formula::Before | Formula::Neg(_) | Formula::Sub(..) => false,
        Formula::Ago(inner, _) | Formula::Over(inner, _) => of(inner),
        Formula::Coalesce(inner, otherwise) => *otherwise >= 0.0 && of(inner),
        Formula::Add(left, right) | Formula::Mul(left, right) | Formula::Div(left, right) => of(left) && of(right),
    }
}
