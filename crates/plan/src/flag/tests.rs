#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! Each flag where it belongs, and not where it does not.

use crate::fixture::{history, normal_draws, period, workspace};
use crate::proposal::{Answer, TargetProposal};
use crate::propose::propose_from;
use quarterdeck_forecast::Claim;

/// A target on orders: 3,000 ± 100 in the period after `quarters` quarters of 2,700 and up by 1 a quarter.
fn target(fields: &str, more: &str, quarters: i32) -> TargetProposal {
    target_after(Vec::new(), fields, more, quarters)
}

/// The same with a track record.
fn target_after(claims: Vec<Claim>, fields: &str, more: &str, quarters: i32) -> TargetProposal {
    let text = format!(
        r#"
source orders {{ from: "a.csv" time: day }}
metric orders_count "Orders" {{
  unit: orders better: higher grain: quarter reads: last measure: sum(n) from orders at end owner: "a" why: "x"
  market: homes
  benchmark rival "Rival" {{ value: 9_000 source: "x" date: 2026-01 }}
}}
market homes "Homes" {{ unit: orders tam: 4_000 to 5_000 source: "x" date: 2025-11 }}
plan 2027-Q1 {{ target orders_count {{ {fields} because: "x" }} {more} }}
"#
    );
    let start = format!("{}-Q{}", 2026 - (quarters - 1) / 4, 4 - (quarters - 1) % 4);
    let past = history(&start, (0..quarters).map(|at| 2_700.0 + f64::from(at)));
    let workspace = workspace(&text, "2026-12-31", &[("orders_count", past)]);
    let numbers = [("orders_count", normal_draws("orders", 4_000, 3_000.0, 100.0))];
    let mut outlook = workspace.outlook(period("2027-Q1"), &numbers);
    outlook.forecasts[0].forecast.as_mut().unwrap().claims = claims;
    propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap().targets.remove(0)
}

fn codes(fields: &str, more: &str, quarters: i32) -> Vec<String> {
    target(fields, more, quarters).flags.into_iter().map(|flag| flag.code).collect()
}

#[test]
fn flags_follow_the_target() {
    // 3,200 is two spreads up (2.3 %), 3,120 has 11.5 %, 2,800 has 97.7 %.
    for (fields, quarters, expect) in [
        ("method: trend", 4, vec!["one_legged"]),
        ("set: 3_200", 4, vec!["moonshot", "unexplained_gap", "one_legged"]),
        ("set: 3_120", 4, vec!["unexplained_gap", "one_legged"]),
        ("set: 3_000", 4, vec!["one_legged"]),
        ("set: 2_800", 4, vec!["one_legged"]),
        ("set: 2_800", 20, vec!["sandbagged", "one_legged"]),
        // The largest step over a year was 4 in 2,700: of 4,000 and more it is the market that says no.
        ("set: 3_200", 16, vec!["impossible", "moonshot", "unexplained_gap", "one_legged"]),
        ("set: 4_100", 4, vec!["past_cap", "moonshot", "unexplained_gap", "one_legged"]),
        ("set: 5_100", 4, vec!["impossible", "moonshot", "unexplained_gap", "one_legged"]),
        // Two thirds of the gap from 2,703 to 9,000.
        ("method: benchmark rival close 2/3 by 2027-Q1", 4, vec!["methods_disagree"]),
        ("method: benchmark rival close 1/30 by 2027-Q1", 4, vec![]),
    ] {
        assert_eq!(codes(fields, "", quarters), expect, "{fields} after {quarters} quarters");
    }
}

#[test]
fn initiatives_without_evidence_are_named() {
    let more = r#"initiative push "Push" { moves: orders_count by 1% ships: 90% starts: 2027-01-01 owner: "a" }"#;
    let told = target("set: 3_000", more, 4).flags;
    let flag = told.iter().find(|flag| flag.code == "no_evidence").unwrap();
    assert!(flag.message.starts_with("Push names no evidence"), "{flag:?}");
    let more = r#"initiative push "Push" { moves: orders_count by 1% ships: 90% starts: 2027-01-01 owner: "a" evidence: opinion "hope" }"#;
    assert!(target("set: 3_000", more, 4).flags.iter().all(|flag| flag.code != "no_evidence"));
}

