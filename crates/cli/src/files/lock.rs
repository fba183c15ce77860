//! The right to change a workspace's ledgers and pages.

use super::{fault, journal};
use crate::error::Failure;
use crate::paths::TARGETS;
use crate::workspace::Workspace;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The name of the file that is locked. It is there only while a command writes; one that a killed command left is harmless.
const NAME: &str = ".qd-lock";

/// The right to change a workspace's ledgers and pages, held by one command at a time until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Waits until no other command changes the workspace, and finishes what one that was killed had begun.
    ///
    /// # Errors
    /// A folder of ledgers that cannot be written to.
    pub fn take(workspace: &Workspace) -> Result<Lock, Failure> {
        let folder = workspace.path(TARGETS);
        let path = folder.join(NAME);
        loop {
            std::fs::create_dir_all(&folder).map_err(|error| journal::refused(&error))?;
            let file = match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path) {
                Ok(file) => file,
                // The one before took the empty folder away between the two steps.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(journal::refused(&error)),
            };
            // A file system without locks is no reason to refuse: every file is still written whole.
            let _ = file.lock();
            if is_still(&file, &path) {
                let lock = Lock { file, path };
                fault::point();
                journal::finish(workspace)?;
                journal::sweep(workspace);
                return Ok(lock);
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Taken away while it is held: who waits for it sees that it is gone and makes a new one.
        if cfg!(unix) {
            let _ = std::fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
        if let Some(folder) = self.path.parent() {
            // Only an empty folder goes.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Whether the locked file is the one that has the name now.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(named)) => place(held) == place(named),
        _ => false,
    }
}

/// Where the file is never taken away, it is always the one.
#[cfg(not(unix))]
fn is_still(_file: &File, _path: &Path) -> bool {
    true
}

/// Finishes what a command that was killed had begun, so that what is read next belongs together.
///
/// # Errors
/// As [`Lock::take`], and a journal that cannot be read.
pub fn settle(workspace: &Workspace) -> Result<(), Failure> {
    if journal::is_open(workspace) { Lock::take(workspace).map(drop) } else { Ok(()) }
}
