//! What is to be written, read back in a folder of its own first: so that nothing is left half-made or unreadable.

use super::files::Read;
use crate::error::Failure;
use crate::files::Write;
use quarterdeck_calendar::Grain;
use quarterdeck_data::{Request, Wanted};
use quarterdeck_import::Existing;
use quarterdeck_lang::{Severity, TextFile, check};

/// What reading it back found.
#[derive(Clone, Copy, Debug)]
pub struct Findings {
    /// Warnings and denied lints of what was written.
    pub warnings: usize,
}

/// Writes everything into a folder of its own, checks the definitions and loads every new metric.
pub fn run(read: &[Read], writes: &[Write], existing: Option<&Existing>) -> Result<Findings, Failure> {
    let odd = |error: std::io::Error| {
        Failure::input(format!("no folder for trying it out: {}", crate::workspace::reason(&error)))
    };
    let folder = tempfile::Builder::new().prefix("qd-import-").tempdir().map_err(odd)?;
    // Files that lie in the workspace already are read where they are to be found from its folder.
    let there: Vec<Write> = read
        .iter()
        .filter(|file| file.copy.is_none())
        .map(|file| Write::copy(file.inferred.path.clone(), &file.from))
        .collect();
    crate::files::write_all(writes.iter().chain(&there).map(|write| (folder.path().join(&write.path), write)))?;
    let mut settings = existing.and_then(|existing| existing.settings.clone());
    let mut texts = existing.map(|existing| existing.texts.clone()).unwrap_or_default();
    let mut new = Vec::new();
    for write in writes {
        let Some(text) = String::from_utf8(write.content.clone()).ok().filter(|_| write.from.is_none()) else {
            continue;
        };
        if write.path == crate::workspace::SETTINGS {
            settings = Some(TextFile::new(write.path.clone(), text));
        } else if write.path.ends_with(".qd") {
            new.push(write.path.clone());
            texts.push(TextFile::new(write.path.clone(), text));
        }
    }
    let checked = check(settings, texts);
    let warnings = checked.diagnostics.iter().filter(|each| {
        let path = each.span.and_then(|span| checked.files.get(span.file)).map(TextFile::path);
        each.severity != Severity::Error && path.is_some_and(|path| new.iter().any(|new| new == path))
    });
    let warnings = warnings.count();
    let wanted: Vec<Wanted> = checked
        .model
        .metrics
        .values()
        .filter(|metric| new.contains(&metric.definition.place.file))
        .map(|metric| Wanted::whole(metric.name.clone()))
        .collect();
    let request =
        Request { root: folder.path(), model: &checked.model, wanted: &wanted, as_of: None, window: Grain::Quarter };
    quarterdeck_data::load(&request)
        .map_err(|error| Failure::data(&error, &checked.files).hint("nothing was written"))?;
    Ok(Findings { warnings })
}
