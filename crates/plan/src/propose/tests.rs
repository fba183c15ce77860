#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Whole proposals: their JSON and detail as snapshots, and what must hold of every one.

use super::{needed, propose, propose_from};
use crate::fixture::{Workspace, date, history, normal_draws, period, workspace};
use crate::proposal::{BridgeKind, MethodRow, Proposal};
use crate::{Inputs, PlanError};
use proptest::prelude::*;
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::{Claim, History, Outlook};

const SHOP: &str = r#"
source orders { from: "a.csv" time: day }
metric weekly_orders "Weekly orders delivered on time" {
  why: "A household got its groceries when it was promised them."
  role: north star
  owner: "logistics@grocer.example"
  unit: orders
  better: higher
  grain: month
  reads: total
  measure: customers * orders_per_customer
  guard: tickets at most 5% above same quarter last year
  market: households at 0.6 orders per household
  worth: 28 USD to 34 USD per order
}
metric customers "Ordering customers" {
  why: "x"
  owner: "growth@grocer.example"
  unit: customers
  better: higher
  grain: month
  reads: total
  measure: sum(customers) from orders
  drives: tickets
}
metric orders_per_customer "Orders per customer" {
  why: "x"
  owner: "growth@grocer.example"
  unit: orders per customer
  better: higher
  grain: month
  measure: (sum(orders) / sum(customers)) from orders
}
metric on_time_rate "Orders delivered on time" {
  why: "A late delivery is what churned customers name first."
  owner: "logistics@grocer.example"
  unit: share
  better: higher
  grain: month
  measure: (sum(on_time) / sum(orders)) from orders
  guard: tickets alarms 1 per year
  benchmark rival "Rival" { value: 96% date: 2026-06 source: "Industry survey 2026" }
}
metric tickets "Tickets" {
  why: "x"
  owner: "care@grocer.example"
  unit: tickets
  better: lower
  grain: month
  reads: total
  measure: sum(tickets) from orders
}
metric app_users "App users" { why: "x" owner: "a" unit: users better: higher grain: month reads: last measure: sum(users) from orders at end }
metric elsewhere "Elsewhere" { why: "x" owner: "a" unit: visits better: higher grain: month reads: total measure: sum(visits) from orders }
market households "Households in our six cities" { unit: households tam: 900_000 to 1_100_000 source: "Census 2025, table H1" date: 2025-11 }

plan 2027-Q1 "Reliable before bigger" {
  objective: "Every household can plan its evening around our delivery."
  approver: "vp@grocer.example"
  target weekly_orders { method: trend method: initiatives method: market 10% of tam by 2028-Q4 because: "x" }
  target on_time_rate { set: 94.5% method: benchmark rival close 2/3 by 2027-Q4 method: initiatives because: "Board commitment." }
  target tickets { confidence: 80% because: "x" }
  target app_users { set: 5_000 because: "x" }
  initiative depot "Second depot" {
    owner: "ops@grocer.example"
    moves: on_time_rate by 1pp to 3pp
    moves: customers by 1% to 4%
    ships: 80% likely
    starts: 2027-02-01
    ramps: 6 weeks
    evidence: pilot "York depot, 2026-Q2"
    overlaps: planner 30%
    cost: 120_000 USD
  }
  initiative planner "Routes by traffic" {
    owner: "ops@grocer.example"
    moves: on_time_rate by 0.3pp to 1.2pp
    ships: 90% likely
    starts: 2027-01-18
    evidence: experiment "Two zones" { people: 3_100 date: 2026-11 }
  }
  judgement weekly_orders { shift: -1% because: "Two bank holidays." owner: "ops@grocer.example" }
  quote "I never knew when to be home." { from: "churn interviews, 2026-09" about: on_time_rate }
  risk drivers "Driver shortage" { chance: 25% moves: on_time_rate by -2pp to -1pp sign: "agency fill rate below 80%" owner: "ops@grocer.example" }
  milestone soc2 "SOC 2 report" { by: 2027-03-31 chance: 70% owner: "security@grocer.example" }
  scenario cautious "Without the depot" { without: depot }
}
"#;

/// Five years of months that grow, with a season and noise.
fn grown(name: &str, level: f64, monthly: f64, noise: f64) -> History {
    let mut draws = Draws::named(3, name);
    let season = [0.9, 0.92, 1.0, 1.02, 1.0, 0.98, 0.95, 0.94, 1.0, 1.04, 1.1, 1.15];
    history(
        "2022-01",
        (0..60).map(move |month: i32| {
            level
                * libm::pow(1.0 + monthly, f64::from(month))
                * season[month as usize % 12]
                * (1.0 + noise * draws.normal())
        }),
    )
}

