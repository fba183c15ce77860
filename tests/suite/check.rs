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

/// A workspace whose file names and mistakes hold everything that could be mistaken for a format's own marks.
fn awkward() -> Workspace {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "[workspace]\ntime_zone = \"Mars\"\n");
    folder.write(
        "metrics/50 %, ä:b.qd",
        "metric a { unit: orders  grain: week  measure: count() from \"50%: a,\\nb\" }\nmetric b {\n  unit: shar\n  \
        grain: week\n  measure: a / c\n",
    );
    folder.write("metrics/a.qd", "metric a { unit: orders  grain: week  measure: nowhere }\n");
    folder
}

/// What an escaped text was.
fn unescaped(text: &str) -> String {
    let marks = [("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    marks.iter().fold(text.to_owned(), |text, (escaped, mark)| text.replace(escaped, mark))
}

/// Each diagnostic is one command of GitHub's, and says what the JSON says once its escapes are undone.
#[test]
fn github_commands_say_what_json_says() {
    for workspace in [awkward(), mistaken()] {
        let told = workspace.qd(&["check", "--json"]).exits(2).json();
        let told = told["diagnostics"].as_array().unwrap();
        let text = workspace.qd(&["check", "--format", "github"]).exits(2).stdout;
        assert_eq!(text.lines().count(), told.len(), "{text}");
        for (line, told) in text.lines().zip(told) {
            let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let (command, properties) = head.split_once(' ').unwrap();
            assert_eq!(command, if told["severity"] == "warning" { "warning" } else { "error" });
            let of = |name: &str| {
                let found = properties.split(',').find_map(|property| property.strip_prefix(&format!("{name}=")));
                found.map(unescaped)
            };
            assert_eq!(of("file").as_deref(), told["file"].as_str(), "{line}");
            assert_eq!(of("line"), told["start"]["line"].as_u64().map(|at| at.to_string()), "{line}");
            assert_eq!(of("col").is_some(), told["start"]["line"] == told["end"]["line"] && !told["start"].is_null());
            assert_eq!(of("title").as_deref(), told["code"].as_str(), "{line}");
            let hints =
                told["hints"].as_array().unwrap().iter().map(|hint| format!("\nhelp: {}", hint.as_str().unwrap()));
            let expected = told["message"].as_str().unwrap().to_owned() + &hints.collect::<String>();
            assert_eq!(unescaped(message), expected);
        }
    }
}

/// The parts of SARIF 2.1.0 that are written, with what each must have and may hold (sections 3.13 to 3.52 of the standard).
const SARIF: &str = include_str!("../fixtures/sarif.json");

#[test]
fn sarif_is_what_the_standard_wants() {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("sarif.json", serde_json::from_str(SARIF).unwrap()).unwrap();
    let schema = compiler.compile("sarif.json", &mut schemas).unwrap();
    for workspace in [awkward(), mistaken(), Workspace::shop()] {
        let told = workspace.qd(&["check", "--json"]).json();
        let log: serde_json::Value =
            serde_json::from_str(&workspace.qd(&["check", "--format", "sarif"]).stdout).unwrap();
        schemas.validate(&log, schema).unwrap_or_else(|error| panic!("{error:#}\n{log:#}"));
        let run = &log["runs"][0];
        let rules: Vec<&str> = run["tool"]["driver"]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        assert!(rules.is_sorted_by(|one, two| one < two), "{rules:?}");
        let results = run["results"].as_array().unwrap();
        let told = told["diagnostics"].as_array().unwrap();
        assert_eq!(results.len(), told.len());
        for (result, told) in results.iter().zip(told) {
            assert!(
                rules.contains(&result["ruleId"].as_str().unwrap()) && result["ruleId"] == told["code"],
                "{result}"
            );
            let region = &result["locations"][0]["physicalLocation"]["region"];
            assert_eq!(region["startColumn"], told["start"]["column"], "{result}");
            assert_eq!(region["endColumn"], told["end"]["column"], "{result}");
        }
    }
}

/// Without a code every code is listed, and each is explained with a text that shows it and one that does not, where one can.
#[test]
fn every_code_is_listed_and_explained() {
    let empty = Workspace::empty();
    let listed = empty.qd(&["explain"]).exits(0).stdout;
    let all = empty.qd(&["explain", "--json"]).exits(0).json();
    let all = all["codes"].as_array().unwrap();
    assert_eq!(listed.lines().count(), all.len());
    for (line, code) in listed.lines().zip(all) {
        let (name, title) = line.split_once("  ").unwrap();
        assert_eq!((name, title), (code["code"].as_str().unwrap(), code["title"].as_str().unwrap()));
        assert!(!code["explanation"].as_str().unwrap().is_empty(), "{name}");
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
