//! The metrics and sources that metrics stand on, by the model.

use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Formula, Measure, Query};
use std::collections::BTreeSet;

/// What metrics are computed from, they themselves included.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Metrics, by name.
    pub metrics: BTreeSet<String>,
    /// Sources, by name.
    pub sources: BTreeSet<String>,
}

/// Along what needs are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Along {
    /// What values are computed from.
    Measures,
    /// That, and what a metric is stated to be made of.
    MeasuresAndIdentities,
}

impl Needs {
    /// What these metrics stand on: those their measures and identities name, and the sources of all of them.
    pub fn of<'a>(model: &Model, metrics: impl IntoIterator<Item = &'a str>) -> Needs {
        let mut needs = Needs::default();
        for metric in metrics {
            needs.metric(model, metric, Along::MeasuresAndIdentities);
        }
        needs
    }

    /// What a metric's values are computed from; what `equals` states is checked and computes none of them.
    pub fn of_values(model: &Model, metric: &str) -> Needs {
        let mut needs = Needs::default();
        needs.metric(model, metric, Along::Measures);
        needs
    }

    fn metric(&mut self, model: &Model, name: &str, along: Along) {
        let Some(metric) = model.metrics.get(name) else { return };
        if !self.metrics.insert(name.to_owned()) {
            return;
        }
        match &metric.measure {
            Measure::Aggregate(query) | Measure::Windowed(query, _) => self.query(query),
            Measure::Stock { source, .. } | Measure::Recorded { source, .. } => self.source(source),
            Measure::Derived(formula) => self.formula(model, formula, along),
            Measure::Journey(journey) => journey.sources().for_each(|source| self.source(source)),
        }
        if let Some(formula) = metric.equals.as_ref().filter(|_| along == Along::MeasuresAndIdentities) {
            self.formula(model, formula, along);
        }
    }

    fn formula(&mut self, model: &Model, formula: &Formula, along: Along) {
        match formula {
            Formula::Number(_) | Formula::Before => {}
            Formula::Metric(name) | Formula::Where(name, _) => self.metric(model, name, along),
            Formula::Query(query) => self.query(query),
            Formula::Journey(journey) => journey.sources().for_each(|source| self.source(source)),
            Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
                self.formula(model, inner, along);
            }
            Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
                self.formula(model, a, along);
                self.formula(model, b, along);
            }
        }
    }

    fn query(&mut self, query: &Query) {
        self.source(&query.source);
    }

    fn source(&mut self, name: &str) {
        self.sources.insert(name.to_owned());
    }
}
