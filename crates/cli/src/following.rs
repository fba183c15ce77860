//! What following or closing a period reads: its ledger, what was frozen beside it, its log, and today's series.

use crate::error::Failure;
use crate::output::Output;
use crate::paths;
use crate::reading;
use crate::recompute;
use crate::settings::Settings;
use crate::standing::{self, Texts};
use crate::workspace::Workspace;
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::Period;
use quarterdeck_data::{Loaded, Wanted};
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Length;
use quarterdeck_plan::ledger::{Entry, Ledger, Stand};
use quarterdeck_plan::pace::Pace;
use quarterdeck_plan::track::compute::Arrived;
use quarterdeck_plan::track::{Day, Log, Track, track};
use quarterdeck_plan::{Inputs, Proposal};
use std::collections::BTreeMap;

/// A period with accepted targets, and everything that is known of it on a day.
pub struct Followed {
    /// Its ledger.
    pub ledger: Ledger,
    /// What its targets stand on.
    pub stands: Vec<Stand>,
    /// The plan's path of each target, as recomputed from what was frozen.
    pub paces: BTreeMap<String, Pace>,
    /// Its log.
    pub log: Log,
    /// Today's series.
    pub loaded: Loaded,
}

impl Followed {
    /// Reads a period's files and today's data.
    pub fn read(
        workspace: &Workspace,
        period: Option<Period>,
        settings: &Settings,
        output: &Output,
    ) -> Result<Followed, Failure> {
        let period = match period {
            Some(period) => period,
            None => reached(workspace, settings, output)?,
        };
        let texts = Texts::read(workspace, period)?.ok_or_else(|| nothing_accepted(workspace, period))?;
        let ledger = Ledger::from_toml(&texts.path, &texts.ledger).map_err(|error| Failure::ledger(&error))?;
        let stands = ledger.stands(&texts.frozen).map_err(|error| Failure::ledger(&error))?;
        let verification = recompute::offline(&texts.as_frozen(), false, output)?;
        if !verification.differences.is_empty() {
            output.talk(&format!(
                "note: the ledger says other numbers than are recomputed; `qd verify {period}` shows them"
            ));
        }
        let log = log(workspace, period)?;
        crate::command::stop_at_errors(workspace, period, output)?;
        let loaded = read(workspace, &ledger, settings.as_of, output)?;
        Ok(Followed { ledger, stands, paces: paces(verification.proposal), log, loaded })
    }

    /// Where its targets stand.
    pub fn track(&self, workspace: &Workspace, settings: &Settings, output: &Output) -> Result<Track, Failure> {
        let model = &workspace.checked.model;
        let seed = reading::seed(settings, model);
        let now = reading::histories(&self.loaded);
        let week_ago = self.loaded.as_of.checked_sub_days(Days::new(7));
        // Data that was not there a week ago gives no chance to compare with.
        let before = week_ago.and_then(|day| read(workspace, &self.ledger, Some(day), &output.quietly()).ok());
        let before = before.map(|loaded| (loaded.as_of, reading::histories(&loaded)));
        let arrived = arrived(model, &self.loaded);
        let today = inputs(model, &now, self.loaded.as_of, seed);
        let last_week = before.as_ref().map(|(as_of, histories)| inputs(model, histories, *as_of, seed));
        let (week_ago, log, paces) = (last_week.as_ref(), &self.log, &self.paces);
        let day = Day { inputs: &today, week_ago, log, paces, arrived: &arrived };
        let _working = output.working("forecasting");
        Ok(track(&self.ledger, &self.stands, &day))
    }
}

/// The paths of a proposal's targets, by the names of their series.
fn paces(proposal: Proposal) -> BTreeMap<String, Pace> {
    let named = proposal.targets.into_iter().filter_map(|target| {
        let name = match &target.slice {
            Some(slice) => format!("{}[{slice}]", target.metric),
            None => target.metric.clone(),
        };
        Some((name, target.detail.pace?))
    });
    named.collect()
}

/// What a computation is made from today.
pub fn inputs<'a>(
    model: &'a Model,
    histories: &'a BTreeMap<String, History>,
    as_of: NaiveDate,
    seed: u64,
) -> Inputs<'a> {
    let paths = model.settings.forecast.paths;
    Inputs { model, histories, as_of, seed, paths, version: env!("CARGO_PKG_VERSION") }
}

