//! Numbers as people write them, and every way they can be read.
//!
//! A text is taken apart into sign, money, percent, scale and digits with separators. Which of `.` and `,` is the decimal
//! one is never decided by one cell: [`Styles`] keeps the ways of writing that all cells of a file fit, and a file is read
//! only where the ways that are left agree on every value.

/// Which sign stands before the decimals, and which between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Style {
    /// `.` or `,`.
    pub decimal: char,
    /// Between groups of three digits: `,`, `.`, a blank, `'`.
    pub group: char,
    /// Whether groups before the last are of two digits, as in India.
    pub pairs: bool,
}

impl Style {
    /// How the language writes it: 1234 and a half, with the separators.
    pub fn example(self) -> String {
        let Style { decimal, group, pairs } = self;
        if pairs { format!("12{group}34{group}567{decimal}8") } else { format!("1{group}234{decimal}5") }
    }

    /// The style of an example as the language writes it.
    pub fn of_example(text: &str) -> Option<Style> {
        let text = text.trim().trim_matches('"');
        STYLES.into_iter().find(|style| style.example() == text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'"))
    }
}

/// Every way of writing.
pub const STYLES: [Style; 7] = [
    style('.', ','),
    style(',', '.'),
    style('.', ' '),
    style(',', ' '),
    style('.', '\''),
    style(',', '\''),
    Style { decimal: '.', group: ',', pairs: true },
];

const fn style(decimal: char, group: char) -> Style {
    Style { decimal, group, pairs: false }
}

/// A text that is a number, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// A minus before or after it, or parentheses around it.
    pub negative: bool,
    /// The currency beside it, by its ISO 4217 code where the sign means one currency, else the sign.
    pub money: Option<String>,
    /// Whether a `%` stands behind it.
    pub percent: bool,
    /// What it is multiplied by: 1,000 for `k`, a million for `M`.
    pub scale: f64,
    /// Digits and separators; blanks are plain ones, apostrophes straight.
    pub digits: String,
}

