//! From the tokens of one value to the value its key takes.

pub mod basic;
mod condition;
mod failure;
mod formula;
pub mod habits;
pub mod header;
mod life;
mod measure;
mod method;
mod number;
mod source;
mod time;
mod unit;

use super::token::{Kind, Token, Tokens};
use super::value::{Better, Condition, Measure, Step, Value};
use crate::codes::syntax as codes;
use crate::keys::{Key, Type};
use crate::{Diagnostic, Spanned};
use basic::{Read, list, path, text, word};
pub use failure::{Failure, diagnose};
pub use measure::starts_funnel;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map};

/// The most operators an expression may have: more would nest too deep for those who walk it.
const MOST_OPERATORS: usize = 200;

/// Reads a whole value of a key.
///
/// # Errors
/// What is wrong with it, worded with what the key takes.
pub fn value(key: &Key, tokens: Tokens<'_>) -> Result<Value, Box<Diagnostic>> {
    too_many_operators(tokens)?;
    match by_type(key.ty, tokens) {
        Ok((rest, value)) if rest.is_empty() => Ok(value),
        Ok((rest, _)) => {
            let told = left_over(key, tokens, rest).hint(takes(key, first_word(tokens)));
            Err(Box::new(habits::mend(key, tokens, told)))
        }
        Err(nom::Err::Error(failure) | nom::Err::Failure(failure)) => {
            let takes = takes(key, first_word(tokens));
            let told = failed(key, tokens, failure, &takes);
            // A mistake that says neither what to do nor how to mend it is told with the form of the value.
            let told = if told.hints.is_empty() && told.fixes.is_empty() { told.hint(takes) } else { told };
            Err(Box::new(habits::mend(key, tokens, told)))
        }
        Err(nom::Err::Incomplete(_)) => Err(Box::new(Diagnostic::error(
            codes::NO_VALUE,
            tokens.here(),
            format!("the value of `{}` ends too early", key.name),
        ))),
    }
}

/// Reads the whole condition of a column or of a funnel's step.
///
/// # Errors
/// What is wrong with it.
pub fn row_condition(tokens: Tokens<'_>) -> Result<Spanned<Condition>, Box<Diagnostic>> {
    too_many_operators(tokens)?;
    let takes = "Here stands a value or condition over columns, such as `status = \"paid\" and amount > 0`.";
    match condition::condition(tokens) {
        Ok((rest, condition)) if rest.is_empty() => Ok(condition),
        Ok((rest, _)) => {
            let found = rest.first().map_or(String::new(), |token| token.shown(rest.text));
            let message = format!("{found} does not belong to the condition before it");
            Err(Box::new(Diagnostic::error(codes::LEFT_OVER, rest.here(), message).hint(takes)))
        }
        Err(nom::Err::Error(failure) | nom::Err::Failure(failure)) => {
            Err(Box::new(diagnose(failure, tokens, "the condition", takes)))
        }
        Err(nom::Err::Incomplete(_)) => {
            Err(Box::new(Diagnostic::error(codes::NO_VALUE, tokens.here(), "the condition ends too early")))
        }
    }
}

/// The header of a funnel's step: its name and label.
///
/// # Errors
/// What is wrong with it.
pub fn step(tokens: Tokens<'_>, condition: Spanned<Condition>) -> Result<Step, Box<Diagnostic>> {
    let read: Read<'_, _> = (measure::step_name, nom::combinator::opt(text)).parse(tokens);
    match read {
        Ok((rest, (name, label))) if rest.is_empty() => Ok(Step { name, label, condition }),
        Ok((rest, _)) => {
            let message = "a step is: step NAME \"Label\": CONDITION";
            Err(Box::new(Diagnostic::error(codes::HEADER, rest.here(), message)))
        }
        Err(nom::Err::Error(failure) | nom::Err::Failure(failure)) => {
            Err(Box::new(diagnose(failure, tokens, "the step", "A step is: step NAME \"Label\": CONDITION")))
        }
        Err(nom::Err::Incomplete(_)) => {
            Err(Box::new(Diagnostic::error(codes::HEADER, tokens.here(), "the step ends too early")))
        }
    }
}

