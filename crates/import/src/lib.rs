//! From the files people have to a workspace: cells in; guesses, questions and the text of definitions out.
//!
//! Flows in: the [`File`]s a person named as grids of [`Cell`](cell::Cell)s, and the [`Answers`] she gave. Flows out: an
//! [`Outcome`], either the text of sources, metrics and a plan in which every guess stands as a comment beside the line it
//! made, or everything that is still open, each question with all its readings. Never: files, the clock, a silent guess.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod cell;
pub mod date;
mod draft;
mod found;
mod layout;
pub mod name;
pub mod number;
mod plan;
mod profile;
pub mod question;
mod sense;
mod table;
mod words;
mod write;

pub use draft::{Declaration, Draft, Line};
pub use found::{File, Stop, Trouble};
pub use question::{Answer, Answers, Choice, Question};

use draft::Names;
use found::{Reading, Sheet};
use name::{Taken, name_of, quoted};
use quarterdeck_calendar::{Calendar, NamedBy, Period};
use quarterdeck_lang::TextFile;
use std::collections::BTreeMap;

/// What is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The files.
    pub files: &'a [File],
    /// What was answered.
    pub answers: &'a Answers,
    /// The period of the plan; the first quarter after the data where `None`.
    pub plan: Option<&'a str>,
    /// The workspace they are added to; a new one where `None`.
    pub existing: Option<&'a Existing>,
}

/// What is known of a workspace that is there already.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    /// Its `quarterdeck.toml`.
    pub settings: Option<TextFile>,
    /// Its definitions.
    pub texts: Vec<TextFile>,
}

/// What reading comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The text of a workspace.
    Written(Box<Written>),
    /// Nothing, until this is answered or mended.
    Open(Stop),
}

/// The text of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Each file's path in the workspace and its text.
    pub files: Vec<(String, String)>,
    /// What was read, sheet by sheet.
    pub sheets: Vec<Summary>,
    /// The period of the plan.
    pub period: String,
    /// How many guesses stand in comments.
    pub guesses: usize,
}

/// What one sheet came to, for telling.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The file, and its sheet where it has several.
    pub file: String,
    /// The source's name.
    pub source: String,
    /// The metrics' names.
    pub metrics: Vec<String>,
    /// How many rows or columns of times it has.
    pub times: usize,
    /// `day`, `week`, `month` …
    pub grain: &'static str,
    /// The first and the last time.
    pub span: Option<(String, String)>,
    /// Cells without a value.
    pub gaps: usize,
}

/// One sheet that was read.
struct Read<'a> {
    file: &'a File,
    sheet: Option<&'a str>,
    reading: Reading,
}

/// Reads files into the text of a workspace, or tells what is open.
pub fn infer(request: &Request<'_>) -> Outcome {
    let mut stop = Stop::default();
    let mut read: Vec<Read<'_>> = Vec::new();
    for file in request.files {
        let tables: Vec<&cell::Grid> = file.grids.iter().filter(|grid| found::has_table(grid)).collect();
        // Where no sheet has a table, the first one tells why.
        let grids = if tables.is_empty() { file.grids.iter().take(1).collect() } else { tables };
        for grid in grids {
            match found::read(&Sheet { file, grid, answers: request.answers }) {
                Ok(reading) => read.push(Read { file, sheet: grid.sheet.as_deref(), reading }),
                Err(more) => {
                    stop.questions.extend(more.questions);
                    stop.troubles.extend(more.troubles);
                }
            }
        }
    }
    let settings = settings(request, &read, &mut stop);
    if !stop.questions.is_empty() || !stop.troubles.is_empty() {
        return Outcome::Open(stop);
    }
    write_all(request, &read, &settings)
}

/// The settings of the workspace.
struct Settings {
    calendar: Calendar,
    /// The text of `quarterdeck.toml`, for a new workspace.
    text: Option<String>,
}

