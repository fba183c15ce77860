//! The syntax tree: blocks, their headers and their fields, as written.

use super::value::{Condition, Value};
use crate::Spanned;
use crate::span::Span;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Its top-level declarations, in order, those of an unknown word left out (they have their diagnostic).
    pub blocks: Vec<Block>,
}

/// `word head "Label": value { entries }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Which kind of block it is.
    pub kind: Spanned<BlockKind>,
    /// What stands between the word and the label.
    pub head: Head,
    /// The quoted text of the header: a label, the text of a quote, the why of a change.
    pub label: Option<Spanned<String>>,
    /// The condition or expression after the colon of a `column` or `step`.
    pub value: Option<Spanned<Condition>>,
    /// Fields and blocks inside, in order.
    pub entries: Vec<Entry>,
    /// From the word to the closing brace.
    pub span: Span,
    /// Whether a part of it could not be read (its diagnostics are reported; what was read is here).
    pub damaged: bool,
}

impl Block {
    /// Its fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Field(field) => Some(field),
            Entry::Block(_) => None,
        })
    }

    /// Its inner blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Block(block) => Some(block),
            Entry::Field(_) => None,
        })
    }
}

/// What may stand in a header, besides the label. Which of these a kind of block takes, the parser knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// The name declared (`metric weekly_orders`) or referred to (`target weekly_orders`, `judgement weekly_orders`).
    pub name: Option<Spanned<String>>,
    /// The period of a plan.
    pub period: Option<Spanned<Period>>,
    /// The team of a plan: `plan 2027-Q1 growth`.
    pub team: Option<Spanned<String>>,
    /// The source of a segment: `segment uk of orders`.
    pub of: Option<Spanned<String>>,
    /// The day of a `changed`.
    pub date: Option<Spanned<NaiveDate>>,
    /// `initiative x continues 2027-Q1`.
    pub continues: Option<Spanned<Period>>,
    /// `target m for country = "UK"`.
    pub filter: Option<Spanned<Condition>>,
}

/// A field or a block inside a block.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "trees are small and short-lived")]
pub enum Entry {
    /// `key: value`.
    Field(Field),
    /// A block.
    Block(Block),
}

/// `key: value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key, as written; it is one of the block's closed set, or its diagnostic is reported and `value` is `Broken`.
    pub key: Spanned<String>,
    /// Its value, by the type the table of keys gives.
    pub value: Spanned<Value>,
    /// From the key to the value's end.
    pub span: Span,
}

/// The kinds of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// `source`
    Source,
    /// `segment`
    Segment,
    /// `metric`
    Metric,
    /// `market`
    Market,
    /// `event`
    Event,
    /// `plan`
    Plan,
    /// `target`, in a plan.
    Target,
    /// `initiative`, in a plan.
    Initiative,
    /// `judgement`, in a plan.
    Judgement,
    /// `quote`, in a plan.
    Quote,
    /// `risk`, in a plan.
    Risk,
    /// `milestone`, in a plan.
    Milestone,
    /// `scenario`, in a plan.
    Scenario,
    /// `column`, in a source.
    Column,
    /// `benchmark`, in a metric.
    Benchmark,
    /// `changed`, in a metric or a source.
    Changed,
    /// `test`, in a metric.
    Test,
    /// The braces after an experiment's evidence.
    Evidence,
}

impl BlockKind {
    /// Every kind with its word; `Evidence` has none of its own.
    pub const WORDS: [(BlockKind, &'static str); 17] = [
        (BlockKind::Source, "source"),
        (BlockKind::Segment, "segment"),
        (BlockKind::Metric, "metric"),
        (BlockKind::Market, "market"),
        (BlockKind::Event, "event"),
        (BlockKind::Plan, "plan"),
        (BlockKind::Target, "target"),
        (BlockKind::Initiative, "initiative"),
        (BlockKind::Judgement, "judgement"),
        (BlockKind::Quote, "quote"),
        (BlockKind::Risk, "risk"),
        (BlockKind::Milestone, "milestone"),
        (BlockKind::Scenario, "scenario"),
        (BlockKind::Column, "column"),
        (BlockKind::Benchmark, "benchmark"),
        (BlockKind::Changed, "changed"),
        (BlockKind::Test, "test"),
    ];

    /// The word it is written with.
    pub fn word(self) -> &'static str {
        BlockKind::WORDS.iter().find(|(kind, _)| *kind == self).map_or("evidence", |(_, word)| word)
    }

    /// The kind a word opens.
    pub fn from_word(word: &str) -> Option<BlockKind> {
        // Asked of every word of a file, most of which are none: the first letter says so at once.
        if !word.starts_with(['s', 'm', 'e', 'p', 't', 'i', 'j', 'q', 'r', 'c', 'b']) || word.len() > 10 {
            return None;
        }
        BlockKind::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }

    /// The blocks it may stand in; empty for a top-level declaration.
    pub fn parents(self) -> &'static [BlockKind] {
        use BlockKind::*;
        match self {
            Source | Segment | Metric | Market | Event | Plan => &[],
            Target | Initiative | Judgement | Quote | Risk | Milestone | Scenario => &[Plan],
            Column => &[Source],
            Benchmark | Test => &[Metric],
            Changed => &[Metric, Source],
            Evidence => &[Initiative],
        }
    }
}
