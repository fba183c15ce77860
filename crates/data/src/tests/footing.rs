//! Parts of one formula stand on a common footing.

use super::support::{daily, workspace};

const DEFINITIONS: &str = r#"
source orders { from: "orders.csv" time: date }
source known { from: "known.csv" time: week }
metric orders { unit: orders grain: week measure: count() from orders }
metric average_orders { unit: orders grain: week reads: average week measure: count() from orders }
metric customers { unit: customers grain: week reads: average week measure: recorded customers in known }
metric total { unit: customers grain: week reads: total measure: recorded customers in known }
metric buyers { unit: customers grain: week reads: average week measure: count_distinct(customer) from orders }
metric per_known { unit: orders per customer grain: week measure: orders / customers }
metric per_known_too { unit: orders per customer grain: week measure: average_orders / customers }
metric per_total { unit: orders per customer grain: week measure: orders / total }
metric per_buyer { unit: orders per customer grain: week measure: orders / buyers }
metric per_buyer_then { unit: orders per customer grain: week measure: (orders / buyers) over trailing 2 weeks }
metric per_known_then { unit: orders per customer grain: week measure: (orders / customers) over trailing 2 weeks }
metric back { unit: orders grain: week reads: whole measure: customers * per_known }
metric both { unit: orders per customer grain: week measure: (orders + orders) / customers }
"#;

/// Quarters of a metric over two orders a day, of the same two customers on even days and of one on odd ones, with 10
/// recorded customers in each week of the first quarter of 2024 and 20 in each of the second.
#[track_caller]
fn check(metric: &str, weeks: &[f64], quarters: &[f64]) {
    let orders = daily("date,customer", "2024-01-01", 182, |day, date| {
        format!("a\n{date},{}", if day % 2 == 0 { "b" } else { "a" })
    });
    let known = (0..26).fold("week,customers\n".to_owned(), |text, week| {
        let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(7 * week);
        text + &format!("{start},{}\n", if week < 13 { 10 } else { 20 })
    });
    let observed = workspace(DEFINITIONS, &[("orders.csv", &orders), ("known.csv", &known)]).read(metric);
    let found: Vec<f64> = observed.history.values.iter().flatten().copied().collect();
    let at = |at: usize| found.get(at).copied().unwrap_or(f64::NAN);
    assert_eq!((at(3), at(20)), (weeks[0], weeks[1]), "{metric} by the week");
    let found: Vec<f64> =
        observed.history.quarters.iter().filter(|quarter| quarter.complete).map(|quarter| quarter.value).collect();
    assert_eq!(found.len(), 2, "{metric} {:?}", observed.history.quarters);
    for (found, expect) in found.iter().zip(quarters) {
        assert!((found - expect).abs() < 1e-12, "{metric}: {found}, not {expect}");
    }
}

#[test]
fn flows_beside_an_average_are_averages_too() {
    check("customers", &[10.0, 20.0], &[10.0, 20.0]);
    for metric in ["per_known", "per_known_too"] {
        check(metric, &[1.4, 0.7], &[1.4, 0.7]);
    }
    check("both", &[2.8, 1.4], &[2.8, 1.4]);
    check("back", &[14.0, 14.0], &[14.0, 14.0]);
}

#[test]
fn totals_stay_beside_totals() {
    check("total", &[10.0, 20.0], &[130.0, 260.0]);
    check("per_total", &[1.4, 0.7], &[1.4, 0.7]);
}

#[test]
fn distinct_counts_are_read_as_they_say() {
    check("buyers", &[2.0, 2.0], &[2.0, 2.0]);
    check("per_buyer", &[7.0, 7.0], &[7.0, 7.0]);
    // A window counts different customers afresh, beside the orders of the same days.
    check("per_buyer_then", &[14.0, 14.0], &[14.0, 14.0]);
    check("per_known_then", &[1.4, 0.7], &[1.4, 0.7]);
}

#[test]
fn a_week_that_straddles_quarters_counts_with_its_days() {
    // 2025-Q2 holds six days of the week of 31 March and one of that of 30 June.
    let orders = daily("date", "2025-03-31", 98, |_, _| String::new()).replace(",\n", "\n");
    let known = "week,customers\n2025-03-31,70\n2025-04-07,14\n2025-04-14,14\n2025-04-21,14\n2025-04-28,14\n2025-05-05,14\n2025-05-12,14\n2025-05-19,14\n2025-05-26,14\n2025-06-02,14\n2025-06-09,14\n2025-06-16,14\n2025-06-23,14\n2025-06-30,28\n";
    let observed = workspace(DEFINITIONS, &[("orders.csv", &orders), ("known.csv", known)]).read("per_known");
    let quarter = observed.history.quarters.iter().find(|quarter| quarter.period.to_string() == "2025-Q2").unwrap();
    let customers = (6.0 * 70.0 + 84.0 * 14.0 + 28.0) / 91.0;
    assert!(quarter.complete && (quarter.value - 7.0 / customers).abs() < 1e-15, "{quarter:?}");
}
