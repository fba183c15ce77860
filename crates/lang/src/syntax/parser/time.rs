//! Days, periods, durations, windows.

use super::basic::{Read, fail, list, refuse, spanned, word, words};
use super::failure::Expected;
use super::number::whole;
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::value::{Duration, Reads, TimeUnit, Value, When, Window};
use crate::{Diagnostic, Spanned};
use chrono::NaiveDate;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt, value};
use nom::sequence::preceded;
use quarterdeck_calendar::{Grain, Period};

/// A day.
pub fn date<'a>(input: Tokens<'a>) -> Read<'a, Spanned<NaiveDate>> {
    let token = input.first().filter(|token| token.kind == Kind::Date);
    match token.and_then(|token| token.text(input.text).parse().ok()) {
        Some(day) => Ok((input.rest(), Spanned::new(day, input.here()))),
        None if input.kind_at(0, Kind::Period) => {
            let found = input.first().map_or(String::new(), |token| token.shown(input.text));
            let message = format!("expected a day such as 2027-02-01, found the period {found}");
            refuse(input, Diagnostic::error(codes::VALUE, input.here(), message).hint("Write the very day."))
        }
        None => fail(input, Expected::Kind(Kind::Date)),
    }
}

/// A period; a year is written as its number.
pub fn period<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Period>> {
    let token = input.first().filter(|token| matches!(token.kind, Kind::Period | Kind::Number));
    match token.and_then(|token| token.text(input.text).to_ascii_uppercase().parse().ok()) {
        Some(period) => Ok((input.rest(), Spanned::new(period, input.here()))),
        None => fail(input, Expected::Kind(Kind::Period)),
    }
}

/// A day, or a period for its last day.
pub fn when<'a>(input: Tokens<'a>) -> Read<'a, Spanned<When>> {
    if input.kind_at(0, Kind::Date) {
        return date(input).map(|(rest, day)| (rest, day.map(When::Day)));
    }
    match period(input) {
        Ok((rest, period)) => Ok((rest, period.map(When::Period))),
        Err(_) => fail(input, Expected::Thing("a day such as 2027-02-28 or a period such as 2027-Q1")),
    }
}

/// `2024-11-29 to 2024-12-02, 2025-11-28`
pub fn dates<'a>(input: Tokens<'a>) -> Read<'a, Value> {
    let (rest, dates) = list(stretch)(input)?;
    Ok((rest, Value::Dates(dates)))
}

fn stretch<'a>(input: Tokens<'a>) -> Read<'a, (Spanned<NaiveDate>, Spanned<NaiveDate>)> {
    let (rest, from) = date(input)?;
    let (rest, to) = opt(preceded(word("to"), cut(date))).parse(rest)?;
    let to = to.unwrap_or(from.clone());
    Ok((rest, (from, to)))
}

/// What a word counts time in.
pub fn time_unit(word: &str) -> Option<TimeUnit> {
    match word {
        "minute" | "minutes" => Some(TimeUnit::Minute),
        "hour" | "hours" => Some(TimeUnit::Hour),
        "half" | "halves" => Some(TimeUnit::Grain(Grain::Half)),
        _ => Grain::from_word(word).map(TimeUnit::Grain),
    }
}

/// The word at the start, where it counts time.
fn counted<'a>(input: Tokens<'a>) -> Read<'a, TimeUnit> {
    let word = input.first().filter(|token| token.kind == Kind::Word);
    match word.and_then(|token| time_unit(token.text(input.text))) {
        Some(unit) => Ok((input.rest(), unit)),
        None => fail(input, Expected::Thing("minutes, hours, days, weeks, months, quarters or years")),
    }
}

/// `2 days`
pub fn duration<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Duration>> {
    spanned(|input| {
        if !input.kind_at(0, Kind::Number) {
            return fail(input, Expected::Thing("a duration such as 4 weeks"));
        }
        let (rest, count) = whole(input)?;
        let (rest, unit) = cut(counted).parse(rest)?;
        Ok((rest, Duration { count, unit }))
    })(input)
}

/// `day`, `week`, `month`, `quarter`, `year`
pub fn grain<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Grain>> {
    let word = input.first().filter(|token| token.kind == Kind::Word);
    match word.and_then(|token| Grain::from_word(token.text(input.text))) {
        Some(grain) => Ok((input.rest(), Spanned::new(grain, input.here()))),
        None => fail(input, Expected::Thing("`day`, `week`, `month`, `quarter` or `year`")),
    }
}

/// `trailing 28 days`, `month to date`, `all time`
pub fn window<'a>(input: Tokens<'a>) -> Read<'a, Spanned<Window>> {
    let (rest, window) = alt((
        preceded(word("trailing"), cut(duration)).map(|length| Window::Trailing(length.node)),
        value(Window::ToDate(Grain::Month), words(&["month", "to", "date"])),
        value(Window::ToDate(Grain::Quarter), words(&["quarter", "to", "date"])),
        value(Window::ToDate(Grain::Year), words(&["year", "to", "date"])),
        value(Window::AllTime, words(&["all", "time"])),
    ))
    .parse(input)?;
    Ok((rest, Spanned::new(window, input.until(rest))))
}

/// `total`, `average week`, `last`, `average of last 4 weeks`, `whole`
pub fn reads<'a>(input: Tokens<'a>) -> Read<'a, Reads> {
    alt((
        value(Reads::Total, word("total")),
        value(Reads::Last, word("last")),
        value(Reads::Whole, word("whole")),
        preceded(word("average"), cut(alt((average_of_last, grain.map(|grain| Reads::Average(grain.node)))))),
    ))
    .parse(input)
}

fn average_of_last<'a>(input: Tokens<'a>) -> Read<'a, Reads> {
    let (rest, _) = word("of")(input)?;
    let (rest, _) = cut(word("last")).parse(rest)?;
    let (rest, count) = cut(whole).parse(rest)?;
    let (rest, grain) = cut(grain).parse(rest)?;
    Ok((rest, Reads::AverageOfLast(count, grain.node)))
}
