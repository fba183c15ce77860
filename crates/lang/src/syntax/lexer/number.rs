//! Numbers with what may touch them, days and periods; and the many ways other notations write them.

use super::{Lexer, codes, is_word_byte};
use crate::Diagnostic;
use crate::syntax::token::Kind;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

/// The most characters a number may have.
const LONGEST: usize = 40;
/// The first number too large to be counted exactly in all that is done with it.
const TOO_LARGE: f64 = 1e15;

/// The most groups of digits that are still one number.
const MOST_GROUPS: usize = 12;

/// What stands in for billions, which are written in millions.
const BILLIONS: &str = "_000M";

/// What people write right after a number, and what is meant: appended to the digits.
const TOUCHING: &[(&[&str], &str)] = &[
    (&["K", "thousand"], "k"),
    (&["m", "mn", "mm", "MM", "mio", "mil", "million"], "M"),
    (&["bn", "b", "B", "billion"], BILLIONS),
    (&["pct", "percent", "pc"], "%"),
    (&["p", "pt", "pts", "PP", "Pp"], "pp"),
    (&["d", "day"], " days"),
    (&["w", "wk", "wks"], " weeks"),
    (&["mo", "mos", "mth"], " months"),
    (&["y", "yr", "yrs", "a"], " years"),
    (&["h", "hr", "hrs"], " hours"),
    (&["min", "mins"], " minutes"),
    (&["q", "Q"], " quarters"),
    (&["pw", "pws", "PW"], " person-weeks"),
    (&["pd", "pds", "PD"], " person-days"),
];

/// What people write apart from a number and belongs right behind it.
const APART: &[(&[&str], &str)] = &[
    (&["%", "percent", "pct", "percents"], "%"),
    (&["pp", "pps"], "pp"),
    (&["M", "million", "millions", "mn", "mio"], "M"),
    (&["k", "K", "thousand", "thousands"], "k"),
    (&["bn", "billion", "billions"], BILLIONS),
];

/// What to write in place of a day that does not exist.
fn last_day(written: &str) -> String {
    let month = written.get(..7).and_then(|month| month.parse::<Period>().ok());
    match month.zip(written.get(..7)) {
        Some((_, month)) => {
            let days = (28..=31).rev().map(|day| format!("{month}-{day}"));
            let last = days.into_iter().find(|day| day.parse::<NaiveDate>().is_ok());
            format!("The last day of {month} is {}.", last.unwrap_or_default())
        }
        None => "A day is year, month and day: 2027-02-01".to_owned(),
    }
}

