//! `qd series`.

use crate::harness::Workspace;
use insta::assert_snapshot;

/// A shop whose till wrote ten days, one of them missing, one twice.
fn small() -> Workspace {
    let shop = Workspace::shop();
    shop.write(
        "data/days.csv",
        "date,orders,late,takings\n\
         2024-12-01,10,1,100.50\n2024-12-02,11,0,110.25\n2024-12-03,12,2,120.00\n2024-12-04,13,1,130.10\n\
         2024-12-04,1,0,9.90\n2024-12-06,14,1,140.00\n2024-12-07,15,3,150.00\n2024-12-08,16,2,160.00\n\
         2024-12-09,17,1,170.00\n2024-12-10,18,0,180.00\n",
    );
    shop
}

#[test]
fn values_gaps_and_unfinished_periods() {
    let shop = small();
    assert_snapshot!("series_weeks", shop.qd(&["series", "orders"]).exits(0).shown());
    assert_snapshot!("series_share", shop.qd(&["series", "late_share"]).exits(0).shown());
    assert_snapshot!("series_quarters", shop.qd(&["series", "orders", "--period", "quarter"]).exits(0).shown());
}

#[test]
fn sums_are_exact_and_split_by_weeks() {
    // Monday 2 December to Sunday 8 December: 11 + 12 + 13 + 1 + 14 + 15 + 16 = 82.
    let object = small().qd(&["series", "orders", "--json"]).exits(0).json();
    let points = object["points"].as_array().unwrap();
    assert_eq!(points[1], serde_json::json!({ "start": "2024-12-02", "value": 82.0, "complete": true }));
    assert_eq!(points[0]["complete"], false);
    assert_eq!(object["duplicates"], 2);
    assert_eq!(object["grain"], "week");
    // Takings of December so far, in exact decimals.
    let revenue = small().qd(&["series", "revenue", "--json"]).exits(0).json();
    assert_eq!(revenue["points"][0], serde_json::json!({ "start": "2024-12-01", "value": 1270.75, "complete": false }));
}

#[test]
fn rows_after_the_as_of_date_do_not_count() {
    let object = small().qd(&["series", "orders", "--json", "--as-of", "2024-12-05"]).exits(0).json();
    assert_eq!(object["as_of"], "2024-12-05");
    // Monday to Wednesday and both rows of that day; the rest of the week is not known yet.
    assert_eq!(object["points"][1], serde_json::json!({ "start": "2024-12-02", "value": 37.0, "complete": false }));
}

#[test]
fn a_slice_is_read_as_a_condition() {
    let shop = small();
    let object = shop.qd(&["series", "orders", "--json", "--slice", "late = 0"]).exits(0).json();
    assert_eq!(object["slice"], "late = 0");
    let total: f64 = object["points"].as_array().unwrap().iter().filter_map(|point| point["value"].as_f64()).sum();
    assert_eq!(total, 11.0 + 1.0 + 18.0);
    assert_snapshot!("slice_wrong", shop.qd(&["series", "orders", "--slice", "late = "]).exits(2).shown());
}

#[test]
fn queries_can_be_read() {
    let ran = small().qd(&["series", "orders", "--sql"]).exits(0);
    assert!(ran.stdout.to_lowercase().contains("select"), "{}", ran.shown());
}

#[test]
fn an_unknown_metric_has_a_nearest_one() {
    assert_snapshot!(small().qd(&["series", "order"]).exits(2).shown());
}

#[test]
fn numbers_of_other_periods_are_read_from_days() {
    let shop = small();
    // Of December ten days are known: 10 + 11 + 12 + 13 + 1 + 14 + 15 + 16 + 17 + 18 = 127, an average week of 127 / 10 × 7.
    let months = shop.qd(&["series", "orders", "--period", "month", "--json"]).exits(0).json();
    let december = serde_json::json!([{ "start": "2024-12-01", "value": 88.9, "complete": false }]);
    assert_eq!((&months["grain"], &months["points"]), (&serde_json::json!("month"), &december));
    // Its own grain is what it has anyway.
    let own = shop.qd(&["series", "orders", "--period", "week"]).exits(0).stdout;
    assert_eq!(own, shop.qd(&["series", "orders"]).exits(0).stdout);
    // What is known by the month is not known by the week.
    let refused = shop.qd(&["series", "revenue", "--period", "week"]).exits(2).shown();
    assert!(refused.contains("has a number for each month"), "{refused}");
}
