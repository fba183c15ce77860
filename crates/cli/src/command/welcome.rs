//! Bare `qd`: what it is and what to type next.

use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::rendering::quoted;
use crate::settings::Settings;
use crate::workspace;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// The object of `qd --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Welcome<'a> {
    name: &'static str,
    version: &'static str,
    /// What can be typed next.
    next: Vec<Next<'a>>,
}

/// A command to type.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Next<'a> {
    command: &'a str,
    /// What it does.
    does: &'a str,
}

/// Says what `qd` is and the next three commands: those of a newcomer, or those of somebody in a workspace.
pub fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let next = if workspace::is_there(settings) { inside() } else { outside(settings) };
    let version = env!("CARGO_PKG_VERSION");
    if output.json {
        let next = next.iter().map(|(command, does)| Next { command, does }).collect();
        output.object(&Welcome { name: "qd", version, next })?;
        return Ok(Exit::Done);
    }
    let mut text = format!(
        "Quarterdeck {version}\n\n\
         Metric definitions as code, forecasts, quarterly targets with an honest chance of being met,\n\
         and the page that justifies them.\n\nNext:\n"
    );
    let width = next.iter().map(|(command, _)| command.width()).max().unwrap_or(0);
    for (command, does) in next {
        let pad = " ".repeat(width - command.width().min(width));
        text.push_str(&format!("  {command}{pad}   {does}\n"));
    }
    output.result(&text);
    Ok(Exit::Done)
}

/// What somebody in a workspace types next.
fn inside() -> Vec<(String, &'static str)> {
    vec![
        ("qd check".into(), "read and check every definition"),
        ("qd propose".into(), "propose the next quarter's targets with their chances"),
        ("qd forecast METRIC".into(), "draw a metric's forecast with the models behind it"),
    ]
}

/// What a newcomer types next; a table that lies in her folder is named.
fn outside(settings: &Settings) -> Vec<(String, &'static str)> {
    let own = table_in(&settings.directory).map_or_else(|| "YOUR-FILE.xlsx".to_owned(), |file| quoted(&file));
    vec![
        (format!("qd init --from {own}"), "make a workspace of a spreadsheet or CSV you have"),
        ("qd init grocery".into(), "write one that works at once, on made-up data"),
        ("qd propose -C grocery".into(), "propose its next quarter's targets with their chances"),
        ("qd --help".into(), "see every command"),
    ]
}

/// The first table of a folder, by name.
fn table_in(folder: &Path) -> Option<String> {
    let names = std::fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_table = |name: &String| {
        let lower = name.to_lowercase();
        !name.starts_with(['.', '~'])
            && ["csv", "tsv", "xlsx", "ods"].iter().any(|end| lower.ends_with(&format!(".{end}")))
    };
    names.filter(is_table).min()
}
