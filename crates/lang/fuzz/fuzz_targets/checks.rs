//! What holds for every text, whoever wrote it. The fuzz targets and the test that replays their seeds share it.

use quarterdeck_lang::syntax::{MOST_DIAGNOSTICS, format::format, parse, tokens};
use quarterdeck_lang::{FileId, Span, TextFile, check};

/// Tokens lie inside the text, in order, on the bounds of letters, and touch only where they may.
pub fn lex(text: &str) {
    let mut last = 0;
    for token in tokens(text) {
        assert!(token.start >= last && token.start <= token.end, "{token:?} starts before {last}");
        assert!(text.get(token.start as usize..token.end as usize).is_some(), "{token:?}");
        last = token.end;
    }
}

/// A tree always comes, with diagnostics that lie inside the text.
pub fn parse_text(text: &str) {
    let parsed = parse(FileId(0), text);
    assert!(parsed.diagnostics.len() <= MOST_DIAGNOSTICS + 1);
    let inside = |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    for told in &parsed.diagnostics {
        told.span.into_iter().for_each(inside);
        told.labels.iter().for_each(|label| inside(label.span));
        told.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| inside(edit.span));
    }
}

/// A layout is the layout of itself, and the text it gives has no mistake that was not there.
pub fn format_text(text: &str) {
    let Ok(laid_out) = format(text) else { return };
    assert_eq!(format(&laid_out).as_ref(), Ok(&laid_out), "not the layout of itself");
    assert!(parse(FileId(0), &laid_out).diagnostics.is_empty(), "the layout broke {text:?}");
}

/// Any text resolves to a model that can be written down, and what is told of it is explained.
pub fn resolve(text: &str) {
    let checked = check(None, vec![TextFile::new("a.qd", text)]);
    for told in &checked.diagnostics {
        assert!(quarterdeck_lang::codes::find(told.code).is_some(), "{} is not explained", told.code);
    }
}
