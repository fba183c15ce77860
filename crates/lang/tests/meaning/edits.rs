//! Edits: whatever is written where, what is kept of a workspace is what reading all of it again would give.

use super::{fixtures, shown};
use proptest::prelude::*;
use quarterdeck_lang::{Checked, TextFile, check};
use std::collections::BTreeSet;

/// The look of the language, its declarations dealt out over so many files, so that most names are of another file.
fn dealt(files: usize) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = (0..files).map(|file| (format!("part_{file}.qd"), String::new())).collect();
    let mut at = 0;
    for name in ["sources.qd", "metrics/orders.qd", "plans/2026-Q4.qd", "plans/2027-Q1.qd"] {
        let text = std::fs::read_to_string(fixtures().join("look").join(name)).unwrap();
        for line in text.split_inclusive('\n') {
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                at += 1;
            }
            texts[at % files].1.push_str(line);
        }
    }
    texts
}

fn read(texts: &[(String, String)]) -> Checked {
    let settings = std::fs::read_to_string(fixtures().join("look/quarterdeck.toml")).unwrap();
    let texts = texts.iter().map(|(path, text)| TextFile::new(path.clone(), text.clone())).collect();
    check(Some(TextFile::new("quarterdeck.toml", settings)), texts)
}

/// One change of a text, of lines and words chosen by number.
#[derive(Clone, Debug)]
enum Edit {
    /// Leaves a line out.
    Cut(usize),
    /// Writes a line once more, elsewhere.
    Copy(usize, usize),
    /// Writes a line of another file.
    Borrow(usize, usize, usize),
    /// Puts one word of the text in the place of another.
    Word(usize, usize),
    /// Puts another number in the place of one.
    Number(usize, u8),
    /// Adds an empty line: everything after it moves.
    Move(usize),
    /// Adds a declaration.
    Declare(usize, usize),
    /// The text as it was at first.
    Restore,
}

/// Declarations that hang together with the look, with themselves and with nothing.
const DECLARATIONS: [&str; 8] = [
    "metric late_orders { unit: orders  grain: week  measure: count() from orders where not on_time }\n",
    "metric knot_a { unit: orders  grain: week  measure: knot_b + weekly_orders }\n",
    "metric knot_b { unit: orders  grain: week  measure: knot_a * 2 }\n",
    "segment early of orders { where: in segment uk and amount > 5 }\n",
    "segment uk of orders { where: in segment early }\n",
    "event strike { on: 2027-02-01 }\n",
    "metric weekly_orders { unit: orders  grain: month  measure: count() from nowhere }\n",
    "metric punctual \"Renamed\" { was: on_time_rate  unit: share  better: higher  grain: week  measure: late_orders / weekly_orders }\n",
];

fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = letter.is_ascii_alphanumeric() || letter == '_';
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn edited(texts: &[(String, String)], first: &[(String, String)], file: usize, edit: &Edit) -> String {
    let text = &texts[file].1;
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let pick = |number: usize, of: usize| number % of.max(1);
    match edit {
        Edit::Cut(line) if !lines.is_empty() => {
            lines.remove(pick(*line, lines.len()));
        }
        Edit::Copy(line, to) if !lines.is_empty() => {
            let line = lines[pick(*line, lines.len())];
            lines.insert(pick(*to, lines.len()), line);
        }
        Edit::Borrow(other, line, to) => {
            let others: Vec<&str> = texts[pick(*other, texts.len())].1.split_inclusive('\n').collect();
            if !others.is_empty() {
                lines.insert(pick(*to, lines.len()), others[pick(*line, others.len())]);
            }
        }
        Edit::Word(one, other) => {
            let words = words(text);
            if !words.is_empty() {
                let (at, word) = words[pick(*one, words.len())];
                let (_, instead) = words[pick(*other, words.len())];
                return format!("{}{instead}{}", &text[..at], &text[at + word.len()..]);
            }
        }
        Edit::Number(which, digit) => {
            let digits: Vec<usize> =
                text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()).map(|(at, _)| at).collect();
            if !digits.is_empty() {
                let at = digits[pick(*which, digits.len())];
                return format!("{}{}{}", &text[..at], digit % 10, &text[at + 1..]);
            }
        }
        Edit::Move(line) => lines.insert(pick(*line, lines.len() + 1), "\n"),
        Edit::Declare(which, line) => {
            let starts: Vec<usize> = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_lowercase()))
                .map(|(at, _)| at)
                .chain([lines.len()])
                .collect();
            lines.insert(starts[pick(*line, starts.len())], DECLARATIONS[pick(*which, DECLARATIONS.len())]);
        }
        Edit::Restore => return first[file].1.clone(),
        Edit::Cut(_) | Edit::Copy(..) => {}
    }
    lines.concat()
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        2 => any::<usize>().prop_map(Edit::Cut),
        2 => any::<(usize, usize)>().prop_map(|(line, to)| Edit::Copy(line, to)),
        2 => any::<(usize, usize, usize)>().prop_map(|(other, line, to)| Edit::Borrow(other, line, to)),
        5 => any::<(usize, usize)>().prop_map(|(one, other)| Edit::Word(one, other)),
        2 => any::<(usize, u8)>().prop_map(|(which, digit)| Edit::Number(which, digit)),
        2 => any::<usize>().prop_map(Edit::Move),
        4 => any::<(usize, usize)>().prop_map(|(which, line)| Edit::Declare(which, line)),
        3 => Just(Edit::Restore),
    ]
}

/// Compares what was kept with what is read anew: the model, everything said, and what stands in the way of each metric.
fn same(kept: &Checked, texts: &[(String, String)]) -> Result<(), TestCaseError> {
    let anew = read(texts);
    prop_assert_eq!(shown(kept), shown(&anew));
    prop_assert_eq!(&kept.diagnostics, &anew.diagnostics);
    prop_assert_eq!(&kept.model, &anew.model);
    for name in ["weekly_orders", "on_time_rate", "revenue"] {
        let needed = BTreeSet::from([name.to_owned()]);
        prop_assert_eq!(kept.blocking(&needed, None), anew.blocking(&needed, None));
    }
    Ok(())
}

/// How many courses of edits are tried: `PROPTEST_CASES`, or enough for every day.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn an_edit_leads_where_reading_all_again_does(
        files in 3_usize..9,
        steps in prop::collection::vec((any::<usize>(), edits()), 1..9),
    ) {
        let first = dealt(files);
        let mut texts = first.clone();
        let mut kept = read(&texts);
        for (file, edit) in steps {
            let file = file % files;
            let text = edited(&texts, &first, file, &edit);
            texts[file].1 = text.clone();
            let known = kept.edit(&format!("part_{file}.qd"), text);
            prop_assert!(known);
            same(&kept, &texts)?;
        }
    }
}

#[test]
fn an_edit_is_of_a_file_that_is_there() {
    let mut kept = read(&dealt(3));
    assert!(!kept.edit("elsewhere.qd", ""));
    assert!(!kept.edit("quarterdeck.toml", ""));
}
