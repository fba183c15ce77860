//! What resolving one declaration takes with it, and what it leaves behind.

use super::metric::Head;
use super::names::{Kind, Use};
use super::world::{Declared, World};
use crate::codes::Code;
use crate::model::{Place, Unit};
use crate::syntax::tree::Block;
use crate::{Diagnostic, Span, Subject};
use quarterdeck_calendar::Period;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;

/// The place of everything in a plan by its path, `plan/2027-Q1/target/weekly_orders/set`. Looked up and never listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sites {
    spans: HashMap<String, Span>,
}

impl Sites {
    /// Remembers the first place of a path.
    pub fn add(&mut self, path: String, span: Span) {
        self.spans.entry(path).or_insert(span);
    }

    /// The place of exactly this path.
    pub fn get(&self, path: &str) -> Option<Span> {
        self.spans.get(path).copied()
    }
}

/// Something a declaration looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// What it looked at, whether that is there or not.
    pub subject: Subject,
    /// Whether the declaration means nothing without it.
    pub needed: bool,
}

/// What resolving a declaration leaves behind beside its meaning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// What was found wrong in it.
    pub out: Vec<Diagnostic>,
    /// Names it uses that are not declared.
    pub unknown: Vec<Use>,
    /// Sources whose rows it counts by period and that do not say when they happened, with the places of use.
    pub timeless: Vec<(String, Span)>,
    /// What it looked at, each once.
    pub reads: Vec<Read>,
    /// Where its parts are, for plans; those of other declarations are found in their trees.
    pub sites: Sites,
}

impl Notes {
    /// Whether nothing is to be said of the declaration.
    pub fn is_silent(&self) -> bool {
        self.out.is_empty() && self.unknown.is_empty() && self.timeless.is_empty()
    }

    /// These, with those of another declaration of the same name.
    pub fn join(&mut self, other: Notes) {
        self.out.extend(other.out);
        self.unknown.extend(other.unknown);
        self.timeless.extend(other.timeless);
        self.sites.spans.extend(other.sites.spans);
        for read in other.reads {
            match self.reads.iter_mut().find(|known| known.subject == read.subject) {
                Some(known) => known.needed |= read.needed,
                None => self.reads.push(read),
            }
        }
    }
}

/// The state of resolving one declaration.
pub(super) struct Context<'a> {
    world: World<'a>,
    /// The declaration being resolved.
    pub subject: Subject,
    /// What was found wrong.
    pub out: Vec<Diagnostic>,
    /// Names that are used and not declared.
    pub unknown: Vec<Use>,
    /// Sources without a time that are counted by period.
    pub timeless: Vec<(String, Span)>,
    /// Where things are.
    pub sites: Sites,
    /// What was looked at; looking changes nothing else, so that it needs no more than a shared borrow.
    reads: RefCell<Reads>,
}

/// What a declaration looked at, each once.
#[derive(Default)]
struct Reads {
    list: Vec<Read>,
    /// Where in the list each is, once that is too long to be searched.
    index: HashMap<Subject, usize>,
}

/// From so many on, what was looked at is indexed.
const MANY: usize = 32;

impl Reads {
    /// Remembers that something was looked at; `is` says whether a subject is it.
    fn note(&mut self, is: impl Fn(&Subject) -> bool, make: impl Fn() -> Subject, needed: bool) {
        let known = if self.list.len() < MANY {
            self.list.iter().position(|read| is(&read.subject))
        } else {
            if self.index.is_empty() {
                self.index = self.list.iter().enumerate().map(|(at, read)| (read.subject.clone(), at)).collect();
            }
            self.index.get(&make()).copied()
        };
        if let Some(read) = known.and_then(|at| self.list.get_mut(at)) {
            read.needed |= needed;
            return;
        }
        let subject = make();
        if !self.index.is_empty() {
            self.index.insert(subject.clone(), self.list.len());
        }
        self.list.push(Read { subject, needed });
    }
}

impl<'a> Deref for Context<'a> {
    type Target = World<'a>;

    fn deref(&self) -> &World<'a> {
        &self.world
    }
}

impl<'a> Context<'a> {
    /// Before anything of a declaration is resolved.
    pub fn new(world: World<'a>, subject: Subject) -> Context<'a> {
        let (out, unknown, timeless) = (Vec::new(), Vec::new(), Vec::new());
        Context { world, subject, out, unknown, timeless, sites: Sites::default(), reads: RefCell::default() }
    }

    /// What is left when all of it is.
    pub fn notes(self) -> Notes {
        let Context { out, unknown, timeless, sites, reads, .. } = self;
        Notes { out, unknown, timeless, sites, reads: reads.into_inner().list }
    }

    /// Adds a diagnostic, about the declaration being resolved unless it says otherwise.
    pub fn report(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.subject.is_none() {
            diagnostic.subject = Some(self.subject.clone());
        }
        self.out.push(diagnostic);
    }

    /// Notes that the declaration being resolved needs another.
    pub fn need(&self, other: Subject) {
        self.reads.borrow_mut().note(|known| *known == other, || other.clone(), true);
    }

    /// Notes that the declaration being resolved needs a name.
    pub fn need_name(&self, kind: Kind, name: &str) {
        self.look(kind, name, true);
    }

    fn look(&self, kind: Kind, name: &str, needed: bool) {
        self.reads.borrow_mut().note(|known| kind.is(known, name), || kind.subject(name), needed);
    }

    /// Looks up the declaration of a name.
    pub fn get(&self, kind: Kind, name: &str) -> Option<Declared<'a>> {
        self.look(kind, name, false);
        self.world.declared(kind, name)
    }

    /// Looks up the plan blocks of a period.
    pub fn plan_blocks(&self, period: Period) -> Option<Vec<&'a Block>> {
        let plan = Subject::Plan(period.to_string());
        self.reads.borrow_mut().note(|known| *known == plan, || plan.clone(), false);
        let places = self.world.names.plans.get(&period)?;
        Some(places.iter().filter_map(|at| self.world.block(*at)).collect())
    }

    /// Looks up what is known of a metric before its body is.
    pub fn head(&self, metric: &str) -> Option<&'a Head> {
        self.look(Kind::Metric, metric, false);
        self.world.head_of(metric)
    }

    /// The unit of a metric, where that could be read.
    pub fn unit_of(&self, metric: &str) -> Option<Unit> {
        self.head(metric)?.unit.clone()
    }

    /// Where a metric's unit is declared.
    pub fn unit_site(&self, metric: &str) -> Option<Span> {
        self.head(metric)?.unit_site
    }

    /// The text a span covers.
    pub fn slice(&self, span: Span) -> &'a str {
        self.world.files.slice(span)
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
            Some(file) => Place { file: file.path().to_owned(), line: file.line(span.start) },
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
