//! Plans: the blocks of one period read as one.

use super::context::{Context, error};
use super::fields::{self, Fields};
use super::names::{self, Kind};
use super::percent::{self, Moved, Points};
use super::{allow, initiative, metric, target, when};
use crate::codes::resolve::{DECLARED_TWICE, KEY_TWICE, PLAN_PERIOD, UNKNOWN_NAME};
use crate::model::{Judgement, Milestone, Moves, Plan, Quote, Risk, Scenario};
use crate::suggest::nearest;
use crate::syntax::tree::{Block, BlockKind};
use crate::syntax::value::Value;
use crate::{Span, Spanned};
use quarterdeck_calendar::{Grain, Period};
use std::collections::BTreeMap;

/// A block inside a plan, with the plan block it stands in.
#[derive(Clone, Copy)]
pub(super) struct Inner<'a> {
    pub block: &'a Block,
    pub plan: &'a Block,
}

/// What the plans of a period declare.
pub(super) struct Inside<'a> {
    pub period: Period,
    pub blocks: Vec<Inner<'a>>,
}

impl<'a> Inside<'a> {
    /// The blocks of a kind, in order of file and place.
    pub fn of(&self, kind: BlockKind) -> impl Iterator<Item = Inner<'a>> + use<'a, '_> {
        self.blocks.iter().filter(move |inner| inner.block.kind.node == kind).copied()
    }

    /// The path of its places.
    pub fn site(&self) -> String {
        format!("plan/{}", self.period)
    }

    fn names(&self, kind: BlockKind) -> impl Iterator<Item = &'a Spanned<String>> + use<'a, '_> {
        self.of(kind).filter_map(|inner| inner.block.head.name.as_ref())
    }

    /// Finds a name of a kind in this period; an unknown one is an error with the nearest known.
    pub fn find(&self, cx: &mut Context<'a>, kind: BlockKind, name: &Spanned<String>) -> Option<Inner<'a>> {
        let found =
            self.of(kind).find(|inner| inner.block.head.name.as_ref().is_some_and(|known| known.node == name.node));
        if found.is_some() {
            return found;
        }
        let word = kind.word();
        let mut diagnostic = error(&UNKNOWN_NAME, name.span, format!("{} has no {word} `{}`", self.period, name.node));
        let known = || self.names(kind).map(|name| name.node.as_str());
        diagnostic = match nearest(&name.node, known()) {
            Some(near) => {
                diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
            }
            None => diagnostic.hint(names::known(word, known())),
        };
        cx.report(diagnostic);
        None
    }
}

