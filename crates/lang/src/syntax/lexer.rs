//! From text to tokens. Never fails: what is no token becomes a [`Kind::Bad`] one with a diagnostic of its own, and what
//! was plainly meant (a curly quote, a long dash) becomes the token that was meant.

mod foreign;
mod number;
mod pasted;
mod text;

pub(super) use number::read as read_number;

use super::token::{Kind, Token};
use crate::codes::syntax as codes;
use crate::{Diagnostic, FileId, Span};

/// The tokens of a text, an [`Kind::End`] last, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Lexed {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// The comments, from `#` to the end of the line.
    pub comments: Vec<Token>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The most diagnostics kept of one text; what is beyond them is more of the same.
const MOST: usize = 1_000;

/// Splits a text into tokens.
pub fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer =
        Lexer { file, text, bytes: text.as_bytes(), out: Lexed::default(), line: Line::default(), invisible: None };
    lexer.out.tokens.reserve(text.len() / 5);
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    lexer.line.start = at;
    lexer.line.fresh = true;
    while let Some(byte) = lexer.byte(at) {
        at = lexer.next(at, byte).max(at + 1);
    }
    let end = text.len();
    lexer.push(Kind::End, end, end);
    lexer.out
}

/// Where the lexer is on its line.
#[derive(Debug, Default)]
struct Line {
    /// The line's first byte.
    start: usize,
    /// No token of it has been read.
    fresh: bool,
    /// Braces opened on it and not closed.
    braces: usize,
    /// Parentheses open, on this line or before.
    parentheses: usize,
    /// The byte where the line ends, once it was looked for.
    end: Option<usize>,
}

/// A text on its way to tokens.
struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    out: Lexed,
    line: Line,
    /// Where among the diagnostics that of invisible characters is.
    invisible: Option<usize>,
}

