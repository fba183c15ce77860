//! `qd init`: a workspace that works at once.

use crate::args::Init;
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::output::Output;
use crate::settings::Settings;
use crate::template;
use anstyle::Style;
use serde_json::json;
use std::path::Path;

/// Writes a template's files; a folder that has one of them is left as it is.
pub fn run(args: &Init, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
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
        output.object(&json!({ "template": template.name, "files": paths, "next": next }))?;
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

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
