//! `qd diff`: what changed in meaning since a git revision. Layout, comments, order and places are no change.

pub(super) mod ledger;
mod words;

use crate::args::{Diff, DiffFormat};
use crate::changes::{self, Change};
use crate::error::{Exit, Failure};
use crate::git;
use crate::output::Output;
use crate::rendering;
use crate::settings::Settings;
use crate::workspace::Workspace;
use quarterdeck_lang::check;
use schemars::JsonSchema;
use serde::Serialize;

/// What changed.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Changes {
    metrics: Vec<Change>,
    sources: Vec<Change>,
    /// Segments, markets, events, plans and settings; `kind` says which.
    others: Vec<Change>,
    targets: Vec<ledger::Moved>,
    stale_targets: Vec<ledger::Stale>,
}

/// Compares the files on disk with those of a revision.
pub fn run(args: &Diff, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    workspace.stop_at_any_error()?;
    let revision = &args.revision;
    let past = git::past(&workspace.root, revision)?;
    if past.settings.is_none() {
        output.error(&format!("note: `{revision}` has no workspace here, so everything is new"));
    }
    let before = check(past.settings, past.texts);
    let errors = before.errors().count();
    if errors > 0 {
        let many = rendering::count(errors, "error");
        output
            .error(&format!("note: `{revision}` has {many} in its definitions; what they concern is compared as text"));
    }
    let declared = changes::between(&before, &workspace.checked);
    let targets = ledger::Targets::between(&past.ledgers, &workspace)?;
    for path in &targets.unreadable {
        output.error(&format!("note: `{revision}:{path}` is no ledger this qd can read; its targets show as new"));
    }
    let changes = Changes {
        metrics: declared.metrics,
        sources: declared.sources,
        others: declared.others,
        targets: targets.moved,
        stale_targets: ledger::stale(&workspace)?,
    };
    let model = &workspace.checked.model;
    match args.format {
        DiffFormat::Json => output.object(&changes)?,
        _ if output.json => output.object(&changes)?,
        DiffFormat::Text => output.result(&words::text(&changes, model, revision, output.width)),
        DiffFormat::Markdown => output.result(&words::markdown(&changes, model, revision)),
    }
    Ok(Exit::Done)
}
