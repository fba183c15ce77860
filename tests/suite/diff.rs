//! `qd diff`: what changed in meaning since a git revision.

use crate::harness::Workspace;
use insta::assert_snapshot;

/// The shop, committed.
fn committed() -> Workspace {
    let shop = Workspace::shop();
    shop.git(&["init", "-q", "-b", "main"]).git(&["add", "."]).git(&["commit", "-q", "-m", "The shop opens"]);
    shop
}

#[test]
fn layout_is_no_change() {
    let shop = committed();
    assert_snapshot!("diff_nothing", shop.qd(&["diff"]).exits(0).shown());
    let text = shop.read("metrics/shop.qd");
    let loose: String = text.lines().map(|line| format!("  {line} # loose\n\n")).collect();
    shop.write("metrics/shop.qd", loose).write("metrics/more.qd", "# nothing yet\n");
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    for key in ["metrics", "sources", "others", "targets", "stale_targets"] {
        assert_eq!(object[key].as_array().unwrap().len(), 0, "{object}");
    }
}

/// A meaning, a word, a rename, an addition, a removal, a break, a source, a plan and the settings.
fn changed() -> Workspace {
    let shop = committed();
    shop.change("metrics/shop.qd", "metric late_orders \"Late orders\" {", "metric tardy \"Late orders\" {");
    shop.change("metrics/shop.qd", "measure: late_orders / orders", "measure: tardy / orders");
    shop.change("metrics/shop.qd", "sum(orders) from days", "sum(orders) from days where orders > 20");
    shop.change("metrics/shop.qd", "why: \"Late orders are", "why: \"Orders that come late are");
    shop.change(
        "metrics/shop.qd",
        "  measure: sum(takings) from days\n",
        "  measure: sum(takings) from days\n  changed 2023-01-01 \"Deposits are left out\" {}\n",
    );
    shop.change("plans/2025-Q1.qd", "ships: 80% likely", "ships: 70% likely");
    shop.write(
        "metrics/new.qd",
        "metric days_open {\n  why: \"Counted.\"\n  owner: \"a@shop.example\"\n  unit: days\n  \
        grain: week\n  measure: count() from days\n}\n",
    );
    shop
}

#[test]
fn every_kind_of_change() {
    let shop = changed();
    shop.qd(&["check"]).exits(0);
    assert_snapshot!("diff_text", shop.qd(&["diff"]).exits(0).shown());
    assert_snapshot!("diff_markdown", shop.qd(&["diff", "main", "--format", "markdown"]).exits(0).stdout);
    assert_snapshot!("diff_json", shop.qd(&["diff", "--json"]).exits(0).stdout);
    shop.git(&["add", "."]).git(&["commit", "-q", "-m", "All of it"]);
    shop.remove("metrics/new.qd").change("metrics/shop.qd", "  key: date\n", "");
    assert_snapshot!("diff_removed", shop.qd(&["diff"]).exits(0).shown());
    let back = shop.qd(&["diff", "HEAD~1", "--json"]).exits(0).json();
    assert!(back["metrics"].as_array().unwrap().iter().all(|metric| metric["name"] != "days_open"), "{back}");
}

