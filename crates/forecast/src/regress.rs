//! Least squares and the elastic net, by linfa.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_elasticnet::ElasticNet;
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2, ShapeBuilder};

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

/// How much of the elastic net's penalty is on absolute sizes, the rest being on squares.
const LASSO: f64 = 0.5;

/// The elastic net at several penalties, each a part of the one that leaves nothing: the sum of squares that remains and the
/// coefficients of `columns` as they are, rounded to 10 significant digits. Columns and target are centred and columns scaled
/// beforehand, so an intercept is not among the coefficients; an `ease` below 1 makes a column costlier. `None` where shapes
/// differ or a value is not finite.
pub fn elastic_net(
    columns: &[Vec<f64>],
    ease: &[f64],
    target: &[f64],
    penalties: &[f64],
) -> Option<Vec<(f64, Vec<f64>)>> {
    let (rows, count) = (target.len(), columns.len());
    if rows == 0 || count == 0 || ease.len() != count || columns.iter().any(|column| column.len() != rows) {
        return None;
    }
    let (middle, size) = centre_and_size(target);
    let shapes: Vec<(f64, f64)> = columns.iter().map(|column| centre_and_size(column)).collect();
    if !size.is_finite() || shapes.iter().any(|(_, size)| !size.is_finite()) {
        return None;
    }
    let unit = |size: f64| if size > 0.0 { size } else { 1.0 };
    // Column by column in memory: that is how coordinate descent walks.
    let table = Array2::from_shape_fn((rows, count).f(), |(row, at)| {
        (columns[at][row] - shapes[at].0) / unit(shapes[at].1) * ease[at]
    });
    let wanted: Vec<f64> = target.iter().map(|value| (value - middle) / unit(size)).collect();
    let most = (0..count)
        .map(|at| table.column(at).iter().zip(&wanted).map(|(x, y)| x * y).sum::<f64>().abs())
        .fold(0.0, f64::max)
        / rows as f64
        / LASSO;
    let data = Dataset::new(table, Array1::from(wanted));
    let mut fits = Vec::with_capacity(penalties.len());
    for part in penalties {
        let net = ElasticNet::params().penalty((part * most).max(1e-12)).l1_ratio(LASSO).with_intercept(false);
        let fitted = net.max_iterations(50).tolerance(1e-3).fit(&data).ok()?;
        let scaled: Vec<f64> = fitted.hyperplane().iter().map(|value| significant(*value)).collect();
        let misses = (0..rows).map(|row| {
            let said: f64 = scaled.iter().enumerate().map(|(at, c)| c * data.records()[(row, at)]).sum();
            data.targets()[row] - said
        });
        let squares = misses.map(|miss| miss * miss).sum::<f64>() * unit(size) * unit(size);
        let back = |(at, c): (usize, &f64)| c * ease[at] / unit(shapes[at].1) * unit(size);
        let coefficients: Vec<f64> = scaled.iter().enumerate().map(back).collect();
        if coefficients.iter().all(|value| value.is_finite()) {
            fits.push((squares, coefficients));
        }
    }
    Some(fits)
}

/// Mean and root mean square deviation from it.
fn centre_and_size(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let middle = values.iter().sum::<f64>() / n;
    (middle, (values.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>() / n).sqrt())
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

    use super::{elastic_net, least_squares, significant};

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
    fn the_elastic_net_finds_the_column_that_matters() {
        let mut draws = crate::draws::Draws::named(1, "net");
        let columns: Vec<Vec<f64>> = (0..6).map(|_| (0..80).map(|_| draws.normal()).collect()).collect();
        let target: Vec<f64> = columns[2].iter().map(|x| 7.0 + 3.0 * x + 0.1 * draws.normal()).collect();
        let fits = elastic_net(&columns, &[1.0; 6], &target, &[0.99, 0.2, 1e-4]).unwrap();
        // Hardly anything at the top, the right column alone further down, and nearly least squares at the end.
        assert!(fits[0].1.iter().map(|c| c.abs()).sum::<f64>() < 0.1, "{:?}", fits[0]);
        assert!(fits[1].1.iter().enumerate().all(|(at, c)| (*c != 0.0) == (at == 2)), "{:?}", fits[1]);
        assert!((fits[2].1[2] - 3.0).abs() < 0.05 && fits[2].0 < 2.0, "{:?}", fits[2]);
    }

    #[test]
    fn ten_digits_stay() {
        assert_eq!(significant(1.234_567_890_123), 1.234_567_890);
        assert_eq!(significant(-0.000_012_345_678_901_9), -0.000_012_345_678_90);
        assert_eq!(significant(0.0), 0.0);
    }
}
