//! What a forecast is made from: values on a calendar and what they mean.

use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use serde::{Deserialize, Serialize};

/// The history of one metric (or of one slice of it), ready to be forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The metric's name, with its slice in brackets where there is one. It seeds the draws of this series: nothing else does.
    pub name: String,
    /// How long one step is.
    pub grain: Grain,
    /// The period of the first value.
    pub start: Period,
    /// One value per complete period from `start` on, `None` for a gap. In the metric's unit; shares are fractions.
    pub values: Vec<Option<f64>>,
    /// The period after the last complete one, as far as it is known.
    pub partial: Option<Partial>,
    /// For shares, ratios and means: the denominators, one per value (and [`Partial::weight`] for the unfinished period).
    /// A quarter's number is then Σ weight·value / Σ weight. Empty where the quarter is read in another way.
    pub weights: Vec<Option<f64>>,
    /// What kind of quantity it is: decides the scale models work on and how days count.
    pub nature: Nature,
    /// What a quarter's number is.
    pub roll: Roll,
    /// The range every value lies in.
    pub bounds: Bounds,
    /// Exact quarter values as computed from the source, oldest first, the unfinished quarter last. Empty where only steps
    /// are known (then quarters are rolled up from steps).
    pub quarters: Vec<QuarterValue>,
    /// Dates at which the definition or the world changed, not already restated in `values`.
    pub breaks: Vec<Break>,
    /// Days on which something known happened or will happen.
    pub events: Vec<Event>,
    /// What the metric cannot grow past.
    pub cap: Option<Cap>,
}

/// What was observed of one metric: the part of a [`Series`] that comes from data and can be frozen beside a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// How long one step is.
    pub grain: Grain,
    /// The period of the first value.
    pub start: Period,
    /// As [`Series::values`].
    pub values: Vec<Option<f64>>,
    /// As [`Series::weights`].
    pub weights: Vec<Option<f64>>,
    /// As [`Series::partial`].
    pub partial: Option<Partial>,
    /// As [`Series::quarters`].
    pub quarters: Vec<QuarterValue>,
}

/// The unfinished period at the end of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    /// The value so far (a flow's total of the days seen; a level's latest reading).
    pub value: f64,
    /// The denominator so far, where the series has weights.
    pub weight: Option<f64>,
    /// The last day that is covered.
    pub through: NaiveDate,
}

/// What kind of quantity a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nature {
    /// Adds up over time (orders, revenue): modelled per day and multiplied by days.
    Flow,
    /// A state at the end of a period, or a figure that does not add up (subscribers, distinct counts, a mean).
    Level,
    /// A fraction from 0 to 1: modelled on the logit scale.
    Share,
}

/// What a quarter's number is, given the steps inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Roll {
    /// The sum of a flow over the quarter's days; a straddling week gives the part of its days that lies inside.
    Total,
    /// The average per period of this grain: for a flow, the total times the grain's mean length over the quarter's days (a
    /// week has 7); for a level, the mean over its steps weighted by their days inside the quarter.
    Average(Grain),
    /// The value at the quarter's end: of the last step that ends inside it.
    Last,
    /// The mean of the last `count` periods of the step's grain that end inside the quarter.
    AverageOfLast {
        /// How many.
        count: u32,
    },
    /// The smallest step that ends inside the quarter.
    Min,
    /// The largest step that ends inside the quarter.
    Max,
    /// Σ weight·value / Σ weight over the quarter (shares, ratios, means).
    Weighted,
    /// The quarter has a value of its own that steps do not compose to (distinct counts, percentiles): it is linked to the
    /// mean of its steps by a ratio that is forecast as a series of its own, from [`Series::quarters`].
    Link,
    /// As `Link`, of what only grows as the quarter goes on and is more than its steps (distinct counts): never below what
    /// was counted so far, and no number at all before it is known how a longer stretch compares with a step.
    Distinct,
}

impl Roll {
    /// Whether a quarter has a number of its own that its steps only lead to.
    pub fn is_linked(self) -> bool {
        matches!(self, Roll::Link | Roll::Distinct)
    }
}

/// Limits of a quantity; `None` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// No value is below.
    pub low: Option<f64>,
    /// No value is above.
    pub high: Option<f64>,
}

/// A quarter (or half, or year) as the source has it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarterValue {
    /// Which one.
    pub period: Period,
    /// Its value, or its value so far, by the series' [`Roll`]. For `Average`, the average over the days seen.
    pub value: f64,
    /// Its denominator (so far), where the series has weights.
    pub weight: Option<f64>,
    /// The last day of it that is covered.
    pub through: NaiveDate,
    /// Whether the source covers all of it.
    pub complete: bool,
}

/// A date from which values mean something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Break {
    /// The first day after the change.
    pub on: NaiveDate,
    /// What changed, as declared.
    pub label: String,
    /// Whether what came before is to be left out (no restatement joins the two sides) or the level shift estimated.
    pub drop_before: bool,
}

/// Something that happened on known days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its label.
    pub name: String,
    /// First and last day of each occurrence, past and future, in order.
    pub days: Vec<(NaiveDate, NaiveDate)>,
}

/// A ceiling given as a range: a lognormal distribution with `low` and `high` as its 10th and 90th percentile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cap {
    /// Where it comes from, in words.
    pub label: String,
    /// 10th percentile, in the unit of the values.
    pub low: f64,
    /// 90th percentile; equal to `low` for a known ceiling.
    pub high: f64,
}
