//! Dates and periods as people write them, and every way they can be read.
//!
//! A column is read only where all the formats that fit every cell agree on every cell: a file of `03/04/2026` without a
//! day above 12 fits two, and both are shown.

use chrono::{Datelike, NaiveDate};
use quarterdeck_calendar::{Grain, Period, month_named};

/// What a text says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day, perhaps with a clock.
    Day {
        /// The day.
        day: NaiveDate,
        /// Whether the time of day is said.
        clock: bool,
        /// Whether the time's zone is said.
        zoned: bool,
    },
    /// A period, by its name; quarters may be fiscal ones.
    Period(Period),
    /// A week, month or quarter whose year is not said.
    Yearless(Grain, u32),
}

impl When {
    /// How long what it names is.
    pub fn grain(self) -> Grain {
        match self {
            When::Day { .. } => Grain::Day,
            When::Period(period) => period.grain(),
            When::Yearless(grain, _) => grain,
        }
    }

    /// The day it names, or the period's first in calendar years; for putting dates in order and looking at distances.
    pub fn order(self) -> i64 {
        let number = |day: Option<NaiveDate>| day.map_or(0, |day| i64::from(day.num_days_from_ce()));
        match self {
            When::Day { day, .. } => number(Some(day)),
            When::Yearless(_, number) => i64::from(number),
            When::Period(period) => {
                let (year, at) = (period.year(), period.number());
                match period.grain() {
                    Grain::Week => number(NaiveDate::from_isoywd_opt(year, at, chrono::Weekday::Mon)),
                    Grain::Month => number(NaiveDate::from_ymd_opt(year, at, 1)),
                    Grain::Quarter => number(NaiveDate::from_ymd_opt(year, 3 * at - 2, 1)),
                    Grain::Half => number(NaiveDate::from_ymd_opt(year, 6 * at - 5, 1)),
                    _ => number(NaiveDate::from_ymd_opt(year, 1, 1)),
                }
            }
        }
    }

    /// As the language writes it.
    pub fn shown(self) -> String {
        match self {
            When::Day { day, .. } => day.to_string(),
            When::Period(period) => period.to_string(),
            When::Yearless(Grain::Week, number) => format!("W{number:02}"),
            When::Yearless(Grain::Quarter, number) => format!("Q{number}"),
            When::Yearless(_, number) => format!("month {number}"),
        }
    }
}

impl When {
    /// As a person says it: `1 April 2026`.
    pub fn said(self) -> String {
        match self {
            When::Day { day, .. } => day.format("%-d %B %Y").to_string(),
            other => other.shown(),
        }
    }
}

/// A way of writing dates: `yyyy`, `yy`, `mm`, `mmm` (a month's name), `dd`, `hh`, `mm` after `hh`, `ss`, `q`, `ww`, and what
/// stands between them. The empty one is ISO 8601.
pub type Format = &'static str;

/// ISO 8601: days, times and periods.
pub const ISO: Format = "";

/// Every way of writing a day.
const DAYS: [Format; 27] = [
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "dd.mm.yyyy",
    "dd-mm-yyyy",
    "mm-dd-yyyy",
    "yyyy/mm/dd",
    "yyyy.mm.dd",
    "yyyymmdd",
    "dd/mm/yy",
    "mm/dd/yy",
    "dd.mm.yy",
    "dd-mm-yy",
    "yy-mm-dd",
    "mm-dd-yy",
    "dd mmm yyyy",
    "dd-mmm-yyyy",
    "dd. mmm yyyy",
    "dd mmm yy",
    "dd-mmm-yy",
    "dd/mmm/yyyy",
    "mmm dd, yyyy",
    "mmm dd yyyy",
    "mmm. dd, yyyy",
    "yyyy. mm. dd",
    "yyyy. mm. dd.",
    "dd. mm. yyyy",
    "d mmm, yyyy",
];

/// What may stand behind a day.
const CLOCKS: [&str; 6] = [" hh:mm", " hh:mm:ss", ", hh:mm", ", hh:mm:ss", "T hh:mm", " hh.mm"];

