//! Definitions cut out of a template, fitted to the workspace they are for.

use super::Shelf;
use crate::needs::Needs;
use quarterdeck_lang::model::Origin;
use quarterdeck_lang::syntax::tree::{Block, BlockKind, Field};
use quarterdeck_lang::syntax::value::Value;
use quarterdeck_lang::syntax::{format::format, parse};
use quarterdeck_lang::{FileId, Model, Span};
use quarterdeck_plan::tree::parts;
use std::collections::BTreeSet;

/// What somebody wants of a template.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The metrics asked for.
    pub metrics: &'a BTreeSet<String>,
    /// Who is to answer for them; nobody yet where unsaid.
    pub owner: Option<&'a str>,
    /// The file their source is read from, where they have a single one and it is new.
    pub file: Option<&'a str>,
}

/// Definitions as text, and what they stand on.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    /// The definitions, laid out.
    pub text: String,
    /// The metrics in it: first those asked for, then those they need.
    pub metrics: Vec<String>,
    /// The sources in it, each with the file it reads.
    pub sources: Vec<(String, String)>,
    /// The sources of the workspace that it reads.
    pub reused: Vec<String>,
}

/// Cuts the metrics out of a template, with what they cannot do without and the workspace does not have.
pub fn cut(shelf: &Shelf, order: &Order<'_>, workspace: &Model) -> Cut {
    let model = &shelf.checked.model;
    let wanted = closure(model, order.metrics, workspace);
    let mut metrics: Vec<String> = order.metrics.iter().cloned().collect();
    metrics.extend(wanted.iter().filter(|name| !order.metrics.contains(*name)).cloned());
    let read = joined(model, Needs::of(&without_identities(model), wanted.iter().map(String::as_str)).sources);
    let (reused, new): (Vec<String>, Vec<String>) =
        read.into_iter().partition(|name| workspace.sources.contains_key(name));
    let fitting = Fitting { model, wanted: &wanted, workspace, order, single: new.len() == 1 };
    let sources = new.iter().map(|name| fitting.declaration(shelf, BlockKind::Source, name));
    let metric_texts: Vec<String> =
        metrics.iter().map(|name| fitting.declaration(shelf, BlockKind::Metric, name)).collect();
    let named = |segment: &&String| metric_texts.iter().any(|text| text.contains(&format!("segment {segment}")));
    let segments = model.segments.keys().filter(named);
    let segments = segments.filter(|name| !workspace.segments.contains_key(*name));
    let segments = segments.map(|name| fitting.declaration(shelf, BlockKind::Segment, name));
    let texts: Vec<String> = sources.chain(segments).chain(metric_texts.iter().cloned()).collect();
    let text = texts.join("\n");
    let text = format(&text).unwrap_or(text);
    let sources = new.into_iter().map(|name| (fitting.file_of(&name), name)).map(|(file, name)| (name, file)).collect();
    Cut { text, metrics, sources, reused }
}

/// The metrics asked for, what they are computed from and what guards them, as far as the workspace has none of that name.
fn closure(model: &Model, asked: &BTreeSet<String>, workspace: &Model) -> BTreeSet<String> {
    let plain = without_identities(model);
    let mut wanted = BTreeSet::new();
    let mut open: Vec<String> = asked.iter().cloned().collect();
    while let Some(name) = open.pop() {
        if workspace.metrics.contains_key(&name) || !wanted.insert(name.clone()) {
            continue;
        }
        open.extend(Needs::of(&plain, [name.as_str()]).metrics);
        // What guards a guard would pull in half the template; the metric asked for brings its own.
        let guarded = model.metrics.get(&name).filter(|_| asked.contains(&name));
        open.extend(guarded.into_iter().flat_map(|metric| &metric.guards).map(|guard| guard.metric.clone()));
    }
    wanted
}

/// Sources with those they join.
fn joined(model: &Model, read: BTreeSet<String>) -> BTreeSet<String> {
    let mut open: Vec<String> = read.into_iter().collect();
    let mut all = BTreeSet::new();
    while let Some(name) = open.pop() {
        let joins = model.sources.get(&name).into_iter().flat_map(|source| &source.joins);
        if all.insert(name.clone()) {
            open.extend(joins.map(|join| join.source.clone()));
        }
    }
    all
}

/// The model as measures alone make it.
fn without_identities(model: &Model) -> Model {
    let mut plain = model.clone();
    plain.metrics.values_mut().for_each(|metric| metric.equals = None);
    plain
}

/// How definitions are fitted to a workspace.
struct Fitting<'a> {
    model: &'a Model,
    wanted: &'a BTreeSet<String>,
    workspace: &'a Model,
    order: &'a Order<'a>,
    /// Whether a single source is new.
    single: bool,
}