impl<'a> Lexer<'a> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> usize {
        self.push_with(kind, start, end, 0)
    }

    fn push_with(&mut self, kind: Kind, start: usize, end: usize, mut flags: u8) -> usize {
        if self.line.fresh {
            flags |= Token::NEW_LINE;
            if start == self.line.start {
                flags |= Token::COLUMN_0;
            }
        }
        self.line.fresh = false;
        self.out.tokens.push(Token::new(kind, start, end, flags));
        end
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.out.diagnostics.len() < MOST {
            self.out.diagnostics.push(diagnostic);
        }
    }

    /// Reads one token or blank at `at`; returns where the next starts.
    fn next(&mut self, at: usize, byte: u8) -> usize {
        match byte {
            b'<' | b'=' | b'>' if at == self.line.start && self.is_conflict(at, byte) => self.conflict(at),
            b'\n' => {
                let parentheses = self.line.parentheses;
                self.line = Line { start: at + 1, fresh: true, braces: 0, parentheses, end: None };
                at + 1
            }
            b' ' | b'\t' | b'\r' => at + 1,
            b'#' => self.comment(at),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(at),
            b'0'..=b'9' => self.number(at),
            b'.' if self.byte(at + 1).is_some_and(|next| next.is_ascii_digit()) && !self.touches_word(at) => {
                self.number(at)
            }
            b'"' => self.quoted_text(at),
            b'`' => self.backticks(at),
            b'{' => {
                self.line.braces += 1;
                self.push(Kind::OpenBrace, at, at + 1)
            }
            b'}' => {
                self.line.braces = self.line.braces.saturating_sub(1);
                self.line.parentheses = 0;
                self.push(Kind::CloseBrace, at, at + 1)
            }
            b'(' => {
                self.line.parentheses += 1;
                self.push(Kind::Open, at, at + 1)
            }
            b')' => {
                self.line.parentheses = self.line.parentheses.saturating_sub(1);
                self.push(Kind::Close, at, at + 1)
            }
            _ => self.symbol(at, byte),
        }
    }

    fn symbol(&mut self, at: usize, byte: u8) -> usize {
        let next = self.byte(at + 1);
        let pasted = matches!((byte, next), (b'-', Some(b'-')) | (b'/', Some(b'*')) | (b'<', Some(b'!')));
        if let Some(end) = pasted.then(|| self.pasted_comment(at)).flatten() {
            return end;
        }
        if (byte, next) == (b'+', Some(b'/'))
            && let Some(end) = self.tolerance(at)
        {
            return end;
        }
        let (kind, length) = match (byte, next) {
            (b'!', Some(b'=')) => (Kind::NotEqual, 2),
            (b'<', Some(b'=')) => (Kind::AtMost, 2),
            (b'>', Some(b'=')) => (Kind::AtLeast, 2),
            (b'<', Some(b'>')) | (b'=', Some(b'=' | b'>')) | (b'/', Some(b'/')) => return self.foreign(at),
            (b'-', Some(b'>')) | (b':', Some(b'=')) => return self.foreign(at),
            (b'<', _) => (Kind::Less, 1),
            (b'>', _) => (Kind::More, 1),
            (b'=', _) => (Kind::Equal, 1),
            (b':', _) => (Kind::Colon, 1),
            (b',', _) => (Kind::Comma, 1),
            (b'.', Some(after)) if after != b'.' => (Kind::Dot, 1),
            (b'+', _) => (Kind::Plus, 1),
            (b'-', _) => (Kind::Minus, 1),
            (b'*', _) => (Kind::Star, 1),
            (b'/', _) => (Kind::Slash, 1),
            _ => return self.foreign(at),
        };
        self.push(kind, at, at + length)
    }

    /// Whether a word or a closing bracket ends right before `at`.
    fn touches_word(&self, at: usize) -> bool {
        let last = self.out.tokens.last();
        last.is_some_and(|last| last.end as usize == at && matches!(last.kind, Kind::Word | Kind::Quoted | Kind::Close))
    }

    fn comment(&mut self, at: usize) -> usize {
        let end = self.line_end(at);
        let end = at + self.slice(at, end).trim_end().len();
        let flags = if self.line.fresh { Token::NEW_LINE } else { 0 };
        self.out.comments.push(Token::new(Kind::Bad, at, end, flags));
        end
    }

    /// The byte where the line of `at` ends, which is the line being read.
    fn line_end(&mut self, at: usize) -> usize {
        if let Some(end) = self.line.end {
            return end;
        }
        let rest = self.bytes.get(at..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |length| at + length);
        self.line.end = Some(end);
        end
    }

    /// The byte after the letters, digits and underscores that start at `at`.
    fn word_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or(&[]);
        let length = rest.iter().position(|byte| !is_word_byte(*byte)).unwrap_or(rest.len());
        let end = at + length;
        // Letters of other alphabets belong to the word they touch, so that one mistake is one mistake.
        let more = self.text.get(end..).unwrap_or("");
        match more.chars().next() {
            Some(letter) if !letter.is_ascii() && letter.is_alphanumeric() => {
                let length = more.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
                end + length.unwrap_or(more.len())
            }
            _ => end,
        }
    }

    fn word(&mut self, at: usize) -> usize {
        let end = self.word_end(at);
        let word = self.slice(at, end);
        if word.is_ascii() {
            return self.push(Kind::Word, at, end);
        }
        let foreign: Vec<String> =
            word.chars().filter(|letter| !letter.is_ascii()).map(|letter| format!("`{letter}`")).collect();
        self.report(
            Diagnostic::error(codes::UNREADABLE, self.span(at, end), format!("`{word}` holds {}", foreign.join(", ")))
                .hint("Names use a to z, digits and underscores. A column of another name goes in backticks, a text in quotes.")
                .fix("Put the column in backticks", self.span(at, end), format!("`{word}`")),
        );
        self.push(Kind::Bad, at, end)
    }
}

/// Whether a byte may stand inside a word.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
