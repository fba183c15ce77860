//! `qd`: metric definitions as code, forecasts, quarterly targets with honest chances.
//!
//! Flows in: a command line and a workspace folder. Flows out: results on stdout, talk on stderr, files of the ledger and
//! of pages, an exit code. A thin front end: it reads and writes files, carries values from crate to crate, and words what
//! they say. Never: numbers of its own.

// The pure crates read no files; this one is there to.
#![allow(clippy::disallowed_methods)]

mod ahead;
mod args;
mod catalogue;
mod changes;
mod command;
mod deciding;
mod error;
mod files;
mod following;
mod git;
mod graph;
mod import;
mod needs;
mod output;
mod pages;
mod paths;
mod reading;
mod recompute;
mod rendering;
mod schema;
mod settings;
mod sheet;
mod standing;
mod template;
mod view;
mod workspace;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return error::usage(&error).into(),
    };
    let settings = settings::Settings::from(&args);
    let output = output::Output::new(&settings);
    let exit = match command::run(args.command, &settings, &output) {
        Ok(exit) => exit,
        Err(failure) => failure.report(&output),
    };
    exit.into()
}
