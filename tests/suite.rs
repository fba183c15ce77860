//! The tests, by what they look at.

mod bad_input;
mod check;
mod check_data;
mod determinism;
mod examples;
mod forecast;
mod init;
mod json;
mod justify;
mod known_answers;
mod propose;
mod series;
mod usage;
mod verify;
