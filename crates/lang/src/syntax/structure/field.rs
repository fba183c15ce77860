//! Fields: their key, their value, and the steps of a funnel.

use super::Reader;
use crate::codes::syntax as codes;
use crate::keys::{self, Key, Type};
use crate::syntax::parser::{habits, row_condition, starts_funnel, step, takes, value, with_steps};
use crate::syntax::token::Kind;
use crate::syntax::tree::{Block, BlockKind, Entry, Field};
use crate::syntax::value::{Step, Value};
use crate::{Diagnostic, Span, Spanned};

/// Brackets that may be open inside one another.
const DEEPEST: usize = 64;

/// Names other tools give these keys.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("description", "why"),
    ("granularity", "grain"),
    ("frequency", "grain"),
    ("period", "grain"),
    ("direction", "better"),
    ("filter", "where"),
    ("filters", "where"),
    ("formula", "measure"),
    ("sql", "measure"),
    ("expr", "measure"),
    ("expression", "measure"),
    ("calculation", "measure"),
    ("dimensions", "slice"),
    ("synonyms", "also"),
    ("path", "from"),
    ("file", "from"),
    ("table", "from"),
    ("timestamp", "time"),
    ("primary_key", "key"),
    ("goal", "set"),
    ("value", "set"),
    ("reason", "because"),
    ("probability", "chance"),
    ("due", "by"),
    ("deadline", "by"),
    ("impact", "moves"),
    ("start", "starts"),
    ("dates", "on"),
];

