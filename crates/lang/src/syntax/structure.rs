//! Blocks, fields and where each of them ends; and how reading goes on after a mistake.
//!
//! The parsers of values see only the tokens of one value. Where a value ends is decided here, by the rules of
//! `language.md`: at a `}`, at the next `key:`, at a block's word with its header, or with the line unless the next one
//! goes on. So a mistake inside a value cannot reach beyond it.

mod block;
mod extent;
mod field;

use super::lexer::Lexed;
use super::token::{Kind, Token, Tokens};
use super::tree::{Block, BlockKind, Tree};
use crate::codes::syntax as codes;
use crate::{Diagnostic, FileId, Span};

/// The words of top-level declarations.
const TOP: [BlockKind; 6] =
    [BlockKind::Source, BlockKind::Segment, BlockKind::Metric, BlockKind::Market, BlockKind::Event, BlockKind::Plan];

/// A file on its way from tokens to a tree.
pub struct Reader<'a> {
    file: FileId,
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    diagnostics: Vec<Diagnostic>,
    /// A mistake of structure was told; what does not fit because of it is passed over in silence.
    recovering: bool,
    /// A declaration stood inside a block and closed it: braces that follow do not balance.
    misnested: bool,
    /// The block in which a misplaced one was told last.
    misplaced_in: Option<Span>,
    /// The word of a block whose `}` stands further left than it.
    suspect: Option<Span>,
    /// Places of which a better diagnostic than that of their tokens was told.
    instead: Vec<Span>,
    /// The blocks that are open, outermost first, with the place of each one's word and brace.
    open: Vec<Open>,
}

/// A block that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    kind: BlockKind,
    word: Span,
}

/// Reads a whole file.
///
/// Besides the tree and the diagnostics it gives the places of which the tokens' own diagnostics need not be told.
pub fn read(file: FileId, text: &str, lexed: &Lexed) -> (Tree, Vec<Diagnostic>, Vec<Span>) {
    let tokens = &lexed.tokens;
    let mut reader = Reader {
        file,
        text,
        tokens,
        at: 0,
        diagnostics: Vec::new(),
        recovering: false,
        misnested: false,
        misplaced_in: None,
        suspect: None,
        instead: Vec::new(),
        open: Vec::new(),
    };
    let tree = reader.file();
    (tree, reader.diagnostics, reader.instead)
}

impl<'a> Reader<'a> {
    /// The token so many further on; past the end, the end.
    fn peek(&self, ahead: usize) -> Token {
        self.token(self.at + ahead)
    }

    fn token(&self, at: usize) -> Token {
        let end = || Token::new(Kind::End, self.text.len(), self.text.len(), 0);
        self.tokens.get(at).or(self.tokens.last()).copied().unwrap_or_else(end)
    }

    fn span(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    fn word(&self, token: Token) -> &'a str {
        if token.kind == Kind::Word { token.text(self.text) } else { "" }
    }

    /// The tokens from one index to another.
    fn slice(&self, from: usize, to: usize) -> Tokens<'a> {
        let before = from.checked_sub(1).map_or(0, |before| self.token(before).end);
        Tokens::new(self.file, self.text, self.tokens.get(from..to).unwrap_or(&[]), before)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether more diagnostics are worth making: they are costly, with their suggestions.
    fn is_full(&self) -> bool {
        self.diagnostics.len() > super::MOST_DIAGNOSTICS
    }

    /// Reports a mistake of structure, unless it follows from one that was told.
    fn report_structure(&mut self, diagnostic: Diagnostic) {
        if !self.recovering && !self.misnested {
            self.report(diagnostic);
        }
        self.recovering = true;
    }

    /// Whether the token at an index is a top-level word at the very start of its line, which closes everything.
    fn closes_all(&self, at: usize) -> bool {
        let token = self.token(at);
        let top = || BlockKind::from_word(self.word(token)).is_some_and(|kind| TOP.contains(&kind));
        token.is(Token::COLUMN_0) && top() && self.token(at + 1).kind != Kind::Colon
    }

    fn file(&mut self) -> Tree {
        let mut tree = Tree::default();
        loop {
            let token = self.peek(0);
            match token.kind {
                Kind::End => return tree,
                Kind::CloseBrace => {
                    self.stray_closing(token);
                    self.at += 1;
                }
                Kind::Word => self.declaration(&mut tree),
                Kind::Bad => self.skip_junk(),
                _ => self.no_declaration(token),
            }
        }
    }

