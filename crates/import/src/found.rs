//! What one sheet turns out to be: its table, its time, its numbers, its metrics; or what it leaves open.

mod currency;
mod facts;
mod metric;
mod time;

use crate::cell::{Cell, Grid};
use crate::date::When;
use crate::layout::{self, Dated, Layout};
use crate::number::{STYLES, Style};
use crate::profile::{Profile, Run};
use crate::question::{Answers, Choice, Question};
use crate::sense::Sense;
use crate::table::{self, Table};
use quarterdeck_calendar::Grain;
pub(crate) use time::is_fiscal;

/// A file that is read, by the name a person knows it by.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its name without folders: `KPIs 2026.xlsx`.
    pub name: String,
    /// Where it lies in the workspace: `data/KPIs 2026.xlsx`.
    pub path: String,
    /// Its sheets that are not hidden, or the one grid of a text.
    pub grids: Vec<Grid>,
}

impl File {
    /// Its name without the ending.
    pub fn stem(&self) -> &str {
        let name = self.name.strip_suffix(".gz").unwrap_or(&self.name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// Why a sheet cannot be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// The file.
    pub file: String,
    /// The cell, where it is one.
    pub place: Option<String>,
    /// What was found.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What keeps a sheet from being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stop {
    /// What it leaves open.
    pub questions: Vec<Question>,
    /// What is wrong with it.
    pub troubles: Vec<Trouble>,
}

/// How the rows of a dated table are to be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// One row, or column, a period: somebody computed the values.
    Periods,
    /// Several rows a period, told apart by columns of words.
    Parts(Vec<Fact>),
    /// One row an event.
    Events(Facts),
}

/// A column of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// Its different values, most frequent first, at most a few.
    pub values: Vec<String>,
    /// How many different values there are.
    pub distinct: usize,
}

/// What is known of the columns of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The column that tells rows apart.
    pub id: Option<String>,
    /// The column that says whose row it is, and how many there are.
    pub person: Option<Fact>,
    /// The column of currencies.
    pub currency: Option<Fact>,
    /// The column of states.
    pub status: Option<Fact>,
    /// Other columns of few words.
    pub others: Vec<Fact>,
}

/// A metric of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its values and where they stand.
    pub run: Run,
    /// What they are.
    pub profile: Profile,
    /// What they mean.
    pub sense: Sense,
    /// Whether it holds amounts of money.
    pub is_money: bool,
}

/// What one sheet turns out to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its table.
    pub table: Table,
    /// The column of the metrics' names, where each column is a period.
    pub across: Option<usize>,
    /// Columns of an across table that are no periods.
    pub aside: Vec<(usize, String)>,
    /// What the column of times is called.
    pub time: String,
    /// How times are written, and what they say, row by row or column by column.
    pub dated: Dated,
    /// Why they are read so.
    pub dated_because: String,
    /// The length of a period.
    pub grain: Grain,
    /// Periods that are missing between the first and the last.
    pub missing: usize,
    /// How its numbers are written, where any has a separator.
    pub style: Option<(Style, String)>,
    /// How its rows are to be taken.
    pub rows: Rows,
    /// Its metrics.
    pub metrics: Vec<Found>,
    /// From which place of the times on values are planned, and what says so.
    pub planned: Option<(usize, String)>,
    /// Rows whose values cannot be read and that are left out.
    pub skipped: Vec<(String, String)>,
    /// The year of periods written without one.
    pub year: Option<(i32, String)>,
    /// The first time as it is written.
    pub first: String,
    /// What one of each currency is worth, as answered.
    pub rates: Option<String>,
    /// The currency amounts are turned into by them.
    pub worth: Option<String>,
    /// The one currency whose rows count as amounts, as answered.
    pub only: Option<String>,
}

impl Reading {
    /// The times.
    pub fn whens(&self) -> &[When] {
        self.dated.only().map_or(&[], |(_, whens)| whens)
    }

    /// The format of the times; ISO 8601 where it is empty.
    pub fn format(&self) -> &str {
        self.dated.only().map_or("", |(format, _)| format)
    }

    /// The last time that is no plan.
    pub fn last(&self) -> Option<When> {
        let end = self.planned.as_ref().map_or(usize::MAX, |(at, _)| *at);
        self.whens().iter().take(end).copied().max_by_key(|when| when.order())
    }
}

/// One sheet under examination.
pub(crate) struct Sheet<'a> {
    pub file: &'a File,
    pub grid: &'a Grid,
    pub answers: &'a Answers,
}

impl Sheet<'_> {
    /// How messages name it.
    pub fn shown(&self) -> String {
        match &self.grid.sheet {
            Some(sheet) if self.file.grids.len() > 1 => format!("{} (sheet {sheet})", self.file.name),
            _ => self.file.name.clone(),
        }
    }

    fn trouble(&self, place: Option<String>, message: impl Into<String>, hint: impl Into<String>) -> Stop {
        let trouble = Trouble { file: self.shown(), place, message: message.into(), hint: hint.into() };
        Stop { questions: Vec::new(), troubles: vec![trouble] }
    }

    fn question(&self, key: impl Into<String>, text: impl Into<String>, choices: Vec<Choice>) -> Question {
        Question { file: self.shown(), key: key.into(), text: crate::name::remark(&text.into()), choices }
    }

    fn answer(&self, key: &str) -> Option<&str> {
        let own = self.grid.sheet.as_ref().map(|sheet| format!("{} (sheet {sheet})", self.file.name));
        own.and_then(|own| {
            self.answers
                .0
                .iter()
                .rev()
                .find(|answer| answer.file.as_deref() == Some(own.as_str()) && answer.is_for(&own, key))
        })
        .map(|answer| answer.value.as_str())
        .or_else(|| self.answers.get(&self.file.name, key))
    }
}

