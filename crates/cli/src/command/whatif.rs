//! `qd whatif`: what would follow, and what a target would take.

use crate::args::Whatif;
use crate::command::propose;
use crate::deciding;
use crate::error::{Exit, Failure};
use crate::needs::Needs;
use crate::output::Output;
use crate::reading::{self, Chosen};
use crate::rendering;
use crate::settings::Settings;
use crate::standing::Ledgers;
use crate::view;
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_data::Wanted;
use quarterdeck_lang::TextFile;
use quarterdeck_lang::model::Moves;
use quarterdeck_lang::suggest::nearest;
use quarterdeck_plan::whatif::{Question, whatif};
use std::collections::BTreeSet;

/// Answers a question.
pub fn run(args: &Whatif, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    propose::stop_at_errors(&workspace, period, output)?;
    let mut question = asked(args, &workspace)?;
    let chosen = reading::choose(workspace.definitions(), period, settings.as_of, output)?;
    planned(args, &workspace, chosen.period)?;
    let chosen = with_named(chosen, &question, &workspace, output)?;
    question.standing = standing(&workspace, chosen.period)?;
    let histories = reading::histories(&chosen.loaded);
    let inputs = reading::inputs(model, &histories, chosen.loaded.as_of, reading::seed(settings, model));
    let working = output.working("forecasting");
    let answer = whatif(&inputs, chosen.period, &question).map_err(|error| Failure::plan(&error))?;
    drop(working);
    chosen.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if output.json {
        output.object(&answer)?;
    } else {
        output.result(&view::whatif::text(&answer, &words(args), &model.settings.currency, output.width));
    }
    Ok(Exit::Done)
}

/// What was asked, as typed.
fn words(args: &Whatif) -> Vec<String> {
    let sets = args.set.iter().map(|set| set.replacen('=', " = ", 1));
    let drops = args.drop.iter().map(|name| format!("without {name}"));
    let scenario = args.scenario.iter().map(|name| format!("scenario {name}"));
    scenario.chain(sets).chain(drops).collect()
}

/// The question, its values read as the language reads them.
fn asked(args: &Whatif, workspace: &Workspace) -> Result<Question, Failure> {
    let mut question = Question { without: args.drop.clone(), scenario: args.scenario.clone(), ..Question::default() };
    for typed in &args.set {
        let (name, value) = pair(typed, "--set")?;
        let metric = reading::metric(name, workspace)?;
        match value.starts_with(['+', '-', '−']) {
            true => question.moves.push(change(metric, value, workspace)?),
            false => question.held.push((metric.to_owned(), deciding::value(metric, value, workspace)?)),
        }
    }
    for typed in &args.target {
        let (name, value) = pair(typed, "--target")?;
        let metric = reading::metric(name, workspace)?;
        question.targets.push((metric.to_owned(), deciding::value(metric, value, workspace)?));
    }
    Ok(question)
}

fn pair<'a>(typed: &'a str, option: &str) -> Result<(&'a str, &'a str), Failure> {
    let found = typed.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    found.filter(|(name, value)| !name.is_empty() && !value.is_empty()).ok_or_else(|| {
        Failure::input(format!("`{option} {typed}` names no metric and value"))
            .hint(format!("write `{option} METRIC=VALUE`: sign_ups=12_000, on_time_rate=95%"))
    })
}

/// A change as a person types it, read as the language reads `moves: … by`.
fn change(metric: &str, typed: &str, workspace: &Workspace) -> Result<Moves, Failure> {
    const FILE: &str = "--set";
    let none = || {
        Failure::input(format!("`{typed}` is no change of `{metric}`"))
            .hint("write a change with its sign: +5% or +200; of a share +1pp, or +2% relative")
    };
    let by = typed.trim_start_matches('+').replace('−', "-");
    if by.contains(['{', '}', '#', '\n']) || by.trim().is_empty() {
        return Err(none());
    }
    // A plan far outside every other one lends its syntax.
    let text = format!("plan 2200-Q4 {{ scenario asked {{ moves: {metric} by {by}\n }} }}\n");
    let checked = workspace.with_text(TextFile::new(FILE, text));
    let here = |error: &&quarterdeck_lang::Diagnostic| {
        error.span.and_then(|span| checked.files.get(span.file)).is_some_and(|file| file.path() == FILE)
    };
    if let Some(first) = checked.errors().find(here) {
        if first.code.starts_with("E0") {
            return Err(none());
        }
        let failure = Failure::input(format!("`{typed}` for `{metric}`: {}", first.message));
        return Err(first.hints.iter().fold(failure, |failure, hint| failure.hint(hint.as_str())));
    }
    let plan = checked.model.plans.iter().find(|(period, _)| period.year() == 2200).map(|(_, plan)| plan);
    plan.and_then(|plan| plan.scenarios.first()?.moves.first().cloned()).ok_or_else(none)
}

/// Fails where an initiative or a scenario is not in the period's plan.
fn planned(args: &Whatif, workspace: &Workspace, period: Period) -> Result<(), Failure> {
    let plan = workspace.checked.model.plans.get(&period);
    let initiatives: Vec<&str> =
        plan.iter().flat_map(|plan| &plan.initiatives).map(|initiative| initiative.name.as_str()).collect();
    let scenarios: Vec<&str> =
        plan.iter().flat_map(|plan| &plan.scenarios).map(|scenario| scenario.name.as_str()).collect();
    for (what, names, asked) in
        [("initiative", &initiatives, args.drop.as_slice()), ("scenario", &scenarios, args.scenario.as_slice())]
    {
        let unknown = asked.iter().find(|name| !names.contains(&name.as_str()));
        let Some(name) = unknown else { continue };
        let failure = Failure::input(format!("the plan for {period} has no {what} `{name}`"));
        return Err(match nearest(name, names.iter().copied()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => failure.hint(format!("it has no {what} at all")),
            None => {
                let all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                failure.hint(format!("there are {}", rendering::names(&all)))
            }
        });
    }
    Ok(())
}

/// What was read, and the metrics named besides with all they stand on, up to the same day.
fn with_named(chosen: Chosen, question: &Question, workspace: &Workspace, output: &Output) -> Result<Chosen, Failure> {
    let model = &workspace.checked.model;
    let held = question.held.iter().chain(&question.targets).map(|(name, _)| name.as_str());
    let named = held.chain(question.moves.iter().map(|moves| moves.metric.as_str()));
    let needs = Needs::of(model, named);
    let missing: BTreeSet<&String> =
        needs.metrics.iter().filter(|name| !chosen.loaded.metrics.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(chosen);
    }
    let mut wanted = reading::wanted(model, chosen.period);
    wanted.extend(missing.into_iter().map(|name| Wanted { metric: name.clone(), slice: None }));
    let as_of = Some(chosen.loaded.as_of);
    let loaded = workspace.definitions().read(&wanted, as_of, chosen.period.grain(), output)?;
    Ok(Chosen { loaded, ..chosen })
}

/// The values of targets in force, which count before those that would be proposed now.
fn standing(workspace: &Workspace, period: Period) -> Result<std::collections::BTreeMap<String, f64>, Failure> {
    let ledgers = Ledgers::read(workspace, period)?;
    let entries = ledgers.accepted.iter().flat_map(|ledger| &ledger.targets).filter(|entry| entry.is_in_force());
    let value =
        |entry: &quarterdeck_plan::ledger::Entry| Some((entry.name(), entry.in_force.or(entry.proposed.target)?.value));
    Ok(entries.filter_map(value).collect())
}
