//! How likely each cap is for one curve: the misfit of the best curve with that cap, for several memories of what the
//! curve misses.
//!
//! With normal noise of unknown spread, and the curve's two numbers and the spread integrated out, a cap and a memory have
//! the weight |R|^(−1/2) · |JᵀJ|^(−1/2) · S^(−(n−2)/2): S is the least sum of squares of what curve and memory leave
//! unexplained, J how that moves with the curve's numbers. It is the restricted likelihood of Harville (1974), "Bayesian
//! Inference for Variance Components Using Only Error Contrasts", Biometrika 61: without it a short history makes
//! memories look shorter, and caps surer, than they are.

use super::Curve;
use crate::search::{Range, minimise};

/// Correlations of one miss with the next that are weighed against each other, and the part of the line from 0 to 1 that
/// each stands for: all are alike beforehand. 0 is noise about a level. 1 is noise in the increments: what was missed stays
/// missed, as it does for sums of sales (Srinivasan & Mason 1986, "Nonlinear Least Squares Estimation of New Product
/// Diffusion Models", Marketing Science 5).
const MEMORIES: [(f64, f64); 6] = [(0.0, 0.125), (0.25, 0.25), (0.5, 0.25), (0.75, 0.2), (0.9, 0.125), (1.0, 0.05)];

/// ln(q / p) of Bass curves beforehand, mean and spread: of 22 products' published p and q (compiled by C. Van den Bulte) the
/// median and, over 2, the width of the middle two thirds. Without it no data rule out that there is no imitation at all
/// and the cap is out of sight.
const IMITATION: (f64, f64) = (3.9, 1.7);

/// The greatest b: growth from a tenth of the cap to nine tenths takes two steps. A jump between two values fits any noise.
const STEEPEST: f64 = 2.2;

/// ln of the lowest cap looked at, over the highest value: noise may lift a value above its cap, and what stays missed
/// lifts all that follow.
pub const LOWEST: f64 = -1.2;

/// A cap and its weight.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// ln of the cap, over the highest value.
    pub log_cap: f64,
    /// Where the series goes with it, over the highest value: the cap, and what was missed last where that stays.
    pub level: f64,
    /// ln of its density, but for a constant that all places of a curve share.
    pub log_density: f64,
    /// How much of the line of caps it stands for; 0 or more.
    pub width: f64,
    /// The memory of its misses.
    pub memory: f64,
}

/// Places about the best cap of each memory, out to where others are e¹² times as likely, from [`LOWEST`] to `highest`.
/// `scaled` are values over the highest of them.
pub fn surface(curve: Curve, scaled: &[f64], highest: f64) -> Vec<Place> {
    let mut start = scan(curve, scaled, highest);
    let mut places = Vec::new();
    for (memory, part) in MEMORIES {
        let task = Task { curve, scaled, memory };
        start = task.best(start, highest);
        let found = task.walk(start, highest).into_iter();
        places.extend(found.map(|place| Place { log_density: place.log_density + libm::log(part), ..place }));
    }
    places
}

/// ln of the cap and the two numbers of the curve.
type Point = [f64; 3];

/// Where the search starts: the best of a grid of caps that is finer near what was seen.
fn scan(curve: Curve, scaled: &[f64], highest: f64) -> Point {
    const POINTS: usize = 20;
    let task = Task { curve, scaled, memory: 0.5 };
    let tried = (0..=POINTS).map(|k| {
        let part = k as f64 / POINTS as f64;
        let log_cap = LOWEST + (highest - LOWEST) * part * part;
        let ranges = ranges(curve, scaled, libm::exp(log_cap));
        let (point, misfit) = minimise(&ranges, 90, |point| task.misfit(&[log_cap, point[0], point[1]]));
        ([log_cap, point[0], point[1]], misfit)
    });
    tried.min_by(|a, b| a.1.total_cmp(&b.1)).map_or([0.0; 3], |best| best.0)
}

/// One curve and one memory to be fitted.
struct Task<'a> {
    curve: Curve,
    scaled: &'a [f64],
    memory: f64,
}

