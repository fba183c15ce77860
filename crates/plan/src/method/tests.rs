#![allow(clippy::unwrap_used, clippy::panic)]
//! The known answers of the methods, each with its arithmetic.

use super::{Pathway, along};
use crate::fixture::{Workspace, history, normal_draws, period, workspace};
use crate::proposal::{MethodRow, Proposal, TargetProposal, Variant};
use crate::propose::propose_from;

fn proposed(workspace: &Workspace, of: &str, numbers: &[(&str, Vec<f64>)]) -> Proposal {
    propose_from(&workspace.inputs(), period(of), &workspace.outlook(period(of), numbers)).unwrap()
}

fn target<'a>(proposal: &'a Proposal, metric: &str) -> &'a TargetProposal {
    proposal.targets.iter().find(|target| target.metric == metric).unwrap()
}

fn variants<'a>(target: &'a TargetProposal, method: &str) -> &'a [Variant] {
    match target.methods.iter().find(|row| matches!(row, MethodRow::Given { name, .. } if name == method)) {
        Some(MethodRow::Given { variants, .. }) => variants,
        _ => panic!("{method} has no input: {:#?}", target.methods),
    }
}

fn missing<'a>(target: &'a TargetProposal, method: &str) -> &'a str {
    match target.methods.iter().find(|row| matches!(row, MethodRow::Missing { name, .. } if name == method)) {
        Some(MethodRow::Missing { missing, .. }) => missing,
        _ => panic!("{method} has input"),
    }
}

const SIGN_UPS: &str = r#"
source accounts { from: "a.csv" time: day }
metric sign_ups "New accounts" {
  unit: accounts
  better: higher
  grain: month
  reads: total
  measure: sum(n) from accounts
  owner: "growth@grocer.example"
  why: "x"
}
plan 2027-Q1 {
  target sign_ups { method: trend stretch +1pp because: "x" }
}
plan 2027-Q2 {
  target sign_ups { method: trend stretch +5% method: trend stretch confidence 70% method: trend because: "x" }
}
"#;

#[test]
fn a_point_on_the_growth_rate() {
    // The last month had 10,000 and each month 5 % more than the one before. The forecast goes on so: 10,500, 11,025, 11,576.25.
    // One point more is 6 %: 10,600 next month, then 11,236 and 11,910.16, together 33,746.16.
    let past = (0..24).map(|month| 10_000.0 * libm::pow(1.05, f64::from(month) - 23.0));
    let workspace = workspace(SIGN_UPS, "2026-12-31", &[("sign_ups", history("2025-01", past))]);
    let mut outlook = workspace.outlook(period("2027-Q1"), &[("sign_ups", vec![33_101.25; 50])]);
    if let Some(Ok(forecast)) = outlook.forecasts.first_mut().map(|found| found.forecast.as_mut()) {
        let rows = [10_500.0, 11_025.0, 11_576.25].repeat(50);
        forecast.paths = quarterdeck_forecast::Paths::new(rows, 3);
    }
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let stretched = &variants(target(&proposal, "sign_ups"), "trend")[0];
    assert!((stretched.p50 - 33_746.16).abs() < 0.01, "{stretched:?}");
    let told = stretched.workings.iter().filter(|line| line.contains("10,600 accounts")).count();
    assert_eq!(told, 2, "{:?}", stretched.workings);
}

#[test]
fn stretches_by_a_percentage_and_to_a_chance() {
    let past = (0..24).map(|_| 1_000.0);
    let workspace = workspace(SIGN_UPS, "2027-03-31", &[("sign_ups", history("2025-04", past))]);
    let numbers = [("sign_ups", normal_draws("x", 2_000, 3_000.0, 100.0))];
    let proposal = proposed(&workspace, "2027-Q2", &numbers);
    let [relative, confident, plain] = variants(target(&proposal, "sign_ups"), "trend") else { panic!() };
    assert!((relative.p50 - 3_150.0).abs() < 0.1 && (plain.p50 - 3_000.0).abs() < 0.1);
    // 70 % lie above the mean less 0.5244 spreads.
    assert!((confident.p50 - (3_000.0 - 52.44)).abs() < 0.2 && confident.p10 == confident.p90);
}

