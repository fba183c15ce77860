//! Logistic growth: the share of the cap not yet reached falls as fast as the share reached rises.
//!
//! y(t) = cap / (1 + e^(−a − b·t)), a straight line on the logit scale. Verhulst (1838), "Notice sur la loi que la
//! population suit dans son accroissement", Correspondance mathématique et physique 10.

use super::{grown, late_line};
use crate::decompose::Sample;
use crate::model::{Fitted, Model};

/// The model; the cap is in the scale its sample is on.
pub struct Logistic;

impl Model for Logistic {
    fn name(&self) -> &'static str {
        "logistic"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let (intercept, slope) = late_line(&sample.adjusted())?;
        grown(sample, Box::new(move |t| intercept + slope * t))
    }
}
