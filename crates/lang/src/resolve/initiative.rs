//! Initiatives of a plan, those carried over from an earlier one included.

use super::context::{Context, error};
use super::fields::{self, Fields};
use super::percent::{self, Moved, Points};
use super::plan::{Inner, Inside, inside, moves, named};
use super::{allow, amount, metric, when};
use crate::codes::resolve::{CARRIED, KEY_TWICE, SELF_REFERENCE, TEAM_UNKNOWN, UNKNOWN_NAME, WRONG_FORM};
use crate::model::{Evidence, Grade, Initiative, Length, Outcome, OutcomeKind};
use crate::suggest::nearest;
use crate::syntax::tree::{Block, BlockKind};
use crate::syntax::value::Value;
use crate::{Span, Spanned, Subject};
use quarterdeck_calendar::Period;

/// The initiatives of a plan, in order of name.
pub(super) fn initiatives<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Initiative> {
    let named = named(inside, BlockKind::Initiative);
    named.into_iter().map(|(name, (inner, span))| initiative(cx, inside, name, inner, span)).collect()
}

/// An initiative with what it takes over from the plans before.
struct Carried<'a> {
    fields: Fields<'a>,
    /// The block its evidence stands in.
    evidence: Option<&'a Block>,
    label: Option<String>,
    team: Option<String>,
}

fn initiative<'a>(cx: &mut Context<'a>, inside: &Inside<'a>, name: &str, inner: Inner<'a>, span: Span) -> Initiative {
    let site = format!("{}/initiative/{name}", inside.site());
    for field in inner.block.fields() {
        cx.sites.add(format!("{site}/{}", field.key.node), field.value.span);
    }
    let carried = carried(cx, inner, inside.period, name);
    let fields = &carried.fields;
    let moves = moves(cx, fields);
    let ramps = fields.get("ramps").and_then(|field| match field.value.node {
        Value::Duration(written) => when::length(cx, &Spanned::new(written, field.value.span)),
        _ => None,
    });
    Initiative {
        name: name.to_owned(),
        label: carried.label.unwrap_or_else(|| name.to_owned()),
        continues: inner.block.head.continues.as_ref().map(|period| period.node),
        owner: fields.text("owner"),
        ships: part(cx, fields, "ships").unwrap_or(1.0),
        starts: metric::last_day(cx, fields.get("starts")),
        ramps: ramps.map_or(0.0, Length::days),
        evidence: carried.evidence.and_then(|block| evidence(cx, block)),
        in_trend: part(cx, fields, "in_trend").unwrap_or(0.0),
        overlaps: overlaps(cx, inside, fields, name),
        cost: fields.get("cost").and_then(|field| match &field.value.node {
            Value::Amount(amount) => amount::money(cx, amount),
            _ => None,
        }),
        effort: fields.get("effort").and_then(|field| match &field.value.node {
            Value::Amount(amount) => amount::effort(cx, amount, field.value.span),
            _ => None,
        }),
        team: team(cx, fields).or(carried.team),
        outcomes: outcomes(cx, fields),
        why: fields.text("why"),
        allows: allow::allows(cx, fields),
        moves,
        place: cx.place(span),
    }
}

/// The fields of an initiative, over those of the one it continues; what became of that one stays with it.
fn carried<'a>(cx: &mut Context<'a>, inner: Inner<'a>, period: Period, name: &str) -> Carried<'a> {
    let own = |block: &Block| block.label.as_ref().map(|label| label.node.clone());
    let has_evidence = |block: &'a Block| block.fields().any(|field| field.key.node == "evidence").then_some(block);
    let team = |plan: &Block| plan.head.team.as_ref().map(|team| team.node.clone());
    let mut carried = Carried {
        fields: fields::open(cx, inner.block),
        evidence: has_evidence(inner.block),
        label: own(inner.block),
        team: team(inner.plan),
    };
    let (mut later, mut block) = (period, inner.block);
    while let Some(written) = &block.head.continues {
        let Some(earlier) = earlier(cx, written, later, name) else { break };
        let fields = fields::open(cx, earlier.block);
        carried.fields = carried.fields.or(&fields, "outcome");
        carried.evidence = carried.evidence.or_else(|| has_evidence(earlier.block));
        carried.label = carried.label.or_else(|| own(earlier.block));
        carried.team = carried.team.or_else(|| team(earlier.plan));
        (later, block) = (written.node, earlier.block);
    }
    carried
}

/// The initiative of a name in an earlier plan.
fn earlier<'a>(cx: &mut Context<'a>, written: &Spanned<Period>, later: Period, name: &str) -> Option<Inner<'a>> {
    let period = when::period(cx, written)?;
    let calendar = &cx.settings.calendar;
    if calendar.starts(period) >= calendar.starts(later) {
        let message = format!("{period} does not come before {later}");
        cx.report(error(&CARRIED, written.span, message).hint("an initiative continues one of an earlier plan"));
        return None;
    }
    let Some(blocks) = cx.plan_blocks(written.node) else {
        let message = format!("there is no plan for {period}");
        cx.report(
            error(&CARRIED, written.span, message).hint(format!("add `plan {period}` with an initiative `{name}`")),
        );
        return None;
    };
    cx.need(Subject::Plan(written.node.to_string()));
    let inside = inside(written.node, &blocks);
    let known = named(&inside, BlockKind::Initiative);
    if let Some((inner, _)) = known.get(name) {
        return Some(*inner);
    }
    let message = format!("the plan {period} has no initiative `{name}`");
    let mut diagnostic = error(&CARRIED, written.span, message);
    if let Some(near) = nearest(name, known.keys().copied()) {
        diagnostic = diagnostic.hint(format!("it has `{near}`: a carried initiative keeps its name"));
    }
    cx.report(diagnostic);
    None
}

