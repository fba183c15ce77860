//! Planning methods, guards and edges of the tree.

use super::basic::{Read, after, cut as final_, name, refuse, spanned, word, words};
use super::number::number;
use super::time::when;
use super::unit::{change, unit};
use crate::codes::syntax as codes;
use crate::syntax::token::Tokens;
use crate::syntax::value::{Change, Guard, GuardBase, GuardLimit, Method, Range, Stretch, UnitWords, Value};
use crate::{Diagnostic, Spanned};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{preceded, separated_pair};

/// A planning method.
pub fn method<'a>(input: Tokens<'a>) -> Read<'a, Method> {
    alt((
        preceded(word("trend"), cut(trend)),
        preceded(word("benchmark"), cut(benchmark)),
        preceded(word("market"), cut(market)),
        value(Method::Initiatives, word("initiatives")),
        preceded(word("objective"), cut(objective)),
    ))
    .parse(input)
}

fn trend<'a>(input: Tokens<'a>) -> Read<'a, Method> {
    let (rest, stretch) = after("stretch", spanned(stretch))(input)?;
    Ok((rest, Method::Trend { stretch }))
}

fn stretch<'a>(input: Tokens<'a>) -> Read<'a, Stretch> {
    alt((
        value(Stretch::Initiatives, word("initiatives")),
        map(preceded(word("confidence"), cut(number)), |part| Stretch::Confidence(part.node)),
        value(Stretch::Market, word("market")),
        map(change, Stretch::Change),
    ))
    .parse(input)
}

fn benchmark<'a>(input: Tokens<'a>) -> Read<'a, Method> {
    let (rest, benchmark) = name("a benchmark of the metric")(input)?;
    let (rest, (_, close, _, by)) = (word("close"), number, word("by"), when).parse(rest)?;
    Ok((rest, Method::Benchmark { benchmark, close, by }))
}

fn market<'a>(input: Tokens<'a>) -> Read<'a, Method> {
    let (rest, (share, _)) = (number, word("of")).parse(input)?;
    let (rest, of) = alt((word("tam"), word("sam"), word("som"))).parse(rest)?;
    let written = input.text.get(of.start as usize..of.end as usize).unwrap_or("").to_owned();
    let (rest, by) = preceded(word("by"), when).parse(rest)?;
    Ok((rest, Method::Market { share, of: Spanned::new(written, of), by }))
}

fn objective<'a>(input: Tokens<'a>) -> Read<'a, Method> {
    let (rest, (metric, change_)) = (name("the metric that is the objective"), change).parse(input)?;
    let (rest, slope) = after("at", slope)(rest)?;
    let (rest, stretch) = after("stretch", change)(rest)?;
    Ok((rest, Method::Objective { metric, change: change_, slope, stretch }))
}

/// `0.25pp per 1%`
fn slope<'a>(input: Tokens<'a>) -> Read<'a, (Change, Change)> {
    separated_pair(change, word("per"), cut(change)).parse(input)
}

/// `revenue lag 4 weeks at 0.25pp per 1%`
pub fn drives<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, metric) = name("the metric that is driven")(input)?;
    let (rest, lag) = after("lag", super::time::duration)(rest)?;
    let (rest, slope) = after("at", slope)(rest)?;
    let slope = slope.map(|(of_driven, of_own)| (Box::new(of_driven), Box::new(of_own)));
    Ok((rest, Value::Drives { metric, lag, slope }))
}

/// `M at most 5% above same quarter last year alarms 1 per year`
pub fn guard<'a>(input: Tokens<'a>) -> Read<'a, Guard> {
    let (rest, metric) = name("the metric to watch")(input)?;
    let (rest, limit) = if rest.word_at(0, "at") { map(cut(limit), Some).parse(rest)? } else { (rest, None) };
    let (rest, alarms) = after("alarms", |input| {
        let (rest, alarms) = number(input)?;
        let (rest, _) = cut(words(&["per", "year"])).parse(rest)?;
        Ok((rest, alarms))
    })(rest)?;
    if !rest.is_empty() && matches!(limit, Some(GuardLimit::Level { .. })) && alarms.is_none() {
        return alt((word("above"), word("below"), word("alarms")))
            .parse(rest)
            .map(|(rest, _)| (rest, Guard { metric, limit, alarms }));
    }
    Ok((rest, Guard { metric, limit, alarms }))
}

