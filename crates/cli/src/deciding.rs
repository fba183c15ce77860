//! What commands that decide about targets share: what they decide is computed again from the frozen files before anything
//! is written, and the pages follow.

use crate::args::Decided;
use crate::error::Failure;
use crate::files::{Action, Lock, Write};
use crate::output::Output;
use crate::pages::{self, Page};
use crate::paths;
use crate::reading;
use crate::recompute;
use crate::rendering;
use crate::settings::Settings;
use crate::standing::{self, Ledgers, Texts};
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::TextFile;
use quarterdeck_plan::ledger::{self, Accepted, Approval, Difference, Entry, FrozenTexts, Ledger, Reason};
use quarterdeck_plan::{Odds, Proposal};
use quarterdeck_report::number::Levels;

/// A decision about accepted targets of one metric, with the ledger held until it is written.
pub struct Decision {
    /// The workspace.
    pub workspace: Workspace,
    /// Who, why and when.
    pub why: Reason,
    /// The ledger as it stands.
    pub held: Held,
    /// The ledger as it is to be.
    pub changed: Ledger,
    /// The targets meant.
    pub names: Vec<String>,
}

impl Decision {
    /// Finds the targets and holds their ledger.
    pub fn about(metric: &str, said: &Decided, settings: &Settings, output: &Output) -> Result<Decision, Failure> {
        let workspace = Workspace::open(settings)?;
        let period = accepted_period(said.period.as_deref(), metric, &workspace)?;
        let on = day(said.on, settings, &workspace, period, output)?;
        let why = Reason { by: Some(said.by.clone()), because: said.because.clone(), on };
        let held = Held::take(&workspace, period, output)?;
        let changed = held.whole.ledger.clone();
        let names = ledger::meant(&changed, metric).map_err(|error| Failure::ledger(&error))?;
        Ok(Decision { workspace, why, held, changed, names })
    }
}

/// A ledger with everything it stands on, recomputed.
pub struct Whole {
    /// The ledger.
    pub ledger: Ledger,
    /// What is frozen beside it.
    pub texts: FrozenTexts,
    /// What was proposed, at the values that count.
    pub proposal: Proposal,
}

/// Freezes what was newly accepted and computes every number of the ledger again from it: what cannot be recomputed is
/// not accepted.
fn freeze(workspace: &Workspace, period: Period, accepted: Accepted, output: &Output) -> Result<Whole, Failure> {
    let old = standing::frozen(workspace, period)?;
    let mut ledger = accepted.ledger;
    let texts = match (accepted.is_new, old) {
        (false, Some(old)) => old,
        (_, old) => {
            super::command::stop_at_errors(workspace, period, output)?;
            let wanted = reading::wanted(&workspace.checked.model, period);
            let as_of = Some(ledger.basis.as_of);
            let loaded = workspace.definitions().read(&wanted, as_of, period.grain(), output)?;
            ledger
                .freeze(&reading::histories(&loaded), &workspace.model_for(period)?, old.as_ref())
                .map_err(|error| Failure::ledger(&error))?
        }
    };
    recomputed(ledger, texts, output)
}

/// Accepts open targets and writes all that follows from it; gives what was taken and the paths written.
pub fn accept(
    workspace: &Workspace,
    lock: &Lock,
    before: &Ledgers,
    who: &Approval,
    metrics: &[String],
    output: &Output,
) -> Result<(Accepted, Vec<String>), Failure> {
    let accepted = ledger::accept(before.accepted.as_ref(), before.proposed.as_ref(), who, metrics)
        .map_err(|error| Failure::ledger(&error))?;
    let period = accepted.ledger.period;
    let whole = freeze(workspace, period, accepted.clone(), output)?;
    let after = Ledgers { accepted: Some(whole.ledger.clone()), proposed: accepted.remaining.clone() };
    let mut writes = vec![
        Write::new(paths::inputs(period), whole.texts.inputs),
        Write::new(paths::definitions(period), whole.texts.definitions),
    ];
    let removes = match &accepted.remaining {
        Some(remaining) => {
            writes.push(Write::new(paths::proposed(period), remaining.to_toml()));
            Vec::new()
        }
        None => vec![paths::proposed(period)],
    };
    writes.extend(pages(workspace, &after, &whole.proposal));
    writes.push(Write::new(paths::accepted(period), whole.ledger.to_toml()));
    let action = Action { writes, removes };
    lock.commit(workspace, &action)?;
    Ok((accepted, action.writes.into_iter().map(|write| write.path).collect()))
}

