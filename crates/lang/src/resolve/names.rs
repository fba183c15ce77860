//! The names a workspace declares, kind by kind, and the nearest one to a name it does not.

use super::context::{Context, error};
use super::metric::Head;
use super::world::{Declared, World};
use crate::codes::resolve::{DECLARED_TWICE, UNKNOWN_NAME};
use crate::suggest::nearest_name;
use crate::syntax::tree::{Block, BlockKind, Tree};
use crate::syntax::value::Value;
use crate::{Diagnostic, Edit, FileId, Files, Fix, Span, Spanned, Subject};
use quarterdeck_calendar::Period;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many pairs of an unknown and a known name are compared in all: where there are thousands of both, guessing takes
/// longer than it helps.
const COMPARED: usize = 100_000;

/// The kinds of name a workspace declares; each is a namespace of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Source,
    Segment,
    Metric,
    Market,
    Event,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Source, Kind::Segment, Kind::Metric, Kind::Market, Kind::Event];

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

    /// Whether a subject is this name of this kind.
    pub fn is(self, subject: &Subject, name: &str) -> bool {
        match (self, subject) {
            (Kind::Source, Subject::Source(known))
            | (Kind::Segment, Subject::Segment(known))
            | (Kind::Metric, Subject::Metric(known))
            | (Kind::Market, Subject::Market(known))
            | (Kind::Event, Subject::Event(known)) => known == name,
            _ => false,
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

/// Where a declaration stands: a file, and the number of its block there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub file: FileId,
    pub block: u32,
}

/// What is declared under a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// Its declarations in order of path and place; the first counts.
    pub places: Vec<At>,
    /// What is known of a metric before its body is resolved.
    pub head: Head,
}

/// What a workspace declares, file by file: what a file declares can be taken out again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    kinds: [HashMap<String, Entry>; Kind::ALL.len()],
    /// The plan blocks of each period, in order of path and place.
    pub plans: BTreeMap<Period, Vec<At>>,
    /// Earlier names of metrics, with today's.
    was: BTreeMap<String, BTreeSet<String>>,
    /// Names with more than one declaration.
    pub twice: BTreeSet<(Kind, String)>,
}

/// One thing a file declares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Declares {
    /// A name.
    Name(Kind, String),
    /// A part of the plan of a period.
    Plan(Period),
}

impl Names {
    /// What is declared under a name.
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Entry> {
        self.kinds.get(kind as usize)?.get(name)
    }

    /// All names of a kind, in no order.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.kinds.get(kind as usize).into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// All names of a kind, in order.
    pub fn in_order(&self, kind: Kind) -> Vec<&str> {
        let mut names: Vec<&str> = self.of(kind).collect();
        names.sort_unstable();
        names
    }

    /// The first few names of a kind, in order.
    fn first(&self, kind: Kind, few: usize) -> Vec<&str> {
        let mut first: BTreeSet<&str> = BTreeSet::new();
        for name in self.of(kind) {
            if first.len() < few || first.last().is_some_and(|last| name < *last) {
                first.insert(name);
                if first.len() > few {
                    first.pop_last();
                }
            }
        }
        first.into_iter().collect()
    }

    /// How many names of a kind there are.
    fn count(&self, kind: Kind) -> usize {
        self.kinds.get(kind as usize).map_or(0, HashMap::len)
    }

    /// Makes room for what so many blocks declare.
    pub fn reserve(&mut self, blocks: usize) {
        if let Some(metrics) = self.kinds.get_mut(Kind::Metric as usize) {
            metrics.reserve(blocks);
        }
    }

    /// Adds what a file declares.
    pub fn add(&mut self, file: FileId, tree: &Tree, files: &Files) {
        for (block, at) in numbered(file, tree) {
            if let (BlockKind::Plan, Some(period)) = (block.kind.node, &block.head.period) {
                insert(self.plans.entry(period.node).or_default(), at, files);
            } else if let (Some(kind), Some(name)) = (Kind::of(block.kind.node), &block.head.name) {
                let Some(names) = self.kinds.get_mut(kind as usize) else { continue };
                let entry = names.entry(name.node.clone()).or_default();
                insert(&mut entry.places, at, files);
                if entry.places.len() > 1 {
                    self.twice.insert((kind, name.node.clone()));
                }
                for before in earlier_names(kind, block) {
                    self.was.entry(before.to_owned()).or_default().insert(name.node.clone());
                }
            }
        }
    }

