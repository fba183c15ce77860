//! `qd add`.

use crate::harness::Workspace;
use insta::assert_snapshot;
use std::collections::BTreeSet;

/// A workspace with nothing in it but its currency.
fn empty() -> Workspace {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "[workspace]\ncurrency = \"EUR\"\n");
    folder
}

#[test]
fn the_catalogue_is_listed() {
    assert_snapshot!("add", empty().qd(&["add"]).exits(0).shown());
    let listed = empty().qd(&["add", "--json"]).exits(0).json();
    assert!(listed["metrics"].as_array().is_some_and(|metrics| metrics.len() > 60));
}

#[test]
fn product_managers_find_what_they_ask_for() {
    let known = [
        "NPS",
        "CSAT",
        "DAU",
        "MAU",
        "stickiness",
        "churn",
        "retention curve",
        "activation",
        "CAC",
        "CLV",
        "CLV:CAC",
        "MRR",
        "expansion",
        "ARPU",
        "AOV",
        "conversion",
        "K-factor",
        "page views",
        "session duration",
        "app ratings",
        "time to market",
        "delivery frequency",
    ];
    for words in known {
        let folder = empty();
        folder.qd(&["add", words, "--owner", "me@firm.example"]).exits(0);
        let checked = folder.qd(&["check", "--json"]).exits(0).json();
        let codes: BTreeSet<&str> =
            checked["diagnostics"].as_array().unwrap().iter().map(|each| each["code"].as_str().unwrap()).collect();
        // A north star is somebody's own choice; nothing else is left open.
        assert_eq!(codes, BTreeSet::from(["L001"]), "{words}: {checked:#}");
        let texts: String = folder.files_in("metrics").iter().map(|(path, _)| folder.read(path)).collect();
        assert!(texts.contains("# Pitfalls: "), "{words} has no pitfalls");
        assert!(!texts.contains("USD") && !texts.contains("GBP"), "{words} counts in somebody else's money: {texts}");
        folder.qd(&["fmt", "--check"]).exits(0);
    }
}

#[test]
fn every_metric_of_every_template_goes_into_an_empty_workspace() {
    let listed = empty().qd(&["add", "--json"]).exits(0).json();
    for metric in listed["metrics"].as_array().unwrap() {
        let (name, template) = (metric["name"].as_str().unwrap(), metric["template"].as_str().unwrap());
        empty().qd(&["add", name, "--template", template]).exits(0);
    }
}

#[test]
fn one_metric_is_written_with_what_it_needs() {
    let folder = empty();
    assert_snapshot!("add_clv", folder.qd(&["add", "CLV:CAC"]).exits(0).shown());
    assert_snapshot!("add_clv_file", folder.read("metrics/clv_to_cac.qd"));
    assert_snapshot!("add_nps", folder.qd(&["add", "nps", "--from", "data/our survey.csv"]).exits(0).shown());
    assert_snapshot!("add_csat", folder.qd(&["add", "csat"]).exits(0).shown());
}

#[test]
fn a_metric_reads_the_file_it_is_told_of() {
    let folder = empty();
    folder.write("ours.csv", "month,nps,responses\n2026-10,31,120\n2026-11,33,140\n");
    folder.qd(&["add", "nps", "--from", "ours.csv"]).exits(0);
    let series = folder.qd(&["series", "nps", "--json"]).exits(0).json();
    assert_eq!(series["points"][1]["value"], 33.0, "{series:#}");
}

#[test]
fn nothing_is_overwritten() {
    let folder = empty();
    folder.qd(&["add", "nps"]).exits(0);
    let before = folder.files();
    assert_snapshot!("add_again", folder.qd(&["add", "nps"]).exits(2).shown());
    folder.write("metrics/aov.qd", "# mine\n");
    assert_snapshot!("add_over", folder.qd(&["add", "aov"]).exits(2).shown());
    assert_eq!(folder.read("metrics/aov.qd"), "# mine\n");
    assert_eq!(folder.files().len(), before.len() + 1);
}

#[test]
fn what_cannot_be_added_says_why() {
    assert_snapshot!("add_unknown", empty().qd(&["add", "nsp"]).exits(2).shown());
    assert_snapshot!("add_no_workspace", Workspace::empty().qd(&["add", "nps"]).exits(2).shown());
    assert_snapshot!("add_two_files", empty().qd(&["add", "clv", "--from", "x.csv"]).exits(2).shown());
}
