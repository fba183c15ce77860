//! Which sources a metric is computed from.

use super::{Formula, Measure, Model};
use std::collections::BTreeSet;

impl Model {
    /// The sources whose rows a metric counts, those of the metrics in its measure included; joined ones are not among them.
    pub fn sources_of(&self, metric: &str) -> BTreeSet<&str> {
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![metric.to_owned()]);
        while let Some(name) = open.pop() {
            let Some(metric) = self.metrics.get(&name) else { continue };
            if !seen.insert(name) {
                continue;
            }
            match &metric.measure {
                Measure::Aggregate(query) | Measure::Windowed(query, _) => drop(found.insert(query.source.as_str())),
                Measure::Stock { source, .. } | Measure::Recorded { source, .. } => drop(found.insert(source.as_str())),
                Measure::Journey(journey) => found.extend(journey.sources()),
                Measure::Derived(formula) => in_formula(formula, &mut found, &mut open),
            }
        }
        found
    }
}

fn in_formula<'a>(formula: &'a Formula, found: &mut BTreeSet<&'a str>, open: &mut Vec<String>) {
    match formula {
        Formula::Number(_) | Formula::Before => {}
        Formula::Metric(name) | Formula::Where(name, _) => open.push(name.clone()),
        Formula::Query(query) => drop(found.insert(query.source.as_str())),
        Formula::Journey(journey) => found.extend(journey.sources()),
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            in_formula(inner, found, open);
        }
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            in_formula(a, found, open);
            in_formula(b, found, open);
        }
    }
}
