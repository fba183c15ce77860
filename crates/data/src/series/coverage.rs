//! Which days a source covers, told from the days that have rows.
//!
//! A source covers every day from its first row to its last. Three rules say what lies just outside:
//!
//! * **Rows for periods.** Where every row is dated on the first (or every row on the last) day of a month, quarter or year, or
//!   every row on one weekday, a week or more apart, a row stands for its whole period: coverage reaches the end (or the
//!   beginning) of it. So does a date that is written as a period (`2008-01`).
//! * **Silence.** A source that is not there every day may begin with silence: as many days without rows as nine tenths of its
//!   silences last at most are covered before its first row, and after its last one where the as-of date lies later.
//! * **Closed days.** Weekdays on which a source of four weeks or more never has a row are covered when they follow its last row,
//!   if it is there on four fifths of the other days.

use crate::source::dates::{Shape, date_of, day_number};
use chrono::{Datelike, NaiveDate};
use quarterdeck_calendar::{Calendar, Grain};

/// A row this many days after all others is taken for a mistake.
pub const FAR: i32 = 400;

/// The days of a table's rows and what they cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// Days with rows, in order, and how many.
    pub rows: Vec<(i32, u64)>,
    /// The first day covered, silence before the first row included.
    pub from: i32,
    /// The first day that a row stands for.
    pub first: i32,
    /// The last day that a row stands for, closed days included.
    pub last: i32,
    /// Days of silence that are usual.
    pub silence: i32,
    /// The period each row stands for; `None` for a day.
    pub rhythm: Option<Rhythm>,
    /// Whether the source says itself which days it covers.
    pub declared: bool,
}

/// The period a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// A period of a grain that starts on the row's day.
    From(Grain),
    /// A period of a grain that ends on the row's day.
    To(Grain),
    /// Seven days from the row's day.
    WeekFrom,
}

impl Days {
    /// What rows on these days cover; `None` without rows.
    pub fn new(calendar: &Calendar, rows: Vec<(i32, u64)>, shape: Option<Shape>) -> Option<Days> {
        let days: Vec<i32> = rows.iter().map(|(day, _)| *day).collect();
        let (first_row, last_row) = (*days.first()?, *days.last()?);
        let rhythm = rhythm(calendar, &days, shape);
        let (first, last) = match rhythm {
            Some(Rhythm::From(grain)) => (first_row, edge(calendar, grain, last_row).1),
            Some(Rhythm::To(grain)) => (edge(calendar, grain, first_row).0, last_row),
            Some(Rhythm::WeekFrom) => (first_row, last_row + 6),
            None => (first_row, last_row + closed_after(&days)),
        };
        let silence = if rhythm.is_some() { 0 } else { usual_silence(&days) };
        Some(Days { rows, from: first - silence, first, last, silence, rhythm, declared: false })
    }

    /// The same with the first and last day the source says it covers.
    pub fn covering(self, first: i32, last: i32) -> Days {
        Days { from: first, first, last, silence: 0, declared: true, ..self }
    }

    /// The last day covered when nothing after `as_of` counts. Silence reaches past the last row only while time goes on; a row
    /// for a period counts when the period is over.
    pub fn until(&self, calendar: &Calendar, as_of: i32) -> i32 {
        if self.declared {
            return as_of.min(self.last);
        }
        let ends = |day: i32| match self.rhythm {
            Some(Rhythm::From(grain)) => edge(calendar, grain, day).1,
            Some(Rhythm::WeekFrom) => day + 6,
            Some(Rhythm::To(_)) | None => day,
        };
        match self.rhythm {
            Some(_) => {
                let over = self.rows.iter().rev().map(|(day, _)| ends(*day)).find(|end| *end <= as_of);
                over.unwrap_or(self.first - 1)
            }
            None if as_of <= self.last => as_of,
            None => as_of.min(self.last + self.silence),
        }
    }

    /// Rows that count and rows that lie later.
    pub fn counts(&self, until: i32) -> (u64, u64) {
        let count = |later: bool| {
            self.rows.iter().filter(|(day, _)| (*day > until) == later).map(|(_, rows)| rows).sum::<u64>()
        };
        (count(false), count(true))
    }

    /// The last day with a row by `as_of`, and the one before it, where the last lies far past all the others.
    pub fn far_row(&self, as_of: i32) -> Option<(i32, i32)> {
        let days: Vec<i32> = self.rows.iter().map(|(day, _)| *day).filter(|day| *day <= as_of).collect();
        let [.., before, last] = days.as_slice() else { return None };
        let usual = days.windows(2).map(distance).rev().skip(1).max().unwrap_or(0);
        (last - before > FAR && last - before > 3 * usual).then_some((*last, *before))
    }
}

fn distance(pair: &[i32]) -> i32 {
    match pair {
        [a, b] => b - a,
        _ => 0,
    }
}

