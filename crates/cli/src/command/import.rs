//! `qd import`: the tables of other files, added to the workspace.

use crate::args::{Import, ImportFiles, ImportKind};
use crate::error::{Exit, Failure};
use crate::import::{self, Wish};
use crate::output::Output;
use crate::rendering::quoted;
use crate::settings::Settings;
use crate::workspace::{SETTINGS, Workspace};
use quarterdeck_import::Existing;
use std::path::PathBuf;

/// Reads files into the workspace that is there.
pub fn run(args: &Import, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    match &args.kind {
        ImportKind::Csv(files) => tables(files, settings, output),
    }
}

fn tables(args: &ImportFiles, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let typed: Vec<String> = args.files.iter().map(|file| quoted(&file.to_string_lossy())).collect();
    if !crate::workspace::is_there(settings) {
        return Err(Failure::input("there is no workspace here to add to")
            .hint(format!("`qd init --from {}` makes one of them", typed.join(" "))));
    }
    let workspace = Workspace::open(settings)?;
    let (toml, texts) = workspace
        .checked
        .files
        .iter()
        .map(|(_, file)| file.clone())
        .partition::<Vec<_>, _>(|file| file.path() == SETTINGS);
    let existing = Existing { settings: toml.into_iter().next(), texts };
    let files: Vec<PathBuf> = args.files.iter().map(|file| settings.directory.join(file)).collect();
    let plan = args.plan.as_ref().map(|plan| format!(" --as {plan}")).unwrap_or_default();
    let wish = Wish {
        files: &files,
        plan: args.plan.as_deref(),
        answers: &args.answers,
        root: &workspace.root,
        shown: None,
        command: &format!("qd import csv {}{plan}", typed.join(" ")),
    };
    import::run(&wish, Some(&existing), output)
}
