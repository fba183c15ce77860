//! How far growth curves say a series will go, and whether its data can say so at all.
//!
//! y(t) = m·F(t) + r(t), with F a logistic, Gompertz or Bass curve from 0 to 1 and r what it misses, of which each step
//! remembers a part of the one before. Every cap m has a weight by how well the best curve with that cap fits
//! (`surface`); the memory is not known either and is averaged over, and so are the curves, all alike: early on none can
//! be told to be the true one. Where the weights have no upper end within a hundred times what was seen, the data do not
//! identify a cap: early growth fits any. A range from elsewhere multiplies the weights. Bates & Watts (1988), "Nonlinear
//! Regression Analysis and Its Applications", section 6.1 (profiles); Bass (1969), Management Science 15 (diffusion);
//! Meade & Islam (2006), "Modelling and forecasting the diffusion of innovation", International Journal of Forecasting 22
//! (combining curves).
//!
//! A cap found this way knows one series only. It is for judging and for a reader; forecasts take the cap of a
//! [`Series`](crate::Series) as given.

mod surface;

use crate::draws::Draws;
use surface::{Place, surface};

/// A curve from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// F = 1 / (1 + e^(−a−b·t)).
    Logistic,
    /// F = e^(−e^(−a−b·t)).
    Gompertz,
    /// F = (1 − e^(−b·t)) / (1 + e^a·e^(−b·t)) with b = p + q and e^a = q / p, begun one step before the first value.
    Bass,
}

/// Every curve, in order of reports.
pub const CURVES: [Curve; 3] = [Curve::Logistic, Curve::Gompertz, Curve::Bass];

impl Curve {
    /// The share reached at a step, counted from 1; `numbers` are a and b.
    fn share(self, numbers: &[f64; 2], t: f64) -> f64 {
        let line = numbers[0] + numbers[1] * t;
        match self {
            Curve::Logistic => 1.0 / (1.0 + libm::exp(-line.clamp(-60.0, 60.0))),
            Curve::Gompertz => libm::exp(-libm::exp(-line.clamp(-6.0, 60.0))),
            Curve::Bass => {
                let fade = libm::exp(-(numbers[1] * t).clamp(0.0, 60.0));
                (1.0 - fade) / (1.0 + libm::exp(numbers[0]) * fade)
            }
        }
    }
}

/// What the data say of a cap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// The mean (of logarithms) of all caps m by their weights, in the unit of the values. Worth nothing where the profile
    /// is open.
    pub cap: f64,
    /// Lower end of the range of the cap.
    pub low: f64,
    /// Its upper end; `None` where the profile is open: the cap is not identified.
    pub high: Option<f64>,
    /// The range of the level that the series goes to: the cap, and what the curve missed last where misses stay. `None`
    /// where the profile is open.
    pub level: Option<(f64, f64)>,
    /// Correlation of one step's miss with the next one's, in the mean.
    pub memory: f64,
}

/// What is known of a cap beside the data: its 10th and 90th percentile, those of a lognormal distribution.
pub type Prior = (f64, f64);

/// The least values a profile is made from.
pub const LEAST: usize = 8;

/// ln 100: a range that goes beyond this many times what was seen has no end.
const HIGHEST: f64 = 4.605_170_186;
/// Standard deviations between the 10th and the 90th percentile.
const P10_TO_P90: f64 = 2.563_103_131_089_201;

/// The profile of the cap of a growing series over some curves, each counting alike. `confidence` is that of the range, 0
/// to 1, both ends left out. `None` without curves, with fewer than [`LEAST`] values, with values that are no numbers, with
/// none above 0, or with a prior that is no range of positive numbers.
pub fn profile(curves: &[Curve], values: &[f64], prior: Option<Prior>, confidence: f64) -> Option<Profile> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let usable = values.iter().all(|value| value.is_finite()) && most > 0.0 && confidence > 0.0 && confidence < 1.0;
    if values.len() < LEAST || !usable || curves.is_empty() {
        return None;
    }
    let prior = match prior {
        Some((low, high)) if !(low > 0.0 && high > low && high.is_finite()) => return None,
        Some((low, high)) => Some((libm::log(low / most), libm::log(high / most))),
        None => None,
    };
    let highest = prior.map_or(HIGHEST, |(_, high)| HIGHEST.max(high + 1.0));
    let scaled: Vec<f64> = values.iter().map(|value| value / most).collect();
    let outside = 0.5 - 0.5 * confidence;
    let (mut places, mut open) = (Vec::new(), false);
    for curve in curves {
        let mut found = surface(*curve, &scaled, highest);
        for place in &mut found {
            place.log_density += prior.map_or(0.0, |prior| log_prior(prior, place.log_cap));
        }
        open |= prior.is_none() && is_open(&found, outside);
        places.extend(weighted(&found));
    }
    let all: f64 = places.iter().map(|place| place.weight).sum();
    let mean = |of: fn(&Weighted) -> f64| places.iter().map(|place| place.weight * of(place)).sum::<f64>() / all;
    let (log_cap, memory) = (mean(|place| place.log_cap), mean(|place| place.memory));
    let range = |of: fn(&Weighted) -> f64, places: &mut [Weighted]| {
        places.sort_by(|a, b| of(a).total_cmp(&of(b)));
        (most * quantile(places, of, outside), most * quantile(places, of, 1.0 - outside))
    };
    let (low, high) = range(|place| libm::exp(place.log_cap), &mut places);
    let level = range(|place| place.level, &mut places);
    Some(Profile {
        cap: most * libm::exp(log_cap),
        low,
        high: (!open).then_some(high),
        level: (!open).then_some(level),
        memory,
    })
}