impl Fitting<'_> {
    /// A declaration's text with the comment above it, without what it mentions and nobody has.
    fn declaration(&self, shelf: &Shelf, kind: BlockKind, name: &str) -> String {
        for path in shelf.template.metrics() {
            let Some(text) = shelf.template.text(path) else { continue };
            let tree = parse(FileId(0), text).tree;
            let is_it = |block: &&Block| {
                block.kind.node == kind && block.head.name.as_ref().is_some_and(|declared| declared.node == name)
            };
            if let Some(block) = tree.blocks.iter().find(is_it) {
                return self.fitted(text, block);
            }
        }
        String::new()
    }

    /// The block's text, edited from its end to its start so that places before an edit hold.
    fn fitted(&self, text: &str, block: &Block) -> String {
        let start = above(text, block.span.start as usize);
        let mut edits: Vec<(Span, String)> = block.fields().filter_map(|field| self.edit(text, block, field)).collect();
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut fitted = text.get(start..block.span.end as usize).unwrap_or_default().to_owned();
        for (span, instead) in edits {
            let (from, to) = (span.start as usize - start, span.end as usize - start);
            if instead.is_empty() {
                drop_field(&mut fitted, from, to);
            } else {
                fitted.replace_range(from..to, &instead);
            }
        }
        fitted + "\n"
    }

    /// What becomes of a field, where it does not stay as it is.
    fn edit(&self, text: &str, block: &Block, field: &Field) -> Option<(Span, String)> {
        let without = |known: bool| (!known).then(|| (field.span, String::new()));
        match (block.kind.node, field.key.node.as_str(), &field.value.node) {
            (_, "owner", _) => {
                let owner = self.order.owner.map(|owner| format!("owner: \"{}\"", written(owner)));
                Some((field.span, owner.unwrap_or_default()))
            }
            (BlockKind::Source, "from", _) => {
                let file = self.order.file.filter(|_| self.single)?;
                Some((field.span, format!("from: \"{}\"", written(file))))
            }
            (BlockKind::Metric, "guard", Value::Guard(guard)) => without(self.has(&guard.metric.node)),
            (BlockKind::Metric, "drives", Value::Drives { metric, .. }) => without(self.has(&metric.node)),
            (BlockKind::Metric, "equals", _) => {
                let metric = block.head.name.as_ref().and_then(|name| self.model.metrics.get(&name.node))?;
                without(metric.equals.iter().flat_map(parts).all(|part| self.has(&part)))
            }
            // One north star is enough, and a market is somebody's own.
            (BlockKind::Metric, "market", _) => without(false),
            (BlockKind::Metric, "role", Value::Word(role)) => without(role != "north star"),
            (BlockKind::Metric, "unit" | "worth", _) => self.own_currency(text, field),
            _ => None,
        }
    }

    /// Whether a metric is in the workspace, or will be.
    fn has(&self, metric: &str) -> bool {
        self.wanted.contains(metric) || self.workspace.metrics.contains_key(metric)
    }

    /// Money in the workspace's currency.
    fn own_currency(&self, text: &str, field: &Field) -> Option<(Span, String)> {
        let (theirs, ours) = (&self.model.settings.currency, &self.workspace.settings.currency);
        let text = text.get(field.span.start as usize..field.span.end as usize)?;
        (theirs != ours && text.contains(theirs.as_str())).then(|| (field.span, text.replace(theirs.as_str(), ours)))
    }

    /// The file a new source reads.
    fn file_of(&self, source: &str) -> String {
        let own = self.order.file.filter(|_| self.single).map(str::to_owned);
        own.unwrap_or_else(|| match self.model.sources.get(source).map(|source| &source.origin) {
            Some(Origin::Files(file)) => file.clone(),
            _ => String::new(),
        })
    }
}

/// Where the comment that stands right above a declaration begins; the declaration itself where there is none.
fn above(text: &str, declared: usize) -> usize {
    let mut start = declared;
    for line in text.get(..declared).unwrap_or_default().split_inclusive('\n').rev() {
        if !line.trim_start().starts_with('#') {
            break;
        }
        start -= line.len();
    }
    start
}

/// Takes a field out, with its line where it stands alone on it.
fn drop_field(text: &mut String, from: usize, to: usize) {
    let line = text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let after = text.get(to..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| to + end + 1);
    let blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
    if blank(text.get(line..from)) && blank(text.get(to..after)) {
        text.replace_range(line..after, "");
    } else {
        text.replace_range(from..to, "");
    }
}

/// A text as it stands between quotation marks.
fn written(text: &str) -> String {
    text.replace('\\', "/").replace('"', "'")
}