/// Whether a sheet holds a table of values over time at all.
pub(crate) fn has_table(grid: &Grid) -> bool {
    table::find(grid).is_some_and(|table| layout::layout(grid, &table) != Layout::Timeless)
}

/// Reads one sheet.
pub(crate) fn read(sheet: &Sheet<'_>) -> Result<Reading, Stop> {
    let table = table::find(sheet.grid).ok_or_else(|| no_table(sheet))?;
    let mut stop = Stop::default();
    let (across, aside, dated) = match layout::layout(sheet.grid, &table) {
        Layout::Timeless => return Err(time::no_time(sheet, &table)),
        Layout::Rows { times } => (None, Vec::new(), time::one_time(sheet, &table, times)?),
        Layout::Across { label, periods, aside } => {
            names_come_first(sheet, &table, label)?;
            (Some(label), aside, periods)
        }
    };
    let time = sheet.grid.cell(table.header, dated.column).shown();
    let (dated, dated_because) = match time::one_format(sheet, &dated) {
        Ok(settled) => settled,
        Err(question) => {
            stop.questions.push(question);
            // The rest is looked at with the first reading, so that all questions are asked at once.
            let first = dated.readings.first().map(|(format, _)| format.clone()).unwrap_or_default();
            (dated.settled(&first).unwrap_or(dated), String::new())
        }
    };
    let year = time::one_year(sheet, &table, &dated, &mut stop);
    let runs = metric::runs(sheet, &table, across, &dated);
    let style = metric::one_style(sheet, &runs, &mut stop);
    if !stop.troubles.is_empty() {
        return Err(stop);
    }
    let plain = style.as_ref().map_or(STYLES[0], |(style, _)| *style);
    let rows = facts::rows(sheet, &table, across, &dated);
    let planned = time::planned(sheet, &table, across, &dated);
    let first = dated.places.first().map(|(row, column)| sheet.grid.cell(*row, *column).shown()).unwrap_or_default();
    let mut reading = Reading {
        table,
        across,
        aside,
        time,
        dated_because,
        grain: Grain::Day,
        missing: 0,
        style,
        rows,
        metrics: Vec::new(),
        planned,
        skipped: Vec::new(),
        year,
        first,
        rates: None,
        worth: None,
        only: None,
        dated,
    };
    (reading.grain, reading.missing) = time::grain(reading.whens());
    metric::metrics(sheet, &mut reading, runs, plain, &mut stop);
    currency::currencies(sheet, &mut reading, &mut stop);
    if stop.questions.is_empty() && stop.troubles.is_empty() { Ok(reading) } else { Err(stop) }
}

/// Of a table whose columns are periods the first column that holds anything names the rows.
fn names_come_first(sheet: &Sheet<'_>, table: &Table, label: usize) -> Result<(), Stop> {
    let holds = |column: &usize| table.body.iter().any(|row| !sheet.grid.cell(*row, *column).is_blank());
    let Some(first) = table.columns.iter().copied().find(holds).filter(|first| *first < label) else { return Ok(()) };
    let (names, other) = (crate::cell::letters(label), crate::cell::letters(first));
    let message = format!(
        "the names of the metrics stand in column {names}, and column {other} before them holds something else"
    );
    Err(sheet.trouble(
        None,
        message,
        format!("move column {names} to the front, or take column {other} out, and try again"),
    ))
}

fn no_table(sheet: &Sheet<'_>) -> Stop {
    if sheet.grid.rows.iter().all(|row| row.iter().all(Cell::is_blank)) {
        return sheet.trouble(None, "it holds nothing", "export it again, or name another file");
    }
    let hint = "a table needs a row of column names above its values, such as `date` and `orders`; put one there and try again";
    sheet.trouble(None, "no row of it names columns that hold numbers or dates below", hint)
}

/// Whether the language can name a column in a formula: backticks hold anything but a backtick and a line's end.
pub(crate) fn is_nameable(name: &str) -> bool {
    !name.is_empty() && !name.contains(['`', '\n', '\r'])
}

/// A column's name as the language writes it.
pub(crate) fn column(name: &str) -> String {
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !KEYWORDS.contains(&name);
    if plain { name.to_owned() } else { format!("`{name}`") }
}

/// Words that mean something else in a measure or a condition.
const KEYWORDS: [&str; 40] = [
    "from",
    "where",
    "over",
    "by",
    "to",
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "like",
    "between",
    "within",
    "after",
    "for",
    "per",
    "at",
    "end",
    "on",
    "scale",
    "ago",
    "trailing",
    "count",
    "count_distinct",
    "sum",
    "mean",
    "min",
    "max",
    "median",
    "percentile",
    "stddev",
    "recorded",
    "conversion",
    "funnel",
    "retention",
    "churn",
    "coalesce",
    "step",
    "segment",
];
