//! A series as models need it: per day where it adds up, without gaps, with breaks joined.

use crate::series::{Nature, Series};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};

/// A series laid out on days.
pub struct History<'a> {
    /// Where it comes from.
    pub series: &'a Series,
    /// First day of each period, from the first value on, and of the one after the last.
    pub starts: Vec<NaiveDate>,
    /// Per value: the quantity per day for flows, the value itself otherwise; `None` for a gap or what is no number.
    pub rates: Vec<Option<f64>>,
    /// Days per period for flows, 1 otherwise: value = rate × length.
    pub lengths: Vec<f64>,
}

impl<'a> History<'a> {
    /// Lays a series out.
    pub fn new(series: &'a Series, calendar: &Calendar) -> History<'a> {
        let starts = starts_from(calendar, series.start, series.values.len() + 1);
        let flow = series.nature == Nature::Flow;
        let lengths: Vec<f64> =
            starts.windows(2).map(|pair| if flow { days_between(pair[0], pair[1]) } else { 1.0 }).collect();
        let rates = series
            .values
            .iter()
            .zip(&lengths)
            .map(|(value, length)| value.filter(|value| value.is_finite()).map(|value| value / length))
            .collect();
        History { series, starts, rates, lengths }
    }

    /// How many periods are complete by a day.
    pub fn known_by(&self, day: NaiveDate) -> usize {
        self.starts.iter().skip(1).filter(|next| **next <= day.succ_opt().unwrap_or(day)).count()
    }

    /// How many periods from the first value on are over by a day, whether their values are there or not.
    pub fn periods_by(&self, day: NaiveDate, calendar: &Calendar) -> usize {
        let next = day.succ_opt().unwrap_or(day);
        calendar.distance(self.series.start, calendar.period_of(self.series.grain, next)).max(0) as usize
    }

    /// Whether its steps are days.
    pub fn is_daily(&self) -> bool {
        self.series.grain == Grain::Day
    }

    /// The rates before index `cut`, gaps filled, trailing gaps left out and counted; fewer than two values: `None`.
    pub fn filled(&self, cut: usize) -> Option<(Vec<f64>, usize)> {
        let from = self.first_after_breaks(cut);
        let known = self.rates.get(from..cut)?;
        let first = known.iter().position(Option::is_some)?;
        let last = known.iter().rposition(Option::is_some)?;
        let season = if self.is_daily() { 7 } else { self.series.grain.season_length() };
        let filled = fill(&known[first..=last], season);
        (filled.len() >= 2).then_some((filled, known.len() - 1 - last))
    }

    /// The index of the first value after the last break that cuts history off.
    fn first_after_breaks(&self, cut: usize) -> usize {
        let mut from = 0;
        for change in self.series.breaks.iter().filter(|change| change.drop_before) {
            let at = self.starts.iter().position(|start| *start >= change.on).unwrap_or(cut);
            // A break so recent that nothing is left would leave no forecast; at past origins it was not known yet.
            if at < cut {
                from = from.max(at);
            }
        }
        from
    }
}

/// First days of `count` periods.
pub fn starts_from(calendar: &Calendar, first: Period, count: usize) -> Vec<NaiveDate> {
    let mut starts = Vec::with_capacity(count);
    let mut date = calendar.starts(first);
    let mut period = first;
    for _ in 0..count {
        starts.push(date);
        match first.grain() {
            // Days and weeks go by without asking the calendar.
            Grain::Day => date = date.succ_opt().unwrap_or(date),
            Grain::Week => date = date.checked_add_days(chrono::Days::new(7)).unwrap_or(date),
            _ => {
                period = calendar.shift(period, 1);
                date = calendar.starts(period);
            }
        }
    }
    starts
}

/// Days from one date to another.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    (to - from).num_days() as f64
}

/// Gaps filled by the same season's neighbours where there are any, by a straight line otherwise.
fn fill(known: &[Option<f64>], season: usize) -> Vec<f64> {
    let mut filled = Vec::with_capacity(known.len());
    for (at, value) in known.iter().enumerate() {
        let value = value.unwrap_or_else(|| {
            let line = line_between(known, at);
            let cycle = |offset: usize| {
                let (there, here) = (known.get(offset).copied().flatten()?, line);
                Some((there - line_between(known, offset), here))
            };
            let before = at.checked_sub(season).and_then(cycle);
            let after = cycle(at + season);
            match (before, after) {
                (Some((a, _)), Some((b, _))) => line + 0.5 * (a + b),
                _ => line,
            }
        });
        filled.push(value);
    }
    filled
}

/// The straight line between the nearest known values on both sides of a place (the place itself aside).
fn line_between(known: &[Option<f64>], at: usize) -> f64 {
    let before = known[..at].iter().enumerate().rev().find_map(|(place, value)| value.map(|value| (place, value)));
    let after = known.iter().enumerate().skip(at + 1).find_map(|(place, value)| value.map(|value| (place, value)));
    match (before, after) {
        (Some((a, low)), Some((b, high))) => low + (high - low) * (at - a) as f64 / (b - a) as f64,
        (Some((_, value)), None) | (None, Some((_, value))) => value,
        (None, None) => 0.0,
    }
}
