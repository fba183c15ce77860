//! `qd check`: every definition parsed, resolved, typed and linted.

mod data;

use crate::args::{Check, CheckFormat};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::rendering;
use crate::settings::Settings;
use crate::workspace::{self, Workspace};
use quarterdeck_lang::{Diagnostic, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// Checks the workspace and prints what it found.
pub fn run(args: &Check, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let mut diagnostics = Cow::from(&workspace.checked.diagnostics);
    if workspace.root.join("targets").is_dir() {
        diagnostics.to_mut().extend(data::outdated(&workspace));
    }
    if args.data {
        diagnostics.to_mut().extend(data::findings(&workspace, settings.as_of, output)?);
    }
    print(args, &workspace, &diagnostics, output)?;
    let exit = workspace::exit(&diagnostics);
    // The process ends here: to give back a large workspace piece by piece takes as long as to read it.
    drop(diagnostics);
    std::mem::forget(workspace);
    Ok(exit)
}

fn print(args: &Check, workspace: &Workspace, diagnostics: &[Diagnostic], output: &Output) -> Result<(), Failure> {
    let files = &workspace.checked.files;
    match args.format {
        CheckFormat::Sarif => {
            let folder = workspace::seen_from_here(&workspace.root);
            output.object(&rendering::sarif::log(files, diagnostics, &folder))
        }
        CheckFormat::Json => object(workspace, diagnostics, output),
        _ if output.json => object(workspace, diagnostics, output),
        CheckFormat::Github => {
            let folder = workspace::seen_from_here(&workspace.root);
            output.result(&rendering::github::all(files, diagnostics, &folder));
            Ok(())
        }
        CheckFormat::Human => {
            if !diagnostics.is_empty() {
                output.result(&(rendering::all(files, diagnostics, output.width) + "\n"));
            }
            output.result(&summary(workspace, diagnostics));
            Ok(())
        }
    }
}

/// The object of `qd check --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report<'a> {
    /// How many files were read.
    files: usize,
    /// How many metrics could be resolved.
    metrics: usize,
    /// What was found, in order of file and place.
    diagnostics: Vec<rendering::json::Told<'a>>,
}

fn object(workspace: &Workspace, diagnostics: &[Diagnostic], output: &Output) -> Result<(), Failure> {
    let files = &workspace.checked.files;
    output.object(&Report {
        files: workspace.count,
        metrics: workspace.checked.model.metrics.len(),
        diagnostics: diagnostics.iter().map(|each| rendering::json::diagnostic(files, each)).collect(),
    })
}

/// What was checked and how much was found, in one line, and what to type next.
fn summary(workspace: &Workspace, diagnostics: &[Diagnostic]) -> String {
    let metrics = rendering::count(workspace.checked.model.metrics.len(), "metric");
    let files = rendering::count(workspace.count, "file");
    let kinds = [(Severity::Error, "error"), (Severity::Deny, "denied lint"), (Severity::Warning, "warning")];
    let found: Vec<String> = kinds
        .iter()
        .map(|(severity, word)| (diagnostics.iter().filter(|each| each.severity == *severity).count(), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| rendering::count(number, word))
        .collect();
    if found.is_empty() {
        return format!("{metrics} in {files}: nothing to complain about\n");
    }
    let code = diagnostics.first().map_or("CODE", |each| each.code);
    format!("{metrics} in {files}: {}; `qd explain {code}` tells more\n", found.join(", "))
}
