//! Right answers by SQL written by hand on the same file, and by plain counting where SQL has no word for it. Nothing here knows how
//! the crate builds its queries.

use super::support::{Workspace, workspace_with};
use crate::Wanted;
use chrono::{Datelike, Days, NaiveDate};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type};
use datafusion::prelude::{CsvReadOptions, SessionContext};
use quarterdeck_calendar::Grain;
use quarterdeck_lang::model::{Filter, RowOp, Slice};
use std::collections::{BTreeMap, BTreeSet};

/// One order.
struct Order {
    id: usize,
    customer: u64,
    at: NaiveDate,
    hour: u64,
    status: &'static str,
    amount: f64,
    country: &'static str,
}

/// Orders from 2025 to February 2027, so that the 53 weeks of 2026 and three turns of the year lie inside.
fn orders() -> Vec<Order> {
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let first: NaiveDate = "2025-01-01".parse().unwrap();
    let mut all = Vec::new();
    for day in 0..776 {
        for _ in 0..1 + next(4) {
            all.push(Order {
                id: all.len(),
                customer: next(120),
                at: first + Days::new(day),
                hour: next(24),
                status: ["paid", "paid", "paid", "open"][next(4) as usize],
                amount: next(20_000) as f64 / 100.0,
                country: ["UK", "FR", "DE"][next(3) as usize],
            });
        }
    }
    all
}

fn csv() -> String {
    let mut text = "id,customer,at,status,amount,country\n".to_owned();
    for order in orders() {
        let Order { id, customer, at, hour, status, amount, country } = order;
        text += &format!("{id},{customer},{at}T{hour:02}:30:00,{status},{amount:.2},{country}\n");
    }
    text
}

