//! The pages of a proposal: which there are, and what stands in them.

use crate::files::Write;
use crate::paths::{self, PAGES};
use quarterdeck_lang::Model;
use quarterdeck_plan::close::Closing;
use quarterdeck_plan::ledger::definitions::Defined;
use quarterdeck_plan::proposal::TargetProposal;
use quarterdeck_plan::score::{self, Board};
use quarterdeck_plan::{Proposal, pace};
use quarterdeck_report::{
    Audience, Format, Picture, Standing, close_page, page_name, pictures, plan_document, target_page,
};
use std::collections::BTreeMap;

/// One page: for whom, in which format, of one target or of the whole plan.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// For whom.
    pub audience: Audience,
    /// In which format.
    pub format: Format,
    /// Of which target; of the whole plan where `None`.
    pub target: Option<&'a TargetProposal>,
}

impl<'a> Page<'a> {
    /// A page of the whole plan.
    pub fn plan(audience: Audience, format: Format) -> Page<'a> {
        Page { audience, format, target: None }
    }

    /// Every page a proposal may have.
    pub fn all(proposal: &'a Proposal) -> impl Iterator<Item = Page<'a>> {
        let targets = std::iter::once(None).chain(proposal.targets.iter().map(Some));
        targets.flat_map(|target| {
            Audience::ALL
                .into_iter()
                .flat_map(move |audience| Format::ALL.map(move |format| Page { audience, format, target }))
        })
    }

    /// Its path relative to the workspace.
    pub fn path(&self, proposal: &Proposal) -> String {
        format!("{PAGES}/{}", page_name(proposal, self.target, self.audience, self.format))
    }

    /// Its text.
    pub fn text(&self, proposal: &Proposal, standing: &Standing) -> String {
        match self.target {
            Some(target) => target_page(proposal, target, standing, self.audience, self.format),
            None => plan_document(proposal, standing, self.audience, self.format, None),
        }
    }

    /// Its charts as pictures, beside it; those whose path is wanted are drawn.
    pub fn pictures(&self, proposal: &Proposal, standing: &Standing, wanted: impl Fn(&str) -> bool) -> Vec<Write> {
        let charts = pictures(proposal, self.target, standing, self.audience);
        let file = |picture: Picture| {
            let path = format!("{PAGES}/{}", picture.name);
            wanted(&path).then(|| Some(Write::new(path, picture.chart.png(&picture.about)?))).flatten()
        };
        charts.into_iter().filter_map(file).collect()
    }

    /// Every picture of a proposal whose path is wanted, each once: several pages show the same.
    pub fn all_pictures(proposal: &'a Proposal, standing: &Standing, wanted: impl Fn(&str) -> bool) -> Vec<Write> {
        let mut drawn: BTreeMap<String, Write> = BTreeMap::new();
        for page in Page::all(proposal).filter(|page| page.format == Format::Html) {
            let new = |path: &str| wanted(path) && !drawn.contains_key(path);
            let writes = page.pictures(proposal, standing, new);
            drawn.extend(writes.into_iter().map(|write| (write.path.clone(), write)));
        }
        drawn.into_values().collect()
    }

    /// The file it is.
    pub fn write(&self, proposal: &Proposal, standing: &Standing) -> Write {
        Write::new(self.path(proposal), self.text(proposal, standing))
    }
}

/// The scoreboard as it stands when a period has ended: of it, and of those that ended no later.
pub fn board(closing: &Closing, all: &[Closing], seed: u64) -> Board {
    let until: Vec<Closing> = all.iter().filter(|other| other.ends <= closing.ends).cloned().collect();
    score::board(&until, seed)
}

/// The pages of a closing, with the scoreboard of all that ended no later. They are drawn with the seed of its making, so that
/// they can be made again.
pub fn closing(closing: &Closing, all: &[Closing], defined: &Defined) -> [Write; 2] {
    let seed = defined.made.as_ref().map_or(1, |made| made.seed);
    let board = board(closing, all, seed);
    [Format::Markdown, Format::Html].map(|format| {
        let page = close_page(closing, &board, &defined.definitions, format);
        Write::new(format!("{PAGES}/{}.close.{}", closing.period, format.ending()), page)
    })
}

/// The pages `propose` and `accept` write.
pub fn leadership() -> [Page<'static>; 2] {
    [Format::Markdown, Format::Html].map(|format| Page::plan(Audience::Leadership, format))
}

/// The plan's path of every target by week and month.
pub fn phasing(proposal: &Proposal, model: &Model) -> Write {
    Write::new(paths::phasing(proposal.period), pace::to_csv(proposal, &model.settings.calendar))
}
