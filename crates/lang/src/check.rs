//! The whole way from texts to a model with all diagnostics.

use crate::model::Settings;
use crate::resolve::{self, Depends, needed};
use crate::syntax::tree::{Block, BlockKind, Tree};
use crate::{Diagnostic, FileId, Files, Model, Severity, Subject, TextFile, lint, revision, settings, syntax};
use quarterdeck_calendar::Period;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A workspace's texts, what they mean and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The texts, for showing places: `quarterdeck.toml` first where there is one, then the `.qd` files as given.
    pub files: Files,
    /// What they mean.
    pub model: Model,
    /// What is wrong with them, errors and lints, in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Which declarations need which.
    pub(crate) depends: Depends,
}

impl Checked {
    /// The errors: what keeps parts of the text from meaning anything.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The errors that stand in the way of a command that needs these metrics, with everything they depend on, and the
    /// plan of this period, with its targets' metrics and guards.
    ///
    /// An error about a whole file, about the settings or about nothing in particular always stands in the way: what it
    /// hides may be needed.
    pub fn blocking(&self, metrics: &BTreeSet<String>, plan: Option<Period>) -> Vec<&Diagnostic> {
        let metrics = metrics.iter().map(|name| Subject::Metric(name.clone()));
        let start = metrics.chain(plan.map(|period| Subject::Plan(period.to_string())));
        let needed = needed(&self.depends, start);
        let stands = |diagnostic: &&Diagnostic| match &diagnostic.subject {
            None | Some(Subject::File(_) | Subject::Settings) => true,
            Some(subject) => needed.contains(subject),
        };
        self.errors().filter(stands).collect()
    }
}

/// From so many files on it pays to read them on several threads.
const SIDE_BY_SIDE: usize = 8;

/// Reads a workspace: parses every text, resolves names, types and units, finds cycles, hashes meanings, lints.
///
/// `settings` is `quarterdeck.toml`; without it every setting has its default. The order of `texts` does not matter to
/// the model; paths are relative to the workspace and separated by `/`.
pub fn check(settings: Option<TextFile>, texts: Vec<TextFile>) -> Checked {
    let mut files = Files::default();
    let (mut diagnostics, mut known) = (Vec::new(), Settings::default());
    if let Some(settings) = settings {
        let id = files.add(settings);
        let text = files.get(id).map(TextFile::text).unwrap_or_default();
        (known, diagnostics) = settings::parse(id, text);
        diagnostics = diagnostics.into_iter().map(Diagnostic::in_sentences).collect();
    }
    let ids: Vec<FileId> = texts.into_iter().map(|text| files.add(text)).collect();
    let read = |id: &FileId| syntax::parse(*id, files.get(*id).map(TextFile::text).unwrap_or_default());
    // Files are read side by side; they are put together in their order.
    let parsed: Vec<syntax::Parsed> =
        if ids.len() < SIDE_BY_SIDE { ids.iter().map(read).collect() } else { ids.par_iter().map(read).collect() };
    let mut trees = Vec::with_capacity(parsed.len());
    for parsed in parsed {
        diagnostics.extend(parsed.diagnostics.into_iter().map(|diagnostic| about(diagnostic, &parsed.tree)));
        trees.push(parsed.tree);
    }
    let resolved = resolve::resolve(&known, &files, &trees);
    trees.into_par_iter().for_each(drop);
    let mut model = resolved.model;
    revision::revise(&mut model);
    diagnostics.extend(resolved.diagnostics.into_iter().map(Diagnostic::in_sentences));
    // Settings that cannot be read do not say which lints are allowed.
    let torn = diagnostics.iter().any(|told| told.code == crate::codes::resolve::SETTINGS_SYNTAX.code);
    if !torn {
        diagnostics.extend(lint::lint(&model, &resolved.sites).into_iter().map(Diagnostic::in_sentences));
    }
    Checked { files, model, diagnostics: in_order(diagnostics), depends: resolved.depends }
}

/// A diagnostic of the syntax is about the declaration it lies in; outside of all, about its file.
fn about(mut diagnostic: Diagnostic, tree: &Tree) -> Diagnostic {
    let Some(span) = diagnostic.span else { return diagnostic };
    let around = tree.blocks.iter().find(|block| block.span.start <= span.start && span.end <= block.span.end);
    if let Some(subject) = around.and_then(subject) {
        diagnostic.subject = Some(subject);
    }
    diagnostic
}

fn subject(block: &Block) -> Option<Subject> {
    let name = block.head.name.as_ref().map(|name| name.node.clone());
    match block.kind.node {
        BlockKind::Source => name.map(Subject::Source),
        BlockKind::Segment => name.map(Subject::Segment),
        BlockKind::Metric => name.map(Subject::Metric),
        BlockKind::Market => name.map(Subject::Market),
        BlockKind::Event => name.map(Subject::Event),
        BlockKind::Plan => block.head.period.as_ref().map(|period| Subject::Plan(period.node.to_string())),
        _ => None,
    }
}

/// Diagnostics in order of file and place, each once.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |diagnostic: &Diagnostic| diagnostic.span.map(|span| (span.file, span.start, span.end));
    diagnostics.sort_by(|one, two| {
        (place(one), one.severity, one.code, &one.message).cmp(&(place(two), two.severity, two.code, &two.message))
    });
    diagnostics.dedup_by(|two, one| one.code == two.code && one.span == two.span && one.message == two.message);
    diagnostics
}
