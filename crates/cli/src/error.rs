//! What goes wrong, worded, and the exit code it has.

use crate::output::Output;
use crate::rendering;
use quarterdeck_data::DataError;
use quarterdeck_lang::{Diagnostic, Files, model::Place};
use quarterdeck_plan::PlanError;
use quarterdeck_plan::ledger::LedgerError;
use schemars::JsonSchema;
use serde::Serialize;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// It is done.
    Done,
    /// It is done and found something: denied lints, differences.
    Findings,
    /// It cannot be done with these words, files and definitions.
    Input,
    /// A source or the engine failed.
    Engine,
}

impl Exit {
    /// The number a shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Input => 2,
            Exit::Engine => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Why a command did not get to its end.
#[derive(Debug)]
pub enum Failure {
    /// One thing is wrong.
    One(Box<Trouble>),
    /// The definitions are wrong.
    Definitions {
        /// The texts, for showing places.
        files: Files,
        /// What is wrong with them.
        diagnostics: Vec<Diagnostic>,
    },
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The exit code it has.
    pub exit: Exit,
    /// What was found and what was expected.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// The line it stands on, where its text is at hand.
    pub text: Option<String>,
    /// What to do.
    pub hints: Vec<String>,
}

impl Failure {
    /// Something is wrong with what was typed, or with a file.
    pub fn input(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Input, message)
    }

    /// A source or the engine failed.
    pub fn engine(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Engine, message)
    }

    fn new(exit: Exit, message: impl Into<String>) -> Failure {
        let message = message.into();
        Failure::One(Box::new(Trouble { exit, message, place: None, text: None, hints: Vec::new() }))
    }

    /// With what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        if let Failure::One(trouble) = &mut self {
            trouble.hints.push(hint.into());
        }
        self
    }

    /// With where it is.
    pub fn at(mut self, place: &Place, files: &Files) -> Failure {
        if let Failure::One(trouble) = &mut self {
            trouble.text = rendering::line(files, place);
            trouble.place = Some(place.clone()).filter(|place| !place.file.is_empty());
        }
        self
    }

    /// Data that cannot be read as declared.
    pub fn data(error: &DataError, files: &Files) -> Failure {
        Failure::One(Box::new(data(error, files)))
    }

    /// Nothing can be proposed.
    pub fn plan(error: &PlanError) -> Failure {
        let failure = Failure::input(error.to_string());
        match error {
            PlanError::PastPeriod { .. } => failure
                .hint("`qd propose` without a period takes the first one that starts after the data")
                .hint("`--as-of DATE` looks at it from an earlier day"),
            PlanError::NothingToPropose { .. } => {
                failure.hint("write `better: higher` (or lower, or between A and B) where a metric has a direction")
            }
        }
    }

    /// A ledger cannot be used.
    pub fn ledger(error: &LedgerError) -> Failure {
        Failure::input(error.to_string())
    }

    /// The exit code it has.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::One(trouble) => trouble.exit,
            Failure::Definitions { .. } => Exit::Input,
        }
    }

    /// Says it, and as an object too where objects are wanted.
    pub fn report(&self, output: &Output) -> Exit {
        output.error(&match self {
            Failure::One(trouble) => rendering::trouble(trouble, output.width),
            Failure::Definitions { files, diagnostics } => rendering::all(files, diagnostics, output.width),
        });
        if output.json {
            // An object that cannot be written leaves nothing better to say than what stderr has got.
            let _ = output.object(&Told { error: self.value() });
        }
        self.exit()
    }

    fn value(&self) -> Wrong<'_> {
        match self {
            Failure::One(trouble) => Wrong::One {
                message: &trouble.message,
                exit: trouble.exit.code(),
                file: trouble.place.as_ref().map(|place| place.file.as_str()),
                line: trouble.place.as_ref().map(|place| place.line),
                hints: &trouble.hints,
            },
            Failure::Definitions { files, diagnostics } => Wrong::Definitions {
                message: errors(diagnostics.len()),
                exit: self.exit().code(),
                diagnostics: diagnostics.iter().map(|each| rendering::json::diagnostic(files, each)).collect(),
            },
        }
    }
}

/// The object a command that fails prints with `--json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Told<'a> {
    /// What went wrong.
    error: Wrong<'a>,
}

/// What went wrong.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Wrong<'a> {
    /// One thing.
    One {
        message: &'a str,
        /// The exit code.
        exit: u8,
        file: Option<&'a str>,
        line: Option<u32>,
        /// What to do.
        hints: &'a [String],
    },
    /// The definitions.
    Definitions {
        message: String,
        /// The exit code.
        exit: u8,
        diagnostics: Vec<rendering::json::Told<'a>>,
    },
}

/// How many errors the definitions have, in words.
pub fn errors(count: usize) -> String {
    format!("{} in the definitions", rendering::count(count, "error"))
}

/// Words for data that cannot be read, with what to do.
fn data(error: &DataError, files: &Files) -> Trouble {
    let exit = if error.is_engine() { Exit::Engine } else { Exit::Input };
    let place = error.place().filter(|place| !place.file.is_empty()).cloned();
    let text = place.as_ref().and_then(|place| rendering::line(files, place));
    Trouble { exit, message: error.to_string(), place, text, hints: data_hints(error) }
}

/// What to do about data that cannot be read.
pub fn data_hints(error: &DataError) -> Vec<String> {
    match error {
        DataError::MissingFile { nearest, .. } => match nearest {
            Some(nearest) => vec![format!("did you mean `{nearest}`?")],
            None => vec!["paths are relative to the folder that holds quarterdeck.toml".into()],
        },
        DataError::EmptyFile { path, .. } => {
            vec![format!("put the rows into `{path}`, or let the source read another file")]
        }
        DataError::MissingColumn { nearest, columns, .. } => {
            let mut hints: Vec<String> = nearest.iter().map(|name| format!("did you mean `{name}`?")).collect();
            hints.push(format!("it has {}", rendering::names(columns)));
            hints
        }
        DataError::BadValue { hint, .. } | DataError::Meaning { hint, .. } => {
            if hint.is_empty() {
                Vec::new()
            } else {
                vec![hint.clone()]
            }
        }
        DataError::FarFuture { found, .. } => {
            vec![format!(
                "correct the row's date, or say with `--as-of` which day is the last that counts ({found} is in the data)"
            )]
        }
        DataError::Unreadable { .. } | DataError::NotYetComputed { .. } | DataError::Engine(_) => Vec::new(),
    }
}

/// What was typed cannot be understood, or asks for help.
pub fn usage(error: &clap::Error) -> Exit {
    use clap::error::ErrorKind;
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let _ = error.print();
    if asked {
        return Exit::Done;
    }
    // What was typed could not be understood, so whether objects are wanted is looked up by hand.
    if std::env::args_os().any(|arg| arg == "--json") {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        let _ = Output::plain(true).object(&Told {
            error: Wrong::One { message, exit: Exit::Input.code(), file: None, line: None, hints: &[] },
        });
    }
    Exit::Input
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::One(trouble) => f.write_str(&trouble.message),
            Failure::Definitions { diagnostics, .. } => f.write_str(&errors(diagnostics.len())),
        }
    }
}