/// Resolves the plan of a period from all its blocks; `None` where plans cannot be made for such a period.
pub(super) fn plan<'a>(cx: &mut Context<'a>, named: Period, blocks: &[&'a Block]) -> Option<Plan> {
    let first = blocks.first()?;
    let head = first.head.period.as_ref()?;
    cx.sites.add(format!("plan/{named}"), head.span);
    if !matches!(named.grain(), Grain::Quarter | Grain::Half | Grain::Year) {
        let message = format!("a plan cannot be made for {named}, a {}", named.grain());
        let starts = cx.settings.calendar.starts(named);
        let quarter = cx.settings.calendar.period_of(Grain::Quarter, starts);
        let diagnostic = error(&PLAN_PERIOD, head.span, message).note("expected a quarter, a half or a year");
        cx.report(diagnostic.fix(format!("the quarter it lies in: write `{quarter}`"), head.span, quarter.to_string()));
        return None;
    }
    let period = when::period(cx, head)?;
    let heads = heads(cx, blocks);
    let inside = inside(period, blocks);
    for kind in [BlockKind::Initiative, BlockKind::Risk, BlockKind::Milestone, BlockKind::Scenario] {
        twice(cx, &inside, kind);
    }
    let team = |block: &Block| block.head.team.as_ref().map(|team| team.node.clone());
    let approver = one(&heads, |head| head.approver.clone()).into_iter().next();
    let approvers: BTreeMap<Option<String>, String> =
        heads.iter().filter_map(|head| Some((head.team.clone(), head.approver.clone()?))).collect();
    let mut targets = target::targets(cx, &inside);
    for (target, plan) in &mut targets {
        // A team's own approver says yes to its targets.
        let own = approvers.get(&team(plan)).filter(|own| Some(*own) != approver.as_ref());
        target.approver = target.approver.take().or_else(|| own.cloned());
    }
    let drafters: Drafters = heads.iter().filter_map(|head| Some((head.team.clone(), head.owner.clone()?))).collect();
    for (target, plan) in &mut targets {
        let owned = cx.get(Kind::Metric, &target.metric).is_some_and(|metric| owns(metric.block));
        target.owner = target.owner.take().or_else(|| drafter(&drafters, plan).filter(|_| !owned));
    }
    let mut initiatives = initiative::initiatives(cx, &inside);
    let (mut judgements, mut risks, mut milestones) =
        (judgements(cx, &inside), risks(cx, &inside), milestones(cx, &inside));
    let unowned = initiatives.iter_mut().map(|one| (BlockKind::Initiative, &one.name, &mut one.owner));
    let unowned = unowned.chain(risks.iter_mut().map(|one| (BlockKind::Risk, &one.name, &mut one.owner)));
    let unowned = unowned.chain(milestones.iter_mut().map(|one| (BlockKind::Milestone, &one.name, &mut one.owner)));
    let unowned = unowned.chain(judgements.iter_mut().map(|one| (BlockKind::Judgement, &one.metric, &mut one.owner)));
    for (kind, name, owner) in unowned.filter(|(_, _, owner)| owner.is_none()) {
        let mut written = inside.of(kind);
        let home = written.find(|inner| inner.block.head.name.as_ref().is_some_and(|known| known.node == *name));
        *owner = home.and_then(|inner| drafter(&drafters, inner.plan));
    }
    Some(Plan {
        period,
        label: one(&heads, |head| head.label.clone()).join(" · "),
        objective: Some(one(&heads, |head| head.objective.clone()).join(" · ")).filter(|text| !text.is_empty()),
        approver,
        targets: targets.into_iter().map(|(target, _)| target).collect(),
        initiatives,
        judgements,
        quotes: quotes(cx, &inside),
        risks,
        milestones,
        scenarios: scenarios(cx, &inside),
        allows: heads.into_iter().flat_map(|head| head.allows).collect(),
        revision: String::new(),
        place: cx.place(head.span),
    })
}

/// Who drafts a plan, by team.
type Drafters = BTreeMap<Option<String>, String>;

/// Who answers for what names nobody in a plan's block: its team's drafter, or else that of the block of no team.
fn drafter(drafters: &Drafters, plan: &Block) -> Option<String> {
    let team = plan.head.team.as_ref().map(|team| team.node.clone());
    drafters.get(&team).or_else(|| drafters.get(&None)).cloned()
}

fn owns(metric: &Block) -> bool {
    metric.fields().any(|field| field.key.node == "owner")
}

/// What a plan block says of itself.
struct Heading {
    team: Option<String>,
    label: Option<String>,
    objective: Option<String>,
    approver: Option<String>,
    owner: Option<String>,
    allows: Vec<crate::model::Allow>,
}

/// The blocks' own words, that of no team first, then by team; two blocks of one team may not differ.
fn heads<'a>(cx: &mut Context<'a>, blocks: &[&'a Block]) -> Vec<Heading> {
    let mut seen: BTreeMap<(Option<&str>, &str), (String, Span)> = BTreeMap::new();
    let mut heads = Vec::with_capacity(blocks.len());
    for block in blocks {
        let fields = fields::open(cx, block);
        let team = block.head.team.as_ref().map(|team| team.node.as_str());
        for key in ["objective", "approver", "owner"] {
            let (Some(field), Some(text)) = (fields.get(key), fields.text(key)) else { continue };
            let (first, place) = seen.entry((team, key)).or_insert((text.clone(), field.value.span));
            if *first != text {
                let message = format!("two blocks of this plan differ in `{key}:`");
                let place = *place;
                cx.report(
                    error(&KEY_TWICE, field.value.span, message)
                        .note("this one")
                        .label(place, "and this one")
                        .hint("write it in one of them; a team's own block names its team: `plan 2027-Q1 growth`"),
                );
            }
        }
        heads.push(Heading {
            team: team.map(str::to_owned),
            label: block.label.as_ref().map(|label| label.node.clone()),
            objective: fields.text("objective"),
            approver: fields.text("approver"),
            owner: fields.text("owner"),
            allows: allow::allows(cx, &fields),
        });
    }
    heads.sort_by(|one, two| one.team.cmp(&two.team));
    heads
}

