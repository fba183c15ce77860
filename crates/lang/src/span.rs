//! Places in texts: files, byte spans, lines and columns.

use serde::{Deserialize, Serialize};

/// The number of a file in a [`Files`] list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// A range of bytes in a file; `end` is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// In which file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that holds both; the other's file is taken to be the same.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Something and where it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A thing with its place.
    pub fn new(node: T, span: Span) -> Spanned<T> {
        Spanned { node, span }
    }

    /// The same place with the thing changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { node: change(self.node), span: self.span }
    }
}

/// A line and a column, both from 1; the column counts Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// One text with the path it is shown under, relative to the workspace, with `/` between its parts.
#[derive(Clone, Debug)]
pub struct TextFile {
    path: String,
    text: String,
    /// Byte offset of each line's first byte.
    lines: Vec<u32>,
}

impl TextFile {
    /// A text under a path.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> TextFile {
        let text = text.into();
        // A line has about thirty bytes; growing the list step by step would copy it over and over.
        let mut lines = Vec::with_capacity(text.len() / 30 + 1);
        lines.push(0);
        lines.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        TextFile { path: path.into(), text, lines }
    }

    /// The path it is shown under.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line of a byte, from 1; past the end, the last.
    pub fn line(&self, byte: u32) -> u32 {
        self.lines.partition_point(|start| *start <= byte).max(1) as u32
    }

    /// Line and column of a byte; past the end, of the end.
    pub fn position(&self, byte: u32) -> Position {
        let line = self.line(byte) as usize;
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (byte as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count());
        Position { line: line as u32, column: column as u32 + 1 }
    }
}

/// The texts of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<TextFile>,
}

impl Files {
    /// Adds a text and gives it its number.
    pub fn add(&mut self, file: TextFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// The text of a number; `None` for a number of another list.
    pub fn get(&self, id: FileId) -> Option<&TextFile> {
        self.files.get(id.0 as usize)
    }

    /// Puts another text in the place of one, which comes back; `None` for a number of another list.
    pub(crate) fn replace(&mut self, id: FileId, text: TextFile) -> Option<TextFile> {
        Some(std::mem::replace(self.files.get_mut(id.0 as usize)?, text))
    }

    /// All texts with their numbers, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &TextFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text a span covers; empty where it covers none.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }
}
