//! What would mislead a model is taken out of a history first: level shifts at declared breaks and one that nobody declared,
//! the effect of events (put back where they will happen again), values that rest on far fewer than usual and single wild
//! values.

mod samples;
mod shift;

use crate::decompose::Sample;
use crate::history::History;
use crate::regress::least_squares;
use crate::transform::{Transform, median};
use chrono::NaiveDate;

/// A history made ready.
pub struct Clean {
    /// The rates without shifts, events and wild values.
    pub rates: Vec<f64>,
    /// What events add to each coming step, on the transformed scale; empty where there are none.
    pub lift: Vec<f64>,
    /// What was done, in plain sentences.
    pub notes: Vec<String>,
}

/// A break is measured on so many values at most on each side, and on three at least.
const SIDE: usize = 26;
/// A value so many typical deviations off is wild.
const WILD: f64 = 8.0;

/// Cleans rates that start at index `from` of a history; `ahead` are the first days of the coming steps and of the one
/// after the last.
pub fn clean(
    history: &History<'_>,
    from: usize,
    rates: &[f64],
    transform: Transform,
    season: usize,
    ahead: &[NaiveDate],
) -> Clean {
    let mut z: Vec<f64> = rates.iter().map(|rate| transform.forward(*rate)).collect();
    let mut notes = Vec::new();
    let shifted = join_breaks(history, from, &mut z, season, &mut notes);
    let lift = take_out_events(history, from, &mut z, season, ahead, &mut notes);
    let steadied = samples::steady(history, from, &mut z, season, &mut notes);
    let tamed = tame(&mut z, season, &mut notes);
    let found = shift::join(history, from, &mut z, season, &mut notes);
    let changed = shifted
        || found
        || steadied
        || tamed
        || lift.iter().any(|value| *value != 0.0)
        || !history.series.events.is_empty();
    let rates = if changed { z.iter().map(|value| transform.back(*value)).collect() } else { rates.to_vec() };
    Clean { rates, lift, notes }
}

/// Moves what came before each break that cuts nothing off by the shift measured there.
fn join_breaks(history: &History<'_>, from: usize, z: &mut [f64], season: usize, notes: &mut Vec<String>) -> bool {
    let mut any = false;
    for change in history.series.breaks.iter().filter(|change| !change.drop_before) {
        let Some(at) = history.starts.iter().position(|start| *start >= change.on) else { continue };
        let Some(at) = at.checked_sub(from).filter(|at| *at > 2 && *at < z.len()) else { continue };
        let label = &change.label;
        if z.len() - at < 3 {
            notes.push(format!("The change of {} (\"{label}\") is too recent to measure a shift.", change.on));
            continue;
        }
        if let Some(shift) = measure_shift(z, at, season) {
            z[..at].iter_mut().for_each(|value| *value += shift);
            notes.push(format!(
                "A level shift at {} (\"{label}\") was measured and taken out of the history.",
                change.on
            ));
            any = true;
        }
    }
    any
}

/// The shift at an index, by a line through both sides with a step between; `None` where it drowns in noise.
fn measure_shift(z: &[f64], at: usize, season: usize) -> Option<f64> {
    // The season is known from before the break, so that a shift in its middle is not taken for one.
    let pattern = Sample::new(z[..at].to_vec(), season);
    let (low, high) = (at.saturating_sub(SIDE), (at + SIDE).min(z.len()));
    let target: Vec<f64> = (low..high).map(|t| z[t] - pattern.seasonal(t)).collect();
    let step: Vec<f64> = (low..high).map(|t| f64::from(u8::from(t >= at))).collect();
    let time: Vec<f64> = (low..high).map(|t| t as f64 - at as f64).collect();
    let ones = vec![1.0; target.len()];
    let trended = [ones.clone(), step.clone(), time.clone()];
    let plain = [ones, step];
    let columns: &[Vec<f64>] = if target.len() >= 10 { &trended } else { &plain };
    let found = least_squares(columns, &target)?;
    let misses: Vec<f64> = target
        .iter()
        .enumerate()
        .map(|(row, value)| (value - columns.iter().zip(&found).map(|(column, c)| column[row] * c).sum::<f64>()).abs())
        .collect();
    let typical = median(&misses)? * 1.4826;
    let sides = (1.0 / (at - low) as f64 + 1.0 / (high - at) as f64).sqrt();
    let shift = *found.get(1)?;
    (shift.abs() > 2.5 * typical * sides).then_some(shift)
}

/// Measures what events did beside the days around them, takes it out, and gives what they will do.
fn take_out_events(
    history: &History<'_>,
    from: usize,
    z: &mut [f64],
    season: usize,
    ahead: &[NaiveDate],
    notes: &mut Vec<String>,
) -> Vec<f64> {
    let mut lift = Vec::new();
    let past = history.starts.get(from..=from + z.len()).unwrap_or_default();
    for event in &history.series.events {
        let loads = loads(&event.days, past);
        let known = loads.iter().filter(|load| **load > 0.0).count();
        if known == 0 {
            continue;
        }
        let quiet: Vec<Option<f64>> = z.iter().zip(&loads).map(|(v, load)| (*load == 0.0).then_some(*v)).collect();
        let (mut target, mut weight) = (Vec::new(), Vec::new());
        for (t, load) in loads.iter().enumerate().filter(|(_, load)| **load > 0.0) {
            if let Some(base) = beside(&quiet, t, season) {
                target.push(z[t] - base);
                weight.push(*load);
            }
        }
        let Some(found) = least_squares(&[weight], &target) else { continue };
        // One occurrence is weak evidence of the next.
        let effect = found.first().copied().unwrap_or(0.0) * known as f64 / (known as f64 + 0.5);
        z.iter_mut().zip(&loads).for_each(|(value, load)| *value -= effect * load);
        let coming = self::loads(&event.days, ahead);
        if coming.iter().any(|load| *load > 0.0) {
            notes.push(format!("\"{}\" is expected to do again what it did {known} times before.", event.name));
        }
        lift.resize(coming.len(), 0.0);
        lift.iter_mut().zip(&coming).for_each(|(sum, load): (&mut f64, &f64)| *sum += effect * load);
    }
    lift
}

