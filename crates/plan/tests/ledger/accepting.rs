//! Who says yes to what.

use crate::kitchen::*;
use chrono::NaiveDate;
use quarterdeck_plan::ledger::{Accepted, Adjusted, Approval, Ledger, LedgerError, accept};
use quarterdeck_plan::proposal::State;

const YORK: &str = "weekly_orders[city = \"York, UK\"]";

fn proposed() -> Ledger {
    Ledger::from_proposal(&proposal(&model(), &histories(), "2021-02-12"), None, None)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn somebody(by: &str, on: NaiveDate) -> Approval {
    Approval { by: by.to_owned(), role: None, on }
}

#[test]
fn without_names_every_open_proposal_is_taken() {
    let Accepted { ledger, remaining, taken, is_new } = accept(None, &proposed(), &dana("2024-12-20"), &[]).unwrap();
    assert_eq!(taken, ["on_time_rate", "weekly_orders", YORK]);
    assert!(is_new && remaining.is_none());
    assert!(ledger.targets.iter().all(|target| target.state == State::Accepted && target.seal.is_some()));
    assert_eq!(ledger.approvals(), ["Dana Holm, CFO, on 2024-12-20, 12 days before the period"]);
    assert_eq!(ledger.states().values().collect::<Vec<_>>(), [&State::Accepted; 3]);
}

#[test]
fn the_day_of_an_approval_is_told() {
    for (on, day, phrase) in [
        ("2024-12-20", -11, "12 days before the period"),
        ("2024-12-31", 0, "1 day before the period"),
        ("2025-01-01", 1, "on day 1 of the period"),
        ("2025-02-10", 41, "on day 41 of the period"),
    ] {
        let ledger = accept(None, &proposed(), &somebody("Ann", crate::kitchen::day(on)), &[]).unwrap().ledger;
        assert_eq!(ledger.targets[0].approvals[0].day, day, "{on}");
        assert_eq!(ledger.approvals(), [format!("Ann, on {on}, {phrase}")]);
    }
}

#[test]
fn a_metric_means_all_its_parts_and_a_part_only_itself() {
    let taken = |metrics: &[&str]| accept(None, &proposed(), &dana("2024-12-20"), &names(metrics)).unwrap().taken;
    assert_eq!(taken(&["weekly_orders"]), ["weekly_orders", YORK]);
    assert_eq!(taken(&[YORK]), [YORK]);
    assert_eq!(taken(&[YORK, "weekly_orders", "on_time_rate"]), ["on_time_rate", "weekly_orders", YORK]);
}

#[test]
fn approvals_accumulate() {
    let first = accept(None, &proposed(), &dana("2024-12-20"), &names(&["on_time_rate"])).unwrap();
    let remaining = first.remaining.unwrap();
    assert_eq!(remaining.states().keys().collect::<Vec<_>>(), ["weekly_orders", YORK]);
    let ann = somebody("Ann", day("2025-01-02"));
    let second = accept(Some(&first.ledger), &remaining, &ann, &names(&["on_time_rate"])).unwrap();
    assert!(!second.is_new);
    assert_eq!(second.taken, ["on_time_rate"]);
    assert_eq!(second.remaining.as_ref(), Some(&remaining));
    let [target] = &second.ledger.targets[..] else { panic!("one target") };
    assert_eq!(target.approvals.iter().map(|approved| approved.by.as_str()).collect::<Vec<_>>(), ["Dana Holm", "Ann"]);
    assert_ne!(target.seal, first.ledger.targets[0].seal);
    assert_eq!(target.proposed, first.ledger.targets[0].proposed);

    let again = accept(Some(&second.ledger), None, &ann, &names(&["on_time_rate"])).unwrap_err();
    assert_eq!(
        again.to_string(),
        "Ann approved `on_time_rate` on 2025-01-02 already: another person can add an approval, or run `qd propose` \
         for a new proposal"
    );
}

#[test]
fn what_cannot_be_accepted_says_why() {
    let all = accept(None, &proposed(), &dana("2024-12-20"), &[]).unwrap().ledger;
    let mut other = proposed();
    other.period = "2025-Q2".parse().unwrap();
    let dana = dana("2024-12-20");
    let errors: [(&str, LedgerError); 6] = [
        ("nothing proposed", accept(None, None, &dana, &[]).unwrap_err()),
        ("everything accepted", accept(Some(&all), None, &dana, &[]).unwrap_err()),
        ("unknown", accept(None, &proposed(), &dana, &names(&["weekly_order"])).unwrap_err()),
        ("far from any", accept(Some(&all), None, &dana, &names(&["x"])).unwrap_err()),
        ("nobody", accept(None, &proposed(), &somebody("  ", day("2024-12-20")), &[]).unwrap_err()),
        ("another period", accept(Some(&all), &other, &dana, &[]).unwrap_err()),
    ];
    insta::assert_snapshot!(errors.map(|(what, error)| format!("{what}\n  {error}\n")).concat());
}

#[test]
fn accepted_targets_survive_another_proposal() {
    let accepted = accept(None, &proposed(), &dana("2024-12-20"), &names(&["on_time_rate"])).unwrap().ledger;
    let mut data = histories();
    data.get_mut("on_time_rate").unwrap().values[0] = Some(0.5);
    let newer = Ledger::from_proposal(&proposal(&model(), &data, "2021-03-01"), Some(&accepted), None);
    assert_eq!(newer.states().keys().collect::<Vec<_>>(), ["weekly_orders", YORK]);
    let both = accept(Some(&accepted), &newer, &dana("2024-12-21"), &[]).unwrap().ledger;
    let before = accepted.target("on_time_rate").unwrap();
    let after = both.target("on_time_rate").unwrap();
    assert_eq!((&after.proposed, &after.approvals), (&before.proposed, &before.approvals));
    assert_eq!(both.basis_of(after).unwrap().as_of, day("2021-02-12"));
    assert_eq!(both.basis_of(both.target(YORK).unwrap()).unwrap().as_of, day("2021-03-01"));
}

#[test]
fn a_changed_definition_is_proposed_again_and_keeps_what_it_replaces() {
    let accepted = accept(None, &proposed(), &dana("2024-12-20"), &[]).unwrap().ledger;
    let changed = model_of(&TEXT.replace("where late = 0", "where late < 1"));
    let newer = Ledger::from_proposal(&proposal(&changed, &histories(), "2021-02-12"), Some(&accepted), None);
    assert_eq!(newer.states().keys().collect::<Vec<_>>(), ["on_time_rate"]);
    let both = accept(Some(&accepted), &newer, &dana("2024-12-22"), &[]).unwrap().ledger;
    let rebased = both.target("on_time_rate").unwrap();
    let old = accepted.target("on_time_rate").unwrap();
    assert_eq!(rebased.replaced.len(), 1);
    assert_eq!((&rebased.replaced[0].proposed, &rebased.replaced[0].revision), (&old.proposed, &old.revision));
    assert_eq!(rebased.replaced[0].as_of, Some(day("2021-02-12")));
    assert_eq!(both.targets.len(), 3);
}

#[test]
fn adjusted_values_survive_another_proposal() {
    let mut before = proposed();
    before.targets[0].adjusted = Some(Adjusted {
        value: 0.95,
        p_hit: None,
        p_hit_without_plan: None,
        because: "The board.".to_owned(),
        by: Some("Ann".to_owned()),
        on: None,
        day: None,
    });
    let newer = proposal(&model(), &histories(), "2021-03-01");
    let after = Ledger::from_proposal(&newer, None, Some(&before));
    let kept = after.targets[0].adjusted.clone().unwrap();
    assert_eq!((kept.value, kept.because.as_str(), kept.by.as_deref()), (0.95, "The board.", Some("Ann")));
    // Its chance is that on the new paths, and it is what counts.
    assert_eq!(after.targets[0].in_force.map(|offer| (offer.value, offer.p_hit)), Some((0.95, kept.p_hit)));
    assert_eq!(after.targets[0].before.as_ref().map(|before| before.as_of), Some(day("2021-02-12")));
    assert_ne!(after.targets[0].proposed, before.targets[0].proposed);
}
