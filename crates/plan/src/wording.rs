//! Numbers inside the sentences of a proposal. Pages write their own numbers; these stand in flags and workings.

use quarterdeck_lang::model::{Reads, Unit, UnitForm};

/// A number with its unit: `94.5 %`, `10,400 orders`, `1.62`.
pub fn level(value: f64, unit: &Unit) -> String {
    match unit.form {
        UnitForm::Share => percent(value),
        UnitForm::Ratio => number(value),
        _ => format!("{} {}", number(value), unit.text),
    }
}

/// A difference of two numbers of a unit: `1.5 pp`, `300 orders`.
pub fn difference(value: f64, unit: &Unit) -> String {
    if unit.is_share() { format!("{} pp", decimals(100.0 * value, 2)) } else { level(value, unit) }
}

/// A fraction as a percentage, as exact as [`number`].
pub fn percent(value: f64) -> String {
    format!("{} %", number(100.0 * value))
}

/// A chance in whole percent, kept off 0 and 100: paths can only show that something is rare.
pub fn chance(p: f64) -> String {
    match p {
        p if p < 0.005 => "under 1 %".to_owned(),
        p if p > 0.995 => "over 99 %".to_owned(),
        p => format!("{} %", libm::round(100.0 * p)),
    }
}

/// A number with thousands separated. What somebody gave, counted or rounded (six digits, or whole) stands as it is; what was
/// computed gets three significant digits, four from 1,000 on: more would claim to know what nobody does.
pub fn number(value: f64) -> String {
    let near = |digits: &i32| (rounded(value, *digits) - value).abs() <= 1e-12 * value.abs();
    let most = if value.fract() == 0.0 { 12 } else { 6 };
    let digits = (3..=most).find(near).unwrap_or(if value.abs() >= 1_000.0 { 4 } else { 3 });
    decimals(rounded(value, digits), digits)
}

/// A number with so many significant digits.
fn rounded(value: f64, digits: i32) -> f64 {
    let places = usize::try_from(digits - 1).unwrap_or(0);
    // What is written this way reads back; what is no number stays none.
    format!("{value:.places$e}").parse().unwrap_or(value)
}

/// At least so many significant digits, never decimals that whole numbers of them do not need.
fn decimals(value: f64, digits: i32) -> String {
    let size = value.abs();
    if !size.is_finite() {
        return value.to_string();
    }
    let places = if size >= 1.0 {
        (digits - 1 - libm::floor(libm::log10(size)) as i32).max(0)
    } else if size > 0.0 {
        (digits - 1 - libm::floor(libm::log10(size)) as i32).min(9)
    } else {
        0
    };
    let mut text = format!("{:.*}", places as usize, size);
    if text.contains('.') {
        text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if value < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) { "-" } else { "" };
    format!("{minus}{grouped}{rest}")
}

/// A list in words: `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// What a quarter's number is, as the language writes it.
pub fn reads(reads: Reads) -> String {
    match reads {
        Reads::Total => "total".into(),
        Reads::Average(grain) => format!("average {grain}"),
        Reads::Last => "last".into(),
        Reads::AverageOfLast(count, grain) => format!("average of last {count} {grain}s"),
        Reads::Whole => "whole".into(),
        Reads::Min => "min".into(),
        Reads::Max => "max".into(),
    }
}

/// The same as a phrase that follows a value. `period` is `quarter`, `half` or `year`.
pub fn reads_phrase(reads: Reads, period: &str) -> String {
    match reads {
        Reads::Total => "in total".into(),
        Reads::Average(grain) => format!("a {grain} on average"),
        Reads::Last => format!("at the end of the {period}"),
        Reads::AverageOfLast(count, grain) => format!("on average over the last {count} {grain}s"),
        Reads::Whole => format!("over the whole {period}"),
        Reads::Min => "at its lowest".into(),
        Reads::Max => "at its highest".into(),
    }
}

/// Months between two last days, fractions of a month by its days.
pub fn months(from: chrono::NaiveDate, to: chrono::NaiveDate) -> f64 {
    use chrono::Datelike;
    let place = |day: chrono::NaiveDate| {
        let next = day.succ_opt().unwrap_or(day);
        let first = next.with_day(1).unwrap_or(next);
        let after = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
        let length = (after - first).num_days().max(1) as f64;
        f64::from(12 * next.year()) + f64::from(next.month0()) + f64::from(next.day0()) / length
    };
    place(to) - place(from)
}

#[cfg(test)]
mod tests {
    use super::{chance, list, months, number, percent};

    #[test]
    fn numbers_read_well() {
        for (value, expect) in [
            (10_432.4, "10,432.4"),
            (10_432.412_345_67, "10,430"),
            (22_377_537.261, "22,380,000"),
            (1_234_567.0, "1,234,567"),
            (565_343.87, "565,300"),
            (99.951_234_567_8, "100"),
            (12.345_678_901_2, "12.3"),
            (0.1 + 0.2, "0.3"),
            (1.625, "1.625"),
            (0.05, "0.05"),
            (0.012_345_678_901, "0.0123"),
            (f64::INFINITY, "inf"),
            (-1500.0, "-1,500"),
            (0.0, "0"),
            (100.0, "100"),
            (-1e-12, "0"),
        ] {
            assert_eq!(number(value), expect);
        }
        assert_eq!(percent(0.945), "94.5 %");
        assert_eq!(percent(0.4104), "41.04 %");
        assert_eq!(percent(1.0 / 3.0), "33.3 %");
        assert_eq!(percent(0.0652), "6.52 %");
        assert_eq!(
            (chance(0.6104), chance(0.0001), chance(0.0)),
            ("61 %".into(), "under 1 %".into(), "under 1 %".into())
        );
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }

    #[test]
    fn months_between_month_ends_are_whole() {
        let date = |text: &str| text.parse().unwrap_or_default();
        assert_eq!(months(date("2026-12-31"), date("2028-12-31")), 24.0);
        assert_eq!(months(date("2027-01-31"), date("2027-02-28")), 1.0);
        assert!((months(date("2026-12-31"), date("2027-01-15")) - 15.0 / 31.0).abs() < 1e-12);
    }
}
