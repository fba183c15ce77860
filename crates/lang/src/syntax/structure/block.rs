//! Blocks: their header, their braces, what stands inside.

use super::{Open, Reader, TOP, a, parents};
use crate::codes::syntax as codes;
use crate::keys;
use crate::syntax::parser::header::{Header, form, header};
use crate::syntax::parser::row_condition;
use crate::syntax::token::{Kind, Token};
use crate::syntax::tree::{Block, BlockKind, Entry, Head};
use crate::{Diagnostic, Span, Spanned};

impl Reader<'_> {
    /// The block whose word is the next token.
    pub(super) fn block(&mut self, kind: BlockKind) -> Block {
        let word = self.peek(0);
        let from = self.at + 1;
        let end = self.header_end(from);
        let tokens = self.slice(from, end);
        let Header { head, label, diagnostics } = header(kind, tokens);
        let bad = self.any_bad(from, end);
        let mut block = Block {
            kind: Spanned::new(kind, self.span(word)),
            head,
            label,
            value: None,
            entries: Vec::new(),
            span: self.span(word),
            damaged: bad || !diagnostics.is_empty(),
        };
        self.diagnostics.extend(diagnostics);
        self.at = end;
        let indented =
            kind != BlockKind::Column && self.peek(0).kind == Kind::Colon && self.colon_after_header(&mut block);
        if kind == BlockKind::Column {
            self.column(&mut block);
        } else if indented || self.peek(0).kind == Kind::OpenBrace || self.missing_brace(&mut block) {
            self.body(&mut block);
        }
        block.span.end = block.span.end.max(self.token(self.at.saturating_sub(1)).end);
        block
    }

    /// A colon between a header and its brace, or, as YAML has it, before fields that stand indented without braces;
    /// whether these follow.
    fn colon_after_header(&mut self, block: &mut Block) -> bool {
        let place = self.span(self.peek(0));
        let kind = block.kind.node;
        let next = self.peek(1);
        if next.kind == Kind::OpenBrace {
            let message = format!("no colon belongs between the header of the {} and its `{{`", kind.word());
            self.report(Diagnostic::error(codes::HEADER, place, message).fix("Take it out", place, ""));
            self.at += 1;
            return false;
        }
        if !next.starts_line() || next.is(Token::COLUMN_0) || next.kind != Kind::Word {
            return false;
        }
        let message = format!("the fields of a {} stand in braces", kind.word());
        self.report(
            Diagnostic::error(codes::HEADER, place, message)
                .hint("Write `{` in the place of the colon, and `}` after the last field.")
                .fix("Open the block", place, " {"),
        );
        self.at += 1;
        block.damaged = true;
        // It has no `}` either, and that is said already.
        self.misnested = true;
        true
    }

    fn any_bad(&self, from: usize, to: usize) -> bool {
        self.tokens.get(from..to).is_some_and(|tokens| tokens.iter().any(|token| token.kind == Kind::Bad))
    }

    /// The value after a column's colon.
    fn column(&mut self, block: &mut Block) {
        if self.peek(0).kind != Kind::Colon {
            if !block.damaged {
                let place = self.span(self.peek(0));
                let message = "expected `:` and what the column computes".to_owned();
                self.report(
                    Diagnostic::error(codes::NO_COLON, Span { end: place.start, ..place }, message)
                        .hint(form(BlockKind::Column)),
                );
            }
            block.damaged = true;
            return;
        }
        self.at += 1;
        let (from, end) = self.value_extent();
        self.at = end;
        if self.any_bad(from, end) {
            block.damaged = true;
            return;
        }
        match row_condition(self.slice(from, end)) {
            Ok(value) => block.value = Some(value),
            Err(diagnostic) => {
                block.damaged = true;
                self.report(*diagnostic);
            }
        }
        if self.peek(0).kind == Kind::OpenBrace {
            self.stray_opening();
        }
    }

    /// Reports a header without `{`; whether the block goes on nevertheless.
    fn missing_brace(&mut self, block: &mut Block) -> bool {
        let next = self.peek(0);
        let kind = block.kind.node;
        if !block.damaged {
            let end = self.token(self.at.saturating_sub(1)).end;
            let place = Span { file: self.file, start: end, end };
            let message = format!("expected `{{` after the header of this {}", kind.word());
            let diagnostic = Diagnostic::error(codes::NO_OPENING, place, message)
                .hint(format!("It is written: {}", form(kind)))
                .fix("Open the block", place, " {");
            self.report(diagnostic);
        }
        block.damaged = true;
        // A field of this block on the next line says that only the brace is missing.
        if next.kind == Kind::Word && self.peek(1).kind == Kind::Colon && keys::find(kind, self.word(next)).is_some() {
            return true;
        }
        // Something unreadable stands before the brace.
        if self.brace_follows(self.at) && !next.starts_line() {
            while self.peek(0).kind != Kind::OpenBrace {
                self.at += 1;
            }
            return true;
        }
        false
    }

    /// From the `{` to the `}`.
    fn body(&mut self, block: &mut Block) {
        let brace = self.peek(0);
        if brace.kind == Kind::OpenBrace {
            self.at += 1;
        }
        self.open.push(Open { kind: block.kind.node, word: block.kind.span });
        loop {
            let token = self.peek(0);
            if token.kind == Kind::CloseBrace {
                let word = block.kind.span;
                if token.starts_line() && self.indent(token.start) < self.indent(word.start) && self.suspect.is_none() {
                    self.suspect = Some(word);
                }
                self.at += 1;
                break;
            }
            if token.kind == Kind::End || self.closes_all(self.at) {
                self.unclosed(block, "");
                break;
            }
            let before = self.at;
            if !self.entry(block) {
                break;
            }
            if self.at == before {
                // Nothing may stand still; every way of reading an entry moves on, this makes sure of it.
                self.at += 1;
            }
        }
        self.open.pop();
    }

    /// How far the line of a byte is indented.
    fn indent(&self, byte: u32) -> usize {
        let before = self.text.get(..byte as usize).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.text.get(line..).unwrap_or("");
        line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Reports that a block has no `}`; `before` says what showed it.
    fn unclosed(&mut self, block: &mut Block, before: &str) {
        let name = block.head.name.as_ref().map_or(String::new(), |name| format!(" `{}`", name.node));
        let here = self.span(self.peek(0));
        let kind = block.kind.node.word();
        let message = format!("the {kind}{name} opened here is never closed");
        let end = self.token(self.at.saturating_sub(1)).end;
        let mut diagnostic = Diagnostic::error(codes::NO_CLOSING, block.kind.span, message)
            .hint("Close it with `}`.")
            .fix("Close it", Span { file: self.file, start: end, end }, "\n}");
        if !before.is_empty() {
            diagnostic = diagnostic.label(here, before);
        }
        let inner = self.suspect.take().filter(|suspect| suspect.start > block.kind.span.start);
        if let (Some(inner), true) = (inner, before.is_empty()) {
            diagnostic =
                diagnostic.label(inner, "perhaps it is this one that lacks its `}`: the next `}` stands further left");
        }
        block.damaged = true;
        self.report_structure(diagnostic);
    }

    /// One field or block; false where the block is left because something follows that cannot stand in it.
    fn entry(&mut self, block: &mut Block) -> bool {
        let token = self.peek(0);
        if let Some(key) = self.bullet(self.at).filter(|_| token.kind != Kind::Word) {
            self.bulleted(block, key);
            return true;
        }
        if token.kind != Kind::Word {
            self.no_entry(block);
            return true;
        }
        let word = self.word(token);
        let kind = block.kind.node;
        if let Some(inner) = BlockKind::from_word(word)
            && (self.header_follows(self.at, inner)
                || (self.opens_block(self.at, inner) && keys::find(kind, word).is_none())
                || (inner.parents().contains(&kind) && self.peek(1).kind != Kind::Colon))
        {
            return self.inner_block(block, inner);
        }
        match self.peek(1).kind {
            Kind::Colon => self.field(block, 2),
            Kind::Equal if keys::find(kind, word).is_some() => self.field_without_colon(block, 2),
            _ if keys::find(kind, word).is_some() => self.field_without_colon(block, 1),
            _ if self.brace_follows(self.at) => self.unknown_inner(block),
            _ => self.no_entry(block),
        }
        true
    }

    /// A field that stands as an item of a list: `- unit: orders`, `**unit**: orders`.
    fn bulleted(&mut self, block: &mut Block, key: usize) {
        let (first, key_token) = (self.peek(0), self.token(key));
        let mut colon = key + 1;
        while self.token(colon).kind == Kind::Star {
            colon += 1;
        }
        let place = Span { end: key_token.start, ..self.span(first) };
        let after = Span { start: key_token.end, end: self.token(colon).start, ..place };
        let message = "fields are no list: each starts with its key";
        let mut diagnostic = Diagnostic::error(codes::NO_ENTRY, Span { end: first.end, ..place }, message);
        diagnostic = diagnostic.fix("Take the marks out", place, "");
        if let (Some(fix), true) = (diagnostic.fixes.last_mut(), after.start < after.end) {
            fix.edits.push(crate::Edit { span: after, text: String::new() });
        }
        self.report(diagnostic);
        block.damaged = true;
        self.at = key;
        self.field(block, colon + 1 - key);
    }

    /// A block inside this one; false where it closes this one.
    fn inner_block(&mut self, block: &mut Block, inner: BlockKind) -> bool {
        let kind = block.kind.node;
        if inner.parents().contains(&kind) {
            self.recovering = false;
            let inner = self.block(inner);
            block.entries.push(Entry::Block(inner));
            return true;
        }
        let outer = self.open.iter().rev().skip(1).any(|open| inner.parents().contains(&open.kind));
        if outer || TOP.contains(&inner) {
            self.unclosed(block, &format!("{} cannot stand inside {}", a(inner), a(kind)));
            self.misnested |= !outer;
            return false;
        }
        let place = self.span(self.peek(0));
        let message = format!("{} cannot stand inside {}: it belongs inside {}", a(inner), a(kind), parents(inner));
        let told = self.open.last().map_or(place, |open| open.word);
        // Where a block was taken for another kind, all it holds is misplaced: the first says it.
        if self.misplaced_in.replace(told) != Some(told) {
            self.report(
                Diagnostic::error(codes::MISPLACED_BLOCK, place, message)
                    .label(told, format!("inside this {}", kind.word()))
                    .hint(super::home_of(inner)),
            );
        }
        block.damaged = true;
        // It is read to find its end, and its own mistakes can wait.
        let known = self.diagnostics.len();
        self.block(inner);
        self.diagnostics.truncate(known);
        true
    }

    /// A word with braces that opens no block.
    fn unknown_inner(&mut self, block: &mut Block) {
        let token = self.peek(0);
        let word = self.word(token);
        let place = self.span(token);
        let kind = block.kind.node;
        let inner = BlockKind::WORDS.iter().filter(|(inner, _)| inner.parents().contains(&kind));
        let words: Vec<&str> = inner.map(|(_, word)| *word).collect();
        let nearest = crate::suggest::nearest(word, words.iter().copied());
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_BLOCK, place, format!("{} has no block `{word}`", a(kind)));
        if let Some(nearest) = nearest {
            diagnostic =
                diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(format!("Write {nearest}"), place, nearest);
        }
        if !words.is_empty() {
            diagnostic = diagnostic.hint(format!("Blocks inside {} are {}.", a(kind), words.join(", ")));
        }
        self.report_structure(diagnostic);
        block.damaged = true;
        match nearest.and_then(BlockKind::from_word) {
            Some(inner) => {
                self.recovering = false;
                let mut inner = self.block(inner);
                inner.damaged = true;
                block.entries.push(Entry::Block(inner));
            }
            None => self.skip_junk(),
        }
    }

    /// Neither a field nor a block.
    fn no_entry(&mut self, block: &mut Block) {
        let token = self.peek(0);
        let kind = block.kind.node;
        if token.kind == Kind::OpenBrace {
            return self.stray_opening();
        }
        if token.kind != Kind::Bad {
            let place = self.span(token);
            let message = format!("expected a field of the {}, found {}", kind.word(), token.shown(self.text));
            let mut diagnostic = Diagnostic::error(codes::NO_ENTRY, place, message);
            let known = keys::of(kind).map(|key| key.name);
            let quoted = token.text(self.text).trim_matches('"');
            if token.kind == Kind::Text && keys::find(kind, quoted).is_some() {
                diagnostic = diagnostic.hint("Keys stand without quotes, and no comma follows a value.").fix(
                    format!("Write {quoted}"),
                    place,
                    quoted,
                );
            } else if let Some(nearest) = crate::suggest::nearest(self.word(token), known) {
                diagnostic = diagnostic.hint(format!("Did you mean `{nearest}:`?"));
            }
            let before = self.token(self.at.saturating_sub(1));
            if matches!(before.kind, Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash) {
                diagnostic =
                    diagnostic.hint("A value goes on in the next line only if that line starts with the operator.");
            } else {
                diagnostic = diagnostic.hint("A field is a key, a colon and a value. A value goes on in the next line if that starts with and, or, where, from, by, within, over, to, on or an operator, and after a comma.");
            }
            self.report_structure(diagnostic);
        }
        self.recovering = true;
        block.damaged = true;
        self.at += 1;
        let end = self.value_end(self.at);
        // Only to the end of this line: what follows may be sound.
        while self.at < end && !self.peek(0).starts_line() {
            self.at += 1;
        }
    }

    /// A `{` where none belongs, with all it holds.
    pub(super) fn stray_opening(&mut self) {
        let place = self.span(self.peek(0));
        let message = "this `{` opens no block";
        self.report_structure(
            Diagnostic::error(codes::STRAY_BRACE, place, message)
                .hint("Before a brace stands the word of a block and its header."),
        );
        self.skip_braces();
    }

    /// The braces after an initiative's evidence.
    pub(super) fn evidence(&mut self) -> Block {
        let place = self.span(self.peek(0));
        let mut block = Block {
            kind: Spanned::new(BlockKind::Evidence, place),
            head: Head::default(),
            label: None,
            value: None,
            entries: Vec::new(),
            span: place,
            damaged: false,
        };
        self.body(&mut block);
        block.span.end = block.span.end.max(self.token(self.at.saturating_sub(1)).end);
        block
    }
}