impl Lexer<'_> {
    /// A number, a day or a period.
    pub(super) fn number(&mut self, at: usize) -> usize {
        if let Some(end) = self.day_or_period(at) {
            return end;
        }
        let digits = self.digits_end(at);
        let mut end = digits;
        if self.byte(end) == Some(b'.') && self.is_digit(end + 1) {
            end = self.digits_end(end + 1);
        }
        if let Some(end) = self.grouped(at, end) {
            return end;
        }
        let (end, bad) = self.suffix(at, digits, end);
        let written = self.slice(at, end);
        let bad = bad || self.too_large(at, end, written) || self.bare_fraction(at, end, written);
        self.push(if bad { Kind::Bad } else { Kind::Number }, at, end);
        if self.is_digit(end + 1) && self.byte(end) == Some(b'-') && self.dash_range(end, end + 1) {
            return end + 1;
        }
        if bad { end } else { self.apart(at, end) }
    }

    fn is_digit(&self, at: usize) -> bool {
        self.byte(at).is_some_and(|byte| byte.is_ascii_digit())
    }

    fn digits_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or(&[]);
        at + rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count()
    }

    /// What touches the number: reads `k`, `M`, `%`, `pp`, reports everything else. Whether the number is unreadable.
    fn suffix(&mut self, at: usize, digits: usize, end: usize) -> (usize, bool) {
        if self.byte(end) == Some(b'%') {
            let percent = end + 1;
            if !self.byte(percent).is_some_and(is_word_byte) {
                return (percent, false);
            }
            let rest = self.word_end(percent);
            let fixed = format!("{} {}", self.slice(at, percent), self.slice(percent, rest));
            return (self.touching(at, rest, "letters touch the `%`", &fixed), true);
        }
        let word_end = self.word_end(end);
        let suffix = self.slice(end, word_end);
        let is_percent = self.byte(word_end) == Some(b'%');
        match suffix {
            "" | "k" | "M" | "pp" if !is_percent => {
                let underscored = digits == end && self.slice(at, digits).ends_with('_');
                if underscored {
                    let fixed = format!("{}{suffix}", self.slice(at, digits).trim_end_matches('_'));
                    self.touching(at, word_end, "an underscore touches the end of the number", &fixed);
                }
                (word_end, underscored)
            }
            _ => (self.wrong_suffix(at, end, if is_percent { word_end + 1 } else { word_end }), true),
        }
    }

    fn wrong_suffix(&mut self, at: usize, number_end: usize, end: usize) -> usize {
        let number = self.slice(at, number_end).to_owned();
        let suffix = self.slice(number_end, end).to_owned();
        if let Some(end) = self.scientific(at, number_end, end) {
            return end;
        }
        if self.out.tokens.last().is_some_and(|last| {
            last.kind == Kind::Word && crate::syntax::tree::BlockKind::from_word(last.text(self.text)).is_some()
        }) && !number.contains('.')
            && suffix.len() > 2
            && period_without_dash(&number, &suffix).is_none()
        {
            let place = self.span(at, end);
            let fixed = format!("{}_{number}", suffix.trim_matches('_').to_lowercase());
            let message = format!("`{number}{suffix}` is not a name: a name starts with a letter");
            self.report(Diagnostic::error(codes::NAME, place, message).fix(format!("Write {fixed}"), place, fixed));
            return end;
        }
        if let Some(fixed) = period_without_dash(&number, &suffix) {
            let place = self.span(at, end);
            let message = format!("`{number}{suffix}` is not how a period is written");
            self.report(Diagnostic::error(codes::NO_SUCH_DAY, place, message).fix(
                format!("Write {fixed}"),
                place,
                fixed,
            ));
            return end;
        }
        if let Some(fixed) = times_or_basis_points(&number, &suffix) {
            let place = self.span(at, end);
            let what = format!("`{suffix}` touches the number {number}");
            self.report(
                Diagnostic::error(codes::TOUCHING, place, what).hint(format!("As a change that is {fixed}.")).fix(
                    format!("Write {fixed}"),
                    place,
                    fixed,
                ),
            );
            return end;
        }
        let meant = TOUCHING.iter().find(|(found, _)| found.contains(&suffix.as_str())).map(|(_, meant)| *meant);
        let multiple = suffix.chars().next().filter(|first| matches!(first, 'k' | 'M'));
        let billions = number.replace('_', "").parse::<f64>().ok().filter(|_| meant == Some(BILLIONS));
        let fixed = match (meant, multiple) {
            _ if billions.is_some() => format!("{}M", plain(billions.unwrap_or_default() * 1_000.0)),
            (Some(meant), _) => format!("{number}{meant}"),
            (None, Some(multiple)) if suffix.len() >= 4 => {
                format!("{number}{multiple} {}", suffix.get(1..).unwrap_or(""))
            }
            _ => format!("{number} {suffix}"),
        };
        let what = format!("`{suffix}` touches the number {number}");
        self.touching(at, end, &what, &fixed)
    }

    fn touching(&mut self, at: usize, end: usize, what: &str, fixed: &str) -> usize {
        let place = self.span(at, end);
        self.report(
            Diagnostic::error(codes::TOUCHING, place, what)
                .hint(format!("Only k, M, % and pp stand right after a number: {fixed}"))
                .fix(format!("Write {fixed}"), place, fixed),
        );
        end
    }

    /// `1e6`, `2.5E-3`.
    fn scientific(&mut self, at: usize, number_end: usize, end: usize) -> Option<usize> {
        let exponent = self.slice(number_end, end).strip_prefix(['e', 'E'])?;
        let mut end = end;
        if exponent.is_empty() && matches!(self.byte(end), Some(b'+' | b'-')) && self.is_digit(end + 1) {
            end = self.digits_end(end + 1);
        } else if exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let place = self.span(at, end);
        let written = self.slice(at, end);
        let message = format!("`{written}` is in scientific notation");
        let mut diagnostic = Diagnostic::error(codes::TOUCHING, place, message);
        match written.replace('_', "").parse::<f64>() {
            Ok(value) if value < TOO_LARGE && value > 1e-12 => {
                let plain = plain(value);
                diagnostic =
                    diagnostic.hint(format!("Write it out: {plain}")).fix(format!("Write {plain}"), place, plain);
            }
            _ => diagnostic = diagnostic.hint("Write it out, with k or M where it is large."),
        }
        self.report(diagnostic);
        Some(end)
    }

    /// Commas and points that group digits: `1,000`, `94,5%`, `1.000.000`, and days such as `1.2.2027`, `01/02/2027`.
    fn grouped(&mut self, at: usize, end: usize) -> Option<usize> {
        let separator = self.byte(end).filter(|byte| matches!(byte, b',' | b'.' | b'/'))?;
        if !self.is_digit(end + 1) {
            return None;
        }
        let mut last = end;
        let mut groups = Vec::new();
        while self.byte(last) == Some(separator) && self.is_digit(last + 1) && groups.len() < MOST_GROUPS {
            let next = self.digits_end(last + 1);
            groups.push(next - last - 1);
            last = next;
        }
        let written = self.slice(at, last).to_owned();
        if let Some(end) = self.foreign_day(at, last, &written) {
            return Some(end);
        }
        let thousands = groups.iter().all(|group| *group == 3) && !written.starts_with('0');
        match separator {
            b',' if thousands => Some(self.thousands(at, last, &written, ',')),
            b',' if groups.len() == 1 && (self.line.parentheses == 0 || self.byte(last) == Some(b'%')) => {
                Some(self.decimal_comma(at, last, &written))
            }
            b'.' => Some(self.thousands(at, last, &written, '.')),
            _ => None,
        }
    }

    fn thousands(&mut self, at: usize, end: usize, written: &str, separator: char) -> usize {
        let mut end = end;
        // A decimal part after the groups: `1,234.5`.
        if separator == ',' && self.byte(end) == Some(b'.') && self.is_digit(end + 1) {
            end = self.digits_end(end + 1);
        }
        let whole = self.slice(at, end);
        let end =
            end + self.word_end(end).saturating_sub(end) + usize::from(self.byte(self.word_end(end)) == Some(b'%'));
        let tail = self.slice(at + whole.len(), end);
        let fixed =
            if written.matches(separator).count() == 0 { written.to_owned() } else { whole.replace(separator, "_") };
        let fixed = format!("{fixed}{tail}");
        let place = self.span(at, end);
        let spaced = whole.replace(separator, ", ");
        let mut diagnostic =
            Diagnostic::error(codes::COMMA_NUMBER, place, format!("`{whole}` groups its digits with `{separator}`"))
                .hint(format!("Digits are grouped with underscores, or not at all: {fixed}"))
                .fix(format!("Write {fixed}"), place, fixed);
        if separator == ',' && self.line.parentheses > 0 {
            diagnostic = diagnostic.hint(format!("If it is a list, put a space after each comma: {spaced}"));
        }
        self.report(diagnostic);
        self.push(Kind::Bad, at, end)
    }

    fn decimal_comma(&mut self, at: usize, end: usize, written: &str) -> usize {
        let word = self.word_end(end);
        let end = word + usize::from(self.byte(word) == Some(b'%'));
        let fixed = self.slice(at, end).replace(',', ".");
        let place = self.span(at, end);
        self.report(
            Diagnostic::error(
                codes::COMMA_NUMBER,
                place,
                format!("`{written}` has a comma where the decimal point belongs"),
            )
            .hint(format!("Decimals follow a point: {fixed}. In a list, a space follows each comma."))
            .fix(format!("Write {fixed}"), place, fixed),
        );
        self.push(Kind::Bad, at, end)
    }

    fn foreign_day(&mut self, at: usize, end: usize, written: &str) -> Option<usize> {
        let parts: Vec<&str> = written.split(['.', '/']).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let shape = (first.len(), second.len(), third.len());
        let year_first = matches!(shape, (4, 1..=2, 1..=2));
        if !year_first && !matches!(shape, (1..=2, 1..=2, 4)) {
            return None;
        }
        let place = self.span(at, end);
        let mut diagnostic =
            Diagnostic::error(codes::NO_SUCH_DAY, place, format!("`{written}` is not how a day is written"))
                .hint("A day is year, month and day: 2027-02-01");
        let day = |year: &str, month: &str, day: &str| {
            let day = format!("{year}-{month:0>2}-{day:0>2}");
            day.parse::<NaiveDate>().is_ok().then_some(day)
        };
        // With points the day comes first everywhere; with strokes it depends on where one lives.
        let readings = if year_first {
            [day(first, second, third), None]
        } else if written.contains('.') {
            [day(third, second, first), None]
        } else {
            [day(third, second, first), day(third, first, second).filter(|_| first != second)]
        };
        let which = [" (the day first)", " (the month first)"];
        let both = readings.iter().all(Option::is_some);
        for (fixed, which) in readings.into_iter().zip(which).filter_map(|(fixed, which)| Some((fixed?, which))) {
            let which = if both { which } else { "" };
            diagnostic = diagnostic.fix(format!("Write {fixed}{which}"), place, fixed);
        }
        self.report(diagnostic);
        Some(self.push(Kind::Bad, at, end))
    }

    fn too_large(&mut self, at: usize, end: usize, written: &str) -> bool {
        if written.len() < 13 && !written.ends_with('M') {
            return false;
        }
        let value = read(written).map_or(f64::INFINITY, |(value, _)| value);
        if written.len() <= LONGEST && value < TOO_LARGE {
            return false;
        }
        let start = written.get(..12).unwrap_or(written);
        let message = if written.len() > LONGEST {
            format!("the number {start}… has {} characters, and {LONGEST} are the most", written.len())
        } else {
            format!("the number {start}… is too large: the largest is below 1_000_000_000M")
        };
        let place = self.span(at, end);
        self.report(Diagnostic::error(codes::HUGE_NUMBER, place, message).hint("Count in a larger unit."));
        true
    }

    /// `.5`
    fn bare_fraction(&mut self, at: usize, end: usize, written: &str) -> bool {
        if !written.starts_with('.') {
            return false;
        }
        let place = self.span(at, end);
        self.report(
            Diagnostic::error(codes::COMMA_NUMBER, place, format!("`{written}` has no digit before its point")).fix(
                format!("Write 0{written}"),
                place,
                format!("0{written}"),
            ),
        );
        true
    }

    /// `6-8`: the dash at `at` stands between two numbers. Reports it, and whether it was one.
    pub(super) fn dash_range(&mut self, at: usize, end: usize) -> bool {
        let Some(last) = self.out.tokens.last().copied() else { return false };
        let between = self.slice(last.end as usize, at);
        let mut next = end;
        while self.byte(next) == Some(b' ') {
            next += 1;
        }
        if last.kind != Kind::Number || !between.bytes().all(|byte| byte == b' ') || !self.is_digit(next) {
            return false;
        }
        let (from, to) = (last.text(self.text).to_owned(), self.slice(next, self.word_end(next)).to_owned());
        let dash = self.span(last.end as usize, next);
        let place = self.span(last.start as usize, next + to.len());
        self.report(
            Diagnostic::error(
                codes::DASH_RANGE,
                place,
                format!("`{}` can be read in two ways", self.slice(last.start as usize, next + to.len())),
            )
            .hint(format!("A range is written with `to`: {from} to {to}"))
            .hint(format!("A difference has a space on both sides of the minus sign: {from} - {to}"))
            .fix(format!("Write {from} to {to}"), dash, " to "),
        );
        self.push(Kind::Bad, at, end);
        true
    }

    /// `5 %`, `5 percent`, `1.5 pp`: a suffix apart from its number.
    fn apart(&mut self, at: usize, end: usize) -> usize {
        if !self.bytes.get(end - 1).is_some_and(u8::is_ascii_digit) {
            return end;
        }
        let rest = self.text.get(end..).unwrap_or("");
        let word = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let start = end + rest.len() - word.len();
        let found = match word.as_bytes().first() {
            Some(b'%') => "%",
            Some(b'p' | b'm' | b'M' | b'k' | b'K' | b't' | b'b') => self.slice(start, self.word_end(start)),
            _ => return end,
        };
        let Some((_, meant)) = APART.iter().find(|(known, _)| known.contains(&found)) else { return end };
        let apart_end = start + found.len();
        // A key may be called so: `… 5  k: …`.
        if self.byte(apart_end) == Some(b':') {
            return end;
        }
        let place = self.span(at, apart_end);
        let number = self.slice(at, end);
        let fixed = match number.replace('_', "").parse::<f64>() {
            Ok(value) if *meant == BILLIONS => format!("{}M", plain(value * 1_000.0)),
            _ => format!("{number}{meant}"),
        };
        self.report(Diagnostic::error(codes::APART, place, format!("`{found}` stands apart from its number")).fix(
            format!("Write {fixed}"),
            place,
            fixed,
        ));
        self.out.tokens.pop();
        self.push(Kind::Bad, at, apart_end)
    }

    /// A day or a period, where one starts at `at`.
    fn day_or_period(&mut self, at: usize) -> Option<usize> {
        if self.byte(at + 4) != Some(b'-') || !(at..at + 4).all(|digit| self.is_digit(digit)) {
            return None;
        }
        let rest = self.bytes.get(at..).unwrap_or(&[]);
        let mut length = 4;
        while rest.get(length).is_some_and(|byte| is_word_byte(*byte))
            || (rest.get(length) == Some(&b'-') && rest.get(length + 1).is_some_and(|byte| is_word_byte(*byte)))
        {
            length += 1;
        }
        let end = at + length;
        let written = self.slice(at, end);
        let (_, tail) = written.split_at_checked(5)?;
        let kind = match shape(tail) {
            Shape::Day => Kind::Date,
            Shape::Named | Shape::Month => Kind::Period,
            Shape::Difference => return None,
            Shape::Wrong => return Some(self.wrong_day(at, end, written)),
        };
        let upper = written.to_ascii_uppercase();
        let read = match kind {
            Kind::Date => written
                .parse::<NaiveDate>()
                .map(|_| ())
                .map_err(|_| format!("there is no day {written}: the month has fewer days, or the year fewer months")),
            _ => upper.parse::<Period>().map(|_| ()).map_err(|error| error.to_string()),
        };
        let place = self.span(at, end);
        match read {
            Ok(()) if upper != written => {
                let message = format!("`{written}` is written with a capital letter");
                self.report(Diagnostic::error(codes::NO_SUCH_DAY, place, message).fix(
                    format!("Write {upper}"),
                    place,
                    upper,
                ));
            }
            Ok(()) => {}
            Err(message) => {
                let hint = match kind {
                    Kind::Date => last_day(written),
                    _ => "A year has Q1 to Q4, H1 and H2, months 01 to 12 (2027-02), periods P01 to P13 and weeks W01 to W53.".to_owned(),
                };
                self.report(Diagnostic::error(codes::NO_SUCH_DAY, place, message).hint(hint));
                return Some(self.push(Kind::Bad, at, end));
            }
        }
        Some(self.push(kind, at, end))
    }

    fn wrong_day(&mut self, at: usize, end: usize, written: &str) -> usize {
        let place = self.span(at, end);
        let mut diagnostic =
            Diagnostic::error(codes::NO_SUCH_DAY, place, format!("`{written}` is neither a day nor a period"))
                .hint("Days are written 2027-02-01; periods 2027-Q1, 2027-H1, 2027-02, 2027-P02 or 2027-W06.");
        let parts: Vec<&str> = written.split('-').collect();
        if let [year, rest @ ..] = parts.as_slice()
            && rest.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            && rest.len() <= 2
        {
            let fixed = rest.iter().fold((*year).to_owned(), |fixed, part| format!("{fixed}-{part:0>2}"));
            diagnostic = diagnostic.fix(format!("Write {fixed}"), place, fixed);
        }
        self.report(diagnostic);
        self.push(Kind::Bad, at, end)
    }
}

