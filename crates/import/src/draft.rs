//! From what a sheet turned out to be to declarations, line by line, each guess with what it was read from.

use crate::cell::{address, letters};
use crate::date::When;
use crate::found::{Fact, Facts, File, Found, Reading, Rows, column, is_nameable};
use crate::name::{Taken, label_of, name_of, quoted};
use crate::sense::{Guess, Sense};
use crate::words::{self, Nature};
use quarterdeck_calendar::Grain;
use std::collections::BTreeSet;

/// A line of a declaration, and what stands behind it as a comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The field.
    pub text: String,
    /// Why it is so.
    pub remark: Option<String>,
}

impl Line {
    /// A line that is no guess.
    pub fn plain(text: impl Into<String>) -> Line {
        Line { text: text.into(), remark: None }
    }

    /// A guess, with what it was read from.
    pub fn guess(text: impl Into<String>, because: impl std::fmt::Display) -> Line {
        Line { text: text.into(), remark: Some(format!("guess: {because}")) }
    }

    /// What was answered or is plain to see.
    pub fn told(text: impl Into<String>, remark: impl Into<String>) -> Line {
        Line { text: text.into(), remark: Some(remark.into()) }
    }
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// Its word and name: `metric orders`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Comments above it.
    pub above: Vec<String>,
    /// Its fields.
    pub lines: Vec<Line>,
}

/// What one sheet comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The source.
    pub source: Declaration,
    /// Its metrics.
    pub metrics: Vec<Declaration>,
}

/// Names that are taken already.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of sources.
    pub sources: Taken,
    /// Of metrics.
    pub metrics: Taken,
}

/// The declarations of a sheet.
pub fn draft(file: &File, sheet: Option<&str>, reading: &Reading, names: &mut Names) -> Draft {
    let stem = match sheet {
        Some(sheet) if file.grids.len() > 1 => format!("{} {sheet}", file.stem()),
        _ => file.stem().to_owned(),
    };
    let name = names.sources.take(&name_of(&stem, "data"));
    let source = source(file, sheet, reading, &name, &stem);
    let mut metrics: Vec<Declaration> = match &reading.rows {
        Rows::Events(facts) => events(reading, facts, &name, &stem, &mut names.metrics),
        _ => Vec::new(),
    };
    let mut left_out = Vec::new();
    for found in &reading.metrics {
        match metric(reading, found, &name, &stem, &mut names.metrics) {
            Ok(metric) => metrics.push(metric),
            Err(reason) => left_out.push(reason),
        }
    }
    let mut draft = Draft { source, metrics };
    draft.source.above.extend(left_out);
    draft
}

