//! The frozen inputs and definitions: readable, lossless, and told apart from what is not theirs.

use crate::kitchen::*;
use chrono::{Days, NaiveDate, Weekday};
use proptest::prelude::*;
use quarterdeck_calendar::{Calendar, Grain, Kind, NamedBy};
use quarterdeck_forecast::{History, Partial, QuarterValue};
use quarterdeck_lang::Model;
use quarterdeck_plan::Inputs;
use quarterdeck_plan::ledger::definitions::{Defined, Made};
use quarterdeck_plan::ledger::{data_hash, definitions, inputs};

#[test]
fn inputs_as_a_table() {
    let text = inputs::to_csv(&histories(), &Calendar::default());
    assert_eq!(inputs::from_csv(&text).unwrap(), histories());
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_no_table_of_inputs_says_where() {
    let rows: [(&str, &str); 17] = [
        ("other columns", "metric,period,value\na,2024-01,1"),
        ("a missing cell", "metric,slice,period,value,complete\na,,2024-01,1"),
        ("a word for a number", "metric,slice,period,value,complete\na,,2024-01,ten,true"),
        ("a comma for a point", "metric,slice,period,value,complete\na,,2024-01,\"1,5\",true"),
        ("no period", "metric,slice,period,value,complete\na,,January,1,true"),
        ("a missing month", "metric,slice,period,value,complete\na,,2024-01,1,true\na,,2024-03,1,true"),
        ("a missing week", "metric,slice,period,value,complete\na,,2024-W50,1,true\na,,2025-W01,1,true"),
        ("a month twice", "metric,slice,period,value,complete\na,,2024-01,1,true\na,,2024-01,1,true"),
        ("another grain", "metric,slice,period,value,complete\na,,2024-01,1,true\na,,2024-W06,1,true"),
        ("neither true nor false", "metric,slice,period,value,complete\na,,2024-01,1,yes"),
        ("unfinished in the middle", "metric,slice,period,value,complete\na,,2024-01,1,false"),
        ("an unknown kind", "metric,slice,period,value,complete\na#sum,,2024-01,1,true"),
        ("no last day", "metric,slice,period,value,complete\na,,2024-01-01..,1,false"),
        ("a quarter alone", "metric,slice,period,value,complete\na#whole,,2024-Q1..2024-03-31,1,true"),
        ("a weight of nothing", "metric,slice,period,value,complete\na#weight,,2024-01-01..2024-01-03,1,false"),
        ("weights from elsewhere", "metric,slice,period,value,complete\na,,2024-01,1,true\na#weight,,2024-02,1,true"),
        ("a basis without a number", "metric,slice,period,value,complete\na@first,,2024-01,1,true"),
    ];
    let message = |text: &str| match inputs::from_csv(text) {
        Err(error) => error.in_file("targets/2025-Q1.inputs.csv").to_string(),
        Ok(read) => panic!("read {read:?} from {text}"),
    };
    insta::assert_snapshot!(rows.map(|(what, text)| format!("{what}\n  {}\n", message(text))).concat());
}

fn made_by() -> Made {
    Made { as_of: day("2021-02-12"), version: VERSION.to_owned(), seed: 7, paths: 2000 }
}

/// What a proposal of the period from a model stands on.
fn defined(model: &Model) -> Defined {
    let (histories, Made { as_of, version, seed, paths }) = (Histories::new(), made_by());
    let inputs = Inputs { model, histories: &histories, as_of, seed, paths, version: &version };
    Defined::of(&inputs, period())
}

#[test]
fn definitions_hold_what_the_targets_stand_on() {
    let model = model();
    let text = definitions::to_json(&defined(&model));
    let Defined { definitions: frozen, made } = definitions::from_json(&text).unwrap();
    assert_eq!(made, Some(made_by()));
    let kept: Vec<&String> = frozen.metrics.keys().collect();
    assert_eq!(kept, ["delivered_orders", "on_time_orders", "on_time_rate", "tickets", "weekly_orders"]);
    assert_eq!(frozen.sources.keys().collect::<Vec<_>>(), ["orders"]);
    assert_eq!(frozen.plans, model.plans);
    assert_eq!(frozen.settings, model.settings);
    assert!(frozen.metrics.iter().all(|(name, metric)| model.metrics[name] == *metric));
    assert_eq!(definitions::to_json(&defined(&frozen)), text, "freezing what is frozen changes nothing");
}

#[test]
fn what_are_no_definitions_says_where() {
    let text = definitions::to_json(&defined(&model()));
    let edits: [(&str, String); 6] = [
        ("nothing", String::new()),
        ("cut off", text[..text.len() / 2].to_owned()),
        ("a comma too many", text.replacen("\"currency\"", ",\"currency\"", 1)),
        ("a word for a number", text.replacen("\"paths\": 10000", "\"paths\": \"many\"", 1)),
        ("an impossible calendar", text.replacen("\"starts\": [\n          1,", "\"starts\": [\n          13,", 1)),
        ("another format", text.replacen("\"format\": 1", "\"format\": 9", 1)),
    ];
    let message = |text: &str| match definitions::from_json(text) {
        Err(error) => error.in_file("targets/2025-Q1.definitions.json").to_string(),
        Ok(_) => panic!("read from {text}"),
    };
    insta::assert_snapshot!(edits.map(|(what, text)| format!("{what}\n  {}\n", message(&text))).concat());
}

#[test]
fn a_hash_is_over_every_point_and_nothing_else() {
    let orders = histories().remove("weekly_orders").unwrap();
    assert_eq!(data_hash(&orders), "55e33a92df903d06");
    let edits: [&dyn Fn(&mut History); 8] = [
        &|history| history.values[0] = Some(9_902.000_000_000_002),
        &|history| history.values[3] = Some(0.0),
        &|history| history.values[2] = None,
        &|history| history.start = "2020-W49".parse().unwrap(),
        &|history| history.partial = None,
        &|history| history.partial.as_mut().unwrap().through = crate::kitchen::day("2021-02-13"),
        &|history| history.quarters[1].complete = true,
        &|history| history.weights = vec![None],
    ];
    let mut hashes = vec![data_hash(&orders)];
    for edit in edits {
        let mut edited = orders.clone();
        edit(&mut edited);
        hashes.push(data_hash(&edited));
    }
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), edits.len() + 1);
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |value| !value.is_nan()),
        2 => (-1_000_000i64..1_000_000).prop_map(|value| value as f64),
        1 => prop_oneof![Just(-0.0), Just(f64::MIN_POSITIVE), Just(f64::MAX), Just(1e15), Just(0.1 + 0.2)],
    ]
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0..40_000u64).prop_map(|days| crate::kitchen::day("1990-01-01") + Days::new(days))
}

