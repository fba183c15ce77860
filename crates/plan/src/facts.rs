//! What is known of one series before anything is forecast: its past quarters, and how its steps and its quarters compare.

use crate::outlook::{Inputs, quarters, series_of};
use crate::proposal::Actual;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::{Nature, Roll, Series};
use quarterdeck_lang::model::Length;
use std::collections::BTreeMap;

/// The past of one series.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The series as it is forecast.
    pub series: Series,
    /// Complete windows before the period, oldest first.
    pub quarters: Vec<Actual>,
    /// The latest of them.
    pub last: Option<Actual>,
    /// What one step's number times this is, as a number of the period.
    pub per_window: f64,
    /// What a number of the period times this is, as a total; 1 where it does not add up or is one.
    pub to_total: f64,
}

impl Facts {
    /// The facts of every history; the period decides how long a window is.
    pub fn all(inputs: &Inputs<'_>, period: Period) -> BTreeMap<String, Facts> {
        let names = inputs.histories.keys();
        names.filter_map(|name| Some((name.clone(), Facts::of(inputs, name, period)?))).collect()
    }

    fn of(inputs: &Inputs<'_>, name: &str, period: Period) -> Option<Facts> {
        let series = series_of(inputs, name)?;
        let calendar = &inputs.model.settings.calendar;
        let mut quarters = quarters(&series, calendar, period.grain(), inputs.as_of);
        quarters.retain(|actual| actual.period < period);
        let (per_window, to_total) = scales(&series, calendar, period);
        Some(Facts { last: quarters.last().copied(), series, quarters, per_window, to_total })
    }

    /// The last day that the history covers; `None` of one without a value.
    pub fn covered(&self, calendar: &Calendar) -> Option<NaiveDate> {
        let series = &self.series;
        let last = series.values.iter().rposition(Option::is_some)?;
        let whole = calendar.ends(calendar.shift(series.start, last as i64));
        Some(series.partial.map_or(whole, |partial| partial.through.max(whole)))
    }

    /// The number of a past window.
    pub fn at(&self, period: Period) -> Option<f64> {
        self.quarters.iter().find(|actual| actual.period == period).map(|actual| actual.value)
    }

    /// Where the metric stands, as a number of the period: the latest window, else the latest step.
    pub fn level_now(&self) -> Option<f64> {
        let latest = || self.series.values.iter().rev().flatten().next().map(|value| value * self.per_window);
        self.last.map(|actual| actual.value).or_else(latest)
    }
}

fn scales(series: &Series, calendar: &Calendar, window: Period) -> (f64, f64) {
    if series.nature != Nature::Flow {
        return (1.0, 1.0);
    }
    let days = f64::from(calendar.days(window));
    let step = Length::Grains(1, series.grain).days();
    match series.roll {
        Roll::Total => (days / step, 1.0),
        Roll::Average(grain) => {
            let length = Length::Grains(1, grain).days();
            (length / step, days / length)
        }
        _ => (1.0, 1.0),
    }
}
