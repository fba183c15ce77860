//! Arithmetic over metrics and aggregates.
//!
//! ```text
//! formula  = sum suffix*                 suffix = "from" SOURCE … | "where" condition | "over" window
//! sum      = product (("+" | "-") product)*   product = minus (("*" | "/") minus)*   minus = "-"* earlier
//! earlier  = atom ("ago" duration)*      atom = number | aggregate | coalesce(…) | name | "(" formula ")"
//! ```
//! `where`, `over` and `from` belong to a single name, aggregate or parenthesis: beside arithmetic they are refused,
//! because a reader could take them either way.

use super::basic::{Read, fail, path, refuse};
use super::condition::{closing, condition, sum as row_value};
use super::failure::Expected;
use super::number::{literal, number};
use super::source::from_clause;
use super::time::{duration, window};
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{AggregateFunction, BinaryOp, Formula};
use crate::{Diagnostic, Span, Spanned};
use nom::Parser;
use nom::combinator::cut;

/// A formula with its place.
type Written = Spanned<Formula>;

/// The aggregate functions by name; `percentile` has a second argument.
const FUNCTIONS: &[(&str, AggregateFunction)] = &[
    ("count", AggregateFunction::Count),
    ("count_distinct", AggregateFunction::CountDistinct),
    ("sum", AggregateFunction::Sum),
    ("mean", AggregateFunction::Mean),
    ("min", AggregateFunction::Min),
    ("max", AggregateFunction::Max),
    ("median", AggregateFunction::Median),
    ("percentile", AggregateFunction::Percentile(0.0)),
    ("stddev", AggregateFunction::StdDev),
];

/// Names other tools give these functions.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("avg", "mean"),
    ("average", "mean"),
    ("uniq", "count_distinct"),
    ("unique", "count_distinct"),
    ("distinct", "count_distinct"),
    ("countd", "count_distinct"),
    ("total", "sum"),
    ("std", "stddev"),
    ("stdev", "stddev"),
    ("quantile", "percentile"),
    ("ifnull", "coalesce"),
    ("nvl", "coalesce"),
];

/// A formula.
pub fn formula<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let (mut rest, mut left) = sum(input)?;
    while let Some(suffix) = suffix_word(rest) {
        if is_open(input, &left) {
            return refuse(rest, ambiguous(input, &left, suffix, rest));
        }
        let (after, next) = apply(suffix, rest, left, input)?;
        (rest, left) = (after, next);
        if arithmetic(rest).is_some() {
            return refuse(rest, unclosed(input, &left, rest));
        }
    }
    Ok((rest, left))
}

/// Whether arithmetic stands outside any parenthesis, although the formula starts with one: `(a) / b where …`.
fn is_open(input: Tokens<'_>, left: &Written) -> bool {
    if !matches!(left.node, Formula::Binary(..) | Formula::Neg(_)) {
        return false;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = input.nth(at).filter(|token| token.end <= left.span.end) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash if depth == 0 => return true,
            _ => {}
        }
        at += 1;
    }
    false
}

