//! How a document is written.

mod html;
mod markdown;
mod text;

use crate::page::Document;

/// The form of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// GitHub-flavoured Markdown, charts as character strips.
    Markdown,
    /// One self-contained file with inline SVG.
    Html,
    /// Six lines of plain text, for a chat or a mail.
    Text,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 3] = [Format::Markdown, Format::Html, Format::Text];

    /// The ending of its files, which is also its name in `--format`, but for text (`txt`).
    pub fn ending(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Text => "txt",
        }
    }

    /// The document in this form.
    pub(crate) fn write(self, document: &Document) -> String {
        match self {
            Format::Markdown => markdown::write(document),
            Format::Html => html::write(document),
            Format::Text => text::write(document),
        }
    }
}
