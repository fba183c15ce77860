//! `qd init`: a workspace that works at once.

use crate::args::{Init, Template};
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::output::Output;
use crate::settings::Settings;
use anstyle::Style;
use serde_json::json;
use std::path::Path;

/// A file of a template: its path and what it holds.
type File = (&'static str, &'static [u8]);

macro_rules! example {
    ($folder:literal: $($path:literal)*) => {
        &[$(($path, include_bytes!(concat!("../../../../examples/", $folder, "/", $path)))),*]
    };
}

/// A grocery delivery app with the plan of one quarter.
const GROCERY: &[File] = example!("grocery":
    "quarterdeck.toml"
    "metrics/growth.qd"
    "metrics/orders.qd"
    "metrics/sources.qd"
    "plans/2027-Q1.qd"
    "data/campaigns.csv"
    "data/checkout.csv"
    "data/customers.csv"
    "data/deliveries.csv"
    "data/households.csv"
    "data/sign_ups.csv"
    "data/survey.csv"
);

/// Writes a template's files; a folder that has one of them is left as it is.
pub fn run(args: &Init, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let template = match args.template {
        Template::Grocery => GROCERY,
    };
    let folder = match &args.folder {
        Some(folder) => settings.directory.join(folder),
        None => settings.directory.clone(),
    };
    let shown = args.folder.as_deref().unwrap_or(Path::new("."));
    let there: Vec<String> = template
        .iter()
        .filter(|(path, _)| folder.join(path).symlink_metadata().is_ok())
        .map(|(path, _)| (*path).to_owned())
        .collect();
    if !there.is_empty() {
        let names = crate::rendering::names(&there);
        return Err(Failure::input(format!("`{}` already has {names}; nothing was written", shown.display()))
            .hint("`qd init DIR` writes into another folder"));
    }
    let writes: Vec<Write> = template.iter().map(|(path, content)| Write::new(*path, *content)).collect();
    files::write_all(writes.iter().map(|write| (folder.join(&write.path), write)))?;
    let next = next(args.folder.as_deref());
    if output.json {
        let paths: Vec<&str> = writes.iter().map(|write| write.path.as_str()).collect();
        output.object(&json!({ "template": "grocery", "files": paths, "next": next }))?;
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    let mut text = format!("Wrote {} files of a made-up grocer into {}\n\nNext:\n", writes.len(), shown.display());
    for command in next {
        text.push_str(&format!("  {bold}{command}{bold:#}\n"));
    }
    output.result(&text);
    Ok(Exit::Done)
}

/// The commands to type next.
fn next(directory: Option<&Path>) -> Vec<String> {
    let within = directory.map(|folder| format!(" -C {}", quoted(&folder.to_string_lossy()))).unwrap_or_default();
    ["qd check", "qd propose", "qd forecast weekly_orders"].iter().map(|command| format!("{command}{within}")).collect()
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
