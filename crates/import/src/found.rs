//! What one sheet turns out to be: its table, its time, its numbers, its metrics; or what it leaves open.

use crate::cell::{Cell, Grid, address};
use crate::date::{self, When};
use crate::layout::{self, Dated, Layout};
use crate::number::{Style, Styles};
use crate::profile::{Profile, Run};
use crate::question::{Answers, Choice, Question};
use crate::sense::{self, Named, Sense};
use crate::table::{self, Table};
use crate::words::{self, Role};
use quarterdeck_calendar::Grain;
use std::collections::{BTreeMap, BTreeSet};

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
        Layout::Timeless => return Err(no_time(sheet, &table)),
        Layout::Rows { times } => (None, Vec::new(), one_time(sheet, &table, times)?),
        Layout::Across { label, periods, aside } => (Some(label), aside, periods),
    };
    let time = sheet.grid.cell(table.header, dated.column).shown();
    let (dated, dated_because) = match one_format(sheet, &dated) {
        Ok(settled) => settled,
        Err(question) => {
            stop.questions.push(question);
            // The rest is looked at with the first reading, so that all questions are asked at once.
            let first = dated.readings.first().map(|(format, _)| format.clone()).unwrap_or_default();
            (dated.settled(&first).unwrap_or(dated), String::new())
        }
    };
    let year = one_year(sheet, &table, &dated, &mut stop);
    let runs = runs(sheet, &table, across, &dated);
    let style = one_style(sheet, &runs, &mut stop);
    if !stop.troubles.is_empty() {
        return Err(stop);
    }
    let plain = style.as_ref().map_or(crate::number::STYLES[0], |(style, _)| *style);
    let rows = rows(sheet, &table, across, &dated);
    let planned = planned(sheet, &table, across, &dated);
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
    (reading.grain, reading.missing) = grain(reading.whens());
    metrics(sheet, &mut reading, runs, plain, &mut stop);
    currencies(sheet, &mut reading, &mut stop);
    if stop.questions.is_empty() && stop.troubles.is_empty() { Ok(reading) } else { Err(stop) }
}

fn no_table(sheet: &Sheet<'_>) -> Stop {
    if sheet.grid.rows.iter().all(|row| row.iter().all(Cell::is_blank)) {
        return sheet.trouble(None, "it holds nothing", "export it again, or name another file");
    }
    let hint = "a table needs a row of column names above its values, such as `date` and `orders`; put one there and try again";
    sheet.trouble(None, "no row of it names columns that hold numbers or dates below", hint)
}

fn no_time(sheet: &Sheet<'_>, table: &Table) -> Stop {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| sheet.grid.cell(table.header, *column).shown())
        .filter(|name| !name.is_empty())
        .collect();
    let found =
        names.iter().take(8).map(|name| format!("`{}`", crate::name::label_of(name))).collect::<Vec<_>>().join(", ");
    let message = format!(
        "no column holds a date or a period in every row, and no row of headers does; row {} names {found}",
        table.header + 1
    );
    // A column that is nearly one is what was meant.
    let near = table.columns.iter().find_map(|column| {
        let filled: Vec<usize> =
            table.body.iter().copied().filter(|row| !table::is_nothing(sheet.grid.cell(*row, *column))).collect();
        let odd = filled.iter().find(|row| table::times(sheet.grid.cell(**row, *column)).is_empty())?;
        let fits = filled.iter().filter(|row| !table::times(sheet.grid.cell(**row, *column)).is_empty()).count();
        (2 * fits > filled.len()).then(|| (address(*odd, *column), sheet.grid.cell(*odd, *column).shown()))
    });
    let mut stop = sheet.trouble(
        None,
        message,
        "give each row its date, or each column its period (`Nov-26`, `2026-11`, `Q3 2026`, `W45 2026`)",
    );
    if let (Some((place, text)), Some(trouble)) = (near, stop.troubles.first_mut()) {
        trouble.hint = format!("`{text}` in {place} is no date; mend it or take its row out");
        trouble.place = Some(place);
    }
    stop
}

