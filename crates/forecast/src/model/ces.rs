//! Complex smoothing: the level and what it does not hold are smoothed as one complex number.
//!
//! y(t) = l(t−1) + ε(t); l(t) = l(t−1) − (1 − α₁)·c(t−1) + (α₀ − α₁)·ε(t); c(t) = l(t−1) + (1 − α₀)·c(t−1) + (α₀ + α₁)·ε(t), on
//! seasonally adjusted values. Between them α₀ (0.01 to 1.8) and α₁ (0.01 to 1.9) hold level, trend and what lies between, without
//! choosing a form. Svetunkov, Kourentzes & Ord (2022), "Complex Exponential Smoothing", Naval Research Logistics 69. First
//! states are found by smoothing forwards and backwards once. It needs 60 values and a season of 24 steps at most: with less,
//! and beside patterns of a long season, it made the combination worse. What would run away within three seasons is refused.

use super::{EXTRA, Fitted, Model, spread};
use crate::decompose::{LONGEST_STATE, Sample};
use crate::search::{Range, minimise};

/// The model; it has no settings.
pub struct Ces;

/// The least values.
const LEAST: usize = 60;
/// How far from what was seen it may go, in widths of that.
const FARTHEST: f64 = 2.0;

/// Level and potential: the two parts of the complex level.
#[derive(Clone, Copy, Debug)]
struct State {
    level: f64,
    potential: f64,
}

struct Fit {
    sample: Sample,
    state: State,
    gains: [f64; 2],
    spread: f64,
}

impl Model for Ces {
    fn name(&self) -> &'static str {
        "ces"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if sample.len() < LEAST || sample.season > LONGEST_STATE {
            return None;
        }
        let values = sample.adjusted();
        let ranges = [Range { low: 0.01, high: 1.8, start: 1.3 }, Range { low: 0.01, high: 1.9, start: 1.0 }];
        let (found, _) = minimise(&ranges, 160, |point| {
            let gains = [point[0], point[1]];
            let mut state = first(&values, gains);
            values.iter().map(|value| state.observe(*value, gains)).map(|error| error * error).sum()
        });
        let gains = [*found.first()?, *found.get(1)?];
        let mut state = first(&values, gains);
        let errors: Vec<f64> = values.iter().map(|value| state.observe(*value, gains)).collect();
        let spread = spread(errors.get(2..)?, 2);
        let stays = spread.is_finite() && state.stays_near(&values, gains, 3 * sample.season.max(8));
        stays.then(|| Box::new(Fit { sample: sample.clone(), state, gains, spread }) as Box<dyn Fitted>)
    }
}

/// The state before the first value: from the mean of the first ten, smoothed to the end and back.
fn first(values: &[f64], gains: [f64; 2]) -> State {
    let head = values.get(..10).unwrap_or(values);
    let mean = head.iter().sum::<f64>() / head.len().max(1) as f64;
    let start = State { level: mean, potential: mean / 1.1 };
    let mut state = start;
    for value in values.iter().chain(values.iter().rev()) {
        state.observe(*value, gains);
    }
    if state.level.is_finite() && state.potential.is_finite() { state } else { start }
}

impl State {
    /// Takes a value in; its error.
    fn observe(&mut self, value: f64, gains: [f64; 2]) -> f64 {
        let error = value - self.level;
        self.advance(error, gains);
        error
    }

    fn advance(&mut self, error: f64, [real, imaginary]: [f64; 2]) {
        let (level, potential) = (self.level, self.potential);
        self.level = level - (1.0 - imaginary) * potential + (real - imaginary) * error;
        self.potential = level + (1.0 - real) * potential + (real + imaginary) * error;
    }

    /// Whether its own future keeps within a few widths of what was seen.
    fn stays_near(mut self, values: &[f64], gains: [f64; 2], steps: usize) -> bool {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let reach = FARTHEST * (high - low);
        (0..steps).all(|_| {
            let near = self.level >= low - reach && self.level <= high + reach;
            self.advance(0.0, gains);
            near
        })
    }
}

impl Fitted for Fit {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        let mut state = self.state;
        for (step, value) in future.iter_mut().enumerate() {
            let error = self.spread * shocks[EXTRA + step];
            *value = state.level + error + self.sample.seasonal(self.sample.len() + step);
            state.advance(error, self.gains);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Ces, State};
    use crate::decompose::Sample;
    use crate::model::reference::{agree, number, numbers, python};
    use crate::model::{Model, point};

    /// With statsforecast's own numbers and first states the recursion gives its forecasts, to 1e-6.
    #[test]
    fn the_recursion_is_that_of_statsforecast() {
        let python = python();
        let (line, theirs) = (numbers(&python["line"]), &python["ces_line"]);
        let gains = [number(&theirs["alpha_0"]), number(&theirs["alpha_1"])];
        let first = numbers(&theirs["first"]);
        let mut state = State { level: first[0], potential: first[1] };
        line.iter().for_each(|value| {
            state.observe(*value, gains);
        });
        let ahead: Vec<f64> = (0..12)
            .map(|_| {
                let mean = state.level;
                state.advance(0.0, gains);
                mean
            })
            .collect();
        agree("ces", &ahead, &numbers(&theirs["forecast"]), 1e-6);
    }

    #[test]
    fn a_level_stays_and_little_is_too_little() {
        let forecast = point(&*Ces.fit(&Sample::new(vec![3.0; 60], 4)).unwrap(), 5);
        assert!(forecast.iter().all(|value| (value - 3.0).abs() < 1e-6), "{forecast:?}");
        assert!(
            Ces.fit(&Sample::new(vec![3.0; 59], 4)).is_none() && Ces.fit(&Sample::new(vec![3.0; 150], 52)).is_none()
        );
    }
}
