//! What a review shows: a proposal with what it stands on, what changed since the one before, and what a review came to.

use super::Done;
use crate::deciding::levels;
use crate::view::table::wrap;
use crate::workspace::Workspace;
use anstyle::Style;
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{Before, Entry, Ledger};
use quarterdeck_plan::proposal::{MethodRow, Offer};
use quarterdeck_report::number::{self, Levels};

/// Where lines of a proposal start, under the names of what they tell.
const INDENT: usize = 12;

/// A proposal, with what is accepted for it already.
pub fn entry(
    entry: &Entry,
    standing: Option<&Entry>,
    ledger: &Ledger,
    workspace: &Workspace,
    place: (usize, usize),
    width: usize,
) -> String {
    let bold = Style::new().bold();
    let levels = levels(entry, workspace);
    let label =
        workspace.checked.model.metrics.get(&entry.metric).map_or(entry.metric.clone(), |metric| metric.label.clone());
    let slice = entry.slice.as_ref().map_or(String::new(), |slice| format!(", {slice}"));
    let mut text =
        format!("\n{bold}{label}{slice}{bold:#} ({}) · {} of {} · {}\n", entry.name(), place.0, place.1, ledger.period);
    let mut line = |name: &str, words: String| {
        text.push_str(&format!("  {name:<9} {}\n", wrap(&words, width.saturating_sub(INDENT), INDENT)));
    };
    line("target", target(entry, &levels));
    if let Some(words) = adjusted_words(entry, &levels) {
        line("adjusted", words);
    }
    if let Some(last) = entry.last_actual {
        line("last", format!("{} in {}", levels.with_unit(last.value), last.period));
    }
    if let Some(words) = since(entry, ledger, &levels) {
        line("since", words);
    }
    if let Some(words) = standing.and_then(|standing| rebased(entry, standing, &levels)) {
        line("accepted", words);
    }
    line("methods", methods(entry, &levels));
    for flag in &entry.flags {
        line("flag", flag.message.clone());
    }
    if let Some(rejected) = &entry.rejected {
        let by = rejected.by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
        let because = rejected.because.as_ref().map_or(String::new(), |because| format!(": {because}"));
        line("rejected", format!("on {}{by}{because}", rejected.on));
    }
    if let Some(because) = &entry.because {
        line("because", because.clone());
    }
    text
}

fn chance(p: Option<f64>) -> String {
    p.map_or("no P(hit)".to_owned(), |p| format!("P(hit) {}", number::chance(p)))
}

fn target(entry: &Entry, levels: &Levels) -> String {
    let Some(target) = entry.proposed.target else { return "none: there is nothing to compute one from".to_owned() };
    let without =
        target.p_hit_without_plan.map_or(String::new(), |p| format!(", {} without the plan", number::chance(p)));
    let mut words = format!("{}, {}{without}", levels.with_unit(target.value), chance(target.p_hit));
    for (name, offer) in [("commit", entry.proposed.commit), ("stretch", entry.proposed.stretch)] {
        if let Some(offer) = offer {
            words.push_str(&format!(
                "; {name} {} ({})",
                levels.level(offer.value),
                number::chance(offer.p_hit.unwrap_or_default())
            ));
        }
    }
    words
}

/// A person's own value beside the proposed one.
pub fn adjusted(entry: &Entry, workspace: &Workspace) -> String {
    let levels = levels(entry, workspace);
    adjusted_words(entry, &levels).map_or(String::new(), |words| format!("  adjusted  {words}\n"))
}

fn adjusted_words(entry: &Entry, levels: &Levels) -> Option<String> {
    let adjusted = entry.adjusted.as_ref()?;
    let by = adjusted.by.as_ref().map_or(String::new(), |by| format!(", {by}"));
    let on = adjusted.on.map_or(String::new(), |on| format!(", {on}"));
    let proposed =
        entry.proposed.target.map_or(String::new(), |offer| format!(" in place of {}", levels.level(offer.value)));
    Some(format!(
        "{}, {}{proposed}: {} ({})",
        levels.with_unit(adjusted.value),
        chance(adjusted.p_hit),
        adjusted.because,
        format!("{by}{on}").trim_start_matches(", ")
    ))
}

