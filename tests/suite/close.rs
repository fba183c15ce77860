//! `qd close`: how a period ended, and the scoreboard of all closed ones.

use crate::harness::Workspace;
use crate::suite::track::accepted;
use insta::assert_snapshot;

#[test]
fn a_period_is_closed_for_good() {
    let shop = accepted();
    shop.change(
        "plans/1998-Q2.qd",
        "    evidence: pilot \"1,500 customers in February 1998\"\n",
        "    evidence: pilot \"1,500 customers in February 1998\"\n    outcome: slipped to 1998-06-15 because \"the mail server\"\n",
    );
    let over = shop.qd(&["close", "1998-Q2", "--as-of", "1998-06-14"]);
    assert_snapshot!("close_not_over", over.exits(2).shown());
    let first = shop.files();
    shop.qd(&["close", "1998-Q2", "--dry-run"]).exits(0);
    assert_eq!(shop.files(), first);
    assert_snapshot!("close", shop.qd(&["close", "1998-Q2"]).exits(0).shown());
    assert_snapshot!("close_toml", shop.read("targets/1998-Q2.close.toml"));
    assert_snapshot!("close_markdown", shop.read("pages/1998-Q2.close.md"));
    shop.qd(&["verify"]).exits(0);
    // An edited number of the closing is found, and nothing else is said.
    let text = shop.read("targets/1998-Q2.close.toml");
    let line = text.lines().find(|line| line.starts_with("pit = ")).unwrap().to_owned();
    shop.write("targets/1998-Q2.close.toml", text.replacen(&line, "pit = 0.777", 1));
    assert_snapshot!("close_edited", shop.qd(&["verify", "--offline"]).exits(1).shown());
    shop.write("targets/1998-Q2.close.toml", text);
    // What is closed for good stays, byte by byte.
    let closed = shop.files();
    let again = shop.qd(&["close", "1998-Q2"]).exits(0);
    assert!(again.stdout.ends_with("nothing was written\n"), "{}", again.shown());
    assert_eq!(shop.files(), closed);
    assert_snapshot!("close_scoreboard", shop.qd(&["close"]).exits(0).shown());
}

#[test]
fn its_object_sums_up() {
    let shop = accepted();
    let object = shop.qd(&["close", "1998-Q2", "--json"]).exits(0).json();
    let closing = &object["closing"];
    assert_eq!(closing["final"], true);
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    for target in closing["targets"].as_array().unwrap() {
        let distance = number(&target["value"]) - number(&target["target"]);
        let sum =
            |rows: &serde_json::Value| rows.as_array().unwrap().iter().map(|row| number(&row["adds"])).sum::<f64>();
        assert!((sum(&target["causes"]) - distance).abs() < 1e-9 * number(&target["value"]).abs(), "{target}");
        if target["metric"] == "revenue" {
            assert!((sum(&target["parts"]) - distance).abs() < 1e-9 * number(&target["value"]).abs(), "{target}");
        }
        for claim in target["claims"].as_array().unwrap() {
            assert_eq!(claim["hit"].as_bool(), Some(number(&target["value"]) >= number(&claim["value"])), "{claim}");
        }
    }
    assert_eq!(object["scoreboard"]["claims"], 4);
    assert!(object["files"].as_array().unwrap().iter().any(|file| file == "targets/1998-Q2.close.toml"));
}

#[test]
fn without_its_last_days_it_is_provisional() {
    let shop = accepted();
    let rows = shop.path().join("data/cdnow_orders.csv.gz");
    // The last fortnight has not arrived yet.
    let text = crate::suite::close::unzipped(&rows);
    let early: String = text
        .lines()
        .filter(|line| !line.contains("1998-06-2") && !line.contains("1998-06-30"))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::remove_file(&rows).unwrap();
    shop.write("data/cdnow_orders.csv", &early);
    shop.change("metrics/orders.qd", "data/cdnow_orders.csv.gz", "data/cdnow_orders.csv");
    assert_snapshot!("close_provisional", shop.qd(&["close", "1998-Q2", "--as-of", "1998-07-02"]).exits(0).shown());
    let states = |shop: &Workspace| {
        let text = shop.read("targets/1998-Q2.toml");
        (text.matches("state = \"provisional\"").count(), text.matches("state = \"final\"").count())
    };
    assert_eq!(states(&shop), (4, 0));
    shop.qd(&["verify", "--offline"]).exits(0);
    // Then the rest arrives.
    shop.write("data/cdnow_orders.csv", &text);
    let ran = shop.qd(&["close", "1998-Q2", "--as-of", "1998-07-02"]).exits(0);
    assert!(ran.stdout.contains("closed for good"), "{}", ran.shown());
    assert_eq!(states(&shop), (0, 4));
    // What changes later is told, and changes nothing.
    let restated = text.replacen("1998-06-01", "1998-05-01", 40);
    shop.write("data/cdnow_orders.csv", &restated);
    let later = shop.qd(&["close", "1998-Q2", "--as-of", "1998-07-02", "--json"]).exits(0).json();
    assert_eq!(later["files"].as_array().unwrap().len(), 0);
}

/// The text of a compressed file, by the tool that every system with these tests has.
pub fn unzipped(path: &std::path::Path) -> String {
    let output = std::process::Command::new("gzip").arg("-dc").arg(path).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn nothing_is_closed_yet() {
    assert_snapshot!("close_nothing", Workspace::shop().qd(&["close"]).exits(0).shown());
    assert_snapshot!("close_nothing_accepted", Workspace::shop().qd(&["close", "2024-Q4"]).exits(2).shown());
}
