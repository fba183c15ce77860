//! The one canonical layout.
//!
//! Fields stand in the order of the table of keys, blocks after them in the order they were written. A small block
//! without comments stands on one line where it fits; a value that does not fit goes on in lines that start with the word
//! or operator that joins them. Every comment stays with what it stood before or beside; one inside a value moves above
//! its field. Formatting twice changes nothing more, and what the text means never changes.

mod items;
mod pieces;

use super::parse;
use crate::{Diagnostic, FileId};
use items::{Body, Item, Layout};

/// The widest line that is written where there is a choice.
const WIDTH: usize = 100;

/// The canonical layout of a text.
///
/// # Errors
/// The diagnostics of a text that cannot be read whole: what is not understood is not moved about.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let file = FileId(0);
    let parsed = parse(file, text);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    let lexed = super::lexer::lex(file, text);
    let (items, last_comments) = Layout::new(text, &lexed).file(&parsed.tree);
    let mut printer = Printer { out: String::with_capacity(text.len()) };
    printer.items(&items, 0);
    printer.comments(&last_comments, 0);
    Ok(printer.out)
}

/// Writes items.
struct Printer {
    out: String,
}

impl Printer {
    fn items(&mut self, items: &[Item], indent: usize) {
        for (at, item) in items.iter().enumerate() {
            let apart = indent == 0 && at > 0 && (is_tall(item) || items.get(at - 1).is_some_and(is_tall));
            let first_blank = item.leading.first().map_or(item.blank_before, |comment| comment.blank_before);
            if at > 0 && (apart || first_blank) {
                self.blank_line();
            }
            self.comments(&item.leading, indent);
            if item.blank_before && !item.leading.is_empty() {
                self.blank_line();
            }
            self.item(item, indent);
        }
    }

    /// Comments on lines of their own; the blank before the first one is the item's.
    fn comments(&mut self, comments: &[items::Comment], indent: usize) {
        for (at, comment) in comments.iter().enumerate() {
            if comment.blank_before && (at > 0 || !self.out.is_empty()) {
                self.blank_line();
            }
            self.line(indent, &comment.text, None);
        }
    }

    fn blank_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") && !self.out.ends_with("{\n") {
            self.out.push('\n');
        }
    }

    fn line(&mut self, indent: usize, text: &str, trailing: Option<&str>) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(text);
        if let Some(comment) = trailing {
            self.out.push_str("  ");
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    fn item(&mut self, item: &Item, indent: usize) {
        let trailing = item.trailing.as_deref();
        if let Some(line) = one_line(item, indent) {
            return self.line(indent, &line, trailing);
        }
        match &item.body {
            Body::Line(pieces) => {
                let lines = pieces.wrapped(WIDTH.saturating_sub(indent));
                let last = lines.len().saturating_sub(1);
                for (at, line) in lines.iter().enumerate() {
                    let indent = if at == 0 { indent } else { indent + pieces::CONTINUED };
                    self.line(indent, line, trailing.filter(|_| at == last));
                }
            }
            Body::Block { header, after_brace, items, last_comments, .. } => {
                self.line(indent, &format!("{} {{", header.flat()), after_brace.as_deref());
                self.items(items, indent + 2);
                self.comments(last_comments, indent + 2);
                self.line(indent, "}", trailing);
            }
        }
    }
}

/// Whether an item takes several lines.
fn is_tall(item: &Item) -> bool {
    one_line(item, 0).is_none()
}

/// The item on one line, where it may stand on one and fits.
fn one_line(item: &Item, indent: usize) -> Option<String> {
    let line = match &item.body {
        Body::Line(pieces) => pieces.flat(),
        Body::Block { header, after_brace, items, last_comments, most_on_one_line } => {
            let plain = |item: &Item| item.leading.is_empty() && item.trailing.is_none();
            let fits = after_brace.is_none() && last_comments.is_empty() && items.len() <= *most_on_one_line;
            if !fits || !items.iter().all(plain) {
                return None;
            }
            if items.is_empty() {
                return Some(format!("{} {{}}", header.flat()));
            }
            let mut fields = Vec::new();
            for item in items {
                match &item.body {
                    Body::Line(pieces) => fields.push(pieces.flat()),
                    Body::Block { .. } => return None,
                }
            }
            format!("{} {{ {} }}", header.flat(), fields.join("  "))
        }
    };
    (line.chars().count() + indent <= WIDTH).then_some(line)
}
