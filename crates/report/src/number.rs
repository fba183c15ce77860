//! How numbers are written: the only place where a number becomes text.
//!
//! A level has as many digits as its spread deserves (two significant digits of the P10–P90 width), and never fewer than
//! the target itself needs. Shares are written `94.5 %`, differences of shares `pp`, money with its sign, large numbers
//! with thousands separators or as `1.2 million`. A number that is not finite is written `unknown`, never `NaN`.

use chrono::NaiveDate;
use quarterdeck_lang::model::{Estimate, Format, Unit, UnitForm};

/// What is written where there is no finite number.
pub const UNKNOWN: &str = "unknown";

/// A width below this part of the value is the rounding of arithmetic and says nothing about digits.
const NO_SPREAD: f64 = 1e-9;

/// Words for large magnitudes, smallest first: at or above the value, numbers are written in it.
const MAGNITUDES: [(f64, i32, &str, &str); 3] =
    [(1e6, 6, "million", "M"), (1e9, 9, "billion", "bn"), (1e12, 12, "trillion", "tn")];

/// Signs of currencies that everybody reads alike; others are written with their code.
const SIGNS: [(&str, &str); 5] = [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("INR", "₹")];

/// How levels of one unit are written on one page: with one number of decimals and one magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    form: UnitForm,
    /// Before the number: a currency's sign or code.
    prefix: String,
    /// After the number, in sentences: ` orders`, ` per order`.
    noun: String,
    /// Decimals of the written number; negative ones round to tens, hundreds…; `None` gives each value its own.
    decimals: Option<i32>,
    /// The magnitude of the page, 0 where numbers are written in full.
    magnitude: usize,
    /// How the metric has its numbers written, which goes before both.
    format: Option<Format>,
}

/// A level alone: `10,400`, `94.5 %`, `£1.2 million`.
///
/// `spread` is the width it is known with (P90 − P10, in the metric's unit) and decides the digits; without one, three
/// significant digits are shown.
pub fn level(value: f64, unit: &Unit, currency: &str, spread: Option<f64>) -> String {
    let spread = spread.filter(|width| width.abs() > NO_SPREAD * value.abs());
    let levels = Levels::new(Some(unit), currency, spread, &[]).sized_for(value);
    levels.level(value)
}

/// A chance in whole percent: `61 %`; the ends are `under 1 %` and `over 99 %`, for paths cannot tell more.
pub fn chance(p: f64) -> String {
    match p {
        p if !p.is_finite() => UNKNOWN.to_owned(),
        // Half a percent would round to none.
        p if p <= 0.005 => "under 1 %".to_owned(),
        p if p >= 0.995 => "over 99 %".to_owned(),
        p => format!("{:.0} %", p * 100.0),
    }
}

/// The difference of two chances in percentage points, without its sign: `27 pp`.
pub fn chance_gap(a: f64, b: f64) -> String {
    let gap = (a - b).abs() * 100.0;
    if gap.is_finite() { format!("{gap:.0} pp") } else { UNKNOWN.to_owned() }
}

/// An amount of the workspace's currency with two or three significant digits: `£120,000`.
pub fn money(value: f64, currency: &str) -> String {
    Levels::money(currency).sized_for(value).level(value)
}

/// An estimate in the workspace's currency: `£28 to £34`, or the one number where it is known exactly.
pub fn money_range(estimate: &Estimate, currency: &str) -> String {
    if estimate.is_point() {
        return money(estimate.mid, currency);
    }
    format!("{} to {}", money(estimate.low, currency), money(estimate.high, currency))
}

/// A day as people write it: `31 Mar 2027`, which reads the same on both sides of an ocean.
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// A whole number with thousands separators.
pub fn count(n: usize) -> String {
    grouped(&n.to_string())
}