fn limit<'a>(input: Tokens<'a>) -> Read<'a, GuardLimit> {
    let (rest, at_most) =
        alt((value(true, words(&["at", "most"])), value(false, words(&["at", "least"])))).parse(input)?;
    let (after_change, change) = cut(change).parse(rest)?;
    if let Ok((rest, above)) =
        alt((value(true, word("above")), value(false, word("below")))).parse(after_change) as Read<'a, bool>
    {
        let (rest, base) = cut(spanned(base)).parse(rest)?;
        return Ok((rest, GuardLimit::Against { at_most, change, above, base }));
    }
    if let (Some(unit), Ok(_)) = (&change.unit, base(after_change)) {
        return refuse(after_change, neither_above_nor_below(unit));
    }
    match change.range {
        Range { middle: Some(level), ends: None, .. } if change.unit.is_none() && !change.relative => {
            Ok((after_change, GuardLimit::Level { at_most, level }))
        }
        Range { ends: Some(_), .. } => {
            let message = "a guard has one limit, not a range";
            refuse(
                rest,
                Diagnostic::error(codes::VALUE, change.span, message)
                    .hint("Write one number, such as: at most 5% above forecast"),
            )
        }
        _ if change.relative => {
            let message = "a relative change needs to say what it is compared with";
            refuse(
                rest,
                Diagnostic::error(codes::VALUE, change.span, message)
                    .hint("Add for example: above same quarter last year"),
            )
        }
        _ => super::number::own(rest).map_err(final_).map(|(rest, level)| (rest, GuardLimit::Level { at_most, level })),
    }
}

/// `5% under last quarter`: a word of everyday in the place of the language's.
fn neither_above_nor_below(found: &Spanned<UnitWords>) -> Diagnostic {
    let written = found.node.parts.iter().map(|part| part.node.as_str()).collect::<Vec<_>>().join(" per ");
    let meant = match written.as_str() {
        "under" | "beneath" | "less" | "lower" | "down" => Some("below"),
        "over" | "more" | "higher" | "up" => Some("above"),
        _ => None,
    };
    let diagnostic =
        Diagnostic::error(codes::VALUE, found.span, format!("expected `above` or `below`, found `{written}`"));
    match meant {
        Some(meant) => diagnostic.fix(format!("Write {meant}"), found.span, meant),
        None => diagnostic.hint("A guard is written like this: guard: tickets_per_order at most 5% above last quarter"),
    }
}

fn base<'a>(input: Tokens<'a>) -> Read<'a, GuardBase> {
    alt((
        value(GuardBase::Forecast, word("forecast")),
        value(GuardBase::LastQuarter, words(&["last", "quarter"])),
        value(GuardBase::SameQuarterLastYear, words(&["same", "quarter", "last", "year"])),
    ))
    .parse(input)
}

/// `households at 0.6 orders per household`
pub fn market_link<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, market) = name("a market")(input)?;
    let per_one = |input| {
        let (rest, per) = number(input)?;
        let (rest, unit) = opt(unit).parse(rest)?;
        Ok((rest, (per, unit)))
    };
    let (rest, per) = after("at", per_one)(rest)?;
    let (per, unit) = per.map_or((None, None), |(per, unit)| (Some(per), unit));
    Ok((rest, Value::MarketLink { market, per, unit: unit.map(Box::new) }))
}

/// A change, for judgements: `-1%`.
pub fn shift<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    map(change, |change| Value::Change(Box::new(change))).parse(input)
}

/// `M by CHANGE`
pub fn moves<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, metric) = name("the metric that moves")(input)?;
    let (rest, by) = cut(preceded(word("by"), change)).parse(rest)?;
    Ok((rest, Value::Moves { metric, by: Box::new(by) }))
}

/// `NAME 30%`
pub fn overlaps<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, initiative) = name("another initiative")(input)?;
    let (rest, part) = cut(number).parse(rest)?;
    Ok((rest, Value::Overlaps { initiative, part }))
}
