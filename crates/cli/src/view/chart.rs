//! A fan chart in characters: history as a line of dots, the fan as two shades, its middle as a line.

use anstyle::{AnsiColor, Style};
use std::ops::Range;

/// What is drawn. Horizontal positions are days, vertical ones the metric's values.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// How many columns it may take, labels included.
    pub width: usize,
    /// How many rows the values take.
    pub height: usize,
    /// History: position and value, in order; a gap breaks the line.
    pub history: &'a [(f64, Option<f64>)],
    /// The fan: position and 10th, 30th, 50th, 70th and 90th percentile, in order.
    pub fan: &'a [(f64, [f64; 5])],
    /// Positions worth a label below, in order.
    pub marks: &'a [(f64, String)],
}

/// What a character cell shows behind the dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shade {
    None,
    Outer,
    Inner,
}

/// A character cell.
#[derive(Clone, Copy, Debug)]
struct Cell {
    shade: Shade,
    /// Dots of history, as Unicode's braille patterns number them.
    history: u8,
    /// Dots of the fan's middle.
    middle: u8,
}

/// Dots in a cell.
const ACROSS: usize = 2;
const DOWN: usize = 4;
/// The bit of each dot, by column and row.
const BITS: [[u8; DOWN]; ACROSS] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Draws a chart; `label` writes the values on the axis, given the step between two labels. Empty where nothing is finite.
pub fn draw(chart: &Chart<'_>, label: impl Fn(&[f64], f64) -> Vec<String>) -> String {
    let (Some(days), Some(values)) = (days(chart), values(chart)) else {
        return String::new();
    };
    let (ticks, step) = ticks(&values, chart.height);
    let words = label(&ticks, step);
    let labels: Vec<(f64, String)> = ticks.into_iter().zip(words).collect();
    let margin = labels.iter().map(|(_, text)| super::table::width(text)).max().unwrap_or(0) + 1;
    let columns = chart.width.saturating_sub(margin + 2).max(10);
    let mut canvas = Canvas::new(columns, chart.height.max(4), days, values);
    canvas.fan(chart.fan);
    canvas.history(chart.history);
    let mut text = canvas.text(&labels, margin);
    text.push_str(&canvas.axis(chart.marks, margin));
    text
}

/// First and last day of everything drawn.
fn days(chart: &Chart<'_>) -> Option<Range<f64>> {
    let all = || chart.history.iter().map(|(day, _)| *day).chain(chart.fan.iter().map(|(day, _)| *day));
    let (first, last) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    (first.is_finite() && last.is_finite()).then_some(first..last.max(first + 1.0))
}

