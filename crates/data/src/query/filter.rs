//! Conditions and values over one row, as SQL.
//!
//! A condition is true or false, never unknown: a comparison with an empty cell is false, so that `!=`, `not` and `not in`
//! hold for it (`status != "cancelled"` counts rows without a status). Arithmetic with an empty cell is empty. A time compared
//! with a day is compared by its day.

use super::kinds::{DEPTH, too_deep};
use crate::DataError;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Filter, Length, Place, RowOp, Source};
use std::collections::BTreeMap;

/// What a piece of SQL gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// An exact number with so many places.
    Exact(u32),
    /// A floating number.
    Float,
    /// Text.
    Text,
    /// A day.
    Day,
    /// A day and time on the workspace's clock.
    Moment,
    /// A distance of times in microseconds.
    Distance,
    /// True or false.
    Bool,
}

impl Type {
    fn words(self) -> &'static str {
        match self {
            Type::Exact(_) | Type::Float => "a number",
            Type::Text => "a text",
            Type::Day | Type::Moment => "a date",
            Type::Distance => "a length of time",
            Type::Bool => "yes or no",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Type::Exact(_) | Type::Float)
    }

    fn is_time(self) -> bool {
        matches!(self, Type::Day | Type::Moment)
    }
}

/// A piece of SQL and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    /// The SQL, in parentheses where it needs them.
    pub text: String,
    /// What it gives.
    pub gives: Type,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The model, for segments.
    pub model: &'a Model,
    /// The source, for computed columns.
    pub source: &'a Source,
    /// Its name.
    pub name: &'a str,
    /// Each column of its files.
    pub columns: &'a BTreeMap<String, Sql>,
    /// Where the expression is written, for messages.
    pub place: &'a Place,
}

/// Digits after the point in a product of exact numbers; a product of products is floating.
const PRODUCT: u32 = 18;