/// A ledger computed again from its frozen files; what differs is refused.
fn recomputed(ledger: Ledger, texts: FrozenTexts, output: &Output) -> Result<Whole, Failure> {
    let period = ledger.period;
    let texts = Texts { period, path: paths::accepted(period), ledger: ledger.to_toml(), frozen: texts };
    let verification = recompute::offline(&texts.as_frozen(), true, output)?;
    match verification.differences.first() {
        None => Ok(Whole { ledger, texts: texts.frozen, proposal: verification.proposal }),
        Some(first) => Err(refused(first, verification.differences.len(), period)),
    }
}

fn refused(first: &Difference, count: usize, period: Period) -> Failure {
    let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
    Failure::input(format!(
        "the ledger does not say what its data and definitions give: {} is {} there and {} recomputed{more}",
        first.what, first.written, first.recomputed
    ))
    .hint(format!("`qd propose {period}` proposes again; look at it, and accept that"))
    .hint(format!("`qd verify {period}` tells what differs in what is accepted"))
}

/// An accepted ledger that is about to change, read and recomputed while nobody else may change it.
pub struct Held {
    /// The right to change it.
    pub lock: Lock,
    /// What is there.
    pub ledgers: Ledgers,
    /// The accepted ledger with what it stands on.
    pub whole: Whole,
}

impl Held {
    /// Takes hold of a period's accepted ledger.
    pub fn take(workspace: &Workspace, period: Period, output: &Output) -> Result<Held, Failure> {
        let lock = Lock::take(workspace)?;
        let ledgers = Ledgers::read(workspace, period)?;
        let (Some(ledger), Some(texts)) = (ledgers.accepted.clone(), Texts::read(workspace, period)?) else {
            return Err(Failure::input(format!("no target of {period} is accepted"))
                .hint(format!("`qd propose {period}` proposes targets, `qd accept --by WHO` takes them")));
        };
        let whole = recomputed(ledger, texts.frozen, output)?;
        Ok(Held { lock, ledgers, whole })
    }

    /// The chances of any value of a target, on the paths it was accepted on.
    pub fn odds(&self, entry: &Entry) -> Option<&Odds> {
        let of = |found: &&quarterdeck_plan::proposal::TargetProposal| {
            found.metric == entry.metric && found.slice == entry.slice
        };
        self.whole.proposal.targets.iter().find(of)?.detail.odds.as_ref()
    }

    /// Writes the changed ledger and the pages that follow from it; gives the paths written.
    pub fn write(self, workspace: &Workspace, changed: Ledger, output: &Output) -> Result<Vec<String>, Failure> {
        self.write_with(workspace, changed, Vec::new(), output)
    }

    /// The same with further files that belong to the change.
    pub fn write_with(
        self,
        workspace: &Workspace,
        changed: Ledger,
        further: Vec<Write>,
        output: &Output,
    ) -> Result<Vec<String>, Failure> {
        let Held { lock, ledgers, whole } = self;
        let whole = recomputed(changed, whole.texts, output)?;
        let after = Ledgers { accepted: Some(whole.ledger.clone()), ..ledgers };
        let mut writes = further;
        writes.extend(pages(workspace, &after, &whole.proposal));
        writes.push(Write::new(paths::accepted(whole.ledger.period), whole.ledger.to_toml()));
        let action = Action::writing(writes);
        lock.commit(workspace, &action)?;
        Ok(action.writes.into_iter().map(|write| write.path).collect())
    }
}

/// The pages to write again: those `propose` writes, and all others that are there. While proposals are open, pages stay
/// the drafts they are.
pub fn pages(workspace: &Workspace, after: &Ledgers, proposal: &Proposal) -> Vec<Write> {
    if !after.is_settled() {
        return Vec::new();
    }
    let standing = after.standing(proposal);
    let always: Vec<String> = pages::leadership().iter().map(|page| page.path(proposal)).collect();
    let phasing = workspace.path(&paths::phasing(proposal.period)).exists();
    let phasing = phasing.then(|| pages::phasing(proposal, &workspace.checked.model));
    let pictures = Page::all_pictures(proposal, &standing, |path| workspace.path(path).exists());
    Page::all(proposal)
        .filter(|page| {
            let path = page.path(proposal);
            always.contains(&path) || workspace.path(&path).exists()
        })
        .map(|page| page.write(proposal, &standing))
        .chain(phasing)
        .chain(pictures)
        .collect()
}