fn source(file: &File, sheet: Option<&str>, reading: &Reading, name: &str, stem: &str) -> Declaration {
    let mut lines = vec![Line::plain(format!("from: {}", quoted(&file.path)))];
    if let Some(sheet) = sheet.filter(|_| file.grids.len() > 1) {
        lines.push(Line::plain(format!("sheet: {}", quoted(sheet))));
    }
    lines.extend(layout(reading));
    if !reading.table.titles.is_empty() {
        let titles: Vec<String> = reading
            .table
            .titles
            .iter()
            .take(2)
            .map(|(place, text)| format!("`{}` in {place}", label_of(text)))
            .collect();
        lines.push(Line::guess(
            format!("header: {}", reading.table.header + 1),
            format!("{} stands above the names", titles.join(", ")),
        ));
    }
    lines.extend(time_lines(reading));
    if let Some((style, because)) = &reading.style {
        let text = format!("numbers: {}", quoted(&style.example()));
        lines.push(if because == "answered" { Line::told(text, because) } else { Line::guess(text, because) });
    }
    let marks: BTreeSet<&str> =
        reading.metrics.iter().flat_map(|found| found.profile.marks.keys()).map(String::as_str).collect();
    if !marks.is_empty() {
        let count: usize = reading.metrics.iter().flat_map(|found| found.profile.marks.values()).sum();
        let texts: Vec<String> = marks.iter().map(|mark| quoted(mark)).collect();
        let cells = if count == 1 { "1 cell has".to_owned() } else { format!("{count} cells have") };
        lines.push(Line::guess(format!("blank: {}", texts.join(", ")), format!("{cells} no value, which is not zero")));
    }
    // A long table is read row by row, and what adds up others or explains them is no row of it.
    let aside = if reading.across.is_some() || is_wide(reading) {
        0
    } else {
        reading.table.totals.len() + reading.table.notes.len()
    };
    if aside > 0 && reading.skipped.is_empty() {
        let first = reading
            .table
            .totals
            .iter()
            .chain(&reading.table.notes)
            .map(|(row, text)| format!("`{}` in row {}", label_of(text), row + 1));
        let first = first.min().unwrap_or_default();
        lines.push(Line::guess(format!("skip: at most {aside}"), format!("{first} is no row of values")));
    }
    if !reading.skipped.is_empty() {
        let (place, text) = reading.skipped.first().cloned().unwrap_or_default();
        let remark = format!("answered: rows such as that of `{}` in {place} are left out", label_of(&text));
        lines.push(Line::told(format!("skip: at most {}", reading.skipped.len() + aside), remark));
    }
    if let Rows::Events(facts) = &reading.rows {
        lines.extend(money(reading, facts));
        lines.extend(facts.id.iter().map(|id| Line::guess(format!("key: {}", column(id)), "another one in every row")));
    }
    lines.extend(covers(reading));
    Declaration { kind: "source", name: name.to_owned(), label: titled(stem), above: notes(reading), lines }
}

/// How the table lies, where it is not one row a thing that happened.
fn layout(reading: &Reading) -> Option<Line> {
    if reading.across.is_some() {
        let because = format!(
            "row {} has {} periods, {}",
            reading.table.header + 1,
            reading.whens().len(),
            reading.dated_because
        );
        return Some(Line::guess("layout: across", because));
    }
    if is_wide(reading) {
        let columns = if reading.metrics.len() == 1 {
            "1 column".to_owned()
        } else {
            format!("{} columns", reading.metrics.len())
        };
        return Some(Line::guess("layout: wide", format!("one row a {}, {columns} of numbers", reading.grain)));
    }
    None
}

/// Whether it is to be read as a table of periods: several metrics side by side, or periods that are no ISO dates.
fn is_wide(reading: &Reading) -> bool {
    let periods = reading.whens().iter().any(|when| !matches!(when, When::Day { .. }));
    reading.rows == Rows::Periods
        && reading.grain != Grain::Day
        && (reading.metrics.len() > 1 || periods && !reading.format().is_empty())
}

/// How times are read.
fn time_lines(reading: &Reading) -> Vec<Line> {
    let mut lines = Vec::new();
    if reading.across.is_none() && !reading.time.is_empty() {
        lines.push(Line::plain(format!("time: {}", column(&reading.time))));
    }
    let format = reading.format();
    let whens = reading.whens();
    if let Some((year, because)) = &reading.year
        && let Some(first) = whens.first()
    {
        let text =
            format!("dates: {}", quoted(&format!("{} is {}", label_of(&reading.first), period_of(*first, *year))));
        lines.push(if because == "answered" { Line::told(text, "answered") } else { Line::guess(text, because) });
        return lines;
    }
    // Tables of periods know how periods are written; days they have to be told.
    let told = reading.across.is_some() || is_wide(reading);
    let days = whens.iter().any(|when| matches!(when, When::Day { .. }));
    if !format.is_empty() && (days || !told) {
        let text = format!("dates: {}", quoted(format));
        lines.push(match reading.dated_because.as_str() {
            "answered" => Line::told(text, "answered"),
            because => Line::guess(text, because),
        });
    }
    lines
}