const CHECKOUT: &str = r#"
source visits { from: "a.csv" time: day }
metric checkout "Visits that end in an order" {
  unit: share
  better: higher
  grain: month
  measure: (sum(paid) / sum(visits)) from visits
  owner: "checkout@grocer.example"
  why: "x"
  benchmark rival "Rival" { value: 10% source: "x" date: 2026-09 }
  benchmark later "Later" { value: 12% source: "x" date: 2027-03 }
}
plan 2027-Q1 {
  target checkout { method: benchmark rival close 2/3 by 2027-Q1 method: benchmark rival close 2/3 by 2027-Q4 because: "x" }
}
plan 2027-Q2 { target checkout { method: benchmark later close 1/2 by 2027-Q4 because: "x" } }
"#;

#[test]
fn two_thirds_of_a_gap() {
    // 7 % to 10 % is a gap of 3 points, two thirds of it are 2: 9 % at the end. Of four quarters one brings half a point: 7.5 %.
    let workspace = workspace(CHECKOUT, "2026-12-31", &[("checkout", history("2024-01", vec![0.07; 36]))]);
    let proposal = proposed(&workspace, "2027-Q1", &[("checkout", normal_draws("x", 500, 0.07, 0.002))]);
    let [now, later, ..] = variants(target(&proposal, "checkout"), "benchmark") else { panic!() };
    assert!((now.p50 - 0.09).abs() < 1e-12 && (later.p50 - 0.075).abs() < 1e-12, "{now:?} {later:?}");
    let proposal = proposed(&workspace, "2027-Q2", &[("checkout", normal_draws("x", 500, 0.07, 0.002))]);
    assert!(missing(target(&proposal, "checkout"), "benchmark").contains("ignored"));
}

#[test]
fn three_paths_to_a_share_of_the_market() {
    // 50,000 of 1,000,000 households, 100,000 in 24 months, half way: 75,000; 50,000·√2 = 70,711; the logit goes from
    // ln(5/95) to ln(10/90), half way −2.5708: 71,039.
    for (pathway, expect) in
        [(Pathway::Linear, 25_000.0), (Pathway::Exponential, 20_711.0), (Pathway::Logistic, 21_039.0)]
    {
        let more = along(pathway, 50_000.0, 100_000.0, 0.5, 1e6).unwrap() - 50_000.0;
        assert!((more - expect).abs() < 1.0, "{pathway:?}: {more}");
    }
    assert_eq!(along(Pathway::Logistic, 2e6, 1e5, 0.5, 1e6), None);
    assert_eq!(along(Pathway::Exponential, 0.0, 1e5, 0.5, 1e6), None);
}

const HOUSEHOLDS: &str = r#"
source households { from: "a.csv" time: day }
metric households_served "Households with an account" {
  unit: households
  better: higher
  grain: month
  reads: last
  measure: sum(n) from households at end
  owner: "growth@grocer.example"
  why: "x"
  market: cities
}
metric checkout "Checkout" {
  unit: share
  better: higher
  grain: month
  measure: (sum(paid) / sum(visits)) from households
  owner: "growth@grocer.example"
  why: "x"
}
market cities "Households in our cities" { unit: households tam: 1_000_000 source: "x" date: 2026-11 }
plan 2027-Q4 { target households_served { method: market 10% of tam by 2028-Q4 because: "x" } }
plan 2027-Q1 {
  target households_served {
    method: objective checkout +4pp at 0.25pp per 1%
    method: objective checkout +4pp at 0.25pp per 1% stretch 4%
    because: "x"
  }
}
plan 2027-Q2 { target households_served { method: objective checkout +4pp at -0.05pp to 0.5pp per 1% because: "x" } }
"#;

#[test]
fn the_market_method_counts_months() {
    let workspace =
        workspace(HOUSEHOLDS, "2026-12-31", &[("households_served", history("2024-01", vec![50_000.0; 36]))]);
    let numbers = [("households_served", normal_draws("x", 500, 50_000.0, 1_000.0))];
    let proposal = proposed(&workspace, "2027-Q4", &numbers);
    let [linear, exponential, logistic] = variants(target(&proposal, "households_served"), "market") else { panic!() };
    for (variant, expect) in [(linear, 75_000.0), (exponential, 70_711.0), (logistic, 71_039.0)] {
        assert!((variant.p50 - expect).abs() < 1.0, "{variant:?}");
    }
}

