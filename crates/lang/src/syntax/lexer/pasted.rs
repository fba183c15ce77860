//! What comes with text pasted from elsewhere and means nothing here: comments of other languages, tables, lists in
//! brackets, texts that go over several lines. Each is told once, whatever it holds.

use super::{Lexer, Line, codes};
use crate::syntax::token::Kind;
use crate::{Diagnostic, Edit};

/// How comments of other languages open, and what closes those that may go over lines.
const COMMENTS: &[(&str, Option<&str>)] = &[("//", None), ("/*", Some("*/")), ("<!--", Some("-->")), ("--", None)];

/// How many lines further the closing quote of a text may stand for it to have been meant as one.
const MOST_LINES: usize = 6;

impl Lexer<'_> {
    /// A comment of another language at `at`, where one starts; returns where reading goes on.
    pub(super) fn pasted_comment(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let (opening, closing) = COMMENTS.iter().find(|(opening, _)| rest.starts_with(opening))?;
        if *opening == "--" && !self.opens_comment(at) {
            return None;
        }
        let inside = rest.get(opening.len()..)?;
        let Some(closing) = closing else {
            self.other_comment(at, at + opening.len(), opening, Some("#"));
            return Some(self.line_end(at));
        };
        // What is never closed reaches to the end of its line, so that the rest of the file can be read.
        let length = inside.find(closing).map(|length| opening.len() + length + closing.len());
        let line_end = self.line_end(at);
        let end = length.map_or(line_end, |length| at + length);
        let one_line = end <= line_end && self.slice(end, line_end).trim().is_empty();
        self.other_comment(at, end, opening, None);
        if let (true, Some(length)) = (one_line, length) {
            let content = self.slice(at + opening.len(), at + length - closing.len()).trim();
            let (place, fixed) = (self.span(at, end), format!("# {content}"));
            if let Some(told) = self.out.diagnostics.last_mut() {
                *told = told.clone().fix("Write #", place, fixed);
            }
        }
        self.step_over(at, end);
        Some(end)
    }

    /// `--` starts a comment where it stands first on its line or apart from what surrounds it: `a --b` is arithmetic.
    fn opens_comment(&self, at: usize) -> bool {
        let blank = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace());
        let before = at.checked_sub(1).and_then(|before| self.byte(before));
        (self.line.fresh || blank(before)) && blank(self.byte(at + 2))
    }

    fn other_comment(&mut self, at: usize, end: usize, opening: &str, meant: Option<&str>) {
        let place = self.span(at, end);
        let mut diagnostic =
            Diagnostic::error(codes::FOREIGN, place, format!("a comment starts with `#`, not with `{opening}`"));
        diagnostic = match meant {
            Some(meant) => diagnostic.fix(format!("Write {meant}"), place, meant),
            None => diagnostic.hint("A comment goes from `#` to the end of its line; each line of it has one."),
        };
        self.report(diagnostic);
    }

    /// Moves to the line of `end`, which lies behind `at`.
    fn step_over(&mut self, at: usize, end: usize) {
        if let Some(last) = self.slice(at, end).rfind('\n') {
            let parentheses = self.line.parentheses;
            self.line = Line { start: at + last + 1, fresh: true, parentheses, ..Line::default() };
        }
    }

    /// A table as Markdown draws it: all its lines at once.
    pub(super) fn table(&mut self, at: usize) -> Option<usize> {
        if !self.line.fresh || self.byte(at) != Some(b'|') || self.byte(at + 1) == Some(b'|') {
            return None;
        }
        let mut end = self.line_end(at);
        let first = self.slice(at, end).trim_end();
        if first.len() < 2 || !first.ends_with('|') {
            return None;
        }
        loop {
            let next = self.text.get(end + 1..).unwrap_or("");
            let line = next.lines().next().unwrap_or("");
            if !line.trim_start().starts_with('|') {
                break;
            }
            end += 1 + line.len();
        }
        let place = self.span(at, at + first.len());
        self.report(
            Diagnostic::error(codes::UNREADABLE, place, "a table means nothing here")
                .hint("Write each row as a declaration: metric NAME { unit: …  grain: …  measure: … }"),
        );
        self.push(Kind::Bad, at, at + first.len());
        self.step_over(at, end);
        Some(end)
    }

    /// `[a, b]`: brackets around a list, told as a pair.
    pub(super) fn bracket(&mut self, at: usize) -> Option<usize> {
        let line_end = self.line_end(at);
        let length = self.slice(at, line_end).find(']')?;
        let place = self.span(at, at + length + 1);
        let among = self.out.tokens.last().is_some_and(|last| last.kind == Kind::Word && last.text(self.text) == "in");
        let (open, close) = if among { ("(", ")") } else { ("", "") };
        let edit = |at: usize, text: &str| Edit { span: self.span(at, at + 1), text: text.to_owned() };
        let edits = vec![edit(at, open), edit(at + length, close)];
        let (hint, message) = if among {
            ("What `in` looks through stands in parentheses: in (\"a\", \"b\")", "Write parentheses")
        } else {
            ("A list needs no brackets: a, b, c", "Take them out")
        };
        let mut diagnostic = Diagnostic::error(codes::UNREADABLE, place, "lists have no brackets here").hint(hint);
        diagnostic.fixes.push(crate::Fix { message: message.to_owned(), edits });
        self.report(diagnostic);
        Some(self.push(Kind::Bad, at, at + length + 1))
    }

    /// A text that opens at `at` and closes on a later line, where it plainly does: no line between looks like a field,
    /// a block or its end, and the last holds one quote more than it closes.
    pub(super) fn over_lines(&mut self, at: usize, line_end: usize, flags: u8) -> Option<usize> {
        let mut start = line_end + 1;
        for _ in 0..MOST_LINES {
            let line = self.text.get(start..)?.lines().next()?;
            let words = line.trim_start();
            let key = words.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
            let looks_like_entry = words.is_empty()
                || words.starts_with(['}', '#', '{'])
                || key.is_some_and(|end| end > 0 && words.get(end..).is_some_and(|rest| rest.starts_with(':')))
                || words.contains('{');
            if looks_like_entry {
                return None;
            }
            if let Some(length) = line.find('"') {
                if line.matches('"').count() % 2 == 0 {
                    return None;
                }
                let end = start + length + 1;
                let place = self.span(at, end);
                let joined = self.slice(at, end).split_whitespace().collect::<Vec<_>>().join(" ");
                self.report(
                    Diagnostic::error(codes::UNTERMINATED, place, "this text goes over more than one line")
                        .hint("A text stands on one line, however long.")
                        .fix("Write it on one line", place, joined),
                );
                let end = self.push_with(Kind::Text, at, end, flags);
                self.step_over(at, end);
                self.line.fresh = false;
                return Some(end);
            }
            start += line.len() + 1;
        }
        None
    }

    /// Whether what stands right before is `unit:`.
    pub(super) fn after_unit(&self) -> bool {
        let Some((_, [key, colon])) = self.out.tokens.split_last_chunk::<2>() else { return false };
        colon.kind == Kind::Colon && key.kind == Kind::Word && key.text(self.text) == "unit"
    }

    /// `± 5%`, `~5%`, `+/- 5%`: how far a number may be off.
    pub(super) fn tolerance(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let sign = ["±", "+/-", "~", "≈"].into_iter().find(|sign| rest.starts_with(sign))?;
        let number = rest.get(sign.len()..)?.trim_start_matches(' ');
        if sign == "+/-" && !number.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let end = at + sign.len();
        let hint = "How sure a number is stands in a range: 4% to 6%, or about 5% (4% to 6%).";
        let place = self.span(at, end);
        self.report(
            Diagnostic::error(codes::UNREADABLE, place, format!("`{sign}` is not part of the language")).hint(hint),
        );
        Some(self.push_with(Kind::Bad, at, end, 0))
    }
}

#[cfg(test)]
mod tests {
    use crate::FileId;
    use crate::syntax::lexer::lex;
    use crate::syntax::token::{Kind, Token};

    #[test]
    fn a_comment_over_lines_leaves_the_next_line_fresh() {
        let lexed = lex(FileId(0), "/* a\n b */ metric x { }\nmetric y { }\n");
        let metrics: Vec<Token> =
            lexed.tokens.iter().copied().filter(|token| token.kind == Kind::Word && token.starts_line()).collect();
        assert_eq!(metrics.len(), 2);
        assert_eq!(lexed.diagnostics.len(), 1);
    }

    #[test]
    fn minus_minus_is_arithmetic_where_it_touches() {
        assert_eq!(lex(FileId(0), "a --b").diagnostics.len(), 0);
        assert_eq!(lex(FileId(0), "a -- b").diagnostics.len(), 1);
    }
}
