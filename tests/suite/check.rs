//! `qd check` and `qd explain`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

/// A shop with one mistake and one lint.
fn mistaken() -> Workspace {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    shop.change("metrics/shop.qd", "  why: \"Pays for everything else.\"\n", "");
    shop
}

#[test]
fn every_example_is_clean() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["check"]).exits(0);
        assert!(ran.stdout.contains("nothing to complain about"), "{}", ran.shown());
    }
}

#[test]
fn a_clean_workspace_says_so() {
    assert_snapshot!(Workspace::shop().qd(&["check"]).exits(0).shown());
}

#[test]
fn mistakes_are_shown_at_their_places() {
    assert_snapshot!(mistaken().qd(&["check"]).exits(2).shown());
}

#[test]
fn formats_for_machines() {
    let shop = mistaken();
    for format in ["json", "sarif", "github"] {
        let ran = shop.qd(&["check", "--format", format]).exits(2);
        assert_snapshot!(format!("check_{format}"), ran.stdout);
    }
}

#[test]
fn github_sees_paths_from_the_repository() {
    let folder = Workspace::empty();
    folder.write("numbers/quarterdeck.toml", "").write("numbers/a.qd", "metric a {");
    let ran = folder.qd(&["check", "-C", "numbers", "--format", "github"]).exits(2);
    assert!(ran.stdout.contains("file=numbers/a.qd"), "{}", ran.shown());
}

#[test]
fn a_lint_is_denied_warned_or_allowed() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "  why: \"Pays for everything else.\"\n", "");
    let warned = shop.qd(&["check", "--json"]).exits(0).json();
    let codes: Vec<&str> = codes(&warned);
    assert_eq!(codes.len(), 1, "{warned}");
    for (level, code) in [("deny", 1), ("warn", 0), ("allow", 0)] {
        shop.write("quarterdeck.toml", format!("[lints]\n{} = \"{level}\"\n", codes[0]));
        let ran = shop.qd(&["check", "--json"]).exits(code);
        assert_eq!(
            ran.json()["diagnostics"].as_array().unwrap().len(),
            usize::from(level != "allow"),
            "{}",
            ran.shown()
        );
    }
}

#[test]
fn every_code_that_is_printed_is_explained() {
    let found = mistaken().qd(&["check", "--json"]).exits(2).json();
    for code in codes(&found) {
        let ran = Workspace::empty().qd(&["explain", code]).exits(0);
        assert!(ran.stdout.starts_with(code), "{}", ran.shown());
    }
}

#[test]
fn explain_says_what_a_code_means() {
    let folder = Workspace::empty();
    assert_snapshot!("explain", folder.qd(&["explain", "e008"]).exits(0).shown());
    assert_snapshot!("explain_unknown", folder.qd(&["explain", "E9999"]).exits(2).shown());
}

fn codes(object: &serde_json::Value) -> Vec<&str> {
    let diagnostics = object["diagnostics"].as_array().unwrap();
    diagnostics.iter().map(|each| each["code"].as_str().unwrap()).collect()
}
