//! What is no token: signs of other languages, of word processors, of currencies.

use super::text::{CURLY, CURLY_SINGLE};
use super::{Lexer, MOST, codes};
use crate::syntax::token::{Kind, Token};
use crate::{Diagnostic, Edit};

/// Signs of other languages and of mathematics: what is found, the token that is meant, how it is written here.
const SIGNS: &[(&str, Kind, &str)] = &[
    ("==", Kind::Equal, "="),
    ("=>", Kind::Colon, ":"),
    ("->", Kind::Colon, ":"),
    (":=", Kind::Colon, ":"),
    ("<>", Kind::NotEqual, "!="),
    ("≠", Kind::NotEqual, "!="),
    ("≤", Kind::AtMost, "<="),
    ("≥", Kind::AtLeast, ">="),
    ("×", Kind::Star, "*"),
    ("·", Kind::Star, "*"),
    ("÷", Kind::Slash, "/"),
    ("&&", Kind::Word, "and"),
    ("||", Kind::Word, "or"),
];

/// The minus signs and dashes that are not `-`.
const DASHES: [char; 7] = ['−', '–', '—', '‐', '‑', '‒', '﹣'];

/// Signs of currencies with their codes.
const CURRENCIES: [(char, &str); 6] =
    [('£', "GBP"), ('$', "USD"), ('€', "EUR"), ('¥', "JPY"), ('₹', "INR"), ('₩', "KRW")];

/// How many signs a mark of an unfinished merge has.
const CONFLICT: usize = 7;

