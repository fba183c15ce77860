//! What is said, in which order, as data. Nothing here knows how it is written.
//!
//! A [`Document`] is a list of [`Sheet`]s; a sheet fits one sheet of paper and is followed by its appendix. Its body is
//! told in the order of the audience, and its words are counted: what people wrote is cut until the sheet has at most
//! [`WORDS`] words, and stands in full in the appendix.

mod appendix;
mod budget;
pub(crate) mod close;
mod cover;
mod cover_appendix;
mod evidence;
mod target;
mod text;
pub(crate) mod track;
pub(crate) mod voice;

pub use budget::WORDS;
pub use text::{Span, Text};

pub(crate) use cover::cover_sheet;
pub(crate) use target::target_sheet;

use crate::chart::Chart;
use crate::format::Format;
use crate::words::{Audience, Status};
use crate::{Standing, page_name, target_key};
use quarterdeck_plan::proposal::{Proposal, TargetProposal};
use std::collections::BTreeSet;

/// Everything one file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The file's title.
    pub title: String,
    /// Whether every page says DRAFT.
    pub draft: bool,
    /// The sheets, in order.
    pub sheets: Vec<Sheet>,
}

impl Document {
    /// Every chart with the title of its sheet, in the order of the pages.
    pub(crate) fn charts(&self) -> impl Iterator<Item = (&str, &Chart)> {
        let blocks = self.sheets.iter().flat_map(|sheet| {
            let sections = sheet.body.iter().chain(&sheet.appendix).flat_map(|section| &section.blocks);
            sheet.lead.iter().chain(sections).map(|block| (sheet.title.as_str(), block))
        });
        blocks.filter_map(|(title, block)| match block {
            Block::Chart(chart) => Some((title, chart.as_ref())),
            _ => None,
        })
    }
}

/// One sheet of paper, and its appendix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What links within the file point to.
    pub id: String,
    /// Above the title: the period and its dates.
    pub kicker: Text,
    /// The title.
    pub title: String,
    /// Commit, target and stretch; empty on a cover.
    pub offers: Vec<OfferCard>,
    /// Name and value: state, owner, approvals.
    pub facts: Vec<(String, Text)>,
    /// The ask and how likely it is.
    pub lead: Vec<Block>,
    /// The sections, in the audience's order.
    pub body: Vec<Section>,
    /// Hashes, version, seed and the command.
    pub foot: Vec<Text>,
    /// What does not fit the sheet.
    pub appendix: Vec<Section>,
}

/// A section of the sheet's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Chart: history, fan, target, cap.
    Fan,
    /// The methods table.
    Methods,
    /// Chart: from the last actual to the target.
    Bridge,
    /// What must be true of the inputs.
    Must,
    /// What must not suffer.
    Guards,
    /// The market behind it.
    Market,
    /// Risks, and the earliest day we know.
    Risks,
    /// Chart: past claims and what came.
    Record,
    /// What is not known.
    Unknown,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
    /// Whether it needs the sheet's whole width.
    pub wide: bool,
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The one sentence everything is about.
    Ask(Text),
    /// A paragraph.
    Paragraph(Text),
    /// A paragraph that begins with a status.
    Note(Status, Text),
    /// What somebody said, and where.
    Quote(String, Option<String>),
    /// Items, each perhaps with a status.
    List(Vec<Item>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Box<Chart>),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its status.
    pub status: Option<Status>,
    /// What it says.
    pub text: Text,
}

/// One of commit, target and stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferCard {
    /// Which.
    pub name: &'static str,
    /// Its value, or that there is none.
    pub value: String,
    /// Its chance in words.
    pub chance: String,
    /// The target's status; commit and stretch have none.
    pub status: Option<Status>,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns: heading, and whether they hold numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// How many columns it takes.
    pub span: usize,
    /// Its status.
    pub status: Option<Status>,
}

/// Where a cover's links to target pages lead.
#[derive(Clone, Debug, PartialEq)]
pub enum Links {
    /// To sheets of the same file, those of these keys.
    Within(BTreeSet<String>),
    /// To files beside it.
    Files(Audience, Format),
}

impl Document {
    pub(crate) fn new(proposal: &Proposal, standing: &Standing, sheets: Vec<Sheet>) -> Document {
        let title = match sheets.as_slice() {
            [sheet] => format!("{} {}", proposal.period, sheet.title),
            _ => format!("{} targets", proposal.period),
        };
        Document { title, draft: standing.draft, sheets }
    }
}

impl Links {
    /// Where the link to a target's page leads; `None` where there is no such page.
    fn to(&self, proposal: &Proposal, target: &TargetProposal) -> Option<String> {
        let key = target_key(target);
        match self {
            Links::Within(keys) => keys.contains(&key).then(|| format!("#{}", slug(&key))),
            Links::Files(audience, format) => Some(page_name(proposal, Some(target), *audience, *format)),
        }
    }
}

impl Cell {
    /// A cell of one column.
    pub fn new(text: impl Into<Text>) -> Cell {
        Cell { text: text.into(), span: 1, status: None }
    }

    /// A cell with a status before its text.
    pub fn with_status(status: Status, text: impl Into<Text>) -> Cell {
        Cell { text: text.into(), span: 1, status: Some(status) }
    }

    /// Whether it is short enough to stay on one line.
    pub(crate) fn is_short(&self) -> bool {
        self.text.flat().chars().count() <= 16
    }

    /// A cell over several columns.
    pub fn wide(text: impl Into<Text>, span: usize) -> Cell {
        Cell { text: text.into(), span, status: None }
    }
}

impl Item {
    /// An item without a status.
    pub fn new(text: impl Into<Text>) -> Item {
        Item { status: None, text: text.into() }
    }
}

impl Section {
    pub(crate) fn new(heading: impl Into<String>, blocks: Vec<Block>) -> Section {
        Section { heading: heading.into(), blocks, wide: false }
    }

    pub(crate) fn wide(heading: impl Into<String>, blocks: Vec<Block>) -> Section {
        Section { heading: heading.into(), blocks, wide: true }
    }
}

impl Block {
    /// A paragraph of anything that is text.
    pub(crate) fn paragraph(text: impl Into<Text>) -> Block {
        Block::Paragraph(text.into())
    }
}

/// A name that suits an anchor and a file: letters, digits, `_`, and one hyphen for anything else.
pub(crate) fn slug(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for letter in key.chars() {
        match letter {
            c if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    let trimmed = out.trim_end_matches('-').to_owned();
    if trimmed.is_empty() { "target".to_owned() } else { trimmed }
}

impl Table {
    /// Whether a column holds numbers.
    pub(crate) fn is_number(&self, column: &usize) -> bool {
        self.columns.get(*column).is_some_and(|(_, number)| *number)
    }
}

impl Block {
    /// A row's cells, each with the column it begins in.
    pub(crate) fn placed(row: &[Cell]) -> Vec<(usize, &Cell)> {
        let mut column = 0;
        let place = |cell| {
            let at: (usize, &Cell) = (column, cell);
            column += at.1.span;
            at
        };
        row.iter().map(place).collect()
    }
}
