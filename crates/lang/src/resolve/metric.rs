//! Metrics: first what others need to know of them, then their bodies.

use super::amount;
use super::context::{Context, error};
use super::defaults::Said;
use super::fields::{self, Fields};
use super::names::{self, Kind};
use super::percent::{self, Moved, Points};
use super::row::Rows;
use super::unit::{dimension, multiply, show, unit};
use super::world::{Declared, World};
use super::{allow, dimension as units, formula, guard, identity, measure, reads, restate, row, source, when};
use crate::codes::resolve::{
    BOUNDS_ORDER, CLIP, DECLARED_TWICE, FORMAT, KEY_TWICE, LINK_SIZE, LINK_UNIT, READS_MISSING, SELF_REFERENCE,
    SHARE_OF_HUNDRED, TEST_PERIOD, WHERE_UNUSED,
};
use crate::model::{
    Attested, Benchmark, Better, Definition, Drives, Empty, Format, Formula, MarketLink, Measure, Metric, MetricTest,
    Reads, Unit, UnitForm,
};
use crate::syntax::tree::{Block, BlockKind, Field};
use crate::syntax::value::{self as syntax, Condition, Number, Suffix, Value};
use crate::{Span, Spanned, Subject};
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;

/// What is known of a metric before its body is resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Head {
    /// Its unit, where that could be read.
    pub unit: Option<Unit>,
    /// Where its unit is written.
    pub unit_site: Option<Span>,
    /// Its grain, where that could be read.
    pub grain: Option<Grain>,
}

/// What is known of a metric before its body is resolved, without a word about mistakes, which are told with the body.
pub(super) fn quiet_head(world: World<'_>, declared: Declared<'_>) -> Head {
    let mut cx = Context::new(world, Subject::Settings);
    let of = |key: &str| {
        let field = declared.block.fields().find(|field| field.key.node == key && field.value.node != Value::Broken);
        field.map(|field| &field.value)
    };
    let (unit, unit_site) = match of("unit") {
        Some(Spanned { node: Value::Unit(words), span }) => (unit(&mut cx, words), Some(*span)),
        other => (None, other.map(|value| value.span)),
    };
    let grain = match of("grain").map(|value| &value.node) {
        Some(Value::Word(word)) => Grain::from_word(word),
        _ => None,
    };
    Head { unit, unit_site, grain }
}

/// Resolves a metric's body; `None` where its unit, grain or measure is missing or wrong. Its `reads`, `empty` and bounds
/// are those it says; the rest is filled in later.
pub(super) fn metric<'a>(cx: &mut Context<'a>, name: &str, declared: Declared<'a>) -> Option<(Metric, Said)> {
    let fields = &fields::open(cx, declared.block);
    let unit = match fields.get("unit").map(|field| &field.value.node) {
        Some(Value::Unit(words)) => unit(cx, words),
        _ => None,
    };
    let head = Head { unit, unit_site: None, grain: fields.word("grain").and_then(Grain::from_word) };
    let unit = head.unit.as_ref();
    let block = declared.block;
    let around = condition(fields);
    let measure = self::measure(cx, name, &head, fields, around.as_slice());
    let said = said(cx, fields, unit, head.grain, measure.as_ref());
    let sliced = fields.get("slice").map(|_| formula::sources(cx, name));
    let source = sliced.and_then(|sources| sources.into_iter().next());
    let text = |key: &str| fields.text(key);
    let word = |key: &str| fields.word(key).map(str::to_owned);
    let label = block.label.as_ref().map_or_else(|| name.to_owned(), |label| label.node.clone());
    let metric = Metric {
        name: name.to_owned(),
        label,
        why: text("why"),
        role: word("role"),
        owner: text("owner"),
        better: better(cx, fields, unit),
        equals: identity::equals(cx, name, unit, fields),
        drives: drives(cx, name, unit, fields),
        guards: guard::guards(cx, fields, name),
        stage: word("stage"),
        heart: word("heart"),
        goal: text("goal"),
        signal: text("signal"),
        facet: word("facet"),
        market: market(cx, name, unit, fields),
        worth: worth(cx, name, unit, fields),
        slices: source::slices(cx, fields, source.as_deref()),
        benchmarks: benchmarks(cx, name, unit, block),
        changes: restate::changes(cx, block, unit),
        tests: tests(cx, name, &head, block),
        clip: clip(cx, fields),
        sample: fields.name("sample").map(|name| name.node),
        status: word("status"),
        attested: attested(fields),
        deprecated: deprecated(cx, fields),
        proxy: proxy(cx, fields),
        was: fields.names("was").iter().map(|path| fields::dotted(path).node).collect(),
        also: fields.texts("also"),
        tags: fields.texts("tags"),
        format: text("format"),
        allows: allow::allows(cx, fields),
        definition: Definition { revision: String::new(), place: cx.place(declared.span) },
        reads: said.reads.unwrap_or(Reads::Whole),
        bounds: (None, None),
        empty: said.empty.unwrap_or(Empty::Gap),
        unit: Unit { format: format(cx, fields, unit), ..head.unit.clone()? },
        grain: head.grain?,
        measure: measure?,
    };
    Some((metric, said))
}

