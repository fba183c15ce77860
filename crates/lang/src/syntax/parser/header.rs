//! What stands between a block's word and its brace.

use super::basic::{JOINING, Read, after, name, text};
use super::condition::condition;
use super::failure::Expected;
use super::habits;
use super::time::{date, period};
use crate::codes::syntax as codes;
use crate::syntax::token::{Kind, Tokens};
use crate::syntax::tree::{BlockKind, Head};
use crate::{Diagnostic, Span, Spanned};
use nom::Parser;
use nom::combinator::opt;
use quarterdeck_calendar::Period;

/// A block's head, its label, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Header {
    /// What was read.
    pub head: Head,
    /// The quoted text.
    pub label: Option<Spanned<String>>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a header is written.
pub fn form(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Source => "source NAME \"Label\" { … }",
        BlockKind::Segment => "segment NAME of SOURCE \"Label\" { … }",
        BlockKind::Metric => "metric NAME \"Label\" { … }",
        BlockKind::Market => "market NAME \"Label\" { … }",
        BlockKind::Event => "event NAME \"Label\" { … }",
        BlockKind::Plan => "plan 2027-Q1 \"Label\" { … }, with a team's name after the period if there are several",
        BlockKind::Target => "target METRIC { … } or target METRIC for country = \"UK\" { … }",
        BlockKind::Initiative => "initiative NAME \"Label\" { … } or initiative NAME continues 2026-Q4 { … }",
        BlockKind::Judgement => "judgement METRIC { … }",
        BlockKind::Quote => "quote \"What was said\" { … }",
        BlockKind::Risk => "risk NAME \"Label\" { … }",
        BlockKind::Milestone => "milestone NAME \"Label\" { … }",
        BlockKind::Scenario => "scenario NAME \"Label\" { … }",
        BlockKind::Column => "column NAME \"Label\": VALUE",
        BlockKind::Benchmark => "benchmark NAME \"Label\" { … }",
        BlockKind::Changed => "changed 2026-03-01 \"why\" { … }",
        BlockKind::Test => "test \"Label\" { … }",
        BlockKind::Evidence => "{ … }",
    }
}

/// Reads a whole header; what cannot be read is reported and left out.
pub fn header(kind: BlockKind, tokens: Tokens<'_>) -> Header {
    let mut header = Header::default();
    let read = match kind {
        BlockKind::Plan => plan(tokens, &mut header),
        BlockKind::Quote | BlockKind::Test => quoted(tokens, &mut header),
        BlockKind::Changed => changed(tokens, &mut header),
        BlockKind::Evidence => Ok((tokens, ())),
        _ => named(kind, tokens, &mut header),
    };
    use nom::Input;
    if tokens.iter_elements().any(|token| token.kind == Kind::Bad) {
        return header;
    }
    let sound = matches!(&read, Ok((rest, ())) if rest.is_empty());
    if sound && kind != BlockKind::Plan {
        declared_name(kind, &mut header);
        return header;
    }
    let form = format!("It is written: {}", form(kind));
    if let Some(diagnostic) = habits::inner_quotes(tokens, codes::HEADER) {
        header.diagnostics.push(diagnostic);
        declared_name(kind, &mut header);
        return header;
    }
    if read.is_err()
        && let Some((name, diagnostic)) = label_alone(kind, tokens)
    {
        header.head.name = Some(name);
        header.diagnostics.push(diagnostic);
        return header;
    }
    if kind == BlockKind::Plan
        && let Some((period, diagnostic)) = other_period(tokens, &read)
    {
        header.head.period = Some(period);
        header.head.team = None;
        header.diagnostics.push(diagnostic.hint(form));
        return header;
    }
    match read {
        Ok((rest, ())) if rest.is_empty() => {}
        Ok((rest, ())) => {
            if let Some((name, diagnostic)) = hyphenated(tokens, rest).or_else(|| of_words(kind, tokens, rest)) {
                header.diagnostics.push(diagnostic);
                // It is declared under the name that is meant, so that its other mistakes are told and no more than they.
                header.head.name = Some(name);
                return header;
            }
            let found = rest.first().map_or(String::new(), |token| token.shown(rest.text));
            let article = if kind.word().starts_with(['e', 'i']) { "an" } else { "a" };
            let message = format!("{found} does not belong to the header of {article} {}", kind.word());
            header.diagnostics.push(Diagnostic::error(codes::HEADER, rest.here(), message).hint(form));
        }
        Err(nom::Err::Error(failure) | nom::Err::Failure(failure)) => {
            let what = format!("the header of this {}", kind.word());
            let mut diagnostic = super::diagnose(failure, tokens, &what, &form);
            if diagnostic.code == codes::VALUE {
                diagnostic.code = codes::HEADER;
            }
            header.diagnostics.push(diagnostic);
        }
        Err(nom::Err::Incomplete(_)) => {}
    }
    declared_name(kind, &mut header);
    header
}

