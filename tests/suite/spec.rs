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

/// The document tells who changed what, when: by itself, through what it stands on, under its earlier name; layout and words
/// are no change, and what is not committed yet comes first.
#[test]
fn the_history_is_that_of_git() {
    let shop = Workspace::shop();
    let file = "metrics/shop.qd";
    let commit = |message: &str, day: &str, who: &str| {
        let (date, author) = (format!("--date={day}T12:00:00Z"), format!("--author={who} <nobody@shop.example>"));
        shop.git(&["add", "."]).git(&["commit", "-q", "-m", message, &date, &author]);
    };
    shop.git(&["init", "-q", "-b", "main"]);
    commit("The shop opens", "2023-01-02", "Ada");
    shop.change(file, "why: \"Late orders are", "why: \"Orders that come late are # \\\" are");
    commit("Words", "2023-02-01", "Ada");
    shop.change(file, "sum(late) from days", "sum(late) from days where late > 1");
    commit("One late order is no *late* order", "2023-03-01", "Bo_b");
    shop.change(file, "late_orders / orders", "late_orders / order");
    commit("Broken", "2023-03-02", "Bo_b");
    shop.change(file, "late_orders / order\n", "late_orders / orders\n").change(
        file,
        "guard: orders alarms 1 per year",
        "guard: orders alarms 2 per year",
    );
    commit("Mended", "2023-03-03", "Cy");
    let text = shop.read(file).replace("late_share", "tardiness").replace("late_orders", "late");
    shop.write(file, text.replace("  unit: share\n", "  unit: share\n  was: late_share\n"));
    commit("Other names", "2023-04-01", "Cy");
    shop.change(file, "  key: date\n", "  key: date\n  where: orders > 0\n");
    let text = shop.qd(&["spec", "tardiness"]).exits(0).stdout;
    let history = text.split("## History").nth(1).unwrap();
    // The names of commits are git's own affair.
    let parts = history.split("(`").map(|part| match part.split_once("`)") {
        Some((id, rest)) if id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => format!("…`){rest}"),
        _ => part.to_owned(),
    });
    assert_snapshot!("spec_history", parts.collect::<Vec<_>>().join("(`"));
    // A copy without its history tells what it has, and so does one without git.
    let short = Workspace::empty();
    let from = format!("file://{}", shop.path().display());
    short.git(&["clone", "-q", "--depth", "1", &from, "copy"]);
    let text = short.qd(&["spec", "-C", "copy", "tardiness"]).exits(0).stdout;
    assert!(text.ends_with("- Older commits are not at hand or too many to read here\n"), "{text}");
    let text = shop.qd_with(&["spec", "tardiness"], &[("PATH", "")]).exits(0).stdout;
    assert!(text.ends_with("- Formerly `late_share`\n"), "{text}");
}
