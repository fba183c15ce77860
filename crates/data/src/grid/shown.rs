//! What a person sees of a spreadsheet's number: percent signs and the places its format asks for.

use super::{Cell, Clock, Value};
use chrono::{NaiveDateTime, NaiveTime, Timelike};

/// A number as a cell, with its format's percent sign and places. Fifteen digits count, as in spreadsheets.
pub fn number_cell(value: f64, format: Option<&str>) -> Cell {
    let format = format.filter(|format| !format.is_empty() && !format.eq_ignore_ascii_case("general"));
    let code = format.map(bare).unwrap_or_default();
    let shown = if code.contains('%') {
        format!("{}%", fixed(value * 100.0, places(&code)))
    } else if code.contains(['0', '#']) {
        fixed(value, places(&code))
    } else {
        plain(value)
    };
    Cell { shown, value: Value::Number(value), format: format.map(str::to_owned) }
}

/// A date as a cell.
pub fn date_cell(date: NaiveDateTime, clock: Clock, format: Option<&str>) -> Cell {
    let shown = match clock {
        Clock::Day => date.date().to_string(),
        Clock::Time => date.format("%Y-%m-%d %H:%M:%S").to_string(),
    };
    Cell { shown, value: Value::Date(date, clock), format: format.map(str::to_owned) }
}

/// Whether a date is a whole day.
pub fn clock_of(date: NaiveDateTime) -> Clock {
    if date.time().num_seconds_from_midnight() == 0 && date.time() == NaiveTime::MIN { Clock::Day } else { Clock::Time }
}

/// A number in as few digits as tell it from its neighbours, at most fifteen.
pub fn plain(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// The first section of a format, without quoted words, escapes and colours.
fn bare(format: &str) -> String {
    let (mut code, mut quoted, mut bracket) = (String::new(), false, false);
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            ';' => break,
            other => code.push(other),
        }
    }
    code
}

/// Places a format shows after the point; `None` where it shows as many as there are.
fn places(code: &str) -> Option<usize> {
    if !code.contains('0') {
        return None;
    }
    Some(code.split_once('.').map_or(0, |(_, after)| after.chars().take_while(|c| matches!(c, '0' | '#')).count()))
}

fn fixed(value: f64, places: Option<usize>) -> String {
    match places {
        // What is shown must not hide digits: a number that is rounded away by its format is shown as it is.
        Some(places) => {
            let shown = format!("{:.*}", places, plain(value).parse::<f64>().unwrap_or(value));
            let full = plain(value);
            if shown.parse::<f64>().ok() == full.parse::<f64>().ok() { shown } else { full }
        }
        None => plain(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_spreadsheets_do_and_hide_no_digit() {
        for (value, format, expect) in [
            (0.42, Some("0.0%"), "42.0%"),
            (0.1 + 0.2, None, "0.3"),
            (412_300.0, Some("\"£\"#,##0"), "412300"),
            (1.005, Some("0.00"), "1.005"),
            (1.5, Some("0.00"), "1.50"),
            (-3.0, Some("#,##0;[Red]-#,##0"), "-3"),
            (0.07, Some("0%"), "7%"),
            (1e21, None, "1000000000000000000000"),
        ] {
            assert_eq!(number_cell(value, format).shown, expect, "{value} {format:?}");
        }
    }
}
