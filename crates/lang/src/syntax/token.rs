//! Tokens, and the slice of them that the nom parsers read.

use crate::{FileId, Span};
use nom::{Input, Needed};
use std::iter::{Copied, Enumerate};
use std::slice::Iter;

/// What a token is; its text is looked up in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, digits and underscores, starting with a letter or an underscore.
    Word,
    /// A name in backticks.
    Quoted,
    /// A text in quotes.
    Text,
    /// A number with its `k`, `M`, `%` or `pp`.
    Number,
    /// `2027-02-01`
    Date,
    /// `2027-Q1`, `2027-H1`, `2027-02`, `2027-P02`, `2027-W06`
    Period,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// Something that is no token; its diagnostic is reported.
    Bad,
    /// The end of the text.
    End,
}

impl Kind {
    /// How a symbol is written; for the other kinds, what they are.
    pub fn shown(self) -> &'static str {
        match self {
            Kind::Word => "a word",
            Kind::Quoted => "a name in backticks",
            Kind::Text => "a text in quotes",
            Kind::Number => "a number",
            Kind::Date => "a day such as 2027-02-01",
            Kind::Period => "a period such as 2027-Q1",
            Kind::Colon => "`:`",
            Kind::Comma => "`,`",
            Kind::Dot => "`.`",
            Kind::Open => "`(`",
            Kind::Close => "`)`",
            Kind::OpenBrace => "`{`",
            Kind::CloseBrace => "`}`",
            Kind::Plus => "`+`",
            Kind::Minus => "`-`",
            Kind::Star => "`*`",
            Kind::Slash => "`/`",
            Kind::Equal => "`=`",
            Kind::NotEqual => "`!=`",
            Kind::Less => "`<`",
            Kind::AtMost => "`<=`",
            Kind::More => "`>`",
            Kind::AtLeast => "`>=`",
            Kind::Bad => "something unreadable",
            Kind::End => "the end of the file",
        }
    }
}

/// One token: a kind and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: Kind,
    /// [`Token::NEW_LINE`] and the like.
    flags: u8,
}

impl Token {
    /// It is the first of its line.
    pub const NEW_LINE: u8 = 1;
    /// It stands at the very start of its line.
    pub const COLUMN_0: u8 = 2;
    /// A text without its closing quote.
    pub const UNTERMINATED: u8 = 4;
    /// A text that holds a backslash.
    pub const ESCAPED: u8 = 8;

    /// A token of these bytes.
    pub fn new(kind: Kind, start: usize, end: usize, flags: u8) -> Token {
        Token { start: start as u32, end: end as u32, kind, flags }
    }

    /// Whether a flag is set.
    pub fn is(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it is the first of its line.
    pub fn starts_line(self) -> bool {
        self.is(Token::NEW_LINE)
    }

    /// Its text.
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// What a reader calls it: its own text, shortened.
    pub fn shown(self, text: &str) -> String {
        let own = self.text(text);
        let short: String = own.chars().take(40).collect();
        let short = if short.len() < own.len() { format!("{short}…") } else { short };
        match self.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::Text => format!("the text {short}"),
            Kind::Quoted => short,
            _ => format!("`{short}`"),
        }
    }
}

/// A slice of tokens with the text they come from: what the nom parsers read.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    /// The number of the file.
    pub file: FileId,
    /// The whole text of the file.
    pub text: &'a str,
    /// The tokens left.
    tokens: &'a [Token],
    /// The byte where the last of them ends.
    end: u32,
}

impl<'a> Tokens<'a> {
    /// These tokens of a text; `end` is where an empty slice is said to stand.
    pub fn new(file: FileId, text: &'a str, tokens: &'a [Token], end: u32) -> Tokens<'a> {
        let end = tokens.last().map_or(end, |last| last.end);
        Tokens { file, text, tokens, end }
    }

    /// The next token.
    pub fn first(self) -> Option<Token> {
        self.tokens.first().copied()
    }

    /// The token so many further on.
    pub fn nth(self, at: usize) -> Option<Token> {
        self.tokens.get(at).copied()
    }

    /// Whether the token so many further on is this word.
    pub fn word_at(self, at: usize, word: &str) -> bool {
        self.nth(at).is_some_and(|token| token.kind == Kind::Word && token.text(self.text) == word)
    }

    /// Whether the token so many further on is of this kind.
    pub fn kind_at(self, at: usize, kind: Kind) -> bool {
        self.nth(at).is_some_and(|token| token.kind == kind)
    }

    /// How many are left.
    pub fn len(self) -> usize {
        self.tokens.len()
    }

    /// Whether none is left.
    pub fn is_empty(self) -> bool {
        self.tokens.is_empty()
    }

    /// Without the next token.
    pub fn rest(self) -> Tokens<'a> {
        Tokens { tokens: self.tokens.get(1..).unwrap_or(&[]), ..self }
    }

    /// The place of a token.
    pub fn span_of(self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// The place of the next token; with none left, the point where the last one ended.
    pub fn here(self) -> Span {
        self.first().map_or(Span { file: self.file, start: self.end, end: self.end }, |token| self.span_of(token))
    }

    /// The place of everything left.
    pub fn span(self) -> Span {
        Span { end: self.end, ..self.here() }
    }

    /// The place of what was read between here and `later`.
    pub fn until(self, later: Tokens<'a>) -> Span {
        let read = self.tokens.len().saturating_sub(later.tokens.len());
        let end = read.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(self.here().start, |last| last.end);
        Span { end, ..self.here() }
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Token;
    type Iter = Copied<Iter<'a, Token>>;
    type IterIndices = Enumerate<Copied<Iter<'a, Token>>>;

    fn input_len(&self) -> usize {
        self.tokens.len()
    }

    fn take(&self, index: usize) -> Self {
        let tokens = self.tokens.get(..index).unwrap_or(self.tokens);
        Tokens { tokens, end: tokens.last().map_or(self.here().start, |last| last.end), ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        Tokens { tokens: self.tokens.get(index..).unwrap_or(&[]), ..*self }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Self::Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.tokens.iter().position(|token| predicate(*token))
    }

    fn iter_elements(&self) -> Self::Iter {
        self.tokens.iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if self.tokens.len() >= count { Ok(count) } else { Err(Needed::new(count - self.tokens.len())) }
    }
}
