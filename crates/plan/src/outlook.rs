//! From observed histories and the model to the joint forecast.

mod bounds;
mod breaks;
pub mod identities;
mod nature;
mod quarters;

pub use quarters::quarters;

use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{Cap, Event, History, Identity, Job, Nature, Outlook, Roll, Series};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Estimate, Metric, Reads};
use std::collections::BTreeMap;

/// Everything a plan is made from; the same inputs give the same bytes.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The model.
    pub model: &'a Model,
    /// Observed histories by series name (the metric, with the slice's text in brackets), those of every metric needed.
    pub histories: &'a BTreeMap<String, History>,
    /// The last day that is known.
    pub as_of: NaiveDate,
    /// The seed.
    pub seed: u64,
    /// How many paths.
    pub paths: usize,
    /// The tool's version.
    pub version: &'a str,
}

impl<'a> Inputs<'a> {
    /// The metric behind a series' name: what stands before its slice.
    pub fn metric(&self, series: &str) -> Option<&'a Metric> {
        self.model.metrics.get(series.split('[').next().unwrap_or(series))
    }
}

/// Forecasts every history, with identities kept on every path.
pub fn forecast(inputs: &Inputs<'_>, windows: &[Period]) -> Outlook {
    let series = series(inputs);
    let identities = identities(inputs);
    quarterdeck_forecast::forecast(&Job {
        series: &series,
        identities: &identities,
        windows,
        as_of: inputs.as_of,
        calendar: &inputs.model.settings.calendar,
        seed: inputs.seed,
        paths: inputs.paths,
    })
}

/// The series of every history whose metric the model knows, in order of name.
pub fn series(inputs: &Inputs<'_>) -> Vec<Series> {
    inputs.histories.keys().filter_map(|name| series_of(inputs, name)).collect()
}

/// The identities that hold between the histories: those of the model whose parts all have data of the same grain, and
/// that agree with the data where the metric is also measured by itself.
pub fn identities(inputs: &Inputs<'_>) -> Vec<Identity> {
    identities::kept(inputs)
}

/// One history with what the model says about its metric; `None` where either is unknown.
pub fn series_of(inputs: &Inputs<'_>, name: &str) -> Option<Series> {
    let history = inputs.histories.get(name)?;
    let metric = inputs.metric(name)?;
    let weighted = history.weights.iter().any(Option::is_some);
    let nature = nature::of(inputs.model, metric, weighted);
    Some(Series {
        name: name.to_owned(),
        grain: history.grain,
        start: history.start,
        values: history.values.clone(),
        partial: history.partial.filter(|_| nature != Nature::Level || weighted || nature::is_reading(metric)),
        weights: history.weights.clone(),
        nature,
        roll: match nature::footing(inputs.model, metric) {
            Some(each) if metric.reads == Reads::Whole && nature == Nature::Flow && !weighted => Roll::Average(each),
            _ => match roll(metric.reads, nature, weighted) {
                Roll::Link if nature::is_distinct(metric) => Roll::Distinct,
                other => other,
            },
        },
        bounds: bounds::of(metric, history),
        quarters: history.quarters.clone(),
        breaks: breaks::of(inputs, metric, history),
        events: events(inputs.model, &metric.name),
        // A part of a metric has no market of its own.
        cap: if name == metric.name { cap(inputs.model, metric, nature) } else { None },
    })
}

/// How a quarter's number follows from steps.
fn roll(reads: Reads, nature: Nature, weighted: bool) -> Roll {
    match reads {
        Reads::Total if nature == Nature::Flow => Roll::Total,
        Reads::Average(grain) => Roll::Average(grain),
        Reads::Last => Roll::Last,
        Reads::AverageOfLast(count, _) => Roll::AverageOfLast { count },
        Reads::Min => Roll::Min,
        Reads::Max => Roll::Max,
        Reads::Total | Reads::Whole if weighted => Roll::Weighted,
        Reads::Whole if nature == Nature::Flow => Roll::Total,
        Reads::Total | Reads::Whole => Roll::Link,
    }
}

fn events(model: &Model, metric: &str) -> Vec<Event> {
    let concerns = |affects: &[String]| affects.is_empty() || affects.iter().any(|name| name == metric);
    model
        .events
        .values()
        .filter(|event| concerns(&event.affects))
        .map(|event| {
            let mut days = event.days.clone();
            days.sort();
            Event { name: event.label.clone().unwrap_or_else(|| event.name.clone()), days }
        })
        .collect()
}

/// The market's size as a ceiling of one of the metric's periods.
fn cap(model: &Model, metric: &Metric, nature: Nature) -> Option<Cap> {
    let link = metric.market.as_ref().filter(|_| nature != Nature::Share)?;
    let market = model.markets.get(&link.market)?;
    let (low, _, high) = percentiles(&market.tam.size);
    let (low, high) = (low * link.per, high * link.per);
    let label = market.label.clone().unwrap_or_else(|| market.name.clone());
    (low > 0.0 && high.is_finite()).then_some(Cap { label, low, high })
}

/// The 10th, 50th and 90th percentile of a positive amount, lognormal on each side of its median.
pub fn percentiles(size: &Estimate) -> (f64, f64, f64) {
    let size = crate::size::Size::amount(size);
    let z = quarterdeck_forecast::normal::quantile(0.9);
    (size.at(-z), size.at(0.0), size.at(z))
}

#[cfg(test)]
#[path = "outlook/tests.rs"]
mod tests;
