//! Guards: what must not suffer, and where they sound.

use super::context::{Context, error};
use super::fields::Fields;
use super::names::{self, Kind};
use super::percent::{self, Moved, Points};
use crate::codes::resolve::{ALARMS, BETTER_MISSING, CHANGE_SIGN, KEY_TWICE, SELF_REFERENCE};
use crate::model::{self, Guard, GuardLimit, Unit};
use crate::syntax::value::{self as syntax, Value};
use crate::{Span, Spanned};

/// False alarms a year where a guard does not say.
const ALARMS_A_YEAR: f64 = 1.0;

/// The guards of a metric or a target of `owner`, in order of the metrics watched.
pub(super) fn guards(cx: &mut Context<'_>, fields: &Fields<'_>, owner: &str) -> Vec<Guard> {
    let mut guards: Vec<(Guard, Span)> = Vec::new();
    for field in fields.all("guard") {
        let Value::Guard(written) = &field.value.node else { continue };
        let twice = guards.iter().find(|(guard, _)| guard.metric == written.metric.node);
        if let Some((_, first)) = twice {
            let message = format!("`{}` is guarded twice", written.metric.node);
            cx.report(error(&KEY_TWICE, written.metric.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        if let Some(guard) = guard(cx, written, owner, field.span) {
            guards.push((guard, written.metric.span));
        }
    }
    guards.sort_by(|(one, _), (two, _)| one.metric.cmp(&two.metric));
    guards.into_iter().map(|(guard, _)| guard).collect()
}

fn guard(cx: &mut Context<'_>, written: &syntax::Guard, owner: &str, span: Span) -> Option<Guard> {
    let metric = &written.metric;
    names::seek(cx, Kind::Metric, metric)?;
    if metric.node == owner {
        let message = format!("`{owner}` guards itself");
        cx.report(
            error(&SELF_REFERENCE, metric.span, message).hint("a guard watches another metric that might suffer"),
        );
        return None;
    }
    better(cx, metric, "is a guard");
    let unit = cx.unit_of(&metric.node);
    let limit = match &written.limit {
        Some(limit) => Some(self::limit(cx, limit, &metric.node, unit.as_ref())?),
        None => None,
    };
    let alarms = match &written.alarms {
        Some(alarms) if alarms.node.value > 0.0 => alarms.node.value,
        Some(alarms) => {
            let message = "a guard that may never alarm falsely would never sound";
            cx.report(error(&ALARMS, alarms.span, message).hint("write at least a fraction: `alarms 0.5 per year`"));
            return None;
        }
        None => ALARMS_A_YEAR,
    };
    Some(Guard { metric: metric.node.clone(), limit, alarms, place: cx.place(span) })
}

fn limit(cx: &mut Context<'_>, limit: &syntax::GuardLimit, name: &str, unit: Option<&Unit>) -> Option<GuardLimit> {
    match limit {
        syntax::GuardLimit::Level { at_most, level } => {
            let level = percent::level(cx, level, unit)?;
            Some(if *at_most { GuardLimit::AtMost(level) } else { GuardLimit::AtLeast(level) })
        }
        syntax::GuardLimit::Against { at_most, change, above, base } => {
            let moved = percent::change(cx, change, Moved { name, unit }, Points::OfSharesOnly)?;
            if !moved.size.is_point() || moved.size.mid < 0.0 {
                let message = format!("`{}` is not a distance from a base", cx.quote(change.span));
                let hint = "write one number, not below zero: `at most 5% above last quarter`";
                cx.report(error(&CHANGE_SIGN, change.span, message).hint(hint));
                return None;
            }
            let change = if *above { moved } else { negated(moved) };
            // `at most 5% below` allows a drop of so much and no more: what is bounded is the distance, so below a base the
            // limit is a lower one.
            let at_most = *at_most == *above;
            Some(GuardLimit::Against { at_most, change, base: base.node })
        }
    }
}

fn negated(change: model::Change) -> model::Change {
    let size = model::Estimate { low: -change.size.high, mid: -change.size.mid, high: -change.size.low, ..change.size };
    model::Change { size, ..change }
}

/// Makes sure a metric says which way is better, where it must.
pub(super) fn better(cx: &mut Context<'_>, metric: &Spanned<String>, why: &str) {
    let Some(declared) = cx.get(Kind::Metric, &metric.node) else { return };
    if declared.block.damaged || declared.block.fields().any(|field| field.key.node == "better") {
        return;
    }
    let message = format!("`{}` {why} but does not say which way is better", metric.node);
    cx.report(
        error(&BETTER_MISSING, metric.span, message)
            .label(declared.span, format!("`{}` is declared here, without `better:`", metric.node))
            .hint("add `better: higher`, `better: lower` or `better: between A and B` to it"),
    );
}
