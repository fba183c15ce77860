//! `qd tree --validate`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn a_tree_against_its_history() {
    assert_snapshot!("validate_grocery", Workspace::example("grocery").qd(&["tree", "--validate"]).exits(0).shown());
    assert_snapshot!("validate_cdnow", Workspace::example("cdnow").qd(&["tree", "--validate"]).exits(0).shown());
}

#[test]
fn what_goes_together_is_called_associated_and_nothing_else() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["tree", "--validate"]).exits(0);
        assert!(!ran.stdout.contains("cause"), "{}", ran.shown());
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}\n\n{}", ran.shown());
        }
    }
}

#[test]
fn one_metric_is_validated_with_what_is_below_it() {
    let grocery = Workspace::example("grocery");
    let all = grocery.qd(&["tree", "--validate", "--json"]).exits(0).json();
    let some = grocery.qd(&["tree", "ordering_customers", "--validate", "--json"]).exits(0).json();
    let count = |object: &serde_json::Value| object["edges"].as_array().unwrap().len();
    assert!(count(&some) > 0 && count(&some) < count(&all), "{some}");
}