    /// Takes out what a file declares.
    pub fn remove(&mut self, file: FileId, tree: &Tree) {
        for (block, at) in numbered(file, tree) {
            if let (BlockKind::Plan, Some(period)) = (block.kind.node, &block.head.period) {
                let Some(places) = self.plans.get_mut(&period.node) else { continue };
                places.retain(|place| *place != at);
                if places.is_empty() {
                    self.plans.remove(&period.node);
                }
            } else if let (Some(kind), Some(name)) = (Kind::of(block.kind.node), &block.head.name) {
                self.remove_name(kind, &name.node, at);
                for before in earlier_names(kind, block) {
                    if let Some(names) = self.was.get_mut(before) {
                        names.remove(&name.node);
                    }
                }
            }
        }
        self.was.retain(|_, names| !names.is_empty());
    }

    fn remove_name(&mut self, kind: Kind, name: &str, at: At) {
        let Some(names) = self.kinds.get_mut(kind as usize) else { return };
        let Some(entry) = names.get_mut(name) else { return };
        entry.places.retain(|place| *place != at);
        if entry.places.len() < 2 {
            self.twice.remove(&(kind, name.to_owned()));
        }
        if entry.places.is_empty() {
            names.remove(name);
        }
    }

    /// Notes what is known of a metric before its body is resolved.
    pub fn set_head(&mut self, metric: &str, head: Head) {
        if let Some(entry) = self.kinds.get_mut(Kind::Metric as usize).and_then(|names| names.get_mut(metric)) {
            entry.head = head;
        }
    }
}

/// Puts a place among others, in order of path and place. Most come in order, and go to the end at once.
fn insert(places: &mut Vec<At>, at: At, files: &Files) {
    let key = |at: &At| (files.get(at.file).map_or("", |file| file.path()), at.block);
    match places.last() {
        Some(last) if key(last) > key(&at) => {
            let index = places.partition_point(|place| key(place) < key(&at));
            places.insert(index, at);
        }
        _ => places.push(at),
    }
}

/// What a block declares.
pub(crate) fn declares(block: &Block) -> Option<Declares> {
    match (block.kind.node, &block.head.period, &block.head.name) {
        (BlockKind::Plan, Some(period), _) => Some(Declares::Plan(period.node)),
        (kind, _, Some(name)) => Kind::of(kind).map(|kind| Declares::Name(kind, name.node.clone())),
        _ => None,
    }
}

/// What a tree declares, in order.
pub(crate) fn declared_in(tree: &Tree) -> BTreeSet<Declares> {
    tree.blocks.iter().filter_map(declares).collect()
}

fn numbered(file: FileId, tree: &Tree) -> impl Iterator<Item = (&Block, At)> {
    tree.blocks.iter().enumerate().map(move |(number, block)| (block, At { file, block: number as u32 }))
}

fn earlier_names(kind: Kind, block: &Block) -> impl Iterator<Item = &str> {
    let fields = block.fields().filter(move |field| kind == Kind::Metric && field.key.node == "was");
    let names = fields.filter_map(|field| match &field.value.node {
        Value::Names(before) => Some(before),
        _ => None,
    });
    names.flatten().filter_map(|path| path.node.parts.first().map(String::as_str))
}

/// Reports every name that is declared more than once; of two declarations the first by path and place counts.
pub(super) fn report_twice(world: World<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (kind, name) in &world.names.twice {
        let Some(entry) = world.names.get(*kind, name) else { continue };
        let mut places = entry.places.iter().filter_map(|at| world.declared_at(*at));
        let Some(first) = places.next() else { continue };
        for again in places {
            let message = format!("the {} `{name}` is declared twice", kind.word());
            out.push(
                error(&DECLARED_TWICE, again.span, message)
                    .note("declared again here")
                    .label(first.span, "declared first here")
                    .hint("give one of them another name, or remove one")
                    .about(kind.subject(name)),
            );
        }
    }
    out
}

/// Finds a name of a kind and notes the need for it; an unknown one is an error with the nearest known.
pub(super) fn find<'a>(cx: &mut Context<'a>, kind: Kind, name: &Spanned<String>) -> Option<Declared<'a>> {
    cx.need_name(kind, &name.node);
    seek(cx, kind, name)
}

/// Like [`find`], but a known name is not needed: the declaration being resolved holds without it.
pub(super) fn seek<'a>(cx: &mut Context<'a>, kind: Kind, name: &Spanned<String>) -> Option<Declared<'a>> {
    let found = cx.get(kind, &name.node);
    if found.is_none() {
        cx.need_name(kind, &name.node);
        cx.unknown.push(Use { kind, name: name.node.clone(), span: name.span, in_formula: false });
    }
    found
}

/// Like [`find`], in a formula, where a column may have been meant.
pub(super) fn find_in_formula<'a>(cx: &mut Context<'a>, name: &Spanned<String>) -> Option<Declared<'a>> {
    let found = find(cx, Kind::Metric, name);
    if found.is_none() {
        cx.unknown.push(Use { kind: Kind::Metric, name: name.node.clone(), span: name.span, in_formula: true });
    }
    found
}

