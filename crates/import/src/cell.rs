//! What a file holds, cell by cell, with the address a person finds it at.

use chrono::NaiveDateTime;

/// One cell.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Blank,
    /// A text, as it stands in the file.
    Text(String),
    /// A number a spreadsheet holds as one, and how it shows it.
    Number(f64, Form),
    /// A date or time a spreadsheet holds as one.
    Date(NaiveDateTime),
    /// Yes or no.
    Truth(bool),
    /// What a formula failed with, `#DIV/0!`.
    Fault(String),
}

/// How a spreadsheet shows a number.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Form {
    /// As a percentage; the number itself is the share.
    pub percent: bool,
    /// With this currency beside it, by its code.
    pub money: Option<String>,
}

impl Form {
    /// What a number format (`0.0%`, `"£"#,##0`, `[$€-407] #,##0`) says.
    pub fn of(format: &str) -> Form {
        // The first part is that of positive numbers; colours and conditions stand in brackets of their own.
        let first = format.split(';').next().unwrap_or_default();
        let plain: String = first.chars().filter(|letter| !matches!(letter, '"' | '\\' | '_' | '*')).collect();
        let percent = first.contains('%');
        let bracket = plain.split("[$").nth(1).and_then(|rest| rest.split([']', '-']).next());
        let outside: String =
            plain.split('[').next().unwrap_or_default().to_owned() + plain.rsplit(']').next().unwrap_or_default();
        let words = outside.split(['0', '#', ',', '.', ' ', '?', '(', ')', '-']);
        let money = bracket.into_iter().chain(words).find_map(crate::number::currency);
        Form { percent, money: money.map(str::to_owned) }
    }
}

/// A share as the number before its percent sign, without the digits that a multiplication leaves behind.
fn hundredfold(share: f64) -> String {
    let text = format!("{:.10}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Cell {
    /// A plain number.
    pub fn number(value: f64) -> Cell {
        Cell::Number(value, Form::default())
    }

    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Blank => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text it holds, without blanks around it; empty where it holds none.
    pub fn text(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Fault(text) => text.trim_matches(|letter: char| letter.is_whitespace()),
            _ => "",
        }
    }

    /// How it is shown to a person.
    pub fn shown(&self) -> String {
        match self {
            Cell::Blank => String::new(),
            Cell::Text(_) | Cell::Fault(_) => self.text().to_owned(),
            Cell::Number(value, Form { percent: true, .. }) => format!("{}%", hundredfold(*value)),
            Cell::Number(value, _) => format!("{value}"),
            Cell::Date(time) if time.time() == chrono::NaiveTime::MIN => time.date().to_string(),
            Cell::Date(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Cell::Truth(true) => "TRUE".into(),
            Cell::Truth(false) => "FALSE".into(),
        }
    }
}

/// One sheet of cells: a text file, or a sheet of a spreadsheet.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Grid {
    /// Which sheet of the file; `None` in text files, which have one.
    pub sheet: Option<String>,
    /// The rows from the first of the file on.
    pub rows: Vec<Vec<Cell>>,
}

const BLANK: &Cell = &Cell::Blank;

impl Grid {
    /// A cell, counted from 0; outside the rows there is nothing.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|row| row.get(column)).unwrap_or(BLANK)
    }

    /// How many columns the longest row has.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// How many cells of a row hold something.
    pub fn filled(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |row| row.iter().filter(|cell| !cell.is_blank()).count())
    }
}

/// The address of a cell as a spreadsheet shows it: row 2 and column 1, counted from 0, are `B3`.
pub fn address(row: usize, column: usize) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        name.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_say_percent_and_money() {
        for (format, expect) in [
            ("0.0%", "% -"),
            ("\"£\"#,##0", " GBP"),
            ("[$€-407] #,##0.00", " EUR"),
            ("#,##0.00 [$€-1]", " EUR"),
            ("$#,##0_);($#,##0)", " USD"),
            ("#,##0 \"CHF\"", " CHF"),
            ("[Red]#,##0", " -"),
            ("General", " -"),
        ] {
            let form = Form::of(format);
            let told = format!("{} {}", if form.percent { "%" } else { "" }, form.money.as_deref().unwrap_or("-"));
            assert_eq!(told, expect, "{format}");
        }
    }

    #[test]
    fn addresses_are_those_of_a_spreadsheet() {
        for (row, column, expect) in
            [(0, 0, "A1"), (2, 1, "B3"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1"), (0, 702, "AAA1")]
        {
            assert_eq!(address(row, column), expect);
        }
    }
}
