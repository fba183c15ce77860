#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! What the test of edges claims of itself: few false ones, planted ones found, sizes right.

use super::{Verdict, benjamini_hochberg, test};
use crate::fixture::{Workspace, history, workspace};
use quarterdeck_forecast::History;
use quarterdeck_forecast::draws::Draws;

/// A driven metric and what is believed to drive it, all monthly.
fn text(drivers: usize, lag: &str) -> String {
    let mut text = "source s { from: \"a.csv\" time: day }\n".to_owned();
    let metric = |name: &str, drives: &str| {
        format!(
            "metric {name} {{ unit: orders better: higher grain: month reads: total measure: count() from s owner: \"a\" why: \"x\" {drives} }}\n"
        )
    };
    text.push_str(&metric("sales", ""));
    for driver in 0..drivers {
        text.push_str(&metric(&format!("driver_{driver}"), &format!("\n  drives: sales{lag}\n")));
    }
    text
}

/// Months with growth, a common season, and changes that remember each other (the memory of a first-order process).
fn months(name: &str, count: usize, memory: f64, pushed: impl Fn(usize) -> f64) -> (History, Vec<f64>) {
    let mut draws = Draws::named(5, name);
    let season = [0.0, -0.1, 0.05, 0.0, 0.02, 0.0, -0.15, -0.02, 0.05, 0.03, 0.1, 0.25];
    let (mut change, mut level, mut values, mut changes) = (0.0, 7.0, Vec::new(), Vec::new());
    for month in 0..count {
        change = memory * change + 0.05 * draws.normal();
        changes.push(change);
        level += 0.01 + change + pushed(month);
        values.push(libm::exp(level + season[month % 12]));
    }
    (history("2018-01", values), changes)
}

fn tested(text: &str, histories: &[(String, History)]) -> Vec<super::EdgeReport> {
    let named: Vec<(&str, History)> =
        histories.iter().map(|(name, history)| (name.as_str(), history.clone())).collect();
    let workspace: Workspace = workspace(text, "2030-12-31", &named);
    test(&workspace.inputs())
}

#[test]
fn where_nothing_is_tied_few_edges_are_shown() {
    // 60 workspaces of 6 unrelated drivers each, with common seasons, growth and memory. The rate of false discoveries with
    // nothing true is the share of workspaces in which any edge is shown: 10 % at most, and 60 of them allow 12 at 97.5 %
    // (binomial, n = 60, p = 0.1: P(≤ 11) = 0.98).
    for lag in [" lag 1 month", ""] {
        let text = text(6, lag);
        let false_ones = (0..60)
            .filter(|round| {
                let memory = [0.0, 0.4, -0.4][round % 3];
                let made = |name: &str| months(&format!("{name} {round}{lag}"), 72, memory, |_| 0.0).0;
                let mut all: Vec<(String, History)> = vec![("sales".into(), made("sales"))];
                all.extend((0..6).map(|at| (format!("driver_{at}"), made(&format!("driver {at}")))));
                tested(&text, &all).iter().any(|report| report.verdict == Verdict::Associated)
            })
            .count();
        assert!(false_ones <= 11, "{false_ones} of 60 with lag `{lag}`");
    }
}

/// How many workspaces with a planted effect.
const ROUNDS: usize = 60;

#[test]
fn a_planted_effect_is_found_with_its_lag_and_size() {
    // Sales change by half of what driver 0 changed two months before; the five others are noise.
    for lag in [" lag 2 months", ""] {
        let text = text(6, lag);
        let (mut found, mut covered, mut false_share) = (0, 0, 0.0);
        for round in 0..ROUNDS {
            let (driver, changes) = months(&format!("planted {round}"), 84, 0.0, |_| 0.0);
            let push = |month: usize| if month >= 2 { 0.5 * changes[month - 2] } else { 0.0 };
            let (sales, _) = months(&format!("sales {round}"), 84, 0.0, push);
            let mut all = vec![("sales".to_owned(), sales), ("driver_0".to_owned(), driver)];
            all.extend(
                (1..6).map(|at| (format!("driver_{at}"), months(&format!("noise {at} {round}"), 84, 0.0, |_| 0.0).0)),
            );
            let (mut shown, mut wrong) = (0.0_f64, 0.0);
            for report in tested(&text, &all) {
                match (report.child.as_str(), report.verdict) {
                    ("driver_0", Verdict::Associated) => {
                        assert_eq!(report.lag, 2, "{report:?}");
                        found += 1;
                        shown += 1.0;
                        let slope = report.slope.unwrap();
                        covered += usize::from((slope.low..=slope.high).contains(&(0.5 * slope.per)));
                        assert!(report.message.contains("Associated") && report.message.contains("2 months later"));
                        assert!(!report.message.contains("cause"));
                    }
                    (_, Verdict::Associated) => {
                        shown += 1.0;
                        wrong += 1.0;
                    }
                    _ => {}
                }
            }
            false_share += wrong / shown.max(1.0);
        }
        assert!(found * 100 >= 80 * ROUNDS, "{found} of {ROUNDS} with lag `{lag}`");
        // An 80 % interval holds the truth in 48 of 60; the binomial allows 42 and more at 97.5 %.
        assert!(covered * 10 >= 7 * found, "{covered} of {found}");
        // The false discovery rate is the mean share of false ones among those shown: 8.3 % with one of six true. A false one
        // beside the true one is a half, in one round of six: 60 rounds have an error of 2.4 points.
        let rate = false_share / ROUNDS as f64;
        assert!(rate <= 0.083 + 2.0 * 0.024, "{rate} false with lag `{lag}`");
    }
}

#[test]
fn too_little_history_cannot_tell() {
    let text = text(1, " lag 1 month");
    let made = |name: &str| months(name, 20, 0.0, |_| 0.0).0;
    let reports = tested(&text, &[("sales".into(), made("s")), ("driver_0".into(), made("d"))]);
    assert_eq!((reports[0].verdict, reports[0].n, reports[0].p), (Verdict::CannotTell, 18, None));
    assert_eq!(reports[0].message, "Cannot tell (n = 18): 24 changes from month to month are needed.");
    let flat = history("2018-01", vec![5.0; 60]);
    let reports = tested(&text, &[("sales".into(), months("s", 60, 0.0, |_| 0.0).0), ("driver_0".into(), flat)]);
    assert!(reports[0].message.contains("never changes"), "{:?}", reports[0]);
}

#[test]
fn the_textbook_example_of_false_discoveries() {
    // Benjamini and Hochberg 1995, their table: of 15 p-values the first four are shown at 5 %, by Bonferroni three.
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];
    let mut given: Vec<Option<f64>> = p.iter().map(|p| Some(*p)).collect();
    given.insert(7, None);
    let adjusted = benjamini_hochberg(&given);
    assert_eq!(adjusted.iter().flatten().filter(|q| **q <= 0.05).count(), 4);
    assert_eq!(adjusted[7], None);
    // The fourth: 0.0095 · 15 / 4 = 0.035625.
    assert!((adjusted[3].unwrap() - 0.035_625).abs() < 1e-12);
    assert!(benjamini_hochberg(&[]).is_empty());
}
