//! When: which column dates the rows, how times are written, how far apart they are, and from where on they are planned.

use super::{Reading, Sheet, Stop, column};
use crate::cell::address;
use crate::date::{self, When};
use crate::layout::Dated;
use crate::question::{Choice, Question};
use crate::table::{self, Table};
use crate::words;
use quarterdeck_calendar::Grain;
use std::collections::BTreeMap;

pub(super) fn no_time(sheet: &Sheet<'_>, table: &Table) -> Stop {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| sheet.grid.cell(table.header, *column).shown())
        .filter(|name| !name.is_empty())
        .collect();
    let found =
        names.iter().take(8).map(|name| format!("`{}`", crate::name::label_of(name))).collect::<Vec<_>>().join(", ");
    let message = format!(
        "no column holds a date or a period in every row, and no row of headers does; row {} names {found}",
        table.header + 1
    );
    // A column that is nearly one is what was meant.
    let near = table.columns.iter().find_map(|column| {
        let filled: Vec<usize> =
            table.body.iter().copied().filter(|row| !table::is_nothing(sheet.grid.cell(*row, *column))).collect();
        let odd = filled.iter().find(|row| table::times(sheet.grid.cell(**row, *column)).is_empty())?;
        let fits = filled.iter().filter(|row| !table::times(sheet.grid.cell(**row, *column)).is_empty()).count();
        (2 * fits > filled.len()).then(|| (address(*odd, *column), sheet.grid.cell(*odd, *column).shown()))
    });
    let mut stop = sheet.trouble(
        None,
        message,
        "give each row its date, or each column its period (`Nov-26`, `2026-11`, `Q3 2026`, `W45 2026`)",
    );
    if let (Some((place, text)), Some(trouble)) = (near, stop.troubles.first_mut()) {
        trouble.hint = format!("`{text}` in {place} is no date; mend it or take its row out");
        trouble.place = Some(place);
    }
    stop
}

pub(super) fn one_time(sheet: &Sheet<'_>, table: &Table, times: Vec<Dated>) -> Result<Dated, Stop> {
    let name = |dated: &Dated| sheet.grid.cell(table.header, dated.column).shown();
    if let Some(answer) = sheet.answer("time") {
        if let Some(dated) = times.iter().find(|dated| name(dated).eq_ignore_ascii_case(answer)) {
            return Ok(dated.clone());
        }
        let names: Vec<String> = times.iter().map(|dated| format!("`{}`", name(dated))).collect();
        let message = format!("`{answer}` is no column that dates every row; {} can be", names.join(" or "));
        return Err(sheet.trouble(None, message, "answer with one of these"));
    }
    match <[Dated; 1]>::try_from(times) {
        Ok([only]) => Ok(only),
        Err(times) => {
            let choices = times.iter().map(|dated| {
                let first = dated
                    .places
                    .first()
                    .map(|(row, column)| sheet.grid.cell(*row, *column).shown())
                    .unwrap_or_default();
                let means = format!("a row counts on its `{}`, the first on {first}", name(dated));
                Choice::new(name(dated), means, format!("time: {}", column(&name(dated))))
            });
            let text = format!("{} columns have a date in every row; by which of them do rows count?", times.len());
            Err(Stop { questions: vec![sheet.question("time", text, choices.collect())], troubles: Vec::new() })
        }
    }
}

pub(super) fn one_format(sheet: &Sheet<'_>, dated: &Dated) -> Result<(Dated, String), Question> {
    if let Some((format, whens)) = dated.only() {
        return Ok((dated.clone(), format_because(sheet, dated, format, whens)));
    }
    if let Some(answer) = sheet.answer("dates")
        && let Some(settled) = dated.settled(answer)
    {
        return Ok((settled, "answered".into()));
    }
    // The cell that shows the difference best: the first the readings disagree on.
    let differs = |at: usize| {
        let mut whens = dated.readings.iter().filter_map(|(_, whens)| whens.get(at));
        let first = whens.next();
        whens.any(|when| Some(when) != first)
    };
    let at = (0..dated.places.len()).find(|at| differs(*at)).unwrap_or(0);
    let (row, column) = dated.places.get(at).copied().unwrap_or_default();
    let shown = sheet.grid.cell(row, column).shown();
    let choices = dated.readings.iter().map(|(format, whens)| {
        let says = whens.get(at).map(|when| when.said()).unwrap_or_default();
        Choice::new(format.clone(), format!("`{shown}` is {says}"), format!("dates: \"{format}\""))
    });
    let mut text =
        format!("dates such as `{shown}` in {} can be read in {} ways", address(row, column), dated.readings.len());
    if dated.readings.iter().any(|(format, _)| format.starts_with("dd/mm")) {
        text.push_str("; no row has a day above 12 that would tell");
    }
    Err(sheet.question("dates", text, choices.collect()))
}

