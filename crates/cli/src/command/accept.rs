//! `qd accept`: a yes to proposed targets, and what they stand on frozen beside them.

use crate::args::Accept;
use crate::deciding;
use crate::error::{Exit, Failure};
use crate::files::Lock;
use crate::output::Output;
use crate::paths;
use crate::reading;
use crate::rendering;
use crate::settings::Settings;
use crate::standing::{self, Ledgers};
use crate::workspace::Workspace;
use anstyle::Style;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{Accepted, Approval};
use schemars::JsonSchema;
use serde::Serialize;

/// The object of `qd accept --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Yes<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// Who says yes.
    by: &'a str,
    /// As what.
    role: Option<&'a str>,
    /// The targets accepted, or approved once more.
    accepted: &'a [String],
    /// The targets still proposed.
    open: &'a [String],
    /// The files that were written.
    files: &'a [String],
}

/// Accepts open proposals.
pub fn run(args: &Accept, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let period = period(args, &workspace)?;
    let lock = Lock::take(&workspace)?;
    let before = Ledgers::read(&workspace, period)?;
    let who = who(args, period, &before)?;
    let (accepted, files) = deciding::accept(&workspace, &lock, &before, &who, &args.metrics, output)?;
    tell(args, period, &accepted, &files, output)
}

/// The period meant: the one named, or the only one with open proposals.
fn period(args: &Accept, workspace: &Workspace) -> Result<Period, Failure> {
    if let Some(text) = &args.period {
        return reading::period(text, &workspace.checked.model);
    }
    let open = standing::periods(workspace, paths::PROPOSED);
    match open.as_slice() {
        [period] => Ok(*period),
        [] => match standing::periods(workspace, paths::ACCEPTED).last() {
            // Nothing is open; a further approval of what is accepted may be meant.
            Some(period) if !args.metrics.is_empty() => Ok(*period),
            _ => Err(Failure::input("there is no open proposal").hint("`qd propose` makes one")),
        },
        [..] => {
            let names: Vec<String> = open.iter().map(ToString::to_string).collect();
            Err(Failure::input(format!("proposals of several periods are open: {}", rendering::names(&names)))
                .hint("`--period PERIOD` says which one is meant"))
        }
    }
}

/// Who says yes, and when.
fn who(args: &Accept, period: Period, before: &Ledgers) -> Result<Approval, Failure> {
    let Some(ledger) = before.proposed.as_ref().or(before.accepted.as_ref()) else {
        return Err(Failure::input(format!("there is no proposal for {period}"))
            .hint(format!("`qd propose {period}` makes one")));
    };
    let on = args.on.unwrap_or(ledger.basis.as_of);
    Ok(Approval { by: args.by.clone(), role: args.role.clone(), on })
}

fn tell(
    args: &Accept,
    period: Period,
    accepted: &Accepted,
    files: &[String],
    output: &Output,
) -> Result<Exit, Failure> {
    let open: Vec<String> =
        accepted.remaining.iter().flat_map(|ledger| &ledger.targets).map(|entry| entry.name()).collect();
    if output.json {
        let object = Yes {
            period,
            starts: accepted.ledger.starts,
            ends: accepted.ledger.ends,
            by: &args.by,
            role: args.role.as_deref(),
            accepted: &accepted.taken,
            open: &open,
            files,
        };
        output.object(&object)?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let mut text = format!("Accepted for {period} by {}: {}\n", args.by, accepted.taken.join(", "));
    if !open.is_empty() {
        text.push_str(&format!("Still open: {}\n", open.join(", ")));
    }
    text.push_str(&format!("Wrote {}\n", files.join("\n      ")));
    text.push_str(&format!("Next: commit these files; {bold}qd verify{bold:#} recomputes every number of them\n"));
    output.result(&text);
    Ok(Exit::Done)
}