fn one_time(sheet: &Sheet<'_>, table: &Table, times: Vec<Dated>) -> Result<Dated, Stop> {
    let name = |dated: &Dated| sheet.grid.cell(table.header, dated.column).shown();
    if let Some(answer) = sheet.answer("time") {
        if let Some(dated) = times.iter().find(|dated| name(dated).eq_ignore_ascii_case(answer)) {
            return Ok(dated.clone());
        }
        let names: Vec<String> = times.iter().map(|dated| format!("`{}`", name(dated))).collect();
        let message = format!("`{answer}` is no column that dates every row; {} can be", names.join(" or "));
        return Err(sheet.trouble(None, message, "answer with one of these"));
    }
    match <[Dated; 1]>::try_from(times) {
        Ok([only]) => Ok(only),
        Err(times) => {
            let choices = times.iter().map(|dated| {
                let first = dated
                    .places
                    .first()
                    .map(|(row, column)| sheet.grid.cell(*row, *column).shown())
                    .unwrap_or_default();
                let means = format!("a row counts on its `{}`, the first on {first}", name(dated));
                Choice::new(name(dated), means, format!("time: {}", column(&name(dated))))
            });
            let text = format!("{} columns have a date in every row; by which of them do rows count?", times.len());
            Err(Stop { questions: vec![sheet.question("time", text, choices.collect())], troubles: Vec::new() })
        }
    }
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

fn one_format(sheet: &Sheet<'_>, dated: &Dated) -> Result<(Dated, String), Question> {
    if let Some((format, whens)) = dated.only() {
        return Ok((dated.clone(), format_because(sheet, dated, format, whens)));
    }
    if let Some(answer) = sheet.answer("dates")
        && let Some(settled) = dated.settled(answer)
    {
        return Ok((settled, "answered".into()));
    }
    // The cell that shows the difference best: the first the readings disagree on.
    let differs = |at: usize| {
        let mut whens = dated.readings.iter().filter_map(|(_, whens)| whens.get(at));
        let first = whens.next();
        whens.any(|when| Some(when) != first)
    };
    let at = (0..dated.places.len()).find(|at| differs(*at)).unwrap_or(0);
    let (row, column) = dated.places.get(at).copied().unwrap_or_default();
    let shown = sheet.grid.cell(row, column).shown();
    let choices = dated.readings.iter().map(|(format, whens)| {
        let says = whens.get(at).map(|when| when.said()).unwrap_or_default();
        Choice::new(format.clone(), format!("`{shown}` is {says}"), format!("dates: \"{format}\""))
    });
    let mut text =
        format!("dates such as `{shown}` in {} can be read in {} ways", address(row, column), dated.readings.len());
    if dated.readings.iter().any(|(format, _)| format.starts_with("dd/mm")) {
        text.push_str("; no row has a day above 12 that would tell");
    }
    Err(sheet.question("dates", text, choices.collect()))
}

/// What shows that times are written in a format.
fn format_because(sheet: &Sheet<'_>, dated: &Dated, format: &str, whens: &[When]) -> String {
    let shown = |at: usize| {
        dated.places.get(at).map(|(row, column)| sheet.grid.cell(*row, *column).shown()).unwrap_or_default()
    };
    let above =
        whens.iter().filter(|when| matches!(when, When::Day { day, .. } if chrono::Datelike::day(day) > 12)).count();
    if format.starts_with("dd/mm") || format.starts_with("dd-mm") {
        return format!("day first; {above} of {} have a first part above 12", whens.len());
    }
    if format.starts_with("mm/dd") || format.starts_with("mm-dd") {
        return format!("month first; {above} of {} have a second part above 12", whens.len());
    }
    if format.starts_with("dd.mm") {
        return format!("`{}`; with points the day comes first", shown(0));
    }
    let last = whens.len().saturating_sub(1);
    format!("`{}` to `{}`", shown(0), shown(last))
}

/// The year of periods written without one: a title that has just one, or the answer.
fn one_year(sheet: &Sheet<'_>, table: &Table, dated: &Dated, stop: &mut Stop) -> Option<(i32, String)> {
    let (_, whens) = dated.only()?;
    if !whens.iter().any(|when| matches!(when, When::Yearless(..))) {
        return None;
    }
    let parse = |text: &str| text.trim().parse::<i32>().ok().filter(|year| (1970..=2100).contains(year));
    if let Some(year) = sheet.answer("year").and_then(parse) {
        return Some((year, "answered".into()));
    }
    let mut years: BTreeMap<i32, String> = BTreeMap::new();
    for (place, text) in &table.titles {
        for year in
            text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| digits.len() == 4).filter_map(parse)
        {
            years.entry(year).or_insert_with(|| format!("`{}` in {place}", crate::name::label_of(text)));
        }
    }
    if let (1, Some((year, because))) = (years.len(), years.pop_first()) {
        return Some((year, because));
    }
    let first = dated.places.first().map(|(row, column)| sheet.grid.cell(*row, *column).shown()).unwrap_or_default();
    let text = format!("periods such as `{first}` have no year, and no title above them has one");
    stop.questions.push(sheet.question(
        "year",
        text,
        vec![Choice::plain("YYYY", format!("the year of the first, `{first}`, such as 2026"))],
    ));
    None
}

