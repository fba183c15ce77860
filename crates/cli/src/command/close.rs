//! `qd close`: how a period ended, and how claims came true over all closed ones.

use crate::args::Close;
use crate::deciding::Held;
use crate::error::{Exit, Failure};
use crate::files::Write;
use crate::following::{self, Followed};
use crate::output::Output;
use crate::pages;
use crate::paths;
use crate::reading;
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::standing;
use crate::view;
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_plan::close::compute::CloseError;
use quarterdeck_plan::close::grade::Grade;
use quarterdeck_plan::close::{Came, Closing, close};
use quarterdeck_plan::ledger::definitions::{self, Defined};
use quarterdeck_plan::ledger::inputs;
use quarterdeck_plan::score::{Board, board};
use schemars::JsonSchema;
use serde::Serialize;

/// A row for each target.
fn sheet(closing: &Closing) -> Sheet {
    let mut sheet = Sheet::new(&[
        "period",
        "metric",
        "slice",
        "unit",
        "owner",
        "commit",
        "target",
        "stretch",
        "came",
        "met",
        "score",
        "percentile",
    ]);
    for target in &closing.targets {
        let grade = target.grade.map(|graded| match graded.grade {
            Grade::Missed => "missed",
            Grade::Commit => "commit",
            Grade::Target => "target",
            Grade::Stretch => "stretch",
        });
        let mut row = vec![
            Cell::Text(closing.period.to_string()),
            Cell::from(target.metric.as_str()),
            Cell::words(target.slice.as_deref()),
            Cell::from(target.unit.as_str()),
            Cell::words(target.owner.as_deref()),
        ];
        row.extend([target.commit, target.target, target.stretch, target.value].map(Cell::known));
        row.push(Cell::words(grade));
        row.extend([target.grade.map(|graded| graded.score), target.pit].map(Cell::known));
        sheet.row(row);
    }
    sheet
}

/// What `qd close` prints.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Closed<'a> {
    /// What came of the period; `None` where the scoreboard alone is shown.
    closing: Option<&'a Closing>,
    /// How claims of all closed periods came true.
    scoreboard: &'a Board,
    /// The files written.
    files: &'a [&'a str],
    /// What today's data says otherwise than the closing.
    restated: &'a [String],
}

/// Closes a period; without one, shows the scoreboard.
pub fn run(args: &Close, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let seed = reading::seed(settings, model);
    let Some(text) = &args.period else {
        if args.csv.csv {
            return Err(
                Failure::input("`--csv` prints the targets of one period").hint("name it: qd close 2027-Q1 --csv")
            );
        }
        let board = board(&closings(&workspace)?, seed);
        if output.json {
            output.object(&Closed { closing: None, scoreboard: &board, files: &[], restated: &[] })?;
        } else {
            output.result(&view::close::scoreboard(&board, output.width));
        }
        return Ok(Exit::Done);
    };
    let period = reading::period(text, model)?;
    // Held from here on, so that what is closed is what was read.
    let held = Held::take(&workspace, period, output)?;
    let before = closing(&workspace, period)?.filter(|closing| closing.is_final);
    let followed = Followed::read(&workspace, Some(period), settings, output)?;
    let computed = compute(&workspace, &followed, seed, output)?;
    let restated = before.as_ref().map(|before| restated(before, &computed)).unwrap_or_default();
    let stood = before.is_some();
    // What is closed for good stays as it was closed.
    let closing = before.unwrap_or(computed);
    let board = with(&workspace, &closing, seed)?;
    let files = if stood || args.dry_run {
        Vec::new()
    } else {
        let mut ledger = followed.ledger.clone();
        ledger.close_all(&closing).map_err(|error| Failure::ledger(&error))?;
        held.write_with(&workspace, ledger, writes(&workspace, &followed, &closing, seed)?, output)?
    };
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    restated.iter().for_each(|line| output.talk(&format!("note: {line}")));
    if output.json {
        output.object(&Closed { closing: Some(&closing), scoreboard: &board, files: &files, restated: &restated })?;
        return Ok(Exit::Done);
    }
    if args.csv.csv {
        sheet(&closing).print(&args.csv, output)?;
        return Ok(Exit::Done);
    }
    let model = &workspace.checked.model;
    output.result(&view::close::text(&closing, &board, model, output.width));
    output.result(&view::close::afterwards(&closing, &files, stood));
    Ok(Exit::Done)
}