fn part(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str) -> Option<f64> {
    let field = fields.get(key)?;
    match &field.value.node {
        Value::Part(number) => percent::part(cx, &Spanned::new(*number, field.value.span)),
        _ => None,
    }
}

fn evidence<'a>(cx: &mut Context<'a>, block: &'a Block) -> Option<Evidence> {
    let field = block.fields().find(|field| field.key.node == "evidence")?;
    let Value::Evidence { grade, text } = &field.value.node else { return None };
    let details = block.blocks().find(|inner| inner.kind.node == BlockKind::Evidence);
    let (mut people, mut date, mut source) = (None, None, None);
    if let Some(details) = details {
        let fields = fields::open(cx, details);
        people = fields.get("people").and_then(|field| match field.value.node {
            Value::Number(number) => Some(number.value),
            _ => None,
        });
        date = metric::last_day(cx, fields.get("date"));
        source = fields.text("source");
    }
    let grade = match grade.node.as_str() {
        "experiment" => Grade::Experiment,
        "pilot" => Grade::Pilot,
        "similar" => Grade::Similar,
        "benchmark" => Grade::Benchmark,
        "opinion" => Grade::Opinion,
        other => {
            let mut diagnostic = error(&UNKNOWN_NAME, grade.span, format!("`{other}` is no grade of evidence"));
            diagnostic = match nearest(other, crate::keys::GRADES.iter().copied()) {
                Some(near) => {
                    diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), grade.span, near)
                }
                None => diagnostic.hint(format!("known, strongest first: {}", crate::keys::GRADES.join(", "))),
            };
            cx.report(diagnostic);
            return None;
        }
    };
    Some(Evidence { grade, text: text.as_ref().map(|text| text.node.clone()), people, date, source })
}

fn overlaps<'a>(cx: &mut Context<'a>, inside: &Inside<'a>, fields: &Fields<'a>, name: &str) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64, Span)> = Vec::new();
    for field in fields.all("overlaps") {
        let Value::Overlaps { initiative, part } = &field.value.node else { continue };
        if inside.find(cx, BlockKind::Initiative, initiative).is_none() {
            continue;
        }
        if initiative.node == name {
            let message = format!("`{name}` overlaps itself");
            cx.report(error(&SELF_REFERENCE, initiative.span, message).hint("name another initiative of this plan"));
            continue;
        }
        if let Some((_, _, first)) = all.iter().find(|(known, ..)| *known == initiative.node) {
            let message = format!("the overlap with `{}` is given twice", initiative.node);
            cx.report(error(&KEY_TWICE, initiative.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        if let Some(part) = percent::part(cx, part) {
            all.push((initiative.node.clone(), part, initiative.span));
        }
    }
    all.sort_by(|one, two| one.0.cmp(&two.0));
    all.into_iter().map(|(name, part, _)| (name, part)).collect()
}

/// The team whose capacity it takes; one that is named must be a team of the settings.
fn team(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<String> {
    let name = fields.name("team")?;
    let known = &cx.settings.teams;
    if !known.contains_key(&name.node) {
        let message = format!("quarterdeck.toml has no team `{}`", name.node);
        let mut diagnostic = error(&TEAM_UNKNOWN, name.span, message);
        diagnostic = match nearest(&name.node, known.keys().map(String::as_str)) {
            Some(near) => {
                diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
            }
            None => diagnostic.hint(format!("add `[teams.{}]` with `capacity = \"60 person-weeks\"`", name.node)),
        };
        cx.report(diagnostic);
    }
    Some(name.node)
}

fn outcomes(cx: &mut Context<'_>, fields: &Fields<'_>) -> Vec<Outcome> {
    let mut all = Vec::new();
    for field in fields.all("outcome") {
        let Value::Outcome { word, date, change, because } = &field.value.node else { continue };
        let day = date.as_ref().map(|date| date.node);
        let kind = match (word.node.as_str(), day, change) {
            ("shipped", day, _) => Some(OutcomeKind::Shipped(day)),
            ("slipped", Some(day), _) => Some(OutcomeKind::Slipped(day)),
            ("dropped", ..) => Some(OutcomeKind::Dropped),
            ("measured", _, Some(change)) => {
                // What was measured is a change of what it was to move first.
                let metric = fields.all("moves").find_map(|field| match &field.value.node {
                    Value::Moves { metric, .. } => Some(metric.node.clone()),
                    _ => None,
                });
                let metric = metric.unwrap_or_default();
                let unit = cx.unit_of(&metric);
                let moved = Moved { name: &metric, unit: unit.as_ref() };
                percent::change(cx, change, moved, Points::OfSharesOnly).map(OutcomeKind::Measured)
            }
            _ => {
                let message = format!("`{}` does not say what became of it", cx.quote(field.value.span));
                let hint = "write `shipped 2027-02-01`, `slipped to 2027-03-15 because \"…\"`, `dropped because \"…\"` or `measured 1.4pp`";
                cx.report(error(&WRONG_FORM, field.value.span, message).hint(hint));
                None
            }
        };
        if let Some(kind) = kind {
            all.push(Outcome { kind, because: because.as_ref().map(|because| because.node.clone()) });
        }
    }
    all
}