impl Reader<'_> {
    /// A key without its colon, or with `=` in its place.
    pub(super) fn field_without_colon(&mut self, block: &mut Block, tokens: usize) {
        let key = self.peek(0);
        let word = self.word(key);
        let (place, text) = if tokens == 2 {
            (self.span(self.peek(1)), ":")
        } else {
            (Span { file: self.file, start: key.end, end: key.end }, ":")
        };
        let message = format!("a colon belongs after `{word}`");
        self.report(Diagnostic::error(codes::NO_COLON, place, message).fix("Write a colon", place, text));
        block.damaged = true;
        self.field(block, tokens);
    }

    /// The field whose key is the next token and whose value starts so many tokens on.
    pub(super) fn field(&mut self, block: &mut Block, value_after: usize) {
        let key_token = self.peek(0);
        let written = self.word(key_token);
        let kind = block.kind.node;
        let key_span = self.span(key_token);
        self.at += value_after;
        let Some(key) = keys::find(kind, written) else {
            self.unknown_field(block, written, key_span);
            return;
        };
        self.recovering = false;
        let (from, end) = self.value_extent();
        self.at = end;
        let tokens = self.slice(from, end);
        let funnel = key.ty == Type::Measure && starts_funnel(tokens);
        let span = if from == end { Span { start: key_span.end, ..key_span } } else { tokens.span() };
        let mut read = self.read_value(key, from, end, span);
        if funnel && self.peek(0).kind == Kind::OpenBrace {
            let (steps, sound) = self.steps();
            read = if sound { with_steps(read, steps) } else { Value::Broken };
        }
        if read == Value::Broken {
            block.damaged = true;
        }
        let last = self.token(self.at.saturating_sub(1)).end.max(span.end);
        let span = if funnel { Span { end: last, ..span } } else { span };
        let field = Field {
            key: Spanned::new(written.to_owned(), key_span),
            value: Spanned::new(read, span),
            span: key_span.to(span),
        };
        block.entries.push(Entry::Field(field));
        self.after_value(block, key);
    }

    /// A `{` right after a value: an evidence's block, or a mistake.
    fn after_value(&mut self, block: &mut Block, key: &Key) {
        if self.peek(0).kind != Kind::OpenBrace {
            return;
        }
        if key.ty == Type::Evidence {
            let evidence = self.evidence();
            block.entries.push(Entry::Block(evidence));
        } else {
            block.damaged = true;
            self.stray_opening();
        }
    }

    /// First and one past the last token of the value that starts here; it may start on the line after its key.
    pub(super) fn value_extent(&self) -> (usize, usize) {
        let from = self.at;
        let first = self.token(from);
        let entry = first.kind == Kind::Word
            && first.starts_line()
            && self.brace_follows(from)
            && self.token(from + 1).kind != Kind::Colon;
        let unknown_block = entry && BlockKind::from_word(self.word(first)).is_some();
        if self.ends_value(from) || unknown_block { (from, from) } else { (from, self.value_end(from)) }
    }

    fn read_value(&mut self, key: &Key, from: usize, end: usize, span: Span) -> Value {
        if from == end {
            let message = format!("`{}` has no value", key.name);
            self.report(Diagnostic::error(codes::NO_VALUE, span, message).hint(takes(key, "")));
            return Value::Broken;
        }
        let tokens = self.tokens.get(from..end).unwrap_or(&[]);
        if tokens.iter().any(|token| token.kind == Kind::Bad) {
            let query = habits::query(key, self.slice(from, end)).filter(|_| !self.is_full());
            if let Some(diagnostic) = query {
                self.instead.push(self.slice(from, end).span());
                self.report(diagnostic);
            } else {
                self.without_quotes(key, from, end);
            }
            return Value::Broken;
        }
        if let Some(diagnostic) = self.too_deep(from, end) {
            self.report(diagnostic);
            return Value::Broken;
        }
        match value(key, self.slice(from, end)) {
            Ok(value) => value,
            Err(diagnostic) => {
                // Where all of a value is to be written anew, its quotes and signs are mended by that.
                let anew = |fix: &crate::Fix| fix.edits.iter().any(|edit| edit.span == span);
                if diagnostic.fixes.iter().any(anew) {
                    self.instead.push(span);
                }
                self.report(self.going_on(*diagnostic, end));
                // A line that was meant to go on with this value would only repeat the mistake.
                self.recovering = true;
                Value::Broken
            }
        }
    }

    /// Says of a text without quotes that it needs them, in place of what is unreadable in it: `owner: ops@grocer.example`.
    fn without_quotes(&mut self, key: &Key, from: usize, end: usize) {
        let tokens = self.tokens.get(from..end).unwrap_or(&[]);
        let plain =
            |kind: Kind| matches!(kind, Kind::Word | Kind::Number | Kind::Dot | Kind::Minus | Kind::Slash | Kind::Bad);
        if self.is_full()
            || key.ty != Type::Text
            || !tokens.iter().all(|token| plain(token.kind))
            || !self.is_sign(from, end)
        {
            return;
        }
        let span = self.slice(from, end).span();
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let message = format!("the text of `{}` has no quotes", key.name);
        self.report(Diagnostic::error(codes::UNQUOTED, span, message).hint(takes(key, "")).fix(
            "Put it in quotes",
            span,
            format!("\"{written}\""),
        ));
        self.instead.push(span);
    }

    /// Whether every unreadable token is a plain sign, such as the `@` of an address.
    fn is_sign(&self, from: usize, end: usize) -> bool {
        let tokens = self.tokens.get(from..end).unwrap_or(&[]);
        let mut bad = tokens.iter().filter(|token| token.kind == Kind::Bad);
        bad.all(|token| matches!(token.text(self.text), "@" | "!" | "?" | "&" | "%" | ";"))
    }

    /// Says how values go on, where one stopped at an operator with the line.
    fn going_on(&self, diagnostic: Diagnostic, end: usize) -> Diagnostic {
        let last = self.token(end.saturating_sub(1));
        let symbol = matches!(last.kind, Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash);
        let joins =
            symbol || matches!(self.word(last), "and" | "or" | "where" | "from" | "over" | "by" | "within" | "to");
        if !joins || !self.token(end).starts_line() {
            return diagnostic;
        }
        let shown = last.text(self.text);
        diagnostic.hint(format!("A value goes on in the next line if that line starts with the `{shown}`."))
    }

    fn too_deep(&self, from: usize, end: usize) -> Option<Diagnostic> {
        let mut depth = 0_usize;
        for token in self.tokens.get(from..end)? {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                let message = format!("more than {DEEPEST} parentheses are open here");
                return Some(
                    Diagnostic::error(codes::TOO_DEEP, self.span(*token), message)
                        .hint("Give a part of it a name of its own."),
                );
            }
        }
        None
    }

    fn unknown_field(&mut self, block: &mut Block, written: &str, key: Span) {
        if !self.is_full() {
            self.report_unknown_field(block.kind.node, written, key);
        }
        block.damaged = true;
        let (from, end) = self.value_extent();
        self.at = end;
        let span = if from == end { Span { start: key.end, ..key } } else { self.slice(from, end).span() };
        let value = Spanned::new(Value::Broken, span);
        block.entries.push(Entry::Field(Field {
            key: Spanned::new(written.to_owned(), key),
            value,
            span: key.to(span),
        }));
        if self.peek(0).kind == Kind::OpenBrace {
            self.skip_braces();
        }
    }

    fn report_unknown_field(&mut self, kind: BlockKind, written: &str, key: Span) {
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_FIELD, key, format!("{} has no field `{written}`", super::a(kind)));
        let other = OTHER_NAMES.iter().find(|(other, key)| *other == written && keys::find(kind, key).is_some());
        let near = || crate::suggest::nearest(written, keys::of(kind).map(|known| known.name));
        let nearest = other.map(|(_, key)| *key).or_else(near);
        let elsewhere: Vec<&str> = BlockKind::WORDS
            .iter()
            .filter(|(other, _)| *other != kind && keys::find(*other, written).is_some())
            .map(|(_, word)| *word)
            .collect();
        if let Some(nearest) = nearest {
            diagnostic =
                diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(format!("Write {nearest}"), key, nearest);
        } else if !elsewhere.is_empty() {
            diagnostic = diagnostic.hint(format!("`{written}` is a field of: {}.", elsewhere.join(", ")));
        }
        if nearest.is_none() {
            let known: Vec<&str> = keys::of(kind).map(|known| known.name).collect();
            diagnostic = diagnostic.hint(format!("The fields of {} are {}.", super::a(kind), known.join(", ")));
        }
        // Where the header of a block is lost, its fields land in the block around: the first of them says it.
        let stranded = nearest.is_none() && !elsewhere.is_empty();
        if !(stranded && self.recovering) {
            self.report(diagnostic);
        }
        self.recovering |= stranded;
    }

    /// The steps of a funnel, from `{` to `}`, and whether all could be read.
    fn steps(&mut self) -> (Vec<Step>, bool) {
        let opening = self.span(self.peek(0));
        self.at += 1;
        let (mut steps, mut sound) = (Vec::new(), true);
        loop {
            let token = self.peek(0);
            if token.kind == Kind::CloseBrace {
                self.at += 1;
                break;
            }
            if token.kind == Kind::End || self.closes_all(self.at) {
                let message = "the steps opened here are never closed";
                self.report_structure(
                    Diagnostic::error(codes::NO_CLOSING, opening, message).hint("Close them with `}`."),
                );
                return (steps, false);
            }
            match self.step() {
                Some(step) => steps.push(step),
                None => sound = false,
            }
        }
        if steps.len() < 2 && sound {
            let message = format!("a funnel needs at least two steps, and this one has {}", steps.len());
            self.report(
                Diagnostic::error(codes::VALUE, opening, message).hint("step paid \"Paid\": status = \"paid\""),
            );
            sound = false;
        }
        (steps, sound)
    }

    /// One step; moves on in any case.
    fn step(&mut self) -> Option<Step> {
        let token = self.peek(0);
        if self.word(token) != "step" {
            let message = format!("expected a step, found {}", token.shown(self.text));
            if token.kind != Kind::Bad {
                self.report_structure(
                    Diagnostic::error(codes::NO_ENTRY, self.span(token), message)
                        .hint("Inside a funnel stand its steps: step paid \"Paid\": status = \"paid\""),
                );
            }
            self.at += 1;
            while !matches!(self.peek(0).kind, Kind::End | Kind::CloseBrace) && !self.peek(0).starts_line() {
                self.at += 1;
            }
            return None;
        }
        let from = self.at + 1;
        let colon = self.header_end(from);
        self.at = colon;
        if self.peek(0).kind != Kind::Colon {
            let place = self.span(token);
            self.report(
                Diagnostic::error(codes::NO_COLON, place, "expected `:` and the step's condition")
                    .hint("step paid \"Paid\": status = \"paid\""),
            );
            return None;
        }
        self.recovering = false;
        self.at += 1;
        let (value_from, end) = self.value_extent();
        self.at = end;
        let bad = |from: usize, to: usize| {
            self.tokens.get(from..to).is_some_and(|tokens| tokens.iter().any(|token| token.kind == Kind::Bad))
        };
        if bad(from, end) {
            return None;
        }
        if let Some(diagnostic) = self.too_deep(value_from, end) {
            self.report(diagnostic);
            return None;
        }
        let header = self.slice(from, colon);
        let read = row_condition(self.slice(value_from, end)).and_then(|condition| step(header, condition));
        match read {
            Ok(step) => Some(step),
            Err(diagnostic) => {
                self.report(*diagnostic);
                self.recovering = true;
                None
            }
        }
    }
}
