//! From a forecast to a period's targets, and to the ledger that keeps them.
//!
//! Flows in: the resolved [`Model`](quarterdeck_lang::Model) and observed [`History`](quarterdeck_forecast::History) of its
//! metrics. Flows out: a [`Proposal`] (methods side by side, commit / target / stretch with their chances, guards, joint
//! chances, flags) and the [`ledger`] files that freeze it. Never: files, the clock, network, data engines.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod backtest;
pub mod carry;
mod claim;
pub mod close;
mod detail;
pub mod edge;
pub mod effect;
mod facts;
#[cfg(test)]
mod fixture;
mod flag;
pub mod funnel;
pub mod gains;
mod guard;
pub mod implied;
mod joint;
mod known;
pub mod ledger;
pub mod method;
mod nested;
pub mod north_star;
mod offer;
pub mod outlook;
pub mod pace;
pub mod proposal;
pub mod propose;
pub mod scene;
pub mod score;
mod size;
mod smart;
pub mod track;
pub mod tree;
pub mod validate;
mod verdict;
pub mod whatif;
mod wording;

pub use offer::Odds;
pub use outlook::Inputs;
pub use proposal::Proposal;
pub use propose::{PlanError, needed, propose, propose_beside};
