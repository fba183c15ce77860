//! What resolving carries from declaration to declaration.

use super::circle::Edges;
use super::metric::Head;
use super::names::{Kind, Names, Unknown};
use crate::codes::Code;
use crate::model::{Place, Settings, Source};
use crate::{Diagnostic, Files, Span, Subject};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which declarations a declaration needs; looked up and never listed, so its order does not matter.
pub(crate) type Depends = HashMap<Subject, BTreeSet<Subject>>;

/// Where things are written, by path: `metric/weekly_orders/unit`. Looked up and never listed: there are ten for every
/// metric, and paths are long and much alike, which an ordered map pays for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sites {
    spans: HashMap<String, Span>,
}

impl Sites {
    /// Remembers the first place of a path.
    pub(crate) fn add(&mut self, path: String, span: Span) {
        self.spans.entry(path).or_insert(span);
    }

    /// The place of a path, or of the nearest thing around it.
    pub(crate) fn find(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return Some(*span);
            }
            path = path.rsplit_once('/')?.0;
        }
    }

    /// The place of exactly this path.
    pub(crate) fn exact(&self, path: &str) -> Option<Span> {
        self.spans.get(path).copied()
    }
}

/// The state of resolving one workspace.
pub(super) struct Context<'a> {
    /// The texts, for quoting.
    pub files: &'a Files,
    /// The workspace's settings.
    pub settings: &'a Settings,
    /// What is declared.
    pub names: Names<'a>,
    /// What is known of each metric before its body is resolved.
    pub heads: BTreeMap<&'a str, Head>,
    /// What metrics are made of.
    pub edges: Edges,
    /// Sources that could be resolved.
    pub sources: BTreeMap<String, Source>,
    /// The declaration being resolved.
    pub subject: Option<Subject>,
    /// Names that are used and not declared.
    pub unknown: BTreeMap<(Kind, String), Unknown>,
    /// Sources whose rows are counted by period and that do not say when they happened, with the places of use.
    pub timeless: BTreeMap<String, Vec<Span>>,
    /// What was found wrong.
    pub out: Vec<Diagnostic>,
    /// Where things are.
    pub sites: Sites,
    /// What needs what.
    pub depends: Depends,
}

impl<'a> Context<'a> {
    /// Adds a diagnostic, about the declaration being resolved unless it says otherwise.
    pub fn report(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.subject.is_none() {
            diagnostic.subject = self.subject.clone();
        }
        self.out.push(diagnostic);
    }

    /// Notes that the declaration being resolved needs another.
    pub fn need(&mut self, other: Subject) {
        let Some(subject) = &self.subject else { return };
        match self.depends.get_mut(subject) {
            Some(needs) => {
                needs.insert(other);
            }
            None => {
                self.depends.insert(subject.clone(), BTreeSet::from([other]));
            }
        }
    }

    /// The text a span covers.
    pub fn slice(&self, span: Span) -> &'a str {
        self.files.slice(span)
    }

    /// The text a span covers with its white space and comments made one space, for messages and data that quote it.
    pub fn quote(&self, span: Span) -> String {
        let text = self.slice(span);
        let lines = text.lines().map(without_comment);
        lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// The file and line of a place.
    pub fn place(&self, span: Span) -> Place {
        match self.files.get(span.file) {
            Some(file) => Place { file: file.path().to_owned(), line: file.position(span.start).line },
            None => Place::default(),
        }
    }
}

/// A line up to its comment; a `#` inside a text is not one.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}

/// An error of the registry at a place.
pub(super) fn error(code: &Code, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code.code, span, message)
}
