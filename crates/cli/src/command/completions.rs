//! `qd completions`: what a shell loads to complete commands.

use crate::args::{Args, Completions};
use crate::error::{Exit, Failure};
use crate::output::Output;
use clap::CommandFactory;
use serde_json::json;

/// Prints the script of a shell.
pub fn run(args: &Completions, output: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "qd", &mut script);
    if output.json {
        let script = String::from_utf8_lossy(&script);
        output.object(&json!({ "shell": args.shell.to_string(), "script": script }))?;
    } else {
        output.bytes(&script);
    }
    Ok(Exit::Done)
}
