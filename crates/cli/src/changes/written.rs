//! Declarations as they are written: the text of every field, by block.

use quarterdeck_lang::syntax::parse;
use quarterdeck_lang::syntax::tree::{Block, BlockKind, Head};
use quarterdeck_lang::{Checked, FileId, TextFile};
use std::collections::BTreeMap;

/// The declarations of a workspace as written, by kind and name; a plan's blocks are one, as its meaning is.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    blocks: BTreeMap<(BlockKind, String), Said>,
}

/// What a block says, layout, comments and order apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The quoted text of its header.
    pub label: Option<String>,
    /// What stands after its header's colon.
    pub value: Option<String>,
    /// The values of each key, in order of text.
    pub fields: BTreeMap<String, Vec<String>>,
    /// The blocks in it, by kind and what they are known by.
    pub blocks: BTreeMap<(BlockKind, String), Said>,
}

impl Written {
    /// Everything the texts of a workspace say.
    pub fn of(checked: &Checked) -> Written {
        let mut written = Written::default();
        for (id, file) in checked.files.iter().filter(|(_, file)| file.path().ends_with(".qd")) {
            written.add(id, file);
        }
        written
    }

    fn add(&mut self, id: FileId, file: &TextFile) {
        for block in &parse(id, file.text()).tree.blocks {
            let name = known_by(&block.head, None, file.text());
            self.blocks.entry((block.kind.node, name)).or_default().add(block, file.text());
        }
    }

    /// What a declaration says; `None` where there is none of that name.
    pub fn get(&self, kind: BlockKind, name: &str) -> Option<&Said> {
        self.blocks.get(&(kind, name.to_owned()))
    }
}

impl Said {
    fn add(&mut self, block: &Block, text: &str) {
        let slice = |start: u32, end: u32| one_line(text.get(start as usize..end as usize).unwrap_or_default());
        if self.label.is_none() {
            self.label = block.label.as_ref().map(|label| label.node.clone());
        }
        self.value = block.value.as_ref().map(|value| slice(value.span.start, value.span.end));
        // What a header says besides a name is part of what the declaration means.
        let header = [
            ("of", block.head.of.as_ref().map(|of| of.node.clone())),
            ("continues", block.head.continues.as_ref().map(|period| period.node.to_string())),
        ];
        for (key, value) in header {
            self.fields.extend(value.map(|value| (key.to_owned(), vec![value])));
        }
        for field in block.fields() {
            let value = slice(field.value.span.start, field.value.span.end);
            let values = self.fields.entry(field.key.node.clone()).or_default();
            values.push(value);
            values.sort();
        }
        for inner in block.blocks() {
            let label = inner.label.as_ref().map(|label| label.node.as_str());
            let name = known_by(&inner.head, label, text);
            self.blocks.entry((inner.kind.node, name)).or_default().add(inner, text);
        }
    }

    /// All of it on one line: `value: 96%, date: 2026-06`.
    pub fn flat(&self) -> String {
        let label = self.label.iter().map(|label| format!("\"{label}\""));
        let fields = self.fields.iter().map(|(key, values)| format!("{key}: {}", values.join(", ")));
        let parts: Vec<String> = label.chain(self.value.clone()).chain(fields).collect();
        parts.join(", ")
    }
}

/// What a block is known by among others of its kind: its name, period or day, the part it is for, or else its text.
fn known_by(head: &Head, label: Option<&str>, text: &str) -> String {
    let named = head
        .name
        .as_ref()
        .map(|name| name.node.clone())
        .or_else(|| head.period.as_ref().map(|period| period.node.to_string()))
        .or_else(|| head.date.as_ref().map(|date| date.node.to_string()))
        .unwrap_or_else(|| label.unwrap_or_default().to_owned());
    match &head.filter {
        Some(filter) => {
            let span = filter.span;
            format!("{named} for {}", one_line(text.get(span.start as usize..span.end as usize).unwrap_or_default()))
        }
        None => named,
    }
}

/// A text on one line, runs of spaces and line ends made one space, comments left out.
pub fn one_line(text: &str) -> String {
    let lines = text.lines().map(without_comment);
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// A line up to its comment; a `#` inside quotes opens none.
fn without_comment(line: &str) -> &str {
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in line.char_indices() {
        match letter {
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    line
}
