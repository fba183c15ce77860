//! `qd fmt`: the one layout.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;
use std::collections::BTreeMap;

/// The shop, with what people leave behind.
fn untidy() -> Workspace {
    let shop = Workspace::shop();
    shop.change(
        "metrics/shop.qd",
        "  why: \"An order is",
        "\n\n      # Since the shop opened.\n  why:   \"An order is",
    );
    shop.change("metrics/shop.qd", "sum(late) from days", "sum( late )   from days # from the till");
    shop
}

/// The revision of every metric, market and plan.
fn revisions(workspace: &Workspace) -> BTreeMap<String, String> {
    let model = workspace.qd(&["export", "json"]).exits(0).json();
    let mut found = BTreeMap::new();
    for (kind, at) in [("metrics", "/definition/revision"), ("markets", "/definition/revision"), ("plans", "/revision")]
    {
        for (name, value) in model["model"][kind].as_object().unwrap() {
            found.insert(format!("{kind} {name}"), value.pointer(at).unwrap().as_str().unwrap().to_owned());
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn what_would_change_is_shown_and_fails_the_check() {
    let shop = untidy();
    let before = shop.files();
    assert_snapshot!("fmt_check", shop.qd(&["fmt", "--check"]).exits(1).shown());
    assert_eq!(before, shop.files());
    let object = shop.qd(&["fmt", "--check", "--json"]).exits(1).json();
    assert!(object["changed"].as_array().unwrap().iter().any(|path| path == "metrics/shop.qd"), "{object}");
}

#[test]
fn a_second_time_changes_nothing_and_comments_stay() {
    let shop = untidy();
    let meaning = revisions(&shop);
    assert_snapshot!("fmt", shop.qd(&["fmt"]).exits(0).shown());
    let text = shop.read("metrics/shop.qd");
    assert!(text.contains("# Since the shop opened.") && text.contains("# from the till"), "{text}");
    let before = shop.files();
    shop.qd(&["fmt", "--check"]).exits(0);
    shop.qd(&["fmt"]).exits(0);
    assert_eq!(before, shop.files());
    assert_eq!(meaning, revisions(&shop));
}

#[test]
fn revisions_stay_whatever_the_layout_was() {
    let workspaces = examples().into_iter().map(|name| Workspace::example(&name)).chain([Workspace::shop()]);
    for workspace in workspaces {
        let meaning = revisions(&workspace);
        // Every indent gone, line ends of another system, and trailing spaces.
        for (path, content) in workspace.files().into_iter().filter(|(path, _)| path.ends_with(".qd")) {
            let text = String::from_utf8(content).unwrap();
            let loose: String = text.lines().map(|line| format!("{}  \r\n", line.trim_start())).collect();
            workspace.write(&path, loose);
        }
        assert_eq!(meaning, revisions(&workspace));
        workspace.qd(&["fmt"]).exits(0);
        workspace.qd(&["fmt", "--check"]).exits(0);
        assert_eq!(meaning, revisions(&workspace));
    }
}

#[test]
fn every_example_has_the_one_layout() {
    for name in examples() {
        Workspace::example(&name).qd(&["fmt", "--check"]).exits(0);
    }
}

#[test]
fn a_file_with_mistakes_is_left_alone() {
    let shop = untidy();
    shop.write("metrics/broken.qd", "metric   a {\n  unit: orders\n");
    assert_snapshot!("fmt_broken", shop.qd(&["fmt"]).exits(2).shown());
    assert_eq!(shop.read("metrics/broken.qd"), "metric   a {\n  unit: orders\n");
    shop.qd(&["fmt", "--check", "metrics/shop.qd"]).exits(0);
}

#[test]
fn stdin_goes_to_stdout() {
    let folder = Workspace::empty();
    let ran = folder.qd_reading(&["fmt", "-"], "metric a{unit:orders\nmeasure: count( ) from b}").exits(0);
    assert_eq!(ran.stdout, "metric a {\n  unit: orders\n  measure: count() from b\n}\n", "{}", ran.shown());
    folder.qd_reading(&["fmt", "-", "--check"], &ran.stdout).exits(0);
    folder.qd_reading(&["fmt", "--check", "-"], "metric a{unit:orders}").exits(1);
    let broken = folder.qd_reading(&["fmt", "-"], "metric a {").exits(2);
    assert!(broken.stdout.is_empty() && broken.stderr.contains("stdin:1"), "{}", broken.shown());
}

#[test]
fn folders_marks_and_missing_files() {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "").write("a/b.qd", "\u{feff}# only a comment\r\n");
    let ran = folder.qd(&["fmt", "a", "a/b.qd"]).exits(0);
    assert_eq!(folder.read("a/b.qd"), "# only a comment\n", "{}", ran.shown());
    let ran = folder.qd(&["fmt", "nowhere.qd"]).exits(2);
    assert!(ran.stderr.contains("`nowhere.qd` cannot be read: it does not exist"), "{}", ran.shown());
    folder.qd(&["fmt", "-", "a/b.qd"]).exits(2);
}
