//! An accepted ledger computed again from what was frozen beside it, and compared with today.

use crate::error::Failure;
use crate::output::Output;
use crate::pages::{self, Page};
use crate::paths;
use crate::reading::{self, Definitions};
use crate::standing::{Ledgers, Texts};
use crate::workspace::Workspace;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_plan::close::{self, Closing};
use quarterdeck_plan::ledger::{Difference, Frozen, Kind, Ledger, Now, Verification, definitions, verify};
use std::collections::BTreeMap;

/// Recomputes a ledger from its own files alone.
pub fn offline(frozen: &Frozen<'_>, strict: bool, output: &Output) -> Result<Verification, Failure> {
    let now = Now { model: None, histories: None, version: env!("CARGO_PKG_VERSION"), strict };
    compare(frozen, &now, output)
}

/// Recomputes a ledger and compares it with today's definitions and, where they could be read, today's data.
pub fn against(
    frozen: &Frozen<'_>,
    model: &Model,
    histories: Option<&BTreeMap<String, History>>,
    strict: bool,
    output: &Output,
) -> Result<Verification, Failure> {
    let now = Now { model: Some(model), histories, version: env!("CARGO_PKG_VERSION"), strict };
    compare(frozen, &now, output)
}

fn compare(frozen: &Frozen<'_>, now: &Now<'_>, output: &Output) -> Result<Verification, Failure> {
    let _working = output.working("recomputing");
    verify(frozen, now).map_err(|error| Failure::ledger(&error))
}

/// Today's data up to the ledger's day, read as the frozen definitions say: a changed definition is told on its own.
pub fn today(workspace: &Workspace, texts: &Texts, output: &Output) -> Result<BTreeMap<String, History>, Failure> {
    let model = definitions::from_json(&texts.frozen.definitions).map_err(|error| Failure::ledger(&error))?;
    let ledger = Ledger::from_toml(&texts.path, &texts.ledger).map_err(|error| Failure::ledger(&error))?;
    let frozen = Definitions { root: &workspace.root, model: &model, files: &workspace.checked.files };
    let wanted = reading::wanted(&model, texts.period);
    let loaded = frozen.read(&wanted, Some(ledger.basis.as_of), texts.period.grain(), output)?;
    Ok(reading::histories(&loaded))
}

/// How many values of a period's closing were computed again, and those that differ; none where it is not closed.
pub fn compare_closing(workspace: &Workspace, texts: &Texts) -> Result<(usize, Vec<Difference>), Failure> {
    let path = paths::closing(texts.period);
    let Some(text) = workspace.read_if_there(&path)? else { return Ok((0, Vec::new())) };
    let actuals = paths::actuals(texts.period);
    let actuals = workspace.read_if_there(&actuals)?.ok_or_else(|| {
        Failure::input(format!("`{path}` is there, and `{actuals}` is not"))
            .hint("restore it from version control: without it the closing's numbers cannot be recomputed")
    })?;
    let told = |error| Failure::ledger(&error);
    let closing = Closing::from_toml(&path, &text).map_err(told)?;
    let ledger = Ledger::from_toml(&texts.path, &texts.ledger).map_err(told)?;
    let stands = ledger.stands(&texts.frozen).map_err(told)?;
    let files =
        close::verify::Files { path: &path, closing: &closing, actuals: &actuals, ledger: &ledger, stands: &stands };
    close::verify::verify(&files).map_err(told)
}

/// Pages on disk that differ from what the recomputed proposal says; how many were looked at.
pub fn compare_pages(
    workspace: &Workspace,
    ledgers: &Ledgers,
    verification: &Verification,
) -> Result<(usize, Vec<Difference>), Failure> {
    // While proposals are open, pages are drafts of what is not frozen yet.
    if !ledgers.is_settled() {
        return Ok((0, Vec::new()));
    }
    let proposal = &verification.proposal;
    let standing = ledgers.standing(proposal);
    let (mut checked, mut differences) = (0, Vec::new());
    let phasing = pages::phasing(proposal, &workspace.checked.model);
    let phasing = (phasing.path.clone(), Box::new(move || String::from_utf8_lossy(&phasing.content).into_owned()));
    let all = Page::all(proposal).map(|page| {
        let standing = &standing;
        let text: Box<dyn Fn() -> String> = Box::new(move || page.text(proposal, standing));
        (page.path(proposal), text)
    });
    for (path, text) in all.chain([(phasing.0, phasing.1 as Box<dyn Fn() -> String>)]) {
        let Some(written) = workspace.read_if_there(&path)? else { continue };
        checked += 1;
        let text = text();
        if written == text {
            continue;
        }
        let (line, written, recomputed) = first_difference(&written, &text);
        differences.push(Difference {
            file: path,
            what: format!("line {line}"),
            written,
            recomputed,
            kind: Kind::Page,
        });
    }
    Ok((checked, differences))
}

/// The first line in which two texts differ, from 1, and both, cut to what can be compared by eye.
fn first_difference(a: &str, b: &str) -> (usize, String, String) {
    let (mut left, mut right) = (a.lines(), b.lines());
    let mut number = 1;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return (number, "other line ends".to_owned(), "line ends of one character".to_owned()),
            (a, b) if a == b => number += 1,
            (a, b) => {
                let (a, b) = (a.unwrap_or("(no line)"), b.unwrap_or("(no line)"));
                let (a, b) = around_difference(a, b);
                return (number, a, b);
            }
        }
    }
}

/// The part of two lines around the first letter in which they differ.
fn around_difference(a: &str, b: &str) -> (String, String) {
    const BEFORE: usize = 20;
    const SHOWN: usize = 60;
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let skip = same.saturating_sub(BEFORE);
    let part = |line: &str| {
        let shown: String = line.chars().skip(skip).take(SHOWN).collect();
        let start = if skip > 0 { "…" } else { "" };
        let end = if line.chars().count() > skip + SHOWN { "…" } else { "" };
        format!("{start}{shown}{end}")
    };
    (part(a), part(b))
}
