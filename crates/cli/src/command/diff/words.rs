//! What changed, in text for a terminal and in Markdown for a pull request.

use super::Changes;
use super::ledger::{Moved, Standing};
use crate::changes::Change;
use crate::changes::words::{Form, said, summary};
use crate::rendering;
use quarterdeck_lang::Model;
use quarterdeck_report::number::{self, Levels};

/// The most names in one line.
const SHOWN: usize = 12;

/// The text of a terminal.
pub(super) fn text(changes: &Changes, model: &Model, revision: &str, width: usize) -> String {
    let heading = |title: &str| format!("{title}\n");
    let form =
        Form { heading, item: "  ", inner: "      ", name: str::to_owned, code: str::to_owned, width: Some(width) };
    match body(changes, model, &form) {
        body if body.is_empty() => format!("nothing changed in meaning since {revision}\n"),
        body => body,
    }
}

/// A comment of a pull request.
pub(super) fn markdown(changes: &Changes, model: &Model, revision: &str) -> String {
    let heading = |title: &str| format!("### {title}\n\n");
    let form = Form {
        heading,
        item: "- ",
        inner: "  - ",
        name: |name| rendering::code(name),
        code: rendering::code,
        width: None,
    };
    let revision = rendering::code(revision);
    match body(changes, model, &form) {
        body if body.is_empty() => format!("Nothing changed in meaning since {revision}.\n"),
        body => format!("## What changed since {revision}\n\n{body}"),
    }
}

fn body(changes: &Changes, model: &Model, form: &Form) -> String {
    let declared: [(&str, &[Change]); 3] =
        [("Metrics", &changes.metrics), ("Sources", &changes.sources), ("Other declarations", &changes.others)];
    let mut parts: Vec<(&str, Vec<String>)> = declared
        .into_iter()
        .map(|(title, list)| (title, list.iter().map(|change| declaration(change, form)).collect()))
        .collect();
    parts.push(("Targets", changes.targets.iter().map(|moved| target(moved, model, form)).collect()));
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

/// A declaration: how it changed, in which fields, what they said and say, and what follows it.
fn declaration(change: &Change, form: &Form) -> String {
    let kind = change.kind.map(|kind| format!("{kind} ")).unwrap_or_default();
    let mut lines = vec![format!("{kind}{}: {}", (form.name)(&change.name), summary(change, form))];
    lines.extend(change.edits.iter().map(|edit| said(edit, form)));
    for (word, names) in [("numbers follow", &change.downstream), ("planned targets", &change.targets)] {
        if !names.is_empty() {
            lines.push(format!("{word}: {}", listed(names, form)));
        }
    }
    lines.join(&format!("\n{}", form.inner))
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
fn target(moved: &Moved, model: &Model, form: &Form) -> String {
    let name = format!("{} {}", moved.period, (form.name)(&target_name(&moved.metric, moved.slice.as_deref())));
    let exact: Vec<f64> = [&moved.before, &moved.after].into_iter().flatten().filter_map(|side| side.value).collect();
    let level = |standing: &Standing| {
        let Some(value) = standing.value else { return "no value".to_owned() };
        let unit = model.metrics.get(&moved.metric).map(|metric| &metric.unit);
        match unit.filter(|unit| unit.text == standing.unit) {
            Some(unit) => Levels::new(Some(unit), &model.settings.currency, None, &exact).with_unit(value),
            None => format!("{} {}", Levels::new(None, "", None, &exact).level(value), standing.unit),
        }
    };
    let numbers = |standing: &Standing| format!("{}, P(hit) {}", level(standing), chance(standing));
    match (&moved.before, &moved.after) {
        (None, Some(after)) => format!("{name}: {}, {}", rendering::state(after.state), numbers(after)),
        (Some(before), None) => format!("{name}: gone; it was {}, {}", rendering::state(before.state), numbers(before)),
        (Some(before), Some(after)) => {
            let pairs = [
                (level(before), level(after), ""),
                (chance(before), chance(after), "P(hit) "),
                (rendering::state(before.state).to_owned(), rendering::state(after.state).to_owned(), ""),
                (before.revision.clone(), after.revision.clone(), "revision "),
            ];
            let differs = pairs.iter().filter(|(old, new, _)| old != new);
            let words: Vec<String> = differs.map(|(old, new, word)| format!("{word}{old} → {new}")).collect();
            match words.is_empty() {
                // Chances that differ by less than is shown.
                true => format!("{name}: the same within rounding"),
                false => format!("{name}: {}", words.join(", ")),
            }
        }
        (None, None) => name,
    }
}

fn chance(standing: &Standing) -> String {
    standing.p_hit.map_or_else(|| "unknown".to_owned(), number::chance)
}