const METRICS: &str = "
source orders { from: \"orders.csv\" time: at key: id column large: amount >= 100 }
segment abroad of orders { where: country != \"UK\" }
metric paid { unit: orders grain: week measure: count() from orders where status = \"paid\" }
metric revenue { unit: USD grain: week measure: sum(amount) from orders where status = \"paid\" }
metric revenue_month { unit: USD grain: month measure: sum(amount) from orders where status = \"paid\" }
metric customers { unit: customers grain: month measure: count_distinct(customer) from orders }
metric active { unit: customers grain: month reads: last measure: count_distinct(customer) from orders over trailing 28 days }
metric basket { unit: USD per order grain: month measure: (sum(amount) / count()) from orders where status = \"paid\" }
metric paid_rate { unit: share grain: month measure: paid_month / all_month }
metric paid_month { unit: orders grain: month measure: count() from orders where status = \"paid\" }
metric all_month { unit: orders grain: month measure: count() from orders }
metric growth { unit: ratio grain: month measure: revenue_month / (revenue_month ago 1 year) - 1 }
metric growth_week { unit: ratio grain: week measure: revenue / (revenue ago 1 year) - 1 }
metric french { unit: USD grain: month measure: revenue_month where country = \"FR\" }
metric abroad { unit: orders grain: month measure: count() from orders where in segment abroad }
metric large { unit: orders grain: month measure: count() from orders where large }
metric year_to_date { unit: USD grain: month reads: last measure: sum(amount) from orders over year to date }
metric quarter_to_date { unit: USD grain: month reads: last measure: sum(amount) from orders over quarter to date }
metric ever { unit: customers grain: month reads: last measure: count_distinct(customer) from orders over all time }
metric four_weeks { unit: USD grain: week reads: last measure: revenue over trailing 4 weeks }
metric p90 { unit: USD grain: month measure: percentile(amount, 90) from orders }
metric spread { unit: USD grain: month measure: stddev(amount) from orders }
metric clipped { unit: USD grain: month measure: sum(amount) from orders clip: 5% to 95% }
metric balance { unit: USD grain: month measure: sum(amount) from orders at end per customer }
";

fn workspace() -> Workspace {
    workspace_with("", METRICS, &[("orders.csv", &csv())])
}

/// Days and numbers of a query over the file, which has a column `day` too.
fn sql(workspace: &Workspace, query: &str) -> BTreeMap<NaiveDate, f64> {
    let path = workspace.folder.path().join("orders.csv").to_string_lossy().into_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let batches = runtime.block_on(async {
        let session = SessionContext::new();
        session.register_csv("file", &path, CsvReadOptions::new()).await.unwrap();
        let all = "CREATE VIEW o AS SELECT *, CAST(\"at\" AS DATE) AS day FROM file";
        session.sql(all).await.unwrap().collect().await.unwrap();
        session.sql(query).await.unwrap().collect().await.unwrap()
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
    assert!(!found.is_empty(), "{query}");
    found
}

/// Complete values by first day.
fn values(workspace: &Workspace, metric: &str) -> BTreeMap<NaiveDate, f64> {
    let points = workspace.read(metric).points;
    points.iter().filter(|point| point.complete).filter_map(|point| Some((point.start, point.value?))).collect()
}

fn quarters(workspace: &Workspace, metric: &str) -> BTreeMap<NaiveDate, f64> {
    let calendar = &workspace.model.settings.calendar;
    let all = workspace.read(metric).history.quarters;
    all.iter().filter(|q| q.complete).map(|q| (calendar.starts(q.period), q.value)).collect()
}

/// Every complete period's value is that of the reference.
#[track_caller]
fn same(found: &BTreeMap<NaiveDate, f64>, expect: &BTreeMap<NaiveDate, f64>, what: &str) {
    assert!(found.len() >= 4, "{what}: {} periods", found.len());
    for (start, value) in found {
        let expected = expect.get(start).copied();
        let near = expected.is_some_and(|expected| (value - expected).abs() <= 1e-9 * expected.abs().max(1.0));
        assert!(near, "{what} from {start}: {value}, by hand {expected:?}");
    }
}

#[test]
fn periods_and_quarters() {
    let shop = workspace();
    let by = |grain: &str, value: &str, rest: &str| {
        sql(&shop, &format!("SELECT date_trunc('{grain}', day), {value} FROM o {rest} GROUP BY 1"))
    };
    let paid = "WHERE status = 'paid'";
    let weeks = by("week", "count(*)", paid);
    same(&values(&shop, "paid"), &weeks, "paid");
    // 2026 has 53 weeks; the last of them begins on 28 December.
    assert!(values(&shop, "paid").contains_key(&"2026-12-28".parse().unwrap()));
    same(&values(&shop, "revenue"), &by("week", "sum(amount)", paid), "revenue");
    // Weeks do not fit a quarter; its number is the sum of its own days.
    same(&quarters(&shop, "revenue"), &by("quarter", "sum(amount)", paid), "a quarter's revenue");
    same(&values(&shop, "customers"), &by("month", "count(DISTINCT customer)", ""), "customers");
    // Three months' customers are fewer than the three months' numbers together.
    same(&quarters(&shop, "customers"), &by("quarter", "count(DISTINCT customer)", ""), "a quarter's customers");
    same(&values(&shop, "basket"), &by("month", "sum(amount) / count(*)", paid), "basket");
    same(&quarters(&shop, "basket"), &by("quarter", "sum(amount) / count(*)", paid), "a quarter's basket");
    let rate = "sum(CASE WHEN status = 'paid' THEN 1.0 ELSE 0.0 END) / count(*)";
    same(&values(&shop, "paid_rate"), &by("month", rate, ""), "paid_rate");
    same(&quarters(&shop, "paid_rate"), &by("quarter", rate, ""), "a quarter's paid_rate");
    same(&values(&shop, "abroad"), &by("month", "count(*)", "WHERE country <> 'UK'"), "abroad");
    same(&values(&shop, "large"), &by("month", "count(*)", "WHERE amount >= 100"), "large");
    same(&values(&shop, "french"), &by("month", "sum(amount)", "WHERE status = 'paid' AND country = 'FR'"), "french");
}

#[test]
fn a_slice_is_its_rows() {
    let shop = workspace();
    let filter = Filter::Column("country".into());
    let filter = Filter::Binary(RowOp::Equal, Box::new(filter), Box::new(Filter::Text("DE".into())));
    let wanted = [Wanted { metric: "basket".into(), slice: Some(Slice { text: "country = \"DE\"".into(), filter }) }];
    let loaded = shop.load_wanted(&wanted, None).unwrap();
    let points = &loaded.metrics.get(&wanted[0].series_name()).unwrap().points;
    let found = points.iter().filter(|point| point.complete).filter_map(|point| Some((point.start, point.value?)));
    let query =
        "SELECT date_trunc('month', day), avg(amount) FROM o WHERE status = 'paid' AND country = 'DE' GROUP BY 1";
    same(&found.collect(), &sql(&shop, query), "basket in Germany");
}

#[test]
fn windows_across_the_turn_of_the_year() {
    let shop = workspace();
    // For every month, what its last day ends.
    let ends = "SELECT DISTINCT date_trunc('month', day) AS m, CAST(date_trunc('month', day) + INTERVAL '1 month' AS DATE) AS e FROM o";
    let over = |value: &str, from: &str| {
        sql(&shop, &format!("SELECT m, {value} FROM ({ends}) p JOIN o ON day < e AND day >= {from} GROUP BY m"))
    };
    same(&values(&shop, "active"), &over("count(DISTINCT customer)", "e - INTERVAL '28 days'"), "active");
    same(&values(&shop, "year_to_date"), &over("sum(amount)", "date_trunc('year', m)"), "year_to_date");
    same(&values(&shop, "quarter_to_date"), &over("sum(amount)", "date_trunc('quarter', m)"), "quarter_to_date");
    same(&values(&shop, "ever"), &over("count(DISTINCT customer)", "DATE '2025-01-01'"), "ever");
    let four = "SELECT w, sum(amount) FROM (SELECT DISTINCT date_trunc('week', day) AS w FROM o) p
        JOIN o ON day < w + INTERVAL '7 days' AND day >= w - INTERVAL '21 days' AND status = 'paid' GROUP BY w";
    same(&values(&shop, "four_weeks"), &sql(&shop, four), "four_weeks");
}

#[test]
fn a_year_ago() {
    let shop = workspace();
    let growth = |grain: &str, back: &str| {
        let sums =
            format!("SELECT date_trunc('{grain}', day) AS p, sum(amount) AS s FROM o WHERE status = 'paid' GROUP BY 1");
        sql(
            &shop,
            &format!("SELECT a.p, a.s / b.s - 1 FROM ({sums}) a JOIN ({sums}) b ON b.p = a.p - INTERVAL '{back}'"),
        )
    };
    same(&values(&shop, "growth"), &growth("month", "12 months"), "growth");
    same(&quarters(&shop, "growth"), &growth("quarter", "12 months"), "a quarter's growth");
    // Weeks are compared with those 52 weeks before, in the year of 53 too.
    same(&values(&shop, "growth_week"), &growth("week", "364 days"), "growth_week");
}

#[test]
fn the_last_row_of_each_key() {
    let shop = workspace();
    let ends = "SELECT DISTINCT date_trunc('month', day) AS m, CAST(date_trunc('month', day) + INTERVAL '1 month' AS DATE) AS e FROM o";
    let last = format!(
        "SELECT m, sum(amount) FROM (SELECT m, amount, row_number() OVER (PARTITION BY m, customer ORDER BY \"at\" DESC, id DESC) AS n
         FROM ({ends}) p JOIN o ON day < e) r WHERE n = 1 GROUP BY m"
    );
    same(&values(&shop, "balance"), &sql(&shop, &last), "balance");
}

/// Amounts of a month, in order.
fn by_month(of: impl Fn(&Order) -> bool) -> BTreeMap<NaiveDate, Vec<f64>> {
    let mut found: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for order in orders().iter().filter(|order| of(order)) {
        found.entry(order.at.with_day(1).unwrap()).or_default().push(order.amount);
    }
    found.values_mut().for_each(|amounts| amounts.sort_by(f64::total_cmp));
    found
}

/// Between the two nearest values.
fn percentile(sorted: &[f64], part: f64) -> f64 {
    let place = part / 100.0 * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

#[test]
fn percentiles_spreads_and_clips() {
    let shop = workspace();
    let months = by_month(|_| true);
    let each = |of: &dyn Fn(&[f64]) -> f64| months.iter().map(|(month, amounts)| (*month, of(amounts))).collect();
    same(&values(&shop, "p90"), &each(&|amounts| percentile(amounts, 90.0)), "p90");
    let spread = |amounts: &[f64]| {
        let mean = amounts.iter().sum::<f64>() / amounts.len() as f64;
        (amounts.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (amounts.len() - 1) as f64).sqrt()
    };
    same(&values(&shop, "spread"), &each(&spread), "spread");
    let mut all: Vec<f64> = orders().iter().map(|order| order.amount).collect();
    all.sort_by(f64::total_cmp);
    let (low, high) = (percentile(&all, 5.0), percentile(&all, 95.0));
    same(&values(&shop, "clipped"), &each(&|amounts| amounts.iter().map(|x| x.clamp(low, high)).sum()), "clipped");
}

#[test]
fn retail_periods_of_four_four_and_five_weeks() {
    let settings =
        "[calendar]\nkind = \"4-4-5\"\nfiscal_year_starts = \"02-01\"\nnamed_by = \"start\"\nweek_starts = \"sunday\"";
    let shop = workspace_with(settings, METRICS, &[("orders.csv", &csv())]);
    // A year begins on the Sunday nearest 1 February: 2 February 2025, 1 February 2026, 31 January 2027.
    let years: Vec<NaiveDate> = ["2024-02-04", "2025-02-02", "2026-02-01", "2027-01-31", "2028-01-30"]
        .iter()
        .map(|d| d.parse().unwrap())
        .collect();
    let mut starts = BTreeSet::new();
    for (year, next) in years.iter().zip(years.iter().skip(1)) {
        let mut day = *year;
        for weeks in [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5] {
            starts.insert(day);
            day = day + Days::new(7 * weeks);
        }
        assert!(day == *next || day + Days::new(7) == *next, "{year}");
    }
    let mut expect: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    for order in orders() {
        let start = *starts.range(..=order.at).next_back().unwrap();
        *expect.entry(start).or_default() += 1.0;
    }
    same(&values(&shop, "all_month"), &expect, "retail months");
    let quarter_starts: BTreeSet<NaiveDate> = starts.iter().copied().step_by(3).collect();
    let mut expect: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    for order in orders() {
        *expect.entry(*quarter_starts.range(..=order.at).next_back().unwrap()).or_default() += 1.0;
    }
    same(&quarters(&shop, "all_month"), &expect, "retail quarters");
}

#[test]
fn weeks_and_months_are_read_from_days_too() {
    let shop = workspace();
    let wanted = [Wanted::whole("paid")];
    let request = crate::Request {
        root: shop.folder.path(),
        model: &shop.model,
        wanted: &wanted,
        as_of: None,
        window: Grain::Month,
    };
    let calendar = &shop.model.settings.calendar;
    let months = crate::load(&request).unwrap().metrics.remove("paid").unwrap().history.quarters;
    let found = months.iter().filter(|q| q.complete).map(|q| (calendar.starts(q.period), q.value)).collect();
    let query = "SELECT date_trunc('month', day), count(*) FROM o WHERE status = 'paid' GROUP BY 1";
    same(&found, &sql(&shop, query), "paid by month");
}
