//! How the files of a source are written: their layout, numbers, blanks and money.

use super::source::Length;
use chrono::{Days, Months, NaiveDate};
use quarterdeck_calendar::{Calendar, Grain};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the files of a source are to be read, where that is not plain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Export {
    /// What its rows and columns stand for.
    #[serde(skip_serializing_if = "Layout::is_long")]
    pub layout: Layout,
    /// The sheet of a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row, from 1, that names the columns; the first that holds anything where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<u32>,
    /// How numbers are written; digits with a point where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberStyle>,
    /// Texts that stand for no value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<String>,
    /// What separates fields of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    /// How text is encoded, by a name browsers know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How many rows that cannot be read may be left out.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// Money in several currencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// When a period's rows have all arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives: Option<Arrival>,
    /// The first and last day it covers, where its rows do not show that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<(NaiveDate, NaiveDate)>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What the rows and columns of a table stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A row for each thing that happened, or each day.
    #[default]
    Long,
    /// A row for each period, a column for each metric.
    Wide,
    /// A column for each period, a row for each metric.
    Across,
}

impl Layout {
    /// Whether it is the plain layout.
    pub fn is_long(&self) -> bool {
        *self == Layout::Long
    }
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberStyle {
    /// What stands between groups of digits; `' '` is any blank, `'\''` any apostrophe.
    pub group: Option<char>,
    /// What stands before the decimals.
    pub decimal: char,
    /// Whether groups after the last three digits are of two, as in `12,34,567`.
    pub pairs: bool,
}

/// Amounts of several currencies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The column that names each row's currency; without it, signs beside the amounts do.
    pub column: Option<String>,
    /// The columns that hold amounts.
    pub amounts: Vec<String>,
    /// What one of each currency is worth in the workspace's.
    pub rates: BTreeMap<String, f64>,
}

/// When a period's rows have all arrived: so long after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arrival {
    /// How long after.
    pub after: Length,
    /// The end of which period.
    pub of: Grain,
}

impl Arrival {
    /// The day by whose end all rows of `day` are there: so long after the end of the period that holds it.
    pub fn known_on(self, calendar: &Calendar, day: NaiveDate) -> NaiveDate {
        let ends = calendar.ends(calendar.period_of(self.of, day));
        let days = |days: u64| ends.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        // The day after the end, so many months on, and back to the evening before.
        let months = |months: u32| {
            let later = ends.checked_add_days(Days::new(1)).and_then(|day| day.checked_add_months(Months::new(months)));
            later.and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
        };
        match self.after {
            Length::Minutes(minutes) => days(u64::from(minutes).div_ceil(24 * 60)),
            Length::Grains(count, Grain::Day) => days(u64::from(count)),
            Length::Grains(count, Grain::Week) => days(7 * u64::from(count)),
            Length::Grains(count, Grain::Month) => months(count),
            Length::Grains(count, Grain::Quarter) => months(count.saturating_mul(3)),
            Length::Grains(count, Grain::Half) => months(count.saturating_mul(6)),
            Length::Grains(count, Grain::Year) => months(count.saturating_mul(12)),
        }
    }

    /// The last day whose rows are all there at the end of `as_of`.
    pub fn arrived(self, calendar: &Calendar, as_of: NaiveDate) -> NaiveDate {
        let mut period = calendar.period_of(self.of, as_of);
        // However long it takes, some period has arrived before the first year of data.
        for _ in 0..10_000 {
            let ends = calendar.ends(period);
            if self.known_on(calendar, ends) <= as_of {
                return ends;
            }
            period = calendar.shift(period, -1);
        }
        NaiveDate::MIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_arrive_after_their_period() {
        let calendar = Calendar::default();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        let of = |after, of| Arrival { after, of };
        let monthly = of(Length::Grains(8, Grain::Day), Grain::Month);
        assert_eq!(monthly.known_on(&calendar, day("2026-10-05")), day("2026-11-08"));
        assert_eq!(monthly.arrived(&calendar, day("2026-11-07")), day("2026-09-30"));
        assert_eq!(monthly.arrived(&calendar, day("2026-11-08")), day("2026-10-31"));
        let hours = of(Length::Minutes(6 * 60), Grain::Day);
        assert_eq!(hours.arrived(&calendar, day("2026-11-08")), day("2026-11-07"));
        let months = of(Length::Grains(1, Grain::Month), Grain::Quarter);
        assert_eq!(months.known_on(&calendar, day("2026-12-31")), day("2027-01-31"));
        assert_eq!(months.known_on(&calendar, day("2026-08-01")), day("2026-10-31"));
    }
}
