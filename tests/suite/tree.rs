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