/// An expected count: `7` where it is whole, else `7.2`.
pub fn expected(n: f64) -> String {
    if !n.is_finite() {
        return UNKNOWN.to_owned();
    }
    let text = format!("{n:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

impl Levels {
    /// The way of writing levels of `unit`: as precise as `spread` deserves, and as `exact` values need to be written whole.
    pub fn new(unit: Option<&Unit>, currency: &str, spread: Option<f64>, exact: &[f64]) -> Levels {
        let form = unit.map_or(UnitForm::Amount, |unit| unit.form);
        let (prefix, noun) = unit.map_or((String::new(), String::new()), |unit| affixes(unit, currency));
        let format = unit.and_then(|unit| unit.format);
        // A ratio whose format is in percent is written as a share is.
        let form = if format.is_some_and(|format| format.percent) { UnitForm::Share } else { form };
        let mut levels = Levels { form, prefix, noun, decimals: None, magnitude: 0, format };
        let shown: Vec<f64> = exact.iter().map(|value| value * levels.factor()).filter(|v| v.is_finite()).collect();
        let largest = shown.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let wanted = spread.map(|width| (width * levels.factor()).abs());
        let wanted = wanted.filter(|width| width.is_finite() && *width > NO_SPREAD * largest);
        let needed = shown.iter().map(|value| decimals_of(*value)).max();
        levels.decimals = match (wanted.map(|width| 1 - exponent(width)), needed) {
            (Some(wanted), Some(needed)) => Some(wanted.max(needed).clamp(-15, 12)),
            (Some(wanted), None) => Some(wanted.clamp(-15, 12)),
            (None, needed) => needed.map(|needed| needed.clamp(-15, 12)),
        };
        levels.magnitude = magnitude(largest);
        if let Some(format) = format {
            // A target is written whole whatever the format: another number is no rounding of it.
            let asked = i32::from(format.decimals) - i32::from(format.power);
            levels.decimals = Some(needed.map_or(asked, |needed| asked.max(needed.clamp(-15, 12))));
        }
        levels
    }

    /// Amounts of a currency, each with its own digits.
    pub fn money(currency: &str) -> Levels {
        let prefix = sign(currency);
        Levels { form: UnitForm::Money, prefix, noun: String::new(), decimals: None, magnitude: 0, format: None }
    }

    /// The same, in the magnitude that suits a value.
    pub fn sized_for(mut self, value: f64) -> Levels {
        let shown = value * self.factor();
        self.magnitude = if shown.is_finite() { magnitude(shown.abs()) } else { 0 };
        self
    }

    /// The same, without decimals that are zero in all of these values.
    pub fn without_zeros(mut self, values: &[f64]) -> Levels {
        let factor = self.factor();
        if let Some(decimals) = self.decimals.filter(|decimals| *decimals > 0 && self.format.is_none()) {
            let needed = values.iter().map(|value| decimals_of(rounded(value * factor, decimals))).max();
            self.decimals = Some(needed.unwrap_or(0).clamp(0, decimals));
        }
        self
    }

    /// What a level is multiplied by before it is written.
    pub fn factor(&self) -> f64 {
        if self.form == UnitForm::Share { 100.0 } else { 1.0 }
    }

    /// Whether levels are shares, whose differences are points.
    pub fn is_share(&self) -> bool {
        self.form == UnitForm::Share
    }

    /// A level: `10,400`, `94.5 %`, `£1.2 million`.
    pub fn level(&self, value: f64) -> String {
        let shown = value * self.factor();
        if !shown.is_finite() {
            return UNKNOWN.to_owned();
        }
        // Without a spread three digits are enough, and zeros at the end say nothing.
        let own = || (2 - exponent(shown)).min(decimals_of(shown).max(0)).clamp(-15, 12);
        let decimals = self.decimals.unwrap_or_else(own);
        let (minus, digits) = self.digits(shown, decimals);
        format!("{}{}{}", if minus { "−" } else { "" }, self.prefix_of(&digits), self.suffixed(&digits))
    }

    /// A level with the noun it counts, for sentences: `10,400 orders`.
    pub fn with_unit(&self, value: f64) -> String {
        let level = self.level(value);
        if level == UNKNOWN { level } else { format!("{level}{}", self.noun) }
    }

    /// Two levels: `9,400 to 11,700`.
    pub fn range(&self, low: f64, high: f64) -> String {
        format!("{} to {}", self.level(low), self.level(high))
    }

    /// A difference, always with its sign: `+1.2 pp`, `−320`; `0` where it rounds to nothing.
    ///
    /// Small differences get two significant digits of their own, up to a hundredth of the page's step.
    pub fn change(&self, value: f64) -> String {
        let shown = value * self.factor();
        if !shown.is_finite() {
            return UNKNOWN.to_owned();
        }
        let own = 1 - exponent(shown);
        let wanted = self.decimals.map_or(own, |page| own.clamp(page, page + 2));
        // A second digit that is zero says nothing.
        let decimals = wanted.min(decimals_of(rounded(shown, wanted)).max(self.decimals.unwrap_or(own))).clamp(-15, 12);
        let (minus, digits) = self.digits(shown, decimals);
        let sign = match (minus, digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))) {
            (_, false) => "",
            (true, true) => "−",
            (false, true) => "+",
        };
        let unit = if self.is_share() { " pp" } else { "" };
        format!("{sign}{}{digits}{unit}", self.prefix_of(&digits))
    }

    /// Levels in the room of an axis: `1.25M`, `8k`, `94.5 %`, all in one magnitude and with the digits `step` needs.
    pub fn ticks(&self, values: &[f64], step: f64) -> Vec<String> {
        let factor = self.factor();
        let step = (step * factor).abs();
        let largest = values.iter().map(|value| (value * factor).abs()).filter(|v| v.is_finite()).fold(0.0, f64::max);
        let size = MAGNITUDES.iter().rev().find(|(from, ..)| largest >= *from && step >= from / 100.0);
        let (divisor, short) = match size {
            Some((from, _, _, short)) => (*from, *short),
            None if largest >= 1e4 && step >= 100.0 => (1e3, "k"),
            None => (1.0, ""),
        };
        let decimals = match decimals_of(step / divisor).max(0) {
            // Pence are written with both digits.
            1 if self.form == UnitForm::Money && divisor == 1.0 => 2,
            decimals => decimals,
        };
        let percent = if self.is_share() { " %" } else { "" };
        let write = |value: &f64| {
            let shown = value * factor / divisor;
            if !shown.is_finite() {
                return UNKNOWN.to_owned();
            }
            let (minus, digits) = plain(shown, decimals);
            let short = if digits == "0" { "" } else { short };
            format!("{}{}{digits}{short}{percent}", if minus { "−" } else { "" }, self.prefix)
        };
        values.iter().map(write).collect()
    }

    fn suffixed(&self, digits: &str) -> String {
        if self.is_share() { format!("{digits} %") } else { digits.to_owned() }
    }

    fn prefix_of(&self, digits: &str) -> &str {
        if digits.is_empty() { "" } else { &self.prefix }
    }

    /// Whether it is negative, and its digits with the word of its magnitude.
    fn digits(&self, shown: f64, decimals: i32) -> (bool, String) {
        if let Some(format) = self.format {
            let power = i32::from(format.power);
            let (minus, digits) =
                plain(shown / power_of_ten(power), (decimals + power).max(i32::from(format.decimals)));
            let word = match power {
                3 => "k",
                6 => " million",
                _ => "",
            };
            return (minus, format!("{digits}{word}"));
        }
        let size = self.magnitude.checked_sub(1).and_then(|at| MAGNITUDES.get(at));
        match size {
            Some((from, power, word, _))
                if shown.abs() >= from / 10.0 && shown.abs() < 1e16 && decimals + power <= 3 =>
            {
                let decimals = match self.decimals {
                    Some(_) => (decimals + power).max(0),
                    None => (decimals + power).max(0).min(decimals_of(shown / from).max(0)),
                };
                let (minus, digits) = plain(shown / from, decimals);
                (minus, format!("{digits} {word}"))
            }
            // Pence are written with both digits.
            _ if self.form == UnitForm::Money && decimals == 1 => plain(shown, 2),
            _ => plain(shown, decimals),
        }
    }
}

