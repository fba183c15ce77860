//! What becomes of things: evidence, outcomes, what is to be learnt, allowed lints.

use super::basic::{Read, after, fail, refuse, text, word};
use super::failure::Expected;
use super::time::{date, when};
use super::unit::change;
use crate::codes::syntax as codes;
use crate::keys::{GRADES, NORTH_STAR};
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::Value;
use crate::{Diagnostic, Span, Spanned};
use nom::Parser;
use nom::combinator::{cut, opt};

/// The words an outcome starts with.
const OUTCOMES: &[&str] = &["shipped", "slipped", "dropped", "measured"];

/// One of a few words.
pub fn one_of<'a>(known: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Read<'a, Spanned<String>> {
    move |input| {
        let Some(token) = input.first().filter(|token| token.kind == Kind::Word) else {
            return refuse(input, none_of(input, input.here(), known));
        };
        let written = token.text(input.text);
        if known.contains(&written) {
            return Ok((input.rest(), Spanned::new(written.to_owned(), input.here())));
        }
        refuse(input, none_of(input, input.here(), known))
    }
}

/// The diagnostic for words at a place that are none of the known.
pub fn none_of(input: Tokens<'_>, place: Span, known: &[&'static str]) -> Diagnostic {
    let written = input.text.get(place.start as usize..place.end as usize).unwrap_or("").trim_matches('"');
    let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let list = match list.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => list.join(""),
    };
    let short: String = written.chars().take(40).collect();
    let found = if short.is_empty() { "nothing".to_owned() } else { format!("`{short}`") };
    let diagnostic = Diagnostic::error(codes::WORD, place, format!("expected {list}, found {found}"));
    match crate::suggest::nearest(written, known.iter().copied()) {
        Some(nearest) => {
            diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(format!("Write {nearest}"), place, nearest)
        }
        None => diagnostic,
    }
}

/// `pilot "York depot"`
pub fn evidence<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, grade) = one_of(GRADES)(input)?;
    let (rest, text) = opt(text).parse(rest)?;
    Ok((rest, Value::Evidence { grade, text }))
}

/// `shipped 2027-02-01`, `slipped to 2027-03-15 because "…"`, `dropped because "…"`, `measured 1.4pp because "…"`
pub fn outcome<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, first) = one_of(OUTCOMES)(input)?;
    let rest = if rest.word_at(0, "to") || rest.word_at(0, "on") { rest.rest() } else { rest };
    let (rest, day) = match first.node.as_str() {
        "slipped" | "shipped" => cut(date).parse(rest).map(|(rest, day)| (rest, Some(day)))?,
        _ => opt(date).parse(rest)?,
    };
    let (rest, change) = if first.node == "measured" {
        cut(change).parse(rest).map(|(rest, change)| (rest, Some(change)))?
    } else {
        after("measured", change)(rest)?
    };
    let (rest, because) = after("because", text)(rest)?;
    Ok((rest, Value::Outcome { word: first, date: day, change: change.map(Box::new), because }))
}

/// `"a baseline" by 2027-02-28`
pub fn learn<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, what) = text(input)?;
    let (rest, (_, by)) = cut((word("by"), when)).parse(rest)?;
    Ok((rest, Value::Learn { what, by }))
}

/// `value by "ana@grocer.example" on 2026-11-02`
pub fn attested<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, point) = one_of(NORTH_STAR)(input)?;
    let (rest, (_, by, _, on)) = cut((word("by"), text, word("on"), date)).parse(rest)?;
    Ok((rest, Value::Attested { point, by, on }))
}

/// `CODE "why"`; a code may be made of words joined by hyphens.
pub fn allow<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    if !input.kind_at(0, Kind::Word) {
        return fail(input, Expected::Thing("the code of a lint and why it is allowed here"));
    }
    let mut rest = input.rest();
    while rest.kind_at(0, Kind::Minus) && rest.kind_at(1, Kind::Word) {
        rest = rest.rest().rest();
    }
    let span = input.until(rest);
    let code = input.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned();
    let (rest, why) = opt(text).parse(rest)?;
    Ok((rest, Value::Allow { code: Spanned::new(code, span), why }))
}