/// What follows the year and its dash.
enum Shape {
    /// `02-01`
    Day,
    /// `02`
    Month,
    /// `Q1`
    Named,
    /// Something like a day or period that is none.
    Wrong,
    /// A number, to be subtracted.
    Difference,
}

fn shape(tail: &str) -> Shape {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let named = tail.strip_prefix(['Q', 'H', 'P', 'W', 'q', 'h', 'p', 'w']);
    match (tail.split_once('-'), named) {
        (_, Some(number)) if digits(number) => Shape::Named,
        (Some((month, day)), _) if month.len() == 2 && day.len() == 2 && digits(month) && digits(day) => Shape::Day,
        (None, _) if tail.len() == 2 && digits(tail) => Shape::Month,
        (None, _) if digits(tail) && tail.len() > 2 => Shape::Difference,
        _ => Shape::Wrong,
    }
}

/// `2027Q1`, and `1Q27` or `1Q2027` the other way round.
fn period_without_dash(number: &str, suffix: &str) -> Option<String> {
    if let ([b'1'..=b'4'], Some(year)) = (number.as_bytes(), suffix.strip_prefix(['Q', 'H', 'q', 'h'])) {
        let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
        let letter = suffix.get(..1).unwrap_or_default().to_ascii_uppercase();
        let fixed = format!("{year}-{letter}{number}");
        return (year.len() == 4 && fixed.parse::<Period>().is_ok()).then_some(fixed);
    }
    let (letter, count) = suffix.split_at_checked(1)?;
    let fixed = format!("{number}-{}{count}", letter.to_ascii_uppercase());
    (number.len() == 4
        && matches!(letter.to_ascii_uppercase().as_str(), "Q" | "H" | "P" | "W")
        && fixed.parse::<Period>().is_ok())
    .then_some(fixed)
}