fn suffix_word(input: Tokens<'_>) -> Option<&'static str> {
    ["from", "where", "over"].into_iter().find(|word| input.word_at(0, word))
}

fn apply<'a>(suffix: &str, rest: Tokens<'a>, left: Written, input: Tokens<'a>) -> Read<'a, Written> {
    let inner = Box::new(left);
    let (rest, node) = match suffix {
        "from" => {
            let (rest, clause) = cut(from_clause).parse(rest.rest())?;
            (rest, Formula::From(inner, clause))
        }
        "where" => {
            let (rest, filter) = cut(condition).parse(rest.rest())?;
            (rest, Formula::Where(inner, Box::new(filter)))
        }
        _ => {
            let (rest, window) = cut(window).parse(rest.rest())?;
            (rest, Formula::Over(inner, window))
        }
    };
    Ok((rest, Spanned::new(node, input.until(rest))))
}

fn ambiguous(input: Tokens<'_>, left: &Written, suffix: &str, rest: Tokens<'_>) -> Diagnostic {
    let whole = input.text.get(left.span.start as usize..left.span.end as usize).unwrap_or("…");
    let diagnostic = Diagnostic::error(
        codes::AMBIGUOUS,
        rest.here(),
        format!("does `{suffix}` belong to all of `{whole}` or to its last part?"),
    )
    .label(left.span, "all of it")
    .hint(format!("Put in parentheses what `{suffix}` belongs to: ({whole}) {suffix} …"));
    let (start, end) = (Span { end: left.span.start, ..left.span }, Span { start: left.span.end, ..left.span });
    let mut diagnostic = diagnostic.fix("Put parentheses around all of it", start, "(");
    if let Some(fix) = diagnostic.fixes.last_mut() {
        fix.edits.push(crate::Edit { span: end, text: ")".to_owned() });
    }
    diagnostic
}

fn unclosed(input: Tokens<'_>, left: &Written, rest: Tokens<'_>) -> Diagnostic {
    let whole = input.text.get(left.span.start as usize..left.span.end as usize).unwrap_or("…");
    let operator = rest.first().map_or("", |token| token.text(rest.text));
    let mut diagnostic = Diagnostic::error(
        codes::AMBIGUOUS,
        rest.here(),
        format!("`{operator}` follows `{whole}`, which needs parentheses"),
    )
    .hint(format!("Write ({whole}) {operator} …"))
    .fix("Add the parentheses", Span { end: left.span.start, ..left.span }, "(");
    if let Some(fix) = diagnostic.fixes.last_mut() {
        fix.edits.push(crate::Edit { span: Span { start: left.span.end, ..left.span }, text: ")".to_owned() });
    }
    diagnostic
}

fn arithmetic(input: Tokens<'_>) -> Option<BinaryOp> {
    match input.first()?.kind {
        Kind::Plus => Some(BinaryOp::Add),
        Kind::Minus => Some(BinaryOp::Subtract),
        Kind::Star => Some(BinaryOp::Multiply),
        Kind::Slash => Some(BinaryOp::Divide),
        _ => None,
    }
}

fn binary(op: BinaryOp, left: Written, right: Written) -> Written {
    let span = left.span.to(right.span);
    Spanned::new(Formula::Binary(op, Box::new(left), Box::new(right)), span)
}

fn sum<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let (mut rest, mut left) = product(input)?;
    while let Some(op @ (BinaryOp::Add | BinaryOp::Subtract)) = arithmetic(rest) {
        let (after, right) = cut(product).parse(rest.rest())?;
        left = binary(op, left, right);
        rest = after;
    }
    Ok((rest, left))
}

fn product<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let (mut rest, mut left) = minus(input)?;
    while let Some(op @ (BinaryOp::Multiply | BinaryOp::Divide)) = arithmetic(rest) {
        let (after, right) = cut(minus).parse(rest.rest())?;
        left = binary(op, left, right);
        rest = after;
    }
    Ok((rest, left))
}

fn minus<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let mut rest = input;
    let mut places = Vec::new();
    while rest.kind_at(0, Kind::Minus) {
        places.push(rest.here());
        rest = rest.rest();
    }
    let (rest, mut inner) = if places.is_empty() { earlier(rest)? } else { cut(earlier).parse(rest)? };
    for place in places.into_iter().rev() {
        let span = place.to(inner.span);
        inner = Spanned::new(Formula::Neg(Box::new(inner)), span);
    }
    Ok((rest, inner))
}

/// `x ago 1 year`
fn earlier<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let (mut rest, mut inner) = atom(input)?;
    while rest.word_at(0, "ago") {
        let (after, by) = cut(duration).parse(rest.rest())?;
        inner = Spanned::new(Formula::Ago(Box::new(inner), by), input.until(after));
        rest = after;
    }
    Ok((rest, inner))
}

const TERM: Expected = Expected::Thing("a metric, a number, an aggregate such as sum(x), or a parenthesis");

