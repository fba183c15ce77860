//! Where the ledger and the pages of a period lie, relative to the workspace.

use quarterdeck_calendar::Period;

/// The folder of ledgers.
pub const TARGETS: &str = "targets";
/// The folder of pages.
pub const PAGES: &str = "pages";
/// The ending of an accepted ledger's name.
pub const ACCEPTED: &str = ".toml";
/// The ending of a proposed ledger's name.
pub const PROPOSED: &str = ".proposed.toml";

/// The accepted targets.
pub fn accepted(period: Period) -> String {
    format!("{TARGETS}/{period}{ACCEPTED}")
}

/// The open proposals.
pub fn proposed(period: Period) -> String {
    format!("{TARGETS}/{period}{PROPOSED}")
}

/// The frozen series.
pub fn inputs(period: Period) -> String {
    format!("{TARGETS}/{period}.inputs.csv")
}

/// The frozen definitions.
pub fn definitions(period: Period) -> String {
    format!("{TARGETS}/{period}.definitions.json")
}

/// The ending of a closing's name.
pub const CLOSED: &str = ".close.toml";

/// How the period ended.
pub fn closing(period: Period) -> String {
    format!("{TARGETS}/{period}{CLOSED}")
}

/// The series that the closing was computed from.
pub fn actuals(period: Period) -> String {
    format!("{TARGETS}/{period}.actuals.csv")
}

/// The definitions that the closing was computed by.
pub fn closing_definitions(period: Period) -> String {
    format!("{TARGETS}/{period}.close.definitions.json")
}

/// The log of readings and notes.
pub fn log(period: Period) -> String {
    format!("{TARGETS}/{period}.log.jsonl")
}

/// The plan's path of every target by week and month.
pub fn phasing(period: Period) -> String {
    format!("{PAGES}/{period}.phasing.csv")
}
