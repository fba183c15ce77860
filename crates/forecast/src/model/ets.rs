//! The exponential smoothing family: level, trend (none or damped) and season (none or additive).
//!
//! On the transformed scale with additive errors ε of spread σ (Hyndman, Koehler, Ord & Snyder 2008, "Forecasting with
//! Exponential Smoothing", chapter 2):
//!
//! y(t) = l(t−1) + φ·b(t−1) + s(t−m) + ε(t); l(t) = l(t−1) + φ·b(t−1) + α·ε(t); b(t) = φ·b(t−1) + β·ε(t);
//! s(t) = s(t−m) + γ·ε(t)
//!
//! On the log scale this is the multiplicative family. 0 < α < 1, 0 < β < α, 0 < γ < 1 − α, 0.8 ≤ φ ≤ [`slowest`]: a trend
//! always fades, as forms whose trend lasts for ever were worse on every set they were tried on, and by as much a year at every
//! grain. First states come from a decomposition, refined by smoothing backwards and forwards once (Svetunkov
//! 2023, "Forecasting and Analytics with the Augmented Dynamic Adaptive Model", section 11.4). Forms compete by the
//! corrected information criterion of Akaike; the two best are averaged by its weights. Seasons longer than 24 steps
//! are taken off first, not carried as states.

use super::{EXTRA, Fitted, Model, spread};
use crate::decompose::{LONGEST_STATE, Sample};
use crate::search::{Range, minimise};

/// The model; it has no settings.
pub struct Ets;

#[derive(Clone, Copy, Debug)]
struct Form {
    trended: bool,
    seasonal: bool,
}

#[derive(Clone, Copy, Debug)]
struct Gains {
    level: f64,
    trend: f64,
    season: f64,
    damping: f64,
}

/// Level, trend, and the season by place in the cycle.
#[derive(Clone, Debug)]
struct State {
    level: f64,
    slope: f64,
    season: Vec<f64>,
}

struct Candidate {
    gains: Gains,
    state: State,
    spread: f64,
    criterion: f64,
}

struct Smoothed {
    best: Candidate,
    second: Option<(Candidate, f64)>,
    sample: Sample,
    /// Whether the pattern of the sample was taken off first.
    adjusted: bool,
}

impl Model for Ets {
    fn name(&self) -> &'static str {
        "ets"
    }

    fn prior(&self) -> f64 {
        1.3
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        if sample.len() < 4 {
            return None;
        }
        let carries = sample.season >= 2 && sample.season <= LONGEST_STATE && sample.len() > 2 * sample.season + 1;
        let adjusted = !carries && !sample.pattern.is_empty();
        let values = if adjusted { sample.adjusted() } else { sample.z.clone() };
        let mut candidates: Vec<Candidate> =
            forms(sample, carries).iter().filter_map(|form| fit_form(&values, sample.season, *form)).collect();
        candidates.sort_by(|a, b| a.criterion.total_cmp(&b.criterion));
        let mut candidates = candidates.into_iter();
        let best = candidates.next()?;
        let second = candidates.next().and_then(|second| {
            let odds = libm::exp(-0.5 * (second.criterion - best.criterion));
            (odds > 0.05).then(|| (second, odds / (1.0 + odds)))
        });
        Some(Box::new(Smoothed { best, second, sample: sample.clone(), adjusted }))
    }
}

fn forms(sample: &Sample, carries: bool) -> Vec<Form> {
    let trends: &[bool] = if sample.len() >= 6 { &[false, true] } else { &[false] };
    let seasons: &[bool] = match (carries, sample.pattern.is_empty()) {
        (true, true) => &[false, true],
        (true, false) => &[true],
        (false, _) => &[false],
    };
    trends
        .iter()
        .flat_map(|trended| seasons.iter().map(|seasonal| Form { trended: *trended, seasonal: *seasonal }))
        .collect()
}

/// The most that is kept of a trend each step: four fifths over a cycle, so that a quarter's trend does not outlast that of its
/// three months. Where there is no cycle a step may be anything, and little fades.
fn slowest(season: usize) -> f64 {
    if season < 3 { 0.98 } else { libm::pow(0.8, 1.0 / season as f64) }
}

