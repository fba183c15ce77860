//! Definitions: checked, laid out, explained, drawn, told and compared.

use clap::ValueEnum;
use std::path::PathBuf;

/// `qd check`
#[derive(Clone, Debug, clap::Args)]
pub struct Check {
    /// Also open the data: every metric is read, golden values, freshness and identities are checked
    #[arg(long)]
    pub data: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "human")]
    pub format: CheckFormat,
}

/// How `qd check` prints what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Text with the places shown
    Human,
    /// One object, as with `--json`
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Commands that make GitHub mark the places in a pull request
    Github,
}

/// `qd fmt`
#[derive(Clone, Debug, clap::Args)]
pub struct Fmt {
    /// Files or folders, or - for stdin to stdout; every definition of the workspace where none is named
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write nothing; show what would change, and fail if anything would
    #[arg(long)]
    pub check: bool,
}

/// `qd explain`
#[derive(Clone, Debug, clap::Args)]
pub struct Explain {
    /// The code, as in E031; without it, every code is listed
    pub code: Option<String>,
}

/// `qd tree`
#[derive(Clone, Debug, clap::Args)]
pub struct Tree {
    /// Only this metric and what is below it
    pub metric: Option<String>,
    /// How to draw it
    #[arg(long, value_enum, default_value = "text")]
    pub format: TreeFormat,
    /// Check what is stated exactly against the data, and test on history what is believed
    #[arg(long)]
    pub validate: bool,
    /// Draw no numbers, and open no data
    #[arg(long, conflicts_with = "validate")]
    pub bare: bool,
}

/// How `qd tree` draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TreeFormat {
    /// Lines of text
    Text,
    /// Mermaid, which code hosts draw
    Mermaid,
    /// A picture
    Svg,
    /// One object, as with `--json`
    Json,
}

/// `qd northstar`
#[derive(Clone, Debug, clap::Args)]
pub struct Northstar {
    /// Check this metric, whatever its role
    pub metric: Option<String>,
    /// Print the sheet for a workshop of two hours, as Markdown
    #[arg(long)]
    pub workshop: bool,
}

/// `qd spec`
#[derive(Clone, Debug, clap::Args)]
pub struct Spec {
    /// Which metric
    #[arg(required_unless_present = "all")]
    pub metric: Option<String>,
    /// Every metric, with an index
    #[arg(long, conflicts_with = "metric")]
    pub all: bool,
    /// Write one file per metric into this folder, instead of to stdout
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// `qd diff`
#[derive(Clone, Debug, clap::Args)]
pub struct Diff {
    /// The git revision to compare the files on disk with
    #[arg(value_name = "REV", default_value = "HEAD")]
    pub revision: String,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub format: DiffFormat,
}

/// How `qd diff` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// Text
    Text,
    /// Markdown, for a pull request
    Markdown,
    /// One object, as with `--json`
    Json,
}

/// `qd export`
#[derive(Clone, Debug, clap::Args)]
pub struct Export {
    /// In which form
    #[arg(value_enum, value_name = "FORM")]
    pub form: ExportForm,
    /// With `schema`: whose object; without, every schema there is
    pub name: Option<String>,
}

/// The forms of `qd export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// The resolved model as one object
    Json,
    /// The JSON Schema of what a command prints
    Schema,
}

/// `qd completions`
#[derive(Clone, Debug, clap::Args)]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
