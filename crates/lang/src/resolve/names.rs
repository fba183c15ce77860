//! The names a workspace declares, kind by kind, and the nearest one to a name it does not.

use super::context::{Context, error};
use crate::codes::resolve::{DECLARED_TWICE, UNKNOWN_NAME};
use crate::suggest::nearest;
use crate::syntax::tree::{Block, BlockKind, Tree};
use crate::syntax::value::Value;
use crate::{Diagnostic, Edit, Files, Fix, Span, Spanned, Subject};
use quarterdeck_calendar::Period;
use std::collections::BTreeMap;

/// How many pairs of an unknown and a known name are compared in all: where there are thousands of both, guessing takes
/// longer than it helps.
const COMPARED: usize = 100_000;

/// The kinds of name a workspace declares; each is a namespace of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Source,
    Segment,
    Metric,
    Market,
    Event,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Source, Kind::Segment, Kind::Metric, Kind::Market, Kind::Event];

    fn of(block: BlockKind) -> Option<Kind> {
        match block {
            BlockKind::Source => Some(Kind::Source),
            BlockKind::Segment => Some(Kind::Segment),
            BlockKind::Metric => Some(Kind::Metric),
            BlockKind::Market => Some(Kind::Market),
            BlockKind::Event => Some(Kind::Event),
            _ => None,
        }
    }

    /// The word it is written with.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::Segment => "segment",
            Kind::Metric => "metric",
            Kind::Market => "market",
            Kind::Event => "event",
        }
    }

    /// The subject of a name.
    pub fn subject(self, name: &str) -> Subject {
        let name = name.to_owned();
        match self {
            Kind::Source => Subject::Source(name),
            Kind::Segment => Subject::Segment(name),
            Kind::Metric => Subject::Metric(name),
            Kind::Market => Subject::Market(name),
            Kind::Event => Subject::Event(name),
        }
    }
}

/// A declaration and the place of its name.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub block: &'a Block,
    pub span: Span,
}

/// What a workspace declares.
#[derive(Default)]
pub(super) struct Names<'a> {
    kinds: BTreeMap<Kind, BTreeMap<&'a str, Declared<'a>>>,
    /// The plan blocks of each period, in order of file and place.
    pub plans: BTreeMap<Period, Vec<&'a Block>>,
    /// Earlier names of metrics, with today's.
    was: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// All names of a kind with their declarations, in order of name.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (&'a str, Declared<'a>)> + use<'a, '_> {
        self.kinds.get(&kind).into_iter().flatten().map(|(name, declared)| (*name, *declared))
    }

    /// How many names of a kind there are.
    fn count(&self, kind: Kind) -> usize {
        self.kinds.get(&kind).map_or(0, BTreeMap::len)
    }

    /// The declaration of a name.
    pub fn get(&self, kind: Kind, name: &str) -> Option<Declared<'a>> {
        self.kinds.get(&kind)?.get(name).copied()
    }
}

/// Collects the names of all trees; of two declarations of one name the first by file and place counts.
pub(super) fn collect<'a>(cx: &mut Context<'a>, trees: &'a [Tree]) {
    let files = cx.files;
    let mut blocks: Vec<&Block> = trees.iter().flat_map(|tree| &tree.blocks).collect();
    blocks.sort_by_key(|block| (path(files, block.span), block.span.start));
    for block in blocks {
        if let (BlockKind::Plan, Some(period)) = (block.kind.node, &block.head.period) {
            cx.names.plans.entry(period.node).or_default().push(block);
        } else if let (Some(kind), Some(name)) = (Kind::of(block.kind.node), &block.head.name) {
            declare(cx, kind, name, block);
        }
    }
    let metrics: Vec<_> = cx.names.of(Kind::Metric).collect();
    for (name, metric) in metrics {
        for field in metric.block.fields().filter(|field| field.key.node == "was") {
            if let Value::Names(before) = &field.value.node {
                let before = before.iter().filter_map(|path| path.node.parts.first());
                cx.names.was.extend(before.map(|before| (before.as_str(), name)));
            }
        }
    }
}

fn path(files: &Files, span: Span) -> &str {
    files.get(span.file).map_or("", |file| file.path())
}

fn declare<'a>(cx: &mut Context<'a>, kind: Kind, name: &'a Spanned<String>, block: &'a Block) {
    let names = cx.names.kinds.entry(kind).or_default();
    let declared = Declared { block, span: name.span };
    let first = *names.entry(name.node.as_str()).or_insert(declared);
    if first.span != name.span {
        let message = format!("the {} `{}` is declared twice", kind.word(), name.node);
        let subject = kind.subject(&name.node);
        cx.report(
            error(&DECLARED_TWICE, name.span, message)
                .note("declared again here")
                .label(first.span, "declared first here")
                .hint("give one of them another name, or remove one")
                .about(subject),
        );
    } else {
        cx.sites.add(format!("{}/{}", kind.word(), name.node), name.span);
    }
}

