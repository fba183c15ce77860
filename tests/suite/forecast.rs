//! `qd forecast`.

use crate::harness::Workspace;
use insta::assert_snapshot;

#[test]
fn the_fan_on_a_terminal() {
    assert_snapshot!("forecast_orders", Workspace::shop().qd(&["forecast", "orders"]).exits(0).shown());
    assert_snapshot!("forecast_share", Workspace::shop().qd(&["forecast", "late_share"]).exits(0).shown());
}

#[test]
fn a_chart_is_at_most_a_hundred_columns_wide() {
    for metric in ["orders", "late_share", "revenue"] {
        let ran = Workspace::shop().qd(&["forecast", metric]).exits(0);
        let widest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 100, "{}", ran.shown());
    }
}

#[test]
fn percentiles_are_in_order_and_the_yardstick_is_there() {
    let object = Workspace::shop().qd(&["forecast", "orders", "--json"]).exits(0).json();
    assert_eq!(object["as_of"], "2024-12-31");
    let quarters = object["quarters"].as_array().unwrap();
    assert_eq!(quarters[0]["period"], "2025-Q1");
    assert_eq!(quarters[0]["starts"], "2025-01-01");
    assert_eq!(quarters[0]["ends"], "2025-03-31");
    for fan in quarters.iter().chain(object["steps"].as_array().unwrap()) {
        let five: Vec<f64> = ["p10", "p30", "p50", "p70", "p90"].iter().map(|p| fan[p].as_f64().unwrap()).collect();
        assert!(five.is_sorted(), "{fan}");
    }
    let models = object["models"].as_array().unwrap();
    assert!(models.iter().any(|model| model["name"] == "seasonal_naive"), "{models:?}");
    let weights: f64 = models.iter().map(|model| model["weight"].as_f64().unwrap()).sum();
    assert!((weights - 1.0).abs() < 1e-9, "{weights}");
}

#[test]
fn too_little_history_is_said() {
    let shop = Workspace::shop();
    shop.write("data/days.csv", "date,orders,late,takings\n2024-12-30,10,1,100.50\n");
    assert_snapshot!(shop.qd(&["forecast", "orders"]).exits(2).shown());
}
