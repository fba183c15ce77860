//! Parts of a change of a product: the logarithmic mean Divisia index.
//!
//! For V = Π x_i^{e_i}, e_i being 1 for a factor and −1 for a divisor, the part of factor i in V₁ − V₀ is
//! L(V₁, V₀) · e_i · ln(x_i1 / x_i0), with the logarithmic mean L(a, b) = (a − b) / (ln a − ln b), L(a, a) = a (Ang 2004,
//! "Decomposition analysis for policymaking in energy"). The parts sum to the change exactly; all factors must be positive.

/// One factor: its place, its number before and after, and whether it divides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// Which part of the formula.
    pub part: usize,
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
    /// 1 for a factor, −1 for a divisor.
    pub exponent: f64,
}

/// The part of each factor in the change of their product times a constant; `None` unless everything is positive.
pub fn lmdi(constant: f64, factors: &[Factor]) -> Option<Vec<(usize, f64)>> {
    let positive = |value: f64| value > 0.0 && value.is_finite();
    if !positive(constant) || !factors.iter().all(|factor| positive(factor.before) && positive(factor.after)) {
        return None;
    }
    let log = |value: fn(&Factor) -> f64| {
        libm::log(constant) + factors.iter().map(|factor| factor.exponent * libm::log(value(factor))).sum::<f64>()
    };
    let (before, after) = (log(|factor| factor.before), log(|factor| factor.after));
    let mean = logarithmic_mean(libm::exp(after), libm::exp(before));
    let part = |factor: &Factor| (factor.part, mean * factor.exponent * libm::log(factor.after / factor.before));
    mean.is_finite().then(|| factors.iter().map(part).collect())
}

/// (a − b) / (ln a − ln b), and a where both are the same.
fn logarithmic_mean(a: f64, b: f64) -> f64 {
    let ratio = libm::log(a / b);
    // Near equality the quotient loses its digits; the series of (e^r − 1)/r does not.
    if ratio.abs() < 1e-6 { b * (1.0 + ratio / 2.0 + ratio * ratio / 6.0) } else { (a - b) / ratio }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Factor, lmdi};
    use proptest::prelude::*;

    #[test]
    fn worked_by_hand() {
        // 100 · 20 = 2,000 becomes 90 · 22 = 1,980. L = −20 / ln(0.99) = 1989.983; ln 0.9 = −0.105361, ln 1.1 = 0.095310.
        let factor = |part, before, after| Factor { part, before, after, exponent: 1.0 };
        let parts = lmdi(1.0, &[factor(0, 100.0, 90.0), factor(1, 20.0, 22.0)]).unwrap();
        assert!((parts[0].1 + 209.666).abs() < 2e-3 && (parts[1].1 - 189.666).abs() < 2e-3, "{parts:?}");
        assert!((parts[0].1 + parts[1].1 + 20.0).abs() < 1e-9);
        assert_eq!(lmdi(1.0, &[factor(0, 0.0, 90.0)]), None);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_change(of in prop::collection::vec((0.01..1e4f64, 0.5..2.0f64, any::<bool>()), 1..9), constant in 0.1..10.0f64) {
            let factors: Vec<Factor> = of.iter().enumerate().map(|(part, (before, ratio, divides))| Factor {
                part, before: *before, after: before * ratio, exponent: if *divides { -1.0 } else { 1.0 },
            }).collect();
            let product = |value: fn(&Factor) -> f64| factors.iter().fold(constant, |all, factor| if factor.exponent > 0.0 { all * value(factor) } else { all / value(factor) });
            let (before, after) = (product(|f| f.before), product(|f| f.after));
            let sum: f64 = lmdi(constant, &factors).unwrap().iter().map(|(_, part)| part).sum();
            prop_assert!((sum - (after - before)).abs() <= 1e-9 * before.abs().max(after.abs()), "{sum} {}", after - before);
        }
    }
}
