//! Chances read off paths, and the values that have a wanted chance.
//!
//! A value is rounded to two significant digits of the width between the 10th and the 90th percentile (a width of 1,317 has
//! steps of 100), towards the easier side, unless that moves its chance by more than three points: then ten times finer, until
//! it does not. The chance is that of the value as printed.

use crate::proposal::{Fan, Offer, Offers};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_lang::model::Better;

/// How far rounding may move a chance.
const MOST_MOVED: f64 = 0.03;

/// Draws of one number, sorted once for every question asked of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    sorted: Vec<f64>,
}

impl Draws {
    /// Draws in any order; `None` of none.
    pub fn new(values: &[f64]) -> Option<Draws> {
        (!values.is_empty()).then(|| Draws { sorted: sorted(values) })
    }

    /// A percentile, 0 to 1.
    pub fn at(&self, p: f64) -> f64 {
        quantile_sorted(&self.sorted, p).unwrap_or(f64::NAN)
    }

    /// Five percentiles.
    pub fn fan(&self) -> Fan {
        Fan { p10: self.at(0.1), p30: self.at(0.3), p50: self.at(0.5), p70: self.at(0.7), p90: self.at(0.9) }
    }

    /// The width between the 10th and the 90th percentile.
    pub fn width(&self) -> f64 {
        self.at(0.9) - self.at(0.1)
    }

    /// Share of draws at or above a value.
    pub fn at_least(&self, value: f64) -> f64 {
        self.count_from(value) as f64 / self.sorted.len() as f64
    }

    /// Share of draws at or below a value.
    pub fn at_most(&self, value: f64) -> f64 {
        self.sorted.partition_point(|draw| *draw <= value) as f64 / self.sorted.len() as f64
    }

    fn count_from(&self, value: f64) -> usize {
        self.sorted.len() - self.sorted.partition_point(|draw| *draw < value)
    }

    /// The chance of meeting a target.
    pub fn chance(&self, better: Better, target: f64) -> f64 {
        match better {
            Better::Higher => self.at_least(target - slack(target)),
            Better::Lower => self.at_most(target + slack(target)),
            Better::Between(low, high) => {
                let above = self.sorted.partition_point(|draw| *draw <= high + slack(high));
                let below = self.sorted.partition_point(|draw| *draw < low - slack(low));
                above.saturating_sub(below) as f64 / self.sorted.len() as f64
            }
        }
    }

    /// The value that is met with a chance, before rounding.
    pub fn met_with(&self, better: Better, chance: f64) -> f64 {
        match better {
            Better::Higher => self.at(1.0 - chance),
            Better::Lower => self.at(chance),
            Better::Between(low, high) => self.at(0.5).clamp(low.min(high), high.max(low)),
        }
    }
}

/// The chances of one number: what a person's own value is met with, and which value has a wanted chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Odds {
    with: Draws,
    without: Draws,
    better: Better,
}

impl Odds {
    /// From draws with plan and judgements, and without either.
    pub(crate) fn new(with: &Draws, without: &Draws, better: Better) -> Odds {
        Odds { with: with.clone(), without: without.clone(), better }
    }

    /// The same from the numbers of every path, in any order; `None` of none.
    pub fn from_paths(with: &[f64], without: &[f64], better: Better) -> Option<Odds> {
        Some(Odds { with: Draws::new(with)?, without: Draws::new(without)?, better })
    }

    /// A value with its chances.
    pub fn of(&self, value: f64) -> Offer {
        Offer {
            value,
            p_hit: Some(three(self.with.chance(self.better, value))),
            p_hit_without_plan: Some(three(self.without.chance(self.better, value))),
        }
    }

    /// The value that is met with a chance, rounded as proposals are, with its chances.
    pub fn met_with(&self, confidence: f64) -> Offer {
        let exact = self.with.met_with(self.better, confidence.clamp(0.01, 0.99));
        self.of(rounded(&self.with, self.better, exact))
    }
}

/// Whether a number meets a target.
pub fn hit(better: Better, target: f64, value: f64) -> bool {
    match better {
        Better::Higher => value >= target - slack(target),
        Better::Lower => value <= target + slack(target),
        Better::Between(low, high) => low - slack(low) <= value && value <= high + slack(high),
    }
}

/// The last bits of a sum decide nothing: 0.1 + 0.2 meets 0.3.
fn slack(target: f64) -> f64 {
    1e-12 * target.abs()
}

/// A number without the noise of its last bits: ten significant digits.
pub fn tidy(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    to_step(value, libm::floor(libm::log10(value.abs())) as i32 - 9, libm::round)
}

/// Probabilities are kept to three decimals.
pub fn three(p: f64) -> f64 {
    libm::round(1000.0 * p) / 1000.0
}

/// Commit, target and stretch. `with` has plan and judgement, `without` neither. A target that is set keeps its value and
/// has no others beside it; neither has one that lies inside a range.
pub fn offers(with: &Draws, without: &Draws, better: Better, confidence: f64, set: Option<f64>) -> Offers {
    let odds = Odds::new(with, without, better);
    let offer = |value: f64| odds.of(value);
    if let Some(value) = set {
        return Offers { target: Some(offer(value)), ..Offers::default() };
    }
    let at = |chance: f64| Some(offer(rounded(with, better, with.met_with(better, chance))));
    if matches!(better, Better::Between(..)) {
        return Offers { target: at(0.5), ..Offers::default() };
    }
    Offers { commit: at(confidence.max(0.8)), target: at(confidence), stretch: at(confidence.min(0.3)) }
}

