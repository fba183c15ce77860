//! How the files of a source are written.

use super::context::{Context, error};
use super::currency::is_currency;
use super::fields::{Fields, dotted};
use super::when;
use crate::codes::resolve::{COVERS, EXPORT_FORM, MONEY_RATES, NUMBERS_FORM, UNIT_FORM};
use crate::model::export::{Arrival, Export, Layout, Money, NumberStyle};
use crate::suggest::nearest;
use crate::syntax::value::{Suffix, Value};
use crate::{Span, Spanned};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The column of periods in tables that have one by their layout.
const PERIOD: &str = "period";

/// The time column of a table of periods, which needs no name.
pub(super) fn time(fields: &Fields<'_>) -> Option<String> {
    let layout = fields.word("layout")?;
    (layout != "long").then(|| PERIOD.to_owned())
}

/// Resolves how the files of a source are written.
pub(super) fn export(cx: &mut Context<'_>, fields: &Fields<'_>) -> Export {
    let layout = match fields.word("layout") {
        Some("wide") => Layout::Wide,
        Some("across") => Layout::Across,
        _ => Layout::Long,
    };
    let skip = match fields.get("skip").map(|field| &field.value.node) {
        Some(Value::Skip(most)) => *most,
        _ => 0,
    };
    Export {
        layout,
        sheet: fields.text("sheet"),
        header: header(cx, fields),
        numbers: numbers(cx, fields),
        blanks: fields.texts("blank"),
        separator: separator(cx, fields),
        encoding: fields.text("encoding"),
        skip,
        money: money(cx, fields),
        arrives: arrives(cx, fields),
        covers: covers(cx, fields),
    }
}

