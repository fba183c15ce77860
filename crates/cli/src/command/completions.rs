//! `qd completions`: what a shell loads to complete commands.

use crate::args::{Args, Completions};
use crate::error::{Exit, Failure};
use crate::output::Output;
use clap::CommandFactory;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The object of `qd completions --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Script<'a> {
    shell: String,
    /// What the shell loads.
    script: Cow<'a, str>,
}

/// Prints the script of a shell.
pub fn run(args: &Completions, output: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "qd", &mut script);
    if output.json {
        let script = String::from_utf8_lossy(&script);
        output.object(&Script { shell: args.shell.to_string(), script })?;
    } else {
        output.bytes(&script);
    }
    Ok(Exit::Done)
}
