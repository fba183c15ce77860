//! The metrics of a sheet: its runs of numbers, how they are written, and what each means.

use super::{Found, Reading, Rows, Sheet, Stop};
use crate::cell::{Grid, address};
use crate::layout::Dated;
use crate::number::{Style, Styles};
use crate::profile::{Profile, Run};
use crate::question::{Choice, Question};
use crate::sense::{self, Named, Sense};
use crate::table::Table;
use crate::words::{self, Role};
use std::collections::BTreeMap;

/// The metrics of a table: its rows, or its columns.
pub(super) fn runs(sheet: &Sheet<'_>, table: &Table, across: Option<usize>, dated: &Dated) -> Vec<Run> {
    let grid = sheet.grid;
    if let Some(label) = across {
        let run = |row: &usize| {
            let places = dated.places.iter().map(|(_, column)| (*row, *column)).collect();
            Run { label: grid.cell(*row, label).shown(), place: (*row, label), places }
        };
        return table.body.iter().map(run).filter(|run| !run.label.is_empty()).collect();
    }
    let run = |column: &usize| {
        let places = table.body.iter().map(|row| (*row, *column)).collect();
        Run { label: grid.cell(table.header, *column).shown(), place: (table.header, *column), places }
    };
    table
        .columns
        .iter()
        .filter(|column| **column != dated.column)
        .map(run)
        .filter(|run| !run.label.is_empty())
        .collect()
}

/// The style of all numbers of a sheet.
pub(super) fn one_style(sheet: &Sheet<'_>, runs: &[Run], stop: &mut Stop) -> Option<(Style, String)> {
    let mut styles = Styles::default();
    for run in runs.iter().filter(|run| run.is_numbers(sheet.grid)) {
        if let Err((place, text)) = run.see(sheet.grid, &mut styles) {
            let (proof, shown) = styles.proof.clone().unwrap_or_default();
            let message = format!(
                "`{text}` is written otherwise than `{shown}` in {proof}: one has a decimal point, the other a decimal comma"
            );
            stop.troubles
                .extend(sheet.trouble(Some(place), message, "write all numbers of the file in one way").troubles);
            return None;
        }
    }
    match styles.settled() {
        Ok(style) => {
            // Plain digits with a point need no word.
            let (place, text) = styles.foreign.clone()?;
            let because = match &styles.proof {
                Some((place, text)) => format!("`{text}` in {place}"),
                None => format!("`{text}` in {place}; no value has decimals"),
            };
            Some((style, because))
        }
        Err([point, comma]) => {
            let answered = sheet.answer("numbers").and_then(Style::of_example);
            if let Some(style) = answered.filter(|style| [point.decimal, comma.decimal].contains(&style.decimal)) {
                styles.settle(style.decimal);
                return Some((styles.settled().unwrap_or(style), "answered".into()));
            }
            stop.questions.push(number_question(sheet, &styles, [point, comma]));
            None
        }
    }
}

pub(super) fn number_question(sheet: &Sheet<'_>, styles: &Styles, choices: [Style; 2]) -> Question {
    let (place, shown) = styles.open.first().cloned().unwrap_or_default();
    let choices = choices.map(|style| {
        let value = crate::number::Written::of(&shown).and_then(|written| written.value(style)).unwrap_or_default();
        Choice::new(style.example(), format!("`{shown}` is {value}"), format!("numbers: \"{}\"", style.example()))
    });
    let text =
        format!("numbers such as `{shown}` in {place} can be read in two ways, and no number of the file tells which");
    sheet.question("numbers", text, choices.to_vec())
}

/// What each run of numbers means.
pub(super) fn metrics(sheet: &Sheet<'_>, reading: &mut Reading, runs: Vec<Run>, style: Style, stop: &mut Stop) {
    let units = reading.across.and_then(|_| {
        let named = |(_, text): &&(usize, String)| {
            ["unit", "units", "einheit", "uom"].contains(&text.trim().to_lowercase().as_str())
        };
        reading.aside.iter().find(named).map(|(column, _)| *column)
    });
    let ids = match &reading.rows {
        Rows::Events(facts) => facts.id.iter().chain(facts.person.iter().map(|fact| &fact.label)).cloned().collect(),
        _ => Vec::new(),
    };
    let mut bad: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for run in runs {
        if !run.is_numbers(sheet.grid)
            || ids.contains(&run.label)
            || reading.across.is_none() && is_id(&run, sheet.grid, &reading.rows)
        {
            continue;
        }
        let profile = run.profile(sheet.grid, style);
        for (place, text) in &profile.misfits {
            let row =
                run.places.iter().find(|(row, column)| address(*row, *column) == *place).map_or(0, |(row, _)| *row);
            bad.entry(row).or_insert((place.clone(), text.clone()));
        }
        let unit = units.map(|column| sheet.grid.cell(run.place.0, column).shown());
        let key = format!("{}.percent", crate::name::name_of(&run.label, "values"));
        let file = crate::name::label_of(&file_words(sheet));
        let named = Named {
            label: &run.label,
            file: &file,
            unit: unit.as_deref().filter(|unit| !unit.is_empty()),
            percent: sheet.answer(&key),
        };
        match sense::sense(named, &profile) {
            Ok(sense) => {
                let is_money = is_money(&run.label, &profile, &sense);
                reading.metrics.push(Found { run, profile, sense, is_money });
            }
            Err(open) => open_sense(sheet, &run, &key, open, stop),
        }
    }
    skip(sheet, reading, bad, stop);
    if reading.metrics.is_empty()
        && stop.questions.is_empty()
        && stop.troubles.is_empty()
        && !matches!(reading.rows, Rows::Events(_))
    {
        stop.troubles.extend(
            sheet
                .trouble(None, "it has dates and no column of numbers", "name the file that holds the numbers")
                .troubles,
        );
    }
}

