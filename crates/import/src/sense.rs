//! What a metric of a file is: its unit, which way is better, what a quarter of it is.

use crate::profile::Profile;
use crate::words::{self, Nature};

/// A guess and what it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess<T> {
    /// The guess.
    pub is: T,
    /// What the data showed.
    pub because: String,
}

impl<T> Guess<T> {
    fn new(is: T, because: impl Into<String>) -> Guess<T> {
        Guess { is, because: because.into() }
    }
}

/// What a metric is taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Sense {
    /// How its values add up.
    pub nature: Guess<Nature>,
    /// Its unit, as the language writes it.
    pub unit: Guess<String>,
    /// Whether its values are percentages without a sign: 42 for 42 %.
    pub hundredths: Option<String>,
    /// `higher` or `lower`.
    pub better: Guess<&'static str>,
    /// The range of its values, where it is not what the unit implies.
    pub bounds: Option<Guess<String>>,
}

/// What the name of a metric may be helped by.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// What the file calls it.
    pub label: &'a str,
    /// What the file is called, where the label says nothing.
    pub file: &'a str,
    /// What a column of units says of it.
    pub unit: Option<&'a str>,
    /// What was answered to whether it is written in percent: `0-100` or `0-1`.
    pub percent: Option<&'a str>,
}

/// Why the sense of a metric is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    /// Values from 0 to 1 of what is a share: parts of one, or percent.
    Percent {
        /// The word that says it is a share.
        word: String,
        /// The largest value.
        most: f64,
    },
    /// Some values have a percent sign, others do not.
    Mixed {
        /// How many have one.
        with: usize,
        /// How many have none.
        without: usize,
    },
    /// Several currencies stand beside its values.
    Currencies(Vec<String>),
}

/// What a metric is, by its name and its values.
pub fn sense(named: Named<'_>, profile: &Profile) -> Result<Sense, Open> {
    let generic = words::is_generic(named.label);
    let full = if generic { format!("{} {}", named.file, named.label) } else { named.label.to_owned() };
    if profile.money.len() > 1 {
        return Err(Open::Currencies(profile.money.keys().cloned().collect()));
    }
    let nature = nature(&full, profile);
    let better = match words::lower_is_better(&full) {
        Some(word) => Guess::new("lower", format!("`{word}` is better lower")),
        None => Guess::new("higher", "no word in the name says lower"),
    };
    let (low, high) = profile.range().unwrap_or((0.0, 0.0));
    if profile.percents > 0 {
        let zeros = profile.known().filter(|value| *value == 0.0).count();
        if profile.percents + zeros < profile.count {
            return Err(Open::Mixed { with: profile.percents, without: profile.count - profile.percents });
        }
        let because = format!("{} values have a percent sign", profile.percents);
        return Ok(part(nature, better, because, (low, high), None));
    }
    if let Some(word) = share_word(&full, named.unit, &nature) {
        return share(named, &word, nature, better, (low, high));
    }
    let unit = unit(&full, named, profile, &nature);
    let bounds = bounds(&full, &nature, &unit, (low, high));
    Ok(Sense { nature, unit, hundredths: None, better, bounds })
}

/// Whether the values add up.
fn nature(label: &str, profile: &Profile) -> Guess<Nature> {
    if let Some((nature, word)) = words::nature(label) {
        let moves = profile.step().filter(|_| nature == Nature::Stock);
        let moves =
            moves.map(|step| format!("; from one to the next it moves by {}", percent(step))).unwrap_or_default();
        return Guess::new(nature, format!("named `{word}`{moves}"));
    }
    // Parts of one that are no money and are not called anything are no counts.
    if profile.money.is_empty()
        && !profile.is_whole()
        && profile.range().is_some_and(|(low, high)| low >= 0.0 && high <= 1.0)
    {
        return Guess::new(Nature::Mean, "values between 0 and 1 are no counts");
    }
    Guess::new(Nature::Flow, "the name says no rate, average or level")
}

/// The word that says that values are parts of a whole.
fn share_word(label: &str, unit: Option<&str>, nature: &Guess<Nature>) -> Option<String> {
    if unit.is_some_and(|unit| unit.trim() == "%" || unit.to_lowercase().contains("percent")) {
        return Some("%".into());
    }
    if nature.is == Nature::Share {
        return words::nature(label).map(|(_, word)| word);
    }
    words::words(label).into_iter().find(|word| word.contains('%'))
}

/// A share written without a percent sign.
fn share(
    named: Named<'_>,
    word: &str,
    nature: Guess<Nature>,
    better: Guess<&'static str>,
    (low, high): (f64, f64),
) -> Result<Sense, Open> {
    let percent = match named.percent {
        Some("0-100") => Some("answered: 42 stands for 42%".to_owned()),
        Some("0-1") => None,
        _ if high > 1.0 => Some(format!("values up to {high} are percent")),
        _ => return Err(Open::Percent { word: word.to_owned(), most: high }),
    };
    let scale = if percent.is_some() { 0.01 } else { 1.0 };
    Ok(part(nature, better, format!("named `{word}`"), (low * scale, high * scale), percent))
}

