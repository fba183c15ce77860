//! Which files a source's path or glob names, and what is inside them.

use crate::DataError;
use flate2::read::MultiGzDecoder;
use quarterdeck_lang::model::{Place, Source};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A file of a source.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// How messages name it: relative to the workspace, separated by `/`.
    pub shown: String,
}

/// The source a file belongs to, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The source's name.
    pub name: &'a str,
    /// Where it is declared.
    pub place: &'a Place,
}

impl Owner<'_> {
    /// A file that cannot be read, and why.
    pub fn unreadable(&self, path: &str, reason: impl Into<String>) -> DataError {
        DataError::Unreadable {
            source_name: self.name.to_owned(),
            path: path.to_owned(),
            reason: reason.into(),
            place: self.place.clone(),
        }
    }

    /// A file without rows.
    pub fn empty(&self, path: &str) -> DataError {
        DataError::EmptyFile { source_name: self.name.to_owned(), path: path.to_owned(), place: self.place.clone() }
    }
}

/// The files a path or glob (`*`, `?`, `**`) names, in order of name.
pub fn find_files(root: &Path, name: &str, source: &Source, declared: &str) -> Result<Vec<SourceFile>, DataError> {
    let declared = declared.replace('\\', "/");
    let mut files = Vec::new();
    if declared.contains(['*', '?']) {
        let parts: Vec<&str> = declared.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let start = if declared.starts_with('/') { PathBuf::from("/") } else { root.to_owned() };
        expand(&start, &parts, &mut files);
        files.sort();
    } else if root.join(&declared).exists() {
        files.push(root.join(&declared));
    }
    if files.is_empty() {
        let nearest = nearest_file(root, &declared);
        let place = source.place.clone();
        return Err(DataError::MissingFile { source_name: name.to_owned(), path: declared, nearest, place });
    }
    Ok(files.into_iter().map(|path| SourceFile { shown: shown(root, &path, &declared), path }).collect())
}

fn shown(root: &Path, path: &Path, declared: &str) -> String {
    match path.strip_prefix(root) {
        Ok(inside) => {
            let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            parts.join("/")
        }
        // A path outside the workspace is named as it was declared.
        Err(_) => path.file_name().map_or(declared.to_owned(), |file| {
            let file = file.to_string_lossy();
            if declared.contains(['*', '?']) { file.into_owned() } else { declared.to_owned() }
        }),
    }
}

fn expand(folder: &Path, parts: &[&str], found: &mut Vec<PathBuf>) {
    let Some((part, rest)) = parts.split_first() else { return };
    if *part == "**" {
        expand(folder, rest, found);
        for (name, path) in entries(folder) {
            if path.is_dir() && !name.starts_with('.') {
                expand(&path, parts, found);
            }
        }
    } else if part.contains(['*', '?']) {
        for (name, path) in entries(folder) {
            let hidden = name.starts_with('.') && !part.starts_with('.');
            if !hidden && matches(part, &name) {
                step(path, rest, found);
            }
        }
    } else {
        step(folder.join(part), rest, found);
    }
}

fn step(path: PathBuf, rest: &[&str], found: &mut Vec<PathBuf>) {
    if !rest.is_empty() {
        expand(&path, rest, found);
    } else if path.is_file() && !found.contains(&path) {
        found.push(path);
    }
}

/// Names and paths in a folder, in order of name.
fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(listing) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<(String, PathBuf)> =
        listing.flatten().map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect();
    all.sort();
    all
}

/// Whether a name fits a pattern of `*` and `?`.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star, mut mark) = (0, 0, None, 0);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some(p);
                mark = n;
                p += 1;
            }
            Some(letter) if *letter == '?' || Some(letter) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some(at) => {
                    p = at + 1;
                    mark += 1;
                    n = mark;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|letter| *letter == '*')
}

/// The file most like a path among those in its folder, in `data/` and in the workspace's own folder.
fn nearest_file(root: &Path, declared: &str) -> Option<String> {
    let wanted = Path::new(declared);
    let folder = wanted.parent().unwrap_or(Path::new(""));
    let mut folders = vec![folder.to_owned(), PathBuf::from("data"), PathBuf::new()];
    folders.dedup();
    let mut best: Option<(f64, String)> = None;
    for folder in folders {
        for (name, path) in entries(&root.join(&folder)) {
            if !path.is_file() || name.starts_with('.') {
                continue;
            }
            let candidate = folder.join(&name).to_string_lossy().replace('\\', "/");
            let likeness = strsim::jaro_winkler(&candidate, declared);
            let file = wanted.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
            let likeness = likeness.max(strsim::jaro_winkler(&name, &file));
            if likeness > 0.85 && best.as_ref().is_none_or(|(most, _)| likeness > *most) {
                best = Some((likeness, candidate));
            }
        }
    }
    best.map(|(_, name)| name)
}

/// The one place where files are opened.
#[allow(clippy::disallowed_methods)] // The pure crates read no files; this one is there to do so.
pub fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

/// Opens a text file, unpacking it where it is gzip by its content, whatever its name says.
pub fn open_text(file: &SourceFile, owner: Owner<'_>) -> Result<Box<dyn Read>, DataError> {
    let unreadable = |error: std::io::Error| owner.unreadable(&file.shown, io_reason(&error));
    if file.path.is_dir() {
        return Err(owner.unreadable(&file.shown, "it is a folder; name a file, or write `/*.csv` after it"));
    }
    let mut magic = Vec::new();
    open(&file.path).and_then(|open| open.take(4).read_to_end(&mut magic)).map_err(unreadable)?;
    let open = BufReader::with_capacity(1 << 16, open(&file.path).map_err(unreadable)?);
    match magic.as_slice() {
        [0x1f, 0x8b, ..] => Ok(Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(open)))),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Err(owner.unreadable(&file.shown, "it is written in UTF-16; save it in UTF-8"))
        }
        _ => Ok(Box::new(open)),
    }
}

/// Why reading failed, in words that are the same on every machine.
pub fn io_reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied => "we may not read it".into(),
        ErrorKind::UnexpectedEof => "it ends too early, as if it had been cut off".into(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => "its gzip data is damaged".into(),
        ErrorKind::NotFound => "it is not there".into(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("a?c", "abc", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
