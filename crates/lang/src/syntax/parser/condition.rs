//! Conditions and values over the columns of a row.
//!
//! ```text
//! condition  = and ("or" and)*            and = not ("and" not)*            not = "not"* predicate
//! predicate  = sum [compare sum | ["not"] ("in" "(" list ")" | "like" text | "between" sum "and" sum) | "is" …]
//! sum        = product (("+" | "-") product)*     product = minus (("*" | "/") minus)*     minus = "-"* atom
//! ```

use super::basic::{JOINING, Read, cut as final_, fail, list, name, path, refuse, text, word};
use super::failure::Expected;
use super::number::literal;
use super::time::time_unit;
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{BinaryOp, Condition, Duration, Suffix};
use crate::{Diagnostic, Span, Spanned};
use nom::Parser;
use nom::combinator::{cut, opt};

/// A condition with its place.
type Row = Spanned<Condition>;

/// A condition, or a value of a row.
pub fn condition<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let (mut rest, mut left) = conjunction(input)?;
    while rest.word_at(0, "or") {
        let (after, right) = cut(conjunction).parse(rest.rest())?;
        left = binary(BinaryOp::Or, left, right);
        rest = after;
    }
    Ok((rest, left))
}

fn conjunction<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let (mut rest, mut left) = negation(input)?;
    while rest.word_at(0, "and") {
        let (after, right) = cut(negation).parse(rest.rest())?;
        left = binary(BinaryOp::And, left, right);
        rest = after;
    }
    Ok((rest, left))
}

fn binary(op: BinaryOp, left: Row, right: Row) -> Row {
    let span = left.span.to(right.span);
    Spanned::new(Condition::Binary(op, Box::new(left), Box::new(right)), span)
}

fn negation<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let mut rest = input;
    let mut places = Vec::new();
    while rest.word_at(0, "not") && !(rest.word_at(1, "in") && rest.word_at(2, "segment")) {
        places.push(rest.here());
        rest = rest.rest();
    }
    let (rest, mut inner) = if places.is_empty() { predicate(rest)? } else { cut(predicate).parse(rest)? };
    for place in places.into_iter().rev() {
        let span = place.to(inner.span);
        inner = Spanned::new(Condition::Not(Box::new(inner)), span);
    }
    Ok((rest, inner))
}

fn predicate<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let negated = input.word_at(0, "not");
    let start = if negated { input.rest() } else { input };
    if start.word_at(0, "in") && start.word_at(1, "segment") {
        let (rest, segment) = cut(name("a segment's name")).parse(start.rest().rest())?;
        return Ok((rest, Spanned::new(Condition::InSegment { segment, negated }, input.until(rest))));
    }
    let (rest, left) = sum(input)?;
    if let Some(op) = comparison(rest) {
        return compared(rest, op, left);
    }
    if rest.word_at(0, "is") {
        return is(rest, left);
    }
    worded(input, rest, left)
}

fn comparison(input: Tokens<'_>) -> Option<BinaryOp> {
    Some(match input.first()?.kind {
        Kind::Equal => BinaryOp::Equal,
        Kind::NotEqual => BinaryOp::NotEqual,
        Kind::Less => BinaryOp::Less,
        Kind::AtMost => BinaryOp::AtMost,
        Kind::More => BinaryOp::More,
        Kind::AtLeast => BinaryOp::AtLeast,
        _ => return None,
    })
}

fn compared<'a>(operator: Tokens<'a>, op: BinaryOp, left: Row) -> Read<'a, Row> {
    let right_start = operator.rest();
    if right_start.word_at(0, "null") {
        let place = left.span.to(right_start.here());
        let written = operator.text.get(left.span.start as usize..left.span.end as usize).unwrap_or("x");
        let fixed =
            if op == BinaryOp::NotEqual { format!("{written} is not null") } else { format!("{written} is null") };
        let diagnostic = Diagnostic::error(codes::COMPARISON, place, "nothing compares with null: it is not a value")
            .fix(format!("Write {fixed}"), place, fixed);
        return refuse(right_start, diagnostic);
    }
    let (rest, right) = cut(sum).parse(right_start)?;
    let place = left.span.to(right.span);
    if comparison(rest).is_some() {
        let diagnostic = Diagnostic::error(codes::COMPARISON, place.to(rest.here()), "two comparisons in a row")
            .hint("Join them: a <= b and b <= c, or write: b between a and c");
        return refuse(rest, diagnostic);
    }
    Ok((rest, binary(op, left, right)))
}

