//! The scale models work on: where effects add up, spreads are even and no value can leave its range.

use crate::series::{Bounds, Nature};

/// A scale, chosen from a history, that can be undone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    /// Shifted and stretched only.
    Linear {
        /// What is subtracted.
        shift: f64,
        /// What is divided by; never 0.
        scale: f64,
    },
    /// The natural logarithm: for positive quantities, whose growth multiplies.
    Log,
    /// The square root of the value over `scale`: for counts with zeros among them.
    Root {
        /// What is divided by first; positive.
        scale: f64,
    },
    /// ln((y − low) / (high − y)): for shares and for growth towards a cap.
    Logit {
        /// The lower end, never reached.
        low: f64,
        /// The upper end, never reached.
        high: f64,
        /// How close to an end a value may come, as a part of the range.
        margin: f64,
    },
}

impl Transform {
    /// The scale for a history of rates, from what kind of quantity it is, its bounds and its values.
    pub fn choose(nature: Nature, bounds: Bounds, values: &[f64], season: usize) -> Transform {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let middle = median(values).unwrap_or(0.0);
        if nature == Nature::Share && values.iter().all(|value| (0.0..=1.0).contains(value)) {
            let (low, high) = (bounds.low.unwrap_or(0.0).max(0.0), bounds.high.unwrap_or(1.0).min(1.0));
            if low < high && values.iter().all(|value| (low..=high).contains(value)) {
                return Transform::logit(low, high, values);
            }
        }
        let never_negative = bounds.low.is_some_and(|low| low >= 0.0);
        if least > 0.0 && (never_negative || least > 0.3 * middle || leans(values, least, middle)) {
            return if prefers_log(values, season) { Transform::Log } else { root(values) };
        }
        if least == 0.0 && never_negative && values.iter().any(|value| *value > 0.0) {
            return root(values);
        }
        let spread = median(&values.iter().map(|value| (value - middle).abs()).collect::<Vec<_>>()).unwrap_or(0.0);
        let widest = values.iter().map(|value| (value - middle).abs()).fold(0.0, f64::max);
        // One that is nothing beside the widest would make numbers of the others that are none.
        let scale = if spread > 1e-100 * widest { spread } else { widest };
        Transform::Linear { shift: middle, scale: if scale > 0.0 && scale.is_finite() { scale } else { 1.0 } }
    }

    /// A logit scale between two ends. Values on an end count as half the nearest step away from it.
    pub fn logit(low: f64, high: f64, values: &[f64]) -> Transform {
        let nearest = values
            .iter()
            .map(|value| (value - low) / (high - low))
            .flat_map(|part| [part, 1.0 - part])
            .filter(|gap| *gap > 1e-9)
            .fold(0.1, f64::min);
        Transform::Logit { low, high, margin: (0.5 * nearest).clamp(1e-9, 0.01) }
    }

    /// The same scale for a window's number: a flow's total is far above its daily rate, so only scales that do not mind
    /// are kept, a shifted one being as good as none.
    pub fn of_values(self, nature: Nature) -> Transform {
        match (self, nature) {
            (Transform::Logit { .. }, Nature::Flow) => Transform::Log,
            (transform, _) => transform,
        }
    }

    /// A value on the model's scale. Always finite for a finite value inside the range the scale was chosen for.
    pub fn forward(self, value: f64) -> f64 {
        match self {
            Transform::Linear { shift, scale } => (value - shift) / scale,
            Transform::Log => libm::log(value.max(f64::MIN_POSITIVE)),
            Transform::Root { scale } => (value.max(0.0) / scale).sqrt(),
            Transform::Logit { low, high, margin } => {
                let part = ((value - low) / (high - low)).clamp(margin, 1.0 - margin);
                libm::log(part / (1.0 - part))
            }
        }
    }

    /// Back to the quantity's own scale; finite for every finite `z`.
    pub fn back(self, z: f64) -> f64 {
        match self {
            Transform::Linear { shift, scale } => shift + scale * z.clamp(-1e100, 1e100),
            Transform::Log => libm::exp(z.clamp(-690.0, 690.0)),
            Transform::Root { scale } => scale * z.clamp(0.0, 1e100) * z.clamp(0.0, 1e100),
            Transform::Logit { low, high, .. } => low + (high - low) / (1.0 + libm::exp(-z.clamp(-690.0, 690.0))),
        }
    }
}

fn root(values: &[f64]) -> Transform {
    Transform::Root { scale: values.iter().sum::<f64>() / values.len().max(1) as f64 }
}

