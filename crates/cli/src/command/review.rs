//! `qd review`: open proposals one by one — accept, adjust with a reason, reject, skip, quit — in the terminal, from a pipe or
//! from options.
//!
//! Every answer is written down before the next question is asked: whoever stops in between loses nothing.

mod answer;
mod show;

use crate::args::Review;
use crate::command::propose;
use crate::deciding;
use crate::error::{Exit, Failure};
use crate::files::{Action, Lock, Write};
use crate::output::Output;
use crate::paths;
use crate::reading::{self, Chosen};
use crate::recompute;
use crate::settings::Settings;
use crate::standing::{self, Ledgers, Texts};
use crate::workspace::Workspace;
use answer::{Answer, Answers};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{self, Approval, Entry, Ledger, Reason};
use quarterdeck_plan::proposal::State;
use quarterdeck_plan::{Odds, Proposal};
use schemars::JsonSchema;
use serde::Serialize;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Goes through the open proposals of a period.
pub fn run(args: &Review, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let period = period(args, &workspace)?;
    let review = Session { args, workspace: &workspace, period, output, proposal: OnceCell::new() };
    let mut done = Done::default();
    if args.is_said() {
        review.said(&mut done)?;
    } else {
        review.asked(&mut done)?;
    }
    review.tell(&done)
}

/// The period meant: the one named, or the only one with open proposals.
fn period(args: &Review, workspace: &Workspace) -> Result<Period, Failure> {
    if let Some(text) = &args.period {
        return reading::period(text, &workspace.checked.model);
    }
    match standing::periods(workspace, paths::PROPOSED).as_slice() {
        [period] => Ok(*period),
        [] => Err(Failure::input("there is nothing to review: no proposal is open").hint("`qd propose` makes one")),
        open => {
            let names: Vec<String> = open.iter().map(ToString::to_string).collect();
            let names = crate::rendering::names(&names);
            Err(Failure::input(format!("proposals of several periods are open: {names}"))
                .hint("`qd review PERIOD` says which one is meant"))
        }
    }
}

/// The object of `qd review --json`: names of targets.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reviewed<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// Accepted now.
    accepted: &'a [String],
    /// Given another value now.
    adjusted: &'a [String],
    /// Rejected now.
    rejected: &'a [String],
    /// Looked at and left as they are.
    skipped: &'a [String],
    /// Still open.
    open: &'a [String],
    /// Rejected, now or before.
    refused: &'a [String],
}

/// What a review came to, by target.
#[derive(Debug, Default)]
struct Done {
    accepted: Vec<String>,
    adjusted: Vec<String>,
    rejected: Vec<String>,
    skipped: Vec<String>,
}

/// A review under way.
struct Session<'a> {
    args: &'a Review,
    workspace: &'a Workspace,
    period: Period,
    output: &'a Output,
    /// What is proposed, computed again where a person's own value asks for its chance.
    proposal: OnceCell<Proposal>,
}

