//! Numbers, ranges, levels, parts and bounds.

use super::basic::{Read, cut as final_, fail, refuse, spanned, word};
use super::failure::{Expected, Failure};
use super::unit::unit;
use crate::codes::syntax as codes;
use crate::syntax::lexer::read_number;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{Number, Range, Suffix, UnitWords, Value};
use crate::{Diagnostic, Span, Spanned};
use nom::Parser;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

/// A number token without its sign.
fn bare<'a>(input: Tokens<'a>) -> Read<'a, Number> {
    let token = input.first().filter(|token| token.kind == Kind::Number);
    let Some((value, suffix)) = token.and_then(|token| read_number(token.text(input.text))) else {
        return fail(input, Expected::Thing("a number"));
    };
    let suffix = match suffix {
        "%" => Suffix::Percent,
        "pp" => Suffix::Points,
        _ => Suffix::None,
    };
    Ok((input.rest(), Number { value, suffix }))
}

/// A number of an expression: no sign, no fraction.
pub fn literal<'a>(input: Tokens<'a>) -> Read<'a, Number> {
    bare(input)
}

/// A number with its sign, or a fraction: `-5%`, `2/3`.
pub fn number<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Number>> {
    spanned(signed)(input)
}

fn signed<'a>(input: Tokens<'a>) -> Read<'a, Number> {
    let minus = input.kind_at(0, Kind::Minus);
    let start = if minus || input.kind_at(0, Kind::Plus) { input.rest() } else { input };
    let (rest, mut number) = match bare(start) {
        Ok(read) => read,
        Err(error) if start.len() == input.len() => return Err(error),
        Err(error) => return Err(final_(error)),
    };
    let mut end = rest;
    if rest.kind_at(0, Kind::Slash)
        && number.suffix == Suffix::None
        && let Ok((after, divisor)) = bare(rest.rest())
    {
        if divisor.value == 0.0 || divisor.suffix != Suffix::None {
            return refuse(
                rest.rest(),
                Diagnostic::error(
                    codes::VALUE,
                    rest.rest().here(),
                    "a fraction is one number over another that is not zero, such as 2/3",
                ),
            );
        }
        number.value /= divisor.value;
        end = after;
    }
    number.value = if minus { -number.value } else { number.value };
    Ok((end, number))
}

/// A whole number from 1 on.
pub fn whole<'a>(input: Tokens<'a>) -> Read<'a, u32> {
    match bare(input) {
        Ok((rest, number))
            if number.suffix == Suffix::None
                && number.value.fract() == 0.0
                && (1.0..=100_000.0).contains(&number.value) =>
        {
            Ok((rest, number.value as u32))
        }
        Ok(_) => refuse(
            input,
            Diagnostic::error(
                codes::VALUE,
                input.here(),
                format!("expected a whole number from 1 to 100_000, found {}", shown(input)),
            ),
        ),
        Err(_) => fail(input, Expected::Thing("a whole number")),
    }
}

fn shown(input: Tokens<'_>) -> String {
    input.first().map_or("nothing".to_owned(), |token| token.shown(input.text))
}

/// A number without a suffix, for `people` and the like.
pub fn count<'a>(input: Tokens<'a>) -> Read<'a, Number> {
    let (rest, number) = number(input)?;
    if number.node.suffix != Suffix::None {
        let message = format!("expected a plain number, found {}", shown(input));
        return refuse(input, Diagnostic::error(codes::VALUE, number.span, message).hint("A count has no % or pp."));
    }
    Ok((rest, number.node))
}

/// `A`, `A to B`, `about M (A to B at 95%)`, with the units written after any of the numbers.
pub fn range<'a>(input: Tokens<'a>) -> Read<'a, (Range, Vec<Spanned<UnitWords>>)> {
    if input.word_at(0, "about") {
        return about(input);
    }
    let mut units = Vec::new();
    let (rest, first) = measured(input, &mut units)?;
    if !rest.word_at(0, "to") {
        return Ok((rest, (Range { middle: Some(first), ends: None, level: None }, units)));
    }
    let (rest, second) = measured(rest.rest(), &mut units).map_err(final_)?;
    let ends = ends(input, first, second)?;
    Ok((rest, (Range { middle: None, ends: Some(ends), level: None }, units)))
}

/// A number and the unit that may follow it.
fn measured<'a>(input: Tokens<'a>, units: &mut Vec<Spanned<UnitWords>>) -> Read<'a, Spanned<Number>> {
    let (rest, number) = number(input)?;
    let (rest, unit) = opt(unit).parse(rest)?;
    units.extend(unit);
    Ok((rest, number))
}

