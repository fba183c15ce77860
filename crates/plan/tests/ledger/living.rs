//! Adjusted, amended and withdrawn targets: readable and recomputed; what makes no sense is refused.

use crate::kitchen::{Files, PATH, dana, day, histories, model, period, proposal, shown};
use quarterdeck_plan::Odds;
use quarterdeck_plan::ledger::{
    Approval, FrozenTexts, Ledger, LedgerError, Reason, Stage, Wanted, accept, adjust, amend, drop_target, meant,
    reject,
};
use quarterdeck_plan::proposal::State;

const RATE: &str = "on_time_rate";
const ORDERS: &str = "weekly_orders";
const YORK: &str = "weekly_orders[city = \"York, UK\"]";

fn why(because: &str, on: &str) -> Reason {
    Reason { by: Some("Dana Holm".to_owned()), because: Some(because.to_owned()), on: day(on) }
}

fn odds(name: &str) -> Odds {
    let proposal = proposal(&model(), &histories(), "2021-02-12");
    let named = |target: &&quarterdeck_plan::proposal::TargetProposal| {
        let slice = target.slice.as_ref().map_or(String::new(), |slice| format!("[{slice}]"));
        format!("{}{slice}", target.metric) == name
    };
    proposal.targets.iter().find(named).unwrap().detail.odds.clone().unwrap()
}

/// One target adjusted before it was accepted, one amended twice, one withdrawn.
fn lived() -> Files {
    let mut proposed = Ledger::from_proposal(&proposal(&model(), &histories(), "2021-02-12"), None, None);
    adjust(&mut proposed, RATE, 95.5, &why("The board.", "2024-12-18"), Some(&odds(RATE))).unwrap();
    let mut ledger = accept(None, &proposed, &dana("2024-12-20"), &[]).unwrap().ledger;
    let FrozenTexts { inputs, definitions } = ledger.freeze(&histories(), &model(), None).unwrap();
    let names = ledger.targets.iter().map(quarterdeck_plan::ledger::Entry::name).collect::<Vec<_>>();
    assert_eq!(names, [RATE, ORDERS, YORK]);
    amend(&mut ledger, ORDERS, Wanted::Value(70.5), &why("Rain.", "2025-02-10"), Some(&odds(ORDERS)), &model())
        .unwrap();
    let wanted = Wanted::Confidence(0.75);
    amend(&mut ledger, ORDERS, wanted, &why("More rain.", "2025-02-20"), Some(&odds(ORDERS)), &model()).unwrap();
    drop_target(&mut ledger, YORK, &why("The depot is closed.", "2025-02-21"), &model()).unwrap();
    Files { ledger: ledger.to_toml(), inputs, definitions }
}

fn read(files: &Files) -> Ledger {
    Ledger::from_toml(PATH, &files.ledger).unwrap()
}

#[test]
fn what_was_decided_is_readable_and_holds() {
    let files = lived();
    assert_eq!(shown(&files.offline().unwrap()), "");
    let ledger = read(&files);
    let rate = ledger.target(RATE).unwrap();
    assert_eq!((rate.stage(), rate.target().unwrap().value), (Stage::Accepted, 95.5));
    assert_ne!(rate.proposed.target.unwrap().value, 95.5);
    let orders = ledger.target(ORDERS).unwrap();
    assert_eq!((orders.stage(), orders.confidence_in_force()), (Stage::Amended, 0.75));
    // The first amendment's value is what the second began from, and what was proposed stays above both.
    assert_eq!(orders.amendments[1].changes.last().unwrap().from.as_ref().unwrap().number(), Some(70.5));
    assert_eq!(
        orders.amendments[0].changes[0].from.as_ref().unwrap().number(),
        orders.proposed.target.map(|t| t.value)
    );
    assert_eq!(orders.target(), orders.amendments[1].target);
    // 2025-02-10 is the 41st day of the quarter.
    assert_eq!(orders.amendments[0].day, 41);
    assert_eq!(ledger.target(YORK).unwrap().stage(), Stage::Dropped);
    insta::assert_snapshot!("lived_ledger", crate::kitchen::masked(&files.ledger));
}

