//! One pass over rows in order of key and time: who enters when, and who of them arrives.
//!
//! A key enters with its first row in each period. What is kept of a key are the entries whose windows are still open, so
//! that memory depends on the window's length and never on the number of rows. Which of two rows of one moment comes first
//! changes nothing: a step is taken at a moment by whatever rows there are at it, and at most one at each.

use crate::source::dates::{date_of, day_number};
use chrono::{DateTime, Months};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_lang::model::Length;
use std::collections::{BTreeMap, VecDeque};

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// What an entry has to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// To take so many steps in order inside a window.
    Steps {
        /// How many after the entry.
        count: usize,
        /// Whether the first of them must be later than the entry, and may not be at the same moment.
        later: bool,
        /// How long after the entry the window opens; at once where `None`.
        after: Option<Length>,
        /// How long it is open.
        lasting: Length,
    },
    /// To be absent in the next period.
    Absence,
}

/// Keys by the day they entered on, in days since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many entered.
    pub entries: BTreeMap<i32, i128>,
    /// How many of them arrived.
    pub arrivals: BTreeMap<i32, i128>,
}

/// The pass, between two rows.
pub struct Walk<'a> {
    calendar: &'a Calendar,
    each: Grain,
    course: Course,
    key: Option<String>,
    /// The last day of the period the key entered last.
    entered: i32,
    open: VecDeque<Entry>,
    present: Option<(Period, i32)>,
    tally: Tally,
}

/// An entry whose window is open.
struct Entry {
    day: i32,
    opens: i64,
    ends: i64,
    /// Steps taken.
    taken: usize,
    /// The moment of the last of them.
    last: i64,
}

