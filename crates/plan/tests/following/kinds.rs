//! Targets of every kind: of parts that add up or do not, of a range, beyond reach, of a half-year, to be learnt and to be done;
//! the plan's path as a table.

use crate::bakery::*;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::History;
use quarterdeck_plan::ledger::Ledger;
use quarterdeck_plan::proposal::TargetProposal;
use quarterdeck_plan::{Proposal, pace, propose};

/// What is proposed for a period with another plan, and other words in the definitions.
fn proposed(period: &str, plan: &str, edit: impl Fn(String) -> String) -> Proposal {
    let text = edit(TEXT.split("plan 2026-Q1").next().unwrap().to_owned());
    let model = model(&format!("{text}\nplan {period} {{ {plan} }}"));
    let mut histories = histories("2025-12-28", 1.0);
    // Two shops make all orders.
    let part = |all: &History, share: f64| {
        let mut part = all.clone();
        part.values.iter_mut().flatten().for_each(|value| *value *= share);
        part.quarters.iter_mut().for_each(|quarter| quarter.value *= share);
        part
    };
    for (shop, share) in [("North", 0.6), ("South", 0.4)] {
        let series = part(&histories["orders"], share);
        histories.insert(format!("orders[shop = \"{shop}\"]"), series);
    }
    propose(&inputs(&model, &histories, "2025-12-28"), period.parse().unwrap()).unwrap()
}

fn target<'a>(proposal: &'a Proposal, metric: &str) -> &'a TargetProposal {
    proposal.targets.iter().find(|target| target.metric == metric && target.slice.is_none()).unwrap()
}

fn codes(target: &TargetProposal) -> Vec<&str> {
    target.flags.iter().map(|flag| flag.code.as_str()).collect()
}

/// Targets on both shops beside one on all orders.
fn shops(north: u32, south: Option<u32>, all: u32) -> Proposal {
    let south = south.map_or(String::new(), |south| {
        format!("target orders for shop = \"South\" {{ set: {south}  because: \"x\" }}")
    });
    let plan = format!(
        "target orders {{ set: {all}  because: \"x\" }}
         target orders for shop = \"North\" {{ set: {north}  because: \"x\" }} {south}"
    );
    proposed("2026-Q1", &plan, |text| {
        text.replace("measure: count() from sales\n  guard", "measure: count() from sales\n  slice: shop\n  guard")
    })
}

#[test]
fn parts_add_up_or_it_is_told() {
    let of = |proposal: &Proposal| {
        let codes = codes(target(proposal, "orders"));
        codes.into_iter().filter(|code| code.starts_with("parts")).map(str::to_owned).collect::<Vec<_>>()
    };
    // 10,800 + 7,200 = 18,000.
    assert_eq!(of(&shops(10_800, Some(7_200), 18_000)), [""; 0]);
    // 12,000 + 7,200 = 19,200, 1,200 more than the whole.
    let over = shops(12_000, Some(7_200), 18_000);
    assert_eq!(of(&over), ["parts_exceed_whole"]);
    let message = &target(&over, "orders").flags.iter().find(|flag| flag.code == "parts_exceed_whole").unwrap().message;
    assert_eq!(
        message,
        "The targets of 2 of its parts sum to 19,200 orders, 1,200 orders more than the whole's 18,000 orders."
    );
    // 10,000 + 7,000 leave 1,000; one part alone may leave what it likes.
    assert_eq!(of(&shops(10_000, Some(7_000), 18_000)), ["parts_leave_rest"]);
    assert_eq!(of(&shops(10_000, None, 18_000)), [""; 0]);
    assert_eq!(of(&shops(19_000, None, 18_000)), ["parts_exceed_whole"]);
}

#[test]
fn a_part_has_chances_of_its_own() {
    let proposal = shops(10_800, Some(7_200), 18_000);
    let slices: Vec<Option<&str>> = proposal.targets.iter().map(|target| target.slice.as_deref()).collect();
    assert_eq!(slices, [None, Some("shop = \"North\""), Some("shop = \"South\"")]);
    assert!(proposal.targets.iter().all(|target| target.proposed.target.unwrap().p_hit.is_some()));
    // Each part's forecast is its share of the whole's, for its history is.
    let middle = |at: usize| proposal.targets[at].forecast.unwrap().p50;
    assert!((middle(1) / middle(0) - 0.6).abs() < 0.02 && (middle(2) / middle(0) - 0.4).abs() < 0.02);
}