/// A use of a name that is not declared.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    kind: Kind,
    name: String,
    span: Span,
    in_formula: bool,
}

/// Where a name that is not declared is used.
#[derive(Default)]
struct Unknown {
    places: Vec<Span>,
    in_formula: bool,
}

/// Reports every unknown name once, at its first place, with the others beside it: a name that is used ten times is one
/// mistake. It is about the missing thing itself, which everything that names it needs.
pub(super) fn report_unknown<'u>(world: World<'_>, uses: impl Iterator<Item = &'u Use>) -> Vec<Diagnostic> {
    let mut all: BTreeMap<(Kind, &str), Unknown> = BTreeMap::new();
    for used in uses {
        let unknown = all.entry((used.kind, &used.name)).or_default();
        unknown.places.push(used.span);
        unknown.in_formula |= used.in_formula;
    }
    let mut out = Vec::new();
    for (at, ((kind, name), unknown)) in all.into_iter().enumerate() {
        let mut places = unknown.places;
        places.sort_by_key(|span| (world.path(*span), span.start));
        places.dedup();
        let Some((first, others)) = places.split_first() else { continue };
        let mut diagnostic = error(&UNKNOWN_NAME, *first, format!("there is no {} `{name}`", kind.word()));
        for other in others.iter().take(PLACES) {
            diagnostic = diagnostic.label(*other, "and here");
        }
        if let Some(more) = others.len().checked_sub(PLACES).filter(|more| *more > 0) {
            diagnostic = diagnostic.note(format!("and in {more} more places than shown"));
        }
        let few = at * world.names.count(kind) < COMPARED;
        let guess = if few { nearest_name(name, world.names.of(kind)) } else { None };
        let renamed = world.names.was.get(name).and_then(BTreeSet::last).filter(|_| kind == Kind::Metric);
        let diagnostic = match (renamed, guess) {
            (Some(now), _) => mended(world, diagnostic, kind, now, &places).hint(format!("it is called `{now}` now")),
            (None, Some(near)) => {
                mended(world, diagnostic, kind, near, &places).hint(format!("did you mean `{near}`?"))
            }
            (None, None) => lost(world, diagnostic, kind, name, unknown.in_formula),
        };
        out.push(diagnostic.about(kind.subject(name)));
    }
    out
}

/// How many other places of a mistake are shown.
pub(super) const PLACES: usize = 4;

/// With the change that writes another name at every place.
fn mended(world: World<'_>, mut diagnostic: Diagnostic, kind: Kind, name: &str, places: &[Span]) -> Diagnostic {
    let edits = places.iter().map(|span| Edit { span: *span, text: name.to_owned() }).collect();
    diagnostic.fixes.push(Fix { message: format!("write `{name}`"), edits });
    match world.declared(kind, name) {
        Some(declared) => diagnostic.label(declared.span, format!("`{name}` is declared here")),
        None => diagnostic,
    }
}

/// With what is known, where nothing is near: a thing of another kind, a column, or all names.
fn lost(world: World<'_>, diagnostic: Diagnostic, kind: Kind, name: &str, in_formula: bool) -> Diagnostic {
    let elsewhere = Kind::ALL.into_iter().find_map(|other| Some((other, world.declared(other, name)?)));
    if let Some((other, declared)) = elsewhere {
        let (word, expected) = (other.word(), kind.word());
        return diagnostic
            .hint(format!("`{name}` is a {word}; here a {expected} is expected"))
            .label(declared.span, format!("the {word} is declared here"));
    }
    let list = first_known(kind.word(), world.names.first(kind, LISTED), world.names.count(kind));
    if in_formula {
        return diagnostic.hint(format!("if `{name}` is a column, aggregate it: `sum({name}) from …`")).hint(list);
    }
    diagnostic.hint(list)
}

/// A hint that lists what is known, the first few of it.
pub(super) fn known<'n>(word: &str, mut names: impl Iterator<Item = &'n str>) -> String {
    let first: Vec<_> = names.by_ref().take(LISTED).collect();
    let all = first.len() + names.count();
    first_known(word, first, all)
}

/// The same, of the first few names and how many there are.
fn first_known(word: &str, first: Vec<&str>, all: usize) -> String {
    let more = all.saturating_sub(first.len());
    let first: Vec<_> = first.into_iter().map(|name| format!("`{name}`")).collect();
    match (first.len(), more) {
        (0, _) => format!("the workspace declares no {word} yet"),
        (_, 0) => format!("known: {}", first.join(", ")),
        (_, more) => format!("known: {} and {more} more", first.join(", ")),
    }
}

/// How many known names a hint lists.
const LISTED: usize = 8;