/// Puts the steps into the funnel whose braces held them.
pub fn with_steps(value: Value, found: Vec<Step>) -> Value {
    match value {
        Value::Measure(mut measure) => {
            if let Measure::Funnel { steps, .. } = measure.as_mut() {
                *steps = found;
            }
            Value::Measure(measure)
        }
        other => other,
    }
}

fn too_many_operators(tokens: Tokens<'_>) -> Result<(), Box<Diagnostic>> {
    use nom::Input;
    if tokens.len() <= MOST_OPERATORS {
        return Ok(());
    }
    let operator = |token: &Token| {
        matches!(token.kind, Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Dot)
            || (token.kind == Kind::Word
                && matches!(token.text(tokens.text), "and" | "or" | "not" | "ago" | "over" | "where" | "from"))
    };
    let Some(one_too_many) = tokens.iter_elements().filter(operator).nth(MOST_OPERATORS) else { return Ok(()) };
    let message = format!("this value has more than {MOST_OPERATORS} operators");
    Err(Box::new(
        Diagnostic::error(codes::TOO_MANY_OPERATORS, tokens.span_of(one_too_many), message)
            .hint("Split it: a `column` of the source, a segment or a metric of its own can hold a part; long lists go into `in (…)`."),
    ))
}

/// Reads a value of a type.
fn by_type<'a>(ty: Type, input: Tokens<'a>) -> Read<'a, Value> {
    fn of<'a, T>(read: Read<'a, T>, wrap: impl FnOnce(T) -> Value) -> Read<'a, Value> {
        read.map(|(rest, value)| (rest, wrap(value)))
    }
    match ty {
        Type::Text => of(text(input), |text| Value::Text(text.node)),
        Type::Texts => of(list(text)(input), Value::Texts),
        Type::Name => of(path("a name")(input), |name| Value::Names(vec![name])),
        Type::Names => of(list(path("a name"))(input), Value::Names),
        Type::Word(known) => of(phrase(known)(input), Value::Word),
        Type::Number => of(number::count(input), Value::Number),
        Type::Part => of(number::chance(input), Value::Part),
        Type::Duration => of(time::duration(input), |duration| Value::Duration(duration.node)),
        Type::Date => of(time::date(input), |day| Value::Date(day.node)),
        Type::Dates => time::dates(input),
        Type::When => of(time::when(input), |when| Value::When(when.node)),
        Type::Unit => of(unit::declared(input), |unit| Value::Unit(unit.node)),
        Type::Amount => of(unit::amount(input), |amount| Value::Amount(Box::new(amount))),
        Type::Level => number::level(input),
        Type::Bounds => of(number::bounds(input), |(low, high)| Value::Bounds(low, high)),
        Type::Better => of(better(input), Value::Better),
        Type::Change => method::shift(input),
        Type::Moves => method::moves(input),
        Type::Overlaps => method::overlaps(input),
        Type::Reads => of(time::reads(input), Value::Reads),
        Type::Measure => of(measure::measure(input), |measure| Value::Measure(Box::new(measure))),
        Type::Formula => of(formula::formula(input), |formula| Value::Formula(Box::new(formula))),
        Type::Condition => of(condition::condition(input), |condition| Value::Conditions(vec![condition])),
        Type::Conditions => of(condition::conditions(input), Value::Conditions),
        Type::Drives => method::drives(input),
        Type::Guard => of(method::guard(input), |guard| Value::Guard(Box::new(guard))),
        Type::MarketLink => method::market_link(input),
        Type::From => of(source::from(input), Value::From),
        Type::Join => source::join(input),
        Type::Arrives => source::arrives(input),
        Type::Skip => source::skip(input),
        Type::Rates => source::rates(input),
        Type::Method => of(method::method(input), |method| Value::Method(Box::new(method))),
        Type::Learn => life::learn(input),
        Type::Evidence => life::evidence(input),
        Type::Outcome => life::outcome(input),
        Type::Until => source::until(input),
        Type::Attested => life::attested(input),
        Type::Allow => life::allow(input),
    }
}

