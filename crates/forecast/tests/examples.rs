//! The shipped examples: past quarters forecast again, what was claimed against what came.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use chrono::{Datelike, NaiveDate};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::{Bounds, Forecast, Formula, Identity, Job, Nature, Outlook, Roll, Series, forecast};
use std::collections::BTreeMap;
use std::io::Read;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
const PATHS: usize = 2_000;

/// A table's rows of text, its head left out.
fn table(path: &str) -> Vec<Vec<String>> {
    let bytes = std::fs::read(format!("{DATA}/{path}")).unwrap();
    let mut text = String::new();
    if path.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Totals of dated amounts by whole periods of a grain, from the first to the last of them.
fn totals(rows: &[(NaiveDate, f64)], grain: Grain) -> (Period, Vec<Option<f64>>) {
    let calendar = Calendar::default();
    let (first, last) = (rows.iter().map(|r| r.0).min().unwrap(), rows.iter().map(|r| r.0).max().unwrap());
    let mut start = calendar.period_of(grain, first);
    if calendar.starts(start) < first {
        start = calendar.shift(start, 1);
    }
    let mut end = calendar.period_of(grain, last);
    if calendar.ends(end) > last {
        end = calendar.shift(end, -1);
    }
    let mut sums: BTreeMap<Period, f64> = BTreeMap::new();
    for (date, amount) in rows {
        *sums.entry(calendar.period_of(grain, *date)).or_insert(0.0) += amount;
    }
    let count = calendar.distance(start, end) + 1;
    let values = (0..count).map(|k| Some(sums.get(&calendar.shift(start, k)).copied().unwrap_or(0.0))).collect();
    (start, values)
}

fn flow(name: &str, rows: &[(NaiveDate, f64)], grain: Grain, roll: Roll) -> Series {
    let (start, values) = totals(rows, grain);
    Series {
        name: name.to_owned(),
        grain,
        start,
        values,
        partial: None,
        weights: Vec::new(),
        nature: Nature::Flow,
        roll,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn ratio(name: &str, above: &Series, below: &Series, nature: Nature) -> Series {
    let values = above.values.iter().zip(&below.values).map(|(a, b)| Some(a.as_ref()? / b.as_ref()?)).collect();
    let bounds = Bounds { low: Some(0.0), high: (nature == Nature::Share).then_some(1.0) };
    Series { name: name.to_owned(), values, nature, roll: Roll::Link, bounds, ..above.clone() }
}

fn over(of: &Series, above: &Series, below: &Series) -> Identity {
    let named = |series: &Series| Box::new(Formula::Series(series.name.clone()));
    Identity { of: of.name.clone(), formula: Formula::Div(named(above), named(below)) }
}

fn dated(path: &str, amount: usize, keep: impl Fn(&[String]) -> bool) -> Vec<(NaiveDate, f64)> {
    let at = if path.contains("cdnow") { 1 } else { 0 };
    table(path)
        .iter()
        .filter(|row| keep(row))
        .map(|row| (row[at].parse().unwrap(), row[amount].parse().unwrap()))
        .collect()
}

fn ridership() -> (Vec<Series>, Vec<Identity>) {
    let week = |name, rows: Vec<_>| flow(name, &rows, Grain::Week, Roll::Average(Grain::Week));
    let all = dated("ridership/data/subway.csv", 1, |_| true);
    let weekdays: Vec<_> = all
        .iter()
        .map(|(date, rides)| (*date, if date.weekday().number_from_monday() <= 5 { *rides } else { 0.0 }))
        .collect();
    let (rides, weekday) = (week("subway_rides", all), week("weekday_rides", weekdays));
    let share = ratio("weekday_share", &weekday, &rides, Nature::Share);
    let bridges = week("bridge_crossings", dated("ridership/data/bridges.csv", 1, |_| true));
    let tied = over(&share, &weekday, &rides);
    (vec![rides, weekday, share, bridges], vec![tied])
}

fn run(series: &[Series], identities: &[Identity], as_of: NaiveDate, windows: &[Period]) -> Outlook {
    let calendar = Calendar::default();
    forecast(&Job { series, identities, windows, as_of, calendar: &calendar, seed: 1, paths: PATHS })
}

/// The middle 80 % of a window.
fn middle80(forecast: &Forecast, window: usize) -> (f64, f64) {
    let draws = sorted(&forecast.windows[window].values);
    (quantile_sorted(&draws, 0.1).unwrap(), quantile_sorted(&draws, 0.9).unwrap())
}

fn cdnow() -> (Vec<Series>, Vec<Identity>) {
    let closed: NaiveDate = "1997-04-01".parse().unwrap();
    let week = |name, amount, roll| {
        let rows =
            dated("cdnow/data/cdnow_orders.csv.gz", amount, |row| row[1].parse::<NaiveDate>().unwrap() >= closed);
        let rows = if name == "weekly_orders" { rows.into_iter().map(|(date, _)| (date, 1.0)).collect() } else { rows };
        flow(name, &rows, Grain::Week, roll)
    };
    let orders = week("weekly_orders", 2, Roll::Average(Grain::Week));
    let revenue = week("revenue", 3, Roll::Total);
    let average = ratio("average_order_value", &revenue, &orders, Nature::Level);
    let tied = over(&average, &revenue, &orders);
    (vec![orders, revenue, average], vec![tied])
}

fn social() -> (Vec<Series>, Vec<Identity>) {
    let rows = dated("social/data/facebook_mau.csv", 1, |_| true);
    let mut users = flow("monthly_users", &rows, Grain::Quarter, Roll::Last);
    users.nature = Nature::Level;
    (vec![users], Vec::new())
}

/// An example's outlook after all of its data.
fn outlook(example: &(Vec<Series>, Vec<Identity>), windows: &[&str]) -> Outlook {
    let (series, identities) = example;
    let calendar = Calendar::default();
    let as_of = calendar.ends(calendar.shift(series[0].start, series[0].values.len() as i64 - 1));
    let windows: Vec<Period> = windows.iter().map(|text| text.parse().unwrap()).collect();
    run(series, identities, as_of, &windows)
}

/// How many past quarters came inside the middle part of what was claimed, and how many there were.
fn inside(forecast: &Forecast, part: f64) -> (usize, usize) {
    let (low, high) = (0.5 - 0.5 * part, 0.5 + 0.5 * part);
    let held = forecast.claims.iter().filter(|claim| low <= claim.pit && claim.pit <= high);
    (held.count(), forecast.claims.len())
}

/// The table of the README: each metric's next quarter and what came of past claims.
#[test]
fn past_quarters_of_the_examples() {
    let mut table =
        String::from("metric: middle 80 % of the next quarter; past quarters inside it, inside the middle 40 %\n");
    let examples = [
        outlook(&ridership(), &["2025-Q1", "2025-Q2"]),
        outlook(&cdnow(), &["1998-Q3", "1998-Q4"]),
        outlook(&social(), &["2024-Q1", "2024-Q2"]),
    ];
    for entry in examples.iter().flat_map(|outlook| &outlook.forecasts) {
        let forecast = entry.forecast.as_ref().unwrap();
        let (low, high) = middle80(forecast, 0);
        let ((wide, n), (narrow, _)) = (inside(forecast, 0.8), inside(forecast, 0.4));
        let digits = if high < 100.0 { 3 } else { 0 };
        table += &format!("{}: {low:.digits$} to {high:.digits$}; {wide} and {narrow} of {n}\n", entry.name);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_share_of_rides_on_weekdays_is_as_sure_as_its_past_says() {
    let outlook = outlook(&ridership(), &["2025-Q1"]);
    let share = outlook.get("weekday_share").unwrap();
    let (low, high) = middle80(share, 0);
    // Every quarter since 2020 lies within 79.4 and 82.1 %.
    assert!(0.79 < low && high < 0.83 && high - low < 0.02, "{low} {high}");
    let mut misses: Vec<f64> = share.claims.iter().map(|claim| (claim.actual - claim.quantiles[2]).abs()).collect();
    misses = sorted(&misses);
    let typical = quantile_sorted(&misses, 0.8).unwrap();
    assert!((0.4..2.0).contains(&((high - low) / 2.0 / typical)), "{low} {high} {typical}");
    let rides = outlook.get("subway_rides").unwrap().paths.clone();
    let weekday = &outlook.get("weekday_rides").unwrap().paths;
    for ((share, weekday), rides) in share.paths.rows().zip(weekday.rows()).zip(rides.rows()) {
        assert!((share[0] - weekday[0] / rides[0]).abs() < 1e-12);
    }
}