/// The share of each period's days on which an event happened; `starts` holds one more day than there are periods.
fn loads(days: &[(NaiveDate, NaiveDate)], starts: &[NaiveDate]) -> Vec<f64> {
    starts
        .windows(2)
        .map(|pair| {
            let length = (pair[1] - pair[0]).num_days().max(1);
            let last = pair[1].pred_opt().unwrap_or(pair[1]);
            let inside: i64 = days
                .iter()
                .map(|(first, end)| ((*end).min(last) - (*first).max(pair[0])).num_days() + 1)
                .map(|shared| shared.max(0))
                .sum();
            inside as f64 / length as f64
        })
        .collect()
}

/// The middle of the nearest quiet values at the same place of the cycle (of the direct neighbours for short histories).
fn beside(quiet: &[Option<f64>], t: usize, season: usize) -> Option<f64> {
    let weekly = if season == 7 { 7 } else { 1 };
    let mut near = Vec::new();
    for reach in 1..=4 {
        near.extend(t.checked_sub(reach * weekly).and_then(|at| quiet.get(at).copied().flatten()));
        near.extend(quiet.get(t + reach * weekly).copied().flatten());
    }
    median(&near)
}

/// Draws single wild values back to what their neighbours say; the last two are left, they may be news.
fn tame(z: &mut [f64], season: usize, notes: &mut Vec<String>) -> bool {
    if z.len() < 12 {
        return false;
    }
    let adjusted = if season == 7 { z.to_vec() } else { Sample::new(z.to_vec(), season).adjusted() };
    let stride = if season == 7 { 7 } else { 1 };
    let off: Vec<f64> = (0..z.len()).map(|t| adjusted[t] - middle_around(&adjusted, t, stride)).collect();
    let sizes: Vec<f64> = off.iter().map(|value| value.abs()).collect();
    let typical = median(&sizes).unwrap_or(0.0) * 1.4826;
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    if typical <= 1e-9 * largest {
        return false;
    }
    let wild: Vec<usize> = (1..z.len() - 2).filter(|t| sizes[*t] > WILD * typical).collect();
    // Many wild values are how the series is.
    if wild.is_empty() || wild.len() * 50 > z.len().max(50) {
        return false;
    }
    for t in &wild {
        z[*t] -= off[*t];
    }
    let what =
        if wild.len() == 1 { "One value far off its neighbours was" } else { "Values far off their neighbours were" };
    notes.push(format!("{what} ignored ({} of {}).", wild.len(), z.len()));
    true
}

fn middle_around(values: &[f64], t: usize, stride: usize) -> f64 {
    let mut near = Vec::with_capacity(6);
    for reach in 1..=3 {
        near.extend(t.checked_sub(reach * stride).and_then(|at| values.get(at)).copied());
        near.extend(values.get(t + reach * stride).copied());
    }
    median(&near).unwrap_or(values[t])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{loads, measure_shift, tame};
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_shift_on_a_line_is_measured() {
        let wobble = [0.1, -0.1, 0.05, -0.05];
        let z: Vec<f64> =
            (0..30).map(|t| 0.2 * f64::from(t) + wobble[t as usize % 4] + if t >= 18 { 5.0 } else { 0.0 }).collect();
        let shift = measure_shift(&z, 18, 1).unwrap();
        assert!((shift - 5.0).abs() < 0.2, "{shift}");
        let calm: Vec<f64> = z.iter().enumerate().map(|(t, v)| if t >= 18 { v - 5.0 } else { *v }).collect();
        assert_eq!(measure_shift(&calm, 18, 1), None);
    }

    #[test]
    fn an_event_of_two_days_loads_its_week_by_two_sevenths() {
        let starts = [day("2024-01-01"), day("2024-01-08"), day("2024-01-15")];
        let found = loads(&[(day("2024-01-07"), day("2024-01-08"))], &starts);
        assert_eq!(found, vec![1.0 / 7.0, 1.0 / 7.0]);
    }

    #[test]
    fn one_wild_value_is_drawn_back_and_the_last_is_left() {
        let mut z: Vec<f64> = (0..40).map(|t| f64::from(t % 3)).collect();
        z[20] = 500.0;
        z[39] = 500.0;
        let mut notes = Vec::new();
        assert!(tame(&mut z, 1, &mut notes));
        assert!(z[20] < 3.0 && z[39] == 500.0, "{z:?}");
        assert_eq!(notes, vec!["One value far off its neighbours was ignored (1 of 40)."]);
    }
}
