//! Goals of years and half-years: what a quarter is of them, what the rest then needs, how likely they are now.

use crate::bakery::*;
use quarterdeck_calendar::Calendar;
use quarterdeck_plan::proposal::Longer;
use quarterdeck_plan::propose;

/// The goals that the first quarter's orders are read against, with longer plans.
fn read(plans: &str) -> Vec<Longer> {
    let text =
        format!("{}\n{plans}", TEXT.replace("target revenue { confidence: 60%  because: \"The rent rises.\" }", ""));
    let text = text.replace("target orders { confidence: 60%", "target orders { set: 18_000");
    let (model, histories) = (model(&text), histories("2025-12-28", 1.0));
    let proposal = propose(&inputs(&model, &histories, "2025-12-28"), "2026-Q1".parse().unwrap()).unwrap();
    let orders = proposal.targets.into_iter().find(|target| target.metric == "orders").unwrap();
    orders.findings.goals
}

#[test]
fn a_quarter_is_read_against_its_year_and_its_half() {
    let goals = read(
        r#"plan 2026 "A year" { target orders { set: 72_000  because: "Rent." } }
           plan 2026-H1 "A half" { target orders { set: 37_000  because: "Rent." } }"#,
    );
    let names: Vec<String> = goals.iter().map(|goal| goal.period.to_string()).collect();
    assert_eq!(names, ["2026-H1", "2026"]);
    let (half, year) = (&goals[0], &goals[1]);
    // 37,000 − 18,000 = 19,000 in one quarter; 72,000 − 18,000 = 54,000 in three, 18,000 each.
    assert_eq!((half.rest.unwrap().needs, year.rest.unwrap().needs), (19_000.0, 54_000.0));
    assert_eq!((half.rest.unwrap().share, year.rest.unwrap().share), (Some(18.0 / 37.0), Some(0.25)));
    // Beside it what the same quarters came to a year before, from the frozen weeks.
    let calendar = Calendar::default();
    let past = histories("2025-12-28", 1.0);
    let quarter =
        |name: &str| past["orders"].quarters.iter().find(|one| one.period == name.parse().unwrap()).unwrap().value;
    assert!((half.rest.unwrap().before.unwrap() - quarter("2025-Q2")).abs() < 1e-6);
    assert_eq!(calendar.ends(half.period), day("2026-06-30"));
    assert!(
        half.words.contains("2026-Q1 is 48.6 % of 2026-H1's 37,000 orders; the one quarter left needs 19,000 orders"),
        "{}",
        half.words
    );
    assert!(year.words.contains("the 3 quarters left need 54,000 orders, 18,000 orders each"), "{}", year.words);
    assert!(year.words.ends_with("%."), "{}", year.words);
}

#[test]
fn the_chance_of_a_year_falls_as_its_goal_rises() {
    let chance = |goal: u32| {
        let goals = read(&format!("plan 2026 {{ target orders {{ set: {goal}  because: \"Rent.\" }} }}"));
        goals[0].p_hit.unwrap()
    };
    let chances: Vec<f64> = [40_000, 68_000, 72_000, 76_000, 120_000].map(chance).to_vec();
    assert!(chances.windows(2).all(|pair| pair[0] >= pair[1]), "{chances:?}");
    assert_eq!((chances[0], chances[4]), (1.0, 0.0));
    // The middle of the year's own forecast is met with about one chance of two.
    assert!(chances[1] > chances[3], "{chances:?}");
}

#[test]
fn initiatives_of_the_quarter_count_for_the_year() {
    let with = read("plan 2026 { target orders { set: 74_000  because: \"Rent.\" } }")[0].p_hit.unwrap();
    let oven = TEXT.find("  initiative oven").unwrap();
    let without = TEXT[..oven].to_owned() + "}\nplan 2026 { target orders { set: 74_000  because: \"Rent.\" } }";
    let (model, histories) = (model(&without), histories("2025-12-28", 1.0));
    let proposal = propose(&inputs(&model, &histories, "2025-12-28"), "2026-Q1".parse().unwrap()).unwrap();
    let orders = proposal.targets.iter().find(|target| target.metric == "orders").unwrap();
    let without = orders.findings.goals[0].p_hit.unwrap();
    assert!(with > without + 0.1, "{with} against {without}");
}

#[test]
fn a_goal_that_is_set_for_nothing_else_says_nothing() {
    assert_eq!(read("plan 2026 { target cakes { set: 20_000  because: \"Sunday.\" } }"), []);
    // A goal for another year is none for this quarter.
    assert_eq!(read("plan 2027 { target orders { set: 90_000  because: \"Rent.\" } }"), []);
}