/// A part of a whole, or a plain number where it leaves 0 to 1.
fn part(
    nature: Guess<Nature>,
    better: Guess<&'static str>,
    because: String,
    (low, high): (f64, f64),
    hundredths: Option<String>,
) -> Sense {
    let inside = low >= 0.0 && high <= 1.0 + 1e-12;
    let unit = if inside {
        Guess::new("share".to_owned(), because)
    } else {
        let odd = if low < 0.0 { low } else { high };
        Guess::new("ratio".to_owned(), format!("{because}, and {} is outside 0% to 100%", percent(odd)))
    };
    let nature = match nature.is {
        Nature::Share | Nature::Mean | Nature::Ratio => nature,
        _ => Guess::new(Nature::Share, "percentages do not add up"),
    };
    Sense { nature, unit, hundredths, better, bounds: None }
}

fn unit(label: &str, named: Named<'_>, profile: &Profile, nature: &Guess<Nature>) -> Guess<String> {
    if let Some((code, count)) = profile.money.iter().next() {
        let per = per(label).map(|noun| format!(" per {noun}")).unwrap_or_default();
        return Guess::new(format!("{code}{per}"), format!("{count} values have its sign"));
    }
    if let Some(unit) = named.unit {
        if let Some(code) = crate::number::currency(unit) {
            return Guess::new(code.to_owned(), "the column of units says so");
        }
        if let Some(noun) = words::noun(unit) {
            return Guess::new(noun, "the column of units says so");
        }
    }
    if let Some(code) = money_named(label) {
        let per = per(label).map(|noun| format!(" per {noun}")).unwrap_or_default();
        return Guess::new(format!("{code}{per}"), "the name says so");
    }
    match nature.is {
        Nature::Points => return Guess::new("points".into(), nature.because.clone()),
        Nature::Ratio => return Guess::new("ratio".into(), nature.because.clone()),
        _ => {}
    }
    if let Some((unit, word)) = words::duration(label) {
        return Guess::new(unit.to_owned(), format!("named `{word}`"));
    }
    match words::noun(label).or_else(|| words::noun(named.file)) {
        Some(noun) => Guess::new(noun, "from the name"),
        None => Guess::new("units".into(), "nothing says what is counted; put the noun here"),
    }
}

/// What an amount is per: `Revenue per customer (£)`, `AOV`.
fn per(label: &str) -> Option<String> {
    let known = [
        ("aov", "order"),
        ("arpu", "user"),
        ("arppu", "payer"),
        ("arpa", "account"),
        ("cac", "customer"),
        ("clv", "customer"),
        ("ltv", "customer"),
        ("cltv", "customer"),
        ("cpa", "acquisition"),
        ("cpc", "click"),
        ("cpl", "lead"),
    ];
    let words = words::words(label);
    if let Some((_, noun)) = known.into_iter().find(|(word, _)| words.iter().any(|own| own == word)) {
        return Some(noun.to_owned());
    }
    let after = words.iter().position(|word| word == "per").and_then(|at| words.get(at + 1))?;
    let noun = crate::name::name_of(after, "");
    (!noun.is_empty()).then_some(noun)
}

/// A currency named in brackets or at the end of a label: `Revenue (£)`, `Umsatz in EUR`, `amount_usd`.
fn money_named(label: &str) -> Option<&'static str> {
    let pieces = label.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, '(' | ')' | '[' | ']' | ',' | '_' | '/' | ':')
    });
    // `Try` and `all` are words before they are currencies: codes count in capitals, and the usual ones in small letters too.
    let fits = |piece: &&str| {
        piece.chars().all(|letter| !letter.is_lowercase()) || ["usd", "eur", "gbp", "chf"].contains(piece)
    };
    let spelt = |word: &str| match word {
        "dollar" | "dollars" => Some("USD"),
        "euro" | "euros" => Some("EUR"),
        "pound" | "pounds" => Some("GBP"),
        _ => None,
    };
    let named = pieces.filter(fits).filter_map(crate::number::currency).fold(None, |_, code| Some(code));
    named.or_else(|| words::words(label).iter().find_map(|word| spelt(word)))
}

fn bounds(label: &str, nature: &Guess<Nature>, unit: &Guess<String>, (low, high): (f64, f64)) -> Option<Guess<String>> {
    if nature.is == Nature::Points && low >= -100.0 && high <= 100.0 {
        return Some(Guess::new("-100 to 100".into(), format!("a net promoter score; the file has {low} to {high}")));
    }
    let rated = words::words(label).iter().any(|word| ["rating", "ratings", "stars", "csat"].contains(&word.as_str()));
    if rated && unit.is != "share" && low >= 1.0 && high <= 5.0 {
        return Some(Guess::new("1 to 5".into(), format!("stars; the file has {low} to {high}")));
    }
    None
}

/// A fraction in percent, with about three digits.
pub fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    let places = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        _ => 5,
    };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    format!("{text}%")
}
