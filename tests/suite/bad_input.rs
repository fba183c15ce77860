//! Bad input: what is said, whole; exit code 2; nothing written.

use crate::harness::{Ran, Workspace};
use insta::assert_snapshot;

const METRICS: &str = "metrics/shop.qd";
const PLAN: &str = "plans/2025-Q1.qd";
const DATA: &str = "data/days.csv";

/// Proposes in a shop that is wrong, and makes sure that nothing was written.
#[track_caller]
fn refused(shop: &Workspace) -> Ran {
    let before = shop.files();
    let ran = shop.qd(&["propose", "2025-Q1"]).exits(2);
    assert_eq!(ran.stdout, "", "{}", ran.shown());
    assert!(shop.files() == before, "something was written");
    ran
}

#[test]
fn a_syntax_error() {
    let shop = Workspace::shop();
    shop.change(METRICS, "why: \"An order is", "why \"An order is");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_block_that_is_never_closed() {
    let shop = Workspace::shop();
    shop.change(
        METRICS,
        "  guard: late_share at most 12%\n}\n\nmetric late_share",
        "  guard: late_share at most 12%\n\nmetric late_share",
    );
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn an_unknown_name() {
    let shop = Workspace::shop();
    shop.change(METRICS, "late_orders / orders", "late_orders / order");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_guard_that_would_be_lost() {
    // Not a target of the plan, yet a guard of one: without it the proposal would say less than was asked for.
    let shop = Workspace::shop();
    shop.change(METRICS, "measure: late_orders / orders", "measure: late_orders / orders + 1 day");
    assert_eq!(refused(&shop).code, 2);
}

#[test]
fn an_unknown_metric_in_a_plan() {
    let shop = Workspace::shop();
    shop.change(PLAN, "target revenue", "target revenu");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_unit_mismatch() {
    let shop = Workspace::shop();
    shop.change(METRICS, "measure: late_orders / orders", "measure: late_orders / orders + revenue");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn percent_where_points_are_meant() {
    let shop = Workspace::shop();
    shop.change(PLAN, "moves: orders by 1% to 4%", "moves: late_share by -2% to -1%");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_cycle() {
    let shop = Workspace::shop();
    shop.change(METRICS, "measure: sum(late) from days", "measure: orders * late_share");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_missing_file() {
    let shop = Workspace::shop();
    shop.change(METRICS, "data/days.csv", "data/day.csv");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_missing_column() {
    let shop = Workspace::shop();
    shop.change(METRICS, "sum(takings)", "sum(taking)");
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn a_wrong_type_in_row_1000() {
    let shop = Workspace::shop();
    let row = shop.read(DATA).lines().nth(999).unwrap().to_owned();
    let date = row.split(',').next().unwrap().to_owned();
    shop.change_line(DATA, 1000, &format!("{date},about 80,7,2100.00"));
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn mixed_date_formats() {
    let shop = Workspace::shop();
    let row = shop.read(DATA).lines().nth(499).unwrap().to_owned();
    let (date, rest) = row.split_once(',').unwrap();
    let parts: Vec<&str> = date.split('-').collect();
    shop.change_line(DATA, 500, &format!("{}/{}/{},{rest}", parts[1], parts[2], parts[0]));
    assert_snapshot!(refused(&shop).shown());
}

#[test]
fn an_empty_file() {
    let shop = Workspace::shop();
    shop.write(DATA, "");
    assert_snapshot!("an_empty_file", refused(&shop).shown());
    shop.write(DATA, "date,orders,late,takings\n");
    assert_snapshot!("a_heading_alone", refused(&shop).shown());
}

#[test]
fn a_past_period() {
    let shop = Workspace::shop();
    let before = shop.files();
    assert_snapshot!(shop.qd(&["propose", "2024-Q3"]).exits(2).shown());
    assert!(shop.files() == before, "something was written");
}

#[test]
fn a_period_that_is_none() {
    let shop = Workspace::shop();
    for (name, period) in [("no_such_quarter", "2025-Q5"), ("a_month", "2025-02"), ("a_word", "next")] {
        assert_snapshot!(name, shop.qd(&["propose", period]).exits(2).shown());
    }
}

#[test]
fn a_mistake_elsewhere_does_not_stand_in_the_way() {
    let shop = Workspace::shop();
    shop.write(
        "metrics/other.qd",
        "metric other \"Other\" {\n  unit: orders\n  grain: week\n  measure: sum(orders) from nowhere\n}\n",
    );
    let ran = shop.qd(&["propose", "2025-Q1", "--dry-run"]).exits(0);
    assert!(ran.stderr.contains("1 error elsewhere"), "{}", ran.shown());
    shop.qd(&["series", "orders"]).exits(0);
    assert_snapshot!(shop.qd(&["series", "other"]).exits(2).shown());
}

#[test]
fn a_target_folder_that_is_a_file() {
    let shop = Workspace::shop();
    shop.write("targets", "not a folder");
    let before = shop.files();
    assert_snapshot!(shop.qd(&["propose"]).exits(2).stderr);
    assert!(shop.files() == before, "something was written");
}

#[test]
fn hostile_text_is_no_crash() {
    let nested = format!("metric a {{ unit: x grain: week measure: {}1{} }}", "(".repeat(5000), ")".repeat(5000));
    let braces = "{".repeat(20_000);
    let long = format!("metric {} {{ unit: {} }}", "a".repeat(100_000), "9".repeat(100_000));
    for text in
        [nested.as_str(), braces.as_str(), long.as_str(), "\u{0}\u{1}\u{2}", "\"", "metric", "plan 9999-Q9 {", "}}}}"]
    {
        let shop = Workspace::shop();
        shop.write("metrics/hostile.qd", text);
        let ran = shop.qd(&["check"]);
        assert_eq!(ran.code, 2, "{}", &ran.shown().chars().take(2000).collect::<String>());
    }
}
