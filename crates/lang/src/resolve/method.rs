//! The methods of a target, and what each of them needs to stand on.

use super::circle;
use super::context::{Context, error};
use super::fields::Fields;
use super::metric::slope;
use super::names::{self, Kind};
use super::percent::{self, Moved, Points};
use super::when;
use crate::codes::resolve::{BENCHMARK_UNKNOWN, BY_PAST, LINK_MISSING, PATH_MISSING, SELF_REFERENCE, TIER_MISSING};
use crate::model::{Method, Stretch, Tier, Unit};
use crate::suggest::nearest;
use crate::syntax::tree::BlockKind;
use crate::syntax::value::{self as syntax, Change, Value, When};
use crate::{Span, Spanned};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

/// A target's methods, in order.
pub(super) fn methods(cx: &mut Context<'_>, fields: &Fields<'_>, metric: &str, period: Period) -> Vec<Method> {
    let unit = cx.unit_of(metric);
    let of = Of { metric, unit: unit.as_ref(), period };
    let mut methods = Vec::new();
    for field in fields.all("method") {
        let Value::Method(written) = &field.value.node else { continue };
        methods.extend(method(cx, written, field.value.span, of));
    }
    methods
}

/// The target a method is for.
#[derive(Clone, Copy)]
struct Of<'m> {
    metric: &'m str,
    unit: Option<&'m Unit>,
    period: Period,
}

fn method(cx: &mut Context<'_>, written: &syntax::Method, span: Span, of: Of<'_>) -> Option<Method> {
    match written {
        syntax::Method::Trend { stretch: None } => Some(Method::Trend(None)),
        syntax::Method::Trend { stretch: Some(stretch) } => Some(Method::Trend(Some(self::stretch(cx, stretch, of)?))),
        syntax::Method::Benchmark { benchmark, close, by } => {
            let known = benchmark_known(cx, benchmark, of.metric);
            let (close, by) = (percent::part(cx, close), until(cx, by, of.period));
            known?;
            Some(Method::Benchmark { name: benchmark.node.clone(), close: close?, by: by? })
        }
        syntax::Method::Market { share, of: tier, by } => {
            let linked = market(cx, span, of.metric);
            let (share, by) = (percent::part(cx, share), until(cx, by, of.period));
            let tier = linked.and_then(|market| tier_of(cx, tier, &market));
            Some(Method::Market { share: share?, of: tier?, by: by? })
        }
        syntax::Method::Initiatives => Some(Method::Initiatives),
        syntax::Method::Objective { metric, change, slope, stretch } => {
            objective(cx, metric, change, slope.as_ref(), stretch.as_ref(), of)
        }
    }
}

fn stretch(cx: &mut Context<'_>, written: &Spanned<syntax::Stretch>, of: Of<'_>) -> Option<Stretch> {
    match &written.node {
        syntax::Stretch::Initiatives => Some(Stretch::Initiatives),
        syntax::Stretch::Confidence(chance) => {
            let span = Span { ..written.span };
            // The place of the chance is the end of the stretch: its last word.
            let text = cx.slice(span);
            let start = text.rfind(char::is_whitespace).map_or(span.start, |at| span.start + at as u32 + 1);
            Some(Stretch::Confidence(percent::part(cx, &Spanned::new(*chance, Span { start, ..span }))?))
        }
        syntax::Stretch::Market => {
            market(cx, written.span, of.metric)?;
            Some(Stretch::Market)
        }
        syntax::Stretch::Change(change) => {
            let moved = Moved { name: of.metric, unit: of.unit };
            Some(Stretch::Change(percent::change(cx, change, moved, Points::OfGrowth)?))
        }
    }
}

/// `by P`: P's last day, which must not lie before the planned period.
fn until(cx: &mut Context<'_>, by: &Spanned<When>, period: Period) -> Option<NaiveDate> {
    let day = when::last_day(cx, by)?;
    let starts = cx.settings.calendar.starts(period);
    if day >= starts {
        return Some(day);
    }
    let message = format!("`by {}` ends on {day}, before {period} starts on {starts}", cx.quote(by.span));
    cx.report(
        error(&BY_PAST, by.span, message).hint("write the period by which it is to be reached, this one or a later"),
    );
    None
}

