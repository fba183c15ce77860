//! `qd spec`: the Metric Spec Document.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn the_document_of_a_metric() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders  # counted\n    / orders");
    assert_snapshot!("spec_share", shop.qd(&["spec", "late_share"]).exits(0).stdout);
    let cdnow = Workspace::example("cdnow");
    assert_snapshot!("spec_cdnow", cdnow.qd(&["spec", "active_customers"]).exits(0).stdout);
    assert_snapshot!("spec_unknown", shop.qd(&["spec", "order"]).exits(2).shown());
    shop.qd(&["spec"]).exits(2);
}

#[test]
fn every_metric_of_every_example_has_a_document_in_the_index() {
    for name in examples() {
        let workspace = Workspace::example(&name);
        let written = workspace.qd(&["spec", "--all", "-o", "docs/metrics"]).exits(0).stdout;
        let index = workspace.read("docs/metrics/README.md");
        let model = workspace.qd(&["export", "json"]).exits(0).json();
        for (metric, facts) in model["model"]["metrics"].as_object().unwrap() {
            assert!(
                index.contains(&format!("({metric}.md)")) && written.contains(&format!("docs/metrics/{metric}.md"))
            );
            let text = workspace.read(&format!("docs/metrics/{metric}.md"));
            assert!(text.contains(facts["definition"]["revision"].as_str().unwrap()), "{text}");
            assert!(text.contains("```sql\n") && text.contains("\nmeasure: "), "{text}");
        }
        if name == "grocery" {
            assert_snapshot!("spec_index", index);
        }
    }
}

#[test]
fn a_document_needs_no_data() {
    let shop = Workspace::shop();
    shop.remove("data/days.csv");
    let object = shop.qd(&["spec", "orders", "--json"]).exits(0).json();
    let text = object["documents"][0]["text"].as_str().unwrap();
    assert!(text.contains("no SQL is shown") && text.contains("the sum of `orders`, over rows of `days`"), "{text}");
}

/// One metric of every construct, without any data.
const WORDS: &str = include_str!("../fixtures/words.qd");

#[test]
fn every_measure_has_a_sentence() {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "").write("words.qd", WORDS);
    let object = folder.qd(&["spec", "--all", "--json"]).exits(0).json();
    let mut sentences = String::new();
    for document in object["documents"].as_array().unwrap().iter().skip(1) {
        let text = document["text"].as_str().unwrap();
        let words = text.split("## Calculation\n\n").nth(1).unwrap().split("\n\nAs written:").next().unwrap();
        assert!(words.starts_with("For each ") || words.starts_with("The level at the end"), "{text}");
        sentences.push_str(&format!("{}\n  {}\n", document["name"].as_str().unwrap(), words.replace(". ", ".\n  ")));
    }
    assert_snapshot!("spec_words", sentences);
}
