//! Arithmetic of identities over whole columns of draws. A gap is a value that is no number.

use crate::identity::Formula;

/// One value per path, or the same for all.
#[derive(Clone, Debug)]
pub enum Column {
    /// The same on every path.
    Same(f64),
    /// One per path.
    Each(Vec<f64>),
}

impl Column {
    /// The value on one path.
    pub fn at(&self, path: usize) -> f64 {
        match self {
            Column::Same(value) => *value,
            Column::Each(values) => values.get(path).copied().unwrap_or(f64::NAN),
        }
    }

    /// All values times a factor.
    pub fn scaled(self, factor: f64) -> Column {
        self.map(|value| value * factor)
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Column {
        match self {
            Column::Same(value) => Column::Same(change(value)),
            Column::Each(values) => Column::Each(values.into_iter().map(change).collect()),
        }
    }

    fn with(self, other: Column, join: impl Fn(f64, f64) -> f64) -> Column {
        match (self, other) {
            (Column::Same(a), other) => other.map(|b| join(a, b)),
            (own, Column::Same(b)) => own.map(|a| join(a, b)),
            (Column::Each(a), Column::Each(b)) => Column::Each(a.into_iter().zip(b).map(|(a, b)| join(a, b)).collect()),
        }
    }
}

/// The value of a formula; `look` gives a series so many steps earlier.
pub fn evaluate(formula: &Formula, ago: u32, look: &dyn Fn(&str, u32) -> Column) -> Column {
    let part = |inner: &Formula| evaluate(inner, ago, look);
    match formula {
        Formula::Number(value) => Column::Same(*value),
        Formula::Series(name) => look(name, ago),
        Formula::Ago(inner, steps) => evaluate(inner, ago.saturating_add(*steps), look),
        Formula::Neg(inner) => part(inner).map(|value| -value),
        Formula::Add(a, b) => part(a).with(part(b), |a, b| a + b),
        Formula::Sub(a, b) => part(a).with(part(b), |a, b| a - b),
        Formula::Mul(a, b) => part(a).with(part(b), |a, b| a * b),
        Formula::Div(a, b) => part(a).with(part(b), |a, b| if b == 0.0 { f64::NAN } else { a / b }),
        Formula::Coalesce(inner, number) => part(inner).map(|value| if value.is_nan() { *number } else { value }),
    }
}

/// The series a formula names, each once, in order of first mention.
pub fn names(formula: &Formula) -> Vec<&str> {
    let mut found = Vec::new();
    collect(formula, &mut found);
    found
}

fn collect<'a>(formula: &'a Formula, found: &mut Vec<&'a str>) {
    match formula {
        Formula::Number(_) => {}
        Formula::Series(name) => {
            if !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
        Formula::Ago(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => collect(inner, found),
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            collect(a, found);
            collect(b, found);
        }
    }
}

/// A formula solved for one of its series: what that series is, given `of` = formula. `None` unless the formula names the
/// series once, outside of a look back and of a filled gap.
pub fn solve(formula: &Formula, of: &str, name: &str) -> Option<Formula> {
    if mentions(formula, name) != 1 {
        return None;
    }
    let mut left = Formula::Series(of.to_owned());
    let mut rest = formula;
    loop {
        let own = |part: &Formula| mentions(part, name) == 1;
        let boxed = |part: &Formula| Box::new(part.clone());
        (left, rest) = match rest {
            Formula::Series(_) => return Some(left),
            Formula::Neg(inner) => (Formula::Neg(Box::new(left)), inner),
            Formula::Add(a, b) if own(a) => (Formula::Sub(Box::new(left), boxed(b)), a),
            Formula::Add(a, b) => (Formula::Sub(Box::new(left), boxed(a)), b),
            Formula::Sub(a, b) if own(a) => (Formula::Add(Box::new(left), boxed(b)), a),
            Formula::Sub(a, b) => (Formula::Sub(boxed(a), Box::new(left)), b),
            Formula::Mul(a, b) if own(a) => (Formula::Div(Box::new(left), boxed(b)), a),
            Formula::Mul(a, b) => (Formula::Div(Box::new(left), boxed(a)), b),
            Formula::Div(a, b) if own(a) => (Formula::Mul(Box::new(left), boxed(b)), a),
            Formula::Div(a, b) => (Formula::Div(boxed(a), Box::new(left)), b),
            Formula::Number(_) | Formula::Ago(..) | Formula::Coalesce(..) => return None,
        };
    }
}

/// How often a formula names a series.
fn mentions(formula: &Formula, name: &str) -> usize {
    match formula {
        Formula::Number(_) => 0,
        Formula::Series(other) => usize::from(other == name),
        Formula::Ago(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => mentions(inner, name),
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            mentions(a, name) + mentions(b, name)
        }
    }
}

/// What a ratio is divided by.
pub fn divisor(formula: &Formula) -> Option<&Formula> {
    match formula {
        Formula::Div(_, below) => Some(below),
        Formula::Coalesce(inner, _) => divisor(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Column, evaluate, names, solve};
    use crate::identity::Formula;

    fn series(name: &str) -> Box<Formula> {
        Box::new(Formula::Series(name.to_owned()))
    }

    #[test]
    fn growth_over_last_year_by_hand() {
        // revenue / (revenue ago 4) − 1 with 110 now and 100 then: 0.1.
        let growth = Formula::Sub(
            Box::new(Formula::Div(series("r"), Box::new(Formula::Ago(series("r"), 4)))),
            Box::new(Formula::Number(1.0)),
        );
        let look = |_: &str, ago: u32| Column::Each(vec![if ago == 4 { 100.0 } else { 110.0 }]);
        assert!((evaluate(&growth, 0, &look).at(0) - 0.1).abs() < 1e-15);
        assert_eq!(names(&growth), vec!["r"]);
    }

    #[test]
    fn any_series_named_once_can_be_solved_for() {
        // of = −(a − 2·b) / c + d, by hand with a = 3, b = 5, c = 4, d = 1: −(3 − 10) / 4 + 1 = 2.75.
        let twice = Formula::Mul(Box::new(Formula::Number(2.0)), series("b"));
        let above = Formula::Neg(Box::new(Formula::Sub(series("a"), Box::new(twice))));
        let formula = Formula::Add(Box::new(Formula::Div(Box::new(above), series("c"))), series("d"));
        let values = |name: &str| match name {
            "a" => 3.0,
            "b" => 5.0,
            "c" => 4.0,
            "d" => 1.0,
            _ => 2.75,
        };
        let look = |name: &str, _: u32| Column::Same(values(name));
        assert_eq!(evaluate(&formula, 0, &look).at(0), 2.75);
        for name in ["a", "b", "c", "d"] {
            let solved = solve(&formula, "of", name).unwrap();
            assert!((evaluate(&solved, 0, &look).at(0) - values(name)).abs() < 1e-12, "{name}: {solved:?}");
        }
        assert!(solve(&formula, "of", "e").is_none());
    }

    #[test]
    fn what_is_named_twice_or_looked_back_at_cannot_be_solved_for() {
        let ago = |name: &str| Box::new(Formula::Ago(series(name), 4));
        assert!(solve(&Formula::Div(series("a"), ago("a")), "of", "a").is_none());
        assert!(solve(&Formula::Div(series("a"), ago("b")), "of", "b").is_none());
        assert!(solve(&Formula::Coalesce(series("a"), 0.0), "of", "a").is_none());
        let found = solve(&Formula::Div(series("a"), ago("b")), "of", "a").unwrap();
        assert_eq!(found, Formula::Mul(series("of"), ago("b")));
    }

    #[test]
    fn a_zero_divisor_is_a_gap_and_coalesce_fills_it() {
        let ratio = Formula::Div(series("a"), series("b"));
        let look = |name: &str, _: u32| if name == "a" { Column::Same(3.0) } else { Column::Each(vec![0.0, 2.0]) };
        assert!(evaluate(&ratio, 0, &look).at(0).is_nan());
        let filled = Formula::Coalesce(Box::new(ratio), 7.0);
        let found = evaluate(&filled, 0, &look);
        assert_eq!((found.at(0), found.at(1)), (7.0, 1.5));
    }
}