fn settings(request: &Request<'_>, read: &[Read<'_>], stop: &mut Stop) -> Settings {
    if let Some(existing) = request.existing {
        let checked = quarterdeck_lang::check(existing.settings.clone(), existing.texts.clone());
        return Settings { calendar: checked.model.settings.calendar.clone(), text: None };
    }
    let mut lines = vec!["[workspace]".to_owned()];
    let mut money: BTreeMap<&str, usize> = BTreeMap::new();
    for metric in read.iter().flat_map(|read| &read.reading.metrics) {
        for (code, count) in &metric.profile.money {
            *money.entry(code).or_default() += count;
        }
    }
    let worth = read.iter().find_map(|read| read.reading.worth.as_ref());
    if let Some(code) = worth {
        lines.push(format!("currency = {}  # what the rates turn amounts into", quoted(code)));
    } else if let Some((code, count)) = money.iter().max_by_key(|(_, count)| **count) {
        lines.push(format!("currency = {}  # guess: {count} values have its sign", quoted(code)));
    }
    let mut calendar = Calendar::default();
    if let Some(fiscal) = read.iter().find(|read| found::is_fiscal(&read.reading)) {
        match fiscal_start(request, fiscal, stop) {
            Some((month, day)) => {
                let known = Calendar::new(calendar.kind(), (month, day), NamedBy::End, calendar.week_starts());
                if let Ok(known) = known {
                    calendar = known;
                }
                lines.push(String::new());
                lines.push("[calendar]".to_owned());
                lines.push(format!("fiscal_year_starts = \"{month:02}-{day:02}\"  # answered"));
                lines.push("named_by = \"end\"  # guess: FY26 is the year that ends in 2026".to_owned());
            }
            None => return Settings { calendar, text: None },
        }
    }
    Settings { calendar, text: Some(lines.join("\n") + "\n") }
}

/// When the fiscal year starts, which no file says.
fn fiscal_start(request: &Request<'_>, fiscal: &Read<'_>, stop: &mut Stop) -> Option<(u32, u32)> {
    let file = &fiscal.file.name;
    if let Some(answer) = request.answers.get(file, "fiscal-year") {
        let day = answer.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        if let Some((month, day)) =
            day.filter(|(month, day)| chrono::NaiveDate::from_ymd_opt(2027, *month, *day).is_some())
        {
            return Some((month, day));
        }
    }
    let (row, column) = fiscal.reading.dated.places.first().copied().unwrap_or_default();
    let grid = fiscal.file.grids.iter().find(|grid| grid.sheet.as_deref() == fiscal.sheet);
    let shown = grid.map(|grid| grid.cell(row, column).shown()).unwrap_or_default();
    let choice = |value: &str, means: &str| Choice::new(value, means, format!("fiscal_year_starts = \"{value}\""));
    let choices = vec![
        choice("01-01", "FY26 is the calendar year 2026"),
        choice("02-01", "FY26 is February 2025 to January 2026"),
        choice("04-01", "FY26 is April 2025 to March 2026"),
        choice("07-01", "FY26 is July 2025 to June 2026"),
        choice("10-01", "FY26 is October 2025 to September 2026"),
    ];
    let text =
        format!("`{shown}` is a quarter of a fiscal year, and nothing says when that year starts (any MM-DD will do)");
    stop.questions.push(Question { file: file.clone(), key: "fiscal-year".into(), text, choices });
    None
}

fn write_all(request: &Request<'_>, read: &[Read<'_>], settings: &Settings) -> Outcome {
    let mut names = names(request.existing);
    let mut written = Written { files: Vec::new(), sheets: Vec::new(), period: String::new(), guesses: 0 };
    let mut drafts = Vec::new();
    for read in read {
        let draft = draft::draft(read.file, read.sheet, &read.reading, &mut names);
        written.sheets.push(summary(read, &draft));
        drafts.push(draft);
    }
    let period = match plan::period(request.plan, &settings.calendar, read.iter().map(|read| &read.reading)) {
        Ok(period) => period,
        Err(trouble) => return Outcome::Open(Stop { questions: Vec::new(), troubles: vec![trouble] }),
    };
    written.period = period.to_string();
    written.guesses = drafts.iter().map(guesses).sum();
    if let Some(text) = &settings.text {
        written.files.push(("quarterdeck.toml".into(), text.clone()));
    }
    let mut taken = Taken::default();
    for (read, draft) in read.iter().zip(&drafts) {
        let stem = taken.take(&name_of(&draft.source.name, "data"));
        written.files.push((format!("metrics/{stem}.qd"), text_of(read, draft)));
    }
    written.files.push((
        plan_path(period, request.existing),
        plan::text(period, request.existing.is_some(), read.iter().map(|read| read.file).zip(&drafts)),
    ));
    check(request, &mut written)
}

