//! The contracts for scripts: which keys each object has, and of what kind.

use crate::harness::{Workspace, examples};
use serde_json::Value;

/// The keys of an object must be these; more are allowed only where `more` names them.
#[track_caller]
fn keys(object: &Value, expected: &[&str], more: &[&str]) {
    let object = object.as_object().unwrap_or_else(|| panic!("{object} is no object"));
    for key in expected {
        assert!(object.contains_key(*key), "no `{key}` in {:?}", object.keys());
    }
    for key in object.keys() {
        assert!(expected.contains(&key.as_str()) || more.contains(&key.as_str()), "`{key}` is not in the contract");
    }
}

/// Nothing that is no number may stand where a number is.
fn finite(value: &Value) {
    match value {
        Value::String(text) => assert!(!["NaN", "inf", "-inf", "Infinity"].contains(&text.as_str()), "{text}"),
        Value::Array(list) => list.iter().for_each(finite),
        Value::Object(object) => object.values().for_each(finite),
        Value::Number(number) => assert!(number.as_f64().is_some_and(f64::is_finite), "{number}"),
        Value::Null | Value::Bool(_) => {}
    }
}

const TARGET: [&str; 20] = [
    "metric",
    "slice",
    "unit",
    "better",
    "owner",
    "reads",
    "last_actual",
    "forecast",
    "methods",
    "proposed",
    "confidence",
    "claims",
    "guards",
    "because",
    "known_by",
    "flags",
    "state",
    "revision",
    "data_hash",
    "metric",
];

#[test]
fn propose() {
    for name in examples() {
        let object = Workspace::example(&name).qd(&["propose", "--json", "--dry-run"]).exits(0).json();
        finite(&object);
        keys(&object, &["period", "starts", "ends", "as_of", "seed", "version", "targets", "joint"], &[]);
        let more = ["p_all_independent", "p_all_more_dependent", "conditional"];
        keys(&object["joint"], &["p_all", "p_all_without_plan", "p_at_least", "excluded"], &more);
        for target in object["targets"].as_array().unwrap() {
            target_keeps_its_contract(target);
        }
    }
}

fn target_keeps_its_contract(target: &Value) {
    keys(target, &TARGET, &["implied", "verdicts", "smart", "reconcile", "budget", "goals"]);
    let methods = target["methods"].as_array().unwrap();
    let names: Vec<&str> = methods.iter().map(|method| method["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["trend", "benchmark", "market", "initiatives", "objective"]);
    for method in methods {
        if method.get("missing").is_some() {
            keys(method, &["name", "missing"], &[]);
            continue;
        }
        keys(method, &["name", "p10", "p50", "p90", "variants"], &[]);
        for variant in method["variants"].as_array().unwrap() {
            keys(variant, &["label", "p10", "p50", "p90"], &[]);
        }
    }
    keys(&target["proposed"], &["commit", "target", "stretch"], &[]);
    for offer in ["commit", "target", "stretch"].map(|name| &target["proposed"][name]) {
        if !offer.is_null() {
            keys(offer, &["value", "p_hit", "p_hit_without_plan"], &[]);
            for p in [&offer["p_hit"], &offer["p_hit_without_plan"]] {
                assert!(p.is_null() || p.as_f64().is_some_and(|p| (0.0..=1.0).contains(&p)), "{p}");
            }
        }
    }
    if !target["forecast"].is_null() {
        keys(&target["forecast"], &["p10", "p30", "p50", "p70", "p90"], &[]);
    }
    if !target["claims"].is_null() {
        keys(&target["claims"], &["n", "quarters", "expected", "hit", "low", "high", "level", "source"], &[]);
    }
    for guard in target["guards"].as_array().unwrap() {
        keys(
            guard,
            &["metric", "limit", "p_breach"],
            &["p_breach_without_plan", "at_most", "false_alarms", "owner", "rule"],
        );
    }
    for flag in target["flags"].as_array().unwrap() {
        keys(flag, &["code", "message"], &[]);
    }
}

#[test]
fn check() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    let object = shop.qd(&["check", "--json"]).exits(2).json();
    keys(&object, &["files", "metrics", "diagnostics"], &[]);
    for diagnostic in object["diagnostics"].as_array().unwrap() {
        let expected = ["code", "severity", "message", "file", "start", "end", "hints", "labels", "fixes"];
        keys(diagnostic, &expected, &["note"]);
        keys(&diagnostic["start"], &["line", "column"], &[]);
        keys(&diagnostic["end"], &["line", "column"], &[]);
    }
    // `order` stands in line 32 of the file, from its 26th column to before its 31st.
    let first = &object["diagnostics"][0];
    assert_eq!(first["file"], "metrics/shop.qd");
    let line = shop.read("metrics/shop.qd").lines().position(|line| line.contains("late_orders / order")).unwrap() + 1;
    assert_eq!(first["start"], serde_json::json!({ "line": line, "column": 26 }));
    assert_eq!(first["end"], serde_json::json!({ "line": line, "column": 31 }));
}

#[test]
fn series() {
    let object = Workspace::shop().qd(&["series", "late_share", "--json"]).exits(0).json();
    finite(&object);
    keys(&object, &["metric", "unit", "grain", "slice", "points", "gaps", "duplicates", "breaks"], &["as_of"]);
    for point in object["points"].as_array().unwrap() {
        keys(point, &["start", "value", "complete"], &[]);
        assert!((0.0..=1.0).contains(&point["value"].as_f64().unwrap()));
    }
}

#[test]
fn forecast() {
    let object = Workspace::shop().qd(&["forecast", "revenue", "--json"]).exits(0).json();
    finite(&object);
    keys(&object, &["metric", "as_of", "grain", "steps", "quarters", "models", "notes"], &["unit", "slice", "seed"]);
    for step in object["steps"].as_array().unwrap() {
        keys(step, &["start", "p10", "p30", "p50", "p70", "p90"], &[]);
    }
    for quarter in object["quarters"].as_array().unwrap() {
        keys(quarter, &["period", "p10", "p30", "p50", "p70", "p90"], &["starts", "ends"]);
    }
    for model in object["models"].as_array().unwrap() {
        keys(model, &["name", "weight", "backtest"], &[]);
        keys(&model["backtest"], &["mase", "coverage80"], &[]);
    }
}

#[test]
fn verify() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    let object = shop.qd(&["accept", "--by", "Ada", "--json"]).exits(0).json();
    finite(&object);
    let object = shop.qd(&["verify", "--json"]).exits(0).json();
    keys(&object, &["checked", "differences"], &["notes"]);
    shop.change_line("data/days.csv", 900, &shop.read("data/days.csv").lines().nth(899).unwrap().replace(",", ",1"));
    let object = shop.qd(&["verify", "--json"]).exits(1).json();
    for difference in object["differences"].as_array().unwrap() {
        keys(difference, &["file", "what", "written", "recomputed"], &["kind"]);
    }
}

