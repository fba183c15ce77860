//! Numbers: series, forecasts, past claims.

use super::percent;
use clap::ValueEnum;

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