/// Lowest and highest value of everything drawn.
fn values(chart: &Chart<'_>) -> Option<Range<f64>> {
    let history = chart.history.iter().filter_map(|(_, value)| *value);
    let all: Vec<f64> = history.chain(chart.fan.iter().flat_map(|(_, five)| *five)).filter(|v| v.is_finite()).collect();
    let (low, high) =
        (all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    if !low.is_finite() || !high.is_finite() || !(high - low).is_finite() {
        return None;
    }
    let room = if high > low { 0.0 } else { (low.abs() * 0.1).max(1e-9) };
    Some(low - room..high + room)
}

/// Round values from the lowest to the highest, and the step between them.
fn ticks(values: &Range<f64>, height: usize) -> (Vec<f64>, f64) {
    let most = (height / 3).clamp(2, 7) as f64;
    let span = values.end - values.start;
    let mut step = 1.0_f64;
    while step > span {
        step /= 10.0;
    }
    while step * 10.0 < span {
        step *= 10.0;
    }
    // The step is now the power of ten at or below the span.
    step /= 10.0;
    for factor in [1.0, 2.0, 5.0, 10.0, 20.0, 50.0] {
        if span / (step * factor) <= most {
            step *= factor;
            break;
        }
    }
    let first = (values.start / step).ceil();
    let count = ((values.end / step).floor() - first).clamp(0.0, 20.0) as usize;
    ((0..=count).map(|at| (first + at as f64) * step).collect(), step)
}

/// The cells of a chart and what their places mean.
struct Canvas {
    columns: usize,
    rows: usize,
    days: Range<f64>,
    values: Range<f64>,
    cells: Vec<Cell>,
}

impl Canvas {
    fn new(columns: usize, rows: usize, days: Range<f64>, values: Range<f64>) -> Canvas {
        let empty = Cell { shade: Shade::None, history: 0, middle: 0 };
        Canvas { columns, rows, days, values, cells: vec![empty; columns * rows] }
    }

    /// The dot column of a day.
    fn across(&self, day: f64) -> f64 {
        (day - self.days.start) / (self.days.end - self.days.start) * (self.columns * ACROSS - 1) as f64
    }

    /// The dot row of a value, from the top.
    fn down(&self, value: f64) -> f64 {
        (self.values.end - value) / (self.values.end - self.values.start) * (self.rows * DOWN - 1) as f64
    }

    /// The highest and lowest value of a row of cells.
    fn reach(&self, row: usize) -> (f64, f64) {
        let step = (self.values.end - self.values.start) / (self.rows * DOWN - 1) as f64;
        let top = self.values.end - ((row * DOWN) as f64 - 0.5) * step;
        (top, top - DOWN as f64 * step)
    }

    /// Changes the cell of a dot; places outside the chart are left alone.
    fn dot(&mut self, across: f64, down: f64, mut change: impl FnMut(&mut Cell, u8)) {
        let (across, down) = (across.round(), down.round());
        if across < 0.0 || down < 0.0 {
            return;
        }
        let (across, down) = (across as usize, down as usize);
        let bit = BITS.get(across % ACROSS).and_then(|column| column.get(down % DOWN)).copied().unwrap_or(0);
        let (column, row) = (across / ACROSS, down / DOWN);
        if column < self.columns
            && let Some(cell) = self.cells.get_mut(row * self.columns + column)
        {
            change(cell, bit);
        }
    }

    /// A straight line between two dots.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), mut change: impl FnMut(&mut Cell, u8)) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().clamp(1.0, 10_000.0);
        for at in 0..=steps as usize {
            let part = at as f64 / steps;
            self.dot(from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part, &mut change);
        }
    }

    fn history(&mut self, points: &[(f64, Option<f64>)]) {
        let mut before: Option<(f64, f64)> = None;
        for (day, value) in points {
            let here = value.filter(|value| value.is_finite()).map(|value| (self.across(*day), self.down(value)));
            if let Some(to) = here {
                self.line(before.unwrap_or(to), to, |cell, bit| cell.history |= bit);
            }
            before = here;
        }
    }

    fn fan(&mut self, fan: &[(f64, [f64; 5])]) {
        for column in 0..self.columns {
            let middle = (column * ACROSS) as f64 + 0.5;
            let day = self.days.start + middle / (self.columns * ACROSS - 1) as f64 * (self.days.end - self.days.start);
            let Some(five) = between(fan, day) else { continue };
            for row in 0..self.rows {
                let (top, bottom) = self.reach(row);
                // A band narrower than a row still shades the row it mostly lies in.
                let covers = |low: f64, high: f64| {
                    let inside = high.min(top) - low.max(bottom);
                    inside > 0.4 * (top - bottom) || (inside > 0.0 && inside > 0.5 * (high - low))
                };
                let shade = match five {
                    [_, low, _, high, _] if covers(low, high) => Shade::Inner,
                    [low, .., high] if covers(low, high) => Shade::Outer,
                    _ => continue,
                };
                if let Some(cell) = self.cells.get_mut(row * self.columns + column) {
                    cell.shade = shade;
                }
            }
        }
        for pair in fan.windows(2) {
            if let [(a, low), (b, high)] = pair {
                let (from, to) = ((self.across(*a), self.down(low[2])), (self.across(*b), self.down(high[2])));
                self.line(from, to, |cell, bit| cell.middle |= bit);
            }
        }
    }

    /// The rows with the value axis to their left.
    fn text(&self, labels: &[(f64, String)], margin: usize) -> String {
        let mut at_row = vec![None; self.rows];
        for (value, label) in labels {
            let row = (self.down(*value).round().max(0.0) as usize) / DOWN;
            if let Some(place) = at_row.get_mut(row) {
                *place = Some(label.as_str());
            }
        }
        let mut text = String::new();
        for (row, label) in at_row.iter().enumerate() {
            let wall = if label.is_some() { '┤' } else { '│' };
            text.push_str(&super::table::pad(label.unwrap_or(""), margin, super::table::Align::Right));
            text.push(wall);
            let start = row * self.columns;
            let cells = self.cells.get(start..start + self.columns).unwrap_or_default();
            text.push_str(&cells.iter().map(|cell| cell.text()).collect::<String>());
            text.push('\n');
        }
        text
    }

    /// The day axis with its marks.
    fn axis(&self, marks: &[(f64, String)], margin: usize) -> String {
        let mut line: Vec<char> = vec!['─'; self.columns];
        let mut words: Vec<char> = vec![' '; self.columns + 1];
        let mut free = 0;
        for (day, label) in marks {
            let column = self.across(*day).round();
            if column < 0.0 || column as usize / ACROSS >= self.columns {
                continue;
            }
            let column = column as usize / ACROSS;
            let length = label.chars().count();
            if column < free || column + length > words.len() {
                continue;
            }
            if let Some(place) = line.get_mut(column) {
                *place = '┬';
            }
            for (at, letter) in label.chars().enumerate() {
                if let Some(place) = words.get_mut(column + at) {
                    *place = letter;
                }
            }
            free = column + length + 2;
        }
        let space = " ".repeat(margin);
        let words: String = words.into_iter().collect();
        format!("{space}└{}\n{space} {}\n", line.into_iter().collect::<String>(), words.trim_end())
    }
}

impl Cell {
    fn text(self) -> String {
        let fan = AnsiColor::Cyan.on_default();
        let (style, letter) = match (self.history, self.middle, self.shade) {
            (0, 0, Shade::None) => return " ".into(),
            (0, 0, Shade::Outer) => (fan.dimmed(), '░'),
            (0, 0, Shade::Inner) => (fan, '▒'),
            (0, dots, _) => (fan.bold(), braille(dots)),
            (dots, ..) => (Style::new(), braille(dots)),
        };
        format!("{style}{letter}{style:#}")
    }
}

/// The character with these dots.
fn braille(dots: u8) -> char {
    char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ')
}

/// The fan at a day: a straight line between its neighbours; `None` outside.
fn between(fan: &[(f64, [f64; 5])], day: f64) -> Option<[f64; 5]> {
    let after = fan.iter().position(|(at, _)| *at >= day)?;
    let (b, high) = fan.get(after)?;
    let Some((a, low)) = after.checked_sub(1).and_then(|before| fan.get(before)) else {
        return (*b <= day).then_some(*high);
    };
    let part = if b > a { (day - a) / (b - a) } else { 1.0 };
    let mut five = *low;
    for (value, end) in five.iter_mut().zip(high) {
        *value += (end - *value) * part;
    }
    Some(five)
}
