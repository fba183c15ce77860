//! The north star's check on the terminal.

use crate::view::table::wrap;
use anstyle::{AnsiColor, Style};
use quarterdeck_plan::north_star::{Check, Point};

/// Where what is said of a point begins.
const INDENT: usize = 20;

/// Every check, at most `width` columns wide.
pub fn text(checks: &[Check], width: usize) -> String {
    checks.iter().map(|check| one(check, width)).collect::<Vec<_>>().join("\n")
}

fn one(check: &Check, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#} ({}) as a north star\n\n", check.label, check.metric);
    for (at, point) in check.points.iter().enumerate() {
        let (mark, color) = mark(point);
        let style = Style::new().fg_color(Some(color.into()));
        let head = format!("{} {style}{mark}{style:#} {:<15} ", at + 1, point.name);
        text.push_str(&head);
        text.push_str(&wrap(&sentences(point), width - INDENT, INDENT));
        text.push('\n');
    }
    text.push_str(&format!("\n{}\n", verdict(check)));
    text
}

fn mark(point: &Point) -> (&'static str, AnsiColor) {
    match point.holds {
        Some(true) => ("●", AnsiColor::Green),
        Some(false) => ("✕", AnsiColor::Red),
        None => ("○", AnsiColor::Yellow),
    }
}

fn sentences(point: &Point) -> String {
    let word = match point.holds {
        Some(true) => "Yes.",
        Some(false) => "No.",
        None => "Open.",
    };
    let mut all = vec![point.question.to_owned(), word.to_owned()];
    all.extend(point.computed.iter().cloned());
    if let Some(attested) = point.attested.as_ref().filter(|attested| !attested.old) {
        all.push(format!("{} vouches for it since {}.", attested.by, attested.on));
    }
    all.extend(point.to_do.as_ref().map(|to_do| format!("{to_do}.")));
    all.join(" ")
}

fn verdict(check: &Check) -> String {
    let count = |holds| check.points.iter().filter(|point| point.holds == holds).count();
    let (yes, no, open) = (count(Some(true)), count(Some(false)), count(None));
    let mut text = format!("{yes} of {} hold", check.points.len());
    if no > 0 {
        text.push_str(&format!(", {no} {} not", if no == 1 { "does" } else { "do" }));
    }
    if open > 0 {
        text.push_str(&format!(", {open} {} open", if open == 1 { "is" } else { "are" }));
    }
    text + ". `qd northstar --workshop` prints the sheet for talking it over."
}
