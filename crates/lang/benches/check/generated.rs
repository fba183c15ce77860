//! Workspaces of any size, as a growing company would write them: sources, counts, sums, distinct counts, windows,
//! ratios with identities, drives, guards and benchmarks, and plans that target some of them.

use quarterdeck_lang::TextFile;
use std::fmt::Write;

/// How many metrics a family of them has; a family has a source and a segment of its own.
const FAMILY: usize = 10;

/// A workspace of so many metrics in so many files.
pub fn workspace(metrics: usize, files: usize) -> Vec<TextFile> {
    let families = metrics.div_ceil(FAMILY).max(1);
    let per_file = families.div_ceil(files.max(1));
    let mut texts = Vec::new();
    let mut left = metrics;
    for file in 0..families.div_ceil(per_file) {
        let mut text = String::new();
        for family in (file * per_file..families).take(per_file) {
            self::family(&mut text, family, left.min(FAMILY));
            left = left.saturating_sub(FAMILY);
        }
        texts.push(TextFile::new(format!("metrics/team_{file}.qd"), text));
    }
    texts.push(TextFile::new("plans/2027-Q1.qd", plan(families)));
    texts
}

/// The metrics a single formula names, each in the other's reach by a condition with as many parts.
pub fn wide(parts: usize) -> Vec<TextFile> {
    let mut text = String::from("source s { from: \"s.csv\"  time: at  key: id }\n");
    let (mut sum, mut condition) = (Vec::new(), Vec::new());
    for at in 0..parts {
        writeln!(text, "metric m{at} {{ unit: orders  grain: week  measure: count() from s where c{at} = {at} }}").ok();
        sum.push(format!("m{at}"));
        condition.push(format!("d{at} > {at}"));
    }
    let (sum, condition) = (sum.join("\n    + "), condition.join("\n    and "));
    writeln!(text, "metric all {{ unit: orders  grain: week  measure:\n    {sum}\n  where: {condition}\n}}").ok();
    vec![TextFile::new("wide.qd", text)]
}

/// Metrics each of which is made of the one before.
pub fn chain(length: usize) -> Vec<TextFile> {
    let mut text = String::from("source s { from: \"s.csv\"  time: at  key: id }\n");
    text.push_str("metric m0 { unit: orders  grain: week  measure: count() from s }\n");
    for at in 1..length {
        writeln!(text, "metric m{at} {{ unit: orders  grain: week  measure: m{} * 1.01 }}", at - 1).ok();
    }
    vec![TextFile::new("chain.qd", text)]
}

fn family(text: &mut String, family: usize, metrics: usize) {
    let f = family;
    write!(
        text,
        "# Orders of region {f}.\nsource orders_{f} {{\n  from: \"data/region_{f}/orders.parquet\"\n  time: delivered_at\n  key: order_id\n  \
         fresh: 2 days\n  expect: order_id is unique, amount >= 0\n  column on_time \"Inside the promised window\": delivered_at <= promised_at\n}}\n\n\
         segment loyal_{f} of orders_{f} \"Loyal households\" {{ where: orders_before >= 5 }}\n\n"
    )
    .ok();
    for at in 0..metrics {
        let (name, body) = metric(f, at);
        write!(
            text,
            "metric {name} \"Metric {at} of region {f}\" {{\n  why: \"A household got its groceries when it was promised them.\"\n  \
             owner: \"team_{}@grocer.example\"\n{body}}}\n\n",
            f % 40
        )
        .ok();
    }
}

/// The name and the fields of one metric of a family.
fn metric(f: usize, at: usize) -> (String, String) {
    match at {
        0 => (
            format!("weekly_orders_{f}"),
            format!(
                "  unit: orders\n  better: higher\n  grain: week\n  reads: average week\n  measure: count() from orders_{f}\n    \
                 where status = \"delivered\" and on_time\n  equals: customers_{f} * orders_per_customer_{f} * on_time_rate_{f}\n  \
                 drives: revenue_{f} lag 4 weeks\n  guard: cost_per_order_{f} at most 5% above same quarter last year\n  slice: country, platform\n"
            ),
        ),
        1 => (
            format!("delivered_{f}"),
            format!(
                "  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders_{f} where status = \"delivered\"\n"
            ),
        ),
        2 => (
            format!("customers_{f}"),
            format!(
                "  unit: customers\n  grain: week\n  measure: count_distinct(customer_id) from orders_{f} where status = \"delivered\"\n"
            ),
        ),
        3 => (
            format!("orders_per_customer_{f}"),
            format!("  unit: orders per customer\n  grain: week\n  measure: delivered_{f} / customers_{f}\n"),
        ),
        4 => (
            format!("on_time_rate_{f}"),
            format!(
                "  unit: share\n  better: higher\n  grain: week\n  measure: weekly_orders_{f} / delivered_{f}\n  guard: cost_per_order_{f}\n  \
                 benchmark competitor_a \"Competitor A\" {{ value: 96%  date: 2026-06  source: \"Industry survey 2026, p. 14\" }}\n"
            ),
        ),
        5 => (
            format!("revenue_{f}"),
            format!(
                "  unit: GBP\n  better: higher\n  grain: week\n  measure: sum(amount) from orders_{f} where status = \"delivered\"\n"
            ),
        ),
        6 => (
            format!("cost_per_order_{f}"),
            format!(
                "  unit: GBP per order\n  better: lower\n  grain: week\n  clip: 1% to 99%\n  \
                 measure: (sum(delivery_cost) / count()) from orders_{f} where status = \"delivered\"\n"
            ),
        ),
        7 => (
            format!("active_{f}"),
            format!(
                "  unit: customers\n  grain: day\n  measure: count_distinct(customer_id) from orders_{f} over trailing 28 days\n"
            ),
        ),
        8 => (
            format!("loyal_orders_{f}"),
            format!(
                "  unit: orders\n  grain: week\n  measure: count() from orders_{f} where in segment loyal_{f} and amount between 5 and 500\n"
            ),
        ),
        _ => (
            format!("growth_{f}"),
            format!("  unit: ratio\n  grain: month\n  measure: revenue_{f} / (revenue_{f} ago 1 year) - 1\n"),
        ),
    }
}

/// A plan with targets on every twentieth family, and an initiative for each.
fn plan(families: usize) -> String {
    let mut text =
        String::from("plan 2027-Q1 \"Reliable before bigger\" {\n  approver: \"vp-product@grocer.example\"\n");
    for f in (0..families).step_by(20) {
        write!(
            text,
            "  target weekly_orders_{f} {{\n    confidence: 60%\n    method: trend stretch initiatives\n    method: initiatives\n    \
             because: \"On-time delivery is what churned customers name first.\"\n  }}\n  \
             initiative depot_{f} \"Second depot\" {{\n    owner: \"ops@grocer.example\"\n    moves: on_time_rate_{f} by 1pp to 3pp\n    \
             ships: 80% likely\n    starts: 2027-02-01\n    ramps: 6 weeks\n    evidence: pilot \"York depot, 2026-Q2\"\n  }}\n"
        )
        .ok();
    }
    text.push_str("}\n");
    text
}
