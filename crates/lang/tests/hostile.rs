//! Whatever the text, it is read without a panic, in bounded memory, with spans inside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use quarterdeck_lang::syntax::tree::{Block, Entry};
use quarterdeck_lang::syntax::{LONGEST, MOST_DIAGNOSTICS, Parsed, parse};
use quarterdeck_lang::{FileId, Span};

fn inside(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
}

fn block_inside(text: &str, block: &Block) {
    inside(text, block.span);
    inside(text, block.kind.span);
    for entry in &block.entries {
        match entry {
            Entry::Field(field) => {
                [field.span, field.key.span, field.value.span].into_iter().for_each(|span| inside(text, span))
            }
            Entry::Block(block) => block_inside(text, block),
        }
    }
}

fn check(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    parsed.tree.blocks.iter().for_each(|block| block_inside(text, block));
    for diagnostic in &parsed.diagnostics {
        inside(text, diagnostic.span.unwrap());
        diagnostic.labels.iter().for_each(|label| inside(text, label.span));
        for fix in &diagnostic.fixes {
            fix.edits.iter().for_each(|edit| inside(text, edit.span));
        }
        assert!(quarterdeck_lang::codes::find(diagnostic.code).is_some(), "{} is not explained", diagnostic.code);
    }
    assert!(parsed.diagnostics.len() <= MOST_DIAGNOSTICS + 1);
    parsed
}

/// Pieces of the language, sound and unsound, from which texts are thrown together.
const PIECES: &[&str] = &[
    "metric",
    "plan",
    "target",
    "source",
    "column",
    "step",
    "benchmark",
    "test",
    "quote",
    "changed",
    "initiative",
    "m",
    "orders",
    "2027-Q1",
    "2027",
    "2027-02-01",
    "\"text\"",
    "\"open",
    "{",
    "}",
    "(",
    ")",
    ":",
    ",",
    "measure:",
    "funnel from events by id within 1 day",
    "where:",
    "where",
    "unit:",
    "owner:",
    "set:",
    "moves:",
    "evidence: pilot \"x\"",
    "guard:",
    "count()",
    "sum(",
    "from",
    "over",
    "trailing",
    "4 weeks",
    "5%",
    "1.5pp",
    "£5",
    "1e6",
    "6-8",
    "1,000",
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "=",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "\n",
    "\n",
    "\n  ",
    "#c\n",
    "é",
    "“x”",
    "`c`",
    "`c",
    "\u{a0}",
    ".",
    "a.b",
    "to",
    "by",
    "at",
    "per",
    "about",
];

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_bytes_like_a_text(bytes in proptest::collection::vec(prop_oneof![32_u8..127, Just(b'\n'), Just(b'\r'), Just(b'\t')], 0..200)) {
        check(&String::from_utf8(bytes).unwrap());
    }

    #[test]
    fn any_row_of_pieces(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60), spaced in any::<bool>()) {
        check(&pieces.join(if spaced { " " } else { "" }));
    }

    #[test]
    fn the_language_with_a_piece_taken_out_or_put_in(at in any::<prop::sample::Index>(), cut in 0_usize..12, piece in proptest::sample::select(PIECES)) {
        let text = concat!(include_str!("fixtures/clean/language_metrics.qd"), include_str!("fixtures/clean/language_plan.qd"));
        let at = at.index(text.len());
        let (before, after) = (text.get(..at).unwrap(), text.get((at + cut).min(text.len())..).unwrap());
        let parsed = check(&format!("{before}{piece}{after}"));
        prop_assert!(parsed.diagnostics.len() <= 8, "one mistake rained down as {}: {:#?}", parsed.diagnostics.len(), parsed.diagnostics);
    }
}

#[test]
fn limits_give_a_diagnostic() {
    let codes = |text: &str| check(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>();
    let deep = format!("metric m {{ measure: {}a{} }}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(codes(&deep), ["E050"]);
    let long = format!("metric m {{ measure: a{} }}", " + a".repeat(100_000));
    assert_eq!(codes(&long), ["E052"]);
    let negative = format!("metric m {{ where: {} a }}", "not - ".repeat(100_000));
    assert_eq!(codes(&negative), ["E052"]);
    let braces = "metric m { ".repeat(100_000);
    assert!(codes(&braces).contains(&"E023"));
    let strange = "§ ".repeat(100_000);
    assert_eq!(codes(&format!("metric m {{ why: \"x\" }} {strange}")).last(), Some(&"E053"));
    let spaces = format!("metric m {{ unit:{}orders }}", "\u{a0}".repeat(100_000));
    assert_eq!(codes(&spaces), ["E004"]);
    let number = format!("market m {{ tam: {} }}", "9".repeat(100_000));
    assert_eq!(codes(&number), ["E011"]);
    assert_eq!(codes(&" ".repeat(LONGEST + 1)), ["E051"]);
    let list = format!("segment s of orders {{ where: a in ({}1) }}", "1, ".repeat(100_000));
    assert_eq!(codes(&list), Vec::<&str>::new());
}

#[test]
fn line_ends_and_byte_order_marks_mean_nothing() {
    let text = include_str!("fixtures/clean/language_metrics.qd");
    let unix = check(text);
    let windows = check(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
    assert_eq!(windows.diagnostics, []);
    assert_eq!(unix.tree.blocks.len(), windows.tree.blocks.len());
    assert_eq!(check("").tree.blocks, []);
    assert_eq!(check("\u{feff}").diagnostics, []);
}
