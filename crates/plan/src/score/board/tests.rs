#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
use super::{Board, Group, board};
use crate::close::closing::{ClaimRow, Closed, Closing, FORMAT, Overridden, Said, ShipClaim};
use crate::close::{Grade, Graded};
use crate::fixture::{date, period};
use crate::proposal::Fan;
use quarterdeck_calendar::Calendar;

fn fan(p10: f64, p50: f64, p90: f64) -> Fan {
    let between = |a: f64, b: f64| (a + b) / 2.0;
    Fan { p10, p30: between(p10, p50), p50, p70: between(p50, p90), p90 }
}

/// A target of 100, claimed at `p`, that came out at `came`.
fn closed(metric: &str, owner: &str, p: f64, came: f64) -> Closed {
    let hit = came >= 100.0;
    Closed {
        metric: metric.into(),
        slice: None,
        label: metric.into(),
        unit: "orders".into(),
        better: "higher".into(),
        owner: Some(owner.into()),
        dropped: false,
        target: Some(100.0),
        commit: None,
        stretch: None,
        value: Some(came),
        pit: Some(0.5),
        model: Some("theta".into()),
        scale: Some(10.0),
        grade: Some(Graded { grade: if hit { Grade::Target } else { Grade::Missed }, score: 1.0, zero: None }),
        without_plan: Some(fan(80.0, 100.0, 120.0)),
        with_plan: Some(fan(85.0, 105.0, 125.0)),
        with_judgement: Some(fan(85.0, 105.0, 125.0)),
        naive: Some(fan(60.0, 90.0, 120.0)),
        overridden: None,
        claims: vec![ClaimRow {
            level: "target".into(),
            value: 100.0,
            p,
            p_without_judgement: Some(p),
            p_without_plan: Some(p - 0.1),
            p_naive: Some(0.5),
            hit: Some(hit),
        }],
        methods: vec![Said { name: "trend".into(), p10: 80.0, p50: 100.0, p90: 120.0 }],
        parts: Vec::new(),
        causes: Vec::new(),
        notes: Vec::new(),
    }
}

fn closing(name: &str, targets: Vec<Closed>) -> Closing {
    let (calendar, period) = (Calendar::default(), period(name));
    Closing {
        format: FORMAT,
        period,
        starts: calendar.starts(period),
        ends: calendar.ends(period),
        as_of: date("2030-01-01"),
        is_final: true,
        version: "0.0.0-test".into(),
        definitions: String::new(),
        waits: Vec::new(),
        targets,
        initiatives: Vec::new(),
        seen: Vec::new(),
    }
}

fn group<'a>(board: &'a Board, name: &str) -> &'a Group {
    board.groups.iter().find(|group| group.name == name).unwrap_or_else(|| panic!("no {name} in {board:?}"))
}

#[test]
fn scores_worked_by_hand() {
    // Two quarters: 60 % came, 70 % did not. Brier (0.16 + 0.49)/2 = 0.325; the yardstick's 50 % gives 0.25; skill 1 − 0.325/0.25.
    let board = board(
        &[
            closing("2026-Q2", vec![closed("orders", "ann", 0.7, 95.0)]),
            closing("2026-Q1", vec![closed("orders", "ann", 0.6, 104.0)]),
        ],
        1,
    );
    assert_eq!(board.periods, [period("2026-Q1"), period("2026-Q2")]);
    let line = &group(&board, "levels").lines[0];
    assert_eq!((line.name.as_str(), line.n, line.quarters, line.expected, line.hit), ("target", 2, 2, Some(1.3), 1));
    assert!((line.brier.unwrap().value - 0.325).abs() < 1e-12);
    assert!((line.skill.unwrap().value + 0.3).abs() < 1e-12);
    // Redrawn quarters: both first 0.16, both second 0.49, else 0.325: 10th and 90th percentile are the ends.
    assert_eq!(
        (
            line.brier.unwrap().low.map(|low| (low * 100.0).round()),
            line.brier.unwrap().high.map(|high| (high * 100.0).round())
        ),
        (Some(16.0), Some(49.0))
    );
    // The owner's and the level's are the same claims here; the sum of the parts is the score.
    let parts = board.parts.unwrap();
    assert!((parts.reliability - parts.resolution + parts.uncertainty + parts.within - 0.325).abs() < 1e-12);
    assert_eq!(
        group(&board, "owners").lines[0].brier,
        Some(group(&board, "levels").lines[0].brier.unwrap()).map(|mut brier| {
            // Each line has draws of its own; with two quarters they come to the same.
            brier.low = group(&board, "owners").lines[0].brier.unwrap().low;
            brier
        })
    );
}

