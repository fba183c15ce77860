//! `qd funnel`: the stages of the funnel, their leaks ranked.

use crate::args::Funnel;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::view;
use crate::workspace::{Shaped, Workspace};

/// Ranks the leaks of the funnel.
pub fn run(args: &Funnel, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    let names = quarterdeck_plan::funnel::needed(model);
    workspace.stop_at_errors(names.clone(), None, Shaped::ByEvents, output)?;
    if names.is_empty() {
        return Err(Failure::input("no metric has a stage, and none is the north star").hint(
            "write `stage: acquisition` (activation, retention, referral, revenue) and `role: north star` on metrics",
        ));
    }
    let chosen = reading::named(workspace.definitions(), names, period, settings.as_of, output)?;
    let histories = reading::histories(&chosen.loaded);
    let inputs = reading::inputs(model, &histories, chosen.loaded.as_of, reading::seed(settings, model));
    let working = output.working("forecasting");
    let funnel = quarterdeck_plan::funnel::funnel(&inputs, chosen.period);
    drop(working);
    chosen.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if output.json {
        output.object(&funnel)?;
    } else {
        output.result(&view::funnel::text(&funnel, &model.settings.currency, output.width));
    }
    Ok(Exit::Done)
}
