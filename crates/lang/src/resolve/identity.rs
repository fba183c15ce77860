//! What a metric is made of exactly: `equals:`.

use super::context::{Context, error};
use super::fields::Fields;
use super::names::Kind;
use super::{dimension as units, formula, measure};
use crate::Spanned;
use crate::codes::resolve::STEP_IN_IDENTITY;
use crate::model::{Formula, Unit};
use crate::syntax::value::{self as syntax, Measure, Value};

/// Resolves `equals:`.
///
/// An identity holds between metrics, which have histories of their own. A funnel is the rate of its last step, so
/// `checkout.paid` is the metric `checkout`; a step before that has to be declared as a metric.
pub(super) fn equals(cx: &mut Context<'_>, name: &str, unit: Option<&Unit>, fields: &Fields<'_>) -> Option<Formula> {
    let field = fields.get("equals")?;
    let Value::Formula(written) = &field.value.node else { return None };
    let written = without_last_steps(cx, written);
    let resolved = formula::formula(cx, &written, &[])?;
    if measure::has_step(&resolved) {
        let step = first_step(&written).unwrap_or_default();
        let name = step.replace('.', "_");
        let message = format!("`{step}` is no metric, and an identity is made of metrics");
        let hint =
            format!("declare it, `metric {name} {{ unit: share  …  measure: {step} }}`, and write `{name}` here");
        cx.report(error(&STEP_IN_IDENTITY, field.value.span, message).hint(hint));
        return None;
    }
    if let Some(unit) = unit {
        units::check(cx, name, unit, "equals", &written);
    }
    Some(resolved)
}

/// A formula in which a funnel's last step is the funnel.
fn without_last_steps(cx: &Context<'_>, written: &Spanned<syntax::Formula>) -> Spanned<syntax::Formula> {
    use syntax::Formula as Written;
    let inner = |inner: &Spanned<Written>| Box::new(without_last_steps(cx, inner));
    let node = match &written.node {
        Written::Name(path) => match path.parts.as_slice() {
            [funnel, step] if last_step(cx, funnel).as_deref() == Some(step) => {
                Written::Name(syntax::Path { parts: vec![funnel.clone()] })
            }
            _ => written.node.clone(),
        },
        Written::Neg(of) => Written::Neg(inner(of)),
        Written::Ago(of, by) => Written::Ago(inner(of), by.clone()),
        Written::Over(of, window) => Written::Over(inner(of), window.clone()),
        Written::Coalesce(of, otherwise) => Written::Coalesce(inner(of), otherwise.clone()),
        Written::Binary(op, left, right) => Written::Binary(*op, inner(left), inner(right)),
        // Conditions belong to rows, so a step under one is a funnel of its own.
        Written::Where(..) | Written::From(..) | Written::Aggregate { .. } | Written::Number(_) | Written::Broken => {
            written.node.clone()
        }
    };
    Spanned::new(node, written.span)
}

fn last_step(cx: &Context<'_>, funnel: &str) -> Option<String> {
    let declared = cx.get(Kind::Metric, funnel)?;
    declared.block.fields().find_map(|field| match &field.value.node {
        Value::Measure(measure) => match measure.as_ref() {
            Measure::Funnel { steps, .. } => steps.last().map(|step| step.name.node.clone()),
            _ => None,
        },
        _ => None,
    })
}

/// The first step a formula names, as written.
fn first_step(written: &Spanned<syntax::Formula>) -> Option<String> {
    use syntax::Formula as Written;
    match &written.node {
        Written::Name(path) => (path.parts.len() > 1).then(|| path.parts.join(".")),
        Written::Neg(of) | Written::Ago(of, _) | Written::Over(of, _) | Written::Coalesce(of, _) => first_step(of),
        Written::Where(of, _) | Written::From(of, _) => first_step(of),
        Written::Binary(_, left, right) => first_step(left).or_else(|| first_step(right)),
        Written::Aggregate { .. } | Written::Number(_) | Written::Broken => None,
    }
}
