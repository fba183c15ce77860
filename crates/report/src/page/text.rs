//! Running text: plain words, strong ones, code and links.

/// A piece of running text.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// Words that matter most.
    Strong(String),
    /// A hash, a command, an address.
    Code(String),
    /// A link within the plan's own pages.
    Link {
        /// What it says.
        text: String,
        /// An anchor or a file beside this one.
        to: String,
    },
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text(pub Vec<Span>);

impl Span {
    /// What it says, without its form.
    pub fn words(&self) -> &str {
        match self {
            Span::Plain(text) | Span::Strong(text) | Span::Code(text) | Span::Link { text, .. } => text,
        }
    }
}

impl Span {
    /// The pieces of a code span between which a line may end: after `@` and `/`.
    pub(crate) fn pieces(words: &str) -> Vec<&str> {
        words.split_inclusive(['@', '/']).collect()
    }
}

impl Text {
    /// Nothing yet.
    pub fn new() -> Text {
        Text::default()
    }

    /// And then words.
    pub fn plain(mut self, words: impl Into<String>) -> Text {
        self.0.push(Span::Plain(words.into()));
        self
    }

    /// And then words that matter most.
    pub fn strong(mut self, words: impl Into<String>) -> Text {
        self.0.push(Span::Strong(words.into()));
        self
    }

    /// And then a hash, a command or an address.
    pub fn code(mut self, words: impl Into<String>) -> Text {
        self.0.push(Span::Code(words.into()));
        self
    }

    /// And then a link; plain words where there is nowhere to go.
    pub fn link(mut self, words: impl Into<String>, to: Option<String>) -> Text {
        let text = words.into();
        self.0.push(match to {
            Some(to) => Span::Link { text, to },
            None => Span::Plain(text),
        });
        self
    }

    /// And then all of another text.
    pub fn then(mut self, other: Text) -> Text {
        self.0.extend(other.0);
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|span| span.words().is_empty())
    }

    /// What it says, without any form.
    pub fn flat(&self) -> String {
        self.0.iter().map(Span::words).collect()
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Text {
        Text::new().plain(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Text {
        Text::new().plain(words)
    }
}
