//! What a percentage is: the key decides. A level is where something stands, a change is how far it moves, a part is a
//! chance or a fraction.

use super::context::{Context, error};
use super::range::{self, Spread};
use super::unit::{self, dimension, show};
use crate::codes::resolve::{
    CHANGE_BARE, CHANGE_MIXED, CHANGE_PERCENT, CHANGE_POINTS, CHANGE_RELATIVE, CHANGE_UNIT, LEVEL_BARE, LEVEL_PERCENT,
    LEVEL_POINTS, PART_RANGE,
};
use crate::model::{self, ChangeKind, Unit, UnitForm};
use crate::syntax::value::{Change, Number, Suffix};
use crate::{Diagnostic, Edit, Fix, Span, Spanned};

/// A level: `%` on a share, an amount otherwise. An unknown unit takes what is written.
pub(super) fn level(cx: &mut Context<'_>, number: &Spanned<Number>, unit: Option<&Unit>) -> Option<f64> {
    let Number { value, suffix } = number.node;
    let form = unit.map(|unit| unit.form);
    match (suffix, form) {
        (Suffix::Percent, Some(UnitForm::Share | UnitForm::Ratio) | None) => Some(value / 100.0),
        (Suffix::None, Some(UnitForm::Share)) if value != 0.0 => {
            bare_share(cx, number);
            None
        }
        (Suffix::None, _) => Some(value),
        (Suffix::Percent, Some(_)) => {
            let unit = unit.map(|unit| unit.text.clone()).unwrap_or_default();
            let message = format!("a level of {} for something counted in {unit}", cx.slice(number.span));
            let text = cx.slice(number.span);
            let plain = trim(text).to_owned();
            let diagnostic = error(&LEVEL_PERCENT, number.span, message).note(format!("expected a number of {unit}"));
            // A sign says that a growth is meant, and that is a way to a target and none itself.
            cx.report(if text.starts_with(['+', '-']) {
                diagnostic.hint(format!(
                    "here stands what is to be reached, in {unit}; a growth over the forecast is `method: trend stretch {text}`"
                ))
            } else {
                diagnostic
                    .hint("percentages are levels of shares and ratios alone")
                    .fix(format!("write `{plain}`"), number.span, plain)
            });
            None
        }
        (Suffix::Points, _) => {
            let percent = format!("{}%", trim(cx.slice(number.span)));
            let message = format!("{} is a difference, and a level is expected", cx.slice(number.span));
            let mut diagnostic =
                error(&LEVEL_POINTS, number.span, message).note("expected where it stands, not how far it moves");
            if form.is_none_or(|form| matches!(form, UnitForm::Share | UnitForm::Ratio)) {
                diagnostic = diagnostic.fix(format!("write `{percent}`"), number.span, percent);
            }
            cx.report(diagnostic);
            None
        }
    }
}

fn bare_share(cx: &mut Context<'_>, number: &Spanned<Number>) {
    let text = cx.slice(number.span).to_owned();
    let value = number.node.value;
    let mut diagnostic = error(&LEVEL_BARE, number.span, format!("`{text}` is not a level of a share"))
        .note("expected a percentage")
        .hint("shares are written in percent: `94.5%`");
    if value.abs() <= 1.0 {
        let percent = format!("{}%", tidy(value * 100.0));
        diagnostic = diagnostic.fix(format!("write `{percent}`"), number.span, percent);
    }
    if value.abs() >= 1.0 {
        diagnostic = diagnostic.fix(format!("write `{text}%`"), number.span, format!("{text}%"));
    }
    cx.report(diagnostic);
}

/// A number without the noise of binary fractions: `94.5`, not `94.50000000000001`.
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

fn trim(text: &str) -> String {
    text.trim_end_matches("pp").trim_end_matches('%').trim_end().to_owned()
}

