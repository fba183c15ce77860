//! How a period ended on the terminal: grades, reasons, the scoreboard.

use crate::view::table::{Align, Table, wrap};
use crate::view::track::line;
use anstyle::{AnsiColor, Style};
use quarterdeck_lang::Model;
use quarterdeck_plan::close::{Closed, Closing};
use quarterdeck_plan::score::{Board, Group};
use quarterdeck_report::number::day;
use quarterdeck_report::words::Status;
use quarterdeck_report::words::close as words;

/// A closing with the scoreboard, at most `width` columns wide.
pub fn text(closing: &Closing, board: &Board, model: &Model, width: usize) -> String {
    let bold = Style::new().bold();
    let dates = format!("({} to {})", day(closing.starts), day(closing.ends));
    let mut text = format!("{bold}{}{bold:#} {dates}", closing.period);
    let plan = model.plans.get(&closing.period).map(|plan| plan.label.as_str()).unwrap_or_default();
    for part in [model.settings.name.as_str(), plan] {
        if !part.is_empty() {
            text.push_str(&format!(" · {part}"));
        }
    }
    text.push_str(&format!("\n{}, as of {} · {}\n", words::state(closing), closing.as_of, words::summary(closing)));
    for wait in &closing.waits {
        text.push_str(&format!("{} {}\n", Status::Watch.mark(), wrap(wait, width.saturating_sub(2), 2)));
    }
    text.push('\n');
    text.push_str(&grades(closing, model));
    for target in &closing.targets {
        text.push('\n');
        text.push_str(&details(target, model, width));
    }
    if !closing.initiatives.is_empty() {
        text.push_str(&format!("\n{bold}Initiatives{bold:#}\n"));
        for ship in &closing.initiatives {
            let (status, told) = words::shipped(ship);
            text.push_str(&format!("  {} {}\n", status.mark(), wrap(&told, width.saturating_sub(4), 4)));
        }
    }
    text.push('\n');
    text.push_str(&scoreboard(board, width));
    text
}

fn grades(closing: &Closing, model: &Model) -> String {
    let mut table = Table::new(&[
        ("target", Align::Left),
        ("commit", Align::Right),
        ("to reach", Align::Right),
        ("stretch", Align::Right),
        ("came", Align::Right),
        ("", Align::Left),
    ]);
    for target in &closing.targets {
        let levels = words::levels(target, model);
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        let status = words::status(target);
        let style = style(status);
        table.row([
            words::name(target),
            level(target.commit),
            level(target.target),
            level(target.stretch),
            words::came(closing, target, &levels),
            format!("{style}{} {}{style:#}", status.mark(), words::grade(target)),
        ]);
    }
    table.text()
}

fn style(status: Status) -> Style {
    match status {
        Status::Good => AnsiColor::Green.on_default(),
        Status::Watch => AnsiColor::Yellow.on_default(),
        Status::Bad => AnsiColor::Red.on_default(),
        Status::Unknown => Style::new().dimmed(),
    }
}

fn details(target: &Closed, model: &Model, width: usize) -> String {
    let bold = Style::new().bold();
    let levels = words::levels(target, model);
    let owner = target.owner.as_deref().map(|owner| format!(" · {owner}")).unwrap_or_default();
    let name = words::name(target);
    let mut text = wrap(&format!("{bold}{name}{bold:#} ({}){owner}", target.metric), width, 2) + "\n";
    for (name, words) in [
        ("score", words::way(target, &levels)),
        ("fell", words::place(target)),
        ("claimed", words::claims(target, &levels)),
        ("override", words::overridden(target, &levels)),
    ] {
        text.push_str(&line(name, &words, width));
    }
    if let Some(gap) = target.value.zip(target.target).map(|(came, goal)| came - goal) {
        text.push_str(&line("distance", &format!("{} against the target:", levels.change(gap)), width));
        text.push_str(&rows(target, model));
    }
    for note in &target.notes {
        text.push_str(&line("note", note, width));
    }
    text
}

/// What explains a distance: by what was done, then by parts.
fn rows(target: &Closed, model: &Model) -> String {
    let levels = words::levels(target, model);
    let mut causes = Table::new(&[("", Align::Right), ("", Align::Left)]);
    for cause in &target.causes {
        let (what, adds) = words::cause(cause, &levels);
        causes.row([adds, what]);
    }
    let mut parts = Table::new(&[("", Align::Right), ("", Align::Left)]);
    for part in &target.parts {
        let [name, planned, came, adds] = words::part(part, &levels, model);
        let way = if planned.is_empty() {
            String::new()
        } else {
            format!(": {planned} on the way to the target, {came} came")
        };
        parts.row([adds, format!("{name}{way}")]);
    }
    let indented = |table: &Table| table.text().lines().map(|line| format!("           {line}\n")).collect::<String>();
    let parts =
        if target.parts.is_empty() { String::new() } else { format!("           by its parts\n{}", indented(&parts)) };
    indented(&causes) + &parts
}

/// The scoreboard alone.
pub fn scoreboard(board: &Board, width: usize) -> String {
    let bold = Style::new().bold();
    let periods: Vec<String> = board.periods.iter().map(ToString::to_string).collect();
    let mut text = format!("{bold}Scoreboard{bold:#}");
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if first != last => text.push_str(&format!(" · {first} to {last}")),
        (Some(only), _) => text.push_str(&format!(" · {only}")),
        _ => {}
    }
    text.push('\n');
    for told in words::reading(board) {
        text.push_str(&format!("- {}\n", wrap(&told, width.saturating_sub(2), 2)));
    }
    for group in &board.groups {
        text.push('\n');
        text.push_str(&self::group(group));
    }
    let parts = words::parts(board);
    if !parts.is_empty() {
        text.push('\n');
        for told in std::iter::once(parts.as_str()).chain(words::legend()) {
            text.push_str(&format!("{}\n", wrap(told, width, 2)));
        }
    }
    text
}

fn group(group: &Group) -> String {
    let kept = words::shown(group);
    let shown = |at: usize| kept.get(at).copied().unwrap_or(false);
    let names = words::COLUMNS.iter().enumerate().map(|(at, name)| if at == 0 { words::group(group) } else { name });
    let columns: Vec<(&str, Align)> = names
        .enumerate()
        .filter(|(at, _)| shown(*at))
        .map(|(at, name)| (name, if at == 0 { Align::Left } else { Align::Right }))
        .collect();
    let mut table = Table::new(&columns);
    for line in &group.lines {
        let cells = words::line(line).into_iter().enumerate();
        table.row(cells.filter(|(at, _)| shown(*at)).map(|(_, cell)| cell));
    }
    table.text()
}

/// What was written, and what to do next.
pub fn afterwards(closing: &Closing, files: &[&str], stood: bool) -> String {
    let (bold, period) = (Style::new().bold(), closing.period);
    let mut text = String::from("\n");
    if !files.is_empty() {
        text.push_str(&format!("Wrote {}\n", files.join("\n      ")));
    }
    text.push_str(&match (stood, closing.is_final) {
        (true, _) => format!("{period} was closed for good as of {}: nothing was written\n", closing.as_of),
        (false, true) => format!("Next: commit these files; {bold}qd close{bold:#} shows the scoreboard alone\n"),
        (false, false) => format!("Next: {bold}qd close {period}{bold:#} again once the data is complete\n"),
    });
    text
}