/// Signs of money and the code they mean.
const SIGNS: [(&str, &str); 22] = [
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("A$", "AUD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₪", "ILS"),
    ("₴", "UAH"),
    ("₫", "VND"),
    ("₱", "PHP"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("Fr.", "CHF"),
    ("kr.", "kr"),
    ("kr", "kr"),
    ("Ft", "HUF"),
];

/// Currencies known by their code; others are written with a sign, or not at all.
const CODES: [&str; 36] = [
    "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF",
    "RON", "BGN", "TRY", "RUB", "UAH", "ILS", "ZAR", "BRL", "MXN", "ARS", "CLP", "COP", "KRW", "SGD", "HKD", "TWD",
    "THB", "IDR", "AED", "SAR",
];

/// The code of a currency, by its code or its sign.
pub fn currency(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let upper = text.to_uppercase();
    CODES
        .into_iter()
        .find(|code| *code == upper)
        .or_else(|| SIGNS.into_iter().find(|(sign, code)| *sign == text && *code != "kr").map(|(_, code)| code))
}

impl Written {
    /// Takes a text apart; `None` where it is no number.
    pub fn of(text: &str) -> Option<Written> {
        let plain: String = text.chars().map(plain).collect();
        let mut rest = plain.trim();
        let mut written = Written { negative: false, money: None, percent: false, scale: 1.0, digits: String::new() };
        if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            written.negative = true;
            rest = inside.trim();
        }
        rest = written.before(rest)?;
        rest = written.after(rest)?;
        let fits = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' ' | '\'');
        let edges = rest.starts_with([' ', '\'']) || rest.ends_with([' ', '\'', ',']);
        if !rest.chars().all(fits) || edges || !rest.contains(|letter: char| letter.is_ascii_digit()) || rest.len() > 40
        {
            return None;
        }
        written.digits = rest.to_owned();
        Some(written)
    }

    /// Signs before the digits.
    fn before<'a>(&mut self, mut rest: &'a str) -> Option<&'a str> {
        loop {
            rest = rest.trim_start();
            let signed = rest
                .strip_prefix('-')
                .map(|after| (after, true))
                .or_else(|| rest.strip_prefix('+').map(|after| (after, false)));
            if let Some((after, minus)) = signed {
                if minus && self.negative {
                    return None;
                }
                self.negative |= minus;
                rest = after;
            } else if let Some((after, money)) = money_before(rest) {
                self.take_money(money)?;
                rest = after;
            } else {
                return Some(rest);
            }
        }
    }

    /// Signs behind the digits.
    fn after<'a>(&mut self, mut rest: &'a str) -> Option<&'a str> {
        loop {
            rest = rest.trim_end();
            if let Some(before) = rest.strip_suffix('%') {
                if self.percent {
                    return None;
                }
                self.percent = true;
                rest = before;
            } else if let Some((before, money)) = money_after(rest) {
                self.take_money(money)?;
                rest = before;
            } else if let Some(before) = rest.strip_suffix('-') {
                if self.negative {
                    return None;
                }
                self.negative = true;
                rest = before;
            } else if let Some((before, scale)) = scaled(rest) {
                if self.scale != 1.0 {
                    return None;
                }
                self.scale = scale;
                rest = before;
            } else {
                return Some(rest);
            }
        }
    }

    fn take_money(&mut self, money: &str) -> Option<()> {
        if self.money.is_some() {
            return None;
        }
        self.money = Some(money.to_owned());
        Some(())
    }

    /// The value in one style; `None` where the digits are not written in it.
    pub fn value(&self, style: Style) -> Option<f64> {
        let (whole, decimals) = match self.digits.split_once(style.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (self.digits.as_str(), None),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = decimals.unwrap_or_default();
        if !digits(decimals) {
            return None;
        }
        let groups: Vec<&str> = whole.split(style.group).collect();
        if !groups.iter().all(|group| digits(group)) || !grouped(&groups, style.pairs) {
            return None;
        }
        let plain = format!("{}{}.{decimals}", if self.negative { "-" } else { "" }, groups.concat());
        let value: f64 = plain.parse().ok()?;
        Some(if self.percent { value * self.scale / 100.0 } else { value * self.scale })
    }
}

/// Groups of three, the first of one to three; in pairs, twos before the last three.
fn grouped(groups: &[&str], pairs: bool) -> bool {
    let [first, rest @ ..] = groups else { return false };
    let Some((last, between)) = rest.split_last() else { return true };
    // `0.123` has no thousands.
    if first.starts_with('0') {
        return false;
    }
    let width = if pairs { 2 } else { 3 };
    last.len() == 3 && (1..=width).contains(&first.len()) && between.iter().all(|group| group.len() == width)
}

/// Signs that look like a plain one are that one.
fn plain(letter: char) -> char {
    match letter {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' => ' ',
        '’' | '`' | '´' => '\'',
        '−' | '–' => '-',
        '\u{ff05}' => '%',
        other => other,
    }
}

fn money_before(text: &str) -> Option<(&str, &'static str)> {
    let sign = SIGNS.into_iter().find_map(|(sign, code)| text.strip_prefix(sign).map(|rest| (rest, code)));
    sign.or_else(|| {
        let code = CODES.into_iter().find(|code| text.get(..3).is_some_and(|start| start == *code))?;
        Some((text.get(3..)?, code))
    })
}

fn money_after(text: &str) -> Option<(&str, &'static str)> {
    let sign = SIGNS.into_iter().find_map(|(sign, code)| text.strip_suffix(sign).map(|rest| (rest, code)));
    sign.or_else(|| {
        let start = text.len().checked_sub(3)?;
        let code = CODES.into_iter().find(|code| text.get(start..) == Some(*code))?;
        Some((text.get(..start)?, code))
    })
}

