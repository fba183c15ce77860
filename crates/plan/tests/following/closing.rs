//! Closing: what came, grades, parts and causes that sum to the distance, claims, the scoreboard.

use crate::bakery::*;
use quarterdeck_plan::close::closing::CauseKind;
use quarterdeck_plan::close::compute::CloseError;
use quarterdeck_plan::close::{Came, Closed, Closing, Grade, close};
use quarterdeck_plan::ledger::{self, Dropped, Finality};
use quarterdeck_plan::proposal::State;
use quarterdeck_plan::score::board;

/// The bakery's first quarter of 2026, closed on a day with the data until then.
fn closed(factor: f64, outcomes: &[(&str, &str)], as_of: &str, data_until: &str) -> Result<Closing, CloseError> {
    let (ledger, stands) = accepted(&model(TEXT), "2026-Q1", "2025-12-28");
    let (model, histories) = (turned_out(outcomes), histories(data_until, factor));
    let inputs = inputs(&model, &histories, as_of);
    close(&ledger, &stands, &Came { inputs: &inputs, waits: &[] })
}

fn distance(target: &Closed) -> f64 {
    target.value.unwrap() - target.target.unwrap()
}

fn near(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-9 * size.abs().max(1.0)
}

#[test]
fn reasons_sum_to_the_distance() {
    for factor in [0.8, 1.0, 1.15] {
        let closing = closed(
            factor,
            &[("evidence: pilot \"A weekend in June\"", "shipped 2026-02-16")],
            "2026-04-19",
            "2026-04-19",
        )
        .unwrap();
        assert!(closing.is_final, "{:?}", closing.waits);
        // Parts stand before what is made of them.
        assert_eq!(
            closing.targets.iter().map(|target| target.metric.as_str()).collect::<Vec<_>>(),
            ["orders", "revenue"]
        );
        for target in &closing.targets {
            let causes: f64 = target.causes.iter().map(|cause| cause.adds).sum();
            assert!(near(causes, distance(target), target.value.unwrap()), "{target:?}");
            assert_eq!(target.causes.first().map(|cause| cause.kind), Some(CauseKind::Forecast));
            assert_eq!(target.causes.last().map(|cause| cause.kind), Some(CauseKind::Unexplained));
        }
        let revenue = closing.target("revenue").unwrap();
        let parts: f64 = revenue.parts.iter().filter(|part| part.depth == 1).map(|part| part.adds).sum();
        assert!(near(parts, distance(revenue), revenue.value.unwrap()), "{revenue:?}");
        assert!(closing.target("orders").unwrap().parts.is_empty());
        // Orders took the blow, so they explain most of it.
        if factor != 1.0 {
            let adds =
                |name: &str| revenue.parts.iter().find(|part| part.metric.as_deref() == Some(name)).unwrap().adds;
            assert!(adds("orders").abs() > 5.0 * adds("value").abs(), "{:?}", revenue.parts);
            assert_eq!(adds("orders") < 0.0, factor < 1.0);
        }
        assert_eq!(Closing::from_toml("x", &closing.to_toml()).unwrap(), closing);
    }
}

#[test]
fn grades_follow_what_came() {
    let grade = |factor| {
        let closing = closed(factor, &[], "2026-04-19", "2026-04-19").unwrap();
        let orders = closing.target("orders").unwrap().clone();
        let hits: Vec<Option<bool>> = orders.claims.iter().map(|claim| claim.hit).collect();
        let expect: Vec<Option<bool>> =
            orders.claims.iter().map(|claim| Some(orders.value.unwrap() >= claim.value)).collect();
        assert_eq!(hits, expect);
        (orders.grade.unwrap().grade, orders.pit.unwrap())
    };
    let (low, pit) = grade(0.8);
    assert!(low == Grade::Missed && pit < 0.02, "{pit}");
    let (high, pit) = grade(1.3);
    assert!(high == Grade::Stretch && pit > 0.98, "{pit}");
}

