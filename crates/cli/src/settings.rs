//! What the command line means.

use crate::args::{Args, When};
use chrono::NaiveDate;
use std::path::PathBuf;

/// The meaning of the options every command takes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder to work in.
    pub directory: PathBuf,
    /// The last day that counts; `None` lets the data say.
    pub as_of: Option<NaiveDate>,
    /// Whether results are one JSON object.
    pub json: bool,
    /// The seed, where it was given.
    pub seed: Option<u64>,
    /// When to use colours.
    pub color: anstream::ColorChoice,
    /// Whether only results and errors are said.
    pub quiet: bool,
}

impl From<&Args> for Settings {
    fn from(args: &Args) -> Settings {
        let everywhere = &args.everywhere;
        let color = match everywhere.color {
            When::Auto => anstream::ColorChoice::Auto,
            When::Always => anstream::ColorChoice::Always,
            When::Never => anstream::ColorChoice::Never,
        };
        Settings {
            directory: everywhere.directory.clone().unwrap_or_else(|| PathBuf::from(".")),
            as_of: everywhere.as_of,
            json: everywhere.json,
            seed: everywhere.seed,
            color,
            quiet: everywhere.quiet,
        }
    }
}