/// Whether positive values reach much farther above their middle than below it, as what cannot fall under 0 does: what
/// grows manifold or has spikes. What could as well be negative, a balance or a score, spreads evenly.
fn leans(values: &[f64], least: f64, middle: f64) -> bool {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values.len() >= ENOUGH_TO_LEAN && most - middle > 2.0 * (middle - least)
}

/// From how many values on a lean is told from luck.
const ENOUGH_TO_LEAN: usize = 12;

/// By how much the likelihood must speak for the logarithm.
const CLEARLY: f64 = 1.0;

/// Variance of such changes of logarithms from which the logarithm would make the wildest futures.
const WILD: f64 = 0.7;

/// Whether the logarithm evens out the surprises of a positive history better than the square root: by the likelihood of
/// its changes from one step to the next, compared with the same change a season before (Box & Cox 1964, "An Analysis of
/// Transformations", Journal of the Royal Statistical Society B 26). What has grown fourfold goes by the logarithm.
fn prefers_log(values: &[f64], season: usize) -> bool {
    let n = values.len();
    let tail = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    let year = season.max(4).min(n / 2).max(1);
    let (first, last) = (tail(&values[..year.min(n)]), tail(&values[n - year.min(n)..]));
    let grown = last > 4.0 * first || first > 4.0 * last;
    if n < 8 {
        return true;
    }
    let lag = if n > 2 * season + 4 { season } else { 1 };
    let variance = |z: &[f64]| {
        let changes: Vec<f64> = (lag + 1..n).map(|t| z[t] - z[t - 1] - z[t - lag] + z[t - lag - 1]).collect();
        changes.iter().map(|change| change * change).sum::<f64>() / changes.len() as f64
    };
    let cost = |z: &[f64], jacobian: f64| 0.5 * libm::log(variance(z) + 1e-300) - jacobian;
    let logs: Vec<f64> = values.iter().map(|value| libm::log(*value)).collect();
    let mean_log = logs.iter().sum::<f64>() / n as f64;
    let on_root =
        cost(&values.iter().map(|value| value.sqrt()).collect::<Vec<f64>>(), -0.5 * mean_log + libm::log(0.5));
    let clearly = n as f64 * (on_root - cost(&logs, -mean_log)) > CLEARLY;
    (grown || clearly) && variance(&logs) < WILD
}

/// The middle value; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    crate::distribution::quantile_sorted(&crate::distribution::sorted(values), 0.5)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::Transform;
    use crate::series::{Bounds, Nature};

    const POSITIVE: Bounds = Bounds { low: Some(0.0), high: None };

    #[test]
    fn the_scale_follows_the_quantity() {
        let choose = Transform::choose;
        assert_eq!(choose(Nature::Flow, POSITIVE, &[1.0, 2.0, 900.0], 4), Transform::Log);
        assert!(matches!(choose(Nature::Flow, POSITIVE, &[0.0, 2.0, 4.0], 4), Transform::Root { scale: 2.0 }));
        assert!(matches!(choose(Nature::Level, Bounds::default(), &[-4.0, 2.0], 4), Transform::Linear { .. }));
        assert!(matches!(choose(Nature::Share, Bounds::default(), &[0.0, 0.5, 1.0], 4), Transform::Logit { .. }));
        assert!(matches!(choose(Nature::Level, POSITIVE, &[0.0, 0.0], 4), Transform::Linear { scale: 1.0, .. }));
    }

    #[test]
    fn without_bounds_the_shape_tells_whether_zero_is_an_end() {
        let grown: Vec<f64> = (0..24).map(|t| libm::exp(0.2 * f64::from(t))).collect();
        assert_eq!(Transform::choose(Nature::Flow, Bounds::default(), &grown, 4), Transform::Log);
        let score: Vec<f64> = (0..24).map(|t| 30.0 + 25.0 * libm::sin(f64::from(t))).collect();
        assert!(matches!(Transform::choose(Nature::Level, Bounds::default(), &score, 4), Transform::Linear { .. }));
    }

    #[test]
    fn every_scale_can_be_undone() {
        for (nature, bounds, values) in [
            (Nature::Flow, POSITIVE, [1e-12, 3e-12, 2e-12]),
            (Nature::Flow, POSITIVE, [1e15, 3e15, 2e15]),
            (Nature::Level, Bounds::default(), [-1e15, 3e15, 2e15]),
            (Nature::Share, Bounds::default(), [0.2, 0.4, 0.97]),
            (Nature::Flow, POSITIVE, [0.0, 3.0, 5.0]),
        ] {
            let transform = Transform::choose(nature, bounds, &values, 4);
            for value in values {
                let back = transform.back(transform.forward(value));
                assert!((back - value).abs() <= 1e-9 * value.abs(), "{transform:?} {value} {back}");
            }
        }
    }
}
