//! What the inputs of a target must be, with the least effort their own histories know.
//!
//! An input's effort is how far it is from where it is expected, in spreads of its own past changes over a year. Of all values
//! that make the target, those with the least sum of squared efforts are asked for: an input that has always moved a lot is
//! asked for more than one that never did. The printed values make the target: all but one are rounded as they deserve, the
//! last is solved for with the others as printed.

use crate::effect::{Moved, Sum, World, logistic, logit};
use crate::facts::Facts;
use crate::offer::{three, to_step};
use crate::outlook::Inputs;
use crate::proposal::Implied;
use quarterdeck_calendar::Calendar;
use quarterdeck_forecast::distribution::{quantile_sorted, share_at_least, share_at_most, sorted};
use quarterdeck_lang::model::Better;
use std::collections::BTreeMap;

/// Rounds of solving; products and sums take a few.
const ROUNDS: usize = 80;
/// How far one round goes at most, in spreads.
const STRIDE: f64 = 3.0;
/// The least past changes a spread is taken from.
const LEAST: usize = 4;
/// Paths on which an identity's own fit to the period is measured.
const LOOKED_AT: usize = 500;
/// How deep identities are followed.
const DEEPEST: usize = 6;
/// Under this chance an input cannot be expected to get there.
pub const OUT_OF_REACH: f64 = 0.01;

/// Where inputs are looked up.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// What the plan is made from.
    pub inputs: &'a Inputs<'a>,
    /// Numbers of the period.
    pub world: &'a World,
    /// The past of every series.
    pub facts: &'a BTreeMap<String, Facts>,
    /// The numbers with everything.
    pub moved: &'a Moved<'a>,
}

/// What each part of a metric must be for it to be `target`, their own parts below them; empty where it has none or no values
/// of them make it.
pub fn implied(ground: &Ground<'_>, node: usize, better: Better, target: f64) -> Vec<Implied> {
    below(ground, node, (better, target), &BTreeMap::new(), 0)
}

/// `asked` are the values asked for on the way here: what is asked for once is so everywhere below.
fn below(
    ground: &Ground<'_>,
    node: usize,
    (better, target): (Better, f64),
    asked: &BTreeMap<usize, f64>,
    depth: usize,
) -> Vec<Implied> {
    let Some(mut made) = Made::of(ground, node).filter(|_| depth < DEEPEST) else { return Vec::new() };
    for part in &mut made.parts {
        if let Some(value) = asked.get(&part.node) {
            (part.expected, part.spread, part.held) = (*value, 0.0, true);
        }
    }
    let Some(values) = made.least_effort(target) else { return Vec::new() };
    let printed = made.rounded(&values, target);
    let mut asked = asked.clone();
    asked.extend(made.parts.iter().zip(&printed).map(|(part, value)| (part.node, *value)));
    let one = |(at, (part, value)): (usize, (&Part, &f64))| {
        if part.held {
            return None;
        }
        let better = made.wanted(&printed, at, better);
        let mut row = row(ground, part, better, *value)?;
        row.alone = made.alone(at, target).map(|value| to_step(value, part.exponent, libm::round));
        row.inputs = below(ground, part.node, (better, *value), &asked, depth + 1);
        Some(row)
    };
    made.parts.iter().zip(&printed).enumerate().filter_map(one).collect()
}

fn row(ground: &Ground<'_>, part: &Part, better: Better, needed: f64) -> Option<Implied> {
    let name = &ground.world.nodes().get(part.node)?.name;
    let metric = ground.inputs.metric(name)?;
    let facts = ground.facts.get(name)?;
    let past: Vec<f64> = facts.quarters.iter().map(|quarter| quarter.value).collect();
    let count = past.iter().filter(|value| **value <= needed).count();
    let paths = ground.moved.get(part.node);
    // What lies on its last bits is there.
    let slack = 1e-12 * needed.abs();
    let p = match better {
        Better::Lower => share_at_most(paths, needed + slack),
        _ => share_at_least(paths, needed - slack),
    };
    let (low, high) = metric.bounds;
    let bounded = low.is_none_or(|low| needed >= low) && high.is_none_or(|high| needed <= high);
    Some(Implied {
        metric: metric.name.clone(),
        label: metric.label.clone(),
        unit: metric.unit.clone(),
        last: past.last().copied(),
        expected: part.expected,
        needed,
        alone: None,
        percentile: (!past.is_empty()).then(|| count as f64 / past.len() as f64),
        n: past.len(),
        p_reach: Some(three(if bounded { p } else { 0.0 })),
        inputs: Vec::new(),
    })
}

