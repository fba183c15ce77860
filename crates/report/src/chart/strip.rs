//! A number line in characters, for Markdown and terminals.

use unicode_width::UnicodeWidthStr;

/// How many characters a strip is wide.
const WIDTH: usize = 36;

/// A number line on which marks are set.
pub(super) struct Strip {
    low: f64,
    high: f64,
}

impl Strip {
    /// A line that holds all values; `None` where none is finite.
    pub fn over(values: impl Iterator<Item = f64>) -> Option<Strip> {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        (low <= high).then_some(Strip { low, high })
    }

    fn at(&self, value: f64) -> usize {
        let width = self.high - self.low;
        if !value.is_finite() || width <= 0.0 || !width.is_finite() {
            return WIDTH / 2;
        }
        (((value - self.low) / width).clamp(0.0, 1.0) * (WIDTH - 1) as f64).round() as usize
    }

    /// A line with marks; a span fills what lies between two values, later ones cover earlier ones.
    pub fn draw(&self, spans: &[(f64, f64, char)], marks: &[(f64, char)]) -> String {
        let mut cells = vec!['·'; WIDTH];
        for (from, to, fill) in spans {
            let (from, to) = (self.at(from.min(*to)), self.at(from.max(*to)));
            cells.iter_mut().take(to + 1).skip(from).for_each(|cell| *cell = *fill);
        }
        for (value, mark) in marks.iter().filter(|(value, _)| value.is_finite()) {
            if let Some(cell) = cells.get_mut(self.at(*value)) {
                *cell = *mark;
            }
        }
        cells.into_iter().collect()
    }
}

/// Rows of name, strip and words, the first two aligned.
pub(super) fn aligned(rows: Vec<(String, String, String)>) -> Vec<String> {
    let room = rows.iter().map(|(name, ..)| name.width()).max().unwrap_or(0).min(32);
    rows.into_iter()
        .map(|(name, strip, words)| {
            let name = shorten(&name, room);
            let pad = " ".repeat(room.saturating_sub(name.width()));
            format!("{name}{pad}  {strip}  {words}").trim_end().to_owned()
        })
        .collect()
}

/// A text within so many columns.
pub(super) fn shorten(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.chars() {
        if out.width() + 2 > room {
            break;
        }
        out.push(letter);
    }
    format!("{}…", out.trim_end())
}
