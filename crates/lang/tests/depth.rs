//! What the limits let through is shallow enough for a thread of 2 MB, and what they do not is told before anybody walks it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use quarterdeck_lang::syntax::{format::format, parse};
use quarterdeck_lang::{FileId, TextFile, check};

const SOURCE: &str = "source s { from: \"s.csv\"  time: at  key: id }\nmetric a { unit: orders  grain: week  measure: count() from s }\n";

/// Reads, lays out and resolves a text in a thread with the stack a server's have; the codes of its errors.
fn codes(text: String) -> Vec<&'static str> {
    let work = move || {
        let text = format!("{SOURCE}{text}");
        let parsed = parse(FileId(0), &text);
        if let Ok(laid_out) = format(&text) {
            assert_eq!(format(&laid_out).unwrap(), laid_out);
        }
        let checked = check(None, vec![TextFile::new("a.qd", text)]);
        serde_json::to_string(&checked.model).unwrap();
        let copy = (parsed.clone(), checked.clone());
        drop(copy);
        checked.errors().map(|told| told.code).collect()
    };
    std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(work).unwrap().join().unwrap()
}

fn chain(join: &str, parts: usize) -> String {
    vec!["a"; parts].join(join)
}

fn segment(condition: &str) -> String {
    format!("segment g of s {{ where: {condition} }}")
}

fn metric(measure: &str) -> String {
    format!("metric m {{ unit: orders  grain: week  measure: {measure} }}")
}

#[test]
fn as_long_as_the_limits_allow() {
    for join in [" and ", " or "] {
        assert_eq!(codes(segment(&chain(join, 201))), Vec::<&str>::new(), "{join}");
    }
    assert_eq!(codes(segment(&format!("{} > 0", chain(" - ", 201)))), Vec::<&str>::new());
    assert_eq!(codes(segment(&format!("{}a", "not ".repeat(200)))), Vec::<&str>::new());
    assert_eq!(codes(segment(&format!("{}a{}", "(".repeat(64), ")".repeat(64)))), Vec::<&str>::new());
    for join in [" + ", " - "] {
        assert_eq!(codes(metric(&chain(join, 201))), Vec::<&str>::new(), "{join}");
    }
    let mixed = format!("{}{}{}", "(a + ".repeat(64), chain(" + ", 137), ")".repeat(64));
    assert_eq!(codes(metric(&mixed)), Vec::<&str>::new());
    let ago = format!("a{}", " ago 1 week".repeat(200));
    assert_eq!(codes(metric(&ago)), Vec::<&str>::new());
    let windows = format!("{}a{}", "(".repeat(60), ") over trailing 4 weeks".repeat(60));
    codes(metric(&windows));
}

#[test]
fn longer_is_told() {
    for parts in [202, 400, 5_000, 100_000] {
        assert_eq!(codes(segment(&chain(" and ", parts))), ["E052"]);
        assert_eq!(codes(segment(&format!("{} > 0", chain(" / ", parts)))), ["E052"]);
        assert_eq!(codes(metric(&chain(" + ", parts))), ["E052"]);
        assert_eq!(codes(metric(&format!("a{}", " ago 1 week".repeat(parts)))), ["E052"]);
        assert_eq!(codes(segment(&format!("{}a", "not ".repeat(parts)))), ["E052"]);
        assert_eq!(codes(metric(&format!("{}a", "-".repeat(parts)))), ["E052"]);
    }
    for parens in [65, 1_000, 100_000] {
        assert_eq!(codes(segment(&format!("{}a{}", "(".repeat(parens), ")".repeat(parens)))), ["E050"]);
        assert_eq!(codes(metric(&format!("{}a{}", "(".repeat(parens), ")".repeat(parens)))), ["E050"]);
    }
    let column = format!("source t {{ from: \"t.csv\"  time: at  column c: {} }}", chain(" + ", 400));
    assert_eq!(codes(column), ["E052"]);
    let step = format!(
        "metric f {{ unit: share  grain: week  measure: funnel from s by id within 1 day {{ step x: {}  step y: a = 1 }} }}",
        chain(" and ", 400)
    );
    assert_eq!(codes(step), ["E052"]);
}

#[test]
fn blocks_in_blocks_are_not_followed_down() {
    codes("metric m { ".repeat(50_000));
    codes("plan 2027-Q1 { ".repeat(50_000));
    codes("plan 2027-Q1 { target a { ".repeat(20_000));
    codes("plan 2027-Q1 { initiative i { evidence: pilot \"x\" { ".repeat(10_000));
    codes("{ ".repeat(100_000));
}