impl<'a> Walk<'a> {
    /// Before the first row; a key enters once in each period of a grain.
    pub fn new(calendar: &'a Calendar, each: Grain, course: Course) -> Walk<'a> {
        let (open, tally) = (VecDeque::new(), Tally::default());
        Walk { calendar, each, course, key: None, entered: i32::MIN, open, present: None, tally }
    }

    /// The next row: its time in microseconds since 1970, whether it is an entry, and which of the steps it takes.
    pub fn row(&mut self, key: &str, time: i64, enters: bool, takes: impl Fn(usize) -> bool) {
        if self.key.as_deref() != Some(key) {
            self.leave();
            self.key = Some(key.to_owned());
        }
        if let Course::Steps { count, later, .. } = self.course {
            self.advance(time, count, later, takes);
        }
        let day = day_of(time);
        if enters && day > self.entered {
            self.enter(day, time);
        }
    }

    /// After the last row.
    pub fn finish(mut self) -> Tally {
        self.leave();
        self.tally
    }

    fn advance(&mut self, time: i64, count: usize, later: bool, takes: impl Fn(usize) -> bool) {
        while self.open.front().is_some_and(|entry| entry.ends <= time || entry.taken >= count) {
            self.open.pop_front();
        }
        for entry in &mut self.open {
            let is_later = time > entry.last || (entry.taken == 0 && !later && time == entry.last);
            let is_inside = entry.opens <= time && time < entry.ends;
            if entry.taken < count && is_later && is_inside && takes(entry.taken) {
                entry.taken += 1;
                entry.last = time;
                if entry.taken == count {
                    *self.tally.arrivals.entry(entry.day).or_default() += 1;
                }
            }
        }
    }

    fn enter(&mut self, day: i32, time: i64) {
        let period = self.calendar.period_of(self.each, date_of(day));
        self.entered = day_number(self.calendar.ends(period));
        *self.tally.entries.entry(day).or_default() += 1;
        match self.course {
            Course::Steps { count: 0, .. } => *self.tally.arrivals.entry(day).or_default() += 1,
            Course::Steps { after, lasting, .. } => {
                let opens = after.map_or(time, |after| moved(time, after));
                self.open.push_back(Entry { day, opens, ends: moved(opens, lasting), taken: 0, last: time });
            }
            Course::Absence => {
                if let Some((before, entered)) = self.present.replace((period, day))
                    && self.calendar.shift(before, 1) != period
                {
                    *self.tally.arrivals.entry(entered).or_default() += 1;
                }
            }
        }
    }

    /// The key has no more rows.
    fn leave(&mut self) {
        if let Some((_, entered)) = self.present.take() {
            *self.tally.arrivals.entry(entered).or_default() += 1;
        }
        self.open.clear();
        self.entered = i32::MIN;
    }
}

/// The day of a moment.
pub fn day_of(time: i64) -> i32 {
    i32::try_from(time.div_euclid(DAY)).unwrap_or(if time < 0 { i32::MIN + 1 } else { i32::MAX - 1 })
}

/// A moment so much later; months and longer by the calendar, at most to the last day of the month.
pub fn moved(time: i64, length: Length) -> i64 {
    let days = |count: u32| time.saturating_add(i64::from(count).saturating_mul(DAY));
    let months = |count: u32| {
        let then = DateTime::from_timestamp_micros(time).and_then(|then| then.checked_add_months(Months::new(count)));
        then.map_or(i64::MAX, |then| then.timestamp_micros())
    };
    match length {
        Length::Minutes(minutes) => time.saturating_add(i64::from(minutes).saturating_mul(60_000_000)),
        Length::Grains(count, Grain::Day) => days(count),
        Length::Grains(count, Grain::Week) => days(count.saturating_mul(7)),
        Length::Grains(count, Grain::Month) => months(count),
        Length::Grains(count, Grain::Quarter) => months(count.saturating_mul(3)),
        Length::Grains(count, Grain::Half) => months(count.saturating_mul(6)),
        Length::Grains(count, Grain::Year) => months(count.saturating_mul(12)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    /// Key, time, whether it is an entry, and the steps it takes.
    type Row<'a> = (&'a str, i64, bool, &'a [usize]);

    fn tally(rows: &[Row<'_>], course: Course) -> Tally {
        let calendar = Calendar::default();
        let mut walk = Walk::new(&calendar, Grain::Week, course);
        for (key, time, enters, steps) in rows {
            walk.row(key, *time, *enters, |step| steps.contains(&step));
        }
        walk.finish()
    }

    /// Every order of the rows of one moment that keeps entries first.
    #[test]
    fn the_order_of_rows_of_one_moment_changes_nothing() {
        let course = Course::Steps { count: 2, later: true, after: None, lasting: Length::Grains(1, Grain::Day) };
        let at = |hour: i64| hour * HOUR;
        let moments: [&[Row<'_>]; 4] = [
            &[("a", at(0), true, &[]), ("a", at(0), true, &[0])],
            &[("a", at(1), false, &[0]), ("a", at(1), false, &[1]), ("a", at(1), true, &[0, 1])],
            &[("a", at(2), false, &[1]), ("a", at(2), false, &[0])],
            &[("b", at(0), true, &[0, 1]), ("b", at(0), false, &[1])],
        ];
        let forth: Vec<_> = moments.iter().flat_map(|moment| moment.iter().copied()).collect();
        let back: Vec<_> = moments.iter().flat_map(|moment| moment.iter().rev().copied()).collect();
        let found = tally(&forth, course);
        assert_eq!(found, tally(&back, course));
        assert_eq!((found.entries.get(&0), found.arrivals.get(&0)), (Some(&2), Some(&1)));
    }

    #[test]
    fn what_is_kept_of_a_key_is_what_is_open() {
        let calendar = Calendar::default();
        let lasting = Length::Grains(28, Grain::Day);
        let course = Course::Steps { count: 1, later: true, after: Some(lasting), lasting };
        let mut walk = Walk::new(&calendar, Grain::Week, course);
        for day in 0..20_000 {
            walk.row("a", day * DAY, true, |_| false);
            // The entries of 56 days, one a week.
            assert!(walk.open.len() <= 9, "{}", walk.open.len());
        }
        assert_eq!(walk.finish().entries.len(), 20_000 / 7 + 1);
    }

    #[test]
    fn months_end_on_their_last_day() {
        let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp_micros();
        for (from, length, to) in [
            ("2027-01-31T10:00:00Z", Length::Grains(1, Grain::Month), "2027-02-28T10:00:00Z"),
            ("2027-11-30T00:00:00Z", Length::Grains(1, Grain::Quarter), "2028-02-29T00:00:00Z"),
            ("2026-12-31T23:30:00Z", Length::Minutes(90), "2027-01-01T01:00:00Z"),
            ("2026-12-28T00:00:00Z", Length::Grains(1, Grain::Week), "2027-01-04T00:00:00Z"),
        ] {
            assert_eq!(moved(at(from), length), at(to), "{from}");
        }
        assert_eq!(moved(i64::MAX - 5, Length::Grains(u32::MAX, Grain::Year)), i64::MAX);
        assert_eq!((day_of(-1), day_of(0), day_of(DAY)), (-1, 0, 1));
    }
}
