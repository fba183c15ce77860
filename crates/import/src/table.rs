//! Where a sheet's table is: its header, its rows, and what stands around them.

use crate::cell::{Cell, Grid, address};
use crate::date::{self, When};
use crate::number::Written;

/// What a cell may be taken for.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, or a mark that stands for nothing (`-`, `n/a`, `#DIV/0!`).
    Empty,
    /// A number, as a text or as one.
    Number,
    /// A day or a period.
    When,
    /// Any other text.
    Text,
}

/// Marks that stand for no value, in small letters.
const NOTHING: [&str; 24] = [
    "-", "–", "—", "--", "---", "n/a", "n.a.", "na", "#n/a", "null", "nil", "none", "nan", ".", "..", "?", "tbd",
    "tbc", "k.a.", "k. a.", "(blank)", "(leer)", "#", "n.v.t.",
];

/// Whether a cell says that there is no value.
pub fn is_nothing(cell: &Cell) -> bool {
    match cell {
        Cell::Fault(_) => true,
        Cell::Text(_) => {
            let text = cell.text().to_lowercase();
            text.is_empty() || NOTHING.contains(&text.as_str()) || is_fault(&text)
        }
        Cell::Blank => true,
        _ => false,
    }
}

fn is_fault(text: &str) -> bool {
    ["#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!", "#wert!", "#bezug!", "#zahl!", "#nv"].contains(&text)
}

/// What a cell is taken for.
pub fn kind(cell: &Cell) -> Kind {
    if is_nothing(cell) {
        return Kind::Empty;
    }
    match cell {
        Cell::Number(..) => Kind::Number,
        Cell::Date(_) => Kind::When,
        Cell::Text(text) if Written::of(text).is_some() => Kind::Number,
        Cell::Text(text) if !date::readings(text).is_empty() => Kind::When,
        _ => Kind::Text,
    }
}

/// Every way a cell can be read as a time.
pub fn times(cell: &Cell) -> Vec<(String, When)> {
    match cell {
        Cell::Date(time) => {
            let clock = time.time() != chrono::NaiveTime::MIN;
            vec![(date::ISO.to_owned(), When::Day { day: time.date(), clock, zoned: false })]
        }
        // A year alone is a number to a spreadsheet.
        Cell::Number(value, _) if value.fract() == 0.0 && (1970.0..=2100.0).contains(value) => {
            date::readings(&format!("{value}"))
        }
        Cell::Text(text) => date::readings(text),
        _ => Vec::new(),
    }
}

/// A sheet's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The row of the column names, counted from 0.
    pub header: usize,
    /// The rows of values, without blank ones, totals and notes.
    pub body: Vec<usize>,
    /// Columns that have a name or values, in order.
    pub columns: Vec<usize>,
    /// What stands above the header: address and text.
    pub titles: Vec<(String, String)>,
    /// Rows that add up others: row and name.
    pub totals: Vec<(usize, String)>,
    /// Rows of one text: headings and notes.
    pub notes: Vec<(usize, String)>,
}

/// How many rows are looked at for the header.
const HEADERS: usize = 60;
/// How many rows below a possible header say what its columns hold.
const SAMPLE: usize = 400;

/// Finds the table of a sheet; `None` where no row is followed by rows of values.
pub fn find(grid: &Grid) -> Option<Table> {
    let rows = grid.rows.len().min(HEADERS);
    let mut best: Option<(f64, usize)> = None;
    for row in 0..rows {
        if let Some(score) = score(grid, row)
            && best.is_none_or(|(most, _)| score > most + 1e-9)
        {
            best = Some((score, row));
        }
    }
    let (_, header) = best?;
    Some(around(grid, header))
}

/// How well a row names the columns below it: for each, how much they are of one kind.
fn score(grid: &Grid, row: usize) -> Option<f64> {
    if grid.filled(row) < 2 {
        return None;
    }
    let below: Vec<usize> =
        (row + 1..grid.rows.len().min(row + 1 + SAMPLE)).filter(|below| grid.filled(*below) > 0).collect();
    let (mut total, mut data, mut alike) = (0.0, 0, 0);
    for column in 0..grid.width() {
        let cell = grid.cell(row, column);
        let mut counts = [0usize; 3];
        for below in &below {
            match kind(grid.cell(*below, column)) {
                Kind::Empty => {}
                Kind::Number => counts[0] += 1,
                Kind::When => counts[1] += 1,
                Kind::Text => counts[2] += 1,
            }
        }
        let filled: usize = counts.iter().sum();
        let most = counts.iter().copied().max().unwrap_or(0);
        if filled == 0 {
            continue;
        }
        let values = counts[2] < most;
        if values {
            data += 1;
            let header = kind(cell);
            // A column of numbers under a year is one of a table whose columns are periods.
            let year = header == Kind::Number && !times(cell).is_empty();
            let same = if counts[0] == most { header == Kind::Number && !year } else { header == Kind::When };
            alike += usize::from(same);
        }
        if !cell.is_blank() {
            total += most as f64 / filled as f64;
        }
    }
    (data > 0 && 4 * alike <= data && total > 0.0).then_some(total)
}

