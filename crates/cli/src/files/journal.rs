//! What an action of several files is going to do, written down before it is done, so that it can be finished by another.

use super::{Action, Write, fault, stage};
use crate::error::Failure;
use crate::paths::{PAGES, TARGETS};
use crate::workspace::{Workspace, reason};
use serde::{Deserialize, Serialize};
use std::path::{Component, Path};

/// Where it lies, relative to the workspace.
const PLACE: &str = "targets/.qd-journal";

/// An action as it is written down. What lies in `targets` and `pages` is text, but for pictures.
#[derive(Serialize, Deserialize)]
struct Journal {
    format: u32,
    writes: Vec<Content>,
    removes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    path: String,
    text: String,
    /// What is no text: its bytes, two hexadecimal digits each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

impl Content {
    fn of(write: &Write) -> Content {
        let path = write.path.clone();
        match std::str::from_utf8(&write.content) {
            Ok(text) => Content { path, text: text.to_owned(), bytes: None },
            Err(_) => {
                let digits = write.content.iter().map(|byte| format!("{byte:02x}")).collect();
                Content { path, text: String::new(), bytes: Some(digits) }
            }
        }
    }

    /// The file to write; `None` where it does not say what is in it.
    fn write(&self) -> Option<Write> {
        let Some(digits) = &self.bytes else { return Some(Write::new(&self.path, self.text.as_str())) };
        let pairs = digits.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        Some(Write::new(&self.path, bytes.collect::<Option<Vec<u8>>>()?))
    }
}

const FORMAT: u32 = 1;

/// Writes an action down: from here on it will happen.
pub fn begin(workspace: &Workspace, action: &Action) -> Result<(), Failure> {
    let writes = action.writes.iter().map(Content::of).collect();
    let journal = Journal { format: FORMAT, writes, removes: action.removes.clone() };
    // Texts and numbers always serialise.
    let content = serde_json::to_vec(&journal).unwrap_or_default();
    let write = Write::new(PLACE, content);
    fault::point();
    super::put(stage([(workspace.path(PLACE), &write)])?)
}

/// Forgets a finished action.
pub fn end(workspace: &Workspace) -> Result<(), Failure> {
    fault::point();
    super::remove(workspace, PLACE)
}

/// Whether an action waits to be finished.
pub fn is_open(workspace: &Workspace) -> bool {
    workspace.path(PLACE).exists()
}

/// Finishes what was begun; only who holds the lock may.
pub fn finish(workspace: &Workspace) -> Result<(), Failure> {
    let Some(content) = workspace.read_if_there(PLACE)? else { return Ok(()) };
    let Some((writes, removes)) = read(&content) else {
        return Err(Failure::input(format!("`{PLACE}` does not say what qd had begun to write"))
            .hint(format!("remove `{PLACE}` and restore `{TARGETS}` and `{PAGES}` from version control")));
    };
    super::put(stage(writes.iter().map(|write| (workspace.path(&write.path), write)))?)?;
    removes.iter().try_for_each(|path| super::remove(workspace, path))?;
    end(workspace)
}

/// A journal as this tool writes it; files elsewhere than ledgers and pages are nothing it would ever name.
fn read(content: &str) -> Option<(Vec<Write>, Vec<String>)> {
    let journal: Journal = serde_json::from_str(content).ok().filter(|journal: &Journal| journal.format == FORMAT)?;
    let mut paths = journal.writes.iter().map(|text| &text.path).chain(&journal.removes);
    let all_ours = paths.all(|path| is_ours(path));
    let writes = journal.writes.iter().map(Content::write).collect::<Option<_>>()?;
    all_ours.then_some((writes, journal.removes))
}

/// Whether a path lies right below the folder of ledgers or that of pages.
fn is_ours(path: &str) -> bool {
    let parts: Vec<Component<'_>> = Path::new(path).components().collect();
    match parts.as_slice() {
        [Component::Normal(folder), Component::Normal(_)] => *folder == TARGETS || *folder == PAGES,
        _ => false,
    }
}

/// Takes away what commands that were killed had begun to write; only who holds the lock may.
pub fn sweep(workspace: &Workspace) {
    for folder in [TARGETS, PAGES] {
        let Ok(entries) = std::fs::read_dir(workspace.path(folder)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(super::MAKING.0) && name.ends_with(super::MAKING.1) {
                // What stays is harmless: nothing ever reads it.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// What stands in the way of a command that must look at the folder of ledgers.
pub fn refused(error: &std::io::Error) -> Failure {
    if matches!(error.kind(), std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory) {
        return Failure::input(format!("`{TARGETS}` is a file, and must be the folder of the ledgers"))
            .hint(format!("move the file `{TARGETS}` out of the way; the folder is made by itself"));
    }
    Failure::input(format!("`{TARGETS}` cannot be written: {}", reason(error)))
}
