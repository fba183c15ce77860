//! `qd backtest`: what would have been claimed for past quarters, and what came.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;
use serde_json::Value;

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

/// A range of counts that chance leaves nine times in ten, were the trials independent: from the first count that is
/// reached with over 5 % to the first with 95 %.
fn likely(n: u64, p: f64) -> (u64, u64) {
    let (mut chance, mut sum) = ((1.0 - p).powi(n as i32), 0.0);
    let (mut low, mut k) = (None, 0);
    loop {
        sum += chance;
        low = low.or((sum > 0.05).then_some(k));
        if sum >= 0.95 || k == n {
            return (low.unwrap_or(k), k);
        }
        chance *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
        k += 1;
    }
}

#[test]
fn what_chance_allows_is_what_the_binomial_distribution_says() {
    // R: qbinom(c(.05, .95), 16, .6) gives 6 13; qbinom(c(.05, .95), 100, .8) gives 73 86; qbinom(c(.05, .95), 5, .6) gives 1 5.
    assert_eq!([likely(16, 0.6), likely(100, 0.8), likely(5, 0.6)], [(6, 13), (73, 86), (1, 5)]);
}

/// One row of the table: what all metrics of a workspace would have claimed for their past quarters, and what came. What
/// never moved had no width to be inside of, and is left out.
fn row(example: &str) -> String {
    let object = Workspace::example(example).qd(&["backtest", "--json"]).exits(0).json();
    let (mut metrics, mut n, mut inside, mut below, mut met) = (0u64, 0u64, 0u64, 0u64, 0u64);
    let confidence = object["confidence"].as_f64().unwrap();
    for metric in object["metrics"].as_array().unwrap() {
        let moved = |quarter: &&Value| quarter["p10"].as_f64() < quarter["p90"].as_f64();
        let quarters: Vec<&Value> = metric["quarters"].as_array().unwrap().iter().filter(moved).collect();
        if quarters.len() < metric["quarters"].as_array().unwrap().len() {
            continue;
        }
        metrics += u64::from(!quarters.is_empty());
        for quarter in quarters {
            let number = |key: &str| quarter[key].as_f64().unwrap();
            n += 1;
            inside += u64::from(number("p10") <= number("actual") && number("actual") <= number("p90"));
            below += u64::from(number("actual") < number("p50"));
        }
        met += metric["claims"]["hit"].as_u64().unwrap_or(0);
    }
    assert_eq!(confidence, 0.6);
    let ((inside_low, inside_high), (met_low, met_high)) = (likely(n, 0.8), likely(n, 0.6));
    let (inside_expected, met_expected) = (0.8 * n as f64, 0.6 * n as f64);
    format!(
        "| `{example}` | {metrics} | {n} | {inside}, expected {inside_expected:.0} ({inside_low} to {inside_high}) | {below} | \
         {met}, expected {met_expected:.0} ({met_low} to {met_high}) |"
    )
}

/// The table in the crate's README is what the examples give today. `UPDATE_README=1 cargo test -p quarterdeck-cli --test
/// outside readme` writes it anew, to be read before it is committed.
#[test]
fn the_readme_tells_what_the_examples_claimed() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../forecast/README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- claims of the examples -->\n", "<!-- end of claims -->");
    let from = text.find(begin).unwrap() + begin.len();
    let to = from + text[from..].find(end).unwrap();
    let head = "| workspace | metrics | quarters | in P10–P90 | below P50 | met at 60 % |\n\
                | --- | --- | --- | --- | --- | --- |\n";
    let rows: String = examples().iter().map(|name| row(name) + "\n").collect();
    let table = format!("{head}{rows}");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, format!("{}{table}{}", &text[..from], &text[to..])).unwrap();
        return;
    }
    assert_eq!(&text[from..to], table, "run with UPDATE_README=1 to write the table anew, and read it");
}
