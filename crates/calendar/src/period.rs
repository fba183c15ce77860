//! A period: a grain, a year and a number within it.

use crate::Grain;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One period of a grain, named as people write it: `2027-Q1`, `2027-H1`, `2027`, `2027-02`, `2027-P02`, `2027-W06`, `2027-02-01`.
///
/// The name alone says which period is meant; its days depend on the workspace's [`Calendar`](crate::Calendar).
/// Periods of one grain order as time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    grain: Grain,
    year: i32,
    /// From 1; the day of the year for days, 1 for a year.
    number: u32,
    /// A month written `P02` is one of a retail calendar.
    retail: bool,
}

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text has none of the forms a period is written in.
    #[error("`{0}` is not a period: write 2027-Q1, 2027-H1, 2027, 2027-02, 2027-P02, 2027-W06 or 2027-02-01")]
    Form(String),
    /// The form is right, the number is not one of the year's.
    #[error("`{found}` names {grain} {number}, but a year has only {most}")]
    OutOfYear {
        /// What was written.
        found: String,
        /// The kind of period.
        grain: Grain,
        /// Its number.
        number: u32,
        /// How many of them a year has.
        most: u32,
    },
    /// A period of whole weeks, on a calendar of months.
    #[error(
        "`{found}` is a period of a 4-4-5 calendar, and this workspace's is gregorian: write {year}-{month:02} for the month"
    )]
    NotRetail {
        /// What was written.
        found: String,
        /// Its year.
        year: i32,
        /// Its number.
        month: u32,
    },
    /// The year is outside 1900 to 2200.
    #[error("the year {0} is outside 1900 to 2200")]
    Year(i32),
}

impl Period {
    /// The years in which a period that is read may lie.
    pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

    /// The farthest year from year 0 that [`Period::new`] lets through; chrono tells some more.
    pub(crate) const FARTHEST: i64 = 200_000;

    /// A period by its parts; months are calendar months.
    ///
    /// Parts no year has are pulled to the nearest it has (quarter 9 is quarter 4, day 366 of 2027 is its 365th), years to
    /// within 200,000 of year 0, so that nothing computed from it overflows. Whether a year has a 53rd week is the calendar's to say.
    pub fn new(grain: Grain, year: i32, number: u32) -> Period {
        let year = i64::from(year).clamp(-Period::FARTHEST, Period::FARTHEST) as i32;
        let leap = NaiveDate::from_yo_opt(year, 366).is_some();
        let most = if grain == Grain::Day && !leap { 365 } else { grain.most_per_year() };
        Period { grain, year, number: number.clamp(1, most), retail: false }
    }

    /// A retail period, `2027-P02`; its parts as in [`Period::new`].
    pub fn retail(year: i32, number: u32) -> Period {
        Period { retail: true, ..Period::new(Grain::Month, year, number) }
    }

    /// The period that is one day.
    pub fn day(date: NaiveDate) -> Period {
        Period::new(Grain::Day, date.year(), date.ordinal())
    }

    /// Its grain.
    pub fn grain(self) -> Grain {
        self.grain
    }

    /// The year it is named after (the fiscal year for quarters and halves).
    pub fn year(self) -> i32 {
        self.year
    }

    /// Its number within the year, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Whether it is a period of a retail calendar (`P02`) and not a calendar month.
    pub fn is_retail(self) -> bool {
        self.retail
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Period { year, number, .. } = *self;
        match self.grain {
            Grain::Day => match NaiveDate::from_yo_opt(year, number) {
                Some(date) => write!(f, "{date}"),
                // No year is without a day that `new` lets through.
                None => write!(f, "{year}-day-{number}"),
            },
            Grain::Week => write!(f, "{year}-W{number:02}"),
            Grain::Month if self.retail => write!(f, "{year}-P{number:02}"),
            Grain::Month => write!(f, "{year}-{number:02}"),
            Grain::Quarter => write!(f, "{year}-Q{number}"),
            Grain::Half => write!(f, "{year}-H{number}"),
            Grain::Year => write!(f, "{year}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads the forms [`Display`](fmt::Display) writes. Whether a year really has a 53rd week is the calendar's to say.
    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let form = || PeriodError::Form(text.to_owned());
        let digits = |part: &str, least: usize, most: usize| -> Option<u32> {
            let fits = (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            if fits { part.parse().ok() } else { None }
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|part| digits(part, 4, 4)).ok_or_else(form)? as i32;
        if !Period::YEARS.contains(&year) {
            return Err(PeriodError::Year(year));
        }
        let (second, third, rest) = (parts.next(), parts.next(), parts.next());
        let named = |grain: Grain, number: u32| {
            let most = grain.most_per_year();
            if (1..=most).contains(&number) {
                Ok(Period::new(grain, year, number))
            } else {
                Err(PeriodError::OutOfYear { found: text.to_owned(), grain, number, most })
            }
        };
        match (second, third, rest) {
            (None, ..) => Ok(Period::new(Grain::Year, year, 1)),
            (Some(month), Some(day), None) => {
                let (month, day) = (digits(month, 2, 2).ok_or_else(form)?, digits(day, 2, 2).ok_or_else(form)?);
                NaiveDate::from_ymd_opt(year, month, day).map(Period::day).ok_or_else(form)
            }
            (Some(part), None, None) => {
                if let Some(number) = digits(part, 2, 2) {
                    return named(Grain::Month, number);
                }
                let number = part.get(1..).ok_or_else(form)?;
                match part.as_bytes().first() {
                    Some(b'Q') => named(Grain::Quarter, digits(number, 1, 1).ok_or_else(form)?),
                    Some(b'H') => named(Grain::Half, digits(number, 1, 1).ok_or_else(form)?),
                    Some(b'W') => named(Grain::Week, digits(number, 1, 2).ok_or_else(form)?),
                    Some(b'P') => named(Grain::Month, digits(number, 1, 2).ok_or_else(form)?)
                        .map(|month| Period::retail(year, month.number)),
                    _ => Err(form()),
                }
            }
            _ => Err(form()),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A period: 2027, 2027-H1, 2027-Q1, 2027-02, 2027-P02, 2027-W06 or 2027-02-01.",
            "pattern": "^[0-9]{4}(-(H[12]|Q[1-4]|[0-9]{2}|P[0-9]{2}|W[0-9]{2}|[0-9]{2}-[0-9]{2}))?$",
        })
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
