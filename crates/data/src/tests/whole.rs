//! The one query of a metric, run by a plain DataFusion that knows nothing of ours: its values are those of the series.

use super::support::{Workspace, workspace, workspace_with};
use chrono::{Datelike, Days, NaiveDate};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type};
use datafusion::common::TableReference;
use datafusion::prelude::{CsvReadOptions, SessionContext};
use std::collections::BTreeMap;

const SOURCES: &str = r#"
source orders {
  from: "orders.csv"
  time: day
  key: id
  join: customers on customer
  where: status != "test"
  column large: amount >= 100
}
source customers { from: "customers.csv"  key: name }
source score { from: "score.csv"  time: month }
source sign_ups { from: "sign_ups.csv"  time: at }
source events { from: "events.csv"  time: at }
segment abroad of orders { where: customers.country != "UK" }
"#;

/// What standard SQL can say, each with its own kind of aggregate, formula or window.
const METRICS: &str = r#"
metric placed { unit: orders  grain: week  measure: count() from orders }
metric paid { unit: orders  grain: week  measure: count() from orders where status = "paid" and large }
metric revenue { unit: USD  grain: month  measure: sum(amount) from orders where status = "paid" }
metric basket { unit: USD per order  grain: week  measure: (sum(amount) / count()) from orders where status = "paid" }
metric typical { unit: USD  grain: month  measure: mean(amount) from orders }
metric smallest { unit: USD  grain: month  measure: min(amount) from orders }
metric largest { unit: USD  grain: month  measure: max(amount) from orders }
metric middle { unit: USD  grain: month  measure: median(amount) from orders }
metric high { unit: USD  grain: month  measure: percentile(amount, 90) from orders }
metric spread { unit: USD  grain: month  measure: stddev(amount) from orders }
metric clipped { unit: USD  grain: month  measure: sum(amount) from orders  clip: 5% to 95% }
metric people { unit: people  grain: month  measure: count_distinct(customer) from orders }
metric active { unit: people  grain: week  measure: count_distinct(customer) from orders over trailing 28 days }
metric so_far { unit: USD  grain: month  measure: sum(amount) from orders over year to date }
metric ever { unit: people  grain: month  measure: count_distinct(customer) from orders over all time }
metric foreign { unit: share  grain: month  measure: (count() from orders where in segment abroad) / (count() from orders) }
metric rate { unit: share  grain: week  measure: paid / placed }
metric smooth { unit: share  grain: week  measure: rate over trailing 4 weeks }
metric happy { unit: points  grain: month  reads: last  measure: recorded nps in score where market = "all" }
metric back { unit: share  grain: month  measure: retention from orders to orders where large by customer after 7 days for 30 days }
metric first_buy { unit: share  grain: week  measure: conversion from sign_ups to orders where status = "paid" by customer within 14 days }
metric first_buys { unit: people  grain: month  measure: conversion count from sign_ups to orders by customer within 1 month }
metric again { unit: share  grain: month  measure: conversion from orders where large to orders by customer within 10 days }
metric gone { unit: share  grain: month  measure: churn from orders by customer per month }
metric path {
  unit: share
  grain: week
  measure: funnel from events by session within 2 hours {
    step seen: name = "view"
    step chosen: name = "add"
    step bought: name = "paid"
  }
}
metric mixed { unit: points  grain: month  reads: whole  measure: coalesce(happy, 0) - 2 * happy + 1 }
"#;

/// What it cannot say: each is `None`, and not something else.
const UNSAID: &str = r#"
metric growth { unit: ratio  grain: month  measure: revenue / (revenue ago 1 year) - 1 }
metric level { unit: USD  grain: month  measure: sum(amount) from orders at end per customer }
metric restated { unit: orders  grain: week  measure: count() from orders  changed 2025-06-01 "Half" { restate: before / 2 } }
"#;

