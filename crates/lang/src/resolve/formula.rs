//! Formulas over metrics and the arithmetic of aggregates inside them.

use super::context::{Context, error};
use super::names::{self, Kind};
use super::row::{self, Rows};
use super::when;
use super::world::World;
use crate::codes::resolve::{
    AGGREGATE_SOURCE, COLUMN_OUTSIDE, INSIDE_AGGREGATE, PERCENTILE_RANGE, STEP_UNKNOWN, TIME_MISSING, UNKNOWN_NAME,
    WHERE_UNUSED,
};
use crate::model::{Aggregate, Arithmetic, Filter, Formula, Journey, Length, Query, Window};
use crate::suggest::nearest;
use crate::syntax::tree::Block;
use crate::syntax::value::{
    self as syntax, AggregateFunction, BinaryOp, Condition, FromClause, Measure, Number, Path, Suffix, Value,
};
use crate::{Diagnostic, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// Conditions that stand around a formula and hold for the rows of everything in it, outermost first.
pub(super) type Around<'w> = [&'w Spanned<Condition>];

/// Resolves a formula over metrics.
pub(super) fn formula(
    cx: &mut Context<'_>,
    written: &Spanned<syntax::Formula>,
    around: &Around<'_>,
) -> Option<Formula> {
    match &written.node {
        syntax::Formula::Number(number) => Some(Formula::Number(plain(*number))),
        syntax::Formula::Name(path) => name(cx, path, written.span, around),
        syntax::Formula::Aggregate { .. } => {
            let text = cx.quote(written.span);
            let message = format!("`{text}` has no source");
            let hint =
                "say where the rows come from: `count() from orders`, or `(sum(a) / count()) from orders` for several";
            cx.report(error(&AGGREGATE_SOURCE, written.span, message).note("of which rows?").hint(hint));
            None
        }
        syntax::Formula::From(inner, clause) => Some(Formula::Query(query(cx, inner, clause, around)?)),
        syntax::Formula::Where(inner, condition) => {
            let around: Vec<_> = around.iter().copied().chain([condition.as_ref()]).collect();
            formula(cx, inner, &around)
        }
        syntax::Formula::Over(inner, window) => {
            let window = self::window(cx, window);
            let inner = formula(cx, inner, around);
            Some(over(inner?, window?))
        }
        syntax::Formula::Ago(inner, duration) => {
            let length = when::grains(cx, duration);
            let inner = formula(cx, inner, around);
            let (count, grain) = length?;
            Some(Formula::Ago(Box::new(inner?), Length::Grains(count, grain)))
        }
        syntax::Formula::Coalesce(inner, otherwise) => {
            Some(Formula::Coalesce(Box::new(formula(cx, inner, around)?), plain(otherwise.node)))
        }
        syntax::Formula::Neg(inner) => Some(Formula::Neg(Box::new(formula(cx, inner, around)?))),
        syntax::Formula::Binary(op, left, right) => {
            let (left, right) = (formula(cx, left, around), formula(cx, right, around));
            let (left, right) = (Box::new(left?), Box::new(right?));
            match op {
                BinaryOp::Add => Some(Formula::Add(left, right)),
                BinaryOp::Subtract => Some(Formula::Sub(left, right)),
                BinaryOp::Multiply => Some(Formula::Mul(left, right)),
                BinaryOp::Divide => Some(Formula::Div(left, right)),
                // The parser builds formulas of the four alone.
                _ => None,
            }
        }
        syntax::Formula::Broken => None,
    }
}

/// Percentages are fractions of one.
pub(super) fn plain(number: Number) -> f64 {
    if number.suffix == Suffix::None { number.value } else { number.value / 100.0 }
}

/// A window put around each metric and query of a formula, so that sums are divided and ratios never averaged.
fn over(formula: Formula, window: Window) -> Formula {
    let boxed = |inner: Box<Formula>| Box::new(over(*inner, window));
    match formula {
        Formula::Number(_) | Formula::Before => formula,
        Formula::Metric(_) | Formula::Query(_) | Formula::Journey(_) | Formula::Where(..) | Formula::Over(..) => {
            Formula::Over(Box::new(formula), window)
        }
        Formula::Ago(inner, length) => Formula::Ago(boxed(inner), length),
        Formula::Neg(inner) => Formula::Neg(boxed(inner)),
        Formula::Add(left, right) => Formula::Add(boxed(left), boxed(right)),
        Formula::Sub(left, right) => Formula::Sub(boxed(left), boxed(right)),
        Formula::Mul(left, right) => Formula::Mul(boxed(left), boxed(right)),
        Formula::Div(left, right) => Formula::Div(boxed(left), boxed(right)),
        Formula::Coalesce(inner, otherwise) => Formula::Coalesce(boxed(inner), otherwise),
    }
}