/// Whether numbers are amounts of money: by a sign, a currency in the name, or a name of money.
pub(super) fn is_money(label: &str, profile: &Profile, sense: &Sense) -> bool {
    let named = [
        "amount", "revenue", "price", "total", "fee", "net", "gross", "value", "sales", "refunded", "paid", "cost",
        "spend", "mrr", "tax", "umsatz", "betrag",
    ];
    !profile.money.is_empty()
        || crate::number::currency(&sense.unit.is).is_some()
        || sense.unit.is != "share" && words::words(label).iter().any(|word| named.contains(&word.as_str()))
}

/// What the file and its sheet are called.
pub(super) fn file_words(sheet: &Sheet<'_>) -> String {
    match &sheet.grid.sheet {
        Some(name) if sheet.file.grids.len() > 1 => format!("{} {name}", sheet.file.stem()),
        _ => sheet.file.stem().to_owned(),
    }
    .replace(['_', '-', '.'], " ")
}

/// Whether numbers tell rows apart and count nothing.
pub(super) fn is_id(run: &Run, grid: &Grid, rows: &Rows) -> bool {
    let role = words::role(&run.label);
    matches!(rows, Rows::Events(_)) && matches!(role, Some(Role::Id | Role::Person))
        || role == Some(Role::Id) && run.distinct(grid) == run.places.len() && run.label.to_lowercase().contains("id")
}

pub(super) fn open_sense(sheet: &Sheet<'_>, run: &Run, key: &str, open: sense::Open, stop: &mut Stop) {
    let label = crate::name::label_of(&run.label);
    let place = address(run.place.0, run.place.1);
    match open {
        sense::Open::Percent { word, most } => {
            let text = format!(
                "`{label}` ({place}) is a share by its `{word}`, and its values go up to {most} without a percent sign"
            );
            let choices = vec![
                Choice::plain("0-1", format!("{most} is {}", sense::percent(most))),
                Choice::new("0-100", format!("{most} is {}", sense::percent(most / 100.0)), "scale 1%"),
            ];
            stop.questions.push(sheet.question(key, text, choices));
        }
        sense::Open::Mixed { with, without } => {
            let message = format!("{with} values of `{label}` have a percent sign and {without} have none");
            stop.troubles.extend(sheet.trouble(Some(place), message, "write all of them alike").troubles);
        }
        sense::Open::Currencies(codes) => {
            let message = format!(
                "the values of `{label}` are in {}; amounts in several currencies cannot be added up",
                codes.join(" and ")
            );
            stop.troubles.extend(
                sheet
                    .trouble(
                        Some(place),
                        message,
                        "give each currency a row or column of its own, or convert them before",
                    )
                    .troubles,
            );
        }
    }
}

/// Rows whose values cannot be read: left out where that was said.
pub(super) fn skip(sheet: &Sheet<'_>, reading: &mut Reading, bad: BTreeMap<usize, (String, String)>, stop: &mut Stop) {
    if bad.is_empty() {
        return;
    }
    let shown: Vec<String> =
        bad.values().take(3).map(|(place, text)| format!("`{}` in {place}", crate::name::label_of(text))).collect();
    if reading.across.is_some() {
        let place = bad.values().next().map(|(place, _)| place.clone());
        stop.troubles.extend(
            sheet
                .trouble(place, format!("{} is no number", shown.join(", ")), "mend the cell, or leave it empty")
                .troubles,
        );
        return;
    }
    match sheet.answer("skip") {
        Some("yes") => reading.skipped = bad.into_values().collect(),
        _ => {
            let many = bad.len();
            let text = format!(
                "{many} of {} rows hold no number where the others do: {}",
                reading.table.body.len(),
                shown.join(", ")
            );
            let choices =
                vec![Choice::new("yes", "leave these rows out, and say so each time", format!("skip: at most {many}"))];
            stop.questions.push(sheet.question("skip", text, choices));
        }
    }
}
