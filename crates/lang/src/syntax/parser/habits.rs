//! What people write from habit in the place of a value, and what they mean by it: words of everyday, days in words,
//! quotes around what needs none, signs of comparison, SQL. A mistake that is one of them is told with its mending.
//!
//! One habit is one function and one line in [`HABITS`].

mod calendar;
mod everyday;
mod sql;

use super::basic::unquoted;
use super::by_type;
use crate::codes::syntax as codes;
use crate::keys::{Key, Type};
use crate::syntax::lexer;
use crate::syntax::token::{Kind, Token, Tokens};
use crate::{Diagnostic, Edit, FileId, Fix, Span};
use nom::Input;

pub use calendar::period;
pub use sql::query;

/// What was meant.
struct Meant {
    /// Where it was written otherwise.
    place: Span,
    /// A message better than the one of the failed value.
    message: Option<String>,
    /// What to do; where empty, the fix says it.
    hint: String,
    /// What to write in its place, if that is known.
    edits: Vec<Edit>,
    /// The fix in a few words.
    fix: String,
}

impl Meant {
    /// Something else is written at a place.
    fn instead(place: Span, text: &str) -> Meant {
        let edits = vec![Edit { span: place, text: text.to_owned() }];
        let fix = if text.is_empty() { "Take it out".to_owned() } else { format!("Write {}", text.trim()) };
        Meant { place, message: None, hint: String::new(), edits, fix }
    }

    /// Only words help.
    fn hint(place: Span, hint: &str) -> Meant {
        Meant { place, message: None, hint: hint.to_owned(), edits: Vec::new(), fix: String::new() }
    }

    fn because(mut self, hint: &str) -> Meant {
        self.hint = hint.to_owned();
        self
    }

    fn told(mut self, message: impl Into<String>) -> Meant {
        self.message = Some(message.into());
        self
    }
}

/// Every habit, those that explain most first.
const HABITS: &[fn(&Key, Tokens<'_>) -> Option<Meant>] = &[
    quotes_inside,
    sql::pasted,
    quoted,
    last_comma,
    bullets,
    everyday::not_known,
    everyday::word,
    calendar::in_words,
    window,
    unit,
    compared,
    against,
    moved,
    one_in,
    currency_first,
    between,
    joined,
];

/// The mistakes that may come of a habit; others say already what was found.
const OPEN: &[&str] = &[
    codes::VALUE,
    codes::WORD,
    codes::LEFT_OVER,
    codes::NO_VALUE,
    codes::FUNCTION,
    codes::OWN_UNIT,
    codes::COMPARISON,
    codes::PARENTHESIS,
];

/// A failed value's diagnostic, told with what was meant where it comes of a habit.
pub fn mend(key: &Key, tokens: Tokens<'_>, mut told: Diagnostic) -> Diagnostic {
    let words_for_text = told.code == codes::UNQUOTED && key.name == "format";
    if tokens.is_empty() || !(OPEN.contains(&told.code) || words_for_text) {
        return told;
    }
    let Some(meant) = HABITS.iter().find_map(|habit| habit(key, tokens)) else { return told };
    told.span = Some(meant.place);
    told.labels.clear();
    if let Some(message) = meant.message {
        told.message = message;
    }
    told.hints.clear();
    told.fixes.clear();
    if !meant.hint.is_empty() {
        told.hints.push(meant.hint);
    }
    if !meant.edits.is_empty() {
        told.fixes.push(Fix { message: meant.fix, edits: meant.edits });
    }
    told
}

/// All of a value as it is written.
fn written<'a>(tokens: Tokens<'a>) -> &'a str {
    text_of(tokens, tokens.span())
}

fn text_of<'a>(tokens: Tokens<'a>, span: Span) -> &'a str {
    tokens.text.get(span.start as usize..span.end as usize).unwrap_or("")
}

fn word_at<'a>(tokens: Tokens<'a>, at: usize) -> &'a str {
    tokens.nth(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text(tokens.text))
}

