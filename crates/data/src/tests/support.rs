//! A workspace in a temporary folder, and its series as text.

use crate::{DataError, Loaded, Observed, Request, Wanted, load};
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::Grain;
use quarterdeck_lang::{Model, TextFile};
use std::path::Path;
use tempfile::TempDir;

/// A workspace.
pub struct Workspace {
    /// Its folder.
    pub folder: TempDir,
    /// What its texts mean.
    pub model: Model,
}

/// A workspace with one text of definitions and data files.
pub fn workspace(definitions: &str, files: &[(&str, &str)]) -> Workspace {
    workspace_with("", definitions, files)
}

/// The same with settings.
pub fn workspace_with(settings: &str, definitions: &str, files: &[(&str, &str)]) -> Workspace {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    workspace_of_bytes(settings, definitions, &files)
}

/// The same with files of any content.
pub fn workspace_of_bytes(settings: &str, definitions: &str, files: &[(&str, &[u8])]) -> Workspace {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let checked = quarterdeck_lang::check(
        Some(TextFile::new("quarterdeck.toml", settings)),
        vec![TextFile::new("metrics.qd", definitions)],
    );
    let errors: Vec<_> = checked.errors().map(|error| format!("{error:?}")).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    Workspace { folder, model: checked.model }
}

impl Workspace {
    /// Reads metrics with quarters as windows.
    pub fn load(&self, metrics: &[&str], as_of: Option<&str>) -> Result<Loaded, DataError> {
        let wanted: Vec<Wanted> = metrics.iter().map(|name| Wanted::whole(*name)).collect();
        self.load_wanted(&wanted, as_of)
    }

    /// Reads what is wanted.
    pub fn load_wanted(&self, wanted: &[Wanted], as_of: Option<&str>) -> Result<Loaded, DataError> {
        let as_of = as_of.map(|day| day.parse::<NaiveDate>().unwrap());
        let root: &Path = self.folder.path();
        load(&Request { root, model: &self.model, wanted, as_of, window: Grain::Quarter })
    }

    /// One metric's series.
    pub fn read(&self, metric: &str) -> Observed {
        self.load(&[metric], None).unwrap_or_else(|error| panic!("{error:#?}")).metrics.remove(metric).unwrap()
    }

    /// One metric's series as text.
    pub fn shown(&self, metric: &str) -> String {
        shown(&self.read(metric))
    }

    /// Why a metric cannot be read: its line and all its facts.
    pub fn error(&self, metric: &str) -> String {
        match self.load(&[metric], None) {
            Ok(_) => "no error".into(),
            Err(error) => format!("{error}\n{error:#?}"),
        }
    }
}

/// Checks the series of metrics over one source `rows` in `data.csv` with time `date`.
#[track_caller]
pub fn check(source: &str, metrics: &str, csv: &str, expect: &[(&str, &str)]) {
    let source = format!("source rows {{ from: \"data.csv\" time: date {source} }}\n{metrics}");
    let workspace = workspace(&source, &[("data.csv", csv)]);
    for (metric, expect) in expect {
        assert_eq!(workspace.shown(metric), *expect, "{metric}");
    }
}

/// Values, the unfinished one after a `+`, weights in braces, quarters in brackets.
pub fn shown(observed: &Observed) -> String {
    let number = |value: Option<f64>| value.map_or("gap".to_owned(), |value| value.to_string());
    let history = &observed.history;
    let mut text = format!("{}:", history.start);
    for (at, value) in history.values.iter().enumerate() {
        text += &format!(" {}", number(*value));
        if let Some(weight) = history.weights.get(at) {
            text += &format!("{{{}}}", number(*weight));
        }
    }
    if let Some(partial) = history.partial {
        text += &format!(" + {} through {}", partial.value, partial.through);
    }
    for quarter in &history.quarters {
        let mark = if quarter.complete { String::new() } else { format!(" through {}", quarter.through) };
        let weight = quarter.weight.map_or(String::new(), |weight| format!("{{{weight}}}"));
        text += &format!(" [{}: {}{weight}{mark}]", quarter.period, quarter.value);
    }
    text
}

/// `date` and more columns for so many days from a first one.
pub fn daily(header: &str, first: &str, days: u64, row: impl Fn(u64, NaiveDate) -> String) -> String {
    let first: NaiveDate = first.parse().unwrap();
    let mut text = format!("{header}\n");
    for day in 0..days {
        let date = first + Days::new(day);
        text += &format!("{date},{}\n", row(day, date));
    }
    text
}
