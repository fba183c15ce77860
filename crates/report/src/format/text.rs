//! Plain text for terminals and mails, at most 100 columns wide but for tables.

use crate::page::{Block, Document, Item, Section, Sheet, Table, Text};
use unicode_width::UnicodeWidthStr;

const WIDTH: usize = 100;

/// The document in plain text.
pub(super) fn write(document: &Document) -> String {
    let mut out = String::new();
    for (at, sheet) in document.sheets.iter().enumerate() {
        if at > 0 {
            out.push_str(&format!("\n{}\n\n", "=".repeat(WIDTH)));
        }
        sheet_into(&mut out, sheet, document.draft);
    }
    out
}

fn sheet_into(out: &mut String, sheet: &Sheet, draft: bool) {
    let title = clean(&sheet.title);
    out.push_str(&format!("{title}\n{}\n", "=".repeat(title.width().min(WIDTH))));
    if draft {
        out.push_str("DRAFT: nothing here is accepted\n");
    }
    out.push_str(&format!("{}\n\n", flat(&sheet.kicker)));
    for card in &sheet.offers {
        let mark = card.status.map_or(" ", |status| status.mark());
        out.push_str(&format!("{:8} {}  {mark} {}\n", card.name, clean(&card.value), clean(&card.chance)));
    }
    if !sheet.offers.is_empty() {
        out.push('\n');
    }
    let facts: Vec<String> = sheet.facts.iter().map(|(name, value)| format!("{name}: {}", flat(value))).collect();
    wrap(out, &facts.join(" · "), "", "");
    out.push('\n');
    sheet.lead.iter().for_each(|block| block_into(out, block));
    sheet.body.iter().for_each(|section| section_into(out, section));
    sheet.foot.iter().for_each(|text| wrap(out, &flat(text), "", ""));
    if !sheet.appendix.is_empty() {
        let head = format!("Appendix: {title}");
        out.push_str(&format!("\n{head}\n{}\n\n", "=".repeat(head.width().min(WIDTH))));
        sheet.appendix.iter().for_each(|section| section_into(out, section));
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
}

fn section_into(out: &mut String, section: &Section) {
    let heading = clean(&section.heading);
    out.push_str(&format!("{heading}\n{}\n", "-".repeat(heading.width().min(WIDTH))));
    section.blocks.iter().for_each(|block| block_into(out, block));
}

fn block_into(out: &mut String, block: &Block) {
    match block {
        Block::Ask(text) | Block::Paragraph(text) => wrap(out, &flat(text), "", ""),
        Block::Note(status, text) => wrap(out, &format!("{} {}", status.mark(), flat(text)), "", "  "),
        Block::Quote(words, from) => {
            let from = from.as_deref().map_or_else(String::new, |from| format!(" ({})", clean(from)));
            wrap(out, &format!("“{}”{from}", clean(words)), "  ", "  ");
        }
        Block::List(items) => items.iter().for_each(|item| wrap(out, &item_text(item), "- ", "  ")),
        Block::Table(table) => table_into(out, table),
        Block::Chart(chart) => {
            wrap(out, &clean(&chart.title), "", "");
            chart.text().iter().for_each(|line| out.push_str(&format!("  {}\n", without_control(line).trim_end())));
        }
    }
    out.push('\n');
}

fn item_text(item: &Item) -> String {
    match item.status {
        Some(status) => format!("{} {}", status.mark(), flat(&item.text)),
        None => flat(&item.text),
    }
}

fn table_into(out: &mut String, table: &Table) {
    let rows: Vec<Vec<(String, usize)>> = table
        .rows
        .iter()
        .map(|row| {
            let text = |cell: &crate::page::Cell| match cell.status {
                Some(status) => format!("{} {}", status.mark(), flat(&cell.text)),
                None => flat(&cell.text),
            };
            row.iter().map(|cell| (text(cell), cell.span)).collect()
        })
        .collect();
    let mut room: Vec<usize> = table.columns.iter().map(|(name, _)| clean(name).width()).collect();
    for row in &rows {
        let mut at = 0;
        for (text, span) in row {
            if let (1, Some(room)) = (*span, room.get_mut(at)) {
                *room = (*room).max(text.width());
            }
            at += span;
        }
    }
    let head: Vec<(String, usize)> = table.columns.iter().map(|(name, _)| (clean(name), 1)).collect();
    for row in std::iter::once(&head).chain(&rows) {
        let mut line = String::new();
        let mut at = 0;
        for (text, span) in row {
            let wide = room.get(at).copied().unwrap_or(0);
            let pad = " ".repeat(wide.saturating_sub(text.width()));
            let number = table.columns.get(at).is_some_and(|(_, number)| *number) && *span == 1;
            let cell = if number { format!("{pad}{text}") } else { format!("{text}{pad}") };
            line.push_str(&format!("{cell}  "));
            at += span;
        }
        out.push_str(&format!("{}\n", line.trim_end()));
    }
}

fn flat(text: &Text) -> String {
    clean(&text.flat())
}

/// On one line, without anything a terminal would obey.
fn clean(text: &str) -> String {
    without_control(text).trim().to_owned()
}

fn without_control(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Words in lines, the first after `first`, the others after `rest`.
fn wrap(out: &mut String, text: &str, first: &str, rest: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !empty && line.width() + 1 + word.width() > WIDTH {
            out.push_str(&format!("{}\n", line.trim_end()));
            line = rest.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(&format!("{}\n", line.trim_end()));
}