/// The accepted period meant: the one named, or the only one in which a metric has a target in force.
pub fn accepted_period(named: Option<&str>, metric: &str, workspace: &Workspace) -> Result<Period, Failure> {
    if let Some(text) = named {
        return reading::period(text, &workspace.checked.model);
    }
    let mut found = Vec::new();
    let all = standing::periods(workspace, paths::ACCEPTED);
    for period in &all {
        let ledger = standing::ledger(workspace, &paths::accepted(*period))?;
        let meant = |entry: &Entry| (entry.metric == metric || entry.name() == metric) && entry.is_in_force();
        if ledger.is_some_and(|ledger| ledger.targets.iter().any(meant)) {
            found.push(*period);
        }
    }
    match (found.as_slice(), all.as_slice()) {
        ([period], _) => Ok(*period),
        // The one ledger there is knows best what to say about the name.
        ([], [.., last]) => Ok(*last),
        ([], []) => Err(Failure::input("no target is accepted yet")
            .hint("`qd propose` proposes targets, `qd accept --by WHO` takes them")),
        ([..], _) => {
            let names: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(Failure::input(format!("`{metric}` has targets in several periods: {}", rendering::names(&names)))
                .hint("`--period PERIOD` says which one is meant"))
        }
    }
}

/// The day on which something is decided: the one said, or the last one the data covers. There is no clock in it.
pub fn day(
    said: Option<NaiveDate>,
    settings: &Settings,
    workspace: &Workspace,
    period: Period,
    output: &Output,
) -> Result<NaiveDate, Failure> {
    if let Some(day) = said.or(settings.as_of) {
        return Ok(day);
    }
    let wanted = reading::wanted(&workspace.checked.model, period);
    let loaded = workspace.definitions().read(&wanted, None, period.grain(), output);
    loaded.map(|loaded| loaded.as_of).map_err(|failure| failure.hint("`--on DATE` says on which day this is decided"))
}

/// A target's value as a person types it, read as the language reads `set:` (`94.5%`, `12k`, `1_200 GBP`).
pub fn value(metric: &str, typed: &str, workspace: &Workspace) -> Result<f64, Failure> {
    Ok(read_as("set", metric, typed, workspace)?.0)
}

/// A chance as a person types it, read as the language reads `confidence:` (`65%`).
pub fn chance(metric: &str, typed: &str, workspace: &Workspace) -> Result<f64, Failure> {
    Ok(read_as("confidence", metric, typed, workspace)?.1)
}

/// The value and the confidence of a target that says only this.
fn read_as(key: &str, metric: &str, typed: &str, workspace: &Workspace) -> Result<(f64, f64), Failure> {
    const FILE: &str = "--to";
    let whole = metric.split('[').next().unwrap_or(metric);
    let none = || {
        let example = if key == "set" { "94.5%, 12k or 1_200, as in `set:`" } else { "65%, as in `confidence:`" };
        Failure::input(format!("`{typed}` is no {}", if key == "set" { "value" } else { "chance" }))
            .hint(format!("write it as {example}"))
    };
    if typed.contains(['{', '}', '#', '\n']) || typed.trim().is_empty() {
        return Err(none());
    }
    // A plan far outside every other one lends its syntax.
    let text = format!("plan 2200-Q4 {{ target {whole} {{ {key}: {typed}\nbecause: \"-\" }} }}\n");
    let checked = workspace.with_text(TextFile::new(FILE, text));
    let here = |error: &&quarterdeck_lang::Diagnostic| {
        error.span.and_then(|span| checked.files.get(span.file)).is_some_and(|file| file.path() == FILE)
    };
    if let Some(first) = checked.errors().find(here) {
        // Those about syntax speak of a text nobody wrote.
        let failure = if first.code.starts_with("E0") {
            none()
        } else {
            Failure::input(format!("`{typed}` for `{metric}`: {}", first.message))
        };
        return Err(first.hints.iter().fold(failure, |failure, hint| failure.hint(hint.as_str())));
    }
    let plan = checked.model.plans.iter().find(|(period, _)| period.year() == 2200).map(|(_, plan)| plan);
    let target = plan.and_then(|plan| plan.targets.first()).ok_or_else(none)?;
    Ok((if key == "set" { target.set.ok_or_else(none)? } else { 0.0 }, target.confidence))
}

/// How an entry's levels are written: as precisely as its forecast deserves, its offers whole.
pub fn levels(entry: &Entry, workspace: &Workspace) -> Levels {
    let model = &workspace.checked.model;
    let spread = entry.forecast.map(|fan| fan.p90 - fan.p10);
    let offers = [entry.proposed.commit, entry.proposed.target, entry.proposed.stretch, entry.in_force];
    let exact: Vec<f64> = offers.iter().flatten().map(|offer| offer.value).collect();
    let unit = model.metrics.get(&entry.metric).map(|metric| &metric.unit);
    Levels::new(unit, &model.settings.currency, spread, &exact)
}
