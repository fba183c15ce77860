//! Numbers as people write them, under a declared style: thousands and decimals apart, percent, money, brackets for what is owed.
//!
//! Nothing is guessed. Without a style a number is digits with a point; `9,480` is refused with both its readings.

use super::column::Misfit;
use super::number::{Number, number_hint, read_number};
use quarterdeck_lang::is_currency;
use quarterdeck_lang::model::NumberStyle;

/// A number with what stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeral {
    /// The number; a percentage is its share.
    pub number: Number,
    /// Whether it was written in percent.
    pub percent: bool,
    /// The currency beside it, by its code, or by its sign where that is of several currencies.
    pub currency: Option<String>,
}

/// Signs of one currency each, longest first.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("R$", "BRL"),
    ("S$", "SGD"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("Ft", "HUF"),
    ("lei", "RON"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₫", "VND"),
    ("₴", "UAH"),
    // Signs of several currencies keep to themselves: the workspace's currency or the rates say which is meant.
    ("$", "$"),
    ("¥", "¥"),
    ("kr.", "kr"),
    ("kr", "kr"),
];

/// The currencies a sign may stand for.
pub fn currencies_of(sign: &str) -> &'static [&'static str] {
    match sign {
        "$" => &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"],
        "¥" => &["JPY", "CNY"],
        "kr" => &["SEK", "NOK", "DKK", "ISK"],
        _ => &[],
    }
}

/// Reads a number under a style.
///
/// # Errors
/// [`Misfit`] with what to do; where the number has two readings, with both.
pub fn read_numeral(text: &str, style: Option<&NumberStyle>) -> Result<Numeral, Misfit> {
    let misfit = || Misfit { expected: expected(style), hint: hint(text, style) };
    let (rest, negative) = signed(text.trim());
    let (rest, currency) = currency(rest);
    // The minus may stand behind the sign of the currency too.
    let (rest, behind) = signed(rest);
    let (rest, percent) = match rest.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (rest, false),
    };
    let (rest, magnitude) = magnitude(rest);
    if negative && behind || percent && (currency.is_some() || magnitude > 0) {
        return Err(misfit());
    }
    let plain = plain_digits(rest, style).ok_or_else(misfit)?;
    let shifted = shift(&plain, magnitude - if percent { 2 } else { 0 });
    let number = read_number(shifted.as_bytes()).ok_or_else(misfit)?;
    let number = if negative || behind { negated(number) } else { number };
    Ok(Numeral { number, percent, currency })
}

fn negated(number: Number) -> Number {
    match number {
        Number::Exact(value) => Number::Exact(-value),
        Number::Float(value) => Number::Float(-value),
    }
}

/// A text without its sign: `-`, the minus of print, brackets, or a minus behind.
fn signed(text: &str) -> (&str, bool) {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return (inner.trim(), true);
    }
    for minus in ["-", "\u{2212}", "\u{2013}"] {
        if let Some(rest) = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
            return (rest.trim(), true);
        }
    }
    (text.strip_prefix('+').unwrap_or(text), false)
}

/// A text without its currency.
fn currency(text: &str) -> (&str, Option<String>) {
    for (sign, code) in SIGNS {
        let found = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
        if let Some(rest) = found {
            return (rest.trim(), Some((*code).to_owned()));
        }
    }
    let code = |code: &str| is_currency(code).then(|| code.to_owned());
    if let Some((first, rest)) = text.split_at_checked(3)
        && let Some(code) = code(first)
    {
        return (rest.trim(), Some(code));
    }
    if let Some((rest, last)) = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at))
        && let Some(code) = code(last)
    {
        return (rest.trim(), Some(code));
    }
    (text, None)
}

/// A text without `k`, `M` or `bn`, and how many places they stand for.
fn magnitude(text: &str) -> (&str, i32) {
    for (suffix, places) in [("bn", 9), ("Bn", 9), ("BN", 9), ("k", 3), ("K", 3), ("M", 6)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), places);
        }
    }
    (text, 0)
}

/// Whether a letter separates groups of digits under a style.
fn is_group(letter: char, group: char) -> bool {
    match group {
        ' ' => matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'),
        '\'' => matches!(letter, '\'' | '’'),
        other => letter == other,
    }
}

