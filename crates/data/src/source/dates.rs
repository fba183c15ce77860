//! Dates and times as text files write them: ISO 8601, periods, or a format the source declares.

use super::names::{Named, counted_from, named};
use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use quarterdeck_calendar::{Calendar, Grain, Period, month_named};

/// The first year a row may lie in.
const FIRST_YEAR: i32 = 1900;

/// The form a date is written in; one column keeps to one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A day.
    Day,
    /// A day and a time without a zone, taken to be in the workspace's.
    Local,
    /// A day and a time with a zone.
    Zoned,
    /// A period written as one (`2008-01`, `2008`, `2008-Q1`, `2008-W05`), taken as its first day.
    Period(Grain),
}

impl Shape {
    /// Whether it says the time of day.
    pub fn has_time(self) -> bool {
        matches!(self, Shape::Local | Shape::Zoned)
    }

    /// The form in words.
    pub fn words(self) -> String {
        match self {
            Shape::Day => "a day".into(),
            Shape::Local => "a day and time without a zone".into(),
            Shape::Zoned => "a day and time with a zone".into(),
            Shape::Period(grain) => format!("a {grain}"),
        }
    }
}

/// Reads the dates of one source.
#[derive(Clone, Debug)]
pub struct DateReader {
    format: Option<Vec<Token>>,
    /// The first of a row of periods without years: `W45 is 2026-W45`.
    first: Option<Period>,
    zone: Tz,
    calendar: Calendar,
}

/// A piece of a declared format.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Year4,
    Year2,
    MonthName,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Literal(char),
}

impl DateReader {
    /// A reader for `dates:` as declared (ISO 8601 without it), in a time zone. `Err` says what the format lacks.
    pub fn new(format: Option<&str>, zone: Tz, calendar: &Calendar) -> Result<DateReader, String> {
        let (format, first) = match format.and_then(|text| text.split_once(" is ")) {
            Some((_, first)) => {
                let first = calendar.parse(&first.trim().to_uppercase()).map_err(|error| error.to_string())?;
                (None, Some(first))
            }
            None => (format, None),
        };
        let format = format.filter(|text| !matches!(text.to_lowercase().as_str(), "iso" | "iso 8601" | "yyyy-mm-dd"));
        let format = format.map(tokens).transpose()?;
        Ok(DateReader { format, first, zone, calendar: calendar.clone() })
    }

    /// Microseconds of the workspace's own clock since 1970, and the form they were written in.
    pub fn read(&self, text: &str) -> Option<(i64, Shape)> {
        let (time, shape) = match &self.format {
            Some(format) => read_declared(format, text)?,
            None => self.read_iso(text)?,
        };
        if time.year() < FIRST_YEAR {
            return None;
        }
        Some((time.and_utc().timestamp_micros(), shape))
    }

    fn read_iso(&self, text: &str) -> Option<(NaiveDateTime, Shape)> {
        let bytes = text.as_bytes();
        if bytes.len() < 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
            return self.read_period(text);
        }
        let day = ymd(number(bytes.get(0..4)?)?, number(bytes.get(5..7)?)?, number(bytes.get(8..10)?)?)?;
        let Some(rest) = bytes.get(10..).filter(|rest| !rest.is_empty()) else {
            return Some((day.and_time(NaiveTime::MIN), Shape::Day));
        };
        let clock = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")).or_else(|| rest.strip_prefix(b"t"))?;
        let (time, zone) = read_clock(clock)?;
        let local = day.and_time(time);
        match read_zone(zone)? {
            None => Some((local, Shape::Local)),
            Some(offset) => {
                let instant = offset.from_local_datetime(&local).single()?;
                Some((instant.with_timezone(&self.zone).naive_local(), Shape::Zoned))
            }
        }
    }

    fn read_period(&self, text: &str) -> Option<(NaiveDateTime, Shape)> {
        // Eight digits are a day to most and a period to none.
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let period = match named(text, &self.calendar)? {
            Named::Period(period) => period,
            Named::Yearless(grain, number) => counted_from(self.first?, grain, number, &self.calendar)?,
            Named::Planned(_) => return None,
        };
        let first = self.calendar.starts(period).and_time(NaiveTime::MIN);
        Some((first, Shape::Period(period.grain())))
    }

    /// What a header names: a day as the source writes days, or a period.
    pub fn header(&self, text: &str) -> Option<Named> {
        let text = text.trim();
        if self.format.is_none()
            && let Some(found) = named(text, &self.calendar)
        {
            return Some(match (found, self.first) {
                (Named::Yearless(grain, number), Some(first)) => {
                    counted_from(first, grain, number, &self.calendar).map_or(found, Named::Period)
                }
                _ => found,
            });
        }
        let (micros, shape) = self.read(text)?;
        let day = date_of(day_of(micros));
        Some(Named::Period(match shape {
            Shape::Period(Grain::Month) => Period::new(Grain::Month, day.year(), day.month()),
            Shape::Period(grain) => self.calendar.period_of(grain, day),
            _ => Period::day(day),
        }))
    }

    /// The first moment of a period, and the form that stands for it.
    pub fn start_of(&self, period: Period) -> (i64, Shape) {
        let shape = if period.grain() == Grain::Day { Shape::Day } else { Shape::Period(period.grain()) };
        (self.calendar.starts(period).and_time(NaiveTime::MIN).and_utc().timestamp_micros(), shape)
    }

    /// What was expected, for messages.
    pub fn expected(&self) -> String {
        match &self.format {
            None => "a date as 2027-02-28".into(),
            Some(format) => format!("a date as {}", example(format)),
        }
    }
}

