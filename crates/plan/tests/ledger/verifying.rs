//! Verifying: what holds, and every kind of change told apart from the others.

use crate::kitchen::*;
use proptest::prelude::*;
use quarterdeck_forecast::{History, Partial};
use quarterdeck_plan::ledger::verify::verify_with;
use quarterdeck_plan::ledger::{Frozen, Kind, Ledger, Now, Verification, accept};
use quarterdeck_plan::proposal::State;

/// Verifies with one text edited.
fn edited(edit: impl Fn(&mut Files)) -> Verification {
    let mut files = Files::accepted();
    edit(&mut files);
    files.offline().unwrap()
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no `{from}` in\n{text}");
    text.replacen(from, to, 1)
}

fn today<'a>(model: Option<&'a quarterdeck_lang::Model>, histories: Option<&'a Histories>) -> Now<'a> {
    Now { model, histories, version: VERSION, strict: false }
}

#[test]
fn an_accepted_ledger_holds() {
    let (model, histories) = (model(), histories());
    let files = Files::accepted();
    let verification = files.verify(&today(Some(&model), Some(&histories))).unwrap();
    assert_eq!(shown(&verification), "note: It was made with seed 7; the workspace's is 1 today.\n");
    let values = files.ledger.lines().filter(|line| line.contains(" = ")).count();
    assert!(verification.checked >= values, "{} of {values}", verification.checked);
    assert!(verification.proposal.targets.iter().all(|target| target.state == State::Accepted));
    assert_eq!(shown(&files.offline().unwrap()), "");
}

#[test]
fn line_ends_do_not_matter() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let verification = edited(|files| {
        *files =
            Files { ledger: crlf(&files.ledger), inputs: crlf(&files.inputs), definitions: crlf(&files.definitions) };
    });
    assert_eq!(shown(&verification), "");
}

/// One edit each; the snapshot shows what is told.
#[test]
fn edits_of_the_ledger() {
    let ledger = Files::accepted().ledger;
    let p_hit = ledger.lines().find(|line| line.starts_with("p_hit = ")).unwrap().to_owned();
    let without = |line: &str| replaced(&ledger, &format!("{line}\n"), "");
    let second = ledger.match_indices("[[target]]").nth(1).unwrap().0;
    let third = ledger.match_indices("[[target]]").nth(2).unwrap().0;
    let cases = [
        ("a number", replaced(&ledger, &p_hit, "p_hit = 0.99")),
        ("a number's spelling", replaced(&ledger, &p_hit, &format!("{p_hit}0"))),
        ("a missing number", without(&p_hit)),
        ("an extra number", replaced(&ledger, &p_hit, &format!("{p_hit}\nodds = 3"))),
        ("a word for a number", replaced(&ledger, &p_hit, "p_hit = \"high\"")),
        ("the seed", replaced(&ledger, "seed = 7", "seed = 8")),
        ("no seed", without("seed = 7")),
        ("the number of paths", replaced(&ledger, "paths = 2000", "paths = 3000")),
        ("the as-of date", replaced(&ledger, "as_of = \"2021-02-12\"", "as_of = \"2021-03-12\"")),
        ("no as-of date", without("as_of = \"2021-02-12\"")),
        ("an impossible as-of date", replaced(&ledger, "as_of = \"2021-02-12\"", "as_of = \"2021-02-32\"")),
        ("the version", replaced(&ledger, "version = \"0.1.0\"", "version = \"0.1.1\"")),
        ("the format", replaced(&ledger, "format = 1", "format = 0")),
        ("the period's end", replaced(&ledger, "ends = \"2025-03-31\"", "ends = \"2025-03-30\"")),
        ("a metric", replaced(&ledger, "metric = \"on_time_rate\"", "metric = \"on_time_late\"")),
        ("no metric", without("metric = \"on_time_rate\"")),
        ("a state", replaced(&ledger, "state = \"accepted\"", "state = \"dropped\"")),
        ("a reason", replaced(&ledger, "The board asked.", "The bored asked.")),
        ("a name", replaced(&ledger, "Dana Holm", "Dana Hulm")),
        ("a role", replaced(&ledger, "CFO", "CEO")),
        ("an approval's date", replaced(&ledger, "on = \"2024-12-20\"", "on = \"2024-12-02\"")),
        ("an approval's day", replaced(&ledger, "day = -11", "day = 11")),
        ("one more approval", format!("{ledger}\n[[target.approval]]\nby = \"Eve\"\non = \"2024-12-20\"\nday = -11\n")),
        ("no seal", without(ledger.lines().find(|line| line.starts_with("seal")).unwrap())),
        ("a target left out", format!("{}{}", &ledger[..second], &ledger[third..])),
        ("targets in another order", format!("{}{}{}", &ledger[..second], &ledger[third..], &ledger[second..third])),
        ("a comment", replaced(&ledger, "format = 1", "# fine\nformat = 1")),
        ("a blank line", replaced(&ledger, "format = 1\n", "format = 1\n\n")),
        ("a list that is none", replaced(&ledger, "[[basis.series]]", "[[basis.serious]]")),
    ];
    let mut told = String::new();
    for (what, text) in cases {
        let verification = edited(|files| files.ledger.clone_from(&text));
        told += &format!("{what}\n{}\n", shown(&verification));
        assert!(!verification.differences.is_empty(), "{what} was not found");
        let kinds = |kind: &Kind| matches!(kind, Kind::Number | Kind::Seal);
        assert!(verification.differences.iter().all(|difference| kinds(&difference.kind)), "{what}: {told}");
    }
    insta::assert_snapshot!(masked(&told));
}

