//! The funnel on the terminal: stage by stage, each leak with what a point is worth.

use super::table::wrap;
use anstyle::Style;
use quarterdeck_plan::funnel::{Funnel, PointWorth, Step};
use quarterdeck_report::number::{self, Levels};

/// Where a step's words start.
const INDENT: usize = 6;

/// The whole funnel, at most `width` columns wide.
pub fn text(funnel: &Funnel, currency: &str, width: usize) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let (from, to) = (number::day(funnel.starts), number::day(funnel.ends));
    let mut text = format!("{bold}{}{bold:#} ({from} to {to}) · funnel\n", funnel.period);
    text.push_str(&format!("as of {}\n", funnel.as_of));
    if let Some(expected) = funnel.north_star_expected {
        let levels = Levels::new(funnel.star_unit.as_ref(), currency, Some(0.05 * expected.abs()), &[]);
        let line = format!(
            "Leaks are ranked by what a point is worth to ★ {}, expected at {} without the plan.",
            funnel.star_label,
            levels.with_unit(expected)
        );
        text.push_str(&format!("{}\n", wrap(&line, width, 0)));
    }
    let mut stage = "";
    for step in &funnel.steps {
        if step.stage != stage {
            stage = &step.stage;
            text.push_str(&format!("\n{dim}{stage}{dim:#}\n"));
        }
        text.push_str(&one(step, funnel, currency, width));
    }
    if !funnel.notes.is_empty() {
        text.push('\n');
    }
    for note in &funnel.notes {
        text.push_str(&format!("- {}\n", wrap(note, width.saturating_sub(2), 2)));
    }
    text
}

fn one(step: &Step, funnel: &Funnel, currency: &str, width: usize) -> String {
    let bold = Style::new().bold();
    let star = if funnel.north_star.as_deref() == Some(step.metric.as_str()) { "★" } else { "" };
    let rank = step.rank.map_or_else(|| star.to_owned(), |rank| format!("{rank}."));
    let values = [step.now.map(|now| now.value), step.reference.as_ref().map(|reference| reference.value)];
    let exact: Vec<f64> = values.iter().flatten().copied().collect();
    let scale = exact.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let levels = Levels::new(step.unit.as_ref(), currency, Some(0.05 * scale), &[]);
    let mut standing = match step.now {
        Some(now) => format!("{} in {}", levels.with_unit(now.value), now.period),
        None => "no whole quarter yet".to_owned(),
    };
    if let Some(before) = step.year_before {
        standing.push_str(&format!(", {} a year before", levels.level(before.value)));
    }
    let room = width.saturating_sub(INDENT);
    let mut lines = vec![wrap(&format!("{bold}{}{bold:#}: {standing}", step.label), room, INDENT)];
    lines.extend(worth(step, funnel, currency).map(|words| wrap(&words, room, INDENT)));
    lines.extend(leak(step, &levels, funnel, currency).map(|words| wrap(&words, room, INDENT)));
    let space = " ".repeat(INDENT);
    format!("  {rank:<4}{}\n", lines.join(&format!("\n{space}")))
}

fn star_levels(funnel: &Funnel, currency: &str, size: f64) -> Levels {
    Levels::new(funnel.star_unit.as_ref(), currency, Some(0.1 * size.abs()), &[])
}

fn worth(step: &Step, funnel: &Funnel, currency: &str) -> Option<String> {
    let Some(PointWorth { low, mid, high, exact, via }) = &step.worth else {
        return step.cannot_tell.as_ref().map(|why| format!("what a point is worth cannot be told: {why}"));
    };
    let share = step.unit.as_ref().is_some_and(|unit| unit.is_share());
    let point = if share { "a point" } else { "one percent" };
    let levels = star_levels(funnel, currency, *mid);
    let adds = format!("{}{}", if *mid < 0.0 { "−" } else { "+" }, levels.with_unit(mid.abs()));
    let range = if low == high { String::new() } else { format!(" ({} in 8 of 10)", levels.range(*low, *high)) };
    let way = match (exact, via.len()) {
        (true, _) => String::new(),
        (false, _) => format!(", by association: {}", via.join(" → ")),
    };
    let verb = if *exact { "is worth" } else { "goes with" };
    Some(format!("{point} better {verb} {adds}{range}{way}"))
}

fn leak(step: &Step, levels: &Levels, funnel: &Funnel, currency: &str) -> Option<String> {
    let (leak, reference) = (step.leak?, step.reference.as_ref()?);
    if leak == 0.0 {
        return Some(format!("as good as its {}", reference.label));
    }
    let closed = step.leak_worth.map(|worth| {
        format!("; closing that, at this worth: +{}", star_levels(funnel, currency, worth).with_unit(worth))
    });
    Some(format!("{} is {}{}", reference.label, levels.with_unit(reference.value), closed.unwrap_or_default()))
}
