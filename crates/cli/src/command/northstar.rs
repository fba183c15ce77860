//! `qd northstar`: the north star's check, and the sheet of a workshop that finds one.

use crate::args::Northstar;
use crate::error::{Exit, Failure};
use crate::needs::Needs;
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::view;
use crate::workspace::{Shaped, Workspace};
use quarterdeck_calendar::Grain;
use quarterdeck_data::Wanted;
use quarterdeck_lang::Model;
use quarterdeck_plan::Inputs;
use quarterdeck_plan::north_star::{self, Check};
use schemars::JsonSchema;
use serde::Serialize;

/// What `qd northstar` prints.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Stars<'a> {
    /// The last day that counted; none without a metric.
    as_of: Option<chrono::NaiveDate>,
    /// The check of each metric.
    metrics: &'a [Check],
}

/// Checks the north star, or a metric that might become it.
pub fn run(args: &Northstar, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let names = candidates(args, &workspace)?;
    if names.is_empty() && !args.workshop {
        return Err(Failure::input("no metric is the north star")
            .hint("`qd northstar --workshop` prints the sheet of a workshop that finds one")
            .hint(
                "`qd northstar METRIC` checks a metric that might become it; then write `role: north star` into it",
            ));
    }
    let checks = check(&names, &workspace, settings, output)?;
    if output.json {
        output.object(&Stars { as_of: checks.1, metrics: &checks.0 })?;
    } else if args.workshop {
        output.result(&view::workshop::sheet(&checks.0, model));
    } else {
        output.result(&view::north_star::text(&checks.0, output.width));
    }
    Ok(Exit::Done)
}

/// The metric named, else every one whose role it is.
fn candidates(args: &Northstar, workspace: &Workspace) -> Result<Vec<String>, Failure> {
    if let Some(metric) = &args.metric {
        return Ok(vec![reading::metric(metric, workspace)?.to_owned()]);
    }
    let is_star = |role: &Option<String>| role.as_deref() == Some("north star");
    let metrics = workspace.checked.model.metrics.values();
    Ok(metrics.filter(|metric| is_star(&metric.role)).map(|metric| metric.name.clone()).collect())
}

/// The checks, and the day they are of; without a metric there is no day.
fn check(
    names: &[String],
    workspace: &Workspace,
    settings: &Settings,
    output: &Output,
) -> Result<(Vec<Check>, Option<chrono::NaiveDate>), Failure> {
    if names.is_empty() {
        return Ok((Vec::new(), None));
    }
    let model = &workspace.checked.model;
    workspace.stop_at_errors(names.to_vec(), None, Shaped::ByNothing, output)?;
    let wanted: Vec<Wanted> =
        Needs::of(model, names.iter().map(String::as_str)).metrics.into_iter().map(Wanted::whole).collect();
    let loaded = workspace.definitions().read(&wanted, settings.as_of, Grain::Quarter, output)?;
    loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    let histories = reading::histories(&loaded);
    let inputs = inputs(model, &histories, loaded.as_of, reading::seed(settings, model));
    Ok((names.iter().filter_map(|name| north_star::check(name, &inputs)).collect(), Some(loaded.as_of)))
}

fn inputs<'a>(
    model: &'a Model,
    histories: &'a std::collections::BTreeMap<String, quarterdeck_forecast::History>,
    as_of: chrono::NaiveDate,
    seed: u64,
) -> Inputs<'a> {
    Inputs { model, histories, as_of, seed, paths: model.settings.forecast.paths, version: env!("CARGO_PKG_VERSION") }
}
