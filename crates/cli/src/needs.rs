//! What a command needs of the definitions, so that a mistake elsewhere does not stand in its way.

use quarterdeck_lang::model::{Filter, Formula, Measure, Query};
use quarterdeck_lang::{Diagnostic, Model, Subject};
use std::collections::BTreeSet;

/// The declarations a command needs.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    metrics: BTreeSet<String>,
    sources: BTreeSet<String>,
    segments: BTreeSet<String>,
    /// Whether something needed is missing from the model: whichever error left it out, it matters.
    incomplete: bool,
}

impl Needs {
    /// What metrics need to be computed: the metrics, sources and segments they stand on.
    pub fn of<'a>(model: &Model, metrics: impl IntoIterator<Item = &'a str>) -> Needs {
        let mut needs = Needs::default();
        for metric in metrics {
            needs.metric(model, metric);
        }
        needs
    }

    /// Whether an error stands in the way of computing them. A file that did not parse whole may have held any of them.
    pub fn includes(&self, diagnostic: &Diagnostic) -> bool {
        match &diagnostic.subject {
            Some(Subject::Metric(name)) => self.incomplete || self.metrics.contains(name),
            Some(Subject::Source(name)) => self.incomplete || self.sources.contains(name),
            Some(Subject::Segment(name)) => self.incomplete || self.segments.contains(name),
            Some(Subject::File(_)) => self.incomplete,
            Some(Subject::Market(_) | Subject::Event(_) | Subject::Plan(_)) => false,
            Some(Subject::Settings) | None => true,
        }
    }

    /// The metrics, by name.
    pub fn metrics(&self) -> &BTreeSet<String> {
        &self.metrics
    }

    /// The sources, by name.
    pub fn sources(&self) -> &BTreeSet<String> {
        &self.sources
    }

    fn metric(&mut self, model: &Model, name: &str) {
        if !self.metrics.insert(name.to_owned()) {
            return;
        }
        let Some(metric) = model.metrics.get(name) else {
            self.incomplete = true;
            return;
        };
        match &metric.measure {
            Measure::Aggregate(query) | Measure::Windowed(query, _) => self.query(model, query),
            Measure::Stock { source, filter, .. } | Measure::Recorded { source, filter, .. } => {
                self.source(model, source);
                self.filter(model, filter.as_ref());
            }
            Measure::Derived(formula) => self.formula(model, formula),
            Measure::Pending { sources, .. } => sources.iter().for_each(|source| self.source(model, source)),
        }
        if let Some(formula) = &metric.equals {
            self.formula(model, formula);
        }
    }

    fn formula(&mut self, model: &Model, formula: &Formula) {
        match formula {
            Formula::Number(_) | Formula::Before => {}
            Formula::Metric(name) => self.metric(model, name),
            Formula::Query(query) => self.query(model, query),
            Formula::Where(name, filter) => {
                self.metric(model, name);
                self.filter(model, Some(filter));
            }
            Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
                self.formula(model, inner);
            }
            Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
                self.formula(model, a);
                self.formula(model, b);
            }
        }
    }

    fn query(&mut self, model: &Model, query: &Query) {
        self.source(model, &query.source);
        self.filter(model, query.filter.as_ref());
    }

    fn source(&mut self, model: &Model, name: &str) {
        if !self.sources.insert(name.to_owned()) {
            return;
        }
        let Some(source) = model.sources.get(name) else {
            self.incomplete = true;
            return;
        };
        source.joins.iter().for_each(|join| self.source(model, &join.source));
        self.filter(model, source.filter.as_ref());
        source.columns.iter().for_each(|column| self.filter(model, Some(&column.value)));
    }

    fn filter(&mut self, model: &Model, filter: Option<&Filter>) {
        match filter {
            Some(Filter::InSegment(name)) => {
                if self.segments.insert(name.clone()) {
                    match model.segments.get(name) {
                        Some(segment) => self.filter(model, Some(&segment.filter)),
                        None => self.incomplete = true,
                    }
                }
            }
            Some(Filter::Not(inner) | Filter::Neg(inner) | Filter::IsNull(inner) | Filter::IsUnique(inner)) => {
                self.filter(model, Some(inner));
            }
            Some(Filter::Binary(_, a, b)) => [a, b].into_iter().for_each(|each| self.filter(model, Some(each))),
            Some(Filter::Between(a, b, c)) => [a, b, c].into_iter().for_each(|each| self.filter(model, Some(each))),
            Some(Filter::In(inner, list)) => {
                self.filter(model, Some(inner));
                list.iter().for_each(|each| self.filter(model, Some(each)));
            }
            Some(Filter::Like(inner, _)) => self.filter(model, Some(inner)),
            Some(
                Filter::Column(_)
                | Filter::Joined { .. }
                | Filter::Number(_)
                | Filter::Text(_)
                | Filter::Date(_)
                | Filter::Length(_)
                | Filter::Bool(_),
            )
            | None => {}
        }
    }
}