/// What leaves the numbers as they are is told as what it is: who answers, what guards, the tree, the plan.
#[test]
fn governance_tree_and_plan_are_no_documentation() {
    let shop = committed();
    let file = "metrics/shop.qd";
    shop.change(file, "owner: \"till@shop.example\"", "owner: \"ada@shop.example\"");
    shop.change(
        file,
        "guard: late_share at most 12%\n}\n\nmetric late_share",
        "guard: late_share at most 15%\n}\n\nmetric late_share",
    );
    shop.change(
        file,
        "  measure: sum(late) from days\n",
        "  measure: sum(late) from days\n  drives: revenue lag 2 weeks\n  status: draft\n",
    );
    shop.change(file, "metric late_share \"Orders delivered late\"", "metric late_share \"Late, of all orders\"");
    shop.change(file, "  key: date\n", "  key: date\n  fresh: 3 days\n");
    let plan = "plans/2025-Q1.qd";
    shop.change(plan, "confidence: 60%", "confidence: 0.7");
    shop.change(plan, "confidence: 0.7", "confidence: 70%\n    owner: \"ada@shop.example\"");
    shop.change(plan, "evidence: pilot \"Two weeks in May\"", "evidence: opinion \"It should work\"");
    shop.change(plan, "moves: orders by 1% to 4%", "moves: orders by 1.0% to 4.0%");
    shop.change("quarterdeck.toml", "[workspace]", "[lints]\nL013 = \"deny\"\n\n[workspace]");
    assert_snapshot!("diff_governance", shop.qd(&["diff"]).exits(0).shown());
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    let kinds: Vec<(&str, &str)> = ["metrics", "sources", "others"]
        .iter()
        .flat_map(|list| object[*list].as_array().unwrap())
        .map(|change| (change["name"].as_str().unwrap(), change["change"].as_str().unwrap()))
        .collect();
    let expected = [
        ("late_orders", "meaning"),
        ("late_share", "docs"),
        ("orders", "meaning"),
        ("revenue", "meaning"),
        ("days", "meaning"),
        ("2025-Q1", "meaning"),
        ("quarterdeck.toml", "meaning"),
    ];
    assert_eq!(kinds, expected);
    for change in object["metrics"].as_array().unwrap() {
        assert!(!change["about"].as_array().unwrap().iter().any(|about| about == "meaning"), "{change}");
        assert!(change["downstream"].as_array().unwrap().is_empty(), "{change}");
    }
}

/// A renamed metric is the same one wherever it is named, in another file and under another number's writing too.
#[test]
fn a_rename_is_one_change() {
    let shop = committed();
    let text = shop.read("metrics/shop.qd");
    let (days, rest) = text.split_at(text.find("metric orders").unwrap());
    let rest = rest.replace("late_share", "tardiness").replace(
        "metric tardiness \"Orders delivered late\" {",
        "metric tardiness \"Orders delivered late\" {\n  was: late_share",
    );
    shop.write("metrics/shop.qd", days).write("metrics/a b ü.qd", rest.replace("12%", "12.0%"));
    assert_snapshot!("diff_rename", shop.qd(&["diff"]).exits(0).shown());
}

/// What follows a column of a source, a segment and an identity: values do, what `equals` states does not.
#[test]
fn numbers_follow_values_only() {
    let shop = committed();
    let file = "metrics/shop.qd";
    shop.change(file, "  key: date\n", "  key: date\n  column busy: orders > 50\n");
    shop.change(
        file,
        "  measure: sum(orders) from days\n",
        "  measure: sum(orders) from days\n  equals: late_orders / late_share\n",
    );
    shop.write(
        "metrics/more.qd",
        "segment busy_days of days { where: busy }\nmetric busy_orders {\n  unit: orders\n  grain: week\n  \
        measure: sum(orders) from days where in segment busy_days\n}\n",
    );
    shop.git(&["add", "."]).git(&["commit", "-q", "-m", "Busy days"]);
    shop.change(file, "column busy: orders > 50", "column busy: orders >= 50");
    shop.change(file, "sum(late) from days", "sum(late) from days where late > 1");
    assert_snapshot!("diff_follows", shop.qd(&["diff"]).exits(0).shown());
    shop.git(&["checkout", "-q", "."]).change("metrics/more.qd", "where: busy }", "where: not busy }");
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    assert_eq!(object["others"][0]["downstream"], serde_json::json!(["busy_orders"]), "{object}");
    assert!(object["metrics"].as_array().unwrap().is_empty(), "{object}");
}