/// Whatever one line of the ledger is made to say, it is found; an edited digit is told once, and as an edit of the ledger.
#[test]
fn every_line_and_every_number_counts() {
    let ledger = Files::accepted().ledger;
    let lines: Vec<&str> = ledger.lines().collect();
    let (mut digits, mut rains) = (0, Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let with = |line: Option<&str>| {
            let mut lines = lines.clone();
            match line {
                Some(line) => lines[at] = line,
                None => drop(lines.remove(at)),
            }
            Files { ledger: lines.join("\n") + "\n", ..Files::accepted() }.offline()
        };
        let is_found = |line: Option<&str>| with(line).map_or(true, |found| !found.differences.is_empty());
        assert!(is_found(None), "without line {}: {line}", at + 1);
        assert!(is_found(Some(&format!("{line}\n{line}"))), "twice line {}: {line}", at + 1);
        let Some((key, value)) = line.split_once(" = ") else { continue };
        let places = || value.char_indices().filter(|(_, c)| c.is_ascii_digit());
        // The first and the last digit of every value; proptest tries the others.
        let ends = [places().next(), places().next_back()];
        for (place, digit) in ends.into_iter().flatten() {
            let other = if digit == '9' { '0' } else { (digit as u8 + 1) as char };
            let edited = format!("{key} = {}{other}{}", &value[..place], &value[place + 1..]);
            let Ok(found) = with(Some(&edited)) else { continue };
            digits += 1;
            assert!(!found.differences.is_empty(), "line {}: {line} as {edited}", at + 1);
            if found.differences.len() > 1 {
                rains.push(format!("{edited}: {}", shown(&found)));
            }
            assert!(
                found.differences.iter().all(|difference| matches!(difference.kind, Kind::Number | Kind::Seal)),
                "line {}: {edited}\n{}",
                at + 1,
                shown(&found)
            );
        }
    }
    assert!(digits > 300, "{digits} digits were tried");
    assert!(rains.is_empty(), "one edit was told more than once:\n{}", rains.join("\n"));
}

