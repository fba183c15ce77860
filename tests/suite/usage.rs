//! What is typed: help, mistakes, folders that are no workspace.

use crate::harness::Workspace;
use insta::assert_snapshot;

#[test]
fn bare_qd_says_what_it_is_and_what_to_type_next() {
    assert_snapshot!("bare_outside", Workspace::empty().qd(&[]).exits(0).shown());
    assert_snapshot!("bare_inside", Workspace::shop().qd(&[]).exits(0).shown());
}

#[test]
fn help_lists_every_command() {
    assert_snapshot!(Workspace::empty().qd(&["--help"]).exits(0).shown());
}

#[test]
fn a_missing_workspace_says_what_to_do() {
    assert_snapshot!(Workspace::empty().qd(&["check"]).exits(2).shown());
}

#[test]
fn a_missing_folder_is_named() {
    assert_snapshot!(Workspace::empty().qd(&["check", "-C", "nowhere"]).exits(2).shown());
}

#[test]
fn an_unknown_command_and_an_unknown_flag_are_bad_usage() {
    assert_snapshot!("unknown_command", Workspace::shop().qd(&["propse"]).exits(2).shown());
    assert_snapshot!("unknown_flag", Workspace::shop().qd(&["propose", "--dryrun"]).exits(2).shown());
    assert_snapshot!("bad_date", Workspace::shop().qd(&["propose", "--as-of", "31.12.2024"]).exits(2).shown());
}

#[test]
fn an_error_is_an_object_where_objects_are_wanted() {
    for args in [
        &["check", "--json", "-C", "nowhere"][..],
        &["propse", "--json"],
        &["series", "nothing", "--json"],
        &["explain", "E9999", "--json"],
        &["propose", "2025-Q7", "--json"],
    ] {
        let ran = Workspace::shop().qd(args).exits(2);
        let error = &ran.json()["error"];
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", ran.shown());
        assert_eq!(error["exit"], 2, "{}", ran.shown());
    }
}

#[test]
fn a_folder_inside_a_workspace_belongs_to_it() {
    let shop = Workspace::shop();
    let whole = shop.qd(&["check", "--json"]).exits(0).json();
    let inside = shop.qd(&["check", "--json", "-C", "metrics"]).exits(0).json();
    assert_eq!(whole, inside);
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "unit: EUR", "unitt: EUR");
    let plain = shop.qd(&["check"]).exits(2);
    assert!(!plain.stdout.contains('\u{1b}'), "{}", plain.shown());
    let always = shop.qd(&["check", "--color", "always"]).exits(2);
    assert!(always.stdout.contains('\u{1b}'), "{}", always.shown());
    let never = shop.qd_with(&["check"], &[("NO_COLOR", "1")]).exits(2);
    assert_eq!(plain.stdout, never.stdout);
}

#[test]
fn a_file_that_is_not_utf8_is_named_with_its_line() {
    let shop = Workspace::shop();
    shop.write("metrics/latin.qd", b"# fine\n# caf\xe9\n");
    assert_snapshot!(shop.qd(&["check"]).exits(2).shown());
}

#[test]
fn hidden_folders_target_and_nested_workspaces_are_skipped() {
    let shop = Workspace::shop();
    let before = shop.qd(&["check", "--json"]).exits(0).json();
    for path in [".git/x.qd", "target/x.qd", "inner/.hidden/x.qd", "other/x.qd", "other/deep/y.qd"] {
        shop.write(path, "this is no definition {");
    }
    shop.write("other/quarterdeck.toml", "");
    assert_eq!(before, shop.qd(&["check", "--json"]).exits(0).json());
}