/// The metrics of a table: its rows, or its columns.
fn runs(sheet: &Sheet<'_>, table: &Table, across: Option<usize>, dated: &Dated) -> Vec<Run> {
    let grid = sheet.grid;
    if let Some(label) = across {
        let run = |row: &usize| {
            let places = dated.places.iter().map(|(_, column)| (*row, *column)).collect();
            Run { label: grid.cell(*row, label).shown(), place: (*row, label), places }
        };
        return table.body.iter().map(run).filter(|run| !run.label.is_empty()).collect();
    }
    let run = |column: &usize| {
        let places = table.body.iter().map(|row| (*row, *column)).collect();
        Run { label: grid.cell(table.header, *column).shown(), place: (table.header, *column), places }
    };
    table
        .columns
        .iter()
        .filter(|column| **column != dated.column)
        .map(run)
        .filter(|run| !run.label.is_empty())
        .collect()
}

/// The style of all numbers of a sheet.
fn one_style(sheet: &Sheet<'_>, runs: &[Run], stop: &mut Stop) -> Option<(Style, String)> {
    let mut styles = Styles::default();
    for run in runs.iter().filter(|run| run.is_numbers(sheet.grid)) {
        if let Err((place, text)) = run.see(sheet.grid, &mut styles) {
            let (proof, shown) = styles.proof.clone().unwrap_or_default();
            let message = format!(
                "`{text}` is written otherwise than `{shown}` in {proof}: one has a decimal point, the other a decimal comma"
            );
            stop.troubles
                .extend(sheet.trouble(Some(place), message, "write all numbers of the file in one way").troubles);
            return None;
        }
    }
    match styles.settled() {
        Ok(style) => {
            // Plain digits with a point need no word.
            let (place, text) = styles.foreign.clone()?;
            let because = match &styles.proof {
                Some((place, text)) => format!("`{text}` in {place}"),
                None => format!("`{text}` in {place}; no value has decimals"),
            };
            Some((style, because))
        }
        Err([point, comma]) => {
            let answered = sheet.answer("numbers").and_then(Style::of_example);
            if let Some(style) = answered.filter(|style| [point.decimal, comma.decimal].contains(&style.decimal)) {
                styles.settle(style.decimal);
                return Some((styles.settled().unwrap_or(style), "answered".into()));
            }
            stop.questions.push(number_question(sheet, &styles, [point, comma]));
            None
        }
    }
}

fn number_question(sheet: &Sheet<'_>, styles: &Styles, choices: [Style; 2]) -> Question {
    let (place, shown) = styles.open.first().cloned().unwrap_or_default();
    let choices = choices.map(|style| {
        let value = crate::number::Written::of(&shown).and_then(|written| written.value(style)).unwrap_or_default();
        Choice::new(style.example(), format!("`{shown}` is {value}"), format!("numbers: \"{}\"", style.example()))
    });
    let text =
        format!("numbers such as `{shown}` in {place} can be read in two ways, and no number of the file tells which");
    sheet.question("numbers", text, choices.to_vec())
}

