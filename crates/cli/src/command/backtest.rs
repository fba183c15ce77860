//! `qd backtest`: what would have been claimed for past quarters, and what came.

use crate::ahead::{Ahead, ahead};
use crate::args::Backtest;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::view;
use crate::workspace::{Shaped, Workspace};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_data::Wanted;
use quarterdeck_forecast::Forecast;
use quarterdeck_lang::Model;
use quarterdeck_plan::backtest::{self, Quarter};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// What `qd backtest` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Records {
    /// The last day that counted.
    pub as_of: NaiveDate,
    /// The seed of all draws.
    pub seed: u64,
    /// The chance the claims are counted at.
    pub confidence: f64,
    /// The record of each metric, in order of name.
    pub metrics: Vec<Record>,
}

/// The record of one metric.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Record {
    /// The metric.
    pub metric: String,
    /// Which part of it, as written.
    pub slice: Option<String>,
    /// Its unit, as written.
    pub unit: String,
    /// What came of it; `None` where there is no forecast.
    #[serde(flatten)]
    pub record: Option<backtest::Backtest>,
    /// Why there is no forecast.
    pub missing: Option<String>,
}

/// Prints the record of a metric, or that of every metric a target could be set for.
pub fn run(args: &Backtest, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let wanted = wanted(args, &workspace)?;
    workspace.stop_at_errors(wanted.iter().map(|each| each.metric.clone()), None, Shaped::ByEvents, output)?;
    let Ahead { loaded, future, seed } = ahead(&workspace, &wanted, next_quarter, settings, output)?;
    loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    let confidence = args.confidence.unwrap_or(STANDARD);
    let mut metrics = Vec::new();
    for each in &wanted {
        let name = each.series_name();
        let known: Vec<(Period, f64)> = loaded.metrics.get(&name).map_or_else(Vec::new, |observed| {
            let complete = observed.history.quarters.iter().filter(|quarter| quarter.complete);
            complete.map(|quarter| (quarter.period, quarter.value)).collect()
        });
        let forecast = future.find(&name).map(|entry| &entry.forecast);
        metrics.push(record(each, forecast, &known, confidence, model));
    }
    let records = Records { as_of: loaded.as_of, seed, confidence, metrics };
    if output.json {
        output.object(&records)?;
    } else if args.csv.csv {
        sheet(&records).print(&args.csv, output)?;
    } else {
        let detailed = args.metric.is_some();
        output.result(&view::backtest::text(&records, model, output.width, detailed));
    }
    Ok(Exit::Done)
}

/// The chance of a target where nobody says otherwise.
const STANDARD: f64 = 0.6;

/// The metric asked for; otherwise those a plan aims at, and those that are better higher or lower.
fn wanted(args: &Backtest, workspace: &Workspace) -> Result<Vec<Wanted>, Failure> {
    let model = &workspace.checked.model;
    if let Some(metric) = &args.metric {
        let name = reading::metric(metric, workspace)?;
        let slice = args.slice.as_deref().map(|text| reading::slice(name, text, workspace)).transpose()?;
        return Ok(vec![Wanted { metric: name.to_owned(), slice }]);
    }
    let aimed = model.plans.values().flat_map(|plan| &plan.targets).map(|target| target.metric.clone());
    let directed = model.metrics.values().filter(|metric| metric.better.is_some()).map(|metric| metric.name.clone());
    let names: BTreeSet<String> = aimed.chain(directed).filter(|name| model.metrics.contains_key(name)).collect();
    if names.is_empty() {
        return Err(Failure::input("no metric has a target or a `better:`")
            .hint("name one: `qd backtest METRIC`, or write `better: higher` into its definition"));
    }
    Ok(names.into_iter().map(Wanted::whole).collect())
}

/// The quarter a plan would be made for.
fn next_quarter(calendar: &Calendar, as_of: NaiveDate) -> Vec<Period> {
    vec![calendar.shift(calendar.period_of(Grain::Quarter, as_of), 1)]
}

fn record(
    wanted: &Wanted,
    forecast: Option<&Result<Forecast, quarterdeck_forecast::ForecastError>>,
    known: &[(Period, f64)],
    confidence: f64,
    model: &Model,
) -> Record {
    let metric = model.metrics.get(&wanted.metric);
    let (record, missing) = match forecast {
        Some(Ok(forecast)) => {
            let better = metric.and_then(|metric| metric.better);
            let calendar = &model.settings.calendar;
            (Some(backtest::backtest(&forecast.claims, known, better, confidence, calendar)), None)
        }
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, Some("it has no history".to_owned())),
    };
    Record {
        metric: wanted.metric.clone(),
        slice: wanted.slice.as_ref().map(|slice| slice.text.clone()),
        unit: metric.map(|metric| metric.unit.text.clone()).unwrap_or_default(),
        record,
        missing,
    }
}

/// A row for each past quarter of each metric.
fn sheet(records: &Records) -> Sheet {
    let mut sheet = Sheet::new(&[
        "metric",
        "slice",
        "quarter",
        "starts",
        "ends",
        "known_until",
        "p10",
        "p30",
        "p50",
        "p70",
        "p90",
        "actual",
        "percentile",
        "year_before",
    ]);
    for each in &records.metrics {
        for quarter in each.record.iter().flat_map(|record| &record.quarters) {
            let Quarter { period, starts, ends, origin, p10, p30, p50, p70, p90, actual, percentile, year_before } =
                *quarter;
            let names = [Cell::from(each.metric.as_str()), Cell::words(each.slice.as_deref())];
            let days = [Cell::Text(period.to_string()), Cell::Day(starts), Cell::Day(ends), Cell::Day(origin)];
            let numbers = [p10, p30, p50, p70, p90, actual, percentile].map(|value| Cell::known(Some(value)));
            sheet.row(names.into_iter().chain(days).chain(numbers).chain([Cell::known(year_before)]));
        }
    }
    sheet
}
