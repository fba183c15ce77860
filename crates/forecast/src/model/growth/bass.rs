//! Bass diffusion: some adopt by themselves (p), the others by imitation (q), until everybody has.
//!
//! F(t) = (1 − e^(−(p+q)t)) / (1 + (q/p)·e^(−(p+q)t)), the adopters' share of the cap. p from 10⁻⁵ to 0.3, q from 10⁻³ to
//! 1.5 a step, and how long before the first value it began. Bass (1969), "A New Product Growth for Model Consumer
//! Durables", Management Science 15.

use super::{grown, logit, share};
use crate::decompose::Sample;
use crate::model::{Fitted, Model};
use crate::search::{Range, minimise};

/// The model; the cap is in the scale its sample is on.
pub struct Bass;

impl Model for Bass {
    fn name(&self) -> &'static str {
        "bass"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let shares: Vec<f64> = sample.adjusted().iter().map(|z| share(*z)).collect();
        if shares.len() < 8 {
            return None;
        }
        let began = shares.len() as f64;
        // A curve this smooth is seen as well on some 80 points as on all.
        let stride = (shares.len() / 80).max(1);
        // Several starts: the valley is long and bent.
        let starts = [(-5.0, -2.0, 1.0), (-3.5, -3.0, 0.3 * began), (-8.0, -2.0, began)];
        let best = starts
            .iter()
            .map(|start| {
                let ranges = [
                    Range { low: libm::log(1e-5), high: libm::log(0.3), start: start.0 },
                    Range { low: libm::log(1e-3), high: libm::log(1.5), start: start.1 },
                    Range { low: 0.0, high: 3.0 * began, start: start.2 },
                ];
                minimise(&ranges, 200, |point| {
                    let misses =
                        shares.iter().enumerate().step_by(stride).map(|(t, seen)| seen - adopted(point, t as f64));
                    misses.map(|miss| miss * miss).sum()
                })
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        let point = best.0;
        grown(sample, Box::new(move |t| logit(adopted(&point, t))))
    }
}

/// The share that has adopted; `point` holds ln p, ln q and how long before the first value it began.
fn adopted(point: &[f64], t: f64) -> f64 {
    let (p, q) = (libm::exp(point[0]), libm::exp(point[1]));
    let fade = libm::exp(-(p + q) * (t + 1.0 + point[2]));
    (1.0 - fade) / (1.0 + q / p * fade)
}
