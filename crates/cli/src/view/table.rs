//! Tables in monospaced text: columns as wide as their widest cell, two spaces apart, a rule under the heading.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// On which side a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table that grows row by row. Cells may hold colours; they have no width.
#[derive(Clone, Debug)]
pub struct Table {
    heading: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its columns' headings.
    pub fn new(columns: &[(&str, Align)]) -> Table {
        Table { heading: columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect(), rows: Vec::new() }
    }

    /// Adds a row; cells without a column are left out, columns without a cell stay empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().take(self.heading.len()).collect());
    }

    /// The same table with every cell changed.
    pub fn map(mut self, change: impl Fn(&str) -> String) -> Table {
        for row in &mut self.rows {
            row.iter_mut().for_each(|cell| *cell = change(cell));
        }
        self
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The whole table, each line ended.
    pub fn text(&self) -> String {
        let dim = Style::new().dimmed();
        let widths: Vec<usize> = (0..self.heading.len()).map(|column| self.width(column)).collect();
        let mut text = String::new();
        if self.heading.iter().any(|(name, _)| !name.is_empty()) {
            let names: Vec<String> = self
                .heading
                .iter()
                .map(|(name, _)| if name.is_empty() { String::new() } else { format!("{dim}{name}{dim:#}") })
                .collect();
            text.push_str(&self.line(&names, &widths));
        }
        for row in &self.rows {
            text.push_str(&self.line(row, &widths));
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        let name = self.heading.get(column).map_or(0, |(name, _)| width(name));
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
        name.max(cells.unwrap_or(0))
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let empty = String::new();
        let columns = self.heading.iter().zip(widths).enumerate().map(|(at, ((_, align), wide))| {
            let cell = cells.get(at).unwrap_or(&empty);
            pad(cell, *wide, *align)
        });
        let line: Vec<String> = columns.collect();
        line.join("  ").trim_end().to_owned() + "\n"
    }
}

/// A text with spaces up to a width.
pub fn pad(text: &str, wide: usize, align: Align) -> String {
    let space = " ".repeat(wide.saturating_sub(width(text)));
    match align {
        Align::Left => format!("{text}{space}"),
        Align::Right => format!("{space}{text}"),
    }
}

/// How many columns a text takes on a terminal, colours not counted.
pub fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(UnicodeWidthStr::width).sum()
}

/// A number with the word of its magnitude cut short: `1.2 million` becomes `1.2M`.
pub fn shortened(number: &str) -> String {
    number.replace(" million", "M").replace(" billion", "bn").replace(" trillion", "tn")
}

/// A text in lines of at most `wide` columns, broken at spaces, the lines after the first behind `indent` spaces.
pub fn wrap(text: &str, wide: usize, indent: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words(text) {
        let room = if lines.len() == 1 { wide } else { wide.saturating_sub(indent) };
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(&word);
        } else if width(line) + 1 + width(&word) <= room {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// The words of a text; a number and its percent sign are one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(number) if word.starts_with('%') => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A text of at most `wide` columns, the last one `…` where it was longer.
pub fn cut(text: &str, wide: usize) -> String {
    if width(text) <= wide {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if width(&short) + width(letter.encode_utf8(&mut [0; 4])) + 1 > wide {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}