/// ln of the density of a cap by its prior, but for a constant.
fn log_prior((low, high): (f64, f64), log_cap: f64) -> f64 {
    let z = (log_cap - 0.5 * (low + high)) * P10_TO_P90 / (high - low);
    -0.5 * z * z
}

/// Whether the highest cap looked at is not clearly less likely than the best one: a ratio that the caps at the range's end
/// have where weights are those of a normal distribution.
fn is_open(places: &[Place], outside: f64) -> bool {
    let z = crate::normal::quantile(outside);
    let best = places.iter().map(|place| place.log_density).fold(f64::NEG_INFINITY, f64::max);
    let at_end = places.iter().filter(|place| place.log_cap >= HIGHEST - 1e-9);
    at_end.map(|place| libm::exp(place.log_density - best)).sum::<f64>() > libm::exp(-0.5 * z * z)
}

/// A cap with its part of a curve's weight.
struct Weighted {
    log_cap: f64,
    level: f64,
    weight: f64,
    memory: f64,
}

/// A curve's places with weights that sum to 1.
fn weighted(places: &[Place]) -> Vec<Weighted> {
    let best = places.iter().map(|place| place.log_density).fold(f64::NEG_INFINITY, f64::max);
    let mass = |place: &Place| place.width.max(1e-12) * libm::exp(place.log_density - best);
    let all: f64 = places.iter().map(mass).sum();
    let one = |place: &Place| Weighted {
        log_cap: place.log_cap,
        level: place.level,
        weight: mass(place) / all,
        memory: place.memory,
    };
    places.iter().map(one).collect()
}

/// A quantile of places sorted by a number of theirs, straight between their middles.
fn quantile(places: &[Weighted], of: fn(&Weighted) -> f64, level: f64) -> f64 {
    let goal = level * places.iter().map(|place| place.weight).sum::<f64>();
    let (mut sum, mut before) = (0.0, None);
    for place in places {
        let (middle, here) = (sum + 0.5 * place.weight, of(place));
        if middle >= goal {
            return match before {
                Some((at, there)) if middle > at => there + (here - there) * (goal - at) / (middle - at),
                _ => here,
            };
        }
        sum += place.weight;
        before = Some((middle, here));
    }
    places.last().map_or(0.0, of)
}

/// A simulated diffusion that [`profile`] is judged by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// How many values are seen.
    pub steps: u32,
    /// The part of the cap reached by the last of them, above 0 and below 1.
    pub reach: f64,
    /// Spread of the noise as a part of the cap; it remembers half of itself.
    pub noise: f64,
}

/// The values of a curve up to a part of its cap. `run` seeds the noise.
pub fn simulated(curve: Curve, cap: f64, setting: Setting, run: u64) -> Vec<f64> {
    let Setting { steps, reach, noise } = setting;
    let mut draws = Draws::named(run, "diffusion");
    let length = f64::from(steps.max(1));
    let point = match curve {
        Curve::Logistic => [-3.5, (3.5 + libm::log(reach / (1.0 - reach))) / length],
        Curve::Gompertz => [-1.3, (1.3 - libm::log(-libm::log(reach))) / length],
        Curve::Bass => {
            // With p a tenth of q, the share reached gives their sum.
            let sum = libm::log((1.0 + 10.0 * reach) / (1.0 - reach)) / length;
            [libm::log(10.0), sum]
        }
    };
    let mut rest = noise * draws.normal();
    (1..=steps)
        .map(|t| {
            let value = cap * (curve.share(&point, f64::from(t)) + rest);
            rest = 0.5 * rest + f64::sqrt(0.75) * noise * draws.normal();
            value
        })
        .collect()
}

#[cfg(test)]
mod tests;
