//! Columns of other sources, found through their keys. The expected numbers are counted by hand.

use super::support::{shown, workspace};
use crate::Wanted;
use quarterdeck_lang::model::{Filter, RowOp, Slice};

const DEFINITIONS: &str = r#"
source orders {
  from: "orders.csv" time: date key: id
  join: customers on customer
  column local "In the customer's own city": city = customers.city
}
source customers {
  from: "customers.csv" key: id where: status != "test"
  join: countries on country
  column eu: countries.union = "EU"
}
source countries { from: "countries.csv" key: code }
segment european of orders { where: customers.eu }
metric all { unit: orders grain: month measure: count() from orders }
metric british { unit: orders grain: month measure: count() from orders where customers.country = "GB" }
metric not_british { unit: orders grain: month measure: count() from orders where customers.country != "GB" }
metric known { unit: orders grain: month measure: count() from orders where customers.country is not null }
metric european { unit: orders grain: month measure: count() from orders where in segment european }
metric weight { unit: kg grain: month measure: sum(customers.weight * amount) from orders }
metric countries { unit: countries grain: month measure: count_distinct(customers.country) from orders }
metric local { unit: orders grain: month measure: count() from orders where local }
metric young { unit: orders grain: month measure: count() from orders where date - customers.since <= 10 days }
"#;

const ORDERS: &str = "id,date,customer,amount,city\n1,2024-01-01,7,2,York\n2,2024-01-05,8,1.5,Paris\n3,2024-01-20,9,1,York\n\
    4,2024-01-31,,1,York\n5,2024-02-01,7,1,Leeds\n6,2024-02-29,10,3,York\n";
const CUSTOMERS: &str = "id,country,weight,status,city,since\n7,GB,1.1,,York,2023-12-25\n8,FR,2,,Paris,2023-01-01\n10,GB,9,test,York,2024-02-28\n\
    11,,1,,York,2024-01-01\n";
const COUNTRIES: &str = "code,union\nFR,EU\nGB,\n";

const FILES: [(&str, &str); 3] = [("orders.csv", ORDERS), ("customers.csv", CUSTOMERS), ("countries.csv", COUNTRIES)];

#[test]
fn joined_columns_stand_in_conditions_and_aggregates() {
    let workspace = workspace(DEFINITIONS, &FILES);
    for (metric, expect) in [
        ("all", "2024-01: 4 2 [2024-Q1: 6 through 2024-02-29]"),
        // Orders 1 and 5; that of the customer 10, who is a test, has no partner.
        ("british", "2024-01: 1 1 [2024-Q1: 2 through 2024-02-29]"),
        ("not_british", "2024-01: 3 1 [2024-Q1: 4 through 2024-02-29]"),
        ("known", "2024-01: 2 1 [2024-Q1: 3 through 2024-02-29]"),
        ("european", "2024-01: 1 0 [2024-Q1: 1 through 2024-02-29]"),
        // 1.1 × 2 + 2 × 1.5, then 1.1 × 1.
        ("weight", "2024-01: 5.2 1.1 [2024-Q1: 6.3 through 2024-02-29]"),
        ("countries", "2024-01: 2 1 [2024-Q1: 2 through 2024-02-29]"),
        ("local", "2024-01: 2 0 [2024-Q1: 2 through 2024-02-29]"),
        ("young", "2024-01: 1 0 [2024-Q1: 1 through 2024-02-29]"),
    ] {
        assert_eq!(workspace.shown(metric), expect, "{metric}");
    }
    assert!(workspace.read("british").sql.join("\n").contains("LEFT JOIN"));
    assert_eq!(workspace.read("european").sources, ["countries", "customers", "orders"]);
    assert_eq!(workspace.read("all").sources, ["orders"]);
    assert!(!workspace.read("all").sql.join("\n").contains("LEFT JOIN"));
}

