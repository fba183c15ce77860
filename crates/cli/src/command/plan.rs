//! `qd plan`: the next plan's file, begun from the last one.

use crate::args::Plan;
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::output::Output;
use crate::reading::{self, Chosen};
use crate::rendering;
use crate::settings::Settings;
use crate::standing::Ledgers;
use crate::workspace::Workspace;
use anstyle::Style;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::{Model, TextFile};
use quarterdeck_plan::Proposal;
use quarterdeck_plan::carry::{self, Begin, Carried};
use quarterdeck_plan::ledger::Entry;
use quarterdeck_plan::proposal::State;
use quarterdeck_report::number::Levels;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The object of `qd plan --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Planned<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// The plan it was begun from; none where there was none.
    from: Option<Period>,
    /// The file that was written.
    file: &'a str,
    targets: &'a [String],
    /// Initiatives that go on.
    initiatives: &'a [String],
    /// Initiatives that do not.
    ended: Vec<Ended<'a>>,
    /// Risks that stay open.
    risks: &'a [String],
    /// Milestones that lie ahead.
    milestones: &'a [String],
}

/// An initiative that is not carried over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Ended<'a> {
    initiative: &'a str,
    /// Why.
    because: &'a str,
}

/// What came of targets, in words, by metric and slice.
type Landed = BTreeMap<(String, Option<String>), String>;

/// Writes the plan file of a period.
pub fn run(args: &Plan, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let next = reading::period(&args.period, model)?;
    let from = match &args.from {
        Some(text) => Some(known(reading::period(text, model)?, next, model)?),
        None => before(next, model),
    };
    let path = place(&workspace, from, next)?;
    let texts: Vec<TextFile> = workspace.checked.files.iter().map(|(_, file)| file.clone()).collect();
    let begin = |landed: &Landed, as_of| carry::next(&Begin { model, texts: &texts, from, next, as_of, landed });
    let first = begin(&Landed::new(), settings.as_of);
    let ((landed, as_of), note) = match landed(&workspace, &first, &path, from, next, settings, output) {
        Ok(found) => (found, None),
        Err(failure) => {
            let note = format!("what the last period came to could not be read ({failure})");
            ((Landed::new(), settings.as_of), Some(note))
        }
    };
    let carried = begin(&landed, as_of);
    check(&workspace, &path, &carried.text)?;
    let place = workspace.path(&path);
    if place.exists() {
        return Err(is_there(&path));
    }
    let write = Write::new(path.clone(), carried.text.clone());
    files::write_all([(place, &write)])?;
    if let Some(note) = note {
        output.talk(&format!("note: {note}"));
    }
    tell(&workspace, from, next, &carried, &path, output)
}

/// A plan to carry over from, which must be there and lie before the next one.
fn known(from: Period, next: Period, model: &Model) -> Result<Period, Failure> {
    let calendar = &model.settings.calendar;
    if !model.plans.contains_key(&from) {
        let names: Vec<String> = model.plans.keys().map(ToString::to_string).collect();
        let failure = Failure::input(format!("there is no plan for {from} to carry over from"));
        return Err(if names.is_empty() {
            failure.hint(format!("`qd plan {next}` without `--from` begins one"))
        } else {
            failure.hint(format!("there are plans for {}", rendering::names(&names)))
        });
    }
    if calendar.starts(from) >= calendar.starts(next) {
        return Err(Failure::input(format!("{from} does not come before {next}")));
    }
    Ok(from)
}

/// The latest plan of the same length before a period.
fn before(next: Period, model: &Model) -> Option<Period> {
    let calendar = &model.settings.calendar;
    let earlier = model
        .plans
        .keys()
        .filter(|period| period.grain() == next.grain() && calendar.starts(**period) < calendar.starts(next));
    earlier.max_by_key(|period| calendar.starts(**period)).copied()
}

/// Where the new file goes: beside the plan it is begun from. Nothing is ever overwritten.
fn place(workspace: &Workspace, from: Option<Period>, next: Period) -> Result<String, Failure> {
    let plans = &workspace.checked.model.plans;
    if let Some(plan) = plans.get(&next) {
        return Err(Failure::input(format!("there is a plan for {next} already"))
            .at(&plan.place, &workspace.checked.files)
            .hint(format!("change it there; `qd propose {next}` proposes its targets")));
    }
    let beside = from.and_then(|from| plans.get(&from)).map(|plan| plan.place.file.clone());
    let folder = match beside.as_deref().map(|file| file.rsplit_once('/')) {
        Some(Some((folder, _))) => format!("{folder}/"),
        Some(None) => String::new(),
        None => "plans/".to_owned(),
    };
    let path = format!("{folder}{next}.qd");
    if workspace.path(&path).exists() { Err(is_there(&path)) } else { Ok(path) }
}

fn is_there(path: &str) -> Failure {
    Failure::input(format!("`{path}` is there already, and nothing is overwritten"))
        .hint("move it away, or go on with it")
}

/// The new text has to hold with everything else.
fn check(workspace: &Workspace, path: &str, text: &str) -> Result<(), Failure> {
    let checked = workspace.with_text(TextFile::new(path, text));
    let here = |error: &&quarterdeck_lang::Diagnostic| {
        error.span.and_then(|span| checked.files.get(span.file)).is_some_and(|file| file.path() == path)
    };
    let errors: Vec<_> = checked.errors().filter(here).cloned().collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Failure::Definitions { files: checked.files.clone(), diagnostics: errors })
}

/// What came of the last period's targets: as closed, else as the data says; and through which day that is known.
fn landed(
    workspace: &Workspace,
    first: &Carried,
    path: &str,
    from: Option<Period>,
    next: Period,
    settings: &Settings,
    output: &Output,
) -> Result<(Landed, Option<NaiveDate>), Failure> {
    let Some(from) = from else { return Ok((Landed::new(), settings.as_of)) };
    let ledgers = Ledgers::read(workspace, from)?;
    let entries: Vec<Entry> = ledgers.accepted.map(|ledger| ledger.targets).unwrap_or_default();
    let checked = workspace.with_text(TextFile::new(path, first.text.as_str()));
    let definitions = reading::Definitions { root: &workspace.root, model: &checked.model, files: &checked.files };
    let Chosen { period, loaded } = reading::choose(definitions, Some(next), settings.as_of, output)?;
    let chosen = Chosen { period, loaded };
    let proposal = super::propose::propose(&checked.model, &chosen, reading::seed(settings, &checked.model), output)?;
    let words = proposal.targets.iter().map(|target| {
        let entry = entries.iter().find(|entry| entry.metric == target.metric && entry.slice == target.slice);
        let key = (target.metric.clone(), target.slice.clone());
        (key, came_to(from, target, entry, &proposal))
    });
    Ok((words.collect(), Some(proposal.as_of)))
}

/// What came of one target, in words.
fn came_to(
    from: Period,
    target: &quarterdeck_plan::proposal::TargetProposal,
    entry: Option<&Entry>,
    proposal: &Proposal,
) -> String {
    let closed = entry.and_then(|entry| entry.closing.as_ref());
    let found = target.last_actual.filter(|last| last.period == from).map(|last| last.value);
    let actual = closed.and_then(|closing| closing.actual).or(found);
    let aimed = entry.and_then(Entry::target).map(|offer| offer.value);
    let spread = target.forecast.map(|fan| fan.p90 - fan.p10);
    let exact: Vec<f64> = aimed.into_iter().collect();
    let levels = Levels::new(target.detail.unit.as_ref(), &proposal.cover.currency, spread, &exact);
    let landed = match actual {
        Some(actual) => format!("{} landed at {} in {from}", target.metric, levels.with_unit(actual)),
        None => format!("{}: {from} is not complete as of {}", target.metric, proposal.as_of),
    };
    let Some(entry) = entry else { return format!("{landed}; no target was accepted.") };
    let grade = closed.and_then(|closing| closing.grade.as_ref()).map_or(String::new(), |grade| format!(": {grade}"));
    match (entry.state, aimed) {
        (State::Dropped, _) => {
            let why = entry.dropped.as_ref().map_or(String::new(), |dropped| format!(" ({})", dropped.because));
            format!("{landed}; its target was withdrawn{why}.")
        }
        (_, Some(aimed)) => format!("{landed}; the target was {}{grade}.", levels.level(aimed)),
        _ => format!("{landed}."),
    }
}

fn tell(
    workspace: &Workspace,
    from: Option<Period>,
    next: Period,
    carried: &Carried,
    path: &str,
    output: &Output,
) -> Result<Exit, Failure> {
    let calendar = &workspace.checked.model.settings.calendar;
    if output.json {
        let ended = carried.ended.iter().map(|(initiative, because)| Ended { initiative, because });
        output.object(&Planned {
            period: next,
            starts: calendar.starts(next),
            ends: calendar.ends(next),
            from,
            file: path,
            targets: &carried.targets,
            initiatives: &carried.initiatives,
            ended: ended.collect(),
            risks: &carried.risks,
            milestones: &carried.milestones,
        })?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let begun = from.map_or("from every metric that has a direction".to_owned(), |from| format!("from {from}"));
    let mut text = format!("Wrote {path}, begun {begun}\n");
    let lists = [
        ("Targets", &carried.targets),
        ("Initiatives that go on", &carried.initiatives),
        ("Open risks", &carried.risks),
        ("Milestones ahead", &carried.milestones),
    ];
    for (what, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
        text.push_str(&format!("  {what}: {}\n", names.join(", ")));
    }
    for (name, why) in &carried.ended {
        text.push_str(&format!("  Not carried over: {name}: {why}\n"));
    }
    text.push_str(&format!("Next: say in {path} what is new and why, then {bold}qd propose {next}{bold:#}\n"));
    output.result(&text);
    Ok(Exit::Done)
}
