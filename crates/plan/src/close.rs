//! Closing a period: what came, how it is graded, why it came out so.
//!
//! Flows in: what was frozen when targets were accepted, the numbers that came, and what became of the initiatives. Flows
//! out: a [`Closing`], which is a file of its own beside the ledger and holds all it was computed from, so that it can be
//! computed again; the scoreboard is read from closings alone.

pub mod causes;
pub mod closing;
pub mod compute;
pub mod grade;
pub mod lmdi;
pub mod shapley;
pub mod tree;
pub mod verify;

pub use closing::{Closed, Closing, Seen, ShipClaim};
pub use compute::{Came, close};
pub use grade::{Grade, Graded};
