//! Conversions, funnels, retention and churn. What they are over the rows in `journeys/` was found by `journeys.py` beside
//! them, which compares every entry with every row of its key; the small cases are counted by hand.

use super::support::{Workspace, shown, workspace};
use crate::Wanted;
use quarterdeck_lang::model::{Filter, RowOp, Slice};
use std::collections::BTreeMap;

const DEFINITIONS: &str = r#"
source sign_ups { from: "sign_ups.csv" time: at }
source orders { from: "orders.csv" time: at }
metric activation { unit: share grain: week measure: conversion from sign_ups to orders where name = "paid" by id within 7 days }
metric activated { unit: people grain: week measure: conversion count from sign_ups to orders where name = "paid" by id within 7 days }
metric british { unit: share grain: week measure: conversion from sign_ups to orders where name = "paid" by id within 7 days
  where: country = "UK" }
metric british_part { unit: share grain: week measure: activation where country = "UK" }
metric monthly { unit: share grain: month measure: conversion rate from sign_ups to orders where name = "paid" by id within 1 month }
metric again { unit: share grain: week measure: conversion from orders to orders by id within 36 hours }
metric retention { unit: share grain: week measure: retention from sign_ups to orders by id after 28 days for 28 days }
metric checkout { unit: share grain: week
  measure: funnel from orders by id within 2 weeks {
    step seen: name = "view"
    step cart: name = "add"
    step paid: name = "paid"
  }
}
metric paid { unit: share grain: week measure: checkout.paid }
metric cart { unit: share grain: week measure: checkout.cart }
metric seen { unit: share grain: week measure: checkout.seen }
metric paying { unit: share grain: week measure: checkout.paid / checkout.cart }
metric churn { unit: share grain: month measure: churn from orders by id per month }
"#;

fn fixture() -> Workspace {
    let files =
        [("sign_ups.csv", include_str!("journeys/sign_ups.csv")), ("orders.csv", include_str!("journeys/orders.csv"))];
    workspace(DEFINITIONS, &files)
}

/// Arrivals and entries by what they are of and its first day.
type Counts = BTreeMap<(String, String), (f64, f64)>;

/// Arrivals and entries by the start of each period and quarter, and the last day that counts, as `journeys.py` found them.
fn expected(metric: &str) -> (Counts, String) {
    let (mut found, mut last) = (BTreeMap::new(), String::new());
    for line in include_str!("journeys/expected.txt").lines() {
        let parts: Vec<&str> = line.split(' ').collect();
        let [name, what, start, arrivals, entries] = parts[..] else { panic!("{line}") };
        match what {
            _ if name != metric => {}
            "last" => last = start.to_owned(),
            _ => {
                let counts = (arrivals.parse().unwrap(), entries.parse().unwrap());
                found.insert((what.to_owned(), start.to_owned()), counts);
            }
        }
    }
    assert!(found.len() > 5, "{metric}");
    (found, last)
}

/// Every period's and quarter's value and denominator, and what is left out.
#[track_caller]
fn check(metric: &str, like: &str) {
    let workspace = fixture();
    let observed = workspace.load(&[metric], None).unwrap().metrics.remove(metric).unwrap();
    let (expected, last) = expected(like);
    let counts = metric == "activated";
    let value = |(arrivals, entries): (f64, f64)| if counts { arrivals } else { arrivals / entries };
    let calendar = &workspace.model.settings.calendar;
    let mut found = BTreeMap::new();
    for point in &observed.points {
        found.extend(point.value.map(|value| (("period".to_owned(), point.start.to_string()), value)));
    }
    for quarter in &observed.history.quarters {
        found.insert(("quarter".to_owned(), calendar.starts(quarter.period).to_string()), quarter.value);
        let key = ("quarter".to_owned(), calendar.starts(quarter.period).to_string());
        assert_eq!(quarter.weight, (!counts).then(|| expected[&key].1), "{metric} {key:?}");
    }
    let expect: BTreeMap<_, _> = expected.iter().map(|(key, counts)| (key.clone(), value(*counts))).collect();
    assert_eq!(found, expect, "{metric}");
    let history = &observed.history;
    for (at, value) in history.values.iter().enumerate() {
        let start = calendar.starts(calendar.shift(history.start, at as i64)).to_string();
        let entries = expected.get(&("period".to_owned(), start.clone())).map(|(_, entries)| *entries);
        assert_eq!(*value, expect.get(&("period".to_owned(), start)).copied(), "{metric}");
        assert_eq!(history.weights.get(at).copied().flatten(), (!counts).then_some(entries.unwrap_or(0.0)), "{metric}");
    }
    let grain = calendar.shift(history.start, history.values.len() as i64);
    let ended = calendar.ends(calendar.shift(grain, -1)).to_string();
    let through = history.partial.map_or(ended, |partial| partial.through.to_string());
    assert_eq!(through, last, "{metric}");
    assert_eq!(observed.notes.len(), 1, "{metric}: {:?}", observed.notes);
}

