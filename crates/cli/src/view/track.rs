//! Where targets stand on the terminal: one table, then what is to be said of each, exceptions first.

use crate::view::table::{Align, Table, cut, shortened, wrap};
use anstyle::{AnsiColor, Style};
use quarterdeck_plan::track::{Colour, Track, Tracked};
use quarterdeck_report::number::{chance, day};
use quarterdeck_report::words::track as words;

/// Where the details of a target start.
const INDENT: usize = 11;

/// The whole of it, at most `width` columns wide.
pub fn text(track: &Track, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#} ({} to {})", track.period, day(track.starts), day(track.ends));
    for part in [&track.cover.workspace, &track.cover.title] {
        if !part.is_empty() {
            text.push_str(&format!(" · {part}"));
        }
    }
    let facts = format!("as of {}, {} · {}", track.as_of, words::day_of(track), words::summary(track));
    text.push_str(&format!("\n{}\n\n", wrap(&facts, width, 0)));
    if !track.targets.is_empty() {
        text.push_str(&table(track, width));
    }
    for target in &track.targets {
        text.push('\n');
        text.push_str(&details(track, target, width));
    }
    if !track.dropped.is_empty() {
        text.push_str(&format!("\nDropped, and followed no more: {}\n", track.dropped.join(", ")));
    }
    text.push_str(&next(track, width));
    text
}

fn table(track: &Track, width: usize) -> String {
    const SHORTEST: usize = 14;
    let mut room = width / 3;
    let mut text = rows(track, room);
    while text.lines().map(super::table::width).max().unwrap_or(0) > width && room > SHORTEST {
        room -= 1;
        text = rows(track, room);
    }
    text
}

fn rows(track: &Track, room: usize) -> String {
    let columns = [
        ("target", Align::Left),
        ("to reach", Align::Right),
        ("so far", Align::Right),
        ("plan", Align::Right),
        ("lands at", Align::Right),
        ("chance", Align::Right),
        ("week", Align::Right),
        ("", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for target in &track.targets {
        let levels = words::levels(track, target);
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| shortened(&levels.level(value)));
        let style = style(target.colour);
        table.row([
            cut(&words::name(target), room),
            shortened(&words::goal(target, &levels)),
            level(target.actual_so_far),
            level(target.plan_so_far),
            level(target.landing.map(|fan| fan.p50)),
            target.p_hit.map_or_else(|| "?".to_owned(), chance),
            words::change(target),
            format!("{style}{} {}{style:#}", words::status(target.colour).mark(), target.colour.word()),
        ]);
    }
    table.text()
}

fn style(colour: Colour) -> Style {
    match colour {
        Colour::Green => AnsiColor::Green.on_default(),
        Colour::Yellow => AnsiColor::Yellow.on_default(),
        Colour::Red => AnsiColor::Red.on_default(),
        Colour::Unknown => Style::new().dimmed(),
    }
}

fn details(track: &Track, target: &Tracked, width: usize) -> String {
    let bold = Style::new().bold();
    let levels = words::levels(track, target);
    let owner = target.owner.as_deref().map(|owner| format!(" · {owner}")).unwrap_or_default();
    let name = words::name(target);
    let reads = &target.detail.reads_phrase;
    let mut text = wrap(&format!("{bold}{name}{bold:#} ({}, {reads}){owner}", target.metric), width, 2) + "\n";
    let status = format!("{} {}: {}", words::status(target.colour).mark(), target.colour.word(), target.why);
    let mut lines = vec![
        ("colour", status),
        ("so far", words::so_far(target, &levels)),
        ("lands at", words::landing(target, &levels)),
        ("chance", words::chances(target)),
        ("needs", words::needs(target, &levels)),
        ("promise", words::promise(target, &levels)),
    ];
    lines.extend(target.guards.iter().map(|guard| ("guard", words::guard(guard, &track.cover.currency))));
    lines.extend(target.notes.iter().map(|note| ("note", words::note(note))));
    lines.push(("data", words::stale(target)));
    lines.extend(target.remarks.iter().map(|remark| ("remark", remark.clone())));
    for (name, words) in lines {
        text.push_str(&line(name, &words, width));
    }
    text
}

/// A line that starts with the name of what it tells; nothing where there are no words.
pub fn line(name: &str, words: &str, width: usize) -> String {
    if words.trim().is_empty() {
        return String::new();
    }
    let dim = Style::new().dimmed();
    let space = " ".repeat(INDENT.saturating_sub(2 + name.len()).max(1));
    let words = wrap(words, width.saturating_sub(INDENT), 0).replace('\n', &format!("\n{}", " ".repeat(INDENT)));
    format!("  {dim}{name}{dim:#}{space}{words}\n")
}

/// What to do next.
fn next(track: &Track, width: usize) -> String {
    let (bold, period) = (Style::new().bold(), track.period);
    let worst = track.targets.first().filter(|target| target.colour != Colour::Green);
    let words = match worst {
        _ if track.as_of >= track.ends => format!("{bold}qd close {period}{bold:#} grades it"),
        Some(target) => format!(
            "{bold}qd note {} \"…\" --by WHO --due DATE{bold:#} says who does what; {bold}qd amend{bold:#} changes a target with a reason",
            target.metric
        ),
        None => format!("{bold}qd track {period} --format html -o track.html{bold:#} draws it"),
    };
    format!("\nNext: {}\n", wrap(&words, width.saturating_sub(6), 6))
}