#[test]
fn joined_columns_slice() {
    let workspace = workspace(DEFINITIONS, &FILES);
    let joined = Filter::Joined { source: "customers".into(), column: "country".into() };
    let filter = Filter::Binary(RowOp::Equal, Box::new(joined), Box::new(Filter::Text("FR".into())));
    let slice = Some(Slice { text: "customers.country = \"FR\"".into(), filter });
    let wanted = [Wanted { metric: "all".into(), slice }];
    let loaded = workspace.load_wanted(&wanted, None).unwrap();
    let observed = loaded.metrics.get(&wanted[0].series_name()).unwrap();
    assert_eq!(shown(observed), "2024-01: 1 0 [2024-Q1: 1 through 2024-02-29]");
}

#[test]
fn expectations_may_name_joined_columns() {
    let definitions =
        DEFINITIONS.replace("key: id\n  join: customers", "key: id\n  expect: customers.weight < 2\n  join: customers");
    let workspace = workspace(&definitions, &FILES);
    let findings = crate::check_data(workspace.folder.path(), &workspace.model, None).unwrap().findings;
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    let expect = "source `orders` expects `customers.weight < 2`, and 1 row does not fulfil it in `orders.csv`, line 3";
    assert_eq!(messages, [expect]);
}

#[test]
fn two_rows_of_one_key_are_refused() {
    let twice = CUSTOMERS.replace("11,,1", "7,,1");
    let files = [FILES[0], ("customers.csv", twice.as_str()), FILES[2]];
    let workspace = workspace(DEFINITIONS, &files);
    insta::assert_snapshot!(workspace.error("british"));
    // What does not look at customers is not held up by them.
    assert_eq!(workspace.shown("all"), "2024-01: 4 2 [2024-Q1: 6 through 2024-02-29]");
}

#[test]
fn rows_that_do_not_count_fan_nothing_out() {
    let twice = CUSTOMERS.replace("11,,1,", "7,,1,test");
    let files = [FILES[0], ("customers.csv", twice.as_str()), FILES[2]];
    assert_eq!(workspace(DEFINITIONS, &files).shown("british"), "2024-01: 1 1 [2024-Q1: 2 through 2024-02-29]");
}

#[test]
fn keys_are_compared_by_what_they_are() {
    // A key that is also computed with is a number there and a text here.
    let definitions = "source a { from: \"a.csv\" time: date join: b on who }
        source b { from: \"b.csv\" key: id column odd: id > 7 }
        metric odd { unit: rows grain: month measure: count() from a where b.odd }";
    let files = [("a.csv", "date,who\n2024-01-01,7\n2024-01-02,8\n2024-01-31,08\n"), ("b.csv", "id\n7\n8\n")];
    assert_eq!(workspace(definitions, &files).shown("odd"), "2024-01: 2 [2024-Q1: 2 through 2024-01-31]");
}

#[test]
fn entries_and_steps_may_be_chosen_by_joined_columns() {
    let definitions = format!(
        "{DEFINITIONS}
        metric again {{ unit: share grain: month
          measure: conversion from orders where customers.country = \"GB\" to orders by customer within 2 months }}
        metric through {{ unit: share grain: month
          measure: funnel from orders by customer within 2 months {{
            step home: customers.country = \"GB\" and city = \"York\"
            step away: city != customers.city
          }} }}"
    );
    // A row a day by nobody until May, so that the months of January and February are over.
    let nobody = super::support::daily("", "2024-01-01", 121, |_, _| String::new());
    let nobody: String = nobody.lines().skip(1).map(|line| format!("0,{}\n", line.replace(',', ",,0,"))).collect();
    let orders = format!("{ORDERS}{nobody}");
    let files = [("orders.csv", orders.as_str()), FILES[1], FILES[2]];
    let workspace = workspace(&definitions, &files);
    // Customer 7 orders in January and February, and leads from York to Leeds.
    for metric in ["again", "through"] {
        let history = workspace.read(metric).history;
        assert_eq!(history.values.first(), Some(&Some(1.0)), "{metric}");
    }
    assert_eq!(workspace.read("again").history.values.get(1), Some(&Some(0.0)));
}
