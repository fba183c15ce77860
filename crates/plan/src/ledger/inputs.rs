//! The frozen inputs: every series a ledger's numbers were computed from, as a table that a person can read and a
//! spreadsheet can open.
//!
//! The columns are `metric,slice,period,value,complete`; numbers are in the metric's unit (shares as fractions), in the
//! shortest form that reads back to the same bits; an empty value is a gap. What does not fit a plain row says so in the
//! name of its metric or of its period:
//!
//! | metric | period | is |
//! | --- | --- | --- |
//! | `orders` | `2024-W43` | a complete period |
//! | `orders` | `2024-10-28..2024-10-31` | the unfinished period from its first day through the last day covered; `complete` is `false` |
//! | `rate#weight` | either | the denominator of that period |
//! | `orders#whole` | `2024-Q3..2024-09-30` | a whole quarter (half, year) as the source has it, through the last day covered |
//! | `rate#whole_weight` | the same | its denominator |
//! | `orders#none` | `2024-W43` | nothing was observed; values would begin here |
//! | `orders@1`, `rate@1#weight`, … | | the same of basis 1, where older targets stand on older inputs |

use super::error::{LedgerError, RESTORE, quoted};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{History, Partial, QuarterValue};
use std::collections::BTreeMap;
use std::fmt::Write;

const HEADER: &str = "metric,slice,period,value,complete";

/// Series by name; the name is the metric's, with its slice in brackets.
pub(super) type Histories = BTreeMap<String, History>;

/// The inputs of each basis: the newest first, under `None`, then the earlier ones by number.
pub(super) type Parts = BTreeMap<Option<u32>, Histories>;

/// Writes series as the frozen inputs of one basis; [`from_csv`] reads back the same bits.
///
/// The calendar names the weeks of a series, which begins with a named period and goes on without names.
///
/// ```
/// # use quarterdeck_calendar::{Calendar, Grain};
/// # use quarterdeck_forecast::History;
/// use quarterdeck_plan::ledger::inputs;
/// let start = "2026-W52".parse()?;
/// let history = History {
///     grain: Grain::Week, start, values: vec![Some(9902.0), None, Some(0.1)],
///     weights: vec![], partial: None, quarters: vec![],
/// };
/// let histories = [("orders".to_owned(), history)].into();
/// let text = inputs::to_csv(&histories, &Calendar::default());
/// assert_eq!(text, "metric,slice,period,value,complete\n\
///     orders,,2026-W52,9902,true\norders,,2026-W53,,true\norders,,2027-W01,0.1,true\n");
/// assert_eq!(inputs::from_csv(&text).unwrap(), histories);
/// # Ok::<(), quarterdeck_calendar::PeriodError>(())
/// ```
pub fn to_csv(histories: &BTreeMap<String, History>, calendar: &Calendar) -> String {
    let mut text = format!("{HEADER}\n");
    write_part(&mut text, None, histories, calendar);
    text
}

/// Reads the newest basis of frozen inputs.
///
/// # Errors
/// What is not such a table, with its line (the file is named `the frozen inputs`; see [`LedgerError::in_file`]).
pub fn from_csv(text: &str) -> Result<BTreeMap<String, History>, LedgerError> {
    Ok(read(text)?.remove(&None).unwrap_or_default())
}

/// The lines that a series' hash is over.
pub(super) fn canonical(history: &History) -> String {
    let mut text = format!("{} {}\n", history.grain, history.start);
    let cells = |text: &mut String, word: &str, values: &[Option<f64>]| {
        for value in values {
            let _ = writeln!(text, "{word} {}", cell(*value));
        }
    };
    cells(&mut text, "value", &history.values);
    cells(&mut text, "weight", &history.weights);
    if let Some(Partial { value, weight, through }) = &history.partial {
        let _ = writeln!(text, "part {through} {} {}", number(*value), cell(*weight));
    }
    for QuarterValue { period, value, weight, through, complete } in &history.quarters {
        let _ = writeln!(text, "whole {period} {through} {} {} {complete}", number(*value), cell(*weight));
    }
    text
}

