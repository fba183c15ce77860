//! `qd propose`: the main job.

use crate::args::Propose;
use crate::error::{Exit, Failure};
use crate::files::{Action, Lock, Write};
use crate::output::Output;
use crate::pages;
use crate::paths;
use crate::reading::{self, Chosen};
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::standing::Ledgers;
use crate::view;
use crate::workspace::{Shaped, Workspace};
use anstyle::Style;
use quarterdeck_calendar::Period;
use quarterdeck_lang::{Model, Subject};
use quarterdeck_plan::Proposal;
use quarterdeck_plan::ledger::Ledger;
use quarterdeck_plan::proposal::Offer;
use quarterdeck_plan::propose::in_force::{self, Decided};
use std::collections::BTreeSet;

/// Proposes a period's targets, writes the proposal and its pages, and prints it.
pub fn run(args: &Propose, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    stop_at_errors(&workspace, period, output)?;
    let chosen = reading::choose(workspace.definitions(), period, settings.as_of, output)?;
    if period.is_none() {
        stop_at_errors(&workspace, Some(chosen.period), output)?;
    }
    let seed = reading::seed(settings, model);
    let model = &workspace.model_for(chosen.period)?;
    let proposal = propose(model, &chosen, seed, output)?;
    let proposed = Proposed { model, chosen: &chosen, proposal };
    let lock = if args.dry_run { None } else { Some(Lock::take(&workspace)?) };
    let (writes, after) = writes(&workspace, &proposed, output)?;
    let action = Action::writing(writes);
    if let Some(lock) = &lock {
        lock.commit(&workspace, &action)?;
    }
    chosen.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    // The text says so by itself.
    if output.json && !model.plans.contains_key(&chosen.period) {
        output.talk(&format!("note: there is no plan for {}: every metric with `better:` is proposed", chosen.period));
    }
    if output.json {
        output.object(&proposed.proposal)?;
        return Ok(Exit::Done);
    }
    if args.csv.csv {
        sheet(&proposed.proposal).print(&args.csv, output)?;
        return Ok(Exit::Done);
    }
    output.result(&view::proposal::text(&proposed.proposal, output.width));
    output.result(&view::decided::text(&after, &workspace, output.width));
    output.result(&afterwards(&action.writes, args.dry_run, chosen.period, &after));
    Ok(Exit::Done)
}

/// A row for each target.
fn sheet(proposal: &Proposal) -> Sheet {
    let mut sheet = Sheet::new(&[
        "period",
        "metric",
        "slice",
        "unit",
        "better",
        "owner",
        "last_period",
        "last_actual",
        "p10",
        "p50",
        "p90",
        "commit",
        "commit_chance",
        "target",
        "target_chance",
        "target_chance_without_plan",
        "stretch",
        "stretch_chance",
        "because",
        "known_by",
    ]);
    for target in &proposal.targets {
        let forecast = target.forecast.map(|fan| [fan.p10, fan.p50, fan.p90]);
        let fan =
            forecast.map_or([Cell::Empty, Cell::Empty, Cell::Empty], |fan| fan.map(|value| Cell::known(Some(value))));
        let offers = &target.proposed;
        let offer = |offer: Option<Offer>| {
            [Cell::known(offer.map(|offer| offer.value)), Cell::known(offer.and_then(|offer| offer.p_hit))]
        };
        let last = target.last_actual;
        let mut row = vec![
            Cell::Text(proposal.period.to_string()),
            Cell::from(target.metric.as_str()),
            Cell::words(target.slice.as_deref()),
            Cell::from(target.unit.as_str()),
            Cell::from(target.better.as_str()),
            Cell::words(target.owner.as_deref()),
            Cell::words(last.map(|last| last.period.to_string())),
            Cell::known(last.map(|last| last.value)),
        ];
        row.extend(fan);
        row.extend(offer(offers.commit));
        row.extend(offer(offers.target));
        row.push(Cell::known(offers.target.and_then(|offer| offer.p_hit_without_plan)));
        row.extend(offer(offers.stretch));
        row.extend([Cell::words(target.because.as_deref()), Cell::Day(target.known_by)]);
        sheet.row(row);
    }
    sheet
}