/// How many rows a period, and what tells them apart.
fn rows(sheet: &Sheet<'_>, table: &Table, across: Option<usize>, dated: &Dated) -> Rows {
    let whens = dated.only().map_or(&[][..], |(_, whens)| whens);
    let different: BTreeSet<i64> = whens.iter().map(|when| when.order()).collect();
    if across.is_some()
        || different.len() == whens.len() && !whens.iter().any(|when| matches!(when, When::Day { clock: true, .. }))
    {
        return Rows::Periods;
    }
    let grid = sheet.grid;
    let run = |column: &usize| {
        let places = table.body.iter().map(|row| (*row, *column)).collect();
        Run { label: grid.cell(table.header, *column).shown(), place: (table.header, *column), places }
    };
    let columns: Vec<Run> = table
        .columns
        .iter()
        .filter(|column| **column != dated.column)
        .map(run)
        .filter(|run| !run.label.is_empty())
        .collect();
    let words: Vec<&Run> = columns.iter().filter(|run| !run.is_numbers(grid) && run.kinds(grid)[2] > 0).collect();
    let facts = facts(grid, &columns, table.body.len());
    let clock = whens.iter().any(|when| matches!(when, When::Day { clock: true, .. }));
    let few: Vec<Fact> =
        words.iter().map(|run| fact(grid, run)).filter(|fact| 5 * fact.distinct <= table.body.len().max(5)).collect();
    if !clock && facts.id.is_none() && facts.person.is_none() && !few.is_empty() {
        let key = |at: usize| {
            let words: Vec<String> = words
                .iter()
                .filter_map(|run| run.places.get(at))
                .map(|(row, column)| grid.cell(*row, *column).shown())
                .collect();
            (whens.get(at).map(|when| when.order()), words)
        };
        let keys: BTreeSet<_> = (0..table.body.len()).map(key).collect();
        if keys.len() == table.body.len() {
            return Rows::Parts(few);
        }
    }
    Rows::Events(facts)
}

/// How many values of a column are shown.
const SHOWN: usize = 6;

fn fact(grid: &Grid, run: &Run) -> Fact {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, cell) in run.cells(grid) {
        if !table::is_nothing(cell) {
            *counts.entry(cell.shown()).or_default() += 1;
        }
    }
    let mut values: Vec<(String, usize)> = counts.into_iter().collect();
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let distinct = values.len();
    Fact {
        label: run.label.clone(),
        values: values.into_iter().take(SHOWN).map(|(value, _)| value).collect(),
        distinct,
    }
}

fn facts(grid: &Grid, columns: &[Run], rows: usize) -> Facts {
    let mut facts = Facts::default();
    for run in columns {
        let fact = fact(grid, run);
        let numbers = run.is_numbers(grid);
        let codes = !numbers && fact.values.iter().all(|value| crate::number::currency(value).is_some());
        match words::role(&run.label) {
            Some(Role::Currency) if facts.currency.is_none() => facts.currency = Some(fact),
            _ if codes && facts.currency.is_none() => facts.currency = Some(fact),
            Some(Role::Person) if facts.person.is_none() && fact.distinct > 1 => {
                // A person's column that has another in each row still tells rows apart.
                if fact.distinct == rows && facts.id.is_none() {
                    facts.id = Some(fact.label.clone());
                }
                facts.person = Some(fact);
            }
            Some(Role::Id) if facts.id.is_none() && fact.distinct == rows => facts.id = Some(fact.label),
            Some(Role::Status) if facts.status.is_none() && fact.distinct <= 20 && !numbers => {
                facts.status = Some(fact)
            }
            _ if !numbers && fact.distinct > 1 && fact.distinct <= 20 => facts.others.push(fact),
            _ => {}
        }
    }
    facts
}

/// Words of what has not come yet.
const PLANS: [&str; 14] = [
    "plan",
    "planned",
    "forecast",
    "budget",
    "target",
    "outlook",
    "projected",
    "projection",
    "estimate",
    "est",
    "fc",
    "prognose",
    "soll",
    "goal",
];

