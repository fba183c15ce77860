//! `qd amend`: an accepted target changed with a reason; what it was stays.

use crate::args::Amend;
use crate::deciding::{self, Decision};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace::Workspace;
use anstyle::Style;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{self, Amendment, Entry, Ledger, Wanted};
use quarterdeck_plan::proposal::{Offer, State};
use quarterdeck_report::number;
use schemars::JsonSchema;
use serde::Serialize;

/// Changes a target.
pub fn run(args: &Amend, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let Decision { workspace, why, held, mut changed, names } =
        Decision::about(&args.metric, &args.decided, settings, output)?;
    let (on, period) = (why.on, changed.period);
    let wanted = match (&args.to, &args.confidence) {
        (Some(to), _) => Wanted::Value(deciding::value(&args.metric, to, &workspace)?),
        (None, Some(chance)) => Wanted::Confidence(deciding::chance(&args.metric, chance, &workspace)?),
        (None, None) => Wanted::Definition,
    };
    if names.len() > 1 && wanted != Wanted::Definition {
        return Err(Failure::input(format!("`{}` has several targets, and one value is given", args.metric))
            .hint(format!("name one of {}", crate::rendering::names(&names))));
    }
    for name in &names {
        let odds = changed.target(name).and_then(|entry| held.odds(entry)).cloned();
        ledger::amend(&mut changed, name, wanted, &why, odds.as_ref(), &workspace.checked.model)
            .map_err(|error| Failure::ledger(&error))?;
    }
    let files = held.write(&workspace, changed.clone(), output)?;
    if output.json {
        let amended = names.iter().filter_map(|name| changed.target(name)).map(Target::of).collect();
        let Ledger { period, starts, ends, .. } = changed;
        let (by, because) = (&args.decided.by, args.decided.because.as_deref());
        output.object(&Amended { period, starts, ends, by, because, on, amended, files: &files })?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let mut text = String::new();
    for entry in names.iter().filter_map(|name| changed.target(name)) {
        text.push_str(&format!(
            "Amended {bold}{}{bold:#} for {period}: {}\n",
            entry.name(),
            words(entry, &changed, &workspace)
        ));
    }
    text.push_str(&format!(
        "  because: {} ({}, {on})\n",
        args.decided.because.as_deref().unwrap_or_default(),
        args.decided.by
    ));
    text.push_str(&format!("Wrote {}\n", files.join("\n      ")));
    text.push_str(&format!("Next: commit these files; {bold}qd track {period}{bold:#} follows the amended target\n"));
    output.result(&text);
    Ok(Exit::Done)
}

/// From what to what, with both chances.
fn words(entry: &Entry, ledger: &Ledger, workspace: &Workspace) -> String {
    let levels = deciding::levels(entry, workspace);
    let chance = |p: Option<f64>| p.map_or("no P(hit)".to_owned(), |p| format!("P(hit) {}", number::chance(p)));
    let before = match entry.amendments.len().checked_sub(2).and_then(|at| entry.amendments.get(at)) {
        Some(amendment) => amendment.target,
        None => entry.adjusted.as_ref().map_or(entry.proposed.target, |adjusted| {
            Some(Offer {
                value: adjusted.value,
                p_hit: adjusted.p_hit,
                p_hit_without_plan: adjusted.p_hit_without_plan,
            })
        }),
    };
    let (Some(before), Some(now)) = (before, entry.target()) else { return "it stands".to_owned() };
    let as_of = ledger.basis_of(entry).map_or(String::new(), |basis| format!(", as of {}", basis.as_of));
    if before.value == now.value {
        return format!("{} stands ({}{as_of})", levels.with_unit(now.value), chance(now.p_hit));
    }
    let (from, to) = (levels.level(before.value), levels.with_unit(now.value));
    let p = match (before.p_hit, now.p_hit) {
        (Some(before), Some(now)) => format!("P(hit) {} → {}", number::chance(before), number::chance(now)),
        _ => "no P(hit)".to_owned(),
    };
    format!("{from} → {to} ({p}{as_of})")
}

/// The object of `qd amend --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Amended<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// Who.
    by: &'a str,
    /// Why.
    because: Option<&'a str>,
    on: NaiveDate,
    amended: Vec<Target<'a>>,
    /// The files that were written.
    files: &'a [String],
}

/// An amended target.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Target<'a> {
    metric: &'a str,
    slice: Option<&'a str>,
    state: State,
    /// What counts now.
    target: Option<Offer>,
    confidence: f64,
    /// What was proposed.
    original: Option<Offer>,
    /// Every amendment, oldest first.
    amendments: &'a [Amendment],
}

impl Target<'_> {
    fn of(entry: &Entry) -> Target<'_> {
        Target {
            metric: &entry.metric,
            slice: entry.slice.as_deref(),
            state: entry.state,
            target: entry.target(),
            confidence: entry.confidence_in_force(),
            original: entry.proposed.target,
            amendments: &entry.amendments,
        }
    }
}
