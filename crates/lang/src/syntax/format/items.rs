//! What stands in a file, each with its comments: the tree joined with what the tree leaves out.

use super::pieces::{Pieces, Spacing};
use crate::keys::{self, Type};
use crate::syntax::lexer::Lexed;
use crate::syntax::token::{Kind, Token};
use crate::syntax::tree::{Block, BlockKind, Entry, Field, Tree};
use crate::syntax::value::{Measure, Value};

/// A comment on a line of its own.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its text, from `#`.
    pub text: String,
    /// Whether a blank line stands before it.
    pub blank_before: bool,
}

/// A field, a step or a block with its comments.
#[derive(Clone, Debug)]
pub struct Item {
    /// Comments above it.
    pub leading: Vec<Comment>,
    /// Whether a blank line stands before it.
    pub blank_before: bool,
    /// What it is.
    pub body: Body,
    /// The comment beside it.
    pub trailing: Option<String>,
    /// Its place among its siblings.
    order: usize,
}

/// What an item is.
#[derive(Clone, Debug)]
pub enum Body {
    /// A field, a column or a step.
    Line(Pieces),
    /// A block with braces.
    Block {
        /// What stands before the brace.
        header: Pieces,
        /// The comment beside the brace.
        after_brace: Option<String>,
        /// What stands inside.
        items: Vec<Item>,
        /// Comments before the closing brace.
        last_comments: Vec<Comment>,
        /// With how many items it may stand on one line.
        most_on_one_line: usize,
    },
}

/// A file's tokens and comments, on the way to items.
pub struct Layout<'a> {
    text: &'a str,
    tokens: &'a [Token],
    comments: &'a [Token],
    /// The next comment that belongs to nothing yet.
    comment: usize,
}

