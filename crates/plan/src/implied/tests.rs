#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Inputs that make their target, with the least effort.

use super::{Ground, implied, out_of_reach};
use crate::effect::{Lined, build};
use crate::facts::Facts;
use crate::fixture::{Workspace, history, normal_draws, period, workspace};
use crate::proposal::Implied;
use proptest::prelude::*;
use quarterdeck_forecast::History;
use quarterdeck_lang::model::Better;

const SHOP: &str = r#"
source s { from: "a.csv" time: day }
metric orders { unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: customers * frequency }
metric customers { unit: customers better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(c) from s }
metric frequency { unit: orders per customer better: higher grain: quarter owner: "a" why: "x" measure: (sum(o) / sum(c)) from s }
metric both { unit: customers better: higher grain: quarter reads: total owner: "a" why: "x" measure: customers + others }
metric others { unit: customers better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(d) from s }
metric rate { unit: share better: higher grain: quarter owner: "a" why: "x" measure: customers / both }
"#;

fn swinging(level: f64, swing: f64) -> History {
    // Up and down by the same factor each year, so that the usual change over a year is known.
    history("2020-Q1", (0..24).map(move |at| if (at / 4) % 2 == 0 { level } else { level * libm::exp(swing) }))
}

fn shop() -> Workspace {
    let (customers, others) = (swinging(1_000.0, 0.2), swinging(500.0, 0.1));
    let frequency = swinging(2.0, 0.05);
    let zip = |a: &History, b: &History, f: fn(f64, f64) -> f64| {
        history("2020-Q1", a.values.iter().zip(&b.values).map(|(a, b)| f(a.unwrap(), b.unwrap())).collect::<Vec<_>>())
    };
    let both = zip(&customers, &others, |a, b| a + b);
    let histories = [
        ("orders", zip(&customers, &frequency, |a, b| a * b)),
        ("rate", zip(&customers, &both, |a, b| a / b)),
        ("both", both),
        ("customers", customers),
        ("frequency", frequency),
        ("others", others),
    ];
    workspace(SHOP, "2025-12-31", &histories)
}

/// The inputs of `metric` for a target, with normal draws for what is not computed.
fn asked(metric: &str, target: f64) -> Vec<Implied> {
    let shop = shop();
    let of = period("2026-Q1");
    let customers = normal_draws("c", 2_000, 1_000.0, 50.0);
    let frequency = normal_draws("f", 2_000, 2.0, 0.02);
    let others = normal_draws("o", 2_000, 500.0, 20.0);
    let with = |b: &[f64], f: fn(f64, f64) -> f64| customers.iter().zip(b).map(|(a, b)| f(*a, *b)).collect::<Vec<_>>();
    let both = with(&others, |a, b| a + b);
    let numbers = [
        ("orders", with(&frequency, |a, b| a * b)),
        ("rate", with(&both, |a, b| a / b)),
        ("both", both),
        ("frequency", frequency),
        ("others", others),
        ("customers", customers.clone()),
    ];
    let inputs = shop.inputs();
    let outlook = shop.outlook(of, &numbers);
    let facts = Facts::all(&inputs, of);
    let world = build(&inputs, of, &outlook, &facts, None, &[]);
    let moved = world.with(&[], Lined::Up);
    implied(
        &Ground { inputs: &inputs, world: &world, facts: &facts, moved: &moved },
        world.place(metric).unwrap(),
        Better::Higher,
        target,
    )
}

fn value(rows: &[Implied], metric: &str) -> f64 {
    rows.iter().find(|row| row.metric == metric).unwrap().needed
}

#[test]
fn what_moves_more_is_asked_for_more() {
    // orders = customers × frequency, 2,000 expected, 2,200 wanted: ln 1.1 = 0.09531 to be split. A year changes customers by
    // ±0.2 and frequency by ±0.05, spreads in the ratio 4 : 1. Least squares asks in the ratio of their squares, 16 : 1:
    // customers + 0.08970 (1,093.9), frequency + 0.00561 (2.0112).
    let rows = asked("orders", 2_200.0);
    let (customers, frequency) = (value(&rows, "customers"), value(&rows, "frequency"));
    // Printed in tens, and the other solved for: 1,090 and 2.018.
    assert!((customers - 1_093.9).abs() <= 5.0 && (frequency - 2.011).abs() <= 0.01, "{customers} {frequency}");
    assert!((customers * frequency - 2_200.0).abs() <= 5.0, "{customers} × {frequency}");
    // Alone: 1,100 customers, or 2.2 orders each.
    assert!((rows[0].alone.unwrap() - 1_100.0).abs() <= 5.0 && (rows[1].alone.unwrap() - 2.2).abs() < 0.01, "{rows:?}");
    // In 12 of 24 quarters there were 1,000 customers, in the others 1,221: half lie below 1,094.
    assert_eq!((rows[0].percentile, rows[0].n), (Some(0.5), 24));
    // P(customers ≥ 1,090) = P(z ≥ 1.8) = 3.6 %.
    assert!((rows[0].p_reach.unwrap() - 0.036).abs() < 0.002);
    assert!(out_of_reach(&rows).is_empty());
    // 3,000 asks for 1,463 customers: 9 spreads of the forecast away.
    let far = asked("orders", 3_000.0);
    let named: Vec<&str> = out_of_reach(&far).iter().map(|row| row.metric.as_str()).collect();
    assert_eq!(named, ["customers", "frequency"]);
}

#[test]
fn parts_of_parts_are_asked_for_too() {
    // rate = customers / both, both = customers + others: the customers are asked for once, the others are the rest.
    let rows = asked("rate", 0.68);
    let both = rows.iter().find(|row| row.metric == "both").unwrap();
    let [others] = &both.inputs[..] else { panic!("{rows:#?}") };
    assert_eq!(others.metric, "others");
    assert!((value(&rows, "customers") + others.needed - both.needed).abs() <= 5.0, "{rows:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn inputs_make_their_target_to_its_last_digit(orders in 1_200.0..3_500.0f64, both in 900.0..2_500.0f64, rate in 0.3..0.9f64) {
        // Widths of 263, 138 and 0.02 make last digits of 10, 10 and 0.001.
        let rows = asked("orders", orders);
        prop_assert!((value(&rows, "customers") * value(&rows, "frequency") - orders).abs() <= 5.0 + 1e-9);
        let rows = asked("both", both);
        prop_assert!((value(&rows, "customers") + value(&rows, "others") - both).abs() <= 5.0 + 1e-9);
        let rows = asked("rate", rate);
        prop_assert!((value(&rows, "customers") / value(&rows, "both") - rate).abs() <= 0.0005 + 1e-9);
    }
}
