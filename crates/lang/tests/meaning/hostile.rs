//! Nothing anybody writes stops the check.

use super::fixtures;
use proptest::prelude::*;
use quarterdeck_lang::{TextFile, check};

/// Words of the language in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "source ",
        "metric ",
        "segment ",
        "market ",
        "event ",
        "plan ",
        "target ",
        "initiative ",
        "judgement ",
        "risk ",
        "orders ",
        "a ",
        "b ",
        "2027-Q1 ",
        "2027-01-31 ",
        "of ",
        "continues ",
        "{ ",
        "} ",
        ": ",
        "\n",
        "\"x\" ",
        "unit: ",
        "measure: ",
        "grain: week ",
        "from: ",
        "time: at ",
        "key: id ",
        "where: ",
        "equals: ",
        "drives: ",
        "guard: ",
        "market: ",
        "worth: ",
        "moves: ",
        "by ",
        "5% ",
        "2pp ",
        "5 ",
        "1 to 3pp ",
        "about ",
        "( ",
        ") ",
        "+ ",
        "- ",
        "/ ",
        "* ",
        "count() ",
        "sum(a) ",
        "from ",
        "over trailing 28 days ",
        "ago 1 year ",
        "and ",
        "or ",
        "not ",
        "in segment ",
        "is null ",
        "= ",
        "share ",
        "USD ",
        "per ",
        "at ",
        "last ",
        "method: ",
        "objective ",
        "benchmark ",
        "trend ",
        "stretch ",
        "set: ",
        "learn: ",
        "changed ",
        "restate: ",
        "before ",
        "test ",
        "is: ",
        "recorded ",
        "in ",
        "scale ",
        "on: ",
        "tam: ",
        "sam: ",
        "allow: L001 ",
        "funnel ",
        "step ",
        "within 1 day ",
        "overlaps: ",
        "outcome: ",
        ". ",
        ", ",
    ]);
    prop::collection::vec(words, 0..120).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soups_of_words_are_checked(text in soup(), more in soup()) {
        let checked = check(None, vec![TextFile::new("a.qd", text), TextFile::new("b.qd", more)]);
        serde_json::to_string(&checked.model).unwrap();
    }

    #[test]
    fn the_look_with_pieces_torn_out_is_checked(from in 0usize..4000, length in 1usize..60, piece in soup()) {
        let mut texts = Vec::new();
        for name in ["sources.qd", "metrics/orders.qd", "plans/2026-Q4.qd", "plans/2027-Q1.qd"] {
            let text = std::fs::read_to_string(fixtures().join("look").join(name)).unwrap();
            let start = text.char_indices().map(|(at, _)| at).nth(from % text.chars().count()).unwrap_or(0);
            let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= start + length).unwrap_or(text.len());
            let torn = format!("{}{}{}", &text[..start], &piece[..piece.len().min(20)], &text[end..]);
            texts.push(TextFile::new(name, torn));
        }
        let checked = check(None, texts);
        for told in &checked.diagnostics {
            prop_assert!(told.code.starts_with(['E', 'L']));
            prop_assert!(quarterdeck_lang::codes::find(told.code).is_some(), "{} is not explained", told.code);
        }
    }

    #[test]
    fn any_settings_are_checked(text in "\\PC{0,200}") {
        check(Some(TextFile::new("quarterdeck.toml", text)), Vec::new());
    }
}

#[test]
fn long_chains_and_great_knots_end() {
    let chain: String = (0..3_000)
        .map(|at| format!("metric m{at} {{ unit: orders  grain: week  measure: m{} + 1 }}\n", at + 1))
        .collect();
    let checked = check(None, vec![TextFile::new("a.qd", chain)]);
    assert_eq!(checked.errors().count(), 1, "the last one names a metric that is not there");
    let knot: String = (0..1_000)
        .map(|at| {
            format!(
                "metric m{at} {{ unit: orders  grain: week  measure: m{} + m{} }}\n",
                (at + 1) % 1_000,
                (at + 7) % 1_000
            )
        })
        .collect();
    let checked = check(None, vec![TextFile::new("a.qd", knot)]);
    assert_eq!(checked.errors().count(), 1);
    let segments: String = (1..60)
        .map(|at| format!("segment s{at} of o {{ where: in segment s{} and in segment s{} }}\n", at - 1, at - 1))
        .collect();
    let text = format!(
        "source o {{ from: \"o.csv\"  time: at }}\nsegment s0 of o {{ where: x > 0 }}\n{segments}metric m {{ unit: orders  grain: week  measure: count() from o where in segment s59 }}"
    );
    let checked = check(None, vec![TextFile::new("a.qd", text)]);
    assert_eq!(checked.errors().count(), 0);
}