#[test]
fn a_changed_definition_is_explained_or_told() {
    let files = Files::accepted();
    let mut today = model();
    if let Some(metric) = today.metrics.get_mut(RATE) {
        metric.definition.revision = "aaaaaaaaaaaa".to_owned();
    }
    let mut ledger = read(&files);
    let entry = ledger.target(RATE).unwrap();
    assert_eq!(quarterdeck_plan::ledger::state::stage_today(entry, &today), Stage::Stale);
    // It needs a reason, and nothing else.
    let none = Reason { by: Some("Dana".to_owned()), because: None, on: day("2025-01-20") };
    let error = amend(&mut ledger, RATE, Wanted::Definition, &none, None, &today).unwrap_err();
    assert_eq!(error.to_string(), "`on_time_rate` cannot be amended without `--because REASON`");
    amend(&mut ledger, RATE, Wanted::Definition, &why("The same orders.", "2025-01-20"), None, &today).unwrap();
    let entry = ledger.target(RATE).unwrap();
    assert_eq!((entry.stage(), entry.revision_explained()), (Stage::Amended, "aaaaaaaaaaaa"));
    assert_eq!(quarterdeck_plan::ledger::state::stage_today(entry, &today), Stage::Amended);
    // Proposing again leaves it alone: it is explained.
    let again = Ledger::from_proposal(&proposal(&today, &histories(), "2021-02-12"), Some(&ledger), None);
    assert!(again.target(RATE).is_none());
    // Nothing more to explain.
    let error = amend(&mut ledger, RATE, Wanted::Definition, &why("Again.", "2025-01-21"), None, &today).unwrap_err();
    assert!(matches!(error, LedgerError::Lacking { .. }), "{error}");
}

#[test]
fn what_was_refused_stays_so_until_another_value_is_proposed() {
    let mut proposed = Ledger::from_proposal(&proposal(&model(), &histories(), "2021-02-12"), None, None);
    reject(&mut proposed, RATE, &why("Too low.", "2024-12-18")).unwrap();
    let same = Ledger::from_proposal(&proposal(&model(), &histories(), "2021-02-12"), None, Some(&proposed));
    assert_eq!(same.target(RATE).unwrap().state, State::Rejected);
    let other = Ledger::from_proposal(&proposal(&model(), &histories(), "2021-03-01"), None, Some(&proposed));
    assert_eq!(other.target(RATE).unwrap().state, State::Proposed);
    assert!(other.target(RATE).unwrap().rejected.is_none());
    // Those who accept all take what is open; who names it takes the refusal back.
    let taken = accept(None, &same, &dana("2024-12-20"), &[]).unwrap();
    assert_eq!((taken.taken.len(), taken.remaining.unwrap().targets.len()), (2, 1));
    let named = accept(None, &same, &dana("2024-12-20"), &[RATE.to_owned()]).unwrap();
    assert_eq!(named.ledger.target(RATE).unwrap().state, State::Accepted);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_do() {
    let mut ledger = read(&lived());
    let odds = odds(RATE);
    let reason = why("Rain.", "2025-02-10");
    let mut told = Vec::new();
    let mut tell = |result: Result<(), LedgerError>| told.push(result.unwrap_err().to_string());
    tell(amend(&mut ledger, YORK, Wanted::Value(1.0), &reason, None, &model()));
    tell(amend(&mut ledger, RATE, Wanted::Value(f64::NAN), &reason, None, &model()));
    tell(amend(&mut ledger, RATE, Wanted::Value(95.5), &reason, Some(&odds), &model()));
    tell(amend(&mut ledger, RATE, Wanted::Confidence(0.5), &reason, None, &model()));
    tell(amend(&mut ledger, "on_time", Wanted::Value(1.0), &reason, None, &model()));
    tell(drop_target(&mut ledger, YORK, &reason, &model()));
    tell(adjust(&mut ledger, RATE, 1.0, &reason, None));
    tell(reject(&mut ledger, RATE, &reason));
    tell(
        accept(
            Some(&ledger),
            None,
            &Approval { by: "Bob".to_owned(), role: None, on: day("2025-02-22") },
            &[YORK.to_owned()],
        )
        .map(drop),
    );
    tell(meant(&ledger, "orders").map(drop));
    insta::assert_snapshot!("refused", told.join("\n"));
    assert_eq!(ledger.period, period());
}