fn files() -> Vec<(&'static str, String)> {
    let first: NaiveDate = "2024-11-20".parse().unwrap();
    let mut state = 11u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut orders = "id,customer,day,status,amount\n".to_owned();
    let mut id = 0;
    for day in 0..500 {
        let date = first + Days::new(day);
        for _ in 0..1 + next(4) {
            id += 1;
            let status = ["paid", "paid", "open", "test"][next(4) as usize];
            orders += &format!("{id},c{},{date},{status},{:.2}\n", next(60), next(20_000) as f64 / 100.0);
        }
    }
    let mut customers = "name,country\n".to_owned();
    (0..60).for_each(|name| customers += &format!("c{name},{}\n", ["UK", "FR", "DE"][name % 3]));
    let mut score = "month,market,nps\n".to_owned();
    for month in 0..16 {
        let date = NaiveDate::from_ymd_opt(2024 + (11 + month) / 12, 1 + ((11 + month) % 12) as u32, 1).unwrap();
        score += &format!("{date},all,{}\n{date},uk,{}\n", 30 + month % 7, date.month());
    }
    let mut sign_ups = "customer,at\n".to_owned();
    (0..480).for_each(|day| sign_ups += &format!("c{},{}\n", day % 61, first + Days::new(day)));
    let mut events = "session,at,name\n".to_owned();
    for row in 0..6_000u64 {
        let minutes = row * 110;
        let (day, minute) = (first + Days::new(minutes / 1440), minutes % 1440);
        // Sessions of up to three views, adds and payments, some of them too slow or the wrong way round.
        for _ in 0..1 + next(3) {
            let after = minute + next(200);
            let (hour, minute) = ((after / 60).min(23), after % 60);
            let name = ["view", "view", "add", "paid"][next(4) as usize];
            events += &format!("s{},{day}T{hour:02}:{minute:02}:00,{name}\n", row / 4);
        }
    }
    vec![
        ("sign_ups.csv", sign_ups),
        ("events.csv", events),
        ("orders.csv", orders),
        ("customers.csv", customers),
        ("score.csv", score),
    ]
}

/// What a query gives: the value of each period by its first day.
fn run(shop: &Workspace, texts: &[String]) -> BTreeMap<NaiveDate, f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let batches = runtime.block_on(async {
        let session = SessionContext::new();
        for name in ["orders", "customers", "score", "sign_ups", "events"] {
            let path = shop.folder.path().join(format!("{name}.csv")).to_string_lossy().into_owned();
            // Where a view adds the columns of joined sources, the rows of the file have a name of their own.
            let is_joined = texts.iter().any(|text| text.starts_with(&format!("CREATE VIEW \"{name}\"")));
            let table = TableReference::bare(if is_joined { format!("{name} rows") } else { name.to_owned() });
            session.register_csv(table, &path, CsvReadOptions::new()).await.unwrap();
        }
        let mut last = Vec::new();
        for text in texts {
            let asked = session.sql(text).await.unwrap_or_else(|error| panic!("{error}\n{text}"));
            last = asked.collect().await.unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
        last
    });
    let mut found = BTreeMap::new();
    for batch in batches {
        let days = cast(batch.column(0), &DataType::Date32).unwrap();
        let values = cast(batch.column(1), &DataType::Float64).unwrap();
        let (days, values) = (days.as_primitive::<Date32Type>(), values.as_primitive::<Float64Type>());
        for row in (0..batch.num_rows()).filter(|row| values.is_valid(*row)) {
            found.insert(days.value_as_date(row).unwrap(), values.value(row));
        }
    }
    found
}

fn shop() -> Workspace {
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    workspace(&format!("{SOURCES}{METRICS}{UNSAID}"), &files)
}

/// The names of metrics in a text of definitions.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("metric ")?.split(' ').next())
}

#[test]
fn the_one_query_gives_the_values_of_the_series() {
    let shop = shop();
    let mut told = String::new();
    for name in names(METRICS) {
        let observed = shop.read(name);
        assert!(!observed.whole.is_empty(), "{name} has no query");
        let found = run(&shop, &observed.whole);
        let points: Vec<_> = observed.points.iter().filter(|point| point.complete && point.value.is_some()).collect();
        assert!(points.len() >= 10, "{name}: {} periods", points.len());
        for point in points {
            let value = point.value.unwrap();
            // A period without rows is not listed. A plain DataFusion interpolates percentiles to a millionth of a rank.
            let by_sql = found.get(&point.start).copied().unwrap_or(0.0);
            let near = (by_sql - value).abs() <= 1e-7 * value.abs().max(1.0);
            let text = observed.whole.join(";\n");
            assert!(near, "{name} from {}: {value}, by SQL {:?}\n{text}", point.start, found.get(&point.start));
        }
        told += &format!("-- {name}\n{}\n\n", observed.whole.last().unwrap());
    }
    insta::assert_snapshot!("whole", told);
}

#[test]
fn what_sql_cannot_say_plainly_is_left_unsaid() {
    let shop = shop();
    for name in names(UNSAID) {
        let observed = shop.read(name);
        assert!(observed.whole.is_empty() && !observed.sql.is_empty(), "{name}: {:?}", observed.whole);
    }
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let definitions = format!("{SOURCES}{METRICS}");
    for settings in ["week_starts = \"sunday\"", "kind = \"4-4-5\""] {
        let other = workspace_with(&format!("[calendar]\n{settings}\n"), &definitions, &files);
        assert!(other.read("placed").whole.is_empty(), "{settings}");
    }
}