#[test]
fn what_if() {
    let grocery = Workspace::example("grocery");
    let object =
        grocery.qd(&["whatif", "--set", "on_time_rate=95%", "--target", "weekly_orders=12k", "--json"]).exits(0).json();
    finite(&object);
    let all = ["period", "starts", "ends", "as_of", "seed", "version", "scenarios", "moved", "asks", "notes"];
    keys(&object, &all, &[]);
    for scenario in object["scenarios"].as_array().unwrap() {
        keys(scenario, &["label", "targets", "p_all"], &[]);
        for target in scenario["targets"].as_array().unwrap() {
            keys(target, &["metric", "label", "target", "p10", "p50", "p90", "p_hit"], &[]);
        }
    }
    let asks = ["metric", "label", "value", "p_hit", "p_hit_without_plan", "confidence", "at_confidence", "short_by"];
    keys(&object["asks"][0], &asks, &["inputs", "met_before", "sentences"]);
    assert!(!object["asks"][0]["inputs"].as_array().unwrap().is_empty(), "{object}");
}

#[test]
fn initiatives_funnel_and_validation() {
    for name in examples() {
        let workspace = Workspace::example(&name);
        let object = workspace.qd(&["initiatives", "--json"]).exits(0).json();
        finite(&object);
        let all = ["period", "starts", "ends", "as_of", "seed", "version", "currency", "targets_met", "p_all"];
        keys(&object, &all, &["initiatives", "ship_date", "teams", "notes"]);
        let object = workspace.qd(&["funnel", "--json"]).exits(0).json();
        finite(&object);
        let all = ["period", "starts", "ends", "as_of", "north_star", "north_star_expected", "steps", "notes"];
        keys(&object, &all, &[]);
        let object = workspace.qd(&["tree", "--validate", "--json"]).exits(0).json();
        finite(&object);
        keys(&object, &["as_of", "identities", "edges"], &[]);
        for edge in object["edges"].as_array().unwrap() {
            let (verdict, q) = (edge["verdict"].as_str().unwrap(), edge["q"].as_f64());
            assert_eq!(verdict == "associated", q.is_some_and(|q| q <= 0.1), "{edge}");
        }
    }
}
