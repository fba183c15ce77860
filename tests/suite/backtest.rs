//! `qd backtest`: what would have been claimed for past quarters, and what came.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn a_metric_quarter_by_quarter() {
    let ran = Workspace::example("ridership").qd(&["backtest", "subway_rides"]).exits(0);
    assert_snapshot!("backtest_subway", ran.shown());
    let ran = Workspace::example("ridership").qd(&["backtest", "weekday_share", "--confidence", "80%"]).exits(0);
    assert_snapshot!("backtest_share", ran.shown());
}

#[test]
fn every_metric_a_line() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["backtest"]).exits(0);
        assert_snapshot!(format!("backtest_{name}"), ran.shown());
    }
}

#[test]
fn what_is_counted_is_what_is_listed() {
    let object = Workspace::example("cdnow").qd(&["backtest", "--json"]).exits(0).json();
    let metrics = object["metrics"].as_array().unwrap();
    assert!(!metrics.is_empty());
    for metric in metrics {
        let quarters = metric["quarters"].as_array().unwrap();
        let inside = quarters.iter().filter(|quarter| {
            let number = |key: &str| quarter[key].as_f64().unwrap();
            number("p10") <= number("actual") && number("actual") <= number("p90")
        });
        if let Some(count) = metric["inside"]["count"].as_u64() {
            assert_eq!(count, inside.count() as u64, "{metric:#}");
            assert_eq!(metric["inside"]["n"], quarters.len());
        }
        for quarter in quarters {
            assert!(quarter["origin"].as_str() < quarter["starts"].as_str(), "{quarter:#}");
        }
    }
}

#[test]
fn the_page_tells_the_same_record() {
    let example = Workspace::example("ridership");
    let proposed = example.qd(&["propose", "--dry-run", "--json"]).exits(0).json();
    let target = &proposed["targets"][0];
    let (metric, level) = (target["metric"].as_str().unwrap(), target["claims"]["level"].as_f64().unwrap());
    let record = example.qd(&["backtest", metric, "--confidence", &level.to_string(), "--json"]).exits(0).json();
    assert_eq!(record["metrics"][0]["claims"], target["claims"]);
}

#[test]
fn what_has_no_record_says_why() {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "");
    folder.write("a.csv", "day,n\n2026-11-01,3\n2026-11-02,4\n");
    folder.write(
        "a.qd",
        "source a { from: \"a.csv\" time: day }\n\
         metric young \"Young\" { unit: things grain: day better: higher measure: sum(n) from a }\n",
    );
    assert_snapshot!("backtest_young", folder.qd(&["backtest", "young"]).exits(0).shown());
    assert_snapshot!("backtest_unknown", folder.qd(&["backtest", "old"]).exits(2).shown());
    assert_snapshot!("backtest_bad_chance", folder.qd(&["backtest", "--confidence", "120%"]).exits(2).shown());
}