/// What is said over a plan: by the block of no team where it says something, else by each team, each text once.
fn one(heads: &[Heading], said: impl Fn(&Heading) -> Option<String>) -> Vec<String> {
    if let Some(main) = heads.iter().filter(|head| head.team.is_none()).find_map(&said) {
        return vec![main];
    }
    let mut texts: Vec<String> = Vec::new();
    for text in heads.iter().filter_map(said) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// Everything the blocks of a plan hold.
pub(super) fn inside<'a>(period: Period, blocks: &[&'a Block]) -> Inside<'a> {
    let blocks = blocks.iter().flat_map(|plan| plan.blocks().map(|block| Inner { block, plan })).collect();
    Inside { period, blocks }
}

fn twice(cx: &mut Context<'_>, inside: &Inside<'_>, kind: BlockKind) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in inside.names(kind) {
        let first = *seen.entry(&name.node).or_insert(name.span);
        if first == name.span {
            cx.sites.add(format!("{}/{}/{}", inside.site(), kind.word(), name.node), name.span);
            continue;
        }
        let message = format!("the {} `{}` is declared twice in {}", kind.word(), name.node, inside.period);
        cx.report(
            error(&DECLARED_TWICE, name.span, message)
                .note("declared again here")
                .label(first, "declared first here")
                .hint("keep one; the blocks of a period merge, so another team's file may hold it"),
        );
    }
}

/// The blocks of a kind with their names, the first of each name, in order of name.
pub(super) fn named<'a>(inside: &Inside<'a>, kind: BlockKind) -> BTreeMap<&'a str, (Inner<'a>, Span)> {
    let mut found = BTreeMap::new();
    for inner in inside.of(kind) {
        if let Some(name) = &inner.block.head.name {
            found.entry(name.node.as_str()).or_insert((inner, name.span));
        }
    }
    found
}

/// The effects a block lists, in order of metric; a metric moved twice is an error.
pub(super) fn moves<'a>(cx: &mut Context<'a>, fields: &Fields<'a>) -> Vec<Moves> {
    let mut all: Vec<(Moves, Span)> = Vec::new();
    for field in fields.all("moves") {
        let Value::Moves { metric, by } = &field.value.node else { continue };
        if names::find(cx, Kind::Metric, metric).is_none() {
            continue;
        }
        if let Some((_, first)) = all.iter().find(|(moves, _)| moves.metric == metric.node) {
            let message = format!("`{}` is moved twice", metric.node);
            cx.report(error(&KEY_TWICE, metric.span, message).note("again here").label(*first, "first here"));
            continue;
        }
        let unit = cx.unit_of(&metric.node);
        let moved = Moved { name: &metric.node, unit: unit.as_ref() };
        if let Some(by) = percent::change(cx, by, moved, Points::OfSharesOnly) {
            all.push((Moves { metric: metric.node.clone(), by }, metric.span));
        }
    }
    all.sort_by(|(one, _), (two, _)| one.metric.cmp(&two.metric));
    all.into_iter().map(|(moves, _)| moves).collect()
}

