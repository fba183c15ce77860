//! Forecasts of metric series as joint sample paths.
//!
//! Flows in: [`Series`] (values on a calendar, how a quarter reads them, bounds, a cap) and [`Identity`]s between them.
//! Flows out: an [`Outlook`]: for every series its paths, the paths of each quarter asked for, the models behind them with
//! their weights, what calibration did and the track record of past quarters; and how the series depend on each other.
//! Never: the clock, files, randomness that is not seeded, the metric language. The same input gives the same bytes on
//! every machine and with any number of threads.
//!
//! ```
//! use quarterdeck_calendar::Calendar;
//! use quarterdeck_forecast::{Bounds, Job, Nature, Roll, Series, distribution::share_at_least, forecast};
//!
//! let calendar = Calendar::default();
//! let orders = Series {
//!     name: "orders".to_owned(),
//!     grain: quarterdeck_calendar::Grain::Month,
//!     start: "2024-01".parse()?,
//!     values: [90.0, 95.0, 97.0, 103.0, 104.0, 110.0, 112.0, 118.0, 119.0, 126.0, 128.0, 133.0].map(Some).to_vec(),
//!     partial: None,
//!     weights: Vec::new(),
//!     nature: Nature::Flow,
//!     roll: Roll::Total,
//!     bounds: Bounds { low: Some(0.0), high: None },
//!     quarters: Vec::new(),
//!     breaks: Vec::new(),
//!     events: Vec::new(),
//!     cap: None,
//! };
//! let windows = ["2025-Q1".parse()?];
//! let as_of = calendar.ends("2024-12".parse()?);
//! let job = Job {
//!     series: &[orders],
//!     identities: &[],
//!     windows: &windows,
//!     as_of,
//!     calendar: &calendar,
//!     seed: 1,
//!     paths: 10_000,
//! };
//! let outlook = forecast(&job);
//! let quarter = &outlook.get("orders").ok_or("no forecast")?.windows[0];
//! let chance = share_at_least(&quarter.values, 380.0);
//! assert!(chance > 0.5 && chance < 1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!

pub mod accuracy;
mod basis;
mod calibrate;
mod clean;
mod combine;
mod couple;
mod decompose;
mod derive;
pub mod distribution;
pub mod draws;
mod formula;
mod frame;
mod futures;
mod history;
pub mod identity;
mod link;
mod model;
pub mod normal;
pub mod outlook;
mod procedure;
mod regress;
mod roll;
pub mod saturation;
mod search;
pub mod sequence;
pub mod series;
mod single;
mod transform;
mod walk;
mod workspace;

pub use identity::{Formula, Identity};
pub use outlook::{
    Calibration, Claim, Dependence, Forecast, ForecastError, Job, ModelReport, NamedForecast, Outlook, PairDependence,
    Paths, QuarterPaths, forecast,
};
pub use series::{Bounds, Break, Cap, Event, History, Nature, Partial, QuarterValue, Roll, Series};
