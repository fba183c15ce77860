//! `qd fmt`: the one layout of definitions.

use crate::args::Fmt;
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::output::Output;
use crate::rendering;
use crate::settings::Settings;
use crate::view::lines;
use crate::workspace::{self, reason};
use quarterdeck_lang::syntax::format::format;
use quarterdeck_lang::syntax::parse;
use quarterdeck_lang::{Diagnostic, Files, TextFile};
use schemars::JsonSchema;
use serde::Serialize;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The object of `qd fmt --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report<'a> {
    /// How many files were looked at.
    files: usize,
    /// Those that are laid out otherwise; written, unless `--check` stands.
    changed: Vec<&'a str>,
    /// What keeps files from being laid out.
    diagnostics: Vec<rendering::json::Told<'a>>,
}

/// What stands for stdin.
const STDIN: &str = "-";
/// The most lines of a difference that are shown of one file.
const SHOWN: usize = 20;

/// Lays out the files named, those of the workspace where none is, or stdin.
pub fn run(args: &Fmt, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    if args.files.iter().any(|file| file == Path::new(STDIN)) {
        if args.files.len() > 1 {
            return Err(Failure::input("`-` is stdin, and stands alone").hint("name files, or pipe one text"));
        }
        return stdin(args, output);
    }
    let sorted = sort(&places(args, settings)?)?;
    if !args.check {
        files::write_all(sorted.changed.iter().map(|text| (&text.place, &text.laid_out)))?;
    }
    told(args, &sorted, output)?;
    Ok(sorted.exit(args))
}

/// A file, as it is shown and where it is.
struct Place {
    shown: String,
    path: PathBuf,
}

/// The files to look at, each once.
fn places(args: &Fmt, settings: &Settings) -> Result<Vec<Place>, Failure> {
    if args.files.is_empty() {
        return below(&workspace::find(&settings.directory)?, "");
    }
    let mut places = Vec::new();
    for file in &args.files {
        let path = settings.directory.join(file);
        let shown = file.to_string_lossy().replace('\\', "/");
        match path.is_dir() {
            true => places.extend(below(&path, &format!("{}/", shown.trim_end_matches('/')))?),
            false => places.push(Place { shown, path }),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    places.retain(|place| seen.insert(std::fs::canonicalize(&place.path).unwrap_or_else(|_| place.path.clone())));
    Ok(places)
}

/// The definitions below a folder.
fn below(folder: &Path, before: &str) -> Result<Vec<Place>, Failure> {
    let paths = workspace::definitions(folder)?;
    Ok(paths.into_iter().map(|path| Place { shown: format!("{before}{path}"), path: folder.join(path) }).collect())
}

/// A text that is laid out otherwise.
struct Changed {
    place: PathBuf,
    before: String,
    laid_out: Write,
}

/// What became of the texts.
#[derive(Default)]
struct Sorted {
    count: usize,
    changed: Vec<Changed>,
    files: Files,
    mistakes: Vec<Diagnostic>,
    damaged: usize,
}

impl Sorted {
    /// Takes one more text.
    fn add(&mut self, shown: &str, place: PathBuf, bytes: Vec<u8>) -> Result<(), Failure> {
        self.count += 1;
        // A byte order mark is no part of the text, and the layout has none.
        let marked = bytes.starts_with("\u{feff}".as_bytes());
        let before = workspace::text(shown, bytes)?;
        match format(&before) {
            Ok(after) if after == before && !marked => {}
            Ok(after) => self.changed.push(Changed { place, before, laid_out: Write::new(shown, after) }),
            Err(_) => {
                self.damaged += 1;
                let id = self.files.add(TextFile::new(shown, before.as_str()));
                self.mistakes.extend(parse(id, &before).diagnostics);
            }
        }
        Ok(())
    }

    fn exit(&self, args: &Fmt) -> Exit {
        match (self.damaged > 0, args.check && !self.changed.is_empty()) {
            (true, _) => Exit::Input,
            (false, true) => Exit::Findings,
            (false, false) => Exit::Done,
        }
    }

    fn object(&self) -> Report<'_> {
        Report {
            files: self.count,
            changed: self.changed.iter().map(|text| text.laid_out.path.as_str()).collect(),
            diagnostics: self.mistakes.iter().map(|each| rendering::json::diagnostic(&self.files, each)).collect(),
        }
    }
}

fn sort(places: &[Place]) -> Result<Sorted, Failure> {
    let mut sorted = Sorted::default();
    for place in places {
        let refused =
            |error: &std::io::Error| Failure::input(format!("`{}` cannot be read: {}", place.shown, reason(error)));
        // What a link points to is written, not the link.
        let path = std::fs::canonicalize(&place.path).map_err(|error| refused(&error))?;
        let bytes = std::fs::read(&path).map_err(|error| refused(&error))?;
        sorted.add(&place.shown, path, bytes)?;
    }
    Ok(sorted)
}

fn told(args: &Fmt, sorted: &Sorted, output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.object(&sorted.object());
    }
    let mut text = String::new();
    for changed in &sorted.changed {
        let path = &changed.laid_out.path;
        match args.check {
            true => text.push_str(&format!("{path}\n{}", difference(changed))),
            false => text.push_str(&format!("laid out {path}\n")),
        }
    }
    output.result(&text);
    if !sorted.mistakes.is_empty() {
        output.error(&rendering::all(&sorted.files, &sorted.mistakes, output.width));
        let files = rendering::count(sorted.damaged, "file");
        output.error(&format!("{files} with mistakes left as it was"));
    }
    output.talk(&summary(args, sorted));
    Ok(())
}

fn summary(args: &Fmt, sorted: &Sorted) -> String {
    let (all, changed) = (rendering::count(sorted.count, "file"), sorted.changed.len());
    match (changed, args.check) {
        (0, _) if sorted.damaged > 0 => format!("{all}: the others are laid out"),
        (0, _) => format!("{all}: laid out"),
        (_, true) => format!("{all}: {changed} to be laid out; `qd fmt` does it"),
        (_, false) => format!("{all}: {changed} laid out anew"),
    }
}

/// The lines that differ, the first of them.
fn difference(changed: &Changed) -> String {
    let after = String::from_utf8_lossy(&changed.laid_out.content);
    let all = lines::difference(&changed.before, &after);
    if all.is_empty() {
        return "  (line ends or a byte order mark)\n".to_owned();
    }
    let more = all.len().saturating_sub(SHOWN);
    let mut text: String = all.iter().take(SHOWN).map(|line| format!("  {line}\n")).collect();
    if more > 0 {
        text.push_str(&format!("  … and {}\n", rendering::count(more, "more line")));
    }
    text
}

/// From stdin to stdout; with `--check`, only whether it would be laid out otherwise.
fn stdin(args: &Fmt, output: &Output) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Failure::input(format!("stdin cannot be read: {}", reason(&error))))?;
    let mut sorted = Sorted::default();
    let whole = bytes.clone();
    sorted.add("stdin", PathBuf::new(), bytes)?;
    if args.check || output.json || sorted.damaged > 0 {
        told(args, &sorted, output)?;
    } else {
        let laid_out = sorted.changed.first().map_or(whole.as_slice(), |text| text.laid_out.content.as_slice());
        output.bytes(laid_out);
    }
    Ok(sorted.exit(args))
}
