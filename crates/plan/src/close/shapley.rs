//! Parts of a change of a formula: each part's exact Shapley value.
//!
//! Moving the parts of a formula from one set of numbers to another changes its result; in what order they move decides what
//! each seems to add. The Shapley value (Shapley 1953, "A Value for n-Person Games") is the mean over all orders: the parts
//! sum to the change, what does not matter gets nothing, and equals get the same. It is linear, so the terms of a sum are
//! taken one by one, and only what is multiplied or divided is tried in all orders. A product of more than
//! [`LONG`] positive factors is decomposed by its logarithmic mean instead ([`super::lmdi`]).

use super::lmdi::{Factor, lmdi};
use crate::effect::Calc;
use std::collections::BTreeMap;

/// A product of more factors than this takes its logarithmic mean.
pub const LONG: usize = 6;
/// The most parts of one term that are tried in all orders: 2 to this power are the sets of them.
pub const MOST: usize = 14;

/// Numbers of a formula's parts, by place.
pub type Numbers = BTreeMap<usize, f64>;

/// What each part adds to the change of a formula's value from one set of numbers to another, in order of place; `None` where
/// the formula has no value for some mixture of both, or a term has too many parts.
pub fn parts(calc: &Calc, before: &Numbers, after: &Numbers) -> Option<Numbers> {
    let mut found = Numbers::new();
    add(calc, 1.0, &Change { before, after }, &mut found)?;
    found.values().all(|part| part.is_finite()).then_some(found)
}

/// Shapley values of any game: `value` is asked for every set of players, as bits; `None` where it says so once, or above
/// [`MOST`] players.
pub fn shapley(players: usize, value: impl Fn(u32) -> Option<f64>) -> Option<Vec<f64>> {
    if players > MOST {
        return None;
    }
    let values: Vec<f64> = (0..1_u32 << players).map(value).collect::<Option<_>>()?;
    let weights = weights(players);
    let of = |player: usize| {
        let own = 1_u32 << player;
        let gain = |set: u32| {
            let others = set.count_ones() as usize;
            let (with, without) = (values.get((set | own) as usize)?, values.get(set as usize)?);
            Some(weights.get(others)? * (with - without))
        };
        (0..1_u32 << players).filter(|set| set & own == 0).map(gain).sum::<Option<f64>>()
    };
    (0..players).map(of).collect()
}

/// How likely so many others came before a player in a random order: k!(n − k − 1)!/n!.
fn weights(players: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(players);
    let mut weight = 1.0 / players.max(1) as f64;
    for before in 0..players {
        weights.push(weight);
        // From k to k + 1: times (k + 1), over (n − k − 1).
        weight *= (before + 1) as f64 / (players - before - 1).max(1) as f64;
    }
    weights
}

/// From which numbers to which.
struct Change<'a> {
    before: &'a Numbers,
    after: &'a Numbers,
}

/// Adds what each part of a formula adds, times a factor.
fn add(calc: &Calc, times: f64, change: &Change<'_>, found: &mut Numbers) -> Option<()> {
    match calc {
        Calc::Number(_) => Some(()),
        Calc::Part(part, scale) => {
            let moved = change.after.get(part)? - change.before.get(part)?;
            *found.entry(*part).or_insert(0.0) += times * scale * moved;
            Some(())
        }
        Calc::Neg(inner) => add(inner, -times, change, found),
        Calc::Add(a, b) => {
            add(a, times, change, found)?;
            add(b, times, change, found)
        }
        Calc::Sub(a, b) => {
            add(a, times, change, found)?;
            add(b, -times, change, found)
        }
        Calc::Mul(a, b) => match (a.as_ref(), b.as_ref()) {
            (Calc::Number(number), inner) | (inner, Calc::Number(number)) => add(inner, times * number, change, found),
            _ => together(calc, times, change, found),
        },
        Calc::Div(a, b) => match b.as_ref() {
            Calc::Number(number) if *number != 0.0 => add(a, times / number, change, found),
            _ => together(calc, times, change, found),
        },
        Calc::Coalesce(inner, _) => match inner.value(&|part| change.before.get(&part).copied()) {
            Some(_) => add(inner, times, change, found),
            None => together(calc, times, change, found),
        },
    }
}

