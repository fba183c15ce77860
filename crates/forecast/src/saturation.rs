//! How far a growth curve says a series will go, and whether its data can say so at all.
//!
//! y(t) = m·F(t) + r(t), with F a logistic, Gompertz or Bass curve from 0 to 1 and r an autoregression of order 1. For each
//! cap m the curve is fitted again: the profile of the likelihood. The caps whose misfit is not clearly worse than the best
//! one's are the range; where that has no upper end within a hundred times what was seen, the profile is open and the data
//! do not identify a cap: early growth fits any. Bates & Watts (1988), "Nonlinear Regression Analysis and Its
//! Applications", section 6.1 (profiles); Bass (1969), Management Science 15 (diffusion).
//!
//! A cap found this way knows one series and one curve only. It is for judging and for a reader; forecasts take the cap of
//! a [`Series`](crate::Series) as given.

use crate::draws::Draws;
use crate::search::{Range, minimise};

/// A curve from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// F = 1 / (1 + e^(−a−b·t)).
    Logistic,
    /// F = e^(−e^(−a−b·t)).
    Gompertz,
    /// F = (1 − e^(−(p+q)·t)) / (1 + (q/p)·e^(−(p+q)·t)), begun one step before the first value.
    Bass,
}

/// Every curve, in order of reports.
pub const CURVES: [Curve; 3] = [Curve::Logistic, Curve::Gompertz, Curve::Bass];

/// What the data say of a cap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// The curve.
    pub curve: Curve,
    /// The cap that fits best, in the unit of the values. Worth nothing where the profile is open.
    pub cap: f64,
    /// Lower end of the range.
    pub low: f64,
    /// Upper end of the range; `None` where the profile is open: the cap is not identified.
    pub high: Option<f64>,
    /// Correlation of one step's misfit with the next one's.
    pub memory: f64,
    /// Spread of what curve and memory leave unexplained, in the unit of the values: by it curves are compared.
    pub misfit: f64,
}

/// The least values a profile is made from.
pub const LEAST: usize = 8;

/// The profile of the cap of a growing series. `confidence` is that of the range, 0 to 1, both ends left out. `None` with
/// fewer than [`LEAST`] values, with values that are no numbers or with none above 0.
pub fn profile(curve: Curve, values: &[f64], confidence: f64) -> Option<Profile> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let usable = values.iter().all(|value| value.is_finite()) && most > 0.0 && confidence > 0.0 && confidence < 1.0;
    if values.len() < LEAST || !usable {
        return None;
    }
    let scaled: Vec<f64> = values.iter().map(|value| value / most).collect();
    let mut memory = 0.0;
    for _ in 0..2 {
        let best = lowest(curve, &scaled, memory);
        let (point, _) = fitted(curve, &scaled, best, memory);
        memory = correlation(&residuals(curve, &scaled, best, &point));
    }
    let misfit = |log_cap: f64| fitted(curve, &scaled, log_cap, memory).1;
    let best = lowest(curve, &scaled, memory);
    let least = misfit(best);
    // The cap, two numbers of the curve and the memory are fitted.
    let freedom = (values.len() - 4) as f64;
    let t = student(0.5 + 0.5 * confidence, freedom);
    let limit = least * (1.0 + t * t / freedom) + 1e-18;
    let low = crossing(&misfit, limit, LOWEST, best);
    let high = (misfit(HIGHEST) > limit).then(|| crossing(&misfit, limit, HIGHEST, best));
    let cap = |log: f64| most * libm::exp(log);
    let unexplained = most * (least / freedom).sqrt();
    Some(Profile { curve, cap: cap(best), low: cap(low), high: high.map(cap), memory, misfit: unexplained })
}

/// ln of the lowest cap looked at, over the highest value: noise may lift a value above its cap.
const LOWEST: f64 = -0.223_143_551_3;
/// ln 100.
const HIGHEST: f64 = 4.605_170_186;

/// ln of the cap that fits best: the best of a grid that is finer near what was seen, then closed in on.
fn lowest(curve: Curve, values: &[f64], memory: f64) -> f64 {
    const POINTS: usize = 28;
    let at = |k: f64| LOWEST + (HIGHEST - LOWEST) * (k / POINTS as f64) * (k / POINTS as f64);
    let misfit = |log_cap: f64| fitted(curve, values, log_cap, memory).1;
    let costs: Vec<f64> = (0..=POINTS).map(|k| misfit(at(k as f64))).collect();
    let best = (0..=POINTS).min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0) as f64;
    let (mut low, mut high) = (at((best - 1.0).max(0.0)), at((best + 1.0).min(POINTS as f64)));
    for _ in 0..14 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if misfit(a) < misfit(b) {
            high = b;
        } else {
            low = a;
        }
    }
    0.5 * (low + high)
}

