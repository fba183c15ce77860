//! The resolved model: every name found, every value typed, every unit known.
//!
//! Shares and percentages are fractions here (`94.5%` is 0.945, `1pp` is 0.01), chances are 0 to 1.

pub mod export;
pub mod expression;
pub mod journey;
pub mod metric;
pub mod plan;
mod reach;
pub mod settings;
pub mod source;
pub mod unit;

pub use export::{Arrival, Export, Layout, Money, NumberStyle};
pub use expression::{Aggregate, Arithmetic, Filter, Formula, Measure, Query, RowOp, Window};
pub use journey::{Journey, Rows, Step};
pub use metric::{
    Allow, Attested, Base, Benchmark, Better, Change, ChangeKind, Definition, Drives, Empty, Estimate, Guard,
    GuardLimit, MarketLink, Metric, MetricTest, Outdated, Reads,
};
pub use plan::{
    Evidence, Grade, Initiative, Judgement, Learn, Method, Milestone, Moves, Outcome, OutcomeKind, Plan, Quote, Risk,
    Scenario, Slice, Stretch, Target, Tier,
};
pub use settings::{Connection, ForecastSettings, LintLevel, Settings, Team};
pub use source::{Column, Event, Expectation, Join, Length, Market, MarketSize, Origin, Segment, Source};
pub use unit::{Format, Unit, UnitForm};

use quarterdeck_calendar::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything a workspace declares that could be resolved; what could not has its diagnostic and is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Model {
    /// `quarterdeck.toml`.
    pub settings: Settings,
    /// Sources by name.
    pub sources: BTreeMap<String, Source>,
    /// Segments by name.
    pub segments: BTreeMap<String, Segment>,
    /// Metrics by name.
    pub metrics: BTreeMap<String, Metric>,
    /// Markets by name.
    pub markets: BTreeMap<String, Market>,
    /// Events by name.
    pub events: BTreeMap<String, Event>,
    /// Plans by period, those of one period merged.
    pub plans: BTreeMap<Period, Plan>,
}

/// Where a declaration stands, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file, relative to the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}