/// What changed since the proposal before this one, and why.
fn since(entry: &Entry, ledger: &Ledger, levels: &Levels) -> Option<String> {
    let before = entry.before.as_ref()?;
    let moved = moved(before.proposed.target, entry.proposed.target, levels);
    Some(format!("{}: {moved} ({})", before.as_of, causes(before, entry, ledger)))
}

fn moved(before: Option<Offer>, now: Option<Offer>, levels: &Levels) -> String {
    match (before, now) {
        (Some(before), Some(now)) if before.value == now.value => {
            format!("still {}, {} → {}", levels.level(now.value), chance(before.p_hit), chance(now.p_hit))
        }
        (Some(before), Some(now)) => format!(
            "{} → {}, {} → {}",
            levels.level(before.value),
            levels.level(now.value),
            chance(before.p_hit),
            chance(now.p_hit)
        ),
        (None, Some(now)) => format!("there was none, now {}", levels.level(now.value)),
        (Some(before), None) => format!("{} → none", levels.level(before.value)),
        (None, None) => "none then and now".to_owned(),
    }
}

fn causes(before: &Before, entry: &Entry, ledger: &Ledger) -> String {
    let basis = &ledger.basis;
    let data = if before.as_of == basis.as_of {
        "its data was restated".to_owned()
    } else {
        format!("data to {}", basis.as_of)
    };
    let mut causes = Vec::new();
    if before.data_hash != entry.data_hash || before.as_of != basis.as_of {
        causes.push(data);
    }
    if before.revision != entry.revision {
        causes.push("its definition changed".to_owned());
    }
    if before.plan != basis.plan && before.revision == entry.revision {
        causes.push("the plan changed".to_owned());
    }
    if before.seed != basis.seed {
        causes.push(format!("seed {} in place of {}", basis.seed, before.seed));
    }
    if causes.is_empty() { "something it depends on changed".to_owned() } else { causes.join(", ") }
}

/// What is accepted, where the proposal re-bases it.
fn rebased(entry: &Entry, standing: &Entry, levels: &Levels) -> Option<String> {
    let moved = moved(standing.target(), entry.proposed.target, levels);
    (standing.revision_explained() != entry.revision)
        .then(|| format!("{moved}: its definition changed since it was accepted, and this re-bases it"))
}

fn methods(entry: &Entry, levels: &Levels) -> String {
    let said: Vec<String> = entry
        .methods
        .iter()
        .filter_map(|row| match row {
            MethodRow::Given { name, p50, .. } => Some(format!("{name} {}", levels.level(*p50))),
            MethodRow::Missing { .. } => None,
        })
        .collect();
    if said.is_empty() { "none has input".to_owned() } else { said.join(", ") }
}

/// What a review came to, and what to do next.
pub fn summary(period: Period, done: &Done, open: &[String], refused: &[String]) -> String {
    let bold = Style::new().bold();
    let mut text = String::new();
    for (what, names) in [("Accepted", &done.accepted), ("Adjusted", &done.adjusted), ("Rejected", &done.rejected)] {
        if !names.is_empty() {
            text.push_str(&format!("{what}: {}\n", names.join(", ")));
        }
    }
    if text.is_empty() {
        text.push_str("Nothing was changed.\n");
    }
    if !open.is_empty() {
        text.push_str(&format!("Still open: {}\n", open.join(", ")));
        text.push_str(&format!(
            "Next: {bold}qd review {period}{bold:#} goes on, {bold}qd accept --by WHO{bold:#} takes the rest\n"
        ));
    } else if !refused.is_empty() && done.accepted.is_empty() {
        text.push_str(&format!(
            "Next: change the plan, and {bold}qd propose {period}{bold:#} proposes what was rejected anew\n"
        ));
    } else {
        text.push_str(&format!(
            "Next: commit these files; {bold}qd verify {period}{bold:#} recomputes every number of them\n"
        ));
    }
    text
}
