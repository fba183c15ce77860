//! Files written whole or not at all, by one command at a time.

use crate::error::Failure;
use crate::workspace::{SETTINGS, Workspace, reason};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use tempfile::NamedTempFile;

/// A file to write.
#[derive(Clone, Debug)]
pub struct Write {
    /// Its path relative to the workspace, with `/`.
    pub path: String,
    /// All of its content.
    pub content: Vec<u8>,
}

impl Write {
    /// A file with its content.
    pub fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Write {
        Write { path: path.into(), content: content.into() }
    }
}

/// The right to change a workspace's ledgers and pages, held by one command at a time until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _held: File,
}

impl Lock {
    /// Waits until no other command changes the workspace. Nothing is left behind: the settings file itself is locked.
    pub fn take(workspace: &Workspace) -> Result<Lock, Failure> {
        let path = workspace.path(SETTINGS);
        let file = File::open(&path)
            .map_err(|error| Failure::input(format!("`{SETTINGS}` cannot be opened: {}", reason(&error))))?;
        // A file system without locks is no reason to refuse: every file is still written whole.
        let _ = file.lock();
        Ok(Lock { _held: file })
    }
}

/// Writes files below a workspace: all beside their places first, then each is moved to its own in one step.
pub fn write(workspace: &Workspace, writes: &[Write]) -> Result<(), Failure> {
    write_all(writes.iter().map(|write| (workspace.path(&write.path), write)))
}

/// The same for any places.
pub fn write_all<'a, P: AsRef<Path>>(writes: impl IntoIterator<Item = (P, &'a Write)>) -> Result<(), Failure> {
    let mut ready = Vec::new();
    for (path, write) in writes {
        let refused =
            |error: &std::io::Error| Failure::input(format!("`{}` cannot be written: {}", write.path, reason(error)));
        let path = path.as_ref().to_owned();
        if path.is_dir() {
            return Err(Failure::input(format!("`{}` cannot be written: it is a folder", write.path)));
        }
        let file = beside(&path, &write.content).map_err(|error| refused(&error))?;
        ready.push((file, path, write));
    }
    for (file, path, write) in ready {
        file.persist(path)
            .map_err(|error| Failure::input(format!("`{}` cannot be written: {}", write.path, reason(&error.error))))?;
    }
    Ok(())
}

/// The content in a nameless file of the same folder.
fn beside(path: &Path, content: &[u8]) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".qd-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets; the user's mask takes away from it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    // What replaces a file is allowed what that file was; where it cannot be, the content matters more.
    if let Ok(known) = std::fs::metadata(path) {
        let _ = file.as_file().set_permissions(known.permissions());
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Takes a file of a workspace away; one that is not there is no error.
pub fn remove(workspace: &Workspace, path: &str) -> Result<(), Failure> {
    match std::fs::remove_file(workspace.path(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::input(format!("`{path}` cannot be removed: {}", reason(&error))))
        }
        _ => Ok(()),
    }
}