#[test]
fn edits_of_the_frozen_inputs() {
    let inputs = Files::accepted().inputs;
    let cases = [
        ("a value", replaced(&inputs, "2020-W50,9902,", "2020-W50,9640,")),
        ("a gap filled", replaced(&inputs, "2020-W53,,true", "2020-W53,9900,true")),
        ("a denominator", replaced(&inputs, "120", "121")),
        ("a guard's own row", replaced(&inputs, "tickets#none,,2020-09,,false", "tickets,,2020-09,3,true")),
        ("the last row of a series left out", {
            let line = inputs.lines().rfind(|line| line.starts_with("weekly_orders#whole")).unwrap();
            replaced(&inputs, &format!("{line}\n"), "")
        }),
        ("a new series", format!("{inputs}unheard_of,,2021-01,1,true\n")),
    ];
    let mut told = String::new();
    for (what, text) in cases {
        let verification = edited(|files| files.inputs.clone_from(&text));
        told += &format!("{what}\n{}\n", shown(&verification));
        assert!(verification.differences.iter().all(|difference| difference.kind == Kind::Input), "{what}: {told}");
        assert!(!verification.differences.is_empty(), "{what} was not found");
    }
    let mut files = Files::accepted();
    files.inputs = replaced(&files.inputs, "2020-W50,9902,", "2020-W50,9640,");
    let verification = files.verify(&today(None, Some(&histories()))).unwrap();
    told += &format!("a value, beside today's data\n{}\n", shown(&verification));
    files.ledger = replaced(&files.ledger, "confidence = 0.6", "confidence = 0.9");
    told += &format!("a value, and a number of the ledger\n{}\n", shown(&files.offline().unwrap()));
    insta::assert_snapshot!(masked(&told));
}

#[test]
fn edits_of_the_frozen_definitions() {
    let definitions = Files::accepted().definitions;
    let mut told = String::new();
    for (what, from, to) in [
        ("a confidence", "\"confidence\": 0.7", "\"confidence\": 0.8"),
        ("a word", "\"label\": \"Weekly orders\"", "\"label\": \"Weakly orders\""),
        ("a limit", "\"at_most\": 500.0", "\"at_most\": 501.0"),
    ] {
        let verification = edited(|files| files.definitions = replaced(&definitions, from, to));
        told += &format!("{what}\n{}\n", shown(&verification));
    }
    let mut files = Files::accepted();
    files.definitions = replaced(&definitions, "\"at_most\": 500.0", "\"at_most\": 501.0");
    let verification = files.verify(&today(Some(&model()), None)).unwrap();
    told += &format!("a limit, beside the definitions on disk\n{}\n", shown(&verification));
    let verification = edited(|files| files.definitions = definitions.replace("\n ", "\n   "));
    assert_eq!(shown(&verification), "", "layout does not matter");
    insta::assert_snapshot!(masked(&told));
}

