//! Tables of periods: a row for each period (wide) or a column for each (across), turned into columns of values by period.

use super::column::{Builder, Misfit};
use super::field::{Field, field_of};
use super::files::SourceFile;
use super::lines::Lines;
use super::names::Named;
use super::text::{TextRequest, WantedColumn, bad_value, missing_column};
use crate::DataError;
use crate::grid::{self, Cell, Grid, Options, Row, Value};
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_lang::model::Layout;

/// The column that holds the periods.
const PERIOD: &str = "period";
/// Names of rows and columns that add others up.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "grand total",
    "subtotal",
    "average",
    "avg",
    "mean",
    "ytd",
    "year to date",
    "summe",
    "gesamt",
    "durchschnitt",
    "totale",
    "somme",
    "moyenne",
    "suma",
    "media",
];

/// A table of periods.
struct Table<'a> {
    /// The number of the row that names the columns.
    header: u64,
    /// Each period, the header that names it, and where its values stand.
    periods: Vec<(Period, String, Slot)>,
    /// Each column's name and where its values stand.
    columns: Vec<(String, Slot)>,
    rows: &'a [Row],
    layout: Layout,
}

/// A row or a column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// By its place among the rows.
    Row(usize),
    /// By its number from 0.
    Column(usize),
}

/// How a file is opened.
pub fn options(request: &TextRequest<'_>) -> Options {
    let export = request.export;
    Options { sheet: export.sheet.clone(), rows: None, separator: export.separator, encoding: export.encoding.clone() }
}

/// Opens a file as a grid; a workbook of several sheets has to say which.
pub fn open(request: &TextRequest<'_>, file: &SourceFile) -> Result<Grid, DataError> {
    let owner = request.owner;
    let unreadable = |error: grid::GridError| owner.unreadable(&file.shown, error.to_string());
    let grid = grid::read(&file.path, &options(request)).map_err(unreadable)?;
    let seen: Vec<String> =
        grid.sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| format!("\"{}\"", sheet.name)).collect();
    if request.export.sheet.is_none() && seen.len() > 1 {
        let reason = format!("it has several sheets; say which with `sheet:`, one of {}", seen.join(", "));
        return Err(owner.unreadable(&file.shown, reason));
    }
    Ok(grid)
}

/// The place of the row that names the columns.
pub fn header_place(request: &TextRequest<'_>, file: &SourceFile, rows: &[Row]) -> Result<usize, DataError> {
    match request.export.header {
        None if rows.is_empty() => Err(request.owner.empty(&file.shown)),
        None => Ok(0),
        Some(number) => rows.iter().position(|row| row.number == u64::from(number)).ok_or_else(|| {
            let reason = format!("its row {number}, the header as declared, is empty or not there");
            request.owner.unreadable(&file.shown, reason)
        }),
    }
}

/// Reads the wanted columns of a wide or an across table.
pub fn read_file(
    request: &TextRequest<'_>,
    file: &SourceFile,
    index: u32,
    builders: &mut [Builder],
    lines: &mut Lines,
    notes: &mut Vec<String>,
) -> Result<(), DataError> {
    let grid = open(request, file)?;
    let header = header_place(request, file, &grid.rows)?;
    let mut left_out = LeftOut::default();
    let table = match request.export.layout {
        Layout::Across => across(request, file, &grid, header, &mut left_out)?,
        _ => wide(request, file, &grid, header, &mut left_out)?,
    };
    notes.extend(left_out.notes(request.owner.name));
    notes.extend(super::text::encoding_note(request, file, &grid.format));
    let places = places(request, file, &grid, &table)?;
    let filled = filled(&table, &places, request);
    for (period, written, slot) in table.periods.get(filled.clone()).unwrap_or_default() {
        let number = match slot {
            Slot::Row(at) => table.rows.get(*at).map_or(table.header, |row| row.number),
            Slot::Column(_) => table.header,
        };
        for ((builder, column), place) in builders.iter_mut().zip(request.columns).zip(&places) {
            let Some(place) = place else {
                let pushed = builder.push(Field::Period(*period), number, request.manner, None);
                pushed.map_err(|misfit| bad_value(request, file, number, column, written.as_bytes(), misfit))?;
                continue;
            };
            let (cell, row, address) = table.cell(&grid, *place, *slot);
            let mut digits = String::new();
            let pushed = builder.push(field_of(cell, &mut digits), row, request.manner, None);
            pushed.map_err(|misfit| {
                let mut found = column.clone();
                found.name = format!("{}`, cell `{address}", column.name);
                bad_value(request, file, row, &found, cell.shown.as_bytes(), wording(cell, misfit))
            })?;
        }
        lines.push(index, number as u32);
    }
    Ok(())
}