fn compute(workspace: &Workspace, followed: &Followed, seed: u64, output: &Output) -> Result<Closing, Failure> {
    let model = &workspace.checked.model;
    let histories = reading::histories(&followed.loaded);
    let inputs = following::inputs(model, &histories, followed.loaded.as_of, seed);
    let _working = output.working("recomputing");
    let came = Came { inputs: &inputs, waits: &[] };
    close(&followed.ledger, &followed.stands, &came).map_err(|error| {
        let period = followed.ledger.period;
        match error {
            CloseError::NotOver { .. } => Failure::input(error.to_string())
                .hint(format!("`qd track {period}` shows where it stands"))
                .hint("`--as-of DATE` says which day it is, where the data reaches further"),
        }
    })
}

/// What closing a period writes beside the ledger and its pages.
fn writes(workspace: &Workspace, followed: &Followed, closing: &Closing, seed: u64) -> Result<Vec<Write>, Failure> {
    let (period, model) = (closing.period, &workspace.checked.model);
    let histories = reading::histories(&followed.loaded);
    let inputs = following::inputs(model, &histories, followed.loaded.as_of, seed);
    let defined = Defined::of(&inputs, period);
    // Frozen is what counted, so that nothing stands there that nobody could check.
    let counted = |name: &str| closing.seen.iter().any(|seen| seen.name == name);
    let actuals = histories.iter().filter(|(name, _)| counted(name)).map(|(name, all)| (name.clone(), all.clone()));
    let mut all = closings(workspace)?;
    all.retain(|other| other.period != period);
    all.push(closing.clone());
    let mut writes = vec![
        Write::new(paths::closing(period), closing.to_toml()),
        Write::new(paths::actuals(period), inputs::to_csv(&actuals.collect(), &model.settings.calendar)),
        Write::new(paths::closing_definitions(period), definitions::to_json(&defined)),
    ];
    writes.extend(pages::closing(closing, &all, &defined));
    // The scoreboard of later periods counts this one in.
    for later in all.iter().filter(|later| later.period != period && later.ends >= closing.ends) {
        if let Some(text) = workspace.read_if_there(&paths::closing_definitions(later.period))? {
            let defined = definitions::from_json(&text).map_err(|error| Failure::ledger(&error))?;
            writes.extend(pages::closing(later, &all, &defined));
        }
    }
    Ok(writes)
}

/// The closing of a period; `None` where it is not closed.
pub fn closing(workspace: &Workspace, period: Period) -> Result<Option<Closing>, Failure> {
    let path = paths::closing(period);
    let text = workspace.read_if_there(&path)?;
    text.map(|text| Closing::from_toml(&path, &text)).transpose().map_err(|error| Failure::ledger(&error))
}

/// Every closing of the workspace.
pub fn closings(workspace: &Workspace) -> Result<Vec<Closing>, Failure> {
    let periods = standing::periods(workspace, paths::CLOSED);
    let each = periods.into_iter().filter_map(|period| closing(workspace, period).transpose());
    each.collect()
}

/// The scoreboard with one more closing, as it stood when that period had ended: of it and the periods before.
fn with(workspace: &Workspace, closing: &Closing, seed: u64) -> Result<Board, Failure> {
    let mut all = closings(workspace)?;
    all.retain(|other| other.period != closing.period);
    all.push(closing.clone());
    Ok(pages::board(closing, &all, seed))
}

/// Numbers that are others today than when the period was closed for good.
fn restated(before: &Closing, now: &Closing) -> Vec<String> {
    let line = |seen: &quarterdeck_plan::close::Seen| {
        let today = now.seen.iter().find(|other| other.name == seen.name)?;
        let label = before.target(&seen.name).map_or(seen.name.as_str(), |target| target.label.as_str());
        let number = |value: Option<f64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        (today.value != seen.value).then(|| {
            format!(
                "{label} was {} when {} was closed for good, and today's data says {}: the closing stays",
                number(seen.value),
                before.period,
                number(today.value)
            )
        })
    };
    before.seen.iter().filter_map(line).collect()
}
