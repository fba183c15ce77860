//! Several models made one: weights shrunk hard towards each model's prior, futures pooled about the weighted forecast.
//!
//! Equal weights are hard to beat (Claeskens, Magnus, Vasnev & Wang 2016, "The forecast combination puzzle",
//! International Journal of Forecasting 32), so backtests move them only a little. A path belongs to one model and keeps
//! that model's way of erring; its centre is drawn towards the weighted forecast, because a plain pool of good forecasts
//! is too wide (Lichtendahl, Grushka-Cockayne & Winkler 2013, "Is it better to average probabilities or quantiles?",
//! Management Science 59).

use crate::decompose::Sample;
use crate::draws::Draws;
use crate::model::{EXTRA, Fitted, Model, point};
use crate::transform::median;

/// One model's part.
pub struct Member {
    /// The model's name.
    pub name: &'static str,
    /// Its state.
    pub fitted: Box<dyn Fitted>,
    /// Its point forecast on the model's scale.
    pub point: Vec<f64>,
    /// Its part in the weighted forecast, 0 to 1.
    pub weight: f64,
    /// Its part of the paths, 0 to 1: less than its weight where it erred by far more than the best.
    pub share: f64,
}

/// Models fitted to one history and their common forecast.
pub struct Ensemble {
    /// At least one.
    pub members: Vec<Member>,
    /// The weighted point forecast.
    pub centre: Vec<f64>,
}

/// How much of a model's distance from the weighted forecast its paths keep.
const KEPT_DISTANCE: f64 = 0.5;

/// Backtest origins at which evidence weighs as much as the prior.
const HALF_TRUST: f64 = 4.0;

/// The power of a model's relative error by which its weight changes where origins and history are plenty.
const POWER: f64 = 6.0;

/// What each origin counts of the one after it.
const FADE: f64 = 0.85;

/// An error so many times the best model's is no accident.
const FAR: f64 = 1.5;

/// The power of what is beyond that by which a model's part of the paths falls, where origins are plenty.
const FAR_POWER: f64 = 6.0;

/// Length of history at which its evidence weighs half: origins of a short one see nearly the same values.
const HALF_LENGTH: f64 = 80.0;

/// What backtests say of each model.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Model name and mean absolute error of each origin, oldest first, on the transformed scale.
    pub errors: Vec<(&'static str, Vec<f64>)>,
}

impl Member {
    /// The spread of its own futures at each step, from a few draws.
    pub fn spreads(&self, draws: &mut Draws) -> Vec<f64> {
        const FUTURES: usize = 24;
        let horizon = self.point.len();
        let mut sums = vec![0.0; horizon];
        let (mut shocks, mut future) = (vec![0.0; EXTRA + horizon], vec![0.0; horizon]);
        for _ in 0..FUTURES {
            shocks.iter_mut().for_each(|shock| *shock = draws.normal());
            self.fitted.simulate(&shocks, &mut future);
            let squares = future.iter().zip(&self.point).map(|(value, point)| (value - point) * (value - point));
            sums.iter_mut().zip(squares).for_each(|(sum, square)| *sum += square / FUTURES as f64);
        }
        sums.iter().map(|square| square.sqrt()).collect()
    }
}