fn times(a: &History, b: &History) -> History {
    let pairs = a.values.iter().zip(&b.values);
    History { values: pairs.map(|(a, b)| Some((*a)? * (*b)?)).collect(), ..a.clone() }
}

fn shop() -> Workspace {
    let customers = grown("customers", 10_000.0, 0.01, 0.02);
    let per = history("2022-01", (0..60).map(|month| 2.0 + 0.002 * f64::from(month)));
    let mut draws = Draws::named(3, "on time");
    let on_time = history("2022-01", (0..60).map(|month| 0.89 + 0.0004 * f64::from(month) + 0.005 * draws.normal()));
    let histories = [
        ("weekly_orders", times(&customers, &per)),
        ("customers", customers),
        ("orders_per_customer", per),
        ("on_time_rate", on_time),
        ("tickets", grown("tickets", 900.0, 0.0, 0.05)),
        ("app_users", history("2026-12", [4_000.0])),
    ];
    workspace(SHOP, "2026-12-31", &histories)
}

/// A forecast by hand, so that snapshots show what the plan does and not how forecasts improve.
fn by_hand(shop: &Workspace) -> Outlook {
    let customers = normal_draws("customers", 2_000, 52_000.0, 2_000.0);
    let per = normal_draws("per", 2_000, 2.13, 0.02);
    let orders = customers.iter().zip(&per).map(|(customers, per)| customers * per).collect();
    let numbers = [
        ("customers", customers),
        ("orders_per_customer", per),
        ("weekly_orders", orders),
        ("on_time_rate", normal_draws("on time", 2_000, 0.915, 0.006)),
        ("tickets", normal_draws("tickets", 2_000, 2_600.0, 120.0)),
    ];
    let mut outlook = shop.outlook(period("2027-Q1"), &numbers);
    let pits = [0.3, 0.62, 0.9, 0.45, 0.05, 0.71, 0.5, 0.38, 0.83, 0.55];
    for found in &mut outlook.forecasts {
        let Ok(forecast) = &mut found.forecast else { continue };
        let claim = |(at, pit): (usize, &f64)| Claim {
            period: shop.model.settings.calendar.shift(period("2024-Q3"), at as i64),
            origin: date("2024-06-30"),
            quantiles: [1.0, 2.0, 3.0, 4.0, 5.0],
            actual: 3.0,
            pit: *pit,
        };
        forecast.claims = pits.iter().enumerate().map(claim).collect();
    }
    outlook
}

fn proposed() -> Proposal {
    let shop = shop();
    propose_from(&shop.inputs(), period("2027-Q1"), &by_hand(&shop)).unwrap()
}

#[test]
fn the_json_is_the_contract() {
    insta::assert_json_snapshot!(proposed());
}

#[test]
fn pages_have_what_they_need() {
    let proposal = proposed();
    let details: Vec<_> = proposal
        .targets
        .iter()
        .map(|target| {
            let mut detail = target.detail.clone();
            detail.history.truncate(2);
            detail.quarters.truncate(2);
            detail.record.truncate(1);
            // Every draw, and what is worked out from them: tested where it is made.
            (detail.odds, detail.pace) = (None, None);
            (target.metric.as_str(), detail)
        })
        .collect();
    insta::assert_debug_snapshot!((details, &proposal.cover));
}

#[test]
fn bridges_sum_to_their_targets() {
    let proposal = proposed();
    for target in &proposal.targets {
        let steps = &target.detail.bridge;
        let value = target.proposed.target.unwrap().value;
        let (last, rest) = steps.split_last().unwrap();
        let sum: f64 = rest.iter().map(|step| step.value).sum();
        assert_eq!((last.kind, last.value), (BridgeKind::Level, value), "{}", target.metric);
        assert!((sum - value).abs() <= 1e-9 * value.abs(), "{}: {sum} {value} {steps:#?}", target.metric);
    }
}

#[test]
fn a_metric_without_history_has_a_value_and_no_chance() {
    let proposal = proposed();
    let users = proposal.targets.iter().find(|target| target.metric == "app_users").unwrap();
    let offer = users.proposed.target.unwrap();
    assert_eq!((offer.value, offer.p_hit, users.forecast, &users.claims), (5_000.0, None, None, &None));
    assert_eq!(proposal.joint.excluded, ["app_users"]);
    assert!(users.flags.iter().any(|flag| flag.code == "too_little_history" && flag.message.contains("1 complete")));
    assert!(proposal.joint.p_all.is_some());
}

