//! `qd propose` and `qd accept`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn the_proposal_as_people_read_it() {
    assert_snapshot!("propose_shop", Workspace::shop().qd(&["propose"]).exits(0).shown());
}

#[test]
fn it_is_at_most_a_hundred_columns_wide_and_has_no_colours_in_a_pipe() {
    let workspaces = examples().into_iter().map(|name| Workspace::example(&name));
    for workspace in workspaces.chain([Workspace::shop()]) {
        let ran = workspace.qd(&["propose", "--dry-run"]).exits(0);
        assert!(!ran.stdout.contains('\u{1b}'));
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}\n\n{}", ran.shown());
        }
    }
}

#[test]
fn it_writes_a_ledger_and_two_pages_and_nothing_on_a_dry_run() {
    let shop = Workspace::shop();
    let before = shop.files();
    shop.qd(&["propose", "--dry-run"]).exits(0);
    assert!(shop.files() == before, "a dry run wrote something");
    let ran = shop.qd(&["propose"]).exits(0);
    let written = ["targets/2025-Q1.proposed.toml", "pages/2025-Q1.leadership.md", "pages/2025-Q1.leadership.html"];
    for path in written {
        assert!(ran.stdout.contains(path), "{}", ran.shown());
        assert!(!shop.read(path).is_empty());
    }
    assert_eq!(shop.files().len(), before.len() + written.len());
}

#[test]
fn the_period_may_be_named_or_left_to_the_data() {
    let shop = Workspace::shop();
    let period = |args: &[&str]| shop.qd(args).exits(0).json()["period"].clone();
    assert_eq!(period(&["propose", "--json", "--dry-run"]), "2025-Q1");
    assert_eq!(period(&["propose", "2025-Q2", "--json", "--dry-run"]), "2025-Q2");
    assert_eq!(period(&["propose", "--json", "--dry-run", "--as-of", "2024-08-15"]), "2024-Q4");
}

#[test]
fn without_a_plan_every_metric_that_has_a_direction_is_proposed() {
    let shop = Workspace::shop();
    shop.remove("plans/2025-Q1.qd");
    let ran = shop.qd(&["propose", "--json"]).exits(0);
    assert!(ran.stderr.contains("there is no plan for 2025-Q1"), "{}", ran.shown());
    let object = ran.json();
    let mut names: Vec<&str> =
        object["targets"].as_array().unwrap().iter().map(|target| target["metric"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["late_share", "orders", "revenue"]);
}

/// A shop that will open a second counter: its metric has as many weeks of history as rows are given.
fn new_counter(rows: &str) -> Workspace {
    let shop = Workspace::shop();
    shop.write("data/counter.csv", format!("date,sold\n{rows}"));
    shop.write(
        "metrics/counter.qd",
        "source counter \"The new counter\" { from: \"data/counter.csv\"  time: date  owner: \"c@shop.example\" }\n\
         metric sold \"Loaves sold at the new counter\" {\n  why: \"New.\"\n  owner: \"c@shop.example\"\n  unit: loaves\n\
         \x20 better: higher\n  grain: week\n  measure: sum(sold) from counter\n\
         \x20 benchmark next_door \"Next door\" { value: 9_000  source: \"Asked\"  date: 2024-10 }\n}\n",
    );
    shop.change(
        "plans/2025-Q1.qd",
        "  target revenue {",
        "  target sold {\n    method: benchmark next_door close 1/2 by 2025-Q1\n    because: \"A start.\"\n  }\n\n  target revenue {",
    );
    shop
}

#[test]
fn a_metric_with_one_point_is_proposed_without_a_chance_and_blocks_nobody() {
    let shop = new_counter("2024-12-24,300\n2024-12-30,310\n");
    let object = shop.qd(&["propose", "--json"]).exits(0).json();
    let targets = object["targets"].as_array().unwrap();
    let sold = targets.iter().find(|target| target["metric"] == "sold").unwrap();
    assert!(sold["proposed"]["target"]["value"].is_number(), "{sold:#}");
    assert!(sold["proposed"]["target"]["p_hit"].is_null(), "{sold:#}");
    assert!(sold["claims"].is_null(), "{sold:#}");
    let flags: Vec<&str> =
        sold["flags"].as_array().unwrap().iter().map(|flag| flag["code"].as_str().unwrap()).collect();
    assert!(flags.contains(&"too_little_history"), "{flags:?}");
    assert_eq!(object["joint"]["excluded"], serde_json::json!(["sold"]));
    let orders = targets.iter().find(|target| target["metric"] == "orders").unwrap();
    assert!(orders["proposed"]["target"]["p_hit"].is_number());
    // The others' numbers are those they have without it.
    let alone = Workspace::shop().qd(&["propose", "--json"]).exits(0).json();
    let same = |object: &serde_json::Value| {
        object["targets"].as_array().unwrap().iter().find(|target| target["metric"] == "orders").unwrap()["proposed"]
            .clone()
    };
    assert_eq!(same(&object), same(&alone));
}

#[test]
fn accepting_freezes_what_the_targets_stand_on() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    assert_snapshot!("accept", shop.qd(&["accept", "--by", "Ada", "--role", "owner"]).exits(0).shown());
    let names: Vec<String> = shop.files_in("targets").into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["targets/2025-Q1.definitions.json", "targets/2025-Q1.inputs.csv", "targets/2025-Q1.toml"]);
    assert!(shop.read("targets/2025-Q1.toml").contains("Ada"));
    assert!(!shop.read("pages/2025-Q1.leadership.md").contains("DRAFT"));
}

