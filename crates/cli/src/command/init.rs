//! `qd init`: a workspace that works at once.

use crate::args::Init;
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::import::{self, Wish};
use crate::output::Output;
use crate::rendering::quoted;
use crate::settings::Settings;
use crate::template;
use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The object of `qd init --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Begun<'a> {
    /// The template.
    template: &'a str,
    /// The files that were written.
    files: Vec<&'a str>,
    /// The commands to type next.
    next: Vec<String>,
}

/// Writes a workspace: read from files where some are named, else a template's.
pub fn run(args: &Init, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    if args.files.is_empty() { from_template(args, settings, output) } else { from(args, settings, output) }
}

/// Reads a person's files into a workspace of their own.
fn from(args: &Init, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let mut files: Vec<PathBuf> = args.files.clone();
    let mut folder = args.folder.clone();
    // `--from a.csv b.csv kpis`: the last of them is a folder, or nothing that is there and no name of a file.
    let is_folder = |path: &PathBuf| {
        let at = settings.directory.join(path);
        at.is_dir() || !at.exists() && path.extension().is_none()
    };
    if folder.is_none() && files.len() > 1 && files.last().is_some_and(is_folder) {
        folder = files.pop();
    }
    let typed: Vec<String> = files.iter().map(|file| quoted(&file.to_string_lossy())).collect();
    let place = folder.as_ref().map(|folder| format!(" {}", quoted(&folder.to_string_lossy()))).unwrap_or_default();
    let plan = args.plan.as_ref().map(|plan| format!(" --as {plan}")).unwrap_or_default();
    let files: Vec<PathBuf> = files.iter().map(|file| settings.directory.join(file)).collect();
    let root = folder.as_ref().map_or(settings.directory.clone(), |folder| settings.directory.join(folder));
    let wish = Wish {
        files: &files,
        plan: args.plan.as_deref(),
        answers: &args.answers,
        root: &root,
        shown: folder.as_deref(),
        command: &format!("qd init{place} --from {}{plan}", typed.join(" ")),
    };
    import::run(&wish, None, output)
}

/// Writes a template's files; a folder that has one of them is left as it is.
fn from_template(args: &Init, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    // The command line takes the names of templates alone.
    let Some(template) = template::template(&args.template) else {
        return Err(Failure::input(format!("there is no template `{}`", args.template)));
    };
    let folder = match &args.folder {
        Some(folder) => settings.directory.join(folder),
        None => settings.directory.clone(),
    };
    let shown = args.folder.as_deref().unwrap_or(Path::new("."));
    let there: Vec<String> = template
        .files
        .iter()
        .filter(|(path, _)| folder.join(path).symlink_metadata().is_ok())
        .map(|(path, _)| (*path).to_owned())
        .collect();
    if !there.is_empty() {
        let names = crate::rendering::names(&there);
        return Err(Failure::input(format!("`{}` already has {names}; nothing was written", shown.display()))
            .hint("`qd init DIR` writes into another folder"));
    }
    let writes: Vec<Write> = template.files.iter().map(|(path, content)| Write::new(*path, *content)).collect();
    files::write_all(writes.iter().map(|write| (folder.join(&write.path), write)))?;
    let next = next(template.star, args.folder.as_deref());
    if output.json {
        let paths: Vec<&str> = writes.iter().map(|write| write.path.as_str()).collect();
        output.object(&Begun { template: template.name, files: paths, next })?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let mut text = format!("Wrote {} files of {} into {}\n\nNext:\n", writes.len(), template.whose, shown.display());
    for command in next {
        text.push_str(&format!("  {bold}{command}{bold:#}\n"));
    }
    output.result(&text);
    Ok(Exit::Done)
}

/// The commands to type next.
fn next(star: &str, directory: Option<&Path>) -> Vec<String> {
    let within = directory.map(|folder| format!(" -C {}", quoted(&folder.to_string_lossy()))).unwrap_or_default();
    let commands = ["qd check".to_owned(), "qd propose".to_owned(), format!("qd forecast {star}")];
    commands.into_iter().map(|command| command + &within).collect()
}
