//! What `qd check --data` finds: promises the data does not keep, identities that do not hold, data that cannot be read.

use crate::command::diff::ledger::stale;
use crate::error::{Failure, data_hints};
use crate::output::Output;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_data::{DataError, Finding, Promise, check_data};
use quarterdeck_lang::codes::{Code, data as codes};
use quarterdeck_lang::model::{Allow, LintLevel, Place};
use quarterdeck_lang::{Diagnostic, Files, Model, Severity, Span};

/// Opens the data of every metric and says what is wrong with it.
pub fn findings(workspace: &Workspace, as_of: Option<NaiveDate>, output: &Output) -> Result<Vec<Diagnostic>, Failure> {
    let _working = output.working("reading data");
    let definitions = workspace.definitions();
    let model = definitions.model;
    let mut found = Findings { model, files: definitions.files, diagnostics: Vec::new() };
    let checked =
        check_data(definitions.root, model, as_of).map_err(|error| Failure::data(&error, definitions.files))?;
    checked.unread.iter().for_each(|error| found.unreadable(error));
    checked.findings.iter().for_each(|finding| found.broken(finding));
    Ok(found.diagnostics)
}

/// Says which accepted targets stand on a definition that has changed since. A ledger that cannot be read is for
/// `qd verify` to tell.
pub fn outdated(workspace: &Workspace) -> Vec<Diagnostic> {
    let definitions = workspace.definitions();
    let mut found = Findings { model: definitions.model, files: definitions.files, diagnostics: Vec::new() };
    for stale in stale(workspace).unwrap_or_default() {
        let metric = definitions.model.metrics.get(&stale.metric);
        let plan = definitions.model.plans.get(&stale.period);
        let target = plan.into_iter().flat_map(|plan| &plan.targets).find(|target| {
            target.metric == stale.metric && target.slice.as_ref().map(|slice| &slice.text) == stale.slice.as_ref()
        });
        let place = target.map(|target| &target.place).or(metric.map(|metric| &metric.definition.place));
        let allows = target.map(|target| &target.allows).or(metric.map(|metric| &metric.allows));
        let part = stale.slice.map(|slice| format!(" for {slice}")).unwrap_or_default();
        let now = stale.revision.map_or("gone".to_owned(), |revision| format!("revision {revision} now"));
        let message = format!(
            "the target of `{}`{part} in {} was accepted on revision {}, and its definition is {now}",
            stale.metric, stale.period, stale.accepted_revision
        );
        let hint = "`qd propose` computes it anew; `qd amend` says why it stands";
        let allows = allows.map(Vec::as_slice).unwrap_or_default();
        let place = place.cloned().unwrap_or_default();
        found.judge((&codes::OUTDATED, LintLevel::Warn), allows, message, &place, hint);
    }
    found.diagnostics
}

/// Diagnostics about data, at the lines of the definitions they belong to.
struct Findings<'a> {
    model: &'a Model,
    files: &'a Files,
    diagnostics: Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Adds one; what was said is not repeated.
    fn add(&mut self, code: &Code, severity: Severity, message: String, place: &Place, hints: &[String]) {
        if self.diagnostics.iter().any(|each| each.message == message) {
            return;
        }
        let mut diagnostic = Diagnostic::new(code.code, severity, line(self.files, place), message);
        diagnostic.hints = hints.to_vec();
        self.diagnostics.push(diagnostic);
    }

    /// Adds what may be allowed in place and weighed in the settings, as lints are.
    fn judge(
        &mut self,
        (code, level): (&Code, LintLevel),
        allows: &[Allow],
        message: String,
        place: &Place,
        hint: &str,
    ) {
        if allows.iter().any(|allow| allow.code == code.code) {
            return;
        }
        let severity = match self.model.settings.lints.get(code.code).copied().unwrap_or(level) {
            LintLevel::Allow => return,
            LintLevel::Warn => Severity::Warning,
            LintLevel::Deny => Severity::Deny,
        };
        self.add(code, severity, message, place, &[hint.to_owned()]);
    }

    /// What cannot be read is a mistake of the definitions or the data.
    fn unreadable(&mut self, error: &DataError) {
        let place = error.place().cloned().unwrap_or_default();
        let hints = data_hints(error);
        self.add(&codes::UNREADABLE, Severity::Error, error.to_string(), &place, &hints);
    }

    /// A promise that the data does not keep.
    fn broken(&mut self, finding: &Finding) {
        let (code, hint) = match finding.promise {
            Promise::Expect => (
                (&codes::EXPECT, LintLevel::Deny),
                format!("mend the rows, or the expectation of `{}`", finding.subject),
            ),
            Promise::Fresh => {
                let hint = "bring its files up to date, or say in `fresh:` how old they may be";
                ((&codes::FRESH, LintLevel::Warn), hint.to_owned())
            }
            Promise::Test => {
                let hint = "find out which of the two is right before anybody sets a target on it";
                ((&codes::GOLDEN, LintLevel::Deny), hint.to_owned())
            }
            Promise::Equals => {
                let hint = "look for rows that one side counts and the other does not";
                ((&codes::IDENTITY, LintLevel::Warn), hint.to_owned())
            }
            Promise::Slope => {
                let hint = "ask less of it, share the objective among several metrics, or say with `allow: D006 \"…\"` why the slope holds";
                ((&codes::SLOPE, LintLevel::Warn), hint.to_owned())
            }
        };
        let model = self.model;
        let mut targets = model.plans.values().flat_map(|plan| &plan.targets);
        let allows = match finding.promise {
            Promise::Slope => targets.find(|target| target.place == finding.place).map(|target| &target.allows),
            Promise::Test | Promise::Equals => model.metrics.get(&finding.subject).map(|metric| &metric.allows),
            Promise::Expect | Promise::Fresh => model.sources.get(&finding.subject).map(|source| &source.allows),
        };
        let allows = allows.map(Vec::as_slice).unwrap_or_default();
        self.judge(code, allows, finding.message.clone(), &finding.place, &hint);
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
