//! Targets of a plan.

use super::context::{Context, error};
use super::fields::{self, Fields};
use super::names::{self, Kind};
use super::percent;
use super::plan::Inside;
use super::{allow, guard, method, metric, when};
use crate::codes::resolve::{CONFIDENCE, DECLARED_TWICE, LEARN_SET};
use crate::model::{Learn, Slice, Target, Unit};
use crate::syntax::tree::{Block, BlockKind};
use crate::syntax::value::Value;
use crate::{Span, Spanned};
use quarterdeck_calendar::Period;

/// The chance a proposal is to have where the target does not say.
const CONFIDENCE_UNSAID: f64 = 0.6;

/// The targets of a plan with the plan blocks they stand in, in order of metric and slice; the same target twice is an error.
pub(super) fn targets<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<(Target, &'a Block)> {
    let mut all: Vec<(Target, &'a Block, Span)> = Vec::new();
    for inner in inside.of(BlockKind::Target) {
        let Some((target, span)) = target(cx, inside, inner.block) else { continue };
        let filter = |target: &Target| target.slice.as_ref().map(|slice| slice.filter.clone());
        let first = all.iter().find(|(known, ..)| known.metric == target.metric && filter(known) == filter(&target));
        if let Some((_, _, first)) = first {
            let part = target.slice.as_ref().map(|slice| format!(" for {}", slice.text)).unwrap_or_default();
            let message = format!("`{}`{part} has two targets in {}", target.metric, inside.period);
            let first = *first;
            cx.report(
                error(&DECLARED_TWICE, span, message)
                    .note("again here")
                    .label(first, "first here")
                    .hint("keep one; the blocks of a period merge, so another team's file may hold it"),
            );
            continue;
        }
        let site = site(inside.period, &target);
        for field in inner.block.fields() {
            cx.sites.add(format!("{site}/{}", field.key.node), field.value.span);
        }
        cx.sites.add(site, span);
        all.push((target, inner.plan, span));
    }
    let text = |target: &Target| target.slice.as_ref().map(|slice| slice.text.clone());
    all.sort_by(|(one, ..), (two, ..)| one.metric.cmp(&two.metric).then_with(|| text(one).cmp(&text(two))));
    all.into_iter().map(|(target, plan, _)| (target, plan)).collect()
}

/// The path of a target's places.
pub(crate) fn site(period: Period, target: &Target) -> String {
    let slice = target.slice.as_ref().map(|slice| format!(" for {}", slice.text.replace('/', "|"))).unwrap_or_default();
    format!("plan/{period}/target/{}{slice}", target.metric)
}

fn target<'a>(cx: &mut Context<'a>, inside: &Inside<'a>, block: &'a Block) -> Option<(Target, Span)> {
    let fields = fields::open(cx, block);
    let name = block.head.name.as_ref()?;
    names::find(cx, Kind::Metric, name)?;
    need_guards(cx, &name.node, &fields);
    let unit = cx.unit_of(&name.node);
    let to_learn = block.fields().any(|field| field.key.node == "learn");
    if !to_learn && !block.damaged {
        guard::better(cx, name, "has a target");
    }
    let slice = match &block.head.filter {
        Some(written) => {
            let filter = metric::slice_filter(cx, &name.node, written)?;
            Some(Slice { text: cx.quote(written.span), filter })
        }
        None => None,
    };
    let target = Target {
        metric: name.node.clone(),
        slice,
        confidence: confidence(cx, &fields),
        set: level(cx, &fields, "set", unit.as_ref()),
        budget: level(cx, &fields, "budget", unit.as_ref()),
        methods: method::methods(cx, &fields, &name.node, inside.period),
        guards: guard::guards(cx, &fields, &name.node),
        because: fields.text("because"),
        learn: learn(cx, &fields),
        owner: fields.text("owner"),
        approver: fields.text("approver"),
        allows: allow::allows(cx, &fields),
        place: cx.place(name.span),
    };
    Some((target, name.span))
}

/// A plan needs the guards of its targets' metrics as well.
fn need_guards(cx: &mut Context<'_>, metric: &str, fields: &Fields<'_>) {
    let of_metric = cx.get(Kind::Metric, metric).map(|declared| declared.block);
    let of_metric = of_metric.into_iter().flat_map(Block::fields);
    let named: Vec<String> = of_metric
        .chain(fields.iter())
        .filter_map(|field| match &field.value.node {
            Value::Guard(guard) => Some(guard.metric.node.clone()),
            _ => None,
        })
        .collect();
    for name in named {
        cx.need_name(Kind::Metric, &name);
    }
}

fn confidence(cx: &mut Context<'_>, fields: &Fields<'_>) -> f64 {
    let Some(field) = fields.get("confidence") else { return CONFIDENCE_UNSAID };
    let Value::Part(number) = &field.value.node else { return CONFIDENCE_UNSAID };
    let Some(chance) = percent::part(cx, &Spanned::new(*number, field.value.span)) else { return CONFIDENCE_UNSAID };
    if chance > 0.0 && chance < 1.0 {
        return chance;
    }
    let message = format!("no target is met with a chance of {}", cx.slice(field.value.span));
    let hint = "write a chance between the two, such as 60%: 0% and 100% belong to no number";
    cx.report(error(&CONFIDENCE, field.value.span, message).hint(hint));
    CONFIDENCE_UNSAID
}

fn level(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str, unit: Option<&Unit>) -> Option<f64> {
    let Value::Level { value, .. } = &fields.get(key)?.value.node else { return None };
    percent::level(cx, value, unit)
}

fn learn(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Learn> {
    let field = fields.get("learn")?;
    let Value::Learn { what, by } = &field.value.node else { return None };
    if let Some(number) = fields.get("set").or_else(|| fields.get("method")) {
        let message = format!("`learn:` stands in place of a number, and `{}:` asks for one", number.key.node);
        cx.report(
            error(&LEARN_SET, number.span, message)
                .label(field.span, "what is to be learnt first")
                .hint("keep one of the two: learn first, and set the target when you know"),
        );
    }
    let by = when::last_day(cx, by)?;
    Some(Learn { what: what.node.clone(), by })
}
