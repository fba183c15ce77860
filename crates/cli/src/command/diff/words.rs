//! What changed, in text for a terminal and in Markdown for a pull request.

use super::ledger::{Moved, Standing};
use super::{Change, Changes, Kind};
use quarterdeck_plan::proposal::State;
use quarterdeck_report::number;

/// The most names in one line.
const SHOWN: usize = 12;

/// How a form marks its words.
struct Form {
    heading: fn(&str) -> String,
    item: &'static str,
    name: fn(&str) -> String,
}

/// The text of a terminal.
pub(super) fn text(changes: &Changes, revision: &str) -> String {
    let form = Form { heading: |title| format!("{title}\n"), item: "  ", name: str::to_owned };
    match body(changes, &form) {
        body if body.is_empty() => format!("nothing changed in meaning since {revision}\n"),
        body => body,
    }
}

/// A comment of a pull request.
pub(super) fn markdown(changes: &Changes, revision: &str) -> String {
    let form = Form { heading: |title| format!("### {title}\n\n"), item: "- ", name: |name| format!("`{name}`") };
    match body(changes, &form) {
        body if body.is_empty() => format!("Nothing changed in meaning since `{revision}`.\n"),
        body => format!("## What changed in meaning since `{revision}`\n\n{body}"),
    }
}

fn body(changes: &Changes, form: &Form) -> String {
    let declared: [(&str, &[Change]); 3] =
        [("Metrics", &changes.metrics), ("Sources", &changes.sources), ("Other declarations", &changes.others)];
    let mut parts: Vec<(&str, Vec<String>)> = declared
        .into_iter()
        .map(|(title, list)| (title, list.iter().map(|change| line(change, form)).collect()))
        .collect();
    parts.push(("Targets", changes.targets.iter().map(|moved| target(moved, form)).collect()));
    let stale = changes.stale_targets.iter().map(|stale| {
        let name = (form.name)(&target_name(&stale.metric, stale.slice.as_deref()));
        let now = stale.revision.as_deref().unwrap_or("none: the metric is gone");
        format!("{} {name}: accepted on revision {}, today's is {now}", stale.period, stale.accepted_revision)
    });
    parts.push(("Stale: accepted on another definition", stale.collect()));
    let written = parts.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(title, lines)| {
        let lines: String = lines.iter().map(|line| format!("{}{line}\n", form.item)).collect();
        format!("{}{lines}", (form.heading)(title))
    });
    written.collect::<Vec<_>>().join("\n")
}

/// A declaration: how it changed, in which fields, and what follows it.
fn line(change: &Change, form: &Form) -> String {
    let kind = change.kind.map(|kind| format!("{kind} ")).unwrap_or_default();
    let name = format!("{kind}{}", (form.name)(&change.name));
    let fields = change.fields.join(", ");
    let within = if fields.is_empty() { String::new() } else { format!(" ({fields})") };
    let mut line = match (change.change, &change.was) {
        (Kind::Added, _) => format!("{name}: added"),
        (Kind::Removed, _) => format!("{name}: removed"),
        (_, Some(was)) => format!("{name}: renamed from {}{within}", (form.name)(was)),
        (Kind::Renamed, None) => format!("{name}: renamed{within}"),
        (Kind::Meaning, None) => format!("{name}: another meaning{within}"),
        (Kind::Break, None) => format!("{name}: another meaning from a declared day on{within}"),
        (Kind::Docs, None) => format!("{name}: same numbers{within}"),
    };
    for (word, names) in [("follows", &change.downstream), ("planned", &change.targets)] {
        if !names.is_empty() {
            line.push_str(&format!("; {word}: {}", listed(names, form)));
        }
    }
    line
}

fn listed(names: &[String], form: &Form) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| (form.name)(name)).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn target_name(metric: &str, slice: Option<&str>) -> String {
    slice.map_or_else(|| metric.to_owned(), |slice| format!("{metric} for {slice}"))
}

/// A target of a ledger: `2025-Q1 orders: 310 → 325 orders, P(hit) 62 % → 38 %, proposed → accepted`.
fn target(moved: &Moved, form: &Form) -> String {
    let name = format!("{} {}", moved.period, (form.name)(&target_name(&moved.metric, moved.slice.as_deref())));
    match (&moved.before, &moved.after) {
        (None, Some(after)) => format!("{name}: {}, {}", state(after.state), numbers(after)),
        (Some(before), None) => format!("{name}: gone; it was {}, {}", state(before.state), numbers(before)),
        (Some(before), Some(after)) => {
            let pairs = [
                (level(before), level(after), ""),
                (chance(before), chance(after), "P(hit) "),
                (state(before.state).to_owned(), state(after.state).to_owned(), ""),
                (before.revision.clone(), after.revision.clone(), "revision "),
            ];
            let differs = pairs.iter().filter(|(old, new, _)| old != new);
            let words: Vec<String> = differs.map(|(old, new, word)| format!("{word}{old} → {new}")).collect();
            format!("{name}: {}", words.join(", "))
        }
        (None, None) => name,
    }
}

fn numbers(standing: &Standing) -> String {
    format!("{}, P(hit) {}", level(standing), chance(standing))
}

fn level(standing: &Standing) -> String {
    let Some(value) = standing.value else { return "no value".to_owned() };
    match standing.unit.as_str() {
        "share" => format!("{} %", rounded(value * 100.0)),
        unit => format!("{} {unit}", rounded(value)),
    }
}

/// A printed target has few digits; those that arithmetic adds are no part of it.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn chance(standing: &Standing) -> String {
    standing.p_hit.map_or_else(|| "unknown".to_owned(), number::chance)
}

fn state(state: State) -> &'static str {
    match state {
        State::Proposed => "proposed",
        State::Rejected => "rejected",
        State::Accepted => "accepted",
        State::Stale => "stale",
        State::Amended => "amended",
        State::Dropped => "dropped",
        State::Closed => "closed",
    }
}
