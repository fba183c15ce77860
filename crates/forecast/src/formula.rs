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

    use super::{Column, evaluate, names};
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
    fn a_zero_divisor_is_a_gap_and_coalesce_fills_it() {
        let ratio = Formula::Div(series("a"), series("b"));
        let look = |name: &str, _: u32| if name == "a" { Column::Same(3.0) } else { Column::Each(vec![0.0, 2.0]) };
        assert!(evaluate(&ratio, 0, &look).at(0).is_nan());
        let filled = Formula::Coalesce(Box::new(ratio), 7.0);
        let found = evaluate(&filled, 0, &look);
        assert_eq!((found.at(0), found.at(1)), (7.0, 1.5));
    }
}