fn rhythm(calendar: &Calendar, days: &[i32], shape: Option<Shape>) -> Option<Rhythm> {
    if let Some(Shape::Period(grain)) = shape {
        return Some(Rhythm::From(grain));
    }
    if days.len() < 3 {
        return None;
    }
    for grain in [Grain::Year, Grain::Quarter, Grain::Month] {
        if days.iter().all(|day| edge(calendar, grain, *day).0 == *day) {
            return Some(Rhythm::From(grain));
        }
        if days.iter().all(|day| edge(calendar, grain, *day).1 == *day) {
            return Some(Rhythm::To(grain));
        }
    }
    // One weekday alone is no accident from the fourth row on.
    let weekly = days.len() >= 4 && days.windows(2).all(|pair| distance(pair) % 7 == 0);
    weekly.then_some(Rhythm::WeekFrom)
}

/// First and last day of the period that holds a day. Months are calendar months whatever the calendar: exports know no other.
fn edge(calendar: &Calendar, grain: Grain, day: i32) -> (i32, i32) {
    let date = date_of(day);
    if grain == Grain::Month {
        let first = date.with_day(1).unwrap_or(date);
        let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX);
        return (day_number(first), day_number(next) - 1);
    }
    let period = calendar.period_of(grain, date);
    (day_number(calendar.starts(period)), day_number(calendar.ends(period)))
}

/// Days without rows between days with rows that nine tenths of the silences do not exceed.
fn usual_silence(days: &[i32]) -> i32 {
    let mut silences: Vec<i32> = days.windows(2).map(|pair| distance(pair) - 1).collect();
    silences.sort_unstable();
    let place = (silences.len() * 9).div_ceil(10).saturating_sub(1);
    silences.get(place).copied().unwrap_or(0)
}

/// How many days after the last row are weekdays on which there never is one.
fn closed_after(days: &[i32]) -> i32 {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return 0 };
    if last - first < 27 {
        return 0;
    }
    let mut open = [false; 7];
    for day in days {
        if let Some(weekday) = open.get_mut(day.rem_euclid(7) as usize) {
            *weekday = true;
        }
    }
    let is_open = |day: &i32| open.get(day.rem_euclid(7) as usize).copied().unwrap_or(false);
    if days.len() * 5 < (*first..=*last).filter(is_open).count() * 4 {
        return 0;
    }
    (1..7).take_while(|ahead| !open.get((last + ahead).rem_euclid(7) as usize).copied().unwrap_or(true)).count() as i32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<(i32, u64)> {
        texts.iter().map(|text| (day_number(text.parse().unwrap()), 1)).collect()
    }

    fn shown(texts: &[&str]) -> String {
        let days = Days::new(&Calendar::default(), days(texts), None).unwrap();
        format!("{} {} to {} {:?}", date_of(days.from), date_of(days.first), date_of(days.last), days.rhythm)
    }

    #[test]
    fn months_are_covered_whole() {
        assert_eq!(
            shown(&["1992-01-01", "1992-02-01", "1992-04-01"]),
            "1992-01-01 1992-01-01 to 1992-04-30 Some(From(Month))"
        );
        assert_eq!(
            shown(&["2009-03-31", "2009-06-30", "2009-09-30"]),
            "2009-01-01 2009-01-01 to 2009-09-30 Some(To(Quarter))"
        );
        assert_eq!(
            shown(&["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-29"]),
            "2024-01-01 2024-01-01 to 2024-02-04 Some(WeekFrom)"
        );
    }

    #[test]
    fn weekends_off_are_silence_before_and_closed_after() {
        let open: Vec<String> = (0..40)
            .map(|ahead| date_of(day_number("2024-01-01".parse().unwrap()) + ahead))
            .filter(|date| date.weekday().num_days_from_monday() < 5)
            .map(|date| date.to_string())
            .collect();
        let open: Vec<&str> = open.iter().map(String::as_str).collect();
        // 2024-02-09 is a Friday; the weekend after it is covered, and two days before the first Monday.
        assert_eq!(shown(&open), "2023-12-30 2024-01-01 to 2024-02-09 None".replace("02-09", "02-11"));
    }

    #[test]
    fn a_row_in_another_century_is_far() {
        let calendar = Calendar::default();
        let far = Days::new(&calendar, days(&["2024-01-01", "2024-01-02", "2204-01-03"]), None).unwrap();
        assert!(far.far_row(i32::MAX).is_some());
        assert!(far.far_row(day_number("2024-06-01".parse().unwrap())).is_none());
        let yearly = Days::new(&calendar, days(&["2020-02-01", "2022-02-01", "2024-02-01"]), None).unwrap();
        assert!(yearly.far_row(i32::MAX).is_none());
    }
}
