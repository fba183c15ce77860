//! The ledger of a real proposal: from data over acceptance to verification.

use crate::kitchen::{PATH, TEXT, dana, day, model_of, period, shown};
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{History, Partial};
use quarterdeck_lang::Model;
use quarterdeck_plan::ledger::{Frozen, FrozenTexts, Kind, Ledger, Now, Verification, accept, verify};
use quarterdeck_plan::{Inputs, propose};
use std::collections::BTreeMap;

const AS_OF: &str = "2024-12-11";

/// The kitchen with methods, an initiative, a risk and a judgement.
fn model() -> Model {
    let plan = "
  initiative depot \"A second depot\" {
    owner: \"ops@grocer.example\"
    moves: weekly_orders by 1% to 4%
    ships: 80% likely
    starts: 2025-01-15
    evidence: pilot \"York\"
  }
  risk storm \"A storm\" { chance: 25%  moves: weekly_orders by -4% to -1%  sign: \"forecast\"  owner: \"ops@grocer.example\" }
  judgement weekly_orders { shift: -1%  because: \"Holidays.\"  owner: \"ops@grocer.example\" }
}
";
    let text = TEXT.trim_end().trim_end_matches('}').to_owned() + plan;
    model_of(&text.replace("because: \"On-time", "method: trend\n    method: initiatives\n    because: \"On-time"))
}

/// Four years of weeks and months up to the as-of date, with noise of a fixed kind.
fn histories() -> BTreeMap<String, History> {
    let calendar = Calendar::default();
    let mut state = 12345_u64;
    let mut noise = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64 - 0.5
    };
    let mut series = |grain: Grain, level: f64, share: bool| {
        let start = calendar.period_of(grain, day("2020-12-07"));
        let last = calendar.period_of(grain, day(AS_OF));
        let count = calendar.distance(start, last);
        let value = |at: i64, noise: f64| {
            let grown = level * (1.0 + 0.002 * at as f64) * (1.0 + 0.1 * noise);
            if share { (level + 0.05 * noise).min(0.999) } else { grown.round() }
        };
        let values = (0..count).map(|at| Some(value(at, noise()))).collect();
        let weights =
            if share { (0..count).map(|_| Some(1000.0 + (100.0 * noise()).round())).collect() } else { vec![] };
        let partial = Partial { value: value(count, 0.0) / 3.0, weight: share.then_some(300.0), through: day(AS_OF) };
        History { grain, start, values, weights, partial: (!share).then_some(partial), quarters: vec![] }
    };
    [
        ("weekly_orders", series(Grain::Week, 9000.0, false)),
        ("weekly_orders[city = \"York, UK\"]", series(Grain::Week, 100.0, false)),
        ("on_time_orders", series(Grain::Month, 37_000.0, false)),
        ("delivered_orders", series(Grain::Month, 39_000.0, false)),
        ("on_time_rate", series(Grain::Month, 0.94, true)),
        ("tickets", series(Grain::Month, 400.0, false)),
    ]
    .map(|(name, history)| (name.to_owned(), history))
    .into()
}

struct Accepted {
    ledger: String,
    texts: FrozenTexts,
}

impl Accepted {
    fn new(model: &Model, histories: &BTreeMap<String, History>) -> Accepted {
        let inputs = Inputs { model, histories, as_of: day(AS_OF), seed: 3, paths: 400, version: "0.1.0" };
        let proposed = Ledger::from_proposal(&propose(&inputs, period()).unwrap(), None, None);
        let read = Ledger::from_toml(PATH, &proposed.to_toml()).unwrap();
        assert_eq!(read, proposed);
        let mut ledger = accept(None, &read, &dana("2024-12-20"), &[]).unwrap().ledger;
        let texts = ledger.freeze(histories, model, None).unwrap();
        Accepted { ledger: ledger.to_toml(), texts }
    }