fn fit_form(values: &[f64], season: usize, form: Form) -> Option<Candidate> {
    let period = if form.seasonal { season } else { 0 };
    let trended = form.trended;
    let mut ranges = vec![Range { low: 1e-4, high: 0.9999, start: if form.seasonal { 0.3 } else { 0.5 } }];
    if trended {
        ranges.push(Range { low: 1e-4, high: 0.9999, start: 0.1 });
    }
    if form.seasonal {
        ranges.push(Range { low: 1e-4, high: 0.9999, start: 0.1 });
    }
    if trended {
        let high = slowest(season);
        ranges.push(Range { low: 0.8, high, start: 0.8 + 0.83 * (high - 0.8) });
    }
    let start = first_state(values, period, trended);
    let mut work = start.clone();
    let mut errors = vec![0.0; values.len()];
    let (found, sum) = minimise(&ranges, 60 + 40 * ranges.len(), |point| {
        run(values, gains_of(point, form), &start, &mut work, &mut errors)
    });
    let gains = gains_of(&found, form);
    let sum_again = run(values, gains, &start, &mut work, &mut errors);
    let parameters = ranges.len() + 1 + usize::from(trended) + period;
    let n = values.len() as f64;
    if !sum.is_finite() || !sum_again.is_finite() || n - parameters as f64 - 2.0 <= 0.0 {
        return None;
    }
    let k = parameters as f64 + 1.0;
    let floor = values.iter().map(|value| value.abs()).fold(1e-300, f64::max) * 1e-12;
    let criterion =
        n * libm::log(sum_again / n + floor * floor) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(0.5);
    let spread = spread(&errors, ranges.len());
    Some(Candidate { gains, state: work, spread, criterion })
}

fn gains_of(point: &[f64], form: Form) -> Gains {
    let mut rest = point.iter().copied();
    let level = rest.next().unwrap_or(0.5);
    let trend = if form.trended { level * rest.next().unwrap_or(0.1) } else { 0.0 };
    let season = if form.seasonal { (1.0 - level) * rest.next().unwrap_or(0.1) } else { 0.0 };
    let damping = if form.trended { rest.next().unwrap_or(0.9) } else { 0.0 };
    Gains { level, trend, season, damping }
}

/// Level and slope at time 0 by a line through the first cycles, season by their mean deviation from it.
fn first_state(values: &[f64], period: usize, trended: bool) -> State {
    let head = values.len().min(if period > 0 { (3 * period).max(10) } else { 10 });
    let season = if period > 0 { first_season(&values[..head], period) } else { Vec::new() };
    let adjusted: Vec<f64> = values[..head]
        .iter()
        .enumerate()
        .map(|(t, value)| value - if period > 0 { season[t % period] } else { 0.0 })
        .collect();
    let n = adjusted.len() as f64;
    let mean = adjusted.iter().sum::<f64>() / n;
    let middle = (n + 1.0) / 2.0;
    let (mut above, mut below) = (0.0, 0.0);
    for (t, value) in adjusted.iter().enumerate() {
        let centred = (t + 1) as f64 - middle;
        above += centred * (value - mean);
        below += centred * centred;
    }
    let slope = if trended && below > 0.0 { above / below } else { 0.0 };
    State { level: mean - slope * middle, slope, season }
}

fn first_season(head: &[f64], period: usize) -> Vec<f64> {
    let averages = crate::decompose::centred_average(head, period);
    let overall = head.iter().sum::<f64>() / head.len().max(1) as f64;
    let mut sums = vec![(0.0, 0.0); period];
    for (t, value) in head.iter().enumerate() {
        let weight = if averages[t].is_some() { 1.0 } else { 1e-3 };
        sums[t % period].0 += weight * (value - averages[t].unwrap_or(overall));
        sums[t % period].1 += weight;
    }
    let season: Vec<f64> = sums.iter().map(|(sum, weight)| if *weight > 0.0 { sum / weight } else { 0.0 }).collect();
    let centre = season.iter().sum::<f64>() / period as f64;
    season.iter().map(|value| value - centre).collect()
}

/// Smooths forwards, backwards and forwards again from a first state; leaves the last state in `state`, the last pass's
/// errors in `errors`, and gives the sum of their squares.
fn run(values: &[f64], gains: Gains, start: &State, state: &mut State, errors: &mut [f64]) -> f64 {
    state.level = start.level;
    state.slope = start.slope;
    state.season.clone_from(&start.season);
    let n = values.len();
    forward(values, gains, state, errors);
    state.slope = -state.slope * if gains.damping > 0.0 { 1.0 } else { 0.0 };
    let period = state.season.len();
    for t in (0..n).rev() {
        let place = if period > 0 { t % period } else { 0 };
        observe(values[t], place, gains, state);
    }
    state.slope = -state.slope;
    if gains.damping > 0.0 {
        // A damped slope faded on the way back as well: it starts at the size that fits the first steps.
        state.slope = 0.5 * (state.slope + start.slope);
    }
    forward(values, gains, state, errors)
}

