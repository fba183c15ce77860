//! Diagnostics as people read them: the place, what stands there, what to do.

pub mod github;
pub mod json;
pub mod sarif;

use crate::error::Trouble;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use quarterdeck_lang::{Diagnostic, Files, Fix, Severity, Span, model::Place};
use quarterdeck_plan::proposal::State;

/// All diagnostics, one after the other, an empty line between two.
pub fn all(files: &Files, diagnostics: &[Diagnostic], width: usize) -> String {
    let texts: Vec<String> = diagnostics.iter().map(|each| diagnostic(files, each, width)).collect();
    texts.join("\n\n") + "\n"
}

/// One diagnostic, coloured; the stream takes colours out where they are not wanted.
fn diagnostic(files: &Files, diagnostic: &Diagnostic, width: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Error | Severity::Deny => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut main = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code));
    main = main.elements(snippets(files, diagnostic));
    for hint in &diagnostic.hints {
        main = main.element(Level::HELP.message(hint.as_str()));
    }
    let mut report = vec![main];
    report.extend(diagnostic.fixes.iter().filter_map(|fix| suggestion(files, fix)));
    renderer(width).render(&report)
}

/// The places of a diagnostic: one snippet per file, its own file first.
fn snippets<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Vec<Snippet<'a, Annotation<'a>>> {
    let own = diagnostic.span.map(|span| (span, AnnotationKind::Primary, diagnostic.note.as_str()));
    let labels = diagnostic.labels.iter().map(|label| (label.span, AnnotationKind::Context, label.message.as_str()));
    let places: Vec<_> = own.into_iter().chain(labels).collect();
    let mut order = Vec::new();
    for (span, ..) in &places {
        if !order.contains(&span.file) {
            order.push(span.file);
        }
    }
    let snippet = |id| {
        let file = files.get(id)?;
        let here = places.iter().filter(|(span, ..)| span.file == id);
        let annotations = here.map(|(span, kind, words)| {
            let words = Some(*words).filter(|words| !words.is_empty());
            kind.span(range(file.text(), *span)).label(words)
        });
        Some(Snippet::source(file.text()).path(file.path()).annotations(annotations))
    };
    order.into_iter().filter_map(snippet).collect()
}

/// A fix as a change of the text.
fn suggestion<'a>(files: &'a Files, fix: &'a Fix) -> Option<Group<'a>> {
    let id = fix.edits.first()?.span.file;
    let file = files.get(id)?;
    let edits = fix.edits.iter().filter(|edit| edit.span.file == id);
    let patches = edits.map(|edit| Patch::new(range(file.text(), edit.span), edit.text.as_str()));
    let snippet = Snippet::source(file.text()).path(file.path()).patches(patches);
    Some(Level::HELP.secondary_title(fix.message.as_str()).element(snippet))
}

/// One thing that is wrong, in the same form.
pub fn trouble(trouble: &Trouble, width: usize) -> String {
    let mut group = Group::with_title(Level::ERROR.primary_title(trouble.message.as_str()));
    match (&trouble.place, &trouble.text) {
        (Some(place), Some(text)) => {
            let start = text.len() - text.trim_start().len();
            let mark = AnnotationKind::Primary.span(start..text.trim_end().len().max(start));
            let line = place.line.max(1) as usize;
            let snippet = Snippet::source(text.as_str()).line_start(line).path(place.file.as_str()).annotation(mark);
            group = group.element(snippet);
        }
        (Some(place), None) => {
            group = group.element(Origin::path(place.file.as_str()).line(place.line.max(1) as usize));
        }
        _ => {}
    }
    for hint in &trouble.hints {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer(width).render(&[group])
}

/// The text of the line a place names.
pub fn line(files: &Files, place: &Place) -> Option<String> {
    let (_, file) = files.iter().find(|(_, file)| file.path() == place.file)?;
    let at = (place.line as usize).checked_sub(1)?;
    file.text().lines().nth(at).map(str::to_owned)
}

/// A number of things: `1 error`, `2 errors`.
pub fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// A target's state in a word.
pub fn state(state: State) -> &'static str {
    match state {
        State::Proposed => "proposed",
        State::Rejected => "rejected",
        State::Accepted => "accepted",
        State::Stale => "stale",
        State::Amended => "amended",
        State::Dropped => "dropped",
        State::Closed => "closed",
    }
}

/// Names in backticks, the first twelve of them.
pub fn names(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// A text as Markdown's code, whatever backticks it has.
pub fn code(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space keeps a backtick at an end apart from the fence.
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A word as a shell reads it.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if !word.contains(['"', '$', '`', '\\', '!', '%']) {
        // Double quotes mean the same to every shell, where nothing in them means more.
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn renderer(width: usize) -> Renderer {
    Renderer::styled().term_width(width)
}

/// The bytes of a span, held inside the text and on character boundaries.
fn range(text: &str, span: Span) -> std::ops::Range<usize> {
    let floor = |at: u32| {
        let at = (at as usize).min(text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}
