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

/// A file of the fixtures, or of the example that shows them.
fn original(file: &str) -> PathBuf {
    let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/spreadsheet").join(file);
    if shown.is_file() { shown } else { fixtures().join(file) }
}

/// An empty folder with copies of files.
fn folder(files: &[String]) -> Workspace {
    let folder = Workspace::empty();
    for file in files {
        folder.write(file, fs::read(original(file)).unwrap());
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

/// Two files, four commands, no editor.
#[test]
fn from_two_exports_to_a_page_in_four_commands() {
    let files = ["Acme KPIs.xlsx", "traffic-overview.csv"].map(str::to_owned);
    let folder = folder(&files);
    let mut shown = String::new();
    for command in [
        &["init", "kpis", "--from", "Acme KPIs.xlsx", "traffic-overview.csv"][..],
        &["propose", "-C", "kpis"],
        &["accept", "--by", "Mia", "-C", "kpis"],
        &["justify", "2027-Q1", "--format", "html", "-C", "kpis"],
    ] {
        shown.push_str(&folder.qd(command).exits(0).shown());
    }
    assert_snapshot!("four_commands", shown);
    let page = folder.read("kpis/pages/2027-Q1.leadership.html");
    for metric in ["MRR", "New customers", "Churn rate", "Sitzungen"] {
        assert!(page.contains(metric), "the page says nothing of {metric}");
    }
}

/// The same for a file that has to be asked about: the answer is typed behind the same command.
#[test]
fn an_answer_behind_the_same_command_is_enough() {
    let folder = folder(&["besucher.csv".to_owned()]);
    folder.qd(&["init", "--from", "besucher.csv"]).exits(2);
    let init = ["init", "--from", "besucher.csv", "--answer", "numbers=1.234,5", "--as", "2026-Q3"];
    let mut shown = folder.qd(&init).exits(0).shown();
    shown.push_str(&folder.qd(&["propose", "2026-Q3", "--dry-run"]).exits(0).shown());
    assert_snapshot!("answered", shown);
}

#[test]
fn folders_with_blanks_and_umlauts_and_windows_line_ends() {
    let folder = Workspace::empty();
    let bytes = fs::read(fixtures().join("Umsätze Süd.csv")).unwrap();
    folder.write("Über uns/Umsätze Süd.csv", bytes);
    let init = ["init", "Mein Plan", "--from", "Über uns/Umsätze Süd.csv"];
    let mut shown = folder.qd(&init).exits(0).shown();
    shown.push_str(&folder.qd(&["series", "umsatz", "-C", "Mein Plan"]).exits(0).shown());
    assert_snapshot!("blanks_and_umlauts", shown);
}

#[test]
fn nothing_is_overwritten_and_a_workspace_is_added_to() {
    let folder = folder(&["facebook_mau.csv", "us_retail_sales.csv"].map(str::to_owned));
    folder.qd(&["init", "--from", "facebook_mau.csv"]).exits(0);
    let before = folder.files();
    let mut shown = folder.qd(&["init", "--from", "us_retail_sales.csv"]).exits(2).shown();
    assert_eq!(folder.files(), before);
    shown.push_str(&folder.qd(&["import", "csv", "us_retail_sales.csv"]).exits(0).shown());
    shown.push_str(&folder.qd(&["import", "csv", "us_retail_sales.csv"]).exits(2).shown());
    folder.qd(&["check", "--data"]).exits(0);
    assert_snapshot!("added", shown);
    for (path, content) in &before {
        assert_eq!(folder.read(path).as_bytes(), content, "{path} was changed");
    }
}

#[test]
fn a_table_beside_a_newcomer_is_named_and_files_that_are_none_are_told_apart() {
    let folder = folder(&["us_retail_sales.csv".to_owned(), "Acme KPIs.xlsx".to_owned()]);
    let mut shown = folder.qd(&[]).exits(0).shown();
    let workbook = fs::read(original("Acme KPIs.xlsx")).unwrap();
    folder.write("cut.xlsx", &workbook[..workbook.len() / 2]);
    folder.write("empty.csv", "");
    folder.write("blank.csv", "\r\n\r\n  \r\n");
    folder.write("letter.csv", "Dear Mia,\nplease find the numbers in the deck.\n");
    folder.write("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01");
    folder.write("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    folder.write("deck.csv", "%PDF-1.7\n");
    folder.write("quote.csv", format!("day,note\n2026-01-01,\"open\n{}", "2026-01-02,x\n".repeat(2000)));
    folder.write("folder/inside.csv", "a,b\n");
    let before = folder.files();
    for file in [
        "us_retail_sale.csv",
        "nothing.csv",
        "folder",
        "cut.xlsx",
        "empty.csv",
        "blank.csv",
        "letter.csv",
        "picture.csv",
        "locked.xlsx",
        "deck.csv",
        "quote.csv",
    ] {
        shown.push_str(&folder.qd(&["init", "kpis", "--from", file]).exits(2).shown());
    }
    assert_snapshot!("no_tables", shown);
    assert_eq!(folder.files(), before);
}

/// What a cell would do in a spreadsheet stays a text: in names, labels, units and comments.
#[test]
fn formulas_in_cells_and_headers_stay_texts() {
    let folder = folder(&["formulas.csv".to_owned()]);
    folder.qd(&["init", "kpis", "--from", "formulas.csv"]).exits(0);
    let text = folder.read("kpis/metrics/formulas.qd");
    for line in text.lines().filter(|line| line.contains('"')) {
        let quoted = line.split('"').nth(1).unwrap_or_default();
        assert!(!quoted.starts_with(['=', '+', '-', '@']), "{line}");
    }
}