/// What to do about a text that is no date, for a source that declares no format.
pub fn date_hint(text: &str, declared: bool) -> String {
    if declared {
        return "every date of the source is written as its `dates:` says".into();
    }
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let separator = text.chars().find(|c| !c.is_ascii_alphanumeric()).unwrap_or('/');
    let numbers: Vec<Option<u32>> = parts.iter().map(|part| part.parse().ok()).collect();
    let year_last = parts.len() >= 3 && parts.get(2).is_some_and(|part| part.len() == 4);
    match numbers.as_slice() {
        [Some(a), Some(_), Some(_), ..] if year_last && *a > 12 => {
            format!("say how the source writes dates: `dates: \"dd{separator}mm{separator}yyyy\"`")
        }
        [Some(_), Some(b), Some(_), ..] if year_last && *b > 12 => {
            format!("say how the source writes dates: `dates: \"mm{separator}dd{separator}yyyy\"`")
        }
        [Some(_), Some(_), Some(_), ..] if year_last => format!(
            "say how the source writes dates: `dates: \"dd{separator}mm{separator}yyyy\"` or `dates: \"mm{separator}dd{separator}yyyy\"`"
        ),
        [Some(_)] if text.len() == 8 => "say how the source writes dates: `dates: \"yyyymmdd\"`".into(),
        _ => "write dates as 2027-02-28, or say how they are written with `dates:`".into(),
    }
}

/// The day of microseconds since 1970, in days since 1970.
pub fn day_of(micros: i64) -> i32 {
    micros.div_euclid(86_400_000_000) as i32
}

/// Days since 1970 of a date.
pub fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// The date of days since 1970.
pub fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.saturating_add(719_163)).unwrap_or(NaiveDate::MAX)
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0u32, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `HH:MM`, `HH:MM:SS` or with a fraction, and what follows.
fn read_clock(clock: &[u8]) -> Option<(NaiveTime, &[u8])> {
    let (hour, minute) = (number(clock.get(0..2)?)?, number(clock.get(3..5)?)?);
    if clock.get(2) != Some(&b':') {
        return None;
    }
    let mut rest = clock.get(5..)?;
    let (mut second, mut micro) = (0, 0);
    if let Some(after) = rest.strip_prefix(b":") {
        second = number(after.get(0..2)?)?;
        rest = after.get(2..)?;
        if let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return None;
            }
            let places = number(fraction.get(..digits.min(6))?)?;
            micro = places * 10u32.pow(6 - digits.min(6) as u32);
            rest = fraction.get(digits..)?;
        }
    }
    Some((NaiveTime::from_hms_micro_opt(hour, minute, second, micro)?, rest))
}

/// `Some(None)` for no zone, an offset for `Z`, `UTC`, `+01:00`, `+0100` and `+01`.
fn read_zone(text: &[u8]) -> Option<Option<FixedOffset>> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [] => return Some(None),
        b"Z" | b"z" | b"UTC" => return Some(FixedOffset::east_opt(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.len() {
        2 => (number(digits)?, 0),
        4 => (number(digits.get(0..2)?)?, number(digits.get(2..4)?)?),
        5 if digits.get(2) == Some(&b':') => (number(digits.get(0..2)?)?, number(digits.get(3..5)?)?),
        _ => return None,
    };
    if hours > 18 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60) as i32).map(Some)
}