/// From which period on values are planned: said in the header, or in the row above it.
fn planned(sheet: &Sheet<'_>, table: &Table, across: Option<usize>, dated: &Dated) -> Option<(usize, String)> {
    across?;
    let is_plan = |text: &str| words::words(text).iter().any(|word| PLANS.contains(&word.as_str()));
    let mut above = String::new();
    let mut first = None;
    let start = dated.places.first().map_or(0, |(_, column)| *column);
    let end = dated.places.last().map_or(0, |(_, column)| *column);
    let row = table.header.checked_sub(1)?;
    for column in start..=end {
        let cell = sheet.grid.cell(row, column);
        if !cell.is_blank() {
            above = cell.shown();
        }
        if let Some(at) = dated.places.iter().position(|place| place.1 == column) {
            match (is_plan(&above), first.is_none()) {
                (true, true) => {
                    first = Some((
                        at,
                        format!("`{}` above {}", crate::name::label_of(&above), address(table.header, column)),
                    ))
                }
                // What comes after a plan and is none makes it one column among others: nothing to cut off.
                (false, false) => return None,
                _ => {}
            }
        }
    }
    first
}

/// The length of a period and how many are missing.
pub(crate) fn grain(whens: &[When]) -> (Grain, usize) {
    let mut orders: Vec<i64> = whens.iter().map(|when| when.order()).collect();
    orders.sort_unstable();
    orders.dedup();
    let named = whens.first().map_or(Grain::Day, |when| when.grain());
    let steps: Vec<i64> =
        orders.windows(2).filter_map(|pair| pair.first().zip(pair.last()).map(|(one, other)| other - one)).collect();
    let smallest = steps.iter().copied().min().unwrap_or(1);
    let (grain, length) = if named != Grain::Day {
        (
            named,
            match named {
                Grain::Week => 7.0,
                Grain::Month => 30.4375,
                Grain::Quarter => 91.3125,
                Grain::Half => 182.625,
                _ => 365.25,
            },
        )
    } else if smallest >= 360 {
        (Grain::Year, 365.25)
    } else if (89..=92).contains(&smallest) {
        (Grain::Quarter, 91.3125)
    } else if (28..=31).contains(&smallest) && steps.iter().any(|step| step % 7 != 0) {
        (Grain::Month, 30.4375)
    } else if smallest >= 7 && steps.iter().all(|step| step % 7 == 0) {
        (Grain::Week, 7.0)
    } else {
        (Grain::Day, 1.0)
    };
    if whens.iter().any(|when| matches!(when, When::Yearless(..))) {
        return (grain, 0);
    }
    let span = orders.last().zip(orders.first()).map_or(0, |(last, first)| last - first);
    let expected = (span as f64 / length).round() as usize + 1;
    (grain, expected.saturating_sub(orders.len()))
}

/// What each run of numbers means.
fn metrics(sheet: &Sheet<'_>, reading: &mut Reading, runs: Vec<Run>, style: Style, stop: &mut Stop) {
    let units = reading.across.and_then(|_| {
        let named = |(_, text): &&(usize, String)| {
            ["unit", "units", "einheit", "uom"].contains(&text.trim().to_lowercase().as_str())
        };
        reading.aside.iter().find(named).map(|(column, _)| *column)
    });
    let ids = match &reading.rows {
        Rows::Events(facts) => facts.id.iter().chain(facts.person.iter().map(|fact| &fact.label)).cloned().collect(),
        _ => Vec::new(),
    };
    let mut bad: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for run in runs {
        if !run.is_numbers(sheet.grid)
            || ids.contains(&run.label)
            || reading.across.is_none() && is_id(&run, sheet.grid, &reading.rows)
        {
            continue;
        }
        let profile = run.profile(sheet.grid, style);
        for (place, text) in &profile.misfits {
            let row =
                run.places.iter().find(|(row, column)| address(*row, *column) == *place).map_or(0, |(row, _)| *row);
            bad.entry(row).or_insert((place.clone(), text.clone()));
        }
        let unit = units.map(|column| sheet.grid.cell(run.place.0, column).shown());
        let key = format!("{}.percent", crate::name::name_of(&run.label, "values"));
        let file = crate::name::label_of(&file_words(sheet));
        let named = Named {
            label: &run.label,
            file: &file,
            unit: unit.as_deref().filter(|unit| !unit.is_empty()),
            percent: sheet.answer(&key),
        };
        match sense::sense(named, &profile) {
            Ok(sense) => {
                let is_money = is_money(&run.label, &profile, &sense);
                reading.metrics.push(Found { run, profile, sense, is_money });
            }
            Err(open) => open_sense(sheet, &run, &key, open, stop),
        }
    }
    skip(sheet, reading, bad, stop);
    if reading.metrics.is_empty()
        && stop.questions.is_empty()
        && stop.troubles.is_empty()
        && !matches!(reading.rows, Rows::Events(_))
    {
        stop.troubles.extend(
            sheet
                .trouble(None, "it has dates and no column of numbers", "name the file that holds the numbers")
                .troubles,
        );
    }
}