/// The log of a period; an empty one where there is none yet.
pub fn log(workspace: &Workspace, period: Period) -> Result<Log, Failure> {
    let path = paths::log(period);
    let text = workspace.read_if_there(&path)?.unwrap_or_default();
    Log::read(&path, &text).map_err(|error| Failure::ledger(&error))
}

/// Reads the series of a ledger's targets and of all they need, as today's definitions say.
fn read(workspace: &Workspace, ledger: &Ledger, as_of: Option<NaiveDate>, output: &Output) -> Result<Loaded, Failure> {
    let model = &workspace.checked.model;
    let mut wanted = reading::wanted(model, ledger.period);
    for entry in ledger.targets.iter().filter(|entry| model.metrics.contains_key(&entry.metric)) {
        wanted.extend(of_entry(workspace, entry)?);
    }
    let mut names = std::collections::BTreeSet::new();
    wanted.retain(|each| names.insert(each.series_name()));
    workspace.definitions().read(&wanted, as_of, ledger.period.grain(), output)
}

/// What a target of a ledger needs, though its plan may have gone since.
fn of_entry(workspace: &Workspace, entry: &Entry) -> Result<Vec<Wanted>, Failure> {
    let model = &workspace.checked.model;
    let slice = entry.slice.as_deref().map(|text| reading::slice(&entry.metric, text, workspace)).transpose()?;
    let guards = entry.guards.iter().map(|guard| guard.metric.as_str());
    let known = guards.filter(|metric| model.metrics.contains_key(*metric));
    let own = Wanted { metric: entry.metric.clone(), slice };
    Ok(known.map(Wanted::whole).chain([own]).collect())
}

/// How far the sources of each series reach.
fn arrived(model: &Model, loaded: &Loaded) -> BTreeMap<String, Arrived> {
    let of = |sources: &[String]| {
        let last = sources.iter().filter_map(|source| Some(loaded.sources.get(source)?.last)).min()?;
        let fresh = sources.iter().filter_map(|source| model.sources.get(source)?.fresh.map(Length::days));
        let due = sources.iter().filter_map(|source| {
            let arrives = model.sources.get(source)?.export.arrives?;
            Some(arrives.arrived(&model.settings.calendar, loaded.as_of))
        });
        Some(Arrived { last, fresh: fresh.reduce(f64::max), due: due.min() })
    };
    let known = loaded.metrics.iter().filter_map(|(name, observed)| Some((name.clone(), of(&observed.sources)?)));
    known.collect()
}

/// The accepted period that the data reaches into: the latest that has begun, else the first.
fn reached(workspace: &Workspace, settings: &Settings, output: &Output) -> Result<Period, Failure> {
    let periods = standing::periods(workspace, paths::ACCEPTED);
    let calendar = &workspace.checked.model.settings.calendar;
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Err(Failure::input("no target is accepted yet, so there is nothing to follow")
            .hint("`qd propose` proposes targets, `qd accept` takes them"));
    };
    let day = match settings.as_of {
        Some(day) => day,
        None => {
            let path = paths::accepted(*last);
            let ledger = standing::ledger(workspace, &path)?.ok_or_else(|| nothing_accepted(workspace, *last))?;
            read(workspace, &ledger, None, &output.quietly())?.as_of
        }
    };
    let begun = periods.iter().filter(|period| calendar.starts(**period) <= day);
    // Of those that began on one day the shortest is read most often.
    let latest = begun.max_by_key(|period| (calendar.starts(**period), std::cmp::Reverse(calendar.ends(**period))));
    Ok(*latest.unwrap_or(first))
}

fn nothing_accepted(workspace: &Workspace, period: Period) -> Failure {
    let failure =
        Failure::input(format!("no target of {period} is accepted: there is no `{}`", paths::accepted(period)));
    let others: Vec<String> = standing::periods(workspace, paths::ACCEPTED).iter().map(ToString::to_string).collect();
    let failure = match others.as_slice() {
        [] => failure,
        some => failure.hint(format!("there are accepted targets for {}", crate::rendering::names(some))),
    };
    failure.hint(format!("`qd propose {period}` proposes targets, `qd accept` takes them"))
}
