//! `qd check --data`: what is wrong with the data, at the definitions it belongs to.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn every_example_has_sound_data() {
    for name in examples() {
        Workspace::example(&name).qd(&["check", "--data"]).exits(0);
    }
}

#[test]
fn rows_that_break_an_expectation_are_counted() {
    let shop = Workspace::shop();
    shop.change(
        "metrics/shop.qd",
        "  key: date\n",
        "  key: date\n  expect: orders >= 30, date is unique, late <= orders\n",
    );
    shop.qd(&["check", "--data"]).exits(0);
    let line = |number: usize| shop.read("data/days.csv").lines().nth(number - 1).unwrap().to_owned();
    let (first, second) = (line(600), line(700));
    let date = |line: &str| line.split(',').next().unwrap().to_owned();
    shop.change_line("data/days.csv", 600, &format!("{},20,30,500.00", date(&first)));
    shop.change_line("data/days.csv", 701, &second);
    assert_snapshot!("check_expect", shop.qd(&["check", "--data"]).exits(1).shown());
}

#[test]
fn a_golden_value_that_is_missed() {
    let shop = Workspace::shop();
    let points = shop.qd(&["series", "orders", "--json"]).exits(0).json();
    let value = points["points"][10]["value"].as_f64().unwrap();
    let test = |is: f64| format!("  role: north star\n  test \"by hand\" {{ at: 2022-W10  is: {is} }}\n");
    let text = shop.read("metrics/shop.qd");
    shop.write("metrics/shop.qd", text.replacen("  role: north star\n", &test(value), 1));
    shop.qd(&["check", "--data"]).exits(0);
    shop.write("metrics/shop.qd", text.replacen("  role: north star\n", &test(value + 1.0), 1));
    let ran = shop.qd(&["check", "--data"]).exits(1);
    assert!(ran.stdout.contains("D004") && ran.stdout.contains("by hand"), "{}", ran.shown());
}

#[test]
fn a_stale_source_is_warned_of() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "  key: date\n", "  key: date\n  fresh: 2 days\n");
    shop.qd(&["check", "--data"]).exits(0);
    let ran = shop.qd(&["check", "--data", "--as-of", "2025-02-01"]).exits(0);
    assert!(ran.stdout.contains("D003"), "{}", ran.shown());
}

#[test]
fn an_identity_that_does_not_hold() {
    let shop = Workspace::shop();
    shop.change(
        "metrics/shop.qd",
        "  measure: sum(late) from days",
        "  measure: sum(late) from days\n  equals: orders * late_share",
    );
    shop.qd(&["check", "--data"]).exits(0);
    shop.change("metrics/shop.qd", "equals: orders * late_share", "equals: orders * late_share * 1.1");
    let ran = shop.qd(&["check", "--data"]).exits(0);
    assert!(ran.stdout.contains("D005"), "{}", ran.shown());
}

#[test]
fn unreadable_data_is_shown_at_its_source() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "sum(takings)", "sum(taking)");
    shop.change_line("data/days.csv", 5, "2022-01-04,about 9,1,2.00");
    assert_snapshot!("check_unreadable", shop.qd(&["check", "--data"]).exits(2).shown());
}

#[test]
fn findings_of_data_are_weighed_and_allowed_as_lints_are() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "  key: date\n", "  key: date\n  expect: orders < 0\n");
    shop.qd(&["check", "--data"]).exits(1);
    for (level, code, shown) in [("warn", 0, true), ("allow", 0, false), ("deny", 1, true)] {
        shop.write("quarterdeck.toml", format!("[lints]\nD002 = \"{level}\"\n"));
        let ran = shop.qd(&["check", "--data"]).exits(code);
        assert_eq!(ran.stdout.contains("D002"), shown, "{}", ran.shown());
    }
    shop.change("metrics/shop.qd", "  expect: orders < 0\n", "  expect: orders < 0\n  allow: D002 \"being mended\"\n");
    let ran = shop.qd(&["check", "--data"]).exits(0);
    assert!(ran.stdout.contains("nothing to complain about"), "{}", ran.shown());
    let ran = shop.qd(&["explain", "d002"]).exits(0);
    assert!(ran.stdout.contains("Wrong:") && ran.stdout.contains("Right:"), "{}", ran.shown());
}

#[test]
fn a_slope_used_further_than_its_metric_ever_moved() {
    let shop = Workspace::shop();
    let plan = |asked: &str, more: &str| {
        format!(
            "plan 2025-Q1 {{ target orders {{ method: objective revenue {asked} at 0.25% per 1%  because: \"x\"{more} }} }}\n"
        )
    };
    shop.write("plans/2025-Q1.qd", plan("+0.1%", ""));
    let ran = shop.qd(&["check", "--data"]).exits(0);
    assert!(!ran.stdout.contains("D006"), "{}", ran.shown());
    shop.write("plans/2025-Q1.qd", plan("+400%", ""));
    assert_snapshot!("check_slope", shop.qd(&["check", "--data"]).exits(0).shown());
    shop.write("plans/2025-Q1.qd", plan("+400%", "  allow: D006 \"a new market\""));
    let ran = shop.qd(&["check", "--data"]).exits(0);
    assert!(!ran.stdout.contains("D006"), "{}", ran.shown());
}

#[test]
fn a_target_that_was_accepted_on_another_definition() {
    let shop = Workspace::shop();
    shop.qd(&["propose", "--quiet"]).exits(0);
    shop.qd(&["accept", "orders", "--by", "Ada"]).exits(0);
    assert!(!shop.qd(&["check"]).exits(0).stdout.contains("D007"));
    shop.change("metrics/shop.qd", "sum(orders) from days", "sum(orders) from days where orders > 0");
    assert_snapshot!("check_outdated", shop.qd(&["check"]).exits(0).shown());
}