impl Scope<'_> {
    /// A condition.
    pub fn condition(&self, filter: &Filter) -> Result<String, DataError> {
        let sql = self.compile(filter, 0)?;
        if sql.gives != Type::Bool {
            return Err(self.meaning(format!("a condition is needed here, and this is {}", sql.gives.words())));
        }
        Ok(sql.text)
    }

    /// A number; lengths of time count in units of `unit` microseconds.
    pub fn number(&self, filter: &Filter, unit: i64) -> Result<Sql, DataError> {
        let sql = self.compile(filter, 0)?;
        match sql.gives {
            Type::Exact(_) | Type::Float => Ok(sql),
            Type::Distance => {
                Ok(Sql { text: format!("CAST({} AS DOUBLE) / {unit}.0e0", sql.text), gives: Type::Float })
            }
            other => Err(self.meaning(format!("a number is needed here, and this is {}", other.words()))),
        }
    }

    /// A value of any kind.
    pub fn value(&self, filter: &Filter) -> Result<Sql, DataError> {
        self.compile(filter, 0)
    }

    /// The day of a time column.
    pub fn day(&self, time: &str) -> Result<String, DataError> {
        let sql = self.compile(&Filter::Column(time.to_owned()), 0)?;
        match sql.gives {
            Type::Day => Ok(sql.text),
            Type::Moment => Ok(format!("CAST({} AS DATE)", sql.text)),
            other => Err(self.meaning(format!("`{time}` says when rows happened, and it holds {}", other.words()))),
        }
    }

    fn meaning(&self, message: String) -> DataError {
        DataError::Meaning {
            message: format!("source `{}`: {message}", self.name),
            hint: "dates stand without quotes (2027-02-01), texts in quotes, numbers alone".into(),
            place: self.place.clone(),
        }
    }

    fn compile(&self, filter: &Filter, depth: usize) -> Result<Sql, DataError> {
        if depth > DEPTH {
            return Err(too_deep(self.place));
        }
        let deeper = depth + 1;
        let bool = |text: String| Ok(Sql { text, gives: Type::Bool });
        match filter {
            Filter::Column(name) => self.column(name, deeper),
            Filter::Joined { source, column } => self.column(&joined_name(source, column), deeper),
            Filter::Number(number) => Ok(literal(*number)),
            Filter::Text(text) => Ok(Sql { text: quote_text(text), gives: Type::Text }),
            Filter::Date(day) => Ok(Sql { text: quote_day(*day), gives: Type::Day }),
            Filter::Length(length) => Ok(Sql { text: micros(*length).to_string(), gives: Type::Distance }),
            Filter::Bool(value) => bool(value.to_string().to_uppercase()),
            Filter::Not(inner) => bool(format!("({} IS NOT TRUE)", self.truth(inner, deeper)?)),
            Filter::Neg(inner) => {
                let sql = self.compile(inner, deeper)?;
                if !sql.gives.is_number() && sql.gives != Type::Distance {
                    return Err(self.meaning(format!("only numbers have a minus, and this is {}", sql.gives.words())));
                }
                Ok(Sql { text: format!("(- {})", sql.text), gives: sql.gives })
            }
            Filter::Binary(op @ (RowOp::And | RowOp::Or), ..) => self.connected(*op, filter, deeper),
            Filter::Binary(op @ (RowOp::Add | RowOp::Subtract), a, b) => self.sum(*op, a, b, deeper),
            Filter::Binary(op @ (RowOp::Multiply | RowOp::Divide), a, b) => self.product(*op, a, b, deeper),
            Filter::Binary(op, a, b) => {
                let (a, b) = self.comparable(self.compile(a, deeper)?, self.compile(b, deeper)?)?;
                bool(format!("({a} {} {b})", comparison(*op)))
            }
            Filter::In(inner, list) => self.one_of(inner, list, deeper),
            Filter::IsNull(inner) => bool(format!("({} IS NULL)", self.compile(inner, deeper)?.text)),
            Filter::Like(inner, pattern) => {
                let sql = self.compile(inner, deeper)?;
                if sql.gives != Type::Text {
                    return Err(self.meaning(format!("`like` compares texts, and this is {}", sql.gives.words())));
                }
                bool(format!("({} LIKE {})", sql.text, quote_text(pattern)))
            }
            Filter::Between(inner, low, high) => {
                let inner = self.compile(inner, deeper)?;
                let (a, low) = self.comparable(inner.clone(), self.compile(low, deeper)?)?;
                let (b, high) = self.comparable(inner, self.compile(high, deeper)?)?;
                bool(format!("({a} >= {low} AND {b} <= {high})"))
            }
            Filter::InSegment(name) => match self.model.segments.get(name) {
                Some(segment) => bool(self.truth(&segment.filter, deeper)?),
                None => Err(self.meaning(format!("there is no segment `{name}`"))),
            },
            Filter::IsUnique(_) => Err(self.meaning("`is unique` stands only in `expect`".into())),
        }
    }

    fn column(&self, name: &str, depth: usize) -> Result<Sql, DataError> {
        if let Some(computed) = self.source.columns.iter().find(|column| column.name == name) {
            return self.compile(&computed.value, depth);
        }
        match self.columns.get(name) {
            Some(sql) => Ok(sql.clone()),
            None => Err(self.meaning(format!("there is no column `{name}`"))),
        }
    }

    fn truth(&self, filter: &Filter, depth: usize) -> Result<String, DataError> {
        let sql = self.compile(filter, depth)?;
        if sql.gives != Type::Bool {
            return Err(
                self.meaning(format!("`and`, `or` and `not` join conditions, and this is {}", sql.gives.words()))
            );
        }
        Ok(sql.text)
    }

    /// A chain of one connective, flat: engines limit how deep parentheses may stand.
    fn connected(&self, op: RowOp, filter: &Filter, depth: usize) -> Result<Sql, DataError> {
        let mut parts = Vec::new();
        let mut open = vec![filter];
        while let Some(next) = open.pop() {
            match next {
                Filter::Binary(same, a, b) if *same == op => {
                    open.push(b);
                    open.push(a);
                }
                other => parts.push(self.truth(other, depth)?),
            }
        }
        let word = if op == RowOp::And { " AND " } else { " OR " };
        Ok(Sql { text: format!("({})", parts.join(word)), gives: Type::Bool })
    }

    fn one_of(&self, inner: &Filter, list: &[Filter], depth: usize) -> Result<Sql, DataError> {
        let inner = self.compile(inner, depth)?;
        let mut tests = Vec::new();
        for item in list {
            let (a, b) = self.comparable(inner.clone(), self.compile(item, depth)?)?;
            tests.push((a, b));
        }
        let text = match tests.first() {
            None => "FALSE".to_owned(),
            Some((first, _)) if tests.iter().all(|(a, _)| a == first) => {
                let items: Vec<&str> = tests.iter().map(|(_, b)| b.as_str()).collect();
                format!("({first} IN ({}))", items.join(", "))
            }
            Some(_) => {
                let equal: Vec<String> = tests.iter().map(|(a, b)| format!("{a} = {b}")).collect();
                format!("({})", equal.join(" OR "))
            }
        };
        Ok(Sql { text, gives: Type::Bool })
    }

    /// Two values made comparable.
    fn comparable(&self, a: Sql, b: Sql) -> Result<(String, String), DataError> {
        let same = match (a.gives, b.gives) {
            (Type::Exact(x), Type::Exact(y)) if x.max(y) <= 9 => (a.text, b.text),
            (x, y) if x.is_number() && y.is_number() => (double(&a), double(&b)),
            (Type::Day, Type::Moment) => (a.text, format!("CAST({} AS DATE)", b.text)),
            (Type::Moment, Type::Day) => (format!("CAST({} AS DATE)", a.text), b.text),
            (x, y) if x == y => (a.text, b.text),
            (x, y) => {
                let message = format!("{} is compared with {}: `{}` and `{}`", x.words(), y.words(), a.text, b.text);
                return Err(self.meaning(message));
            }
        };
        Ok(same)
    }

    fn sum(&self, op: RowOp, a: &Filter, b: &Filter, depth: usize) -> Result<Sql, DataError> {
        let sign = if op == RowOp::Add { '+' } else { '-' };
        // A length beside a time moves it, by months where the length is in months.
        if let Filter::Length(length) = b {
            let base = self.compile(a, depth)?;
            if base.gives.is_time() {
                return Ok(moved(base, sign, *length));
            }
        } else if let (Filter::Length(length), RowOp::Add) = (a, op) {
            let base = self.compile(b, depth)?;
            if base.gives.is_time() {
                return Ok(moved(base, sign, *length));
            }
        }
        let (a, b) = (self.compile(a, depth)?, self.compile(b, depth)?);
        match (a.gives, b.gives) {
            (Type::Exact(x), Type::Exact(y)) if x.max(y) <= 9 || x == y => {
                Ok(Sql { text: format!("({} {sign} {})", a.text, b.text), gives: Type::Exact(x.max(y)) })
            }
            (x, y) if x.is_number() && y.is_number() => {
                Ok(Sql { text: format!("({} {sign} {})", double(&a), double(&b)), gives: Type::Float })
            }
            (Type::Distance, Type::Distance) => {
                Ok(Sql { text: format!("({} {sign} {})", a.text, b.text), gives: Type::Distance })
            }
            (x, y) if x.is_time() && y.is_time() && op == RowOp::Subtract => {
                Ok(Sql { text: format!("({} - {})", clock(&a), clock(&b)), gives: Type::Distance })
            }
            (x, Type::Distance) if x.is_time() => {
                let text = format!("CAST(({} {sign} {}) AS TIMESTAMP)", clock(&a), b.text);
                Ok(Sql { text: text.replace("AS TIMESTAMP", "AS TIMESTAMP(6)"), gives: Type::Moment })
            }
            (x, y) => {
                let verb = if op == RowOp::Add { "added to" } else { "subtracted from" };
                Err(self.meaning(format!("{} cannot be {verb} {}", y.words(), x.words())))
            }
        }
    }

    fn product(&self, op: RowOp, a: &Filter, b: &Filter, depth: usize) -> Result<Sql, DataError> {
        let (a, b) = (self.compile(a, depth)?, self.compile(b, depth)?);
        let times = op == RowOp::Multiply;
        match (a.gives, b.gives) {
            (Type::Exact(x), Type::Exact(y)) if times && x + y <= PRODUCT => {
                Ok(Sql { text: format!("({} * {})", a.text, b.text), gives: Type::Exact(x + y) })
            }
            (x, y) if x.is_number() && y.is_number() && times => {
                Ok(Sql { text: format!("({} * {})", double(&a), double(&b)), gives: Type::Float })
            }
            // A division by zero is empty.
            (x, y) if x.is_number() && y.is_number() => {
                Ok(Sql { text: format!("({} / nullif({}, 0.0e0))", double(&a), double(&b)), gives: Type::Float })
            }
            (x, y) => Err(self.meaning(format!(
                "only numbers are multiplied and divided, and these are {} and {}",
                x.words(),
                y.words()
            ))),
        }
    }
}