/// An error in a cell is told as one.
fn wording(cell: &Cell, misfit: Misfit) -> Misfit {
    if cell.value == Value::Error {
        return Misfit { hint: format!("where it stands for no value, say so: `blank: \"{}\"`", cell.shown), ..misfit };
    }
    misfit
}

/// What is left out of a table, for a note.
#[derive(Default)]
struct LeftOut {
    totals: Vec<String>,
    planned: Vec<String>,
}

impl LeftOut {
    fn notes(&self, source: &str) -> Vec<String> {
        let note = |what: &[String], why: &str| {
            (!what.is_empty()).then(|| format!("Of `{source}` {} left out: {why}.", listed(what)))
        };
        [note(&self.totals, "totals of others"), note(&self.planned, "planned, not actual")]
            .into_iter()
            .flatten()
            .collect()
    }
}

fn listed(what: &[String]) -> String {
    let shown: Vec<String> = what.iter().take(6).map(|name| format!("`{name}`")).collect();
    let more = what.len().saturating_sub(shown.len());
    let verb = if what.len() == 1 { "is" } else { "are" };
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more} {verb}", shown.join(", "))
}

/// Whether a name says that it adds others up.
fn is_total(name: &str) -> bool {
    let name = name.trim().trim_end_matches(':').to_lowercase();
    TOTALS.iter().any(|total| name == *total || name.strip_prefix(total).is_some_and(|rest| rest.starts_with(' ')))
}

/// The period a cell names; a true date is its month where its format shows no day.
fn period_of(request: &TextRequest<'_>, cell: &Cell) -> Option<Named> {
    let Value::Date(date, _) = &cell.value else { return request.manner.dates.header(&cell.shown) };
    let code = cell.format.as_deref().unwrap_or_default().to_lowercase();
    let monthly = code.contains("mm") && !code.contains('d') && !code.contains('h')
        || request
            .manner
            .dates
            .header(&code)
            .is_some_and(|named| matches!(named, Named::Period(p) if p.grain() == Grain::Month));
    let day = Period::day(date.date());
    if !monthly {
        return Some(Named::Period(day));
    }
    let month = format!("{}", date.format("%Y-%m"));
    Some(Named::Period(month.parse().unwrap_or(day)))
}

fn across<'a>(
    request: &TextRequest<'_>,
    file: &SourceFile,
    grid: &'a Grid,
    header: usize,
    left_out: &mut LeftOut,
) -> Result<Table<'a>, DataError> {
    let Some(row) = grid.rows.get(header) else { return Err(request.owner.empty(&file.shown)) };
    let mut found = Vec::new();
    let mut yearless = None;
    for (column, cell) in row.cells.iter().enumerate() {
        match keep(request, cell, Slot::Column(column), &mut found, left_out) {
            Kept::Yearless(grain, number) if yearless.is_none() => {
                yearless = Some((grain, number, cell, grid.address(row.number, column)));
            }
            _ => {}
        }
    }
    // Beside whole periods, a quarter or a month without a year adds some of them up.
    if found.is_empty() {
        return Err(match yearless {
            Some((grain, number, cell, address)) => no_year(request, file, (grain, number), cell, &address),
            None => no_periods(request, file, grid, header),
        });
    }
    let periods = finest(request, file, grid, row.number, found, left_out)?;
    let below = header + 1;
    let mut columns = Vec::new();
    // A sheet may begin with blank columns: names stand in the first that holds any and is no period.
    let is_period = |column: usize| periods.iter().any(|(_, _, slot)| *slot == Slot::Column(column));
    let holds = |column: usize| {
        grid.rows.iter().skip(below).any(|row| row.cells.get(column).is_some_and(|cell| !cell.shown.trim().is_empty()))
    };
    let widest = grid.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let names = (0..widest).find(|column| !is_period(*column) && holds(*column)).unwrap_or(0);
    for (at, row) in grid.rows.iter().enumerate().skip(below) {
        let name = row.cells.get(names).map_or("", |cell| cell.shown.trim());
        if !name.is_empty() {
            columns.push((name.to_owned(), Slot::Row(at)));
        }
    }
    Ok(Table { header: row.number, periods, columns, rows: &grid.rows, layout: Layout::Across })
}

