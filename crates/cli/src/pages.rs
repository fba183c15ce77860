//! The pages of a proposal: which there are, and what stands in them.

use crate::files::Write;
use crate::paths::{self, PAGES};
use quarterdeck_lang::Model;
use quarterdeck_plan::proposal::TargetProposal;
use quarterdeck_plan::{Proposal, pace};
use quarterdeck_report::{Audience, Format, Picture, Standing, page_name, pictures, plan_document, target_page};

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

    /// Its charts as pictures, beside it.
    pub fn pictures(&self, proposal: &Proposal, standing: &Standing) -> Vec<Write> {
        let charts = pictures(proposal, self.target, standing, self.audience);
        let file = |picture: Picture| {
            Some(Write::new(format!("{PAGES}/{}", picture.name), picture.chart.png(&picture.about)?))
        };
        charts.into_iter().filter_map(file).collect()
    }

    /// The file it is.
    pub fn write(&self, proposal: &Proposal, standing: &Standing) -> Write {
        Write::new(self.path(proposal), self.text(proposal, standing))
    }
}

/// The pages `propose` and `accept` write.
pub fn leadership() -> [Page<'static>; 2] {
    [Format::Markdown, Format::Html].map(|format| Page::plan(Audience::Leadership, format))
}

/// The plan's path of every target by week and month.
pub fn phasing(proposal: &Proposal, model: &Model) -> Write {
    Write::new(paths::phasing(proposal.period), pace::to_csv(proposal, &model.settings.calendar))
}
