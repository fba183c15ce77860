#![allow(clippy::unwrap_used, clippy::panic)]
use super::{Check, check};
use crate::fixture::workspace;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::History;

/// Weekly values from 2024 on.
fn weekly(values: &[f64]) -> History {
    let start: Period = "2024-W01".parse().unwrap();
    let values = values.iter().copied().map(Some).collect();
    History { grain: start.grain(), start, values, weights: vec![], partial: None, quarters: vec![] }
}

fn checked(text: &str, values: &[f64]) -> Check {
    let workspace = workspace(text, "2026-12-31", &[("dinners", weekly(values))]);
    check("dinners", &workspace.inputs()).unwrap()
}

fn holds(check: &Check) -> Vec<(&'static str, Option<bool>)> {
    check.points.iter().map(|point| (point.name, point.holds)).collect()
}

const GOOD: &str = r#"
source s { from: "s.csv" time: day }
metric dinners "Dinners on the table" {
  why: "w" owner: "a@x.example" unit: dinners better: higher grain: week role: north star
  measure: sum(n) from s
  equals: cooks * dinners_per_cook
  drives: takings lag 4 weeks
  guard: complaints
  attested: value by "ana@x.example" on 2026-11-02
  attested: strategy by "old@x.example" on 2025-06-01
}
metric cooks { unit: cooks grain: week owner: "b@x.example" measure: count_distinct(who) from s }
metric dinners_per_cook { unit: dinners per cook grain: week owner: "a@x.example" measure: dinners / cooks }
metric recipes { unit: recipes grain: week better: higher owner: "c@x.example" measure: count() from s drives: cooks }
metric takings "Takings" { unit: USD grain: week measure: sum(paid) from s }
metric complaints "Complaints" { unit: complaints grain: week better: lower measure: count() from s where bad }
plan 2027-Q1 { initiative book "A cookbook" { moves: recipes by 2% to 5% } }
"#;

#[test]
fn a_good_one_holds_where_it_is_known_and_vouched_for() {
    let wave: Vec<f64> = (0..40).map(|week| 100.0 + f64::from(week) + if week % 4 == 3 { -9.0 } else { 0.0 }).collect();
    let check = checked(GOOD, &wave);
    let expected = [
        ("value", Some(true)),
        // Somebody said so a year and a half ago.
        ("strategy", None),
        ("leading", Some(true)),
        ("actionable", Some(true)),
        ("understandable", Some(true)),
        ("measurable", Some(true)),
        ("honest", Some(true)),
    ];
    assert_eq!(holds(&check), expected);
    // Weeks 4, 8, …, 40 lie below the week before them: 10 of 39 steps.
    let honest = &check.points[6].computed;
    assert_eq!(honest, &["It fell in 10 of 39 steps (26 %).", "Watched beside it: Complaints."]);
    assert_eq!(check.points[3].computed[0], "3 inputs below it, of 3 owners.");
    assert_eq!(check.points[3].computed[1], "1 initiative in the plans would move it or its inputs.");
    assert_eq!(
        check.points[1].to_do.as_deref(),
        Some("old@x.example said so on 2025-06-01, more than a year ago: ask again")
    );
}

#[test]
fn money_and_what_only_grows_do_not_hold() {
    let text = r#"
source s { from: "s.csv" time: day }
metric dinners { unit: USD grain: quarter measure: sum(paid) from s over all time }
"#;
    let check = checked(text, &[1.0, 2.0, 3.0]);
    let expected = [
        ("value", None),
        ("strategy", None),
        ("leading", Some(false)),
        ("actionable", Some(false)),
        ("understandable", Some(false)),
        ("measurable", Some(false)),
        ("honest", Some(false)),
    ];
    assert_eq!(holds(&check), expected);
    assert!(check.points.iter().all(|point| point.to_do.is_some()), "{check:#?}");
}

#[test]
fn what_somebody_vouches_for_does_not_outweigh_what_was_computed() {
    let text = r#"
source s { from: "s.csv" time: day }
metric dinners "Dinners" { why: "w" unit: dinners grain: week measure: sum(n) from s
  attested: honest by "ana@x.example" on 2026-11-02 }
"#;
    let check = checked(text, &(0..30).map(f64::from).collect::<Vec<_>>());
    assert_eq!(check.points[6].holds, Some(false));
    assert_eq!(check.points[6].attested.as_ref().unwrap().by, "ana@x.example");
}
