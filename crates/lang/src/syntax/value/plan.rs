//! What is guarded, read from and planned.

use super::{Change, Number, When};
use crate::Spanned;

/// `M [at most|at least …] [alarms N per year]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// What is watched.
    pub metric: Spanned<String>,
    /// Its limit; `None` where only alarms (or nothing) are given.
    pub limit: Option<GuardLimit>,
    /// `alarms N per year`.
    pub alarms: Option<Spanned<Number>>,
}

/// Where a guard sounds.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardLimit {
    /// `at most LEVEL` (true) or `at least LEVEL` (false).
    Level {
        /// `at most`.
        at_most: bool,
        /// The level.
        level: Spanned<Number>,
    },
    /// `at most CHANGE above same quarter last year`.
    Against {
        /// `at most`.
        at_most: bool,
        /// By how much.
        change: Change,
        /// `above` (true) or `below`.
        above: bool,
        /// Of what.
        base: Spanned<GuardBase>,
    },
}

/// What a guard compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub enum GuardBase {
    /// `forecast`
    Forecast,
    /// `last quarter`
    LastQuarter,
    /// `same quarter last year`
    SameQuarterLastYear,
}

/// Where a source's rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    /// Files: a path or a glob.
    Files(Spanned<String>),
    /// A table of a connection in `quarterdeck.toml`.
    Table {
        /// The connection.
        connection: Spanned<String>,
        /// The table.
        table: Spanned<String>,
    },
}

/// A planning method, as written.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "trees are small and short-lived")]
pub enum Method {
    /// `trend [stretch …]`
    Trend {
        /// The stretch.
        stretch: Option<Spanned<Stretch>>,
    },
    /// `benchmark NAME close 2/3 by P`
    Benchmark {
        /// The benchmark.
        benchmark: Spanned<String>,
        /// Which part of the gap.
        close: Spanned<Number>,
        /// Until when.
        by: Spanned<When>,
    },
    /// `market 10% of tam by P`
    Market {
        /// Which share.
        share: Spanned<Number>,
        /// `tam`, `sam` or `som`.
        of: Spanned<String>,
        /// Until when.
        by: Spanned<When>,
    },
    /// `initiatives`
    Initiatives,
    /// `objective METRIC CHANGE [at A per B] [stretch CHANGE]`
    Objective {
        /// The parent.
        metric: Spanned<String>,
        /// What it is to change by.
        change: Change,
        /// `A per B`.
        slope: Option<(Change, Change)>,
        /// Added to the answer.
        stretch: Option<Change>,
    },
}

/// What is added to the trend.
#[derive(Clone, Debug, PartialEq)]
pub enum Stretch {
    /// `stretch initiatives`
    Initiatives,
    /// `stretch confidence 70%`
    Confidence(Number),
    /// `stretch market`
    Market,
    /// `stretch +1pp`, `stretch +5%`
    Change(Change),
}
