//! Revisions: blind to words, layout and order; a change of meaning shows, and shows in all that stand on it.

use super::{errors, fixtures, shown, workspace};
use proptest::prelude::*;
use quarterdeck_lang::{Checked, TextFile, check};
use std::collections::BTreeMap;

fn look() -> Vec<(String, String)> {
    ["sources.qd", "metrics/orders.qd", "plans/2026-Q4.qd", "plans/2027-Q1.qd"]
        .iter()
        .map(|name| ((*name).to_owned(), std::fs::read_to_string(fixtures().join("look").join(name)).unwrap()))
        .collect()
}

fn read(texts: Vec<(String, String)>) -> Checked {
    let settings = std::fs::read_to_string(fixtures().join("look/quarterdeck.toml")).unwrap();
    let texts = texts.into_iter().map(|(path, text)| TextFile::new(path, text)).collect();
    check(Some(TextFile::new("quarterdeck.toml", settings)), texts)
}

/// Every revision by the name of what it is of.
fn revisions(checked: &Checked) -> BTreeMap<String, String> {
    let metrics =
        checked.model.metrics.values().map(|metric| (metric.name.clone(), metric.definition.revision.clone()));
    let markets = checked
        .model
        .markets
        .values()
        .map(|market| (format!("market {}", market.name), market.definition.revision.clone()));
    let plans = checked.model.plans.values().map(|plan| (format!("plan {}", plan.period), plan.revision.clone()));
    metrics.chain(markets).chain(plans).collect()
}

/// The names whose revision a replacement in the texts changes.
fn changed_by(from: &str, to: &str) -> Vec<String> {
    let before = workspace(&fixtures().join("look"));
    let texts = look();
    assert!(texts.iter().any(|(_, text)| text.contains(from)), "`{from}` is not in the look");
    let after = read(texts.into_iter().map(|(path, text)| (path, text.replacen(from, to, 1))).collect());
    assert_eq!(errors(&after), [""; 0], "{}", shown(&after));
    let (before, after) = (revisions(&before), revisions(&after));
    assert!(before.keys().eq(after.keys()));
    before.into_iter().filter(|(name, revision)| after[name] != *revision).map(|(name, _)| name).collect()
}

#[test]
fn words_governance_and_outcomes_change_no_revision() {
    for (from, to) in [
        ("\"Orders delivered on time\"", "\"Punctual orders\""),
        ("owner: \"finance@grocer.example\"", "owner: \"cfo@grocer.example\""),
        ("why: \"What the orders bring in.\"", "why: \"Money.\"  tags: \"money\""),
        (
            "  reads: average week                       # what a quarter's number means",
            "  # nothing\n  reads:   average week",
        ),
        ("unit: customers\n  grain: day", "unit: customer\n  grain: day"),
        ("heart: task success", "heart: happiness"),
        ("outcome: slipped to 2027-03-15 because \"planning permission\"", "outcome: dropped because \"no permit\""),
        ("guard: cost_per_delivery alarms 1 per year", "guard: cost_per_delivery alarms 2 per year"),
        ("objective: \"Every household", "objective: \"Each household"),
        ("drives: revenue lag 4 weeks", "drives: revenue lag 2 weeks"),
        ("  stage: activation\n", "  stage: activation\n  status: draft\n"),
        ("  measure: count() from tickets", "  reads: total  empty: zero\n  measure: count() from tickets"),
    ] {
        assert_eq!(changed_by(from, to), [""; 0], "{from} => {to}");
    }
}

