//! Days and periods in words: `1 Feb 2027`, `June 2026`, `Q1 2027`, `FY27-Q1`.

use super::{Meant, Tokens, place, text_of, word_at};
use crate::Span;
use crate::keys::{Key, Type};
use crate::syntax::parser::basic::unquoted;
use crate::syntax::token::{Kind, Token};
use chrono::NaiveDate;
use quarterdeck_calendar::{Period, month_named};

/// What some tokens mean.
enum Named {
    Day(String),
    Period(Period),
    /// A month or a quarter of no year, as it would be written in one.
    Yearless(String),
}

/// A year of four digits, or of two.
fn year(written: &str) -> Option<u32> {
    let digits = written.trim_start_matches(['\'', '’']);
    let value: u32 = digits.parse().ok()?;
    match digits.len() {
        4 if (1900..2200).contains(&value) => Some(value),
        2 => Some(2000 + value),
        _ => None,
    }
}

fn whole_year(written: &str) -> Option<u32> {
    year(written).filter(|_| written.len() == 4)
}

fn fiscal(word: &str) -> Option<u32> {
    let upper = word.to_uppercase();
    year(upper.strip_prefix("FY")?)
}

fn part(word: &str) -> Option<String> {
    let upper = word.to_uppercase();
    let sound =
        upper.len() == 2 && upper.starts_with(['Q', 'H']) && upper.ends_with(|last: char| last.is_ascii_digit());
    sound.then_some(upper)
}

/// What stands at an index, and how many tokens it takes.
fn named(tokens: Tokens<'_>, at: usize) -> Option<(Named, usize)> {
    let kind = |ahead: usize| tokens.nth(at + ahead).map(|token: Token| token.kind);
    let text = |ahead: usize| place(tokens, at + ahead, at + ahead).map_or("", |span| text_of(tokens, span));
    let joint =
        |ahead: usize| usize::from(matches!(kind(ahead), Some(Kind::Minus | Kind::Slash | Kind::Comma | Kind::Dot)));
    let day = |year: u32, month: u32, day: &str| {
        let written = format!("{year}-{month:02}-{day:0>2}");
        written.parse::<NaiveDate>().is_ok().then_some(Named::Day(written))
    };
    let of_year = |year: u32, part: &str| format!("{year}-{part}").parse().ok().map(Named::Period);
    let first = text(0);
    let word = kind(0) == Some(Kind::Word);
    if let (Some(Kind::Number), Some(month)) = (kind(0), month_named(text(1)).filter(|_| kind(1) == Some(Kind::Word))) {
        let gap = 2 + joint(2);
        return Some((day(whole_year(text(gap))?, month, first)?, gap + 1));
    }
    if let (true, Some(month)) = (word, month_named(first)) {
        let gap = 1 + joint(1);
        let after = gap + 1 + joint(gap + 1);
        if let Some(named) = whole_year(text(after)).and_then(|year| day(year, month, text(gap))) {
            return Some((named, after + 1));
        }
        return match year(text(gap)) {
            Some(year) => Some((of_year(year, &format!("{month:02}"))?, gap + 1)),
            None => Some((Named::Yearless(format!("{month:02}")), 1)),
        };
    }
    let gap = 1 + joint(1);
    if let (true, Some(part)) = (word, part(first)) {
        let found = year(text(gap)).or_else(|| fiscal(text(gap)));
        return match found {
            Some(year) => Some((of_year(year, &part)?, gap + 1)),
            None => Some((Named::Yearless(part), 1)),
        };
    }
    let led = fiscal(first).filter(|_| word).or_else(|| whole_year(first).filter(|_| kind(0) == Some(Kind::Number)));
    let (year, part) = (led?, part(text(gap)));
    match part {
        Some(part) => Some((of_year(year, &part)?, gap + 1)),
        None if word => Some((Named::Period(year.to_string().parse().ok()?), 1)),
        None => None,
    }
}

/// A period written otherwise at the very start of a plan's header.
pub fn period(tokens: Tokens<'_>) -> Option<(Span, Period)> {
    let first = tokens.first()?;
    if first.kind == Kind::Text {
        let content = unquoted(first, tokens.text);
        return content.parse().ok().map(|period| (tokens.span_of(first), period));
    }
    match named(tokens, 0)? {
        (Named::Period(period), length) => Some((place(tokens, 0, length - 1)?, period)),
        _ => None,
    }
}

/// A day or a period in words, in a value that holds one.
pub fn in_words(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    use Type::{Amount, Date, Dates, Learn, Method, Outcome, Until, When};
    if !matches!(key.ty, Date | Dates | When | Method | Learn | Until | Outcome | Amount) {
        return None;
    }
    let names = |at: usize| matches!(tokens.nth(at).map(|token| token.kind), Some(Kind::Word | Kind::Number));
    let (at, (found, length)) =
        (0..tokens.len()).filter(|at| names(*at)).find_map(|at| Some((at, named(tokens, at)?)))?;
    // The name of something else may be that of a month: only where a day could stand is it one.
    let led = at.checked_sub(1).map_or("", |before| word_at(tokens, before));
    if at > 0 && !matches!(led, "by" | "until" | "to" | "on" | "of" | "from" | "end" | "mid" | "early" | "late" | "the")
    {
        return None;
    }
    let place = place(tokens, at, at + length - 1)?;
    let written = text_of(tokens, place);
    let wants_day = matches!(key.ty, Date | Dates | Outcome);
    Some(match found {
        Named::Day(day) => Meant::instead(place, &day).told(format!("`{written}` is not how a day is written")),
        Named::Period(period) if wants_day => {
            Meant::hint(place, &format!("Write the very day, such as {}", first_day(period)))
                .told(format!("`{}` takes a day, and `{written}` is a period", key.name))
        }
        Named::Period(period) => {
            Meant::instead(place, &period.to_string()).told(format!("`{written}` is not how a period is written"))
        }
        Named::Yearless(_) if wants_day => Meant::hint(place, "A day is year, month and day: 2027-02-01")
            .told(format!("`{written}` of which year, and on which day?")),
        Named::Yearless(part) => Meant::hint(place, &format!("Write it with its year: 2027-{part}"))
            .told(format!("`{written}` of which year?")),
    })
}

/// The first day of a month, quarter, half or year of the calendar; of other periods any day does as an example.
fn first_day(period: Period) -> String {
    let written = period.to_string();
    let (year, part) = written.split_once('-').unwrap_or((&written, ""));
    let month = match part {
        "Q2" => "04",
        "Q3" | "H2" => "07",
        "Q4" => "10",
        month if month.len() == 2 && month.bytes().all(|byte| byte.is_ascii_digit()) => month,
        _ => "01",
    };
    format!("{year}-{month}-01")
}
