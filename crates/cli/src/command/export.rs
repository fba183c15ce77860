//! `qd export`: what the definitions mean, for other programs.

use crate::args::{Export, ExportForm};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace::Workspace;
use serde_json::json;

/// Prints the resolved model; definitions with errors have none.
pub fn run(args: &Export, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    workspace.stop_at_any_error()?;
    match args.form {
        ExportForm::Json => {
            let model = &workspace.checked.model;
            output.object(&json!({ "version": env!("CARGO_PKG_VERSION"), "model": model }))?;
        }
    }
    Ok(Exit::Done)
}
