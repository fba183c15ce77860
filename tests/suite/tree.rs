//! `qd tree`: what metrics are made of and driven by.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn the_tree_of_a_whole_product() {
    let grocery = Workspace::example("grocery");
    assert_snapshot!("tree_grocery", grocery.qd(&["tree"]).exits(0).shown());
    assert_snapshot!("tree_mermaid", grocery.qd(&["tree", "--format", "mermaid"]).exits(0).stdout);
    let svg = grocery.qd(&["tree", "--format", "svg"]).exits(0).stdout;
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.contains("class=\"edge guess\""),
        "{svg}"
    );
}

#[test]
fn the_tree_of_one_metric() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "  unit: EUR\n", "  unit: EUR\n  drives: late_orders\n");
    shop.change("metrics/shop.qd", "sum(late) from days", "sum(late) from days\n  drives: revenue");
    assert_snapshot!("tree_circle", shop.qd(&["tree", "late_share"]).exits(0).shown());
    shop.qd(&["tree", "late_share", "--format", "svg"]).exits(0);
    assert_snapshot!("tree_json", shop.qd(&["tree", "late_share", "--json"]).exits(0).stdout);
    assert_snapshot!("tree_unknown", shop.qd(&["tree", "order"]).exits(2).shown());
}

#[test]
fn every_metric_is_in_the_tree_once() {
    for name in examples() {
        let workspace = Workspace::example(&name);
        let model = workspace.qd(&["export", "json"]).exits(0).json();
        let tree = workspace.qd(&["tree", "--json"]).exits(0).json();
        let mut names: Vec<&str> =
            tree["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        let known: Vec<&String> = model["model"]["metrics"].as_object().unwrap().keys().collect();
        assert_eq!(names, known);
    }
}

/// Targets stand on the nodes of the period that is open or comes next: an accepted one before a proposed one.
#[test]
fn targets_are_on_the_tree() {
    let shop = Workspace::shop();
    let target = |of: &Workspace| of.qd(&["tree", "orders", "--json"]).exits(0).json()["nodes"][0]["target"].clone();
    assert!(target(&shop).is_null());
    let as_of = ["propose", "2025-Q1", "--as-of", "2024-12-31", "--json"];
    let proposed = shop.qd(&as_of).exits(0).json();
    let found = proposed["targets"].as_array().unwrap().iter().find(|target| target["metric"] == "orders").unwrap();
    let aim = target(&shop);
    assert_eq!(aim["value"], found["proposed"]["target"]["value"]);
    assert_eq!(aim["p_hit"], found["proposed"]["target"]["p_hit"]);
    assert_eq!((&aim["state"], &aim["period"]), (&"proposed".into(), &"2025-Q1".into()));
    shop.qd(&["accept", "--by", "owner@shop.example"]).exits(0);
    assert_eq!(target(&shop)["state"], "accepted");
    assert_snapshot!("tree_targets", shop.qd(&["tree"]).exits(0).shown());
    let mermaid = shop.qd(&["tree", "--format", "mermaid"]).exits(0).stdout;
    let svg = shop.qd(&["tree", "--format", "svg"]).exits(0).stdout;
    for drawing in [&mermaid, &svg] {
        assert!(drawing.contains("in 2025-Q1") && drawing.contains("rider@shop.example"), "{drawing}");
    }
}

/// A tree is drawn without data: what cannot be read is told, and takes no other number with it.
#[test]
fn a_tree_needs_no_data() {
    let shop = Workspace::shop();
    shop.write("data/more.csv", "day,n\n2024-01-01,oops\n");
    shop.write(
        "metrics/more.qd",
        "source more { from: \"data/more.csv\"  time: day }\nmetric more_orders {\n  unit: orders\n  grain: week\n  \
        measure: sum(n) from more\n  drives: orders\n}\n",
    );
    assert_snapshot!("tree_one_unread", shop.qd(&["tree", "orders"]).exits(0).shown());
    shop.remove("data/more.csv").remove("data/days.csv");
    let object = shop.qd(&["tree", "late_share", "--json"]).exits(0).json();
    assert!(object["as_of"].is_null() && object["nodes"][0]["last_actual"].is_null(), "{object}");
    let notes = object["notes"].as_array().unwrap();
    assert!(
        notes.len() == 2 && notes.iter().all(|note| note.as_str().unwrap().starts_with("no numbers for ")),
        "{object}"
    );
    let bare = shop.qd(&["tree", "late_share", "--bare"]).exits(0);
    assert!(bare.stderr.is_empty() && !bare.stdout.contains(" in 20"), "{}", bare.shown());
}
