//! A workspace's calendar: which days each period holds.

use crate::{Grain, Period, PeriodError};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a year is cut into quarters and months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// Calendar months; fiscal quarters are three months from the fiscal year's first day.
    #[default]
    #[serde(rename = "gregorian")]
    Gregorian,
    /// Quarters of 13 weeks cut into periods of 4, 4 and 5 weeks.
    #[serde(rename = "4-4-5")]
    Weeks445,
    /// Quarters of 13 weeks cut into periods of 4, 5 and 4 weeks.
    #[serde(rename = "4-5-4")]
    Weeks454,
    /// Quarters of 13 weeks cut into periods of 5, 4 and 4 weeks.
    #[serde(rename = "5-4-4")]
    Weeks544,
}

/// Which calendar year a fiscal year is named after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamedBy {
    /// The year it starts in.
    Start,
    /// The year it ends in.
    #[default]
    End,
}

/// The calendar of a workspace, checked when it is made or read back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Settings")]
pub struct Calendar {
    kind: Kind,
    /// Month and day of the fiscal year's first day.
    starts: (u32, u32),
    named_by: NamedBy,
    week_starts: Weekday,
}

/// A calendar as it stands in a file, not checked yet.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "CalendarSettings")]
struct Settings {
    kind: Kind,
    starts: (u32, u32),
    named_by: NamedBy,
    week_starts: Weekday,
}

impl TryFrom<Settings> for Calendar {
    type Error = CalendarError;

    fn try_from(settings: Settings) -> Result<Calendar, CalendarError> {
        Calendar::new(settings.kind, settings.starts, settings.named_by, settings.week_starts)
    }
}

/// Why settings make no calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The fiscal year starts on a day some year does not have, or past the 28th.
    #[error("a fiscal year cannot start on {month:02}-{day:02}: write month and day, the day from 01 to 28")]
    Starts {
        /// Month as found.
        month: u32,
        /// Day as found.
        day: u32,
    },
}

impl Default for Calendar {
    /// Gregorian, the year from 1 January, weeks from Monday.
    fn default() -> Calendar {
        Calendar { kind: Kind::Gregorian, starts: (1, 1), named_by: NamedBy::End, week_starts: Weekday::Mon }
    }
}

impl Calendar {
    /// A calendar whose fiscal year starts on (or, for retail calendars, nearest to) `starts`, month and day.
    pub fn new(
        kind: Kind,
        starts: (u32, u32),
        named_by: NamedBy,
        week_starts: Weekday,
    ) -> Result<Calendar, CalendarError> {
        let (month, day) = starts;
        if (1..=12).contains(&month) && (1..=28).contains(&day) {
            Ok(Calendar { kind, starts, named_by, week_starts })
        } else {
            Err(CalendarError::Starts { month, day })
        }
    }

    /// How its year is cut.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether its months are retail periods of whole weeks.
    pub fn is_retail(&self) -> bool {
        self.kind != Kind::Gregorian
    }

    /// Month and day on which its fiscal year starts; on a retail calendar the year starts on the nearest week start.
    pub fn fiscal_year_starts(&self) -> (u32, u32) {
        self.starts
    }

    /// Which calendar year its fiscal years are named after.
    pub fn named_by(&self) -> NamedBy {
        self.named_by
    }

    /// The first day of its week.
    pub fn week_starts(&self) -> Weekday {
        self.week_starts
    }

    /// Reads a period and makes sure this calendar's year has it.
    ///
    /// # Errors
    /// What [`Period`] cannot read, a 53rd week in a year of 52, and a retail period (`2027-P02`) on a Gregorian calendar.
    pub fn parse(&self, text: &str) -> Result<Period, PeriodError> {
        let period: Period = text.parse()?;
        if period.is_retail() && !self.is_retail() {
            return Err(PeriodError::NotRetail { found: text.to_owned(), year: period.year(), month: period.number() });
        }
        if period.grain() == Grain::Week {
            let most = self.weeks_in(period.year());
            if period.number() > most {
                let (grain, number) = (Grain::Week, period.number());
                return Err(PeriodError::OutOfYear { found: text.to_owned(), grain, number, most });
            }
        }
        Ok(period)
    }

