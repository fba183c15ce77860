//! `qd initiatives`.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;

#[test]
fn ranked_by_what_a_week_of_work_gains() {
    assert_snapshot!("initiatives_grocery", Workspace::example("grocery").qd(&["initiatives"]).exits(0).shown());
}

#[test]
fn dropping_the_best_is_the_same_as_its_gain() {
    let grocery = Workspace::example("grocery");
    let ranking = grocery.qd(&["initiatives", "--json"]).exits(0).json();
    for gain in ranking["initiatives"].as_array().unwrap() {
        let name = gain["name"].as_str().unwrap();
        let answer = grocery.qd(&["whatif", "--drop", name, "--json"]).exits(0).json();
        let row = answer["scenarios"].as_array().unwrap().last().unwrap().clone();
        for target in gain["targets"].as_array().unwrap() {
            let same = row["targets"].as_array().unwrap().iter().find(|t| t["metric"] == target["metric"]).unwrap();
            assert_eq!(same["p_hit"], target["p_without"], "{name}");
        }
    }
}

#[test]
fn it_fits_a_terminal() {
    for name in examples() {
        let ran = Workspace::example(&name).qd(&["initiatives"]).exits(0);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}\n\n{}", ran.shown());
        }
    }
}
