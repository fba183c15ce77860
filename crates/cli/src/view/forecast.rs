//! A forecast on the terminal: the chart, whole quarters, the models.

use crate::command::forecast::Outlook;
use crate::view::chart::{self, Chart};
use crate::view::table::{self, Align, Table, shortened, wrap};
use anstyle::Style;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_data::Observed;
use quarterdeck_lang::model::{Metric, Settings};
use quarterdeck_report::number::{self, Levels};

/// Rows of the chart.
const HEIGHT: usize = 16;
/// How much longer history may be than the future, so that the fan keeps room.
const HISTORY: usize = 4;
/// The model everything is compared with.
const YARDSTICK: &str = "seasonal_naive";

/// The heading, the chart, the quarters, the models and the notes.
pub fn text(
    result: &Outlook<'_>,
    metric: &Metric,
    observed: Option<&Observed>,
    settings: &Settings,
    width: usize,
) -> String {
    let bold = Style::new().bold();
    let slice = result.slice.map(|slice| format!(", {slice}")).unwrap_or_default();
    let mut text = format!(
        "{bold}{}{bold:#}{slice} ({})\n{} per {}, as of {}\n\n",
        metric.label, result.metric, result.unit, result.grain, result.as_of
    );
    text.push_str(&fan(result, metric, observed, settings, width));
    text.push_str(&quarters(result, metric, settings, width));
    text.push_str(&models(result, width));
    if !result.notes.is_empty() {
        text.push('\n');
    }
    for note in &result.notes {
        text.push_str(&format!("- {}\n", wrap(note, width - 2, 2)));
    }
    text
}

/// Days since a fixed one.
fn day(date: NaiveDate) -> f64 {
    (date - NaiveDate::MIN).num_days() as f64
}

fn fan(
    result: &Outlook<'_>,
    metric: &Metric,
    observed: Option<&Observed>,
    settings: &Settings,
    width: usize,
) -> String {
    let shown = (result.steps.len() * HISTORY).max(24);
    let points = observed.map(|observed| observed.points.as_slice()).unwrap_or_default();
    let complete: Vec<_> = points.iter().filter(|point| point.complete || point.value.is_none()).collect();
    let recent = complete.get(complete.len().saturating_sub(shown)..).unwrap_or_default();
    let history: Vec<(f64, Option<f64>)> = recent.iter().map(|point| (day(point.start), point.value)).collect();
    let last = history.iter().rev().find_map(|(day, value)| value.map(|value| (*day, [value; 5])));
    let steps = result.steps.iter().filter_map(|step| step.fan.five().map(|five| (day(step.start), five)));
    let fan: Vec<(f64, [f64; 5])> = last.into_iter().chain(steps).collect();
    let from = recent.first().map_or(result.as_of, |point| point.start);
    let to = result.quarters.last().map_or(result.as_of, |quarter| quarter.ends);
    let marks = marks(&settings.calendar, from, to, width);
    let levels = Levels::new(Some(&metric.unit), &settings.currency, None, &[]);
    let chart = Chart { width, height: HEIGHT, history: &history, fan: &fan, marks: &marks };
    let drawn = chart::draw(&chart, |ticks, step| levels.ticks(ticks, step));
    if drawn.is_empty() { drawn } else { drawn + "\n" }
}

/// Starts of quarters, every second or fourth of them where there is no room for all their names.
fn marks(calendar: &Calendar, from: NaiveDate, to: NaiveDate, width: usize) -> Vec<(f64, String)> {
    const ROOM: usize = 10;
    let quarters = calendar.periods(Grain::Quarter, from, to);
    let every = [1, 2, 4].into_iter().find(|every| quarters.len() / every * ROOM <= width).unwrap_or(4);
    let marked = quarters.into_iter().filter(|quarter| (quarter.number() - 1) % every as u32 == 0);
    let shown = marked.filter(|quarter| calendar.starts(*quarter) >= from);
    let name = |quarter: Period| if every == 4 { quarter.year().to_string() } else { quarter.to_string() };
    shown.map(|quarter| (day(calendar.starts(quarter)), name(quarter))).collect()
}

/// Whole quarters: with the words of large numbers cut short, then without their dates, where it would be too wide.
fn quarters(result: &Outlook<'_>, metric: &Metric, settings: &Settings, width: usize) -> String {
    let whole = quarter_table(result, metric, settings, Dates::Shown);
    if whole.is_empty() {
        return String::new();
    }
    let bare = quarter_table(result, metric, settings, Dates::Left).map(shortened).text();
    let fits = |text: &String| text.lines().all(|line| table::width(line) <= width);
    [whole.text(), whole.map(shortened).text()].into_iter().find(fits).unwrap_or(bare)
}

/// Whether a table of periods shows their days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dates {
    Shown,
    Left,
}

fn quarter_table(result: &Outlook<'_>, metric: &Metric, settings: &Settings, dates: Dates) -> Table {
    let columns = [
        ("quarter", Align::Left),
        ("p10", Align::Right),
        ("p30", Align::Right),
        ("p50", Align::Right),
        ("p70", Align::Right),
        ("p90", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for quarter in &result.quarters {
        let Some(five) = quarter.fan.five() else { continue };
        let spread = Some(five[4] - five[0]).filter(|width| *width > 0.0);
        let levels = Levels::new(Some(&metric.unit), &settings.currency, spread, &[]).sized_for(five[2]);
        let name = match dates {
            Dates::Shown => {
                format!("{}  {} to {}", quarter.period, number::day(quarter.starts), number::day(quarter.ends))
            }
            Dates::Left => quarter.period.to_string(),
        };
        table.row(std::iter::once(name).chain(five.iter().map(|value| levels.level(*value))));
    }
    table
}

fn models(result: &Outlook<'_>, width: usize) -> String {
    if result.models.is_empty() {
        let words = "It is computed path by path from what it is made of; no model of its own is behind it.";
        return format!("\n{}\n", wrap(words, width, 0));
    }
    let columns =
        [("model", Align::Left), ("weight", Align::Right), ("error", Align::Right), ("inside 80 %", Align::Right)];
    let mut table = Table::new(&columns);
    for model in &result.models {
        let unknown = || "–".to_owned();
        let error = model.backtest.mase.map_or_else(unknown, |mase| format!("{mase:.2}"));
        let inside = model.backtest.coverage80.map_or_else(unknown, number::chance);
        table.row([model.name.to_owned(), format!("{:.0} %", model.weight * 100.0), error, inside]);
    }
    let yardstick = result.models.iter().find(|model| model.name == YARDSTICK);
    let mut text = format!("\n{}", table.text());
    let mut words =
        "error: mean distance from what came, in past forecasts, over that of repeating last season".to_owned();
    if let Some(naive) = yardstick.and_then(|model| model.backtest.mase) {
        words.push_str(&format!("; repeating last season itself, the yardstick, errs by {naive:.2} there"));
    }
    text.push_str(&wrap(&words, width, 0));
    text.push('\n');
    text
}
