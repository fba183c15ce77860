//! A proposal as pages that people read: Markdown, one self-contained HTML file, plain text.
//!
//! Flows in: a [`Proposal`] and its [`Standing`] in the ledger. Flows out: text, with charts as inline SVG in HTML and as
//! character strips elsewhere; the same bytes for the same proposal. Never: files, the clock, scripts, outgoing links, and
//! no number that is not in the proposal.
//!
//! Three steps, each with its module: [`page`] decides what is said and in which order, as data; [`chart`] turns numbers
//! into geometry; [`mod@format`] writes the result. [`words`] and [`number`] hold what things are called and how numbers look.

pub mod chart;
pub mod format;
pub mod number;
pub mod page;
pub mod words;

pub use format::Format;
pub use words::Audience;

use page::{Document, Links};
use quarterdeck_lang::Model;
use quarterdeck_plan::close::Closing;
use quarterdeck_plan::proposal::{Proposal, State, TargetProposal};
use quarterdeck_plan::score::Board;
use quarterdeck_plan::track::Track;
use std::collections::BTreeMap;

/// Where a proposal stands in the ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Whether there is no ledger yet: pages then say DRAFT.
    pub draft: bool,
    /// Who approved, in words: `ana@grocer.example (VP product), 12 days into the quarter`.
    pub approvals: Vec<String>,
    /// The states of targets, by [`target_key`].
    pub states: BTreeMap<String, State>,
    /// What `qd verify` knows the ledger by; empty without one.
    pub verify_id: String,
    /// The command that makes the page again.
    pub command: String,
}

/// What a target is known by: its metric, and the slice where it is of a part.
pub fn target_key(target: &TargetProposal) -> String {
    match &target.slice {
        Some(slice) => format!("{} for {slice}", target.metric),
        None => target.metric.clone(),
    }
}

/// The name of a page's file: `2027-Q1.weekly_orders.leadership.html`; without a target, that of the cover page.
///
/// A slice's characters that do not suit a file name become hyphens.
pub fn page_name(proposal: &Proposal, target: Option<&TargetProposal>, audience: Audience, format: Format) -> String {
    let period = proposal.period;
    let (audience, ending) = (audience.name(), format.ending());
    match target {
        Some(target) => format!("{period}.{}.{audience}.{ending}", page::slug(&target_key(target))),
        None => format!("{period}.{audience}.{ending}"),
    }
}

/// The page of one target: its sheet and its appendix.
pub fn target_page(
    proposal: &Proposal,
    target: &TargetProposal,
    standing: &Standing,
    audience: Audience,
    format: Format,
) -> String {
    let sheet = page::target_sheet(proposal, target, standing, audience);
    format.write(&Document::new(proposal, standing, vec![sheet]))
}

/// A chart that is to stand in a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The file's name.
    pub name: String,
    /// The page's title and the period.
    pub about: String,
    /// The chart.
    pub chart: chart::Chart,
}

/// The charts of a target's page or, without a target, of the plan's whole document, each with a name for its file and what it is about.
pub fn pictures(
    proposal: &Proposal,
    target: Option<&TargetProposal>,
    standing: &Standing,
    audience: Audience,
) -> Vec<Picture> {
    let document = match target {
        Some(target) => {
            Document::new(proposal, standing, vec![page::target_sheet(proposal, target, standing, audience)])
        }
        None => whole(proposal, standing, audience, &proposal.targets.iter().collect::<Vec<_>>()),
    };
    let named = |(title, chart): (&str, &chart::Chart)| Picture {
        name: format!("{}.{}.{}.png", proposal.period, audience.name(), page::slug(&chart.id)),
        about: format!("{title}, {}", proposal.period),
        chart: chart.clone(),
    };
    document.charts().map(named).collect()
}

/// The plan's cover page, linking to the target pages' files beside it.
pub fn cover_page(proposal: &Proposal, standing: &Standing, audience: Audience, format: Format) -> String {
    let links = Links::Files(audience, format);
    let sheet = page::cover_sheet(proposal, standing, audience, &links);
    format.write(&Document::new(proposal, standing, vec![sheet]))
}

/// The cover page and the target pages in one file; `metrics` keeps the pages of some targets only.
pub fn plan_document(
    proposal: &Proposal,
    standing: &Standing,
    audience: Audience,
    format: Format,
    metrics: Option<&[String]>,
) -> String {
    let wanted = |target: &&TargetProposal| {
        metrics.is_none_or(|names| names.iter().any(|name| *name == target.metric || *name == target_key(target)))
    };
    let targets: Vec<&TargetProposal> = proposal.targets.iter().filter(wanted).collect();
    format.write(&whole(proposal, standing, audience, &targets))
}

/// The cover page and pages of targets, as one document.
fn whole(proposal: &Proposal, standing: &Standing, audience: Audience, targets: &[&TargetProposal]) -> Document {
    let links = Links::Within(targets.iter().map(|target| target_key(target)).collect());
    let mut sheets = vec![page::cover_sheet(proposal, standing, audience, &links)];
    sheets.extend(targets.iter().map(|target| page::target_sheet(proposal, target, standing, audience)));
    Document::new(proposal, standing, sheets)
}

/// Where a period's targets stand on a day: exceptions first, then each target with its chart.
pub fn track_page(track: &Track, format: Format) -> String {
    format.write(&page::track::document(track))
}

/// How a period ended, and the scoreboard of all closed ones. The model says how numbers of its metrics are written.
pub fn close_page(closing: &Closing, board: &Board, model: &Model, format: Format) -> String {
    format.write(&page::close::document(closing, board, model))
}