fn calendars() -> impl Strategy<Value = Calendar> {
    prop_oneof![
        Just(Calendar::default()),
        Just(Calendar::new(Kind::Weeks454, (2, 1), NamedBy::Start, Weekday::Sun).unwrap()),
        Just(Calendar::new(Kind::Gregorian, (7, 1), NamedBy::End, Weekday::Wed).unwrap()),
    ]
}

fn history(calendar: Calendar) -> impl Strategy<Value = History> {
    let grain = prop::sample::select(Grain::ALL.to_vec());
    let values = || prop::collection::vec(prop::option::of(number()), 0..30);
    let partial = prop::option::of((number(), prop::option::of(number()), date()));
    let quarters = prop::collection::vec((date(), number(), prop::option::of(number()), date(), any::<bool>()), 0..4);
    (grain, date(), values(), values(), partial, quarters).prop_map(
        move |(grain, start, values, weights, partial, quarters)| History {
            grain,
            start: calendar.period_of(grain, start),
            weights: if values.is_empty() { Vec::new() } else { weights },
            values,
            partial: partial.map(|(value, weight, through)| Partial { value, weight, through }),
            quarters: quarters
                .into_iter()
                .map(|(date, value, weight, through, complete)| {
                    let period = calendar.period_of(Grain::Quarter, date);
                    QuarterValue { period, value, weight, through, complete }
                })
                .collect(),
        },
    )
}

/// Bits, where `==` would take 0 for -0.
fn bits(history: &History) -> String {
    format!("{history:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inputs_read_back_bit_for_bit(
        (calendar, all) in calendars().prop_flat_map(|calendar| {
            let name = "[a-z][a-z0-9_]{0,8}(\\[[^\u{0}]{1,12}\\])?";
            (Just(calendar.clone()), prop::collection::btree_map(name, history(calendar), 0..4))
        }),
    ) {
        let text = inputs::to_csv(&all, &calendar);
        let read = inputs::from_csv(&text).unwrap();
        prop_assert_eq!(read.keys().collect::<Vec<_>>(), all.keys().collect::<Vec<_>>());
        for (name, history) in &all {
            prop_assert_eq!(bits(&read[name]), bits(history));
            prop_assert_eq!(data_hash(&read[name]), data_hash(history));
        }
        prop_assert_eq!(inputs::to_csv(&read, &calendar), text);
    }

    #[test]
    fn definitions_read_back_with_every_number_exact(values in prop::collection::vec(-1e300f64..1e300, 3)) {
        let mut model = model();
        model.plans.get_mut(&period()).unwrap().targets[0].confidence = values[0];
        model.metrics.get_mut("tickets").unwrap().bounds = (Some(values[1]), Some(values[2] / 3.0));
        let read = definitions::from_json(&definitions::to_json(&defined(&model))).unwrap().definitions;
        prop_assert_eq!(&read.plans, &model.plans);
        prop_assert_eq!(&read.metrics["tickets"], &model.metrics["tickets"]);
    }

    #[test]
    fn hostile_files_never_panic(
        text in ".*",
        rows in "(metric,slice,period,value,complete\n)((a|b@1|c#weight|d#whole|#none|@),(x)?,(2024-W5[0-9]|2024-Q1..2024-0[0-9]-31|2024-[0-9]{2}),[0-9.e-]{0,4},(true|false)\n){0,6}",
    ) {
        let _ = (inputs::from_csv(&text), inputs::from_csv(&rows), definitions::from_json(&text));
    }
}

#[test]
fn deeply_nested_definitions_are_refused_not_crashed_on() {
    let text = definitions::to_json(&defined(&model()));
    for depth in [100, 380, 100_000] {
        let nested = format!("{{\"derived\": {}{{\"number\": 1.0}}{}}}", "{\"neg\": ".repeat(depth), "}".repeat(depth));
        let measure = text.find("\"measure\": {").unwrap() + "\"measure\": ".len();
        let hostile = format!("{}{nested}, \"was_here\": {}", &text[..measure], &text[measure..]);
        let _ = definitions::from_json(&hostile);
    }
}
