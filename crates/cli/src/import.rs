//! From files a person names to a workspace: read as grids, inferred, asked about, tried out, written.
//!
//! Nothing is guessed silently: what a file leaves open is asked on a terminal, and stops the command elsewhere. What is
//! written was first read back as any workspace is, in a folder of its own.

mod ask;
mod files;
mod trial;

use crate::error::{Exit, Failure};
use crate::files::Write;
use crate::output::Output;
use crate::rendering::{count, quoted};
use crate::workspace::SETTINGS;
use quarterdeck_import::{Answer, Answers, Existing, Outcome, Request, Stop, Written, infer};
use quarterdeck_lang::model::Origin;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What a person asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The files, as seen from where she is.
    pub files: &'a [PathBuf],
    /// The period of the plan.
    pub plan: Option<&'a str>,
    /// What she answered.
    pub answers: &'a [String],
    /// The workspace's folder.
    pub root: &'a Path,
    /// The folder as she names it; `None` where it is the one she is in.
    pub shown: Option<&'a Path>,
    /// The command she typed, without answers, for telling what to add.
    pub command: &'a str,
}

/// The object of `qd init --from --json` and `qd import --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Imported<'a> {
    sheets: Vec<Sheet<'a>>,
    /// The files that were written.
    files: Vec<&'a str>,
    /// The period of the plan.
    period: &'a str,
    /// How many guesses stand in comments.
    guesses: usize,
    /// How many lints the new definitions have.
    warnings: usize,
    /// The commands to type next.
    next: &'a [String],
}

/// A table that was read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Sheet<'a> {
    /// The file, and its sheet where it has several.
    file: &'a str,
    source: &'a str,
    metrics: &'a [String],
    /// day, week, month, …
    grain: &'static str,
    /// Cells without a value.
    gaps: usize,
}

/// Reads files into a workspace.
pub fn run(wish: &Wish<'_>, existing: Option<&Existing>, output: &Output) -> Result<Exit, Failure> {
    let read = {
        let _working = output.working("reading your files");
        files::read(wish)?
    };
    if let Some(existing) = existing {
        unread(&read, existing)?;
    }
    let mut answers = Answers(wish.answers.iter().map(|text| answer(text)).collect::<Result<_, _>>()?);
    let inputs: Vec<quarterdeck_import::File> = read.iter().map(|file| file.inferred.clone()).collect();
    let written = loop {
        let request = Request { files: &inputs, answers: &answers, plan: wish.plan, existing };
        match infer(&request) {
            Outcome::Written(written) => break *written,
            Outcome::Open(stop) if stop.troubles.is_empty() && ask::is_possible(output) => {
                ask::answers(&stop.questions, &mut answers)
                    .map_err(|error| Failure::input(format!("nothing was written: {error}")))?;
            }
            Outcome::Open(stop) => return Err(open(wish, &stop, output)),
        }
    };
    let mut writes: Vec<Write> = read.iter().filter_map(|file| file.copy.clone()).collect();
    writes.extend(written.files.iter().map(|(path, text)| Write::new(path.clone(), text.as_bytes())));
    free(wish, &writes)?;
    let findings = {
        let _working = output.working("reading them back");
        trial::run(&read, &writes, existing)?
    };
    crate::files::write_all(writes.iter().map(|write| (wish.root.join(&write.path), write)))?;
    tell(wish, &written, &writes, &findings, output)
}

fn answer(text: &str) -> Result<Answer, Failure> {
    Answer::of(text).ok_or_else(|| {
        Failure::input(format!("`--answer {text}` says nothing that can be answered"))
            .hint("write what was asked, `=` and the answer: --answer dates=dd/mm/yyyy")
    })
}

/// Fails where a file is read by the workspace already.
fn unread(read: &[files::Read], existing: &Existing) -> Result<(), Failure> {
    let checked = quarterdeck_lang::check(existing.settings.clone(), existing.texts.clone());
    for (name, source) in &checked.model.sources {
        let known = |file: &&files::Read| {
            file.copy.is_none() && matches!(&source.origin, Origin::Files(path) if *path == file.inferred.path)
        };
        if let Some(file) = read.iter().find(known) {
            let message =
                format!("`{}` is part of the workspace already: the source `{name}` reads it", file.inferred.path);
            return Err(Failure::input(message).hint(format!("its definitions are in `{}`", source.place.file)));
        }
    }
    Ok(())
}

/// Fails where something would be overwritten.
fn free(wish: &Wish<'_>, writes: &[Write]) -> Result<(), Failure> {
    let there: Vec<String> = writes
        .iter()
        .filter(|write| wish.root.join(&write.path).symlink_metadata().is_ok())
        .map(|write| write.path.clone())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let folder = wish.shown.unwrap_or(Path::new("."));
    let failure = Failure::input(format!(
        "`{}` already has {}; nothing was written",
        folder.display(),
        crate::rendering::names(&there)
    ));
    Err(if there.iter().any(|path| path == SETTINGS) {
        let typed: Vec<String> = wish.files.iter().map(|file| quoted(&files::plainly(file))).collect();
        failure
            .hint(format!("it is a workspace already: `qd import csv {}` adds to it", typed.join(" ")))
            .hint("or name a new folder at the end of the command")
    } else {
        failure.hint("rename your file or the one that is there, or name another folder")
    })
}

