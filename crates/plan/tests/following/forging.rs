//! Forging: every single value of a ledger and of a closing changed, every seal set anew by the public function, and found all
//! the same. Those that nothing but the seal tells are named, each with its reason.

use crate::bakery::*;
use quarterdeck_plan::close::{Came, Closing, close, verify};
use quarterdeck_plan::ledger::definitions::{self, Defined};
use quarterdeck_plan::ledger::verify::{Both, verify_with};
use quarterdeck_plan::ledger::{
    Approval, Frozen, FrozenTexts, Ledger, Now, Reason, Wanted, accept, adjust, amend, data_hash, drop_target, inputs,
};
use quarterdeck_plan::{Inputs, Odds, Proposal, propose, propose_beside};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};
use toml::Value;

const PATH: &str = "targets/2026-Q1.toml";
const CLOSING: &str = "targets/2026-Q1.close.toml";
const VERSION: &str = "0.0.0-test";

/// The bakery with a target of every kind: one adjusted, one amended, one withdrawn, one accepted anew, one that stands though
/// its definition changed, something to learn and something to be done.
fn text() -> String {
    let visits = r#"
source door { from: "door.csv"  time: day }
metric visits "Visits" {
  why: "Who never comes in never buys."
  owner: "dan@bakery.example"
  unit: visits
  better: higher
  grain: week
  reads: total
  measure: count() from door
}
plan 2026-Q1 {
  target value { because: "Sandwiches." }
  target cakes { because: "Sunday." }
  target returns { because: "Too dark a crust." }
  target visits { learn: "where people come from" by 2026-02-28 }
  milestone flour "A second mill" { by: 2026-03-01  chance: 70%  owner: "dan@bakery.example" }
}
"#;
    format!("{TEXT}{visits}")
}

/// The same after two definitions were changed.
fn later_text() -> String {
    text()
        .replace("measure: count() from cake", "measure: count() from cake where day > 2020-01-01")
        .replace("where back", "where back = true")
}

/// Everything that is on disk when the quarter is closed.
struct Desk {
    ledger: String,
    frozen: FrozenTexts,
    closing: String,
    actuals: String,
    definitions: String,
}

fn proposed(text: &str, as_of: &str) -> Proposal {
    // Few paths: what is forged here is told by any number of them.
    let (model, histories) = (model(text), histories(as_of, 1.0));
    propose(&Inputs { paths: 400, ..inputs(&model, &histories, as_of) }, "2026-Q1".parse().unwrap()).unwrap()
}

fn odds(proposal: &Proposal, metric: &str) -> Odds {
    proposal.targets.iter().find(|target| target.metric == metric).unwrap().detail.odds.clone().unwrap()
}

fn why(because: &str, on: &str) -> Reason {
    Reason { by: Some("Ann".to_owned()), because: Some(because.to_owned()), on: day(on) }
}

