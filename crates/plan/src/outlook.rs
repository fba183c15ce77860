//! From observed histories and the model to the joint forecast.

use chrono::NaiveDate;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use std::collections::BTreeMap;

/// Everything a plan is made from; the same inputs give the same bytes.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The model.
    pub model: &'a Model,
    /// Observed histories by series name (the metric, with the slice's text in brackets), those of every metric needed.
    pub histories: &'a BTreeMap<String, History>,
    /// The last day that is known.
    pub as_of: NaiveDate,
    /// The seed.
    pub seed: u64,
    /// How many paths.
    pub paths: usize,
    /// The tool's version.
    pub version: &'a str,
}
