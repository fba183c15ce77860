//! From values to places, and the ticks between.

use crate::number::{exponent, power_of_ten};
use chrono::{Datelike, NaiveDate};

/// A straight scale from values to coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Maps `low..high` to `from..to`; a range without width is widened about itself.
    pub fn new((low, high): (f64, f64), (from, to): (f64, f64)) -> Scale {
        Scale { low, high, from, to }
    }

    pub fn at(&self, value: f64) -> f64 {
        // Halves first: the width of a range may be too large for a double where its ends are not.
        let width = self.high / 2.0 - self.low / 2.0;
        let part = (value / 2.0 - self.low / 2.0) / width;
        let part = if part.is_finite() { part.clamp(-0.05, 1.05) } else { 0.5 };
        self.from + part * (self.to - self.from)
    }

    /// Round values inside the range, about `wanted` of them, and the step between them.
    pub fn ticks(&self, wanted: usize) -> (Vec<f64>, f64) {
        ticks(self.low, self.high, wanted)
    }
}

/// The range of values with some air around it; `floor` and `ceiling` are ends that no value can pass.
///
/// `None` where no value is finite.
pub(super) fn domain(
    values: impl Iterator<Item = f64>,
    floor: Option<f64>,
    ceiling: Option<f64>,
) -> Option<(f64, f64)> {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return None;
    }
    let width = high - low;
    let air = match width {
        w if w > 0.0 && w.is_finite() => w * 0.08,
        _ if high == 0.0 => 1.0,
        _ => high.abs() * 0.1,
    };
    let padded = ((low - air).max(f64::MIN / 4.0), (high + air).min(f64::MAX / 4.0));
    let low_end = floor.filter(|floor| low >= *floor).map_or(padded.0, |floor| padded.0.max(floor));
    let high_end = ceiling.filter(|ceiling| high <= *ceiling).map_or(padded.1, |ceiling| padded.1.min(ceiling));
    if low_end < high_end { Some((low_end, high_end)) } else { Some(padded) }
}

/// Multiples of 1, 2, 2.5 or 5 times a power of ten.
pub(super) fn ticks(low: f64, high: f64, wanted: usize) -> (Vec<f64>, f64) {
    let raw = (high / 2.0 - low / 2.0) / wanted.max(1) as f64 * 2.0;
    if !raw.is_finite() || raw <= 0.0 {
        return (Vec::new(), 0.0);
    }
    let power = power_of_ten(exponent(raw));
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= raw * 0.999).unwrap_or(10.0);
    let step = factor * power;
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let count = (last - first).clamp(-1.0, 20.0);
    if !count.is_finite() || first.abs() > 1e12 {
        return (Vec::new(), 0.0);
    }
    ((0..=count as i64).map(|at| (first + at as f64) * step).collect(), step)
}

/// A day as a number.
pub(super) fn day_number(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce())
}

/// First days of years, half-years, quarters or months in a range, at most `most`, each with its label.
pub(super) fn date_ticks(from: NaiveDate, to: NaiveDate, most: usize) -> Vec<(NaiveDate, String)> {
    const STEPS: [i32; 9] = [1, 3, 6, 12, 24, 60, 120, 240, 600];
    let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    let span = month(to) - month(from);
    let most = most.max(1) as i32;
    let step = STEPS.into_iter().find(|step| span / step < most).unwrap_or(600);
    let first = (month(from) + step - 1).div_euclid(step);
    let last = month(to).div_euclid(step);
    (first..=last)
        .filter_map(|at| {
            let month = at * step;
            let day = NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1)?;
            let label = if step >= 12 { day.format("%Y") } else { day.format("%b %Y") };
            (day >= from && day <= to).then(|| (day, label.to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let cases = [
            ((8_700.0, 11_900.0), vec![9_000.0, 10_000.0, 11_000.0], 1_000.0_f64),
            ((0.0, 1.0), vec![0.0, 0.25, 0.5, 0.75, 1.0], 0.25),
            ((-3.2, 4.1), vec![-2.0, 0.0, 2.0, 4.0], 2.0),
            ((2.0e-7, 9.0e-7), vec![2.0e-7, 4.0e-7, 6.0e-7, 8.0e-7], 2.0e-7),
        ];
        for ((low, high), expect, step) in cases {
            let (found, by) = ticks(low, high, 4);
            assert_eq!(found.len(), expect.len(), "{found:?}");
            assert!(found.iter().zip(&expect).all(|(a, b)| (a - b).abs() < 1e-9 * step.max(1.0)), "{found:?}");
            assert!((by - step).abs() < 1e-12 + step * 1e-9);
        }
        assert_eq!(ticks(1.0, 1.0, 4).0, Vec::<f64>::new());
        assert!(ticks(f64::MIN, f64::MAX, 4).0.len() < 12);
    }

    #[test]
    fn a_range_has_air_but_keeps_its_ends() {
        assert_eq!(domain([0.0, 100.0].into_iter(), Some(0.0), None), Some((0.0, 108.0)));
        assert_eq!(domain([0.95, 1.0].into_iter(), Some(0.0), Some(1.0)).unwrap().1, 1.0);
        assert_eq!(domain([f64::NAN].into_iter(), None, None), None);
        let (low, high) = domain([5.0].into_iter(), None, None).unwrap();
        assert!(low < 5.0 && high > 5.0);
        let (low, high) = domain([f64::MIN, f64::MAX].into_iter(), None, None).unwrap();
        assert!(low.is_finite() && high.is_finite());
    }

    #[test]
    fn dates_are_marked_as_often_as_there_is_room() {
        let day = |y, m| NaiveDate::from_ymd_opt(y, m, 15).unwrap();
        let labels = |from, to| date_ticks(from, to, 6).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(day(2026, 1), day(2026, 4)), ["Feb 2026", "Mar 2026", "Apr 2026"]);
        assert_eq!(labels(day(2023, 6), day(2027, 3)), ["2024", "2025", "2026", "2027"]);
        assert_eq!(labels(day(1985, 6), day(2027, 3)), ["1990", "2000", "2010", "2020"]);
    }
}