/// Writes the inputs of every basis, each with the calendar of its own definitions.
pub(super) fn write_parts<'a>(parts: impl Iterator<Item = (Option<u32>, &'a Histories, &'a Calendar)>) -> String {
    let mut text = format!("{HEADER}\n");
    for (number, histories, calendar) in parts {
        write_part(&mut text, number, histories, calendar);
    }
    text
}

fn write_part(text: &mut String, basis: Option<u32>, histories: &Histories, calendar: &Calendar) {
    for (name, history) in histories {
        let (metric, slice) = split_name(name);
        let metric = basis.map_or_else(|| metric.to_owned(), |number| format!("{metric}@{number}"));
        Rows { text, metric, slice }.history(history, calendar);
    }
}

/// Writes the rows of one series.
struct Rows<'a> {
    text: &'a mut String,
    metric: String,
    slice: &'a str,
}

impl Rows<'_> {
    fn row(&mut self, kind: &str, period: &str, value: Option<f64>, complete: bool) {
        let metric = quote(&format!("{}{kind}", self.metric));
        // Writing to a String never fails.
        let _ = writeln!(self.text, "{metric},{},{period},{},{complete}", quote(self.slice), cell(value));
    }

    fn history(&mut self, history: &History, calendar: &Calendar) {
        let periods = |count: usize| (0..count).map(|at| calendar.shift(history.start, at as i64).to_string());
        if history.values.is_empty() {
            self.row("#none", &history.start.to_string(), None, false);
        }
        for (period, value) in periods(history.values.len()).zip(&history.values) {
            self.row("", &period, *value, true);
        }
        for (period, weight) in periods(history.weights.len()).zip(&history.weights) {
            self.row("#weight", &period, *weight, true);
        }
        if let Some(partial) = &history.partial {
            let first = calendar.starts(calendar.shift(history.start, history.values.len() as i64));
            let period = format!("{first}..{}", partial.through);
            self.row("", &period, Some(partial.value), false);
            if let Some(weight) = partial.weight {
                self.row("#weight", &period, Some(weight), false);
            }
        }
        for quarter in &history.quarters {
            let period = format!("{}..{}", quarter.period, quarter.through);
            self.row("#whole", &period, Some(quarter.value), quarter.complete);
            if let Some(weight) = quarter.weight {
                self.row("#whole_weight", &period, Some(weight), quarter.complete);
            }
        }
    }
}

/// Reads the inputs of every basis.
pub(super) fn read(text: &str) -> Result<Parts, LedgerError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| unreadable(&error))?;
    let headers = headers.iter().collect::<Vec<_>>().join(",");
    if headers != HEADER {
        return Err(wrong(1, &headers, &format!("the columns `{HEADER}`")));
    }
    let mut series: BTreeMap<(Option<u32>, String), Reading> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let row = Row::of(&record)?;
        series.entry((row.basis, row.name.clone())).or_default().take(&row)?;
    }
    let mut parts = Parts::from([(None, Histories::new())]);
    for ((basis, name), reading) in series {
        let history = reading.finish(&name)?;
        parts.entry(basis).or_default().insert(name, history);
    }
    Ok(parts)
}

/// One row, its words taken apart.
struct Row {
    line: usize,
    basis: Option<u32>,
    name: String,
    kind: String,
    period: String,
    value: Option<f64>,
    complete: bool,
}

