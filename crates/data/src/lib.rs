//! From a model and the files it names to observed series.
//!
//! Flows in: a [`Model`](quarterdeck_lang::Model), the workspace's folder, the metrics wanted and the last day that counts.
//! Flows out: for each metric its [`History`](quarterdeck_forecast::History) with what is odd about it. This is the only
//! crate that reads data, speaks SQL and Arrow, and runs async code; its public functions block. Never: forecasts.

// An error ends the command and carries every fact of its message; nothing is won by making it small.
#![allow(clippy::result_large_err)]

pub mod error;
pub mod grid;
pub mod load;
pub mod quality;

mod engine;
mod query;
mod reading;
mod series;
mod source;
#[cfg(test)]
mod tests;

pub use error::DataError;
pub use load::{Coverage, Loaded, Observed, Point, Request, Wanted, load};
pub use quality::{Checked, Finding, Promise, check_data};
