//! Where a period's targets stand: its ledger files, read and told to pages.

use crate::error::Failure;
use crate::files;
use crate::paths;
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_plan::Proposal;
use quarterdeck_plan::ledger::{Entry, Frozen, FrozenTexts, Ledger};
use quarterdeck_plan::proposal::State;
use quarterdeck_plan::propose::in_force::{self, Decided, Decision};
use quarterdeck_report::Standing;

/// The ledgers of a period.
#[derive(Clone, Debug, Default)]
pub struct Ledgers {
    /// What is accepted.
    pub accepted: Option<Ledger>,
    /// What is proposed and open.
    pub proposed: Option<Ledger>,
}

impl Ledgers {
    /// Reads those there are.
    pub fn read(workspace: &Workspace, period: Period) -> Result<Ledgers, Failure> {
        files::settle(workspace)?;
        let accepted = ledger(workspace, &paths::accepted(period))?;
        let proposed = ledger(workspace, &paths::proposed(period))?;
        Ok(Ledgers { accepted, proposed })
    }

    /// Whether nothing of the period is open: every target is accepted or refused.
    pub fn is_settled(&self) -> bool {
        let is_open = |ledger: &Ledger| ledger.targets.iter().any(|entry| entry.state == State::Proposed);
        self.accepted.is_some() && !self.proposed.as_ref().is_some_and(is_open)
    }

    /// What pages say about where the targets stand.
    pub fn standing(&self, proposal: &Proposal) -> Standing {
        let settled = self.is_settled();
        let both = self.accepted.iter().chain(&self.proposed);
        let states = both.flat_map(|ledger| &ledger.targets).map(|entry| (key(entry), entry.state)).collect();
        let Proposal { period, as_of, seed, .. } = proposal;
        let command = match settled {
            true => format!("qd justify {period}"),
            false => format!("qd propose {period} --as-of {as_of} --seed {seed}"),
        };
        Standing {
            draft: !settled,
            approvals: self.accepted.as_ref().map(Ledger::approvals).unwrap_or_default(),
            states,
            verify_id: self.accepted.as_ref().filter(|_| settled).map(Ledger::id).unwrap_or_default(),
            command,
        }
    }
}

/// What pages know a target by.
fn key(entry: &Entry) -> String {
    match &entry.slice {
        Some(slice) => format!("{} for {slice}", entry.metric),
        None => entry.metric.clone(),
    }
}

/// Reads a ledger; `None` where there is none.
pub fn ledger(workspace: &Workspace, path: &str) -> Result<Option<Ledger>, Failure> {
    let text = workspace.read_if_there(path)?;
    text.map(|text| Ledger::from_toml(path, &text)).transpose().map_err(|error| Failure::ledger(&error))
}

impl Workspace {
    /// The definitions, in which longer periods that hold this one have the goals that people accepted for them.
    pub fn model_for(&self, period: Period) -> Result<Model, Failure> {
        let mut model = self.checked.model.clone();
        let calendar = model.settings.calendar.clone();
        let (starts, ends) = (calendar.starts(period), calendar.ends(period));
        let holds = |other: &Period| calendar.starts(*other) <= starts && ends <= calendar.ends(*other);
        for longer in periods(self, paths::ACCEPTED).into_iter().filter(|other| *other != period && holds(other)) {
            let Some(ledger) = ledger(self, &paths::accepted(longer))? else { continue };
            let goal = |entry: &Entry| {
                let (confidence, because) = (entry.confidence_in_force(), entry.because.clone());
                let what = match entry.state {
                    State::Dropped => Decision::Withdrawn(String::new()),
                    _ => Decision::Value { value: entry.target()?.value, confidence, because },
                };
                Some(Decided { metric: entry.metric.clone(), slice: entry.slice.clone(), what })
            };
            let decided: Vec<Decided> = ledger.targets.iter().filter_map(goal).collect();
            model = in_force::model(&model, longer, &decided).unwrap_or(model);
        }
        Ok(model)
    }
}

/// The texts of an accepted ledger and of what was frozen beside it.
#[derive(Clone, Debug)]
pub struct Texts {
    /// The period.
    pub period: Period,
    /// The ledger's path.
    pub path: String,
    /// The ledger.
    pub ledger: String,
    /// The frozen series and definitions.
    pub frozen: FrozenTexts,
}

impl Texts {
    /// Reads them all; `None` where nothing is accepted for the period.
    pub fn read(workspace: &Workspace, period: Period) -> Result<Option<Texts>, Failure> {
        files::settle(workspace)?;
        let path = paths::accepted(period);
        let Some(ledger) = workspace.read_if_there(&path)? else { return Ok(None) };
        let frozen = frozen(workspace, period)?.ok_or_else(|| {
            let missing = [paths::inputs(period), paths::definitions(period)];
            let missing: Vec<_> = missing.into_iter().filter(|path| !workspace.path(path).exists()).collect();
            Failure::input(format!("`{path}` is there, and {} is not", crate::rendering::names(&missing)))
                .hint("restore it from version control: without it the ledger's numbers cannot be recomputed")
        })?;
        Ok(Some(Texts { period, path, ledger, frozen }))
    }

    /// The same, as `verify` takes them.
    pub fn as_frozen(&self) -> Frozen<'_> {
        Frozen {
            period: self.period,
            ledger: &self.ledger,
            ledger_path: &self.path,
            inputs: &self.frozen.inputs,
            definitions: &self.frozen.definitions,
        }
    }
}

/// What was frozen for a period; `None` where a part is missing.
pub fn frozen(workspace: &Workspace, period: Period) -> Result<Option<FrozenTexts>, Failure> {
    let inputs = workspace.read_if_there(&paths::inputs(period))?;
    let definitions = workspace.read_if_there(&paths::definitions(period))?;
    Ok(inputs.zip(definitions).map(|(inputs, definitions)| FrozenTexts { inputs, definitions }))
}

/// The periods that have a ledger file with this ending (`.toml`, `.proposed.toml`), in order of name.
pub fn periods(workspace: &Workspace, ending: &str) -> Vec<Period> {
    // What cannot be settled here is told by whoever reads one of the files next.
    let _ = files::settle(workspace);
    let Ok(entries) = std::fs::read_dir(workspace.path(paths::TARGETS)) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut periods: Vec<Period> = names.filter_map(|name| name.strip_suffix(ending)?.parse().ok()).collect();
    periods.sort_by_key(|period| workspace.checked.model.settings.calendar.starts(*period));
    periods
}