    /// The period of `grain` that holds `date`.
    pub fn period_of(&self, grain: Grain, date: NaiveDate) -> Period {
        match grain {
            Grain::Day => Period::day(date),
            Grain::Week => {
                let year = self.week_year_of(date);
                let days = (date - self.week_year_starts(year)).num_days();
                Period::new(Grain::Week, year, weeks(days) + 1)
            }
            Grain::Month if self.is_retail() => {
                let (year, week) = self.retail_week(date);
                let period = (1..=12).rev().find(|period| self.weeks_before(*period) <= week).unwrap_or(1);
                Period::retail(year, period)
            }
            Grain::Month => Period::new(Grain::Month, date.year(), date.month()),
            Grain::Quarter => {
                let (year, quarter) = self.fiscal_quarter(date);
                Period::new(Grain::Quarter, year, quarter)
            }
            Grain::Half => {
                let (year, quarter) = self.fiscal_quarter(date);
                Period::new(Grain::Half, year, quarter.div_ceil(2))
            }
            Grain::Year => Period::new(Grain::Year, self.fiscal_quarter(date).0, 1),
        }
    }

    /// The first day of a period.
    pub fn starts(&self, period: Period) -> NaiveDate {
        let (year, number) = (period.year(), period.number());
        match period.grain() {
            Grain::Day => NaiveDate::from_yo_opt(year, number).unwrap_or_else(|| first_of(year, 1)),
            Grain::Week => add_days(self.week_year_starts(year), 7 * (i64::from(number) - 1)),
            Grain::Month if period.is_retail() => {
                add_days(self.year_starts(year), 7 * i64::from(self.weeks_before(number)))
            }
            Grain::Month => first_of(year, number),
            Grain::Quarter => self.quarter_starts(year, number),
            Grain::Half => self.quarter_starts(year, 2 * number - 1),
            Grain::Year => self.year_starts(year),
        }
    }

    /// The last day of a period.
    pub fn ends(&self, period: Period) -> NaiveDate {
        add_days(self.starts(self.shift(period, 1)), -1)
    }

    /// How many days a period has.
    pub fn days(&self, period: Period) -> u32 {
        u32::try_from((self.ends(period) - self.starts(period)).num_days() + 1).unwrap_or(0)
    }

    /// Whether the period holds the date.
    pub fn holds(&self, period: Period, date: NaiveDate) -> bool {
        self.starts(period) <= date && date <= self.ends(period)
    }

    /// The period `by` periods later, or earlier where `by` is negative.
    pub fn shift(&self, period: Period, by: i64) -> Period {
        let year = period.year();
        let nth = |per_year: i64| {
            let index = (i64::from(year) * per_year + i64::from(period.number()) - 1).saturating_add(by);
            let index = index.clamp(-Period::FARTHEST * per_year, Period::FARTHEST * per_year + per_year - 1);
            // The remainder is below `per_year`, at most 12; the year is one that `Period::new` lets through.
            (index.div_euclid(per_year) as i32, index.rem_euclid(per_year) as u32 + 1)
        };
        match period.grain() {
            Grain::Day => Period::day(add_days(self.starts(period), by)),
            Grain::Week => self.period_of(Grain::Week, add_days(self.starts(period), by.saturating_mul(7))),
            Grain::Month => {
                let (year, number) = nth(12);
                if period.is_retail() { Period::retail(year, number) } else { Period::new(Grain::Month, year, number) }
            }
            grain @ (Grain::Quarter | Grain::Half | Grain::Year) => {
                let (year, number) = nth(grain.season_length() as i64);
                Period::new(grain, year, number)
            }
        }
    }

    /// How many periods lie from `earlier` to `later`, two periods of one grain; negative where they are the other way round.
    pub fn distance(&self, earlier: Period, later: Period) -> i64 {
        let nth = |period: Period, per_year: i64| i64::from(period.year()) * per_year + i64::from(period.number());
        let days = || (self.starts(later) - self.starts(earlier)).num_days();
        match earlier.grain() {
            Grain::Day => days(),
            Grain::Week => days().div_euclid(7),
            Grain::Month => nth(later, 12) - nth(earlier, 12),
            Grain::Quarter => nth(later, 4) - nth(earlier, 4),
            Grain::Half => nth(later, 2) - nth(earlier, 2),
            Grain::Year => i64::from(later.year()) - i64::from(earlier.year()),
        }
    }

    /// The periods of `grain` that touch the days `from` to `to`, both included, in order.
    ///
    /// Days outside [`Period::YEARS`] are left out: a stray date thousands of years off gives no list without end.
    pub fn periods(&self, grain: Grain, from: NaiveDate, to: NaiveDate) -> Vec<Period> {
        let from = from.max(first_of(*Period::YEARS.start(), 1));
        let to = to.min(add_days(first_of(*Period::YEARS.end() + 1, 1), -1));
        let mut periods = Vec::new();
        if from > to {
            return periods;
        }
        let mut period = self.period_of(grain, from);
        while self.starts(period) <= to {
            periods.push(period);
            period = self.shift(period, 1);
        }
        periods
    }