impl<'a> Layout<'a> {
    /// Of a text and its tokens.
    pub fn new(text: &'a str, lexed: &'a Lexed) -> Layout<'a> {
        Layout { text, tokens: &lexed.tokens, comments: &lexed.comments, comment: 0 }
    }

    /// The items of a file, and the comments after the last.
    pub fn file(mut self, tree: &Tree) -> (Vec<Item>, Vec<Comment>) {
        let items = tree.blocks.iter().map(|block| self.block(block)).collect();
        let last = self.comments_before(self.text.len() as u32);
        (items, last)
    }

    /// The comments before a byte that belong to nothing yet.
    fn comments_before(&mut self, byte: u32) -> Vec<Comment> {
        let mut found = Vec::new();
        while let Some(comment) = self.comments.get(self.comment).filter(|comment| comment.start < byte) {
            let text = comment.text(self.text).to_owned();
            found.push(Comment { text, blank_before: self.blank_before(comment.start) });
            self.comment += 1;
        }
        found
    }

    /// The comment on the line of a byte, where nothing else stands between.
    fn beside(&mut self, byte: u32) -> Option<String> {
        let comment = self.comments.get(self.comment)?;
        let between = self.text.get(byte as usize..comment.start as usize)?;
        if !between.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
            return None;
        }
        self.comment += 1;
        Some(comment.text(self.text).to_owned())
    }

    fn blank_before(&self, byte: u32) -> bool {
        let before = self.text.get(..byte as usize).unwrap_or("");
        let blank = before.len() - before.trim_end_matches([' ', '\t', '\r', '\n']).len();
        before.bytes().rev().take(blank).filter(|byte| *byte == b'\n').count() > 1
    }

    /// The tokens from one byte to another.
    fn tokens(&self, from: u32, to: u32) -> &'a [Token] {
        let first = self.tokens.partition_point(|token| token.start < from);
        let last = self.tokens.partition_point(|token| token.start < to);
        self.tokens.get(first..last).unwrap_or(&[])
    }

    fn item(&self, start: u32, leading: Vec<Comment>, body: Body, trailing: Option<String>, order: usize) -> Item {
        Item { leading, blank_before: self.blank_before(start), body, trailing, order }
    }

    fn block(&mut self, block: &Block) -> Item {
        let (start, end) = (block.span.start, block.span.end);
        // Blocks follow the fields, in the order they were written.
        let order = usize::MAX;
        let tokens = self.tokens(start, end);
        if block.kind.node == BlockKind::Column {
            let leading = self.comments_before(end);
            let body = Body::Line(Pieces::new(self.text, tokens, Spacing::Arithmetic));
            let trailing = self.beside(end);
            return self.item(start, leading, body, trailing, order);
        }
        let brace = tokens.iter().position(|token| token.kind == Kind::OpenBrace).unwrap_or(tokens.len());
        let header = Pieces::new(self.text, tokens.get(..brace).unwrap_or(&[]), Spacing::Arithmetic);
        let opening = tokens.get(brace).map_or(end, |token| token.end);
        let leading = self.comments_before(opening);
        let after_brace = self.beside(opening);
        let items = self.entries(block);
        let closing = end.saturating_sub(1);
        let last_comments = self.comments_before(closing);
        let trailing = self.beside(end);
        let most_on_one_line = most_on_one_line(block.kind.node);
        let body = Body::Block { header, after_brace, items, last_comments, most_on_one_line };
        self.item(start, leading, body, trailing, order)
    }

    fn entries(&mut self, block: &Block) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::with_capacity(block.entries.len());
        let mut entries = block.entries.iter().peekable();
        while let Some(entry) = entries.next() {
            let item = match entry {
                Entry::Field(field) => {
                    let evidence = entries
                        .next_if(|next| matches!(next, Entry::Block(block) if block.kind.node == BlockKind::Evidence));
                    self.field(block.kind.node, field, evidence)
                }
                Entry::Block(inner) => self.block(inner),
            };
            items.push(item);
        }
        let reordered = items.windows(2).any(|pair| matches!(pair, [one, next] if one.order > next.order));
        items.sort_by_key(|item| item.order);
        for item in items.iter_mut().filter(|item| item.order != usize::MAX) {
            // Groups of fields do not survive a new order, so fields are never set apart.
            item.blank_before = false;
            if reordered {
                item.leading.iter_mut().for_each(|comment| comment.blank_before = false);
            }
        }
        items
    }

    fn field(&mut self, kind: BlockKind, field: &Field, evidence: Option<&Entry>) -> Item {
        let (start, end) = (field.span.start, field.span.end);
        let order = keys::of(kind).position(|key| key.name == field.key.node).unwrap_or(usize::MAX - 1);
        if let Value::Measure(measure) = &field.value.node
            && let Measure::Funnel { steps, .. } = measure.as_ref()
        {
            return self.funnel(field, steps, order);
        }
        let ty = keys::find(kind, &field.key.node).map(|key| key.ty);
        let spacing = match ty {
            Some(Type::Measure | Type::Formula | Type::Condition | Type::Conditions) => Spacing::Arithmetic,
            _ => Spacing::Signs,
        };
        let mut pieces = Pieces::new(self.text, self.tokens(start, end), spacing);
        let mut leading = self.comments_before(end);
        let mut whole = end;
        if let Some(Entry::Block(block)) = evidence {
            whole = block.span.end;
            leading.extend(self.comments_before(whole));
            let fields: Vec<String> = self.entries(block).iter().map(flat).collect();
            pieces.push(&if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join("  ")) });
        }
        let trailing = self.beside(whole);
        self.item(start, leading, Body::Line(pieces), trailing, order)
    }

    fn funnel(&mut self, field: &Field, steps: &[crate::syntax::value::Step], order: usize) -> Item {
        let (start, end) = (field.span.start, field.span.end);
        let tokens = self.tokens(start, end);
        let brace = tokens.iter().position(|token| token.kind == Kind::OpenBrace).unwrap_or(tokens.len());
        let header = Pieces::new(self.text, tokens.get(..brace).unwrap_or(&[]), Spacing::Arithmetic);
        let opening = tokens.get(brace).map_or(end, |token| token.end);
        let leading = self.comments_before(opening);
        let after_brace = self.beside(opening);
        let mut items = Vec::with_capacity(steps.len());
        for (at, step) in steps.iter().enumerate() {
            let (from, to) = (step.name.span.start, self.step_end(step.condition.span.end));
            let leading = self.comments_before(to);
            let mut pieces = Pieces::default();
            pieces.extend_step(self.text, self.tokens(from, to));
            let trailing = self.beside(to);
            let mut item = self.item(from, leading, Body::Line(pieces), trailing, at);
            item.blank_before = false;
            items.push(item);
        }
        let last_comments = self.comments_before(end.saturating_sub(1));
        let trailing = self.beside(end);
        let body = Body::Block { header, after_brace, items, last_comments, most_on_one_line: 0 };
        self.item(start, leading, body, trailing, order)
    }

    /// The end of a condition with the parentheses that close after it.
    fn step_end(&self, end: u32) -> u32 {
        let after = self.tokens.partition_point(|token| token.start < end);
        let closing = self.tokens.get(after..).unwrap_or(&[]).iter().take_while(|token| token.kind == Kind::Close);
        closing.last().map_or(end, |last| last.end)
    }
}

fn flat(item: &Item) -> String {
    match &item.body {
        Body::Line(pieces) => pieces.flat(),
        Body::Block { header, .. } => header.flat(),
    }
}

/// With how many fields a block of a kind may stand on one line.
fn most_on_one_line(kind: BlockKind) -> usize {
    match kind {
        BlockKind::Source | BlockKind::Metric | BlockKind::Plan | BlockKind::Initiative | BlockKind::Target => 1,
        BlockKind::Market => 2,
        _ => 4,
    }
}
