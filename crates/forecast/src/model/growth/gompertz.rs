//! Gompertz growth: quick early, slow for long towards the cap.
//!
//! y(t) = cap · e^(−b·e^(−c·t)), so that ln(−ln(y / cap)) is a straight line. Gompertz (1825), "On the Nature of the
//! Function Expressive of the Law of Human Mortality", Philosophical Transactions 115; as a growth curve Winsor (1932).

use super::{grown, late_line, logit, share};
use crate::decompose::Sample;
use crate::model::{Fitted, Model};

/// The model; the cap is in the scale its sample is on.
pub struct Gompertz;

impl Model for Gompertz {
    fn name(&self) -> &'static str {
        "gompertz"
    }

    fn prior(&self) -> f64 {
        0.5
    }

    fn fit(&self, sample: &Sample) -> Option<Box<dyn Fitted>> {
        let doubly: Vec<f64> =
            sample.adjusted().iter().map(|z| libm::log(-libm::log(share(*z).min(1.0 - 1e-12)))).collect();
        let (intercept, slope) = late_line(&doubly)?;
        grown(sample, Box::new(move |t| logit(libm::exp(-libm::exp((intercept + slope * t).clamp(-27.0, 4.0))))))
    }
}