#[test]
fn what_became_of_an_initiative_is_a_cause() {
    let oven = |outcome: &str| {
        let closing =
            closed(1.0, &[("evidence: pilot \"A weekend in June\"", outcome)], "2026-04-19", "2026-04-19").unwrap();
        let orders = closing.target("orders").unwrap().clone();
        let cause = orders.causes.iter().find(|cause| cause.initiative.as_deref() == Some("oven")).unwrap().clone();
        (cause.adds, cause.became, closing.initiatives.iter().find(|ship| ship.name == "oven").unwrap().shipped)
    };
    let (dropped, words, shipped) = oven("dropped because \"the landlord\"");
    assert!(dropped < 0.0 && words == "dropped (the landlord)" && shipped == Some(false), "{dropped} {words}");
    let (done, _, shipped) = oven("shipped 2026-01-12");
    // For certain is more than with four chances of five.
    assert!(done > 0.0 && done < -dropped && shipped == Some(true), "{done} {dropped}");
    let (late, _, shipped) = oven("slipped to 2026-03-16");
    assert!(late < 0.0 && late > dropped && shipped.is_none(), "{late} {dropped}");
    let (_, _, shipped) = oven("slipped to 2026-05-04");
    assert_eq!(shipped, Some(false));
    // Of one that nobody spoke of nothing is assumed.
    let closing = closed(1.0, &[], "2026-04-19", "2026-04-19").unwrap();
    let silent = closing.target("orders").unwrap().causes.iter().filter(|cause| cause.kind == CauseKind::Initiative);
    assert!(
        silent.clone().count() == 2
            && silent.clone().all(|cause| cause.adds == 0.0 && cause.became == "no outcome is written")
    );
    assert!(closing.initiatives.iter().all(|ship| ship.shipped.is_none()));
}

#[test]
fn without_its_last_week_it_is_provisional() {
    let closing = closed(1.0, &[], "2026-04-02", "2026-03-29").unwrap();
    assert!(
        !closing.is_final && closing.targets.iter().all(|target| target.grade.is_none() && target.causes.is_empty())
    );
    assert_eq!(closing.waits[0], "Orders: its number is complete through 2026-03-29 only.");
    // What was seen so far is kept.
    let seen = closing.seen.iter().find(|seen| seen.name == "orders").unwrap();
    assert!(!seen.complete && seen.value.is_some());
    assert_eq!(Closing::from_toml("x", &closing.to_toml()).unwrap(), closing);
    let early = closed(1.0, &[], "2026-03-15", "2026-03-15").unwrap_err();
    assert_eq!(early.to_string(), "2026-Q1 ends on 2026-03-31, and the data is as of 2026-03-15: it is not over");
}

#[test]
fn a_ledger_keeps_how_its_targets_ended() {
    let (mut ledger, _) = accepted(&model(TEXT), "2026-Q1", "2025-12-28");
    let ended = |state| ledger::Closing {
        state,
        on: day("2026-04-19"),
        actual: Some(1.0),
        version: "0".into(),
        grade: Some("missed".into()),
    };
    ledger.close("orders", ended(Finality::Provisional)).unwrap();
    ledger.close("orders", ended(Finality::Final)).unwrap();
    assert_eq!(ledger.target("orders").unwrap().state, State::Closed);
    assert!(ledger.close("orders", ended(Finality::Final)).is_err(), "what is closed for good stays");
    assert!(ledger.close("bread", ended(Finality::Final)).is_err());
    let none = ledger::Closing { actual: None, ..ended(Finality::Final) };
    assert!(ledger.close("revenue", none).is_err());
}

/// The squared distance of a chance from what came.
fn off(p: f64, hit: bool) -> f64 {
    let distance = if hit { 1.0 - p } else { p };
    distance * distance
}

#[test]
fn past_quarters_make_a_scoreboard() {
    let text = TEXT.split("plan 2026-Q1").next().unwrap();
    let quarters = [("2025-Q1", "2024-12-29"), ("2025-Q2", "2025-03-30"), ("2025-Q3", "2025-06-29")];
    let closings: Vec<Closing> = quarters
        .iter()
        .map(|(quarter, as_of)| {
            let model = model(text);
            let (mut ledger, stands) = accepted(&model, quarter, as_of);
            if let Some(cakes) = ledger.targets.iter_mut().find(|entry| entry.metric == "cakes") {
                cakes.state = State::Dropped;
                cakes.dropped = Some(Dropped::new(day(as_of), "Dan", "no flour", ledger.starts));
            }
            let histories = histories("2026-04-19", 1.0);
            let inputs = inputs(&model, &histories, "2026-04-19");
            close(&ledger, &stands, &Came { inputs: &inputs, waits: &[] }).unwrap()
        })
        .collect();
    let board = board(&closings, 1);
    // Without a plan every metric with a direction has a target: five, of which cakes are dropped.
    assert_eq!((board.claims, board.dropped.n, board.periods.len()), (12, 3, 3));
    let levels = board.groups.iter().find(|group| group.name == "levels").unwrap();
    for line in &levels.lines {
        let claims = closings.iter().flat_map(|closing| &closing.targets).filter(|target| !target.dropped);
        let rows: Vec<_> = claims.flat_map(|target| &target.claims).filter(|row| row.level == line.name).collect();
        let brier = rows.iter().map(|row| off(row.p, row.hit.unwrap())).sum::<f64>() / rows.len() as f64;
        assert!((line.brier.unwrap().value - brier).abs() < 1e-12 && line.n == 12);
        assert!(line.brier.unwrap().low.unwrap() <= brier && brier <= line.brier.unwrap().high.unwrap());
    }
}