/// `weekly-orders`: a name with hyphens.
fn hyphenated(tokens: Tokens<'_>, rest: Tokens<'_>) -> Option<(Spanned<String>, Diagnostic)> {
    let name = tokens.first().filter(|first| first.kind == Kind::Word && first.end == rest.here().start)?;
    let mut end = rest;
    let mut last = name.end;
    while let Some(token) = end.first().filter(|token| {
        token.start == last && matches!(token.kind, Kind::Minus | Kind::Word | Kind::Number | Kind::Dot)
    }) {
        last = token.end;
        end = end.rest();
    }
    let span = tokens.until(end);
    let written = tokens.text.get(span.start as usize..span.end as usize)?;
    let fixed = snake_case(written);
    (written.contains('-') && name.start == span.start).then(|| {
        let diagnostic =
            Diagnostic::error(codes::NAME, span, format!("`{written}` is not a name: hyphens are minus signs"));
        (Spanned::new(fixed.clone(), span), diagnostic.fix(format!("Write {fixed}"), span, fixed))
    })
}

/// `plan Q1 2027`, `plan FY27-Q1`, `plan "2027-Q1"`: a period as it is written elsewhere.
fn other_period(tokens: Tokens<'_>, read: &Read<'_, ()>) -> Option<(Spanned<Period>, Diagnostic)> {
    let sound = matches!(read, Ok((rest, ())) if rest.is_empty());
    let (span, period) = habits::period(tokens)?;
    // `plan 2027 q1 { … }` names a team nobody has.
    if sound && !tokens.kind_at(0, Kind::Number) {
        return None;
    }
    let written = tokens.text.get(span.start as usize..span.end as usize)?;
    let message = format!("`{written}` is not how a period is written");
    let diagnostic = Diagnostic::error(codes::HEADER, span, message);
    Some((Spanned::new(period, span), diagnostic.fix(format!("Write {period}"), span, period.to_string())))
}

/// `metric "Returned orders" {`: a label and no name.
fn label_alone(kind: BlockKind, tokens: Tokens<'_>) -> Option<(Spanned<String>, Diagnostic)> {
    use BlockKind::{Benchmark, Event, Initiative, Market, Metric, Milestone, Risk, Scenario, Source};
    let label = tokens.first().filter(|first| first.kind == Kind::Text && tokens.len() == 1)?;
    let name = snake_case(&super::basic::unquoted(label, tokens.text).replace(['\'', '’'], ""));
    let name: String = name.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let span = tokens.span_of(label);
    let named = matches!(kind, Source | Metric | Market | Event | Initiative | Risk | Milestone | Scenario | Benchmark);
    (named && is_name(&name)).then(|| {
        let message = format!("this {} has a label and no name", kind.word());
        let diagnostic = Diagnostic::error(codes::HEADER, span, message)
            .hint(format!("A name stands before the label, and others refer to it: {}", form(kind)))
            .fix(format!("Call it {name}"), Span { end: span.start, ..span }, format!("{name} "));
        (Spanned::new(name, span), diagnostic)
    })
}

