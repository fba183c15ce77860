//! GitHub-flavoured Markdown.
//!
//! What people wrote is escaped so that it stays text: no emphasis, tags, links, mentions or table cells come of it.

use crate::page::{Block, Cell, Document, Item, OfferCard, Section, Sheet, Span, Table, Text};
use crate::words::Status;

/// The document in Markdown.
pub(super) fn write(document: &Document) -> String {
    let mut out = String::new();
    for (at, sheet) in document.sheets.iter().enumerate() {
        if at > 0 {
            out.push_str("\n---\n\n");
        }
        sheet_into(&mut out, sheet, document.draft);
    }
    out
}

fn sheet_into(out: &mut String, sheet: &Sheet, draft: bool) {
    // The anchor the cover links to; renderers that make their own anchors from headings disagree on how.
    out.push_str(&format!("<a id=\"{}\"></a>\n\n# {}\n\n", sheet.id, line(&sheet.title)));
    if draft {
        out.push_str("**DRAFT: nothing here is accepted**\n\n");
    }
    out.push_str(&format!("{}\n\n", start(&sheet.kicker)));
    if !sheet.offers.is_empty() {
        out.push_str(&offers(&sheet.offers));
    }
    let facts: Vec<String> = sheet.facts.iter().map(|(name, value)| format!("{name}: {}", inline(value))).collect();
    out.push_str(&format!("{}\n\n", facts.join(" · ")));
    sheet.lead.iter().for_each(|block| block_into(out, block));
    sheet.body.iter().for_each(|section| section_into(out, "##", section));
    let foot: Vec<String> = sheet.foot.iter().map(inline).collect();
    out.push_str(&format!("{}\n", foot.join(" · ")));
    if !sheet.appendix.is_empty() {
        out.push_str(&format!("\n## Appendix: {}\n\n", line(&sheet.title)));
        sheet.appendix.iter().for_each(|section| section_into(out, "###", section));
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
}

fn offers(cards: &[OfferCard]) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let names = cards.iter().map(|card| card.name.to_owned()).collect();
    let rule = cards.iter().map(|_| ":---".to_owned()).collect();
    let values = cards.iter().map(|card| format!("**{}**", cell_text(&line(&card.value)))).collect();
    let chances = cards.iter().map(|card| format!("{}{}", mark(card.status), cell_text(&line(&card.chance)))).collect();
    format!("{}{}{}{}\n", row(names), row(rule), row(values), row(chances))
}

fn section_into(out: &mut String, level: &str, section: &Section) {
    out.push_str(&format!("{level} {}\n\n", line(&section.heading)));
    section.blocks.iter().for_each(|block| block_into(out, block));
}

fn block_into(out: &mut String, block: &Block) {
    match block {
        Block::Ask(text) | Block::Paragraph(text) => out.push_str(&format!("{}\n\n", start(text))),
        Block::Note(status, text) => out.push_str(&format!("{} {}\n\n", status.mark(), inline(text))),
        Block::Quote(words, from) => {
            let from = from.as_deref().map_or_else(String::new, |from| format!(" ({})", line(from)));
            out.push_str(&format!("> “{}”{from}\n\n", line(words)));
        }
        Block::List(items) => {
            items.iter().for_each(|item| out.push_str(&format!("- {}\n", item_text(item))));
            out.push('\n');
        }
        Block::Table(table) => out.push_str(&table_text(table)),
        Block::Chart(chart) => {
            out.push_str(&format!("**{}**\n\n", line(&chart.title)));
            let lines: Vec<String> = chart.text().iter().map(|line| one_line(line)).collect();
            let fence = fence_around(&lines);
            out.push_str(&format!("{fence}text\n{}\n{fence}\n\n", lines.join("\n")));
        }
    }
}

/// A status' mark and a space.
fn mark(status: Option<Status>) -> String {
    status.map_or_else(String::new, |status| format!("{} ", status.mark()))
}

