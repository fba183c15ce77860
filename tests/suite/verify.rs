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