/// The place from one token to another, both included.
fn place(tokens: Tokens<'_>, from: usize, to: usize) -> Option<Span> {
    let (first, last) = (tokens.span_of(tokens.nth(from)?), tokens.span_of(tokens.nth(to)?));
    Some(first.to(last))
}

/// Whether a text is a value of a key.
fn reads(key: &Key, text: &str) -> bool {
    let lexed = lexer::lex(FileId(0), text);
    let tokens = lexed.tokens.split_last().map_or(&[][..], |(_, tokens)| tokens);
    let sound = lexed.diagnostics.is_empty() && !tokens.is_empty() && !text.contains(['{', '}', ':']);
    let tokens = Tokens::new(FileId(0), text, tokens, 0);
    sound
        && super::too_many_operators(tokens).is_ok()
        && matches!(by_type(key.ty, tokens), Ok((rest, _)) if rest.is_empty())
}

/// `"The "hard" kind"`: quotes inside a text end it.
pub fn inner_quotes(tokens: Tokens<'_>, code: &'static str) -> Option<Diagnostic> {
    let all: Vec<Token> = tokens.iter_elements().collect();
    let touches = |pair: &[Token]| matches!(pair, [text, next] if text.kind == Kind::Text && next.start == text.end && !matches!(next.kind, Kind::Comma | Kind::Close));
    let first = all.windows(2).position(touches)?;
    let last = all.iter().rposition(|token| token.kind == Kind::Text).filter(|last| *last > first)?;
    let (first, last) = (all.get(first)?, all.get(last)?);
    let span = tokens.span_of(*first).to(tokens.span_of(*last));
    let inside = tokens.text.get(span.start as usize + 1..(span.end as usize).checked_sub(1)?)?;
    let quoted = format!("\"{}\"", inside.replace("\\\"", "\"").replace('"', "\\\""));
    let shown = text_of(tokens, tokens.span_of(*first));
    Some(
        Diagnostic::error(code, span, format!("the quote inside this text ends it: {shown} is all of it"))
            .hint("A quote inside a text is written \\\".")
            .fix("Write \\\" inside", span, quoted),
    )
}

fn quotes_inside(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if !matches!(key.ty, Type::Text | Type::Texts | Type::Learn | Type::Evidence | Type::Outcome) {
        return None;
    }
    let told = inner_quotes(tokens, codes::LEFT_OVER)?;
    let fix = told.fixes.into_iter().next()?;
    let hint = told.hints.into_iter().next()?;
    Some(Meant { place: told.span?, message: Some(told.message), hint, edits: fix.edits, fix: fix.message })
}

/// `unit: "orders"`
fn quoted(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let only = tokens.first().filter(|_| tokens.len() == 1)?;
    let content = match only.kind {
        Kind::Text => unquoted(only, tokens.text),
        Kind::Quoted => only.text(tokens.text).trim_matches('`').to_owned(),
        _ => return None,
    };
    let quotes = if only.kind == Kind::Text { "quotes" } else { "backticks" };
    let message = format!("the value of `{}` takes no {quotes}", key.name);
    reads(key, &content).then(|| Meant::instead(tokens.span_of(only), &content).told(message))
}

/// `tags: "a", "b",` before the next field, `in ("a", "b",)`.
fn last_comma(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let kind = |at: usize| tokens.nth(at).map(|token| token.kind);
    let inside = (1..tokens.len()).find(|at| kind(at - 1) == Some(Kind::Comma) && kind(*at) == Some(Kind::Close));
    if let Some(close) = inside {
        let message = "a comma follows the last of a list";
        return Some(Meant::instead(place(tokens, close - 1, close - 1)?, "").told(message));
    }
    let last = tokens.len().checked_sub(1)?;
    let comma = tokens.nth(last).filter(|token| token.kind == Kind::Comma && last > 0)?;
    let before = text_of(tokens, place(tokens, 0, last - 1)?);
    let list = matches!(key.ty, Type::Texts | Type::Names | Type::Dates | Type::Conditions | Type::Rates);
    let message = if list { "a comma follows the last of a list" } else { "a comma follows the value" };
    let hint = if list { "Commas stand between the values." } else { "A field ends with its line." };
    reads(key, before).then(|| Meant::instead(tokens.span_of(comma), "").told(message).because(hint))
}