    /// Something at the top level that is no word.
    fn no_declaration(&mut self, token: Token) {
        let json = token.kind == Kind::OpenBrace && self.peek(1).kind == Kind::Text && self.peek(2).kind == Kind::Colon;
        let message = if json {
            "this is JSON, and metrics are written as declarations".to_owned()
        } else {
            format!("expected a declaration, found {}", token.shown(self.text))
        };
        let mut diagnostic = outside(self.span(token), message);
        if matches!(token.kind, Kind::Minus | Kind::Star) && token.starts_line() {
            diagnostic = diagnostic.hint("Declarations are no list: each starts with its word.");
        }
        if json {
            diagnostic = diagnostic
                .hint("For example: metric refunds { unit: orders  grain: week  measure: count() from orders }");
        }
        self.report_structure(diagnostic);
        self.skip_junk();
        // What is unreadable in it says nothing new.
        let end = self.token(self.at.saturating_sub(1)).end.max(token.end);
        self.instead.push(Span { end, ..self.span(token) });
    }

    fn stray_closing(&mut self, token: Token) {
        let message = "this `}` closes nothing: every block is closed already";
        let place = self.span(token);
        self.report_structure(Diagnostic::error(codes::STRAY_BRACE, place, message).fix("Take it out", place, ""));
    }

    /// A word at the top level.
    fn declaration(&mut self, tree: &mut Tree) {
        let token = self.peek(0);
        let word = self.word(token);
        let kind = BlockKind::from_word(word);
        match kind {
            Some(kind) if TOP.contains(&kind) && self.peek(1).kind != Kind::Colon => {
                self.recovering = false;
                self.misnested &= !token.is(Token::COLUMN_0);
                self.suspect = None;
                let block = self.block(kind);
                tree.blocks.push(block);
            }
            Some(kind) if TOP.contains(&kind) && self.names(self.at + 2) => self.colon_after_word(kind, tree),
            Some(kind) if self.opens_block(self.at, kind) => self.orphan(kind, tree),
            _ if matches!(self.peek(1).kind, Kind::Colon | Kind::Equal) => {
                let message = format!("the field `{word}` stands outside of any declaration");
                self.report_structure(outside(self.span(token), message));
                self.at += 2;
                self.skip_junk();
            }
            _ => self.unknown_declaration(tree),
        }
    }

    /// Whether a header stands at an index, with its brace.
    fn names(&self, at: usize) -> bool {
        matches!(self.token(at).kind, Kind::Word | Kind::Period | Kind::Number) && self.brace_follows(at)
    }

    /// `metric: refunds {`
    fn colon_after_word(&mut self, kind: BlockKind, tree: &mut Tree) {
        let (word, colon) = (self.span(self.peek(0)), self.span(self.peek(1)));
        self.recovering = false;
        let message = format!("no colon belongs after `{}`", kind.word());
        self.report(Diagnostic::error(codes::HEADER, colon, message).fix("Take it out", colon, ""));
        self.at += 1;
        let mut block = self.block(kind);
        block.kind.span = word;
        block.span.start = word.start;
        block.damaged = true;
        tree.blocks.push(block);
    }

    /// An inner block at the top level: most likely the block before it was closed too early, so it takes it in.
    fn orphan(&mut self, kind: BlockKind, tree: &mut Tree) {
        let word = self.span(self.peek(0));
        let message = format!("{} stands inside {}, and here it stands outside", a(kind), parents(kind));
        let mut diagnostic = Diagnostic::error(codes::MISPLACED_BLOCK, word, message);
        let among = if self.misnested { 3 } else { 1 };
        let home = tree.blocks.iter_mut().rev().take(among).find(|last| kind.parents().contains(&last.kind.node));
        // A block that has no brace, or whose header ran into something unreadable, was not closed by one.
        let braced =
            |home: &&&mut Block| self.text.get(..home.span.end as usize).is_some_and(|text| text.ends_with('}'));
        if let Some(home) = home.as_ref().filter(braced) {
            let end = Span { start: home.span.end.saturating_sub(1).max(home.span.start), ..home.span };
            diagnostic = diagnostic.label(end, format!("this `}}` closed the {} before it", home.kind.node.word()));
        }
        diagnostic = diagnostic.hint(home_of(kind));
        self.report_structure(diagnostic);
        let block = self.block(kind);
        if let Some(home) = home {
            home.damaged = true;
            home.entries.push(super::tree::Entry::Block(block));
        }
        // Those that follow it, and the brace that was to close its home, say nothing new.
        self.recovering = true;
    }

