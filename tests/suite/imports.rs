//! Files as people export them: the workspace each must yield, or the question it must ask; and every value as it stands in
//! the file. `tests/fixtures/imports/expect.toml` says what is expected, `make.py` beside it makes the files that are made up.

use crate::harness::{Ran, Workspace};
use insta::assert_snapshot;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What is expected of the files of the folder.
#[derive(Deserialize)]
struct Expected {
    case: Vec<Case>,
}

/// What is expected of some files read together.
#[derive(Deserialize)]
struct Case {
    /// The snapshot's name.
    name: String,
    /// The files.
    files: Vec<String>,
    /// What was answered.
    #[serde(default)]
    answers: Vec<String>,
    /// The exit code.
    #[serde(default)]
    code: i32,
    /// Values, with the cells of the file they stand in.
    #[serde(default)]
    values: Vec<Value>,
}

/// A value and where it stands in the file.
#[derive(Deserialize)]
struct Value {
    metric: String,
    /// The period's first day.
    start: String,
    /// The value; none where the cell says so.
    value: Option<f64>,
    /// The cells it is read from.
    cell: String,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/imports")
}

/// An empty folder with copies of files.
fn folder(files: &[String]) -> Workspace {
    let folder = Workspace::empty();
    for file in files {
        folder.write(file, fs::read(fixtures().join(file)).unwrap());
    }
    folder
}

fn init(folder: &Workspace, case: &Case) -> Ran {
    let mut args = vec!["init", "kpis", "--from"];
    args.extend(case.files.iter().map(String::as_str));
    for answer in &case.answers {
        args.extend(["--answer", answer]);
    }
    folder.qd(&args)
}

#[test]
fn every_export_yields_its_workspace_or_asks_its_question() {
    let text = fs::read_to_string(fixtures().join("expect.toml")).unwrap();
    let expected: Expected = toml::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in &expected.case {
        let folder = folder(&case.files);
        let ran = init(&folder, case);
        let mut shown = ran.shown();
        for (path, content) in folder.files_in("kpis") {
            if !path.starts_with("kpis/data/") {
                shown.push_str(&format!("=== {path}\n{}", String::from_utf8(content).unwrap()));
            }
        }
        assert_snapshot!(case.name.as_str(), shown);
        if ran.code != case.code {
            wrong.push(format!("{}: {shown}", case.name));
        } else if case.code == 0 {
            wrong.extend(differences(&folder, case));
        } else if folder.path().join("kpis").exists() {
            wrong.push(format!("{}: something was written", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a workspace: errors it has, and values that are not those of the file.
fn differences(folder: &Workspace, case: &Case) -> Vec<String> {
    let check = folder.qd(&["check", "--data", "--json", "-C", "kpis"]).json();
    let errors = check["diagnostics"].as_array().unwrap().iter().filter(|each| each["severity"] == "error");
    let mut wrong: Vec<String> = errors.map(|error| format!("{}: {error}", case.name)).collect();
    if case.values.is_empty() {
        wrong.push(format!("{}: no value is looked at", case.name));
    }
    let mut known = BTreeMap::new();
    for Value { metric, start, value, cell } in &case.values {
        let read = || folder.qd(&["series", metric, "--json", "-C", "kpis"]).exits(0).json();
        let series = known.entry(metric).or_insert_with(read);
        let point = series["points"].as_array().unwrap().iter().find(|point| point["start"] == start.as_str());
        let found = point.and_then(|point| point["value"].as_f64());
        let same = match (found, value) {
            (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs(),
            (found, expected) => found.is_none() && expected.is_none(),
        };
        if !same {
            wrong.push(format!("{}: {metric} of {start} is {found:?}, and {cell} says {value:?}", case.name));
        }
    }
    wrong
}
