//! Identities: both sides of `equals:` period by period.

use super::Findings;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_data::Loaded;
use quarterdeck_lang::model::{Formula, Metric};

/// The largest difference, as a fraction of the value, that passes as the same.
const SAME: f64 = 1e-3;

/// Compares a metric with what it is said to be made of, in every complete period both sides have.
pub(super) fn check(metric: &Metric, loaded: &Loaded, found: &mut Findings<'_>) {
    let Some(formula) = &metric.equals else { return };
    let Some(observed) = loaded.metrics.get(&metric.name) else { return };
    let (mut compared, mut off) = (0, 0);
    let mut worst: Option<(NaiveDate, f64, f64, f64)> = None;
    for point in observed.points.iter().filter(|point| point.complete) {
        let (Some(value), Some(computed)) = (point.value, value_of(formula, point.period, loaded)) else { continue };
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
    if let Some((start, value, computed, _)) = worst {
        found.residual(metric, off, compared, (start, value, computed));
    }
}

/// A formula's value in a period; `None` where a part has none, or is not read at that grain.
fn value_of(formula: &Formula, period: Period, loaded: &Loaded) -> Option<f64> {
    let of = |inner: &Formula| value_of(inner, period, loaded);
    match formula {
        Formula::Number(number) => Some(*number),
        Formula::Metric(name) => {
            let points = &loaded.metrics.get(name)?.points;
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