/// Every way of writing a longer period.
const PERIODS: [Format; 36] = [
    "mmm-yy",
    "mmm yy",
    "mmm 'yy",
    "mmm'yy",
    "mmm yyyy",
    "mmm-yyyy",
    "mmm/yy",
    "mmm/yyyy",
    "mmm. yyyy",
    "mmm, yyyy",
    "yyyy mmm",
    "yyyy-mmm",
    "mm/yyyy",
    "mm.yyyy",
    "mm-yyyy",
    "yyyy/mm",
    "yyyy.mm",
    "yyyymm",
    "Qq yyyy",
    "Qq-yyyy",
    "Qq/yyyy",
    "yyyy Qq",
    "yyyyQq",
    "Qq yy",
    "Qq'yy",
    "Qq-yy",
    "FYyy Qq",
    "FYyy-Qq",
    "Qq FYyy",
    "Qq FYyyyy",
    "FYyyyy Qq",
    "qQyy",
    "Www yyyy",
    "Www/yyyy",
    "yyyyWww",
    "yyyy Www",
];

/// Periods without their year.
const YEARLESS: [Format; 7] = ["Www", "Week ww", "KWww", "KW ww", "CWww", "Qq", "mmm"];

/// Every way a text can be read, with what it then says. ISO alone where it fits, since nothing else is written so.
pub fn readings(text: &str) -> Vec<(String, When)> {
    let text = text.trim();
    if let Some(when) = iso(text) {
        return vec![(ISO.to_owned(), when)];
    }
    if text.len() < 2
        || text.len() > 40
        || !text.contains(|letter: char| letter.is_ascii_digit() || letter.is_alphabetic())
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    for format in DAYS {
        if let Some((when, "")) = read(format, text) {
            found.push((format.to_owned(), when));
        } else if text.contains([':', '.']) {
            let with_clock = CLOCKS.iter().map(|clock| format!("{format}{}", clock.replace("T ", "T")));
            found.extend(with_clock.filter_map(|format| match read(&format, text) {
                Some((when, "")) => Some((format, when)),
                _ => None,
            }));
        }
    }
    let longer = PERIODS.into_iter().chain(YEARLESS);
    found.extend(longer.filter_map(|format| match read(format, text) {
        Some((when, "")) => Some((format.to_owned(), when)),
        _ => None,
    }));
    found
}

/// What a text says in one format.
pub fn read_in(format: &str, text: &str) -> Option<When> {
    let text = text.trim();
    if format.is_empty() {
        return iso(text);
    }
    read(format, text).and_then(|(when, rest)| rest.is_empty().then_some(when))
}

/// Whether a format tells fiscal quarters.
pub fn is_fiscal(format: &str) -> bool {
    format.contains("FY")
}

/// ISO 8601 and the periods of the language.
fn iso(text: &str) -> Option<When> {
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let Some(day) = day else {
        let period: Period = text.parse().ok()?;
        let plausible = (1970..=2100).contains(&period.year());
        return plausible.then_some(When::Period(period));
    };
    let rest = text.get(10..).unwrap_or_default();
    if rest.is_empty() {
        return Some(When::Day { day, clock: false, zoned: false });
    }
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let digits =
        clock.chars().take_while(|letter| letter.is_ascii_digit() || matches!(letter, ':' | '.' | ',')).count();
    let (time, zone) = (clock.get(..digits)?, clock.get(digits..)?.trim());
    let colons = time.matches(':').count();
    let zone_fits = zone.is_empty() || matches!(zone, "Z" | "z" | "UTC") || zone.starts_with(['+', '-']);
    let fits = (1..=2).contains(&colons) && time.len() >= 4 && zone_fits;
    fits.then_some(When::Day { day, clock: true, zoned: !zone.is_empty() })
}

/// What was read so far.
#[derive(Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    quarter: Option<u32>,
    week: Option<u32>,
    clock: bool,
}

