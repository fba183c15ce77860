//! The whole way from texts to a model with all diagnostics, and from an edit to the model and the diagnostics it leads to.

use crate::lint::Lints;
use crate::model::Settings;
use crate::resolve::{self, Declares, Dirty, State, Turn, declared_in};
use crate::revision::Revisions;
use crate::syntax::tree::{Block, BlockKind, Tree};
use crate::syntax::{self, Parsed};
use crate::{Diagnostic, FileId, Files, Model, Severity, Subject, TextFile, keys, revision, settings};
use quarterdeck_calendar::Period;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A workspace's texts, what they mean and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The texts, for showing places: `quarterdeck.toml` first where there is one, then the `.qd` files as given.
    pub files: Files,
    /// What they mean.
    pub model: Model,
    /// What is wrong with them, errors and lints, in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What is kept so that an edit costs what it changes.
    state: State,
    lints: Lints,
    revisions: Revisions,
    /// What is wrong with the settings.
    of_settings: Vec<Diagnostic>,
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
        let needed = self.state.needed(&self.model, start);
        let stands = |diagnostic: &&Diagnostic| match &diagnostic.subject {
            None | Some(Subject::File(_) | Subject::Settings) => true,
            Some(subject) => needed.contains(subject),
        };
        self.errors().filter(stands).collect()
    }

    /// Puts another text in the place of a `.qd` file's, as an editor does with every key that is pressed; false where there
    /// is no such file. Afterwards everything here is as [`check`] would make it from all texts.
    ///
    /// Only this file is parsed. Its declarations are resolved, and those of other files that look at one of them whose
    /// meaning is another, and so on along what changes by it; revisions and what metrics leave unsaid follow what they
    /// stand on. What is said of plans and of the workspace as a whole is looked for again in all plans.
    pub fn edit(&mut self, path: &str, text: impl Into<String>) -> bool {
        let Some(id) = self.files.iter().find(|(_, file)| file.path() == path).map(|(id, _)| id) else { return false };
        let Some(before) = self.state.trees.get(id.0 as usize).cloned().flatten() else { return false };
        let text = TextFile::new(path, text);
        let after = Arc::new(syntax::parse(id, text.text()));
        let Some(old) = self.files.replace(id, text) else { return false };
        let new = self.files.get(id).map(TextFile::text).unwrap_or_default();
        let (old, new) = ((old.text(), &before.tree), (new, &after.tree));
        let (changed, replanned) = (changed(old, new, outline), changed(old, new, planned_on));
        self.state.names.remove(id, &before.tree);
        self.state.names.add(id, &after.tree, &self.files);
        if let Some(place) = self.state.trees.get_mut(id.0 as usize) {
            *place = Some(after.clone());
        }
        let mut dirty = Dirty::default();
        for declares in declared_in(&before.tree).union(&declared_in(&after.tree)) {
            let subject = subject_of(declares);
            for reader in self.state.readers(&subject) {
                // A declaration that only moved matters to those alone who point at its place.
                let seen = if matches!(reader, Subject::Plan(_)) { &replanned } else { &changed };
                if seen.contains(declares) || self.state.is_loud(&reader) {
                    dirty.add(&reader);
                }
            }
            dirty.add(&subject);
        }
        self.resolve(dirty, Turn::Again);
        true
    }

    /// Resolves, revises and lints what may have changed.
    fn resolve(&mut self, dirty: Dirty, turn: Turn) {
        let resolved = resolve::update(&mut self.state, &self.files, &mut self.model, dirty, turn);
        revision::revise(&mut self.state, &mut self.model, &mut self.revisions, &resolved, turn);
        let world = self.state.world(&self.files, &self.model.settings, &self.model.sources);
        self.lints.update(&self.model, &self.state, world, &resolved);
        let mut diagnostics = self.of_settings.clone();
        let parsed = self.state.trees.iter().flatten();
        let of_syntax = parsed
            .flat_map(|parsed| parsed.diagnostics.iter().map(|diagnostic| about(diagnostic.clone(), &parsed.tree)));
        diagnostics.extend(of_syntax);
        let resolved = self.state.diagnostics(&self.files, &self.model);
        diagnostics.extend(resolved.into_iter().map(Diagnostic::in_sentences));
        // Settings that cannot be read do not say which lints are allowed.
        let torn = self.of_settings.iter().any(|told| told.code == crate::codes::resolve::SETTINGS_SYNTAX.code);
        if !torn {
            let told = shown_by_errors(&diagnostics);
            let fresh = |lint: &&Diagnostic| lint.span.is_none_or(|span| !told.contains(&span));
            diagnostics.extend(self.lints.diagnostics().filter(fresh).cloned().map(Diagnostic::in_sentences));
        }
        self.diagnostics = in_order(diagnostics);
    }
}

/// From so many files on it pays to read them on several threads.
const SIDE_BY_SIDE: usize = 8;

