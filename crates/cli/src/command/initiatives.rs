//! `qd initiatives`: what each initiative is worth to the plan's chances.

use crate::args::Initiatives;
use crate::command::propose;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::view;
use crate::workspace::Workspace;

/// Ranks the initiatives of a period.
pub fn run(args: &Initiatives, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    propose::stop_at_errors(&workspace, period, output)?;
    let chosen = reading::choose(workspace.definitions(), period, settings.as_of, output)?;
    let histories = reading::histories(&chosen.loaded);
    let inputs = reading::inputs(model, &histories, chosen.loaded.as_of, reading::seed(settings, model));
    let working = output.working("forecasting");
    let ranking = quarterdeck_plan::gains::rank(&inputs, chosen.period).map_err(|error| Failure::plan(&error))?;
    drop(working);
    chosen.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if output.json {
        output.object(&ranking)?;
    } else {
        output.result(&view::initiatives::text(&ranking, output.width));
    }
    Ok(Exit::Done)
}
