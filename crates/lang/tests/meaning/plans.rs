//! Plans: blocks that merge, initiatives that are carried over.

use super::{beside, beside_with, errors, shown};

#[test]
fn the_blocks_of_a_period_are_one_plan() {
    let first = "plan 2027-Q1 \"Whole\" { approver: \"vp\"  objective: \"Be on time.\"  target weekly_orders { because: \"a\" } initiative one { moves: weekly_orders by 1% } }";
    let growth = "plan 2027-Q1 growth \"Growth\" { approver: \"cmo\"  target revenue { because: \"b\" } initiative two { moves: revenue by 1%  overlaps: one 50% } }";
    let checked = beside(&[("a.qd", first), ("b.qd", growth)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    let plan = checked.model.plans.values().next().unwrap();
    assert_eq!((plan.label.as_str(), plan.approver.as_deref()), ("Whole", Some("vp")));
    let targets: Vec<_> =
        plan.targets.iter().map(|target| (target.metric.as_str(), target.approver.as_deref())).collect();
    assert_eq!(targets, [("revenue", Some("cmo")), ("weekly_orders", None)]);
    let initiatives: Vec<_> =
        plan.initiatives.iter().map(|initiative| (initiative.name.as_str(), initiative.team.as_deref())).collect();
    assert_eq!(initiatives, [("one", None), ("two", Some("growth"))]);
    let turned = beside(&[("b.qd", growth), ("a.qd", first)]);
    assert_eq!(turned.model, checked.model);
}

#[test]
fn who_drafts_a_plan_answers_for_what_names_nobody() {
    let main = "plan 2027-Q1 { owner: \"vp\"  target nobodys { because: \"a\" } target weekly_orders { because: \"b\" } initiative one { moves: revenue by 1% } risk storm { chance: 5% } }";
    let team = "plan 2027-Q1 growth { owner: \"cmo\"  initiative two { owner: \"eve\"  moves: revenue by 1% } milestone soc2 { by: 2027-03-31 } judgement revenue { shift: 1%  because: \"x\" } }";
    let metric = "metric nobodys { unit: orders  better: higher  grain: week  measure: count() from orders }";
    let mut checked = beside(&[("a.qd", main), ("b.qd", team), ("m.qd", metric)]);
    let owners = |checked: &quarterdeck_lang::Checked| {
        let plan = checked.model.plans.values().next().unwrap();
        let targets = plan.targets.iter().map(|one| (one.metric.clone(), one.owner.clone()));
        let initiatives = plan.initiatives.iter().map(|one| (one.name.clone(), one.owner.clone()));
        let risks = plan.risks.iter().map(|one| (one.name.clone(), one.owner.clone()));
        let milestones = plan.milestones.iter().map(|one| (one.name.clone(), one.owner.clone()));
        let judgements = plan.judgements.iter().map(|one| (one.metric.clone(), one.owner.clone()));
        let all = targets.chain(initiatives).chain(risks).chain(milestones).chain(judgements);
        all.map(|(name, owner)| format!("{name} {}", owner.unwrap_or_default())).collect::<Vec<_>>()
    };
    // The metric `weekly_orders` has an owner, who answers for its target.
    assert_eq!(
        owners(&checked),
        ["nobodys vp", "weekly_orders ", "one vp", "two eve", "storm vp", "soc2 cmo", "revenue cmo"]
    );
    checked.edit("m.qd", metric.replace("unit:", "owner: \"ann\"  unit:"));
    assert_eq!(owners(&checked)[0], "nobodys ");
}

#[test]
fn a_funnels_last_step_is_the_funnel() {
    let funnel = "metric shop { unit: share  grain: week  measure: funnel from orders by customer_id within 1 day { step view: name = \"view\"  step cart: name = \"add\"  step paid: name = \"paid\" } }\n";
    let made = |equals: &str| {
        let text = format!(
            "{funnel}metric paid {{ unit: orders  grain: week  measure: count() from orders where paid  equals: {equals} }}"
        );
        beside(&[("m.qd", &text)])
    };
    let (step, whole) = (made("weekly_orders * shop.paid"), made("weekly_orders * shop"));
    assert_eq!(errors(&step), [""; 0], "{}", shown(&step));
    assert_eq!(step.model.metrics["paid"].equals, whole.model.metrics["paid"].equals);
    assert_eq!(errors(&made("weekly_orders * shop.cart")), ["E168"]);
    assert_eq!(errors(&made("weekly_orders * shop.carts")), ["E157"]);
    // Orders times a share are orders, not a share.
    assert_eq!(errors(&made("weekly_orders / shop.paid * revenue")), ["E151"]);
}

#[test]
fn the_same_target_twice_names_both_places() {
    let checked = beside(&[
        ("a.qd", "plan 2027-Q1 { target weekly_orders { because: \"a\" } }"),
        (
            "b.qd",
            "plan 2027-Q1 growth { target weekly_orders { because: \"b\" } target weekly_orders for country = \"UK\" { because: \"c\" } }",
        ),
    ]);
    assert_eq!(errors(&checked), ["E102"], "{}", shown(&checked));
    let told = checked.errors().next().unwrap();
    let place = |span: quarterdeck_lang::Span| checked.files.get(span.file).unwrap().path();
    assert_eq!((place(told.span.unwrap()), place(told.labels[0].span)), ("b.qd", "a.qd"));
    let plan = checked.model.plans.values().next().unwrap();
    assert_eq!(plan.targets.len(), 2);
    assert_eq!(plan.targets[1].slice.as_ref().unwrap().text, "country = \"UK\"");
}

#[test]
fn two_blocks_of_one_team_may_not_differ() {
    let checked =
        beside(&[("a.qd", "plan 2027-Q1 { approver: \"vp\" }"), ("b.qd", "plan 2027-Q1 { approver: \"cmo\" }")]);
    assert_eq!(errors(&checked), ["E103"], "{}", shown(&checked));
}

#[test]
fn an_initiative_takes_over_what_it_does_not_say_again() {
    let checked = beside_with(
        "[teams.ops]\ncapacity = \"60 person-weeks\"",
        &[
            (
                "q3.qd",
                "plan 2026-Q3 { initiative depot \"Depot\" { owner: \"ada\"  moves: weekly_orders by 2%  ships: 70%  effort: 10 person-weeks  evidence: pilot \"York\" { people: 500 }  outcome: slipped to 2026-11-01 } }",
            ),
            (
                "q4.qd",
                "plan 2026-Q4 { initiative depot continues 2026-Q3 { ships: 80%  outcome: slipped to 2027-02-01 because \"permit\" } }",
            ),
            ("q1.qd", "plan 2027-Q1 { initiative depot continues 2026-Q4 { starts: 2027-02-01  team: ops } }"),
        ],
    );
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    let plan = checked.model.plans.values().last().unwrap();
    let depot = &plan.initiatives[0];
    assert_eq!((depot.label.as_str(), depot.owner.as_deref(), depot.ships), ("Depot", Some("ada"), 0.8));
    assert_eq!(depot.moves.len(), 1);
    assert_eq!(depot.evidence.as_ref().unwrap().people, Some(500.0));
    assert_eq!(depot.starts.unwrap().to_string(), "2027-02-01");
    assert!(depot.outcomes.is_empty(), "what became of the earlier one stays with it");
    assert_eq!(depot.effort.unwrap().mid, 10.0);
}

#[test]
fn what_cannot_be_continued() {
    for (text, code) in [
        ("plan 2027-Q1 { initiative depot continues 2027-Q1 { } }", "E190"),
        (
            "plan 2027-Q1 { initiative depot continues 2027-Q2 { } }\nplan 2027-Q2 { initiative depot continues 2027-Q1 { } }",
            "E190",
        ),
        ("plan 2027-Q1 { initiative depot continues 2026-Q4 { } }", "E190"),
        (
            "plan 2026-Q4 { initiative depots { moves: weekly_orders by 1% } }\nplan 2027-Q1 { initiative depot continues 2026-Q4 { } }",
            "E190",
        ),
    ] {
        let checked = beside(&[("p.qd", text)]);
        assert_eq!(errors(&checked), [code], "{text}\n{}", shown(&checked));
    }
}

#[test]
fn an_objective_follows_an_edge_or_the_tree() {
    let check = |more: &str, expect: &[&str]| {
        let text = format!(
            "metric part {{ unit: orders  better: higher  grain: week  measure: count() from orders  {more} }}\nmetric whole {{ unit: orders  grain: week  measure: part + part }}\nmetric identity {{ unit: orders  grain: week  measure: count() from orders  equals: part * on_time_rate }}\n"
        );
        let checked = beside(&[
            ("m.qd", &text),
            (
                "p.qd",
                "plan 2027-Q1 { target part { method: objective whole +4%  method: objective identity +4%  method: objective revenue +4%  because: \"x\" } }",
            ),
        ]);
        assert_eq!(errors(&checked), expect, "{}", shown(&checked));
    };
    check("", &["E189"]);
    check("drives: revenue", &[]);
    check("drives: revenue lag 4 weeks at 0.25% per 1%", &[]);
}