/// A period whose year was not written.
fn period_of(when: When, year: i32) -> String {
    match when {
        When::Yearless(grain, number) => quarterdeck_calendar::Period::new(grain, year, number).to_string(),
        other => other.shown(),
    }
}

/// Amounts of several currencies, with what one of each is worth.
fn money(reading: &Reading, facts: &Facts) -> Vec<Line> {
    let (Some(currency), Some(rates)) = (&facts.currency, &reading.rates) else { return Vec::new() };
    let amounts: Vec<String> =
        reading.metrics.iter().filter(|found| found.is_money).map(|found| column(&found.run.label)).collect();
    if amounts.is_empty() {
        return Vec::new();
    }
    let values = currency.values.iter().map(|value| label_of(value)).collect::<Vec<_>>().join(", ");
    vec![
        Line::guess(format!("currency: {}", column(&currency.label)), format!("it holds {values}")),
        Line::guess(format!("amounts: {}", amounts.join(", ")), "numbers with decimals or a name of money"),
        Line::told(format!("rates: {rates}"), "answered"),
    ]
}

/// The days before what is planned.
fn covers(reading: &Reading) -> Option<Line> {
    let (at, because) = reading.planned.as_ref()?;
    let calendar = quarterdeck_calendar::Calendar::default();
    let whens = reading.whens();
    let day = |when: &When, end: bool| match when {
        When::Day { day, .. } if end => calendar.ends(calendar.period_of(reading.grain, *day)),
        When::Day { day, .. } => *day,
        When::Period(period) if end => calendar.ends(*period),
        When::Period(period) => calendar.starts(*period),
        When::Yearless(grain, number) => {
            let period = quarterdeck_calendar::Period::new(
                *grain,
                reading.year.as_ref().map_or(1970, |(year, _)| *year),
                *number,
            );
            if end { calendar.ends(period) } else { calendar.starts(period) }
        }
    };
    let (first, last) = (whens.first()?, whens.get(at.checked_sub(1)?)?);
    Some(Line::guess(
        format!("covers: {} to {}", day(first, false), day(last, true)),
        format!("{because}: what comes from there on is planned"),
    ))
}

/// What a person should know of a sheet before she trusts what was read.
fn notes(reading: &Reading) -> Vec<String> {
    let mut notes = Vec::new();
    let whens = reading.whens();
    let known = || whens.iter().copied();
    if let (Some(first), Some(last)) =
        (known().min_by_key(|when| when.order()), known().max_by_key(|when| when.order()))
    {
        let missing = match reading.missing {
            0 => String::new(),
            many => format!(", {} missing", counted(many, reading.grain.word())),
        };
        notes.push(format!(
            "{} to {}: {}{missing}.",
            first.shown(),
            last.shown(),
            counted(whens.len(), if reading.across.is_some() { "column" } else { "row" })
        ));
    }
    for (row, text) in reading.table.totals.iter().take(3) {
        notes.push(format!("Row {} (`{}`) adds up others and is left out.", row + 1, label_of(text)));
    }
    for (at, text) in reading.aside.iter().filter(|(_, text)| !text.is_empty()).take(4) {
        notes.push(format!("Column {} (`{}`) is no period and is left out.", letters(*at), label_of(text)));
    }
    notes
}

/// A number of things: `1 row`, `2 rows`.
fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// What a quarter of a value is.
fn reads(nature: Nature, grain: Grain, because: &str) -> Line {
    let longer = grain >= Grain::Quarter;
    match nature {
        Nature::Flow => Line::guess("reads: total", format!("adds up; {because}")),
        _ if longer => Line::guess("reads: last", format!("one value a {grain}; {because}")),
        Nature::Stock => Line::guess("reads: last", format!("a level; {because}")),
        Nature::Points => Line::guess("reads: last", format!("a score does not add up; {because}")),
        Nature::Distinct => Line::guess(
            format!("reads: average {grain}"),
            format!("who is counted in two {grain}s is one person, so {grain}s do not add up; {because}"),
        ),
        _ => Line::guess(format!("reads: average {grain}"), format!("a mean of {grain}s; {because}")),
    }
}