fn comparison(op: RowOp) -> &'static str {
    match op {
        RowOp::Equal => "=",
        // An empty cell is different from every value.
        RowOp::NotEqual => "IS DISTINCT FROM",
        RowOp::Less => "<",
        RowOp::AtMost => "<=",
        RowOp::More => ">",
        _ => ">=",
    }
}

/// A number as a floating one.
pub fn double(sql: &Sql) -> String {
    if sql.gives == Type::Float { sql.text.clone() } else { format!("CAST({} AS DOUBLE)", sql.text) }
}

/// Microseconds since 1970.
pub fn clock(sql: &Sql) -> String {
    match sql.gives {
        Type::Day => format!("(CAST(CAST({} AS INT) AS BIGINT) * 86400000000)", sql.text),
        _ => format!("CAST({} AS BIGINT)", sql.text),
    }
}

fn moved(base: Sql, sign: char, length: Length) -> Sql {
    let (amount, word, gives) = match length {
        Length::Minutes(minutes) => (minutes, "MINUTE", Type::Moment),
        Length::Grains(count, Grain::Day) => (count, "DAY", base.gives),
        Length::Grains(count, Grain::Week) => (count.saturating_mul(7), "DAY", base.gives),
        Length::Grains(count, Grain::Month) => (count, "MONTH", base.gives),
        Length::Grains(count, Grain::Quarter) => (count.saturating_mul(3), "MONTH", base.gives),
        Length::Grains(count, Grain::Half) => (count.saturating_mul(6), "MONTH", base.gives),
        Length::Grains(count, Grain::Year) => (count.saturating_mul(12), "MONTH", base.gives),
    };
    let start = if gives == base.gives { base.text } else { format!("CAST({} AS TIMESTAMP(6))", base.text) };
    Sql { text: format!("({start} {sign} INTERVAL '{amount} {word}')"), gives }
}

fn micros(length: Length) -> i64 {
    (length.days() * 86_400_000_000.0) as i64
}

/// A number as an exact literal where it is short enough.
fn literal(number: f64) -> Sql {
    let text = format!("{number}");
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    if places <= 9 && number.abs() < 1e15 {
        let text = if number < 0.0 { format!("({text})") } else { text };
        return Sql { text, gives: Type::Exact(places as u32) };
    }
    Sql { text: format!("CAST('{number:e}' AS DOUBLE)"), gives: Type::Float }
}

/// The name under which a joined column stands beside those of the source.
pub fn joined_name(source: &str, column: &str) -> String {
    format!("{source}.{column}")
}

/// A text as SQL writes it.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A day as SQL writes it.
pub fn quote_day(day: NaiveDate) -> String {
    format!("DATE '{day}'")
}
