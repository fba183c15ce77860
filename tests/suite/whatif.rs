//! `qd whatif`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn what_follows_and_what_it_would_take() {
    let grocery = Workspace::example("grocery");
    let held = grocery.qd(&["whatif", "--set", "on_time_rate=95%", "--drop", "route_planner"]).exits(0);
    assert_snapshot!("whatif_set", held.shown());
    assert_snapshot!("whatif_target", grocery.qd(&["whatif", "--target", "weekly_orders=14k"]).exits(0).shown());
    assert_snapshot!("whatif_scenarios", grocery.qd(&["whatif"]).exits(0).shown());
}

#[test]
fn doing_nothing_is_what_the_proposal_says_without_the_plan() {
    for name in examples() {
        let workspace = Workspace::example(&name);
        let proposal = workspace.qd(&["propose", "--dry-run", "--json"]).exits(0).json();
        let answer = workspace.qd(&["whatif", "--json"]).exits(0).json();
        let rows = answer["scenarios"].as_array().unwrap();
        assert_eq!(rows[0]["label"], "Doing nothing");
        for (target, row) in proposal["targets"].as_array().unwrap().iter().zip(rows[0]["targets"].as_array().unwrap())
        {
            assert_eq!(target["proposed"]["target"]["p_hit_without_plan"], row["p_hit"], "{name}");
        }
        if let Some(plan) = rows.iter().find(|row| row["label"] == "The plan") {
            assert_eq!(plan["p_all"], proposal["joint"]["p_all"], "{name}");
        }
    }
}

#[test]
fn mistakes_are_told_with_what_was_meant() {
    let grocery = Workspace::example("grocery");
    let mut told = String::new();
    for args in [
        ["--set", "on_time_rat=95%"],
        ["--set", "on_time_rate"],
        ["--set", "on_time_rate=+1%"],
        ["--set", "weekly_orders=much"],
        ["--drop", "leeds_depo"],
        ["--scenario", "bold"],
    ] {
        let ran = grocery.qd(&["whatif", args[0], args[1]]).exits(2);
        told.push_str(&format!("{}\n", ran.shown()));
    }
    assert_snapshot!("whatif_mistakes", told);
}

#[test]
fn it_fits_a_terminal() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["whatif"]).exits(0);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}\n\n{}", ran.shown());
        }
    }
}
