#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
//! Effects on paths made by hand.

use super::{Acts, Calc, Choice, Effect, Group, Kind, Lined, Node, Sum, World, build, logistic, logit};
use crate::facts::Facts;
use crate::fixture::{history, period, workspace};
use crate::size::Size;
use quarterdeck_forecast::distribution::share_at_least;
use quarterdeck_forecast::draws::Draws;
use quarterdeck_lang::model::{Change, ChangeKind, Estimate};

const PATHS: usize = 20_000;

fn node(name: &str, base: Vec<f64>) -> Node {
    Node { name: name.into(), base, ..Node::default() }
}

/// A group that moves node 0 by an amount known as a range of lognormal ends.
fn campaign(name: &str, ships: f64) -> Group {
    let size = Estimate { low: 2634.0, mid: 5000.0, high: 9490.0, level: 0.8, from_range: true };
    let size = Size::change(&Change { kind: ChangeKind::Amount, size });
    let mut draws = Draws::named(1, name);
    let drawn: Vec<(bool, f64)> = (0..PATHS).map(|_| (draws.uniform() < ships, size.at(draws.normal()))).collect();
    Group {
        kind: Kind::Initiative,
        name: name.into(),
        happens: drawn.iter().map(|draw| draw.0).collect(),
        effects: vec![Effect { node: 0, acts: Acts::Amount, sizes: drawn.iter().map(|draw| draw.1).collect() }],
        overlaps: Vec::new(),
    }
}

/// A group with the same effects on every draw.
fn sure(effects: Vec<(usize, Acts, f64)>, overlaps: Vec<(usize, f64)>) -> Group {
    let effects =
        effects.into_iter().map(|(node, acts, size)| Effect { node, acts, sizes: vec![size; PATHS] }).collect();
    Group { kind: Kind::Initiative, name: "x".into(), happens: Vec::new(), effects, overlaps }
}

#[test]
fn three_lognormal_campaigns_make_their_number_with_the_chance_that_quadrature_gives() {
    // Each is 5,000·e^(0.5 z). P(sum of three ≥ 15,000) = 0.604 by quadrature; with each shipping at 80 % by itself the sum of
    // 3, 2, 1 or 0 of them gives 0.512·0.604 + 0.384·0.174 + … = 0.376.
    for (ships, expect) in [(1.0, 0.604), (0.8, 0.376)] {
        let groups = ["posters", "podcast", "referral"].map(|name| campaign(name, ships)).to_vec();
        let world = World::new(vec![node("campaigns", vec![0.0; PATHS])], groups);
        let moved = world.with(&world.choose(&[Kind::Initiative]), Lined::Up);
        let p = share_at_least(moved.get(0), 15_000.0);
        assert!((p - expect).abs() < 0.01, "ships {ships}: {p}, not {expect}");
    }
}

#[test]
fn the_shared_part_of_two_effects_counts_once() {
    // a + b − o·min(a, b) = 3 + 2 − 0.3·2 = 4.4; for two that lower, −3 − 2 + 0.3·2; none where they pull apart.
    for (a, b, expect) in [(3.0, 2.0, 4.4), (-3.0, -2.0, -4.4), (3.0, -2.0, 1.0)] {
        let groups = vec![sure(vec![(0, Acts::Amount, a)], vec![]), sure(vec![(0, Acts::Amount, b)], vec![(0, 0.3)])];
        let world = World::new(vec![node("x", vec![100.0; PATHS])], groups);
        let moved = world.with(&world.choose(&[Kind::Initiative]), Lined::Up);
        assert!((moved.get(0)[0] - 100.0 - expect).abs() < 1e-9);
    }
}

#[test]
fn effects_reach_others_once_and_only_through_identities() {
    // revenue = orders × price; the group moves orders by 10 % and says nothing of revenue.
    let mul = |a, b| Calc::Mul(Box::new(a), Box::new(b));
    let revenue = Node {
        identity: Some(Sum { calc: mul(Calc::Part(0, 13.0), Calc::Part(1, 1.0)), scale: 1.0 }),
        ..node("revenue", vec![13.0 * 100.0 * 4.0 * 1.02; PATHS])
    };
    let nodes =
        vec![node("orders", vec![100.0; PATHS]), node("price", vec![4.0; PATHS]), revenue, node("z", vec![7.0])];
    let world = World::new(nodes, vec![sure(vec![(0, Acts::Relative, 0.1)], vec![])]);
    let moved = world.with(&world.choose(&[Kind::Initiative]), Lined::Up);
    assert!((moved.get(2)[0] - 1.1 * 5304.0).abs() < 1e-9, "{}", moved.get(2)[0]);
    assert!(!moved.reached(1) && !moved.reached(3));
    assert_eq!(moved.get(3), [7.0]);
}

#[test]
fn sums_move_by_differences() {
    // net = gross − refunds, read per week while its parts are totals of 13 weeks: +130 gross is +10 a week.
    let sub = Calc::Sub(Box::new(Calc::Part(0, 1.0)), Box::new(Calc::Part(1, 1.0)));
    let net = Node { identity: Some(Sum { calc: sub, scale: 13.0 }), ..node("net", vec![95.0; PATHS]) };
    let nodes = vec![node("gross", vec![1300.0; PATHS]), node("refunds", vec![65.0; PATHS]), net];
    let world = World::new(nodes, vec![sure(vec![(0, Acts::Amount, 130.0)], vec![])]);
    let moved = world.with(&world.choose(&[Kind::Initiative]), Lined::Up);
    assert!((moved.get(2)[0] - 105.0).abs() < 1e-9);
}

