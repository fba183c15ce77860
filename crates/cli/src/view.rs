//! Results as people read them on a terminal.

pub mod backtest;
pub mod chart;
pub mod close;
pub mod decided;
pub mod forecast;
pub mod funnel;
pub mod initiatives;
pub mod lines;
pub mod north_star;
pub mod proposal;
pub mod series;
pub mod table;
pub mod track;
pub mod validation;
pub mod whatif;
pub mod workshop;
