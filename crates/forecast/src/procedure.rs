//! One forecast of one history, before calibration: scale, frame, models, combination.

use crate::calibrate::StepError;
use crate::combine::{Ensemble, Evidence};
use crate::distribution::{quantile_sorted, sorted};
use crate::draws::Draws;
use crate::frame::Frame;
use crate::model::Model;
use crate::model::intermittent::is_intermittent;
use crate::series::{Bounds, Nature};
use crate::transform::Transform;

/// How a history is to be forecast; the same at every origin.
#[derive(Clone)]
pub struct Procedure {
    /// What kind of quantity it is.
    pub nature: Nature,
    /// The range of a rate.
    pub bounds: Bounds,
    /// Steps of a cycle.
    pub season: usize,
    /// Whether steps are days.
    pub daily: bool,
    /// A ceiling of the rate, where one is assumed.
    pub ceiling: Option<f64>,
    /// The models that take part.
    pub models: Vec<&'static dyn Model>,
    /// Those that take part where a history is zero more often than not; none of its own where it is empty.
    pub when_rare: Vec<&'static dyn Model>,
}

/// A forecast before calibration.
pub struct Raw {
    /// Scale and grain.
    pub frame: Frame,
    /// The models.
    pub ensemble: Ensemble,
    /// Deviations of each path from the centre at the models' grain, row by row.
    pub deviations: Vec<f64>,
    /// Steps to be left out at the beginning: gaps at the end of the history.
    pub skip: usize,
    /// What is added to each step on the transformed scale: events, and what the unfinished period tells.
    pub lift: Vec<f64>,
    /// The last rate known.
    pub last: f64,
    /// Whether what is forecast mostly does not happen: its paths are drawn from how often and how much, and no factor on
    /// their width would leave zeros and counts what they are.
    pub rare: bool,
}

impl Procedure {
    /// Forecasts `horizon` steps after a history of rates of which `skip` more at its end are unknown.
    pub fn run(
        &self,
        rates: &[f64],
        skip: usize,
        horizon: usize,
        paths: usize,
        evidence: &Evidence,
        draws: &mut Draws,
    ) -> Option<Raw> {
        let transform = self.transform(rates);
        let z: Vec<f64> = rates.iter().map(|rate| transform.forward(*rate)).collect();
        let rare = !self.when_rare.is_empty() && is_intermittent(&z);
        // What happens on few days only is drawn day by day: weeks of it would have to be taken apart again.
        let frame = Frame::new(&z, transform, self.nature, self.season, self.daily && !rare);
        let steps = frame.model_steps(skip + horizon);
        let models = if rare { &self.when_rare } else { &self.models };
        let ensemble = Ensemble::fit(&frame.sample, models, steps, evidence)?;
        let deviations = ensemble.deviations(paths, draws);
        let last = rates.last().copied()?;
        Some(Raw { frame, ensemble, deviations, skip, lift: Vec::new(), last, rare })
    }

    /// The scale of a history of rates.
    pub fn transform(&self, rates: &[f64]) -> Transform {
        match self.ceiling {
            Some(ceiling) => Transform::logit(self.bounds.low.unwrap_or(0.0).max(0.0), ceiling, rates),
            None => Transform::choose(self.nature, self.bounds, rates, self.season),
        }
    }
}

impl Raw {
    /// The errors of the steps that are known by now, in spreads of the forecast made for them; `later` are those values on
    /// the model's scale, at the models' grain.
    pub fn step_errors(&self, later: &[f64]) -> Vec<StepError> {
        let mut errors = Vec::new();
        for (step, (value, centre)) in later.iter().zip(&self.ensemble.centre).enumerate() {
            let spread = self.spread_at(step);
            let error = (value - centre) / spread;
            if spread > 1e-9 && error.is_finite() {
                errors.push(StepError { step, error });
            }
        }
        errors
    }

    /// Rates of the steps on each path, the deviations widened step by step (the last width holds on), inside the bounds of
    /// each step. With `ceilings`, one per path, each path moves towards its own.
    pub fn rates(&self, widths: &[f64], bounds: &[Bounds], ceilings: &[f64], draws: &mut Draws) -> Vec<f64> {
        let (horizon, steps) = (bounds.len(), self.ensemble.centre.len());
        let mut rates = Vec::with_capacity(self.deviations.len() / steps.max(1) * horizon);
        let mut future = vec![0.0; steps];
        let mut unfolded = vec![0.0; self.skip + horizon];
        for (path, row) in self.deviations.chunks_exact(steps.max(1)).enumerate() {
            let mut width = 1.0;
            for (step, value) in future.iter_mut().enumerate() {
                width = widths.get(step).copied().filter(|_| !self.rare).unwrap_or(width);
                *value = self.ensemble.centre[step] + width * row[step];
            }
            self.frame.unfold(&future, draws, &mut unfolded);
            let (transform, anchor) = self.scale_of(ceilings.get(path).copied());
            for (step, (z, bounds)) in unfolded.iter().skip(self.skip).zip(bounds).enumerate() {
                let lifted = z + anchor + self.lift.get(step).copied().unwrap_or(0.0);
                rates.push(hold(transform.back(lifted), *bounds));
            }
        }
        rates
    }

    /// The scale of a path with its own ceiling, and how far it must be moved so that the path starts from the last value.
    fn scale_of(&self, ceiling: Option<f64>) -> (Transform, f64) {
        match (self.frame.transform, ceiling) {
            (Transform::Logit { low, margin, .. }, Some(high)) if high > low => {
                let own = Transform::Logit { low, high, margin };
                (own, own.forward(self.last) - self.frame.transform.forward(self.last))
            }
            (transform, _) => (transform, 0.0),
        }
    }

    /// The spread of the deviations at a step of the models: half the width of their middle 80 %, over that of a standard
    /// normal distribution. A pool of models is more peaked than that, so its mean deviation would say too much.
    fn spread_at(&self, step: usize) -> f64 {
        let steps = self.ensemble.centre.len().max(1);
        let column: Vec<f64> =
            self.deviations.iter().skip(step).step_by(steps).map(|deviation| deviation.abs()).collect();
        quantile_sorted(&sorted(&column), 0.8).unwrap_or(0.0) / NORMAL_P90
    }
}

/// The 90th percentile of a standard normal distribution.
const NORMAL_P90: f64 = 1.281_551_565_5;

/// A value held inside bounds.
pub fn hold(value: f64, bounds: Bounds) -> f64 {
    let value = bounds.high.map_or(value, |high| value.min(high));
    bounds.low.map_or(value, |low| value.max(low))
}