#[test]
fn no_joint_chance_is_above_a_single_one() {
    let proposal = proposed();
    let single = proposal.targets.iter().filter_map(|target| target.proposed.target.unwrap().p_hit);
    let least = single.fold(1.0, f64::min);
    let joint = &proposal.joint;
    for p in [joint.p_all, joint.p_all_independent, joint.p_all_more_dependent] {
        assert!(p.unwrap() <= least, "{p:?} {least}");
    }
}

#[test]
fn doing_nothing_comes_first_and_the_plan_second() {
    let proposal = proposed();
    let labels: Vec<&str> = proposal.cover.scenarios.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["Doing nothing", "The plan", "Without the depot"]);
    for (target, place) in proposal.targets.iter().zip(0..) {
        let offer = target.proposed.target.unwrap();
        let p = |row: usize| proposal.cover.scenarios[row].targets[place].2;
        assert_eq!((p(0), p(1)), (offer.p_hit_without_plan, offer.p_hit), "{}", target.metric);
    }
}

#[test]
fn needed_is_the_targets_and_what_they_stand_on() {
    let names: Vec<String> = needed(&shop().model, period("2027-Q1")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["app_users", "customers", "on_time_rate", "orders_per_customer", "tickets", "weekly_orders"]);
}

#[test]
fn without_a_plan_every_metric_with_a_direction_is_proposed() {
    let shop = shop();
    let proposal = propose_from(&shop.inputs(), period("2027-Q3"), &shop.outlook(period("2027-Q3"), &[])).unwrap();
    assert_eq!(proposal.targets.len(), 7);
    assert!(proposal.cover.notes[0].starts_with("There is no plan for 2027-Q3"));
}

#[test]
fn a_past_period_is_refused() {
    let shop = shop();
    let error = propose(&shop.inputs(), period("2026-Q4")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "2026-Q4 ended on 2026-12-31, and the data is as of 2026-12-31: there is nothing left to propose"
    );
    let empty = workspace("", "2026-12-31", &[]);
    let error = propose(&empty.inputs(), period("2027-Q1")).unwrap_err();
    assert!(matches!(error, PlanError::NothingToPropose { .. }));
}

const NEW: &str = r#"
source homes { from: "a.csv" time: day }
metric served { unit: households better: higher grain: month reads: last measure: sum(n) from homes at end market: city owner: "a" why: "x" }
metric nps { unit: points better: between 20 and 40 grain: month reads: last measure: recorded score in homes owner: "a" why: "x" }
metric later { unit: homes better: higher grain: month reads: total measure: count() from homes owner: "a" why: "x" }
market city "The city" { unit: households tam: 1_000_000 source: "x" date: 2025-11 }
plan 2027-Q1 {
  target served { method: market 10% of tam by 2027-Q4 because: "x" }
  target nps { because: "x" }
  target later { learn: "a baseline" by 2027-02-28 }
}
"#;

#[test]
fn without_history_the_methods_that_need_none_propose() {
    // Nothing yet, 100,000 in 12 months: a straight line has 25,000 after three. The other paths cannot start from nothing.
    let workspace = workspace(NEW, "2026-12-31", &[("nps", history("2024-01", vec![30.0; 36]))]);
    let outlook = workspace.outlook(period("2027-Q1"), &[("nps", normal_draws("nps", 2_000, 30.0, 10.0))]);
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let [nps, served] = &proposal.targets[..] else { panic!("{:?}", proposal.targets) };
    let offer = served.proposed.target.unwrap();
    assert_eq!((offer.value, offer.p_hit), (25_000.0, None));
    assert_eq!(proposal.joint.excluded, ["served"]);
    // A range is met with the chance of landing in it, P(|z| ≤ 1) = 68.3 %, and has no commit beside it.
    let offer = nps.proposed.target.unwrap();
    assert!((offer.p_hit.unwrap() - 0.683).abs() < 0.002 && offer.value == 30.0 && nps.proposed.commit.is_none());
    assert_eq!((nps.better.as_str(), nps.detail.range), ("between", Some((20.0, 40.0))));
    assert_eq!(proposal.cover.learn, [("later".to_owned(), "a baseline".to_owned(), date("2027-02-28"))]);
}

