//! The workspace: the nearest folder upwards that holds `quarterdeck.toml`, and the texts below it.

use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::rendering;
use crate::settings::Settings;
use quarterdeck_calendar::Period;
use quarterdeck_lang::{Checked, Diagnostic, Files, Severity, Subject, TextFile, check};
use std::path::{Path, PathBuf};

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "quarterdeck.toml";

/// A workspace's folder, and what its texts mean.
#[derive(Debug)]
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// What its texts mean and what is wrong with them.
    pub checked: Checked,
    /// How many `.qd` files it has.
    pub count: usize,
}

/// Whether events shape what a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shaped {
    /// It forecasts.
    ByEvents,
    /// It prints what was observed.
    ByNothing,
}

impl Workspace {
    /// Finds the workspace of the folder to work in, and reads it whole.
    pub fn open(settings: &Settings) -> Result<Workspace, Failure> {
        let root = find(&settings.directory)?;
        let toml = read(&root, SETTINGS)?;
        let texts = read_all(&root, &definitions(&root)?)?;
        let count = texts.len();
        Ok(Workspace { root, checked: check(Some(toml), texts), count })
    }

    /// The same workspace with one more text, which stands in no file.
    pub fn with_text(&self, text: TextFile) -> Checked {
        let mut files = self.checked.files.iter().map(|(_, file)| file.clone());
        let toml = files.next();
        check(toml, files.chain(std::iter::once(text)).collect())
    }

    /// A path inside the workspace.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Fails with the errors that stand in the way of those who need these metrics, and of a period's plan; tells on
    /// stderr how many others there are. With `shaped`, those of events count too: an event may explain the past of any
    /// metric, so a mistake in one would silently change the numbers.
    pub fn stop_at_errors(
        &self,
        metrics: impl IntoIterator<Item = String>,
        plan: Option<Period>,
        shaped: Shaped,
        output: &Output,
    ) -> Result<(), Failure> {
        let needed = self.checked.blocking(&metrics.into_iter().collect(), plan);
        let events =
            |error: &&Diagnostic| shaped == Shaped::ByEvents && matches!(error.subject, Some(Subject::Event(_)));
        let blocking: Vec<Diagnostic> =
            self.checked.errors().filter(|error| needed.contains(error) || events(error)).cloned().collect();
        if !blocking.is_empty() {
            return Err(Failure::Definitions { files: self.checked.files.clone(), diagnostics: blocking });
        }
        let others = self.checked.errors().count();
        if others > 0 {
            let many = rendering::count(others, "error");
            output.talk(&format!("note: {many} elsewhere in the definitions; `qd check` shows them"));
        }
        Ok(())
    }

    /// Fails with every error there is, for commands that need all of the definitions.
    pub fn stop_at_any_error(&self) -> Result<(), Failure> {
        let diagnostics: Vec<Diagnostic> = self.checked.errors().cloned().collect();
        if diagnostics.is_empty() {
            return Ok(());
        }
        Err(Failure::Definitions { files: self.checked.files.clone(), diagnostics })
    }

    /// Reads a file of the workspace where it exists.
    pub fn read_if_there(&self, relative: &str) -> Result<Option<String>, Failure> {
        match std::fs::read(self.path(relative)) {
            Ok(bytes) => text(relative, bytes).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(relative, &error)),
        }
    }
}

/// The worst exit code of a workspace's diagnostics.
pub fn exit(diagnostics: &[Diagnostic]) -> Exit {
    let worst = diagnostics.iter().map(|each| each.severity).min();
    match worst {
        Some(Severity::Error) => Exit::Input,
        Some(Severity::Deny) => Exit::Findings,
        Some(Severity::Warning) | None => Exit::Done,
    }
}

