//! `qd funnel`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn the_funnel_of_a_whole_product() {
    assert_snapshot!("funnel_grocery", Workspace::example("grocery").qd(&["funnel"]).exits(0).shown());
    assert_snapshot!("funnel_cdnow", Workspace::example("cdnow").qd(&["funnel"]).exits(0).shown());
}

#[test]
fn it_fits_a_terminal_and_never_says_that_anything_causes_anything() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["funnel"]).exits(0);
        assert!(!ran.stdout.contains("cause"), "{}", ran.shown());
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}\n\n{}", ran.shown());
        }
    }
}

#[test]
fn a_workspace_without_stages_is_told_what_to_write() {
    let empty = Workspace::empty();
    empty.write("quarterdeck.toml", "");
    let ran = empty.qd(&["funnel"]).exits(2);
    assert!(ran.stderr.contains("stage: acquisition"), "{}", ran.shown());
}
