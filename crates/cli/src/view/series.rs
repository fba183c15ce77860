//! A metric's values as a table.

use crate::command::series::Values;
use crate::rendering;
use crate::view::table::{Align, Table};
use anstyle::Style;
use quarterdeck_lang::model::{Metric, Settings};
use quarterdeck_report::number::Levels;

/// A heading, one line per period, and what is odd about them.
pub fn text(values: &Values<'_>, metric: &Metric, settings: &Settings) -> String {
    let bold = Style::new().bold();
    let numbers: Vec<f64> = values.points.iter().filter_map(|point| point.value).collect();
    let levels = Levels::new(Some(&metric.unit), &settings.currency, typical_step(&numbers), &[]);
    let mut text = format!("{bold}{}{bold:#}", metric.label);
    if let Some(slice) = values.slice {
        text.push_str(&format!(", {slice}"));
    }
    text.push_str(&format!(
        " ({})\n{} per {}, as of {}\n\n",
        metric.name, metric.unit.text, values.grain, values.as_of
    ));
    let mut table = Table::new(&[("starts", Align::Left), ("value", Align::Right), ("", Align::Left)]);
    for point in &values.points {
        let shown = point.value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        let note = match (point.value, point.complete) {
            (None, _) => "no value",
            (Some(_), false) => "unfinished",
            (Some(_), true) => "",
        };
        table.row([point.start.to_string(), shown, note.to_owned()]);
    }
    text.push_str(&table.text());
    text.push_str(&oddities(values));
    text
}

/// Gaps, duplicates and declared changes, in lines; nothing where there are none.
fn oddities(values: &Values<'_>) -> String {
    let mut lines = Vec::new();
    if values.points.is_empty() {
        lines.push("there is no value up to this day".to_owned());
    }
    if !values.gaps.is_empty() {
        let shown: Vec<String> = values.gaps.iter().take(8).map(ToString::to_string).collect();
        let more = if values.gaps.len() > 8 { ", …" } else { "" };
        lines.push(format!("{}: {}{more}", rendering::count(values.gaps.len(), "gap"), shown.join(", ")));
    }
    if let Some(duplicates) = values.duplicates.filter(|count| *count > 0) {
        lines.push(format!("{} the source's key with another row; all count", rows(duplicates)));
    }
    for change in &values.breaks {
        let how = if change.restated { "earlier values are restated" } else { "earlier values stand as they were" };
        lines.push(format!("changed on {}: {} ({how})", change.on, change.why));
    }
    if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join("\n")) }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row shares".into() } else { format!("{count} rows share") }
}

/// A width the digits of a list of values can follow: a tenth of their usual distance from the middle one, and whole
/// units where all values are whole or far apart.
fn typical_step(values: &[f64]) -> Option<f64> {
    const WHOLE: f64 = 50.0;
    if values.iter().all(|value| value.fract() == 0.0) {
        return Some(WHOLE);
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = *sorted.get(sorted.len() / 2)?;
    let mut distances: Vec<f64> = sorted.iter().map(|value| (value - median).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let usual = distances.get(distances.len() / 2).copied().filter(|step| *step > 0.0 && step.is_finite())?;
    Some((usual / 10.0).min(WHOLE))
}