#[test]
fn a_slope_is_turned_round() {
    // 4 pp at 0.25 pp per 1 %: 4 / 0.25 × 1 % = 16 %; 4 % of stretch are added to the answer: 20 %.
    let histories = [
        ("households_served", history("2024-01", vec![50_000.0; 36])),
        ("checkout", history("2024-01", vec![0.07; 36])),
    ];
    let workspace = workspace(HOUSEHOLDS, "2026-12-31", &histories);
    let numbers = [("households_served", normal_draws("x", 501, 50_000.0, 1_000.0))];
    let proposal = proposed(&workspace, "2027-Q1", &numbers);
    let households = target(&proposal, "households_served");
    let [plain, stretched] = variants(households, "objective") else { panic!() };
    assert!((plain.p50 / 50_000.0 - 1.16).abs() < 1e-9 && (stretched.p50 / 50_000.0 - 1.20).abs() < 1e-9);
    let flags: Vec<&str> = households
        .flags
        .iter()
        .filter(|flag| flag.code == "slope_out_of_range")
        .map(|flag| flag.message.as_str())
        .collect();
    assert_eq!(flags.len(), 1);
    assert!(flags[0].contains("quoted for 1 % and used for 16 %: 16 times as far"), "{flags:?}");
    // −0.05 to 0.5 in 8 of 10: mean 0.225, spread 0.215; P(≤ 0) = 15 %: refused.
    let workspace = crate::fixture::workspace(HOUSEHOLDS, "2027-03-31", &histories);
    let proposal = proposed(&workspace, "2027-Q2", &numbers);
    assert!(missing(target(&proposal, "households_served"), "objective").contains("15 %"));
}

const TREE: &str = r#"
source shop { from: "a.csv" time: day }
metric customers { unit: customers better: higher grain: month reads: average month measure: sum(n) from shop owner: "a" why: "x" }
metric basket { unit: GBP per customer better: higher grain: month reads: average month measure: mean(amount) from shop owner: "a" why: "x" }
metric revenue { unit: GBP better: higher grain: month reads: average month measure: customers * basket owner: "a" why: "x" }
plan 2027-Q1 { target customers { method: objective revenue +10% because: "x" } }
"#;

#[test]
fn the_tree_is_solved_path_by_path() {
    // revenue = customers × basket. On each path customers must be 1.1 × the middle revenue over that path's basket: with a
    // basket of 40 or 50 and a middle revenue of 4,500 that is 123.75 or 99.
    let flat = |value: f64| history("2024-01", vec![value; 36]);
    let histories = [("customers", flat(100.0)), ("basket", flat(45.0)), ("revenue", flat(4500.0))];
    let workspace = workspace(TREE, "2026-12-31", &histories);
    let baskets: Vec<f64> = [40.0, 50.0, 45.0].repeat(201);
    let revenues: Vec<f64> = baskets.iter().map(|basket| 100.0 * basket).collect();
    let numbers = [("customers", vec![100.0; 603]), ("basket", baskets), ("revenue", revenues)];
    let proposal = proposed(&workspace, "2027-Q1", &numbers);
    let [solved] = variants(target(&proposal, "customers"), "objective") else { panic!() };
    let ends = [solved.p10, solved.p50, solved.p90];
    for (value, expect) in ends.into_iter().zip([99.0, 110.0, 123.75]) {
        assert!((value - expect).abs() < 1e-6, "{ends:?}");
    }
}

#[test]
fn how_fast_such_gaps_closed_before() {
    // 4 % to 7 % in steps of a quarter: each quarter closes 0.25 pp of the gap to 10 %, of 6 points at first (4.2 %), of 3.25 at
    // last (7.7 %). The middle of twelve steps lies between 0.25 / 4.75 and 0.25 / 4.5: 5.41 %, from 7 % on to 7.16 %. Two
    // thirds at once never happened.
    let past = (0..39).map(|month| 0.04 + 0.0025 * f64::from(month / 3));
    let workspace = workspace(CHECKOUT, "2026-12-31", &[("checkout", history("2023-10", past))]);
    let proposal = proposed(&workspace, "2027-Q1", &[("checkout", normal_draws("x", 500, 0.07, 0.002))]);
    let [now, _, before] = variants(target(&proposal, "checkout"), "benchmark") else { panic!() };
    assert!((before.p50 - 0.07 - 0.03 * 0.0541).abs() < 2e-5, "{before:?}");
    assert_eq!(before.label, "as fast as the gap to Rival closed before (12 spans)");
    let told = now.workings.iter().find(|line| line.contains("past spans")).unwrap();
    assert!(
        told.contains("5.41 % of the gap to Rival closed in the middle of 12 past spans")
            && told.contains("in 0 of them"),
        "{told}"
    );
}
