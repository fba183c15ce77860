//! The worked answers of a product metrics course, out of `examples/grocery`, each with its arithmetic.

use crate::harness::Workspace;
use serde_json::Value;

/// The targets proposed for a period of the example, by metric.
fn targets(period: &str) -> impl Fn(&str) -> Value {
    let object = Workspace::example("grocery").qd(&["propose", period, "--json", "--dry-run"]).exits(0).json();
    move |metric| {
        object["targets"].as_array().unwrap().iter().find(|target| target["metric"] == metric).unwrap().clone()
    }
}

/// The medians of a method's variants.
fn medians(target: &Value, method: &str) -> Vec<f64> {
    let methods = target["methods"].as_array().unwrap();
    let found = methods.iter().find(|row| row["name"] == method).unwrap();
    found["variants"].as_array().unwrap().iter().map(|variant| variant["p50"].as_f64().unwrap()).collect()
}

#[track_caller]
fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "found {found}, expected {expected} within {within}");
}

#[test]
fn two_thirds_of_the_gap_to_a_competitor() {
    // 7 % today, 10 % there: 7 + 2/3 × (10 − 7) = 9 %.
    let checkout = targets("2027-Q4")("checkout_rate");
    near(medians(&checkout, "benchmark")[0], 0.09, 1e-9);
}

#[test]
fn a_tenth_of_the_market_along_three_paths() {
    // 50,000 of 1,000,000 households, 100,000 in 24 months; after 12 of them:
    // on a line half of the 50,000 more; exponential 50,000 × √(100,000 / 50,000) = 70,711;
    // logistic with the market as its cap: odds 1/19 → 1/9, so √(1/19 × 1/9) = 1/13.08, a share of 1 / 14.08 = 7.104 %.
    let households = targets("2027-Q4")("households_served");
    let found = medians(&households, "market");
    for (found, expected) in found.iter().zip([75_000.0, 70_711.0, 71_039.0]) {
        near(*found, expected, 1.0);
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn one_point_more_on_the_monthly_rate() {
    // 10,000 in the last month and 5 % more each month; a point more is 6 %: 10,600 next month. The tenth to twelfth month
    // on, which are the quarter's, sum to 10,000 × (1.06^10 + 1.06^11 + 1.06^12) in place of the same with 1.05.
    let sum = |rate: f64| (10..=12).map(|month| 10_000.0 * rate.powi(month)).sum::<f64>();
    let sign_ups = targets("2027-Q4")("sign_ups");
    let found = medians(&sign_ups, "trend");
    let (stretched, plain) = (found[0], found[1]);
    near(stretched / plain, sum(1.06) / sum(1.05), 1e-3);
    let last = Workspace::example("grocery").qd(&["series", "sign_ups", "--json"]).exits(0).json();
    near(last["points"].as_array().unwrap().last().unwrap()["value"].as_f64().unwrap(), 10_000.0, 1.0);
}

#[test]
fn three_campaigns_together() {
    // Each lognormal with median 5,000 and σ 0.5, so 8 of 10 between 2,634 and 9,490: P(sum ≥ 15,000) = 0.604 by quadrature.
    let campaigns = targets("2027-Q2")("campaign_sign_ups");
    assert_eq!(campaigns["proposed"]["target"]["value"], 15_000.0);
    near(campaigns["proposed"]["target"]["p_hit"].as_f64().unwrap(), 0.604, 0.02);
}

#[test]
fn a_parent_objective_solved_for_its_input() {
    // 4 pp of the parent at 0.25 pp per 1 %: 4 / 0.25 = 16 %; the stretch of 4 % is added: 20 % over the forecast.
    let households = targets("2027-Q2")("households_served");
    let forecast = households["forecast"]["p50"].as_f64().unwrap();
    near(medians(&households, "objective")[0] / forecast, 1.20, 1e-9);
    // A slope quoted for 1 % is used 16 times as far, and the proposal says so.
    let flags = households["flags"].as_array().unwrap();
    let far = flags.iter().find(|flag| flag["code"] == "slope_out_of_range").unwrap();
    assert!(far["message"].as_str().unwrap().contains("16"), "{far}");
}

#[test]
fn a_funnel_is_the_product_of_its_steps() {
    // 0.70 × 0.80 × 0.50 × 0.90 = 25.2 %, and not the 23.5 % printed elsewhere.
    let funnel = Workspace::example("grocery").qd(&["series", "funnel_rate", "--json"]).exits(0).json();
    near(funnel["points"].as_array().unwrap().last().unwrap()["value"].as_f64().unwrap(), 0.252, 1e-12);
}