fn window(cx: &mut Context<'_>, window: &Spanned<syntax::Window>) -> Option<Window> {
    match window.node {
        syntax::Window::Trailing(duration) => {
            let (count, grain) = when::grains(cx, &Spanned::new(duration, window.span))?;
            Some(Window::Trailing(count, grain))
        }
        syntax::Window::ToDate(grain) => Some(Window::ToDate(grain)),
        syntax::Window::AllTime => Some(Window::AllTime),
    }
}

fn name(cx: &mut Context<'_>, path: &Path, span: Span, around: &Around<'_>) -> Option<Formula> {
    let written = Spanned::new(path.parts.join("."), span);
    match path.parts.as_slice() {
        [single] if single == "before" && cx.get(Kind::Metric, single).is_none() => {
            let hint = "`before` stands for earlier values, in `restate:` of a `changed` block alone";
            cx.report(error(&UNKNOWN_NAME, span, "`before` has no meaning here").hint(hint));
            None
        }
        [single] => {
            names::find_in_formula(cx, &Spanned::new(single.clone(), span))?;
            let filter = on_metric(cx, single, around)?;
            Some(match filter {
                Some(filter) => Formula::Where(single.clone(), filter),
                None => Formula::Metric(single.clone()),
            })
        }
        [funnel, step] => funnel_step(cx, funnel, step, &written, around),
        _ => {
            let message = format!("`{}` has too many parts for a metric", written.node);
            cx.report(error(&UNKNOWN_NAME, span, message));
            None
        }
    }
}

/// The conditions around a metric, over its rows.
fn on_metric(cx: &mut Context<'_>, metric: &str, around: &Around<'_>) -> Option<Option<Filter>> {
    if around.is_empty() {
        return Some(None);
    }
    let sources = sources(cx, metric);
    if let (true, Some(condition)) = (sources.is_empty(), around.first()) {
        no_rows(cx, metric, condition.span);
        return None;
    }
    let mut filter = None;
    for condition in around {
        let mut resolved = None;
        for source in &sources {
            let over = row::condition(cx, condition, Rows::of(source))?;
            resolved.get_or_insert(over);
        }
        filter = row::and(filter, resolved);
    }
    Some(filter)
}

/// A condition over a metric that reads no rows; one that names something unknown has been told of already.
pub(super) fn no_rows(cx: &mut Context<'_>, metric: &str, span: Span) {
    if rooted(cx, metric).sound {
        let message = format!("`{metric}` reads no rows this condition could choose from");
        cx.report(error(&WHERE_UNUSED, span, message));
    }
}

/// A funnel as far as a step.
fn funnel_step(
    cx: &mut Context<'_>,
    funnel: &str,
    step: &str,
    written: &Spanned<String>,
    around: &Around<'_>,
) -> Option<Formula> {
    let declared = names::find(cx, Kind::Metric, &Spanned::new(funnel.to_owned(), written.span))?;
    let steps: Vec<&str> = declared.block.fields().filter_map(steps).flatten().collect();
    if steps.is_empty() && declared.block.damaged {
        return None;
    }
    if steps.contains(&step) {
        return until_step(cx, declared.block, step, around);
    }
    let message = format!("`{funnel}` has no step `{step}`");
    let mut diagnostic = error(&STEP_UNKNOWN, written.span, message).label(declared.span, "declared here");
    if let Some(near) = nearest(step, steps.iter().copied()) {
        let fixed = format!("{funnel}.{near}");
        diagnostic =
            diagnostic.hint(format!("did you mean `{fixed}`?")).fix(format!("write `{fixed}`"), written.span, fixed);
    } else if steps.is_empty() {
        diagnostic = diagnostic.hint("only a funnel has steps");
    } else {
        diagnostic = diagnostic.hint(names::known("step", steps.into_iter()));
    }
    cx.report(diagnostic);
    None
}

