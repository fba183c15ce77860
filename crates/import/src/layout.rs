//! How a table lies: one row a time, or one column a period; and how its times are written.

use crate::cell::{Cell, Grid};
use crate::date::{self, When};
use crate::table::{Kind, Table, is_nothing, kind, times};
use quarterdeck_calendar::Grain;

/// How a table lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// Each row is dated by a column.
    Rows {
        /// Columns that may be the one, each with how it is written. More than one is a question.
        times: Vec<Dated>,
    },
    /// Each row is a metric, each column a period.
    Across {
        /// The column of the metrics' names.
        label: usize,
        /// The columns that are periods.
        periods: Dated,
        /// Columns that are not: address of the header and its text.
        aside: Vec<(usize, String)>,
    },
    /// Nothing in it is a time.
    Timeless,
}

/// Cells that are times, and the ways they can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated {
    /// The column, or the first of the columns that are periods.
    pub column: usize,
    /// Where each cell stands: row and column.
    pub places: Vec<(usize, usize)>,
    /// Each format that fits every cell, with what the cells then say. Readings that agree stand once.
    pub readings: Vec<(String, Vec<When>)>,
}

impl Dated {
    /// The reading, where there is one.
    pub fn only(&self) -> Option<(&str, &[When])> {
        match self.readings.as_slice() {
            [(format, whens)] => Some((format, whens)),
            _ => None,
        }
    }

    /// The same read in one format alone.
    pub fn settled(&self, format: &str) -> Option<Dated> {
        let reading = self.readings.iter().find(|(known, _)| known == format)?;
        Some(Dated { readings: vec![reading.clone()], ..self.clone() })
    }
}

/// Words a column of times is named with.
const TIME_WORDS: [&str; 40] = [
    "date",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "period",
    "time",
    "timestamp",
    "at",
    "on",
    "created",
    "datum",
    "tag",
    "woche",
    "monat",
    "quartal",
    "jahr",
    "zeit",
    "zeitraum",
    "fecha",
    "mes",
    "data",
    "mois",
    "jour",
    "semaine",
    "date/time",
    "datetime",
    "yearmonth",
    "ym",
    "kw",
    "dia",
    "periode",
    "periodo",
    "giorno",
    "mese",
    "utc",
    "when",
    "ds",
    "t",
];

/// Whether a column's name says that it holds times.
pub fn names_time(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.split(|letter: char| !letter.is_alphanumeric() && letter != '/').any(|word| TIME_WORDS.contains(&word))
}

/// How a table lies.
pub fn layout(grid: &Grid, table: &Table) -> Layout {
    if let Some(across) = across(grid, table) {
        return across;
    }
    let mut found: Vec<Dated> = table.columns.iter().filter_map(|column| dated_column(grid, table, *column)).collect();
    let whole = |dated: &Dated| {
        dated.readings.iter().any(|(_, whens)| whens.iter().all(|when| !matches!(when, When::Yearless(..))))
    };
    if found.iter().any(whole) {
        found.retain(whole);
    }
    drop_coarser(&mut found);
    if found.is_empty() { Layout::Timeless } else { Layout::Rows { times: found } }
}

/// How many periods make a table one of columns that are periods.
const PERIODS: usize = 3;

fn across(grid: &Grid, table: &Table) -> Option<Layout> {
    let named: Vec<usize> =
        table.columns.iter().copied().filter(|column| !grid.cell(table.header, *column).is_blank()).collect();
    let is_time = |column: &usize| {
        let cell = grid.cell(table.header, *column);
        !times(cell).is_empty() && column_values(grid, table, *column)
    };
    let periods: Vec<usize> = named.iter().copied().filter(is_time).collect();
    let first = *periods.first()?;
    if periods.len() < PERIODS || 2 * periods.len() < named.len() {
        return None;
    }
    let texts = |column: usize| table.body.iter().filter(|row| kind(grid.cell(**row, column)) == Kind::Text).count();
    let label = table
        .columns
        .iter()
        .copied()
        .filter(|column| *column < first && 2 * texts(*column) > table.body.len())
        .max_by_key(|column| (distinct(grid, table, *column), usize::MAX - *column))?;
    let places = periods.iter().map(|column| (table.header, *column)).collect();
    let periods = read(grid, first, places)?;
    let aside = named
        .iter()
        .copied()
        .filter(|column| *column != label && !periods.places.iter().any(|(_, period)| period == column));
    let aside = aside.map(|column| (column, grid.cell(table.header, column).shown())).collect();
    Some(Layout::Across { label, periods, aside })
}