fn metric(
    reading: &Reading,
    found: &Found,
    source: &str,
    stem: &str,
    taken: &mut Taken,
) -> Result<Declaration, String> {
    let sense = &found.sense;
    let quotable =
        reading.rows == Rows::Periods && reading.grain != Grain::Day && !found.run.label.contains(['\n', '\r']);
    if !is_nameable(&found.run.label) && !quotable {
        let place = address(found.run.place.0, found.run.place.1);
        return Err(format!(
            "`{}` in {place} is left out: a name with a backtick or several lines cannot be written here; rename it in the file.",
            label_of(&found.run.label.replace('`', "'"))
        ));
    }
    let label = match (words::is_generic(&found.run.label), &reading.rows) {
        (true, Rows::Events(_)) => format!("{} {}", titled(stem), label_of(&found.run.label).to_lowercase()),
        (true, _) => titled(stem),
        (false, _) => readable(&found.run.label),
    };
    let measured = match &reading.rows {
        Rows::Periods if reading.grain == Grain::Day => by_day(reading, found, source),
        Rows::Periods => recorded(reading, found, source),
        Rows::Parts(parts) => of_parts(reading, found, source, parts)?,
        Rows::Events(facts) => of_events(reading, facts, found, source, &label)?,
    };
    let name = taken.take(&name_of(&measured.name.clone().unwrap_or(label.clone()), "values"));
    let mut lines = vec![measured.unit];
    lines.push(better(sense));
    lines.push(measured.grain);
    lines.extend(measured.reads);
    lines.extend(bounds(sense));
    lines.push(measured.measure);
    lines.extend(measured.more);
    let label = measured.label.unwrap_or(label);
    Ok(Declaration { kind: "metric", name, label, above: above(found), lines })
}

fn above(found: &Found) -> Vec<String> {
    let profile = &found.profile;
    let mut above = Vec::new();
    if profile.parentheses > 0 {
        above.push(format!("{} values stand in parentheses and are read as negative.", profile.parentheses));
    }
    if profile.scaled > 0 {
        above.push(format!(
            "{} values have a k or an M behind them and are read as thousands or millions.",
            profile.scaled
        ));
    }
    above
}

fn better(sense: &Sense) -> Line {
    Line::guess(format!("better: {}", sense.better.is), &sense.better.because)
}

fn bounds(sense: &Sense) -> Option<Line> {
    let Guess { is, because } = sense.bounds.as_ref()?;
    Some(Line::guess(format!("bounds: {is}"), because))
}

/// How a metric is measured.
struct Measured {
    name: Option<String>,
    label: Option<String>,
    unit: Line,
    grain: Line,
    reads: Option<Line>,
    measure: Line,
    more: Vec<Line>,
}

fn unit(sense: &Sense) -> Line {
    Line::guess(format!("unit: {}", sense.unit.is), &sense.unit.because)
}

/// A value that somebody computed for each period.
fn recorded(reading: &Reading, found: &Found, source: &str) -> Measured {
    let scale = if found.sense.hundredths.is_some() { " scale 1%" } else { "" };
    // Any name may stand in quotes here, and nowhere else.
    let name = if is_nameable(&found.run.label) { column(&found.run.label) } else { quoted(&found.run.label) };
    let measure = format!("measure: recorded {name} in {source}{scale}");
    Measured {
        name: None,
        label: None,
        unit: unit(&found.sense),
        grain: Line::guess(format!("grain: {}", reading.grain), spacing(reading)),
        reads: Some(reads(found.sense.nature.is, reading.grain, &found.sense.nature.because)),
        measure: match &found.sense.hundredths {
            Some(because) => Line::guess(measure, because),
            None => Line::plain(measure),
        },
        more: Vec::new(),
    }
}

