//! The tokens of a value or header, spaced.

use crate::syntax::parser::basic::JOINING;
use crate::syntax::token::{Kind, Token};

/// How operators are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// `a - b`, `a / b`: between rows' columns or metrics.
    Arithmetic,
    /// `+4%`, `2/3`, `person-weeks`: signs, fractions and hyphens.
    Signs,
}

/// Words after which a sign belongs to the number that follows.
const BEFORE_SIGNS: &[&str] = &["scale", "at", "per", "after", "for", "stretch", "about"];
/// How much further in the lines that go on stand.
pub const CONTINUED: usize = 4;

/// Words that may start a line that goes on.
const JOINS: &[&str] = &["and", "or", "where", "from", "over", "by", "within", "to", "on"];
/// Functions, which touch their parenthesis.
const FUNCTIONS: &[&str] =
    &["count", "count_distinct", "sum", "mean", "min", "max", "median", "percentile", "stddev", "coalesce"];

/// One token's text with what stands before it.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    space: bool,
    may_break: Break,
}

/// Whether a line may be broken before a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    /// Never.
    Never,
    /// Before an operator, where breaking before words is not enough.
    Operator,
    /// Before a word that joins.
    Word,
    /// After a comma of a list.
    Comma,
}

/// Spaced tokens.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    pieces: Vec<Piece>,
}

impl Pieces {
    /// Spaces these tokens of a text.
    pub fn new(text: &str, tokens: &[Token], spacing: Spacing) -> Pieces {
        let mut pieces = Pieces::default();
        pieces.extend(text, tokens, spacing);
        pieces
    }

    /// Adds more tokens.
    pub fn extend(&mut self, text: &str, tokens: &[Token], spacing: Spacing) {
        let mut depth = 0_usize;
        let mut unary = false;
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before)).copied();
            let next = tokens.get(at + 1).copied();
            let sign = matches!(token.kind, Kind::Plus | Kind::Minus) && is_sign(text, before, *token, next, spacing);
            let space = !self.pieces.is_empty() && !unary && is_spaced(text, before, *token, sign, spacing);
            if token.kind == Kind::Close {
                depth = depth.saturating_sub(1);
            }
            let own = token.text(text);
            let joins = match token.kind {
                _ if depth > 0 || !space => Break::Never,
                _ if before.is_some_and(|before| before.kind == Kind::Comma) => Break::Comma,
                Kind::Word if JOINS.contains(&own) => Break::Word,
                Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash if spacing == Spacing::Arithmetic && !sign => {
                    Break::Operator
                }
                _ => Break::Never,
            };
            self.pieces.push(Piece { text: own.to_owned(), space, may_break: joins });
            if token.kind == Kind::Open {
                depth += 1;
            }
            unary = sign;
        }
    }

    /// Adds a funnel's step.
    pub fn extend_step(&mut self, text: &str, tokens: &[Token]) {
        self.pieces.push(Piece { text: "step".to_owned(), space: false, may_break: Break::Never });
        self.extend(text, tokens, Spacing::Arithmetic);
    }

    /// Adds a text as it stands, after a space.
    pub fn push(&mut self, text: &str) {
        self.pieces.push(Piece { text: text.to_owned(), space: true, may_break: Break::Never });
    }

    /// All of it on one line.
    pub fn flat(&self) -> String {
        let mut line = String::new();
        for piece in &self.pieces {
            if piece.space {
                line.push(' ');
            }
            line.push_str(&piece.text);
        }
        line
    }

    /// On several lines, broken after the commas of a list; where that is not enough, before words that join, and before
    /// operators.
    pub fn wrapped(&self, width: usize) -> Vec<String> {
        let fits = |segments: &Vec<String>| segments.iter().all(|line| line.chars().count() + CONTINUED <= width);
        let ways = [Break::Comma, Break::Word].into_iter().map(|least| self.segments(least));
        let segments = ways.into_iter().find(fits).unwrap_or_else(|| self.segments(Break::Operator));
        let mut lines: Vec<String> = Vec::new();
        for segment in segments {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + segment.chars().count() + CONTINUED <= width => {
                    line.push(' ');
                    line.push_str(&segment);
                }
                _ => lines.push(segment),
            }
        }
        lines
    }

    /// What may stand on a line, broken wherever it may be broken so readily.
    fn segments(&self, least: Break) -> Vec<String> {
        let mut segments: Vec<String> = Vec::new();
        for piece in &self.pieces {
            match segments.last_mut() {
                Some(segment) if piece.may_break < least => {
                    if piece.space {
                        segment.push(' ');
                    }
                    segment.push_str(&piece.text);
                }
                _ => segments.push(piece.text.clone()),
            }
        }
        segments
    }
}

/// Whether a plus or minus is the sign of the number that follows.
fn is_sign(text: &str, before: Option<Token>, token: Token, next: Option<Token>, spacing: Spacing) -> bool {
    let Some(before) = before else { return true };
    if spacing == Spacing::Signs {
        let touches = before.end == token.start && next.is_some_and(|next| next.start == token.end);
        return !(touches && before.kind == Kind::Word);
    }
    match before.kind {
        Kind::Word => {
            let word = before.text(text);
            JOINING.contains(&word) && !matches!(word, "true" | "false" | "null") || BEFORE_SIGNS.contains(&word)
        }
        Kind::Number | Kind::Text | Kind::Date | Kind::Period | Kind::Quoted | Kind::Close => false,
        _ => true,
    }
}

fn is_spaced(text: &str, before: Option<Token>, token: Token, sign: bool, spacing: Spacing) -> bool {
    let Some(before) = before else { return true };
    match (before.kind, token.kind) {
        (Kind::Open | Kind::Dot, _) | (_, Kind::Close | Kind::Comma | Kind::Colon | Kind::Dot) => false,
        (Kind::Word, Kind::Open) => !FUNCTIONS.contains(&before.text(text)),
        (Kind::Minus | Kind::Slash, _) | (_, Kind::Slash) if spacing == Spacing::Signs => false,
        (_, Kind::Minus) if spacing == Spacing::Signs => sign,
        _ => true,
    }
}
