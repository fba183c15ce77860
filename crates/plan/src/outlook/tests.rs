#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! What a model makes of histories.

use super::{identities, quarters, series_of};
use crate::fixture::{Workspace, date, history, period, workspace};
use quarterdeck_forecast::{Bounds, Formula, History, Nature, Roll};

const METRICS: &str = r#"
source orders {
  from: "a.csv"
  time: day
  changed 2025-06-01 "New order system" { }
}
source survey { from: "b.csv" time: day }
metric count_orders { unit: orders better: higher grain: week reads: average week measure: count() from orders owner: "a" why: "x" }
metric money { unit: USD better: higher grain: month measure: sum(amount) from orders owner: "a" why: "x" }
metric net { unit: USD better: higher grain: month measure: (sum(amount) - sum(refund)) from orders owner: "a" why: "x" }
metric per_order { unit: USD per order better: higher grain: month measure: money / volume owner: "a" why: "x" }
metric volume { unit: orders better: higher grain: month measure: count() from orders owner: "a" why: "x" }
metric people { unit: customers better: higher grain: month measure: count_distinct(customer) from orders owner: "a" why: "x" }
metric recent { unit: customers better: higher grain: day measure: count_distinct(customer) from orders over trailing 28 days owner: "a" why: "x" }
metric stock { unit: subscribers better: higher grain: month measure: sum(n) from orders at end owner: "a" why: "x" }
metric rate { unit: share better: higher grain: month measure: (sum(good) / sum(amount)) from orders owner: "a" why: "x" }
metric score { unit: points bounds: -100 to 100 better: higher grain: month measure: recorded score in survey reads: last owner: "a" why: "x" }
metric tolls { unit: cars better: higher grain: day measure: recorded cars in survey reads: average week owner: "a" why: "x" }
metric regulars { unit: customers better: higher grain: week reads: average week measure: recorded people in survey owner: "a" why: "x" }
metric per_regular { unit: orders per customer better: higher grain: week measure: count_orders / regulars owner: "a" why: "x" }
metric slowest { unit: minutes better: lower grain: day measure: max(minutes) from orders owner: "a" why: "x" }
metric growth { unit: ratio better: higher grain: month measure: money / (money ago 1 year) - 1 owner: "a" why: "x" }
metric split { unit: orders better: higher grain: month measure: count() from orders equals: volume * rate owner: "a" why: "x" }
metric capped {
  unit: orders better: higher grain: week reads: average week measure: count() from survey market: homes at 0.6 orders per household owner: "a" why: "x"
  changed 2025-03-01 "Redefined" { restate: before * 0.94 }
}
market homes "Homes" { unit: households tam: 900_000 to 1_100_000 source: "x" date: 2025-11 }
event fair "Fair" { on: 2025-05-01 to 2025-05-03 affects: capped }
event strike "Strike" { on: 2025-08-01 }
"#;

fn with(histories: &[(&str, History)]) -> Workspace {
    workspace(METRICS, "2026-12-31", histories)
}

fn flat(value: f64) -> History {
    history("2024-01", vec![value; 36])
}

#[test]
fn natures_and_rolls_follow_units_measures_and_reads() {
    let weighted = History { weights: vec![Some(10.0); 36], ..flat(0.5) };
    let cases = [
        ("count_orders", flat(1.0), Nature::Flow, Roll::Average(quarterdeck_calendar::Grain::Week)),
        ("money", flat(1.0), Nature::Flow, Roll::Total),
        // Over an average week's customers it is an average week's number, not the quarter's total.
        ("per_regular", flat(1.0), Nature::Flow, Roll::Average(quarterdeck_calendar::Grain::Week)),
        ("net", flat(1.0), Nature::Flow, Roll::Total),
        ("per_order", weighted.clone(), Nature::Level, Roll::Weighted),
        ("per_order", flat(1.0), Nature::Level, Roll::Link),
        ("people", flat(1.0), Nature::Level, Roll::Distinct),
        ("recent", flat(1.0), Nature::Level, Roll::Last),
        ("stock", flat(1.0), Nature::Level, Roll::Last),
        ("rate", weighted, Nature::Share, Roll::Weighted),
        ("score", flat(1.0), Nature::Level, Roll::Last),
        ("tolls", flat(1.0), Nature::Flow, Roll::Average(quarterdeck_calendar::Grain::Week)),
        ("slowest", flat(1.0), Nature::Level, Roll::Max),
    ];
    for (name, history, nature, roll) in cases {
        let workspace = with(&[(name, history)]);
        let series = series_of(&workspace.inputs(), name).unwrap();
        assert_eq!((series.nature, series.roll), (nature, roll), "{name}");
    }
    let workspace = with(&[("score", flat(1.0))]);
    let bounds = series_of(&workspace.inputs(), "score").unwrap().bounds;
    assert_eq!(bounds, Bounds { low: Some(-100.0), high: Some(100.0) });
}

#[test]
fn what_is_counted_stays_above_zero_while_its_history_does() {
    let dips = || History { values: [3.0, 1.0, -0.5].map(Some).repeat(12), ..flat(1.0) };
    let cases = [
        ("tolls", flat(2.0), Some(0.0)),
        ("tolls", dips(), None),
        ("stock", flat(2.0), Some(0.0)),
        ("slowest", flat(2.0), Some(0.0)),
        ("money", flat(2.0), None),
        ("growth", flat(2.0), None),
        ("score", flat(2.0), Some(-100.0)),
        ("count_orders", flat(2.0), Some(0.0)),
    ];
    for (name, history, low) in cases {
        let workspace = with(&[(name, history)]);
        assert_eq!(series_of(&workspace.inputs(), name).unwrap().bounds.low, low, "{name}");
    }
}