fn lived() -> Desk {
    let by = |who: &str, on: &str| Approval { by: who.to_owned(), role: Some("owner".to_owned()), on: day(on) };
    let first = proposed(&text(), "2025-12-28");
    let mut open = Ledger::from_proposal(&first, None, None);
    let round = |metric: &str, times: f64| (odds(&first, metric).met_with(0.5).value * times).round();
    adjust(
        &mut open,
        "revenue",
        round("revenue", 1.01),
        &why("The rent.", "2025-12-29"),
        Some(&odds(&first, "revenue")),
    )
    .unwrap();
    let mut ledger = accept(None, &open, &by("Ann", "2025-12-30"), &[]).unwrap().ledger;
    let texts = ledger.freeze(&histories("2025-12-28", 1.0), &model(&text()), None).unwrap();
    ledger = accept(Some(&ledger), None, &by("Bob", "2026-01-02"), &["orders".to_owned()]).unwrap().ledger;
    // Cakes are counted otherwise, and proposed and accepted anew from newer data.
    let today = model(&later_text());
    let second = proposed(&later_text(), "2026-01-04");
    let mut open = Ledger::from_proposal(&second, Some(&ledger), None);
    open.targets.retain(|entry| entry.metric == "cakes");
    adjust(&mut open, "cakes", round("cakes", 1.02), &why("Easter.", "2026-01-05"), Some(&odds(&second, "cakes")))
        .unwrap();
    ledger = accept(Some(&ledger), &open, &by("Ann", "2026-01-06"), &[]).unwrap().ledger;
    let frozen = ledger.freeze(&histories("2026-01-04", 1.0), &today, Some(&texts)).unwrap();
    assert_eq!(ledger.earlier.len(), 1);
    let orders = odds(&first, "orders");
    let value = Wanted::Value(round("orders", 0.98));
    amend(&mut ledger, "orders", value, &why("Snow.", "2026-01-20"), Some(&orders), &today).unwrap();
    let chance = Wanted::Confidence(0.75);
    amend(&mut ledger, "orders", chance, &why("More snow.", "2026-02-02"), Some(&orders), &today).unwrap();
    amend(&mut ledger, "returns", Wanted::Definition, &why("The same bread.", "2026-02-03"), None, &today).unwrap();
    drop_target(&mut ledger, "value", &why("No sandwiches.", "2026-02-04"), &today).unwrap();
    // The quarter ends.
    let turned = ["shipped 2026-02-16", "slipped to 2026-03-09 because \"wiring\""];
    let mut text = later_text();
    for (evidence, outcome) in
        ["evidence: pilot \"A weekend in June\"", "evidence: opinion \"It feels slow\""].iter().zip(turned)
    {
        text = text.replacen(evidence, &format!("{evidence}\n    outcome: {outcome}"), 1);
    }
    let (model, came) = (model(&text), histories("2026-04-19", 0.97));
    let inputs = Inputs { paths: 400, ..inputs(&model, &came, "2026-04-19") };
    let stands = ledger.stands(&frozen).unwrap();
    let closing = close(&ledger, &stands, &Came { inputs: &inputs, waits: &[] }).unwrap();
    assert!(closing.is_final);
    ledger.close_all(&closing).unwrap();
    let counted = |name: &String| closing.seen.iter().any(|seen| seen.name == *name);
    let actuals =
        came.iter().filter(|(name, _)| counted(name)).map(|(name, all)| (name.clone(), all.clone())).collect();
    Desk {
        ledger: ledger.to_toml(),
        frozen,
        closing: closing.to_toml(),
        actuals: inputs::to_csv(&actuals, &model.settings.calendar),
        definitions: definitions::to_json(&Defined::of(&inputs, ledger.period)),
    }
}

fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(lived)
}

/// Proposes, and remembers: forgeries of words are many, and their numbers are the same.
fn recompute(
    inputs: &Inputs<'_>,
    period: quarterdeck_calendar::Period,
    in_force: Option<&quarterdeck_lang::Model>,
) -> Both {
    static KNOWN: Mutex<BTreeMap<String, (Proposal, Option<Proposal>)>> = Mutex::new(BTreeMap::new());
    let data: Vec<String> = inputs.histories.values().map(data_hash).collect();
    let counts = in_force.map(|model| format!("{:?}", model.plans));
    let key = format!("{} {data:?} {counts:?}", Defined::of(inputs, period).hash());
    if let Some(known) = KNOWN.lock().unwrap().get(&key) {
        return Ok(known.clone());
    }
    let both = propose_beside(inputs, period, in_force)?;
    KNOWN.lock().unwrap().insert(key, both.clone());
    Ok(both)
}

/// Where a ledger differs from what its frozen files give; `None` where it cannot even be read.
fn found(ledger: &str, texts: &FrozenTexts, model: Option<&quarterdeck_lang::Model>) -> Option<Vec<String>> {
    let FrozenTexts { inputs, definitions } = texts;
    let frozen = Frozen { period: "2026-Q1".parse().unwrap(), ledger, ledger_path: PATH, inputs, definitions };
    let now = Now { model, histories: None, version: VERSION, strict: false };
    let verification = verify_with(&frozen, &now, recompute).ok()?;
    Some(verification.differences.into_iter().map(|difference| difference.what).collect())
}

/// The same of a closing, without computing it again from files that are as they were.
fn compared_with_closing(ledger: &str, closing: &str) -> Option<Vec<String>> {
    let ledger = Ledger::from_toml(PATH, ledger).ok()?;
    let (path, closing) = (CLOSING, Closing::from_toml(CLOSING, closing).ok()?);
    let files = verify::Files {
        path,
        closing: &closing,
        actuals: "",
        definitions: "",
        ledger_path: PATH,
        ledger: &ledger,
        stands: &[],
    };
    let again = Closing::from_toml(CLOSING, &desk().closing).unwrap();
    let (_, differences) = verify::compare(&files, &again);
    Some(differences.into_iter().map(|difference| difference.what).collect())
}