fn forward(values: &[f64], gains: Gains, state: &mut State, errors: &mut [f64]) -> f64 {
    let period = state.season.len();
    let mut sum = 0.0;
    let mut place = 0;
    for (value, error) in values.iter().zip(errors.iter_mut()) {
        *error = observe(*value, place, gains, state);
        sum += *error * *error;
        place = if place + 1 < period { place + 1 } else { 0 };
    }
    sum
}

fn observe(value: f64, place: usize, gains: Gains, state: &mut State) -> f64 {
    let carried = state.level + gains.damping * state.slope;
    match state.season.get_mut(place) {
        Some(season) => {
            let error = value - carried - *season;
            *season += gains.season * error;
            advance(error, carried, gains, state)
        }
        None => advance(value - carried, carried, gains, state),
    }
}

fn advance(error: f64, carried: f64, gains: Gains, state: &mut State) -> f64 {
    state.level = carried + gains.level * error;
    state.slope = gains.damping * state.slope + gains.trend * error;
    error
}

impl Candidate {
    fn simulate(&self, first: usize, shocks: &[f64], future: &mut [f64], weight: f64) {
        let period = self.state.season.len();
        let (mut level, mut slope) = (self.state.level, self.state.slope);
        let mut season = self.state.season.clone();
        for (step, value) in future.iter_mut().enumerate() {
            let carried = level + self.gains.damping * slope;
            let error = self.spread * shocks[EXTRA + step];
            let seasonal = match (period > 0).then(|| (first + step) % period).and_then(|at| season.get_mut(at)) {
                Some(place) => {
                    let now = *place;
                    *place += self.gains.season * error;
                    now
                }
                None => 0.0,
            };
            *value += weight * (carried + seasonal + error);
            level = carried + self.gains.level * error;
            slope = self.gains.damping * slope + self.gains.trend * error;
        }
    }
}