#[test]
fn shares_never_leave_their_range_and_ceilings_hold() {
    let share = Node { share: true, bounds: (Some(0.0), Some(1.0)), ..node("share", vec![0.97; PATHS]) };
    let capped = Node { ceiling: vec![120.0; PATHS], ..node("capped", vec![100.0; PATHS]) };
    let step = logit(0.99) - logit(0.97);
    let groups = vec![
        sure(vec![(0, Acts::Logit, step), (1, Acts::Relative, 0.5)], vec![]),
        sure(vec![(0, Acts::Logit, step)], vec![]),
    ];
    let world = World::new(vec![share, capped], groups);
    let all = world.choose(&[Kind::Initiative]);
    let one = world.with(&all[..1], Lined::Up).get(0)[0];
    let two = world.with(&all, Lined::Up);
    assert!((one - 0.99).abs() < 1e-9);
    assert!((two.get(0)[0] - logistic(logit(0.97) + 2.0 * step)).abs() < 1e-12 && two.get(0)[0] < 1.0);
    assert_eq!(two.get(1)[0], 120.0);
}

#[test]
fn scenarios_share_draws_and_marginals_do_not_know_of_others() {
    let mut draws = Draws::named(1, "order");
    let mut order: Vec<u32> = (0..PATHS as u32).collect();
    for at in (1..PATHS).rev() {
        order.swap(at, draws.below(at + 1));
    }
    let mut groups = vec![campaign("a", 0.5)];
    let effect = Effect { node: 1, ..groups[0].effects[0].clone() };
    groups[0].effects.push(effect);
    let a = node("a", vec![0.0; PATHS]);
    let b = Node { order, ..node("b", vec![0.0; PATHS]) };
    let together = World::new(vec![a.clone(), b], groups);
    let alone = World::new(vec![a], vec![campaign("a", 0.5)]);
    let chosen = [Choice { group: 0, certain: false }];
    assert_eq!(together.with(&chosen, Lined::Up).get(0), alone.with(&chosen, Lined::Up).get(0));
    let joint = together.with(&chosen, Lined::ByScenario);
    // In every scenario both metrics feel the same draw.
    assert_eq!(joint.by_scenario(0), joint.by_scenario(1));
    let certain = [Choice { group: 0, certain: true }];
    assert!(together.with(&certain, Lined::Up).get(0).iter().all(|value| *value > 0.0));
}

#[test]
fn a_count_follows_its_base_where_their_rate_is_a_part_of_something_else() {
    // placed = customers × frequency, frequency = orders / customers. Ten percent more customers who do what customers do place
    // ten percent more orders: the frequency stays, the orders follow. Alone, ten percent more orders are a higher frequency.
    let text = r#"
source s { from: "a.csv" time: day }
metric placed { unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: customers * frequency * on_time }
metric frequency { unit: orders per customer better: higher grain: quarter owner: "a" why: "x" measure: orders / customers }
metric customers { unit: customers better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(c) from s }
metric orders { unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(o) from s }
metric on_time { unit: share better: higher grain: quarter owner: "a" why: "x" measure: (sum(d) / sum(o)) from s }
plan 2027-Q1 {
  target placed { because: "x" }
  initiative more { owner: "a" moves: customers by 10% starts: 2027-01-01 }
}
plan 2027-Q2 {
  target placed { because: "x" }
  initiative often { owner: "a" moves: orders by 10% starts: 2027-04-01 }
}
"#;
    let values =
        [("placed", 1_600.0), ("frequency", 2.0), ("customers", 1_000.0), ("orders", 2_000.0), ("on_time", 0.8)];
    let histories = values.map(|(name, value)| (name, history("2022-Q1", vec![value; 20])));
    for (of, expect) in [("2027-Q1", [1_760.0, 2.0, 1_100.0, 2_200.0]), ("2027-Q2", [1_760.0, 2.2, 1_000.0, 2_200.0])] {
        let workspace = workspace(text, "2026-12-31", &histories);
        let outlook = workspace.outlook(period(of), &values.map(|(name, value)| (name, vec![value; 10])));
        let inputs = workspace.inputs();
        let facts = Facts::all(&inputs, period(of));
        let world = build(&inputs, period(of), &outlook, &facts, inputs.model.plans.get(&period(of)), &[]);
        let moved = world.with(&world.choose(&[Kind::Initiative]), Lined::Up);
        let at = |name: &str| moved.get(world.place(name).unwrap())[0];
        let now = ["placed", "frequency", "customers", "orders"].map(at);
        assert!(now.iter().zip(expect).all(|(now, expect)| (now - expect).abs() < 1e-9), "{of}: {now:?}");
        let place = |name: &str| world.place(name).unwrap();
        let were = world.were(0, place("customers"), 1_100.0, place("placed")).unwrap();
        assert!((were - 1_760.0).abs() < 1e-9, "{were}");
    }
}