/// An input.
struct Part {
    node: usize,
    /// Its middle with everything.
    expected: f64,
    scale: Scale,
    /// A usual change over a year, on its scale; 0 for what never moves.
    spread: f64,
    /// Its last printed digit is that of 10 to this power.
    exponent: i32,
    /// Whether its value was asked for higher up.
    held: bool,
}

/// The scale on which an input moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Logit,
    Log,
    Plain,
}

impl Scale {
    fn to(self, value: f64) -> f64 {
        match self {
            Scale::Logit => logit(value),
            Scale::Log => libm::log(value),
            Scale::Plain => value,
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Scale::Logit => logistic(value),
            Scale::Log => libm::exp(value),
            Scale::Plain => value,
        }
    }
}

impl Part {
    fn of(ground: &Ground<'_>, node: usize) -> Option<Part> {
        let entry = ground.world.nodes().get(node)?;
        let draws = sorted(ground.moved.get(node));
        let at = |p: f64| quantile_sorted(&draws, p);
        let (low, expected, high) = (at(0.1)?, at(0.5)?, at(0.9)?);
        let facts = ground.facts.get(&entry.name)?;
        let past: Vec<f64> = facts.quarters.iter().map(|quarter| quarter.value).collect();
        let scale = match entry.share {
            true if expected > 0.0 && expected < 1.0 => Scale::Logit,
            false if low > 0.0 && past.iter().all(|value| *value > 0.0) => Scale::Log,
            _ => Scale::Plain,
        };
        let drawn = (scale.to(high) - scale.to(low)) / 2.563;
        let calendar = &ground.inputs.model.settings.calendar;
        // What never moved moves as its forecast does.
        let spread = usual_change(calendar, facts, scale).filter(|usual| *usual > 1e-9).unwrap_or(drawn);
        let width = if high > low { high - low } else { 0.01 * expected.abs() };
        let exponent = if width > 0.0 { libm::floor(libm::log10(width)) as i32 - 1 } else { -6 };
        let spread = if spread.is_finite() { spread } else { 0.0 };
        Some(Part { node, expected, scale, spread, exponent, held: false })
    }

    /// A value as it is printed; what was asked for higher up stays as it was printed there.
    fn printed(&self, value: f64) -> f64 {
        if self.held { self.expected } else { to_step(value, self.exponent, libm::round) }
    }

    /// The value so many usual changes away from where it is expected.
    fn at(&self, effort: f64) -> f64 {
        if self.spread == 0.0 {
            self.expected
        } else {
            self.scale.back(self.scale.to(self.expected) + effort * self.spread)
        }
    }
}

/// The spread of past changes over a year about their mean; of those from one quarter to the next where there is no year.
fn usual_change(calendar: &Calendar, facts: &Facts, scale: Scale) -> Option<f64> {
    let over = |before: &dyn Fn(usize) -> Option<f64>| {
        let changes: Vec<f64> = facts
            .quarters
            .iter()
            .enumerate()
            .filter_map(|(at, now)| Some(scale.to(now.value) - scale.to(before(at)?)))
            .filter(|change| change.is_finite())
            .collect();
        let n = changes.len() as f64;
        let mean = changes.iter().sum::<f64>() / n;
        let square = changes.iter().map(|change| (change - mean) * (change - mean)).sum::<f64>() / (n - 1.0);
        (changes.len() >= LEAST).then(|| square.sqrt())
    };
    let year = |at: usize| facts.quarters.get(at).and_then(|now| facts.at(calendar.year_before(now.period)));
    let next = |at: usize| at.checked_sub(1).and_then(|at| facts.quarters.get(at)).map(|actual| actual.value);
    over(&year).or_else(|| over(&next))
}

/// A metric made of parts.
struct Made<'a> {
    sum: &'a Sum,
    parts: Vec<Part>,
    /// Half of the metric's own last printed digit.
    tolerance: f64,
    /// What the formula gives over the metric's own number (of a sum: what it gives more), in the middle of all paths. An
    /// identity that holds for the period gives 1 (0).
    fit: f64,
}