fn distinct(grid: &Grid, table: &Table, column: usize) -> usize {
    let texts: std::collections::BTreeSet<&str> = table.body.iter().map(|row| grid.cell(*row, column).text()).collect();
    texts.len()
}

/// Whether a column holds values, or nothing yet.
fn column_values(grid: &Grid, table: &Table, column: usize) -> bool {
    let kinds = || table.body.iter().map(|row| kind(grid.cell(*row, column)));
    kinds().all(|kind| matches!(kind, Kind::Number | Kind::Empty))
        || 2 * kinds().filter(|kind| *kind == Kind::Number).count() > table.body.len()
}

fn dated_column(grid: &Grid, table: &Table, column: usize) -> Option<Dated> {
    let places: Vec<(usize, usize)> = table
        .body
        .iter()
        .map(|row| (*row, column))
        .filter(|(row, column)| !is_nothing(grid.cell(*row, *column)))
        .collect();
    // A row without a time counts in no period: the time column has one in every row.
    if places.len() != table.body.len() || places.is_empty() {
        return None;
    }
    let name = grid.cell(table.header, column).shown();
    let numbers = places.iter().filter(|(row, column)| kind(grid.cell(*row, *column)) == Kind::Number).count();
    if 2 * numbers > places.len() && !names_time(&name) {
        return None;
    }
    read(grid, column, places)
}

/// Every format that fits all cells.
fn read(grid: &Grid, column: usize, places: Vec<(usize, usize)>) -> Option<Dated> {
    let mut formats: Option<Vec<String>> = None;
    let mut texts = 0usize;
    for (row, column) in &places {
        let cell = grid.cell(*row, *column);
        let found: Vec<String> = cell_times(cell).into_iter().map(|(format, _)| format).collect();
        if found.is_empty() {
            return None;
        }
        // A date of a spreadsheet is one in any format.
        if matches!(cell, Cell::Date(_)) {
            continue;
        }
        texts += 1;
        match &mut formats {
            None => formats = Some(found),
            Some(formats) => formats.retain(|format| found.contains(format)),
        }
    }
    let formats = if texts == 0 { vec![date::ISO.to_owned()] } else { formats? };
    let whens = |format: &String| -> Option<Vec<When>> {
        places.iter().map(|(row, column)| when(grid.cell(*row, *column), format)).collect()
    };
    let mut readings: Vec<(String, Vec<When>)> = Vec::new();
    for format in formats {
        let Some(whens) = whens(&format) else { continue };
        if !readings.iter().any(|(_, known)| *known == whens) {
            readings.push((format, whens));
        }
    }
    let whole = |whens: &[When]| !whens.iter().any(|when| matches!(when, When::Yearless(..)));
    if readings.iter().any(|(_, whens)| whole(whens)) {
        readings.retain(|(_, whens)| whole(whens));
    }
    (!readings.is_empty()).then_some(Dated { column, places, readings })
}

/// Every way a cell can be read as a time, months and days written as one number among them.
fn cell_times(cell: &Cell) -> Vec<(String, When)> {
    match cell {
        Cell::Number(value, _) if value.fract() == 0.0 && (197_001.0..=21_001_231.0).contains(value) => {
            date::readings(&format!("{value}"))
        }
        other => times(other),
    }
}

/// What a cell says in a format.
pub fn when(cell: &Cell, format: &str) -> Option<When> {
    match cell {
        Cell::Date(_) => times(cell).pop().map(|(_, when)| when),
        Cell::Number(value, _) => date::read_in(format, &format!("{value}")),
        Cell::Text(text) => date::read_in(format, text),
        _ => None,
    }
}