fn header(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<u32> {
    let field = fields.get("header")?;
    let Value::Number(number) = &field.value.node else { return None };
    if number.suffix == Suffix::None && number.value.fract() == 0.0 && (1.0..=100_000.0).contains(&number.value) {
        return Some(number.value as u32);
    }
    let message = "`header:` is the number of a row, counted from 1".to_owned();
    cx.report(error(&EXPORT_FORM, field.value.span, message).hint("count every line from the top, blank ones too"));
    None
}

fn separator(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<char> {
    let field = fields.get("separator")?;
    let text = fields.text("separator")?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        _ if matches!(text.as_str(), "tab" | "\\t") => Some('\t'),
        (Some(only), None) if only.is_ascii() && !only.is_alphanumeric() && !matches!(only, '"' | '\n' | '\r') => {
            Some(only)
        }
        _ => {
            let message = format!("`{text}` cannot separate fields");
            let hint = "write one sign: \",\", \";\", \"|\" or \"tab\"";
            cx.report(error(&EXPORT_FORM, field.value.span, message).hint(hint));
            None
        }
    }
}

fn numbers(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<NumberStyle> {
    let field = fields.get("numbers")?;
    let text = fields.text("numbers")?;
    let style = style_of(&text);
    if style.is_none() {
        let message = format!("`{text}` does not show how numbers are written");
        let hint = "write one number with thousands and decimals: \"1,234.5\", \"1.234,5\", \"1 234,5\" or \"1234,5\"";
        cx.report(error(&NUMBERS_FORM, field.value.span, message).hint(hint));
    }
    style
}

/// The style a sample shows: it has decimals, and its thousands are apart or not.
fn style_of(sample: &str) -> Option<NumberStyle> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let place = sample.rfind(['.', ','])?;
    let (whole, decimals) = sample.split_at_checked(place)?;
    let decimal = decimals.chars().next()?;
    if !digits(decimals.get(1..)?) {
        return None;
    }
    let mut groups = whole.split(|letter: char| !letter.is_ascii_digit());
    let first = groups.next().filter(|first| digits(first))?;
    let rest: Vec<&str> = groups.collect();
    let Some((last, middle)) = rest.split_last() else {
        // Three digits behind the only mark may be decimals or thousands.
        let plain = first.len() > 3 || decimals.len() != 4;
        return plain.then_some(NumberStyle { group: None, decimal, pairs: false });
    };
    let mut marks = whole.chars().filter(|letter| !letter.is_ascii_digit());
    let mark = marks.next()?;
    let group = match mark {
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\'' | '’' => '\'',
        '.' | ',' if mark != decimal => mark,
        _ => return None,
    };
    let pairs = middle.first().is_some_and(|pair| pair.len() == 2);
    let width = if pairs { 2 } else { 3 };
    let sound = marks.all(|other| other == mark)
        && last.len() == 3
        && first.len() <= width
        && middle.iter().all(|group| group.len() == width);
    sound.then_some(NumberStyle { group: Some(group), decimal, pairs })
}

fn money(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Money> {
    let column = fields.name("currency");
    let amounts: Vec<Spanned<String>> = fields.names("amounts").iter().map(dotted).collect();
    let rates = rates(cx, fields);
    let problem = match (&column, amounts.first(), &rates) {
        (None, None, None) => return None,
        (Some(column), None, _) => Some((
            column.span,
            "`currency:` needs to know which columns are amounts",
            "add `amounts:` with the columns that hold money",
        )),
        (Some(column), _, None) => Some((
            column.span,
            "amounts of several currencies cannot be added without their rates",
            "add `rates:` with what one of each currency is worth in the workspace's: `rates: EUR 0.85, USD 0.79`",
        )),
        (None, Some(amount), _) => Some((
            amount.span,
            "`amounts:` stands beside `currency:`, the column that names each row's currency",
            "add `currency:`, or leave `amounts:` out where the sign stands in the cell itself",
        )),
        _ => None,
    };
    if let Some((span, message, hint)) = problem {
        cx.report(error(&MONEY_RATES, span, message.to_owned()).hint(hint));
        return None;
    }
    let amounts = amounts.into_iter().map(|amount| amount.node).collect();
    Some(Money { column: column.map(|column| column.node), amounts, rates: rates.unwrap_or_default() })
}

fn rates(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<BTreeMap<String, f64>> {
    let Value::Rates(written) = &fields.get("rates")?.value.node else { return None };
    let mut rates = BTreeMap::new();
    for (currency, worth) in written {
        if !is_currency(&currency.node) {
            unknown_currency(cx, currency);
        } else if worth.node.suffix != Suffix::None || worth.node.value.is_nan() || worth.node.value <= 0.0 {
            let message = format!("one {} is worth a plain number above zero", currency.node);
            cx.report(error(&MONEY_RATES, worth.span, message).hint("what one is worth in the workspace's currency"));
        } else if rates.insert(currency.node.clone(), worth.node.value).is_some() {
            let message = format!("`{}` has two rates", currency.node);
            cx.report(error(&MONEY_RATES, currency.span, message).hint("keep one of them"));
        }
    }
    Some(rates)
}

fn unknown_currency(cx: &mut Context<'_>, currency: &Spanned<String>) {
    let message = format!("`{}` is no currency", currency.node);
    let diagnostic = error(&UNIT_FORM, currency.span, message);
    let known = super::currencies();
    cx.report(match nearest(&currency.node.to_uppercase(), known) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("write its code of ISO 4217, such as EUR"),
    });
}

fn arrives(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Arrival> {
    let Value::Arrives { after, of } = &fields.get("arrives")?.value.node else { return None };
    let length = when::length(cx, after)?;
    Some(Arrival { after: length, of: of.node })
}

fn covers(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let field = fields.get("covers")?;
    let Value::Dates(stretches) = &field.value.node else { return None };
    let report = |cx: &mut Context<'_>, span: Span, message: &str| {
        let hint = "write the first and the last day that it covers: 2024-01-01 to 2026-10-31";
        cx.report(error(&COVERS, span, message.to_owned()).hint(hint));
        None
    };
    match stretches.as_slice() {
        [(from, to)] if from.node < to.node => Some((from.node, to.node)),
        [_] => report(cx, field.value.span, "a source covers more than a day, from an earlier one to a later one"),
        _ => report(cx, field.value.span, "a source covers one stretch of days"),
    }
}

#[cfg(test)]
mod tests {
    use super::style_of;

    #[test]
    fn samples_show_styles() {
        for (sample, expect) in [
            ("1,234.5", Some((Some(','), '.', false))),
            ("1.234,56", Some((Some('.'), ',', false))),
            ("1 234,5", Some((Some(' '), ',', false))),
            ("1\u{a0}234,5", Some((Some(' '), ',', false))),
            ("1'234.5", Some((Some('\''), '.', false))),
            ("12,34,567.8", Some((Some(','), '.', true))),
            ("1234.5", Some((None, '.', false))),
            ("1234,5", Some((None, ',', false))),
            ("0,5", Some((None, ',', false))),
            ("1,234", None),
            ("1.234.5", None),
            ("1,23.5", None),
            ("x", None),
            ("", None),
            (",5", None),
        ] {
            let found = style_of(sample).map(|style| (style.group, style.decimal, style.pairs));
            assert_eq!(found, expect, "{sample}");
        }
    }
}