impl Fitted for Smoothed {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        future.fill(0.0);
        let first = self.sample.len();
        let second = self.second.as_ref().map_or(0.0, |(_, weight)| *weight);
        self.best.simulate(first, shocks, future, 1.0 - second);
        if let Some((candidate, weight)) = &self.second {
            candidate.simulate(first, shocks, future, *weight);
        }
        if self.adjusted {
            for (step, value) in future.iter_mut().enumerate() {
                *value += self.sample.seasonal(first + step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Ets, Form, Gains, State, fit_form, forward};
    use crate::decompose::Sample;
    use crate::model::reference::{agree, number, numbers, python, r};
    use crate::model::{Model, point};
    use serde_json::Value;

    #[test]
    fn a_line_with_a_season_is_continued() {
        let season = [3.0, -1.0, 2.0, -4.0];
        let z: Vec<f64> = (0..40).map(|t| 10.0 + 0.5 * t as f64 + season[t % 4]).collect();
        let forecast = point(&*Ets.fit(&Sample::new(z, 4)).unwrap(), 8);
        for (step, value) in forecast.iter().enumerate() {
            let truth = 10.0 + 0.5 * (40 + step) as f64 + season[(40 + step) % 4];
            // The trend fades by 0.8^(1/4) a step at least: over eight it loses 0.5 · (8 − 6.28) = 0.86.
            assert!((value - truth).abs() < 1.0, "step {step}: {value} {truth}");
        }
    }

    #[test]
    fn noise_about_a_level_is_forecast_by_the_level() {
        let mut draws = crate::draws::Draws::named(3, "level");
        let z: Vec<f64> = (0..60).map(|_| 5.0 + draws.normal()).collect();
        let forecast = point(&*Ets.fit(&Sample::new(z, 1)).unwrap(), 6);
        assert!(forecast.iter().all(|value| (value - 5.0).abs() < 0.6), "{forecast:?}");
    }

    /// Gains and first state as R found them; its seasons come latest first.
    fn start(found: &Value) -> (Gains, State) {
        let (first, phi) = (numbers(&found["first"]), number(&found["phi"]));
        let trended = phi > 0.0;
        let gains = Gains {
            level: number(&found["alpha"]),
            trend: number(&found["beta"]),
            season: number(&found["gamma"]),
            damping: phi,
        };
        let season = first.iter().skip(1 + usize::from(trended)).rev().copied().collect();
        (gains, State { level: first[0], slope: if trended { first[1] } else { 0.0 }, season })
    }

    /// The mean of what comes after a state.
    fn continued(mut state: State, gains: Gains, from: usize) -> Vec<f64> {
        (from..from + 12)
            .map(|t| {
                let carried = state.level + gains.damping * state.slope;
                (state.level, state.slope) = (carried, gains.damping * state.slope);
                carried + state.season.get(t % state.season.len().max(1)).copied().unwrap_or(0.0)
            })
            .collect()
    }

    fn cases() -> [(&'static str, Vec<f64>, Form); 4] {
        let line = numbers(&python()["line"]);
        let logs: Vec<f64> = numbers(&python()["airline"]).into_iter().map(libm::log).collect();
        [
            ("ets_ann", line.clone(), Form { trended: false, seasonal: false }),
            ("ets_aan", line, Form { trended: true, seasonal: false }),
            ("ets_ana", logs.clone(), Form { trended: false, seasonal: true }),
            ("ets_aaa", logs, Form { trended: true, seasonal: true }),
        ]
    }

    /// From R's own start and gains the recursion ends where R's does: 1e-7 of errors, states and forecasts.
    #[test]
    fn the_recursion_is_that_of_r() {
        for (name, values, _) in cases() {
            let theirs = &r()[name];
            let (gains, mut state) = start(theirs);
            let sum = forward(&values, gains, &mut state, &mut vec![0.0; values.len()]);
            assert!((sum / number(&theirs["sse"]) - 1.0).abs() < 1e-7, "{name}: {sum}");
            let last = numbers(&theirs["last"]);
            let mut ours = vec![state.level];
            ours.extend((gains.damping > 0.0).then_some(state.slope));
            ours.extend(state.season.iter().rev());
            agree(name, &ours, &last, 1e-7);
            agree(name, &continued(state, gains, values.len()), &numbers(&theirs["forecast"]), 1e-7);
        }
    }

    /// Our fit starts from states smoothed backwards instead of fitted ones: it has fewer free numbers, and may miss R's sum
    /// of squares by a tenth. Forecasts a year ahead agree within 8 % of the passengers and 2 of
    /// the line, whose noise is 6.
    #[test]
    fn fits_are_about_as_good_as_those_of_r() {
        for (name, values, form) in cases() {
            let theirs = &r()[name];
            let fitted = fit_form(&values, 12, form).unwrap();
            let mut errors = vec![0.0; values.len()];
            let mut work = fitted.state.clone();
            let first = super::first_state(&values, if form.seasonal { 12 } else { 0 }, form.trended);
            let sum = super::run(&values, fitted.gains, &first, &mut work, &mut errors);
            let ratio = sum / number(&theirs["sse"]);
            assert!((0.8..1.1).contains(&ratio), "{name}: {ratio}");
            let tolerance = if form.seasonal { 0.08 } else { 2.0 };
            let ahead = continued(fitted.state, fitted.gains, values.len());
            agree(name, &ahead, &numbers(&theirs["forecast"]), tolerance);
        }
    }

    /// Holt and Winters' smoothing with gains given: the same recursion with β = α·β′, γ = γ′·(1 − α) and no damping.
    #[test]
    fn holt_and_winters_come_out_as_in_r() {
        let theirs = &r()["holt_winters"];
        let logs: Vec<f64> = numbers(&python()["airline"]).into_iter().map(libm::log).collect();
        let gains = Gains { level: 0.3, trend: 0.3 * 0.05, season: 0.2 * 0.7, damping: 1.0 };
        let season = numbers(&theirs["season"]);
        let mut state =
            State { level: number(&theirs["level"]), slope: number(&theirs["trend"]), season: vec![0.0; 12] };
        // Its first fitted value is that of the second year, and no place of the season has moved before it is used once.
        state.season.copy_from_slice(&season);
        let sum = forward(&logs[12..], gains, &mut state, &mut [0.0; 132]);
        assert!((sum / number(&theirs["sse"]) - 1.0).abs() < 1e-7, "{sum}");
        agree("holt_winters", &continued(state, gains, logs.len()), &numbers(&theirs["forecast"]), 1e-7);
    }

    /// statsmodels fits every state, we average our two best forms: within 8 % of passengers after a year.
    #[test]
    fn forecasts_are_near_those_of_statsmodels() {
        let python = python();
        for (name, values, season, tolerance) in
            [("ets_airline_logs", &cases()[2].1, 12, 0.08), ("ets_line", &cases()[0].1, 1, 1.5)]
        {
            let ours = point(&*Ets.fit(&Sample::new(values.clone(), season)).unwrap(), 12);
            agree(name, &ours, &numbers(&python[name]["forecast"]), tolerance);
        }
    }
}
