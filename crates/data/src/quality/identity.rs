//! Identities: both sides of `equals:` period by period.

use super::{Finding, Promise};
use crate::load::Observed;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::{Formula, Metric};
use std::collections::BTreeMap;

/// The largest difference, as a fraction of the value, that passes as the same.
const SAME: f64 = 1e-3;

/// Compares a metric with what it is said to be made of, in every complete period both sides have.
pub fn check(metric: &Metric, known: &BTreeMap<String, Observed>) -> Option<Finding> {
    let formula = metric.equals.as_ref()?;
    let observed = known.get(&metric.name)?;
    let (mut compared, mut off) = (0, 0);
    let mut worst: Option<(NaiveDate, f64, f64, f64)> = None;
    for point in observed.points.iter().filter(|point| point.complete) {
        let (Some(value), Some(computed)) = (point.value, value_of(formula, point.period, known)) else { continue };
        compared += 1;
        let gap = (value - computed).abs() / value.abs().max(computed.abs()).max(f64::MIN_POSITIVE);
        if gap <= SAME {
            continue;
        }
        off += 1;
        if worst.is_none_or(|(.., before)| gap > before) {
            worst = Some((point.start, value, computed, gap));
        }
    }
    let (start, value, computed, _) = worst?;
    let name = &metric.name;
    Some(Finding {
        promise: Promise::Equals,
        subject: name.clone(),
        message: format!(
            "`{name}` is not what `equals:` says in {off} of {compared} periods; most in that of {start}: {value} against {computed}"
        ),
        place: metric.definition.place.clone(),
    })
}

/// A formula's value in a period; `None` where a part has none, or is not read at that grain.
fn value_of(formula: &Formula, period: Period, known: &BTreeMap<String, Observed>) -> Option<f64> {
    let of = |inner: &Formula| value_of(inner, period, known);
    match formula {
        Formula::Number(number) => Some(*number),
        Formula::Metric(name) => {
            let points = &known.get(name)?.points;
            let at = points.binary_search_by_key(&period, |point| point.period).ok()?;
            points.get(at).filter(|point| point.complete)?.value
        }
        Formula::Neg(inner) => Some(-of(inner)?),
        Formula::Add(a, b) => Some(of(a)? + of(b)?),
        Formula::Sub(a, b) => Some(of(a)? - of(b)?),
        Formula::Mul(a, b) => Some(of(a)? * of(b)?),
        Formula::Div(a, b) => Some(of(a)? / of(b)?).filter(|value| value.is_finite()),
        Formula::Coalesce(inner, other) => Some(of(inner).unwrap_or(*other)),
        Formula::Query(_)
        | Formula::Journey(_)
        | Formula::Before
        | Formula::Ago(..)
        | Formula::Where(..)
        | Formula::Over(..) => None,
    }
}
