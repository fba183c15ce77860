//! `qd track`: where accepted targets stand inside their period.

use crate::args::{FailOn, PageFormat, Track as Args};
use crate::error::{Exit, Failure};
use crate::files::{self, Action, Lock, Write};
use crate::following::Followed;
use crate::output::Output;
use crate::paths;
use crate::reading;
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::view;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::track::{Colour, Log, Reading, Track, Tracked};
use quarterdeck_report::{Format, track_page};
use schemars::JsonSchema;
use serde::Serialize;

/// Follows a period's targets.
pub fn run(args: &Args, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let period = args.period.as_deref().map(|text| reading::period(text, model)).transpose()?;
    let followed = Followed::read(&workspace, period, settings, output)?;
    let track = followed.track(&workspace, settings, output)?;
    followed.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if args.keep {
        keep(&workspace, &track)?;
        output.talk(&format!("kept in {}", paths::log(track.period)));
    }
    show(args, settings, &track, output)?;
    let failed = args.fail_on.is_some_and(|on| track.targets.iter().any(|target| fails(on, target.colour)));
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

/// A row for each target.
fn sheet(track: &Track) -> Sheet {
    let mut sheet = Sheet::new(&[
        "period",
        "metric",
        "slice",
        "unit",
        "owner",
        "target",
        "commit",
        "stretch",
        "through",
        "actual_so_far",
        "plan_so_far",
        "p10",
        "p50",
        "p90",
        "chance",
        "chance_week_ago",
        "chance_accepted",
        "colour",
        "why",
    ]);
    for target in &track.targets {
        let fan = target.landing.map(|fan| [fan.p10, fan.p50, fan.p90]);
        let mut row = vec![
            Cell::Text(track.period.to_string()),
            Cell::from(target.metric.as_str()),
            Cell::words(target.slice.as_deref()),
            Cell::from(target.unit.as_str()),
            Cell::words(target.owner.as_deref()),
        ];
        row.extend([Some(target.target), target.commit, target.stretch].map(Cell::known));
        row.push(target.through.map_or(Cell::Empty, Cell::Day));
        row.extend([target.actual_so_far, target.plan_so_far].map(Cell::known));
        row.extend((0..3).map(|at| Cell::known(fan.and_then(|fan| fan.get(at).copied()))));
        row.extend([target.p_hit, target.p_hit_week_ago, target.p_hit_accepted].map(Cell::known));
        row.extend([Cell::from(target.colour.word()), Cell::from(target.why.as_str())]);
        sheet.row(row);
    }
    sheet
}

fn fails(on: FailOn, colour: Colour) -> bool {
    match on {
        FailOn::Red => colour == Colour::Red,
        FailOn::Yellow => matches!(colour, Colour::Red | Colour::Yellow),
    }
}

fn show(args: &Args, settings: &Settings, track: &Track, output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.object(track);
    }
    if args.csv.csv {
        return sheet(track).print(&args.csv, output);
    }
    let page = match args.format {
        PageFormat::Md => Some(track_page(track, Format::Markdown)),
        PageFormat::Html => Some(track_page(track, Format::Html)),
        PageFormat::Text if args.output.is_some() => Some(track_page(track, Format::Text)),
        PageFormat::Text => None,
    };
    match (page, args.output.as_deref().filter(|path| *path != "-")) {
        (Some(page), Some(path)) => {
            let write = Write::new(path, page);
            files::write_all([(settings.directory.join(path), &write)])?;
            output.result(&format!("{path}\n"));
        }
        (Some(page), None) => output.result(&page),
        (None, _) => output.result(&view::track::text(track, output.width)),
    }
    Ok(())
}

/// Adds the reading of every target to the log.
fn keep(workspace: &Workspace, track: &Track) -> Result<(), Failure> {
    let lock = Lock::take(workspace)?;
    let mut log = crate::following::log(workspace, track.period)?;
    for target in &track.targets {
        let held =
            log.readings().iter().any(|one| one.on == track.as_of && one.target == target.name() && one.note.is_none());
        // One reading of a day is enough; the first stays.
        if !held {
            log.add(reading(track, target));
        }
    }
    write(&lock, workspace, track, &log)
}

/// A reading of a target without words.
pub fn reading(track: &Track, target: &Tracked) -> Reading {
    Reading {
        id: String::new(),
        on: track.as_of,
        target: target.name(),
        p_hit: target.p_hit,
        colour: target.colour,
        note: None,
        by: None,
        owner: None,
        due: None,
        done: None,
    }
}

/// Writes the log.
pub fn write(lock: &Lock, workspace: &Workspace, track: &Track, log: &Log) -> Result<(), Failure> {
    lock.commit(workspace, &Action::writing(vec![Write::new(paths::log(track.period), log.to_text())]))
}

/// What a note or a reading is, for scripts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Noted<'a> {
    period: Period,
    starts: NaiveDate,
    ends: NaiveDate,
    /// The log it was written into.
    file: &'a str,
    reading: &'a Reading,
}

impl<'a> Noted<'a> {
    /// A reading of a period that is followed.
    pub fn new(track: &Track, reading: &'a Reading, file: &'a str) -> Noted<'a> {
        Noted { period: track.period, starts: track.starts, ends: track.ends, file, reading }
    }
}
