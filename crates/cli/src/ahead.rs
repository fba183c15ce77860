//! Metrics read and forecast, for the commands that show forecasts by themselves.

use crate::error::Failure;
use crate::needs::Needs;
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_data::{Loaded, Wanted};
use quarterdeck_lang::Model;
use quarterdeck_plan::{Inputs, outlook};

/// What was read, and what was forecast from it.
#[derive(Debug)]
pub struct Ahead {
    /// What was read.
    pub loaded: Loaded,
    /// The forecasts.
    pub future: quarterdeck_forecast::Outlook,
    /// The seed of all draws.
    pub seed: u64,
}

/// Reads metrics with everything they hang together with, and forecasts them for the windows that follow from the as-of date.
pub fn ahead(
    workspace: &Workspace,
    wanted: &[Wanted],
    windows: impl Fn(&Calendar, NaiveDate) -> Vec<Period>,
    settings: &Settings,
    output: &Output,
) -> Result<Ahead, Failure> {
    let model = &workspace.checked.model;
    let loaded = workspace.definitions().read(&with_parts(wanted, model), settings.as_of, Grain::Quarter, output)?;
    let histories = reading::histories(&loaded);
    let seed = reading::seed(settings, model);
    let windows = windows(&model.settings.calendar, loaded.as_of);
    let paths = model.settings.forecast.paths;
    let version = env!("CARGO_PKG_VERSION");
    let inputs = Inputs { model, histories: &histories, as_of: loaded.as_of, seed, paths, version };
    let future = {
        let _working = output.working("forecasting");
        outlook::forecast(&inputs, &windows)
    };
    Ok(Ahead { loaded, future, seed })
}

/// The metrics, the parts they are made of and whatever shares an identity with any of them: of an identity's members all but
/// one are forecast by themselves, and which one is computed is the same as in a proposal only where all are there.
fn with_parts(wanted: &[Wanted], model: &Model) -> Vec<Wanted> {
    let whole = wanted.iter().filter(|each| each.slice.is_none());
    let mut names = Needs::of(model, whole.map(|each| each.metric.as_str())).metrics;
    loop {
        let before = names.len();
        for metric in model.metrics.values().filter(|metric| metric.equals.is_some()) {
            let tied = Needs::of(model, [metric.name.as_str()]).metrics;
            if !tied.is_disjoint(&names) {
                names.extend(tied);
            }
        }
        if names.len() == before {
            break;
        }
    }
    let mut all = wanted.to_vec();
    for each in wanted.iter().filter(|each| each.slice.is_none()) {
        names.remove(&each.metric);
    }
    all.extend(names.into_iter().map(Wanted::whole));
    all
}