fn judgements<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Judgement> {
    let mut all = Vec::new();
    for inner in inside.of(BlockKind::Judgement) {
        let fields = fields::open(cx, inner.block);
        let Some(name) = &inner.block.head.name else { continue };
        if names::find(cx, Kind::Metric, name).is_none() {
            continue;
        }
        cx.sites.add(format!("{}/judgement/{}", inside.site(), name.node), name.span);
        let Some(Value::Change(written)) = fields.get("shift").map(|field| &field.value.node) else { continue };
        let unit = cx.unit_of(&name.node);
        let moved = Moved { name: &name.node, unit: unit.as_ref() };
        let shift = percent::change(cx, written, moved, Points::OfSharesOnly);
        let (Some(shift), Some(because)) = (shift, fields.text("because")) else { continue };
        let (metric, owner, place) = (name.node.clone(), fields.text("owner"), cx.place(name.span));
        all.push(Judgement { metric, shift, because, owner, place });
    }
    // Of one metric's judgements the order of texts decides, so that files may be read in any order.
    all.sort_by(|one, two| one.metric.cmp(&two.metric).then_with(|| one.because.cmp(&two.because)));
    all
}

fn quotes<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Quote> {
    let mut all = Vec::new();
    for inner in inside.of(BlockKind::Quote) {
        let fields = fields::open(cx, inner.block);
        let Some(text) = &inner.block.label else { continue };
        let mut about = Vec::new();
        for path in fields.names("about") {
            let metric = fields::dotted(path);
            if names::seek(cx, Kind::Metric, &metric).is_some() {
                about.push(metric.node);
            }
        }
        all.push(Quote { text: text.node.clone(), from: fields.text("from"), about });
    }
    all.sort_by(|one, two| one.text.cmp(&two.text));
    all
}

fn part(cx: &mut Context<'_>, fields: &Fields<'_>, key: &str) -> Option<f64> {
    let field = fields.get(key)?;
    match &field.value.node {
        Value::Part(number) => percent::part(cx, &Spanned::new(*number, field.value.span)),
        _ => None,
    }
}

fn label(block: &Block, name: &str) -> String {
    block.label.as_ref().map_or_else(|| name.to_owned(), |label| label.node.clone())
}

fn risks<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Risk> {
    let mut all = Vec::new();
    for (name, (inner, span)) in named(inside, BlockKind::Risk) {
        let fields = fields::open(cx, inner.block);
        let (chance, moves) = (part(cx, &fields, "chance"), moves(cx, &fields));
        let Some(chance) = chance else { continue };
        let (sign, owner, place) = (fields.text("sign"), fields.text("owner"), cx.place(span));
        all.push(Risk { name: name.into(), label: label(inner.block, name), chance, moves, sign, owner, place });
    }
    all
}

fn milestones<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Milestone> {
    let mut all = Vec::new();
    for (name, (inner, span)) in named(inside, BlockKind::Milestone) {
        let fields = fields::open(cx, inner.block);
        let by = metric::last_day(cx, fields.get("by"));
        let chance = part(cx, &fields, "chance");
        let Some(by) = by else { continue };
        let (owner, place) = (fields.text("owner"), cx.place(span));
        all.push(Milestone { name: name.into(), label: label(inner.block, name), by, chance, owner, place });
    }
    all
}

fn scenarios<'a>(cx: &mut Context<'a>, inside: &Inside<'a>) -> Vec<Scenario> {
    let mut all = Vec::new();
    for (name, (inner, span)) in named(inside, BlockKind::Scenario) {
        let fields = fields::open(cx, inner.block);
        let without = members(cx, inside, &fields, "without", BlockKind::Initiative);
        let with = members(cx, inside, &fields, "with", BlockKind::Risk);
        let (moves, place) = (moves(cx, &fields), cx.place(span));
        all.push(Scenario { name: name.into(), label: label(inner.block, name), without, with, moves, place });
    }
    all
}

fn members<'a>(
    cx: &mut Context<'a>,
    inside: &Inside<'a>,
    fields: &Fields<'a>,
    key: &'static str,
    kind: BlockKind,
) -> Vec<String> {
    let mut members = Vec::new();
    for field in fields.all(key) {
        let Value::Names(paths) = &field.value.node else { continue };
        for path in paths {
            let name = fields::dotted(path);
            if inside.find(cx, kind, &name).is_some() {
                members.push(name.node);
            }
        }
    }
    members.sort();
    members.dedup();
    members
}