/// A column of months beside one of days says nothing new, where each day lies in its month.
fn drop_coarser(found: &mut Vec<Dated>) {
    let calendar = quarterdeck_calendar::Calendar::default();
    let holds = |coarse: &When, fine: &When| match (coarse, fine) {
        (When::Period(period), When::Day { day, .. }) => calendar.holds(*period, *day),
        (When::Day { day: first, clock: false, .. }, When::Day { day, .. }) => {
            // The first day of the month, or the day itself beside its time.
            first == day
                || [Grain::Week, Grain::Month]
                    .iter()
                    .any(|grain| calendar.starts(calendar.period_of(*grain, *day)) == *first)
        }
        (When::Yearless(..), _) => true,
        _ => false,
    };
    let coarser = |one: &Dated, other: &Dated| -> bool {
        let (Some((_, coarse)), Some((_, fine))) = (one.only(), other.only()) else { return false };
        coarse != fine && coarse.iter().zip(fine).all(|(coarse, fine)| holds(coarse, fine))
    };
    // Of two columns that say the same the first is taken.
    let mut at = 0;
    while at < found.len() {
        let same = |other: &Dated, one: &Dated| {
            one.only().zip(other.only()).is_some_and(|((_, one), (_, other))| one == other)
        };
        let twin = found.get(at).is_some_and(|one| found.iter().take(at).any(|other| same(other, one)));
        if twin {
            found.remove(at);
        } else {
            at += 1;
        }
    }
    let all = found.clone();
    found.retain(|one| !all.iter().any(|other| other.column != one.column && coarser(one, other)));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::cell::address;
    use crate::table::find;

    fn grid(text: &str) -> Grid {
        let cell = |text: &str| if text.trim().is_empty() { Cell::Blank } else { Cell::Text(text.trim().into()) };
        Grid { sheet: None, rows: text.lines().map(|line| line.split('|').map(cell).collect()).collect() }
    }

    fn told(text: &str) -> String {
        let grid = grid(text);
        let table = find(&grid).unwrap();
        let formats = |dated: &Dated| {
            let formats: Vec<String> =
                dated.readings.iter().map(|(format, whens)| format!("{format}={}", whens[0].shown())).collect();
            format!("{}[{}]", address(dated.places[0].0, dated.column), formats.join(" "))
        };
        match layout(&grid, &table) {
            Layout::Rows { times } => format!("rows {}", times.iter().map(formats).collect::<Vec<_>>().join(" ")),
            Layout::Across { label, periods, aside } => {
                let aside: Vec<String> = aside.into_iter().map(|(_, text)| text).collect();
                format!("across {label} {} aside {}", formats(&periods), aside.join(" "))
            }
            Layout::Timeless => "timeless".into(),
        }
    }

    #[test]
    fn tables_and_how_they_lie() {
        for (text, expect) in [
            ("date|value\n2026-01-01|5\n2026-01-02|6", "rows A2[=2026-01-01]"),
            ("day|v\n03/04/2026|5\n04/04/2026|6", "rows A2[dd/mm/yyyy=2026-04-03 mm/dd/yyyy=2026-03-04]"),
            ("day|v\n03/04/2026|5\n14/04/2026|6", "rows A2[dd/mm/yyyy=2026-04-03]"),
            ("|Jan-26|Feb-26|Mar-26|Total\nMRR|£1|£2|£3|6\nUsers|5|6|-|11", "across 0 B1[mmm-yy=2026-01] aside Total"),
            ("Metric|W44|W45|W46\nMRR|1|2|3\nUsers|5|6|7", "across 0 B1[Www=W44] aside "),
            (
                "created|closed|amount\n2026-01-01|2026-01-09|5\n2026-01-02|2026-03-09|6",
                "rows A2[=2026-01-01] B2[=2026-01-09]",
            ),
            ("month|date|amount\n2026-01|2026-01-01|5\n2026-01|2026-01-02|6", "rows B2[=2026-01-01]"),
            ("a|b\n5|x\n6|y", "timeless"),
            ("year|value\n2001|5\n2002|6", "rows A2[=2001]"),
            ("visits|date\n2001|2026-01-01\n2002|2026-01-02", "rows B2[=2026-01-01]"),
        ] {
            assert_eq!(told(text), expect, "{text}");
        }
    }
}
