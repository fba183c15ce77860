#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! A funnel by hand.

use super::{Funnel, funnel_from};
use crate::fixture::{history, period, workspace};

/// Sign-ups times three rates times two orders each: 10,000 · 0.7 · 0.8 · 0.5 = 2,800 who order, 5,600 orders.
const FUNNEL: &str = r#"
source s { from: "a.csv" time: day }
metric orders "Orders" { role: north star unit: orders better: higher grain: month reads: total owner: "a" why: "x" stage: revenue measure: sign_ups * activation * retention * each }
metric sign_ups "Sign-ups" { unit: accounts better: higher grain: month reads: total owner: "a" why: "x" stage: acquisition measure: count() from s }
metric activation "Activated" { unit: share better: higher grain: month owner: "a" why: "x" stage: activation measure: (sum(a) / count()) from s
  benchmark rival "Rival" { value: 80% source: "x" date: 2026-01 } }
metric retention "Retained" { unit: share better: higher grain: month owner: "a" why: "x" stage: retention measure: (sum(r) / count()) from s }
metric each "Orders each" { unit: orders per account better: higher grain: month owner: "a" why: "x" measure: (sum(o) / count()) from s }
metric shares "Invitations" { unit: invitations better: higher grain: month reads: total owner: "a" why: "x" stage: referral measure: sum(i) from s
  drives: sign_ups lag 1 month at 0.5% per 1% }
metric visits "Visits" { unit: visits better: higher grain: month reads: total owner: "a" why: "x" stage: acquisition measure: sum(v) from s }
"#;

fn funnel() -> Funnel {
    let flat = |value: f64| history("2023-01", vec![value; 48]);
    let mut retention: Vec<f64> = vec![0.4; 48];
    retention[24..27].fill(0.45);
    let histories = [
        ("orders", flat(5_600.0)),
        ("sign_ups", flat(10_000.0)),
        ("activation", flat(0.7)),
        ("retention", history("2023-01", retention)),
        ("each", flat(2.0)),
        ("shares", flat(500.0)),
        ("visits", flat(100_000.0)),
    ];
    let shop = workspace(FUNNEL, "2026-12-31", &histories);
    let always = |value: f64| vec![value; 200];
    let numbers = [
        ("orders", always(16_800.0)),
        ("sign_ups", always(30_000.0)),
        ("activation", always(0.7)),
        ("retention", always(0.4)),
        ("each", always(2.0)),
        ("shares", always(1_500.0)),
        ("visits", always(300_000.0)),
    ];
    let of = period("2027-Q1");
    funnel_from(&shop.inputs(), of, &shop.outlook(of, &numbers))
}

#[test]
fn leaks_are_ranked_by_what_a_point_is_worth() {
    let funnel = funnel();
    let order: Vec<(&str, Option<usize>)> = funnel.steps.iter().map(|s| (s.metric.as_str(), s.rank)).collect();
    let expect = [
        ("sign_ups", Some(3)),
        ("visits", None),
        ("activation", Some(2)),
        ("retention", Some(1)),
        ("shares", Some(4)),
        ("orders", None),
    ];
    assert_eq!(order, expect);
    let step = |name: &str| funnel.steps.iter().find(|step| step.metric == name).unwrap();
    let worth = |name: &str| step(name).worth.clone().unwrap();
    // A point of retention: 16,800 / 0.4 · 0.01 = 420; of activation: 16,800 / 0.7 · 0.01 = 240; one percent of sign-ups: 168.
    for (name, expect) in [("retention", 420.0), ("activation", 240.0), ("sign_ups", 168.0)] {
        assert!((worth(name).mid - expect).abs() < 1e-6 && worth(name).exact, "{name}: {:?}", worth(name));
    }
    // One percent of invitations: half a percent of sign-ups, 84 orders, and only by association.
    let shares = worth("shares");
    assert!((shares.mid - 84.0).abs() < 1e-6 && !shares.exact, "{shares:?}");
    assert_eq!(shares.via, ["shares", "sign_ups", "orders"]);
    // Activation is ten points under the rival: 2,400 orders; retention five under its best quarter: 2,100.
    assert!((step("activation").leak.unwrap() - 0.1).abs() < 1e-9);
    assert!((step("activation").leak_worth.unwrap() - 2_400.0).abs() < 1e-6);
    assert_eq!(step("retention").reference.as_ref().unwrap().label, "best quarter, 2025-Q1");
    assert!((step("retention").leak_worth.unwrap() - 2_100.0).abs() < 1e-6);
    assert_eq!(step("visits").cannot_tell.as_deref(), Some("nothing leads from it to Orders"));
    assert!(funnel.notes.iter().any(|note| note.contains("associated")));
}
