#![doc = include_str!("../README.md")]

mod calendar;
mod grain;
mod period;

pub use calendar::{Calendar, CalendarError, Kind, NamedBy};
pub use chrono::{Datelike, Days, NaiveDate, Weekday};
pub use grain::Grain;
pub use period::{Period, PeriodError};
