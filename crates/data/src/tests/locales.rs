//! Numbers and dates as twelve places write them: read back where the source says how, asked about where it does not, never
//! read as something else.

use crate::source::column::Misfit;
use crate::source::dates::{DateReader, date_of, day_of};
use crate::source::number::{Number, to_float};
use crate::source::numeral::{read_numeral, two_readings};
use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use quarterdeck_calendar::Calendar;
use quarterdeck_lang::model::NumberStyle;

/// A place: thousands, decimals, whether groups are pairs, how dates are written, and the digits of its money.
const LOCALES: [(&str, &str, char, bool, &str); 12] = [
    ("en-US", ",", '.', false, "mm/dd/yyyy"),
    ("en-GB", ",", '.', false, "dd/mm/yyyy"),
    ("de-DE", ".", ',', false, "dd.mm.yyyy"),
    ("de-CH", "\u{2019}", '.', false, "dd.mm.yyyy"),
    ("fr-FR", "\u{202f}", ',', false, "dd/mm/yyyy"),
    ("es-ES", ".", ',', false, "d/m/yyyy"),
    ("sv-SE", "\u{a0}", ',', false, "yyyy-mm-dd"),
    ("pl-PL", " ", ',', false, "dd.mm.yyyy"),
    ("pt-BR", ".", ',', false, "dd/mm/yyyy"),
    ("nl-NL", ".", ',', false, "d-m-yyyy"),
    ("en-IN", ",", '.', true, "dd-mm-yyyy"),
    ("ja-JP", ",", '.', false, "yyyy/mm/dd"),
];

/// Digits in groups, as a place writes them.
fn grouped(whole: u64, group: &str, pairs: bool) -> String {
    let digits = whole.to_string();
    let (mut parts, mut rest) = (Vec::new(), digits.as_str());
    let mut width = 3;
    while rest.len() > width {
        let (before, after) = rest.split_at(rest.len() - width);
        parts.push(after.to_owned());
        rest = before;
        width = if pairs { 2 } else { 3 };
    }
    parts.push(rest.to_owned());
    parts.reverse();
    parts.join(group)
}

fn written(
    cents: i64,
    (_, group, decimal, pairs, _): (&str, &str, char, bool, &str),
    places: u32,
    apart: bool,
) -> String {
    let (whole, part) = (cents.unsigned_abs() / 10u64.pow(places), cents.unsigned_abs() % 10u64.pow(places));
    let whole = grouped(whole, if apart { group } else { "" }, pairs);
    let sign = if cents < 0 { "-" } else { "" };
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}{decimal}{part:0width$}", width = places as usize)
    }
}

fn style((_, group, decimal, pairs, _): (&str, &str, char, bool, &str)) -> NumberStyle {
    let group = match group {
        "\u{2019}" => '\'',
        "\u{202f}" | "\u{a0}" | " " => ' ',
        other => other.chars().next().unwrap(),
    };
    NumberStyle { group: Some(group), decimal, pairs }
}

/// What is read, or refused.
fn read(text: &str, style: Option<&NumberStyle>) -> Result<f64, Misfit> {
    read_numeral(text, style).map(|numeral| match numeral.number {
        Number::Exact(value) => to_float(value, 9),
        Number::Float(value) => value,
    })
}

fn date_text(format: &str, day: NaiveDate) -> String {
    format
        .replace("yyyy", &format!("{:04}", day.year()))
        .replace("mm", &format!("{:02}", day.month()))
        .replace("dd", &format!("{:02}", day.day()))
        .replace('m', &day.month().to_string())
        .replace('d', &day.day().to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn declared_numbers_come_back(place in 0usize..12, number in -10_000_000_000i64..10_000_000_000, places in 0u32..5, apart: bool) {
        let locale = LOCALES[place];
        let text = written(number, locale, places, apart);
        let expect: f64 = format!("{number}e-{places}").parse().unwrap();
        prop_assert_eq!(read(&text, Some(&style(locale))), Ok(expect), "{}: {}", locale.0, text);
    }

    #[test]
    fn undeclared_numbers_come_back_or_are_asked(place in 0usize..12, number in -10_000_000_000i64..10_000_000_000, places in 0u32..5, apart: bool) {
        let locale = LOCALES[place];
        let text = written(number, locale, places, apart);
        let expect: f64 = format!("{number}e-{places}").parse().unwrap();
        match read(&text, None) {
            Ok(value) if value == expect => {}
            // One mark before three digits: the column asks, unless other numbers show which it is.
            Ok(_) => {
                let bare = text.trim_start_matches('-');
                prop_assert!(bare.split_once('.').is_some_and(|(whole, rest)| whole.len() <= 3 && rest.len() == 3), "{}", text);
                prop_assert!(two_readings(&text).hint.contains("numbers:"));
            }
            Err(misfit) => prop_assert!(misfit.hint.contains("numbers:"), "{}: {} {:?}", locale.0, text, misfit),
        }
    }

    #[test]
    fn another_places_style_never_reads_something_else_unawares(wrote in 0usize..12, reads in 0usize..12, number in 0i64..10_000_000, places in 0u32..3) {
        let text = written(number, LOCALES[wrote], places, true);
        let expect: f64 = format!("{number}e-{places}").parse().unwrap();
        // A declared style is believed: what fits it and means something else has the same signs in both places.
        if let Ok(value) = read(&text, Some(&style(LOCALES[reads]))) && value != expect {
            let marks = text.chars().filter(|c| !c.is_ascii_digit()).count();
            prop_assert_eq!(marks, 1, "{} as {}: {}", LOCALES[wrote].0, LOCALES[reads].0, text);
        }
    }

    #[test]
    fn dates_come_back_or_are_asked(place in 0usize..12, day in 0i32..40_000) {
        let (_, _, _, _, format) = LOCALES[place];
        let date = date_of(day);
        let text = date_text(format, date);
        let calendar = Calendar::default();
        let declared = DateReader::new(Some(format), chrono_tz::Tz::UTC, &calendar).unwrap();
        prop_assert_eq!(declared.read(&text).map(|(micros, _)| date_of(day_of(micros))), Some(date), "{}", text);
        let plain = DateReader::new(None, chrono_tz::Tz::UTC, &calendar).unwrap();
        if let Some((micros, _)) = plain.read(&text) {
            prop_assert_eq!(date_of(day_of(micros)), date, "{}", text);
        } else {
            prop_assert!(crate::source::dates::date_hint(&text, false).contains("dates:"));
        }
    }
}