impl Task<'_> {
    /// What the curve leaves unexplained at each step, given what it left at the one before.
    fn fresh(&self, point: &Point) -> impl Iterator<Item = f64> {
        let (cap, curve, memory) = (libm::exp(point[0]), self.curve, self.memory);
        let numbers = [point[1], point[2]];
        // The first miss has none before it.
        let first = if memory < 1.0 { (1.0 - memory * memory).sqrt() } else { 1.0 };
        let mut before: Option<f64> = None;
        self.scaled.iter().enumerate().map(move |(t, value)| {
            let rest = value - cap * curve.share(&numbers, (t + 1) as f64);
            let fresh = before.map_or(rest * first, |before| rest - memory * before);
            before = Some(rest);
            fresh
        })
    }

    /// The sum of squares of what is unexplained, raised by how unlikely the numbers are beforehand.
    fn misfit(&self, point: &Point) -> f64 {
        let sum: f64 = self.fresh(point).map(|fresh| fresh * fresh).sum();
        let (off, _) = self.beforehand(point);
        (sum + 1e-24) * libm::exp(off * off / self.freedom())
    }

    /// How far ln(q / p) lies from what is known of it, in spreads, and how that moves with it; 0 for other curves.
    fn beforehand(&self, point: &Point) -> (f64, f64) {
        match self.curve {
            Curve::Bass => ((point[1] - IMITATION.0) / IMITATION.1, 1.0 / IMITATION.1),
            Curve::Logistic | Curve::Gompertz => (0.0, 0.0),
        }
    }

    fn freedom(&self) -> f64 {
        self.scaled.len() as f64 - 2.0
    }

    /// The best point near a start: Levenberg's and Marquardt's damped steps over all three numbers, inside the range of caps.
    fn best(&self, start: Point, highest: f64) -> Point {
        self.descend(start, [true; 3], highest).0
    }

    /// Damped steps over the numbers that are `free`, until they gain nothing; the point and its misfit.
    fn descend(&self, start: Point, free: [bool; 3], highest: f64) -> (Point, f64) {
        let (mut point, mut misfit) = (start, self.misfit(&start));
        let mut damping = 1e-3;
        for _ in 0..20 {
            let normal = self.normal(&point, free);
            let mut gained = 0.0;
            for _ in 0..6 {
                let next = self.held(normal.step(&point, damping), highest);
                let found = self.misfit(&next);
                if found < misfit {
                    (gained, misfit, point) = ((misfit - found) / misfit, found, next);
                    damping = (damping * 0.2).max(1e-9);
                    break;
                }
                damping *= 6.0;
            }
            if gained < 1e-7 {
                break;
            }
        }
        (point, misfit)
    }

    /// A point inside the ranges that numbers may have.
    fn held(&self, point: Point, highest: f64) -> Point {
        let [low, high] = match self.curve {
            Curve::Bass => [[-8.0, 1e-6], [20.0, STEEPEST]],
            Curve::Logistic | Curve::Gompertz => [[-60.0, 1e-5], [30.0, STEEPEST]],
        };
        [point[0].clamp(LOWEST, highest), point[1].clamp(low[0], high[0]), point[2].clamp(low[1], high[1])]
    }

    fn normal(&self, point: &Point, free: [bool; 3]) -> Normal {
        let base: Vec<f64> = self.fresh(point).collect();
        let columns: [Vec<f64>; 3] = std::array::from_fn(|axis| {
            if !free[axis] {
                return Vec::new();
            }
            let (mut moved, step) = (*point, 1e-5 * point[axis].abs().max(0.1));
            moved[axis] += step;
            self.fresh(&moved).zip(&base).map(|(moved, base)| (moved - base) / step).collect()
        });
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut squares: [[f64; 3]; 3] =
            std::array::from_fn(|i| std::array::from_fn(|j| product(&columns[i], &columns[j])));
        let mut slopes: [f64; 3] = std::array::from_fn(|i| -product(&columns[i], &base));
        // What is known beforehand is one more miss, as large as the others typically are.
        let ((off, slope), typical) = (self.beforehand(point), product(&base, &base) / self.freedom());
        squares[1][1] += typical * slope * slope;
        slopes[1] -= typical * slope * off;
        Normal { squares, slopes, free }
    }

    /// ln of the weight of a cap whose best numbers are known.
    fn log_density(&self, point: &Point, misfit: f64) -> f64 {
        let normal = self.normal(point, [false, true, true]).squares;
        let determinant = normal[1][1] * normal[2][2] - normal[1][2] * normal[1][2];
        let memory = if self.memory < 1.0 { 0.5 * libm::log(1.0 - self.memory * self.memory) } else { 0.0 };
        // A curve that was over before the first value is no growth: nothing is left of J there, and all noise would fit.
        let begun = 2.0 * libm::log((1.0 - self.curve.share(&[point[1], point[2]], 1.0)).max(1e-12));
        begun + memory - 0.5 * libm::log(determinant.max(1e-300)) - 0.5 * self.freedom() * libm::log(misfit)
    }

    /// The level that the series goes to.
    fn level(&self, point: &Point) -> f64 {
        let (cap, numbers) = (libm::exp(point[0]), [point[1], point[2]]);
        let last = self.scaled.len();
        let missed = self.scaled.last().map_or(0.0, |value| value - cap * self.curve.share(&numbers, last as f64));
        if self.memory < 1.0 { cap } else { (cap + missed).max(f64::MIN_POSITIVE) }
    }

    /// Places on both sides of the best cap, each fitted from the one before.
    fn walk(&self, best: Point, highest: f64) -> Vec<Place> {
        let place = |point: &Point, misfit: f64| Place {
            log_cap: point[0],
            level: self.level(point),
            log_density: self.log_density(point, misfit),
            width: 0.0,
            memory: self.memory,
        };
        let top = place(&best, self.misfit(&best));
        let mut places = vec![top];
        for side in [-1.0, 1.0] {
            let (mut point, mut last, mut step) = (best, top, 1e-4);
            for _ in 0..60 {
                let log_cap = (point[0] + side * step).clamp(LOWEST, highest);
                if log_cap == point[0] {
                    break;
                }
                let (next, misfit) = self.descend([log_cap, point[1], point[2]], [false, true, true], highest);
                let found = place(&next, misfit);
                let change = (found.log_density - last.log_density).abs();
                step = if change < 0.15 {
                    2.0 * step
                } else if change > 0.8 {
                    0.5 * step
                } else {
                    step
                }
                .min(0.25);
                places.push(found);
                (point, last) = (next, found);
                if found.log_density < top.log_density - 12.0 {
                    break;
                }
            }
        }
        places.sort_by(|a, b| a.log_cap.total_cmp(&b.log_cap));
        let at: Vec<f64> = places.iter().map(|place| place.log_cap).collect();
        for (k, place) in places.iter_mut().enumerate() {
            let (before, after) = (at[k.saturating_sub(1)], at[(k + 1).min(at.len() - 1)]);
            place.width = 0.5 * (after - before);
        }
        places
    }
}