/// Where a closing and what the ledger says of it differ; `None` where something cannot be read.
fn found_in_closing(ledger: &str, closing: &str, actuals: &str, definitions: &str) -> Option<Vec<String>> {
    let ledger = Ledger::from_toml(PATH, ledger).ok()?;
    let stands = ledger.stands(&desk().frozen).ok()?;
    let closing = Closing::from_toml(CLOSING, closing).ok()?;
    let files = verify::Files {
        path: CLOSING,
        closing: &closing,
        actuals,
        definitions,
        ledger_path: PATH,
        ledger: &ledger,
        stands: &stands,
    };
    let (_, differences) = verify::verify(&files).ok()?;
    Some(differences.into_iter().map(|difference| difference.what).collect())
}

/// A place in a table: keys, and positions in lists.
#[derive(Clone)]
enum Step {
    Key(String),
    At(usize),
}

/// Every scalar with its place.
fn scalars(value: &Value, place: &[Step], all: &mut Vec<(Vec<Step>, Value)>) {
    let inside = |step: Step| [place, &[step]].concat();
    match value {
        Value::Table(table) => {
            table.iter().for_each(|(key, value)| scalars(value, &inside(Step::Key(key.clone())), all))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| scalars(value, &inside(Step::At(at)), all))
        }
        scalar => all.push((place.to_vec(), scalar.clone())),
    }
}

fn put(value: &mut Value, place: &[Step], to: Value) {
    let mut at = value;
    for step in place {
        at = match step {
            Step::Key(key) => &mut at[key.as_str()],
            Step::At(position) => &mut at[*position],
        };
    }
    *at = to;
}

/// What a scalar might be made to say.
fn forged(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => vec![Value::Integer(number + 1), Value::Integer(number - 1)],
        Value::Float(number) => {
            let moved = if *number == 0.0 { 0.01 } else { number * 1.01 };
            vec![Value::Float(moved), Value::Float(number.next_up())]
        }
        Value::Boolean(is) => vec![Value::Boolean(!is)],
        Value::String(text) => {
            let mut all = vec![format!("{text}x")];
            if let Ok(day) = text.parse::<chrono::NaiveDate>() {
                all = vec![day.succ_opt().unwrap().to_string(), (day - chrono::Days::new(30)).to_string()];
            } else if let Some(at) = text.find(|c: char| c.is_ascii_digit()) {
                let digit = if &text[at..=at] == "4" { "3" } else { "4" };
                all.push(format!("{}{digit}{}", &text[..at], &text[at + 1..]));
            }
            let closed = [
                &["proposed", "rejected", "accepted", "stale", "amended", "dropped", "closed"][..],
                &["provisional", "final"],
                &["value", "confidence", "definition"],
                &["higher", "lower", "between"],
                &["missed", "commit", "target", "stretch"],
            ];
            let others = closed.iter().filter(|words| words.contains(&text.as_str()));
            all.extend(
                others.flat_map(|words| words.iter().filter(|word| *word != text).map(|word| (*word).to_owned())),
            );
            all.into_iter().map(Value::String).collect()
        }
        other => panic!("{other} is no scalar of a ledger"),
    }
}

