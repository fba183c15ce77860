//! A level shift that nobody declared: one step far larger than any other, after which the level stays.

use super::measure_shift;
use crate::history::History;
use crate::transform::median;

/// Values on each side that must be there, and that the level is read from.
const SIDE: usize = 8;
/// A step must be so many typical steps long.
const FAR: f64 = 6.0;
/// It must be so many times as long as the next longest that is not beside it.
const ALONE: f64 = 1.5;

/// Finds a shift, measures it and moves what came before by it. Whether there was one.
pub fn join(history: &History<'_>, from: usize, z: &mut [f64], season: usize, notes: &mut Vec<String>) -> bool {
    let Some(at) = find(z, season) else { return false };
    let Some(shift) = measure_shift(z, at, season) else { return false };
    z.iter_mut().take(at).for_each(|value| *value += shift);
    if let Some(on) = history.starts.get(from + at) {
        notes.push(format!("A level shift at {on} that nobody declared was found and taken out of the history."));
    }
    true
}

/// The index of the first value after the shift.
fn find(z: &[f64], season: usize) -> Option<usize> {
    let n = z.len();
    if n < 4 * SIDE {
        return None;
    }
    let steps = usual_taken_off(z, season);
    let sizes: Vec<f64> = steps.iter().map(|step| step.abs()).collect();
    let typical = 1.4826 * median(&sizes)?;
    let (at, size) = sizes.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let first = at + 1;
    let others = sizes.iter().enumerate().filter(|(other, _)| other.abs_diff(at) > 1);
    let next = others.map(|(_, size)| *size).fold(0.0, f64::max);
    if first < SIDE || n - first < SIDE || size <= FAR * typical || size < ALONE * next || typical <= 1e-9 * size {
        return None;
    }
    // A spike goes back, a shift stays.
    let adjusted: Vec<f64> = std::iter::once(0.0)
        .chain(steps.iter().scan(0.0, |level, step| {
            *level += step;
            Some(*level)
        }))
        .collect();
    let before = median(adjusted.get(first - SIDE..first)?)?;
    let after = median(adjusted.get(first..first + SIDE)?)?;
    let moved = (after - before) * steps.get(at)?.signum();
    (moved > 0.6 * size).then_some(first)
}

/// Each step less the middle of the steps at its place of the cycle, which one shift does not move; less the middle of all
/// where there are fewer than three cycles.
fn usual_taken_off(z: &[f64], season: usize) -> Vec<f64> {
    let steps: Vec<f64> = z.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let cycle = if season > 1 && steps.len() >= 3 * season { season } else { 1 };
    let usual: Vec<f64> = (0..cycle)
        .map(|place| median(&steps.iter().skip(place).step_by(cycle).copied().collect::<Vec<f64>>()).unwrap_or(0.0))
        .collect();
    steps.iter().zip(usual.iter().cycle()).map(|(step, usual)| step - usual).collect()
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_step_that_stays_is_found_and_a_spike_or_a_walk_is_not() {
        let mut draws = crate::draws::Draws::named(2, "shift");
        let mut calm: Vec<f64> = (0..60).map(|_| draws.normal()).collect();
        assert_eq!(find(&calm, 1), None);
        let walk: Vec<f64> = calm.iter().scan(0.0, |sum, step| Some(std::mem::replace(sum, *sum + step))).collect();
        assert_eq!(find(&walk, 1), None);
        calm[40] += 15.0;
        assert_eq!(find(&calm, 1), None, "a spike");
        calm.iter_mut().skip(41).for_each(|value| *value += 15.0);
        assert_eq!(find(&calm, 1), Some(40));
        assert_eq!(find(&calm[..44], 1), None, "too recent to tell");
        assert_eq!(find(&[3.0; 60], 1), None);
    }
}
