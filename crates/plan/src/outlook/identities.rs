//! Which identities of the model the forecast keeps.

use super::Inputs;
use crate::tree;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{Formula as Kept, History, Identity};
use quarterdeck_lang::model::{Formula, Measure, Metric};

/// How far an `equals` may lie from what was measured, in the middle, and still be kept: a part of the value.
pub const MOST_RESIDUAL: f64 = 0.02;

/// The identities between the histories of the inputs.
pub fn kept(inputs: &Inputs<'_>) -> Vec<Identity> {
    let mut kept = Vec::new();
    for (name, formula) in tree::identities(inputs.model) {
        let Some(metric) = inputs.model.metrics.get(&name) else { continue };
        let Some(history) = inputs.histories.get(&name) else { continue };
        let same_grain = tree::parts(formula).iter().all(|part| {
            let part = inputs.histories.get(part);
            part.is_some_and(|part| part.grain == history.grain && part.values.iter().any(Option::is_some))
        });
        let measured = !matches!(metric.measure, Measure::Derived(_));
        if !same_grain || (measured && !fits(inputs, metric, history, formula)) {
            continue;
        }
        if let Some(formula) = translate(formula, metric) {
            kept.push(Identity { of: name, formula });
        }
    }
    kept
}

/// Whether the formula gives the metric's own values, but for a small residual.
fn fits(inputs: &Inputs<'_>, metric: &Metric, history: &History, formula: &Formula) -> bool {
    let mut residuals: Vec<f64> =
        residuals(inputs, metric, history, formula).iter().filter_map(Residual::relative).collect();
    residuals.sort_by(f64::total_cmp);
    residuals.get(residuals.len() / 2).is_some_and(|middle| *middle <= MOST_RESIDUAL)
}

/// One step of a metric: what was measured and what its formula makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residual {
    /// The step.
    pub period: Period,
    /// What was measured.
    pub measured: f64,
    /// What the formula gives.
    pub computed: f64,
}

impl Residual {
    /// The distance as a part of the larger of the two; `None` where both are nothing.
    pub fn relative(&self) -> Option<f64> {
        let scale = self.measured.abs().max(self.computed.abs());
        (scale > 0.0).then(|| (self.measured - self.computed).abs() / scale)
    }
}

/// Every step at which both sides of an identity are known.
pub fn residuals(inputs: &Inputs<'_>, metric: &Metric, history: &History, formula: &Formula) -> Vec<Residual> {
    let calendar = &inputs.model.settings.calendar;
    let known = history.values.iter().enumerate().filter_map(|(at, value)| Some((at as i64, (*value)?)));
    known
        .filter_map(|(at, measured)| {
            let computed = at_step(inputs, metric, history, formula, at)?;
            Some(Residual { period: calendar.shift(history.start, at), measured, computed })
        })
        .collect()
}

/// A formula at one step of a metric's own history; `None` for a gap.
fn at_step(inputs: &Inputs<'_>, metric: &Metric, history: &History, formula: &Formula, at: i64) -> Option<f64> {
    let next = |inner: &Formula| at_step(inputs, metric, history, inner, at);
    let value = match formula {
        Formula::Number(number) => *number,
        Formula::Metric(name) => {
            let part = inputs.histories.get(name)?;
            let offset = inputs.model.settings.calendar.distance(part.start, history.start);
            (*part.values.get(usize::try_from(at + offset).ok()?)?)?
        }
        Formula::Ago(inner, length) => {
            return at_step(inputs, metric, history, inner, at - i64::from(tree::steps(*length, metric.grain)));
        }
        Formula::Neg(inner) => -next(inner)?,
        Formula::Add(a, b) => next(a)? + next(b)?,
        Formula::Sub(a, b) => next(a)? - next(b)?,
        Formula::Mul(a, b) => next(a)? * next(b)?,
        Formula::Div(a, b) => next(a)? / Some(next(b)?).filter(|divisor| *divisor != 0.0)?,
        Formula::Coalesce(inner, number) => next(inner).unwrap_or(*number),
        Formula::Query(_) | Formula::Journey(_) | Formula::Before | Formula::Where(..) | Formula::Over(..) => {
            return None;
        }
    };
    value.is_finite().then_some(value)
}

/// The formula in the forecast's words; `None` where it has words the forecast does not.
fn translate(formula: &Formula, metric: &Metric) -> Option<Kept> {
    let next = |inner: &Formula| translate(inner, metric).map(Box::new);
    Some(match formula {
        Formula::Number(number) => Kept::Number(*number),
        Formula::Metric(name) => Kept::Series(name.clone()),
        Formula::Ago(inner, length) => Kept::Ago(next(inner)?, tree::steps(*length, metric.grain)),
        Formula::Neg(inner) => Kept::Neg(next(inner)?),
        Formula::Add(a, b) => Kept::Add(next(a)?, next(b)?),
        Formula::Sub(a, b) => Kept::Sub(next(a)?, next(b)?),
        Formula::Mul(a, b) => Kept::Mul(next(a)?, next(b)?),
        Formula::Div(a, b) => Kept::Div(next(a)?, next(b)?),
        Formula::Coalesce(inner, number) => Kept::Coalesce(next(inner)?, *number),
        Formula::Query(_) | Formula::Journey(_) | Formula::Before | Formula::Where(..) | Formula::Over(..) => {
            return None;
        }
    })
}
