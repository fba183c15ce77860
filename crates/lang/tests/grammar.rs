//! The TextMate grammar colours every file as the real lexer and the tree read it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use onig::{Regex, Region, SearchOptions};
use quarterdeck_lang::FileId;
use quarterdeck_lang::syntax::token::{Kind, Token};
use quarterdeck_lang::syntax::tree::{Block, BlockKind, Entry};
use quarterdeck_lang::syntax::{parse, tokens};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One pattern of the grammar: what it matches, its scope, and the scopes of its captures.
struct Pattern {
    regex: Regex,
    name: String,
    captures: Vec<(usize, String)>,
}

fn patterns() -> Vec<Pattern> {
    let text = std::fs::read_to_string(root().join("crates/lang/grammar/qd.tmLanguage.json")).unwrap();
    let grammar: Value = serde_json::from_str(&text).unwrap();
    let mut all = Vec::new();
    collect(&grammar, &grammar["patterns"], &mut all);
    all
}

fn collect(grammar: &Value, list: &Value, all: &mut Vec<Pattern>) {
    for pattern in list.as_array().unwrap() {
        if let Some(included) = pattern["include"].as_str() {
            let included = &grammar["repository"][included.trim_start_matches('#')];
            collect(grammar, &Value::Array(vec![included.clone()]), all);
        } else if pattern["patterns"].is_array() {
            collect(grammar, &pattern["patterns"], all);
        } else {
            let captures = pattern["captures"].as_object().into_iter().flatten();
            all.push(Pattern {
                regex: Regex::new(pattern["match"].as_str().unwrap()).unwrap(),
                name: pattern["name"].as_str().unwrap_or_default().to_owned(),
                captures: captures
                    .filter_map(|(at, scope)| Some((at.parse().unwrap(), scope["name"].as_str()?.to_owned())))
                    .collect(),
            });
        }
    }
}

/// The scope of every byte of a text, found line by line as an editor does: the earliest match, of two the first pattern.
fn scopes(patterns: &[Pattern], text: &str) -> Vec<String> {
    let mut scopes = vec![String::new(); text.len()];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let mut at = 0;
        while at < bare.len() {
            let found = patterns.iter().filter_map(|pattern| {
                let mut groups = Region::new();
                let options = SearchOptions::SEARCH_OPTION_NONE;
                let from = pattern.regex.search_with_options(bare, at, bare.len(), options, Some(&mut groups))?;
                Some((from, pattern, groups))
            });
            let Some((_, pattern, groups)) = found.min_by_key(|(at, ..)| *at) else { break };
            let (from, to) = groups.pos(0).unwrap();
            let mut paint = |from: usize, to: usize, scope: &str| {
                scopes[start + from..start + to].iter_mut().for_each(|own| *own = scope.to_owned());
            };
            paint(from, to, &pattern.name);
            for (number, scope) in &pattern.captures {
                if let (Some((from, to)), true) = (groups.pos(*number), *number > 0) {
                    paint(from, to, scope);
                }
            }
            at = to.max(at + 1);
            while !bare.is_char_boundary(at) {
                at += 1;
            }
        }
        start += line.len();
    }
    scopes
}

/// The scopes a token may have.
fn expected(token: Token, text: &str) -> &'static [&'static str] {
    match token.kind {
        Kind::Bad if token.text(text).starts_with('#') => &["comment.line"],
        Kind::Text => &["string.quoted"],
        Kind::Quoted => &["variable.other.quoted"],
        Kind::Number => &["constant.numeric.qd"],
        Kind::Date => &["constant.numeric.date"],
        Kind::Period => &["constant.numeric.period"],
        Kind::Word => &["keyword", "variable.other.qd", "support.function", "constant.language", "entity.name"],
        Kind::Colon | Kind::Comma | Kind::Dot | Kind::Open | Kind::Close | Kind::OpenBrace | Kind::CloseBrace => {
            &["punctuation"]
        }
        Kind::Bad | Kind::End => &[""],
        _ => &["keyword.operator"],
    }
}

/// The first bytes of keys, and of the words that open blocks.
fn words(block: &Block, keys: &mut BTreeSet<u32>, openings: &mut BTreeSet<u32>) {
    if block.kind.node != BlockKind::Evidence {
        openings.insert(block.kind.span.start);
    }
    for entry in &block.entries {
        match entry {
            Entry::Field(field) => {
                keys.insert(field.key.span.start);
            }
            Entry::Block(inner) => words(inner, keys, openings),
        }
    }
}

fn disagreements(patterns: &[Pattern], path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let parsed = parse(FileId(0), &text);
    let (mut keys, mut openings) = (BTreeSet::new(), BTreeSet::new());
    parsed.tree.blocks.iter().for_each(|block| words(block, &mut keys, &mut openings));
    let scopes = scopes(patterns, &text);
    let mut wrong = Vec::new();
    for token in tokens(&text).into_iter().filter(|token| token.end > token.start) {
        let scope = |at: u32| scopes[at as usize].as_str();
        let (first, last) = (scope(token.start), scope(token.end - 1));
        let step = first == "keyword.declaration.qd" && token.text(&text) == "step";
        let sound = expected(token, &text).iter().any(|scope| first.starts_with(scope))
            && first == last
            && (first == "keyword.other.key.qd") == keys.contains(&token.start)
            && (step || (first == "keyword.declaration.qd") == openings.contains(&token.start));
        if !sound {
            wrong.push(format!("{}: {:?} `{}` is {first}", path.display(), token.kind, token.text(&text)));
        }
    }
    wrong
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, into);
        } else if path.extension().is_some_and(|end| end == "qd") {
            into.push(path);
        }
    }
}

#[test]
fn every_sound_file_is_coloured_as_it_is_read() {
    let mut files = Vec::new();
    for folder in ["examples", "crates/lang/tests/fixtures", "tests/fixtures"] {
        walk(&root().join(folder), &mut files);
    }
    files.sort();
    let sound = |path: &PathBuf| parse(FileId(0), &std::fs::read_to_string(path).unwrap()).diagnostics.is_empty();
    files.retain(sound);
    assert!(files.len() > 10, "{files:?}");
    let patterns = patterns();
    let wrong: Vec<_> = files.iter().flat_map(|path| disagreements(&patterns, path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_word_that_opens_a_block_is_known_to_the_grammar() {
    let text = std::fs::read_to_string(root().join("crates/lang/grammar/qd.tmLanguage.json")).unwrap();
    for (_, word) in BlockKind::WORDS {
        assert!(text.contains(word), "{word}");
    }
}
