#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Limits and chances of guards on paths made by hand.

use crate::fixture::{Workspace, history, normal_draws, period, workspace};
use crate::proposal::GuardRow;
use crate::propose::propose_from;
use quarterdeck_forecast::draws::Draws;

fn text(guard: &str, better: &str) -> String {
    format!(
        r#"
source orders {{ from: "a.csv" time: day }}
metric tickets {{ unit: tickets better: {better} grain: month reads: total measure: sum(n) from orders owner: "care@x" why: "x" }}
metric orders_count {{ unit: orders better: higher grain: month reads: total measure: count() from orders owner: "a" why: "x" guard: {guard} }}
plan 2027-Q1 {{
  target orders_count {{ because: "x" }}
  initiative push {{ moves: tickets by 10% ships: 100% starts: 2027-01-01 owner: "a" }}
}}
"#
    )
}

/// Tickets of 100 a month last year, 110 in the fourth quarter; 330 ± 15 in the period, 110 ± 5 in each month alike.
fn row(guard: &str, better: &str) -> GuardRow {
    let past = (0..36).map(|month| if month >= 33 { 110.0 } else { 100.0 });
    let histories = [("tickets", history("2024-01", past)), ("orders_count", history("2024-01", vec![1_000.0; 36]))];
    let workspace: Workspace = workspace(&text(guard, better), "2026-12-31", &histories);
    let numbers = [
        ("tickets", normal_draws("tickets", 4_000, 330.0, 15.0)),
        ("orders_count", normal_draws("orders", 4_000, 3_000.0, 50.0)),
    ];
    let outlook = workspace.outlook(period("2027-Q1"), &numbers);
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    proposal.targets[0].guards[0].clone()
}

#[test]
fn limits_come_from_a_level_or_a_base() {
    // Without the plan each month is 110 ± 5; with it 121 ± 5.5.
    for (guard, limit, at_most, without, with) in [
        ("tickets at most 115", 115.0, true, 0.159, 0.862),
        ("tickets at least 105", 105.0, false, 0.159, 0.002),
        ("tickets at most 5% above last quarter", 115.5, true, 0.136, 0.841),
        ("tickets at most 15% above same quarter last year", 115.0, true, 0.159, 0.862),
        ("tickets at most 5% below last quarter", 104.5, false, 0.136, 0.001),
        ("tickets at most 10% above forecast", 121.0, true, 0.014, 0.5),
    ] {
        let row = row(guard, "lower");
        assert!((row.limit.unwrap() - limit).abs() < 0.05, "{guard}: {row:?}");
        assert_eq!(row.at_most, at_most, "{guard}");
        let (p_without, p_with) = (row.p_breach_without_plan.unwrap(), row.p_breach.unwrap());
        assert!((p_without - without).abs() < 0.005 && (p_with - with).abs() < 0.005, "{guard}: {p_without} {p_with}");
    }
}

#[test]
fn one_noisy_week_does_not_break_a_quarters_limit() {
    // Twelve weeks of 100 ± 10, independent of each other, against 106: some week is above with 1 − 0.726¹² = 98 %; the mean of
    // the first four, spread 5, is with 11.5 %, and of the later means hardly another.
    let text = r#"
source orders { from: "a.csv" time: day }
metric tickets { unit: tickets better: lower grain: week reads: average week measure: sum(n) from orders owner: "care@x" why: "x" }
metric orders_count {
  unit: orders better: higher grain: week reads: total measure: count() from orders owner: "a" why: "x"
  guard: tickets at most 6% above last quarter
}
plan 2027-Q1 { target orders_count { guard: tickets at most 106 because: "x" } }
"#;
    let week = |value: f64| history("2024-W01", vec![value; 157]);
    let workspace = workspace(text, "2027-01-03", &[("tickets", week(100.0)), ("orders_count", week(1_000.0))]);
    let numbers = [("tickets", vec![100.0; 4_000]), ("orders_count", normal_draws("orders", 4_000, 13_000.0, 50.0))];
    let mut outlook = workspace.outlook(period("2027-Q1"), &numbers);
    for found in outlook.forecasts.iter_mut().filter(|found| found.name == "tickets") {
        let Ok(forecast) = &mut found.forecast else { continue };
        let weeks: Vec<Vec<f64>> =
            (0..forecast.steps.len()).map(|at| normal_draws(&at.to_string(), 4_000, 100.0, 10.0)).collect();
        let rows = (0..4_000).flat_map(|path| weeks.iter().map(move |week| week[path])).collect();
        forecast.paths = quarterdeck_forecast::Paths::new(rows, weeks.len());
    }
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let guards = &proposal.targets[0].guards;
    let (mean, single) = (guards[0].p_breach.unwrap(), guards[1].p_breach.unwrap());
    assert!((0.115..0.2).contains(&mean) && (single - 0.979).abs() < 0.02, "{mean} {single}");
}