/// Everything that is open, said in full, and how to go on.
fn open(wish: &Wish<'_>, stop: &Stop, output: &Output) -> Failure {
    let mut told = String::new();
    for trouble in &stop.troubles {
        let place = trouble.place.as_ref().map(|place| format!(", cell {place}")).unwrap_or_default();
        told.push_str(&format!("{}{place}: {}\n  {}\n\n", trouble.file, trouble.message, trouble.hint));
    }
    for question in &stop.questions {
        told.push_str(&format!(
            "{}: {}\n{}\n\n",
            question.file,
            question.text,
            ask::choices(question, is_several(stop))
        ));
    }
    output.error(&told);
    let failure = if stop.troubles.is_empty() {
        let many = if stop.questions.len() == 1 {
            "one thing can".to_owned()
        } else {
            format!("{} things can", stop.questions.len())
        };
        let each = if stop.questions.len() == 1 { "the right answer" } else { "the right answer to each" };
        Failure::input(format!(
            "nothing was written: {many} be read in more than one way, and guessing would make numbers wrong"
        ))
        .hint(format!("type the command again with {each} behind it:\n{} --answer …", wish.command))
    } else {
        let many =
            if stop.troubles.len() == 1 { "one thing".to_owned() } else { format!("{} things", stop.troubles.len()) };
        Failure::input(format!("nothing was written: {many} cannot be read as it stands"))
            .hint("mend the file and type the command again")
    };
    if !output.json {
        return failure;
    }
    let questions = stop
        .questions
        .iter()
        .map(|question| format!("{}: {} ({})", question.file, question.text, ask::values(question)));
    let troubles = stop.troubles.iter().map(|trouble| format!("{}: {}", trouble.file, trouble.message));
    questions.chain(troubles).fold(failure, Failure::hint)
}

/// Whether questions are about several files, so that an answer has to name its own.
fn is_several(stop: &Stop) -> bool {
    stop.questions.iter().any(|question| stop.questions.first().is_some_and(|first| first.file != question.file))
}

/// Says what was written and what to type next.
fn tell(
    wish: &Wish<'_>,
    written: &Written,
    writes: &[Write],
    findings: &trial::Findings,
    output: &Output,
) -> Result<Exit, Failure> {
    let within = wish.shown.map(|folder| format!(" -C {}", quoted(&folder.to_string_lossy()))).unwrap_or_default();
    // A period that was asked for need not be the first after the data.
    let period = wish.plan.map(|_| format!(" {}", written.period)).unwrap_or_default();
    let next = [format!("qd propose{period}{within}"), format!("qd check{within}")];
    if output.json {
        let sheets = written.sheets.iter().map(|sheet| Sheet {
            file: &sheet.file,
            source: &sheet.source,
            metrics: &sheet.metrics,
            grain: sheet.grain,
            gaps: sheet.gaps,
        });
        output.object(&Imported {
            sheets: sheets.collect(),
            files: writes.iter().map(|write| write.path.as_str()).collect(),
            period: &written.period,
            guesses: written.guesses,
            warnings: findings.warnings,
            next: &next,
        })?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for sheet in &written.sheets {
        let span = sheet.span.as_ref().map(|(first, last)| format!(", {first} to {last}")).unwrap_or_default();
        text.push_str(&format!("Read {}: {}{span}\n", sheet.file, count(sheet.metrics.len(), "metric")));
        text.push_str(&wrapped(&sheet.metrics, output.width));
    }
    text.push_str(&format!("\nWrote into {}:\n", wish.shown.unwrap_or(Path::new(".")).display()));
    let width =
        writes.iter().map(|write| unicode_width::UnicodeWidthStr::width(write.path.as_str())).max().unwrap_or(0);
    for write in writes {
        let pad = " ".repeat(width - unicode_width::UnicodeWidthStr::width(write.path.as_str()).min(width));
        text.push_str(&format!("  {}{pad}  {}\n", write.path, what(&write.path, &written.period)));
    }
    text.push_str(&format!(
        "\nWhat was guessed ({} {}) stands in the files under metrics/, beside the line it made.\n",
        written.guesses,
        if written.guesses == 1 { "line" } else { "lines" },
    ));
    if findings.warnings > 0 {
        text.push_str("Who owns each metric, and why it matters, is yours to say; nothing waits for it.\n");
    }
    let bold = anstyle::Style::new().bold();
    text.push_str("\nNext:\n");
    let width = next.iter().map(String::len).max().unwrap_or(0);
    for (command, does) in
        next.iter().zip(["propose targets with their chances, and write the page", "see what is left to say"])
    {
        let pad = " ".repeat(width - command.len());
        text.push_str(&format!("  {bold}{command}{bold:#}{pad}   {does}\n"));
    }
    output.result(&text);
    Ok(Exit::Done)
}

/// Names in lines of a width, indented.
fn wrapped(names: &[String], width: usize) -> String {
    let (mut text, mut line) = (String::new(), String::from(" "));
    for (at, name) in names.iter().enumerate() {
        let comma = if at + 1 < names.len() { "," } else { "" };
        if line.len() + name.len() + 2 > width && line.len() > 1 {
            text.push_str(&format!("{line}\n"));
            line = String::from(" ");
        }
        line.push_str(&format!(" {name}{comma}"));
    }
    text + &line + "\n"
}

/// What a file of a workspace is for.
fn what(path: &str, period: &str) -> String {
    if path == SETTINGS {
        "settings: currency, calendar".into()
    } else if path.starts_with("metrics/") {
        "what each number means".into()
    } else if path.starts_with("plans/") {
        format!("a first draft of the targets for {period}")
    } else {
        "a copy of your file".into()
    }
}