/// Resolves a funnel up to a step, without a word about mistakes, which are told where the funnel is declared.
fn until_step(cx: &mut Context<'_>, funnel: &Block, step: &str, around: &Around<'_>) -> Option<Formula> {
    let own = funnel.fields().filter(|field| field.key.node == "where").find_map(|field| match &field.value.node {
        Value::Conditions(all) => all.first(),
        _ => None,
    });
    let around: Vec<_> = own.into_iter().chain(around.iter().copied()).collect();
    let told = cx.out.len();
    let journey = funnel.fields().find_map(|field| match &field.value.node {
        Value::Measure(measure) if matches!(**measure, Measure::Funnel { .. }) => {
            super::measure::journey(cx, measure, &around)
        }
        _ => None,
    });
    cx.out.truncate(told);
    let mut journey = journey?;
    if let Journey::Funnel { steps, .. } = &mut journey {
        let end = steps.iter().position(|known| known.name == step)?;
        steps.truncate(end + 1);
    }
    Some(Formula::Journey(Box::new(journey)))
}

fn steps(field: &crate::syntax::tree::Field) -> Option<impl Iterator<Item = &str>> {
    match &field.value.node {
        Value::Measure(measure) => match measure.as_ref() {
            Measure::Funnel { steps, .. } => Some(steps.iter().map(|step| step.name.node.as_str())),
            _ => None,
        },
        _ => None,
    }
}

/// Resolves aggregates of one source.
pub(super) fn query(
    cx: &mut Context<'_>,
    value: &Spanned<syntax::Formula>,
    clause: &FromClause,
    around: &Around<'_>,
) -> Option<Query> {
    let rows = clause_rows(cx, clause, around);
    let value = match cx.get(Kind::Source, &clause.source.node) {
        Some(_) => arithmetic(cx, value, Rows::of(&clause.source.node)),
        None => None,
    };
    let (filter, time) = rows?;
    Some(Query { value: value?, source: clause.source.node.clone(), filter, time })
}

/// The filter and the time column of a `from`: the source's own filter, the clause's, those around it.
pub(super) fn clause_rows(
    cx: &mut Context<'_>,
    clause: &FromClause,
    around: &Around<'_>,
) -> Option<(Option<Filter>, Option<String>)> {
    let declared = names::find(cx, Kind::Source, &clause.source)?;
    let rows = Rows::of(&clause.source.node);
    let mut filter = cx.sources.get(&clause.source.node).and_then(|source| source.filter.clone());
    let mut sound = true;
    for condition in clause.filter.iter().chain(around.iter().copied()) {
        match row::condition(cx, condition, rows) {
            Some(condition) => filter = row::and(filter, Some(condition)),
            None => sound = false,
        }
    }
    let time = clause.time.as_ref().map(|time| time.node.clone());
    // A table of periods has a column of them, whatever it is called.
    let dated = |field: &crate::syntax::tree::Field| match &field.value.node {
        crate::syntax::value::Value::Word(layout) => field.key.node == "layout" && layout != "long",
        _ => field.key.node == "time",
    };
    if time.is_none() && !declared.block.fields().any(dated) && !declared.block.damaged {
        cx.timeless.push((clause.source.node.clone(), clause.source.span));
        return None;
    }
    sound.then_some((filter, time))
}

/// Reports every source without a time that is counted by period, once.
pub(super) fn report_timeless<'u>(world: World<'_>, uses: impl Iterator<Item = &'u (String, Span)>) -> Vec<Diagnostic> {
    let mut all: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for (name, span) in uses {
        all.entry(name).or_default().push(*span);
    }
    let mut out = Vec::new();
    for (name, mut places) in all {
        places.sort_by_key(|span| (world.path(*span), span.start));
        places.dedup();
        let (Some(first), Some(declared)) = (places.first(), world.declared(Kind::Source, name)) else { continue };
        let message = format!("the source `{name}` does not say when its rows happened");
        let mut diagnostic = error(&TIME_MISSING, *first, message).label(declared.span, "it has no `time:`");
        for other in places.iter().skip(1).take(names::PLACES) {
            diagnostic = diagnostic.label(*other, "counted by period here too");
        }
        let hint = "add `time: COLUMN` to the source, or `by time COLUMN` where it is counted";
        out.push(diagnostic.hint(hint).about(Kind::Source.subject(name)));
    }
    out
}