/// A chance or a part: 0–100 %, or a fraction such as `2/3`.
pub(super) fn part(cx: &mut Context<'_>, number: &Spanned<Number>) -> Option<f64> {
    let Number { value, suffix } = number.node;
    let text = cx.slice(number.span).to_owned();
    let in_range = match suffix {
        Suffix::Percent => (0.0..=100.0).contains(&value).then_some(value / 100.0),
        // `1` may be one percent or all of it; everything between is a fraction.
        Suffix::None => (0.0..1.0).contains(&value).then_some(value),
        Suffix::Points => None,
    };
    if in_range.is_some() {
        return in_range;
    }
    let message = format!("`{text}` is not a chance or a part");
    let mut diagnostic =
        error(&PART_RANGE, number.span, message).note("expected 0% to 100%, or a fraction such as 2/3");
    if suffix != Suffix::Percent && (1.0..=100.0).contains(&value) {
        let percent = format!("{}%", trim(&text));
        diagnostic = diagnostic.fix(format!("write `{percent}`"), number.span, percent);
    }
    if suffix == Suffix::None && value == 1.0 {
        diagnostic = diagnostic.fix("write `100%`", number.span, "100%");
    }
    if diagnostic.fixes.is_empty() {
        diagnostic = diagnostic
            .hint("write how likely it is, or how much of the whole: from 0% (never, none) to 100% (certain, all)");
    }
    cx.report(diagnostic);
    None
}

/// What points on something that is not a share mean where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    /// Nothing.
    OfSharesOnly,
    /// They add to its monthly growth rate, as in `trend stretch +1pp`.
    OfGrowth,
}

/// What a change is a change of, for messages.
#[derive(Clone, Copy)]
pub(super) struct Moved<'u> {
    /// The metric's name.
    pub name: &'u str,
    /// Its unit, where that is known.
    pub unit: Option<&'u Unit>,
}

/// A change: of a share in `pp` or `2% relative`; otherwise in `%` (relative) or an amount.
pub(super) fn change(cx: &mut Context<'_>, change: &Change, of: Moved<'_>, points: Points) -> Option<model::Change> {
    let suffix = suffix(cx, change)?;
    let form = of.unit.map(|unit| unit.form);
    let relative = |cx: &mut Context<'_>| sized(cx, change, ChangeKind::Relative);
    if change.relative && suffix != Suffix::Percent {
        let message = "only a percentage can be relative";
        cx.report(error(&CHANGE_RELATIVE, change.span, message).hint("write `2% relative`, or drop the word"));
        return None;
    }
    match (suffix, form) {
        (Suffix::Percent, Some(UnitForm::Share)) if !change.relative => {
            percent_of_share(cx, change, of);
            None
        }
        (Suffix::Percent, _) => relative(cx),
        (Suffix::Points, Some(UnitForm::Share) | None) => sized(cx, change, ChangeKind::Points),
        (Suffix::Points, Some(_)) if points == Points::OfGrowth => sized(cx, change, ChangeKind::Points),
        // A ratio is written in percent, so points of it are an amount.
        (Suffix::Points, Some(UnitForm::Ratio)) => {
            let size = range::estimate(cx, &change.range, range::hundredth, Spread::Normal)?;
            Some(model::Change { kind: ChangeKind::Amount, size })
        }
        (Suffix::Points, Some(_)) => {
            points_of_amount(cx, change, of);
            None
        }
        (Suffix::None, Some(UnitForm::Share)) => {
            bare_change(cx, change, of);
            None
        }
        (Suffix::None, _) => {
            same_unit(cx, change, of)?;
            sized(cx, change, ChangeKind::Amount)
        }
    }
}

/// The suffix all numbers of a change share; one at the right end covers those without.
fn suffix(cx: &mut Context<'_>, change: &Change) -> Option<Suffix> {
    let mut all = Suffix::None;
    for number in range::numbers(&change.range) {
        let suffix = number.node.suffix;
        if suffix == Suffix::None || suffix == all {
            continue;
        }
        if all != Suffix::None {
            let message = format!("`{}` mixes percent and points", cx.quote(change.span));
            let hint = "write both ends in the same: `1pp to 3pp`";
            cx.report(error(&CHANGE_MIXED, change.span, message).hint(hint));
            return None;
        }
        all = suffix;
    }
    let last = change.range.ends.as_ref().map_or(change.range.middle.as_ref(), |(_, high)| Some(high));
    if last.is_some_and(|last| last.node.suffix != all && last.node.value != 0.0) {
        let message = format!("the right end of `{}` has no unit", cx.quote(change.span));
        cx.report(error(&CHANGE_MIXED, change.span, message).hint("a unit at the right end covers both: `1 to 3pp`"));
        return None;
    }
    Some(all)
}

