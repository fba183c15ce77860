//! Which errors stand in a command's way.

use super::{beside, shown};
use quarterdeck_calendar::Period;
use quarterdeck_lang::Checked;
use std::collections::BTreeSet;

fn blocked(checked: &Checked, metrics: &[&str], plan: Option<&str>) -> Vec<&'static str> {
    let metrics: BTreeSet<String> = metrics.iter().map(|name| (*name).to_owned()).collect();
    let plan = plan.map(|plan| plan.parse::<Period>().unwrap());
    checked.blocking(&metrics, plan).iter().map(|told| told.code).collect()
}

const BROKEN: &str = "
source torn { from: \"t.csv\"  time: at  join: nowhere on id }
metric on_torn { unit: orders  better: higher  grain: week  measure: count() from torn }
metric above { unit: orders  better: higher  grain: week  measure: on_torn + 5 }
metric alone { unit: orders  better: higher  grain: week  measure: count() from orders }
plan 2027-Q1 { target alone { because: \"x\" } }
plan 2027-Q2 { target above { because: \"x\" } }
plan 2027-Q3 { target alone { method: benchmark none close 2/3 by 2027-Q4 } }
";

#[test]
fn an_error_stands_in_the_way_of_what_depends_on_it() {
    let checked = beside(&[("b.qd", BROKEN)]);
    assert_eq!(super::errors(&checked), ["E101", "E185"], "{}", shown(&checked));
    assert_eq!(blocked(&checked, &["alone"], None), [""; 0]);
    assert_eq!(blocked(&checked, &["weekly_orders", "revenue"], None), [""; 0]);
    assert_eq!(blocked(&checked, &["on_torn"], None), ["E101"]);
    assert_eq!(blocked(&checked, &["above"], None), ["E101"]);
    assert_eq!(blocked(&checked, &[], Some("2027-Q1")), [""; 0]);
    assert_eq!(blocked(&checked, &[], Some("2027-Q2")), ["E101"]);
    assert_eq!(blocked(&checked, &["alone"], Some("2027-Q3")), ["E185"]);
}

#[test]
fn a_broken_block_stands_in_the_way_of_itself_and_a_broken_file_of_all() {
    let checked = beside(&[("b.qd", "metric half { unit: orders  grain: week  measure: count( from orders }")]);
    assert!(!super::errors(&checked).is_empty());
    assert_eq!(blocked(&checked, &["revenue"], None), [""; 0], "{}", shown(&checked));
    assert!(!blocked(&checked, &["half"], None).is_empty());
    let checked = beside(&[("b.qd", "mtric half { unit: orders }")]);
    assert_eq!(blocked(&checked, &["revenue"], None), [""; 0], "{}", shown(&checked));
    let checked = beside(&[("b.qd", "half of a thought")]);
    assert!(!blocked(&checked, &["revenue"], None).is_empty(), "{}", shown(&checked));
    let checked = super::beside_with("[calendar]\nkind = \"julian\"", &[]);
    assert_eq!(blocked(&checked, &["revenue"], None), ["E196"]);
}

#[test]
fn guards_of_a_target_and_events_of_a_metric_are_needed() {
    let text = "
metric pushed { unit: orders  better: higher  grain: week  measure: count() from orders  guard: watched }
metric watched { unit: orders  better: lower  grain: week  measure: count() from nowhere }
event fair { on: 2026-05-05 to 2026-05-04  affects: revenue }
plan 2027-Q1 { target pushed { because: \"x\" } }
";
    let checked = beside(&[("b.qd", text)]);
    assert_eq!(blocked(&checked, &[], Some("2027-Q1")), ["E101", "E144"], "{}", shown(&checked));
    assert_eq!(blocked(&checked, &["pushed"], None), ["E144"], "an event without a day may be anybody's");
}

#[test]
fn a_circle_stands_in_the_way_of_each_of_its_members() {
    let text = "
metric a { unit: orders  grain: week  measure: b + 1 }
metric b { unit: orders  grain: week  measure: c + 1 }
metric c { unit: orders  grain: week  measure: a + 1 }
metric d { unit: orders  grain: week  measure: c + 1 }
";
    let checked = beside(&[("b.qd", text)]);
    assert_eq!(super::errors(&checked), ["E107"]);
    for name in ["a", "b", "c", "d"] {
        assert_eq!(blocked(&checked, &[name], None), ["E107"], "{name}");
    }
    assert!(["a", "b", "c"].iter().all(|name| !checked.model.metrics.contains_key(*name)));
}
