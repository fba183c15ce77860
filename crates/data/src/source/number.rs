//! Numbers as text files write them: exact decimals where they are short enough, floating otherwise.

/// Decimal places an exact number keeps.
pub const SCALE: u32 = 9;
/// Digits before the point an exact number may have, so that no sum of rows can overflow.
const WHOLE_DIGITS: usize = 18;

/// Powers of ten that floating numbers hold exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// A number as read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number of billionths.
    Exact(i128),
    /// A number with more digits than an exact one keeps, or with an exponent.
    Float(f64),
}

/// Reads a number: digits with at most one point, a sign before, perhaps an exponent. `None` for anything else.
pub fn read_number(text: &[u8]) -> Option<Number> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let (mut value, mut whole, mut places, mut point, mut any) = (0i128, 0usize, 0u32, false, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                // Zeros at the end of the places cost nothing, so only what matters is counted.
                if point {
                    places += 1;
                    if places > SCALE {
                        if *byte != b'0' {
                            return floating(text);
                        }
                        continue;
                    }
                } else if whole > 0 || *byte != b'0' {
                    whole += 1;
                    if whole > WHOLE_DIGITS {
                        return floating(text);
                    }
                }
                value = value * 10 + i128::from(byte - b'0');
            }
            b'.' if !point => point = true,
            _ => return floating(text),
        }
    }
    if !any {
        return None;
    }
    for _ in places.min(SCALE)..SCALE {
        value *= 10;
    }
    Some(Number::Exact(if negative { -value } else { value }))
}

/// A number with an exponent or many digits; words that Rust takes for numbers (`inf`, `nan`) are none here.
fn floating(text: &[u8]) -> Option<Number> {
    let plain = text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let value: f64 = std::str::from_utf8(text).ok().filter(|_| plain)?.parse().ok()?;
    value.is_finite().then_some(Number::Float(value))
}

/// An exact number of `scale` places as the nearest floating one.
pub fn to_float(value: i128, scale: u32) -> f64 {
    if value.unsigned_abs() < (1 << 53) && (scale as usize) < POWERS.len() {
        // Both are exact, so that the division rounds once.
        return value as f64 / POWERS.get(scale as usize).copied().unwrap_or(1.0);
    }
    format!("{value}e-{scale}").parse().unwrap_or(f64::NAN)
}

/// What to do about a text that is no number.
pub fn number_hint(text: &str) -> String {
    let text = text.trim();
    let digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if ["na", "n/a", "null", "nan", "none", "-", "\\n", "#n/a"].contains(&text.to_lowercase().as_str()) {
        "leave the cell empty where there is no value".into()
    } else if !digits(text) {
        "check that the column is the right one, and leave cells without a value empty".into()
    } else if text.ends_with('%') {
        "write the number alone (12.5) and say `scale 1%` or divide by 100 in the measure".into()
    } else if text.contains(',') && !text.contains('.') && text.rsplit(',').next().is_some_and(|part| part.len() != 3) {
        "write decimals with a point: 94.5".into()
    } else if text.contains(',') || text.contains(' ') || text.contains('\u{a0}') || text.contains('\'') {
        "write thousands without separators: 1234.5".into()
    } else if text.chars().any(char::is_alphabetic) || text.chars().any(|c| "£€$¥".contains(c)) {
        "write the number alone, without currency or unit".into()
    } else {
        "write a plain number such as 1234.5".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        let exact = |text: &str| match read_number(text.as_bytes()) {
            Some(Number::Exact(value)) => value.to_string(),
            Some(Number::Float(value)) => format!("float {value}"),
            None => "no".into(),
        };
        for (text, expect) in [
            ("1", "1000000000"),
            ("-0.5", "-500000000"),
            ("+2212965.0", "2212965000000000"),
            (".25", "250000000"),
            ("7.", "7000000000"),
            ("0.1234567890000", "123456789"),
            ("0.12345678901", "float 0.12345678901"),
            ("1e3", "float 1000"),
            ("000000000000000000000012", "12000000000"),
            ("1234567890123456789", "float 1234567890123456800"),
            ("", "no"),
            ("-", "no"),
            (".", "no"),
            ("1,000", "no"),
            ("NaN", "no"),
            ("inf", "no"),
            ("1e999", "no"),
            ("1-2", "no"),
        ] {
            assert_eq!(exact(text), expect, "{text}");
        }
    }

    #[test]
    fn the_nearest_float_is_found_at_any_size() {
        assert_eq!(to_float(100_000_000, 9), 0.1);
        assert_eq!(to_float(2_500_315_630_000_000, 9), 2_500_315.63);
        assert_eq!(to_float(123_456_789_012_345_678_901_234_567, 9), 123_456_789_012_345_678.901_234_567);
        assert_eq!(to_float(-1, 18), -1e-18);
    }
}
