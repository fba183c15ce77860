//! `quarterdeck.toml`, resolved.

use quarterdeck_calendar::Calendar;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The settings of a workspace; every one has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// The workspace's name, for titles.
    pub name: String,
    /// Its currency, an ISO 4217 code.
    pub currency: String,
    /// An IANA time zone in which its days lie.
    pub time_zone: String,
    /// Its calendar.
    pub calendar: Calendar,
    /// Connections for `from: NAME table "…"`.
    pub sources: BTreeMap<String, Connection>,
    /// `embedded`.
    pub engine: String,
    /// Seed and number of paths.
    pub forecast: ForecastSettings,
    /// Severity per lint code.
    pub lints: BTreeMap<String, LintLevel>,
    /// Teams by name.
    pub teams: BTreeMap<String, Team>,
}

/// A database connection; its secret stays in the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    /// `postgres`.
    pub kind: String,
    /// The environment variable that holds its URL.
    pub url_env: String,
}

/// How forecasts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastSettings {
    /// The seed.
    pub seed: u64,
    /// How many paths.
    pub paths: usize,
}

/// What becomes of a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LintLevel {
    /// Not said.
    Allow,
    /// Said.
    Warn,
    /// `check` fails.
    Deny,
}

/// A team of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Team {
    /// Person-weeks a quarter.
    pub capacity: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            name: String::new(),
            currency: "USD".into(),
            time_zone: "UTC".into(),
            calendar: Calendar::default(),
            sources: BTreeMap::new(),
            engine: "embedded".into(),
            forecast: ForecastSettings { seed: 1, paths: 10_000 },
            lints: BTreeMap::new(),
            teams: BTreeMap::new(),
        }
    }
}