fn spacing(reading: &Reading) -> String {
    if let Some((year, _)) = &reading.year {
        return format!("one column a {} of {year}", reading.grain);
    }
    let whens = reading.whens();
    match (whens.first(), whens.last()) {
        (Some(first), Some(last)) => format!(
            "one {} a {}, {} to {}",
            if reading.across.is_some() { "column" } else { "row" },
            reading.grain,
            first.shown(),
            last.shown()
        ),
        _ => format!("one a {}", reading.grain),
    }
}

/// Days are looked at by the week: a single one says little, and weekdays differ.
const WEEKLY: Grain = Grain::Week;

fn by_day(reading: &Reading, found: &Found, source: &str) -> Measured {
    let sense = &found.sense;
    let name = column(&found.run.label);
    let whole = reading.missing == 0 && found.profile.gaps == 0;
    let grain = Line::guess(format!("grain: {WEEKLY}"), "one row a day; weekdays differ, weeks less so");
    let (unit, reads, measure) = match sense.nature.is {
        Nature::Flow if whole => (
            unit(sense),
            Some(reads(Nature::Flow, WEEKLY, &sense.nature.because)),
            Line::plain(format!("measure: sum({name}) from {source}")),
        ),
        Nature::Flow => {
            let because = match (reading.missing, found.profile.gaps) {
                (0, gaps) => format!("{gaps} days have no value"),
                (missing, _) => format!("{missing} days are missing"),
            };
            let unit = Line::guess(format!("unit: {} per day", sense.unit.is), &sense.unit.because);
            let remark = format!("{because}, so a week is the mean of its days and not their sum");
            (unit, None, Line::guess(format!("measure: mean({name}) from {source}"), remark))
        }
        Nature::Stock if whole => {
            let remark = format!("a level, read on the last day; {}", sense.nature.because);
            (
                unit(sense),
                Some(Line::plain("reads: last")),
                Line::guess(format!("measure: sum({name}) from {source} at end"), remark),
            )
        }
        _ => {
            let remark = format!("the mean of the days; {}", sense.nature.because);
            let measure = match &sense.hundredths {
                Some(because) => {
                    Line::guess(format!("measure: (mean({name}) / 100) from {source}"), format!("{remark}; {because}"))
                }
                None => Line::guess(format!("measure: mean({name}) from {source}"), remark),
            };
            (unit(sense), None, measure)
        }
    };
    Measured { name: None, label: None, unit, grain, reads, measure, more: Vec::new() }
}

fn of_parts(reading: &Reading, found: &Found, source: &str, parts: &[Fact]) -> Result<Measured, String> {
    let sense = &found.sense;
    let name = column(&found.run.label);
    let labels: Vec<String> = parts.iter().map(|part| format!("`{}`", label_of(&part.label))).collect();
    let grain = if reading.grain == Grain::Day { WEEKLY } else { reading.grain };
    let (measure, reads) = match sense.nature.is {
        Nature::Flow => {
            (format!("measure: sum({name}) from {source}"), Some(reads(Nature::Flow, grain, &sense.nature.because)))
        }
        Nature::Stock => (
            format!("measure: sum({name}) from {source} at end"),
            Some(reads(Nature::Stock, grain, &sense.nature.because)),
        ),
        _ => {
            let label = label_of(&found.run.label);
            return Err(format!(
                "`{label}` is left out: it does not add up over {}, and the file does not say how large these are.",
                labels.join(", ")
            ));
        }
    };
    let slices: Vec<String> = parts.iter().map(|part| column(&part.label)).collect();
    let values: Vec<String> =
        parts.iter().map(|part| format!("{} of `{}`", part.distinct, label_of(&part.label))).collect();
    Ok(Measured {
        name: None,
        label: None,
        unit: unit(sense),
        grain: Line::guess(format!("grain: {grain}"), format!("several rows a {}", reading.grain)),
        reads,
        measure: Line::guess(measure, format!("summed over {}", labels.join(", "))),
        more: vec![Line::guess(format!("slice: {}", slices.join(", ")), values.join(", "))],
    })
}

