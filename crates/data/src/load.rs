//! The contract of reading: what is asked of the data and what comes back.

use crate::DataError;
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Slice;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A metric, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which metric.
    pub metric: String,
    /// Which part of its rows.
    pub slice: Option<Slice>,
}

impl Wanted {
    /// The whole of a metric.
    pub fn whole(metric: impl Into<String>) -> Wanted {
        Wanted { metric: metric.into(), slice: None }
    }

    /// The name of its series: the metric's, with the slice's text in brackets.
    pub fn series_name(&self) -> String {
        match &self.slice {
            Some(slice) => format!("{}[{}]", self.metric, slice.text),
            None => self.metric.clone(),
        }
    }
}

/// What is asked of the data.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The workspace's folder; paths of sources are relative to it.
    pub root: &'a Path,
    /// The model.
    pub model: &'a Model,
    /// The metrics wanted. Metrics their measures need are read too and returned under their own names.
    pub wanted: &'a [Wanted],
    /// The last day that counts; `None` takes the end of the last period covered by the sources of the wanted metrics.
    pub as_of: Option<NaiveDate>,
    /// The periods whose own numbers are computed exactly: quarters, or halves or years for longer plans.
    pub window: Grain,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The last day that counted.
    pub as_of: NaiveDate,
    /// By series name ([`Wanted::series_name`]), those asked for and those they are computed from.
    pub metrics: BTreeMap<String, Observed>,
    /// What each source covers, by name.
    pub sources: BTreeMap<String, Coverage>,
    /// What a reader should know, in plain sentences.
    pub notes: Vec<String>,
}

/// What was observed of one metric.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Its values, ready to be forecast. Restatements are applied. No values where no row counts.
    pub history: History,
    /// Every period's value as it is shown, the unfinished ones with their value so far.
    pub points: Vec<Point>,
    /// Periods inside the coverage that have no value.
    pub gaps: Vec<Period>,
    /// Rows that share the source's key with another; `None` where no key is declared. Never dropped.
    pub duplicates: Option<u64>,
    /// The queries that computed it, in the engine's SQL.
    pub sql: Vec<String>,
    /// One query of standard SQL that gives its values, for people to run and check; the views it stands on first. Empty where
    /// there is none that says it plainly.
    pub whole: Vec<String>,
    /// The sources it reads, goals and joined ones included.
    pub sources: Vec<String>,
    /// What is left out of it, in sentences: cohorts that have not had their whole window.
    pub notes: Vec<String>,
}

/// One period of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// Its first day.
    pub start: NaiveDate,
    /// Its value; `None` for a gap.
    pub value: Option<f64>,
    /// Whether the source covers all of it.
    pub complete: bool,
}

/// What a source covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The first day with a row.
    pub first: NaiveDate,
    /// The last day covered (a `recorded` row covers its whole period).
    pub last: NaiveDate,
    /// How many rows it has up to the as-of date.
    pub rows: u64,
    /// How many rows lie after it and did not count.
    pub later: u64,
}

/// Reads what is asked, each source once.
///
/// # Errors
/// [`DataError`] for what cannot be read as declared; nothing is returned then.
pub fn load(request: &Request<'_>) -> Result<Loaded, DataError> {
    // Planning a query recurses with the depth of its expressions, so it gets a stack of its own.
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(crate::engine::STACK)
            .spawn_scoped(scope, || crate::reading::read(request))
            .map_err(|error| DataError::Engine(format!("no thread could be started: {error}")))?
            .join()
            .unwrap_or_else(|_| Err(DataError::Engine("it stopped in the middle of a query".into())))
    })
}
