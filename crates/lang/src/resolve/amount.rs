//! Amounts: sizes, money and work.

use super::context::{Context, error};
use super::currency::is_currency;
use super::range::{self, Spread};
use super::unit::{self, Dimension, dimension, show};
use crate::codes::resolve::{AMOUNT_PERCENT, AMOUNT_SIGN, EFFORT_UNIT, MONEY_UNIT};
use crate::model::{Estimate, Unit, UnitForm};
use crate::syntax::value::{Amount, Suffix, UnitWords};
use crate::{Span, Spanned};

/// The numbers of an amount: plain, none below zero.
pub(super) fn plain(cx: &mut Context<'_>, amount: &Amount) -> Option<Estimate> {
    for number in range::numbers(&amount.range) {
        let text = cx.slice(number.span).to_owned();
        if number.node.suffix != Suffix::None {
            let message = format!("`{text}` is not an amount");
            cx.report(
                error(&AMOUNT_PERCENT, number.span, message).hint("write the number itself, without `%` and `pp`"),
            );
            return None;
        }
        if number.node.value < 0.0 {
            let message = format!("an amount of `{text}` is below zero");
            cx.report(error(&AMOUNT_SIGN, number.span, message).hint("amounts are zero or more"));
            return None;
        }
    }
    range::estimate(cx, &amount.range, range::as_written, Spread::Positive)
}

/// From the first number of an amount to its unit.
pub(super) fn span(amount: &Amount, fallback: Span) -> Span {
    let numbers = range::span(&amount.range).unwrap_or(fallback);
    amount.unit.as_ref().map_or(numbers, |unit| numbers.to(unit.span))
}

/// Money in the workspace's currency; a unit left out means that.
pub(super) fn money(cx: &mut Context<'_>, amount: &Amount) -> Option<Estimate> {
    let size = plain(cx, amount)?;
    if let Some(words) = &amount.unit {
        let written = unit::unit(cx, &words.node)?;
        let own = Dimension::from([(cx.settings.currency.clone(), 1)]);
        if dimension(&written) != own {
            not_money(cx, words, &written);
            return None;
        }
    }
    Some(size)
}

fn not_money(cx: &mut Context<'_>, words: &Spanned<UnitWords>, written: &Unit) {
    let own = &cx.settings.currency;
    let message = format!("`{}` where money in {own} is expected", written.text);
    let foreign = words.node.parts.first().is_some_and(|word| is_currency(&word.node));
    let hint = if foreign {
        format!(
            "the workspace's currency is {own} (`currency` under [workspace] in quarterdeck.toml); convert the amount, or change it there"
        )
    } else {
        format!("write the amount in {own}")
    };
    cx.report(error(&MONEY_UNIT, words.span, message).note(format!("expected {own}")).hint(hint));
}

/// What one unit of a metric is worth: `28 GBP to 34 GBP per order`. For a share, `per point` is one hundredth of it.
pub(super) fn worth(cx: &mut Context<'_>, amount: &Amount, metric: &str, of: Option<&Unit>) -> Option<Estimate> {
    let size = plain(cx, amount)?;
    let Some(words) = &amount.unit else { return Some(size) };
    let written = unit::unit(cx, &words.node)?;
    let own = cx.settings.currency.clone();
    if words.node.parts.first().map(|word| word.node.as_str()) != Some(own.as_str()) {
        not_money(cx, words, &written);
        return None;
    }
    let Some(of) = of else { return Some(size) };
    let per = unit::multiply(&dimension(&written), &Dimension::from([(own.clone(), 1)]), -1);
    let inverse = unit::multiply(&Dimension::new(), &dimension(of), -1);
    if per.is_empty() || per == inverse {
        return Some(size);
    }
    let message = format!(
        "`{metric}` is counted in {}, and this is the worth of {}",
        of.text,
        show(&unit::multiply(&Dimension::new(), &per, -1))
    );
    let one = show(&inverse).replacen("1 ", "", 1);
    let mut diagnostic = error(&MONEY_UNIT, words.span, message).note(format!("expected {own} {one}"));
    if let Some(site) = cx.unit_site(metric) {
        diagnostic = diagnostic.label(site, format!("the unit of `{metric}` is declared here"));
    }
    cx.report(diagnostic);
    None
}

/// Work in person-weeks; person-days are a fifth of one.
pub(super) fn effort(cx: &mut Context<'_>, amount: &Amount, fallback: Span) -> Option<Estimate> {
    let size = plain(cx, amount)?;
    let unit = amount
        .unit
        .as_ref()
        .map(|words| words.node.parts.iter().map(|word| unit::singular(&word.node)).collect::<Vec<_>>().join(" per "));
    let scale = match unit.as_deref() {
        Some("person-week") => 1.0,
        Some("person-day") => 0.2,
        _ => {
            let found = unit.map_or_else(|| "no unit".to_owned(), |unit| format!("`{unit}`"));
            let span = span(amount, fallback);
            let message = format!("an effort in {found}; person-weeks are expected");
            cx.report(error(&EFFORT_UNIT, span, message).hint("write `30 person-weeks` (or person-days)"));
            return None;
        }
    };
    let scaled = |value: f64| value * scale;
    Some(Estimate { low: scaled(size.low), mid: scaled(size.mid), high: scaled(size.high), ..size })
}

/// Whether a unit is one that cannot be had in amounts: for markets.
pub(super) fn counts(unit: &Unit) -> bool {
    matches!(unit.form, UnitForm::Amount | UnitForm::Money | UnitForm::Time)
}
