//! The tree against the data: what it states exactly, and what it believes.

use crate::edge::{self, EdgeReport};
use crate::outlook::Inputs;
use crate::outlook::identities::{MOST_RESIDUAL, Residual, residuals};
use crate::tree;
use crate::wording::{level, percent};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::distribution::quantile_sorted;
use quarterdeck_lang::model::{Measure, Metric};
use schemars::JsonSchema;
use serde::Serialize;

/// What history says of a tree.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Validation {
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// What metrics are made of, in order of name.
    pub identities: Vec<IdentityReport>,
    /// What is believed, in order of parent and child.
    pub edges: Vec<EdgeReport>,
}

/// An identity against history.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IdentityReport {
    /// The metric.
    pub metric: String,
    /// What it is made of, in order of name.
    pub parts: Vec<String>,
    /// Whether the metric is computed from them, so that there is nothing to compare.
    pub by_measure: bool,
    /// How many steps were compared.
    pub n: usize,
    /// The middle residual, as a fraction of the value.
    pub residual: Option<f64>,
    /// The largest residual: its step and both sides.
    pub largest: Option<Largest>,
    /// Whether the forecast keeps it: always where it is computed, else where the middle residual is at most 2 %.
    pub holds: Option<bool>,
    /// All of it in a sentence.
    pub message: String,
}

/// The step at which an identity is furthest off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Largest {
    /// The step.
    pub period: Period,
    /// What was measured.
    pub measured: f64,
    /// What the parts make.
    pub computed: f64,
}

/// Checks every identity and tests every edge of the model whose metrics have histories.
pub fn validate(inputs: &Inputs<'_>) -> Validation {
    let of = |metric: &Metric| identity(inputs, metric);
    let identities = inputs.model.metrics.values().filter_map(of).collect();
    Validation { as_of: inputs.as_of, identities, edges: edge::test(inputs) }
}

fn identity(inputs: &Inputs<'_>, metric: &Metric) -> Option<IdentityReport> {
    let formula = tree::identity(metric)?;
    let parts: Vec<String> = tree::parts(formula).into_iter().collect();
    let by_measure = matches!(metric.measure, Measure::Derived(_));
    let mut report = IdentityReport {
        metric: metric.name.clone(),
        parts,
        by_measure,
        n: 0,
        residual: None,
        largest: None,
        holds: by_measure.then_some(true),
        message: "Holds by its measure: it is computed from them.".into(),
    };
    if by_measure {
        return Some(report);
    }
    let history = inputs.histories.get(&metric.name)?;
    let found = residuals(inputs, metric, history, formula);
    report.n = found.len();
    let mut sizes: Vec<(f64, &Residual)> = found.iter().filter_map(|each| Some((each.relative()?, each))).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.period.cmp(&b.1.period)));
    let Some((most, largest)) = sizes.last() else {
        report.message = "Cannot tell (n = 0): its parts have no numbers at its grain on the same days.".into();
        return Some(report);
    };
    let middle = quantile_sorted(&sizes.iter().map(|(size, _)| *size).collect::<Vec<_>>(), 0.5).unwrap_or(*most);
    report.residual = Some(middle);
    report.largest = Some(Largest { period: largest.period, measured: largest.measured, computed: largest.computed });
    report.holds = Some(middle <= MOST_RESIDUAL);
    report.message = if *most <= 1e-9 {
        format!("Holds exactly at each of {} {}s.", report.n, metric.grain)
    } else {
        let verdict = if middle <= MOST_RESIDUAL {
            "Holds".to_owned()
        } else {
            format!("Does not hold: over {} off in the middle, so the forecast leaves it out", percent(MOST_RESIDUAL))
        };
        format!(
            "{verdict}: the middle residual is {} (n = {}), the largest {} in {}: {} measured, {} from its parts.",
            percent(middle),
            report.n,
            percent(*most),
            largest.period,
            level(largest.measured, &metric.unit),
            level(largest.computed, &metric.unit)
        )
    };
    Some(report)
}

/// Which metrics a validation reads: both ends of every edge and identity.
pub fn needed(model: &quarterdeck_lang::Model, below: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names = std::collections::BTreeSet::new();
    for metric in model.metrics.values().filter(|metric| below(&metric.name)) {
        if let Some(formula) = tree::identity(metric) {
            names.insert(metric.name.clone());
            names.extend(tree::parts(formula));
        }
        for edge in metric.drives.iter().filter(|edge| below(&edge.metric)) {
            names.insert(metric.name.clone());
            names.insert(edge.metric.clone());
        }
    }
    names.into_iter().filter(|name| model.metrics.contains_key(name)).collect()
}
