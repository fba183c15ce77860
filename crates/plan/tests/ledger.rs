//! The ledger from outside: its text, its frozen files, accepting and verifying.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "ledger/accepting.rs"]
mod accepting;
#[path = "ledger/freezing.rs"]
mod freezing;
#[path = "ledger/kitchen.rs"]
mod kitchen;
#[path = "ledger/living.rs"]
mod living;
#[path = "ledger/proposing.rs"]
mod proposing;
#[path = "ledger/texts.rs"]
mod texts;
#[path = "ledger/verifying.rs"]
mod verifying;