/// Answers from 0 to 10 to the question whether somebody would recommend: detractors, up to 6, are taken from promoters.
fn net_promoters(found: &Found, source: &str) -> Option<Measured> {
    let words = words::words(&found.run.label);
    let asked = words.iter().any(|word| ["recommend", "nps", "empfehlen", "recommander"].contains(&word.as_str()));
    let (low, high) = found.profile.range()?;
    if !asked || !found.profile.is_whole() || low < 0.0 || high > 10.0 || high <= 5.0 {
        return None;
    }
    let name = column(&found.run.label);
    let measure = format!(
        "measure: 100 * ((count() from {source} where {name} >= 9) - (count() from {source} where {name} <= 6)) / (count() from {source} where {name} >= 0)"
    );
    Some(Measured {
        name: Some("nps".into()),
        label: Some("Net promoter score".into()),
        unit: Line::guess("unit: points", format!("answers from {low} to {high} to `{}`", label_of(&found.run.label))),
        grain: Line::guess("grain: month", "one row an answer; a week has too few"),
        reads: None,
        measure: Line::guess(measure, "9 and 10 are promoters, 0 to 6 detractors"),
        more: vec![Line::plain("bounds: -100 to 100")],
    })
}

/// A column of numbers of events: summed where it adds up, else averaged over rows.
fn of_events(reading: &Reading, facts: &Facts, found: &Found, source: &str, label: &str) -> Result<Measured, String> {
    if let Some(measured) = net_promoters(found, source) {
        return Ok(measured);
    }
    let sense = &found.sense;
    let name = column(&found.run.label);
    let mean = !matches!(sense.nature.is, Nature::Flow | Nature::Stock | Nature::Distinct);
    let measure = match (mean, &sense.hundredths) {
        (true, Some(_)) => format!("measure: (mean({name}) / 100) from {source}"),
        (true, None) => format!("measure: mean({name}) from {source}"),
        (false, _) => format!("measure: sum({name}) from {source}"),
    };
    let (unit, only) = currency(reading, facts, found);
    let measure = measure + &only;
    let because = if mean {
        format!("the mean over rows; {}", sense.nature.because)
    } else {
        format!("added up over rows; {}", sense.nature.because)
    };
    Ok(Measured {
        name: None,
        label: Some(label.to_owned()),
        unit,
        grain: Line::guess(format!("grain: {WEEKLY}"), "one row an event; weekdays differ, weeks less so"),
        reads: None,
        measure: Line::guess(measure, because),
        more: Vec::new(),
    })
}

/// The unit of a sum of amounts, and the condition that keeps it to one currency.
fn currency(reading: &Reading, facts: &Facts, found: &Found) -> (Line, String) {
    let plain = (unit(&found.sense), String::new());
    let Some(fact) = facts.currency.as_ref().filter(|_| found.is_money) else { return plain };
    let code = |value: &str| crate::number::currency(value).unwrap_or("USD");
    match (&reading.rates, &reading.only, fact.values.as_slice()) {
        (Some(_), _, _) => (
            Line::told(
                format!("unit: {}", reading.worth.as_deref().unwrap_or("USD")),
                "what the rates turn amounts into",
            ),
            String::new(),
        ),
        (None, Some(only), _) => (
            Line::told(format!("unit: {}", code(only)), "answered: rows in other currencies are no part of it"),
            format!(" where {} = {}", column(&fact.label), quoted(only)),
        ),
        (None, None, [one]) => (
            Line::guess(
                format!("unit: {}", code(one)),
                format!("`{}` is {} in every row", label_of(&fact.label), label_of(one)),
            ),
            String::new(),
        ),
        _ => plain,
    }
}

