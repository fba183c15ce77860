//! The tests, by what they look at.

mod add;
mod backtest;
mod bad_input;
mod check;
mod check_data;
mod close;
mod csv;
mod determinism;
mod diff;
mod examples;
mod export;
mod fmt;
mod forecast;
mod init;
mod json;
mod justify;
mod known_answers;
mod made_up_data;
mod past;
mod propose;
mod series;
mod spec;
mod track;
mod tree;
mod usage;
mod verify;
