//! A period as it goes on and ends, and its pages.

use super::{Csv, date};
use chrono::NaiveDate;
use clap::ValueEnum;

/// `qd justify`
#[derive(Clone, Debug, clap::Args)]
pub struct Justify {
    /// The period, 2027-Q1
    pub period: String,
    /// One page for each of these metrics; the whole plan in one page where none is named
    pub metrics: Vec<String>,
    /// For whom
    #[arg(long = "for", value_enum, value_name = "AUDIENCE", default_value = "leadership")]
    pub audience: Reader,
    /// In which format; Markdown and HTML where unsaid
    #[arg(long, value_enum)]
    pub format: Option<PageFormat>,
    /// Where to write it: a file, a folder, or - for stdout
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<String>,
    /// Instead of pages, the plan's path of every target by week and month, as CSV
    #[arg(long, conflicts_with = "format")]
    pub phasing: bool,
    /// Write the charts as PNG pictures beside the page, for a slide or a mail
    #[arg(long)]
    pub png: bool,
}

/// For whom a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// Who decides
    Leadership,
    /// Who pays
    Finance,
    /// Who builds
    Engineering,
    /// Who designs
    Design,
    /// Who sells
    Marketing,
}

/// The format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// Markdown
    Md,
    /// One self-contained HTML file
    Html,
    /// Plain text
    Text,
}

/// `qd track`
#[derive(Clone, Debug, clap::Args)]
pub struct Track {
    /// Which period; default: the accepted one the data reaches into
    pub period: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub format: PageFormat,
    /// Fail (exit code 1) where a target has this colour
    #[arg(long, value_enum, value_name = "COLOUR")]
    pub fail_on: Option<FailOn>,
    /// Keep this reading of every target in the period's log
    #[arg(long)]
    pub keep: bool,
    /// Write it into this file instead of to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<String>,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// The colours `qd track` can fail on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Red targets
    Red,
    /// Red and yellow targets
    Yellow,
}

/// `qd note`
#[derive(Clone, Debug, clap::Args)]
pub struct Note {
    /// About which metric's target
    pub metric: String,
    /// What is said
    pub note: String,
    /// Who says it
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Until when something is to be done
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub due: Option<NaiveDate>,
    /// Who does it
    #[arg(long, value_name = "WHO")]
    pub owner: Option<String>,
    /// The note that is done with this one, by its id in `qd track`
    #[arg(long, value_name = "ID")]
    pub done: Option<String>,
    /// The part of the metric that the target is for: 'country = "UK"'
    #[arg(long, value_name = "CONDITION")]
    pub slice: Option<String>,
    /// Of which period; default: the accepted one the data reaches into
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
}

/// `qd close`
#[derive(Clone, Debug, clap::Args)]
pub struct Close {
    /// Which period; without one, the scoreboard of all closed ones is shown
    pub period: Option<String>,
    /// Write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}