fn item_text(item: &Item) -> String {
    match item.status {
        Some(status) => format!("{} {}", status.mark(), inline(&item.text)),
        None => start(&item.text),
    }
}

fn table_text(table: &Table) -> String {
    let head: Vec<String> = table.columns.iter().map(|(name, _)| cell_text(&line(name))).collect();
    let rule: Vec<&str> = table.columns.iter().map(|(_, number)| if *number { "---:" } else { ":---" }).collect();
    let mut out = format!("| {} |\n| {} |\n", head.join(" | "), rule.join(" | "));
    for row in &table.rows {
        let mut cells: Vec<String> = Vec::new();
        for cell in row {
            cells.push(cell_of(cell));
            // Markdown has no wide cells: the rest of the row stays empty.
            cells.extend((1..cell.span).map(|_| String::new()));
        }
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
    out
}

fn cell_of(cell: &Cell) -> String {
    let text = cell_text(&inline(&cell.text));
    match cell.status {
        Some(status) => format!("{} {text}", status.mark()),
        None => text,
    }
}

/// Pipes would end a cell, even inside code. Those of plain words are escaped already.
fn cell_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for letter in text.chars() {
        if letter == '|' && !escaped {
            out.push('\\');
        }
        escaped = letter == '\\' && !escaped;
        out.push(letter);
    }
    out
}

fn inline(text: &Text) -> String {
    text.0.iter().map(span).collect()
}

/// Text that begins a line, where some signs would begin a list, a heading or a quote.
fn start(text: &Text) -> String {
    guard_start(&inline(text))
}

fn guard_start(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.get(digits..).unwrap_or("");
    match text.bytes().next() {
        Some(b'-' | b'+' | b'=' | b'#' | b'>') => format!("\\{text}"),
        Some(b'0'..=b'9') if after.starts_with(['.', ')']) => {
            format!("{}\\{after}", text.get(..digits).unwrap_or(""))
        }
        _ => text.to_owned(),
    }
}

fn span(span: &Span) -> String {
    match span {
        Span::Plain(text) => escape(text),
        Span::Strong(text) => {
            // Emphasis must touch its words: spaces go outside.
            let trimmed = text.trim();
            if trimmed.is_empty() {
                return escape(text);
            }
            let lead = &text[..text.len() - text.trim_start().len()];
            let trail = &text[text.trim_end().len()..];
            format!("{lead}**{}**{trail}", escape(trimmed))
        }
        Span::Code(text) => code(text),
        Span::Link { text, to } => format!("[{}]({to})", escape(text)),
    }
}

/// A code span, fenced by more backticks than it holds.
fn code(text: &str) -> String {
    let text = one_line(text);
    if text.trim().is_empty() {
        return "none".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

fn fence_around(lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}

/// Words on one line, escaped.
fn line(text: &str) -> String {
    escape(text.trim())
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Escapes what Markdown or an HTML reader behind it would take for its own.
fn escape(text: &str) -> String {
    let text = one_line(text);
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let special = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' | '#' => true,
            '!' => after == Some(&'['),
            // Inside a word an underscore is only an underscore.
            '_' => !(before.is_some_and(|c| c.is_alphanumeric()) && after.is_some_and(|c| c.is_alphanumeric())),
            // Addresses would become links, and names mentions.
            '/' => before == Some(&':') && after == Some(&'/'),
            '.' => text.get(..).is_some() && ends_with_www(&letters, at),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(*letter);
        if *letter == '@' {
            // An invisible joiner keeps an address or a name from becoming a link or a mention.
            out.push('\u{2060}');
        }
    }
    out
}

fn ends_with_www(letters: &[char], dot: usize) -> bool {
    let before = dot.checked_sub(3).and_then(|from| letters.get(from..dot));
    before.is_some_and(|word| word.iter().all(|letter| letter.eq_ignore_ascii_case(&'w')))
}
