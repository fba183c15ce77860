//! The appendix of the cover: scenarios with doing nothing first, how metrics move together, and lists in full.

use super::appendix::table;
use super::budget::Budget;
use super::cover::{NOTES, milestone_text, short};
use super::target::first_upper;
use super::voice::{label, levels, sentence};
use super::{Block, Cell, Item, Section, Text};
use crate::number::{chance, count, day};
use quarterdeck_plan::proposal::Proposal;

/// Every part that has something to say; `on_sheet` is what the sheet had room for.
pub(super) fn appendix(proposal: &Proposal, on_sheet: Budget) -> Vec<Section> {
    let parts = [
        ("Why each target", reasons(proposal)),
        ("Scenarios side by side", scenarios(proposal)),
        ("How metrics move together", dependence(proposal)),
        ("Milestones, in full", milestones(proposal, on_sheet)),
        ("To learn, in full", learn(proposal, on_sheet)),
        ("Notes, in full", notes(proposal, on_sheet)),
        ("How each number is read", readings(proposal)),
    ];
    // How numbers are read is not worth a page of its own.
    if parts.iter().filter(|(_, blocks)| !blocks.is_empty()).count() < 2 {
        return Vec::new();
    }
    parts
        .into_iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(|(heading, blocks)| Section::new(heading, blocks))
        .collect()
}

fn list(items: Vec<Item>) -> Vec<Block> {
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn reasons(proposal: &Proposal) -> Vec<Block> {
    let said = proposal.targets.iter().filter_map(|target| target.because.as_ref().map(|because| (target, because)));
    list(
        said.map(|(target, why)| Item::new(Text::new().strong(label(target)).plain(format!(": {}", sentence(why)))))
            .collect(),
    )
}

/// A row per target, a column per scenario: tables grow downwards better than sideways.
fn scenarios(proposal: &Proposal) -> Vec<Block> {
    let scenarios = &proposal.cover.scenarios;
    if scenarios.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![("Target", false)];
    columns.extend(scenarios.iter().map(|scenario| (scenario.label.as_str(), true)));
    let rows = proposal.targets.iter().enumerate().map(|(at, target)| {
        let levels = levels(proposal, target);
        let mut cells = vec![Cell::new(label(target))];
        cells.extend(scenarios.iter().map(|scenario| {
            let found = scenario.targets.get(at).filter(|(metric, ..)| *metric == target.metric);
            Cell::new(match found {
                Some((_, Some(median), Some(p))) => format!("{}, {}", levels.level(*median), chance(*p)),
                Some((_, Some(median), None)) => levels.level(*median),
                Some((_, None, Some(p))) => chance(*p),
                _ => "not known".to_owned(),
            })
        }));
        cells
    });
    table("The middle quarter, and the chance of the proposed target", &columns, rows.collect())
}

fn dependence(proposal: &Proposal) -> Vec<Block> {
    let rows = proposal.cover.dependence.pairs.iter().map(|pair| {
        let measured = match pair.origins {
            0 => "assumed".to_owned(),
            n => format!("measured at {} past origins", count(n)),
        };
        let correlation = match pair.correlation {
            r if r.is_finite() => format!("{r:.2}").replace('-', "−").replace("−0.00", "0.00"),
            _ => crate::number::UNKNOWN.to_owned(),
        };
        vec![Cell::new(pair.a.clone()), Cell::new(pair.b.clone()), Cell::new(correlation), Cell::new(measured)]
    });
    let columns = [("One", false), ("Other", false), ("Correlation", true), ("How it is known", false)];
    table("Correlation of forecast errors (1: always together, 0: not at all)", &columns, rows.collect())
}

fn milestones(proposal: &Proposal, on_sheet: Budget) -> Vec<Block> {
    let milestones = &proposal.cover.milestones;
    if milestones.len() <= on_sheet.items {
        return Vec::new();
    }
    list(milestones.iter().map(|each| Item::new(milestone_text(each))).collect())
}

fn learn(proposal: &Proposal, on_sheet: Budget) -> Vec<Block> {
    let learn = &proposal.cover.learn;
    if learn.len() <= on_sheet.items && !learn.iter().any(|(_, what, _)| on_sheet.cuts(what)) {
        return Vec::new();
    }
    let item = |(metric, what, by): &(String, String, chrono::NaiveDate)| {
        Item::new(Text::new().strong(metric.clone()).plain(format!(": {what}, by {}", day(*by))))
    };
    list(learn.iter().map(item).collect())
}

fn notes(proposal: &Proposal, on_sheet: Budget) -> Vec<Block> {
    let on_sheet = on_sheet.at_most(NOTES.0, NOTES.1);
    let notes = &proposal.cover.notes;
    if notes.len() <= on_sheet.items && !notes.iter().any(|note| on_sheet.cuts(note)) {
        return Vec::new();
    }
    list(notes.iter().map(|note| Item::new(first_upper(&sentence(note)))).collect())
}

fn readings(proposal: &Proposal) -> Vec<Block> {
    let items = proposal.targets.iter().map(|target| {
        let better = match target.better.as_str() {
            "lower" => "lower is better",
            "between" => "best inside a range",
            _ => "higher is better",
        };
        Item::new(Text::new().code(short(target)).plain(format!(": {}; {better}", target.reads)))
    });
    list(items.collect())
}
