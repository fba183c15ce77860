//! `qd verify`: clean after `accept`; each kind of change told apart.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;
use std::sync::OnceLock;

/// A shop whose proposals are accepted.
fn accepted() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    let accepted = ONCE.get_or_init(|| {
        let shop = Workspace::shop();
        shop.qd(&["propose"]).exits(0);
        shop.qd(&["accept", "--by", "Ada"]).exits(0);
        shop
    });
    accepted.again()
}

/// The kinds of difference `verify` finds.
#[track_caller]
fn kinds(shop: &Workspace) -> Vec<String> {
    let ran = shop.qd(&["verify", "--json"]);
    let object = ran.json();
    let mut kinds: Vec<String> = object["differences"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", ran.shown()))
        .iter()
        .map(|difference| difference["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ran.code, i32::from(!kinds.is_empty()), "{}", ran.shown());
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn it_is_clean_after_accept() {
    assert_snapshot!("verify_clean", accepted().qd(&["verify"]).exits(0).shown());
}

#[test]
fn it_is_clean_after_accept_on_every_example() {
    for name in examples() {
        let example = Workspace::example(&name);
        example.qd(&["propose"]).exits(0);
        example.qd(&["accept", "--by", "Ada"]).exits(0);
        let ran = example.qd(&["verify", "--json"]).exits(0);
        assert!(ran.json()["checked"].as_u64().is_some_and(|checked| checked > 0), "{}", ran.shown());
    }
}

#[test]
fn an_edited_number_is_found() {
    let shop = accepted();
    let path = "targets/2025-Q1.toml";
    let text = shop.read(path);
    let line = text.lines().find(|line| line.starts_with("p_hit = ")).unwrap().to_owned();
    shop.write(path, text.replacen(&line, "p_hit = 0.777", 1));
    assert_eq!(kinds(&shop), ["number"]);
    assert_snapshot!("verify_number", shop.qd(&["verify"]).exits(1).shown());
}

#[test]
fn an_edited_frozen_input_is_found() {
    let shop = accepted();
    let path = "targets/2025-Q1.inputs.csv";
    let text = shop.read(path);
    let number = text.lines().position(|line| line.starts_with("orders,")).unwrap() + 4;
    let line = text.lines().nth(number - 1).unwrap();
    let cells: Vec<&str> = line.split(',').collect();
    let edited: Vec<&str> = cells.iter().enumerate().map(|(at, cell)| if at == 3 { "123" } else { *cell }).collect();
    shop.change_line(path, number, &edited.join(","));
    assert!(kinds(&shop).contains(&"input".to_owned()));
    assert_snapshot!("verify_input", shop.qd(&["verify", "--offline"]).exits(1).shown());
}

#[test]
fn a_changed_row_is_found() {
    let shop = accepted();
    let line = shop.read("data/days.csv").lines().nth(899).unwrap().to_owned();
    let date = line.split(',').next().unwrap().to_owned();
    shop.change_line("data/days.csv", 900, &format!("{date},999,1,2000.00"));
    assert_eq!(kinds(&shop), ["data"]);
    assert_snapshot!("verify_row", shop.qd(&["verify"]).exits(1).shown());
    // Those who look at the frozen files alone see nothing wrong with them.
    shop.qd(&["verify", "--offline"]).exits(0);
}

#[test]
fn live_shows_what_was_restated() {
    let shop = accepted();
    let line = shop.read("data/days.csv").lines().nth(899).unwrap().to_owned();
    let date = line.split(',').next().unwrap().to_owned();
    shop.change_line("data/days.csv", 900, &format!("{date},999,1,2000.00"));
    assert_snapshot!("verify_live", shop.qd(&["verify", "--live"]).exits(1).shown());
}

#[test]
fn a_changed_definition_is_found() {
    let shop = accepted();
    shop.change(
        "metrics/shop.qd",
        "measure: sum(orders) from days",
        "measure: sum(orders) from days where orders > 10",
    );
    assert_eq!(kinds(&shop), ["definition"]);
    assert_snapshot!("verify_definition", shop.qd(&["verify"]).exits(1).shown());
}

#[test]
fn an_edited_page_is_found() {
    let shop = accepted();
    let page = shop.read("pages/2025-Q1.leadership.md");
    shop.write("pages/2025-Q1.leadership.md", page.replacen("Orders", "Many orders", 1));
    assert_eq!(kinds(&shop), ["page"]);
    assert_snapshot!("verify_page", shop.qd(&["verify"]).exits(1).shown());
}

#[test]
fn words_layout_and_order_are_no_change() {
    let shop = accepted();
    let text = shop.read("metrics/shop.qd");
    let text = text
        .replace("\"Orders\"", "\"Orders that came\"")
        .replace("  unit: orders\n", "    unit:   orders   # one per bag\n");
    shop.write("metrics/shop.qd", format!("# A comment.\n\n{text}"));
    assert_eq!(kinds(&shop), [""; 0]);
}

#[test]
fn later_rows_and_reformatted_files_leave_it_clean() {
    let shop = accepted();
    let text = shop.read("data/days.csv");
    // Other line ends, quotes, another order of columns, a further column, and two more days.
    let mut lines = vec!["note,takings,late,orders,date".to_owned()];
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        lines.push(format!("\"a, b\",\"{}\",{},{},{}", cells[3], cells[2], cells[1], cells[0]));
    }
    lines.push("x,99.00,1,50,2025-01-01".to_owned());
    lines.push("x,98.00,2,51,2025-01-02".to_owned());
    shop.write("data/days.csv", lines.join("\r\n") + "\r\n");
    assert_eq!(kinds(&shop), [""; 0]);
}

#[test]
fn without_its_sources_a_ledger_is_verified_from_what_was_frozen() {
    let shop = accepted();
    shop.remove("data/days.csv");
    let ran = shop.qd(&["verify"]).exits(0);
    assert!(ran.stdout.contains("days.csv"), "{}", ran.shown());
    shop.qd(&["verify", "--live"]).exits(2);
}

#[test]
fn without_a_ledger_there_is_nothing_to_verify() {
    let shop = Workspace::shop();
    assert_snapshot!("verify_nothing", shop.qd(&["verify"]).exits(0).shown());
    assert_snapshot!("verify_missing", shop.qd(&["verify", "2025-Q1"]).exits(2).shown());
}

#[test]
fn another_version_is_said_and_fails_only_when_strict() {
    let shop = accepted();
    let path = "targets/2025-Q1.toml";
    let text = shop.read(path);
    let line = text.lines().find(|line| line.starts_with("version = ")).unwrap().to_owned();
    shop.write(path, text.replacen(&line, "version = \"0.0.9\"", 1));
    let ran = shop.qd(&["verify"]);
    assert!(ran.shown().contains("0.0.9"), "{}", ran.shown());
    shop.qd(&["verify", "--strict"]).exits(1);
}

#[test]
fn a_broken_ledger_is_named() {
    let shop = accepted();
    shop.write("targets/2025-Q1.toml", "period = ");
    assert_snapshot!("verify_broken", shop.qd(&["verify"]).exits(2).shown());
    let shop = accepted();
    shop.remove("targets/2025-Q1.inputs.csv");
    assert_snapshot!("verify_no_inputs", shop.qd(&["verify"]).exits(2).shown());
}

/// The shop's last quarter with data, lived to its end: every kind of page and picture, notes, and a closing.
fn closed() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    let closed = ONCE.get_or_init(|| {
        let shop = Workspace::shop();
        for args in [
            &["propose", "2024-Q4", "--as-of", "2024-09-30"][..],
            &["accept", "--by", "Ada", "--on", "2024-09-30"],
            &["justify", "2024-Q4", "--for", "finance", "--format", "text"],
            &["justify", "2024-Q4", "orders", "--for", "engineering", "--png"],
            &["justify", "2024-Q4", "--phasing"],
            &["note", "orders", "Fog.", "--by", "Ada", "--as-of", "2024-11-03"],
            &["close", "2024-Q4"],
        ] {
            shop.qd(args).exits(0);
        }
        shop.qd(&["verify", "--offline"]).exits(0);
        shop
    });
    closed.again()
}

/// A digit of a text made another, at a place from 0 (its start) to 1 (its end).
fn other_digit(content: &[u8], place: f64) -> Option<Vec<u8>> {
    let digits: Vec<usize> = (0..content.len()).filter(|at| content[*at].is_ascii_digit()).collect();
    let at = *digits.get((place * digits.len().checked_sub(1)? as f64) as usize)?;
    let mut other = content.to_vec();
    other[at] = if content[at] == b'7' { b'8' } else { b'7' };
    Some(other)
}

#[test]
fn one_digit_changed_in_any_file_is_found() {
    let shop = closed();
    let files: Vec<(String, Vec<u8>)> = shop
        .files()
        .into_iter()
        .filter(|(path, _)| path.starts_with("targets/") || path.starts_with("pages/"))
        .collect();
    let kinds = [
        "close.html",
        "close.md",
        "png",
        "phasing.csv",
        "engineering.md",
        "engineering.html",
        "leadership.md",
        "inputs.csv",
        "actuals.csv",
        "close.toml",
        "close.definitions.json",
        "definitions.json",
        "log.jsonl",
        "2024-Q4.toml",
    ];
    for kind in kinds {
        assert!(
            files.iter().any(|(path, _)| path.ends_with(kind)),
            "no {kind} among {:?}",
            files.iter().map(|(path, _)| path).collect::<Vec<_>>()
        );
    }
    for (path, content) in &files {
        let Some(other) = other_digit(content, 0.57) else { continue };
        shop.write(path, &other);
        let ran = shop.qd(&["verify", "2024-Q4", "--offline"]);
        // What cannot even be read is no ledger: exit code 2.
        assert!([1, 2].contains(&ran.code), "{path}\n{}", ran.shown());
        shop.write(path, content);
    }
    shop.qd(&["verify", "2024-Q4", "--offline"]).exits(0);
}

#[test]
fn a_closing_that_is_gone_is_missed() {
    let shop = closed();
    shop.remove("targets/2024-Q4.close.toml");
    let ran = shop.qd(&["verify", "2024-Q4", "--offline"]).exits(1);
    assert!(ran.stdout.contains("target[orders].closing.grade"), "{}", ran.shown());
    let shop = closed();
    shop.remove("targets/2024-Q4.close.definitions.json");
    assert_snapshot!("verify_no_closing_definitions", shop.qd(&["verify", "2024-Q4", "--offline"]).exits(2).shown());
}

/// A definition changed after the quarter was accepted, and before it was closed: the closing is computed by its own.
#[test]
fn a_closing_by_a_changed_definition_holds() {
    let shop = Workspace::shop();
    shop.qd(&["propose", "2024-Q4", "--as-of", "2024-09-30"]).exits(0);
    shop.qd(&["accept", "--by", "Ada", "--on", "2024-09-30"]).exits(0);
    shop.change(
        "metrics/shop.qd",
        "measure: sum(orders) from days",
        "measure: sum(orders) from days where orders > 10",
    );
    shop.qd(&["close", "2024-Q4"]).exits(0);
    shop.qd(&["verify", "2024-Q4", "--offline"]).exits(0);
    assert!(shop.read("targets/2024-Q4.close.toml").contains("Its definition has changed since it was accepted"));
}

#[test]
fn an_earlier_period_closed_later_keeps_every_page_true() {
    let shop = Workspace::shop();
    for (quarter, day) in [("2024-Q2", "2024-03-31"), ("2024-Q3", "2024-06-30")] {
        shop.qd(&["propose", quarter, "--as-of", day]).exits(0);
        shop.qd(&["accept", "--by", "Ada", "--on", day]).exits(0);
    }
    shop.qd(&["close", "2024-Q3"]).exits(0);
    let alone = shop.read("pages/2024-Q3.close.md");
    shop.qd(&["close", "2024-Q2"]).exits(0);
    // Its scoreboard counts the earlier quarter in.
    assert_ne!(alone, shop.read("pages/2024-Q3.close.md"));
    shop.qd(&["verify", "--offline"]).exits(0);
}