fn scaled(text: &str) -> Option<(&str, f64)> {
    let known = [("k", 1e3), ("K", 1e3), ("M", 1e6), ("m", 1e6), ("mn", 1e6), ("bn", 1e9), ("B", 1e9)];
    known.into_iter().rev().find_map(|(end, scale)| {
        let before = text.strip_suffix(end)?;
        before.ends_with(|letter: char| letter.is_ascii_digit() || letter == ' ').then_some((before, scale))
    })
}

/// The ways of writing that all numbers of a file fit so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Styles {
    left: Vec<Style>,
    /// Why a decimal sign is sure: the cell that only fits one.
    pub proof: Option<(String, String)>,
    /// Cells whose value depends on the style, first come first, with their address.
    pub open: Vec<(String, String)>,
    /// The first cell that is no plain number such as `-1234.5`.
    pub foreign: Option<(String, String)>,
    /// How many numbers there are.
    pub seen: usize,
}

impl Default for Styles {
    fn default() -> Styles {
        Styles { left: STYLES.to_vec(), proof: None, open: Vec::new(), foreign: None, seen: 0 }
    }
}

/// How many cells that leave the style open are kept to be shown.
const SHOWN: usize = 3;

impl Styles {
    /// Takes a cell into account; `false` where no style is left that all cells fit.
    pub fn see(&mut self, written: &Written, text: &str, place: &str) -> bool {
        let before = self.left.clone();
        if self.foreign.is_none() && text.trim().parse::<f64>().is_err() {
            self.foreign = Some((place.to_owned(), text.to_owned()));
        }
        self.seen += 1;
        let fit: Vec<Style> = before.iter().copied().filter(|style| written.value(*style).is_some()).collect();
        if fit.is_empty() {
            return false;
        }
        let signs = |styles: &[Style]| {
            (styles.iter().any(|style| style.decimal == '.'), styles.iter().any(|style| style.decimal == ','))
        };
        if self.proof.is_none() && signs(&fit) != (true, true) {
            self.proof = Some((place.to_owned(), text.to_owned()));
        }
        let pounds = matches!(written.money.as_deref(), Some("GBP" | "INR")) && !written.digits.contains('.');
        if pounds && self.proof.is_none() && differ(written, &fit) {
            // Pounds are written with a point everywhere, and in whole pence: three digits behind a comma are thousands.
            self.left.retain(|style| style.decimal == '.');
            self.proof = Some((place.to_owned(), text.to_owned()));
            return written.value(STYLES[0]).is_some();
        }
        if self.open.len() < SHOWN && differ(written, &fit) {
            self.open.push((place.to_owned(), text.to_owned()));
        }
        self.left = fit;
        true
    }

    /// Leaves only styles with this decimal sign.
    pub fn settle(&mut self, decimal: char) {
        let kept: Vec<Style> = self.left.iter().copied().filter(|style| style.decimal == decimal).collect();
        if !kept.is_empty() {
            self.left = kept;
        }
    }

    /// The style, where those left agree on the value of every cell; else the two that do not.
    pub fn settled(&self) -> Result<Style, [Style; 2]> {
        let first = |decimal: char| self.left.iter().copied().find(|style| style.decimal == decimal);
        match (first('.'), first(',')) {
            (Some(point), Some(comma)) if !self.open.is_empty() => Err([point, comma]),
            (Some(point), _) => Ok(point),
            (None, Some(comma)) => Ok(comma),
            (None, None) => Ok(style('.', ',')),
        }
    }
}

