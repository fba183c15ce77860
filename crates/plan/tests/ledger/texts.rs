//! Ledgers as text: how they look, that they read back, and what a text that is none says.

use crate::kitchen::*;
use proptest::prelude::*;
use quarterdeck_plan::ledger::Ledger;

#[test]
fn a_proposed_ledger() {
    let proposal = proposal(&model(), &histories(), "2021-02-12");
    let ledger = Ledger::from_proposal(&proposal, None, None);
    insta::assert_snapshot!(masked(&ledger.to_toml()));
    assert_eq!(Ledger::from_toml(PATH, &ledger.to_toml()).unwrap(), ledger);
}

#[test]
fn an_accepted_ledger() {
    let files = Files::accepted();
    let ledger = Ledger::from_toml(PATH, &files.ledger).unwrap();
    assert_eq!(ledger.to_toml(), files.ledger);
    insta::assert_snapshot!(masked(&files.ledger));
}

#[test]
fn windows_line_ends_are_the_same_ledger() {
    let files = Files::accepted();
    let read = Ledger::from_toml(PATH, &files.ledger.replace('\n', "\r\n")).unwrap();
    assert_eq!(read.to_toml(), files.ledger);
}

#[test]
fn what_is_no_ledger_says_where() {
    let files = Files::accepted();
    type Edit<'a> = &'a dyn Fn(&str) -> String;
    let edits: [(&str, Edit<'_>); 7] = [
        ("broken quotes", &|text| text.replace("seed = 7", "seed = \"7")),
        ("a word for a number", &|text| text.replace("seed = 7", "seed = true")),
        ("an unknown key", &|text| text.replace("seed = 7", "seed = 7\nsead = 7")),
        ("a key twice", &|text| text.replace("seed = 7", "seed = 7\nseed = 7")),
        ("a missing key", &|text| text.replace("seed = 7\n", "")),
        ("a newer format", &|text| text.replace("format = 1", "format = 2\nfrom_the_future = 1")),
        ("nothing at all", &|_| String::new()),
    ];
    let mut messages = String::new();
    for (what, edit) in edits {
        messages += &format!("{what}\n  {}\n", Ledger::from_toml(PATH, &edit(&files.ledger)).unwrap_err());
    }
    insta::assert_snapshot!(messages);
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |value| value.is_finite()),
        -1e6..1e6f64,
        (-1000i32..1000).prop_map(f64::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_ledger_reads_back(
        values in prop::collection::vec(numbers(), 12),
        words in prop::collection::vec(any::<String>(), 6),
        seed in any::<u64>(),
        missing in any::<[bool; 4]>(),
    ) {
        let mut proposal = proposal(&model(), &histories(), "2021-02-12");
        proposal.seed = seed;
        proposal.joint.p_all = (!missing[0]).then_some(values[0]);
        let target = &mut proposal.targets[0];
        target.because = (!missing[1]).then(|| words[0].clone());
        target.owner = (!missing[2]).then(|| words[1].clone());
        target.flags[0].message = words[2].clone();
        target.unit = words[3].clone();
        target.confidence = values[1];
        if let Some(fan) = &mut target.forecast {
            (fan.p10, fan.p30, fan.p50) = (values[2], values[3], values[4]);
        }
        if missing[3] {
            target.proposed = Default::default();
            target.methods.clear();
        }
        let ledger = Ledger::from_proposal(&proposal, None, None);
        let text = ledger.to_toml();
        let read = Ledger::from_toml(PATH, &text);
        prop_assert_eq!(read.as_ref().unwrap(), &ledger);
        prop_assert_eq!(read.unwrap().to_toml(), text);
    }

    #[test]
    fn hostile_ledgers_never_panic(text in ".*", at in any::<prop::sample::Index>(), splice in ".{0,8}") {
        let _ = Ledger::from_toml(PATH, &text);
        let mut files = Files::accepted();
        let at = at.index(files.ledger.len());
        if files.ledger.is_char_boundary(at) {
            files.ledger.insert_str(at, &splice);
        }
        let _ = (Ledger::from_toml(PATH, &files.ledger), files.offline());
    }
}
