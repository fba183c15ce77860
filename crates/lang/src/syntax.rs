//! From text to a syntax tree that keeps everything written and never fails.
//!
//! Text becomes tokens (`lexer`), tokens become blocks and the extents of their values (`structure`), and the tokens of
//! each value become what its key takes (`parser`, with nom). A mistake in one value stays in it.

pub mod format;
mod lexer;
mod parser;
mod structure;
pub mod token;
pub mod tree;
pub mod value;

use crate::codes::syntax as codes;
use crate::{Diagnostic, FileId, Span};
use tree::Tree;

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 16 * 1024 * 1024;
/// The most diagnostics told of one file.
pub const MOST_DIAGNOSTICS: usize = 200;

/// What a text parses to: a tree, always, and everything that is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What could be read.
    pub tree: Tree,
    /// What could not, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// The tokens of a text and its comments among them, in order of place: for editors, and for those who colour the files.
pub fn tokens(text: &str) -> Vec<token::Token> {
    let lexed = lexer::lex(FileId(0), text);
    let mut tokens = lexed.tokens;
    tokens.extend(lexed.comments);
    tokens.sort_by_key(|token| (token.start, token.end));
    tokens
}

/// Parses one file's text; `file` is the number its spans carry.
pub fn parse(file: FileId, text: &str) -> Parsed {
    if text.len() > LONGEST {
        let message = format!("this file has {} bytes, and {LONGEST} are the most that are read", text.len());
        let place = Span { file, start: 0, end: 0 };
        let diagnostic = Diagnostic::error(codes::TOO_LONG, place, message)
            .hint("Split it into several files; their order does not matter.");
        return Parsed { tree: Tree::default(), diagnostics: vec![diagnostic] };
    }
    let mut lexed = lexer::lex(file, text);
    let (tree, mut diagnostics, instead) = structure::read(file, text, &lexed);
    for place in instead {
        let within = |span: Span| place.start <= span.start && span.end <= place.end;
        let sign = |code: &str| matches!(code, codes::UNREADABLE | codes::SMART_QUOTES);
        lexed.diagnostics.retain(|told| !sign(told.code) || !told.span.is_some_and(within));
    }
    diagnostics.append(&mut lexed.diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.start, span.end)));
    for diagnostic in &mut diagnostics {
        diagnostic.subject = diagnostic.span.and_then(|span| enclosing(&tree, span));
    }
    limit(file, &mut diagnostics);
    Parsed { tree, diagnostics }
}

/// The top-level block a place is in.
fn enclosing(tree: &Tree, span: Span) -> Option<crate::Subject> {
    let after = tree.blocks.partition_point(|block| block.span.start <= span.start);
    let block = tree.blocks.get(after.checked_sub(1)?)?;
    (span.start <= block.span.end).then(|| structure::subject(block)).flatten()
}

/// Keeps the first diagnostics and says how many follow.
fn limit(file: FileId, diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(MOST_DIAGNOSTICS);
    if more == 0 {
        return;
    }
    diagnostics.truncate(MOST_DIAGNOSTICS);
    let place = diagnostics.last().and_then(|last| last.span).unwrap_or(Span { file, start: 0, end: 0 });
    let message = format!("{more} or more further mistakes in this file are not listed");
    diagnostics.push(
        Diagnostic::error(codes::TOO_MANY, place, message)
            .hint("Mend the first ones; the others may follow from them."),
    );
}