/// Words of a closed set, joined by one space.
fn phrase<'a>(known: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Read<'a, String> {
    move |input| {
        let mut rest = input;
        let mut written = String::new();
        while let Some(token) = rest.first().filter(|token| token.kind == Kind::Word) {
            if !written.is_empty() {
                written.push(' ');
            }
            written.push_str(token.text(input.text));
            rest = rest.rest();
        }
        if rest.is_empty() && known.contains(&written.as_str()) {
            return Ok((rest, written));
        }
        basic::refuse(input, life::none_of(input, input.span(), known))
    }
}

/// `higher`, `lower`, `between A and B`
fn better<'a>(input: Tokens<'a>) -> Read<'a, Better> {
    fn between<'a>(input: Tokens<'a>) -> Read<'a, Better> {
        let (rest, _) = word("between")(input)?;
        let (rest, (low, _, high)) = cut((number::own, word("and"), number::own)).parse(rest)?;
        let (low, high) = number::ends(input, low, high)?;
        Ok((rest, Better::Between(low, high)))
    }
    alt((map(word("higher"), |_| Better::Higher), map(word("lower"), |_| Better::Lower), between)).parse(input)
}

fn failed(key: &Key, tokens: Tokens<'_>, failure: Failure, takes: &str) -> Diagnostic {
    let wants_text = matches!(key.ty, Type::Text | Type::Texts) && failure.special.is_none();
    if wants_text && !tokens.is_empty() && !tokens.kind_at(0, Kind::Text) {
        let span = tokens.span();
        let written = tokens.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let quoted = format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\""));
        return Diagnostic::error(codes::UNQUOTED, span, format!("the text of `{}` has no quotes", key.name))
            .hint(takes.to_owned())
            .fix("Put it in quotes", span, quoted);
    }
    diagnose(failure, tokens, &format!("the value of `{}`", key.name), takes)
}

fn left_over(key: &Key, tokens: Tokens<'_>, rest: Tokens<'_>) -> Diagnostic {
    let found = rest.first().map_or(String::new(), |token| token.shown(rest.text));
    if rest.kind_at(0, Kind::Comma) {
        let message = format!("`{}` takes one value, and a list follows", key.name);
        return Diagnostic::error(codes::LEFT_OVER, rest.here(), message).hint(if key.repeatable {
            format!("Write `{}:` once for each.", key.name)
        } else {
            "Leave one of them.".to_owned()
        });
    }
    let message = format!("{found} does not belong to the value of `{}`", key.name);
    let read = tokens.until(rest);
    Diagnostic::error(codes::LEFT_OVER, rest.here(), message).label(read, "the value is complete here")
}

fn first_word<'a>(tokens: Tokens<'a>) -> &'a str {
    tokens.first().filter(|first| first.kind == Kind::Word).map_or("", |first| first.text(tokens.text))
}

/// The whole form of values that start with a word of their own.
const FORMS: &[(Type, &str, &str)] = &[
    (Type::Measure, "conversion", "conversion from signups to orders by customer_id within 7 days"),
    (Type::Measure, "funnel", "funnel from events by session_id within 1 day { step NAME: CONDITION … }"),
    (Type::Measure, "retention", "retention from signups to orders by customer_id after 28 days for 28 days"),
    (Type::Measure, "churn", "churn from subscriptions by customer_id per month"),
    (Type::Measure, "recorded", "recorded score in survey"),
    (Type::Method, "trend", "trend stretch +1pp"),
    (Type::Method, "benchmark", "benchmark competitor_a close 2/3 by 2027-Q4"),
    (Type::Method, "market", "market 10% of tam by 2028-Q4"),
    (Type::Method, "objective", "objective revenue +4% at 0.25% per 1%"),
    (Type::Outcome, "shipped", "shipped 2027-02-01"),
    (Type::Outcome, "dropped", "dropped because \"no capacity\""),
    (Type::Outcome, "measured", "measured 1.4pp"),
];

