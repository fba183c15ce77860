//! What people decided about targets, beside what is proposed now.

use crate::deciding::levels;
use crate::standing::Ledgers;
use crate::view::table::wrap;
use crate::workspace::Workspace;
use quarterdeck_plan::ledger::Stage;
use quarterdeck_plan::ledger::{Entry, state};
use quarterdeck_report::number;

/// A line for each target that a person adjusted or rejected, or that is accepted and stale; empty where there is none.
pub fn text(ledgers: &Ledgers, workspace: &Workspace, width: usize) -> String {
    let open = ledgers.proposed.iter().flat_map(|ledger| &ledger.targets).filter_map(|entry| open(entry, workspace));
    let accepted = ledgers.accepted.iter().flat_map(|ledger| &ledger.targets);
    let stale = accepted.filter_map(|entry| stale(entry, ledgers, workspace));
    let lines: Vec<String> = open.chain(stale).map(|line| format!("- {}\n", wrap(&line, width - 2, 2))).collect();
    if lines.is_empty() { String::new() } else { format!("\nDecided by people:\n{}", lines.concat()) }
}

fn chance(p: Option<f64>) -> String {
    p.map_or("no P(hit)".to_owned(), |p| format!("P(hit) {}", number::chance(p)))
}

/// An open target that a person adjusted or rejected.
fn open(entry: &Entry, workspace: &Workspace) -> Option<String> {
    let levels = levels(entry, workspace);
    let proposed = entry.proposed.target.map_or("nothing".to_owned(), |offer| levels.level(offer.value));
    let who = |by: &Option<String>, on: Option<String>| {
        let words: Vec<String> = by.iter().cloned().chain(on).collect();
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    };
    if let Some(rejected) = &entry.rejected {
        let because = rejected.because.as_ref().map_or(String::new(), |because| format!(": {because}"));
        let who = who(&rejected.by, Some(rejected.on.to_string()));
        return Some(format!("{}: {proposed} is rejected{because}{who}", entry.name()));
    }
    let adjusted = entry.adjusted.as_ref()?;
    Some(format!(
        "{}: adjusted to {}, {}, where {proposed} is proposed now: {}{}",
        entry.name(),
        levels.with_unit(adjusted.value),
        chance(adjusted.p_hit),
        adjusted.because,
        who(&adjusted.by, adjusted.on.map(|on| on.to_string())),
    ))
}

/// An accepted target whose definition has changed since.
fn stale(entry: &Entry, ledgers: &Ledgers, workspace: &Workspace) -> Option<String> {
    (state::stage_today(entry, &workspace.checked.model) == Stage::Stale).then(|| {
        let again = ledgers.proposed.as_ref().is_some_and(|ledger| ledger.target(&entry.name()).is_some());
        let next = if again { "accepting the proposal re-bases it" } else { "`qd propose` re-bases it" };
        format!(
            "{}: stale, its definition changed since it was accepted; {next}, `qd amend` says why it stands",
            entry.name()
        )
    })
}