fn about<'a>(input: Tokens<'a>) -> Read<'a, (Range, Vec<Spanned<UnitWords>>)> {
    let mut units = Vec::new();
    let (rest, middle) = measured(input.rest(), &mut units).map_err(final_)?;
    if !rest.kind_at(0, Kind::Open) {
        let message = "`about` needs the range around it in parentheses";
        let about = input.until(rest);
        let written = input.text.get(about.start as usize..about.end as usize).unwrap_or("about 1.2pp");
        let diagnostic = Diagnostic::error(codes::RANGE, about, message)
            .hint(format!("Say how far off it may be: {written} (LOW to HIGH), which 8 of 10 such values keep to."));
        return refuse(rest, diagnostic);
    }
    let inside = rest.rest();
    let (rest, low) = measured(inside, &mut units).map_err(final_)?;
    let (rest, _) = cut(word("to")).parse(rest)?;
    let (rest, high) = measured(rest, &mut units).map_err(final_)?;
    let (rest, level) = opt(preceded(word("at"), cut(number))).parse(rest)?;
    let (rest, _) = cut(super::basic::kind(Kind::Close)).parse(rest)?;
    let (rest, unit) = opt(unit).parse(rest)?;
    units.extend(unit);
    let (low, high) = ends(inside, low, high)?;
    Ok((rest, (Range { middle: Some(middle), ends: Some((low, high)), level }, units)))
}

/// Both ends of a range: a suffix at the right covers the left. Whether they fit together is for later to say, but a `k`
/// at one end alone could mean either.
pub(super) fn ends(
    input: Tokens<'_>,
    mut low: Spanned<Number>,
    high: Spanned<Number>,
) -> Result<(Spanned<Number>, Spanned<Number>), nom::Err<Failure>> {
    if low.node.suffix == Suffix::None {
        low.node.suffix = high.node.suffix;
    }
    let failed = |diagnostic| Err(nom::Err::Failure(Failure::special(input, diagnostic)));
    let both = low.span.to(high.span);
    let text = |span: Span| input.text.get(span.start as usize..span.end as usize).unwrap_or("");
    if let (None, Some(multiple)) = (multiple(text(low.span)), multiple(text(high.span)))
        && low.node.value != 0.0
        && low.node.value < 1_000.0
    {
        let (low_text, high_text) = (text(low.span), text(high.span));
        return failed(
            Diagnostic::error(codes::RANGE, both, format!("does `{multiple}` belong to {low_text} too?"))
                .hint(format!(
                    "Write it at both ends ({low_text}{multiple} to {high_text}), or write both numbers out."
                ))
                .fix(format!("Write {low_text}{multiple} to {high_text}"), low.span, format!("{low_text}{multiple}")),
        );
    }
    Ok((low, high))
}

fn multiple(written: &str) -> Option<char> {
    written.chars().next_back().filter(|last| matches!(last, 'k' | 'M'))
}

/// A chance, optionally followed by `likely`.
pub fn chance<'a>(input: Tokens<'a>) -> Read<'a, Number> {
    let (rest, part) = number(input)?;
    let (rest, _) = opt(word("likely")).parse(rest)?;
    Ok((rest, part.node))
}

/// A level in the metric's own unit: `94.5%`, `120_431 within 0.5%`.
pub fn level<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, value) = own(input)?;
    let (rest, within) = opt(preceded(word("within"), cut(own))).parse(rest)?;
    Ok((rest, Value::Level { value, within }))
}

/// A number in a unit known from elsewhere; a unit written after it is refused.
pub fn own<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Number>> {
    let (rest, value) = number(input)?;
    if let Ok((_, unit)) = unit(rest) {
        let place = Span { start: value.span.end, ..unit.span };
        let written = input.text.get(unit.span.start as usize..unit.span.end as usize).unwrap_or("");
        let diagnostic =
            Diagnostic::error(codes::OWN_UNIT, unit.span, format!("the unit `{written}` is not written here"))
                .hint("This number is in the metric's own unit, which its `unit:` gives.")
                .fix("Leave the unit out", place, "");
        return refuse(rest, diagnostic);
    }
    Ok((rest, value))
}

/// `A to B` in the metric's own unit.
pub fn bounds<'a>(input: Tokens<'a>) -> Read<'a, (Spanned<Number>, Spanned<Number>)> {
    let (rest, low) = own(input)?;
    let (rest, _) = word("to")(rest)?;
    let (rest, high) = cut(own).parse(rest)?;
    let (low, high) = ends(input, low, high)?;
    Ok((rest, (low, high)))
}