/// `3x` is +200%, and `25bps` are 0.25pp.
fn times_or_basis_points(number: &str, suffix: &str) -> Option<String> {
    let value: f64 = number.replace('_', "").parse().ok()?;
    // Rounded to what people write, so that 1.1 times is 10% and nothing else.
    let round = |value: f64| (value * 1e6).round() / 1e6;
    match suffix {
        "x" | "X" => Some(format!("{}{}%", if value >= 1.0 { "+" } else { "" }, plain(round((value - 1.0) * 100.0)))),
        "bp" | "bps" => Some(format!("{}pp", plain(round(value / 100.0)))),
        _ => None,
    }
}

/// A number written out, its digits grouped by underscores.
fn plain(value: f64) -> String {
    let written = format!("{value}");
    let (whole, rest) = written.split_once('.').map_or((written.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

/// The value of a number token's text, its `k` or `M` applied, with what else follows it.
pub(crate) fn read(written: &str) -> Option<(f64, &str)> {
    let end = written
        .find(|letter: char| !(letter.is_ascii_digit() || letter == '_' || letter == '.'))
        .unwrap_or(written.len());
    let (digits, suffix) = written.split_at_checked(end)?;
    let exponent = match suffix {
        "k" => "e3",
        "M" => "e6",
        _ => "",
    };
    if exponent.is_empty() && !digits.contains('_') {
        return Some((digits.parse().ok()?, suffix));
    }
    // The exponent is read with the digits, so that 1.1k is the number nearest to 1,100 and nothing else.
    let mut plain: String = digits.chars().filter(|letter| *letter != '_').collect();
    plain.push_str(exponent);
    Some((plain.parse().ok()?, suffix))
}