#[test]
fn stages_and_methods_have_distributions() {
    // 104 came. The trend's 80, 100, 120 at 10, 50, 90 %: 2·0.1·24 = 4.8, 2·0.5·4 = 4, 2·(0.9−1)·(−16) = 3.2: 12/3 = 4, over a
    // scale of 10: 0.4. The yardstick's 60, 90, 120: 8.8 + 14 + 3.2 = 26/3 = 8.667: 0.8667. Skill 1 − 4/8.667 = 0.538.
    let board = board(&[closing("2026-Q1", vec![closed("orders", "ann", 0.6, 104.0)])], 1);
    let trend = &group(&board, "methods").lines[0];
    assert_eq!((trend.name.as_str(), trend.n, trend.hit, trend.expected), ("trend", 1, 1, None));
    assert!((trend.pinball.unwrap().value - 0.4).abs() < 1e-12 && trend.brier.is_none());
    assert!((trend.skill.unwrap().value - 7.0 / 13.0).abs() < 1e-12);
    let stages: Vec<&str> = group(&board, "stages").lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(stages, ["forecast alone", "with the plan", "with judgements"]);
    assert!((group(&board, "stages").lines[0].brier.unwrap().value - 0.25).abs() < 1e-12);
    // The plan's middle of 105 lies nearer to what came than 100.
    assert!(
        group(&board, "stages").lines[0].pinball.unwrap().value
            > group(&board, "stages").lines[1].pinball.unwrap().value
    );
    assert_eq!(group(&board, "models").lines[0].name, "led by theta");
}

#[test]
fn dropped_targets_and_open_periods_are_counted_apart() {
    let dropped = Closed { dropped: true, ..closed("tickets", "bob", 0.9, 90.0) };
    let silent = Closed { claims: Vec::new(), ..closed("new", "bob", 0.9, 90.0) };
    let open = Closing { is_final: false, ..closing("2026-Q2", vec![closed("orders", "ann", 0.9, 90.0)]) };
    let board = board(&[closing("2026-Q1", vec![closed("orders", "ann", 0.6, 104.0), dropped, silent]), open], 1);
    assert_eq!((board.claims, board.unscored, board.dropped.n, board.dropped.hit), (1, 1, 1, 0));
    assert_eq!((board.periods, board.provisional), (vec![period("2026-Q1")], vec![period("2026-Q2")]));
    let owners = board.groups.iter().find(|group| group.name == "owners").unwrap();
    assert_eq!(owners.lines.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["ann"]);
}

#[test]
fn overrides_stand_beside_what_was_proposed() {
    let overridden = Overridden { value: 110.0, by: Some("Dana".into()), p: Some(0.3), hit: Some(false) };
    let target = Closed { overridden: Some(overridden), ..closed("orders", "ann", 0.6, 104.0) };
    let board = board(&[closing("2026-Q1", vec![target, closed("other", "ann", 0.6, 104.0)])], 1);
    let lines = &group(&board, "overrides").lines;
    assert_eq!(
        lines.iter().map(|line| (line.name.as_str(), line.n)).collect::<Vec<_>>(),
        [("as proposed", 1), ("as overridden", 1)]
    );
    assert!(
        (lines[0].brier.unwrap().value - 0.16).abs() < 1e-12 && (lines[1].brier.unwrap().value - 0.09).abs() < 1e-12
    );
    // The claim that counts is the one first stated, for both.
    assert_eq!(group(&board, "levels").lines[0].n, 2);
}

#[test]
fn chances_to_ship_are_scored_by_who_does_the_work() {
    let ship = |owner: &str, ships: f64, shipped| ShipClaim {
        name: "depot".into(),
        label: "Depot".into(),
        owner: Some(owner.into()),
        ships,
        shipped,
        became: String::new(),
        outcomes: Vec::new(),
    };
    let mut one = closing("2026-Q1", vec![closed("orders", "ann", 0.6, 104.0)]);
    one.initiatives = vec![ship("ops", 0.8, Some(true)), ship("web", 0.9, Some(false)), ship("web", 0.5, None)];
    let board = board(&[one], 1);
    let lines = &group(&board, "ships").lines;
    // (0.04 + 0.81)/2 = 0.425; nobody said what became of the third.
    assert_eq!((lines[0].name.as_str(), lines[0].n, lines[0].hit), ("all initiatives", 2, 1));
    assert!((lines[0].brier.unwrap().value - 0.425).abs() < 1e-12);
    assert_eq!(lines[1..].iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["ops", "web"]);
}

#[test]
fn nobody_is_ranked_on_few_quarters() {
    let quarters = |count: i64| -> Vec<Closing> {
        (0..count)
            .map(|at| {
                let name = Calendar::default().shift(period("2020-Q1"), at).to_string();
                closing(&name, vec![closed("a", "zoe", 0.9, 104.0), closed("b", "ann", 0.6, 104.0)])
            })
            .collect()
    };
    let owners = |count| {
        let board = board(&quarters(count), 1);
        let group = group(&board, "owners").clone();
        (group.ranked, group.lines.into_iter().map(|line| line.name).collect::<Vec<_>>())
    };
    assert_eq!(owners(7), (false, vec!["ann".to_owned(), "zoe".to_owned()]));
    // Zoe said 90 % of what always came, Ann 60 %.
    assert_eq!(owners(8), (true, vec!["zoe".to_owned(), "ann".to_owned()]));
    assert!(!group(&board(&quarters(8), 1), "levels").ranked);
}

#[test]
fn the_same_closings_give_the_same_board() {
    let closings = [
        closing("2026-Q1", vec![closed("orders", "ann", 0.6, 104.0)]),
        closing("2026-Q2", vec![closed("orders", "ann", 0.7, 95.0)]),
        closing("2026-Q3", vec![closed("orders", "ann", 0.4, 95.0)]),
    ];
    assert_eq!(board(&closings, 1), board(&closings, 1));
    assert_eq!(board(&[], 1).groups, []);
    assert_eq!(board(&[], 1).parts, None);
}