    fn verify(&self, now: &Now<'_>) -> Verification {
        let FrozenTexts { inputs, definitions } = &self.texts;
        verify(&Frozen { period: period(), ledger: &self.ledger, ledger_path: PATH, inputs, definitions }, now).unwrap()
    }
}

#[test]
fn a_real_proposal_is_accepted_and_holds() {
    let (model, histories) = (model(), histories());
    let mut accepted = Accepted::new(&model, &histories);
    let offline = Now { model: None, histories: None, version: "0.1.0", strict: true };
    let verification = accepted.verify(&offline);
    assert_eq!(shown(&verification), "");
    let target = verification.proposal.targets.iter().find(|target| target.metric == "weekly_orders").unwrap();
    assert!(target.forecast.is_some() && target.proposed.target.is_some_and(|offer| offer.p_hit.is_some()));
    let now = Now { model: Some(&model), histories: Some(&histories), ..offline };
    let verification = accepted.verify(&now);
    assert!(verification.differences.is_empty(), "{}", shown(&verification));

    let whole = accepted.ledger.clone();
    for line in whole.lines().filter(|line| line.starts_with("p_hit = ") || line.starts_with("p_breach = ")).take(6) {
        accepted.ledger = whole.replacen(line, &format!("{line}1"), 1);
        let found = accepted.verify(&offline);
        assert_eq!(found.differences.len(), 1, "{line}\n{}", shown(&found));
        assert_eq!(found.differences[0].kind, Kind::Number);
    }
    accepted.ledger = whole;

    let first: Period = histories["tickets"].start;
    let row = accepted.texts.inputs.lines().find(|line| line.starts_with(&format!("tickets,,{first},"))).unwrap();
    accepted.texts.inputs = accepted.texts.inputs.replacen(row, &format!("tickets,,{first},1,true"), 1);
    let found = accepted.verify(&offline);
    assert_eq!(found.differences.len(), 1, "{}", shown(&found));
    assert_eq!((found.differences[0].kind, found.differences[0].what.as_str()), (Kind::Input, "series tickets"));
}

#[test]
fn restated_data_tells_the_chance_of_the_accepted_value() {
    let (model, histories) = (model(), histories());
    let accepted = Accepted::new(&model, &histories);
    let mut live = histories.clone();
    live.get_mut("weekly_orders").unwrap().values.iter_mut().rev().take(6).flatten().for_each(|value| *value *= 0.9);
    let now = Now { model: None, histories: Some(&live), version: "0.1.0", strict: false };
    let verification = accepted.verify(&now);
    assert_eq!(verification.differences.len(), 6);
    assert!(verification.differences.iter().all(|difference| difference.kind == Kind::Data));
    let before = verification.proposal.targets.iter().find(|target| target.metric == "weekly_orders").unwrap();
    let offer = before.proposed.target.unwrap();
    let [note] = &verification.notes[..] else { panic!("{:?}", verification.notes) };
    // `weekly_orders at 10,400 orders: P(hit) 61 % → 37 % with today's data`
    assert!(note.starts_with("weekly_orders at "), "{note}");
    let chances = note.split_once("P(hit) ").and_then(|(_, rest)| rest.strip_suffix(" % with today's data"));
    let (then, today) = chances.and_then(|chances| chances.split_once(" % → ")).unwrap_or_else(|| panic!("{note}"));
    let (then, today): (f64, f64) = (then.parse().unwrap(), today.parse().unwrap());
    let end = offer.p_hit.unwrap();
    assert!((then / 100.0 - end).abs() <= 0.005, "{note}");
    let today = today / 100.0;
    assert!(today < end - 0.2, "a tenth less in the last weeks: {note}");
}

#[test]
fn too_little_history_holds_too() {
    let mut histories = histories();
    for history in histories.values_mut() {
        history.values.clear();
        history.weights.clear();
        history.partial = None;
    }
    let accepted = Accepted::new(&model(), &histories);
    let offline = Now { model: None, histories: None, version: "0.1.0", strict: true };
    assert_eq!(shown(&accepted.verify(&offline)), "");
}
