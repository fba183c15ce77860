//! The contract of a forecast: what is asked and what comes back.

use crate::{Identity, Series};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};
use serde::{Deserialize, Serialize};

/// Everything a forecast needs to know.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    /// The series to forecast, in any order.
    pub series: &'a [Series],
    /// What holds between series at every step and window of every path. Of each identity one member is computed, not
    /// modelled: the one whose own forecast gains least over its computed version, which need not be the one named as `of`.
    pub identities: &'a [Identity],
    /// The periods (quarters, halves, years) whose numbers are wanted. The horizon reaches the last day of the latest.
    pub windows: &'a [Period],
    /// The last day that is known.
    pub as_of: NaiveDate,
    /// The workspace's calendar.
    pub calendar: &'a Calendar,
    /// The workspace's seed.
    pub seed: u64,
    /// How many paths: at least 1; 10,000 unless said.
    pub paths: usize,
}

/// The joint forecast of a workspace.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// One per series, in order of name.
    pub forecasts: Vec<NamedForecast>,
    /// How the series move together.
    pub dependence: Dependence,
}

/// A series' name and its forecast, or why there is none.
#[derive(Clone, Debug)]
pub struct NamedForecast {
    /// The series' name.
    pub name: String,
    /// Its forecast.
    pub forecast: Result<Forecast, ForecastError>,
}

impl Outlook {
    /// The forecast of a series; `None` where it is unknown or could not be forecast.
    pub fn get(&self, name: &str) -> Option<&Forecast> {
        self.find(name)?.forecast.as_ref().ok()
    }

    /// The forecast of a series, or why it has none; `None` where the series is unknown.
    pub fn find(&self, name: &str) -> Option<&NamedForecast> {
        let found = self.forecasts.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.forecasts.get(found)
    }
}

/// Why a series has no forecast. It never keeps the others from theirs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForecastError {
    /// Too few values.
    #[error("{got} complete periods of history, and a forecast needs at least {needed}")]
    NotEnoughData {
        /// The least that gives a distribution.
        needed: usize,
        /// What there is.
        got: usize,
    },
    /// What a quarter counts cannot be told from its steps before a longer stretch is known.
    #[error("a distinct count of a whole period is not the sum of shorter ones, and none is known far enough yet")]
    NoLink,
    /// A derived series lacks a part.
    #[error("it is computed from `{part}`, which has no forecast")]
    MissingPart {
        /// The part.
        part: String,
    },
    /// More than a fifth of the cap's distribution lies below what was already seen.
    #[error("the cap `{label}` contradicts the data: {below_percent} % of its range lies below the highest value seen")]
    CapContradicted {
        /// The cap's label.
        label: String,
        /// Share of draws below the observed maximum, in percent.
        below_percent: u32,
    },
}

/// The distribution of one series' future.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The future steps, the unfinished period first where there is one.
    pub steps: Vec<Period>,
    /// Values of the steps: one row per path. Row k means the same scenario in every series tied to this one by identities.
    pub paths: Paths,
    /// One entry per window of the job, in its order.
    pub windows: Vec<QuarterPaths>,
    /// Scenario j of the workspace is row `order[j]`; rows of series without common identities are matched so that their
    /// ranks depend on each other as their past errors did. Same for all series tied by identities.
    pub order: Vec<u32>,
    /// The models, heaviest first; the seasonal naive yardstick always among them. Empty for a computed series.
    pub models: Vec<ModelReport>,
    /// What calibration did.
    pub calibration: Calibration,
    /// Past quarters: what this procedure would have claimed, with the lead of the first window, and what came. Oldest first.
    pub claims: Vec<Claim>,
    /// What a reader should know, in plain sentences (short history, level shift found, cap in force…).
    pub notes: Vec<String>,
}

/// A dense matrix of paths, one row each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    /// Row by row.
    values: Vec<f64>,
    steps: usize,
}

impl Paths {
    /// Paths from their values, row by row; the length is a multiple of `steps` (values past the last full row are dropped).
    pub fn new(mut values: Vec<f64>, steps: usize) -> Paths {
        values.truncate(values.len().checked_div(steps).unwrap_or(0) * steps);
        Paths { values, steps }
    }

    /// How many paths.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.steps).unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many steps each path has.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// One path; `None` past the last.
    pub fn row(&self, path: usize) -> Option<&[f64]> {
        self.values.get(path * self.steps..(path + 1) * self.steps)
    }

    /// All paths, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.steps.max(1))
    }

    /// All draws of one step, path by path; empty past the last step.
    pub fn step(&self, step: usize) -> Vec<f64> {
        if step >= self.steps {
            return Vec::new();
        }
        self.values.iter().skip(step).step_by(self.steps).copied().collect()
    }
}

/// A window's number on every path.
#[derive(Clone, Debug, PartialEq)]
pub struct QuarterPaths {
    /// The window.
    pub period: Period,
    /// One value per path, in the order of [`Forecast::paths`].
    pub values: Vec<f64>,
    /// Σ of weights on every path where the roll is [`Weighted`](crate::Roll::Weighted), else empty.
    pub weights: Vec<f64>,
}

/// One model's part in a forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Its name, as in the list of models.
    pub name: String,
    /// Its weight in the combination, 0 to 1; the weights sum to 1.
    pub weight: f64,
    /// Mean absolute scaled error over the backtest's origins; `None` where there were none.
    pub mase: Option<f64>,
    /// Share of backtest outcomes inside its 80 % interval.
    pub coverage80: Option<f64>,
}

/// What was done to the width of a forecast.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Factor on the width about the median; 1 leaves it.
    pub width: f64,
    /// From how many past origins it was learnt.
    pub origins: usize,
    /// What it did, in a sentence.
    pub note: String,
}

/// What would have been claimed for a past quarter, and what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The past quarter.
    pub period: Period,
    /// The last day that was known when the claim was made.
    pub origin: NaiveDate,
    /// The claimed 10th, 30th, 50th, 70th and 90th percentile.
    pub quantiles: [f64; 5],
    /// What came.
    pub actual: f64,
    /// Share of the claimed distribution below what came (ties count half): 0.5 is a middle quarter.
    pub pit: f64,
}

/// How series move together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// Every pair of series that are not tied by an identity, in order of names.
    pub pairs: Vec<PairDependence>,
}

/// The dependence of two series' errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairDependence {
    /// One series.
    pub a: String,
    /// The other.
    pub b: String,
    /// Correlation of the normal scores of their past errors, after shrinking.
    pub correlation: f64,
    /// At how many common origins it was measured; 0 where it was assumed.
    pub origins: usize,
}

/// Forecasts every series of the job.
///
/// Series fail one by one ([`ForecastError`]), never the whole.
pub fn forecast(job: &Job<'_>) -> Outlook {
    crate::workspace::forecast(job)
}