/// A term whose parts act on each other.
fn together(calc: &Calc, times: f64, change: &Change<'_>, found: &mut Numbers) -> Option<()> {
    let mut places = Vec::new();
    calc.collect(&mut places);
    places.sort_unstable();
    places.dedup();
    let parts = match long_product(calc, change).filter(|_| places.len() > LONG) {
        Some(parts) => parts,
        None => {
            let value = |set: u32| {
                let number = |part: usize| {
                    let moved = places.iter().position(|place| *place == part).is_some_and(|at| set & (1 << at) != 0);
                    (if moved { change.after } else { change.before }).get(&part).copied()
                };
                calc.value(&number)
            };
            places.iter().copied().zip(shapley(places.len(), value)?).collect()
        }
    };
    for (part, adds) in parts {
        *found.entry(part).or_insert(0.0) += times * adds;
    }
    Some(())
}

/// A product of positive factors and divisors by its logarithmic mean; `None` for anything else.
fn long_product(calc: &Calc, change: &Change<'_>) -> Option<Vec<(usize, f64)>> {
    let mut factors = Vec::new();
    let constant = factors_of(calc, 1.0, change, &mut factors)?;
    lmdi(constant, &factors)
}

fn factors_of(calc: &Calc, exponent: f64, change: &Change<'_>, factors: &mut Vec<Factor>) -> Option<f64> {
    match calc {
        Calc::Number(number) => Some(if exponent > 0.0 { *number } else { 1.0 / number }),
        Calc::Part(part, scale) => {
            let (before, after) = (*change.before.get(part)?, *change.after.get(part)?);
            factors.push(Factor { part: *part, before, after, exponent });
            Some(if exponent > 0.0 { *scale } else { 1.0 / scale })
        }
        Calc::Mul(a, b) => Some(factors_of(a, exponent, change, factors)? * factors_of(b, exponent, change, factors)?),
        Calc::Div(a, b) => Some(factors_of(a, exponent, change, factors)? * factors_of(b, -exponent, change, factors)?),
        Calc::Neg(_) | Calc::Add(..) | Calc::Sub(..) | Calc::Coalesce(..) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{Numbers, parts, shapley};
    use crate::effect::Calc;
    use proptest::prelude::*;

    fn part(place: usize) -> Box<Calc> {
        Box::new(Calc::Part(place, 1.0))
    }

    fn numbers(values: &[f64]) -> Numbers {
        values.iter().copied().enumerate().collect()
    }

    #[test]
    fn a_product_worked_by_hand() {
        // 100 orders at 20 become 90 at 22: orders −10 · (20 + 22)/2 = −210, value 2 · (100 + 90)/2 = 190, together −20.
        let revenue = Calc::Mul(part(0), part(1));
        let found = parts(&revenue, &numbers(&[100.0, 20.0]), &numbers(&[90.0, 22.0])).unwrap();
        assert!((found[&0] + 210.0).abs() < 1e-9 && (found[&1] - 190.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_ratio_worked_by_hand() {
        // 60 of 100 become 66 of 120. First the top, then the bottom: 66/100 − 60/100 = 0.06 and 66/120 − 66/100 = −0.11;
        // the other way round: 66/120 − 60/120 = 0.05 and 60/120 − 60/100 = −0.1. Means: 0.055 and −0.105; together −0.05.
        let rate = Calc::Div(part(0), part(1));
        let found = parts(&rate, &numbers(&[60.0, 100.0]), &numbers(&[66.0, 120.0])).unwrap();
        assert!((found[&0] - 0.055).abs() < 1e-12 && (found[&1] + 0.105).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn three_factors_worked_by_hand() {
        // 1·1·1 becomes 2·3·4 = 24. For the first: 1/3·(1) + 1/6·(3 + 4) + 1/3·12 = 0.3333 + 1.1667 + 4 = 5.5;
        // the second: 1/3·2 + 1/6·(2·2 + 2·4) + 1/3·2·8 = 0.6667 + 2 + 5.3333 = 8; the third: 1/3·3 + 1/6·(3·2 + 3·3) + 1/3·3·6 = 9.5.
        let product = Calc::Mul(Box::new(Calc::Mul(part(0), part(1))), part(2));
        let found = parts(&product, &numbers(&[1.0, 1.0, 1.0]), &numbers(&[2.0, 3.0, 4.0])).unwrap();
        for (place, expect) in [(0, 5.5), (1, 8.0), (2, 9.5)] {
            assert!((found[&place] - expect).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn terms_of_a_sum_are_taken_one_by_one() {
        // Twenty terms would have a million sets; each is its own difference.
        let sum = (1..20).fold(*part(0), |sum, place| Calc::Add(Box::new(sum), part(place)));
        let after: Vec<f64> = (0..20).map(f64::from).collect();
        let found = parts(&sum, &numbers(&[0.0; 20]), &numbers(&after)).unwrap();
        assert!(found.iter().all(|(place, adds)| *adds == *place as f64));
        // Twenty factors are decomposed by their logarithmic mean, as long as all are positive.
        let product = (1..20).fold(*part(0), |all, place| Calc::Mul(Box::new(all), part(place)));
        assert!(parts(&product, &numbers(&[1.0; 20]), &numbers(&[1.1; 20])).is_some());
        assert_eq!(parts(&product, &numbers(&[1.0; 20]), &numbers(&[-1.1; 20])), None);
        // A divisor that is nothing has no value.
        assert_eq!(parts(&Calc::Div(part(0), part(1)), &numbers(&[1.0, 1.0]), &numbers(&[1.0, 0.0])), None);
    }

    #[test]
    fn the_glove_game() {
        // The textbook game: one has a left glove, two a right one each; a pair is worth 1. Values: 2/3, 1/6, 1/6.
        let pairs = |set: u32| Some(f64::from(u8::from(set & 1 != 0 && set & 6 != 0)));
        let found = shapley(3, pairs).unwrap();
        for (found, expect) in found.iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((found - expect).abs() < 1e-12);
        }
        assert_eq!(shapley(40, |_| Some(0.0)), None);
    }

    /// Formulas over six parts.
    fn formula() -> impl Strategy<Value = Calc> {
        let leaf = prop_oneof![(0_usize..6).prop_map(|place| *part(place)), (0.5..3.0f64).prop_map(Calc::Number)];
        leaf.prop_recursive(4, 24, 2, |inner| {
            let two = (inner.clone(), inner.clone());
            prop_oneof![
                two.clone().prop_map(|(a, b)| Calc::Add(Box::new(a), Box::new(b))),
                two.clone().prop_map(|(a, b)| Calc::Sub(Box::new(a), Box::new(b))),
                two.clone().prop_map(|(a, b)| Calc::Mul(Box::new(a), Box::new(b))),
                two.prop_map(|(a, b)| Calc::Div(Box::new(a), Box::new(b))),
                inner.prop_map(|a| Calc::Neg(Box::new(a))),
            ]
        })
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_change(calc in formula(), a in prop::collection::vec(0.5..2.0f64, 6), b in prop::collection::vec(0.5..2.0f64, 6)) {
            let (before, after) = (numbers(&a), numbers(&b));
            if let Some(found) = parts(&calc, &before, &after) {
                let value = |numbers: &Numbers| calc.value(&|place| numbers.get(&place).copied()).unwrap();
                let change = value(&after) - value(&before);
                let size = found.values().map(|part| part.abs()).sum::<f64>().max(change.abs()).max(1.0);
                prop_assert!((found.values().sum::<f64>() - change).abs() <= 1e-9 * size, "{found:?} {change}");
            }
        }

        #[test]
        fn what_did_not_move_adds_nothing(calc in formula(), a in prop::collection::vec(0.5..2.0f64, 6), by in 0.1..1.0f64, which in 0_usize..6) {
            let mut b = a.clone();
            b[which] += by;
            if let Some(found) = parts(&calc, &numbers(&a), &numbers(&b)) {
                let largest = found.values().fold(1.0_f64, |most, part| most.max(part.abs()));
                prop_assert!(found.iter().all(|(place, adds)| *place == which || adds.abs() <= 1e-9 * largest), "{found:?}");
            }
        }
    }
}