    /// A word that opens no block; one nearly like a known one is read as that.
    fn unknown_declaration(&mut self, tree: &mut Tree) {
        let token = self.peek(0);
        let word = self.word(token);
        let place = self.span(token);
        let next = self.peek(1);
        if BlockKind::from_word(self.word(next)).is_some_and(|kind| TOP.contains(&kind)) && !next.starts_line() {
            let out = Span { end: next.start, ..place };
            let message = format!("`{word}` does not belong before `{}`", self.word(next));
            self.report_structure(Diagnostic::error(codes::UNKNOWN_BLOCK, place, message).fix("Take it out", out, ""));
            self.at += 1;
            return;
        }
        let header =
            matches!(self.peek(1).kind, Kind::Word | Kind::Period | Kind::Number | Kind::OpenBrace | Kind::Bad);
        // A period after the word says that a plan is meant.
        let dated = self.peek(1).kind == Kind::Period;
        let known = TOP.iter().filter(|kind| !dated || **kind == BlockKind::Plan).map(|kind| kind.word());
        let nearest = crate::suggest::nearest(word, known).filter(|_| header);
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_BLOCK, place, format!("`{word}` declares nothing"));
        if let Some(nearest) = nearest {
            diagnostic =
                diagnostic.hint(format!("Did you mean `{nearest}`?")).fix(format!("Write {nearest}"), place, nearest);
        }
        self.report_structure(diagnostic.hint("Declarations are source, segment, metric, market, event and plan."));
        match nearest.and_then(BlockKind::from_word) {
            Some(kind) => {
                self.recovering = false;
                let mut block = self.block(kind);
                block.damaged = true;
                tree.blocks.push(block);
            }
            None => {
                self.at += 1;
                self.skip_junk();
            }
        }
    }

    /// Steps over what means nothing: to the end of the line, and over all of a block that opens on it.
    fn skip_junk(&mut self) {
        let mut first = true;
        loop {
            let token = self.peek(0);
            if token.kind == Kind::End
                || self.closes_all(self.at)
                || (token.starts_line() && !first && token.kind != Kind::OpenBrace)
            {
                return;
            }
            match token.kind {
                Kind::OpenBrace => return self.skip_braces(),
                Kind::CloseBrace => return,
                _ => self.at += 1,
            }
            first = false;
        }
    }

    /// Steps over a `{` and everything to its `}`.
    fn skip_braces(&mut self) {
        let mut depth = 0_usize;
        loop {
            let token = self.peek(0);
            match token.kind {
                Kind::End => return,
                _ if self.closes_all(self.at) => return,
                Kind::OpenBrace => depth += 1,
                Kind::CloseBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

/// The kind with its article.
fn a(kind: BlockKind) -> String {
    let article = if kind.word().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match kind {
        BlockKind::Changed => "a `changed`".to_owned(),
        BlockKind::Evidence => "the evidence".to_owned(),
        _ => format!("{article} {}", kind.word()),
    }
}

/// The kinds a block may stand in: `a metric or a source`.
fn parents(kind: BlockKind) -> String {
    let parents: Vec<String> = kind.parents().iter().map(|parent| a(*parent)).collect();
    parents.join(" or ")
}

/// Where a block belongs, as a hint.
fn home_of(kind: BlockKind) -> String {
    match kind.parents().first() {
        Some(BlockKind::Plan) => format!("Move it into a plan: plan 2027-Q1 {{ {} … }}", kind.word()),
        Some(parent) => format!("Move it into the braces of its {}.", parent.word()),
        None => "Move it out of the braces around it.".to_owned(),
    }
}

fn outside(place: Span, message: String) -> Diagnostic {
    Diagnostic::error(codes::NO_ENTRY, place, message).hint(
        "A file holds declarations: source, segment, metric, market, event and plan, each with its fields in braces.",
    )
}

/// The block a diagnostic of the top level is about, by name.
pub fn subject(block: &Block) -> Option<crate::Subject> {
    use crate::Subject;
    let name = || block.head.name.as_ref().map(|name| name.node.clone());
    match block.kind.node {
        BlockKind::Source => name().map(Subject::Source),
        BlockKind::Segment => name().map(Subject::Segment),
        BlockKind::Metric => name().map(Subject::Metric),
        BlockKind::Market => name().map(Subject::Market),
        BlockKind::Event => name().map(Subject::Event),
        BlockKind::Plan => block.head.period.as_ref().map(|period| Subject::Plan(period.node.to_string())),
        _ => None,
    }
}