#[test]
fn messages_carry_their_evidence() {
    let mut told: Vec<String> = Vec::new();
    for (fields, quarters) in [
        ("set: 3_200", 16),
        ("set: 2_800", 24),
        ("set: 4_100", 4),
        ("set: 5_100", 4),
        ("method: benchmark rival close 2/3 by 2027-Q1", 4),
    ] {
        told.push(format!("# {fields}"));
        told.extend(
            target(fields, "", quarters).flags.into_iter().map(|flag| format!("{}: {}", flag.code, flag.message)),
        );
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_history_that_ended_long_ago_is_told() {
    let text = r#"
source orders { from: "a.csv" time: day }
metric sold { unit: orders better: higher grain: month reads: total measure: sum(n) from orders owner: "a" why: "x" }
plan 2027-Q1 { target sold { method: trend because: "x" } }
"#;
    // 24 months to the end of October or September 2026: 61 and 92 days before the end of the year.
    for (start, expect) in
        [("2024-11", None), ("2024-10", Some("Its data ends on 2026-09-30, 92 days before 2026-12-31"))]
    {
        let workspace = workspace(text, "2026-12-31", &[("sold", history(start, (0..24).map(|_| 900.0)))]);
        let outlook = workspace.outlook(period("2027-Q1"), &[("sold", normal_draws("sold", 4_000, 2_700.0, 100.0))]);
        let proposal = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap();
        let told = proposal.targets[0].flags.iter().find(|flag| flag.code == "old_data");
        assert_eq!(told.map(|flag| flag.message.split(": ").next().unwrap()), expect, "{start}");
    }
}

#[test]
fn claims_that_fell_short_are_told() {
    let claim = |pit: f64| Claim {
        period: period("2026-Q1"),
        origin: "2025-12-31".parse().unwrap(),
        quantiles: [1.0, 2.0, 3.0, 4.0, 5.0],
        actual: 3.0,
        pit,
    };
    // Of ten claims at 60 %, three to eight come true in nine of ten cases: two are too few, three are not.
    for (hits, expect) in [(2, true), (3, false), (10, false)] {
        let record: Vec<Claim> = (0..10).map(|at| claim(if at < hits { 0.9 } else { 0.1 })).collect();
        let flags = target_after(record, "method: trend", "", 12).flags;
        let told = flags.iter().find(|flag| flag.code == "claims_missed");
        assert_eq!(told.is_some(), expect, "{hits} hits");
        if let Some(told) = told {
            assert_eq!(
                told.message,
                "Of 10 past claims of 60 % only 2 came true, where 6 were due and 3 is the least that chance explains: \
                 believe this one less than it says."
            );
        }
    }
}

/// The answer to a question and its message.
fn answer(target: &TargetProposal, code: &str) -> (Answer, String) {
    let verdict = target.findings.verdicts.iter().find(|verdict| verdict.code == code).unwrap();
    (verdict.answer, verdict.message.clone().unwrap_or_default())
}

#[test]
fn what_cannot_be_told_is_an_answer() {
    // 2,800 is met with 97.7 % without the plan: with 12 quarters behind it that tail is nobody's knowledge, with 20 it is.
    let told = answer(&target("set: 2_800", "", 12), "sandbagged");
    assert_eq!(told.0, Answer::CannotTell);
    assert!(told.1.starts_with("Cannot tell (n = 12): met with 98 % without the plan"), "{}", told.1);
    assert_eq!(answer(&target("set: 2_800", "", 20), "sandbagged").0, Answer::Yes);
    assert_eq!(answer(&target("set: 3_000", "", 12), "sandbagged").0, Answer::No);
    // Whether 3,120 is faster than ever takes eight past changes over a year: twelve quarters have eight, eight have four.
    assert_eq!(answer(&target("set: 3_120", "", 8), "impossible").0, Answer::CannotTell);
    assert!(answer(&target("set: 3_120", "", 8), "impossible").1.contains("(n = 4)"));
    assert_eq!(answer(&target("set: 3_120", "", 12), "impossible").0, Answer::Yes);
    assert_eq!(answer(&target("method: trend", "", 12), "methods_disagree").0, Answer::CannotTell);
    assert!(answer(&target("method: trend", "", 12), "claims_missed").1.contains("(n = 0)"));
    let codes: Vec<String> =
        target("set: 3_000", "", 12).findings.verdicts.into_iter().map(|verdict| verdict.code).collect();
    assert_eq!(codes.len(), 11);
}

#[test]
fn smart_letter_by_letter() {
    let letters = |fields: &str, quarters: i32| {
        let rows = target(fields, "", quarters).findings.smart;
        rows.iter().map(|row| format!("{} {:?}: {}", row.letter, row.answer, row.why)).collect::<Vec<_>>()
    };
    let good = letters("set: 3_000", 12);
    assert!(good[0].starts_with("S Yes: 3,000 orders at the end of the quarter, as revision "), "{good:#?}");
    assert!(good[0].ends_with("; a answers for it."), "{good:#?}");
    assert!(
        good[1].starts_with("M Yes: 12 complete quarters up to 2026-12-31; the latest whole one: 2,711"),
        "{good:#?}"
    );
    assert_eq!(good[2], "A Yes: 50 % with the plan, 50 % without, by 1 of 5 methods.");
    assert_eq!(good[3], "R CannotTell: Cannot tell: no metric is the north star.");
    assert!(good[4].starts_with("T Yes: 2027-Q1 ends on 2027-03-31; known by"), "{good:#?}");
    assert_eq!(letters("set: 3_200", 12)[2], "A No: 2 % with the plan, 2 % without, by 1 of 5 methods: a moonshot.");
    assert_eq!(
        letters("set: 2_800", 12)[2],
        "A No: 98 % with the plan, 98 % without, by 1 of 5 methods: reached anyway."
    );
}

#[test]
fn what_would_reconcile_the_methods() {
    // 2,703 now, 9,000 there: 3,000 is 297 of a gap of 6,297 on, 4.72 %. Without the plan it comes with 50 %.
    let told =
        target("set: 3_000 method: trend method: benchmark rival close 2/3 by 2027-Q1", "", 4).findings.reconcile;
    assert_eq!(
        told,
        [
            "Trend: without the plan 3,000 orders comes with 50 %.",
            "Benchmark: closing 4.72 % of the gap to Rival by 2027-03-31 instead of 66.7 %."
        ]
    );
    assert!(target("set: 3_000 method: trend", "", 4).findings.reconcile.is_empty());
}

/// A whole of two parts, each 100 ± 10 and independent, with targets on all three.
fn tree(parts: &str, whole: &str) -> TargetProposal {
    let text = format!(
        r#"
source s {{ from: "a.csv" time: day }}
metric all_orders "All orders" {{ unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: north + south + west + east }}
metric north "North" {{ unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(n) from s }}
metric south "South" {{ unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(o) from s }}
metric west "West" {{ unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(p) from s }}
metric east "East" {{ unit: orders better: higher grain: quarter reads: total owner: "a" why: "x" measure: sum(q) from s }}
plan 2027-Q1 {{
  target all_orders {{ {whole} because: "x" }}
  target north {{ {parts} because: "x" }}
  target south {{ {parts} because: "x" }}
  target west {{ {parts} because: "x" }}
  target east {{ {parts} because: "x" }}
}}
"#
    );
    let names = ["north", "south", "west", "east"];
    let mut histories = vec![("all_orders", history("2022-Q1", vec![400.0; 20]))];
    histories.extend(names.map(|name| (name, history("2022-Q1", vec![100.0; 20]))));
    let workspace = workspace(&text, "2026-12-31", &histories);
    let parts = names.map(|name| normal_draws(name, 4_000, 100.0, 10.0));
    let sum: Vec<f64> = (0..4_000).map(|path| parts.iter().map(|part| part[path]).sum()).collect();
    let mut numbers = vec![("all_orders", sum)];
    numbers.extend(names.into_iter().zip(parts));
    let outlook = workspace.outlook(period("2027-Q1"), &numbers);
    propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap().targets.remove(0)
}

#[test]
fn care_taken_twice_is_padding() {
    // At 90 % each part is 100 − 1.2816 · 10 = 87.2, printed 87 (90.3 %); four make 348, and the whole is 400 ± 20: 2.6 spreads
    // up, 99.5 %. At 60 % each is 97.4, printed 97; four make 388, 72.6 %: nothing is padded.
    let padded = tree("confidence: 90%", "confidence: 60%");
    let (told, message) = answer(&padded, "padded");
    assert_eq!(told, Answer::Yes);
    assert!(message.contains("make 348 orders, which is met with 99 %"), "{message}");
    assert_eq!(answer(&tree("confidence: 60%", "confidence: 60%"), "padded").0, Answer::No);
    // 348 of its parts, 395 of the whole.
    let short = padded.flags.iter().find(|flag| flag.code == "parts_fall_short").unwrap();
    assert!(short.message.contains("make 348 orders, short of 39"), "{short:?}");
    let fits = tree("confidence: 60%", "set: 380");
    assert!(fits.flags.iter().all(|flag| flag.code != "parts_fall_short"), "{:?}", fits.flags);
}

#[test]
fn a_part_that_cannot_reach_its_whole_is_named() {
    let far = tree("confidence: 60%", "set: 600");
    let (told, message) = answer(&far, "input_out_of_reach");
    assert_eq!(told, Answer::Yes);
    assert!(
        message.contains("North would have to be 150 orders, where 100 orders is expected (under 1 %)"),
        "{message}"
    );
}

#[test]
fn points_beside_percents_are_told() {
    let text = r#"
source s { from: "a.csv" time: day }
metric rate "On time" { unit: share better: higher grain: quarter owner: "a" why: "x" measure: (sum(n) / count()) from s }
plan 2027-Q1 {
  target rate { because: "x" }
  initiative depot "Depot" { owner: "a" moves: rate by 2pp starts: 2027-01-01 evidence: pilot "x" }
  initiative routes "Routes" { owner: "a" moves: rate by 2% relative starts: 2027-01-01 evidence: pilot "x" }
}
"#;
    let workspace = workspace(text, "2026-12-31", &[("rate", history("2022-Q1", vec![0.5; 20]))]);
    let outlook = workspace.outlook(period("2027-Q1"), &[("rate", vec![0.5; 400])]);
    let target = propose_from(&workspace.inputs(), period("2027-Q1"), &outlook).unwrap().targets.remove(0);
    // Of about 50 %, 2 points are 4 %, and 2 % are one point.
    let (told, message) = answer(&target, "points_mixed");
    assert_eq!(told, Answer::Yes);
    assert!(
        message.contains("Depot is told in points (2 pp, which is 3.") && message.contains("Routes in percent (2 %"),
        "{message}"
    );
}