/// A list of lines that start with `-`.
fn bullets(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let first = tokens
        .first()
        .filter(|first| first.kind == Kind::Minus && tokens.nth(1).is_some_and(|next| next.kind == Kind::Word))?;
    if matches!(key.ty, Type::Measure | Type::Formula | Type::Condition | Type::Conditions) {
        return None;
    }
    let hint = if key.repeatable {
        format!("Write `{}:` once for each, on lines of their own.", key.name)
    } else {
        "Several values are separated by commas: a, b, c".to_owned()
    };
    Some(Meant::hint(tokens.span_of(first), &hint).told("values are no list with dashes"))
}

/// `over last 28 days`, `over 28 days`, `trailing 28 days`, `over mtd`.
fn window(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if key.ty != Type::Measure {
        return None;
    }
    let short =
        [("mtd", "month to date"), ("qtd", "quarter to date"), ("ytd", "year to date"), ("lifetime", "all time")];
    for at in 0..tokens.len() {
        let number = |at: usize| tokens.nth(at).is_some_and(|token| token.kind == Kind::Number);
        let (word, next) = (word_at(tokens, at), word_at(tokens, at + 1));
        if let Some((_, meant)) = short.iter().find(|(short, _)| word == "over" && next.eq_ignore_ascii_case(short)) {
            return Some(Meant::instead(place(tokens, at + 1, at + 1)?, meant));
        }
        if word == "over" && number(at + 1) {
            let number = place(tokens, at + 1, at + 1)?;
            let before = Meant::instead(Span { end: number.start, ..number }, "trailing ");
            return Some(Meant { place: number, ..before });
        }
        let long = matches!(word, "trailing" | "last" | "past" | "rolling" | "previous") && number(at + 1);
        let led = at.checked_sub(1).map_or("", |before| word_at(tokens, before));
        if long && !(word == "trailing" && led == "over") {
            let leads = (0..at)
                .rev()
                .take_while(|before| matches!(word_at(tokens, *before), "over" | "in" | "the" | "for"))
                .count();
            return Some(Meant::instead(place(tokens, at - leads, at)?, "over trailing"));
        }
    }
    None
}

/// `GBP/order`, `order(s)`, `number of orders`, `paying customers`.
fn unit(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if key.ty != Type::Unit {
        return None;
    }
    let kinds: Vec<Kind> = tokens.iter_elements().map(|token| token.kind).collect();
    let whole = tokens.span();
    let (first, last) = (word_at(tokens, 0), word_at(tokens, tokens.len().checked_sub(1)?));
    match kinds.as_slice() {
        [Kind::Word, Kind::Slash, Kind::Word] => {
            if quarterdeck_calendar::Grain::from_word(last).is_some() {
                let hint = "How long a period is, `grain:` says; the unit is what is counted.";
                return Some(Meant::instead(whole, first).because(hint));
            }
            Some(Meant::instead(whole, &format!("{first} per {last}")))
        }
        [Kind::Word, Kind::Open, Kind::Word, Kind::Close] if matches!(word_at(tokens, 2), "s" | "es") => {
            let hint = "Singular and plural are one.";
            Some(Meant::instead(whole, &format!("{first}{}", word_at(tokens, 2))).because(hint))
        }
        [Kind::Word, Kind::Word, Kind::Word]
            if matches!(first, "number" | "count" | "amount" | "no") && word_at(tokens, 1) == "of" =>
        {
            Some(Meant::instead(whole, last))
        }
        [Kind::Word, Kind::Word] | [Kind::Word, Kind::Word, Kind::Word] if !written(tokens).contains(" per ") => {
            let joined = written(tokens).split_whitespace().collect::<Vec<_>>().join("_");
            reads(key, &joined).then(|| Meant::instead(whole, &joined).because("A unit is one word, `per` aside."))
        }
        _ => None,
    }
}