/// `is null`, `is not null`, `is unique`.
fn is<'a>(is: Tokens<'a>, left: Row) -> Read<'a, Row> {
    let negated = is.word_at(1, "not");
    let what = if negated { is.rest().rest() } else { is.rest() };
    let rest = what.rest();
    let span = left.span.to(what.here());
    let value = Box::new(left);
    if what.word_at(0, "null") {
        return Ok((rest, Spanned::new(Condition::IsNull { value, negated }, span)));
    }
    if what.word_at(0, "unique") && !negated {
        return Ok((rest, Spanned::new(Condition::IsUnique(value), span)));
    }
    let operator = if negated { "!=" } else { "=" };
    let place = is.until(what);
    let message = "`is` stands before `null`, `not null` or `unique`";
    refuse(what, Diagnostic::error(codes::COMPARISON, place, message).fix(format!("Write {operator}"), place, operator))
}

/// `[not] in (…)`, `[not] like "…"`, `[not] between a and b`.
fn worded<'a>(input: Tokens<'a>, rest: Tokens<'a>, left: Row) -> Read<'a, Row> {
    let negated = rest.word_at(0, "not");
    let start = if negated { rest.rest() } else { rest };
    if !["in", "like", "between"].iter().any(|word| start.word_at(0, word)) {
        return Ok((rest, left));
    }
    let value = Box::new(left);
    let (rest, node) = if start.word_at(0, "in") {
        let (rest, _) = cut(open_list).parse(start.rest())?;
        let (rest, list) = list(sum)(rest).map_err(final_)?;
        let (rest, _) = closing(rest, start.rest())?;
        (rest, Condition::In { value, list, negated })
    } else if start.word_at(0, "like") {
        let (rest, pattern) = cut(text).parse(start.rest())?;
        (rest, Condition::Like { value, pattern, negated })
    } else {
        let (rest, low) = cut(sum).parse(start.rest())?;
        let (rest, _) = cut(word("and")).parse(rest)?;
        let (rest, high) = cut(sum).parse(rest)?;
        (rest, Condition::Between { value, low: Box::new(low), high: Box::new(high), negated })
    };
    Ok((rest, Spanned::new(node, input.until(rest))))
}

fn open_list<'a>(input: Tokens<'a>) -> Read<'a, ()> {
    if input.kind_at(0, Kind::Open) {
        return Ok((input.rest(), ()));
    }
    if input.kind_at(0, Kind::Text) {
        let diagnostic = Diagnostic::error(codes::VALUE, input.here(), "what `in` looks through stands in parentheses")
            .hint("Write for example: country in (\"UK\", \"IE\"); for a single value: country = \"UK\"");
        return refuse(input, diagnostic);
    }
    fail(input, Expected::Thing("a list such as (\"UK\", \"IE\"), or `segment` and its name"))
}

/// The closing parenthesis of the one that stands at `open`.
pub fn closing<'a>(input: Tokens<'a>, open: Tokens<'a>) -> Read<'a, ()> {
    if input.kind_at(0, Kind::Close) {
        return Ok((input.rest(), ()));
    }
    let found = input.first().map_or("the value ends".to_owned(), |token| format!("found {}", token.shown(input.text)));
    let diagnostic = Diagnostic::error(codes::PARENTHESIS, input.here(), format!("expected `)`, {found}"))
        .label(open.here(), "the parenthesis opened here");
    let value = matches!(input.first().map(|token| token.kind), Some(Kind::Text | Kind::Number | Kind::Date));
    let diagnostic = if value {
        let here = input.here();
        diagnostic.hint("Values in a list are separated by commas.").fix(
            "Write a comma",
            Span { end: here.start, ..here },
            ", ",
        )
    } else {
        diagnostic.hint("Close it with `)` where what belongs together ends.")
    };
    refuse(input, diagnostic)
}

/// A value of a row: arithmetic over columns, numbers, days and durations.
pub fn sum<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let (mut rest, mut left) = product(input)?;
    loop {
        let op = match rest.first().map(|token| token.kind) {
            Some(Kind::Plus) => BinaryOp::Add,
            Some(Kind::Minus) => BinaryOp::Subtract,
            _ => return Ok((rest, left)),
        };
        let (after, right) = cut(product).parse(rest.rest())?;
        left = binary(op, left, right);
        rest = after;
    }
}

