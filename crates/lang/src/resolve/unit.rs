//! Units: from words to parts, and the arithmetic that multiplies and cancels them.

use super::context::{Context, error};
use super::currency::is_currency;
use crate::Span;
use crate::codes::resolve::UNIT_FORM;
use crate::model::{Unit, UnitForm};
use crate::syntax::value::UnitWords;
use std::collections::BTreeMap;

/// Exponents of nouns in the singular; the dimensionless has none. Points count as a noun here.
pub(super) type Dimension = BTreeMap<String, i32>;

const TIMES: [&str; 8] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

/// A unit of its words: what stands first over everything that stands after a `per`.
pub(super) fn unit(cx: &mut Context<'_>, words: &UnitWords) -> Option<Unit> {
    let parts: Vec<(String, Span)> = words.parts.iter().map(|part| (singular(&part.node), part.span)).collect();
    let (first, rest) = parts.split_first()?;
    for (noun, span) in rest {
        if let "share" | "ratio" | "point" = noun.as_str() {
            let message = format!("`{noun}` cannot stand after `per`");
            let hint = "a share, a ratio and points have no parts; write a noun, such as `orders per household`";
            cx.report(error(&UNIT_FORM, *span, message).hint(hint));
            return None;
        }
    }
    let text = words.parts.iter().map(|part| part.node.as_str()).collect::<Vec<_>>().join(" per ");
    let whole = |form| Some(Unit { text: text.clone(), form, parts: BTreeMap::new(), format: None });
    match first.0.as_str() {
        "share" | "ratio" if !rest.is_empty() => {
            let message = format!("`{}` cannot be had `per` anything", first.0);
            let hint = format!("it is already one number over another; write `unit: {}`", first.0);
            cx.report(error(&UNIT_FORM, first.1, message).hint(hint));
            None
        }
        "share" => whole(UnitForm::Share),
        "ratio" => whole(UnitForm::Ratio),
        "point" if rest.is_empty() => whole(UnitForm::Points),
        noun => {
            let mut dimension = Dimension::new();
            *dimension.entry(noun.to_owned()).or_default() += 1;
            for (noun, _) in rest {
                *dimension.entry(noun.clone()).or_default() -= 1;
            }
            dimension.retain(|_, exponent| *exponent != 0);
            let form = match noun {
                currency if is_currency(currency) => UnitForm::Money,
                time if rest.is_empty() && TIMES.contains(&time) => UnitForm::Time,
                _ => UnitForm::Amount,
            };
            Some(Unit { text, form, parts: dimension, format: None })
        }
    }
}

/// The dimension of a unit.
pub(super) fn dimension(unit: &Unit) -> Dimension {
    match unit.form {
        UnitForm::Share | UnitForm::Ratio => Dimension::new(),
        UnitForm::Points => Dimension::from([("point".to_owned(), 1)]),
        UnitForm::Money | UnitForm::Time | UnitForm::Amount => unit.parts.clone(),
    }
}

/// The product of two, the second to the power `sign`.
pub(super) fn multiply(left: &Dimension, right: &Dimension, sign: i32) -> Dimension {
    let mut product = left.clone();
    for (noun, exponent) in right {
        *product.entry(noun.clone()).or_default() += sign * exponent;
    }
    product.retain(|_, exponent| *exponent != 0);
    product
}

/// A dimension in words: `GBP per order`, `a plain number`.
pub(super) fn show(dimension: &Dimension) -> String {
    let power = |noun: String, exponent: i32| if exponent == 1 { noun } else { format!("{noun}^{exponent}") };
    let over = dimension.iter().filter(|(_, exponent)| **exponent > 0);
    let over: Vec<_> = over.map(|(noun, exponent)| power(plural(noun), *exponent)).collect();
    let under = dimension.iter().filter(|(_, exponent)| **exponent < 0);
    let under: Vec<_> = under.map(|(noun, exponent)| format!(" per {}", power(noun.clone(), -*exponent))).collect();
    match (over.is_empty(), under.is_empty()) {
        (true, true) => "a plain number".to_owned(),
        (true, false) => format!("1{}", under.concat()),
        _ => format!("{}{}", over.join(" × "), under.concat()),
    }
}

fn plural(noun: &str) -> String {
    if is_currency(noun) {
        return noun.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == noun) {
        return (*many).to_owned();
    }
    let consonant_y = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match consonant_y {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("bus", "buses"),
    ("status", "statuses"),
    ("bonus", "bonuses"),
    ("campus", "campuses"),
    ("quiz", "quizzes"),
    ("movie", "movies"),
    ("cookie", "cookies"),
    ("selfie", "selfies"),
    ("calorie", "calories"),
    ("cache", "caches"),
    ("niche", "niches"),
    ("headache", "headaches"),
    ("index", "indices"),
    ("news", "news"),
    ("series", "series"),
];

/// The singular of an English noun, so that `order` and `orders` are one unit. Of several words joined by hyphens the last
/// is changed.
pub(crate) fn singular(word: &str) -> String {
    if is_currency(word) {
        return word.to_owned();
    }
    if let Some((before, last)) = word.rsplit_once(['-', '_', ' ']) {
        let cut = before.len() + 1;
        return format!("{}{}", word.get(..cut).unwrap_or(before), singular(last));
    }
    if let Some((one, _)) = IRREGULAR.iter().find(|(one, many)| *many == word || *one == word) {
        return (*one).to_owned();
    }
    let kept = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for end in ["sses", "xes", "zzes", "ches", "shes"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !kept && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{plural, singular};

    #[test]
    fn plural_and_singular_are_one() {
        for (one, many) in [
            ("order", "orders"),
            ("household", "households"),
            ("city", "cities"),
            ("purchase", "purchases"),
            ("person", "people"),
            ("box", "boxes"),
            ("batch", "batches"),
            ("class", "classes"),
            ("day", "days"),
            ("movie", "movies"),
            ("status", "statuses"),
            ("GBP", "GBP"),
            ("person-week", "person-weeks"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
            if !one.contains('-') {
                assert_eq!(plural(one), many);
            }
        }
    }
}