/// How its numbers are written.
fn format(cx: &mut Context<'_>, fields: &Fields<'_>, unit: Option<&Unit>) -> Option<Format> {
    let (field, text) = (fields.get("format")?, fields.text("format")?);
    let in_percent = unit.is_none_or(|unit| matches!(unit.form, UnitForm::Share | UnitForm::Ratio));
    let found = Format::read(&text).filter(|_| in_percent || !text.ends_with('%'));
    if found.is_none() {
        let message = format!(
            "{} is no way to write numbers of {}",
            cx.slice(field.value.span),
            unit.map_or("it", |unit| &unit.text)
        );
        let hint = match (Format::read(&text), in_percent) {
            (Some(_), false) => "only shares and ratios are written in percent; leave the `%` out",
            _ => {
                "a `0`, a point and a `0` for each decimal, then `k` or `M` for thousands or millions: \"0\", \"0.0\", \"0.00\", \"0.0k\", \"0.0M\""
            }
        };
        cx.report(error(&FORMAT, field.value.span, message).hint(hint));
    }
    found
}

/// The metric's own `where:`.
fn condition<'a>(fields: &Fields<'a>) -> Vec<&'a Spanned<Condition>> {
    match fields.get("where").map(|field| &field.value.node) {
        Some(Value::Conditions(all)) => all.iter().take(1).collect(),
        _ => Vec::new(),
    }
}

fn measure(
    cx: &mut Context<'_>,
    name: &str,
    head: &Head,
    fields: &Fields<'_>,
    around: &[&Spanned<Condition>],
) -> Option<Measure> {
    let unit = head.unit.as_ref();
    let field = fields.get("measure")?;
    let Value::Measure(written) = &field.value.node else { return None };
    let measure = measure::measure(cx, written, around)?;
    if let (syntax::Measure::Formula(formula), Some(unit)) = (written.as_ref(), unit) {
        units::check(cx, name, unit, "measure", formula);
        if let Some((hundred, out)) = units::times_hundred(formula).filter(|_| unit.is_share()) {
            let hint = "a share is 0 to 1 and is written in percent by itself";
            let diagnostic = error(&SHARE_OF_HUNDRED, hundred, format!("the share `{name}` is multiplied by 100"));
            cx.report(diagnostic.hint(hint).fix("take the 100 out", out, ""));
        }
    }
    if let Measure::Journey(journey) = &measure {
        measure::check_journey(cx, name, journey, (unit, head.grain), field.value.span);
    }
    if let (Measure::Derived(Formula::Number(_)), Some(condition)) = (&measure, around.first()) {
        let message = "`where:` has no rows to choose from";
        cx.report(error(&WHERE_UNUSED, condition.span, message).hint("the measure is a plain number"));
    }
    Some(measure)
}

fn said(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    unit: Option<&Unit>,
    grain: Option<Grain>,
    measure: Option<&Measure>,
) -> Said {
    let reads = fields.get("reads").and_then(|field| match field.value.node {
        Value::Reads(written) => reads::reads(cx, written, field.value.span, unit, grain),
        _ => None,
    });
    if let (Some(Measure::Recorded { .. }), None) = (measure, fields.get("reads")) {
        let span = fields.get("measure").map(|field| field.value.span).unwrap_or_default();
        let message = "a recorded number does not say what a quarter of it is";
        let hint = "add `reads: last`, `reads: average month`, `reads: total` or another: somebody else computed it, so its text alone does not tell";
        cx.report(error(&READS_MISSING, span, message).note("`reads:` is required").hint(hint));
    }
    let bounds = fields.get("bounds").and_then(|field| match &field.value.node {
        Value::Bounds(low, high) => self::bounds(cx, low, high, unit),
        _ => None,
    });
    let empty = match fields.word("empty") {
        Some("zero") => Some(Empty::Zero),
        Some(_) => Some(Empty::Gap),
        None => None,
    };
    Said { reads, bounds, empty }
}

