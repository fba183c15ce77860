//! What differs in meaning between two states of a workspace: declarations, field by field, and what follows them.
//!
//! A field has changed where its text and its meaning both have: layout, comments, order, another way to write the same
//! number and the new name of a renamed metric are no change, and neither is what a declaration only follows. Each changed
//! field says what it is about, as the language's table of keys has it.

mod compare;
mod edits;
mod follow;
mod settings;
pub mod words;
mod written;

pub use compare::between;
pub use written::one_line;

use quarterdeck_lang::keys::Class;
use schemars::JsonSchema;
use serde::Serialize;

/// Declarations that differ.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Metrics, in order of name.
    pub metrics: Vec<Change>,
    /// Sources, in order of name.
    pub sources: Vec<Change>,
    /// Segments, markets, events, plans and settings; `kind` says which.
    pub others: Vec<Change>,
}

/// A declaration that changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// Segment, market, event, plan or settings; none for metrics and sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// How it changed.
    pub change: Kind,
    /// The name it had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What the changed fields are about, each once, the weightiest first.
    pub about: Vec<About>,
    /// Which of its fields differ.
    pub fields: Vec<String>,
    /// The same fields with what they said and say.
    pub edits: Vec<Edit>,
    /// The metrics whose numbers follow.
    pub downstream: Vec<String>,
    /// The planned targets of it and of what follows: `2025-Q1 orders`.
    pub targets: Vec<String>,
}

/// How a declaration changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It has another name.
    Renamed,
    /// It says something else: what its numbers are, its place in the tree, who answers for it and what guards it, or what is
    /// planned; `about` says which.
    Meaning,
    /// Its numbers mean something else from a declared day on.
    Break,
    /// Only words for readers differ.
    Docs,
}

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// What the number is.
    Meaning,
    /// How it hangs together with others.
    Tree,
    /// Who answers for it, what guards it, how far it is to be relied on.
    Governance,
    /// What is planned.
    Plan,
    /// Words for readers.
    Words,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Edit {
    /// Its key; inside a block the block first: `initiative leeds_depot ships`.
    pub field: String,
    /// What it is about.
    pub about: About,
    /// What it said, as written; none where it is new.
    pub before: Option<String>,
    /// What it says, as written; none where it is gone.
    pub after: Option<String>,
}

impl About {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            About::Meaning => "meaning",
            About::Tree => "tree",
            About::Governance => "governance",
            About::Plan => "plan",
            About::Words => "words",
        }
    }
}

impl From<Class> for About {
    fn from(class: Class) -> About {
        match class {
            Class::Meaning => About::Meaning,
            Class::Tree => About::Tree,
            Class::Governance => About::Governance,
            Class::Planning => About::Plan,
            Class::Words => About::Words,
        }
    }
}

impl Change {
    /// A declaration that came, went or is looked at.
    fn new(kind: Option<&'static str>, name: &str, change: Kind) -> Change {
        Change {
            kind,
            name: name.to_owned(),
            change,
            was: None,
            about: Vec::new(),
            fields: Vec::new(),
            edits: Vec::new(),
            downstream: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// With the fields that differ.
    fn with(mut self, edits: Vec<Edit>) -> Change {
        self.about = edits.iter().map(|edit| edit.about).collect();
        self.about.sort();
        self.about.dedup();
        self.fields = edits.iter().map(|edit| edit.field.clone()).collect();
        self.edits = edits;
        self
    }

    /// Whether a changed field is about this.
    pub fn is_about(&self, about: About) -> bool {
        self.about.contains(&about)
    }
}