fn around(grid: &Grid, header: usize) -> Table {
    let columns: Vec<usize> = (0..grid.width())
        .filter(|column| (header..grid.rows.len()).any(|row| !grid.cell(row, *column).is_blank()))
        .collect();
    let mut table =
        Table { header, body: Vec::new(), columns, titles: Vec::new(), totals: Vec::new(), notes: Vec::new() };
    for row in 0..header {
        for column in 0..grid.width() {
            let cell = grid.cell(row, column);
            if !cell.is_blank() {
                table.titles.push((address(row, column), cell.shown()));
            }
        }
    }
    let named = table.columns.iter().filter(|column| !grid.cell(header, **column).is_blank()).count();
    for row in header + 1..grid.rows.len() {
        let filled: Vec<usize> =
            table.columns.iter().copied().filter(|column| !grid.cell(row, *column).is_blank()).collect();
        let Some(first) = filled.first() else { continue };
        let cell = grid.cell(row, *first);
        let text = cell.text();
        if filled.len() == 1 && named > 2 && kind(cell) == Kind::Text {
            table.notes.push((row, text.to_owned()));
        } else if is_total(text) && filled.len() > 1 {
            table.totals.push((row, text.to_owned()));
        } else {
            table.body.push(row);
        }
    }
    table
}

/// Whether a text names a sum of others.
pub fn is_total(text: &str) -> bool {
    let plain = text.trim().trim_end_matches([':', '.']).to_lowercase();
    let exact = [
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sub-total",
        "sum",
        "gesamt",
        "summe",
        "gesamtsumme",
        "gesamtergebnis",
        "ytd",
        "year to date",
        "average",
        "avg",
        "mean",
        "ø",
        "total general",
        "totale",
        "somme",
        "suma",
        "totaal",
        "all",
        "Σ",
        "mittelwert",
        "durchschnitt",
    ];
    exact.contains(&plain.as_str())
        || ["total ", "sum of ", "summe ", "ytd ", "grand total "]
            .iter()
            .any(|start| plain.starts_with(start) && plain.len() < start.len() + 6)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A grid of a text, cells separated by `|`.
    fn grid(text: &str) -> Grid {
        let cell = |text: &str| if text.trim().is_empty() { Cell::Blank } else { Cell::Text(text.trim().into()) };
        Grid { sheet: None, rows: text.lines().map(|line| line.split('|').map(cell).collect()).collect() }
    }

    #[test]
    fn the_header_is_found_below_titles_and_notes() {
        for (text, header, body) in [
            ("date|value\n2026-01-01|5\n2026-01-02|6", 0, vec![1, 2]),
            ("Acme KPIs|||\n\n|Jan-26|Feb-26|Total\nMRR|£1|£2|£3\n\nUsers|5|6|11\nTotal|6|8|14", 2, vec![3, 5]),
            ("Property|x\nRange|20260101\n\ndate|users\n20260101|5\n20260102|6", 3, vec![4, 5]),
            ("|2024|2025\nRevenue|10|12\nCost|4|5", 0, vec![1, 2]),
            ("a|b|c\n1|2|3\n4|5|6", 0, vec![1, 2]),
        ] {
            let table = find(&grid(text)).unwrap();
            assert_eq!((table.header, table.body), (header, body), "{text}");
        }
    }

    #[test]
    fn rows_of_values_alone_have_no_header() {
        let odd = find(&grid("date|value\n2026-01-01|5\nsoon|6\n2026-01-03|7")).unwrap();
        assert_eq!((odd.header, odd.body), (0, vec![1, 2, 3]));
        assert_eq!(find(&grid("2026-01-01|5\n2026-01-02|6\n2026-01-03|7")), None);
        assert_eq!(find(&grid("hello\nworld")), None);
    }
}
