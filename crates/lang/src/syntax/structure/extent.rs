//! Where headers and values end.

use super::Reader;
use crate::syntax::token::{Kind, Token};
use crate::syntax::tree::BlockKind;

/// Words a line may start with to go on with the value of the line before.
const GOING_ON: [&str; 9] = ["and", "or", "where", "from", "over", "by", "within", "to", "on"];

impl Reader<'_> {
    /// Whether a token goes on with the value of the line before.
    fn goes_on(&self, at: usize) -> bool {
        let token = self.token(at);
        match token.kind {
            Kind::Word => GOING_ON.contains(&self.word(token)) && self.token(at + 1).kind != Kind::Colon,
            // The bullet of a list somebody pasted, before a field: `- unit: orders`, `**unit**: orders`.
            Kind::Minus | Kind::Star => self.bullet(at).is_none(),
            kind => matches!(kind, Kind::Plus | Kind::Slash | Kind::Comma | Kind::Close),
        }
    }

    /// Where the key stands that a bullet at an index leads to.
    pub(super) fn bullet(&self, at: usize) -> Option<usize> {
        let is = |at: usize, kind: Kind| self.token(at).kind == kind;
        let stars = |at: usize| (0..3).take_while(|ahead| is(at + ahead, Kind::Star)).count();
        let key = if is(at, Kind::Minus) { at + 1 } else { at };
        let key = key + stars(key);
        let after = key + 1 + stars(key + 1);
        (key > at && is(key, Kind::Word) && is(after, Kind::Colon)).then_some(key)
    }

    /// Whether the line before ends with a comma after which its list goes on here.
    fn listed(&self, at: usize) -> bool {
        let comma = at.checked_sub(1).is_some_and(|before| self.token(before).kind == Kind::Comma);
        comma && self.token(at + 1).kind != Kind::Equal && self.bullet(at).is_none()
    }

    /// The index where the value that starts at `from` ends. A funnel's braces are not part of it.
    pub(super) fn value_end(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = from;
        loop {
            let token = self.token(at);
            let new_line = token.starts_line() && at > from && depth == 0;
            if self.ends_value(at) || (new_line && !self.goes_on(at) && !self.listed(at)) {
                return at;
            }
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
    }

    /// Whether no value reaches over the token at an index, whatever is open.
    pub(super) fn ends_value(&self, at: usize) -> bool {
        let token = self.token(at);
        match token.kind {
            Kind::End | Kind::CloseBrace | Kind::OpenBrace => true,
            Kind::Word => {
                self.token(at + 1).kind == Kind::Colon
                    || BlockKind::from_word(self.word(token)).is_some_and(|kind| self.header_follows(at, kind))
                    || (self.word(token) == "step" && self.step_follows(at))
                    || self.closes_all(at)
            }
            _ => false,
        }
    }

    /// Whether a word opens a block here, in the place of an entry: its header follows, or at least a brace on its line.
    pub(super) fn opens_block(&self, at: usize, kind: BlockKind) -> bool {
        if matches!(self.token(at + 1).kind, Kind::Colon | Kind::Equal) {
            return false;
        }
        self.header_follows(at, kind) || self.brace_follows(at + 1)
    }

    /// Whether a `{` stands on the line of a token or at the start of the next.
    pub(super) fn brace_follows(&self, from: usize) -> bool {
        let mut at = from;
        loop {
            let token = self.token(at);
            match token.kind {
                Kind::OpenBrace => return true,
                Kind::End | Kind::CloseBrace => return false,
                _ if token.starts_line() && at > from => return false,
                _ if at > from + 60 => return false,
                _ => at += 1,
            }
        }
    }

    /// Whether a block's word is followed by a whole header of its kind and a brace (a column: a colon).
    pub(super) fn header_follows(&self, at: usize, kind: BlockKind) -> bool {
        let is = |at: usize, kind: Kind| self.token(at).kind == kind;
        let mut next = at + 1;
        match kind {
            BlockKind::Plan => {
                if !matches!(self.token(next).kind, Kind::Period | Kind::Number) {
                    return false;
                }
                next += 1;
                next += usize::from(is(next, Kind::Word));
            }
            BlockKind::Quote | BlockKind::Test => {
                if !is(next, Kind::Text) {
                    return false;
                }
            }
            BlockKind::Changed => {
                if !is(next, Kind::Date) {
                    return false;
                }
                next += 1;
            }
            BlockKind::Evidence => return false,
            _ => {
                if !matches!(self.token(next).kind, Kind::Word) || self.token(next).starts_line() {
                    return false;
                }
                next += 1;
                match self.word(self.token(next)) {
                    "of" | "continues" => next += 2,
                    "for" if kind == BlockKind::Target => return self.brace_follows(next),
                    _ => {}
                }
            }
        }
        next += usize::from(is(next, Kind::Text));
        if kind == BlockKind::Column { is(next, Kind::Colon) } else { is(next, Kind::OpenBrace) }
    }

    /// Whether the word `step` is followed by a step's header and its colon.
    pub(super) fn step_follows(&self, at: usize) -> bool {
        let name = self.token(at + 1).kind == Kind::Word;
        let label = self.token(at + 2).kind == Kind::Text;
        name && self.token(at + 2 + usize::from(label)).kind == Kind::Colon
    }

    /// The index where the header that starts at `from` ends: at a brace, a colon, or with the line.
    pub(super) fn header_end(&self, from: usize) -> usize {
        let mut at = from;
        let mut depth = 0_usize;
        loop {
            let token: Token = self.token(at);
            match token.kind {
                Kind::OpenBrace | Kind::CloseBrace | Kind::Colon | Kind::End => return at,
                // A long label may stand on a line of its own, as the brace may.
                Kind::Text if at > from => {}
                _ if token.starts_line() && depth == 0 && !self.goes_on(at) => return at,
                _ if token.starts_line() && self.ends_value(at) => return at,
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
    }
}