fn plan_path(period: Period, existing: Option<&Existing>) -> String {
    let there = |path: &str| existing.is_some_and(|existing| existing.texts.iter().any(|text| text.path() == path));
    let path = format!("plans/{period}.qd");
    if there(&path) { format!("plans/{period}.import.qd") } else { path }
}

fn text_of(read: &Read<'_>, draft: &Draft) -> String {
    let mut text = format!(
        "# Read from {}. Each line that is a guess says what the data showed; change it where it is wrong.\n\n",
        name::remark(&read.file.name)
    );
    text.push_str(&write::declaration(&draft.source));
    for metric in &draft.metrics {
        text.push('\n');
        text.push_str(&write::declaration(metric));
    }
    text
}

fn guesses(draft: &Draft) -> usize {
    let lines = draft.metrics.iter().chain([&draft.source]).flat_map(|declared| &declared.lines);
    lines.filter(|line| line.remark.as_ref().is_some_and(|remark| remark.starts_with("guess"))).count()
}

fn summary(read: &Read<'_>, draft: &Draft) -> Summary {
    let whens = read.reading.whens();
    let first = whens.iter().min_by_key(|when| when.order());
    let last = whens.iter().max_by_key(|when| when.order());
    let file = match read.sheet {
        Some(sheet) if read.file.grids.len() > 1 => format!("{}, sheet {sheet}", read.file.name),
        _ => read.file.name.clone(),
    };
    Summary {
        file,
        source: draft.source.name.clone(),
        metrics: draft.metrics.iter().map(|metric| metric.name.clone()).collect(),
        times: whens.len(),
        grain: read.reading.grain.word(),
        span: first.zip(last).map(|(first, last)| (first.shown(), last.shown())),
        gaps: read.reading.metrics.iter().map(|metric| metric.profile.gaps).sum(),
    }
}

/// Names that an existing workspace has taken.
fn names(existing: Option<&Existing>) -> Names {
    let Some(existing) = existing else { return Names::default() };
    let checked = quarterdeck_lang::check(existing.settings.clone(), existing.texts.clone());
    Names {
        sources: Taken::of(checked.model.sources.keys().cloned()),
        metrics: Taken::of(checked.model.metrics.keys().cloned()),
    }
}

/// Reads what was written as any workspace is read, and gives it its canonical layout.
fn check(request: &Request<'_>, written: &mut Written) -> Outcome {
    let mut settings = request.existing.and_then(|existing| existing.settings.clone());
    let mut texts: Vec<TextFile> = request.existing.map(|existing| existing.texts.clone()).unwrap_or_default();
    let before = quarterdeck_lang::check(settings.clone(), texts.clone()).errors().count();
    for (path, text) in &mut written.files {
        if path == "quarterdeck.toml" {
            settings = Some(TextFile::new(path.clone(), text.clone()));
            continue;
        }
        if let Ok(canonical) = quarterdeck_lang::syntax::format::format(text) {
            *text = canonical;
        }
        texts.push(TextFile::new(path.clone(), text.clone()));
    }
    let checked = quarterdeck_lang::check(settings, texts);
    if checked.errors().count() > before {
        let troubles = checked.errors().map(|error| {
            let found = error.span.and_then(|span| checked.files.get(span.file).map(|file| (span, file)));
            let line = found.map(|(_, file)| file.path().to_owned()).unwrap_or_default();
            Trouble {
                file: line,
                place: None,
                message: format!("what was made of it cannot be read: {}", error.message),
                hint: "rename its columns to plain words and try again; this is a mistake of qd and worth a report"
                    .into(),
            }
        });
        return Outcome::Open(Stop { questions: Vec::new(), troubles: troubles.collect() });
    }
    Outcome::Written(Box::new(written.clone()))
}
