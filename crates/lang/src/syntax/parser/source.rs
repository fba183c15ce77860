//! Where rows come from: `from` clauses of measures, and the fields of a source.

use super::basic::{Read, after, column, fail, list, name, text, word};
use super::condition::clause;
use super::failure::Expected;
use super::number::{number, whole};
use super::time::{duration, grain};
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{From, FromClause, Value};
use nom::Parser;
use nom::combinator::cut;

/// `SOURCE [where COND] [by time COLUMN]`, the last two in either order.
pub fn from_clause<'a>(input: Tokens<'a>) -> Read<'a, FromClause> {
    let (rest, source) = name("a source")(input)?;
    let (rest, early) = by_time(rest)?;
    let (rest, filter) = clause("where")(rest)?;
    let (rest, late) = if early.is_none() { by_time(rest)? } else { (rest, None) };
    Ok((rest, FromClause { source, filter, time: early.or(late) }))
}

/// `by time COLUMN`; `by time within …` is a key named `time`.
fn by_time<'a>(input: Tokens<'a>) -> Read<'a, Option<crate::Spanned<String>>> {
    if !input.word_at(0, "by")
        || !input.word_at(1, "time")
        || !matches!(input.nth(2).map(|token| token.kind), Some(Kind::Word | Kind::Quoted))
    {
        return Ok((input, None));
    }
    match column("a time column")(input.rest().rest()) {
        Ok((rest, column)) => Ok((rest, Some(column))),
        Err(_) => Ok((input, None)),
    }
}

/// `"data/orders.csv"`, `warehouse table "public.orders"`
pub fn from<'a>(input: Tokens<'a>) -> Read<'a, From> {
    if let Ok((rest, files)) = text(input) {
        return Ok((rest, From::Files(files)));
    }
    let Ok((rest, connection)) = name("a connection")(input) else {
        return fail(input, Expected::Thing("a file such as \"data/orders.csv\", or a connection and its table"));
    };
    let (rest, _) = cut(word("table")).parse(rest)?;
    let (rest, table) = cut(text).parse(rest)?;
    Ok((rest, From::Table { connection, table }))
}

/// `customers on customer_id`
pub fn join<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, source) = name("another source")(input)?;
    let (rest, _) = cut(word("on")).parse(rest)?;
    let (rest, on) = cut(column("a column of this source")).parse(rest)?;
    Ok((rest, Value::Join { source, on }))
}

/// `8 days after month end`
pub fn arrives<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, after) = duration(input)?;
    let (rest, _) = cut(word("after")).parse(rest)?;
    let (rest, of) = cut(grain).parse(rest)?;
    let (rest, _) = cut(word("end")).parse(rest)?;
    Ok((rest, Value::Arrives { after, of }))
}

/// `at most 5`
pub fn skip<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, _) = word("at")(input)?;
    let (rest, _) = cut(word("most")).parse(rest)?;
    let (rest, most) = cut(whole).parse(rest)?;
    Ok((rest, Value::Skip(most)))
}

/// `EUR 0.85, USD 0.79`
pub fn rates<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let rate = |input| {
        let (rest, currency) = name("a currency such as EUR")(input)?;
        let (rest, worth) = cut(number).parse(rest)?;
        Ok((rest, (currency, worth)))
    };
    let (rest, rates) = list(rate)(input)?;
    Ok((rest, Value::Rates(rates)))
}

/// `"use x" replaced by x until D`, `x until D`
pub fn until<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, sentence) = nom::combinator::opt(text).parse(input)?;
    let replaced = |input: Tokens<'a>| {
        let (rest, _) = cut(word("by")).parse(input)?;
        name("a metric")(rest)
    };
    let (rest, replaced) = after("replaced", replaced)(rest)?;
    let (rest, metric) = match (replaced, &sentence) {
        (Some(metric), _) => (rest, Some(metric)),
        (None, Some(_)) => (rest, None),
        (None, None) => name("a metric, or a sentence in quotes")(rest).map(|(rest, metric)| (rest, Some(metric)))?,
    };
    let (rest, until) = after("until", super::time::when)(rest)?;
    Ok((rest, Value::Until { text: sentence, metric, until }))
}