    /// The period one year earlier, as `ago 1 year` means it: 52 weeks for weeks, the same number a year before for the
    /// rest, the same day of the month (28 February for the 29th) for days.
    pub fn year_before(&self, period: Period) -> Period {
        match period.grain() {
            Grain::Week => self.shift(period, -52),
            Grain::Day => {
                let date = self.starts(period);
                let before = NaiveDate::from_ymd_opt(date.year() - 1, date.month(), date.day());
                Period::day(before.unwrap_or_else(|| add_days(date, -366)))
            }
            grain => self.shift(period, -(grain.season_length() as i64)),
        }
    }

    /// The number of weeks that `2027-W..` counts in a year: 52 or 53.
    pub fn weeks_in(&self, year: i32) -> u32 {
        let year = Period::new(Grain::Year, year, 1).year();
        weeks((self.week_year_starts(year + 1) - self.week_year_starts(year)).num_days())
    }

    /// First day of the fiscal year named `year`.
    fn year_starts(&self, year: i32) -> NaiveDate {
        let (month, day) = self.starts;
        let named_after_end = self.named_by == NamedBy::End && self.starts != (1, 1);
        let year = if named_after_end { year - 1 } else { year };
        // The day is at most 28, so every month of every year has it.
        let anchor = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_else(|| first_of(year, month));
        if self.is_retail() { self.nearest_week_start(anchor) } else { anchor }
    }

    /// The `week_starts` day nearest to a date: at most three days away.
    fn nearest_week_start(&self, date: NaiveDate) -> NaiveDate {
        let after = i64::from(date.weekday().days_since(self.week_starts));
        add_days(date, if after <= 3 { -after } else { 7 - after })
    }

    fn quarter_starts(&self, year: i32, quarter: u32) -> NaiveDate {
        let start = self.year_starts(year);
        if self.is_retail() {
            return add_days(start, 91 * (i64::from(quarter) - 1));
        }
        let month = start.month0() + 3 * (quarter - 1);
        let (year, month) = (start.year() + (month / 12) as i32, month % 12 + 1);
        NaiveDate::from_ymd_opt(year, month, start.day()).unwrap_or_else(|| first_of(year, month))
    }

    /// Fiscal year and quarter of a date.
    fn fiscal_quarter(&self, date: NaiveDate) -> (i32, u32) {
        let year = self.fiscal_year(date);
        let quarter = (1..=4).rev().find(|quarter| self.quarter_starts(year, *quarter) <= date).unwrap_or(1);
        (year, quarter)
    }

    fn fiscal_year(&self, date: NaiveDate) -> i32 {
        let about = date.year();
        (about - 1..=about + 2).rev().find(|year| self.year_starts(*year) <= date).unwrap_or(about)
    }

    /// Fiscal year and week (from 0) of a date on a retail calendar.
    fn retail_week(&self, date: NaiveDate) -> (i32, u32) {
        let year = self.fiscal_year(date);
        (year, weeks((date - self.year_starts(year)).num_days()))
    }

    /// Weeks of a retail year before its period `period`, from 1; a 53rd week stays in the last one.
    fn weeks_before(&self, period: u32) -> u32 {
        let within: [u32; 3] = match self.kind {
            Kind::Weeks454 => [0, 4, 9],
            Kind::Weeks544 => [0, 5, 9],
            Kind::Weeks445 | Kind::Gregorian => [0, 4, 8],
        };
        let months = period - 1;
        13 * (months / 3) + within.get((months % 3) as usize).copied().unwrap_or(0)
    }

    /// First day of week 1: of the retail year, or of the Gregorian year, where week 1 is the first with four days in it.
    fn week_year_starts(&self, year: i32) -> NaiveDate {
        if self.is_retail() { self.year_starts(year) } else { self.nearest_week_start(first_of(year, 1)) }
    }

    fn week_year_of(&self, date: NaiveDate) -> i32 {
        let about = date.year();
        (about - 1..=about + 2).rev().find(|year| self.week_year_starts(*year) <= date).unwrap_or(about)
    }
}

/// Whole weeks in so many days.
fn weeks(days: i64) -> u32 {
    u32::try_from(days / 7).unwrap_or(0)
}

/// The first of a month, 1 to 12, held at the ends of what chrono can tell.
fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(if year < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

/// A date some days on, held at the ends of what chrono can tell.
fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    let step = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(step).unwrap_or(NaiveDate::MIN)
    } else {
        date.checked_add_days(step).unwrap_or(NaiveDate::MAX)
    }
}
