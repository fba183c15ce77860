//! `qd northstar`: the seven points, and the workshop's sheet.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn the_north_star_of_an_example() {
    let example = Workspace::example("saas");
    assert_snapshot!("northstar_saas", example.qd(&["northstar"]).exits(0).shown());
    assert_snapshot!("northstar_candidate", example.qd(&["northstar", "mrr"]).exits(0).shown());
    assert_snapshot!("northstar_workshop", example.qd(&["northstar", "--workshop"]).exits(0).stdout);
}

#[test]
fn every_example_has_a_north_star_that_can_be_checked() {
    for name in examples() {
        let example = Workspace::example(&name);
        if !example.files_in("metrics").iter().any(|(path, _)| example.read(path).contains("role: north star")) {
            continue;
        }
        let object = example.qd(&["northstar", "--json"]).exits(0).json();
        let points = object["metrics"][0]["points"].as_array().unwrap();
        assert_eq!(points.len(), 7, "{name}");
        for point in points {
            let known = point["computed"].as_array().is_some_and(|computed| !computed.is_empty());
            assert!(known || !point["attested"].is_null() || !point["to_do"].is_null(), "{name}: {point:#}");
        }
    }
}

#[test]
fn without_a_north_star_there_is_a_way_to_one() {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "[workspace]\nname = \"Ours\"\n");
    assert_snapshot!("northstar_none", folder.qd(&["northstar"]).exits(2).shown());
    assert_snapshot!("northstar_blank_workshop", folder.qd(&["northstar", "--workshop"]).exits(0).stdout);
}

#[test]
fn a_point_that_is_none_is_told() {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "");
    folder.write(
        "a.qd",
        "source s { from: \"s.csv\" time: day }\n\
         metric a { unit: things grain: week measure: count() from s\n  attested: leading by \"ana\" on 2026-11-02\n\
           attested: value on 2026-11-02\n}\n",
    );
    assert_snapshot!("northstar_bad_point", folder.qd(&["check"]).exits(2).shown());
}