/// Arithmetic over the aggregates of one source.
fn arithmetic(cx: &mut Context<'_>, written: &Spanned<syntax::Formula>, rows: Rows<'_>) -> Option<Arithmetic> {
    match &written.node {
        syntax::Formula::Number(number) => Some(Arithmetic::Number(plain(*number))),
        syntax::Formula::Aggregate { function, argument } => {
            let argument = argument.as_deref();
            Some(Arithmetic::Aggregate(aggregate(cx, *function, argument, written.span, rows)?))
        }
        syntax::Formula::Name(path) => {
            inside(cx, path, written.span, rows);
            None
        }
        syntax::Formula::Neg(inner) => Some(Arithmetic::Neg(Box::new(arithmetic(cx, inner, rows)?))),
        syntax::Formula::Coalesce(inner, otherwise) => {
            Some(Arithmetic::Coalesce(Box::new(arithmetic(cx, inner, rows)?), plain(otherwise.node)))
        }
        syntax::Formula::Binary(op, left, right) => {
            let (left, right) = (arithmetic(cx, left, rows), arithmetic(cx, right, rows));
            let (left, right) = (Box::new(left?), Box::new(right?));
            match op {
                BinaryOp::Add => Some(Arithmetic::Add(left, right)),
                BinaryOp::Subtract => Some(Arithmetic::Sub(left, right)),
                BinaryOp::Multiply => Some(Arithmetic::Mul(left, right)),
                BinaryOp::Divide => Some(Arithmetic::Div(left, right)),
                _ => None,
            }
        }
        syntax::Formula::From(..)
        | syntax::Formula::Where(..)
        | syntax::Formula::Over(..)
        | syntax::Formula::Ago(..) => {
            let message =
                format!("`{}` cannot stand inside the aggregates of `{}`", cx.quote(written.span), rows.source);
            let hint = "`from`, `where`, `over` and `ago` stand after the parentheses; put each `from` into its own";
            cx.report(error(&INSIDE_AGGREGATE, written.span, message).hint(hint));
            None
        }
        syntax::Formula::Broken => None,
    }
}

/// A bare name among aggregates: a metric that stands too far in, or a column nobody aggregates.
fn inside(cx: &mut Context<'_>, path: &Path, span: Span, rows: Rows<'_>) {
    let name = path.parts.join(".");
    if let Some(declared) = cx.get(Kind::Metric, &name) {
        let message = format!("the metric `{name}` stands inside the aggregates of `{}`", rows.source);
        cx.report(
            error(&INSIDE_AGGREGATE, span, message)
                .label(declared.span, "the metric is declared here")
                .hint(format!("close the parentheses first: `(sum(x) from {}) / {name}`", rows.source)),
        );
        return;
    }
    let message = format!("the column `{name}` stands outside an aggregate");
    let hint = format!("a period has many rows: say what becomes of them, as in `sum({name})` or `mean({name})`");
    cx.report(error(&COLUMN_OUTSIDE, span, message).hint(hint));
}

fn aggregate(
    cx: &mut Context<'_>,
    function: AggregateFunction,
    argument: Option<&Spanned<Condition>>,
    span: Span,
    rows: Rows<'_>,
) -> Option<Aggregate> {
    if function == AggregateFunction::Count && argument.is_none() {
        return Some(Aggregate::Count);
    }
    if function == AggregateFunction::Count {
        let message = "`count()` counts rows and takes no column";
        let hint = "write `count() from … where x is not null`, or `count_distinct(x)` for different values";
        cx.report(error(&COLUMN_OUTSIDE, span, message).hint(hint));
        return None;
    }
    let Some(argument) = argument else {
        let message = format!("`{}` needs a column", cx.quote(span));
        cx.report(error(&COLUMN_OUTSIDE, span, message).hint("write the column between the parentheses"));
        return None;
    };
    if let AggregateFunction::CountDistinct = function {
        return Some(Aggregate::CountDistinct(row::value(cx, argument, rows)?));
    }
    let value = row::number(cx, argument, rows)?;
    Some(match function {
        AggregateFunction::Count | AggregateFunction::CountDistinct => Aggregate::CountDistinct(value),
        AggregateFunction::Sum => Aggregate::Sum(value),
        AggregateFunction::Mean => Aggregate::Mean(value),
        AggregateFunction::Min => Aggregate::Min(value),
        AggregateFunction::Max => Aggregate::Max(value),
        AggregateFunction::Median => Aggregate::Median(value),
        AggregateFunction::StdDev => Aggregate::StdDev(value),
        AggregateFunction::Percentile(percent) if percent > 0.0 && percent < 100.0 => {
            Aggregate::Percentile(value, percent)
        }
        AggregateFunction::Percentile(percent) => {
            let message = format!("there is no percentile {percent}");
            cx.report(error(&PERCENTILE_RANGE, span, message).hint("write one between 0 and 100: `percentile(x, 95)`"));
            return None;
        }
    })
}

