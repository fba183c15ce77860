//! MSTL: every season is taken off by smoothing its places from year to year, what remains is smoothed exponentially, and
//! each season's last cycle is put back.
//!
//! y(t) = trend(t) + Σ season_m(t) + rest(t) by repeated STL (Cleveland, Cleveland, McRae & Terpenning 1990, "STL: A
//! Seasonal-Trend Decomposition Procedure Based on Loess", Journal of Official Statistics 6) for one season after the other
//! (Bandara, Hyndman & Bergmeir 2021, "MSTL: A Seasonal-Trend Decomposition Algorithm for Time Series with Multiple Seasonal
//! Patterns", arXiv:2107.13462), with the smoothing lengths of that paper: 11 cycles for the first season, 15 for the second.
//! trend + rest is forecast by [`Ets`] without a season. A season of seven steps is taken for days, and a year of 365
//! is looked for too where two of them are there. It needs two cycles and a half and does not forecast how a season will
//! change: the last cycle comes again.

use super::ets::Ets;
use super::{Fitted, Model};
use crate::decompose::Sample;
use stlrs::Mstl as Decomposition;

/// The model; it has no settings.
pub struct Mstl;

struct State {
    /// How what is no season goes on.
    rest: Box<dyn Fitted>,
    /// The last cycle of each season, oldest first.
    cycles: Vec<Vec<f64>>,
}

impl Model for Mstl {
    fn name(&self) -> &'static str {
        "mstl"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let seasons = seasons(sample.season, sample.len());
        if seasons.is_empty() || sample.pattern.is_empty() && sample.season > 1 {
            return None;
        }
        let parts = decompose(&sample.z, &seasons)?;
        let rest = Ets.fit(&Sample::new(parts.rest, 1))?;
        let cycles =
            parts.seasons.iter().zip(&seasons).map(|(part, m)| part.get(part.len() - m..).map(<[f64]>::to_vec));
        Some(Box::new(State { rest, cycles: cycles.collect::<Option<Vec<_>>>()? }))
    }
}

/// The seasons that can be told from so many steps.
fn seasons(season: usize, count: usize) -> Vec<usize> {
    let candidates = if season == 7 { vec![7, 365] } else { vec![season] };
    candidates.into_iter().filter(|m| *m > 1 && 2 * count >= 5 * m).collect()
}

/// A history taken apart.
pub struct Parts {
    /// What each season adds at every step.
    pub seasons: Vec<Vec<f64>>,
    /// What remains: trend and noise.
    pub rest: Vec<f64>,
}

/// Takes seasons off values; `None` where it fails or gives no numbers.
pub fn decompose(values: &[f64], seasons: &[usize]) -> Option<Parts> {
    let lengths: Vec<usize> = (0..seasons.len()).map(|at| 11 + 4 * at).collect();
    let found = Decomposition::params().seasonal_lengths(&lengths).fit(values, seasons).ok()?;
    let seasons: Vec<Vec<f64>> = found.seasonal().to_vec();
    let rest: Vec<f64> = found.trend().iter().zip(found.remainder()).map(|(trend, rest)| trend + rest).collect();
    rest.iter().chain(seasons.iter().flatten()).all(|value| value.is_finite()).then_some(Parts { seasons, rest })
}

impl Fitted for State {
    fn simulate(&self, shocks: &[f64], future: &mut [f64]) {
        self.rest.simulate(shocks, future);
        for cycle in &self.cycles {
            for (value, seasonal) in future.iter_mut().zip(cycle.iter().cycle()) {
                *value += seasonal;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Mstl, decompose, seasons};
    use crate::decompose::Sample;
    use crate::model::reference::{agree, numbers, r};
    use crate::model::{Model, point};

    #[test]
    fn a_week_and_a_year_of_days_are_continued() {
        let turn = |t: usize, m: f64| libm::sin(t as f64 / m * std::f64::consts::TAU);
        let truth = |t: usize| 10.0 + 2.0 * turn(t, 7.0) + 3.0 * turn(t, 365.0);
        let z: Vec<f64> = (0..3 * 365).map(truth).collect();
        let forecast = point(&*Mstl.fit(&Sample::new(z, 7)).unwrap(), 60);
        for (step, value) in forecast.iter().enumerate() {
            assert!((value - truth(3 * 365 + step)).abs() < 0.4, "step {step}: {value}");
        }
    }

    #[test]
    fn seasons_need_two_cycles_and_a_half() {
        assert_eq!((seasons(7, 18), seasons(7, 912), seasons(7, 913)), (vec![7], vec![7], vec![7, 365]));
        assert_eq!((seasons(12, 29), seasons(12, 30), seasons(1, 90)), (vec![], vec![12], vec![]));
    }

    /// A week and four weeks of days taken apart as R's forecast::mstl does, to 1e-6.
    #[test]
    fn the_parts_are_those_of_r() {
        let r = r();
        let days = numbers(&r["days"]);
        let parts = decompose(&days, &[7, 28]).unwrap();
        agree("week", &parts.seasons[0], &numbers(&r["mstl"]["week"]), 1e-6);
        agree("month", &parts.seasons[1], &numbers(&r["mstl"]["month"]), 1e-6);
    }
}