/// A currency's sign, or its code and a space.
fn sign(currency: &str) -> String {
    match SIGNS.iter().find(|(code, _)| *code == currency) {
        Some((_, sign)) => (*sign).to_owned(),
        None if currency.is_empty() => String::new(),
        None => format!("{currency} "),
    }
}

/// What stands before and after a number of a unit in a sentence.
fn affixes(unit: &Unit, currency: &str) -> (String, String) {
    match unit.form {
        UnitForm::Share | UnitForm::Ratio => (String::new(), String::new()),
        UnitForm::Money => {
            let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let code = unit.text.split_whitespace().find(is_code);
            let rest: Vec<&str> = unit.text.split_whitespace().filter(|word| Some(*word) != code).collect();
            let noun = if rest.is_empty() { String::new() } else { format!(" {}", rest.join(" ")) };
            (sign(code.unwrap_or(currency)), noun)
        }
        UnitForm::Points | UnitForm::Time | UnitForm::Amount if unit.text.is_empty() => (String::new(), String::new()),
        UnitForm::Points | UnitForm::Time | UnitForm::Amount => (String::new(), format!(" {}", unit.text)),
    }
}

/// One more than the index of the magnitude a number is written in, 0 for none.
fn magnitude(shown: f64) -> usize {
    MAGNITUDES.iter().filter(|(from, ..)| shown >= *from).count()
}