/// A value rounded as the head of this module says.
pub fn rounded(draws: &Draws, better: Better, value: f64) -> f64 {
    let width = draws.width();
    if !(width > 1e-9 * value.abs() && width.is_finite() && value.is_finite()) {
        return tidy(value);
    }
    let exact = draws.chance(better, value);
    let first = libm::floor(libm::log10(width)) as i32 - 1;
    for exponent in (first - 6..=first).rev() {
        let candidate = match better {
            Better::Between(low, high) => to_step(value, exponent, libm::round).clamp(low.min(high), high.max(low)),
            Better::Higher => to_step(value, exponent, libm::floor),
            Better::Lower => to_step(value, exponent, libm::ceil),
        };
        if (draws.chance(better, candidate) - exact).abs() <= MOST_MOVED {
            return candidate;
        }
    }
    value
}

/// A value at a whole number of steps of 10^exponent, without the digits that a product with 0.1 would leave.
pub fn to_step(value: f64, exponent: i32, round: fn(f64) -> f64) -> f64 {
    let power = libm::pow(10.0, f64::from(exponent.abs()));
    // A value that lies on a step but for its last bits is on it.
    let snap = |steps: f64| {
        if (steps - libm::round(steps)).abs() < 1e-9 * steps.abs() { libm::round(steps) } else { round(steps) }
    };
    if exponent >= 0 { snap(value / power) * power } else { snap(value * power) / power }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Draws, offers, rounded, tidy};
    use proptest::prelude::*;
    use quarterdeck_forecast::normal;
    use quarterdeck_lang::model::Better;

    fn normal_draws(mean: f64, spread: f64) -> Draws {
        let values: Vec<f64> =
            (0..10_000).map(|at| mean + spread * normal::quantile((f64::from(at) + 0.5) / 10_000.0)).collect();
        Draws::new(&values).unwrap()
    }

    #[test]
    fn offers_have_the_chances_they_are_named_for() {
        // Normal, 10,000 ± 500: 60 % lie above 10,000 − 0.2533·500 = 9,873, 80 % above 9,579, 30 % above 10,262. The width is
        // 1,282, so steps are 100: 9,800 has 65.5 % (5 points off: too far), so steps of 10: 9,870.
        let draws = normal_draws(10_000.0, 500.0);
        let without = normal_draws(9_900.0, 500.0);
        let offers = offers(&draws, &without, Better::Higher, 0.6, None);
        let target = offers.target.unwrap();
        assert_eq!((target.value, target.p_hit, target.p_hit_without_plan), (9870.0, Some(0.603), Some(0.524)));
        // 9,500 has 84.1 %: 4 points off, so finer again.
        assert_eq!(offers.commit.unwrap().value, 9570.0);
        // 10,200 has 34.5 %: 4 points off.
        assert_eq!(offers.stretch.unwrap().value, 10_260.0);
    }

    #[test]
    fn rounding_goes_towards_the_easier_side() {
        let draws = normal_draws(0.05, 0.01);
        // Width 0.0256, steps 0.001. Lower is better: 60 % lie below 0.05253, and 0.053 has 61.8 %.
        let lower = rounded(&draws, Better::Lower, draws.met_with(Better::Lower, 0.6));
        assert_eq!(lower, 0.053);
        let between = Better::Between(0.04, 0.06);
        assert_eq!(rounded(&draws, between, draws.met_with(between, 0.5)), 0.05);
        assert!((draws.chance(between, 0.05) - 0.6827).abs() < 1e-3);
    }

    #[test]
    fn a_known_number_is_not_rounded() {
        let draws = Draws::new(&[1234.567; 50]).unwrap();
        let offers = offers(&draws, &draws, Better::Higher, 0.6, None);
        assert_eq!(offers.target.unwrap().value, 1234.567);
        assert_eq!(offers.target.unwrap().p_hit, Some(1.0));
    }

    #[test]
    fn the_last_bits_decide_nothing() {
        // 0.07 as three sums of it come out.
        let draws = Draws::new(&[0.069_999_999_999_999_99, 0.07, 0.070_000_000_000_000_02]).unwrap();
        let target = offers(&draws, &draws, Better::Higher, 0.6, None).target.unwrap();
        assert_eq!((target.value, target.p_hit), (0.07, Some(1.0)));
        assert_eq!(tidy(0.070_000_000_000_000_02), 0.07);
        assert_eq!(tidy(-123_456.789_012_345), -123_456.789);
    }

    #[test]
    fn a_set_target_stays_as_it_is_set() {
        let draws = normal_draws(0.93, 0.01);
        let offers = offers(&draws, &draws, Better::Higher, 0.6, Some(0.945));
        assert!(offers.commit.is_none() && offers.stretch.is_none());
        assert_eq!(offers.target.unwrap().value, 0.945);
    }

    proptest! {
        #[test]
        fn the_chance_falls_as_the_target_rises(mut values in prop::collection::vec(-1e6..1e6f64, 1..200), a in -1e6..1e6f64, b in -1e6..1e6f64) {
            values.push(0.0);
            let draws = Draws::new(&values).unwrap();
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(draws.chance(Better::Higher, low) >= draws.chance(Better::Higher, high));
            prop_assert!(draws.chance(Better::Lower, low) <= draws.chance(Better::Lower, high));
        }

        #[test]
        fn rounding_moves_no_chance_by_more_than_three_points(values in prop::collection::vec(-1e3..1e6f64, 2..300), p in 0.01..0.99f64) {
            let draws = Draws::new(&values).unwrap();
            for better in [Better::Higher, Better::Lower] {
                let exact = draws.met_with(better, p);
                let value = rounded(&draws, better, exact);
                prop_assert!((draws.chance(better, value) - draws.chance(better, exact)).abs() <= 0.03 + 1e-12);
            }
        }
    }
}
