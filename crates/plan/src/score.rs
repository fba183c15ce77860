//! How good stated chances were: scores of claims after their quarters are over.
//!
//! Flows in: claims (a chance that was stated, whether it came true, in which quarter) and distributions with what came.
//! Flows out: scores, their parts, intervals over quarters, and the scoreboard. Nothing here looks at data or a plan.

pub mod board;
pub mod bootstrap;
pub mod brier;
pub mod naive;
pub mod pinball;

pub use board::{Board, Counted, Group, Line, Record, board};
pub use bootstrap::{Interval, interval};
pub use brier::{Bin, Claimed, Parts};
pub use naive::Naive;
