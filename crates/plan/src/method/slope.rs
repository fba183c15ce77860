//! How much one metric moves another: as somebody states it, or as history shows it.

use crate::facts::Facts;
use crate::size::Size;
use quarterdeck_calendar::Calendar;
use quarterdeck_forecast::{Nature, normal};
use quarterdeck_lang::model::{Change, ChangeKind, Estimate};

/// The least pairs of changes a slope is estimated from.
const LEAST: usize = 12;

/// A change of the parent for a change of the child.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// What the parent changes by…
    pub gives: Change,
    /// …for this change of the child.
    pub per: Change,
    /// Where it comes from, in words.
    pub source: String,
}

impl Slope {
    /// The chance that it is zero or of the other sign.
    pub fn chance_of_nothing(&self) -> f64 {
        Size::change(&self.gives).chance_of_nothing()
    }

    /// The slope between the step-to-step changes of two histories of one grain, the parent's `lag` steps later, by least
    /// squares; shares change in points, all else in percent. `None` for fewer than 12 pairs.
    pub fn estimated(calendar: &Calendar, child: &Facts, parent: &Facts, lag: i64) -> Option<Slope> {
        if child.series.grain != parent.series.grain {
            return None;
        }
        let offset = calendar.distance(parent.series.start, child.series.start);
        let pairs: Vec<(f64, f64)> = (1..child.series.values.len() as i64)
            .filter_map(|at| Some((change(child, at)?, change(parent, at + offset + lag)?)))
            .collect();
        let n = pairs.len();
        if n < LEAST {
            return None;
        }
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n as f64;
        let (mx, my) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let sxx: f64 = pairs.iter().map(|(x, _)| (x - mx) * (x - mx)).sum();
        let sxy: f64 = pairs.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
        let slope = sxy / sxx;
        let left: f64 = pairs.iter().map(|(x, y)| (y - my - slope * (x - mx)) * (y - my - slope * (x - mx))).sum();
        let error = (left / (n as f64 - 2.0) / sxx).sqrt();
        // Quoted for a usual change of the child: one spread of those seen.
        let usual = (sxx / (n as f64 - 1.0)).sqrt();
        if !(slope.is_finite() && error.is_finite() && usual > 0.0) {
            return None;
        }
        let z = normal::quantile(0.9);
        let (gives, error) = (slope * usual, error * usual);
        let size =
            Estimate { low: gives - z * error, mid: gives, high: gives + z * error, level: 0.8, from_range: false };
        let kind = |facts: &Facts| {
            if facts.series.nature == Nature::Share { ChangeKind::Points } else { ChangeKind::Relative }
        };
        Some(Slope {
            gives: Change { kind: kind(parent), size },
            per: Change { kind: kind(child), size: Estimate::point(usual) },
            source: format!("estimated from {n} past changes"),
        })
    }
}

fn change(facts: &Facts, at: i64) -> Option<f64> {
    let value = |at: i64| facts.series.values.get(usize::try_from(at).ok()?).copied().flatten();
    let (before, after) = (value(at - 1)?, value(at)?);
    let change = if facts.series.nature == Nature::Share { after - before } else { after / before - 1.0 };
    change.is_finite().then_some(change)
}
