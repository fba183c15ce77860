//! Beginning a workspace and adding to it.

use super::templates;
use clap::Subcommand;
use std::path::PathBuf;

/// `qd init`
#[derive(Clone, Debug, clap::Args)]
pub struct Init {
    /// Where to write it; default: the current folder
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Which workspace to write
    #[arg(long, value_name = "NAME", default_value = "grocery", value_parser = templates())]
    pub template: String,
    /// Read these files (CSV, TSV, XLSX, ODS) and write source, metrics and a plan, each guess with its reason
    #[arg(long = "from", value_name = "FILE", num_args = 1.., conflicts_with = "template")]
    pub files: Vec<PathBuf>,
    /// With --from: the period to plan, 2027-Q1; default: the first quarter after the data
    #[arg(long = "as", value_name = "PERIOD", requires = "files")]
    pub plan: Option<String>,
    /// With --from: the answer to a question, dates=dd/mm/yyyy, or for one file 'traffic.csv: dates=dd/mm/yyyy'
    #[arg(long = "answer", value_name = "KEY=VALUE", requires = "files")]
    pub answers: Vec<String>,
}

/// `qd import`
#[derive(Clone, Debug, clap::Args)]
pub struct Import {
    /// What is read
    #[command(subcommand)]
    pub kind: ImportKind,
}

/// What `qd import` reads.
#[derive(Clone, Debug, Subcommand)]
pub enum ImportKind {
    /// Tables: CSV, TSV, XLSX, ODS
    #[command(visible_aliases = ["tsv", "xlsx", "ods"])]
    Csv(ImportFiles),
}

/// `qd import csv`
#[derive(Clone, Debug, clap::Args)]
pub struct ImportFiles {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The period to plan, 2027-Q1; default: the first quarter after the data
    #[arg(long = "as", value_name = "PERIOD")]
    pub plan: Option<String>,
    /// The answer to a question, dates=dd/mm/yyyy, or for one file 'traffic.csv: dates=dd/mm/yyyy'
    #[arg(long = "answer", value_name = "KEY=VALUE")]
    pub answers: Vec<String>,
}

/// `qd add`
#[derive(Clone, Debug, clap::Args)]
pub struct Add {
    /// Which metric, by name or as people call it (nps, "LTV:CAC"); without it, every one is listed
    #[arg(value_name = "METRIC-NAME")]
    pub metric: Option<String>,
    /// As which kind of product has it
    #[arg(long, value_name = "NAME", value_parser = templates())]
    pub template: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "WHO")]
    pub owner: Option<String>,
    /// The file with its rows, where it needs a single source
    #[arg(long, value_name = "FILE")]
    pub from: Option<String>,
}
