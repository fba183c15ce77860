//! Ways to arrive at a target, side by side.
//!
//! A method says what the period's number will be, or must be, and how it got there; the proposal itself is read off the
//! paths. One file each, one line in [`all`].

mod benchmark;
mod initiatives;
mod market;
mod objective;
mod slope;
mod trend;

pub use market::{Pathway, along};
pub use slope::Slope;

use crate::effect::{Moved, World};
use crate::facts::Facts;
use crate::offer::Draws;
use crate::outlook::Inputs;
use crate::proposal::{Flag, MethodRow, Variant};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::Outlook;
use quarterdeck_lang::model::{Better, Metric, Plan, Target};
use std::collections::BTreeMap;

/// Everything methods may ask about one target.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// What the plan is made from.
    pub inputs: &'a Inputs<'a>,
    /// The period.
    pub period: Period,
    /// Its first and last day.
    pub window: (NaiveDate, NaiveDate),
    /// Its plan.
    pub plan: Option<&'a Plan>,
    /// The joint forecast.
    pub outlook: &'a Outlook,
    /// Numbers and what moves them.
    pub world: &'a World,
    /// The past of every series.
    pub facts: &'a BTreeMap<String, Facts>,
    /// The target.
    pub target: &'a Target,
    /// Its series' name.
    pub name: &'a str,
    /// Its metric.
    pub metric: &'a Metric,
    /// The number without the plan on every path; empty where there is no forecast.
    pub base: &'a [f64],
    /// The number with all initiatives, without risks and judgements.
    pub with_initiatives: &'a [f64],
    /// Numbers with each group alone: initiatives with their chance, risks for certain; those of scenarios without effect.
    pub alone: &'a [Moved<'a>],
    /// Why there is no forecast.
    pub no_forecast: Option<&'a str>,
    /// Whether that is because there is too little history.
    pub too_short: bool,
}

impl<'a> Case<'a> {
    /// The past of the target's series.
    pub fn past(&self) -> Option<&'a Facts> {
        self.facts.get(self.name)
    }

    /// Where the metric stands and on which day it stood there.
    pub fn standing(&self) -> Option<(f64, NaiveDate)> {
        let facts = self.past()?;
        let level = facts.level_now()?;
        let calendar = &self.inputs.model.settings.calendar;
        let on = match facts.last {
            Some(actual) => calendar.ends(actual.period),
            None => self.inputs.as_of.min(self.window.0),
        };
        Some((level, on))
    }

    /// A number with the metric's unit.
    pub fn level(&self, value: f64) -> String {
        crate::wording::level(value, &self.metric.unit)
    }
}

/// What a method says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// What was asked for, in the order of the plan.
    pub asked: Vec<Variant>,
    /// What stands beside it for comparison.
    pub beside: Vec<Variant>,
    /// What a reader must be told.
    pub flags: Vec<Flag>,
}

/// A way to arrive at a target.
pub trait Method {
    /// Its name in rows and JSON.
    fn name(&self) -> &'static str;

    /// What it says of a case.
    ///
    /// # Errors
    /// What it would need, as a sentence for the reader of the page.
    fn say(&self, case: &Case<'_>) -> Result<Said, String>;

    /// What would have to be so for it to say a value, one sentence for each way it was asked.
    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String>;
}

/// The methods, in the order of the page.
pub fn all() -> [&'static dyn Method; 5] {
    [&trend::Trend, &benchmark::Benchmark, &market::Market, &initiatives::Initiatives, &objective::Objective]
}

/// Every method's row for a target, and what they flag. A row's percentiles are the medians of those of its variants.
pub fn rows(case: &Case<'_>) -> (Vec<MethodRow>, Vec<Flag>) {
    let mut flags = Vec::new();
    let row = |method: &dyn Method| {
        let name = method.name().to_owned();
        match method.say(case) {
            Ok(said) if !said.asked.is_empty() => {
                flags.extend(said.flags);
                let middle = |of: fn(&Variant) -> f64| middle(said.asked.iter().map(of).collect());
                let (p10, p50, p90) = (middle(|v| v.p10), middle(|v| v.p50), middle(|v| v.p90));
                let variants = said.asked.iter().chain(&said.beside).cloned().collect();
                MethodRow::Given { name, p10, p50, p90, variants }
            }
            Ok(_) => MethodRow::Missing { name, missing: "it gives no number here".into() },
            Err(missing) => MethodRow::Missing { name, missing },
        }
    };
    let rows = all().into_iter().map(row).collect();
    (rows, flags)
}

/// What would have to be so for each method that has input to say a value: what would reconcile them.
pub fn reconcile(case: &Case<'_>, rows: &[MethodRow], value: f64) -> Vec<String> {
    let given = |method: &&dyn Method| {
        rows.iter().any(|row| matches!(row, MethodRow::Given { name, .. } if name == method.name()))
    };
    let asked: Vec<&dyn Method> = all().into_iter().filter(given).collect();
    // One alone has nothing to be reconciled with.
    let inside = matches!(case.metric.better, Some(Better::Between(..)));
    // Nor has a range, which nothing need reach.
    if asked.len() < 2 || inside {
        Vec::new()
    } else {
        asked.iter().flat_map(|method| method.meet(case, value)).collect()
    }
}

/// The median of some numbers.
pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    quarterdeck_forecast::distribution::quantile_sorted(&values, 0.5).unwrap_or(f64::NAN)
}

/// A variant that is a distribution.
pub fn spread(label: impl Into<String>, values: &[f64], workings: Vec<String>) -> Option<Variant> {
    let draws = Draws::new(values)?;
    let variant = Variant { label: label.into(), p10: draws.at(0.1), p50: draws.at(0.5), p90: draws.at(0.9), workings };
    variant.p50.is_finite().then_some(variant)
}

/// A variant that is one number.
pub fn single(label: impl Into<String>, value: f64, workings: Vec<String>) -> Variant {
    Variant { label: label.into(), p10: value, p50: value, p90: value, workings }
}

#[cfg(test)]
#[path = "method/tests.rs"]
mod tests;
