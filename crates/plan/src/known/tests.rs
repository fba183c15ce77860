#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! When we know, on steps made by hand.

use crate::fixture::{date, history, normal_draws, period, workspace};
use crate::propose::propose_from;
use chrono::NaiveDate;
use quarterdeck_forecast::Paths;

const TEXT: &str = r#"
source orders { from: "a.csv" time: day }
metric orders_count "Orders" { unit: orders better: higher grain: month reads: total measure: sum(n) from orders owner: "a" why: "x" }
plan 2027-Q1 { target orders_count { set: SET because: "x" } }
"#;

/// Three months of 1,000 with these spreads, independent of each other.
fn known(set: &str, spreads: [f64; 3]) -> (NaiveDate, String) {
    let months: Vec<Vec<f64>> =
        spreads.iter().enumerate().map(|(at, spread)| normal_draws(&at.to_string(), 4_000, 1_000.0, *spread)).collect();
    let rows: Vec<f64> = (0..4_000).flat_map(|path| months.iter().map(move |month| month[path])).collect();
    let totals: Vec<f64> = rows.chunks(3).map(|row| row.iter().sum()).collect();
    let text = TEXT.replace("SET", set);
    let workspace = workspace(&text, "2026-12-31", &[("orders_count", history("2024-01", vec![1_000.0; 36]))]);
    let mut outlook = workspace.outlook(period("2027-Q1"), &[("orders_count", totals)]);
    if let Some(Ok(forecast)) = outlook.forecasts.first_mut().map(|found| found.forecast.as_mut()) {
        forecast.paths = Paths::new(rows, 3);
    }
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let target = &proposal.targets[0];
    (target.known_by, target.detail.rule.clone())
}

#[test]
fn we_know_when_what_is_left_no_longer_decides() {
    // Where the first month decides, after it; where each is as open as the next, at the end; a lost target at once.
    assert_eq!(known("3_000", [100.0, 10.0, 10.0]).0, date("2027-01-31"));
    assert_eq!(known("3_000", [10.0, 100.0, 10.0]).0, date("2027-02-28"));
    assert_eq!(known("3_000", [50.0, 50.0, 50.0]).0, date("2027-03-31"));
    assert_eq!(known("4_000", [50.0, 50.0, 50.0]).0, date("2027-01-31"));
}

#[test]
fn the_rule_names_what_decides() {
    // After January the rest is 2,000 ± 14.1, so 1,000 ∓ 1.2816 · 14.1 in January: 982 and 1,018.
    let (_, rule) = known("3_000", [100.0, 10.0, 10.0]);
    assert!(rule.contains("below 982 orders") && rule.contains("above 1,01"), "{rule}");
}
