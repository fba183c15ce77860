//! `qd init`.

use crate::harness::Workspace;
use insta::assert_snapshot;

#[test]
fn init_writes_a_workspace_that_works_at_once() {
    let folder = Workspace::empty();
    assert_snapshot!("init", folder.qd(&["init", "grocery"]).exits(0).shown());
    folder.qd(&["check", "-C", "grocery"]).exits(0);
    let proposal = folder.qd(&["propose", "-C", "grocery", "--json", "--dry-run"]).exits(0).json();
    assert_eq!(proposal["period"], "2027-Q1");
    assert!(proposal["targets"].as_array().is_some_and(|targets| !targets.is_empty()));
}

#[test]
fn init_into_the_current_folder() {
    let folder = Workspace::empty();
    assert_snapshot!("init_here", folder.qd(&["init"]).exits(0).shown());
    folder.qd(&["check"]).exits(0);
}

#[test]
fn init_overwrites_nothing() {
    let folder = Workspace::empty();
    folder.write("metrics/orders.qd", "# mine\n");
    assert_snapshot!("init_again", folder.qd(&["init"]).exits(2).shown());
    assert_eq!(folder.files(), [("metrics/orders.qd".to_owned(), b"# mine\n".to_vec())]);
}

/// Every template, as the command lists them.
fn templates() -> Vec<String> {
    let help = Workspace::empty().qd(&["init", "--template", "?"]).exits(2);
    let listed = help.stderr.split("possible values: ").nth(1).unwrap().split(']').next().unwrap().to_owned();
    listed.split(", ").map(str::to_owned).collect()
}

#[test]
fn each_template_is_an_example() {
    for name in templates() {
        let folder = Workspace::empty();
        folder.qd(&["init", "--template", &name]).exits(0);
        let example = Workspace::example(&name);
        for (path, content) in folder.files() {
            assert!(example.read_bytes(&path) == content, "{name}: {path}");
        }
        // A new definition or data file of the example belongs into the template too; further plans do not.
        let written: Vec<String> = folder.files().into_iter().map(|(path, _)| path).collect();
        for (path, _) in example.files() {
            let belongs =
                ["metrics/", "data/"].iter().any(|start| path.starts_with(start)) || path == "quarterdeck.toml";
            assert!(!belongs || written.contains(&path), "`qd init --template {name}` does not write {path}");
        }
    }
}

#[test]
fn each_template_works_at_once() {
    for name in templates() {
        let folder = Workspace::empty();
        folder.qd(&["init", "--template", &name]).exits(0);
        assert_snapshot!(format!("check_template_{name}"), folder.qd(&["check", "--data"]).exits(0).shown());
    }
}

#[test]
fn an_unknown_template_says_which_there_are() {
    assert_snapshot!("init_unknown", Workspace::empty().qd(&["init", "--template", "sass"]).exits(2).shown());
}