/// Where the misfit passes a limit between an end and the best place; the end itself where it does not.
fn crossing(misfit: &impl Fn(f64) -> f64, limit: f64, end: f64, best: f64) -> f64 {
    if misfit(end) <= limit {
        return end;
    }
    let (mut outside, mut inside) = (end, best);
    for _ in 0..18 {
        let middle = 0.5 * (outside + inside);
        if misfit(middle) > limit {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    0.5 * (outside + inside)
}

/// The share reached at a step, counted from 1.
fn share(curve: Curve, point: &[f64], t: f64) -> f64 {
    let line = point[0] + point[1] * t;
    match curve {
        Curve::Logistic => 1.0 / (1.0 + libm::exp(-line.clamp(-60.0, 60.0))),
        Curve::Gompertz => libm::exp(-libm::exp(-line.clamp(-6.0, 60.0))),
        Curve::Bass => {
            let (p, q) = (libm::exp(point[0]), libm::exp(point[1]));
            let fade = libm::exp(-((p + q) * t).min(60.0));
            (1.0 - fade) / (1.0 + q / p * fade)
        }
    }
}

fn residuals(curve: Curve, values: &[f64], log_cap: f64, point: &[f64]) -> Vec<f64> {
    let cap = libm::exp(log_cap);
    values.iter().enumerate().map(|(t, value)| value - cap * share(curve, point, (t + 1) as f64)).collect()
}

/// The curve's numbers for a cap, and the sum of squares of what its memory leaves unexplained.
fn fitted(curve: Curve, values: &[f64], log_cap: f64, memory: f64) -> (Vec<f64>, f64) {
    let ranges = ranges(curve, values, libm::exp(log_cap));
    minimise(&ranges, 110, |point| {
        let mut before: Option<f64> = None;
        let mut sum = 0.0;
        for rest in residuals(curve, values, log_cap, point) {
            let fresh = match before {
                Some(before) => rest - memory * before,
                None => rest * (1.0 - memory * memory).sqrt(),
            };
            sum += fresh * fresh;
            before = Some(rest);
        }
        sum
    })
}

/// Where to look for a curve's numbers: about the line that the values make on the scale where the curve is one.
fn ranges(curve: Curve, values: &[f64], cap: f64) -> [Range; 2] {
    let (mut weights, mut times, mut zs, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, value) in values.iter().enumerate() {
        let part = (value / cap).clamp(1e-3, 0.999);
        let (z, slope) = match curve {
            Curve::Gompertz => (-libm::log(-libm::log(part)), -part * libm::log(part)),
            Curve::Logistic | Curve::Bass => (libm::log(part / (1.0 - part)), part * (1.0 - part)),
        };
        let (t, weight) = ((t + 1) as f64, slope * slope);
        weights += weight;
        times += weight * t;
        zs += weight * z;
        squares += weight * t * t;
        products += weight * t * z;
    }
    let spread = squares - times * times / weights;
    let slope = ((products - times * zs / weights) / spread.max(1e-12)).clamp(1e-4, 5.0);
    let line = (zs - slope * times) / weights;
    if curve == Curve::Bass {
        // As logistic curves go: p + q is the slope and q / p what is still missing at the start.
        let p = slope / (1.0 + libm::exp(-line.clamp(-12.0, 3.0)));
        let q = (slope - p).max(0.05 * slope);
        let about = |value: f64| {
            let log = libm::log(value.max(1e-9));
            Range { low: log - 5.0, high: (log + 3.0).min(1.5), start: log.min(1.0) }
        };
        return [about(p), about(q)];
    }
    [
        Range { low: line - 4.0, high: line + 4.0, start: line },
        Range { low: 0.2 * slope, high: 4.0 * slope, start: slope },
    ]
}

/// Correlation of a misfit with the next, raised by what a short history takes off it (Kendall 1954, "Note on Bias in the
/// Estimation of Autocorrelation", Biometrika 41); three numbers were fitted to it.
fn correlation(residuals: &[f64]) -> f64 {
    let total: f64 = residuals.iter().map(|rest| rest * rest).sum();
    let pairs: f64 = residuals.iter().zip(residuals.iter().skip(1)).map(|(a, b)| a * b).sum();
    let found = if total > 0.0 { pairs / total } else { 0.0 };
    let n = residuals.len() as f64;
    ((found + 3.0 / n) / (1.0 - 3.0 / n)).clamp(0.0, 0.95)
}

/// A quantile of Student's t distribution from the normal one (Fisher & Cornish 1960, "The Percentile Points of
/// Distributions Having Known Cumulants", Technometrics 2).
fn student(p: f64, freedom: f64) -> f64 {
    let z = crate::normal::quantile(p);
    let (z2, v) = (z * z, freedom);
    let first = z * (z2 + 1.0) / (4.0 * v);
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / (96.0 * v * v);
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / (384.0 * v * v * v);
    z + first + second + third
}

/// Forty values of a curve up to a `reach` of its cap, with noise of a spread given as a part of the cap that remembers
/// half of itself: what [`profile`] is judged by. `run` seeds the noise.
pub fn simulated(curve: Curve, cap: f64, reach: f64, noise: f64, run: u64) -> Vec<f64> {
    let mut draws = Draws::named(run, "diffusion");
    let steps = 40.0;
    let point = match curve {
        Curve::Logistic => [-3.5, (3.5 + libm::log(reach / (1.0 - reach))) / steps],
        Curve::Gompertz => [-1.3, (1.3 - libm::log(-libm::log(reach))) / steps],
        Curve::Bass => {
            // With p a tenth of q, the share reached gives their sum.
            let sum = libm::log((1.0 + 10.0 * reach) / (1.0 - reach)) / steps;
            [libm::log(sum / 11.0), libm::log(10.0 * sum / 11.0)]
        }
    };
    let mut rest = noise * draws.normal();
    (1..=40)
        .map(|t| {
            let value = cap * (share(curve, &point, f64::from(t)) + rest);
            rest = 0.5 * rest + f64::sqrt(0.75) * noise * draws.normal();
            value
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{CURVES, Curve, profile, simulated, student};
    use rayon::prelude::*;

    /// Of 500 runs each, as `examples/growth.rs` counts them, it is 75 to 85 %; fewer are run here.
    #[test]
    fn the_range_holds_the_true_cap_as_often_as_it_says() {
        for curve in CURVES {
            let held: usize = (0..100u64)
                .into_par_iter()
                .filter(|run| {
                    let found = profile(curve, &simulated(curve, 70.0, 0.85, 0.015, *run), 0.8).unwrap();
                    found.low <= 70.0 && found.high.is_none_or(|high| 70.0 <= high)
                })
                .count();
            assert!((70..=90).contains(&held), "{curve:?}: {held} of 100");
        }
    }

    #[test]
    fn early_growth_does_not_identify_a_cap_and_late_growth_does() {
        for curve in CURVES {
            let open = (0..20)
                .filter(|run| profile(curve, &simulated(curve, 5.0, 0.1, 0.01, *run), 0.8).unwrap().high.is_none());
            assert!(open.count() >= 12, "{curve:?}");
            let late = profile(curve, &simulated(curve, 5.0, 0.97, 0.005, 1), 0.8).unwrap();
            assert!((late.cap / 5.0 - 1.0).abs() < 0.03 && late.high.unwrap() < 5.3, "{late:?}");
        }
    }

    #[test]
    fn what_cannot_be_profiled_gives_nothing() {
        for values in [vec![], vec![1.0; 7], vec![0.0; 20], vec![f64::NAN; 20], vec![-1.0; 20]] {
            assert_eq!(profile(Curve::Bass, &values, 0.8), None);
        }
        for values in [vec![1.0; 20], vec![1e-300; 9], vec![1e300; 9], (0..20).map(|t| f64::from(20 - t)).collect()] {
            for curve in CURVES {
                let found = profile(curve, &values, 0.8).unwrap();
                assert!(found.cap.is_finite() && found.low <= found.cap, "{found:?}");
            }
        }
    }

    #[test]
    fn student_is_the_table() {
        // Tables: t of 10 degrees at 0.9 is 1.3722, of 30 at 0.975 is 2.0423.
        assert!((student(0.9, 10.0) - 1.3722).abs() < 1e-3 && (student(0.975, 30.0) - 2.0423).abs() < 1e-3);
    }
}