fn read<'a>(format: &str, text: &'a str) -> Option<(When, &'a str)> {
    let mut parts = Parts::default();
    let (mut format, mut rest) = (format, text);
    while let Some(first) = format.chars().next() {
        let token = ["yyyy", "mmm", "yy", "mm", "dd", "d", "hh", "ss", "ww", "q"]
            .into_iter()
            .find(|token| format.starts_with(token));
        let Some(token) = token else {
            rest = literal(first, rest)?;
            format = format.get(first.len_utf8()..)?;
            continue;
        };
        format = format.get(token.len()..)?;
        // Where no separator follows, a number has exactly its digits.
        let tight = format.starts_with(['y', 'm', 'd', 'W']) || format.starts_with("Qq");
        rest = take(token, tight, rest, &mut parts)?;
    }
    Some((parts.when()?, rest))
}

fn literal(expected: char, text: &str) -> Option<&str> {
    let found = text.chars().next()?;
    let same = found.eq_ignore_ascii_case(&expected)
        || expected == ' ' && matches!(found, '\u{a0}' | '\u{202f}')
        || expected == '\'' && found == '’'
        || expected == '-' && found == '–';
    if same { text.get(found.len_utf8()..) } else { None }
}

/// Takes what one token stands for off the text.
fn take<'a>(token: &str, tight: bool, text: &'a str, parts: &mut Parts) -> Option<&'a str> {
    if token == "mmm" {
        let length: usize = text.chars().take_while(|letter| letter.is_alphabetic()).map(char::len_utf8).sum();
        let (name, rest) = text.split_at_checked(length)?;
        parts.month = Some(month(name)?);
        return Some(rest.strip_prefix('.').unwrap_or(rest));
    }
    let most = match token {
        "yyyy" => 4,
        "q" => 1,
        _ => 2,
    };
    let least = match token {
        "yyyy" => 4,
        "yy" => 2,
        _ if tight => most,
        _ => 1,
    };
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    if length < least {
        return None;
    }
    let value: u32 = digits.parse().ok()?;
    match token {
        "yyyy" => parts.year = Some(i32::try_from(value).ok().filter(|year| (1970..=2100).contains(year))?),
        "yy" => parts.year = Some(if value < 70 { 2000 } else { 1900 } + i32::try_from(value).ok()?),
        "mm" if parts.clock => return (value < 60).then_some(rest),
        "mm" => parts.month = Some(value),
        "dd" | "d" => parts.day = Some(value),
        "q" => parts.quarter = Some(value).filter(|quarter| (1..=4).contains(quarter)),
        "ww" => parts.week = Some(value).filter(|week| (1..=53).contains(week)),
        "hh" if value < 24 => parts.clock = true,
        "ss" if value < 60 => {}
        _ => return None,
    }
    Some(rest)
}

impl Parts {
    fn when(self) -> Option<When> {
        let named = |grain, number: u32| match self.year {
            Some(year) => When::Period(Period::new(grain, year, number)),
            None => When::Yearless(grain, number),
        };
        match self {
            Parts { day: Some(day), month: Some(month), year: Some(year), clock, .. } => {
                let day = NaiveDate::from_ymd_opt(year, month, day)?;
                Some(When::Day { day, clock, zoned: false })
            }
            Parts { day: Some(_), .. } => None,
            Parts { month: Some(month), .. } => (1..=12).contains(&month).then(|| named(Grain::Month, month)),
            Parts { quarter: Some(quarter), .. } => Some(named(Grain::Quarter, quarter)),
            Parts { week: Some(week), .. } => Some(named(Grain::Week, week)),
            _ => None,
        }
    }
}

