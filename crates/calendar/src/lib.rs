#![doc = include_str!("../README.md")]

mod calendar;
mod grain;
mod month;
mod period;

pub use calendar::{Calendar, CalendarError, Kind, NamedBy};
pub use chrono::{Datelike, Days, NaiveDate, Weekday};
pub use grain::Grain;
pub use month::month_named;
pub use period::{Period, PeriodError};