/// Whether numbers are amounts of money: by a sign, a currency in the name, or a name of money.
fn is_money(label: &str, profile: &Profile, sense: &Sense) -> bool {
    let named = [
        "amount", "revenue", "price", "total", "fee", "net", "gross", "value", "sales", "refunded", "paid", "cost",
        "spend", "mrr", "tax", "umsatz", "betrag",
    ];
    !profile.money.is_empty()
        || crate::number::currency(&sense.unit.is).is_some()
        || sense.unit.is != "share" && words::words(label).iter().any(|word| named.contains(&word.as_str()))
}

/// Amounts in several currencies: what they are worth, or which of them count, is asked.
fn currencies(sheet: &Sheet<'_>, reading: &mut Reading, stop: &mut Stop) {
    let Rows::Events(Facts { currency: Some(fact), .. }) = &reading.rows else { return };
    if fact.distinct < 2 || !reading.metrics.iter().any(|found| found.is_money) {
        return;
    }
    let codes: Vec<&str> = fact.values.iter().filter_map(|value| crate::number::currency(value)).collect();
    if let Some(rates) = sheet.answer("rates") {
        match worth(rates, &codes) {
            Some((rates, worth)) => (reading.rates, reading.worth) = (Some(rates), Some(worth)),
            None => {
                let message =
                    format!("`{rates}` does not say what one of {} is worth in the remaining one", codes.join(", "));
                stop.troubles.extend(
                    sheet
                        .trouble(None, message, "leave out the currency all is turned into: rates=GBP 1.17, USD 0.92")
                        .troubles,
                );
            }
        }
        return;
    }
    if let Some(only) =
        sheet.answer("currency").and_then(|only| fact.values.iter().find(|value| value.eq_ignore_ascii_case(only)))
    {
        reading.only = Some(only.clone());
        return;
    }
    let label = crate::name::label_of(&fact.label);
    let mut choices: Vec<Choice> = fact
        .values
        .iter()
        .map(|value| {
            let code = crate::number::currency(value).unwrap_or("USD");
            let line = format!("where {} = {}", column(&fact.label), crate::name::quoted(value));
            Choice { value: code.to_owned(), means: format!("amounts are those in {code} alone"), line: Some(line) }
        })
        .collect();
    let others: Vec<String> = codes.iter().skip(1).map(|code| format!("{code} …")).collect();
    choices.push(Choice {
        value: "rates".into(),
        means: format!(
            "everything is turned into {}; answer with rates={} instead, what one of each is worth",
            codes.first().unwrap_or(&""),
            others.join(", ")
        ),
        line: None,
    });
    let text = format!(
        "`{label}` has {} currencies ({}), and amounts in different ones cannot be added up",
        fact.distinct,
        codes.join(", ")
    );
    stop.questions.push(sheet.question("currency", text, choices));
}

