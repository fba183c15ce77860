#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
//! What initiatives are worth, by hand.

use super::{Ranking, rank_from};
use crate::fixture::{Workspace, history, normal_draws, period, workspace_with};
use quarterdeck_forecast::normal;

fn shop() -> Workspace {
    let text = r#"
source s { from: "a.csv" time: day }
metric orders "Orders" { role: north star unit: orders better: higher grain: month reads: total owner: "a" why: "x" measure: count() from s worth: 10 USD to 20 USD per order }
metric tickets "Tickets" { unit: tickets better: lower grain: month reads: total owner: "a" why: "x" measure: sum(t) from s }
plan 2027-Q1 {
  target orders { set: 3_100 because: "x" }
  target tickets { set: 100 because: "x" }
  initiative push "A push" { owner: "a" moves: orders by 100 starts: 2027-01-01 effort: 10 person-weeks cost: 50_000 USD team: growth outcome: shipped 2027-01-01 }
  initiative nudge "A nudge" { owner: "a" moves: orders by 60 starts: 2027-02-15 effort: 2 person-weeks team: growth }
  initiative paint "New paint" { owner: "a" starts: 2027-01-01 moves: other by 1 effort: 3 person-weeks team: growth }
  initiative gone "Gone" { owner: "a" moves: orders by 500 outcome: dropped because "x" }
}
metric other "Other" { unit: orders better: higher grain: month reads: total owner: "a" why: "x" measure: sum(o) from s }
"#;
    let flat = |value: f64| history("2023-01", vec![value; 48]);
    let toml = "[teams.growth]\ncapacity = \"12 person-weeks\"\n";
    workspace_with(
        toml,
        text,
        "2026-12-31",
        &[("orders", flat(1_000.0)), ("tickets", flat(30.0)), ("other", flat(1.0))],
    )
}

fn ranking() -> Ranking {
    let shop = shop();
    let numbers = [
        ("orders", normal_draws("orders", 4_000, 3_000.0, 100.0)),
        ("tickets", normal_draws("tickets", 4_000, 90.0, 10.0)),
        ("other", vec![3.0; 4_000]),
    ];
    let of = period("2027-Q1");
    rank_from(&shop.inputs(), of, &shop.outlook(of, &numbers)).unwrap()
}

#[test]
fn chances_gained_per_week_and_per_money() {
    let ranking = ranking();
    let names: Vec<&str> = ranking.initiatives.iter().map(|gain| gain.name.as_str()).collect();
    assert_eq!(names, ["nudge", "push", "paint"]);
    let [nudge, push, paint] = &ranking.initiatives[..] else { panic!() };
    // Day 46 to 90 of the quarter: 45 of 90 days, so the nudge brings 30. With both 3,130 ± 100: P(≥ 3,100) = Φ(0.3).
    let p = |middle: f64| normal::cdf((middle - 3_100.0) / 100.0);
    let close = |value: f64, expect: f64| assert!((value - expect).abs() < 0.004, "{value}, not {expect}");
    close(push.gain, p(3_130.0) - p(3_030.0));
    close(push.targets[0].p_with, p(3_130.0));
    close(push.targets[0].p_without, p(3_030.0));
    close(push.targets[0].p_alone, p(3_100.0));
    close(nudge.gain, p(3_130.0) - p(3_100.0));
    close(push.per_week.unwrap(), push.gain / 10.0);
    close(push.per_10k.unwrap(), push.gain / 5.0);
    close(nudge.per_week.unwrap(), nudge.gain / 2.0);
    assert_eq!((nudge.per_10k, paint.gain, paint.targets.len()), (None, 0.0, 0));
    // Four weeks later the nudge begins on day 74: 17 of 90 days, 11.3 orders.
    close(nudge.late_loss.unwrap(), p(3_130.0) - p(3_100.0 + 60.0 * 17.0 / 90.0));
    assert_eq!((push.late_loss, ranking.ship_date.as_deref()), (None, Some("nudge")));
    // 100 more orders at 10 to 20 each.
    let worth = push.worth.unwrap();
    assert!((worth.low - 1_000.0).abs() < 1.0 && (worth.high - 2_000.0).abs() < 1.0, "{worth:?}");
    close(ranking.targets_met, p(3_130.0) + normal::cdf(1.0));
}

#[test]
fn teams_stand_against_their_capacity() {
    let ranking = ranking();
    let [team] = &ranking.teams[..] else { panic!() };
    // 10 + 2 + 3 person-weeks of 12; what was dropped takes none.
    assert_eq!((team.capacity, team.effort.mid), (Some(12.0), 15.0));
    let notes = ranking.notes.join(" ");
    assert!(notes.contains("no target: New paint") && notes.contains("left out: Gone"), "{notes}");
}
