//! `qd drop`: an accepted target withdrawn with a reason; it is counted apart.

use crate::args::Drop;
use crate::deciding::Decision;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;
use anstyle::Style;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{self, Ledger};
use schemars::JsonSchema;
use serde::Serialize;

/// The object of `qd drop --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dropped<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// Who.
    by: &'a str,
    /// Why.
    because: Option<&'a str>,
    on: NaiveDate,
    /// The targets withdrawn.
    dropped: &'a [String],
    /// The targets that stay.
    in_force: &'a [String],
    /// The files that were written.
    files: &'a [String],
}

/// Withdraws a target.
pub fn run(args: &Drop, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let Decision { workspace, why, held, mut changed, names } =
        Decision::about(&args.metric, &args.decided, settings, output)?;
    let on = why.on;
    for name in &names {
        ledger::drop_target(&mut changed, name, &why, &workspace.checked.model)
            .map_err(|error| Failure::ledger(&error))?;
    }
    let in_force: Vec<String> =
        changed.targets.iter().filter(|entry| entry.is_in_force()).map(|entry| entry.name()).collect();
    let Ledger { period, starts, ends, .. } = changed;
    let files = held.write(&workspace, changed, output)?;
    if output.json {
        output.object(&Dropped {
            period,
            starts,
            ends,
            by: &args.decided.by,
            because: args.decided.because.as_deref(),
            on,
            dropped: &names,
            in_force: &in_force,
            files: &files,
        })?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let mut text = format!("Withdrawn from {period}: {bold}{}{bold:#}\n", names.join(", "));
    text.push_str(&format!(
        "  because: {} ({}, {on})\n",
        args.decided.because.as_deref().unwrap_or_default(),
        args.decided.by
    ));
    text.push_str("It stays in the ledger and is counted apart on the scoreboard.\n");
    text.push_str(&match in_force.as_slice() {
        [] => format!("No target of {period} is in force any more.\n"),
        names => format!("Still in force: {}\n", names.join(", ")),
    });
    text.push_str(&format!("Wrote {}\n", files.join("\n      ")));
    text.push_str(&format!("Next: commit these files; {bold}qd track {period}{bold:#} follows what is in force\n"));
    output.result(&text);
    Ok(Exit::Done)
}
