//! A bakery: its definitions, made-up sales, and a ledger accepted on them.

use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::{History, QuarterValue};
use quarterdeck_lang::{Model, TextFile, check};
use quarterdeck_plan::ledger::{Approval, Ledger, Stand, accept};
use quarterdeck_plan::{Inputs, propose};
use std::collections::BTreeMap;
use std::f64::consts::TAU;

pub const TEXT: &str = include_str!("bakery.qd");
pub type Histories = BTreeMap<String, History>;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn model(text: &str) -> Model {
    let checked = check(None, vec![TextFile::new("bakery.qd", text)]);
    let errors: Vec<_> = checked.errors().collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model
}

/// The plan as it turned out: text between `evidence` lines and their initiative's end, with outcomes.
pub fn turned_out(outcomes: &[(&str, &str)]) -> Model {
    let mut text = TEXT.to_owned();
    for (evidence, outcome) in outcomes {
        assert!(text.contains(evidence), "{evidence}");
        text = text.replacen(evidence, &format!("{evidence}\n    outcome: {outcome}"), 1);
    }
    model(&text)
}

/// Weeks from 2023-W01 that end by a day, with their quarters; `factor` multiplies orders from 2026 on.
pub fn histories(until: &str, factor: f64) -> Histories {
    let calendar = Calendar::default();
    let start: Period = "2023-W01".parse().unwrap();
    let weeks = (0..400).take_while(|at| calendar.ends(calendar.shift(start, *at)) <= day(until)).count();
    let begins = |at: usize| calendar.starts(start) + Days::new(7 * at as u64);
    // A wobble that repeats nowhere soon, in place of noise.
    let wobble = |at: usize, by: usize| ((at * by * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5;
    let orders = |at: usize| {
        let grown = 1_000.0 + 2.0 * at as f64 + 60.0 * libm::sin(TAU * at as f64 / 52.18) + 80.0 * wobble(at, 3);
        grown * if begins(at) >= day("2026-01-01") { factor } else { 1.0 }
    };
    let value = |at: usize| 12.0 + 0.01 * at as f64 + 0.8 * wobble(at, 5);
    let series = |number: &dyn Fn(usize) -> f64, weight: Option<&dyn Fn(usize) -> f64>| History {
        grain: start.grain(),
        start,
        values: (0..weeks).map(|at| Some(number(at))).collect(),
        weights: weight.map(|weight| (0..weeks).map(|at| Some(weight(at))).collect()).unwrap_or_default(),
        partial: None,
        quarters: Vec::new(),
    };
    let revenue = |at: usize| orders(at) * value(at);
    let mut histories: Histories = [
        ("orders".to_owned(), series(&orders, None)),
        ("value".to_owned(), series(&value, Some(&orders))),
        ("revenue".to_owned(), series(&revenue, None)),
        ("returns".to_owned(), series(&|at| 20.0 + 8.0 * wobble(at, 11), None)),
        ("visits".to_owned(), series(&|at| 4_000.0 + 5.0 * at as f64 + 300.0 * wobble(at, 23), None)),
        ("cakes".to_owned(), series(&|at| 300.0 + 40.0 * wobble(at, 17), None)),
    ]
    .into();
    let quarters = quarters(&histories, until);
    for (name, history) in &mut histories {
        history.quarters = quarters[name].clone();
    }
    histories
}

/// Quarters from weeks, cut by days; the last one as far as it is known.
fn quarters(histories: &Histories, until: &str) -> BTreeMap<String, Vec<QuarterValue>> {
    let calendar = Calendar::default();
    let whole = calendar.periods(quarterdeck_calendar::Grain::Quarter, day("2023-04-01"), day(until));
    let of = |history: &History| {
        let quarter = |period: &Period| {
            let (from, to) = (calendar.starts(*period), calendar.ends(*period));
            let (mut sum, mut weight, mut through) = (0.0, 0.0, None);
            for (at, value) in history.values.iter().enumerate() {
                let starts = calendar.starts(history.start) + Days::new(7 * at as u64);
                let ends = starts + Days::new(6);
                let inside = ((ends.min(to) - starts.max(from)).num_days() + 1).max(0) as f64 / 7.0;
                if inside > 0.0 {
                    let own = history.weights.get(at).copied().flatten();
                    sum += inside * value.unwrap() * own.unwrap_or(1.0);
                    weight += inside * own.unwrap_or(0.0);
                    through = Some(ends.min(to));
                }
            }
            let weighted = weight > 0.0;
            let value = if weighted { sum / weight } else { sum };
            let (through, weight) = (through?, weighted.then_some(weight));
            Some(QuarterValue { period: *period, value, weight, through, complete: through >= to })
        };
        whole.iter().filter_map(quarter).collect()
    };
    histories.iter().map(|(name, history)| (name.clone(), of(history))).collect()
}

pub fn inputs<'a>(model: &'a Model, histories: &'a Histories, as_of: &str) -> Inputs<'a> {
    Inputs { model, histories, as_of: day(as_of), seed: 1, paths: 2_000, version: "0.0.0-test" }
}

/// A period's ledger, everything accepted on what was known on a day, and what it stands on.
pub fn accepted(model: &Model, period: &str, as_of: &str) -> (Ledger, Vec<Stand>) {
    let histories = histories(as_of, 1.0);
    let proposal = propose(&inputs(model, &histories, as_of), period.parse().unwrap()).unwrap();
    let proposed = Ledger::from_proposal(&proposal, None, None);
    let ann = Approval { by: "Ann".to_owned(), role: None, on: day(as_of) };
    let mut ledger = accept(None, &proposed, &ann, &[]).unwrap().ledger;
    let texts = ledger.freeze(&histories, model, None).unwrap();
    let stands = ledger.stands(&texts).unwrap();
    (ledger, stands)
}
