//! A workspace in a temporary folder, and its series as text.

use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use crate::{DataError, Loaded, Observed, Request, Wanted, load};
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
        self.load(&[metric], None).unwrap_or_else(|error| panic!("{error}")).metrics.remove(metric).unwrap()
    }
}

/// Values, the unfinished one after a `+`, quarters in brackets.
pub fn shown(observed: &Observed) -> String {
    let number = |value: Option<f64>| value.map_or("gap".to_owned(), |value| value.to_string());
    let history = &observed.history;
    let mut text = format!("{}:", history.start);
    for value in &history.values {
        text += &format!(" {}", number(*value));
    }
    if let Some(partial) = history.partial {
        text += &format!(" + {} through {}", partial.value, partial.through);
    }
    for quarter in &history.quarters {
        let mark = if quarter.complete { String::new() } else { format!(" through {}", quarter.through) };
        text += &format!(" [{}: {}{mark}]", quarter.period, quarter.value);
    }
    text
}

/// The whole message of an error: its line, its facts.
pub fn message(error: &DataError) -> String {
    format!("{error}\n{error:#?}")
}