fn benchmark_known(cx: &mut Context<'_>, name: &Spanned<String>, metric: &str) -> Option<()> {
    let declared = cx.get(Kind::Metric, metric)?;
    let blocks = declared.block.blocks().filter(|inner| inner.kind.node == BlockKind::Benchmark);
    let known: Vec<&str> = blocks.filter_map(|inner| inner.head.name.as_ref()).map(|name| name.node.as_str()).collect();
    if known.contains(&name.node.as_str()) {
        return Some(());
    }
    let message = format!("`{metric}` has no benchmark `{}`", name.node);
    let mut diagnostic =
        error(&BENCHMARK_UNKNOWN, name.span, message).label(declared.span, "the metric is declared here");
    diagnostic = match nearest(&name.node, known.iter().copied()) {
        Some(near) => {
            diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
        }
        None if known.is_empty() => {
            diagnostic.hint(format!("add `benchmark {} {{ value: …  date: …  source: \"…\" }}` to it", name.node))
        }
        None => diagnostic.hint(names::known("benchmark", known.into_iter())),
    };
    cx.report(diagnostic);
    None
}

/// The market a metric is linked to.
fn market(cx: &mut Context<'_>, span: Span, metric: &str) -> Option<String> {
    let declared = cx.get(Kind::Metric, metric)?;
    let link = declared.block.fields().find(|field| field.key.node == "market");
    if let Some(field) = link {
        return match &field.value.node {
            Value::MarketLink { market, .. } => {
                cx.need_name(Kind::Market, &market.node);
                Some(market.node.clone())
            }
            // A broken link has its own diagnostic.
            _ => None,
        };
    }
    let message = format!("`{metric}` is linked to no market");
    cx.report(
        error(&LINK_MISSING, span, message)
            .label(declared.span, "the metric is declared here, without `market:`")
            .hint(
                "add `market: NAME at N UNIT per UNIT` to it: how much of the metric one of the market's units gives",
            ),
    );
    None
}

fn tier_of(cx: &mut Context<'_>, written: &Spanned<String>, market: &str) -> Option<Tier> {
    let tier = match written.node.as_str() {
        "tam" => Tier::Tam,
        "sam" => Tier::Sam,
        _ => Tier::Som,
    };
    let declared = cx.get(Kind::Market, market)?;
    if declared.block.fields().any(|field| field.key.node == written.node) {
        return Some(tier);
    }
    let message = format!("the market `{market}` has no `{}`", written.node);
    let hint = format!("add `{}: …` to it, or take a share of another tier", written.node);
    cx.report(
        error(&TIER_MISSING, written.span, message).label(declared.span, "the market is declared here").hint(hint),
    );
    None
}

fn objective(
    cx: &mut Context<'_>,
    parent: &Spanned<String>,
    change: &Change,
    written: Option<&(Change, Change)>,
    stretch: Option<&Change>,
    of: Of<'_>,
) -> Option<Method> {
    names::find(cx, Kind::Metric, parent)?;
    if parent.node == of.metric {
        let message = format!("`{}` cannot be its own objective", of.metric);
        cx.report(error(&SELF_REFERENCE, parent.span, message).hint("name the metric it is to move"));
        return None;
    }
    let unit = cx.unit_of(&parent.node);
    let wanted = Moved { name: &parent.node, unit: unit.as_ref() };
    let size = percent::change(cx, change, wanted, Points::OfSharesOnly);
    let own = Moved { name: of.metric, unit: of.unit };
    let added = stretch.map(|stretch| percent::change(cx, stretch, own, Points::OfSharesOnly));
    let slope = match written {
        Some((of_parent, of_own)) => Some(slope(cx, (of_parent, &parent.node), (of_own, of.metric, of.unit))?),
        None => {
            path(cx, parent, of.metric)?;
            None
        }
    };
    let stretch = match added {
        Some(added) => Some(added?),
        None => None,
    };
    Some(Method::Objective { metric: parent.node.clone(), change: size?, slope, stretch })
}

/// Without a slope of its own, an objective goes along an edge `drives` or through the tree.
fn path(cx: &mut Context<'_>, parent: &Spanned<String>, metric: &str) -> Option<()> {
    if circle::drives(cx, metric, &parent.node) || circle::holds(cx, &parent.node, metric) {
        return Some(());
    }
    let declared = cx.get(Kind::Metric, metric)?;
    let message = format!("nothing says how `{metric}` moves `{}`", parent.node);
    cx.report(
        error(&PATH_MISSING, parent.span, message).label(declared.span, format!("`{metric}` is declared here")).hint(
            format!(
                "say it here with `at 0.25% per 1%`, with `drives: {}` in `{metric}`, or with `equals:` in `{}`",
                parent.node, parent.node
            ),
        ),
    );
    None
}
