//! Files written whole or not at all, by one command at a time.
//!
//! A command that changes ledgers or pages takes the [`Lock`], reads what is there, and commits all it changes in one
//! [`Action`]. Killed at any moment it leaves everything as it was, or everything as it meant it: what was decided and not yet
//! finished stands in the [`journal`], and whoever comes next finishes it.
//!
//! ```text
//! Lock::take ─▶ read ─▶ all contents beside their places ─▶ journal ─▶ each to its own place ─▶ removals ─▶ no journal
//!                                                            └ from here on the action will happen
//! ```

mod fault;
mod journal;
mod lock;

pub use lock::{Lock, settle};

use crate::error::Failure;
use crate::workspace::{Workspace, reason};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file to write.
#[derive(Clone, Debug)]
pub struct Write {
    /// Its path relative to the workspace, with `/`.
    pub path: String,
    /// All of its content.
    pub content: Vec<u8>,
    /// The file whose copy it is, in place of a content.
    pub from: Option<PathBuf>,
}

impl Write {
    /// A file with its content.
    pub fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Write {
        Write { path: path.into(), content: content.into(), from: None }
    }

    /// A copy of a file, however large.
    pub fn copy(path: impl Into<String>, from: impl Into<PathBuf>) -> Write {
        Write { path: path.into(), content: Vec::new(), from: Some(from.into()) }
    }
}

/// What a command changes: all of it happens, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Action {
    /// Files to write.
    pub writes: Vec<Write>,
    /// Paths to take away, relative to the workspace; those that are not there are no error.
    pub removes: Vec<String>,
}

impl Action {
    /// Only writes.
    pub fn writing(writes: Vec<Write>) -> Action {
        Action { writes, removes: Vec::new() }
    }
}

impl Lock {
    /// Does all of an action, or nothing.
    ///
    /// # Errors
    /// A file that cannot be written: nothing has changed then, or a later command will finish it.
    pub fn commit(&self, workspace: &Workspace, action: &Action) -> Result<(), Failure> {
        let staged = stage(action.writes.iter().map(|write| (workspace.path(&write.path), write)))?;
        // A single file changes in one step, and needs no journal.
        let is_single = action.writes.len() + action.removes.len() <= 1;
        if !is_single {
            journal::begin(workspace, action)?;
        }
        put(staged)?;
        for path in &action.removes {
            fault::point();
            remove(workspace, path)?;
        }
        if is_single { Ok(()) } else { journal::end(workspace) }
    }
}

/// Writes files at any places: all beside their places first, then each is moved to its own in one step.
pub fn write_all<'a, P: AsRef<Path>>(writes: impl IntoIterator<Item = (P, &'a Write)>) -> Result<(), Failure> {
    put(stage(writes)?)
}

/// A file whose content is safely on disk beside its place.
struct Staged {
    file: NamedTempFile,
    place: PathBuf,
    path: String,
}

fn stage<'a, P: AsRef<Path>>(writes: impl IntoIterator<Item = (P, &'a Write)>) -> Result<Vec<Staged>, Failure> {
    let mut staged = Vec::new();
    for (place, write) in writes {
        let place = place.as_ref().to_owned();
        if place.is_dir() {
            return Err(Failure::input(format!("`{}` cannot be written: it is a folder", write.path)));
        }
        let file = beside(&place, write).map_err(|error| refused(&write.path, &error))?;
        staged.push(Staged { file, place, path: write.path.clone() });
    }
    Ok(staged)
}

fn put(staged: Vec<Staged>) -> Result<(), Failure> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for Staged { file, place, path } in staged {
        fault::point();
        folders.extend(place.parent().map(Path::to_owned));
        file.persist(place).map_err(|error| refused(&path, &error.error))?;
    }
    folders.dedup();
    folders.iter().for_each(|folder| sync(folder));
    Ok(())
}

fn refused(path: &str, error: &std::io::Error) -> Failure {
    Failure::input(format!("`{path}` cannot be written: {}", reason(error)))
}

/// What files in the making are called, so that those of a command that was killed can be told and swept away.
const MAKING: (&str, &str) = (".qd-", ".tmp");

/// The content in a nameless file of the same folder.
fn beside(path: &Path, write: &Write) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(MAKING.0).suffix(MAKING.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets; the user's mask takes away from it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    let (first, rest) = write.content.split_at(write.content.len() / 2);
    file.write_all(first)?;
    fault::point();
    file.write_all(rest)?;
    if let Some(from) = &write.from {
        std::io::copy(&mut std::fs::File::open(from)?, &mut file)?;
    }
    // What replaces a file is allowed what that file was; where it cannot be, the content matters more.
    if let Ok(known) = std::fs::metadata(path) {
        let _ = file.as_file().set_permissions(known.permissions());
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes the names in a folder last through a power cut, where the system can.
fn sync(folder: &Path) {
    // A folder cannot be opened as a file everywhere; the names are then as safe as the system makes them.
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Takes a file of a workspace away; one that is not there is no error.
fn remove(workspace: &Workspace, path: &str) -> Result<(), Failure> {
    match std::fs::remove_file(workspace.path(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::input(format!("`{path}` cannot be removed: {}", reason(&error))))
        }
        _ => Ok(()),
    }
}