fn wide<'a>(
    request: &TextRequest<'_>,
    file: &SourceFile,
    grid: &'a Grid,
    header: usize,
    left_out: &mut LeftOut,
) -> Result<Table<'a>, DataError> {
    let Some(row) = grid.rows.get(header) else { return Err(request.owner.empty(&file.shown)) };
    let columns: Vec<(String, Slot)> = row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| (cell.shown.trim().to_owned(), Slot::Column(column)))
        .collect();
    // The first column that has a name holds the periods, or the one that `time:` names.
    let named = |name: &str| columns.iter().find(|(column, _)| column == name).map(|(_, slot)| *slot);
    let first = columns.first().map_or(Slot::Column(0), |(_, slot)| *slot);
    let Slot::Column(of_periods) = request.time.and_then(named).unwrap_or(first) else {
        return Err(request.owner.empty(&file.shown));
    };
    let mut found = Vec::new();
    for (at, row) in grid.rows.iter().enumerate().skip(header + 1) {
        let Some(cell) = row.cells.get(of_periods).filter(|cell| !cell.is_empty()) else { continue };
        let address = grid.address(row.number, of_periods);
        match keep(request, cell, Slot::Row(at), &mut found, left_out) {
            Kept::Yes => {}
            Kept::Yearless(grain, number) => return Err(no_year(request, file, (grain, number), cell, &address)),
            Kept::No if request.manner.is_blank(cell.shown.as_bytes()) => {}
            Kept::No => return Err(no_period(request, file, row.number, cell, &address)),
        }
    }
    let periods = finest(request, file, grid, row.number, found, left_out)?;
    Ok(Table { header: row.number, periods, columns, rows: &grid.rows, layout: Layout::Wide })
}

type Found = Vec<(Period, String, Slot)>;

/// What became of a header.
enum Kept {
    /// A period, or left out with a note.
    Yes,
    /// A part of a year that is not said.
    Yearless(Grain, u32),
    /// No period.
    No,
}

/// Keeps a header that names a period; notes those that are totals or planned.
fn keep(request: &TextRequest<'_>, cell: &Cell, slot: Slot, found: &mut Found, left_out: &mut LeftOut) -> Kept {
    let shown = cell.shown.trim().to_owned();
    match period_of(request, cell) {
        Some(Named::Period(period)) => found.push((period, shown, slot)),
        Some(Named::Planned(_)) => left_out.planned.push(shown),
        Some(Named::Yearless(grain, number)) => return Kept::Yearless(grain, number),
        None if is_total(&shown) => left_out.totals.push(shown),
        None => return Kept::No,
    }
    Kept::Yes
}

/// A part of a year that is not said: which one is asked.
fn no_year(
    request: &TextRequest<'_>,
    file: &SourceFile,
    (grain, number): (Grain, u32),
    cell: &Cell,
    address: &str,
) -> DataError {
    let shown = cell.shown.trim();
    let example = match grain {
        Grain::Week => format!("2026-W{number:02}"),
        Grain::Quarter => format!("2026-Q{number}"),
        Grain::Half => format!("2026-H{number}"),
        _ => format!("2026-{number:02}"),
    };
    let reason = format!(
        "`{shown}` in {address} is a {grain} of a year that is not said; say which: `dates: \"{shown} is {example}\"`, and the others count on from it"
    );
    request.owner.unreadable(&file.shown, reason)
}

fn no_period(request: &TextRequest<'_>, file: &SourceFile, line: u64, cell: &Cell, address: &str) -> DataError {
    let column = WantedColumn {
        name: format!("{PERIOD}`, cell `{address}"),
        kind: super::column::Kind::Time,
        place: request.owner.place.clone(),
    };
    let misfit = Misfit {
        expected: "a period such as Nov-26, 2026-11 or Q3 FY26".into(),
        hint: "say how periods are written with `dates:`, or what stands for none with `blank:`".into(),
    };
    bad_value(request, file, line, &column, cell.shown.as_bytes(), misfit)
}

