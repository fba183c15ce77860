//! `qd export`: what the definitions mean, for other programs, and the schemas of what commands print.

use crate::args::{Export, ExportForm};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::schema;
use crate::settings::Settings;
use crate::workspace::Workspace;
use quarterdeck_lang::Model;
use quarterdeck_lang::suggest::nearest;
use schemars::JsonSchema;
use serde::Serialize;

/// The object of `qd export json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exported<'a> {
    /// The version of qd that resolved it.
    version: &'static str,
    /// Everything the workspace declares, resolved.
    model: &'a Model,
}

/// Prints the resolved model, which definitions with errors have none of, or a schema.
pub fn run(args: &Export, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    match args.form {
        ExportForm::Json => {
            if let Some(name) = &args.name {
                return Err(Failure::input(format!("`qd export json` exports all of the model, and `{name}` follows"))
                    .hint("leave the name out"));
            }
            let workspace = Workspace::open(settings)?;
            workspace.stop_at_any_error()?;
            output.object(&Exported { version: env!("CARGO_PKG_VERSION"), model: &workspace.checked.model })?;
        }
        ExportForm::Schema => match &args.name {
            Some(name) => output.object(&found(name)?.schema())?,
            None if output.json => {
                let all = schema::SCHEMAS.iter().map(|entry| (entry.name, entry.schema()));
                output.object(&all.collect::<std::collections::BTreeMap<_, _>>())?;
            }
            None => {
                let lines = schema::SCHEMAS.iter().map(|entry| format!("{:<14}{}\n", entry.name, entry.by));
                output.result(&lines.collect::<String>());
            }
        },
    }
    Ok(Exit::Done)
}

fn found(name: &str) -> Result<&'static schema::Entry, Failure> {
    let names = || schema::SCHEMAS.iter().map(|entry| entry.name);
    schema::find(name).ok_or_else(|| {
        let failure = Failure::input(format!("there is no schema `{name}`"));
        match nearest(name, names()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("`qd export schema` lists them all"),
        }
    })
}