impl Ensemble {
    /// Fits every model of a list to a sample; `None` where none can be.
    pub fn fit(
        sample: &Sample,
        models: &[&'static dyn Model],
        horizon: usize,
        evidence: &Evidence,
    ) -> Option<Ensemble> {
        let mut members: Vec<Member> = Vec::new();
        for model in models {
            let Some(fitted) = model.fit(sample) else { continue };
            let point = point(&*fitted, horizon);
            if point.iter().all(|value| value.is_finite() && value.abs() < 1e12) {
                let weight = model.prior() * evidence.favour(model.name(), sample.len());
                let share = weight * evidence.nearness(model.name());
                members.push(Member { name: model.name(), fitted, point, weight, share });
            }
        }
        let total: f64 = members.iter().map(|member| member.weight).sum();
        let shares: f64 = members.iter().map(|member| member.share).sum();
        if members.is_empty() || total <= 0.0 || shares <= 0.0 {
            return None;
        }
        for member in &mut members {
            member.weight /= total;
            member.share /= shares;
        }
        let centre =
            (0..horizon).map(|step| members.iter().map(|member| member.weight * member.point[step]).sum()).collect();
        Some(Ensemble { members, centre })
    }

    /// Deviations of `paths` futures from the centre, row by row. Pairs of paths use the same draws with opposite signs.
    /// A path's draws share a random size, as those of a t distribution do, since spreads are only estimates.
    pub fn deviations(&self, paths: usize, draws: &mut Draws) -> Vec<f64> {
        let horizon = self.centre.len();
        let mut all = vec![0.0; paths * horizon];
        let mut shocks = vec![0.0; EXTRA + horizon];
        let held = self.held_widths();
        for (pair, rows) in all.chunks_mut(2 * horizon.max(1)).enumerate() {
            let spread = heavy_tail(draws.normal());
            // Multiples of the golden ratio spread evenly over 0..1 (a Weyl sequence).
            let place = ((pair as f64 + 0.5) * 0.618_033_988_749_894_9).fract();
            let at = self.pick(place);
            let member = &self.members[at];
            let size = if member.fitted.draws_by_place() { 1.0 } else { spread };
            shocks.iter_mut().for_each(|shock| *shock = size * draws.normal());
            for row in rows.chunks_mut(horizon.max(1)) {
                member.fitted.simulate(&shocks, row);
                for (step, value) in row.iter_mut().enumerate() {
                    let (own, centre) = (member.point[step], self.centre[step]);
                    let moved = held[at][step] * (*value - own) + KEPT_DISTANCE * (own - centre);
                    *value = if moved.is_finite() { moved.clamp(-1e9, 1e9) } else { 0.0 };
                }
                shocks.iter_mut().for_each(|shock| *shock = -*shock);
            }
        }
        all
    }

    /// Factors on each member's own spread, by step: one that thinks the future more than twice as uncertain as its
    /// peers do (their middle) is held to that, since a tenth of wild paths would ruin the tails of all.
    fn held_widths(&self) -> Vec<Vec<f64>> {
        let horizon = self.centre.len();
        if self.members.len() < 3 {
            return vec![vec![1.0; horizon]; self.members.len()];
        }
        let spreads: Vec<Vec<f64>> =
            self.members.iter().map(|member| member.spreads(&mut Draws::named(0, "spreads"))).collect();
        let middle: Vec<f64> = (0..horizon)
            .map(|step| median(&spreads.iter().map(|spread| spread[step]).collect::<Vec<f64>>()).unwrap_or(0.0))
            .collect();
        let held = |spread: &Vec<f64>| {
            let limit = |(own, middle): (&f64, &f64)| if *own > 2.0 * middle { 2.0 * middle / own } else { 1.0 };
            spread.iter().zip(&middle).map(limit).collect()
        };
        spreads.iter().map(held).collect()
    }

    /// The member whose part of 0..1 holds the place.
    fn pick(&self, place: f64) -> usize {
        let mut sum = 0.0;
        for (at, member) in self.members.iter().enumerate() {
            sum += member.share;
            if place < sum {
                return at;
            }
        }
        self.members.len() - 1
    }
}

impl Evidence {
    /// No evidence yet about some models.
    pub fn new(models: &[&'static dyn Model]) -> Evidence {
        Evidence { errors: models.iter().map(|model| (model.name(), Vec::new())).collect() }
    }

    /// Takes in how the members of a past forecast did; `later` is what came, not a number where that is unknown.
    /// A forecast is judged by its first `reach` steps and counts from half of them on.
    pub fn note(&mut self, past: &Ensemble, later: &[f64], reach: usize) {
        for member in &past.members {
            let misses: Vec<f64> = member
                .point
                .iter()
                .zip(later)
                .take(reach)
                .map(|(point, value)| (point - value).abs())
                .filter(|miss| miss.is_finite())
                .collect();
            let Some((_, errors)) = self.errors.iter_mut().find(|(name, _)| *name == member.name) else { continue };
            if 2 * misses.len() >= member.point.len().min(reach) && !misses.is_empty() {
                errors.push(misses.iter().sum::<f64>() / misses.len() as f64);
            }
        }
    }

    /// By how much a model's weight is multiplied: the power of its relative error, damped by how few origins there are.
    fn favour(&self, name: &str, history: usize) -> f64 {
        let mine = self.errors.iter().find(|(other, _)| *other == name).map(|(_, errors)| errors);
        let Some(mine) = mine.filter(|errors| !errors.is_empty()) else { return 1.0 };
        let ((own, count), typical) = (recent(mine), mean(&self.means()));
        if own <= 0.0 || typical <= 0.0 {
            return 1.0;
        }
        let origins = count / (count + HALF_TRUST);
        let length = history as f64 / (history as f64 + HALF_LENGTH);
        libm::pow((typical / own).clamp(0.1, 10.0), POWER * origins * length * length)
    }

    /// What is kept of a model's part of the paths: one that errs by far more than the best would only widen them, however
    /// short the history is. Its point forecast keeps its weight, since simple ones hold the others' trends back.
    fn nearness(&self, name: &str) -> f64 {
        let mine = self.errors.iter().find(|(other, _)| *other == name).map(|(_, errors)| errors);
        let Some(mine) = mine.filter(|errors| !errors.is_empty()) else { return 1.0 };
        let best = self.means().into_iter().fold(f64::INFINITY, f64::min);
        let (own, count) = recent(mine);
        if own <= 0.0 {
            return 1.0;
        }
        let beyond = (own / best.max(1e-6 * own) / FAR).max(1.0);
        libm::pow(beyond, -FAR_POWER * count / (count + HALF_TRUST))
    }

    /// The error of each model that was judged.
    fn means(&self) -> Vec<f64> {
        self.errors.iter().filter(|(_, errors)| !errors.is_empty()).map(|(_, errors)| recent(errors).0).collect()
    }
}

/// The mean of some errors, oldest first, and how many they count for: each a little less than the one after it.
fn recent(errors: &[f64]) -> (f64, f64) {
    let (mut sum, mut weights, mut weight) = (0.0, 0.0, 1.0);
    for error in errors.iter().rev() {
        sum += weight * error;
        weights += weight;
        weight *= FADE;
    }
    (sum / f64::max(weights, f64::MIN_POSITIVE), weights)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The random size that makes a normal draw one of a t distribution with 8 degrees of freedom, scaled so that the middle
/// 80 % stay as wide. By the cube-root approximation of chi-squared (Wilson & Hilferty 1931).
fn heavy_tail(normal: f64) -> f64 {
    const FREEDOM: f64 = 8.0;
    const SAME_MIDDLE: f64 = 1.281_551_565_5 / 1.396_815_309_7;
    let root = 1.0 - 2.0 / (9.0 * FREEDOM) + normal * (2.0 / (9.0 * FREEDOM)).sqrt();
    SAME_MIDDLE / (root * root * root).max(0.02).sqrt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Evidence, recent};

    #[test]
    fn what_errs_far_more_loses_paths_and_what_errs_a_little_more_none() {
        let errors = vec![("ets", vec![1.0; 4]), ("theta", vec![1.4; 4]), ("drift", vec![6.0; 4]), ("ces", Vec::new())];
        let evidence = Evidence { errors };
        // Four origins count (1 − 0.85⁴) / 0.15 = 3.1866 and are trusted 3.1866 / 7.1866 = 0.4434; (6 / 1.5)^(−6 · 0.4434) = 0.0250.
        assert!((evidence.nearness("drift") - 0.025).abs() < 1e-4);
        for near in ["ets", "theta", "ces", "unknown"] {
            assert_eq!(evidence.nearness(near), 1.0);
        }
    }

    #[test]
    fn a_perfect_model_leaves_others_next_to_nothing_and_no_number_breaks() {
        let evidence = Evidence { errors: vec![("ets", vec![0.0; 8]), ("drift", vec![1.0; 8])] };
        assert_eq!(evidence.nearness("ets"), 1.0);
        let left = evidence.nearness("drift");
        assert!((0.0..1e-10).contains(&left), "{left}");
    }

    #[test]
    fn recent_errors_count_more() {
        // (1 + 0.85 · 3) / 1.85.
        let (mean, count) = recent(&[3.0, 1.0]);
        assert!((mean - 3.55 / 1.85).abs() < 1e-12 && (count - 1.85).abs() < 1e-12);
    }
}