/// Months in other languages, where their shortest forms are not the English ones.
const FOREIGN: [(&str, u32); 56] = [
    ("januar", 1),
    ("janvier", 1),
    ("janv", 1),
    ("enero", 1),
    ("ene", 1),
    ("gennaio", 1),
    ("gen", 1),
    ("januari", 1),
    ("janeiro", 1),
    ("februar", 2),
    ("février", 2),
    ("févr", 2),
    ("fév", 2),
    ("febrero", 2),
    ("febbraio", 2),
    ("februari", 2),
    ("fevereiro", 2),
    ("fev", 2),
    ("märz", 3),
    ("mrz", 3),
    ("mär", 3),
    ("mars", 3),
    ("marzo", 3),
    ("maart", 3),
    ("mrt", 3),
    ("março", 3),
    ("avril", 4),
    ("avr", 4),
    ("abril", 4),
    ("abr", 4),
    ("aprile", 4),
    ("mai", 5),
    ("mayo", 5),
    ("maggio", 5),
    ("mag", 5),
    ("mei", 5),
    ("maio", 5),
    ("juni", 6),
    ("juin", 6),
    ("junio", 6),
    ("giugno", 6),
    ("giu", 6),
    ("juli", 7),
    ("juillet", 7),
    ("julio", 7),
    ("luglio", 7),
    ("août", 8),
    ("agosto", 8),
    ("septembre", 9),
    ("oktober", 10),
    ("okt", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("dezember", 12),
    ("dez", 12),
    ("décembre", 12),
];

/// A month by its name, in English whole or cut to three letters or more.
fn month(name: &str) -> Option<u32> {
    let foreign = || FOREIGN.iter().find(|(foreign, _)| *foreign == name.to_lowercase()).map(|(_, month)| *month);
    month_named(name).or_else(foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_a_text_can_be_read() {
        for (text, expect) in [
            ("2026-11-05", "2026-11-05"),
            ("2026-11", "2026-11"),
            ("2026-Q3", "2026-Q3"),
            ("2026-W45", "2026-W45"),
            ("2026", "2026"),
            ("2026-11-05T10:00:00Z", "2026-11-05"),
            ("2026-11-05 10:00", "2026-11-05"),
            ("2026-11-05 10:00:00 +0200", "2026-11-05"),
            ("03/04/2026", "dd/mm/yyyy 2026-04-03, mm/dd/yyyy 2026-03-04"),
            ("31/12/2026", "dd/mm/yyyy 2026-12-31"),
            ("12/31/2026", "mm/dd/yyyy 2026-12-31"),
            ("31.12.2026", "dd.mm.yyyy 2026-12-31"),
            ("31.12.26", "dd.mm.yy 2026-12-31"),
            ("31/12/2026 14:05", "dd/mm/yyyy hh:mm 2026-12-31"),
            ("5-Nov-26", "dd-mmm-yy 2026-11-05"),
            ("Nov 5, 2026", "mmm dd, yyyy 2026-11-05"),
            ("Nov-26", "mmm-yy 2026-11"),
            ("November 2026", "mmm yyyy 2026-11"),
            ("Mär-26", "mmm-yy 2026-03"),
            ("Okt. 2026", "mmm yyyy 2026-10"),
            ("11/2026", "mm/yyyy 2026-11"),
            ("202611", "yyyymm 2026-11"),
            ("20261105", "yyyymmdd 2026-11-05"),
            ("Q3 FY26", "Qq FYyy 2026-Q3"),
            ("FY26 Q3", "FYyy Qq 2026-Q3"),
            ("Q3 2026", "Qq yyyy 2026-Q3"),
            ("3Q26", "qQyy 2026-Q3"),
            ("W45", "Www W45"),
            ("W45 2026", "Www yyyy 2026-W45"),
            ("KW 45", "KW ww W45"),
            ("Q3", "Qq Q3"),
            ("Jan", "mmm month 1"),
            ("26-03-04", "dd-mm-yy 2004-03-26, yy-mm-dd 2026-03-04"),
            ("42", ""),
            ("9480", ""),
            ("Revenue", ""),
            ("", ""),
            ("March of dimes", ""),
        ] {
            let found: Vec<String> = readings(text)
                .iter()
                .map(|(format, when)| format!("{format} {}", when.shown()).trim().to_owned())
                .collect();
            assert_eq!(found.join(", "), expect, "{text}");
        }
    }
}