/// What shows that times are written in a format.
pub(super) fn format_because(sheet: &Sheet<'_>, dated: &Dated, format: &str, whens: &[When]) -> String {
    let shown = |at: usize| {
        dated.places.get(at).map(|(row, column)| sheet.grid.cell(*row, *column).shown()).unwrap_or_default()
    };
    let above =
        whens.iter().filter(|when| matches!(when, When::Day { day, .. } if chrono::Datelike::day(day) > 12)).count();
    if format.starts_with("dd/mm") || format.starts_with("dd-mm") {
        return format!("day first; {above} of {} have a first part above 12", whens.len());
    }
    if format.starts_with("mm/dd") || format.starts_with("mm-dd") {
        return format!("month first; {above} of {} have a second part above 12", whens.len());
    }
    if format.starts_with("dd.mm") {
        return format!("`{}`; with points the day comes first", shown(0));
    }
    let last = whens.len().saturating_sub(1);
    format!("`{}` to `{}`", shown(0), shown(last))
}

/// The year of periods written without one: a title that has just one, or the answer.
pub(super) fn one_year(sheet: &Sheet<'_>, table: &Table, dated: &Dated, stop: &mut Stop) -> Option<(i32, String)> {
    let (_, whens) = dated.only()?;
    if !whens.iter().any(|when| matches!(when, When::Yearless(..))) {
        return None;
    }
    let parse = |text: &str| text.trim().parse::<i32>().ok().filter(|year| (1970..=2100).contains(year));
    if let Some(year) = sheet.answer("year").and_then(parse) {
        return Some((year, "answered".into()));
    }
    let mut years: BTreeMap<i32, String> = BTreeMap::new();
    for (place, text) in &table.titles {
        for year in
            text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| digits.len() == 4).filter_map(parse)
        {
            years.entry(year).or_insert_with(|| format!("`{}` in {place}", crate::name::label_of(text)));
        }
    }
    if let (1, Some((year, because))) = (years.len(), years.pop_first()) {
        return Some((year, because));
    }
    let first = dated.places.first().map(|(row, column)| sheet.grid.cell(*row, *column).shown()).unwrap_or_default();
    let text = format!("periods such as `{first}` have no year, and no title above them has one");
    stop.questions.push(sheet.question(
        "year",
        text,
        vec![Choice::plain("YYYY", format!("the year of the first, `{first}`, such as 2026"))],
    ));
    None
}

/// Words of what has not come yet.
const PLANS: [&str; 14] = [
    "plan",
    "planned",
    "forecast",
    "budget",
    "target",
    "outlook",
    "projected",
    "projection",
    "estimate",
    "est",
    "fc",
    "prognose",
    "soll",
    "goal",
];

/// From which period on values are planned: said in the header, or in the row above it.
pub(super) fn planned(
    sheet: &Sheet<'_>,
    table: &Table,
    across: Option<usize>,
    dated: &Dated,
) -> Option<(usize, String)> {
    across?;
    let is_plan = |text: &str| words::words(text).iter().any(|word| PLANS.contains(&word.as_str()));
    let mut above = String::new();
    let mut first = None;
    let start = dated.places.first().map_or(0, |(_, column)| *column);
    let end = dated.places.last().map_or(0, |(_, column)| *column);
    let row = table.header.checked_sub(1)?;
    for column in start..=end {
        let cell = sheet.grid.cell(row, column);
        if !cell.is_blank() {
            above = cell.shown();
        }
        if let Some(at) = dated.places.iter().position(|place| place.1 == column) {
            match (is_plan(&above), first.is_none()) {
                (true, true) => {
                    first = Some((
                        at,
                        format!("`{}` above {}", crate::name::label_of(&above), address(table.header, column)),
                    ))
                }
                // What comes after a plan and is none makes it one column among others: nothing to cut off.
                (false, false) => return None,
                _ => {}
            }
        }
    }
    first
}

/// The length of a period and how many are missing.
pub(super) fn grain(whens: &[When]) -> (Grain, usize) {
    let mut orders: Vec<i64> = whens.iter().map(|when| when.order()).collect();
    orders.sort_unstable();
    orders.dedup();
    let named = whens.first().map_or(Grain::Day, |when| when.grain());
    let steps: Vec<i64> =
        orders.windows(2).filter_map(|pair| pair.first().zip(pair.last()).map(|(one, other)| other - one)).collect();
    let smallest = steps.iter().copied().min().unwrap_or(1);
    let (grain, length) = if named != Grain::Day {
        (
            named,
            match named {
                Grain::Week => 7.0,
                Grain::Month => 30.4375,
                Grain::Quarter => 91.3125,
                Grain::Half => 182.625,
                _ => 365.25,
            },
        )
    } else if smallest >= 360 {
        (Grain::Year, 365.25)
    } else if (89..=92).contains(&smallest) {
        (Grain::Quarter, 91.3125)
    } else if (28..=31).contains(&smallest) && steps.iter().any(|step| step % 7 != 0) {
        (Grain::Month, 30.4375)
    } else if smallest >= 7 && steps.iter().all(|step| step % 7 == 0) {
        (Grain::Week, 7.0)
    } else {
        (Grain::Day, 1.0)
    };
    if whens.iter().any(|when| matches!(when, When::Yearless(..))) {
        return (grain, 0);
    }
    let span = orders.last().zip(orders.first()).map_or(0, |(last, first)| last - first);
    let expected = (span as f64 / length).round() as usize + 1;
    (grain, expected.saturating_sub(orders.len()))
}

/// Whether a format tells fiscal quarters, whose year starts nobody knows when.
pub(crate) fn is_fiscal(reading: &Reading) -> bool {
    date::is_fiscal(reading.format())
}