/// The proposal for what was read.
pub fn propose(model: &Model, chosen: &Chosen, seed: u64, output: &Output) -> Result<Proposal, Failure> {
    let histories = reading::histories(&chosen.loaded);
    let inputs = reading::inputs(model, &histories, chosen.loaded.as_of, seed);
    let _working = output.working("forecasting");
    quarterdeck_plan::propose(&inputs, chosen.period).map_err(|error| Failure::plan(&error))
}

/// Fails with the errors that stand in the way of proposing a period; where none is known yet, with those in anybody's way.
pub fn stop_at_errors(workspace: &Workspace, period: Option<Period>, output: &Output) -> Result<(), Failure> {
    let model = &workspace.checked.model;
    let Some(period) = period else {
        return workspace.stop_at_errors([], None, Shaped::ByEvents, &output.quietly());
    };
    if workspace.checked.blocking(&BTreeSet::new(), Some(period)).is_empty() && !model.plans.contains_key(&period) {
        // Without a plan every metric is meant, those that are broken among them.
        let broken = workspace.checked.errors().filter_map(|error| match &error.subject {
            Some(Subject::Metric(name)) => Some(name.clone()),
            _ => None,
        });
        let all = model.metrics.keys().cloned().chain(broken);
        return workspace.stop_at_errors(all, None, Shaped::ByEvents, output);
    }
    workspace.stop_at_errors([], Some(period), Shaped::ByEvents, output)
}

/// The files of a proposal: none where every target is accepted already. While nothing is open, pages stay those of what is
/// accepted.
fn writes(workspace: &Workspace, proposed: &Proposed<'_>, output: &Output) -> Result<(Vec<Write>, Ledgers), Failure> {
    let proposal = &proposed.proposal;
    let period = proposal.period;
    let before = Ledgers::read(workspace, period)?;
    let ledger = Ledger::from_proposal(proposal, before.accepted.as_ref(), before.proposed.as_ref());
    if ledger.targets.is_empty() && before.accepted.is_some() {
        return Ok((Vec::new(), before));
    }
    let mut writes = vec![Write::new(paths::proposed(period), ledger.to_toml())];
    let after = Ledgers { accepted: before.accepted, proposed: Some(ledger) };
    if !after.is_settled() {
        let shown = in_force(proposed.model, proposed.chosen, &after, proposal.seed, output)?;
        let shown = shown.as_ref().unwrap_or(proposal);
        let standing = after.standing(shown);
        writes.extend(pages::leadership().iter().map(|page| page.write(shown, &standing)));
    }
    Ok((writes, after))
}

/// The proposal at the values that people decided on; `None` where they decided on none.
pub fn in_force(
    model: &Model,
    chosen: &Chosen,
    ledgers: &Ledgers,
    seed: u64,
    output: &Output,
) -> Result<Option<Proposal>, Failure> {
    let both = ledgers.accepted.iter().chain(&ledgers.proposed);
    let decided: Vec<Decided> = both.flat_map(Ledger::decided).collect();
    let in_force = in_force::model(model, chosen.period, &decided);
    in_force.map(|model| propose(&model, chosen, seed, output)).transpose()
}

/// A proposal with what it was made from.
struct Proposed<'a> {
    model: &'a Model,
    chosen: &'a Chosen,
    proposal: Proposal,
}

/// What was written and what to do next.
fn afterwards(writes: &[Write], dry_run: bool, period: Period, after: &Ledgers) -> String {
    let bold = Style::new().bold();
    let accepted = paths::accepted(period);
    if writes.is_empty() {
        return format!("\nEvery target is accepted already ({accepted}); nothing was written.\n");
    }
    if dry_run {
        return format!("\nNothing was written. {bold}qd propose {period}{bold:#} writes the proposal and its page.\n");
    }
    if after.is_settled() {
        return format!(
            "\nNothing is open: what was rejected is proposed at the same value again.\nNext: change the plan and propose again, or {bold}qd review {period}{bold:#} takes the refusal back\n"
        );
    }
    let names: Vec<&str> = writes.iter().map(|write| write.path.as_str()).collect();
    format!(
        "\nWrote {}\nNext: read the page, then {bold}qd review{bold:#} goes through the targets, {bold}qd accept --by WHO{bold:#} takes them\n      all into {accepted}\n",
        names.join("\n      "),
    )
}
