//! Dates, grains and periods on a workspace's calendar.
//!
//! Flows in: the calendar settings of a workspace (Gregorian or retail, when its year and week start) and dates.
//! Flows out: periods with their first and last days, in order, named and parsed.
//! Never: the clock, time zones, files. A date here is a day in the workspace's own time zone.

mod calendar;
mod grain;
mod period;

pub use calendar::{Calendar, CalendarError, Kind, NamedBy};
pub use chrono::{Datelike, Days, NaiveDate, Weekday};
pub use grain::Grain;
pub use period::{Period, PeriodError};
