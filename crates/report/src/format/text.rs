//! Six lines for a chat or a mail: what is asked for, how likely it is, how such claims did, and how to make it again.

use crate::page::{Block, Document, Sheet, Table, Text};

/// How many lines there are at most.
pub const LINES: usize = 6;

/// The first sheet in six lines: a target's own, or the plan's.
pub(super) fn write(document: &Document) -> String {
    let Some(sheet) = document.sheets.first() else { return String::new() };
    let mut lines = vec![heading(sheet, document.draft)];
    match sheet.offers.is_empty() {
        false => lines.extend(target(sheet)),
        true => lines.extend(plan(sheet)),
    }
    // The last line is how to make it again; what is told before it gives way.
    lines.truncate(LINES - 1);
    lines.extend(sheet.foot.last().map(flat));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn heading(sheet: &Sheet, draft: bool) -> String {
    let draft = if draft { " · DRAFT" } else { "" };
    format!("{} · {}{draft}", clean(&sheet.title), flat(&sheet.kicker))
}

/// Commit, target and stretch, the ask, how likely it is, and how such claims did.
fn target(sheet: &Sheet) -> Vec<String> {
    let offers: Vec<String> = sheet
        .offers
        .iter()
        .map(|card| {
            let mark = card.status.map_or_else(String::new, |status| format!("{} ", status.mark()));
            let chance = clean(&card.chance);
            // The number is enough; its word stands in the line that tells it whole.
            let chance = chance.split(',').next().unwrap_or_default();
            format!("{} {} ({mark}{chance})", card.name, clean(&card.value))
        })
        .collect();
    let mut lines = vec![offers.join(" · ")];
    lines.extend(sheet.lead.iter().filter_map(|block| match block {
        Block::Ask(text) => Some(flat(text)),
        Block::Note(status, text) => Some(format!("{} {}", status.mark(), flat(text))),
        Block::Paragraph(text) => Some(flat(text)).filter(|words| !words.starts_with("Because")),
        _ => None,
    }));
    lines
}

/// Three targets and how many more there are, then the chance of meeting all.
fn plan(sheet: &Sheet) -> Vec<String> {
    const SHOWN: usize = 3;
    let table = sheet.body.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let rows = table.map(targets).unwrap_or_default();
    let more = rows.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = rows.into_iter().take(SHOWN).collect();
    if let Some(last) = lines.last_mut().filter(|_| more > 0) {
        last.push_str(&format!(" · and {more} more"));
    }
    lines.extend(sheet.lead.iter().find_map(|block| match block {
        Block::Note(status, text) => Some(format!("{} {}", status.mark(), flat(text))),
        _ => None,
    }));
    lines
}

/// A line for each target: what it was, what is proposed, with which chance.
fn targets(table: &Table) -> Vec<String> {
    let each = |row: &Vec<crate::page::Cell>| {
        let cell = |at: usize| row.get(at).map(|cell| (cell.status, flat(&cell.text)));
        let (_, name) = cell(0)?;
        let (_, last) = cell(1)?;
        let (_, proposed) = cell(2)?;
        let (status, chance) = cell(3)?;
        let mark = status.map_or_else(String::new, |status| format!("{} ", status.mark()));
        Some(format!("{name}: {proposed}, {mark}{chance}; last {last}"))
    };
    table.rows.iter().filter_map(each).collect()
}

fn flat(text: &Text) -> String {
    clean(&text.flat())
}

/// On one line, without anything a terminal would obey.
fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect::<String>().trim().to_owned()
}
