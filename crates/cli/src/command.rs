//! The commands, one file each.

mod check;
mod explain;
mod welcome;

use crate::args::Command;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;

/// Runs a command; without one, `qd` says what it is.
pub fn run(command: Option<Command>, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    match command {
        None => welcome::run(settings, output),
        Some(Command::Check(args)) => check::run(&args, settings, output),
        Some(Command::Explain(args)) => explain::run(&args, output),
        _ => Err(Failure::input("not here yet")),
    }
}
