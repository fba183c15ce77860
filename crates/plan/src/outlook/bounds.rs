//! The range a metric's numbers keep to: the one its definition gives and, for counts of things and lengths of time read
//! from rows, zero, as long as its history holds none below.

use quarterdeck_forecast::{Bounds, History};
use quarterdeck_lang::model::{Measure, Metric, UnitForm};

/// The bounds a metric is forecast within. Money, points and ratios may turn negative, and so may a difference of metrics:
/// for them only what the definition says counts.
pub fn of(metric: &Metric, history: &History) -> Bounds {
    let (low, high) = metric.bounds;
    let counted = matches!(metric.unit.form, UnitForm::Amount | UnitForm::Time);
    let read = !matches!(metric.measure, Measure::Derived(_));
    let never_below = || history.values.iter().flatten().all(|value| *value >= 0.0);
    let implied = low.is_none() && high.is_none_or(|high| high > 0.0) && counted && read && never_below();
    Bounds { low: if implied { Some(0.0) } else { low }, high }
}
