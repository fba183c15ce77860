//! `qd diff`: what changed in meaning since a git revision. Layout, comments, order and places are no change.

mod compare;
mod ledger;
mod words;

use crate::args::{Diff, DiffFormat};
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

/// A declaration that changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    name: String,
    change: Kind,
    /// The name it had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    /// Which of its fields differ.
    fields: Vec<String>,
    /// The metrics whose numbers follow.
    downstream: Vec<String>,
    /// The planned targets of it and of what follows: `2025-Q1 orders`.
    targets: Vec<String>,
}

/// How a declaration changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It has another name.
    Renamed,
    /// It means something else.
    Meaning,
    /// It means something else from a declared day on.
    Break,
    /// It means the same; words, owners and its place in the tree may differ.
    Docs,
}

/// Compares the files on disk with those of a revision.
pub fn run(args: &Diff, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    workspace.stop_at_any_error()?;
    let past = git::past(&workspace.root, &args.revision)?;
    let before = check(past.settings, past.texts);
    let errors = before.errors().count();
    if errors > 0 {
        let (many, revision) = (rendering::count(errors, "error"), &args.revision);
        output.error(&format!("note: `{revision}` has {many} in its definitions; what they concern shows as added"));
    }
    let (old, new) = (&before.model, &workspace.checked.model);
    let mut changes = compare::models(old, new);
    changes.targets = ledger::moved(&workspace, &past.ledgers)?;
    changes.stale_targets = ledger::stale(&workspace)?;
    match args.format {
        DiffFormat::Json => output.object(&changes)?,
        _ if output.json => output.object(&changes)?,
        DiffFormat::Text => output.result(&words::text(&changes, &args.revision)),
        DiffFormat::Markdown => output.result(&words::markdown(&changes, &args.revision)),
    }
    Ok(Exit::Done)
}