#[test]
fn a_frozen_file_that_cannot_be_read_is_named() {
    let mut messages = String::new();
    type Edit<'a> = &'a dyn Fn(&mut Files);
    let cases: [(&str, Edit<'_>); 6] = [
        ("a word in the inputs", &|files| files.inputs = replaced(&files.inputs, ",9902,", ",many,")),
        ("a row in the middle left out", &|files| {
            files.inputs = replaced(&files.inputs, "weekly_orders,,2020-W51,9909.25,true\n", "");
        }),
        ("empty inputs", &|files| files.inputs.clear()),
        ("empty definitions", &|files| files.definitions.clear()),
        ("no ledger", &|files| files.ledger.clear()),
        ("a ledger that is no TOML", &|files| files.ledger.push_str("[[[\n")),
    ];
    for (what, edit) in cases {
        let mut files = Files::accepted();
        edit(&mut files);
        messages += &format!("{what}\n  {}\n", files.offline().unwrap_err());
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn restated_data_is_told_by_period() {
    let mut live = histories();
    live.get_mut("weekly_orders").unwrap().values[1] = Some(9640.0);
    live.get_mut("on_time_rate").unwrap().weights[2] = Some(121.0);
    live.get_mut("on_time_orders").unwrap().values.remove(0);
    live.get_mut("on_time_orders").unwrap().start = "2020-09".parse().unwrap();
    live.remove("delivered_orders");
    let partial = live.get_mut("weekly_orders[city = \"York, UK\"]").unwrap();
    partial.partial.as_mut().unwrap().value = 13.0;
    partial.values[3] = Some(1.0);
    let verification = Files::accepted().verify(&today(None, Some(&live))).unwrap();
    assert!(verification.differences.iter().all(|difference| difference.kind == Kind::Data));
    insta::assert_snapshot!(shown(&verification));
}

#[test]
fn a_whole_quarter_is_told_only_where_no_step_of_it_is() {
    let mut live = histories();
    live.get_mut("weekly_orders").unwrap().quarters[0].value = 1.0;
    let told = |live: &Histories| {
        let verification = Files::accepted().verify(&today(None, Some(live))).unwrap();
        verification.differences.into_iter().map(|difference| difference.what).collect::<Vec<_>>()
    };
    assert_eq!(told(&live), ["weekly_orders 2020-Q4 as a whole"]);
    live.get_mut("weekly_orders").unwrap().values[0] = Some(2.0);
    assert_eq!(told(&live), ["weekly_orders 2020-W50"]);
    live.get_mut("weekly_orders").unwrap().quarters[1].value = 3.0;
    assert_eq!(told(&live), ["weekly_orders 2020-W50", "weekly_orders 2021-Q1 as a whole"]);
}

#[test]
fn later_rows_change_nothing() {
    let mut live = histories();
    let orders = live.get_mut("weekly_orders").unwrap();
    orders.values.extend([Some(9_000.0), Some(9_100.0), None]);
    orders.partial = Some(Partial { value: 5.0, weight: None, through: day("2021-03-10") });
    orders.quarters[1].value = 1.0;
    orders.quarters[1].through = day("2021-03-10");
    let rate = live.get_mut("on_time_rate").unwrap();
    rate.values.push(Some(0.5));
    rate.weights.push(Some(100.0));
    rate.partial = None;
    let verification = Files::accepted().verify(&today(None, Some(&live))).unwrap();
    assert_eq!(shown(&verification), "");
}

#[test]
fn a_restated_rain_is_cut_short() {
    let mut live = histories();
    let series = live.get_mut("weekly_orders").unwrap();
    series.values.iter_mut().flatten().for_each(|value| *value += 1.0);
    series.start = "2019-W50".parse().unwrap();
    let verification = Files::accepted().verify(&today(None, Some(&live))).unwrap();
    assert_eq!(verification.differences.len(), 12);
    assert!(verification.notes[0].ends_with("more periods of weekly_orders differ."), "{:?}", verification.notes);
}

#[test]
fn changed_definitions_are_told_by_name() {
    let cases = [
        ("words and layout", "What the rate is made of.", "What it is made of."),
        ("a metric nothing stands on", "count() from survey", "sum(answers) from survey"),
        ("a part of a target", "where late = 0", "where late < 1"),
        ("a target's own", "reads: average week", "reads: total"),
        ("a metric that is gone", "metric tickets", "metric complaints"),
        ("the plan", "confidence: 70%", "confidence: 75%"),
    ];
    let files = Files::accepted();
    let mut told = String::new();
    for (what, from, to) in cases {
        let mut text = replaced(TEXT, from, to);
        if what == "a metric that is gone" {
            text = text
                .replace("guard: tickets", "guard: complaints")
                .replace("unit: tickets", "was: tickets\n  unit: tickets");
        }
        let model = model_of(&text);
        let verification = files.verify(&today(Some(&model), Some(&histories()))).unwrap();
        let kinds = verification.differences.iter().all(|difference| difference.kind == Kind::Definition);
        assert!(kinds, "{what}\n{}", shown(&verification));
        told += &format!("{what}\n{}\n", shown(&verification));
    }
    insta::assert_snapshot!(masked(&told));
}

#[test]
fn a_changed_definition_and_restated_data_are_both_told() {
    let model = model_of(&replaced(TEXT, "reads: average week", "reads: total"));
    let mut live = histories();
    live.get_mut("weekly_orders").unwrap().values[0] = Some(1.0);
    let verification = Files::accepted().verify(&today(Some(&model), Some(&live))).unwrap();
    let told: Vec<(Kind, &str)> =
        verification.differences.iter().map(|difference| (difference.kind, difference.what.as_str())).collect();
    assert_eq!(told, [(Kind::Definition, "definition of weekly_orders"), (Kind::Data, "weekly_orders 2020-W50")]);
}

#[test]
fn another_version_is_a_note_unless_strict() {
    let files = Files::accepted();
    let now = Now { model: None, histories: None, version: "9.9.9", strict: false };
    assert_eq!(shown(&files.verify(&now).unwrap()), "note: It was made by qd 0.1.0; this is qd 9.9.9.\n");
    let strict = files.verify(&Now { strict: true, ..now }).unwrap();
    assert_eq!(shown(&strict), "Version targets/2025-Q1.toml basis.version: 0.1.0 -> 9.9.9\n");
}

#[test]
fn a_ledger_that_was_never_frozen_tells_edited_inputs_by_their_target() {
    let (model, histories) = (model(), histories());
    let proposed = Ledger::from_proposal(&proposal(&model, &histories, "2021-02-12"), None, None);
    let ledger = accept(None, &proposed, &dana("2024-12-20"), &[]).unwrap().ledger.to_toml();
    let files = Files { ledger, ..Files::accepted() };
    assert_eq!(shown(&files.offline().unwrap()), "");
    let edited = Files { inputs: replaced(&files.inputs, "2020-W50,9902,", "2020-W50,9640,"), ..files };
    let verification = edited.offline().unwrap();
    let [difference] = &verification.differences[..] else { panic!("{}", shown(&verification)) };
    assert_eq!((difference.kind, difference.what.as_str()), (Kind::Input, "series weekly_orders"));
}

/// Targets accepted one after the other, from other data and definitions, each verified from its own.
#[test]
fn several_bases_hold_side_by_side() {
    let first = Files::take(None, &model(), &histories(), "2021-02-12", &["on_time_rate"]).unwrap();
    let same = Files::take(Some(&first), &model(), &histories(), "2021-02-12", &["weekly_orders"]).unwrap();
    assert!(!same.ledger.contains("[[earlier]]"), "the same data and definitions are one basis");
    assert_eq!(shown(&same.offline().unwrap()), "");
    assert_eq!((&same.inputs, &same.definitions), (&first.inputs, &first.definitions));

    let mut later = histories();
    later.get_mut("weekly_orders").unwrap().values.push(Some(9_999.0));
    later.get_mut("on_time_rate").unwrap().values[0] = Some(0.5);
    let changed = model_of(&replaced(TEXT, "reads: average week", "reads: total"));
    let second = Files::take(Some(&first), &changed, &later, "2021-02-14", &["weekly_orders"]).unwrap();
    insta::assert_snapshot!(second.inputs);
    let verification = second.offline().unwrap();
    assert_eq!(shown(&verification), "");
    let ledger = Ledger::from_toml(PATH, &second.ledger).unwrap();
    assert_eq!(ledger.earlier.len(), 1);
    assert_eq!(ledger.target("on_time_rate").unwrap().proposed, verification_of(&verification, "on_time_rate"));
    assert_eq!(ledger.target("weekly_orders").unwrap().proposed, verification_of(&verification, "weekly_orders"));

    // An edit of the older inputs is told apart from the newer ones, and a number of either target is found.
    let old = Files {
        inputs: replaced(&second.inputs, "on_time_rate@1,,2020-08,0.91", "on_time_rate@1,,2020-08,0.92"),
        ..second.clone()
    };
    let found = old.offline().unwrap();
    assert_eq!(found.differences.len(), 1, "{}", shown(&found));
    assert_eq!((found.differences[0].kind, found.differences[0].what.as_str()), (Kind::Input, "series on_time_rate"));
    for line in second.ledger.lines().filter(|line| line.starts_with("p_hit = ")) {
        let edited = Files { ledger: replaced(&second.ledger, line, &format!("{line}1")), ..second.clone() };
        let found = edited.offline().unwrap();
        assert_eq!(found.differences.len(), 1, "{}", shown(&found));
        assert_eq!(found.differences[0].kind, Kind::Number);
    }

    // The rate proposed again from the new definitions takes the place of the old one; the old basis stays, for what was
    // replaced is computed again too.
    let rate = model_of(&replaced(TEXT, "where late = 0", "where late < 1"));
    let third = Files::take(Some(&second), &rate, &later, "2021-02-14", &["on_time_rate"]).unwrap();
    let ledger = Ledger::from_toml(PATH, &third.ledger).unwrap();
    assert_eq!(ledger.target("on_time_rate").unwrap().replaced.len(), 1);
    assert_eq!(ledger.earlier.iter().map(|basis| basis.number).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert_eq!(shown(&third.offline().unwrap()), "");
}

#[test]
fn an_earlier_basis_may_reach_further_than_the_data_that_is_read() {
    let first = Files::take(None, &model(), &histories(), "2021-02-12", &["on_time_rate"]).unwrap();
    let mut shorter = histories();
    for history in shorter.values_mut().filter(|history| !history.values.is_empty()) {
        history.values.pop();
        history.weights.pop();
        history.quarters.retain(|quarter| quarter.complete);
        history.partial = None;
    }
    let both = Files::take(Some(&first), &model(), &shorter, "2021-01-10", &["weekly_orders"]).unwrap();
    assert_eq!(shown(&both.verify(&today(None, Some(&shorter))).unwrap()), "");
}

fn verification_of(verification: &Verification, metric: &str) -> quarterdeck_plan::proposal::Offers {
    verification.proposal.targets.iter().find(|target| target.metric == metric).unwrap().proposed
}

#[test]
fn data_that_changed_between_proposing_and_accepting_is_refused() {
    let proposed = Ledger::from_proposal(&proposal(&model(), &histories(), "2021-02-12"), None, None);
    let mut ledger = accept(None, &proposed, &dana("2024-12-20"), &[]).unwrap().ledger;
    let mut newer = histories();
    newer.get_mut("weekly_orders").unwrap().values[0] = Some(1.0);
    assert_eq!(
        ledger.freeze(&newer, &model(), None).unwrap_err().to_string(),
        "the data of `weekly_orders` as of 2021-02-12 changed since it was proposed: run `qd propose 2025-Q1` again, look \
         at it and accept that"
    );
}

#[test]
fn a_period_without_any_history_holds() {
    let mut empty = histories();
    let none = |history: &mut History| {
        *history = History { values: vec![], weights: vec![], partial: None, quarters: vec![], ..history.clone() };
    };
    empty.values_mut().for_each(none);
    let files = Files::take(None, &model(), &empty, "2021-02-12", &[]).unwrap();
    assert_eq!(shown(&files.offline().unwrap()), "");
}

#[test]
fn a_proposal_that_cannot_be_made_is_an_error_that_says_so() {
    let files = Files::accepted();
    let now = today(None, None);
    let fails = |_: &quarterdeck_plan::Inputs<'_>, period, _: Option<&quarterdeck_lang::Model>| {
        Err(quarterdeck_plan::PlanError::NothingToPropose { period })
    };
    let error = verify_with(&Frozen { ..files.frozen() }, &now, fails).unwrap_err();
    assert_eq!(
        error.to_string(),
        "targets/2025-Q1.toml cannot be recomputed: no metric has `better:`, so there is nothing to propose for 2025-Q1"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_edited_character_of_a_value_is_found(at in any::<prop::sample::Index>(), with in "[0-9a-z.-]") {
        let files = Files::accepted();
        let at = at.index(files.ledger.len());
        let mut ledger = files.ledger.clone();
        prop_assume!(ledger.is_char_boundary(at) && ledger.is_char_boundary(at + 1) && !ledger[at..].starts_with(&with));
        ledger.replace_range(at..=at, &with);
        let found = Files { ledger: ledger.clone(), ..files }.offline();
        prop_assert!(found.map_or(true, |found| !found.differences.is_empty()), "not found:\n{ledger}");
    }

    #[test]
    fn any_edited_digit_of_the_inputs_is_found(at in any::<prop::sample::Index>(), digit in 0..10u8) {
        let files = Files::accepted();
        let places: Vec<usize> = files.inputs.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = places[at.index(places.len())];
        let mut inputs = files.inputs.clone();
        inputs.replace_range(at..=at, &digit.to_string());
        let same = quarterdeck_plan::ledger::inputs::from_csv(&inputs) == Ok(histories());
        let found = Files { inputs, ..files }.offline();
        match found {
            Ok(found) => {
                prop_assert_eq!(found.differences.is_empty(), same);
                prop_assert!(found.differences.iter().all(|difference| difference.kind == Kind::Input));
            }
            Err(_) => prop_assert!(!same),
        }
    }
}