/// The sources a metric's rows come from, through every metric its measure names.
pub(super) fn sources(cx: &Context<'_>, metric: &str) -> BTreeSet<String> {
    rooted(cx, metric).sources
}

/// Where a metric's rows come from.
struct Rooted {
    /// The sources, those that are declared.
    sources: BTreeSet<String>,
    /// Whether everything on the way could be read and is declared.
    sound: bool,
}

fn rooted(cx: &Context<'_>, metric: &str) -> Rooted {
    let (mut named, mut seen, mut sound) = (BTreeSet::new(), BTreeSet::new(), true);
    let Some(start) = cx.get(Kind::Metric, metric) else {
        return Rooted { sources: BTreeSet::new(), sound: false };
    };
    let mut open = vec![start];
    while let Some(declared) = open.pop() {
        if !seen.insert(declared.span) {
            continue;
        }
        sound &= !declared.block.damaged;
        for field in declared.block.fields() {
            let Value::Measure(measure) = &field.value.node else { continue };
            match measure.as_ref() {
                Measure::Formula(formula) => {
                    let mut metrics = Vec::new();
                    mentioned(formula, &mut metrics, &mut named);
                    let found: Vec<_> = metrics.iter().map(|(name, _)| cx.get(Kind::Metric, name)).collect();
                    sound &= found.iter().all(Option::is_some);
                    open.extend(found.into_iter().flatten());
                }
                // Conditions choose the entries.
                other => named.extend(other.clauses().take(1).map(|entries| entries.source.node.as_str())),
            }
        }
    }
    let all = named.len();
    named.retain(|source| cx.get(Kind::Source, source).is_some());
    Rooted { sound: sound && named.len() == all, sources: named.into_iter().map(str::to_owned).collect() }
}

/// The kind of a measure, and the metrics and sources it comes from, each once; nothing of any other value.
pub(crate) fn leads(value: &Value) -> Vec<String> {
    let Value::Measure(measure) = value else { return Vec::new() };
    let (mut metrics, mut named) = (Vec::new(), BTreeSet::new());
    let kind = std::mem::discriminant(measure.as_ref());
    match measure.as_ref() {
        Measure::Formula(formula) => mentioned(formula, &mut metrics, &mut named),
        other => named.extend(other.clauses().map(|clause| clause.source.node.as_str())),
    }
    let mut all = vec![format!("{kind:?}")];
    all.extend(named.into_iter().map(|source| format!("from {source}")));
    all.extend(metrics.into_iter().map(|(metric, _)| metric.to_owned()).collect::<BTreeSet<_>>());
    all
}

/// The metrics and sources a formula names, the metrics with their places. A funnel's step counts as its funnel.
pub(super) fn mentioned<'f>(
    formula: &'f Spanned<syntax::Formula>,
    metrics: &mut Vec<(&'f str, Span)>,
    sources: &mut BTreeSet<&'f str>,
) {
    match &formula.node {
        syntax::Formula::Name(path) => {
            metrics.extend(path.parts.first().map(|name| (name.as_str(), formula.span)));
        }
        syntax::Formula::From(_, clause) => {
            sources.insert(&clause.source.node);
        }
        syntax::Formula::Where(inner, _)
        | syntax::Formula::Over(inner, _)
        | syntax::Formula::Ago(inner, _)
        | syntax::Formula::Coalesce(inner, _)
        | syntax::Formula::Neg(inner) => mentioned(inner, metrics, sources),
        syntax::Formula::Binary(_, left, right) => {
            mentioned(left, metrics, sources);
            mentioned(right, metrics, sources);
        }
        syntax::Formula::Number(_) | syntax::Formula::Aggregate { .. } | syntax::Formula::Broken => {}
    }
}
