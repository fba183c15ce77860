//! What `qd check --data` finds: rows that break an expectation, stale sources, golden values missed, identities that do
//! not hold, data that cannot be read.

mod codes;
mod expectations;
mod identity;

pub use codes::CODES;

use crate::error::{Failure, data_hints};
use crate::output::Output;
use crate::reading::Definitions;
use crate::rendering;
use crate::workspace::Workspace;
use codes::{FRESH, GOLDEN, IDENTITY, UNREADABLE};
use quarterdeck_calendar::Grain;
use quarterdeck_data::{DataError, Loaded, Observed, Request, Wanted};
use quarterdeck_lang::model::{Measure, Metric, MetricTest, Place};
use quarterdeck_lang::{Diagnostic, Files, Model, Severity, Span};

/// Opens the data of every metric and says what is wrong with it.
pub fn findings(
    workspace: &Workspace,
    as_of: Option<chrono::NaiveDate>,
    output: &Output,
) -> Result<Vec<Diagnostic>, Failure> {
    let _working = output.working("reading data");
    let definitions = workspace.definitions();
    let model = definitions.model;
    let computed = |metric: &&Metric| !matches!(metric.measure, Measure::Pending { .. });
    let wanted: Vec<Wanted> =
        model.metrics.values().filter(computed).map(|metric| Wanted::whole(metric.name.clone())).collect();
    let mut found = Findings { model, files: definitions.files, diagnostics: Vec::new() };
    if wanted.is_empty() {
        return Ok(found.diagnostics);
    }
    let loaded = match load(&definitions, &wanted, as_of) {
        Ok(loaded) => loaded,
        Err(error) if error.is_engine() => return Err(Failure::data(&error, definitions.files)),
        Err(error) => {
            found.unreadable(&error);
            // One source must not hide what is wrong with the others.
            for each in &wanted {
                if let Err(error) = load(&definitions, std::slice::from_ref(each), as_of) {
                    found.unreadable(&error);
                }
            }
            return Ok(found.diagnostics);
        }
    };
    found.stale(&loaded);
    expectations::check(&definitions, &loaded, &mut found);
    for metric in model.metrics.values() {
        let Some(observed) = loaded.metrics.get(&metric.name) else { continue };
        metric.tests.iter().for_each(|test| found.golden(metric, test, observed));
        identity::check(metric, &loaded, &mut found);
    }
    Ok(found.diagnostics)
}

#[expect(clippy::result_large_err, reason = "an error ends here in one diagnostic")]
fn load(
    definitions: &Definitions<'_>,
    wanted: &[Wanted],
    as_of: Option<chrono::NaiveDate>,
) -> Result<Loaded, DataError> {
    let Definitions { root, model, .. } = *definitions;
    quarterdeck_data::load(&Request { root, model, wanted, as_of, window: Grain::Quarter })
}

/// Diagnostics about data, at the lines of the definitions they belong to.
struct Findings<'a> {
    model: &'a Model,
    files: &'a Files,
    diagnostics: Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Adds one; what was said is not repeated.
    fn add(&mut self, code: &'static str, severity: Severity, message: String, place: &Place, hints: &[String]) {
        if self.diagnostics.iter().any(|each| each.message == message) {
            return;
        }
        let mut diagnostic = Diagnostic::new(code, severity, line(self.files, place), message);
        diagnostic.hints = hints.to_vec();
        self.diagnostics.push(diagnostic);
    }

    fn unreadable(&mut self, error: &DataError) {
        let place = error.place().cloned().unwrap_or_default();
        let hints = data_hints(error);
        self.add(UNREADABLE, Severity::Error, error.to_string(), &place, &hints);
    }

    /// Sources whose newest row is older than `fresh` allows.
    fn stale(&mut self, loaded: &Loaded) {
        for (name, coverage) in &loaded.sources {
            let Some(source) = self.model.sources.get(name) else { continue };
            let Some(fresh) = source.fresh else { continue };
            let age = (loaded.as_of - coverage.last).num_days();
            if age as f64 > fresh.days() {
                let days = rendering::count(age.unsigned_abs() as usize, "day");
                let message = format!(
                    "source `{name}` ends on {}, {days} before {}, and may be {} days old",
                    coverage.last,
                    loaded.as_of,
                    fresh.days()
                );
                let hints = ["bring its files up to date, or say in `fresh:` how old they may be".to_owned()];
                self.add(FRESH, Severity::Warning, message, &source.place, &hints);
            }
        }
    }

    /// A golden value that is not what the data gives.
    fn golden(&mut self, metric: &Metric, test: &MetricTest, observed: &Observed) {
        let point = observed.points.iter().find(|point| point.period == test.at && point.complete);
        let quarter = observed.history.quarters.iter().find(|quarter| quarter.period == test.at && quarter.complete);
        let value = point.and_then(|point| point.value).or(quarter.map(|quarter| quarter.value));
        let name = &metric.name;
        let Some(value) = value else {
            let message = format!("`{name}` has no value for {}, which \"{}\" looks at", test.at, test.label);
            let hints = [format!("name one of its own periods (it has one per {}) or a whole quarter", metric.grain)];
            self.add(GOLDEN, Severity::Deny, message, &test.place, &hints);
            return;
        };
        // Exact means as exact as a number with nine digits can be told.
        let room = (test.within * test.is.abs()).max(test.is.abs() * 1e-9);
        if (value - test.is).abs() > room {
            let message = format!("`{name}` in {} is {value}, and \"{}\" says {}", test.at, test.label, test.is);
            let hints = ["find out which of the two is right before anybody sets a target on it".to_owned()];
            self.add(GOLDEN, Severity::Deny, message, &test.place, &hints);
        }
    }

    /// An identity that does not hold in some periods.
    fn residual(&mut self, metric: &Metric, off: usize, of: usize, worst: (chrono::NaiveDate, f64, f64)) {
        let (start, value, computed) = worst;
        let message = format!(
            "`{}` is not what `equals:` says in {off} of {of} periods; most in that of {start}: {value} against {computed}",
            metric.name
        );
        let hints = ["look for rows that one side counts and the other does not".to_owned()];
        self.add(IDENTITY, Severity::Warning, message, &metric.definition.place, &hints);
    }
}

/// The text of the line a place names.
fn line(files: &Files, place: &Place) -> Option<Span> {
    let (id, file) = files.iter().find(|(_, file)| file.path() == place.file)?;
    let number = (place.line as usize).checked_sub(1)?;
    let mut start = 0;
    for (at, line) in file.text().split_inclusive('\n').enumerate() {
        if at == number {
            let indent = line.len() - line.trim_start().len();
            let end = start + line.trim_end().len().max(indent);
            return Some(Span { file: id, start: (start + indent) as u32, end: end as u32 });
        }
        start += line.len();
    }
    None
}