impl Lexer<'_> {
    /// Something at `at` that starts no token.
    pub(super) fn foreign(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let Some(letter) = rest.chars().next() else { return at + 1 };
        if rest.starts_with("//") {
            return self.address(at).or_else(|| self.pasted_comment(at)).unwrap_or(at + 1);
        }
        let pasted = match letter {
            '|' => self.table(at),
            '[' => self.bracket(at),
            '±' | '~' | '≈' => self.tolerance(at),
            _ => None,
        };
        if let Some(end) = pasted {
            return end;
        }
        if let Some((found, kind, meant)) = SIGNS.iter().find(|(found, ..)| rest.starts_with(found)) {
            return self.foreign_sign(at, found, *kind, meant);
        }
        match letter {
            '\'' => self.single_text(at, letter),
            _ if CURLY_SINGLE.contains(&letter) => self.single_text(at, letter),
            _ if CURLY.contains(&letter) => self.curly_text(at, letter),
            _ if DASHES.contains(&letter) => self.dash(at, letter),
            _ if is_invisible(letter) => self.invisible(at, letter),
            _ => match CURRENCIES.iter().find(|(sign, _)| *sign == letter) {
                Some((_, code)) => self.currency(at, letter, code),
                None => self.unreadable(at, letter),
            },
        }
    }

    /// Whether the line starts like those that version control puts around two versions it could not join.
    pub(super) fn is_conflict(&self, at: usize, sign: u8) -> bool {
        let after = self.byte(at + CONFLICT);
        self.bytes.get(at..at + CONFLICT).is_some_and(|signs| signs.iter().all(|byte| *byte == sign))
            && after.is_none_or(|after| after.is_ascii_whitespace())
    }

    /// The mark of a merge that was left unfinished. The first of the two versions is read and the other passed over, so
    /// that what stands twice because of it is not told.
    pub(super) fn conflict(&mut self, at: usize) -> usize {
        let end = self.line_end(at);
        match self.byte(at) {
            Some(b'<') => {
                let place = self.span(at, at + CONFLICT);
                self.report(
                    Diagnostic::error(
                        codes::FOREIGN,
                        place,
                        "two people's changes meet here and were not put together",
                    )
                    .hint("Keep what is right of the lines down to `>>>>>>>`, and take the three marks out."),
                );
                end
            }
            Some(b'=') => {
                let rest = self.text.get(end..).unwrap_or("");
                rest.find("\n>>>>>>>").map_or(end, |length| end + length)
            }
            _ => end,
        }
    }

    /// `https://…` without quotes: one text, up to the next blank.
    fn address(&mut self, at: usize) -> Option<usize> {
        let (before, last) = self.out.tokens.split_last_chunk::<2>()?;
        let [scheme, colon] = last;
        let joined = scheme.end == colon.start && colon.end as usize == at;
        if !joined || scheme.kind != Kind::Word || colon.kind != Kind::Colon {
            return None;
        }
        let (kept, start) = (before.len(), scheme.start as usize);
        let new_line = scheme.starts_line();
        let rest = self.text.get(at..).unwrap_or("");
        let end = at + rest.find(|letter: char| letter.is_whitespace() || letter == '}').unwrap_or(rest.len());
        self.out.tokens.truncate(kept);
        let place = self.span(start, end);
        let written = self.slice(start, end).to_owned();
        self.report(
            Diagnostic::error(codes::UNQUOTED, place, format!("the address `{written}` has no quotes"))
                .hint("Texts stand in double quotes.")
                .fix("Put it in quotes", place, format!("\"{written}\"")),
        );
        Some(self.push_with(Kind::Bad, start, end, if new_line { Token::NEW_LINE } else { 0 }))
    }

    fn foreign_sign(&mut self, at: usize, found: &str, kind: Kind, meant: &str) -> usize {
        let end = at + found.len();
        let place = self.span(at, end);
        self.report(Diagnostic::error(codes::FOREIGN, place, format!("`{found}` is written `{meant}` here")).fix(
            format!("Write {meant}"),
            place,
            meant,
        ));
        // `and` and `or` cannot be read back from `&&`, so the value that holds them counts as unreadable.
        self.push(if kind == Kind::Word { Kind::Bad } else { kind }, at, end)
    }

    fn dash(&mut self, at: usize, dash: char) -> usize {
        let end = at + dash.len_utf8();
        if self.dash_range(at, end) {
            return self.out.tokens.last().map_or(end, |last| last.end as usize);
        }
        let place = self.span(at, end);
        self.report(
            Diagnostic::error(codes::DASH, place, format!("`{dash}` is a typographic dash, not a minus sign"))
                .hint("A word processor put it there; the minus sign is the one on the keyboard: -")
                .fix("Write a minus sign", place, "-"),
        );
        self.push(Kind::Minus, at, end)
    }

    /// Blanks that are not the space bar's: one diagnostic for all of a file's.
    fn invisible(&mut self, at: usize, letter: char) -> usize {
        let end = at + letter.len_utf8();
        let edit = Edit {
            span: self.span(at, end),
            text: if letter.is_whitespace() { " ".to_owned() } else { String::new() },
        };
        let known = self.invisible.and_then(|known| self.out.diagnostics.get_mut(known));
        match known.and_then(|diagnostic| diagnostic.fixes.first_mut()) {
            Some(fix) if fix.edits.len() < MOST => fix.edits.push(edit),
            Some(_) => {}
            None => {
                self.invisible = Some(self.out.diagnostics.len());
                let place = edit.span;
                let mut diagnostic = Diagnostic::error(
                    codes::INVISIBLE,
                    place,
                    format!("an invisible character (U+{:04X}) stands here, where a space belongs", u32::from(letter)),
                )
                .hint("It came with copied text; delete it and type a space. The fix replaces all of this file's.");
                diagnostic
                    .fixes
                    .push(crate::Fix { message: "Replace it wherever it stands".to_owned(), edits: vec![edit] });
                self.report(diagnostic);
            }
        }
        end
    }

    fn currency(&mut self, at: usize, sign: char, code: &str) -> usize {
        let mut digits = at + sign.len_utf8();
        while self.byte(digits) == Some(b' ') {
            digits += 1;
        }
        if !self.byte(digits).is_some_and(|byte| byte.is_ascii_digit()) {
            let place = self.span(at, at + sign.len_utf8());
            let diagnostic = Diagnostic::error(
                codes::CURRENCY_SIGN,
                place,
                format!("`{sign}` is a currency's sign; its code is written"),
            );
            let (hint, fixed) = if self.after_unit() {
                (format!("A unit of money is the currency's code: unit: {code}"), code.to_owned())
            } else {
                (format!("Write `{code}` after the number: 120k {code}"), format!(" {code}"))
            };
            self.report(diagnostic.hint(hint).fix(format!("Write {code}"), place, fixed));
            return self.push(Kind::Bad, at, at + sign.len_utf8());
        }
        let rest = self.bytes.get(digits..).unwrap_or(&[]);
        let length =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b',')).count();
        let end = digits + self.slice(digits, digits + length).trim_end_matches(['.', ',']).len();
        let amount = self.slice(digits, end).replace(',', "_").replace('K', "k").replace('m', "M");
        let place = self.span(at, end);
        let found = self.slice(at, end).to_owned();
        self.report(
            Diagnostic::error(codes::CURRENCY_SIGN, place, format!("`{found}` starts with a currency's sign"))
                .hint(format!("An amount is a number, a space and the currency's code: {amount} {code}"))
                .fix("Write the currency's code", place, format!("{amount} {code}")),
        );
        self.push(Kind::Bad, at, end)
    }

    /// Everything else: one diagnostic for a run of such characters.
    pub(super) fn unreadable(&mut self, at: usize, letter: char) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let readable = |found: char| {
            found.is_whitespace()
                || found == '#'
                || "\"'`{}():,.+-*/=<>!".contains(found)
                || found.is_ascii_alphanumeric()
        };
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(_, found)| *found != letter && readable(*found))
            .map_or(rest.len(), |(length, _)| length);
        let end = at + length;
        let place = self.span(at, end);
        let run: String = rest.get(..length).unwrap_or("").chars().take(20).collect();
        let (message, hint) = match letter {
            ';' => (
                "`;` ends nothing here".to_owned(),
                "A field ends with its line; several on one line are separated by spaces.",
            ),
            '%' if self.after_unit() => (
                "`%` is no unit".to_owned(),
                "A part of a whole, 0% to 100%, is `unit: share`; a growth or another quotient is `unit: ratio`.",
            ),
            '%' => ("`%` has no number before it".to_owned(), "Write the number right before it: 5%"),
            '[' | ']' => (format!("`{letter}` is not part of the language"), "A list needs no brackets: a, b, c"),
            '!' => ("`!` stands alone".to_owned(), "Not equal is written `!=`, and the opposite `not`."),
            '&' | '|' => (format!("`{run}` is not part of the language"), "Write `and` or `or`."),
            '…' | '.' => (format!("`{run}` stands for something left out"), "Write it out."),
            '\'' | '‘' | '’' => {
                (format!("`{letter}` opens a text that never closes"), "Texts stand in double quotes: \"…\"")
            }
            _ if letter.is_alphabetic() => (
                format!("`{run}` is not a name"),
                "Names use a to z, digits and underscores. A column of another name goes in backticks, a text in quotes.",
            ),
            _ => (
                format!("`{}` is not part of the language", run.escape_debug()),
                "Texts with any character stand in quotes; notes to other readers follow a `#`.",
            ),
        };
        let mut diagnostic = Diagnostic::error(codes::UNREADABLE, place, message).hint(hint);
        if letter == '%' && self.after_unit() {
            diagnostic = diagnostic.fix("Write share", place, "share");
        } else if letter == ';' {
            diagnostic = diagnostic.fix("Take it out", place, "");
        }
        self.report(diagnostic);
        self.push(Kind::Bad, at, end)
    }
}

/// Blanks other than the space bar's, and characters without a shape.
fn is_invisible(letter: char) -> bool {
    (letter.is_whitespace() && !letter.is_ascii())
        || matches!(letter, '\u{b}' | '\u{c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
        || matches!(letter, '\u{feff}' | '\u{ad}' | '\u{2066}'..='\u{2069}')
}