#[test]
fn an_effect_begins_when_its_initiative_does() {
    // 10 % from 1 March, of 90 days 31: the period gains 3.44 %, January nothing, March 10 %.
    let text = r#"
source shop { from: "a.csv" time: day }
metric sales { unit: sales better: higher grain: month reads: total measure: count() from shop owner: "a" why: "x" }
plan 2027-Q1 {
  target sales { because: "x" }
  initiative push { moves: sales by 10% ships: 100% starts: 2027-03-01 owner: "a" }
}
"#;
    let workspace = workspace(text, "2026-12-31", &[("sales", history("2024-01", vec![100.0; 36]))]);
    let outlook = workspace.outlook(period("2027-Q1"), &[("sales", vec![300.0; 100])]);
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let target = &proposal.targets[0];
    assert!((target.detail.states.unwrap().with_plan.p50 - 300.0 * (1.0 + 0.1 * 31.0 / 90.0)).abs() < 1e-9);
    let months: Vec<f64> = target.detail.fan.iter().map(|(_, fan)| fan.p50).collect();
    assert!(months.iter().zip([100.0, 100.0, 110.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{months:?}");
}

/// The whole way with real forecasts.
fn forecast(shop: &Workspace) -> Proposal {
    propose(&shop.inputs(), period("2027-Q1")).unwrap()
}

#[test]
fn an_unrelated_metric_moves_no_chance_by_a_bit() {
    let mut shop = shop();
    let before = forecast(&shop);
    shop.histories.insert("elsewhere".into(), grown("elsewhere", 50.0, 0.03, 0.1));
    let after = forecast(&shop);
    assert_eq!(before.targets, after.targets);
    shop.histories.remove("elsewhere");
    shop.histories.remove("tickets");
    let without = forecast(&shop);
    for target in before.targets.iter().filter(|target| target.metric != "tickets") {
        let same = without.targets.iter().find(|other| other.metric == target.metric).unwrap();
        assert_eq!((target.proposed, target.forecast, &target.methods), (same.proposed, same.forecast, &same.methods));
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let text = |proposal: &Proposal| format!("{}{proposal:?}", serde_json::to_string(proposal).unwrap());
    assert_eq!(text(&forecast(&shop())), text(&forecast(&shop())));
}

#[test]
fn json_has_no_number_that_is_none() {
    let text = serde_json::to_string(&forecast(&shop())).unwrap();
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

#[test]
fn shares_and_chances_stay_in_their_range() {
    let proposal = forecast(&shop());
    let rate = proposal.targets.iter().find(|target| target.metric == "on_time_rate").unwrap();
    for row in &rate.methods {
        if let MethodRow::Given { p10, p50, p90, .. } = row {
            assert!(0.0 <= *p10 && p10 <= p50 && p50 <= p90 && *p90 <= 1.0, "{row:?}");
        }
    }
    let guards = proposal.targets.iter().flat_map(|target| &target.guards);
    assert!(guards.filter_map(|guard| guard.p_breach).all(|p| (0.0..=1.0).contains(&p)));
}

#[test]
fn set_in_the_middle_of_the_period() {
    let mut shop = shop();
    shop.as_of = date("2027-02-10");
    let proposal = forecast(&shop);
    let flag = proposal.targets[0].flags.iter().find(|flag| flag.code == "set_mid_period").unwrap();
    assert!(flag.message.starts_with("Set on day 41 of 90"), "{flag:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_history_breaks_a_proposal(values in prop::collection::vec(prop::option::weighted(0.9, -1e9..1e9f64), 0..40), share in prop::collection::vec(0.0..1.0f64, 0..30)) {
        let start = period("2022-01");
        let wild = History { grain: start.grain(), start, values, weights: vec![], partial: None, quarters: vec![] };
        let mut shop = shop();
        shop.paths = 200;
        shop.histories.insert("tickets".into(), wild);
        shop.histories.insert("on_time_rate".into(), history("2023-05", share));
        let inputs: Inputs<'_> = shop.inputs();
        let proposal = propose(&inputs, period("2027-Q1")).unwrap();
        prop_assert_eq!(proposal.targets.len(), 4);
        for target in &proposal.targets {
            if let Some(offer) = target.proposed.target {
                prop_assert!(offer.value.is_finite());
                prop_assert!(offer.p_hit.is_none_or(|p| (0.0..=1.0).contains(&p)));
                let least = proposal.joint.p_all.filter(|_| offer.p_hit.is_some());
                prop_assert!(least.is_none_or(|all| Some(all) <= offer.p_hit));
            }
            if let Some((last, rest)) = target.detail.bridge.split_last() {
                let sum: f64 = rest.iter().map(|step| step.value).sum();
                let scale: f64 = rest.iter().map(|step| step.value.abs()).sum();
                prop_assert!((sum - last.value).abs() <= 1e-9 * scale.max(1e-9), "{} {:?}", sum, target.detail.bridge);
            }
        }
    }
}
