//! A period from outside: proposed, accepted, followed, closed, scored, on real forecasts of a made-up bakery.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "following/bakery.rs"]
mod bakery;
#[path = "following/closing.rs"]
mod closing;
#[path = "following/forging.rs"]
mod forging;
#[path = "following/kinds.rs"]
mod kinds;
#[path = "following/tracking.rs"]
mod tracking;
#[path = "following/yearly.rs"]
mod yearly;
