//! The tests, by what they look at.

mod bad_input;
mod check;
mod check_data;
mod determinism;
mod diff;
mod examples;
mod export;
mod fmt;
mod forecast;
mod grocery_data;
mod init;
mod json;
mod justify;
mod known_answers;
mod propose;
mod series;
mod spec;
mod tree;
mod usage;
mod verify;