impl Row {
    fn of(record: &csv::StringRecord) -> Result<Row, LedgerError> {
        let line = record.position().map_or(0, |position| position.line() as usize);
        let cells: Vec<&str> = record.iter().collect();
        let [metric, slice, period, value, complete] = cells[..] else {
            return Err(wrong(line, &cells.join(","), "five columns"));
        };
        let (metric, kind) = metric.split_once('#').unwrap_or((metric, ""));
        let (metric, basis) = match metric.split_once('@') {
            Some((metric, number)) => {
                (metric, Some(number.parse().map_err(|_| wrong(line, number, "the number of a basis"))?))
            }
            None => (metric, None),
        };
        let value = match value {
            "" => None,
            text => Some(text.parse::<f64>().map_err(|_| wrong(line, text, "a number, or nothing for a gap"))?),
        };
        let complete = match complete {
            "true" => true,
            "false" => false,
            other => return Err(wrong(line, other, "`true` or `false`")),
        };
        let name = super::entry::name_of(metric, (!slice.is_empty()).then_some(slice));
        Ok(Row { line, basis, name, kind: kind.to_owned(), period: period.to_owned(), value, complete })
    }

    fn value(&self) -> Result<f64, LedgerError> {
        self.value.ok_or_else(|| wrong(self.line, "no value", "a number"))
    }

    fn period(&self, text: &str) -> Result<Period, LedgerError> {
        text.parse().map_err(|error| wrong(self.line, text, &format!("a period ({error})")))
    }

    /// Both ends of a period written `FROM..THROUGH`.
    fn span(&self) -> Option<(&str, &str)> {
        self.period.split_once("..")
    }

    fn through(&self, text: &str) -> Result<NaiveDate, LedgerError> {
        text.parse().map_err(|_| wrong(self.line, text, "the last day covered, as 2024-10-31"))
    }

    fn expect_complete(&self, complete: bool) -> Result<(), LedgerError> {
        let expected = format!("`{complete}` in the column `complete` of such a row");
        if self.complete == complete { Ok(()) } else { Err(wrong(self.line, &self.complete.to_string(), &expected)) }
    }
}

/// A series as far as its rows were read.
#[derive(Default)]
struct Reading {
    start: Option<Period>,
    last_value: Option<Period>,
    last_weight: Option<Period>,
    values: Vec<Option<f64>>,
    weights: Vec<Option<f64>>,
    partial: Option<Partial>,
    quarters: Vec<QuarterValue>,
}

impl Reading {
    fn take(&mut self, row: &Row) -> Result<(), LedgerError> {
        match (row.kind.as_str(), row.span()) {
            ("", None) => self.value(row),
            ("", Some((_, through))) => self.part(row, through),
            ("weight", None) => self.weight(row),
            ("weight", Some(_)) => self.part_weight(row),
            ("whole", Some((period, through))) => self.whole(row, period, through),
            ("whole_weight", Some(_)) => self.whole_weight(row),
            ("none", None) => self.none(row),
            (kind, _) => {
                let found = if kind.is_empty() { row.period.clone() } else { format!("{}#{kind}", row.name) };
                Err(wrong(row.line, &found, "a value, `#weight`, `#whole`, `#whole_weight` or `#none` with its period"))
            }
        }
    }

    fn none(&mut self, row: &Row) -> Result<(), LedgerError> {
        let period = row.period(&row.period)?;
        row.expect_complete(false)?;
        if self.start.is_some() || row.value.is_some() {
            return Err(wrong(row.line, &row.period, "no values beside a `#none` row"));
        }
        self.start = Some(period);
        Ok(())
    }

    fn value(&mut self, row: &Row) -> Result<(), LedgerError> {
        row.expect_complete(true)?;
        let period = row.period(&row.period)?;
        if self.start.is_some() && self.last_value.is_none() {
            return Err(wrong(row.line, &row.period, "no values beside a `#none` row"));
        }
        expect_next(row, self.last_value, period)?;
        self.start.get_or_insert(period);
        self.last_value = Some(period);
        self.values.push(row.value);
        Ok(())
    }

