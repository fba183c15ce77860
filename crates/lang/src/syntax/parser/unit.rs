//! Units, amounts and changes.

use super::basic::{JOINING, Read, fail, refuse, word};
use super::failure::Expected;
use super::number::range;
use super::time::when;
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{Amount, Change, Range, UnitWords};
use crate::{Diagnostic, Spanned};
use nom::Parser;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

/// Words that follow an amount or a change without being its unit.
const FOLLOWING: &[&str] = &[
    "per",
    "at",
    "stretch",
    "above",
    "below",
    "relative",
    "because",
    "alarms",
    "of",
    "close",
    "lag",
    "about",
    "until",
    "likely",
    "on",
    "for",
    "replaced",
    "confidence",
];

/// `orders`, `orders per household`, `person-weeks`.
pub fn unit<'a>(input: Tokens<'a>) -> Read<'a, Spanned<UnitWords>> {
    let (mut rest, first) = noun(input)?;
    let mut parts = vec![first];
    while rest.word_at(0, "per") && !rest.kind_at(1, Kind::Number) {
        let (after, part) = noun(rest.rest()).map_err(super::basic::cut)?;
        parts.push(part);
        rest = after;
    }
    Ok((rest, Spanned::new(UnitWords { parts }, input.until(rest))))
}

/// The unit a metric or a market declares: `percent` is none.
pub fn declared<'a>(input: Tokens<'a>) -> Read<'a, Spanned<UnitWords>> {
    const PERCENT: &[&str] = &["percent", "percentage", "pct", "percents", "percentages"];
    let (rest, found) = unit(input)?;
    match found.node.parts.as_slice() {
        [noun] if PERCENT.contains(&noun.node.to_lowercase().as_str()) => {
            let message = format!("`{}` is no unit", noun.node);
            let diagnostic = Diagnostic::error(codes::WORD, noun.span, message).hint(
                "A part of a whole, 0% to 100%, is `unit: share`; a growth or another quotient is `unit: ratio`.",
            );
            refuse(input, diagnostic.fix("Write share", noun.span, "share"))
        }
        _ => Ok((rest, found)),
    }
}

/// One noun, its parts joined by hyphens without spaces.
fn noun<'a>(input: Tokens<'a>) -> Read<'a, Spanned<String>> {
    let word = input.first().filter(|token| {
        let text = token.text(input.text);
        token.kind == Kind::Word && !JOINING.contains(&text) && !FOLLOWING.contains(&text)
    });
    let Some(mut last) = word else { return fail(input, Expected::Thing("a unit such as `orders`")) };
    let mut rest = input.rest();
    while let (Some(dash), Some(more)) = (rest.nth(0), rest.nth(1))
        && (dash.kind, more.kind) == (Kind::Minus, Kind::Word)
        && (last.end, dash.end) == (dash.start, more.start)
    {
        last = more;
        rest = rest.rest().rest();
    }
    let span = input.until(rest);
    let written = input.text.get(span.start as usize..span.end as usize).unwrap_or("");
    Ok((rest, Spanned::new(written.to_owned(), span)))
}

/// `1_000_000`, `550_000 to 650_000`, `28 GBP to 34 GBP per order`, `100_000 by 2028-Q4`.
pub fn amount<'a>(input: Tokens<'a>) -> Read<'a, Amount> {
    let (rest, (range, unit)) = measured(input)?;
    let (rest, by) = opt(preceded(word("by"), cut(when))).parse(rest)?;
    Ok((rest, Amount { range, unit, by }))
}

/// `+1pp`, `-1%`, `1pp to 3pp`, `2% relative`, `5 orders`.
pub fn change<'a>(input: Tokens<'a>) -> Read<'a, Change> {
    let (rest, (range, unit)) = measured(input)?;
    let (rest, relative) = opt(word("relative")).parse(rest)?;
    Ok((rest, Change { range, relative: relative.is_some(), unit, span: input.until(rest) }))
}

/// A range and its unit: written at the right end, or alike at every number.
fn measured<'a>(input: Tokens<'a>) -> Read<'a, (Range, Option<Spanned<UnitWords>>)> {
    let (rest, (range, mut units)) = range(input)?;
    let Some(last) = units.pop() else { return Ok((rest, (range, None))) };
    // A shorter one before says the same: `28 GBP to 34 GBP per order`.
    let same = |unit: &&Spanned<UnitWords>| {
        let (few, all) = (&unit.node.parts, &last.node.parts);
        few.len() <= all.len() && few.iter().zip(all).all(|(one, other)| one.node == other.node)
    };
    if let Some(other) = units.iter().find(|unit| !same(unit)) {
        let diagnostic = Diagnostic::error(codes::RANGE, other.span, "the numbers of this range have different units")
            .label(last.span, "the other unit")
            .hint("One unit at the right end covers all of them.");
        return refuse(input, diagnostic);
    }
    Ok((rest, (range, Some(last))))
}
