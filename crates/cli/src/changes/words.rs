//! A changed declaration in words, for a terminal, a pull request and a document.

use super::{About, Change, Edit, Kind};
use unicode_width::UnicodeWidthStr;

/// The most letters of a field's text that are shown.
const LONGEST: usize = 300;

/// How a form marks its words.
pub struct Form {
    /// The title of a part.
    pub heading: fn(&str) -> String,
    /// What stands before a declaration.
    pub item: &'static str,
    /// What stands before what belongs to it.
    pub inner: &'static str,
    /// The name of a declaration.
    pub name: fn(&str) -> String,
    /// A text of a definition.
    pub code: fn(&str) -> String,
    /// How many columns a line may take; without a limit before and after stand on one line.
    pub width: Option<usize>,
}

/// How a declaration changed, what that is about and in which fields: `governance (owner, guard); same numbers`.
pub fn summary(change: &Change, form: &Form) -> String {
    let groups = change.about.iter().map(|about| {
        let fields: Vec<&str> =
            change.edits.iter().filter(|edit| edit.about == *about).map(|edit| edit.field.as_str()).collect();
        let word = match (about, change.change) {
            (About::Meaning, Kind::Break) => "another meaning from a declared day on",
            (About::Meaning, _) => "another meaning",
            (about, _) => about.word(),
        };
        format!("{word} ({})", fields.join(", "))
    });
    let mut groups: Vec<String> = groups.collect();
    let is_numeric = change.kind.is_none_or(|kind| kind == "segment");
    match (change.change, &change.was) {
        (Kind::Added, _) => return "added".to_owned(),
        (Kind::Removed, _) => return "removed".to_owned(),
        (Kind::Renamed, Some(was)) => groups.insert(0, format!("renamed from {}", (form.name)(was))),
        (Kind::Meaning, _) if groups.is_empty() => groups.push("another meaning: it had errors before".to_owned()),
        _ => {}
    }
    let same = is_numeric && !change.edits.is_empty() && !change.is_about(About::Meaning);
    format!("{}{}", groups.join(", "), if same { "; same numbers" } else { "" })
}

/// What a field said and says, on one line where that fits.
pub fn said(edit: &Edit, form: &Form) -> String {
    let field = &edit.field;
    let text = |text: &Option<String>| text.as_ref().map(|text| (form.code)(&shortened(text)));
    match (text(&edit.before), text(&edit.after)) {
        (Some(before), Some(after)) => {
            let line = format!("{field}: {before} → {after}");
            match form.width {
                Some(width) if form.inner.len() + line.width() > width => {
                    format!("{field}:\n{0}  - {before}\n{0}  + {after}", form.inner)
                }
                _ => line,
            }
        }
        (None, Some(after)) => format!("{field}: new, {after}"),
        (Some(before), None) => format!("{field}: gone, it was {before}"),
        (None, None) => field.clone(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    }
}
