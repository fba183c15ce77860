//! Periods as people name them in the headers of their tables: `Nov-26`, `Q3 FY26`, `11/2026`, `W45 2026`.

use quarterdeck_calendar::{Calendar, Grain, Period};

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A period that has been or goes on.
    Period(Period),
    /// A period as it is planned, not as it was.
    Planned(Period),
    /// A week, quarter, half or month of a year that is not said.
    Yearless(Grain, u32),
}

/// The months in the languages of the tables we met, by their shortest forms and whole words.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari", "janeiro"],
    &[
        "feb",
        "february",
        "februar",
        "février",
        "fevrier",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "fev",
    ],
    &["mar", "march", "märz", "maerz", "mrz", "mär", "mars", "marzo", "maart", "mrt", "março", "marco"],
    &["apr", "april", "avril", "avr", "abril", "abr", "aprile"],
    &["may", "mai", "mayo", "maggio", "mag", "mei", "maio"],
    &["jun", "june", "juni", "juin", "junio", "giugno", "giu", "junho"],
    &["jul", "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho"],
    &["aug", "august", "août", "aout", "agosto", "ago", "augustus"],
    &["sep", "sept", "september", "septembre", "septiembre", "settembre", "set", "setembro"],
    &["oct", "october", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic", "dicembre", "dezembro"],
];
/// Words behind a period that say it is a plan.
const PLANNED: &[&str] = &[
    "plan",
    "planned",
    "budget",
    "budgeted",
    "bud",
    "forecast",
    "fcst",
    "fc",
    "outlook",
    "target",
    "estimate",
    "est",
    "proj",
    "projected",
    "ziel",
    "prognose",
];
/// Letters that say so right behind a number: `2026E`, `Nov-26F`.
const PLANNED_LETTERS: &[&str] = &["e", "f", "b", "p"];
/// Words behind a period that say it has been.
const ACTUAL: &[&str] = &["actual", "actuals", "act", "ist", "a"];

/// A run of letters or of digits, and whether a blank or a sign stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    text: String,
    apart: bool,
}

/// What a header names; `None` where it names no period.
pub fn named(text: &str, calendar: &Calendar) -> Option<Named> {
    let trimmed = text.trim();
    if let Ok(period) = calendar.parse(&trimmed.to_ascii_uppercase()) {
        return Some(Named::Period(period));
    }
    if trimmed.is_empty() || trimmed.len() > 40 {
        return None;
    }
    let mut runs = runs(trimmed);
    let mut planned = false;
    while let Some(last) = runs.last() {
        let word = last.text.as_str();
        let behind_number = runs.iter().rev().nth(1).is_some_and(|before| number(before).is_some());
        if runs.len() > 1
            && (PLANNED.contains(&word) || !last.apart && behind_number && PLANNED_LETTERS.contains(&word))
        {
            planned = true;
        } else if runs.len() < 2 || !ACTUAL.contains(&word) {
            break;
        }
        runs.pop();
    }
    match (of_runs(&runs, trimmed)?, planned) {
        (Written::In(year, part), planned) => {
            let period = calendar.parse(&iso(year, part)).ok()?;
            Some(if planned { Named::Planned(period) } else { Named::Period(period) })
        }
        (Written::Alone(part), false) => Some(Named::Yearless(part.0, part.1)),
        (Written::Alone(_), true) => None,
    }
}

/// The grain and number of a part of a year; retail months are told by `true`.
type Part = (Grain, u32, bool);

enum Written {
    In(u32, Part),
    Alone(Part),
}

fn iso(year: u32, (grain, number, retail): Part) -> String {
    match grain {
        Grain::Week => format!("{year}-W{number:02}"),
        Grain::Month if retail => format!("{year}-P{number:02}"),
        Grain::Month => format!("{year}-{number:02}"),
        Grain::Quarter => format!("{year}-Q{number}"),
        Grain::Half => format!("{year}-H{number}"),
        _ => format!("{year}"),
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut apart, mut kind) = (true, None);
    for letter in text.chars() {
        let now = if letter.is_ascii_digit() {
            Some(true)
        } else if letter.is_alphabetic() {
            Some(false)
        } else {
            None
        };
        if now.is_none() {
            (apart, kind) = (true, None);
            continue;
        }
        if now != kind {
            runs.push(Run { text: String::new(), apart });
        }
        if let Some(run) = runs.last_mut() {
            run.text.extend(letter.to_lowercase());
        }
        (apart, kind) = (false, now);
    }
    runs
}

fn number(run: &Run) -> Option<u32> {
    run.text.bytes().all(|byte| byte.is_ascii_digit()).then(|| run.text.parse().ok()).flatten()
}