/// What rows that are events count: themselves, and the people behind them.
fn events(reading: &Reading, facts: &Facts, source: &str, stem: &str, taken: &mut Taken) -> Vec<Declaration> {
    let noun = words::event(&stem.replace(['_', '-', '.'], " ")).unwrap_or_else(|| "rows".into());
    let rows = reading.table.body.len();
    let grain = || Line::guess(format!("grain: {WEEKLY}"), "one row an event; weekdays differ, weeks less so");
    let higher = |noun: &str| match words::lower_is_better(noun) {
        Some(word) => Line::guess("better: lower", format!("`{word}` is better lower")),
        None => Line::guess("better: higher", "no word in the name says lower"),
    };
    let mut metrics = Vec::new();
    let mut lines =
        vec![Line::guess(format!("unit: {noun}"), "from the file's name; say what one row is"), higher(&noun), grain()];
    lines.push(Line::guess(format!("measure: count() from {source}"), format!("{rows} rows, several a day")));
    let slices: Vec<&Fact> = facts.others.iter().chain(&facts.status).take(3).collect();
    if !slices.is_empty() {
        let columns: Vec<String> = slices.iter().map(|fact| column(&fact.label)).collect();
        let values: Vec<String> =
            slices.iter().map(|fact| format!("{} of `{}`", fact.distinct, label_of(&fact.label))).collect();
        lines.push(Line::guess(format!("slice: {}", columns.join(", ")), values.join(", ")));
    }
    let above = facts.status.iter().map(status_note).collect();
    let name = taken.take(&name_of(&noun, "rows"));
    metrics.push(Declaration { kind: "metric", name, label: label_of(&capital(&noun)), above, lines });
    if let Some(person) = &facts.person {
        let people = words::people(&person.label);
        let lines = vec![
            Line::guess(format!("unit: {people}"), format!("from `{}`", label_of(&person.label))),
            higher(&people),
            grain(),
            Line::guess("reads: average week", "who comes in two weeks is one person, so weeks do not add up"),
            Line::guess(
                format!("measure: count_distinct({}) from {source}", column(&person.label)),
                format!("{} different in {rows} rows", person.distinct),
            ),
        ];
        let name = taken.take(&name_of(&format!("active {people}"), "people"));
        metrics.push(Declaration {
            kind: "metric",
            name,
            label: capital(&format!("{people} with {noun}")),
            above: Vec::new(),
            lines,
        });
    }
    metrics
}

fn status_note(status: &Fact) -> String {
    let values: Vec<String> = status.values.iter().map(|value| format!("`{}`", label_of(value))).collect();
    let example = status.values.first().map(|value| label_of(value)).unwrap_or_default();
    format!(
        "Rows of every `{}` count: {}. To count one alone, add the line  where: {} = {}",
        label_of(&status.label),
        values.join(", "),
        column(&status.label),
        quoted(&example)
    )
}

/// A label as a person writes it: `first_reply_minutes` is `First reply minutes`.
fn readable(text: &str) -> String {
    let label = label_of(text);
    if label.contains(' ') { label } else { capital(&label) }
}

/// A file's name as a title.
fn titled(stem: &str) -> String {
    let label = label_of(stem);
    if label.contains(' ') { label } else { capital(&label.replace('-', " ")) }
}

/// Words that are written in capitals.
const CAPITALS: [&str; 22] = [
    "mau", "dau", "wau", "nps", "mrr", "arr", "arpu", "aov", "cac", "clv", "ltv", "csat", "ctr", "cvr", "kpi", "us",
    "uk", "eu", "usd", "eur", "gbp", "crm",
];

fn capital(text: &str) -> String {
    let text = text.replace('_', " ");
    let text = text
        .split(' ')
        .map(|word| if CAPITALS.contains(&word) { word.to_uppercase() } else { word.to_owned() })
        .collect::<Vec<_>>()
        .join(" ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