#[test]
fn the_chance_of_a_range_is_that_of_both_its_ends() {
    let with = |better: &str, set: &str| {
        let plan = format!("target returns {{ {set} because: \"x\" }}");
        let proposal = proposed("2026-Q1", &plan, |text| text.replace("better: lower", &format!("better: {better}")));
        target(&proposal, "returns").clone()
    };
    let p = |target: &TargetProposal| target.proposed.target.unwrap().p_hit.unwrap();
    let inside = with("between 240 and 262", "");
    assert_eq!(inside.detail.range, Some((240.0, 262.0)));
    assert!(inside.proposed.commit.is_none() && inside.proposed.stretch.is_none());
    // P(240 ≤ x ≤ 262) = P(x ≥ 240) + P(x ≤ 262) − 1 on the same paths.
    let (above, below) = (p(&with("higher", "set: 240")), p(&with("lower", "set: 262")));
    assert!((p(&inside) - (above + below - 1.0)).abs() < 2e-3, "{} of {above} and {below}", p(&inside));
    assert!(p(&inside) > 0.2 && p(&inside) < 0.95, "{}", p(&inside));
    // Nothing need be reached inside a range, so nothing is said of what would reach it.
    assert!(inside.findings.reconcile.is_empty(), "{:?}", inside.findings.reconcile);
}

#[test]
fn what_cannot_be_reached_says_so() {
    let proposal = proposed("2026-Q1", "target orders { set: 60_000  because: \"A dream.\" }", |text| text);
    let orders = target(&proposal, "orders");
    assert_eq!(orders.proposed.target.unwrap().p_hit, Some(0.0));
    assert!(codes(orders).contains(&"moonshot"), "{:?}", codes(orders));
    // Whether it is faster than ever takes more years than there are, and nothing else bounds orders.
    let impossible = orders.findings.verdicts.iter().find(|verdict| verdict.code == "impossible").unwrap();
    assert_eq!(impossible.answer, quarterdeck_plan::proposal::Answer::CannotTell);
    assert_eq!(proposal.joint.p_all, Some(0.0));
}

#[test]
fn an_initiative_after_the_period_adds_nothing_and_is_told() {
    let plan = |starts: &str| {
        format!(
            "target orders {{ set: 18_000 because: \"x\" }}
             initiative oven \"A second oven\" {{ owner: \"b@x\" moves: orders by 4% to 8% starts: {starts} }}"
        )
    };
    let late = proposed("2026-Q1", &plan("2026-04-01"), |text| text);
    let late = target(&late, "orders");
    let offer = late.proposed.target.unwrap();
    assert_eq!(offer.p_hit, offer.p_hit_without_plan);
    let told = late.flags.iter().find(|flag| flag.code == "starts_after").unwrap();
    assert_eq!(told.message, "A second oven starts on 2026-04-01, after 2026-Q1 is over: it adds nothing to it.");
    // Of an effect that does not count it is no matter what stands behind it.
    assert!(!codes(late).contains(&"no_evidence"));
    let early = proposed("2026-Q1", &plan("2026-01-05"), |text| text);
    assert!(!codes(target(&early, "orders")).contains(&"starts_after"));
    assert!(codes(target(&early, "orders")).contains(&"no_evidence"));
}

#[test]
fn ships_with_nothing_and_ships_for_certain() {
    let chance = |ships: &str| {
        let plan = format!(
            "target orders {{ set: 18_500 because: \"x\" }}
             initiative oven \"A second oven\" {{ moves: orders by 5% ships: {ships} starts: 2026-01-05 evidence: experiment \"e\" }}"
        );
        let proposal = proposed("2026-Q1", &plan, |text| text);
        target(&proposal, "orders").proposed.target.unwrap()
    };
    let (never, half, certain) = (chance("0% likely"), chance("50% likely"), chance("100% likely"));
    assert_eq!(never.p_hit, never.p_hit_without_plan);
    let p = |offer: quarterdeck_plan::proposal::Offer| offer.p_hit.unwrap();
    assert!(p(never) < p(half) && p(half) < p(certain), "{} {} {}", p(never), p(half), p(certain));
    // Half of the draws are as if never, half as if certain.
    assert!((p(half) - 0.5 * (p(never) + p(certain))).abs() < 0.03);
}

#[test]
fn overlapping_effects_in_a_chain_count_their_shared_parts_once() {
    let middle = |overlaps: [&str; 2]| {
        let one = |name: &str, more: &str| {
            format!(
                "initiative {name} \"{name}\" {{ moves: orders by 10% starts: 2026-01-01 evidence: experiment \"e\" {more} }}\n"
            )
        };
        let plan = format!(
            "target orders {{ because: \"x\" }}\n{}{}{}",
            one("a", overlaps[0]),
            one("b", overlaps[1]),
            one("c", "")
        );
        let proposal = proposed("2026-Q1", &plan, |text| text);
        let found = target(&proposal, "orders").clone();
        let fan = found.detail.states.unwrap();
        fan.with_plan.p50 / fan.without_plan.p50 - 1.0
    };
    let (apart, chain, whole) = (
        middle(["", ""]),
        middle(["overlaps: b 50%", "overlaps: c 50%"]),
        middle(["overlaps: b 100%", "overlaps: c 100%"]),
    );
    // Each is 10 % with evidence that counts for 0.99: apart 29.7 %, with halves shared 9.9 · (1 + ½ + ½) = 19.8 %, with all 9.9 %.
    assert!((apart - 0.297).abs() < 0.02, "{apart}");
    assert!((chain - 0.198).abs() < 0.02, "{chain}");
    assert!((whole - 0.099).abs() < 0.02, "{whole}");
}

