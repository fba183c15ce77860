//! `qd note`: what was said about a target, who does what until when, beside the chance it had then.

use super::track;
use crate::args::Note;
use crate::error::{Exit, Failure};
use crate::files::Lock;
use crate::following::{self, Followed};
use crate::output::Output;
use crate::paths;
use crate::reading;
use crate::rendering;
use crate::settings::Settings;
use crate::workspace::Workspace;
use anstyle::Style;
use quarterdeck_plan::track::{Log, Reading, Track, Tracked};
use quarterdeck_report::number;

/// Writes a note into the log of a period.
pub fn run(args: &Note, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    for (what, words) in [("a note", &args.note), ("who says it, `--by WHO`,", &args.by)] {
        if words.trim().is_empty() {
            return Err(Failure::input(format!("{what} cannot be empty"))
                .hint("qd note weekly_orders \"Promotion moved to March\" --by ana@shop.example"));
        }
    }
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    let followed = Followed::read(&workspace, period, settings, output)?;
    let track = followed.track(&workspace, settings, output)?;
    let target = meant(args, &workspace, &track)?;
    let lock = Lock::take(&workspace)?;
    // Read again under the lock: another note may have come meanwhile.
    let mut log = following::log(&workspace, track.period)?;
    let done = args.done.as_deref().map(|id| answered(id, &log)).transpose()?;
    let note = Reading {
        note: Some(args.note.trim().to_owned()),
        by: Some(args.by.trim().to_owned()),
        owner: args.owner.clone(),
        due: args.due,
        done,
        ..track::reading(&track, target)
    };
    let id = log.add(note.clone());
    track::write(&lock, &workspace, &track, &log)?;
    drop(lock);
    let path = paths::log(track.period);
    if output.json {
        output.object(&track::Noted::new(&track, &Reading { id, ..note }, &path))?;
        return Ok(Exit::Done);
    }
    output.result(&said(&track, target, &id, &path));
    Ok(Exit::Done)
}

/// The target a note is about.
fn meant<'a>(args: &Note, workspace: &Workspace, track: &'a Track) -> Result<&'a Tracked, Failure> {
    let metric = reading::metric(&args.metric, workspace)?;
    let of_metric: Vec<&Tracked> = track.targets.iter().filter(|target| target.metric == metric).collect();
    let found: Vec<&Tracked> = match &args.slice {
        Some(slice) => of_metric.iter().filter(|target| target.slice.as_deref() == Some(slice)).copied().collect(),
        None if of_metric.len() > 1 => of_metric.iter().filter(|target| target.slice.is_none()).copied().collect(),
        None => of_metric.clone(),
    };
    if let [only] = found.as_slice() {
        return Ok(only);
    }
    let known: Vec<String> = track.targets.iter().map(Tracked::name).collect();
    let failure = Failure::input(format!("{} has no target for `{}` that is followed", track.period, args.metric));
    Err(match known.as_slice() {
        [] => failure.hint("none of its targets is in force"),
        known => failure.hint(format!("there are {}", rendering::names(known))),
    })
}

/// The full id of the note that is done.
fn answered(id: &str, log: &Log) -> Result<String, Failure> {
    log.note(id).map(|note| note.id.clone()).ok_or_else(|| {
        Failure::input(format!("no single note has the id `{id}`")).hint("`qd track` shows open notes with their ids")
    })
}

fn said(track: &Track, target: &Tracked, id: &str, path: &str) -> String {
    let bold = Style::new().bold();
    let chance = target.p_hit.map_or_else(|| "without a chance".to_owned(), |p| format!("at {}", number::chance(p)));
    format!(
        "Noted on {} ({}, {chance}, as of {}): {id}\nWrote {path}\nNext: commit it; {bold}qd track {}{bold:#} shows it until `--done {id}`\n",
        target.label,
        target.colour.word(),
        track.as_of,
        track.period,
    )
}