fn atom<'a>(input: Tokens<'a>) -> Read<'a, Written> {
    let Some(token) = input.first() else { return fail(input, TERM) };
    match token.kind {
        Kind::Number => {
            literal(input).map(|(rest, number)| (rest, Spanned::new(Formula::Number(number), input.here())))
        }
        Kind::Open => {
            let (rest, inner) = cut(formula).parse(input.rest())?;
            let (rest, _) = closing(rest, input)?;
            Ok((rest, Spanned::new(inner.node, input.until(rest))))
        }
        Kind::Word if input.kind_at(1, Kind::Open) => call(input, token.text(input.text)),
        Kind::Word => match path("a metric")(input) {
            Ok((rest, path)) => Ok((rest, path.map(Formula::Name))),
            Err(nom::Err::Error(_)) => fail(input, TERM),
            Err(error) => Err(error),
        },
        _ => fail(input, TERM),
    }
}

fn call<'a>(input: Tokens<'a>, function: &str) -> Read<'a, Written> {
    let open = input.rest();
    if function == "coalesce" {
        return coalesce(input, open);
    }
    let Some((_, known)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else {
        return refuse(input, unknown_function(input, function));
    };
    let inside = open.rest();
    let (rest, known, argument) = match known {
        AggregateFunction::Count => {
            if suffix_word(inside).is_some() {
                closing(inside, open)?;
            }
            if !inside.kind_at(0, Kind::Close) {
                let diagnostic = Diagnostic::error(codes::FUNCTION, inside.here(), "`count()` counts rows and takes nothing in its parentheses")
                    .hint("Different values are counted with count_distinct(x); part of the rows with: count() from SOURCE where …");
                return refuse(inside, diagnostic);
            }
            (inside, *known, None)
        }
        AggregateFunction::Percentile(_) => {
            let (rest, value) = argument(inside, function)?;
            let (rest, percent) = second(rest, "percentile(x, 95)")?;
            (rest, AggregateFunction::Percentile(percent.node.value), Some(Box::new(value)))
        }
        _ => {
            let (rest, value) = argument(inside, function)?;
            (rest, *known, Some(Box::new(value)))
        }
    };
    let (rest, _) = closing(rest, open)?;
    Ok((rest, Spanned::new(Formula::Aggregate { function: known, argument }, input.until(rest))))
}

fn argument<'a>(inside: Tokens<'a>, function: &str) -> Read<'a, Spanned<crate::syntax::value::Condition>> {
    if inside.kind_at(0, Kind::Close) {
        let diagnostic = Diagnostic::error(
            codes::FUNCTION,
            inside.here(),
            format!("`{function}` needs a column in its parentheses"),
        )
        .hint(format!("Write for example: {function}(amount) from orders"));
        return refuse(inside, diagnostic);
    }
    cut(row_value).parse(inside)
}

/// The number after a comma.
fn second<'a>(input: Tokens<'a>, example: &str) -> Read<'a, Spanned<crate::syntax::value::Number>> {
    if !input.kind_at(0, Kind::Comma) {
        let diagnostic =
            Diagnostic::error(codes::FUNCTION, input.here(), format!("a second argument is missing: {example}"));
        return refuse(input, diagnostic);
    }
    cut(number).parse(input.rest())
}

fn coalesce<'a>(input: Tokens<'a>, open: Tokens<'a>) -> Read<'a, Written> {
    let (rest, value) = cut(formula).parse(open.rest())?;
    let (rest, otherwise) = second(rest, "coalesce(a, 0)")?;
    let (rest, _) = closing(rest, open)?;
    Ok((rest, Spanned::new(Formula::Coalesce(Box::new(value), otherwise), input.until(rest))))
}

fn unknown_function(input: Tokens<'_>, function: &str) -> Diagnostic {
    let known = FUNCTIONS.iter().map(|(name, _)| *name).chain(["coalesce"]);
    let meant = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(function)).map(|(_, meant)| *meant);
    let nearest = meant.or_else(|| crate::suggest::nearest(function, known.clone()));
    let mut diagnostic = Diagnostic::error(codes::FUNCTION, input.here(), format!("there is no function `{function}`"));
    if let Some(nearest) = nearest {
        diagnostic = diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(
            format!("Write {nearest}"),
            input.here(),
            nearest,
        );
    }
    let known: Vec<&str> = known.collect();
    diagnostic.hint(format!("The functions are {}.", known.join(", ")))
}