impl<'a> Made<'a> {
    fn of(ground: &Ground<'a>, node: usize) -> Option<Made<'a>> {
        let entry = ground.world.nodes().get(node).filter(|entry| !entry.base.is_empty())?;
        let sum = entry.identity.as_ref()?;
        let parts = sum.parts().into_iter().map(|part| Part::of(ground, part)).collect::<Option<Vec<Part>>>()?;
        let own = Part::of(ground, node)?;
        let mut made =
            Made { sum, parts, tolerance: libm::pow(10.0, f64::from(own.exponent)) / 2.0, fit: made_fit(sum) };
        let paths = ground.moved.get(node);
        let every = (paths.len() / LOOKED_AT).max(1);
        let fits: Vec<f64> = (0..paths.len())
            .step_by(every)
            .filter_map(|path| {
                let of = sum.calc.value(&|part| ground.moved.get(part).get(path).copied())? / made.scale();
                let own = *paths.get(path)?;
                let fit = if sum.calc.is_sum() { of - own } else { of / own };
                fit.is_finite().then_some(fit)
            })
            .collect();
        let fit = quantile_sorted(&sorted(&fits), 0.5)?;
        let size = if sum.calc.is_sum() { own.expected.abs().max(1e-12) } else { 1.0 };
        // What differs by last bits holds.
        if (fit - made.fit).abs() > 1e-6 * size {
            made.fit = fit;
        }
        Some(made)
    }

    fn scale(&self) -> f64 {
        if self.sum.scale == 0.0 { 1.0 } else { self.sum.scale }
    }

    /// What the metric is with its parts at some values, in the order of `parts`.
    fn value(&self, values: &[f64]) -> Option<f64> {
        let get = |node: usize| values.get(self.parts.iter().position(|part| part.node == node)?).copied();
        let of = self.sum.calc.value(&get)? / self.scale();
        let value = if self.sum.calc.is_sum() { of - self.fit } else { of / self.fit };
        value.is_finite().then_some(value)
    }

    /// The values that make the target with the least sum of squared efforts: of the plane on which the metric is the target
    /// to first order, the point nearest to no effort at all, again and again (sequential quadratic programming).
    fn least_effort(&self, target: f64) -> Option<Vec<f64>> {
        let mut efforts = vec![0.0; self.parts.len()];
        let at = |efforts: &[f64]| -> Vec<f64> {
            self.parts.iter().zip(efforts).map(|(part, effort)| part.at(*effort)).collect()
        };
        for _ in 0..ROUNDS {
            let values = at(&efforts);
            let now = self.value(&values)?;
            if (now - target).abs() <= 1e-10 * target.abs().max(1e-12) {
                return Some(values);
            }
            let slopes: Vec<f64> = (0..efforts.len())
                .map(|place| {
                    let moved = |by: f64| {
                        let mut moved = efforts.clone();
                        if let Some(effort) = moved.get_mut(place) {
                            *effort += by;
                        }
                        self.value(&at(&moved))
                    };
                    Some((moved(1e-5)? - moved(-1e-5)?) / 2e-5)
                })
                .collect::<Option<Vec<f64>>>()?;
            let square: f64 = slopes.iter().map(|slope| slope * slope).sum();
            let along: f64 = slopes.iter().zip(&efforts).map(|(slope, effort)| slope * effort).sum();
            let step = (target - now + along) / square;
            if !(step.is_finite() && square > 0.0) {
                return None;
            }
            let far =
                slopes.iter().zip(&efforts).map(|(slope, effort)| (slope * step - effort).abs()).fold(0.0, f64::max);
            let part = if far > STRIDE { STRIDE / far } else { 1.0 };
            for (effort, slope) in efforts.iter_mut().zip(&slopes) {
                *effort += part * (slope * step - *effort);
            }
        }
        None
    }

    /// The values as printed: all but one rounded, that one solved for and rounded as finely as the target asks.
    fn rounded(&self, values: &[f64], target: f64) -> Vec<f64> {
        let mut printed: Vec<f64> = self.parts.iter().zip(values).map(|(part, value)| part.printed(*value)).collect();
        // The one whose own last digit moves the metric least, so that the others' roundness costs it least.
        let moves = |at: usize| {
            let exponent = self.parts.get(at).filter(|part| !part.held)?.exponent;
            let mut moved = printed.clone();
            *moved.get_mut(at)? += libm::pow(10.0, f64::from(exponent));
            let by = (self.value(&moved)? - self.value(&printed)?).abs();
            (by > 0.0).then_some((by, at))
        };
        let finest = (0..printed.len()).filter_map(moves).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some((_, last)) = finest else { return printed };
        let (Some(exact), Some(part)) = (self.solve(&printed, last, target), self.parts.get(last)) else {
            return printed;
        };
        for exponent in (part.exponent - 9..=part.exponent).rev() {
            if let Some(slot) = printed.get_mut(last) {
                *slot = to_step(exact, exponent, libm::round);
            }
            if self.value(&printed).is_some_and(|made| (made - target).abs() <= self.tolerance) {
                break;
            }
        }
        printed
    }

    /// Which way a part must go for the metric to go the better way.
    fn wanted(&self, values: &[f64], at: usize, better: Better) -> Better {
        let with = |by: f64| {
            let mut moved = values.to_vec();
            if let Some(value) = moved.get_mut(at) {
                *value += by * value.abs().max(1e-9);
            }
            self.value(&moved)
        };
        let rises = with(1e-4).zip(with(-1e-4)).is_none_or(|(more, less)| more >= less);
        match (better, rises) {
            (Better::Lower, true) | (Better::Higher, false) => Better::Lower,
            (Better::Lower, false) | (Better::Higher, true) => Better::Higher,
            // A range is reached from where the part is expected.
            (Better::Between(..), _) => {
                let (needed, part) = (values.get(at), self.parts.get(at));
                match needed.zip(part) {
                    Some((needed, part)) if *needed < part.expected => Better::Lower,
                    _ => Better::Higher,
                }
            }
        }
    }

    /// What one part must be with all others where they are expected.
    fn alone(&self, at: usize, target: f64) -> Option<f64> {
        let expected: Vec<f64> = self.parts.iter().map(|part| part.expected).collect();
        self.solve(&expected, at, target)
    }

    /// The value of one part with which the metric is the target, by the secant method.
    fn solve(&self, values: &[f64], place: usize, target: f64) -> Option<f64> {
        let with = |value: f64| {
            let mut values = values.to_vec();
            *values.get_mut(place)? = value;
            self.value(&values)
        };
        let start = *values.get(place)?;
        let (mut a, mut b) = (start, if start == 0.0 { 1.0 } else { 1.05 * start });
        let (mut at_a, mut at_b) = (with(a)?, with(b)?);
        for _ in 0..60 {
            if (at_b - target).abs() <= 1e-12 * target.abs().max(1e-12) {
                return Some(b);
            }
            let next = b - (at_b - target) * (b - a) / (at_b - at_a);
            if !next.is_finite() {
                break;
            }
            (a, at_a) = (b, at_b);
            b = next;
            at_b = with(b)?;
        }
        ((at_b - target).abs() <= 1e-9 * target.abs().max(1e-12)).then_some(b)
    }
}

fn made_fit(sum: &Sum) -> f64 {
    if sum.calc.is_sum() { 0.0 } else { 1.0 }
}

/// What a metric is with some of its parts at given values, the rest where they are expected; `None` where it has no parts.
pub fn composed(ground: &Ground<'_>, node: usize, given: &BTreeMap<usize, f64>) -> Option<f64> {
    let made = Made::of(ground, node)?;
    let values: Vec<f64> =
        made.parts.iter().map(|part| given.get(&part.node).copied().unwrap_or(part.expected)).collect();
    made.value(&values)
}

/// Every input, at any depth, that cannot be expected to be what it must be.
pub fn out_of_reach(rows: &[Implied]) -> Vec<&Implied> {
    rows.iter()
        .flat_map(|row| {
            let own = row.p_reach.is_some_and(|p| p < OUT_OF_REACH).then_some(row);
            own.into_iter().chain(out_of_reach(&row.inputs))
        })
        .collect()
}

#[cfg(test)]
#[path = "implied/tests.rs"]
mod tests;
