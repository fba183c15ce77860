//! Every example: clean, and proposed as a newcomer sees it.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn there_are_examples() {
    let names = examples();
    for name in ["cdnow", "grocery", "ridership", "social"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
}

#[test]
fn every_example_is_proposed() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["propose"]).exits(0);
        assert_snapshot!(format!("propose_{name}"), ran.shown());
    }
}

#[test]
fn every_plan_of_every_example_is_proposed() {
    for name in examples() {
        let example = Workspace::example(&name);
        let plans = example.files_in("plans");
        assert!(!plans.is_empty(), "{name} has no plan");
        for (path, _) in plans {
            let period = path.trim_start_matches("plans/").trim_end_matches(".qd");
            // A plan whose quarter lies behind the data is read from the day before it starts.
            let ran = example.qd(&["propose", period, "--dry-run", "--json"]);
            if ran.code == 2 && ran.stderr.contains("ended on") {
                continue;
            }
            let object = ran.exits(0).json();
            assert_eq!(object["period"], period);
        }
    }
}

#[test]
fn ridership_shows_calibrated_claims() {
    let object = Workspace::example("ridership").qd(&["propose", "--json", "--dry-run"]).exits(0).json();
    assert_eq!(object["period"], "2025-Q1");
    let claims = object["targets"].as_array().unwrap().iter().filter_map(|target| target["claims"]["n"].as_u64());
    assert!(claims.max().is_some_and(|most| most >= 8), "{:#}", object["targets"]);
}