/// `set: >= 95%`, `guard: on_time_rate >= 90%`
fn compared(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let sign = |at: usize| match tokens.nth(at)?.kind {
        Kind::AtLeast | Kind::More => Some("at least"),
        Kind::AtMost | Kind::Less => Some("at most"),
        _ => None,
    };
    match key.ty {
        Type::Level if sign(0).is_some() => {
            let hint = "Which side counts, the metric's `better:` says.";
            Some(Meant::instead(place(tokens, 0, 0)?, "").because(hint))
        }
        Type::Guard => Some(Meant::instead(place(tokens, 1, 1)?, sign(1)?)),
        Type::MarketLink => {
            let star = tokens.nth(1).filter(|token| token.kind == Kind::Star)?;
            Some(Meant::instead(tokens.span_of(star), "at"))
        }
        Type::Drives => {
            let after = (1..3)
                .find(|at| matches!(word_at(tokens, *at), "after" | "in" | "with" | "lagged" | "lags" | "within"))?;
            let end = (after..tokens.len())
                .take_while(|at| tokens.nth(*at).is_some_and(|token| token.kind == Kind::Word))
                .last()?;
            Some(Meant::instead(place(tokens, after, end)?, "lag"))
        }
        _ => None,
    }
}

/// `guard: cost at most 5% more than last year`
fn against(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    const BASES: &[&str] = &["forecast", "last", "same", "previous", "prior"];
    if key.ty != Type::Guard {
        return None;
    }
    let number = (0..tokens.len()).find(|at| tokens.nth(*at).is_some_and(|token| token.kind == Kind::Number))?;
    let base = (number + 1..tokens.len()).find(|at| BASES.contains(&word_at(tokens, *at)))?;
    let below = (number + 1..base)
        .any(|at| matches!(word_at(tokens, at), "below" | "under" | "less" | "lower" | "worse" | "down"));
    let rest: Vec<&str> =
        (base..tokens.len()).map(|at| word_at(tokens, at)).take_while(|word| *word != "alarms").collect();
    let meant = match rest.as_slice() {
        ["forecast"] => "forecast",
        ["last" | "previous" | "prior", "quarter"] => "last quarter",
        _ if rest.contains(&"year") => "same quarter last year",
        _ => return None,
    };
    let place = place(tokens, number + 1, base + rest.len() - 1)?;
    Some(Meant::instead(place, &format!("{} {meant}", if below { "below" } else { "above" })))
}

/// `moves: orders +5%`, `moves: orders down 5%`, `moves: orders by double`
fn moved(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if key.ty != Type::Moves || word_at(tokens, 0).is_empty() {
        return None;
    }
    let second = tokens.nth(1)?;
    if matches!(second.kind, Kind::Plus | Kind::Minus | Kind::Number) {
        let before = tokens.span_of(second);
        let mut meant = Meant::instead(Span { end: before.start, ..before }, "by ");
        meant.place = before;
        return Some(meant);
    }
    let at = if word_at(tokens, 1) == "by" { 2 } else { 1 };
    let meant = match word_at(tokens, at) {
        "double" | "doubles" | "doubling" => "by +100%",
        "triple" | "triples" => "by +200%",
        "halve" | "halves" | "half" => "by -50%",
        "up" | "down" | "increases" | "decreases" | "increase" | "decrease" => {
            let number = if word_at(tokens, at + 1) == "by" { at + 2 } else { at + 1 };
            tokens.nth(number).filter(|token| token.kind == Kind::Number)?;
            let sign = if word_at(tokens, at).starts_with('d') { "by -" } else { "by " };
            let (first, next) = (place(tokens, 1, 1)?, place(tokens, number, number)?);
            let mut meant = Meant::instead(Span { end: next.start, ..first }, sign);
            meant.fix = format!("Write {sign}{}", text_of(tokens, next));
            return Some(meant);
        }
        _ => return None,
    };
    (tokens.len() == at + 1).then(|| place(tokens, 1, at).map(|place| Meant::instead(place, meant)))?
}

