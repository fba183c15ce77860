//! Aggregates by period.

use super::support::{shown, workspace};

#[test]
fn a_flow_by_day_week_and_month() {
    let days: String = (0..100)
        .map(|day| {
            format!("{},{}\n", chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(day), day + 1)
        })
        .collect();
    let definitions = r#"
        source rides { from: "data/rides.csv" time: date }
        metric daily { unit: rides grain: day measure: sum(riders) from rides }
        metric weekly { unit: rides grain: week measure: sum(riders) from rides }
        metric monthly { unit: rides grain: month measure: sum(riders) from rides }
    "#;
    let workspace = workspace(definitions, &[("data/rides.csv", &format!("date,riders\n{days}"))]);
    let daily = workspace.read("daily");
    assert_eq!(daily.history.values.len(), 100);
    // Day n counts n: week k (from 0) sums 7·(7k) + 28; 2024 began on a Monday. 91 days are in the quarter: 91·92/2.
    assert_eq!(
        shown(&workspace.read("weekly")),
        "2024-W01: 28 77 126 175 224 273 322 371 420 469 518 567 616 665 + 199 through 2024-04-09 [2024-Q1: 4186] [2024-Q2: 864 through 2024-04-09]"
    );
    assert_eq!(
        shown(&workspace.read("monthly")),
        "2024-01: 496 1334 2356 + 864 through 2024-04-09 [2024-Q1: 4186] [2024-Q2: 864 through 2024-04-09]"
    );
}
