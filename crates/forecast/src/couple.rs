//! How series move together: whole paths are reordered so that their ranks depend on each other as past errors did.
//!
//! The normal scores of past forecast errors at shared windows give correlations, shrunk towards the mean of all
//! measured ones; a Gaussian copula with these decides which rank of one series meets which rank of another. Reordering
//! changes no distribution of a single series (Clark, Gangopadhyay, Hay, Rajagopalan & Wilby 2004, "The Schaake
//! Shuffle", Journal of Hydrometeorology 5).

use crate::draws::Draws;
use crate::normal;
use crate::outlook::Claim;
use quarterdeck_calendar::Period;
use std::collections::BTreeMap;

/// Normal scores of past errors, by window.
pub type Scores = BTreeMap<Period, f64>;

/// Shared windows from which a correlation is measured and not assumed.
pub const ENOUGH: usize = 8;
/// Shared windows at which a measured correlation counts half.
const HALF_TRUST: f64 = 8.0;

/// Correlations of several series.
pub struct Correlations {
    /// Symmetric, ones on the diagonal, positive definite.
    pub matrix: Vec<Vec<f64>>,
    /// At how many shared windows each pair was measured; 0 where it was assumed.
    pub origins: Vec<Vec<usize>>,
}

/// The scores of claims.
pub fn scores(claims: &[Claim]) -> Scores {
    claims.iter().map(|claim| (claim.period, normal::quantile(claim.pit.clamp(0.01, 0.99)))).collect()
}

/// Correlations between series from their scores.
pub fn correlations(scores: &[&Scores]) -> Correlations {
    let count = scores.len();
    let mut matrix = vec![vec![1.0; count]; count];
    let mut origins = vec![vec![0; count]; count];
    let (mut sum, mut measured) = (0.0, 0.0);
    for a in 0..count {
        for b in 0..a {
            let shared: Vec<(f64, f64)> =
                scores[a].iter().filter_map(|(period, x)| Some((*x, *scores[b].get(period)?))).collect();
            matrix[a][b] = f64::NAN;
            if shared.len() >= ENOUGH
                && let Some(correlation) = pearson(&shared)
            {
                matrix[a][b] = correlation;
                origins[a][b] = shared.len();
                sum += correlation;
                measured += 1.0;
            }
        }
    }
    // What was never measured is taken to be like the rest; without any rest, independent.
    let mean: f64 = if measured > 0.0 { sum / (measured + 1.0) } else { 0.0 };
    for a in 0..count {
        for b in 0..a {
            let n = origins[a][b] as f64;
            let trust = n / (n + HALF_TRUST);
            let found = if matrix[a][b].is_nan() { 0.0 } else { matrix[a][b] };
            let shrunk = (trust * found + (1.0 - trust) * mean).clamp(-0.95, 0.95);
            matrix[a][b] = shrunk;
            matrix[b][a] = shrunk;
            origins[b][a] = origins[a][b];
        }
    }
    while cholesky(&matrix).is_none() {
        for (a, row) in matrix.iter_mut().enumerate() {
            row.iter_mut().enumerate().filter(|(b, _)| *b != a).for_each(|(_, value)| *value *= 0.95);
        }
    }
    Correlations { matrix, origins }
}

fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (a, b) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut both, mut left, mut right) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        both += (x - a) * (y - b);
        left += (x - a) * (x - a);
        right += (y - b) * (y - b);
    }
    (left > 1e-12 && right > 1e-12).then(|| both / (left * right).sqrt())
}

/// The lower triangle whose product with its own transpose is the matrix; `None` unless that is positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - dot;
            if i == j {
                if rest <= 1e-9 {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}

/// For each series, which of its rows is scenario 0, 1, …: the row whose `statistics` rank as the copula's draw does.
/// Every answer is a permutation.
pub fn orders(statistics: &[&[f64]], correlations: &Correlations, draws: &mut Draws) -> Vec<Vec<u32>> {
    let paths = statistics.iter().map(|values| values.len()).min().unwrap_or(0);
    // The matrix was made positive definite.
    let lower = cholesky(&correlations.matrix).unwrap_or_default();
    let mut latent = vec![Vec::with_capacity(paths); statistics.len()];
    let mut fresh = vec![0.0; statistics.len()];
    for _ in 0..paths {
        fresh.iter_mut().for_each(|value| *value = draws.normal());
        for (row, column) in lower.iter().zip(latent.iter_mut()) {
            column.push(row.iter().zip(&fresh).map(|(weight, value)| weight * value).sum::<f64>());
        }
    }
    statistics
        .iter()
        .zip(&latent)
        .map(|(values, latent)| {
            let (by_value, by_latent) = (ascending(&values[..paths]), ascending(latent));
            let mut order = vec![0; paths];
            for (row, scenario) in by_value.iter().zip(&by_latent) {
                order[*scenario as usize] = *row;
            }
            order
        })
        .collect()
}

/// Indices from the smallest value to the largest; equal values in order of index.
fn ascending(values: &[f64]) -> Vec<u32> {
    let mut indices: Vec<u32> = (0..values.len() as u32).collect();
    indices.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]).then(a.cmp(b)));
    indices
}

/// Rows of a dense matrix in another order.
pub fn reorder(values: &mut Vec<f64>, width: usize, order: &[u32]) {
    if width == 0 || values.len() != width * order.len() {
        return;
    }
    let mut moved = Vec::with_capacity(values.len());
    for row in order {
        let at = *row as usize * width;
        moved.extend_from_slice(&values[at..at + width]);
    }
    *values = moved;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Correlations, correlations, orders};
    use crate::draws::Draws;
    use quarterdeck_calendar::{Grain, Period};

    #[test]
    fn orders_are_permutations_with_the_wanted_dependence() {
        let mut draws = Draws::named(1, "statistics");
        let a: Vec<f64> = (0..4000).map(|_| draws.normal()).collect();
        let b: Vec<f64> = (0..4000).map(|_| libm::exp(draws.normal())).collect();
        let wanted = Correlations { matrix: vec![vec![1.0, 0.7], vec![0.7, 1.0]], origins: vec![vec![0; 2]; 2] };
        let found = orders(&[&a, &b], &wanted, &mut draws);
        for order in &found {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..4000).collect::<Vec<u32>>());
        }
        let pairs: Vec<(f64, f64)> =
            (0..4000).map(|j| (a[found[0][j] as usize], libm::log(b[found[1][j] as usize]))).collect();
        let correlation = super::pearson(&pairs).unwrap();
        assert!((correlation - 0.7).abs() < 0.03, "{correlation}");
    }

    #[test]
    fn few_shared_windows_are_not_measured() {
        let window = |n| Period::new(Grain::Quarter, 2000 + n / 4, (n % 4) as u32 + 1);
        let long: super::Scores = (0..12).map(|n| (window(n), f64::from(n % 5))).collect();
        let short: super::Scores = (0..7).map(|n| (window(n), f64::from(n % 5))).collect();
        let found = correlations(&[&long, &long, &short]);
        assert_eq!(found.origins[1][0], 12);
        assert_eq!(found.origins[2][0], 0);
        // Equal scores correlate by 1; twelve windows are trusted at 12/20, the rest is half of the only measured pair.
        assert!((found.matrix[1][0] - (0.6 + 0.4 * 0.5)).abs() < 1e-12, "{}", found.matrix[1][0]);
        assert!((found.matrix[2][0] - 0.5).abs() < 1e-12);
    }
}
