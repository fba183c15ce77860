//! Measures: what a metric counts.

use super::basic::{Read, after, column, cut as final_, name, refuse, text, word};
use super::formula::formula;
use super::number::number;
use super::source::from_clause;
use super::time::{duration, grain};
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{AggregateFunction, Formula, FromClause, Measure};
use crate::{Diagnostic, Spanned};
use nom::Parser;
use nom::combinator::cut;

/// Any measure; the steps of a funnel are read from its braces by the caller.
pub fn measure<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let from_follows = input.word_at(1, "from");
    let first = input.first().filter(|token| token.kind == Kind::Word).map_or("", |token| token.text(input.text));
    match first {
        "conversion" if from_follows || input.word_at(1, "rate") || input.word_at(1, "count") => conversion(input),
        "funnel" if from_follows => funnel(input),
        "retention" if from_follows => retention(input),
        "churn" if from_follows => churn(input),
        "recorded" if matches!(input.nth(1).map(|token| token.kind), Some(Kind::Word | Kind::Quoted | Kind::Text)) => {
            recorded(input)
        }
        _ => plain(input),
    }
}

/// Whether these tokens start a funnel, whose value may hold braces.
pub fn starts_funnel(input: Tokens<'_>) -> bool {
    input.word_at(0, "funnel") && input.word_at(1, "from")
}

fn clause_after<'a>(lead: &'static str) -> impl Fn(Tokens<'a>) -> Read<'a, FromClause> {
    move |input| {
        let (rest, _) = word(lead)(input)?;
        from_clause(rest).map_err(final_)
    }
}

fn key_by<'a>(input: Tokens<'a>) -> Read<'a, Spanned<String>> {
    let (rest, _) = word("by")(input)?;
    column("the column that ties the rows")(rest).map_err(final_)
}

fn conversion<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let rest = input.rest();
    let count = rest.word_at(0, "count");
    let rest = if count || rest.word_at(0, "rate") { rest.rest() } else { rest };
    let (rest, (from, to, by)) = cut((clause_after("from"), clause_after("to"), key_by)).parse(rest)?;
    let (rest, within) = cut(lead("within", duration)).parse(rest)?;
    Ok((rest, Measure::Conversion { count, from, to, by, within }))
}

/// Something after a word that has to be there.
fn lead<'a, T>(lead: &'static str, then: impl Fn(Tokens<'a>) -> Read<'a, T>) -> impl Fn(Tokens<'a>) -> Read<'a, T> {
    move |input| {
        let (rest, _) = word(lead)(input)?;
        then(rest).map_err(final_)
    }
}

fn funnel<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let (rest, (from, by, within)) =
        cut((clause_after("from"), key_by, lead("within", duration))).parse(input.rest())?;
    Ok((rest, Measure::Funnel { from, by, within, steps: Vec::new() }))
}

fn retention<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let (rest, (from, to, by)) = cut((clause_after("from"), clause_after("to"), key_by)).parse(input.rest())?;
    let (rest, (after, lasting)) = cut((lead("after", duration), lead("for", duration))).parse(rest)?;
    Ok((rest, Measure::Retention { from, to, by, after, lasting }))
}

fn churn<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let (rest, (from, by, per)) = cut((clause_after("from"), key_by, lead("per", grain))).parse(input.rest())?;
    Ok((rest, Measure::Churn { from, by, per }))
}

fn recorded<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    // A column whose name is a sentence may stand in quotes here, where nothing else could.
    let (rest, column) = match text(input.rest()) {
        Ok(read) => read,
        Err(_) => cut(column("a column")).parse(input.rest())?,
    };
    let (rest, _) = cut(word("in")).parse(rest)?;
    let (rest, from) = cut(from_clause).parse(rest)?;
    let (rest, scale) = after("scale", number)(rest)?;
    Ok((rest, Measure::Recorded { column, from, scale }))
}

/// A formula, or a stock where `at end` follows it.
fn plain<'a>(input: Tokens<'a>) -> Read<'a, Measure> {
    let (rest, formula) = formula(input)?;
    if !rest.word_at(0, "at") || !rest.word_at(1, "end") {
        return Ok((rest, Measure::Formula(formula)));
    }
    let at_end = rest;
    let (rest, per) = after("per", column("the column that tells the rows' owners apart"))(rest.rest().rest())?;
    if let Formula::From(inner, from) = formula.node
        && let Formula::Aggregate { function: AggregateFunction::Sum, argument: Some(value) } = inner.node
    {
        return Ok((rest, Measure::Stock { value: *value, from, per }));
    }
    let diagnostic =
        Diagnostic::error(codes::VALUE, at_end.here(), "`at end` follows `sum(x) from SOURCE` and nothing else")
            .hint("The level at the end of a period is: sum(balance) from accounts at end per account_id");
    refuse(at_end, diagnostic)
}

/// What stands before the condition of a funnel's step.
pub fn step_name<'a>(input: Tokens<'a>) -> Read<'a, Spanned<String>> {
    name("the step's name")(input)
}
