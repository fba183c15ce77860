//! The canonical layout: it keeps every comment and what the text means, and formatting twice changes nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use quarterdeck_lang::syntax::format::format;
use quarterdeck_lang::syntax::parse;
use quarterdeck_lang::syntax::tree::{Block, Entry};
use quarterdeck_lang::{FileId, keys};

const CLEAN: [(&str, &str); 5] = [
    ("language_metrics", include_str!("fixtures/clean/language_metrics.qd")),
    ("language_plan", include_str!("fixtures/clean/language_plan.qd")),
    ("measures", include_str!("fixtures/clean/measures.qd")),
    ("fields", include_str!("fixtures/clean/fields.qd")),
    ("comments", include_str!("fixtures/layout/comments.qd")),
];

/// What a text means: its tree without places, fields in the order of the table.
fn meaning(text: &str) -> Vec<String> {
    let parsed = parse(FileId(0), text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.tree.blocks.iter().map(block_meaning).collect()
}

fn block_meaning(block: &Block) -> String {
    let fields = keys::of(block.kind.node).flat_map(|key| block.fields().filter(|field| field.key.node == key.name));
    let fields: Vec<String> = fields.map(|field| format!("{}: {:?}", field.key.node, field.value)).collect();
    let blocks = block.entries.iter().filter_map(|entry| match entry {
        Entry::Block(block) => Some(block_meaning(block)),
        Entry::Field(_) => None,
    });
    let all = format!(
        "{:?} {:?} {:?} {:?} {fields:?} {:?}",
        block.kind,
        block.head,
        block.label,
        block.value,
        blocks.collect::<Vec<_>>()
    );
    without_places(&all)
}

fn without_places(debug: &str) -> String {
    let mut parts = debug.split("Span { file: FileId(0), start: ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').unwrap().1);
    }
    out
}

fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .lines()
        .filter_map(|line| line.find("# ").map(|at| line.get(at..).unwrap().trim_end().to_owned()))
        .collect();
    found.sort();
    found
}

fn check(name: &str, text: &str) -> String {
    let formatted = format(text).unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:#?}"));
    assert_eq!(meaning(text), meaning(&formatted), "{name}:\n{formatted}");
    assert_eq!(comments(text), comments(&formatted), "{name}:\n{formatted}");
    assert_eq!(format(&formatted).unwrap(), formatted, "{name} again");
    formatted
}

#[test]
fn the_layout_of_the_language() {
    for (name, text) in CLEAN {
        insta::assert_snapshot!(format!("layout_{name}"), check(name, text));
    }
}

#[test]
fn comments_everywhere_are_kept() {
    for (name, text) in CLEAN {
        let mut noted = String::new();
        for (at, line) in text.lines().enumerate() {
            let note = if line.contains('#') { String::new() } else { format!(" # note {at}") };
            noted.push_str(&format!("{line}{note}\n"));
        }
        check(name, &noted);
        let above: String =
            text.lines().enumerate().map(|(at, line)| format!("   # above {at}\n\n\n   {line}\n")).collect();
        check(name, &above);
    }
}

#[test]
fn indentation_and_line_ends_change_nothing() {
    for (name, text) in CLEAN {
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(check(name, &crlf), check(name, text));
        let wide = text.replace("\n  ", "\n\t\t   ");
        assert_eq!(check(name, &wide), check(name, text));
    }
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    assert!(format("metric m { unit: }").is_err());
    assert_eq!(format("").unwrap(), "");
    assert_eq!(format("# only a note").unwrap(), "# only a note\n");
}

proptest::proptest! {
    #[test]
    fn any_part_of_the_language_has_a_layout(dropped in proptest::collection::vec(proptest::bool::weighted(0.2), 80), which in 0_usize..CLEAN.len()) {
        let (name, text) = CLEAN[which];
        let lines = text.lines().enumerate().filter(|(at, _)| !dropped.get(at % 80).copied().unwrap_or(false));
        let text: String = lines.map(|(_, line)| format!("{line}\n")).collect();
        if parse(FileId(0), &text).diagnostics.is_empty() {
            check(name, &text);
        }
    }
}
