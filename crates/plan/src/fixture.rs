#![allow(clippy::unwrap_used, clippy::panic)]
//! Small workspaces for tests: definitions as text, histories and forecasts by hand.

use crate::outlook::Inputs;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{
    Calibration, Dependence, Forecast, ForecastError, History, NamedForecast, Outlook, Paths, QuarterPaths, Roll,
    normal,
};
use quarterdeck_lang::{Model, TextFile};
use std::collections::BTreeMap;

/// A workspace.
pub struct Workspace {
    pub model: Model,
    pub histories: BTreeMap<String, History>,
    pub as_of: NaiveDate,
    pub paths: usize,
}

/// A workspace from definitions and histories. Panics with all diagnostics where the definitions do not hold.
pub fn workspace(text: &str, as_of: &str, histories: &[(&str, History)]) -> Workspace {
    workspace_with("", text, as_of, histories)
}

/// The same with the text of its quarterdeck.toml.
pub fn workspace_with(toml: &str, text: &str, as_of: &str, histories: &[(&str, History)]) -> Workspace {
    let toml = TextFile::new("quarterdeck.toml", toml);
    let checked = quarterdeck_lang::check(Some(toml), vec![TextFile::new("test.qd", text)]);
    let errors: Vec<String> = checked.errors().map(|error| format!("{error:?}")).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    Workspace {
        model: checked.model,
        histories: histories.iter().map(|(name, history)| ((*name).to_owned(), history.clone())).collect(),
        as_of: date(as_of),
        paths: 2_000,
    }
}

impl Workspace {
    pub fn inputs(&self) -> Inputs<'_> {
        let Workspace { model, histories, as_of, paths } = self;
        Inputs { model, histories, as_of: *as_of, seed: 1, paths: *paths, version: "0.0.0-test" }
    }

    /// A forecast by hand: each series' number of the period on every path, spread over its steps so that a total, an
    /// average or a last value comes out right.
    pub fn outlook(&self, period: Period, numbers: &[(&str, Vec<f64>)]) -> Outlook {
        let mut forecasts: Vec<NamedForecast> = self
            .histories
            .keys()
            .map(|name| {
                let found = numbers.iter().find(|(given, _)| given == name);
                let forecast = match found {
                    Some((_, values)) => Ok(self.by_hand(name, period, values)),
                    None => Err(ForecastError::NotEnoughData { needed: 2, got: 1 }),
                };
                NamedForecast { name: name.clone(), forecast }
            })
            .collect();
        forecasts.sort_by(|a, b| a.name.cmp(&b.name));
        Outlook { forecasts, dependence: Dependence::default() }
    }

    fn by_hand(&self, name: &str, period: Period, values: &[f64]) -> Forecast {
        let calendar = &self.model.settings.calendar;
        let history = &self.histories[name];
        let facts = crate::facts::Facts::all(&self.inputs(), period).remove(name).unwrap();
        let first = calendar.shift(history.start, history.values.len() as i64);
        let steps = calendar.periods(first.grain(), calendar.starts(first), calendar.ends(period));
        let inside = steps.iter().filter(|step| calendar.starts(**step) >= calendar.starts(period)).count();
        let per_window = if facts.series.roll == Roll::Total { inside as f64 } else { facts.per_window };
        let rows = values.iter().flat_map(|value| vec![value / per_window; steps.len()]).collect();
        Forecast {
            paths: Paths::new(rows, steps.len()),
            steps,
            windows: vec![QuarterPaths { period, values: values.to_vec(), weights: Vec::new() }],
            order: (0..values.len() as u32).collect(),
            models: Vec::new(),
            calibration: Calibration::default(),
            claims: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A date.
pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A period.
pub fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// A history without gaps.
pub fn history(start: &str, values: impl IntoIterator<Item = f64>) -> History {
    let start = period(start);
    let values = values.into_iter().map(Some).collect();
    History { grain: start.grain(), start, values, weights: vec![], partial: None, quarters: vec![] }
}

/// Evenly spread draws of a normal distribution, shuffled so that two of them are independent.
pub fn normal_draws(name: &str, count: usize, mean: f64, spread: f64) -> Vec<f64> {
    let mut values: Vec<f64> =
        (0..count).map(|at| mean + spread * normal::quantile((at as f64 + 0.5) / count as f64)).collect();
    let mut draws = quarterdeck_forecast::draws::Draws::named(1, name);
    for at in (1..count).rev() {
        values.swap(at, draws.below(at + 1));
    }
    values
}