#[test]
fn conversions_are_what_every_pair_of_rows_gives() {
    check("activation", "activation");
    check("activated", "activation");
    check("british", "british");
    check("monthly", "monthly");
    check("again", "again");
}

#[test]
fn retention_is_what_every_pair_of_rows_gives() {
    check("retention", "retention");
}

#[test]
fn funnels_are_what_every_way_through_gives() {
    check("checkout", "checkout");
    check("paid", "checkout");
    check("cart", "cart");
    let seen = fixture().read("seen");
    assert!(seen.history.values.iter().all(|value| *value == Some(1.0)));
}

#[test]
fn churn_is_what_two_months_give() {
    check("churn", "churn");
}

#[test]
fn steps_stand_in_formulas() {
    let workspace = fixture();
    let (paying, paid, cart) = (workspace.read("paying"), workspace.read("paid"), workspace.read("cart"));
    assert!(paying.history.values.len() > 20);
    let pairs = paid.history.values.iter().zip(&cart.history.values);
    let expect: Vec<Option<f64>> =
        pairs.map(|(paid, cart)| Some(paid.unwrap() / cart.unwrap()).filter(|ratio| !ratio.is_nan())).collect();
    assert_eq!(paying.history.values, expect);
}

#[test]
fn a_slice_chooses_the_entries() {
    let filter =
        Filter::Binary(RowOp::Equal, Box::new(Filter::Column("country".into())), Box::new(Filter::Text("UK".into())));
    let wanted =
        [Wanted { metric: "activation".into(), slice: Some(Slice { text: "country = \"UK\"".into(), filter }) }];
    let workspace = fixture();
    let part = workspace.load_wanted(&wanted, None).unwrap();
    let part = part.metrics.get(&wanted[0].series_name()).unwrap();
    assert_eq!(shown(part), workspace.shown("british"));
    // A condition on the metric does the same; a formula of metrics alone has no denominators.
    let (part, british) = (workspace.read("british_part").history, workspace.read("british").history);
    assert_eq!((part.values, part.start), (british.values, british.start));
    assert!(british.quarters.iter().zip(&part.quarters).all(|(one, other)| one.value == other.value));
}

#[test]
fn an_earlier_day_knows_less() {
    let workspace = fixture();
    let loaded = workspace.load(&["activation", "churn"], Some("2027-01-05")).unwrap();
    let late = "Entries after 2026-12-29 are left out of `activation`: their 7 days are not over.";
    let churn = "Entries after 2026-11-30 are left out of `churn`: the month after theirs is not over.";
    assert_eq!(loaded.metrics["activation"].notes, [late]);
    assert_eq!(loaded.metrics["churn"].notes, [churn]);
    assert!(loaded.notes.iter().any(|note| note == late));
    let partial = loaded.metrics["activation"].history.partial.unwrap();
    assert_eq!(partial.through.to_string(), "2026-12-29");
    // What was known then is what is known now.
    let now = workspace.read("activation").history;
    assert_eq!(
        loaded.metrics["activation"].history.values,
        now.values[..loaded.metrics["activation"].history.values.len()]
    );
}

/// Five weeks around the turn of 2026, a year with a week 53.
const SMALL: &str = r#"
source a { from: "a.csv" time: at }
source b { from: "b.csv" time: at }
metric soon { unit: share grain: week measure: conversion from a to b by id within 2 days }
metric many { unit: people grain: week measure: conversion count from a to b by id within 2 days }
metric minutes { unit: share grain: week measure: conversion from a to b by id within 30 minutes }
metric steps { unit: share grain: week measure: funnel from b by id within 10 days {
  step one: what = "1"
  step two: what = "2"
  step three: what = "3"
} }
metric lost { unit: share grain: week measure: churn from b by id per week }
"#;

fn small(a: &str, b: &str) -> Workspace {
    // A row a day by nobody in particular says which days are known.
    let nobody = super::support::daily("at,id,what", "2026-12-14", 35, |_, _| ",".into());
    workspace(SMALL, &[("a.csv", &format!("{nobody}{a}")), ("b.csv", &format!("{nobody}{b}"))])
}

