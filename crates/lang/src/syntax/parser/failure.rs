//! Why a value could not be read: the nom error of this parser, cheap to make and to throw away.

use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::{Diagnostic, Span};
use nom::error::{ErrorKind, ParseError};

/// One thing that could have stood at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A word, shown in backticks.
    Word(&'static str),
    /// A symbol or a kind of token.
    Kind(Kind),
    /// Anything with a name: `a duration such as 4 weeks`.
    Thing(&'static str),
}

/// How many expectations are listed at most.
const LISTED: usize = 6;

/// What was expected where. The failure furthest into the value is the one told.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Tokens left: the fewer, the further.
    left: u32,
    /// Where.
    pub span: Span,
    expected: Option<Expected>,
    /// What else could have stood there; most failures are thrown away before they have any.
    #[expect(clippy::box_collection, reason = "keeps the error of every parser small")]
    more: Option<Box<Vec<Expected>>>,
    /// A diagnostic better than the list of expectations.
    pub special: Option<Box<Diagnostic>>,
}

impl Failure {
    /// Something was expected at the start of these tokens.
    pub fn expected(at: Tokens<'_>, expected: Expected) -> Failure {
        Failure { expected: Some(expected), ..Failure::bare(at) }
    }

    /// A mistake with a diagnostic of its own.
    pub fn special(at: Tokens<'_>, diagnostic: Diagnostic) -> Failure {
        Failure { special: Some(Box::new(diagnostic)), ..Failure::bare(at) }
    }

    /// Nothing but the place is known.
    fn bare(at: Tokens<'_>) -> Failure {
        Failure { left: at.len() as u32, span: at.here(), expected: None, more: None, special: None }
    }

    fn all(&self) -> impl Iterator<Item = Expected> {
        self.expected.into_iter().chain(self.more.iter().flat_map(|more| more.iter().copied()))
    }

    /// The words that were expected, for finding the nearest.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.all().filter_map(|expected| match expected {
            Expected::Word(word) => Some(word),
            _ => None,
        })
    }

    /// The expectations as a list: ``a number, `last` or `whole` ``; empty where none is known.
    pub fn list(&self) -> String {
        let name = |expected| match expected {
            Expected::Word(word) => format!("`{word}`"),
            Expected::Kind(kind) => kind.shown().to_owned(),
            Expected::Thing(thing) => thing.to_owned(),
        };
        let names: Vec<String> = self.all().map(name).collect();
        match names.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }

    fn add(&mut self, other: Expected) {
        if self.all().any(|known| known == other) || self.all().count() >= LISTED {
            return;
        }
        match self.expected {
            None => self.expected = Some(other),
            Some(_) => self.more.get_or_insert_default().push(other),
        }
    }
}

impl<'a> ParseError<Tokens<'a>> for Failure {
    fn from_error_kind(input: Tokens<'a>, _: ErrorKind) -> Failure {
        Failure::bare(input)
    }

    fn append(_: Tokens<'a>, _: ErrorKind, other: Failure) -> Failure {
        other
    }

    fn or(mut self, other: Failure) -> Failure {
        if other.left < self.left || (other.special.is_some() && other.left == self.left) {
            return other;
        }
        if other.left == self.left && self.special.is_none() {
            for expected in other.all() {
                self.add(expected);
            }
        }
        self
    }
}

/// A diagnostic for a failure inside a value; `takes` says what the key takes, with an example.
pub fn diagnose(failure: Failure, value: Tokens<'_>, what: &str, takes: &str) -> Diagnostic {
    if let Some(special) = failure.special {
        return *special;
    }
    let list = failure.list();
    let list = if list.is_empty() { "something else".to_owned() } else { list };
    let found = value_token(value, failure.span);
    let message = match &found {
        Some(found) => format!("expected {list}, found {found}"),
        None => format!("{what} ends too early: expected {list}"),
    };
    let mut diagnostic = Diagnostic::error(codes::VALUE, failure.span, message);
    let nearest = found.as_deref().and_then(|found| crate::suggest::nearest(found.trim_matches('`'), failure.words()));
    if let Some(nearest) = nearest {
        diagnostic = diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(
            format!("Write {nearest}"),
            failure.span,
            nearest,
        );
    }
    if takes.is_empty() { diagnostic } else { diagnostic.hint(takes) }
}

/// How the token at a place is shown; `None` at the end of the value.
fn value_token(value: Tokens<'_>, span: Span) -> Option<String> {
    use nom::Input;
    let token = value.iter_elements().find(|token| token.start == span.start && token.end > token.start)?;
    Some(token.shown(value.text))
}
