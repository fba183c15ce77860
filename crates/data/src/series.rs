//! From answers to series: which periods are covered, their values, and the windows' own numbers.

pub mod coverage;
pub mod history;
pub mod window;