fn product<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let (mut rest, mut left) = minus(input)?;
    loop {
        let op = match rest.first().map(|token| token.kind) {
            Some(Kind::Star) => BinaryOp::Multiply,
            Some(Kind::Slash) => BinaryOp::Divide,
            _ => return Ok((rest, left)),
        };
        let (after, right) = cut(minus).parse(rest.rest())?;
        left = binary(op, left, right);
        rest = after;
    }
}

fn minus<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let mut rest = input;
    let mut places = Vec::new();
    while rest.kind_at(0, Kind::Minus) {
        places.push(rest.here());
        rest = rest.rest();
    }
    let (rest, mut inner) = if places.is_empty() { atom(rest)? } else { cut(atom).parse(rest)? };
    for place in places.into_iter().rev() {
        let span = place.to(inner.span);
        inner = Spanned::new(Condition::Neg(Box::new(inner)), span);
    }
    Ok((rest, inner))
}

const VALUE: Expected = Expected::Thing("a column, a number, a text or a day");

fn atom<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let Some(token) = input.first() else { return fail(input, VALUE) };
    let (rest, node) = match token.kind {
        Kind::Number => number(input)?,
        Kind::Text => text(input).map(|(rest, text)| (rest, Condition::Text(text.node)))?,
        Kind::Date => super::time::date(input).map(|(rest, day)| (rest, Condition::Date(day.node)))?,
        Kind::Period => return period(input),
        Kind::Open => {
            let (rest, inner) = cut(condition).parse(input.rest())?;
            let (rest, _) = closing(rest, input)?;
            return Ok((rest, Spanned::new(inner.node, input.until(rest))));
        }
        Kind::Quoted => path("a column")(input).map(|(rest, path)| (rest, Condition::Column(path.node)))?,
        Kind::Word => return column_or_constant(input),
        _ => return fail(input, VALUE),
    };
    Ok((rest, Spanned::new(node, input.until(rest))))
}

/// A number, or a duration where a word that counts time follows it.
fn number<'a>(input: Tokens<'a>) -> Read<'a, Condition> {
    let (rest, number) = literal(input)?;
    let unit = rest.first().filter(|token| token.kind == Kind::Word).and_then(|token| time_unit(token.text(rest.text)));
    let is_count =
        number.suffix == Suffix::None && number.value.fract() == 0.0 && (0.0..=100_000.0).contains(&number.value);
    match unit {
        Some(unit) if is_count => Ok((rest.rest(), Condition::Duration(Duration { count: number.value as u32, unit }))),
        _ => Ok((rest, Condition::Number(number))),
    }
}

fn period<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let found = input.first().map_or(String::new(), |token| token.shown(input.text));
    let diagnostic = Diagnostic::error(
        codes::VALUE,
        input.here(),
        format!("the period {found} has many days, and a condition compares with one"),
    )
    .hint("Write the first and the last day: delivered_at between 2027-01-01 and 2027-03-31");
    refuse(input, diagnostic)
}

fn column_or_constant<'a>(input: Tokens<'a>) -> Read<'a, Row> {
    let written = input.first().map_or("", |token| token.text(input.text));
    let constant = match written {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    if let Some(constant) = constant {
        return Ok((input.rest(), Spanned::new(Condition::Bool(constant), input.here())));
    }
    if input.kind_at(1, Kind::Open) && !JOINING.contains(&written) {
        let diagnostic = Diagnostic::error(
            codes::FUNCTION,
            input.here(),
            format!("`{written}(…)` cannot stand in a condition"),
        )
        .hint(
            "Conditions compare the columns of one row. Compute the rest as a `column` of the source, or beforehand.",
        );
        return refuse(input, diagnostic);
    }
    let (rest, path) = match path("a column")(input) {
        Ok(read) => read,
        Err(nom::Err::Error(_)) => return fail(input, VALUE),
        Err(error) => return Err(error),
    };
    Ok((rest, path.map(Condition::Column)))
}

/// Conditions separated by commas.
pub fn conditions<'a>(input: Tokens<'a>) -> Read<'a, Vec<Row>> {
    list(condition)(input)
}

/// The condition after a word such as `where`, if that word is there.
pub fn clause<'a>(lead: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, Option<Row>> {
    move |input| {
        if !input.word_at(0, lead) {
            return Ok((input, None));
        }
        opt(cut(condition)).parse(input.rest())
    }
}