#[test]
fn targets_move_and_go_stale() {
    let shop = committed();
    shop.qd(&["propose", "2025-Q1", "--as-of", "2024-12-31"]).exits(0);
    shop.qd(&["accept", "--by", "owner@shop.example"]).exits(0);
    let ran = shop.qd(&["diff"]).exits(0);
    assert!(ran.stdout.starts_with("Targets\n  2025-Q1 orders: accepted, "), "{}", ran.shown());
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    let ledger = shop.read("targets/2025-Q1.toml");
    let value = object["targets"][0]["after"]["value"].as_f64().unwrap();
    assert!(ledger.contains(&format!("value = {value:.1}")), "{object}");
    assert!(object["targets"][0]["before"].is_null() && object["targets"][0]["after"]["p_hit"].is_f64(), "{object}");
    shop.git(&["add", "."]).git(&["commit", "-q", "-m", "Accepted"]);
    assert_snapshot!("diff_after", shop.qd(&["diff"]).exits(0).shown());
    shop.change("metrics/shop.qd", "sum(takings) from days", "sum(takings) from days where takings > 0");
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    assert_eq!(object["stale_targets"][0]["metric"], "revenue", "{object}");
    assert_eq!(object["stale_targets"].as_array().unwrap().len(), 1, "{object}");
    assert_eq!(object["metrics"][0]["targets"][0], "2025-Q1 revenue", "{object}");
    // An amendment that explains the definition makes it no longer stale, and a renamed metric is the same one.
    shop.git(&["checkout", "-q", "."]);
    let text = shop
        .read("metrics/shop.qd")
        .replace("metric revenue \"Takings\" {", "metric takings \"Takings\" {\n  was: revenue");
    shop.write("metrics/shop.qd", text);
    let plan = shop.read("plans/2025-Q1.qd").replace("target revenue", "target takings");
    shop.write("plans/2025-Q1.qd", plan);
    let object = shop.qd(&["diff", "--json"]).exits(0).json();
    assert_eq!(object["metrics"][0]["change"], "renamed", "{object}");
    assert!(object["stale_targets"].as_array().unwrap().is_empty(), "{object}");
}

#[test]
fn a_workspace_inside_a_repository() {
    let folder = Workspace::empty();
    let text = "metric a {\n  why: \"-\"\n  owner: \"a\"\n  unit: rows\n  grain: week\n  measure: count() from s\n}\n\
        source s { from: \"s.csv\"  time: day }\n";
    folder.write("numbers/quarterdeck.toml", "").write("numbers/ä.qd", text).write("other/b.qd", "nonsense {");
    folder.write("numbers/inner/quarterdeck.toml", "").write("numbers/inner/c.qd", "nonsense {");
    folder.git(&["init", "-q"]).git(&["add", "."]).git(&["commit", "-q", "-m", "-"]);
    let ran = folder.qd(&["diff", "-C", "numbers"]).exits(0);
    assert!(ran.stdout.contains("nothing changed") && ran.stderr.is_empty(), "{}", ran.shown());
}

#[test]
fn what_cannot_be_compared() {
    let shop = Workspace::shop();
    let nowhere = [("GIT_CEILING_DIRECTORIES", shop.path().parent().unwrap().to_str().unwrap())];
    assert_snapshot!("diff_no_repository", shop.qd_with(&["diff"], &nowhere).exits(2).shown());
    shop.git(&["init", "-q"]);
    assert_snapshot!("diff_no_commit", shop.qd(&["diff"]).exits(2).shown());
    let shop = committed();
    assert_snapshot!("diff_unknown", shop.qd(&["diff", "maain"]).exits(2).shown());
    shop.qd(&["diff", "--", "--output=x"]).exits(2);
    assert_snapshot!("diff_range", shop.qd(&["diff", "main..HEAD"]).exits(2).shown());
    assert_snapshot!("diff_no_git", shop.qd_with(&["diff"], &[("PATH", "")]).exits(2).shown());
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    shop.qd(&["diff"]).exits(2);
    shop.git(&["commit", "-q", "-a", "-m", "broken"]).change(
        "metrics/shop.qd",
        "late_orders / order",
        "late_orders / orders",
    );
    let ran = shop.qd(&["diff"]).exits(0);
    assert!(ran.stderr.contains("`HEAD` has 1 error"), "{}", ran.shown());
}
