//! The commands, one file each.

pub mod accept;
pub mod add;
pub mod amend;
pub mod backtest;
pub mod check;
pub mod close;
pub mod completions;
pub mod diff;
pub mod drop;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod forecast;
mod funnel;
mod import;
pub mod init;
mod initiatives;
pub mod justify;
pub mod northstar;
mod note;
pub mod plan;
mod propose;
pub mod review;
pub mod series;
pub mod spec;
pub mod track;
pub mod tree;
pub mod verify;
pub mod welcome;
mod whatif;

use crate::args::Command;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;

/// Runs a command; without one, `qd` says what it is.
pub fn run(command: Option<Command>, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    match command {
        None => welcome::run(settings, output),
        Some(Command::Init(args)) => init::run(&args, settings, output),
        Some(Command::Add(args)) => add::run(&args, settings, output),
        Some(Command::Check(args)) => check::run(&args, settings, output),
        Some(Command::Fmt(args)) => fmt::run(&args, settings, output),
        Some(Command::Explain(args)) => explain::run(&args, output),
        Some(Command::Series(args)) => series::run(&args, settings, output),
        Some(Command::Forecast(args)) => forecast::run(&args, settings, output),
        Some(Command::Backtest(args)) => backtest::run(&args, settings, output),
        Some(Command::Plan(args)) => plan::run(&args, settings, output),
        Some(Command::Propose(args)) => propose::run(&args, settings, output),
        Some(Command::Whatif(args)) => whatif::run(&args, settings, output),
        Some(Command::Initiatives(args)) => initiatives::run(&args, settings, output),
        Some(Command::Funnel(args)) => funnel::run(&args, settings, output),
        Some(Command::Accept(args)) => accept::run(&args, settings, output),
        Some(Command::Review(args)) => review::run(&args, settings, output),
        Some(Command::Amend(args)) => amend::run(&args, settings, output),
        Some(Command::Drop(args)) => drop::run(&args, settings, output),
        Some(Command::Verify(args)) => verify::run(&args, settings, output),
        Some(Command::Justify(args)) => justify::run(&args, settings, output),
        Some(Command::Track(args)) => track::run(&args, settings, output),
        Some(Command::Note(args)) => note::run(&args, settings, output),
        Some(Command::Close(args)) => close::run(&args, settings, output),
        Some(Command::Tree(args)) => tree::run(&args, settings, output),
        Some(Command::Northstar(args)) => northstar::run(&args, settings, output),
        Some(Command::Spec(args)) => spec::run(&args, settings, output),
        Some(Command::Diff(args)) => diff::run(&args, settings, output),
        Some(Command::Import(args)) => import::run(&args, settings, output),
        Some(Command::Export(args)) => export::run(&args, settings, output),
        Some(Command::Completions(args)) => completions::run(&args, output),
    }
}

/// Fails with the errors that stand in the way of proposing a period.
pub fn stop_at_errors(workspace: &Workspace, period: Period, output: &Output) -> Result<(), Failure> {
    propose::stop_at_errors(workspace, Some(period), output)
}