/// Finds a name of a kind and notes the need for it; an unknown one is an error with the nearest known.
pub(super) fn find<'a>(cx: &mut Context<'a>, kind: Kind, name: &Spanned<String>) -> Option<Declared<'a>> {
    cx.need(kind.subject(&name.node));
    seek(cx, kind, name)
}

/// Like [`find`], but a known name is not needed: the declaration being resolved holds without it.
pub(super) fn seek<'a>(cx: &mut Context<'a>, kind: Kind, name: &Spanned<String>) -> Option<Declared<'a>> {
    let found = cx.names.get(kind, &name.node);
    if found.is_none() {
        cx.need(kind.subject(&name.node));
        cx.unknown.entry((kind, name.node.clone())).or_default().places.push(name.span);
    }
    found
}

/// Like [`find`], in a formula, where a column may have been meant.
pub(super) fn find_in_formula<'a>(cx: &mut Context<'a>, name: &Spanned<String>) -> Option<Declared<'a>> {
    let found = find(cx, Kind::Metric, name);
    if found.is_none() {
        cx.unknown.entry((Kind::Metric, name.node.clone())).or_default().in_formula = true;
    }
    found
}

/// Where a name that is not declared is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    places: Vec<Span>,
    in_formula: bool,
}

/// Reports every unknown name once, at its first place, with the others beside it: a name that is used ten times is one
/// mistake. It is about the missing thing itself, which everything that names it needs.
pub(super) fn report_unknown(cx: &mut Context<'_>) {
    for (at, ((kind, name), unknown)) in std::mem::take(&mut cx.unknown).into_iter().enumerate() {
        let mut places = unknown.places;
        places.sort_by_key(|span| (path(cx.files, *span), span.start));
        places.dedup();
        let Some((first, others)) = places.split_first() else { continue };
        let mut diagnostic = error(&UNKNOWN_NAME, *first, format!("there is no {} `{name}`", kind.word()));
        for other in others.iter().take(PLACES) {
            diagnostic = diagnostic.label(*other, "and here");
        }
        if let Some(more) = others.len().checked_sub(PLACES).filter(|more| *more > 0) {
            diagnostic = diagnostic.note(format!("and in {more} more places than shown"));
        }
        let candidates = || cx.names.of(kind).map(|(name, _)| name);
        let few = at * cx.names.count(kind) < COMPARED;
        let guess = |name: &str| if few { nearest(name, candidates()) } else { None };
        let renamed = cx.names.was.get(name.as_str()).copied().filter(|_| kind == Kind::Metric);
        let diagnostic = match (renamed, guess(&name)) {
            (Some(now), _) => mended(cx, diagnostic, kind, now, &places).hint(format!("it is called `{now}` now")),
            (None, Some(near)) => mended(cx, diagnostic, kind, near, &places).hint(format!("did you mean `{near}`?")),
            (None, None) => lost(cx, diagnostic, kind, &name, unknown.in_formula),
        };
        cx.out.push(diagnostic.about(kind.subject(&name)));
    }
}

/// How many other places of a mistake are shown.
pub(super) const PLACES: usize = 4;

/// With the change that writes another name at every place.
fn mended(cx: &Context<'_>, mut diagnostic: Diagnostic, kind: Kind, name: &str, places: &[Span]) -> Diagnostic {
    let edits = places.iter().map(|span| Edit { span: *span, text: name.to_owned() }).collect();
    diagnostic.fixes.push(Fix { message: format!("write `{name}`"), edits });
    match cx.names.get(kind, name) {
        Some(declared) => diagnostic.label(declared.span, format!("`{name}` is declared here")),
        None => diagnostic,
    }
}

/// With what is known, where nothing is near: a thing of another kind, a column, or all names.
fn lost(cx: &Context<'_>, diagnostic: Diagnostic, kind: Kind, name: &str, in_formula: bool) -> Diagnostic {
    let elsewhere = Kind::ALL.into_iter().find_map(|other| Some((other, cx.names.get(other, name)?)));
    if let Some((other, declared)) = elsewhere {
        let (word, expected) = (other.word(), kind.word());
        return diagnostic
            .hint(format!("`{name}` is a {word}; here a {expected} is expected"))
            .label(declared.span, format!("the {word} is declared here"));
    }
    let list = known(kind.word(), cx.names.of(kind).map(|(name, _)| name));
    if in_formula {
        return diagnostic.hint(format!("if `{name}` is a column, aggregate it: `sum({name}) from …`")).hint(list);
    }
    diagnostic.hint(list)
}

/// A hint that lists what is known, the first few of it.
pub(super) fn known<'n>(word: &str, mut names: impl Iterator<Item = &'n str>) -> String {
    let first: Vec<_> = names.by_ref().take(LISTED).map(|name| format!("`{name}`")).collect();
    match (first.len(), names.count()) {
        (0, _) => format!("the workspace declares no {word} yet"),
        (_, 0) => format!("known: {}", first.join(", ")),
        (_, more) => format!("known: {} and {more} more", first.join(", ")),
    }
}

/// How many known names a hint lists.
const LISTED: usize = 8;