/// The power of ten of a number's first digit, 0 for zero. Read from its shortest decimal form, so exact on every machine.
pub(crate) fn exponent(value: f64) -> i32 {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let text = format!("{value:e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// Ten to a power, exact where a double can be.
pub(crate) fn power_of_ten(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

/// The fewest decimals that write a number whole (to nine significant digits); negative for round numbers.
fn decimals_of(value: f64) -> i32 {
    let text = format!("{value:.8e}");
    let Some((mantissa, power)) = text.split_once('e') else { return 0 };
    let digits = mantissa.trim_start_matches('-').replace('.', "");
    let significant = digits.trim_end_matches('0').len().max(1) as i32;
    let power: i32 = power.parse().unwrap_or(0);
    significant - 1 - power
}

/// A value rounded to so many decimals, negative ones to tens and hundreds.
fn rounded(value: f64, decimals: i32) -> f64 {
    if decimals >= 0 {
        return format!("{value:.*}", decimals.min(15) as usize).parse().unwrap_or(value);
    }
    let step = power_of_ten(-decimals);
    (value / step).round() * step
}

/// Whether it is negative, and its digits with separators. Beyond fifteen digits it is written as a power of ten.
fn plain(value: f64, decimals: i32) -> (bool, String) {
    let magnitude = value.abs();
    if magnitude >= 1e18 || (magnitude != 0.0 && magnitude < 1e-9) {
        let text = format!("{magnitude:.1e}").replace('e', " × 10^").replace("^-", "^−");
        return (value < 0.0, text);
    }
    let text = if decimals >= 0 {
        format!("{magnitude:.*}", decimals as usize)
    } else {
        let step = power_of_ten(-decimals);
        format!("{:.0}", (magnitude / step).round() * step)
    };
    let zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    (value < 0.0 && !zero, grouped(&text))
}

/// Digits with a comma between thousands.
fn grouped(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::with_capacity(text.len() + text.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn unit(text: &str, form: UnitForm) -> Unit {
        Unit { text: text.to_owned(), form, parts: BTreeMap::new(), format: None }
    }

    #[test]
    fn levels_have_the_digits_their_spread_deserves() {
        let cases = [
            (unit("orders", UnitForm::Amount), 10_437.2, Some(2_500.0), "10,400"),
            (unit("orders", UnitForm::Amount), 10_437.2, Some(25.0), "10,437"),
            (unit("orders", UnitForm::Amount), 1_243_700.0, Some(90_000.0), "1.244 million"),
            (unit("orders", UnitForm::Amount), 1_243_700.0, Some(400_000.0), "1.24 million"),
            (unit("share", UnitForm::Share), 0.9451, Some(0.03), "94.5 %"),
            (unit("share", UnitForm::Share), 0.0007, Some(0.0003), "0.070 %"),
            (unit("GBP", UnitForm::Money), -1_500_000.0, Some(300_000.0), "−£1.50 million"),
            (unit("SEK per order", UnitForm::Money), 280.0, Some(12.0), "SEK 280"),
            (unit("points", UnitForm::Points), -12.4, Some(10.0), "−12"),
            (unit("ratio", UnitForm::Ratio), 0.1234, Some(0.05), "0.123"),
            (unit("orders", UnitForm::Amount), -0.2, Some(50.0), "0"),
            (unit("orders", UnitForm::Amount), f64::NAN, Some(50.0), "unknown"),
            (unit("orders", UnitForm::Amount), f64::INFINITY, None, "unknown"),
            (unit("orders", UnitForm::Amount), 3.2e25, None, "3.2 × 10^25"),
            (unit("orders", UnitForm::Amount), 3.2e-12, None, "3.2 × 10^−12"),
            (unit("orders", UnitForm::Amount), 0.0, None, "0"),
            (unit("orders", UnitForm::Amount), 1_000_000.0, None, "1 million"),
            (unit("orders", UnitForm::Amount), 598_234.0, None, "598,000"),
            (unit("GBP", UnitForm::Money), 28.0, None, "£28"),
            (unit("GBP", UnitForm::Money), 5.4, None, "£5.40"),
        ];
        for (unit, value, spread, expect) in cases {
            assert_eq!(level(value, &unit, "USD", spread), expect, "{value} {unit} {spread:?}");
        }
    }

    #[test]
    fn a_metric_may_say_how_its_numbers_are_written() {
        let cases = [
            ("0", UnitForm::Amount, 10_437.2, "10,437", "+10,437"),
            ("0.00", UnitForm::Amount, 10_437.2, "10,437.20", "+10,437.20"),
            ("#,##0.0", UnitForm::Money, 5.44, "$5.4", "+$5.4"),
            ("0.0k", UnitForm::Amount, 10_437.2, "10.4k", "+10.4k"),
            ("0.0M", UnitForm::Money, -120_431.0, "−$0.1 million", "−$0.12 million"),
            ("0.0", UnitForm::Share, 0.9451, "94.5 %", "+94.5 pp"),
            ("0%", UnitForm::Share, 0.9451, "95 %", "+95 pp"),
            ("0.0%", UnitForm::Ratio, 0.1234, "12.3 %", "+12.3 pp"),
            ("0.0", UnitForm::Ratio, 0.1234, "0.1", "+0.12"),
        ];
        for (pattern, form, value, expect, change) in cases {
            let unit = Unit { format: Format::read(pattern), ..unit("", form) };
            assert!(unit.format.is_some(), "{pattern}");
            let levels = Levels::new(Some(&unit), "USD", Some(2_500.0), &[]);
            assert_eq!(level(value, &unit, "USD", Some(2_500.0)), expect, "{pattern}");
            assert_eq!(levels.level(value), expect, "{pattern}");
            assert_eq!(levels.change(value), change, "{pattern}");
        }
        // 9,487 is the target, and 9 thousand is another one.
        let thousands = Unit { format: Format::read("0k"), ..unit("orders", UnitForm::Amount) };
        assert_eq!(Levels::new(Some(&thousands), "USD", None, &[9_487.0]).level(9_487.0), "9.487k");
        for pattern in ["", "0,0", "00", "0.0x", "0.0k%", "%", "0.0000000", "$0"] {
            assert_eq!(Format::read(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn the_rounding_of_arithmetic_is_no_spread() {
        let share = unit("share", UnitForm::Share);
        assert_eq!(level(0.07, &share, "USD", Some(1e-15)), "7 %");
        let levels = Levels::new(Some(&share), "USD", Some(1e-15), &[0.07]);
        assert_eq!(levels.level(0.07), "7 %");
    }

    #[test]
    fn a_target_is_written_whole_however_wide_its_spread() {
        let share = unit("share", UnitForm::Share);
        let levels = Levels::new(Some(&share), "USD", Some(0.3), &[0.945]);
        assert_eq!(levels.level(0.945), "94.5 %");
        let orders = unit("orders", UnitForm::Amount);
        let levels = Levels::new(Some(&orders), "USD", Some(500_000.0), &[1_234_567.0]);
        assert_eq!(levels.with_unit(1_234_567.0), "1,234,567 orders");
        assert_eq!(Levels::new(Some(&orders), "USD", Some(500.0), &[10_400.0]).level(9_066.0), "9,070");
    }

    #[test]
    fn differences_carry_a_sign_and_shares_differ_by_points() {
        let share = unit("share", UnitForm::Share);
        let levels = Levels::new(Some(&share), "USD", Some(0.03), &[0.945]);
        assert_eq!(levels.change(0.0123), "+1.2 pp");
        assert_eq!(levels.change(-0.0002), "−0.02 pp");
        assert_eq!(levels.change(-0.00023), "−0.023 pp");
        assert_eq!(levels.change(0.0), "0.0 pp");
        let orders = unit("orders", UnitForm::Amount);
        let levels = Levels::new(Some(&orders), "USD", Some(2_500.0), &[10_400.0]);
        assert_eq!([levels.change(318.0), levels.change(-7.4), levels.change(1200.0)], ["+320", "−7", "+1,200"]);
        let money = Levels::new(Some(&unit("GBP", UnitForm::Money)), "USD", Some(2_500.0), &[10_400.0]);
        assert_eq!(money.change(-318.0), "−£320");
    }

    #[test]
    fn ticks_are_short_and_alike() {
        let orders = Levels::new(Some(&unit("orders", UnitForm::Amount)), "USD", None, &[]);
        assert_eq!(orders.ticks(&[750_000.0, 1_000_000.0, 1_250_000.0], 250_000.0), ["0.75M", "1.00M", "1.25M"]);
        assert_eq!(orders.ticks(&[7_500.0, 10_000.0, 12_500.0], 2_500.0), ["7.5k", "10.0k", "12.5k"]);
        assert_eq!(orders.ticks(&[-500.0, 0.0, 500.0], 500.0), ["−500", "0", "500"]);
        let share = Levels::new(Some(&unit("share", UnitForm::Share)), "USD", None, &[]);
        assert_eq!(share.ticks(&[0.94, 0.945], 0.005), ["94.0 %", "94.5 %"]);
    }

    #[test]
    fn chances_end_before_certainty() {
        let cases =
            [(0.612, "61 %"), (0.0, "under 1 %"), (1.0, "over 99 %"), (0.995, "over 99 %"), (f64::NAN, "unknown")];
        for (p, expect) in cases {
            assert_eq!(chance(p), expect);
        }
    }
}