    fn weight(&mut self, row: &Row) -> Result<(), LedgerError> {
        row.expect_complete(true)?;
        let period = row.period(&row.period)?;
        match (self.last_weight, self.start) {
            (None, Some(start)) if start != period => {
                return Err(wrong(row.line, &row.period, &format!("denominators from {start} on, as the values")));
            }
            _ => expect_next(row, self.last_weight, period)?,
        }
        self.start.get_or_insert(period);
        self.last_weight = Some(period);
        self.weights.push(row.value);
        Ok(())
    }

    fn part(&mut self, row: &Row, through: &str) -> Result<(), LedgerError> {
        row.expect_complete(false)?;
        if self.partial.is_some() {
            return Err(wrong(row.line, &row.period, "one unfinished period"));
        }
        self.partial = Some(Partial { value: row.value()?, weight: None, through: row.through(through)? });
        Ok(())
    }

    fn part_weight(&mut self, row: &Row) -> Result<(), LedgerError> {
        row.expect_complete(false)?;
        match &mut self.partial {
            Some(partial) if partial.weight.is_none() => partial.weight = Some(row.value()?),
            _ => return Err(wrong(row.line, &row.period, "one denominator, after the unfinished period's value")),
        }
        Ok(())
    }

    fn whole(&mut self, row: &Row, period: &str, through: &str) -> Result<(), LedgerError> {
        let (period, through) = (row.period(period)?, row.through(through)?);
        let (value, complete) = (row.value()?, row.complete);
        self.quarters.push(QuarterValue { period, value, weight: None, through, complete });
        Ok(())
    }

    fn whole_weight(&mut self, row: &Row) -> Result<(), LedgerError> {
        match self.quarters.last_mut() {
            Some(quarter)
                if quarter.weight.is_none()
                    && quarter.complete == row.complete
                    && format!("{}..{}", quarter.period, quarter.through) == row.period =>
            {
                quarter.weight = Some(row.value()?);
                Ok(())
            }
            _ => Err(wrong(row.line, &row.period, "one denominator, right after the quarter's `#whole` row")),
        }
    }

    fn finish(self, name: &str) -> Result<History, LedgerError> {
        let Some(start) = self.start else {
            return Err(wrong(0, name, "a value or a `#none` row for every series"));
        };
        let Reading { values, weights, partial, quarters, .. } = self;
        Ok(History { grain: start.grain(), start, values, weights, partial, quarters })
    }
}

/// Values follow each other without a missing row. Whether a year has a 53rd week is left open here.
fn expect_next(row: &Row, last: Option<Period>, found: Period) -> Result<(), LedgerError> {
    let Some(last) = last else { return Ok(()) };
    let follows = if last.grain() == Grain::Week {
        let within = Period::new(Grain::Week, last.year(), last.number() + 1);
        let across = Period::new(Grain::Week, last.year() + 1, 1);
        (found == within && found != last) || (last.number() >= 52 && found == across)
    } else {
        Calendar::default().shift(last, 1) == found && found != last
    };
    if follows { Ok(()) } else { Err(wrong(row.line, &row.period, &format!("the period after {last}"))) }
}

/// A series' name as metric and slice.
fn split_name(name: &str) -> (&str, &str) {
    let parts = name.strip_suffix(']').and_then(|name| name.split_once('['));
    parts.filter(|(_, slice)| !slice.is_empty()).unwrap_or((name, ""))
}

/// A number in the shortest form that reads back to the same bits.
fn number(value: f64) -> String {
    if value.abs() < 1e15 && value.fract() == 0.0 { format!("{value}") } else { format!("{value:?}") }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, number)
}

fn quote(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn wrong(line: usize, found: &str, expected: &str) -> LedgerError {
    LedgerError::Text {
        file: "the frozen inputs".to_owned(),
        line: (line > 0).then_some(line),
        found: quoted(found),
        expected: expected.to_owned(),
        hint: RESTORE.to_owned(),
    }
}

fn unreadable(error: &csv::Error) -> LedgerError {
    let line = error.position().map_or(0, |position| position.line() as usize);
    wrong(line, &error.to_string(), "a table of comma-separated values")
}
