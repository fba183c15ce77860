//! Distinct counts: a quarter's number is no sum of its weeks'.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::{Bounds, Forecast, ForecastError, Job, Nature, QuarterValue, Roll, Series, forecast};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Some hundred people each week from Monday 5 January 2026 on, none more than by chance.
fn people(weeks: usize) -> Series {
    Series {
        name: "people".to_owned(),
        grain: Grain::Week,
        start: Calendar::default().period_of(Grain::Week, day("2026-01-05")),
        values: (0..weeks).map(|week| Some(100.0 + [0.0, 2.0, -1.0, 1.0, -2.0][week % 5])).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Level,
        roll: Roll::Distinct,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn counted(period: &str, value: f64, through: &str, complete: bool) -> QuarterValue {
    QuarterValue { period: period.parse().unwrap(), value, weight: None, through: day(through), complete }
}

fn run(series: &Series, as_of: &str, windows: &[&str]) -> Result<Forecast, ForecastError> {
    let calendar = Calendar::default();
    let windows: Vec<Period> = windows.iter().map(|text| text.parse().unwrap()).collect();
    let job = Job {
        series: std::slice::from_ref(series),
        identities: &[],
        windows: &windows,
        as_of: day(as_of),
        calendar: &calendar,
        seed: 1,
        paths: 2_000,
    };
    forecast(&job).forecasts.remove(0).forecast
}

fn quantiles(forecast: &Forecast, window: usize) -> [f64; 3] {
    let values = sorted(&forecast.windows[window].values);
    [0.1, 0.5, 0.9].map(|level| quantile_sorted(&values, level).unwrap())
}

/// 25 weeks are over on 28 June, 12 of them of the second quarter, whose first 89 days held 360 people: 3.6 times a week's,
/// so that the power is ln 3.6 / ln(89 / 7) = 0.504. The third quarter's 92 days hold 360 · (92 / 89)^0.504 = 366.
#[test]
fn the_first_quarter_follows_from_what_was_counted_so_far() {
    let mut series = people(25);
    series.quarters = vec![counted("2026-Q2", 360.0, "2026-06-28", false)];
    let found = run(&series, "2026-06-28", &["2026-Q2", "2026-Q3"]).unwrap();
    let [low, middle, high] = quantiles(&found, 1);
    assert!((middle / 366.0 - 1.0).abs() < 0.03, "{middle}");
    assert!(low > 280.0 && high < 470.0, "{low} {high}");
    // Who was counted stays counted.
    assert!(found.windows[0].values.iter().all(|value| *value >= 360.0));
    assert!(found.notes.iter().any(|note| note.starts_with("Few whole quarters")), "{:?}", found.notes);
}

#[test]
fn whole_quarters_say_more_than_a_part_of_one() {
    let mut series = people(25);
    series.quarters = vec![counted("2026-Q2", 360.0, "2026-06-28", false)];
    let alone = quantiles(&run(&series, "2026-06-28", &["2026-Q3"]).unwrap(), 0);
    series.start = Calendar::default().period_of(Grain::Week, day("2025-09-29"));
    series.values = people(39).values;
    series.quarters.insert(0, counted("2026-Q1", 400.0, "2026-03-31", true));
    series.quarters.insert(0, counted("2025-Q4", 400.0, "2025-12-31", true));
    let after = quantiles(&run(&series, "2026-06-28", &["2026-Q3"]).unwrap(), 0);
    assert!((after[1] / 400.0 - 1.0).abs() < 0.03, "{after:?} {alone:?}");
}

#[test]
fn weeks_alone_say_nothing_of_a_quarter() {
    assert_eq!(run(&people(6), "2026-02-15", &["2026-Q1"]).unwrap_err(), ForecastError::NoLink);
    let mut begun = people(14);
    begun.quarters = vec![counted("2026-Q2", 130.0, "2026-04-09", false)];
    assert_eq!(run(&begun, "2026-04-12", &["2026-Q2"]).unwrap_err(), ForecastError::NoLink);
}