/// Whether styles disagree on a value.
fn differ(written: &Written, styles: &[Style]) -> bool {
    let mut values = styles.iter().filter_map(|style| written.value(*style));
    let first = values.next();
    values.any(|value| Some(value) != first)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str, style: &str) -> String {
        let Some(written) = Written::of(text) else { return "no".into() };
        let style = Style::of_example(style).unwrap_or(STYLES[0]);
        let value = written.value(style).map_or("misfit".into(), |value| value.to_string());
        match written.money {
            Some(money) => format!("{money} {value}"),
            None => value,
        }
    }

    #[test]
    fn numbers_of_spreadsheets() {
        for (text, style, expect) in [
            ("9,480", "1,234.5", "9480"),
            ("9,480", "1.234,5", "9.48"),
            ("1.234,5", "1.234,5", "1234.5"),
            ("1.234,5", "1,234.5", "misfit"),
            ("42.0%", "1,234.5", "0.42"),
            ("£412,300", "1,234.5", "GBP 412300"),
            ("(1,200)", "1,234.5", "-1200"),
            ("($1,200.50)", "1,234.5", "USD -1200.5"),
            ("-$1,200.50", "1,234.5", "USD -1200.5"),
            ("$-1,200.50", "1,234.5", "USD -1200.5"),
            ("12k", "1,234.5", "12000"),
            ("1.2M", "1,234.5", "1200000"),
            ("412.300,00 €", "1.234,5", "EUR 412300"),
            ("EUR 412.300", "1.234,5", "EUR 412300"),
            ("1 234,5", "1 234,5", "1234.5"),
            ("1\u{202f}234,5", "1 234,5", "1234.5"),
            ("1’234.50", "1'234.5", "1234.5"),
            ("CHF 1'234.50", "1'234.5", "CHF 1234.5"),
            ("12,34,567", "1,234.5", "misfit"),
            ("12,34,567", "12,34,567.8", "1234567"),
            ("1,23", "1,234.5", "misfit"),
            ("1234", "1.234,5", "1234"),
            ("100-", "1,234.5", "-100"),
            ("−5", "1,234.5", "-5"),
            ("12 %", "1,234.5", "0.12"),
            ("", "1,234.5", "no"),
            ("-", "1,234.5", "no"),
            ("n/a", "1,234.5", "no"),
            ("Q3", "1,234.5", "no"),
            ("W45", "1,234.5", "no"),
            ("2026-01-05", "1,234.5", "no"),
            ("03/04/2026", "1,234.5", "no"),
            ("1-2", "1,234.5", "no"),
            ("--5", "1,234.5", "no"),
            ("M", "1,234.5", "no"),
            ("=1+2", "1,234.5", "no"),
            ("5%%", "1,234.5", "no"),
            ("$", "1,234.5", "no"),
        ] {
            assert_eq!(read(text, style), expect, "{text} in {style}");
        }
    }

    fn settled(texts: &[&str]) -> String {
        let mut styles = Styles::default();
        for text in texts {
            if !styles.see(&Written::of(text).unwrap(), text, "B2") {
                return "mixed".into();
            }
        }
        match styles.settled() {
            Ok(style) => style.example(),
            Err([one, other]) => format!("{} or {}", one.example(), other.example()),
        }
    }

    #[test]
    fn what_is_ambiguous_stays_open() {
        for (texts, expect) in [
            (&["1", "2"][..], "1,234.5"),
            (&["1.204"], "1,234.5 or 1.234,5"),
            (&["9,480"], "1,234.5 or 1.234,5"),
            (&["9,480", "42.0%"], "1,234.5"),
            (&["1.204", "980,5"], "1.234,5"),
            (&["1.204.000"], "1.234,5"),
            (&["0.123"], "1,234.5"),
            (&["1234.567"], "1,234.5"),
            (&["1 204"], "1 234.5"),
            (&["1 204", "3,5"], "1 234,5"),
            (&["1,5", "1.5"], "mixed"),
            (&["1,204", "12,34,567.50"], "12,34,567.8"),
            (&["£412,300"], "1,234.5"),
            (&["1,204", "£412,300"], "1,234.5"),
            (&["£1.204"], "1,234.5 or 1.234,5"),
            (&["€1,204"], "1,234.5 or 1.234,5"),
        ] {
            assert_eq!(settled(texts), expect, "{texts:?}");
        }
    }
}