fn sized(cx: &mut Context<'_>, change: &Change, kind: ChangeKind) -> Option<model::Change> {
    let convert = if kind == ChangeKind::Amount { range::as_written } else { range::hundredth };
    let positive = range::numbers(&change.range).all(|number| number.node.value > 0.0);
    let spread = if kind == ChangeKind::Amount && positive { Spread::Positive } else { Spread::Normal };
    let size = range::estimate(cx, &change.range, convert, spread)?;
    Some(model::Change { kind, size })
}

/// Edits that give every number of a change another suffix.
fn with_suffix(cx: &Context<'_>, change: &Change, suffix: &str) -> Vec<Edit> {
    let edit =
        |number: &Spanned<Number>| Edit { span: number.span, text: format!("{}{suffix}", trim(cx.slice(number.span))) };
    range::numbers(&change.range).map(edit).collect()
}

fn with_fix(mut diagnostic: Diagnostic, message: impl Into<String>, edits: Vec<Edit>) -> Diagnostic {
    diagnostic.fixes.push(Fix { message: message.into(), edits });
    diagnostic
}

fn percent_of_share(cx: &mut Context<'_>, change: &Change, of: Moved<'_>) {
    let written = cx.quote(change.span);
    let message = format!("`{written}` as a change of the share `{}` can be read in two ways", of.name);
    let after = Span { start: change.span.end, ..change.span };
    let points = with_suffix(cx, change, "pp");
    let relative = vec![Edit { span: after, text: " relative".into() }];
    let diagnostic = error(&CHANGE_PERCENT, change.span, message)
        .note("points, or percent of its value?")
        .hint("on a share of 50%, `2pp` gives 52% and `2% relative` gives 51%");
    let diagnostic = with_fix(diagnostic, "points of the share: write `pp`", points);
    cx.report(with_fix(diagnostic, "percent of its value: write `relative` after it", relative));
}

fn points_of_amount(cx: &mut Context<'_>, change: &Change, of: Moved<'_>) {
    let unit = of.unit.map(|unit| unit.text.clone()).unwrap_or_default();
    let message = format!("`{}` as a change of `{}`, which is counted in {unit}", cx.quote(change.span), of.name);
    let diagnostic = error(&CHANGE_POINTS, change.span, message).note("percentage points are for shares");
    let diagnostic = match of.unit.map(|unit| unit.form) {
        Some(UnitForm::Points) => {
            with_fix(diagnostic, "points of the score: a plain number", with_suffix(cx, change, ""))
        }
        _ => with_fix(diagnostic, "percent of its value: write `%`", with_suffix(cx, change, "%")),
    };
    cx.report(diagnostic);
}

fn bare_change(cx: &mut Context<'_>, change: &Change, of: Moved<'_>) {
    let message = format!("`{}` is not a change of the share `{}`", cx.quote(change.span), of.name);
    let diagnostic = error(&CHANGE_BARE, change.span, message)
        .note("expected points (`pp`) or `% relative`")
        .hint("shares move in points: from 50%, `2pp` gives 52%");
    cx.report(with_fix(diagnostic, "points of the share: write `pp`", with_suffix(cx, change, "pp")));
}

/// A unit written after a change must be the metric's own.
fn same_unit(cx: &mut Context<'_>, change: &Change, of: Moved<'_>) -> Option<()> {
    let Some(words) = &change.unit else { return Some(()) };
    let written = unit::unit(cx, &words.node)?;
    let Some(own) = of.unit else { return Some(()) };
    if dimension(&written) == dimension(own) {
        return Some(());
    }
    let (found, expected) = (show(&dimension(&written)), own.text.clone());
    let message = format!("a change in {found} of `{}`, which is counted in {expected}", of.name);
    let site = cx.unit_site(of.name);
    let mut diagnostic = error(&CHANGE_UNIT, words.span, message).note(format!("expected {expected}"));
    diagnostic = diagnostic.hint(match own.form {
        UnitForm::Share => "a share moves in points (`2pp`), or in percent of its value (`2% relative`)".to_owned(),
        _ => format!("write percent of its value (`2%`), or an amount in {expected}"),
    });
    if let Some(site) = site {
        diagnostic = diagnostic.label(site, "its unit is declared here");
    }
    cx.report(diagnostic);
    None
}