#[test]
fn an_entry_has_its_window_and_no_more() {
    let a = "2026-12-21,same,\n2026-12-28,same,\n2026-12-31,next,\n2026-12-31,late,\n2026-12-30,twice,\n2026-12-28,twice,\n\
             2027-01-16,last,\n2027-01-17,open,\n";
    // The second day after an entry is outside of two days; the first entry of a week is the one that counts.
    let b =
        "2026-12-21,same,\n2027-01-01,next,\n2027-01-02,late,\n2026-12-31,twice,\n2027-01-17,last,\n2027-01-17,open,\n";
    let workspace = small(a, b);
    assert_eq!(workspace.read("soon").sources, ["a", "b"]);
    let soon = "2026-W52: 1{1} 0.25{4} gap{0} + 1 through 2027-01-16 [2027-Q1: 1{1} through 2027-01-16]";
    assert_eq!(workspace.shown("soon"), soon);
    let many = "2026-W51: 0 1 1 0 + 1 through 2027-01-16 [2027-Q1: 1 through 2027-01-16]";
    assert_eq!(workspace.shown("many"), many);
    insta::assert_snapshot!(workspace.error("minutes"));
}

#[test]
fn a_time_beside_a_day_counts_by_its_day() {
    let a = "2026-12-31T18:00:00,same,\n2026-12-31T23:59:59,next,\n2026-12-31T00:00:00,late,\n";
    let clock = |rows: String| rows.lines().map(|line| line.replacen(',', "T12:00:00,", 1) + "\n").collect::<String>();
    let nobody = super::support::daily("at,id,what", "2026-12-14", 35, |_, _| ",".into());
    let nobody_at_noon = format!("at,id,what\n{}", clock(nobody.lines().skip(1).collect::<Vec<_>>().join("\n")));
    let b = format!("{nobody}2026-12-31,same,\n2027-01-01,next,\n2027-01-02,late,\n");
    let workspace = workspace(SMALL, &[("a.csv", &format!("{nobody_at_noon}{a}")), ("b.csv", &b)]);
    let soon = workspace.read("soon").history;
    assert_eq!((soon.values, soon.weights), (vec![Some(2.0 / 3.0), None], vec![Some(3.0), Some(0.0)]));
}

#[test]
fn steps_are_later_each_and_others_may_come_between() {
    let b = "2026-12-14,straight,1\n2026-12-15,straight,2\n2026-12-16,straight,3\n\
             2026-12-14,tie,1\n2026-12-14,tie,2\n2026-12-15,tie,3\n\
             2026-12-15,between,1\n2026-12-16,between,3\n2026-12-17,between,2\n2026-12-18,between,3\n\
             2026-12-14,slow,1\n2026-12-20,slow,2\n2026-12-24,slow,3\n\
             2026-12-28,year,1\n2026-12-29,year,2\n2027-01-06,year,3\n";
    let workspace = small("", b);
    assert_eq!(workspace.shown("steps"), "2026-W51: 0.5{4} gap{0} 1{1}");
    // Whoever came in a week and not in the next: three of four, one of one, none of one, one of one.
    let lost = "2026-W51: 0.75{4} 1{1} 0{1} 1{1} [2027-Q1: 1{1} through 2027-01-10]";
    assert_eq!(workspace.shown("lost"), lost);
}

#[test]
fn entries_before_the_goal_is_known_are_left_out() {
    let nobody = |first: &str, days| super::support::daily("at,id,what", first, days, |_, _| ",".into());
    let a = format!("{}2026-12-15,early,\n2026-12-22,known,\n", nobody("2026-12-14", 35));
    let b = format!("{}2026-12-23,known,\n", nobody("2026-12-21", 28));
    let workspace = workspace(SMALL, &[("a.csv", &a), ("b.csv", &b)]);
    let observed = workspace.read("soon");
    assert_eq!(observed.history.values, [Some(1.0), None, None]);
    assert_eq!(
        observed.notes.first().map(String::as_str),
        Some("Entries after 2027-01-16 are left out of `soon`: their 2 days are not over.")
    );
    assert_eq!(
        observed.notes.last().map(String::as_str),
        Some("Entries before 2026-12-21 are left out of `soon`: `b` is not known early enough.")
    );
}

#[test]
fn a_week_53_belongs_to_the_last_period() {
    // On this calendar 2026 ends on 3 January, and its twelfth period has six weeks.
    let settings = "[calendar]\nkind = \"4-4-5\"\nnamed_by = \"start\"\n";
    let definitions = "source b { from: \"b.csv\" time: at }
        metric lost { unit: share grain: month measure: churn from b by id per month }";
    let nobody = super::support::daily("at,id", "2026-11-23", 70, |_, _| String::new());
    let rows = "2026-12-30,both\n2027-01-05,both\n2026-12-01,gone\n2027-01-03,turn\n2027-01-04,turn\n2027-01-31,new\n";
    let workspace = super::support::workspace_with(settings, definitions, &[("b.csv", &format!("{nobody}{rows}"))]);
    assert_eq!(workspace.shown("lost"), "2026-P12: 0.3333333333333333{3}");
}