fn bounds(
    cx: &mut Context<'_>,
    low: &Spanned<Number>,
    high: &Spanned<Number>,
    unit: Option<&Unit>,
) -> Option<(f64, f64)> {
    // A unit at the right end covers both.
    let low = covered(low, high);
    let (from, to) = (percent::level(cx, &low, unit)?, percent::level(cx, high, unit)?);
    if from < to {
        return Some((from, to));
    }
    let span = low.span.to(high.span);
    let message = format!("`{}` holds no value", cx.quote(span));
    cx.report(error(&BOUNDS_ORDER, span, message).hint("write the smaller end first"));
    None
}

fn covered(low: &Spanned<Number>, high: &Spanned<Number>) -> Spanned<Number> {
    let suffix = if low.node.suffix == Suffix::None { high.node.suffix } else { low.node.suffix };
    Spanned::new(Number { suffix, ..low.node }, low.span)
}

fn clip(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<(f64, f64)> {
    let field = fields.get("clip")?;
    let Value::Bounds(low, high) = &field.value.node else { return None };
    let low = covered(low, high);
    let percent = low.node.suffix == Suffix::Percent && high.node.suffix == Suffix::Percent;
    let (from, to) = (low.node.value, high.node.value);
    if percent && 0.0 <= from && from < to && to <= 100.0 {
        return Some((from / 100.0, to / 100.0));
    }
    let message = format!("`{}` are not two percentiles", cx.quote(field.value.span));
    let hint = "values below the first and above the second are pulled in: `clip: 1% to 99%`";
    cx.report(error(&CLIP, field.value.span, message).hint(hint));
    None
}

fn better(cx: &mut Context<'_>, fields: &Fields<'_>, unit: Option<&Unit>) -> Option<Better> {
    let Value::Better(written) = &fields.get("better")?.value.node else { return None };
    match written {
        syntax::Better::Higher => Some(Better::Higher),
        syntax::Better::Lower => Some(Better::Lower),
        syntax::Better::Between(low, high) => bounds(cx, low, high, unit).map(|(low, high)| Better::Between(low, high)),
    }
}

fn drives(cx: &mut Context<'_>, name: &str, unit: Option<&Unit>, fields: &Fields<'_>) -> Vec<Drives> {
    let mut all: Vec<(Drives, Span)> = Vec::new();
    for field in fields.all("drives") {
        let Value::Drives { metric, lag, slope } = &field.value.node else { continue };
        if names::seek(cx, Kind::Metric, metric).is_none() {
            continue;
        }
        if metric.node == name {
            let message = format!("`{name}` drives itself");
            cx.report(error(&SELF_REFERENCE, metric.span, message).hint("name the metric it is believed to move"));
            continue;
        }
        if let Some((_, first)) = all.iter().find(|(drives, _)| drives.metric == metric.node) {
            let message = format!("`{}` is driven twice", metric.node);
            cx.report(error(&KEY_TWICE, metric.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        let lag = lag.as_ref().and_then(|lag| when::length(cx, lag));
        let slope = match slope {
            Some((of_driven, of_own)) => {
                let Some(slope) = self::slope(cx, (of_driven, &metric.node), (of_own, name, unit)) else { continue };
                Some(slope)
            }
            None => None,
        };
        all.push((Drives { metric: metric.node.clone(), lag, slope }, metric.span));
    }
    all.sort_by(|(one, _), (two, _)| one.metric.cmp(&two.metric));
    all.into_iter().map(|(drives, _)| drives).collect()
}

/// `A per B`: A of the driven metric for B of this one.
pub(super) fn slope(
    cx: &mut Context<'_>,
    (of_driven, driven): (&syntax::Change, &str),
    (of_own, own, unit): (&syntax::Change, &str, Option<&Unit>),
) -> Option<(crate::model::Change, crate::model::Change)> {
    let driven_unit = cx.unit_of(driven);
    let moved = Moved { name: driven, unit: driven_unit.as_ref() };
    let first = percent::change(cx, of_driven, moved, Points::OfSharesOnly);
    let second = percent::change(cx, of_own, Moved { name: own, unit }, Points::OfSharesOnly);
    let (first, second) = (first?, second?);
    if second.size.low <= 0.0 && second.size.high >= 0.0 {
        let message = format!("`per {}` divides by zero", cx.quote(of_own.span));
        cx.report(
            error(&crate::codes::resolve::CHANGE_SIGN, of_own.span, message)
                .hint("write what one step gives: `per 1%`"),
        );
        return None;
    }
    Some((first, second))
}

fn market(cx: &mut Context<'_>, name: &str, unit: Option<&Unit>, fields: &Fields<'_>) -> Option<MarketLink> {
    let field = fields.get("market")?;
    let Value::MarketLink { market, per, unit: words } = &field.value.node else { return None };
    let declared = names::find(cx, Kind::Market, market)?;
    if let Some(per) = per.as_ref().filter(|per| per.node.suffix != Suffix::None || per.node.value <= 0.0) {
        let message = format!("`at {}` is not an amount", cx.slice(per.span));
        let hint =
            format!("write how much of the metric one unit of `{}` gives: `at 0.6 orders per household`", market.node);
        cx.report(error(&LINK_SIZE, per.span, message).hint(hint));
        return None;
    }
    let counted = market_unit(cx, declared.block);
    if let (Some(unit), Some(counted)) = (unit, counted) {
        let given = match words {
            Some(words) => Some(multiply(&dimension(&self::unit(cx, &words.node)?), &dimension(&counted), 1)),
            // A bare number may stand for any unit; nothing at all is one for one.
            None if per.is_some() => None,
            None => Some(dimension(&counted)),
        };
        if let Some(given) = given.filter(|given| *given != dimension(unit)) {
            let want = show(&multiply(&dimension(unit), &dimension(&counted), -1));
            let message = format!(
                "`{name}` is counted in {}, and `{}` in {}: this link gives {}",
                unit.text,
                market.node,
                counted.text,
                show(&given)
            );
            let mut diagnostic = error(&LINK_UNIT, field.value.span, message)
                .note(format!("expected `{} at N {want}`", market.node))
                .label(declared.span, format!("counted in {}", counted.text));
            if let Some(site) = cx.unit_site(name) {
                diagnostic = diagnostic.label(site, format!("counted in {}", unit.text));
            }
            cx.report(diagnostic);
            return None;
        }
    }
    Some(MarketLink { market: market.node.clone(), per: per.as_ref().map_or(1.0, |per| per.node.value) })
}

/// A market's unit, read without a word about its mistakes, which are told where it is resolved.
fn market_unit(cx: &mut Context<'_>, block: &Block) -> Option<Unit> {
    let field = block.fields().find(|field| field.key.node == "unit")?;
    let Value::Unit(words) = &field.value.node else { return None };
    let told = cx.out.len();
    let unit = unit(cx, words);
    cx.out.truncate(told);
    unit
}

fn worth(cx: &mut Context<'_>, name: &str, unit: Option<&Unit>, fields: &Fields<'_>) -> Option<crate::model::Estimate> {
    let Value::Amount(written) = &fields.get("worth")?.value.node else { return None };
    let size = amount::worth(cx, written, name, unit)?;
    // A share's unit is the whole of it; its worth is told for a point.
    let per_point =
        unit.is_some_and(Unit::is_share) && written.unit.as_ref().is_some_and(|unit| unit.node.parts.len() > 1);
    let scale = if per_point { 100.0 } else { 1.0 };
    let times = |value: f64| value * scale;
    Some(crate::model::Estimate { low: times(size.low), mid: times(size.mid), high: times(size.high), ..size })
}

fn benchmarks<'a>(cx: &mut Context<'a>, metric: &str, unit: Option<&Unit>, block: &'a Block) -> Vec<Benchmark> {
    let mut all: Vec<(Benchmark, Span)> = Vec::new();
    for inner in block.blocks().filter(|inner| inner.kind.node == BlockKind::Benchmark) {
        let fields = fields::open(cx, inner);
        let Some(name) = &inner.head.name else { continue };
        if let Some((_, first)) = all.iter().find(|(known, _)| known.name == name.node) {
            let message = format!("the benchmark `{}` is declared twice", name.node);
            cx.report(error(&DECLARED_TWICE, name.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        if let Some(own) = cx.get(Kind::Metric, metric).filter(|_| all.is_empty()) {
            guard::better(cx, &Spanned::new(metric.to_owned(), own.span), "has a benchmark");
        }
        let Some(Value::Level { value, .. }) = fields.get("value").map(|field| &field.value.node) else { continue };
        let Some(value) = percent::level(cx, value, unit) else { continue };
        let benchmark = Benchmark {
            name: name.node.clone(),
            label: inner.label.as_ref().map_or_else(|| name.node.clone(), |label| label.node.clone()),
            value,
            source: fields.text("source"),
            date: last_day(cx, fields.get("date")),
            place: cx.place(name.span),
        };
        all.push((benchmark, name.span));
    }
    all.sort_by(|(one, _), (two, _)| one.name.cmp(&two.name));
    all.into_iter().map(|(benchmark, _)| benchmark).collect()
}

/// The last day a `When` field means.
pub(super) fn last_day(cx: &mut Context<'_>, field: Option<&Field>) -> Option<NaiveDate> {
    let field = field?;
    match &field.value.node {
        Value::When(written) => when::last_day(cx, &Spanned::new(*written, field.value.span)),
        Value::Date(day) => Some(*day),
        _ => None,
    }
}

fn tests<'a>(cx: &mut Context<'a>, name: &str, head: &Head, block: &'a Block) -> Vec<MetricTest> {
    let mut all = Vec::new();
    for inner in block.blocks().filter(|inner| inner.kind.node == BlockKind::Test) {
        let fields = fields::open(cx, inner);
        let (Some(at), Some(is)) = (fields.get("at"), fields.get("is")) else { continue };
        let Value::When(written) = &at.value.node else { continue };
        let Some(period) = when::any_period(cx, &Spanned::new(*written, at.value.span)) else { continue };
        let Value::Level { value, within } = &is.value.node else { continue };
        let level = percent::level(cx, value, head.unit.as_ref());
        let Some(grain) = head.grain else { continue };
        if period.grain() != grain {
            let example = cx.settings.calendar.period_of(grain, cx.settings.calendar.starts(period));
            let message = format!("{period} is a {}, and `{name}` is counted by the {grain}", period.grain());
            cx.report(error(&TEST_PERIOD, at.value.span, message).hint(format!("write a {grain}, such as {example}")));
            continue;
        }
        let Some(level) = level else { continue };
        let within = within.as_ref().map_or(Some(0.0), |within| tolerance(cx, within, level));
        let Some(within) = within else { continue };
        let label = inner.label.as_ref().map(|label| label.node.clone()).unwrap_or_default();
        all.push(MetricTest { label, at: period, is: level, within, place: cx.place(inner.span) });
    }
    all.sort_by(|one, two| one.at.cmp(&two.at).then_with(|| one.label.cmp(&two.label)));
    all
}

/// How far off a golden value may be, as a fraction of it: `within 0.5%`, or an amount of its own.
fn tolerance(cx: &mut Context<'_>, within: &Spanned<Number>, level: f64) -> Option<f64> {
    let Number { value, suffix } = within.node;
    let absolute = match suffix {
        Suffix::Percent => return Some(value.abs() / 100.0),
        Suffix::Points => value.abs() / 100.0,
        Suffix::None => value.abs(),
    };
    if level != 0.0 {
        return Some(absolute / level.abs());
    }
    let message = "nothing can lie within a fraction of zero";
    cx.report(error(&crate::codes::resolve::TOLERANCE, within.span, message).hint("leave `within` out: zero is exact"));
    None
}

fn attested(fields: &Fields<'_>) -> Vec<Attested> {
    let each = |field: &Field| match &field.value.node {
        Value::Attested { point, by, on } => {
            Some(Attested { point: point.node.clone(), by: by.node.clone(), on: on.node })
        }
        _ => None,
    };
    fields.all("attested").filter_map(each).collect()
}

fn deprecated(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<(String, Option<String>, Option<NaiveDate>)> {
    let Value::Until { text, metric, until } = &fields.get("deprecated")?.value.node else { return None };
    let replaced = metric.as_ref().filter(|metric| names::seek(cx, Kind::Metric, metric).is_some());
    let replaced = replaced.map(|metric| metric.node.clone());
    let until = until.as_ref().and_then(|until| when::last_day(cx, until));
    Some((text.as_ref().map(|text| text.node.clone()).unwrap_or_default(), replaced, until))
}

fn proxy(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<(String, Option<NaiveDate>)> {
    let Value::Until { text, metric, until } = &fields.get("proxy")?.value.node else { return None };
    // What a proxy stands in for is often not measured at all, so it need not be a metric.
    let what = metric.as_ref().or(text.as_ref())?.node.clone();
    Some((what, until.as_ref().and_then(|until| when::last_day(cx, until))))
}

/// Where a slice of a metric is cut: its rows, by the source they come from.
pub(super) fn slice_filter(
    cx: &mut Context<'_>,
    metric: &str,
    written: &Spanned<Condition>,
) -> Option<crate::model::Filter> {
    let sources = formula::sources(cx, metric);
    if sources.is_empty() {
        formula::no_rows(cx, metric, written.span);
    }
    let mut filter = None;
    for source in sources {
        let resolved = row::condition(cx, written, Rows::of(&source))?;
        filter.get_or_insert(resolved);
    }
    filter
}
