//! Markets and events.

use super::amount;
use super::context::{Context, error};
use super::fields::{self, Fields};
use super::names::{self, Kind};
use super::unit::{self, dimension};
use super::world::Declared;
use super::{allow, when};
use crate::Span;
use crate::codes::resolve::{AMOUNT_SIGN, DATES_REVERSED, MARKET_NESTED, MARKET_UNIT};
use crate::model::{Definition, Event, Market, MarketSize, Unit};
use crate::syntax::value::Value;

/// Resolves a market; `None` without a unit or a total.
pub(super) fn market<'a>(cx: &mut Context<'a>, name: &str, declared: Declared<'a>) -> Option<Market> {
    let block = declared.block;
    let fields = fields::open(cx, block);
    let unit = market_unit(cx, &fields);
    let tam = tier(cx, &fields, "tam", unit.as_ref());
    let sam = tier(cx, &fields, "sam", unit.as_ref());
    let som = tier(cx, &fields, "som", unit.as_ref());
    nested(cx, ("sam", &sam), ("tam", &tam));
    nested(cx, ("som", &som), ("sam", &sam));
    if sam.is_none() {
        nested(cx, ("som", &som), ("tam", &tam));
    }
    let date = fields.get("date").and_then(|field| match &field.value.node {
        Value::When(written) => when::last_day(cx, &crate::Spanned::new(*written, field.value.span)),
        _ => None,
    });
    let size = |tier: Option<(MarketSize, Span)>| tier.map(|(size, _)| size);
    Some(Market {
        name: name.to_owned(),
        label: block.label.as_ref().map(|label| label.node.clone()),
        unit: unit?,
        tam: size(tam)?,
        sam: size(sam),
        som: size(som),
        source: fields.text("source"),
        date,
        allows: allow::allows(cx, &fields),
        definition: Definition { revision: String::new(), place: cx.place(declared.span) },
    })
}

fn market_unit(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Unit> {
    let field = fields.get("unit")?;
    let Value::Unit(words) = &field.value.node else { return None };
    let unit = unit::unit(cx, words)?;
    if amount::counts(&unit) {
        return Some(unit);
    }
    let message = format!("a market cannot be counted in {}", unit.text);
    cx.report(
        error(&MARKET_UNIT, field.value.span, message).hint("count what there is to win: households, people, GBP"),
    );
    None
}

fn tier(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str, unit: Option<&Unit>) -> Option<(MarketSize, Span)> {
    let field = fields.get(key)?;
    let Value::Amount(written) = &field.value.node else { return None };
    let size = amount::plain(cx, written)?;
    if size.low <= 0.0 {
        let message = format!("a market of `{}`", cx.quote(field.value.span));
        cx.report(error(&AMOUNT_SIGN, field.value.span, message).hint("a market is larger than zero"));
        return None;
    }
    if let (Some(words), Some(unit)) = (&written.unit, unit) {
        let found = unit::unit(cx, &words.node)?;
        if dimension(&found) != dimension(unit) {
            let message = format!("`{key}:` is in {}, and the market is counted in {}", found.text, unit.text);
            let site = fields.get("unit").map(|field| field.value.span);
            let mut diagnostic = error(&MARKET_UNIT, words.span, message);
            if let Some(site) = site {
                diagnostic = diagnostic.label(site, "its unit is declared here");
            }
            cx.report(diagnostic);
            return None;
        }
    }
    let by = match &written.by {
        Some(by) => Some(when::any_period(cx, by)?),
        None => None,
    };
    Some((MarketSize { size, by }, field.value.span))
}

/// An inner tier whose smallest value lies above the largest of the outer one contradicts it.
fn nested(
    cx: &mut Context<'_>,
    (inner, small): (&str, &Option<(MarketSize, Span)>),
    (outer, large): (&str, &Option<(MarketSize, Span)>),
) {
    let (Some((small, place)), Some((large, other))) = (small, large) else { return };
    if small.size.low <= large.size.high {
        return;
    }
    let message = format!("the {inner} is larger than the {outer} that holds it");
    cx.report(
        error(&MARKET_NESTED, *place, message)
            .note(format!("{inner} {}", cx.quote(*place)))
            .label(*other, format!("{outer} {}", cx.quote(*other)))
            .hint("markets are nested: tam holds sam, sam holds som"),
    );
}

/// Resolves an event; `None` without a day.
pub(super) fn event<'a>(cx: &mut Context<'a>, name: &str, declared: Declared<'a>) -> Option<Event> {
    let block = declared.block;
    let fields = fields::open(cx, block);
    let mut affects: Vec<String> = Vec::new();
    for path in fields.names("affects") {
        let metric = fields::dotted(path);
        if names::seek(cx, Kind::Metric, &metric).is_some() {
            affects.push(metric.node);
        }
    }
    affects.sort();
    affects.dedup();
    // Without names an event moves every metric; one whose names are all mistaken moves none we know.
    if affects.is_empty() && fields.get("affects").is_some() {
        return None;
    }
    let Value::Dates(written) = &fields.get("on")?.value.node else { return None };
    let mut days = Vec::with_capacity(written.len());
    for (first, last) in written {
        if first.node > last.node {
            let message = format!("{} comes after {}", first.node, last.node);
            let span = first.span.to(last.span);
            let turned = format!("{} to {}", last.node, first.node);
            cx.report(error(&DATES_REVERSED, span, message).fix("turn it round", span, turned));
            continue;
        }
        days.push((first.node, last.node));
    }
    days.sort();
    days.dedup();
    if days.is_empty() {
        return None;
    }
    Some(Event {
        name: name.to_owned(),
        label: block.label.as_ref().map(|label| label.node.clone()),
        days,
        affects,
        place: cx.place(declared.span),
    })
}