/// `event black friday`: a name of several words.
fn of_words(kind: BlockKind, tokens: Tokens<'_>, rest: Tokens<'_>) -> Option<(Spanned<String>, Diagnostic)> {
    if matches!(kind, BlockKind::Target | BlockKind::Judgement | BlockKind::Plan | BlockKind::Segment) {
        return None;
    }
    let mut end = rest;
    while end.kind_at(0, Kind::Word) && !end.word_at(0, "continues") {
        end = end.rest();
    }
    let whole = end.is_empty() || end.kind_at(0, Kind::Text);
    let span = tokens.until(end);
    let written = tokens.text.get(span.start as usize..span.end as usize)?;
    let words = written.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-'));
    let fixed = snake_case(written);
    (words && whole && end.len() < rest.len() && tokens.kind_at(0, Kind::Word) && is_name(&fixed)).then(|| {
        let message = format!("`{written}` is not a name: a name is one word");
        let diagnostic =
            Diagnostic::error(codes::NAME, span, message).fix(format!("Write {fixed}"), span, fixed.as_str());
        (Spanned::new(fixed.clone(), span), diagnostic)
    })
}

fn set_name(header: &mut Header, name: Spanned<String>) {
    header.head.name = Some(name);
}

fn named<'a>(kind: BlockKind, tokens: Tokens<'a>, header: &mut Header) -> Read<'a, ()> {
    let what = match kind {
        BlockKind::Target | BlockKind::Judgement => "the name of a metric",
        _ => "a name",
    };
    let (mut rest, found) = name(what)(tokens)?;
    set_name(header, found);
    if kind == BlockKind::Segment {
        let (after_of, of) = after("of", name("a source"))(rest)?;
        if of.is_none() {
            return Err(nom::Err::Error(super::Failure::expected(rest, Expected::Thing("`of` and a source"))));
        }
        header.head.of = of;
        rest = after_of;
    }
    if kind == BlockKind::Target {
        let (after_for, filter) = after("for", condition)(rest)?;
        header.head.filter = filter;
        rest = after_for;
    }
    if kind == BlockKind::Initiative {
        let (after_continues, continues) = after("continues", period)(rest)?;
        header.head.continues = continues;
        rest = after_continues;
    }
    if matches!(kind, BlockKind::Target | BlockKind::Judgement) {
        return Ok((rest, ()));
    }
    label(rest, header)
}

fn label<'a>(tokens: Tokens<'a>, header: &mut Header) -> Read<'a, ()> {
    let (rest, label) = opt(text).parse(tokens)?;
    header.label = label;
    Ok((rest, ()))
}

fn plan<'a>(tokens: Tokens<'a>, header: &mut Header) -> Read<'a, ()> {
    let (rest, of) = period(tokens)?;
    header.head.period = Some(of);
    let (rest, team) = opt(name("a team's name")).parse(rest)?;
    header.head.team = team;
    label(rest, header)
}

fn quoted<'a>(tokens: Tokens<'a>, header: &mut Header) -> Read<'a, ()> {
    let (rest, label) = text(tokens)?;
    header.label = Some(label);
    Ok((rest, ()))
}

fn changed<'a>(tokens: Tokens<'a>, header: &mut Header) -> Read<'a, ()> {
    let (rest, day) = date(tokens)?;
    header.head.date = Some(day);
    label(rest, header)
}

/// A name that is declared has to be one; names that only refer are found or not found later.
fn declared_name(kind: BlockKind, header: &mut Header) {
    if matches!(kind, BlockKind::Target | BlockKind::Judgement) {
        return;
    }
    for name in header.head.name.iter_mut().chain(&mut header.head.team) {
        if is_name(&name.node) {
            continue;
        }
        let fixed = snake_case(&name.node);
        let message = format!("`{}` is not a name: names are lower-case letters, digits and underscores", name.node);
        let mut diagnostic = Diagnostic::error(codes::NAME, name.span, message);
        if is_name(&fixed) {
            diagnostic = diagnostic.fix(format!("Write {fixed}"), name.span, fixed.as_str());
            // It is declared under the name that is meant: elsewhere it may be called that already.
            name.node = fixed;
        }
        header.diagnostics.push(diagnostic);
    }
}

/// Whether a word may be declared.
fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !JOINING.contains(&word)
}

/// The name a word was meant to be: `WeeklyOrders` and `weekly-orders` are `weekly_orders`.
fn snake_case(word: &str) -> String {
    let mut name = String::new();
    let mut before_lower = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && before_lower {
            name.push('_');
        }
        before_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    name.trim_matches('_').to_owned()
}