fn words(place: &[Step]) -> String {
    let keys = place.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::At(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

/// Forges every scalar of a text; gives how many were tried, and the places where nothing was found.
fn forge(text: &str, is_found: impl Fn(&str, &Value) -> bool + Sync) -> (usize, BTreeSet<String>) {
    let table: Value = toml::from_str::<toml::Table>(text).map(Value::Table).unwrap();
    let mut all = Vec::new();
    scalars(&table, &[], &mut all);
    let one = |(place, value): &(Vec<Step>, Value)| {
        let unseen = |to: &Value| {
            let mut edited = table.clone();
            put(&mut edited, place, to.clone());
            let text = toml::to_string(&edited).unwrap();
            !is_found(&text, to)
        };
        forged(value).iter().any(unseen).then(|| words(place))
    };
    let (left, right) = all.split_at(all.len() / 2);
    let both = std::thread::scope(|scope| {
        let other = scope.spawn(|| left.iter().filter_map(one).collect::<Vec<_>>());
        let mut unseen: Vec<String> = right.iter().filter_map(one).collect();
        unseen.extend(other.join().unwrap());
        unseen
    });
    (all.len(), both.into_iter().collect())
}

/// Words of people, which nothing else knows: an edit shows by the seal alone, so one who renews the seal is not found out by
/// `verify`, but by those who read the change. Everything else of a ledger is found though every seal was set anew.
const A_PERSONS_WORD: &[&str] = &[
    "target.adjusted.because",
    "target.adjusted.by",
    "target.amendment.because",
    "target.amendment.by",
    "target.approval.by",
    "target.approval.role",
    "target.dropped.because",
    "target.dropped.by",
    "target.replaced.approval.by",
    "target.replaced.approval.role",
];
/// Which definition a person said a target stands for: found where definitions on disk are compared, not from the frozen files.
const THE_DEFINITION_SAID: &str = "target.amendment.change.to";

#[test]
fn what_was_lived_holds() {
    let Desk { ledger, frozen, closing, actuals, definitions } = desk();
    assert_eq!(found(ledger, frozen, None), Some(vec![]));
    assert_eq!(found_in_closing(ledger, closing, actuals, definitions), Some(vec![]));
    // Nothing is missing that a ledger may hold.
    let says = |what: &str| assert!(ledger.contains(what), "no {what} in\n{ledger}");
    let all =
        ["[[earlier]]", "[[learn]]", "[[milestone]]", ".adjusted]", ".dropped]", ".closing]", ".in_force]", ".joint"];
    all.iter().for_each(|what| says(what));
    ["[[target.guard]]", "[[target.amendment]]", "[[target.replaced]]", "[[target.approval]]", "[[target.flag]]"]
        .iter()
        .for_each(|what| says(what));
}

#[test]
fn every_scalar_of_a_ledger_is_found_though_its_seals_are_renewed() {
    let Desk { ledger, frozen, closing, .. } = desk();
    let (tried, unseen) = forge(ledger, |text, _| {
        // One who cannot be read needs no seal to be found; else every seal is set anew.
        let text = Ledger::from_toml(PATH, text).map_or(text.to_owned(), |forged| forged.sealed().to_toml());
        if text == *ledger {
            // A seal itself was edited, and is right again.
            return true;
        }
        found(&text, frozen, None).is_none_or(|found| !found.is_empty())
            || compared_with_closing(&text, closing).is_none_or(|found| !found.is_empty())
    });
    assert!(tried > 400, "{tried} scalars were tried");
    let mut expected: BTreeSet<String> = A_PERSONS_WORD.iter().map(|word| (*word).to_owned()).collect();
    expected.insert(THE_DEFINITION_SAID.to_owned());
    assert_eq!(unseen, expected);
}

#[test]
fn every_scalar_of_a_ledger_is_found_by_its_seal() {
    let Desk { ledger, frozen, .. } = desk();
    let words = [A_PERSONS_WORD, &[THE_DEFINITION_SAID]].concat();
    let table: Value = toml::from_str::<toml::Table>(ledger).map(Value::Table).unwrap();
    let mut all = Vec::new();
    scalars(&table, &[], &mut all);
    all.retain(|(place, _)| words.contains(&self::words(place).as_str()));
    assert!(all.len() > 20, "{}", all.len());
    for (place, value) in all {
        for to in forged(&value) {
            let mut edited = table.clone();
            put(&mut edited, &place, to);
            let text = toml::to_string(&edited).unwrap();
            assert!(found(&text, frozen, None).is_none_or(|found| !found.is_empty()), "{}", self::words(&place));
        }
    }
}

#[test]
fn another_definition_than_was_said_is_found_on_disk() {
    let Desk { ledger, frozen, .. } = desk();
    let mut forged = Ledger::from_toml(PATH, ledger).unwrap();
    let today = model(&later_text());
    assert_eq!(found(ledger, frozen, Some(&today)), Some(vec![]));
    let returns = forged.targets.iter_mut().find(|entry| entry.metric == "returns").unwrap();
    returns.amendments[0].changes[0].to = quarterdeck_plan::ledger::Said::Text("aaaaaaaaaaaa".to_owned());
    let found = found(&forged.sealed().to_toml(), frozen, Some(&today)).unwrap();
    assert_eq!(found, ["definition of returns"]);
}

#[test]
fn every_scalar_of_a_closing_is_found() {
    let Desk { ledger, closing, .. } = desk();
    let (tried, unseen) =
        forge(closing, |text, _| compared_with_closing(ledger, text).is_none_or(|found| !found.is_empty()));
    assert!(tried > 200, "{tried} scalars were tried");
    assert_eq!(unseen, BTreeSet::new());
}

#[test]
fn a_closing_that_is_gone_is_missed() {
    let Desk { ledger, .. } = desk();
    let ledger = Ledger::from_toml(PATH, ledger).unwrap();
    let missed = verify::without_closing(&ledger, PATH);
    let grades = missed.iter().filter(|difference| difference.what.ends_with(".closing.grade")).count();
    assert_eq!(grades, 4, "{missed:?}");
}

/// One cell of a table after the other, a few of them.
fn cells(text: &str) -> impl Iterator<Item = String> + '_ {
    let lines: Vec<&str> = text.lines().collect();
    let places = (1..lines.len()).step_by(lines.len() / 40);
    places.flat_map(move |at| {
        let cells: Vec<&str> = lines[at].split(',').collect();
        let lines = lines.clone();
        (0..cells.len())
            .filter(|cell| !cells[*cell].is_empty())
            .map(move |cell| {
                let mut cells: Vec<String> = lines[at].split(',').map(str::to_owned).collect();
                let digit = cells[cell].find(|c: char| c.is_ascii_digit());
                match digit {
                    Some(at) => {
                        let other = if &cells[cell][at..=at] == "7" { "8" } else { "7" };
                        cells[cell].replace_range(at..=at, other);
                    }
                    None if cells[cell] == "true" => cells[cell] = "false".to_owned(),
                    None => cells[cell].push('x'),
                }
                let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                lines[at] = cells.join(",");
                lines.join("\n") + "\n"
            })
            .collect::<Vec<_>>()
    })
}

#[test]
fn edited_rows_and_definitions_are_found() {
    let Desk { ledger, frozen, closing, actuals, definitions } = desk();
    for inputs in cells(&frozen.inputs).step_by(7) {
        let texts = FrozenTexts { inputs: inputs.clone(), ..frozen.clone() };
        assert!(found(ledger, &texts, None).is_none_or(|found| !found.is_empty()), "{inputs}");
    }
    for edited in cells(actuals).step_by(17) {
        let found = found_in_closing(ledger, closing, &edited, definitions);
        assert!(found.is_none_or(|found| !found.is_empty()), "{edited}");
    }
    let digits: Vec<usize> = definitions.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for at in digits.iter().step_by(digits.len() / 12) {
        let mut edited = definitions.clone();
        edited.replace_range(at..=at, if &definitions[*at..=*at] == "7" { "8" } else { "7" });
        let found = found_in_closing(ledger, closing, actuals, &edited);
        assert!(found.is_none_or(|found| !found.is_empty()), "{}", &edited[at.saturating_sub(60)..at + 20]);
    }
}

/// One who also renews every hash over the frozen series is told by the numbers that follow from them.
#[test]
fn rows_forged_with_all_their_hashes_give_other_numbers() {
    let Desk { ledger, frozen, .. } = desk();
    let honest = Ledger::from_toml(PATH, ledger).unwrap();
    let earlier = definitions::from_json(&frozen.definitions).unwrap().definitions;
    for (name, at) in [("cakes", 30), ("cakes", 155), ("orders", 100), ("visits", 60)] {
        let mut series = histories("2026-01-04", 1.0);
        let value = series.get_mut(name).unwrap().values[at].as_mut().unwrap();
        *value *= 1.05;
        let mut forged = honest.clone();
        let cakes = forged.targets.iter_mut().find(|entry| entry.metric == "cakes").unwrap();
        cakes.data_hash = data_hash(&series["cakes"]);
        let texts = forged.freeze(&series, &earlier, Some(frozen)).unwrap();
        let told = found(&forged.sealed().to_toml(), &texts, None).unwrap();
        // Even of visits, on which no target rests: paths are lined up by what went together, so joint chances tell.
        assert!(!told.is_empty(), "{name}");
    }
}