/// The nearest folder upwards that holds `quarterdeck.toml`.
pub fn find(start: &Path) -> Result<PathBuf, Failure> {
    let shown = start.display();
    let absolute = std::fs::canonicalize(start).map_err(|error| {
        Failure::input(format!("the folder `{shown}` cannot be opened: {}", reason(&error)))
            .hint("`-C DIR` names the folder to work in")
    })?;
    let found = absolute.ancestors().find(|folder| folder.join(SETTINGS).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let whose = if shown.to_string() == "." { "this folder".to_owned() } else { format!("`{shown}`") };
        Failure::input(format!("no workspace: neither {whose} nor any folder above it holds `{SETTINGS}`"))
            .hint("`qd init --from FILE` makes a workspace of a spreadsheet or CSV you have")
            .hint("`qd init` writes one that works at once, on made-up data")
            .hint("`-C DIR` names another folder to work in")
    })
}

/// The `.qd` files below a folder: hidden folders, `target/` and nested workspaces are skipped; in order, with `/`.
pub fn definitions(root: &Path) -> Result<Vec<String>, Failure> {
    let walk = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let mut paths = Vec::new();
    for entry in walk.filter_entry(belongs) {
        let entry = match entry {
            Ok(entry) => entry,
            // A link in a circle, or one to nowhere, holds no definitions of its own.
            Err(error) if error.loop_ancestor().is_some() || !readable(&error) => continue,
            Err(error) => {
                let path = error.path().map(|path| relative(root, path)).unwrap_or_default();
                let why = error.io_error().map_or_else(|| "it cannot be listed".to_owned(), reason);
                return Err(Failure::input(format!("the folder `{path}` cannot be read: {why}")));
            }
        };
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "qd") {
            paths.push(relative(root, entry.path()));
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a walk goes on into an entry.
fn belongs(entry: &walkdir::DirEntry) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    !name.starts_with('.') && name != "target" && !entry.path().join(SETTINGS).is_file()
}

/// Whether what a walk tripped over is there at all.
fn readable(error: &walkdir::Error) -> bool {
    error.io_error().is_none_or(|error| error.kind() != std::io::ErrorKind::NotFound)
}

/// A path below the root as it is shown: relative, with `/`.
fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// From so many texts on it pays to read them on two threads.
const SIDE_BY_SIDE: usize = 32;

/// Reads the workspace's texts; of several that cannot be read the first is told.
fn read_all(root: &Path, paths: &[String]) -> Result<Vec<TextFile>, Failure> {
    let some = |paths: &[String]| paths.iter().map(|path| read(root, path)).collect::<Result<Vec<_>, _>>();
    if paths.len() < SIDE_BY_SIDE {
        return some(paths);
    }
    let (first, second) = paths.split_at(paths.len() / 2);
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| some(second));
        // A thread that panicked has said so; what it was to read is read here.
        (some(first), second.join())
    });
    let mut texts = first?;
    texts.extend(second.unwrap_or_else(|_| some(paths.split_at(paths.len() / 2).1))?);
    Ok(texts)
}

/// Reads one of the workspace's texts.
fn read(root: &Path, path: &str) -> Result<TextFile, Failure> {
    let bytes = std::fs::read(root.join(path)).map_err(|error| unreadable(path, &error))?;
    Ok(TextFile::new(path, text(path, bytes)?))
}

/// Bytes as text; a byte order mark is no part of it.
pub fn text(path: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let place = quarterdeck_lang::model::Place { file: path.to_owned(), line: line as u32 };
        Failure::input(format!("`{path}` is not UTF-8 text: line {line} has bytes that are no characters"))
            .at(&place, &Files::default())
            .hint("save it as UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::input(format!("`{path}` cannot be read: {}", reason(error)))
}

/// Why the system refused, in the same words on every system.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::NotADirectory => "a part of its path is no folder".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        kind => kind.to_string(),
    }
}

/// Whether the folder to work in lies in a workspace.
pub fn is_there(settings: &Settings) -> bool {
    find(&settings.directory).is_ok()
}

/// The workspace's folder as seen from the current one, with a `/` at its end; empty where it is the current one or not
/// below it.
pub fn seen_from_here(root: &Path) -> String {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    let below = here.ok().filter(|here| root.starts_with(here)).map(|here| relative(&here, root));
    below.filter(|path| !path.is_empty()).map(|path| path + "/").unwrap_or_default()
}