/// The normal equations of a step.
struct Normal {
    squares: [[f64; 3]; 3],
    slopes: [f64; 3],
    free: [bool; 3],
}

impl Normal {
    /// The point after a damped step, by elimination among the free numbers.
    fn step(&self, point: &Point, damping: f64) -> Point {
        let (mut rows, mut right) = (self.squares, self.slopes);
        for axis in 0..3 {
            if self.free[axis] {
                rows[axis][axis] += damping * rows[axis][axis].max(1e-12);
            } else {
                rows[axis] = [0.0; 3];
                rows[axis][axis] = 1.0;
                right[axis] = 0.0;
            }
        }
        for pivot in 0..3 {
            for row in pivot + 1..3 {
                let part = rows[row][pivot] / rows[pivot][pivot];
                let pivoted = rows[pivot];
                for (value, above) in rows[row].iter_mut().zip(pivoted).skip(pivot) {
                    *value -= part * above;
                }
                right[row] -= part * right[pivot];
            }
        }
        let mut moved = *point;
        let mut step = [0.0; 3];
        for row in (0..3).rev() {
            let known: f64 = (row + 1..3).map(|column| rows[row][column] * step[column]).sum();
            step[row] = (right[row] - known) / rows[row][row];
            if step[row].is_finite() {
                moved[row] += step[row].clamp(-2.0, 2.0);
            }
        }
        moved
    }
}

/// Where to look for a curve's numbers: about the line that the values make on the scale where the curve is one.
fn ranges(curve: Curve, values: &[f64], cap: f64) -> [Range; 2] {
    let (mut weights, mut times, mut zs, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, value) in values.iter().enumerate() {
        let part = (value / cap).clamp(1e-3, 0.999);
        let (z, slope) = match curve {
            Curve::Gompertz => (-libm::log(-libm::log(part)), -part * libm::log(part)),
            Curve::Logistic | Curve::Bass => (libm::log(part / (1.0 - part)), part * (1.0 - part)),
        };
        let (t, weight) = ((t + 1) as f64, slope * slope);
        weights += weight;
        times += weight * t;
        zs += weight * z;
        squares += weight * t * t;
        products += weight * t * z;
    }
    let spread = squares - times * times / weights;
    let slope = ((products - times * zs / weights) / spread.max(1e-12)).clamp(1e-4, 5.0);
    let line = (zs - slope * times) / weights;
    if curve == Curve::Bass {
        // As logistic curves go: p + q is the slope and q / p what is missing at the start over what is there.
        return [
            Range { low: -4.0, high: 12.0, start: -line.clamp(-6.0, 2.0) },
            Range { low: 0.2 * slope, high: 4.0 * slope, start: slope },
        ];
    }
    [
        Range { low: line - 4.0, high: line + 4.0, start: line },
        Range { low: 0.2 * slope, high: 4.0 * slope, start: slope },
    ]
}