/// The pieces of a declared format: `yyyy`, `yy`, `mmm` (a name), `mm`, `m`, `dd`, `d`, `hh`, `mm` after `hh`, `ss`.
fn tokens(format: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let letters: Vec<char> = format.to_lowercase().chars().collect();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let run = letters.iter().skip(at).take_while(|other| **other == letter).count();
        let after_hour = tokens.contains(&Token::Hour) && !tokens.contains(&Token::Minute);
        let (token, length) = match (letter, run) {
            ('y', 4..) => (Token::Year4, 4),
            ('y', 2..) => (Token::Year2, 2),
            ('m', 1..=2) if after_hour => (Token::Minute, run),
            ('m', 3..) => (Token::MonthName, run),
            ('m', _) => (Token::Month, run),
            ('d', _) => (Token::Day, run.min(2)),
            ('h', _) => (Token::Hour, run.min(2)),
            ('s', _) => (Token::Second, run.min(2)),
            (other, _) if other.is_alphabetic() && other != 't' => {
                return Err(format!("`{other}` stands for nothing in a date format"));
            }
            (other, _) => (Token::Literal(other), 1),
        };
        tokens.push(token);
        at += length;
    }
    if !tokens.iter().any(|token| matches!(token, Token::Year4 | Token::Year2)) {
        return Err("the date format has no year".into());
    }
    let has_month = tokens.iter().any(|token| matches!(token, Token::Month | Token::MonthName));
    if tokens.contains(&Token::Day) && !has_month {
        return Err("the date format has a day and no month".into());
    }
    Ok(tokens)
}

fn read_declared(format: &[Token], text: &str) -> Option<(NaiveDateTime, Shape)> {
    let mut rest = text;
    let (mut year, mut month, mut day) = (0u32, 1u32, 1u32);
    let (mut hour, mut minute, mut second) = (0u32, 0u32, 0u32);
    for (at, token) in format.iter().enumerate() {
        // Where no separator follows, a number has exactly its two digits.
        let tight = !matches!(format.get(at + 1), None | Some(Token::Literal(_)));
        let mut digits = |most: usize, least: usize| -> Option<u32> {
            let found = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            if found < least {
                return None;
            }
            let (value, after) = rest.split_at_checked(found)?;
            rest = after;
            number(value.as_bytes())
        };
        let least = if tight { 2 } else { 1 };
        match token {
            Token::Year4 => year = digits(4, 4)?,
            Token::Year2 => year = digits(2, 2).map(|short| if short < 70 { 2000 + short } else { 1900 + short })?,
            Token::Month => month = digits(2, least)?,
            Token::Day => day = digits(2, least)?,
            Token::Hour => hour = digits(2, least)?,
            Token::Minute => minute = digits(2, least)?,
            Token::Second => second = digits(2, least)?,
            Token::MonthName => {
                let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                let (name, after) = rest.split_at_checked(length)?;
                month = month_named(name)?;
                rest = after.strip_prefix('.').unwrap_or(after);
            }
            Token::Literal(' ') => rest = rest.strip_prefix([' ', '\u{a0}'])?,
            Token::Literal(literal) => {
                let mut letters = rest.chars();
                let found = letters.next()?;
                if !found.eq_ignore_ascii_case(literal) {
                    return None;
                }
                rest = letters.as_str();
            }
        }
    }
    if !rest.is_empty() {
        return None;
    }
    let date = ymd(year, month, day)?;
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    Some((date.and_time(time), shape_of(format)))
}

fn shape_of(format: &[Token]) -> Shape {
    let has = |token: &Token| format.contains(token);
    if has(&Token::Hour) {
        Shape::Local
    } else if has(&Token::Day) {
        Shape::Day
    } else if has(&Token::Month) || has(&Token::MonthName) {
        Shape::Period(Grain::Month)
    } else {
        Shape::Period(Grain::Year)
    }
}

