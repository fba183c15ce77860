//! Answers of a review: one line each, from a terminal or a pipe.

use crate::error::Failure;
use crate::output::Output;
use std::io::{BufRead, IsTerminal};

/// What is to become of a proposal.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is accepted.
    Accept,
    /// Another value takes its place, with a reason where one was given at once.
    Adjust(String, Option<String>),
    /// It is refused, with a reason where one was given at once.
    Reject(Option<String>),
    /// It stays open.
    Skip,
    /// It and all that follow stay open.
    Quit,
}

/// Where answers come from.
pub struct Answers<'a> {
    by: Option<String>,
    output: &'a Output,
    terminal: bool,
}

impl<'a> Answers<'a> {
    /// Answers on stdin, by a person whose name may be known.
    pub fn new(by: Option<String>, output: &'a Output) -> Answers<'a> {
        Answers { by, output, terminal: std::io::stdin().is_terminal() }
    }

    /// Whether a person answers.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The next answer; the end of the lines quits.
    pub fn next(&self, is_rejected: bool) -> Result<Answer, Failure> {
        let again = if is_rejected { "  (it was rejected; r leaves it so)" } else { "" };
        loop {
            self.output.talk(&format!("[a]ccept  a[d]just VALUE because …  [r]eject because …  [s]kip  [q]uit{again}"));
            let Some(line) = line()? else { return Ok(Answer::Quit) };
            match read(&line) {
                Some(answer) => return Ok(answer),
                None if line.trim().is_empty() && !self.terminal => {}
                None if self.terminal => self.output.talk("answer with a, d, r, s or q"),
                None => {
                    return Err(Failure::input(format!("`{}` is no answer", line.trim()))
                        .hint("each line is one: a, d 12k because …, r because …, s or q"));
                }
            }
        }
    }

    /// Who answers: asked once on a terminal.
    pub fn name(&mut self) -> Result<Option<String>, Failure> {
        if self.by.is_none() {
            if !self.terminal {
                return Err(Failure::input("accepting needs a name").hint("write `--by WHO`"));
            }
            self.output.talk("Who accepts?");
            self.by = line()?.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
        }
        Ok(self.by.clone())
    }

    /// A reason that was not given with the answer: asked for, or the next line.
    pub fn reason(&self) -> Option<String> {
        self.output.talk("Because?");
        line().ok().flatten().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
    }
}

/// A line of stdin; `None` at its end.
fn line() -> Result<Option<String>, Failure> {
    let mut text = String::new();
    match std::io::stdin().lock().read_line(&mut text) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(Failure::input(format!("the answers cannot be read: {error}"))),
    }
}

/// An answer as typed.
fn read(line: &str) -> Option<Answer> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (before, because) = match rest.split_once("because") {
        Some((before, because)) => (before.trim(), Some(because.trim_start_matches(':').trim().to_owned())),
        None => (rest.trim(), None),
    };
    let because = because.filter(|because| !because.is_empty());
    match word.to_lowercase().as_str() {
        "a" | "accept" | "y" | "yes" => Some(Answer::Accept),
        "d" | "adjust" if !before.is_empty() => Some(Answer::Adjust(before.to_owned(), because)),
        "r" | "reject" | "n" | "no" => {
            Some(Answer::Reject(because.or(Some(before.to_owned()).filter(|text| !text.is_empty()))))
        }
        "s" | "skip" => Some(Answer::Skip),
        "q" | "quit" => Some(Answer::Quit),
        _ => None,
    }
}
