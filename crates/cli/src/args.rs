//! The command line as typed.

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

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

/// `qd explain`
#[derive(Clone, Debug, clap::Args)]
pub struct Explain {
    /// The code, as in E031; without it, every code is listed
    pub code: Option<String>,
}

/// `qd series`
#[derive(Clone, Debug, clap::Args)]
pub struct Series {
    /// Which metric
    pub metric: String,
    /// The part of it for which a condition holds: 'country = "UK"'
    #[arg(long, value_name = "CONDITION")]
    pub slice: Option<String>,
    /// Print the numbers of other periods, each computed from the source
    #[arg(long, value_enum, value_name = "GRAIN")]
    pub period: Option<Every>,
    /// Print the queries instead of the numbers
    #[arg(long)]
    pub sql: bool,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// The periods numbers are shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Every {
    /// Weeks
    Week,
    /// Months
    Month,
    /// Fiscal quarters
    Quarter,
    /// Fiscal half-years
    Half,
    /// Fiscal years
    Year,
}

/// What commands take that print tables.
#[derive(Clone, Debug, clap::Args)]
pub struct Csv {
    /// Print the numbers as CSV, for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Whose spreadsheet: en writes 1234.5 between commas, de 1234,5 between semicolons
    #[arg(long, value_name = "LOCALE", default_value = "en", requires = "csv")]
    pub locale: crate::sheet::Locale,
}

/// `qd backtest`
#[derive(Clone, Debug, clap::Args)]
pub struct Backtest {
    /// Which metric; without it, every one that a plan aims at or that is better higher or lower, a line each
    pub metric: Option<String>,
    /// The part of it for which a condition holds: 'country = "UK"'
    #[arg(long, value_name = "CONDITION", requires = "metric")]
    pub slice: Option<String>,
    /// The chance the claims are counted at
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub confidence: Option<f64>,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// `qd forecast`
#[derive(Clone, Debug, clap::Args)]
pub struct Forecast {
    /// Which metric
    pub metric: String,
    /// The part of it for which a condition holds: 'country = "UK"'
    #[arg(long, value_name = "CONDITION")]
    pub slice: Option<String>,
    /// How many quarters to show, the unfinished one not counted
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=12))]
    pub quarters: u8,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// `qd plan`
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// The period to plan: 2027-Q2, 2027-H1 or 2027
    pub period: String,
    /// The plan to carry over from; default: the latest one of the same length before it
    #[arg(long, value_name = "PERIOD")]
    pub from: Option<String>,
}

/// `qd propose`
#[derive(Clone, Debug, clap::Args)]
pub struct Propose {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
    /// Write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As a table for a spreadsheet
    #[command(flatten)]
    pub csv: Csv,
}

/// `qd review`
#[derive(Clone, Debug, clap::Args)]
pub struct Review {
    /// Of which period; needed where proposals of several are open
    pub period: Option<String>,
    /// Accept this one; can be repeated. Without any of these options, answers are read from the terminal or from stdin
    #[arg(long, value_name = "METRIC")]
    pub accept: Vec<String>,
    /// Reject this one; can be repeated
    #[arg(long, value_name = "METRIC")]
    pub reject: Vec<String>,
    /// Put a value in place of a proposed one, with --because; can be repeated
    #[arg(long, value_name = "METRIC=VALUE", requires = "because")]
    pub adjust: Vec<String>,
    /// Why
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
    /// Who reviews
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// In which role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// On which day; default: the proposal's as-of date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

impl Review {
    /// Whether the options say what becomes of which target.
    pub fn is_said(&self) -> bool {
        !(self.accept.is_empty() && self.reject.is_empty() && self.adjust.is_empty())
    }
}

/// `qd accept`
#[derive(Clone, Debug, clap::Args)]
pub struct Accept {
    /// Which metrics; every open proposal where none is named
    pub metrics: Vec<String>,
    /// Who accepts
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// In which role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Of which period; needed where proposals of several are open
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// On which day; default: the proposal's as-of date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

/// `qd amend`
#[derive(Clone, Debug, clap::Args)]
pub struct Amend {
    /// Which metric, or one part of it as the ledger names it: 'orders[country = "UK"]'
    pub metric: String,
    /// The value it is to have, written as in `set:`; without one, why it stands though its definition changed
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// The chance it is to have, 65%: the value follows from the paths it was accepted on
    #[arg(long, value_name = "CHANCE", conflicts_with = "to")]
    pub confidence: Option<String>,
    /// Why
    #[arg(long, value_name = "REASON", required = true)]
    pub because: Option<String>,
    /// Who decides
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Of which period; needed where several have a target for it
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// On which day; default: the as-of date, else the last day the data covers
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

/// `qd drop`
#[derive(Clone, Debug, clap::Args)]
pub struct Drop {
    /// Which metric, or one part of it as the ledger names it: 'orders[country = "UK"]'
    pub metric: String,
    /// Why
    #[arg(long, value_name = "REASON", required = true)]
    pub because: Option<String>,
    /// Who decides
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Of which period; needed where several have a target for it
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// On which day; default: the as-of date, else the last day the data covers
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<NaiveDate>,
}

/// `qd whatif`
#[derive(Clone, Debug, clap::Args)]
pub struct Whatif {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
    /// Hold a metric at a level (on_time_rate=95%), or move it by a change, which has a sign (sign_ups=+5%, checkout=-1pp)
    #[arg(long, value_name = "METRIC=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,
    /// What would it take to reach a value? (revenue=1.2M)
    #[arg(long, value_name = "METRIC=VALUE", allow_hyphen_values = true)]
    pub target: Vec<String>,
    /// Leave an initiative out
    #[arg(long, value_name = "INITIATIVE")]
    pub drop: Vec<String>,
    /// Start from a scenario of the plan
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,
}

/// `qd initiatives`
#[derive(Clone, Debug, clap::Args)]
pub struct Initiatives {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
}

/// `qd funnel`
#[derive(Clone, Debug, clap::Args)]
pub struct Funnel {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
}

/// `qd verify`
#[derive(Clone, Debug, clap::Args)]
pub struct Verify {
    /// Which period; every accepted one where none is named
    pub period: Option<String>,
    /// Look at the frozen files alone, not at today's data and definitions
    #[arg(long, conflicts_with = "live")]
    pub offline: bool,
    /// Recompute from today's data too, and print what was restated
    #[arg(long)]
    pub live: bool,
    /// Fail where the ledger was written by another version of qd
    #[arg(long)]
    pub strict: bool,
}

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
