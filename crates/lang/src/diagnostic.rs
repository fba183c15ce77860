//! Diagnostics as data: a code, a place, words and ways out. Front ends render them.

use crate::Span;
use serde::Serialize;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The text means nothing as it stands: commands that need it stop.
    Error,
    /// A denied lint: `check` exits with 1.
    Deny,
    /// Said, and nothing more.
    Warning,
}

/// What a diagnostic is about, so that a command can tell whether it stands in its way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Subject {
    /// A file that did not parse whole, by path.
    File(String),
    /// A source.
    Source(String),
    /// A segment.
    Segment(String),
    /// A metric.
    Metric(String),
    /// A market.
    Market(String),
    /// An event.
    Event(String),
    /// A plan, by its period as written.
    Plan(String),
    /// `quarterdeck.toml`.
    Settings,
}

/// One thing to say about a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Its code, as in `qd explain`.
    pub code: &'static str,
    /// Its weight.
    pub severity: Severity,
    /// What is wrong: what was found and what was expected.
    pub message: String,
    /// Where; `None` for a matter of no single place.
    pub span: Option<Span>,
    /// Words at the place itself, shown under it; may be empty.
    pub note: String,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// What to do.
    pub hints: Vec<String>,
    /// Replacements that would mend it.
    pub fixes: Vec<Fix>,
    /// What it is about.
    pub subject: Option<Subject>,
}

/// Another place of a diagnostic.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A change of the text that would mend a diagnostic.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does.
    pub message: String,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, Some(span), message)
    }

    /// A diagnostic without labels, hints and fixes.
    pub fn new(code: &'static str, severity: Severity, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        let (labels, hints, fixes) = (Vec::new(), Vec::new(), Vec::new());
        let (message, note, subject) = (message.into(), String::new(), None);
        Diagnostic { code, severity, message, span, note, labels, hints, fixes, subject }
    }

    /// With words under its own place.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.note = note.into();
        self
    }

    /// With another place.
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// With a replacement of one place.
    pub fn fix(mut self, message: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.fixes.push(Fix { message: message.into(), edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// With hints as sentences: a capital first, a full stop after words; fixes with a capital.
    pub(crate) fn in_sentences(mut self) -> Diagnostic {
        for hint in &mut self.hints {
            *hint = capitalised(hint);
            if hint.ends_with(|last: char| last.is_alphanumeric() || last == ')') {
                hint.push('.');
            }
        }
        for fix in &mut self.fixes {
            fix.message = capitalised(&fix.message);
        }
        self
    }

    /// With what it is about.
    pub fn about(mut self, subject: Subject) -> Diagnostic {
        self.subject = Some(subject);
        self
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
