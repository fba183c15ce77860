//! The numbers on a tree: each metric's last complete quarter, and its target with the chance of being met.
//!
//! A tree is drawn whether or not there is data: what cannot be read is told in a line, and its nodes have no number.

use crate::output::Output;
use crate::paths;
use crate::standing;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_data::{Loaded, Observed, Wanted};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Metric;
use quarterdeck_plan::ledger::{Entry, Ledger};
use quarterdeck_plan::proposal::{Actual, State};
use quarterdeck_report::number::{Levels, chance};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The numbers of a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// The last day that counted; none where no data could be read.
    pub as_of: Option<NaiveDate>,
    /// By metric.
    pub of: BTreeMap<String, Known>,
    /// Why some or all have none.
    pub missing: Vec<String>,
}

/// What is known of a metric.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Its last complete quarter, or the last complete period of its own where no quarter is.
    pub last: Option<Actual>,
    /// What it is to reach.
    pub target: Option<Aim>,
}

/// A target of a ledger or a proposal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Aim {
    /// The period.
    pub period: Period,
    /// In the metric's unit; a share as a fraction.
    pub value: f64,
    /// The chance of meeting it; none where there is too little history.
    pub p_hit: Option<f64>,
    /// Where it stands.
    pub state: State,
}

impl Numbers {
    /// Reads what there is for these metrics.
    pub fn read(workspace: &Workspace, metrics: &[&Metric], as_of: Option<NaiveDate>, output: &Output) -> Numbers {
        let mut numbers = Numbers::default();
        let names: Vec<String> = metrics.iter().map(|metric| metric.name.clone()).collect();
        let read = |names: &[String]| {
            let wanted: Vec<Wanted> = names.iter().map(|name| Wanted::whole(name.clone())).collect();
            workspace.definitions().read(&wanted, as_of, Grain::Quarter, output)
        };
        match read(&names) {
            Ok(loaded) => numbers.add(&loaded, &workspace.checked.model),
            // One source that cannot be read leaves the numbers of the others.
            Err(_) => {
                let mut failed: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for name in &names {
                    match read(std::slice::from_ref(name)) {
                        Ok(loaded) => numbers.add(&loaded, &workspace.checked.model),
                        Err(failure) => failed.entry(failure.to_string()).or_default().push(name.clone()),
                    }
                }
                let told = failed.into_iter().map(|(why, names)| match names.len() == metrics.len() {
                    true => format!("no numbers: {why}"),
                    false => format!("no numbers for {}: {why}", crate::rendering::names(&names)),
                });
                numbers.missing.extend(told);
            }
        }
        numbers.aim(workspace);
        numbers
    }

    fn add(&mut self, loaded: &Loaded, model: &Model) {
        self.as_of = self.as_of.max(Some(loaded.as_of));
        for (name, observed) in &loaded.metrics {
            self.of.entry(name.clone()).or_default().last = last(observed, model, name);
        }
    }

    /// Reads the targets of the period that is open at the as-of date or comes next, and of the latest one where none is.
    fn aim(&mut self, workspace: &Workspace) {
        let calendar = &workspace.checked.model.settings.calendar;
        let mut periods = standing::periods(workspace, paths::ACCEPTED);
        periods.extend(standing::periods(workspace, paths::PROPOSED));
        periods.sort_by_key(|period| (calendar.ends(*period), calendar.starts(*period)));
        periods.dedup();
        let goes_on = |period: &&Period| self.as_of.is_none_or(|day| calendar.ends(**period) > day);
        let Some(period) = periods.iter().find(goes_on).or(periods.last()).copied() else { return };
        // What is accepted wins over what is open.
        for path in [paths::proposed(period), paths::accepted(period)] {
            match standing::ledger(workspace, &path) {
                Ok(ledger) => ledger.iter().for_each(|ledger| self.aim_at(ledger)),
                Err(failure) => self.missing.push(format!("no targets of {period}: {failure}")),
            }
        }
    }

    fn aim_at(&mut self, ledger: &Ledger) {
        let open = |entry: &&Entry| entry.slice.is_none() && !matches!(entry.state, State::Rejected | State::Dropped);
        for entry in ledger.targets.iter().filter(open) {
            let Some(offer) = entry.target() else { continue };
            let aim = Aim { period: ledger.period, value: offer.value, p_hit: offer.p_hit, state: entry.state };
            if let Some(known) = self.of.get_mut(&entry.metric) {
                known.target = Some(aim);
            } else {
                self.of.insert(entry.metric.clone(), Known { last: None, target: Some(aim) });
            }
        }
    }
}

/// The last complete quarter, or period of its own.
fn last(observed: &Observed, model: &Model, name: &str) -> Option<Actual> {
    let quarters = observed.history.quarters.iter().rev();
    let quarter = quarters.into_iter().find(|quarter| quarter.complete && quarter.value.is_finite());
    quarter.map(|quarter| Actual { period: quarter.period, value: quarter.value }).or_else(|| {
        let grain = model.metrics.get(name)?.grain;
        observed.points.iter().rev().filter(|point| point.complete).find_map(|point| {
            let value = point.value.filter(|value| value.is_finite())?;
            Some(Actual { period: model.settings.calendar.period_of(grain, point.start), value })
        })
    })
}

impl Known {
    /// The last number: `26,100 orders in 2026-Q3`.
    pub fn last_words(&self, metric: &Metric, model: &Model) -> Option<String> {
        let last = self.last?;
        Some(format!("{} in {}", self.levels(metric, model).with_unit(last.value), last.period))
    }

    /// The target's level with its period and state, and its chance: `27,180 in 2027-Q1 proposed`, `60 %`.
    pub fn target_words(&self, metric: &Metric, model: &Model) -> Option<(String, String)> {
        let aim = self.target.as_ref()?;
        let state = if aim.state == State::Proposed { " proposed" } else { "" };
        let level = format!("{} in {}{state}", self.levels(metric, model).level(aim.value), aim.period);
        Some((level, aim.p_hit.map_or_else(|| "no chance given".to_owned(), chance)))
    }

    /// One number of digits for both numbers: those in which they differ, and all that the target is written with.
    fn levels(&self, metric: &Metric, model: &Model) -> Levels {
        let exact: Vec<f64> = self.target.iter().map(|aim| aim.value).collect();
        let apart = self.target.as_ref().zip(self.last).map(|(aim, last)| (aim.value - last.value).abs());
        let values: Vec<f64> = exact.iter().copied().chain(self.last.map(|last| last.value)).collect();
        Levels::new(Some(&metric.unit), &model.settings.currency, apart, &exact).without_zeros(&values)
    }
}
