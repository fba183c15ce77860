#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Questions with worked answers.

use super::{Answer, Question, whatif_from};
use crate::fixture::{history, normal_draws, period, workspace};
use quarterdeck_lang::model::{Change, ChangeKind, Estimate, Moves};

const SHOP: &str = r#"
source s { from: "a.csv" time: day }
metric revenue "Revenue" { role: north star unit: USD better: higher grain: month reads: total owner: "a" why: "x" measure: orders * basket }
metric orders "Orders" { unit: orders better: higher grain: month reads: total owner: "a" why: "x" measure: count() from s drives: tickets }
metric basket "Basket" { unit: USD per order better: higher grain: month owner: "a" why: "x" measure: (sum(v) / count()) from s }
metric tickets "Tickets" { unit: tickets better: lower grain: month reads: total owner: "a" why: "x" measure: sum(t) from s }
plan 2027-Q1 {
  target revenue { set: 33_000 because: "x" }
  target tickets { set: 100 because: "x" }
  initiative push "A push" { owner: "a" moves: orders by 10% ships: 100% starts: 2027-01-01 evidence: experiment "x" }
  scenario cautious "Without the push" { without: push }
}
"#;

fn answer(question: &Question) -> Answer {
    let flat = |value: f64| history("2023-01", vec![value; 48]);
    let shop = workspace(
        SHOP,
        "2026-12-31",
        &[("revenue", flat(10_000.0)), ("orders", flat(1_000.0)), ("basket", flat(10.0)), ("tickets", flat(30.0))],
    );
    let orders = normal_draws("orders", 2_000, 3_000.0, 150.0);
    let revenue = orders.iter().map(|orders| orders * 10.0).collect();
    let numbers = [
        ("orders", orders),
        ("basket", vec![10.0; 2_000]),
        ("revenue", revenue),
        ("tickets", normal_draws("tickets", 2_000, 90.0, 5.0)),
    ];
    let of = period("2027-Q1");
    whatif_from(&shop.inputs(), of, question, &shop.outlook(of, &numbers)).unwrap()
}

fn middle(answer: &Answer, row: &str, metric: &str) -> (f64, f64) {
    let row = answer.scenarios.iter().find(|scenario| scenario.label == row).unwrap();
    let target = row.targets.iter().find(|target| target.metric == metric).unwrap();
    (target.p50.unwrap(), target.p_hit.unwrap())
}

#[test]
fn doing_nothing_stands_in_the_table_and_dropping_all_is_the_same() {
    let answer = answer(&Question { without: vec!["push".into()], ..Question::default() });
    let labels: Vec<&str> = answer.scenarios.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["Doing nothing", "The plan", "Without the push", "What if"]);
    for label in ["Doing nothing", "Without the push", "What if"] {
        // 30,000 ± 1,500: 33,000 is 2 spreads up, 2.3 %.
        let (p50, p) = middle(&answer, label, "revenue");
        assert!((p50 - 30_000.0).abs() < 5.0 && (p - 0.023).abs() < 0.002, "{label}: {p50} {p}");
    }
    // An experiment of a bare number counts for 1 / (1 + 0.01) of 10 %: 9.9 %, 32,970 in the middle.
    let (p50, _) = middle(&answer, "The plan", "revenue");
    assert!((p50 - 32_970.0).abs() < 60.0, "{p50}");
}

#[test]
fn what_is_held_goes_up_the_tree_and_nowhere_else() {
    let answer = answer(&Question { held: vec![("basket".into(), 11.0)], ..Question::default() });
    // 11 / 10 of the plan's 32,970.
    let (p50, _) = middle(&answer, "What if", "revenue");
    assert!((p50 - 36_267.0).abs() < 70.0, "{p50}");
    assert_eq!(middle(&answer, "What if", "tickets"), middle(&answer, "The plan", "tickets"));
    let [moved] = &answer.moved[..] else { panic!("{:?}", answer.moved) };
    assert_eq!((moved.metric.as_str(), moved.before, moved.after), ("basket", 10.0, 11.0));
}

#[test]
fn a_change_adds_to_the_plan_and_a_belief_moves_nothing() {
    let by = Change { kind: ChangeKind::Relative, size: Estimate::point(0.10) };
    let answer = answer(&Question { moves: vec![Moves { metric: "orders".into(), by }], ..Question::default() });
    // 10 % and 9.9 % of each path's own number: 119.9 % of 30,000.
    let (p50, _) = middle(&answer, "What if", "revenue");
    assert!((p50 - 35_970.0).abs() < 70.0, "{p50}");
    assert_eq!(middle(&answer, "What if", "tickets"), middle(&answer, "The plan", "tickets"));
    assert!(answer.notes[0].contains("Orders is believed to drive Tickets"), "{:?}", answer.notes);
}

#[test]
fn what_a_target_would_take() {
    let answer = answer(&Question { targets: vec![("revenue".into(), 40_000.0)], ..Question::default() });
    let [ask] = &answer.asks[..] else { panic!() };
    // Nothing moves the basket: 4,000 orders, 6.5 spreads beyond the plan's 3,297.
    let orders = ask.inputs.iter().find(|input| input.metric == "orders").unwrap();
    assert!((orders.needed - 4_000.0).abs() <= 5.0, "{ask:#?}");
    assert!(ask.p_hit.unwrap() < 0.001 && ask.met_before == (0, 16));
    // 60 % lie above 32,970 − 0.253 · 1,648.
    assert!((ask.at_confidence.unwrap() - 32_553.0).abs() < 80.0, "{ask:?}");
    let said = ask.sentences.join(" ");
    assert!(
        said.contains("It was met in 0 of 16 past quarters.") && said.contains("Orders cannot be expected"),
        "{said}"
    );
    assert!(answer.scenarios.iter().all(|row| row.label != "What if"));
}

#[test]
fn the_chance_of_all_is_never_above_the_smallest() {
    let answer = answer(&Question { held: vec![("orders".into(), 3_400.0)], ..Question::default() });
    for row in &answer.scenarios {
        let least = row.targets.iter().filter_map(|target| target.p_hit).fold(1.0, f64::min);
        assert!(row.p_all.unwrap() <= least, "{row:?}");
    }
}

#[test]
fn a_ledgers_value_is_the_one_that_counts() {
    let standing = [("revenue".to_owned(), 30_000.0)].into();
    let answer = answer(&Question { standing, ..Question::default() });
    let (_, p) = middle(&answer, "Doing nothing", "revenue");
    assert!((p - 0.5).abs() < 0.01, "{p}");
}