/// Rates as the language writes them, and the one currency they are in.
fn worth(rates: &str, codes: &[&str]) -> Option<(String, String)> {
    let mut told: Vec<(String, f64)> = Vec::new();
    for rate in rates.split(',') {
        let mut words = rate.split_whitespace();
        let code = crate::number::currency(words.next()?)?;
        told.push((code.to_owned(), words.next()?.parse::<f64>().ok().filter(|worth| *worth > 0.0)?));
    }
    let left: Vec<&&str> = codes.iter().filter(|code| !told.iter().any(|(known, _)| known == **code)).collect();
    let [worth] = left.as_slice() else { return None };
    let text: Vec<String> = told.iter().map(|(code, rate)| format!("{code} {rate}")).collect();
    Some((text.join(", "), (**worth).to_string()))
}

/// What the file and its sheet are called.
fn file_words(sheet: &Sheet<'_>) -> String {
    match &sheet.grid.sheet {
        Some(name) if sheet.file.grids.len() > 1 => format!("{} {name}", sheet.file.stem()),
        _ => sheet.file.stem().to_owned(),
    }
    .replace(['_', '-', '.'], " ")
}

/// Whether numbers tell rows apart and count nothing.
fn is_id(run: &Run, grid: &Grid, rows: &Rows) -> bool {
    let role = words::role(&run.label);
    matches!(rows, Rows::Events(_)) && matches!(role, Some(Role::Id | Role::Person))
        || role == Some(Role::Id) && run.distinct(grid) == run.places.len() && run.label.to_lowercase().contains("id")
}

fn open_sense(sheet: &Sheet<'_>, run: &Run, key: &str, open: sense::Open, stop: &mut Stop) {
    let label = crate::name::label_of(&run.label);
    let place = address(run.place.0, run.place.1);
    match open {
        sense::Open::Percent { word, most } => {
            let text = format!(
                "`{label}` ({place}) is a share by its `{word}`, and its values go up to {most} without a percent sign"
            );
            let choices = vec![
                Choice::plain("0-1", format!("{most} is {}", sense::percent(most))),
                Choice::new("0-100", format!("{most} is {}", sense::percent(most / 100.0)), "scale 1%"),
            ];
            stop.questions.push(sheet.question(key, text, choices));
        }
        sense::Open::Mixed { with, without } => {
            let message = format!("{with} values of `{label}` have a percent sign and {without} have none");
            stop.troubles.extend(sheet.trouble(Some(place), message, "write all of them alike").troubles);
        }
        sense::Open::Currencies(codes) => {
            let message = format!(
                "the values of `{label}` are in {}; amounts in several currencies cannot be added up",
                codes.join(" and ")
            );
            stop.troubles.extend(
                sheet
                    .trouble(
                        Some(place),
                        message,
                        "give each currency a row or column of its own, or convert them before",
                    )
                    .troubles,
            );
        }
    }
}

/// Rows whose values cannot be read: left out where that was said.
fn skip(sheet: &Sheet<'_>, reading: &mut Reading, bad: BTreeMap<usize, (String, String)>, stop: &mut Stop) {
    if bad.is_empty() {
        return;
    }
    let shown: Vec<String> =
        bad.values().take(3).map(|(place, text)| format!("`{}` in {place}", crate::name::label_of(text))).collect();
    if reading.across.is_some() {
        let place = bad.values().next().map(|(place, _)| place.clone());
        stop.troubles.extend(
            sheet
                .trouble(place, format!("{} is no number", shown.join(", ")), "mend the cell, or leave it empty")
                .troubles,
        );
        return;
    }
    match sheet.answer("skip") {
        Some("yes") => reading.skipped = bad.into_values().collect(),
        _ => {
            let many = bad.len();
            let text = format!(
                "{many} of {} rows hold no number where the others do: {}",
                reading.table.body.len(),
                shown.join(", ")
            );
            let choices =
                vec![Choice::new("yes", "leave these rows out, and say so each time", format!("skip: at most {many}"))];
            stop.questions.push(sheet.question("skip", text, choices));
        }
    }
}

/// Whether a format tells fiscal quarters, whose year starts nobody knows when.
pub(crate) fn is_fiscal(reading: &Reading) -> bool {
    date::is_fiscal(reading.format())
}
