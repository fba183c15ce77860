//! Workspaces in, series out: one file of cases per thing that can be asked of data. They live in the crate because every
//! test binary links the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod aggregate;
mod conditions;
mod errors;
mod examples;
mod exports;
mod footing;
mod hostile;
mod joins;
mod journeys;
mod locales;
mod quality;
mod reading;
mod sql;
mod support;
mod whole;
mod windowed;