#[test]
fn targets_can_be_accepted_one_by_one() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    shop.qd(&["accept", "orders", "--by", "Ada"]).exits(0);
    assert!(shop.read("targets/2025-Q1.proposed.toml").contains("revenue"));
    assert!(!shop.read("targets/2025-Q1.proposed.toml").contains("metric = \"orders\""));
    shop.qd(&["accept", "revenue", "--by", "Grace", "--on", "2025-01-10"]).exits(0);
    let ledger = shop.read("targets/2025-Q1.toml");
    assert!(ledger.contains("Ada") && ledger.contains("Grace"), "{ledger}");
    assert!(!shop.path().join("targets/2025-Q1.proposed.toml").exists());
    shop.qd(&["verify"]).exits(0);
}

#[test]
fn two_people_accepting_at_once_lose_nothing() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    std::thread::scope(|scope| {
        for (metric, by) in [("orders", "Ada"), ("revenue", "Grace")] {
            let shop = &shop;
            scope.spawn(move || shop.qd(&["accept", metric, "--by", by]).exits(0));
        }
    });
    let ledger = shop.read("targets/2025-Q1.toml");
    assert!(ledger.contains("Ada") && ledger.contains("Grace"), "{ledger}");
    shop.qd(&["verify"]).exits(0);
    let left: Vec<String> =
        shop.files().into_iter().map(|(path, _)| path).filter(|path| path.contains(".qd-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_further_approval_joins_the_first() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    shop.qd(&["accept", "--by", "Ada"]).exits(0);
    shop.qd(&["accept", "orders", "--by", "Grace", "--role", "finance", "--on", "2025-01-12"]).exits(0);
    assert!(shop.read("targets/2025-Q1.toml").contains("Grace"));
    assert!(shop.read("pages/2025-Q1.leadership.md").contains("Grace"));
    shop.qd(&["verify"]).exits(0);
    shop.qd(&["accept", "orders", "--by", "Grace", "--role", "finance"]).exits(2);
}

#[test]
fn proposing_again_never_touches_what_is_accepted() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    shop.qd(&["accept", "--by", "Ada"]).exits(0);
    let before = shop.files();
    shop.qd(&["propose"]).exits(0);
    assert!(shop.files() == before, "an accepted target was touched");
}

#[test]
fn accept_says_what_is_wrong() {
    let shop = Workspace::shop();
    assert_snapshot!("accept_nothing", shop.qd(&["accept", "--by", "Ada"]).exits(2).shown());
    shop.qd(&["propose"]).exits(0);
    assert_snapshot!("accept_unknown", shop.qd(&["accept", "order", "--by", "Ada"]).exits(2).shown());
    assert_snapshot!("accept_nobody", shop.qd(&["accept"]).exits(2).shown());
}

#[test]
fn an_edited_proposal_is_not_accepted() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    let path = "targets/2025-Q1.proposed.toml";
    let text = shop.read(path);
    let line = text.lines().find(|line| line.starts_with("value = ")).unwrap().to_owned();
    shop.write(path, text.replacen(&line, "value = 12345678.0", 1));
    let before = shop.files();
    let ran = shop.qd(&["accept", "--by", "Ada"]).exits(2);
    assert!(ran.stderr.contains("qd propose"), "{}", ran.shown());
    assert!(shop.files() == before, "an edited proposal was accepted");
}
