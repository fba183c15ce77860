//! Finding the parameters of a model: the downhill simplex of Nelder and Mead (1965), "A Simplex Method for Function
//! Minimization", The Computer Journal 7, inside a box.

/// A parameter's range and where to start.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Where the search starts.
    pub start: f64,
}

/// The best point found and its cost. Points outside the box are moved onto its edge; a cost that is not a number counts
/// as infinitely bad. Stops after `evaluations`, or when the simplex's costs agree to one part in 10^7.
pub fn minimise(ranges: &[Range], evaluations: usize, mut cost: impl FnMut(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let mut judge = |point: &[f64]| {
        let value = cost(point);
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let mut simplex = first_simplex(ranges, &mut judge);
    let mut used = simplex.len();
    while used < evaluations && simplex.len() > 1 {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (simplex[0].1, simplex[simplex.len() - 1].1);
        if worst - best <= 1e-7 * (best.abs() + 1e-12) {
            break;
        }
        used += step(ranges, &mut simplex, &mut judge);
    }
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
    // There is always the starting point.
    simplex.swap_remove(0)
}

type Vertex = (Vec<f64>, f64);

fn first_simplex(ranges: &[Range], judge: &mut impl FnMut(&[f64]) -> f64) -> Vec<Vertex> {
    let start: Vec<f64> = ranges.iter().map(|range| range.start.clamp(range.low, range.high)).collect();
    let mut simplex = vec![(start.clone(), judge(&start))];
    for (axis, range) in ranges.iter().enumerate() {
        let mut point = start.clone();
        let stride = 0.25 * (range.high - range.low);
        point[axis] = if point[axis] + stride <= range.high { point[axis] + stride } else { point[axis] - stride };
        let value = judge(&point);
        simplex.push((point, value));
    }
    simplex
}

/// One step on a sorted simplex; how many evaluations it took.
fn step(ranges: &[Range], simplex: &mut [Vertex], judge: &mut impl FnMut(&[f64]) -> f64) -> usize {
    let last = simplex.len() - 1;
    let centre: Vec<f64> = (0..ranges.len())
        .map(|axis| simplex[..last].iter().map(|vertex| vertex.0[axis]).sum::<f64>() / last as f64)
        .collect();
    let mut at = |reach: f64| {
        let point: Vec<f64> = ranges
            .iter()
            .enumerate()
            .map(|(axis, range)| {
                (centre[axis] + reach * (centre[axis] - simplex[last].0[axis])).clamp(range.low, range.high)
            })
            .collect();
        let value = judge(&point);
        (point, value)
    };
    let (best, second, worst) = (simplex[0].1, simplex[last - 1].1, simplex[last].1);
    let reflected = at(1.0);
    if reflected.1 < best {
        let expanded = at(2.0);
        simplex[last] = if expanded.1 < reflected.1 { expanded } else { reflected };
        return 2;
    }
    if reflected.1 < second {
        simplex[last] = reflected;
        return 1;
    }
    let contracted = if reflected.1 < worst { at(0.5) } else { at(-0.5) };
    if contracted.1 < worst.min(reflected.1) {
        simplex[last] = contracted;
        return 2;
    }
    let towards = simplex[0].0.clone();
    for vertex in simplex.iter_mut().skip(1) {
        for (value, goal) in vertex.0.iter_mut().zip(&towards) {
            *value = goal + 0.5 * (*value - goal);
        }
        vertex.1 = judge(&vertex.0);
    }
    2 + last
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Range, minimise};

    #[test]
    fn finds_the_bottom_of_rosenbrocks_valley() {
        let ranges = [Range { low: -2.0, high: 2.0, start: -1.2 }, Range { low: -2.0, high: 2.0, start: 1.0 }];
        let (point, cost) = minimise(&ranges, 2_000, |x| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            a * a + 100.0 * b * b
        });
        assert!(cost < 1e-6 && (point[0] - 1.0).abs() < 1e-2 && (point[1] - 1.0).abs() < 1e-2, "{point:?} {cost}");
    }

    #[test]
    fn stays_in_the_box_and_survives_costs_that_are_no_numbers() {
        let ranges = [Range { low: 0.0, high: 1.0, start: 0.5 }];
        assert_eq!(minimise(&ranges, 200, |x| -x[0]).0, vec![1.0]);
        assert!(minimise(&ranges, 50, |_| f64::NAN).1.is_infinite());
        assert_eq!(minimise(&[], 50, |_| 3.0), (vec![], 3.0));
    }
}
