//! The smallest parsers: words, symbols, names, texts.

use super::failure::{Expected, Failure};
use crate::syntax::token::{Kind, Token, Tokens};
use crate::syntax::value::Path;
use crate::{Span, Spanned};
use nom::{Err, IResult};

/// What every parser here gives back.
pub type Read<'a, T> = IResult<Tokens<'a>, T, Failure>;

/// Words that only join others: never a name unless in backticks, never a unit.
pub const JOINING: &[&str] = &[
    "and", "or", "not", "in", "is", "like", "between", "where", "from", "over", "ago", "by", "within", "to", "true",
    "false", "null",
];

/// A recoverable failure: another way may still read it.
pub fn fail<'a, T>(at: Tokens<'a>, expected: Expected) -> Read<'a, T> {
    Err(Err::Error(Failure::expected(at, expected)))
}

/// A failure that no other way of reading mends.
pub fn refuse<'a, T>(at: Tokens<'a>, diagnostic: crate::Diagnostic) -> Read<'a, T> {
    Err(Err::Failure(Failure::special(at, diagnostic)))
}

/// This word.
pub fn word<'a>(word: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, Span> {
    move |input| {
        if input.word_at(0, word) { Ok((input.rest(), input.here())) } else { fail(input, Expected::Word(word)) }
    }
}

/// These words, one after the other.
pub fn words<'a>(words: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Read<'a, Span> {
    move |input| {
        let mut rest = input;
        for expected in words {
            rest = word(expected)(rest)?.0;
        }
        Ok((rest, input.until(rest)))
    }
}

/// A token of this kind.
pub fn kind<'a>(kind: Kind) -> impl Fn(Tokens<'a>) -> Read<'a, Token> {
    move |input| match input.first() {
        Some(token) if token.kind == kind => Ok((input.rest(), token)),
        _ => fail(input, Expected::Kind(kind)),
    }
}

/// A name that may be declared or referred to; `what` is what it names.
pub fn name<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, Spanned<String>> {
    move |input| match input.first() {
        Some(token) if token.kind == Kind::Word && !JOINING.contains(&token.text(input.text)) => {
            Ok((input.rest(), Spanned::new(token.text(input.text).to_owned(), input.span_of(token))))
        }
        _ => fail(input, Expected::Thing(what)),
    }
}

/// A column: a name, or anything in backticks.
pub fn column<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, Spanned<String>> {
    move |input| match input.first() {
        Some(token) if token.kind == Kind::Quoted => {
            Ok((input.rest(), Spanned::new(backticked(token, input.text), input.span_of(token))))
        }
        _ => name(what)(input),
    }
}

fn backticked(token: Token, text: &str) -> String {
    token.text(text).trim_matches('`').to_owned()
}

/// A name or column, possibly dotted: `customers.country`.
pub fn path<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, Spanned<Path>> {
    move |input| {
        let (mut rest, first) = column(what)(input)?;
        let mut parts = vec![first.node];
        while rest.kind_at(0, Kind::Dot) {
            let (after, part) = column("a name after the dot")(rest.rest()).map_err(cut)?;
            parts.push(part.node);
            rest = after;
        }
        Ok((rest, Spanned::new(Path { parts }, input.until(rest))))
    }
}

/// A text in quotes, its escapes resolved.
pub fn text<'a>(input: Tokens<'a>) -> Read<'a, Spanned<String>> {
    match input.first() {
        Some(token) if token.kind == Kind::Text => {
            Ok((input.rest(), Spanned::new(unquoted(token, input.text), input.span_of(token))))
        }
        _ => fail(input, Expected::Kind(Kind::Text)),
    }
}

/// The content of a text token.
pub fn unquoted(token: Token, text: &str) -> String {
    let mut letters = token.text(text).chars();
    letters.next();
    if !token.is(Token::UNTERMINATED) {
        letters.next_back();
    }
    if !token.is(Token::ESCAPED) {
        return letters.as_str().to_owned();
    }
    let mut content = String::with_capacity(letters.as_str().len());
    let mut letters = letters.peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('"' | '\\')) => content.extend(letters.next()),
            _ => content.push(letter),
        }
    }
    content
}

/// Things separated by commas, at least one.
pub fn list<'a, T>(item: impl Fn(Tokens<'a>) -> Read<'a, T>) -> impl Fn(Tokens<'a>) -> Read<'a, Vec<T>> {
    move |input| {
        let (mut rest, first) = item(input)?;
        let mut items = vec![first];
        while rest.kind_at(0, Kind::Comma) {
            let (after, next) = item(rest.rest()).map_err(cut)?;
            items.push(next);
            rest = after;
        }
        Ok((rest, items))
    }
}

/// Makes a failure final: what was read so far can mean nothing else.
pub fn cut(error: Err<Failure>) -> Err<Failure> {
    match error {
        Err::Error(failure) => Err::Failure(failure),
        other => other,
    }
}

/// Something after a word, and nothing where the word is not there.
pub fn after<'a, T>(
    lead: &'static str,
    then: impl Fn(Tokens<'a>) -> Read<'a, T>,
) -> impl Fn(Tokens<'a>) -> Read<'a, Option<T>> {
    move |input| match word(lead)(input) {
        Ok((rest, _)) => then(rest).map(|(rest, value)| (rest, Some(value))).map_err(cut),
        Err(_) => Ok((input, None)),
    }
}

/// The same with its place.
pub fn spanned<'a, T>(read: impl Fn(Tokens<'a>) -> Read<'a, T>) -> impl Fn(Tokens<'a>) -> Read<'a, Spanned<T>> {
    move |input| {
        let (rest, value) = read(input)?;
        Ok((rest, Spanned::new(value, input.until(rest))))
    }
}
