//! Texts in quotes and names in backticks.

use super::{Lexer, codes};
use crate::Diagnostic;
use crate::syntax::token::{Kind, Token};

/// Quotes a word processor puts in place of `"`.
pub(super) const CURLY: [char; 6] = ['“', '”', '„', '‟', '«', '»'];
/// Quotes a word processor puts in place of `'`.
pub(super) const CURLY_SINGLE: [char; 4] = ['‘', '’', '‚', '‛'];

/// How far a closing single quote may be for the text to have been meant as one.
const LONGEST_SINGLE: usize = 500;

impl Lexer<'_> {
    /// A text that starts with `"`.
    pub(super) fn quoted_text(&mut self, at: usize) -> usize {
        let line_end = self.line_end(at);
        let (mut here, mut flags) = (at + 1, 0);
        while here < line_end {
            match self.byte(here) {
                Some(b'"') => return self.push_with(Kind::Text, at, here + 1, flags),
                Some(b'\\') => {
                    flags |= Token::ESCAPED;
                    here = self.escape(here, line_end);
                }
                _ => here += 1,
            }
        }
        self.unterminated(at, line_end, flags)
    }

    /// Steps over a backslash and what it protects.
    fn escape(&mut self, at: usize, line_end: usize) -> usize {
        let next = self.slice(at + 1, line_end).chars().next();
        match next {
            Some('"' | '\\') => at + 2,
            Some(other) if other != '\r' => {
                let end = at + 1 + other.len_utf8();
                let found = self.slice(at, end).to_owned();
                let place = self.span(at, end);
                self.report(
                    Diagnostic::error(codes::ESCAPE, place, format!("`{found}` means nothing inside a text"))
                        .hint("A text knows \\\" for a quote and \\\\ for a backslash. Paths are written with /.")
                        .fix("Write the backslash twice", place, format!("\\{found}")),
                );
                end
            }
            _ => at + 1,
        }
    }

    /// A text whose closing quote is missing: it ends with the line, before the braces that close blocks of this line.
    fn unterminated(&mut self, at: usize, line_end: usize, flags: u8) -> usize {
        let line = self.slice(at, line_end);
        if let Some((length, curly)) = line.char_indices().find(|(_, letter)| CURLY.contains(letter)) {
            let quote = self.span(at + length, at + length + curly.len_utf8());
            self.report(smart(quote, curly).fix("Write a straight quote", quote, "\""));
            return self.push_with(Kind::Text, at, at + length + curly.len_utf8(), flags);
        }
        if line.trim_end().len() > 1
            && let Some(end) = self.over_lines(at, line_end, flags)
        {
            return end;
        }
        let mut content = line.trim_end();
        for _ in 0..self.line.braces {
            content = content.strip_suffix('}').map_or(content, str::trim_end);
        }
        // A key of the same line (`"text  owner: …`) cannot be told from words, so only the braces are taken out.
        let end = (at + content.len()).max(at + 1);
        let place = self.span(at, end);
        if content.len() <= 1 {
            self.report(
                Diagnostic::error(codes::UNTERMINATED, place, "this quote closes a text that none opens")
                    .hint("A text has a quote before it and a quote after it, on one line."),
            );
            return self.push(Kind::Bad, at, end);
        }
        self.report(
            Diagnostic::error(codes::UNTERMINATED, place, "this text has no closing quote")
                .hint("Close it on the same line with \"; a quote inside a text is written \\\".")
                .fix("Add the closing quote", self.span(end, end), "\""),
        );
        self.push_with(Kind::Text, at, end, flags | Token::UNTERMINATED)
    }

    /// A text that starts with a curly quote, read as if it had straight ones.
    pub(super) fn curly_text(&mut self, at: usize, opening: char) -> usize {
        let start = at + opening.len_utf8();
        let line_end = self.line_end(at);
        let line = self.slice(start, line_end);
        let closing = line.char_indices().find(|(_, letter)| *letter == '"' || CURLY.contains(letter));
        let (end, flags) = match closing {
            Some((length, letter)) => (start + length + letter.len_utf8(), 0),
            None => (start + line.trim_end_matches(['}', ' ', '\t', '\r']).len(), Token::UNTERMINATED),
        };
        let content = closing.map_or(self.slice(start, end), |(length, _)| self.slice(start, start + length));
        let straight = format!("\"{}\"", content.replace('\\', "\\\\"));
        let place = self.span(at, end);
        self.report(smart(place, opening).fix("Write straight quotes", place, straight));
        self.push_with(Kind::Text, at, end, flags)
    }

    /// A text between single quotes, straight or curly.
    pub(super) fn single_text(&mut self, at: usize, opening: char) -> usize {
        let start = at + opening.len_utf8();
        let line_end = self.line_end(at);
        let line = self.slice(start, line_end);
        let Some((length, closing)) = line
            .char_indices()
            .take(LONGEST_SINGLE)
            .find(|(_, letter)| *letter == '\'' || CURLY_SINGLE.contains(letter))
        else {
            return self.unreadable(at, opening);
        };
        let end = start + length + closing.len_utf8();
        let place = self.span(at, end);
        let straight = format!("\"{}\"", self.slice(start, start + length).replace('\\', "\\\\").replace('"', "\\\""));
        let message = format!("a text stands in double quotes, and this one in `{opening}`");
        self.report(Diagnostic::error(codes::SMART_QUOTES, place, message).fix("Use double quotes", place, straight));
        self.push(Kind::Text, at, end)
    }

    /// A name in backticks.
    pub(super) fn backticks(&mut self, at: usize) -> usize {
        let line_end = self.line_end(at);
        let line = self.slice(at + 1, line_end);
        match line.find('`') {
            Some(0) => {
                let place = self.span(at, at + 2);
                self.report(
                    Diagnostic::error(codes::NAME, place, "there is no name between these backticks")
                        .hint("Backticks hold a column's name, such as `Order ID`."),
                );
                self.push(Kind::Bad, at, at + 2)
            }
            Some(length) => self.push(Kind::Quoted, at, at + length + 2),
            None => {
                let content = line.trim_end_matches(['}', ' ', '\t', '\r']);
                let end = at + 1 + content.len();
                let place = self.span(at, end);
                self.report(
                    Diagnostic::error(codes::UNTERMINATED, place, "this name has no closing backtick")
                        .hint("Close it on the same line with another backtick."),
                );
                self.push(Kind::Bad, at, end)
            }
        }
    }
}

fn smart(place: crate::Span, found: char) -> Diagnostic {
    Diagnostic::error(
        codes::SMART_QUOTES,
        place,
        format!("`{found}` is a typographic quote; a text stands in straight ones"),
    )
    .hint("A word processor or a chat put it there; the straight quote is the one on the keyboard: \"")
}
