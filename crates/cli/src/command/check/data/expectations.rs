//! Expectations of sources: how many rows break each.
//!
//! A broken expectation is a count of rows for which it is false, so it is asked of the data as a metric that nobody
//! declared.

use super::codes::EXPECT;
use super::{Findings, load};
use crate::reading::Definitions;
use crate::rendering;
use quarterdeck_calendar::Grain;
use quarterdeck_data::{Loaded, Wanted};
use quarterdeck_lang::model::{
    Aggregate, Arithmetic, Empty, Expectation, Filter, Measure, Metric, Query, Reads, RowOp, Source,
};
use quarterdeck_lang::{Model, Severity};

/// Counts the rows that break each expectation of the sources that were read.
pub(super) fn check(definitions: &Definitions<'_>, loaded: &Loaded, found: &mut Findings<'_>) {
    let model = definitions.model;
    let Some(pattern) = model.metrics.values().next() else { return };
    let mut asked = model.clone();
    // Counts of rows are not restated.
    asked.sources.values_mut().for_each(|source| source.changes.clear());
    let mut questions: Vec<(String, &Source, &Expectation)> = Vec::new();
    for source in model.sources.values().filter(|source| loaded.sources.contains_key(&source.name)) {
        for (at, expectation) in source.expects.iter().enumerate() {
            match &expectation.condition {
                Filter::IsUnique(column) => unique(source, expectation, column, model, loaded, found),
                condition => {
                    let name = format!("expectation_{at}_of_{}", source.name);
                    asked.metrics.insert(name.clone(), counting(&name, pattern, source, condition));
                    questions.push((name, source, expectation));
                }
            }
        }
    }
    let wanted: Vec<Wanted> = questions.iter().map(|(name, ..)| Wanted::whole(name.clone())).collect();
    if wanted.is_empty() {
        return;
    }
    let asked = Definitions { model: &asked, ..*definitions };
    let answers = match load(&asked, &wanted, Some(loaded.as_of)) {
        Ok(answers) => answers,
        Err(error) => return found.unreadable(&error),
    };
    for (name, source, expectation) in questions {
        let points = answers.metrics.get(&name).map(|observed| observed.points.as_slice()).unwrap_or_default();
        let broken: f64 = points.iter().filter_map(|point| point.value).sum();
        let first = points.iter().find(|point| point.value.is_some_and(|value| value > 0.0));
        if let Some(first) = first.filter(|_| broken > 0.0) {
            let rows = rendering::count(broken as usize, "row");
            tell(source, expectation, &format!("{rows} of `{}`, the first on {},", source.name, first.start), found);
        }
    }
}

/// Whether a column is unique is known where it is the source's key.
fn unique(
    source: &Source,
    expectation: &Expectation,
    column: &Filter,
    model: &Model,
    loaded: &Loaded,
    found: &mut Findings<'_>,
) {
    let is_key = matches!(column, Filter::Column(name) if source.key.as_ref() == Some(name));
    let reads = |metric: &&Metric| matches!(&metric.measure, Measure::Aggregate(query) if query.source == source.name);
    let metric = model.metrics.values().find(reads).and_then(|metric| loaded.metrics.get(&metric.name));
    let duplicates = metric.and_then(|observed| observed.duplicates).filter(|_| is_key).unwrap_or(0);
    if duplicates > 0 {
        let rows = rendering::count(duplicates as usize, "row");
        tell(source, expectation, &format!("{rows} of `{}`", source.name), found);
    }
}

fn tell(source: &Source, expectation: &Expectation, rows: &str, found: &mut Findings<'_>) {
    let verb = if rows.starts_with("1 row ") { "breaks" } else { "break" };
    let message = format!("{rows} {verb} what is expected: {}", expectation.text);
    let hints = [format!("mend the rows, or the expectation of `{}`", source.name)];
    found.add(EXPECT, Severity::Deny, message, &source.place, &hints);
}

/// A metric that counts the rows for which a condition is false, by day.
fn counting(name: &str, pattern: &Metric, source: &Source, condition: &Filter) -> Metric {
    let broken = Filter::Not(Box::new(condition.clone()));
    let filter = match &source.filter {
        Some(filter) => Filter::Binary(RowOp::And, Box::new(filter.clone()), Box::new(broken)),
        None => broken,
    };
    let query = Query {
        value: Arithmetic::Aggregate(Aggregate::Count),
        source: source.name.clone(),
        filter: Some(filter),
        time: None,
    };
    let mut metric = pattern.clone();
    metric.name = name.to_owned();
    metric.grain = Grain::Day;
    metric.reads = Reads::Total;
    metric.measure = Measure::Aggregate(query);
    metric.empty = Empty::Zero;
    metric.bounds = (None, None);
    metric.equals = None;
    metric.clip = None;
    metric.sample = None;
    metric.market = None;
    metric.definition.place = source.place.clone();
    metric.changes.clear();
    metric.guards.clear();
    metric.drives.clear();
    metric.slices.clear();
    metric.tests.clear();
    metric
}