/// A year of four digits, or of two: 00 to 69 are in this century.
fn year(run: &Run) -> Option<u32> {
    let year = number(run)?;
    match run.text.len() {
        4 => (1900..=2200).contains(&year).then_some(year),
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn whole_year(run: &Run) -> Option<u32> {
    year(run).filter(|_| run.text.len() == 4)
}

fn month(run: &Run) -> Option<Part> {
    let found = MONTHS.iter().position(|words| words.contains(&run.text.as_str()))?;
    Some((Grain::Month, found as u32 + 1, false))
}

/// `q3`, `h1`, `w45`, `kw 45`, `p02`: a letter and its number, in either order.
fn part(letter: &Run, count: &Run) -> Option<Part> {
    let number = number(count).filter(|_| count.text.len() <= 2)?;
    let (grain, most, retail) = match letter.text.as_str() {
        "q" | "quarter" | "qtr" => (Grain::Quarter, 4, false),
        "h" | "half" => (Grain::Half, 2, false),
        "w" | "wk" | "week" | "kw" | "cw" => (Grain::Week, 53, false),
        "p" | "period" => (Grain::Month, 12, true),
        _ => return None,
    };
    (1..=most).contains(&number).then_some((grain, number, retail))
}

fn of_runs(runs: &[Run], text: &str) -> Option<Written> {
    // A fiscal year is written with its letters and means the same year.
    let plain: Vec<&Run> = runs.iter().filter(|run| !matches!(run.text.as_str(), "fy" | "fiscal" | "of")).collect();
    let fiscal = plain.len() < runs.len();
    match plain.as_slice() {
        [one] if fiscal => Some(Written::In(year(one)?, (Grain::Year, 1, false))),
        [one] => month(one).map(Written::Alone),
        [a, b] => month(a)
            .and_then(|part| Some(Written::In(year(b)?, part)))
            .or_else(|| Some(Written::In(whole_year(a)?, month(b)?)))
            .or_else(|| numeric(a, b, text))
            .or_else(|| part(a, b).map(Written::Alone)),
        [a, b, c] => part(a, b)
            .and_then(|part| Some(Written::In(year(c)?, part)))
            .or_else(|| Some(Written::In(year(a)?, part(b, c)?)))
            .or_else(|| Some(Written::In(year(c)?, part(b, a).filter(|found| found.0 != Grain::Week)?))),
        _ => None,
    }
}

/// `11/2026` and `2026/11`: a month and a year of four digits, with a sign between them.
fn numeric(a: &Run, b: &Run, text: &str) -> Option<Written> {
    if !text.contains(['/', '-', '.']) {
        return None;
    }
    let month = |run: &Run| {
        let month = number(run).filter(|_| run.text.len() <= 2)?;
        (1..=12).contains(&month).then_some((Grain::Month, month, false))
    };
    let written = |year: &Run, part: &Run| Some(Written::In(whole_year(year)?, month(part)?));
    written(b, a).or_else(|| written(a, b))
}

/// The period of a year that is not said, where the first of a row of them is known: later numbers are of its year, earlier ones of
/// the next.
pub fn counted_from(first: Period, grain: Grain, number: u32, calendar: &Calendar) -> Option<Period> {
    if first.grain() != grain {
        return None;
    }
    let year = first.year() + i32::from(number < first.number());
    calendar.parse(&iso(u32::try_from(year).ok()?, (grain, number, first.is_retail()))).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_periods() {
        let calendar = Calendar::default();
        for (text, expect) in [
            ("Nov-26", "2026-11"),
            ("Nov 2026", "2026-11"),
            ("November 2026", "2026-11"),
            ("Nov '26", "2026-11"),
            ("2026 Nov", "2026-11"),
            ("März 2026", "2026-03"),
            ("Sept. 26", "2026-09"),
            ("2026-11", "2026-11"),
            ("11/2026", "2026-11"),
            ("2026/11", "2026-11"),
            ("11.2026", "2026-11"),
            ("Q3 FY26", "2026-Q3"),
            ("FY26 Q3", "2026-Q3"),
            ("Q3'26", "2026-Q3"),
            ("3Q26", "2026-Q3"),
            ("q3 2026", "2026-Q3"),
            ("2026 Q3", "2026-Q3"),
            ("H1 FY27", "2027-H1"),
            ("FY26", "2026"),
            ("2026", "2026"),
            ("W45 2026", "2026-W45"),
            ("2026-W45", "2026-W45"),
            ("KW 45 2026", "2026-W45"),
            ("2026-11-03", "2026-11-03"),
            ("Nov-26 (plan)", "planned 2026-11"),
            ("Nov-26F", "planned 2026-11"),
            ("FY27 Budget", "planned 2027"),
            ("Nov-26 Actual", "2026-11"),
            ("W45", "week 45"),
            ("Q3", "quarter 3"),
            ("Nov", "month 11"),
            ("Total", "no"),
            ("YTD 2026", "no"),
            ("03/04/2026", "no"),
            ("2026 vs 2025", "no"),
            ("Q5 2026", "no"),
            ("13/2026", "no"),
            ("Paid subscribers", "no"),
            ("P02 2026", "no"),
            ("", "no"),
        ] {
            let found = match named(text, &calendar) {
                Some(Named::Period(period)) => period.to_string(),
                Some(Named::Planned(period)) => format!("planned {period}"),
                Some(Named::Yearless(grain, number)) => format!("{grain} {number}"),
                None => "no".into(),
            };
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn weeks_without_a_year_are_counted_on() {
        let calendar = Calendar::default();
        let first = calendar.parse("2026-W45").unwrap();
        let read = |week| counted_from(first, Grain::Week, week, &calendar).unwrap().to_string();
        assert_eq!((read(45), read(52), read(1)), ("2026-W45".into(), "2026-W52".into(), "2027-W01".into()));
        assert!(counted_from(first, Grain::Quarter, 1, &calendar).is_none());
    }
}
