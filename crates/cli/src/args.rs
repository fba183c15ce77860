//! The command line as typed: what all commands take here, the options of each in a file of its family.

mod begin;
mod definitions;
mod following;
mod numbers;
mod questions;
mod targets;

pub use begin::{Add, Import, ImportFiles, ImportKind, Init};
use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
pub use definitions::{
    Check, CheckFormat, Completions, Diff, DiffFormat, Explain, Export, ExportForm, Fmt, Northstar, Spec, Tree,
    TreeFormat,
};
pub use following::{Close, FailOn, Justify, Note, PageFormat, Reader, Track};
pub use numbers::{Backtest, Csv, Every, Forecast, Series};
pub use questions::{Funnel, Initiatives, Whatif};
use std::path::PathBuf;
pub use targets::{Accept, Amend, Decided, Drop, Plan, Propose, Review, Verify};

/// Quarterdeck reads metric definitions as code, forecasts them, proposes quarterly targets with an honest chance of being
/// met, writes the page that justifies them and verifies every number.
#[derive(Debug, Parser)]
#[command(name = "qd", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Args {
    /// What to do; without it, `qd` says what it is
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What every command takes
    #[command(flatten)]
    pub everywhere: Everywhere,
}

/// The options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Everywhere {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub directory: Option<PathBuf>,
    /// The last day that counts, 2026-10-31; default: the end of the last period the data covers
    #[arg(long, value_name = "DATE", global = true, help_heading = "Everywhere", value_parser = date)]
    pub as_of: Option<NaiveDate>,
    /// Print one JSON object instead of text
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// The seed of all draws; default: that of quarterdeck.toml, or 1
    #[arg(long, value_name = "N", global = true, help_heading = "Everywhere")]
    pub seed: Option<u64>,
    /// When to use colours (NO_COLOR is honoured)
    #[arg(long, value_name = "WHEN", global = true, help_heading = "Everywhere", default_value = "auto")]
    pub color: When,
    /// Say nothing but results and errors
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What `qd` does.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Write a workspace that works at once
    Init(Init),
    /// Put a well-known metric into the workspace, with its pitfalls and its guards
    Add(Add),
    /// Read and check every definition; open no data unless told to
    Check(Check),
    /// Lay out definitions the one way they are laid out
    Fmt(Fmt),
    /// Explain the code of an error or lint
    Explain(Explain),
    /// Draw what metrics are made of and driven by
    Tree(Tree),
    /// Check the north star by seven points, or print the sheet of a workshop that finds one
    Northstar(Northstar),
    /// Write a metric's spec: what it is, how it is computed, who answers for it
    Spec(Spec),
    /// Tell what changed in meaning since a git revision
    Diff(Diff),
    /// Print a metric's values
    Series(Series),
    /// Draw a metric's forecast, with the models behind it
    Forecast(Forecast),
    /// Tell what would have been claimed for past quarters, and what came
    Backtest(Backtest),
    /// Write the next plan's file: what goes on, what came of the last one, what is open
    Plan(Plan),
    /// Propose a period's targets: the main job
    Propose(Propose),
    /// Ask what would follow, or what a target would take
    Whatif(Whatif),
    /// Rank initiatives by the chance they gain per week and per unit of cost
    Initiatives(Initiatives),
    /// Rank the leaks of the funnel by what a point is worth to the north star
    Funnel(Funnel),
    /// Go through open proposals one by one: accept, adjust with a reason, reject
    Review(Review),
    /// Accept proposed targets and freeze what they stand on
    Accept(Accept),
    /// Change an accepted target with a reason; what it was stays
    Amend(Amend),
    /// Withdraw an accepted target with a reason
    Drop(Drop),
    /// Recompute every number of ledgers and pages
    Verify(Verify),
    /// Write the pages that justify a period's targets
    Justify(Justify),
    /// Follow accepted targets through their period: pace, landing, exceptions first
    Track(Track),
    /// Write down what was said about a target, and who does what until when
    Note(Note),
    /// Close a period: grades, reasons, and the scoreboard of all closed ones
    Close(Close),
    /// Add the tables of other files to the workspace
    Import(Import),
    /// Print what the definitions mean, for other programs
    Export(Export),
    /// Print what a shell loads to complete commands
    Completions(Completions),
}

/// A day as ISO 8601 writes it.
fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "a date is written 2026-10-31".to_owned())
}

/// A chance as people write it: `60%`, `60` or `0.6`.
fn percent(text: &str) -> Result<f64, String> {
    let digits = text.trim().trim_end_matches('%').trim();
    let value: f64 = digits.parse().map_err(|_| "a chance is written 60%".to_owned())?;
    let share = if text.contains('%') || value > 1.0 { value / 100.0 } else { value };
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err("a chance lies between 0 % and 100 %".to_owned()) }
}

/// The names of the templates.
fn templates() -> clap::builder::PossibleValuesParser {
    let value =
        |template: &crate::template::Template| clap::builder::PossibleValue::new(template.name).help(template.whose);
    crate::template::TEMPLATES.iter().map(value).collect::<Vec<_>>().into()
}
