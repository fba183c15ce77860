//! An accepted ledger computed again from what was frozen beside it, and compared with today.

use crate::command;
use crate::error::Failure;
use crate::files::Write;
use crate::output::Output;
use crate::pages::{self, Page};
use crate::paths;
use crate::reading::{self, Definitions};
use crate::standing::{Ledgers, Texts};
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use quarterdeck_plan::close::{self, Closing};
use quarterdeck_plan::ledger::{Difference, Frozen, Kind, Ledger, Now, Verification, definitions, verify};
use quarterdeck_plan::track::Log;
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
    let frozen = definitions::from_json(&texts.frozen.definitions).map_err(|error| Failure::ledger(&error))?;
    let model = frozen.definitions;
    let ledger = Ledger::from_toml(&texts.path, &texts.ledger).map_err(|error| Failure::ledger(&error))?;
    let frozen = Definitions { root: &workspace.root, model: &model, files: &workspace.checked.files };
    let wanted = reading::wanted(&model, texts.period);
    let loaded = frozen.read(&wanted, Some(ledger.basis.as_of), texts.period.grain(), output)?;
    Ok(reading::histories(&loaded))
}

/// How many values of a period's closing were computed again, and those that differ; none where it is not closed.
pub fn compare_closing(workspace: &Workspace, texts: &Texts) -> Result<(usize, Vec<Difference>), Failure> {
    let path = paths::closing(texts.period);
    let told = |error| Failure::ledger(&error);
    let ledger = Ledger::from_toml(&texts.path, &texts.ledger).map_err(told)?;
    let Some(text) = workspace.read_if_there(&path)? else {
        return Ok((0, close::verify::without_closing(&ledger, &texts.path)));
    };
    let beside = |other: String| {
        workspace.read_if_there(&other)?.ok_or_else(|| {
            Failure::input(format!("`{path}` is there, and `{other}` is not"))
                .hint("restore it from version control: without it the closing's numbers cannot be recomputed")
        })
    };
    let (actuals, definitions) =
        (beside(paths::actuals(texts.period))?, beside(paths::closing_definitions(texts.period))?);
    let closing = Closing::from_toml(&path, &text).map_err(told)?;
    let stands = ledger.stands(&texts.frozen).map_err(told)?;
    let files = close::verify::Files {
        path: &path,
        closing: &closing,
        actuals: &actuals,
        definitions: &definitions,
        ledger_path: &texts.path,
        ledger: &ledger,
        stands: &stands,
    };
    let (mut checked, mut differences) = close::verify::verify(&files).map_err(told)?;
    if differences.is_empty() {
        let defined = quarterdeck_plan::ledger::definitions::from_json(&definitions).map_err(told)?;
        let pages = pages::closing(&closing, &command::close::closings(workspace)?, &defined);
        for Write { path, content, .. } in pages {
            let written = workspace.read_if_there(&path)?;
            checked += usize::from(written.is_some());
            differences.extend(written.and_then(|text| page_differs(path, &text, &String::from_utf8_lossy(&content))));
        }
    }
    Ok((checked, differences))
}

/// Readings of a period's log that do not say what they are known by; how many there are in all.
pub fn compare_log(workspace: &Workspace, period: Period) -> Result<(usize, Vec<Difference>), Failure> {
    let path = paths::log(period);
    let Some(text) = workspace.read_if_there(&path)? else { return Ok((0, Vec::new())) };
    // A line that is no reading is told as one.
    Log::read(&path, &text).map_err(|error| Failure::ledger(&error))?;
    let altered = Log::altered(&text).into_iter().map(|(line, written, recomputed)| Difference {
        file: path.clone(),
        what: format!("line {line}: id"),
        written,
        recomputed,
        kind: Kind::Seal,
    });
    Ok((text.lines().count(), altered.collect()))
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
        differences.extend(page_differs(path, &written, &text()));
    }
    for Write { path, content, .. } in Page::all_pictures(proposal, &standing, |path| workspace.path(path).is_file()) {
        checked += 1;
        let written = std::fs::read(workspace.path(&path)).unwrap_or_default();
        if written != content {
            let bytes = |content: &[u8]| crate::rendering::count(content.len(), "byte");
            let at = written.iter().zip(&content).take_while(|(a, b)| a == b).count() + 1;
            let (what, kind) = (format!("byte {at}"), Kind::Page);
            let (written, recomputed) = (bytes(&written), bytes(&content));
            differences.push(Difference { file: path, what, written, recomputed, kind });
        }
    }
    Ok((checked, differences))
}

/// The difference between a page and what it should say, where there is one.
fn page_differs(file: String, written: &str, expected: &str) -> Option<Difference> {
    if written == expected {
        return None;
    }
    let (line, written, recomputed) = first_difference(written, expected);
    Some(Difference { file, what: format!("line {line}"), written, recomputed, kind: Kind::Page })
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