#[test]
fn alarms_leave_so_many_false_ones_a_year() {
    // One a year is 90 / 365.25 in the period, over three readings 8.2 % each: the 91.8th percentile, 110 + 1.392 · 5.
    let upper = row("tickets alarms 1 per year", "lower");
    assert!(upper.at_most && (upper.limit.unwrap() - 116.96).abs() < 0.05, "{upper:?}");
    assert!((upper.p_breach_without_plan.unwrap() - 0.082).abs() < 0.002);
    let lower = row("tickets alarms 2 per year", "higher");
    // 16.4 % each: 110 − 0.978 · 5.
    assert!(!lower.at_most && (lower.limit.unwrap() - 105.11).abs() < 0.05, "{lower:?}");
}

#[test]
fn rules_say_when_and_who() {
    let rules: Vec<String> =
        ["tickets at most 5% above last quarter", "tickets alarms 1 per year", "tickets at most 109"]
            .iter()
            .map(|guard| row(guard, "lower").rule)
            .collect();
    insta::assert_snapshot!(rules.join("\n"));
}

/// Weeks that remember each other: each path is a first-order process about 100 with a spread of 10.
fn remembering(name: &str, paths: usize, weeks: usize) -> Vec<f64> {
    let mut draws = Draws::named(3, name);
    let mut rows = Vec::with_capacity(paths * weeks);
    for _ in 0..paths {
        let mut away = draws.normal();
        for _ in 0..weeks {
            rows.push(100.0 + 10.0 * away);
            away = 0.6 * away + 0.8 * draws.normal();
        }
    }
    rows
}

#[test]
fn all_guards_of_a_metric_share_one_false_alarm_a_year() {
    let text = r#"
source orders { from: "a.csv" time: day }
metric tickets { unit: tickets better: lower grain: week reads: average week measure: sum(n) from orders owner: "a" why: "x" }
metric refunds { unit: refunds better: lower grain: week reads: average week measure: sum(r) from orders owner: "a" why: "x" }
metric orders_count { unit: orders better: higher grain: week reads: average week measure: count() from orders owner: "a" why: "x"
  guard: tickets
  guard: refunds alarms 1 per year }
plan 2027-Q1 { target orders_count { because: "x" } }
"#;
    let flat = || history("2025-W01", vec![100.0; 104]);
    let workspace =
        workspace(text, "2026-12-27", &[("tickets", flat()), ("refunds", flat()), ("orders_count", flat())]);
    let level = || vec![100.0; 4_000];
    let numbers = [("tickets", level()), ("refunds", level()), ("orders_count", level())];
    let mut outlook = workspace.outlook(period("2027-Q1"), &numbers);
    let mut weeks = 0;
    for found in &mut outlook.forecasts {
        let name = found.name.clone();
        let forecast = found.forecast.as_mut().unwrap();
        weeks = forecast.steps.len();
        forecast.paths = quarterdeck_forecast::Paths::new(remembering(&name, 4_000, weeks), weeks);
    }
    let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
    let guards = &proposal.targets[0].guards;
    assert_eq!(guards.len(), 2);
    assert!(guards[0].rule.contains("once in 2 years without any plan"), "{}", guards[0].rule);
    let stated: f64 = guards.iter().map(|guard| guard.false_alarms.unwrap()).sum();
    // What these limits do on paths that nobody has seen: alarms a year over both, 52.18 weeks each.
    let fresh: f64 = guards
        .iter()
        .map(|guard| {
            let rows = remembering(&format!("fresh {}", guard.metric), 4_000, weeks);
            let limit = guard.limit.unwrap();
            let alarms: usize = rows
                .chunks(weeks)
                .map(|path| (0..weeks).filter(|at| path[*at] > limit && (*at == 0 || path[at - 1] <= limit)).count())
                .sum();
            alarms as f64 / (4_000.0 * weeks as f64) * 52.18
        })
        .sum();
    assert!(stated <= 1.05 && fresh <= 1.1, "{stated} stated, {fresh} on fresh paths");
    // And they do sound: a limit that never does guards nothing.
    assert!(fresh > 0.5, "{fresh}");
}
