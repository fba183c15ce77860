//! Forecasts of metric series as joint sample paths.
//!
//! Flows in: [`Series`] (values on a calendar, how a quarter reads them, bounds, a cap) and [`Identity`]s between them.
//! Flows out: an [`Outlook`]: for every series its paths, the paths of each quarter asked for, the models behind them with
//! their weights, what calibration did and the track record of past quarters; and how the series depend on each other.
//! Never: the clock, files, randomness that is not seeded, the metric language. The same input gives the same bytes on
//! every machine and with any number of threads.

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