#[test]
fn a_change_of_meaning_shows_in_all_that_stand_on_it() {
    let check = |from: &str, to: &str, expect: &[&str]| assert_eq!(changed_by(from, to), expect, "{from} => {to}");
    let of_orders = [
        "activation",
        "active_customers",
        "cost_per_delivery",
        "delivered_orders",
        "on_time_orders",
        "on_time_rate",
        "ordering_customers",
        "orders_per_customer",
        "plan 2026-Q4",
        "plan 2027-Q1",
        "revenue",
        "revenue_growth",
        "tickets_per_order",
        "uk_orders",
        "weekly_orders",
    ];
    check("delivered_at <= promised_at", "delivered_at < promised_at", &of_orders);
    check("key: customer_id", "key: id", &of_orders);
    check("customers.country = \"UK\"", "customers.country = \"GB\"", &["uk_orders"]);
    check("measure: tickets / delivered_orders", "measure: tickets / on_time_orders", &["tickets_per_order"]);
    check(
        "  measure: count() from tickets",
        "  reads: last\n  measure: count() from tickets",
        &["tickets", "tickets_per_order"],
    );
    check("restate: before * 0.94", "restate: before * 0.95", &["on_time_rate", "plan 2026-Q4", "plan 2027-Q1"]);
    check("bounds: -100 to 100", "bounds: -50 to 100", &["nps"]);
    check("tam: 1_000_000", "tam: 1_100_000", &["market households", "plan 2027-Q1"]);
    check("value: 96%", "value: 97%", &["plan 2027-Q1"]);
    check("confidence: 60%", "confidence: 70%", &["plan 2027-Q1"]);
    check("set: 94.5%", "set: 95%", &["plan 2027-Q1"]);
    check("ships: 80% likely", "ships: 70% likely", &["plan 2027-Q1"]);
    check("shift: -1%", "shift: -2%", &["plan 2027-Q1"]);
}

#[test]
fn a_name_is_not_a_meaning() {
    let before = workspace(&fixtures().join("look"));
    let texts = look().into_iter().map(|(path, text)| (path, text.replace("delivered_orders", "orders_out"))).collect();
    let after = read(texts);
    assert_eq!(errors(&after), [""; 0], "{}", shown(&after));
    let (before, after) = (revisions(&before), revisions(&after));
    assert_eq!(before["delivered_orders"], after["orders_out"]);
    assert_eq!(before["tickets_per_order"], after["tickets_per_order"]);
}

#[test]
fn a_revision_is_twelve_digits() {
    let checked = workspace(&fixtures().join("look"));
    for (name, revision) in revisions(&checked) {
        assert!(revision.len() == 12 && revision.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {revision}");
    }
}

/// The top-level blocks of a text, cut where a word stands in column 0.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        let opens = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        match blocks.last_mut() {
            Some(last) if !opens => last.push_str(line),
            _ => blocks.push(line.to_owned()),
        }
        if let Some(last) = blocks.last_mut() {
            last.push('\n');
        }
    }
    blocks
}

/// A block with its one-line fields in another order; fields of several lines stay where they are.
fn turned(block: &str) -> String {
    let lines: Vec<&str> = block.lines().collect();
    let single = |line: &&str| {
        let key = line.trim_start();
        line.starts_with("  ")
            && !line.starts_with("   ")
            && key.contains(": ")
            && !key.contains(['{', '}'])
            && !key.starts_with("where")
            && !key.starts_with("measure: count() from orders")
    };
    let mut fields: Vec<&str> = lines.iter().copied().filter(single).collect();
    fields.reverse();
    let mut fields = fields.into_iter();
    let turned: Vec<&str> = lines.iter().map(|line| if single(line) { fields.next().unwrap() } else { line }).collect();
    turned.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_comments_and_files_do_not_matter(seed in any::<u64>(), comment in "[a-z {}:\"]{0,20}") {
        let before = workspace(&fixtures().join("look"));
        let mut pieces: Vec<(u64, String)> = Vec::new();
        let mut state = seed | 1;
        for (_, text) in look() {
            for block in blocks(&text) {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let block = if state & (1 << 40) == 0 { turned(&block) } else { block };
                pieces.push((state >> 20, format!("# {comment}\n{block}")));
            }
        }
        pieces.sort();
        let half = pieces.len() / 2;
        let join = |pieces: &[(u64, String)]| pieces.iter().map(|(_, text)| text.as_str()).collect::<String>();
        let texts = vec![("z.qd".to_owned(), join(&pieces[..half])), ("a.qd".to_owned(), join(&pieces[half..]))];
        let after = read(texts);
        prop_assert_eq!(shown(&after), "nothing to say\n");
        prop_assert_eq!(revisions(&before), revisions(&after));
    }
}
