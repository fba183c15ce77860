//! Names and labels made of what a file calls things, safe to stand in the language, in a spreadsheet and in a page.

use std::collections::BTreeSet;

/// How long a name may get.
const NAME: usize = 40;
/// How long a label may get.
const LABEL: usize = 80;

/// A name of the language: small letters, digits and underscores, a letter first; `fallback` where nothing is left.
pub fn name_of(text: &str, fallback: &str) -> String {
    let mut name = String::new();
    for letter in label_of(text).chars() {
        match letter {
            'a'..='z' | '0'..='9' => name.push(letter),
            'A'..='Z' => name.push(letter.to_ascii_lowercase()),
            '%' => name.push_str(" pct "),
            other => match spelt(other) {
                Some(letters) => name.push_str(letters),
                None => name.push(' '),
            },
        }
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join("_");
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_lowercase());
    let mut short: String = name.chars().take(NAME).collect();
    if name.len() > NAME
        && let Some((whole, _)) = short.rsplit_once('_')
    {
        short = whole.to_owned();
    }
    let short = short.trim_matches('_');
    if short.is_empty() { fallback.to_owned() } else { short.to_owned() }
}

/// A letter with a mark as it is spelt without.
fn spelt(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        'á' | 'à' | 'â' | 'ã' | 'å' | 'ą' | 'Á' | 'À' | 'Â' | 'Ã' | 'Å' | 'Ą' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' | 'É' | 'È' | 'Ê' | 'Ë' | 'Ę' | 'Ě' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ı' | 'Í' | 'Ì' | 'Î' | 'Ï' | 'İ' => "i",
        'ó' | 'ò' | 'ô' | 'õ' | 'Ó' | 'Ò' | 'Ô' | 'Õ' => "o",
        'ú' | 'ù' | 'û' | 'ů' | 'Ú' | 'Ù' | 'Û' | 'Ů' => "u",
        'ç' | 'ć' | 'č' | 'Ç' | 'Ć' | 'Č' => "c",
        'ñ' | 'ń' | 'ň' | 'Ñ' | 'Ń' | 'Ň' => "n",
        'š' | 'ś' | 'ş' | 'Š' | 'Ś' | 'Ş' => "s",
        'ž' | 'ź' | 'ż' | 'Ž' | 'Ź' | 'Ż' => "z",
        'ý' | 'Ý' => "y",
        'ł' | 'Ł' => "l",
        'ř' | 'Ř' => "r",
        'ğ' | 'Ğ' => "g",
        'ď' | 'đ' | 'Ď' | 'Đ' => "d",
        'ť' | 'Ť' => "t",
        _ => return None,
    })
}

/// A label: one line without control characters, not too long, and never what a spreadsheet would take for a formula.
pub fn label_of(text: &str) -> String {
    let mut label = String::new();
    for letter in text.chars() {
        let invisible = letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        match letter {
            '\n' | '\r' | '\t' | '\u{a0}' | '\u{202f}' => label.push(' '),
            _ if invisible => {}
            other => label.push(other),
        }
    }
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let label = label.trim_start_matches(['=', '+', '@', '-', ' ', '|', '"', '\'']);
    match label.char_indices().nth(LABEL) {
        Some((at, _)) => format!("{}…", label.get(..at).unwrap_or_default().trim_end()),
        None => label.to_owned(),
    }
}

/// A text in quotes as the language reads it.
pub fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What may stand in a comment: one line.
pub fn remark(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names that are taken.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// Names that are there already.
    pub fn of(names: impl IntoIterator<Item = String>) -> Taken {
        Taken(names.into_iter().collect())
    }

    /// The name itself, or with a number behind it where it is taken; taken from now on.
    pub fn take(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_labels() {
        for (text, name, label) in [
            ("Monthly active users", "monthly_active_users", "Monthly active users"),
            ("Umsatz (€)", "umsatz", "Umsatz (€)"),
            ("Größe – Fläche", "groesse_flaeche", "Größe – Fläche"),
            (
                "=HYPERLINK(\"http://x.example\",\"click\")",
                "hyperlink_http_x_example_click",
                "HYPERLINK(\"http://x.example\",\"click\")",
            ),
            ("+1-800", "x", "1-800"),
            ("-5", "x", "5"),
            ("@SUM(A1)", "sum_a1", "SUM(A1)"),
            ("2024 total", "total", "2024 total"),
            ("conversion %", "conversion_pct", "conversion %"),
            ("a\nb\u{202e}c", "a_bc", "a bc"),
            ("日本", "x", "日本"),
            ("", "x", ""),
        ] {
            assert_eq!(name_of(text, "x"), name, "{text}");
            assert_eq!(label_of(text), label, "{text}");
        }
    }
}
