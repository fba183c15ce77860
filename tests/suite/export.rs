//! `qd export` and `qd completions`.

use crate::harness::Workspace;
use insta::assert_snapshot;

#[test]
fn the_resolved_model_is_one_object() {
    let object = Workspace::shop().qd(&["export", "json"]).exits(0).json();
    let orders = &object["model"]["metrics"]["orders"];
    assert_eq!(orders["unit"]["parts"]["order"], 1, "{orders}");
    assert_eq!(orders["definition"]["revision"].as_str().unwrap().len(), 12);
    assert_eq!(object["model"]["plans"]["2025-Q1"]["initiatives"][0]["ships"], 0.8);
}

#[test]
fn what_means_nothing_is_not_exported() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    assert_snapshot!("export_errors", shop.qd(&["export", "json"]).exits(2).shown());
    shop.qd(&["export", "xml"]).exits(2);
}

#[test]
fn every_shell_has_completions_of_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Workspace::empty().qd(&["completions", shell]).exits(0);
        for command in ["propose", "completions", "--dry-run"] {
            assert!(ran.stdout.contains(command.trim_start_matches("--")), "{shell}: no {command}");
        }
    }
    Workspace::empty().qd(&["completions", "tcsh"]).exits(2);
}