/// An amount as a key would have it.
fn amount_of(key: &str) -> &'static str {
    match key {
        "cost" => "120_000 GBP",
        "effort" => "30 person-weeks",
        "tam" | "sam" => "550_000 to 650_000",
        "som" => "100_000 by 2028-Q4",
        _ => "28 GBP to 34 GBP per order",
    }
}

/// What a key takes, with an example, as a sentence; a value's first word may choose the example.
pub fn takes(key: &Key, first: &str) -> String {
    if let Some((_, word, form)) = FORMS.iter().find(|(ty, word, _)| *ty == key.ty && *word == first) {
        return format!("`{word}` is written like this: {}: {form}", key.name);
    }
    let (what, example) = match key.ty {
        Type::Text => ("a text in quotes", "\"logistics@grocer.example\""),
        Type::Texts => ("texts in quotes, separated by commas", "\"WAT\", \"active teams\""),
        Type::Name => ("a name", "delivered_at"),
        Type::Names => ("names, separated by commas", "weekly_orders, platform"),
        Type::Word(words) => return format!("`{}` takes one of: {}.", key.name, words.join(", ")),
        Type::Number => ("a plain number", "48_000"),
        Type::Part => ("a share of the whole, 0% to 100%", "60%"),
        Type::Duration => ("a duration", "2 days"),
        Type::Date => ("a day", "2027-02-01"),
        Type::Dates => ("days", "2024-11-29 to 2024-12-02, 2025-11-28"),
        Type::When => ("a day or a period", "2027-Q1"),
        Type::Unit => ("a unit", "orders per household"),
        Type::Amount => ("an amount or a range", amount_of(key.name)),
        Type::Level => ("a number in the metric's own unit", "94.5%"),
        Type::Bounds => ("two numbers with `to` between them", "-100 to 100"),
        Type::Better => ("`higher`, `lower` or a range", "between 5 and 10"),
        Type::Change => ("a change", "-1%"),
        Type::Moves => ("a metric and by how much it moves", "on_time_rate by 1pp to 3pp"),
        Type::Overlaps => ("an initiative and a share", "route_planner 30%"),
        Type::Reads => ("`total`, `last`, `whole` or an average", "average week"),
        Type::Measure => ("what is counted", "count() from orders where status = \"delivered\""),
        Type::Formula => ("arithmetic over metrics", "ordering_customers * orders_per_customer"),
        Type::Condition => ("a condition over columns", "status = \"delivered\" and on_time"),
        Type::Conditions => ("conditions, separated by commas", "order_id is unique, amount >= 0"),
        Type::Drives => ("a metric, and if known its lag and slope", "revenue lag 4 weeks at 0.25pp per 1%"),
        Type::Guard => ("a metric and its limit", "tickets_per_order at most 5% above same quarter last year"),
        Type::MarketLink => ("a market, and how much one of its units gives", "households at 0.6 orders per household"),
        Type::From => ("a file, or a connection and its table", "\"data/orders.csv\""),
        Type::Join => ("another source and the column that leads to it", "customers on customer_id"),
        Type::Arrives => ("how long after a period's end its rows are all there", "8 days after month end"),
        Type::Skip => ("how many rows may be left out", "at most 5"),
        Type::Rates => ("currencies and what one of each is worth", "EUR 0.85, USD 0.79"),
        Type::Method => ("trend, benchmark, market, initiatives or objective", "market 10% of tam by 2028-Q4"),
        Type::Learn => ("what is to be learnt, and by when", "\"a baseline\" by 2027-02-28"),
        Type::Evidence => ("a grade and what it is", "pilot \"York depot, 2026-Q2\""),
        Type::Outcome => ("what became of it", "slipped to 2027-03-15 because \"planning permission\""),
        Type::Until => (
            "a metric, or a sentence and what replaces it, and until when",
            "\"use orders\" replaced by orders until 2027-Q2",
        ),
        Type::Attested => {
            ("what is vouched for, by whom and on which day", "value by \"ana@grocer.example\" on 2026-11-02")
        }
        Type::Allow => ("a lint's code and why it is allowed", "L012 \"agreed with finance\""),
    };
    format!("`{}` takes {what}, such as: {}: {example}", key.name, key.name)
}