/// Digits with a point, from digits in a style; `None` where they break it.
fn plain_digits(text: &str, style: Option<&NumberStyle>) -> Option<String> {
    let plain = NumberStyle { group: None, decimal: '.', pairs: false };
    let style = style.unwrap_or(&plain);
    let (whole, decimals) = match text.split_once(style.decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !decimals.is_none_or(digits) {
        return None;
    }
    let joined = match style.group {
        Some(group) if whole.contains(|letter| is_group(letter, group)) => grouped(whole, group, style.pairs)?,
        _ if digits(whole) => whole.to_owned(),
        _ => return None,
    };
    if joined.is_empty() && decimals.is_none_or(str::is_empty) {
        return None;
    }
    Some(match decimals {
        Some(decimals) => format!("{joined}.{decimals}"),
        None => joined,
    })
}

/// Groups of three digits put together (of two, but the last, where they are pairs).
fn grouped(whole: &str, group: char, pairs: bool) -> Option<String> {
    let groups: Vec<&str> = whole.split(|letter| is_group(letter, group)).collect();
    let (last, others) = groups.split_last()?;
    let (first, middle) = others.split_first()?;
    let width = if pairs { 2 } else { 3 };
    let all_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let sound = last.len() == 3 && first.len() <= width && middle.iter().all(|group| group.len() == width);
    (all_digits && sound).then(|| groups.concat())
}

/// Digits with their point moved to the right, to the left where `places` is below zero.
fn shift(plain: &str, places: i32) -> String {
    if places == 0 {
        return plain.to_owned();
    }
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = format!("{whole}{decimals}");
    let point = whole.len() as i32 + places;
    if point <= 0 {
        return format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize));
    }
    let point = point as usize;
    if point >= digits.len() {
        return format!("{digits}{}", "0".repeat(point - digits.len()));
    }
    let (before, after) = digits.split_at(point);
    format!("{before}.{after}")
}

/// What to ask of a number whose point may stand before decimals or between thousands.
pub fn two_readings(text: &str) -> Misfit {
    Misfit { expected: "a number with one reading".into(), hint: hint(text, None) }
}

/// What is expected under a style.
fn expected(style: Option<&NumberStyle>) -> String {
    match style {
        None => "a number".into(),
        Some(NumberStyle { group: None, decimal, .. }) => format!("a number as 1234{decimal}5"),
        Some(NumberStyle { group: Some(group), decimal, pairs: false }) => format!("a number as 1{group}234{decimal}5"),
        Some(NumberStyle { group: Some(group), decimal, pairs: true }) => {
            format!("a number as 12{group}34{group}567{decimal}8")
        }
    }
}