/// 28 February 2027, half past two, as a format writes it.
fn example(format: &[Token]) -> String {
    format
        .iter()
        .map(|token| match token {
            Token::Year4 => "2027".to_owned(),
            Token::Year2 => "27".into(),
            Token::MonthName => "Feb".into(),
            Token::Month => "02".into(),
            Token::Day => "28".into(),
            Token::Hour => "14".into(),
            Token::Minute => "30".into(),
            Token::Second => "00".into(),
            Token::Literal(letter) => letter.to_string(),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn read(format: Option<&str>, zone: &str, text: &str) -> String {
        let reader = DateReader::new(format, zone.parse().unwrap(), &Calendar::default()).unwrap();
        match reader.read(text) {
            Some((micros, shape)) => {
                format!("{} {shape:?}", DateTime::from_timestamp_micros(micros).unwrap().naive_utc())
            }
            None => "no".into(),
        }
    }

    #[test]
    fn iso_dates_times_and_periods() {
        for (text, expect) in [
            ("2024-02-29", "2024-02-29 00:00:00 Day"),
            ("2023-02-29", "no"),
            ("2024-03-31T23:59", "2024-03-31 23:59:00 Local"),
            ("2024-03-31 23:59:10.25", "2024-03-31 23:59:10.250 Local"),
            // Berlin is two hours ahead in July and one in January.
            ("2024-07-31T22:30:00Z", "2024-08-01 00:30:00 Zoned"),
            ("2024-01-31T22:30:00Z", "2024-01-31 23:30:00 Zoned"),
            ("2024-01-31 22:30:00+05:30", "2024-01-31 18:00:00 Zoned"),
            ("2024-01-31 22:30:00-0800", "2024-02-01 07:30:00 Zoned"),
            ("2008-01", "2008-01-01 00:00:00 Period(Month)"),
            ("2008", "2008-01-01 00:00:00 Period(Year)"),
            ("2008-Q3", "2008-07-01 00:00:00 Period(Quarter)"),
            ("2008-W02", "2008-01-07 00:00:00 Period(Week)"),
            ("2204-03-01", "2204-03-01 00:00:00 Day"),
            ("0204-03-01", "no"),
            ("20240229", "no"),
            ("1/2/2024", "no"),
            ("2024-02-29x", "no"),
            ("2024-02-29T25:00", "no"),
            ("", "no"),
        ] {
            assert_eq!(read(None, "Europe/Berlin", text), expect, "{text}");
        }
    }

    #[test]
    fn declared_formats() {
        for (format, text, expect) in [
            ("dd/mm/yyyy", "31/12/2024", "2024-12-31 00:00:00 Day"),
            ("dd/mm/yyyy", "1/2/2024", "2024-02-01 00:00:00 Day"),
            ("dd/mm/yyyy", "12/31/2024", "no"),
            ("dd/mm/yyyy", "2024-12-31", "no"),
            ("mm/dd/yyyy", "12/31/2024", "2024-12-31 00:00:00 Day"),
            ("yyyymmdd", "20241231", "2024-12-31 00:00:00 Day"),
            ("dd.mm.yyyy", "31.12.2024", "2024-12-31 00:00:00 Day"),
            ("d mmm yyyy", "3 Sept 2024", "2024-09-03 00:00:00 Day"),
            ("mmm yyyy", "Feb 2024", "2024-02-01 00:00:00 Period(Month)"),
            ("yyyy-mm", "2024-02", "2024-02-01 00:00:00 Period(Month)"),
            ("dd/mm/yy hh:mm", "31/12/24 14:05", "2024-12-31 14:05:00 Local"),
            ("yyyy", "2024", "2024-01-01 00:00:00 Period(Year)"),
        ] {
            assert_eq!(read(Some(format), "UTC", text), expect, "{format} {text}");
        }
        for format in ["dd/mm", "dd yyyy", "yyyy-qq"] {
            assert!(DateReader::new(Some(format), Tz::UTC, &Calendar::default()).is_err(), "{format}");
        }
    }

    #[test]
    fn hints_name_the_format_that_fits() {
        assert_eq!(date_hint("31/12/2024", false), "say how the source writes dates: `dates: \"dd/mm/yyyy\"`");
        assert_eq!(date_hint("12/31/2024", false), "say how the source writes dates: `dates: \"mm/dd/yyyy\"`");
        assert!(date_hint("03/04/2024", false).contains(" or "));
        assert!(date_hint("20240304", false).contains("yyyymmdd"));
    }

    #[test]
    fn days_count_from_1970() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(date_of(day_number(day)), day);
        assert_eq!(day_number(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()), 0);
        assert_eq!(day_of(-1), -1);
    }
}
