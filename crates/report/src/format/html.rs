//! One self-contained HTML file: the style sheet and the charts are inside it, nothing is loaded, there is no script.
//!
//! The templates escape whatever a person wrote; only the style sheet and our own SVG, whose text is escaped where it is
//! written, go in as they are.

use crate::page::{Block, Document, Span};
use askama::Template;

/// The style sheet of every page.
const STYLE: &str = include_str!("../../templates/page.css");

#[derive(Template)]
#[template(path = "document.html")]
struct Page<'a> {
    document: &'a Document,
    style: &'static str,
}

/// The document in HTML.
pub(super) fn write(document: &Document) -> String {
    // Writing into a string cannot fail, and the templates call nothing that does.
    let page = Page { document, style: STYLE }.render().unwrap_or_default();
    // A number and its sign never part at the end of a line, nor a cut text and its dots.
    let page = page.replace(" %", "\u{a0}%").replace(" pp", "\u{a0}pp").replace(" …", "\u{a0}…");
    page.replace('−', "−\u{2060}")
}