/// The periods of the shortest grain; longer ones among them are totals. Each stands once.
fn finest(
    request: &TextRequest<'_>,
    file: &SourceFile,
    grid: &Grid,
    header: u64,
    found: Found,
    left_out: &mut LeftOut,
) -> Result<Found, DataError> {
    let shortest = found.iter().map(|(period, ..)| period.grain()).min();
    let (kept, longer): (Found, Found) = found.into_iter().partition(|(period, ..)| Some(period.grain()) == shortest);
    left_out.totals.extend(longer.into_iter().map(|(_, written, _)| written));
    let mut seen: std::collections::BTreeMap<Period, (&String, Slot)> = std::collections::BTreeMap::new();
    for (period, written, slot) in &kept {
        if let Some((before, other)) = seen.insert(*period, (written, *slot)) {
            let address = |slot: Slot| match slot {
                Slot::Column(column) => grid.address(header, column),
                Slot::Row(at) => grid.address(grid.rows.get(at).map_or(0, |row| row.number), 0),
            };
            let reason =
                format!("`{before}` in {} and `{written}` in {} name the same period", address(other), address(*slot));
            return Err(request.owner.unreadable(&file.shown, reason));
        }
    }
    Ok(kept)
}

fn no_periods(request: &TextRequest<'_>, file: &SourceFile, grid: &Grid, header: usize) -> DataError {
    let number = grid.rows.get(header).map_or(1, |row| row.number);
    let names = |row: &&Row| {
        row.cells.iter().filter(|cell| matches!(period_of(request, cell), Some(Named::Period(_)))).count() > 1
    };
    let hint = match grid.rows.iter().find(names) {
        Some(row) => format!("row {} does: write `header: {}`", row.number, row.number),
        None => "say how they are written with `dates:`, or which row names them with `header:`".to_owned(),
    };
    request.owner.unreadable(&file.shown, format!("its row {number} names no period; {hint}"))
}

impl Table<'_> {
    /// The cell of a column and a period, its row and its address.
    fn cell<'g>(&self, grid: &'g Grid, column: Slot, period: Slot) -> (&'g Cell, u64, String) {
        static EMPTY: Cell = Cell { shown: String::new(), value: Value::Empty, format: None };
        let (row, column) = match (column, period) {
            (Slot::Row(row), Slot::Column(column)) | (Slot::Column(column), Slot::Row(row)) => (row, column),
            _ => return (&EMPTY, self.header, String::new()),
        };
        let Some(found) = grid.rows.get(row) else { return (&EMPTY, self.header, String::new()) };
        (found.cells.get(column).unwrap_or(&EMPTY), found.number, grid.address(found.number, column))
    }
}

/// Where each wanted column stands; `None` for the periods themselves.
fn places(
    request: &TextRequest<'_>,
    file: &SourceFile,
    grid: &Grid,
    table: &Table<'_>,
) -> Result<Vec<Option<Slot>>, DataError> {
    let mut places = Vec::new();
    for column in request.columns {
        let is_time = request.time.is_some_and(|time| time == column.name);
        if column.name == PERIOD || table.layout == Layout::Wide && is_time {
            places.push(None);
            continue;
        }
        let found: Vec<Slot> =
            table.columns.iter().filter(|(name, _)| *name == column.name.trim()).map(|(_, slot)| *slot).collect();
        match found.as_slice() {
            [only] => places.push(Some(*only)),
            [] => {
                let names: Vec<String> = table.columns.iter().map(|(name, _)| name.clone()).collect();
                return Err(missing_column(request.owner, &file.shown, column, &names));
            }
            [first, second, ..] => {
                let address = |slot: &Slot| match slot {
                    Slot::Row(at) => grid.address(grid.rows.get(*at).map_or(0, |row| row.number), 0),
                    Slot::Column(column) => grid.address(table.header, *column),
                };
                let (first, second) = (address(first), address(second));
                let reason = format!("`{}` stands in {first} and in {second}; give each its own name", column.name);
                return Err(request.owner.unreadable(&file.shown, reason));
            }
        }
    }
    Ok(places)
}

/// Periods from the first to the last that holds a value of a wanted column: what lies outside is not filled in yet.
fn filled(table: &Table<'_>, places: &[Option<Slot>], request: &TextRequest<'_>) -> std::ops::Range<usize> {
    let is_filled = |(_, _, slot): &(Period, String, Slot)| {
        places.iter().flatten().any(|place| {
            let (row, column) = match (*place, *slot) {
                (Slot::Row(row), Slot::Column(column)) | (Slot::Column(column), Slot::Row(row)) => (row, column),
                _ => return false,
            };
            let cell = table.rows.get(row).and_then(|row| row.cells.get(column));
            cell.is_some_and(|cell| !cell.is_empty() && !request.manner.is_blank(cell.shown.as_bytes()))
        })
    };
    if places.iter().all(Option::is_none) {
        return 0..table.periods.len();
    }
    let first = table.periods.iter().position(is_filled).unwrap_or(table.periods.len());
    let last = table.periods.iter().rposition(is_filled).map_or(first, |last| last + 1);
    first..last
}
