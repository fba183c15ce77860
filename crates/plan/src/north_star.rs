//! Whether a metric is a good north star: seven points, each computed where it can be, else vouched for by somebody.
//!
//! The points are those of John Cutler and Jason Scherschligt, "The North Star Playbook" (Amplitude, 2019): it expresses
//! value, represents vision and strategy, leads, is actionable, understandable, measurable, and no vanity metric.

mod computed;

use crate::Inputs;
use chrono::{Months, NaiveDate};
use quarterdeck_lang::model::Metric;
use schemars::JsonSchema;
use serde::Serialize;

/// The check of one metric.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Check {
    /// The metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// The seven points, in their order.
    pub points: Vec<Point>,
}

/// One point of the check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// Its word in the language: `value`, `strategy`, `leading`, `actionable`, `understandable`, `measurable`, `honest`.
    pub name: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// Whether it holds; `None` where nobody can tell yet.
    pub holds: Option<bool>,
    /// What was computed, in sentences.
    pub computed: Vec<String>,
    /// Who vouches for it, and since when.
    pub attested: Option<Attestation>,
    /// What to do where it does not hold or nobody can tell.
    pub to_do: Option<String>,
}

/// Somebody's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attestation {
    /// Who.
    pub by: String,
    /// Since when.
    pub on: NaiveDate,
    /// Whether that is more than a year ago.
    pub old: bool,
}

/// What was computed for a point.
struct Finding {
    /// Whether it holds; `None` where the data or definitions do not say.
    holds: Option<bool>,
    says: Vec<String>,
    to_do: Option<String>,
}

/// What definitions, plans and data say about a point.
type Compute = fn(&Metric, &Inputs<'_>) -> Finding;

/// The points with what computes them; without it a point rests on somebody's word alone.
const POINTS: [(&str, &str, Option<Compute>); 7] = [
    ("value", "Does it say what customers get?", None),
    ("strategy", "Does it stand for where the product goes?", None),
    ("leading", "Does it move before the money does?", Some(computed::leading)),
    ("actionable", "Can teams move it?", Some(computed::actionable)),
    ("understandable", "Is it understood without a manual?", Some(computed::understandable)),
    ("measurable", "Is it measured, often and soon enough?", Some(computed::measurable)),
    ("honest", "Can it fall, and is something watched beside it?", Some(computed::honest)),
];

/// Checks a metric; `None` where the model has none of that name.
pub fn check(metric: &str, inputs: &Inputs<'_>) -> Option<Check> {
    let metric = inputs.model.metrics.get(metric)?;
    let points = POINTS.iter().map(|(name, question, compute)| {
        let found = compute.map(|compute| compute(metric, inputs));
        point(name, question, found, attestation(metric, name, inputs.as_of))
    });
    Some(Check { metric: metric.name.clone(), label: metric.label.clone(), points: points.collect() })
}

/// The latest word for a point.
fn attestation(metric: &Metric, point: &str, as_of: NaiveDate) -> Option<Attestation> {
    let latest = metric.attested.iter().filter(|each| each.point == point).max_by_key(|each| (each.on, &each.by))?;
    let old = latest.on.checked_add_months(Months::new(12)).is_some_and(|due| due < as_of);
    Some(Attestation { by: latest.by.clone(), on: latest.on, old })
}

/// What was computed counts before what somebody says; a word fills what cannot be computed, for a year.
fn point(name: &'static str, question: &'static str, found: Option<Finding>, attested: Option<Attestation>) -> Point {
    let fresh = attested.as_ref().is_some_and(|word| !word.old);
    let Finding { holds, says, to_do } = found.unwrap_or(Finding { holds: None, says: Vec::new(), to_do: None });
    let holds = holds.or(fresh.then_some(true));
    let ask = || match &attested {
        Some(word) => format!("{} said so on {}, more than a year ago: ask again", word.by, word.on),
        None => format!("Ask who knows, then write `attested: {name} by \"NAME\" on DATE` into the metric"),
    };
    let to_do = match holds {
        Some(true) => None,
        Some(false) => to_do,
        None => Some(to_do.unwrap_or_else(ask)),
    };
    Point { name, question, holds, computed: says, attested, to_do }
}

#[cfg(test)]
mod tests;