/// `chance: 1 in 10`
fn one_in(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let number = |at: usize| text_of(tokens, place(tokens, at, at)?).replace('_', "").parse::<f64>().ok();
    let middle = tokens.nth(1)?.text(tokens.text);
    if key.ty != Type::Part || tokens.len() < 3 || !matches!(middle, "in" | "of") {
        return None;
    }
    let (one, all) = (number(0)?, number(tokens.len() - 1)?);
    let percent = (one / all * 1e4).round() / 1e2;
    (all > 0.0 && one <= all).then(|| Meant::instead(tokens.span(), &format!("{percent}%")))
}

/// `cost: GBP 120_000`
fn currency_first(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let code = word_at(tokens, 0);
    let amount = tokens.nth(1).filter(|token| token.kind == Kind::Number)?;
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    (key.ty == Type::Amount && is_code).then(|| {
        let place = tokens.here().to(tokens.span_of(amount));
        Meant::instead(place, &format!("{} {code}", amount.text(tokens.text))).because("The unit follows its number.")
    })
}

/// `by between 1% and 3%`, `from 1% to 3%`
fn between(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if !matches!(key.ty, Type::Amount | Type::Change | Type::Moves | Type::Bounds) {
        return None;
    }
    let start = (0..tokens.len()).find(|at| matches!(word_at(tokens, *at), "between" | "from"))?;
    let joint = (start..tokens.len()).find(|at| matches!(word_at(tokens, *at), "and" | "to"))?;
    let (first, after) = (place(tokens, start, start)?, place(tokens, start + 1, start + 1)?);
    let out = Edit { span: Span { end: after.start, ..first }, text: String::new() };
    let to = Edit { span: place(tokens, joint, joint)?, text: "to".to_owned() };
    let mut meant = Meant::hint(first, "A range is written with `to` alone: 1% to 3%");
    meant.edits = vec![out, to];
    meant.fix = "Write it with `to`".to_owned();
    Some(meant)
}

/// `slice: country and platform`, `slice: by country`, `tags: "a" "b"`, `better: higher is better`
fn joined(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let list = matches!(key.ty, Type::Names | Type::Texts);
    if list && tokens.word_at(0, "by") {
        let (first, next) = (place(tokens, 0, 0)?, place(tokens, 1, 1)?);
        return Some(Meant { place: first, ..Meant::instead(Span { end: next.start, ..first }, "") });
    }
    let is = |at: usize| tokens.nth(at).map(|token| token.kind);
    let side_by_side = |at: &usize| matches!((is(at - 1), is(*at)), (Some(Kind::Text), Some(Kind::Text)));
    if let Some(at) = (1..tokens.len()).find(side_by_side).filter(|_| key.ty == Type::Texts) {
        let (before, next) = (place(tokens, at - 1, at - 1)?, place(tokens, at, at)?);
        let gap = Meant::instead(Span { start: before.end, end: before.end, ..before }, ",");
        return Some(Meant { place: next, ..gap }.told("a comma belongs between the texts of a list"));
    }
    if list {
        let at = (1..tokens.len()).find(|at| {
            matches!(word_at(tokens, *at), "and" | "or")
                || tokens.nth(*at).is_some_and(|token| token.kind == Kind::Plus)
        })?;
        let (before, joint) = (place(tokens, at - 1, at - 1)?, place(tokens, at, at)?);
        let gap = Span { start: before.end, ..joint };
        return Some(Meant { place: joint, fix: "Write a comma".to_owned(), ..Meant::instead(gap, ",") });
    }
    let told = matches!(key.ty, Type::Better) && matches!(word_at(tokens, 0), "higher" | "lower") && tokens.len() > 1;
    told.then(|| {
        place(tokens, 1, tokens.len() - 1)
            .map(|rest| Meant { fix: "Leave it out".to_owned(), ..Meant::instead(rest, "") })
    })?
}
