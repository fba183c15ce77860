//! `reads:` as written, made sure to fit the metric's grain and unit.

use super::context::{Context, error};
use crate::Span;
use crate::codes::resolve::READS_UNFIT;
use crate::model::{Reads, Unit, UnitForm};
use crate::syntax::value::Reads as Written;
use quarterdeck_calendar::Grain;

/// What a quarter's number is said to be.
pub(super) fn reads(
    cx: &mut Context<'_>,
    written: Written,
    span: Span,
    unit: Option<&Unit>,
    grain: Option<Grain>,
) -> Option<Reads> {
    let text = cx.quote(span);
    match written {
        Written::Total => {
            if let Some(unit) = unit.filter(|unit| matches!(unit.form, UnitForm::Share | UnitForm::Ratio)) {
                let message = format!("a {} cannot be added up over a quarter", unit.text);
                let hint = "`reads: whole` computes it over the whole quarter, sums divided by sums";
                cx.report(error(&READS_UNFIT, span, message).hint(hint).fix("write `whole`", span, "whole"));
                return None;
            }
            Some(Reads::Total)
        }
        Written::Last => Some(Reads::Last),
        Written::Whole => Some(Reads::Whole),
        Written::Average(over) | Written::AverageOfLast(_, over) if grain.is_some_and(|grain| over < grain) => {
            let grain = grain.map(Grain::word).unwrap_or_default();
            let message = format!("`{text}` of something counted by the {grain}");
            let fixed = text.replace(over.word(), grain);
            cx.report(error(&READS_UNFIT, span, message).hint(format!("there are no {over}s inside a {grain}")).fix(
                format!("write `{fixed}`"),
                span,
                fixed,
            ));
            None
        }
        Written::Average(over) if over > Grain::Quarter => {
            let message = format!("a quarter has no average {over}");
            cx.report(error(&READS_UNFIT, span, message).hint("write `average week` or `average month`"));
            None
        }
        Written::Average(over) => Some(Reads::Average(over)),
        Written::AverageOfLast(0, _) => {
            cx.report(error(&READS_UNFIT, span, format!("`{text}` averages nothing")).hint("write at least 1"));
            None
        }
        Written::AverageOfLast(count, over) => Some(Reads::AverageOfLast(count, over)),
    }
}