#[test]
fn a_part_of_a_metric_is_forecast_without_the_market_of_the_whole() {
    let workspace = with(&[("capped", flat(1.0)), ("capped[platform = \"ios\"]", flat(1.0))]);
    let inputs = workspace.inputs();
    let cap = series_of(&inputs, "capped").unwrap().cap.unwrap();
    assert_eq!(cap.label, "Homes");
    assert!((cap.low - 540_000.0).abs() < 1e-6 && (cap.high - 660_000.0).abs() < 1e-6);
    assert!(series_of(&inputs, "capped[platform = \"ios\"]").unwrap().cap.is_none());
    assert!(series_of(&inputs, "unknown").is_none());
}

#[test]
fn events_concern_those_they_name_or_all() {
    let workspace = with(&[("capped", flat(1.0)), ("money", flat(1.0))]);
    let names = |name: &str| -> Vec<String> {
        series_of(&workspace.inputs(), name).unwrap().events.into_iter().map(|event| event.name).collect()
    };
    assert_eq!(names("capped"), ["Fair", "Strike"]);
    assert_eq!(names("money"), ["Strike"]);
}

#[test]
fn what_was_not_restated_is_a_break() {
    // 17 months before the change and 19 after: both sides teach, the shift is estimated. Five months before: left out.
    for (start, months, drop) in [("2024-01", 36, false), ("2025-01", 24, true)] {
        let workspace = with(&[("money", history(start, vec![1.0; months])), ("capped", flat(1.0))]);
        let breaks = series_of(&workspace.inputs(), "money").unwrap().breaks;
        assert_eq!(breaks.len(), 1, "{start}");
        assert_eq!((breaks[0].on, breaks[0].label.as_str()), (date("2025-06-01"), "New order system"));
        assert_eq!(breaks[0].drop_before, drop, "{start}");
        // A restated change is none, and neither is one of another source.
        assert!(series_of(&workspace.inputs(), "capped").unwrap().breaks.is_empty());
    }
    let before = workspace(METRICS, "2025-05-31", &[("money", history("2024-01", vec![1.0; 17]))]);
    assert!(series_of(&before.inputs(), "money").unwrap().breaks.is_empty());
}

#[test]
fn identities_hold_where_the_data_says_so() {
    let kept = |split: f64, rate: f64| -> Vec<String> {
        let histories = [
            ("money", flat(100.0)),
            ("growth", flat(0.0)),
            ("split", flat(split)),
            ("volume", flat(10.0)),
            ("rate", flat(rate)),
            ("per_order", flat(10.0)),
        ];
        identities(&with(&histories).inputs()).into_iter().map(|identity| identity.of).collect()
    };
    assert_eq!(kept(5.0, 0.5), ["growth", "per_order", "split"]);
    // 5 measured, 4 by the formula: a residual of a fifth.
    assert_eq!(kept(5.0, 0.4), ["growth", "per_order"]);
    let workspace = with(&[("money", flat(100.0)), ("growth", flat(0.0))]);
    let kept = identities(&workspace.inputs());
    let money = || Box::new(Formula::Series("money".into()));
    let ratio = Formula::Div(money(), Box::new(Formula::Ago(money(), 12)));
    assert_eq!(kept[0].formula, Formula::Sub(Box::new(ratio), Box::new(Formula::Number(1.0))));
    // Without the data of a part, or at another grain, there is none.
    assert!(identities(&with(&[("growth", flat(0.0))]).inputs()).is_empty());
    let daily = with(&[("money", history("2026-01-01", vec![1.0; 300])), ("growth", flat(0.0))]);
    assert!(identities(&daily.inputs()).is_empty());
}

/// On a Tuesday a week's customers are not half gone; what a stock holds on a Tuesday it holds.
#[test]
fn what_begins_anew_each_period_has_no_reading_of_an_unfinished_one() {
    let through = date("2027-01-12");
    let begun = || {
        let partial = Some(quarterdeck_forecast::Partial { value: 0.4, weight: None, through });
        History { partial, ..flat(1.0) }
    };
    for (name, kept) in [("people", false), ("slowest", false), ("stock", true), ("recent", true), ("money", true)] {
        let workspace = with(&[(name, begun())]);
        assert_eq!(series_of(&workspace.inputs(), name).unwrap().partial.is_some(), kept, "{name}");
    }
}

#[test]
fn quarters_are_rolled_up_from_steps_where_the_source_does_not_say() {
    let grain = period("2024-Q1").grain();
    let check = |name: &str, values: Vec<f64>, expect: &[f64]| {
        let workspace = with(&[(name, history("2024-01", values))]);
        let series = series_of(&workspace.inputs(), name).unwrap();
        let rolled = quarters(&series, &workspace.model.settings.calendar, grain, date("2024-09-30"));
        let values: Vec<f64> = rolled.iter().map(|actual| actual.value).collect();
        assert_eq!(values.len(), expect.len(), "{name}: {rolled:?}");
        assert!(values.iter().zip(expect).all(|(a, b)| (a - b).abs() < 1e-9), "{name}: {values:?}");
    };
    let months: Vec<f64> = (1..=8).map(f64::from).collect();
    // January to March: 1 + 2 + 3, April to June: 4 + 5 + 6; September is not there.
    check("money", months.clone(), &[6.0, 15.0]);
    check("stock", months.clone(), &[3.0, 6.0]);
    // A week's average of 91 days that bring 10 each: 70.
    check("count_orders", vec![310.0, 290.0, 310.0], &[70.0]);
    check("rate", vec![0.5; 6], &[0.5, 0.5]);
}