#[test]
fn a_half_year_has_targets_of_its_own() {
    let proposal = proposed("2026-H1", "target orders { confidence: 70%  because: \"x\" }", |text| text);
    assert_eq!((proposal.starts, proposal.ends), (day("2026-01-01"), day("2026-06-30")));
    let orders = target(&proposal, "orders");
    assert!((orders.proposed.target.unwrap().p_hit.unwrap() - 0.7).abs() < 0.035);
    // Three days of the second half of 2025 are still to come.
    assert_eq!(orders.last_actual.unwrap().period, "2025-H1".parse::<Period>().unwrap());
    phases_land_on_their_targets(&proposal);
}

/// Cuts by week and by month build up to the target: sums of a total add to it, what is so far at the end is it.
fn phases_land_on_their_targets(proposal: &Proposal) {
    let csv = pace::to_csv(proposal, &Calendar::default());
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("metric,slice,unit,reads,cut,starts,ends,planned,so_far"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    for target in proposal.targets.iter().filter(|target| target.detail.pace.is_some()) {
        let goal = target.proposed.target.unwrap().value;
        for cut in ["week", "month"] {
            let own: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == target.metric && row[4] == cut).collect();
            let numbers = |column: usize| own.iter().map(|row| row[column].parse::<f64>().unwrap()).collect::<Vec<_>>();
            assert!((numbers(8).last().unwrap() - goal).abs() <= 1e-6 * goal.abs(), "{} by {cut}", target.metric);
            assert_eq!(
                (own[0][5], own.last().unwrap()[6]),
                (&*proposal.starts.to_string(), &*proposal.ends.to_string())
            );
            if target.reads == "total" {
                assert!(
                    (numbers(7).iter().sum::<f64>() - goal).abs() <= 1e-6 * goal.abs(),
                    "{} by {cut}",
                    target.metric
                );
            }
            // Each cut begins the day after the one before.
            for pair in own.windows(2) {
                assert_eq!(day(pair[0][6]).succ_opt().unwrap(), day(pair[1][5]));
            }
        }
    }
    assert!(!rows.is_empty());
}

#[test]
fn the_plans_path_lands_on_totals_averages_and_what_is_read_at_the_end() {
    let plan = "target orders { because: \"x\" } target revenue { because: \"x\" } target value { because: \"x\" } target cakes { because: \"x\" }";
    phases_land_on_their_targets(&proposed("2026-Q1", plan, |text| text));
    let average = |text: String| text.replacen("reads: total", "reads: average week", 1);
    phases_land_on_their_targets(&proposed("2026-Q1", plan, average));
    let last = |text: String| {
        text.replace(
            "  unit: cakes\n  better: higher\n  grain: week\n  reads: total",
            "  unit: cakes\n  better: higher\n  grain: week\n  reads: last",
        )
    };
    phases_land_on_their_targets(&proposed("2026-Q1", plan, last));
}

#[test]
fn what_is_to_be_learnt_and_done_is_in_the_ledger_and_has_no_chance() {
    let plan = "target orders { because: \"x\" } target cakes { learn: \"who eats them\" by 2026-02-28 }
        milestone mill \"A second mill\" { by: 2026-03-01  chance: 70%  owner: \"dan@bakery.example\" }";
    let proposal = proposed("2026-Q1", plan, |text| text);
    assert_eq!(proposal.targets.iter().map(|target| target.metric.as_str()).collect::<Vec<_>>(), ["orders"]);
    let ledger = Ledger::from_proposal(&proposal, None, None);
    assert_eq!((ledger.learn[0].what.as_str(), ledger.learn[0].by), ("who eats them", day("2026-02-28")));
    assert_eq!((ledger.milestones[0].label.as_str(), ledger.milestones[0].chance), ("A second mill", Some(0.7)));
    // What is to be learnt is no claim, and joint chances are those of the rest.
    assert_eq!(proposal.joint.p_all, proposal.targets[0].proposed.target.unwrap().p_hit);
}

#[test]
fn a_budget_stands_beside_the_forecast_and_moves_nothing() {
    let of = |budget: &str| {
        let proposal = proposed("2026-Q1", &format!("target orders {{ {budget} because: \"x\" }}"), |text| text);
        target(&proposal, "orders").clone()
    };
    let without = of("");
    assert!(without.findings.budget.is_none());
    let (low, high) = (of("budget: 17_500"), of("budget: 19_000"));
    let p = |target: &TargetProposal| target.findings.budget.unwrap().p_hit.unwrap();
    assert!(p(&low) > p(&high), "{} {}", p(&low), p(&high));
    // The same chance as the very value would have as a target.
    let set = of("set: 17_500");
    assert_eq!(p(&low), set.proposed.target.unwrap().p_hit.unwrap());
    let budget = low.findings.budget.unwrap();
    assert!((budget.middle_above.unwrap() + 17_500.0 - low.detail.states.unwrap().with_judgement.p50).abs() < 1e-6);
    assert_eq!((low.proposed, &low.forecast), (without.proposed, &without.forecast));
}