impl Session<'_> {
    /// The open proposals as they are on disk.
    fn open(&self) -> Result<(Ledgers, Ledger), Failure> {
        let ledgers = Ledgers::read(self.workspace, self.period)?;
        let Some(proposed) = ledgers.proposed.clone() else {
            let period = self.period;
            return Err(Failure::input(format!("no proposal for {period} is open"))
                .hint(format!("`qd propose {period}` makes one")));
        };
        Ok((ledgers, proposed))
    }

    /// Does what the options say.
    fn said(&self, done: &mut Done) -> Result<(), Failure> {
        let (_, proposed) = self.open()?;
        let named = |wanted: &[String]| -> Result<Vec<String>, Failure> {
            let found = wanted.iter().map(|name| ledger::meant(&proposed, name)).collect::<Result<Vec<_>, _>>();
            found.map(|names| names.concat()).map_err(|error| Failure::ledger(&error))
        };
        let mut adjust = Vec::new();
        for said in &self.args.adjust {
            let Some((name, value)) = said.rsplit_once('=') else {
                return Err(Failure::input(format!("`--adjust {said}` names no value"))
                    .hint("write it as --adjust orders=12k, with --because \"…\""));
            };
            for name in named(&[name.trim().to_owned()])? {
                adjust.push((name.clone(), deciding::value(&name, value.trim(), self.workspace)?));
            }
        }
        let (accept, reject) = (named(&self.args.accept)?, named(&self.args.reject)?);
        let twice = |name: &&String| reject.contains(name);
        if let Some(name) = accept.iter().find(twice) {
            return Err(Failure::input(format!("`{name}` is both accepted and rejected")));
        }
        self.needs_a_name(!accept.is_empty())?;
        for (name, value) in adjust {
            self.adjust(&name, value, self.args.because.clone(), done)?;
        }
        for name in reject {
            self.reject(&name, self.args.because.clone(), done)?;
        }
        if accept.is_empty() { Ok(()) } else { self.accept(&accept, self.args.by.as_deref(), done) }
    }

    fn needs_a_name(&self, accepts: bool) -> Result<(), Failure> {
        if accepts && self.args.by.is_none() {
            return Err(Failure::input("accepting needs a name").hint("write `--by WHO`"));
        }
        Ok(())
    }

    /// Asks about one after the other.
    fn asked(&self, done: &mut Done) -> Result<(), Failure> {
        let (ledgers, proposed) = self.open()?;
        let mut answers = Answers::new(self.args.by.clone(), self.output);
        let open: Vec<Entry> = proposed.targets.clone();
        for (at, entry) in open.iter().enumerate() {
            let name = entry.name();
            let standing = ledgers.accepted.as_ref().and_then(|ledger| ledger.target(&name));
            let shown =
                show::entry(entry, standing, &proposed, self.workspace, (at + 1, open.len()), self.output.width);
            self.output.talk(&shown);
            loop {
                match answers.next(entry.state == State::Rejected)? {
                    Answer::Quit => return Ok(()),
                    Answer::Skip => done.skipped.push(name.clone()),
                    Answer::Accept => match answers.name()? {
                        Some(by) => self.accept(std::slice::from_ref(&name), Some(&by), done)?,
                        None => continue,
                    },
                    Answer::Reject(because) => self.reject(&name, because.or(self.args.because.clone()), done)?,
                    Answer::Adjust(typed, because) => {
                        let value = match deciding::value(&name, &typed, self.workspace) {
                            Ok(value) => value,
                            // A slip of the pen ends no review on a terminal.
                            Err(failure) if answers.is_terminal() => {
                                self.output.talk(&failure.to_string());
                                continue;
                            }
                            Err(failure) => return Err(failure),
                        };
                        let Some(because) = because.or(self.args.because.clone()).or_else(|| answers.reason()) else {
                            return Err(Failure::input(format!("`{name}` cannot be adjusted without a reason"))
                                .hint("write it after the value, or give `--because`"));
                        };
                        self.adjust(&name, value, Some(because), done)?;
                        // An adjusted value is still open: the next answer says what becomes of it.
                        let (_, now) = self.open()?;
                        if let Some(entry) = now.target(&name) {
                            self.output.talk(&show::adjusted(entry, self.workspace));
                        }
                        continue;
                    }
                }
                break;
            }
        }
        Ok(())
    }

    fn accept(&self, names: &[String], by: Option<&str>, done: &mut Done) -> Result<(), Failure> {
        let lock = Lock::take(self.workspace)?;
        let (before, proposed) = self.open()?;
        let on = self.on(&proposed);
        let who = Approval { by: by.unwrap_or_default().to_owned(), role: self.args.role.clone(), on };
        deciding::accept(self.workspace, &lock, &before, &who, names, self.output)?;
        done.accepted.extend(names.iter().cloned());
        Ok(())
    }

    fn adjust(&self, name: &str, value: f64, because: Option<String>, done: &mut Done) -> Result<(), Failure> {
        let lock = Lock::take(self.workspace)?;
        let (_, mut proposed) = self.open()?;
        let why = self.why(because, &proposed);
        let odds = self.odds(name, &proposed)?;
        ledger::adjust(&mut proposed, name, value, &why, odds).map_err(|error| Failure::ledger(&error))?;
        self.keep(&lock, &proposed)?;
        done.adjusted.push(name.to_owned());
        Ok(())
    }

    fn reject(&self, name: &str, because: Option<String>, done: &mut Done) -> Result<(), Failure> {
        let lock = Lock::take(self.workspace)?;
        let (_, mut proposed) = self.open()?;
        let why = self.why(because, &proposed);
        ledger::reject(&mut proposed, name, &why).map_err(|error| Failure::ledger(&error))?;
        self.keep(&lock, &proposed)?;
        done.rejected.push(name.to_owned());
        Ok(())
    }

    fn keep(&self, lock: &Lock, proposed: &Ledger) -> Result<(), Failure> {
        let mut writes = vec![Write::new(paths::proposed(self.period), proposed.to_toml())];
        let after = Ledgers { proposed: Some(proposed.clone()), ..Ledgers::read(self.workspace, self.period)? };
        // With the last open one refused, the drafts become the pages of what is accepted.
        if after.is_settled()
            && let Some(texts) = Texts::read(self.workspace, self.period)?
        {
            let verification = recompute::offline(&texts.as_frozen(), false, self.output)?;
            writes.extend(deciding::pages(self.workspace, &after, &verification.proposal));
        }
        lock.commit(self.workspace, &Action::writing(writes))
    }

    fn on(&self, proposed: &Ledger) -> NaiveDate {
        self.args.on.unwrap_or(proposed.basis.as_of)
    }

    fn why(&self, because: Option<String>, proposed: &Ledger) -> Reason {
        Reason { by: self.args.by.clone(), because, on: self.on(proposed) }
    }

    /// The chances of any value of a target; refused where what is proposed is no longer what its data gives.
    fn odds(&self, name: &str, proposed: &Ledger) -> Result<Option<&Odds>, Failure> {
        let proposal = match self.proposal.get() {
            Some(proposal) => proposal,
            None => {
                let fresh = self.again(proposed)?;
                self.proposal.get_or_init(|| fresh)
            }
        };
        let fresh = Ledger::from_proposal(proposal, None, None);
        let same = |entry: &Entry| {
            proposed
                .target(name)
                .is_some_and(|other| other.proposed == entry.proposed && other.data_hash == entry.data_hash)
        };
        if !fresh.target(name).is_some_and(same) {
            return Err(Failure::input(format!(
                "what was proposed for `{name}` is not what its data and definitions give now"
            ))
            .hint(format!("`qd propose {}` proposes again and keeps what was adjusted", self.period)));
        }
        let target = proposal.targets.iter().find(|target| {
            let slice = target.slice.as_ref().map_or(String::new(), |slice| format!("[{slice}]"));
            format!("{}{slice}", target.metric) == name
        });
        Ok(target.and_then(|target| target.detail.odds.as_ref()))
    }

    /// What was proposed, computed again.
    fn again(&self, proposed: &Ledger) -> Result<Proposal, Failure> {
        propose::stop_at_errors(self.workspace, Some(self.period), self.output)?;
        let definitions = self.workspace.definitions();
        let as_of = Some(proposed.basis.as_of);
        let Chosen { period, loaded } = reading::choose(definitions, Some(self.period), as_of, self.output)?;
        let chosen = Chosen { period, loaded };
        propose::propose(&self.workspace.model_for(period)?, &chosen, proposed.basis.seed, self.output)
    }

    fn tell(&self, done: &Done) -> Result<Exit, Failure> {
        let ledgers = Ledgers::read(self.workspace, self.period)?;
        let states: BTreeMap<String, State> = ledgers.proposed.as_ref().map(Ledger::states).unwrap_or_default();
        let of = |wanted: State| {
            states.iter().filter(|(_, state)| **state == wanted).map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let (open, rejected) = (of(State::Proposed), of(State::Rejected));
        if self.output.json {
            let calendar = &self.workspace.checked.model.settings.calendar;
            self.output.object(&Reviewed {
                period: self.period,
                starts: calendar.starts(self.period),
                ends: calendar.ends(self.period),
                accepted: &done.accepted,
                adjusted: &done.adjusted,
                rejected: &done.rejected,
                skipped: &done.skipped,
                open: &open,
                refused: &rejected,
            })?;
        } else {
            self.output.result(&show::summary(self.period, done, &open, &rejected));
        }
        Ok(Exit::Done)
    }
}