/// What to do; both readings where there are two.
fn hint(text: &str, style: Option<&NumberStyle>) -> String {
    let bare: String = text.chars().filter(|c| c.is_ascii_digit() || ".,' \u{a0}\u{202f}’".contains(*c)).collect();
    let bare = bare.trim();
    let marks: Vec<char> = bare.chars().filter(|c| !c.is_ascii_digit()).collect();
    let digits = bare.chars().any(|c| c.is_ascii_digit());
    if let (Some(last), true) = (marks.last().copied(), digits && !text.trim().is_empty()) {
        let behind = bare.rsplit(last).next().map_or(0, str::len);
        let one_mark = marks.len() == 1;
        let said = if style.is_some() {
            "its `numbers:` says otherwise; if the file really writes this, write "
        } else {
            "write "
        };
        return match last {
            ',' | '.' if one_mark && behind == 3 => {
                let joined = bare.replace(last, "");
                let decimal = bare.replace(last, ".");
                let (thousands, decimals) = if last == ',' { ("1,234.5", "1.234,5") } else { ("1.234,5", "1,234.5") };
                format!(
                    "`{bare}` is {joined} or {decimal}: {said}`numbers: \"{thousands}\"` for the first, `numbers: \"{decimals}\"` for the second"
                )
            }
            ',' if one_mark => format!("{said}`numbers: \"1234,5\"`, or \"1.234,5\" where thousands are apart"),
            ',' if marks.contains(&'.') => format!("{said}`numbers: \"1.234,5\"`"),
            '.' if marks.contains(&',') => format!("{said}`numbers: \"1,234.5\"`"),
            ',' => format!("{said}`numbers: \"1,234.5\"`"),
            '.' if !one_mark => format!("{said}`numbers: \"1.234,5\"`"),
            '.' if style.is_none() && behind != 3 => number_hint(text),
            '.' => format!("{said}`numbers: \"1,234.5\"`"),
            '\'' | '’' => format!("{said}`numbers: \"1'234.5\"`"),
            _ => format!("{said}`numbers: \"1 234,5\"` or `numbers: \"1 234.5\"`, as its decimals are written"),
        };
    }
    number_hint(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::number::to_float;

    fn read(text: &str, style: Option<(Option<char>, char)>) -> String {
        let style = style.map(|(group, decimal)| NumberStyle { group, decimal, pairs: false });
        match read_numeral(text, style.as_ref()) {
            Ok(numeral) => {
                let value = match numeral.number {
                    Number::Exact(value) => to_float(value, 9),
                    Number::Float(value) => value,
                };
                let percent = if numeral.percent { " percent" } else { "" };
                let currency = numeral.currency.map_or(String::new(), |code| format!(" {code}"));
                format!("{value}{percent}{currency}")
            }
            Err(_) => "no".into(),
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        let english = Some((Some(','), '.'));
        let german = Some((Some('.'), ','));
        let french = Some((Some(' '), ','));
        let swiss = Some((Some('\''), '.'));
        for (text, style, expect) in [
            ("9,480", english, "9480"),
            ("9,480", german, "9.48"),
            ("9,48", german, "9.48"),
            ("1.234,5", german, "1234.5"),
            ("1.204", german, "1204"),
            ("1.204", None, "1.204"),
            ("1.204", english, "1.204"),
            ("1,204", None, "no"),
            ("42.0%", None, "0.42 percent"),
            ("42,0 %", german, "0.42 percent"),
            ("£412,300", english, "412300 GBP"),
            ("-£5", None, "-5 GBP"),
            ("£-5", None, "-5 GBP"),
            ("1.234,50 €", german, "1234.5 EUR"),
            ("EUR 5", None, "5 EUR"),
            ("5 CHF", None, "5 CHF"),
            ("$1.5M", None, "1500000 $"),
            ("(1,200)", english, "-1200"),
            ("1.200-", german, "-1200"),
            ("\u{2212}3", None, "-3"),
            ("12k", None, "12000"),
            ("1.5M", None, "1500000"),
            ("2bn", None, "2000000000"),
            ("1 234,5", french, "1234.5"),
            ("1\u{a0}234\u{202f}567,5", french, "1234567.5"),
            ("1’234.5", swiss, "1234.5"),
            ("1,23", english, "no"),
            ("12,34,567", english, "no"),
            ("1,,234", english, "no"),
            (",234", english, "no"),
            ("1,234,", english, "no"),
            ("--5", None, "no"),
            ("-(5)", None, "no"),
            ("£5%", None, "no"),
            ("5 apples", None, "no"),
            ("12m", None, "no"),
            ("%", None, "no"),
            ("£", None, "no"),
            ("-", None, "no"),
            ("", None, "no"),
            ("1.2.3", None, "no"),
            ("0.05%", None, "0.0005 percent"),
        ] {
            assert_eq!(read(text, style), expect, "{text} {style:?}");
        }
        let lakh = NumberStyle { group: Some(','), decimal: '.', pairs: true };
        assert_eq!(read_numeral("12,34,567.5", Some(&lakh)).unwrap().number, Number::Exact(1_234_567_500_000_000));
        assert!(read_numeral("1,234,567", Some(&lakh)).is_err());
    }

    #[test]
    fn two_readings_are_both_told() {
        let hint = read_numeral("9,480", None).unwrap_err().hint;
        assert!(
            hint.contains("9480 or 9.480") && hint.contains("\"1,234.5\"") && hint.contains("\"1.234,5\""),
            "{hint}"
        );
        assert!(read_numeral("1.234,5", None).unwrap_err().hint.contains("\"1.234,5\""));
        assert!(read_numeral("12,5", None).unwrap_err().hint.contains("\"1234,5\""));
    }
}
