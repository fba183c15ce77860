//! Least squares, by linfa.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2};

/// The coefficients of `columns` (no intercept is added) that explain `target` best, rounded to 10 significant digits,
/// because the solver's kernels differ between processors. `None` where there are fewer rows than columns, columns
/// depend on each other, or a value is not finite.
pub fn least_squares(columns: &[Vec<f64>], target: &[f64]) -> Option<Vec<f64>> {
    let (rows, count) = (target.len(), columns.len());
    if rows < count || count == 0 || columns.iter().any(|column| column.len() != rows) {
        return None;
    }
    let table = Array2::from_shape_fn((rows, count), |(row, column)| columns[column][row]);
    let data = Dataset::new(table, Array1::from(target.to_vec()));
    let fitted = LinearRegression::new().with_intercept(false).fit(&data).ok()?;
    let coefficients: Vec<f64> = fitted.params().iter().map(|value| significant(*value)).collect();
    coefficients.iter().all(|value| value.is_finite()).then_some(coefficients)
}

/// A number rounded to 10 significant digits.
pub fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Through text: the one way that is exact in decimal.
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{least_squares, significant};

    #[test]
    fn a_line_is_found_again() {
        let time: Vec<f64> = (0..10).map(f64::from).collect();
        let target: Vec<f64> = time.iter().map(|t| 3.0 - 0.5 * t).collect();
        assert_eq!(least_squares(&[vec![1.0; 10], time], &target), Some(vec![3.0, -0.5]));
    }

    #[test]
    fn what_cannot_be_solved_is_none() {
        assert_eq!(least_squares(&[vec![1.0]], &[]), None);
        assert_eq!(least_squares(&[], &[1.0]), None);
        assert!(least_squares(&[vec![f64::NAN; 3]], &[1.0; 3]).is_none());
    }

    #[test]
    fn ten_digits_stay() {
        assert_eq!(significant(1.234_567_890_123), 1.234_567_890);
        assert_eq!(significant(-0.000_012_345_678_901_9), -0.000_012_345_678_90);
        assert_eq!(significant(0.0), 0.0);
    }
}
