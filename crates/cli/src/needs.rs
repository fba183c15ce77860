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

impl Needs {
    /// What these metrics stand on: those their measures and identities name, and the sources of all of them.
    pub fn of<'a>(model: &Model, metrics: impl IntoIterator<Item = &'a str>) -> Needs {
        let mut needs = Needs::default();
        for metric in metrics {
            needs.metric(model, metric);
        }
        needs
    }

    fn metric(&mut self, model: &Model, name: &str) {
        let Some(metric) = model.metrics.get(name) else { return };
        if !self.metrics.insert(name.to_owned()) {
            return;
        }
        match &metric.measure {
            Measure::Aggregate(query) | Measure::Windowed(query, _) => self.query(query),
            Measure::Stock { source, .. } | Measure::Recorded { source, .. } => self.source(source),
            Measure::Derived(formula) => self.formula(model, formula),
            Measure::Journey(journey) => journey.sources().for_each(|source| self.source(source)),
        }
        if let Some(formula) = &metric.equals {
            self.formula(model, formula);
        }
    }

    fn formula(&mut self, model: &Model, formula: &Formula) {
        match formula {
            Formula::Number(_) | Formula::Before => {}
            Formula::Metric(name) | Formula::Where(name, _) => self.metric(model, name),
            Formula::Query(query) => self.query(query),
            Formula::Journey(journey) => journey.sources().for_each(|source| self.source(source)),
            Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
                self.formula(model, inner);
            }
            Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
                self.formula(model, a);
                self.formula(model, b);
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
