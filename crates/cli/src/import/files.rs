//! The files a person names: opened, read as grids, and given a place in the workspace.

use super::Wish;
use crate::error::Failure;
use crate::files::Write;
use crate::workspace::reason;
use quarterdeck_data::grid::{self, GridError, Options, Value};
use quarterdeck_import::File;
use quarterdeck_import::cell::{Cell, Form, Grid};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A file that was read.
pub struct Read {
    /// What is in it.
    pub inferred: File,
    /// Its copy in the workspace, where it does not lie there already.
    pub copy: Option<Write>,
    /// Where it lies.
    pub from: PathBuf,
}

/// Rows that are looked at of a text too large to be held.
const ROWS: usize = 200_000;

/// Reads every file.
pub fn read(wish: &Wish<'_>) -> Result<Vec<Read>, Failure> {
    let mut read: Vec<Read> = Vec::new();
    for path in wish.files {
        let taken: Vec<String> = read.iter().map(|read| read.inferred.path.clone()).collect();
        read.push(one(path, wish.root, &taken)?);
    }
    Ok(read)
}

fn one(path: &Path, root: &Path, taken: &[String]) -> Result<Read, Failure> {
    let shown = plainly(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    std::fs::File::open(path)
        .and_then(|file| if file.metadata()?.is_dir() { Err(ErrorKind::IsADirectory.into()) } else { Ok(()) })
        .map_err(|error| unreadable(&shown, path, &error))?;
    let grids = grids(path).map_err(|error| refused(&shown, &error))?;
    // A file that lies in the workspace already is read where it is.
    let inside = std::fs::canonicalize(path).ok().zip(std::fs::canonicalize(root).ok());
    let inside = inside.and_then(|(path, root)| path.strip_prefix(&root).ok().map(Path::to_owned));
    if let Some(inside) = inside {
        let parts: Vec<String> =
            inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let place = parts.join("/");
        if place == safe(&place) || parts.iter().all(|part| *part == safe(part)) {
            return Ok(Read { inferred: File { name, path: place, grids }, copy: None, from: path.to_owned() });
        }
    }
    let place = free(&format!("data/{}", safe(&name)), taken);
    let copy = (!is_same(path, &root.join(&place))).then(|| Write::copy(place.clone(), path));
    Ok(Read { inferred: File { name, path: place, grids }, copy, from: path.to_owned() })
}

/// Whether two files hold the same.
fn is_same(one: &Path, other: &Path) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.len()).ok();
    length(one).is_some() && length(one) == length(other) && std::fs::read(one).ok() == std::fs::read(other).ok()
}

/// A path as it is shown: without the folder that is meant anyway.
pub fn plainly(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// A name no other of the files has.
fn free(place: &str, taken: &[String]) -> String {
    let mut free = place.to_owned();
    let mut number = 2;
    while taken.contains(&free) {
        let (stem, end) = place.rsplit_once('.').unwrap_or((place, ""));
        free = if end.is_empty() { format!("{stem}-{number}") } else { format!("{stem}-{number}.{end}") };
        number += 1;
    }
    free
}

/// A name without what a path or a glob takes for something else.
fn safe(name: &str) -> String {
    let odd =
        |letter: char| letter.is_control() || matches!(letter, '*' | '?' | '"' | '\\' | '<' | '>' | '|' | ':' | '/');
    let name: String = name.chars().map(|letter| if odd(letter) { '_' } else { letter }).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "data".to_owned() } else { name.to_owned() }
}

fn unreadable(shown: &str, path: &Path, error: &std::io::Error) -> Failure {
    let failure = |why: &str| Failure::input(format!("`{shown}` cannot be read: {why}"));
    match error.kind() {
        ErrorKind::NotFound => {
            let failure = Failure::input(format!("there is no file `{shown}`"));
            match nearest(path) {
                Some(nearest) => failure.hint(format!("did you mean `{nearest}`?")),
                None => {
                    failure.hint("type the first letters of its name and press Tab, or drag the file into this window")
                }
            }
        }
        ErrorKind::PermissionDenied => failure("permission denied")
            .hint("close it where it is open, or copy it to a folder of yours, and try again"),
        // What another program holds open comes as this on Windows.
        ErrorKind::ResourceBusy => failure("another program has it open").hint("close it there and try again"),
        ErrorKind::IsADirectory => failure("it is a folder").hint("name the files in it"),
        _ if error.raw_os_error() == Some(32) => {
            failure("another program has it open").hint("close it there and try again")
        }
        _ if path.is_dir() => failure("it is a folder").hint("name the files in it"),
        _ => failure(&reason(error)),
    }
}

/// The file most like one that is not there.
fn nearest(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.starts_with('.')).collect();
    names.sort_unstable();
    let found = quarterdeck_lang::suggest::nearest(&wanted, names.iter().copied())?;
    Some(plainly(&path.with_file_name(found)))
}

fn refused(shown: &str, error: &GridError) -> Failure {
    Failure::input(format!("`{shown}` cannot be read: {error}"))
}

/// Every sheet that is not hidden, or the one grid of a text.
fn grids(path: &Path) -> Result<Vec<Grid>, GridError> {
    let first = match grid::read(path, &Options::default()) {
        Err(GridError::TooLarge { .. }) => grid::read(path, &Options { rows: Some(ROWS), ..Options::default() })?,
        other => other?,
    };
    let others: Vec<String> = first
        .sheets
        .iter()
        .filter(|sheet| !sheet.hidden && Some(&sheet.name) != first.sheet.as_ref())
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut grids = vec![converted(&first)];
    for sheet in others {
        grids.push(converted(&grid::read(path, &Options { sheet: Some(sheet), ..Options::default() })?));
    }
    Ok(grids)
}

/// Blank rows between those that hold something are put back, so that every cell has its address; so many at most.
const BLANKS: u64 = 100_000;

fn converted(grid: &grid::Grid) -> Grid {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for row in &grid.rows {
        while (rows.len() as u64) + 1 < row.number && (rows.len() as u64) < BLANKS {
            rows.push(Vec::new());
        }
        rows.push(row.cells.iter().map(cell).collect());
    }
    Grid { sheet: grid.sheet.clone(), rows }
}

fn cell(cell: &grid::Cell) -> Cell {
    match &cell.value {
        Value::Empty => Cell::Blank,
        Value::Text => Cell::Text(cell.shown.clone()),
        Value::Number(value) => Cell::Number(*value, cell.format.as_deref().map(Form::of).unwrap_or_default()),
        Value::Date(time, _) => Cell::Date(*time),
        Value::Bool(truth) => Cell::Truth(*truth),
        Value::Error => Cell::Fault(cell.shown.clone()),
    }
}