/// Reads a workspace: parses every text, resolves names, types and units, finds cycles, hashes meanings, lints.
///
/// `settings` is `quarterdeck.toml`; without it every setting has its default. The order of `texts` does not matter to
/// the model; paths are relative to the workspace and separated by `/`.
pub fn check(settings: Option<TextFile>, texts: Vec<TextFile>) -> Checked {
    let mut checked = Checked::default();
    let mut known = Settings::default();
    if let Some(settings) = settings {
        let id = checked.files.add(settings);
        let text = checked.files.get(id).map(TextFile::text).unwrap_or_default();
        let (read, told) = settings::parse(id, text);
        known = read;
        checked.of_settings = told.into_iter().map(Diagnostic::in_sentences).collect();
        checked.state.trees.push(None);
    }
    checked.model.settings = known;
    let ids: Vec<FileId> = texts.into_iter().map(|text| checked.files.add(text)).collect();
    let read = |id: &FileId| syntax::parse(*id, checked.files.get(*id).map(TextFile::text).unwrap_or_default());
    // Files are read side by side; they are put together in their order.
    let parsed: Vec<Parsed> =
        if ids.len() < SIDE_BY_SIDE { ids.iter().map(read).collect() } else { ids.par_iter().map(read).collect() };
    checked.state.names.reserve(parsed.iter().map(|parsed| parsed.tree.blocks.len()).sum());
    for (id, parsed) in ids.into_iter().zip(parsed) {
        checked.state.names.add(id, &parsed.tree, &checked.files);
        checked.state.trees.push(Some(Arc::new(parsed)));
    }
    let dirty = Dirty::all(&checked.state.names);
    checked.resolve(dirty, Turn::First);
    checked
}

/// The places that errors about units show: what is odd about a unit there is told by them.
fn shown_by_errors(diagnostics: &[Diagnostic]) -> BTreeSet<crate::Span> {
    let of_units = diagnostics.iter().filter(|told| told.code == crate::codes::resolve::UNIT_MISMATCH.code);
    of_units.flat_map(|told| told.labels.iter().map(|label| label.span)).collect()
}

fn subject_of(declares: &Declares) -> Subject {
    match declares {
        Declares::Name(kind, name) => kind.subject(name),
        Declares::Plan(period) => Subject::Plan(period.to_string()),
    }
}

/// What two texts of a file declare differently, by what is seen of each declaration.
fn changed(
    (old, before): (&str, &Tree),
    (new, after): (&str, &Tree),
    seen: fn(&str, &Block) -> Vec<String>,
) -> BTreeSet<Declares> {
    let said = |text: &'_ str, tree: &'_ Tree| -> Vec<(Declares, Vec<String>)> {
        let blocks = tree.blocks.iter().filter_map(|block| Some((resolve::declares(block)?, seen(text, block))));
        blocks.collect()
    };
    let (old, new) = (said(old, before), said(new, after));
    let of = |all: &[(Declares, Vec<String>)], declares: &Declares| -> Vec<Vec<String>> {
        all.iter().filter(|(known, _)| known == declares).map(|(_, outline)| outline.clone()).collect()
    };
    let every: BTreeSet<&Declares> = old.iter().chain(&new).map(|(declares, _)| declares).collect();
    every.into_iter().filter(|declares| of(&old, declares) != of(&new, declares)).cloned().collect()
}

/// What a plan can see of a declaration: of a metric's rows, only which sources and metrics they come from.
fn planned_on(text: &str, block: &Block) -> Vec<String> {
    let rows = |key: &str| block.kind.node == BlockKind::Metric && matches!(key, "measure" | "where");
    let mut seen = outlined(text, block, rows);
    seen.extend(
        block.fields().filter(|field| rows(&field.key.node)).flat_map(|field| resolve::leads(&field.value.node)),
    );
    seen
}

/// What other declarations can see of one: its text without words, field by field.
fn outline(text: &str, block: &Block) -> Vec<String> {
    outlined(text, block, |_| false)
}

fn outlined(text: &str, block: &Block, left_out: impl Fn(&str) -> bool) -> Vec<String> {
    let slice = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or_default().to_owned();
    let header = block.head.of.as_ref().map(|of| of.node.clone()).unwrap_or_default();
    let mut seen = vec![format!("{} {}", block.damaged, header)];
    let unseen = |key: &str| {
        let class = keys::find(block.kind.node, key).map(|key| key.class);
        class == Some(keys::Class::Words) || matches!(key, "owner" | "status" | "allow" | "worth")
    };
    // Who owns a metric is nothing to others, but for whether anybody does.
    seen.push(format!("{}", block.fields().any(|field| field.key.node == "owner")));
    let fields = block.fields().filter(|field| !unseen(&field.key.node) && !left_out(&field.key.node));
    seen.extend(fields.map(|field| slice(field.span.start, field.span.end)));
    seen.extend(block.blocks().map(|inner| slice(inner.span.start, inner.span.end)));
    seen
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
