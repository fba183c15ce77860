//! One column of a text file, read as what its uses ask for.

use super::dates::{Shape, date_hint, day_of};
use super::field::{Field, Manner};
use super::number::{Number, SCALE, read_number, to_float};
use super::numeral::{Numeral, currencies_of, read_numeral};
use crate::grid::Clock;
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use datafusion::error::DataFusionError;
use quarterdeck_calendar::Period;
use std::sync::Arc;

/// What a column is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Only told apart: text will do.
    Any,
    /// Compared with another column of unknown kind: its first values decide.
    Guess,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A date, perhaps with a time.
    Time,
    /// True or false.
    Bool,
}

impl Kind {
    /// The kind in words, in the plural.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Any | Kind::Guess | Kind::Text => "texts",
            Kind::Number => "numbers",
            Kind::Time => "dates",
            Kind::Bool => "yes or no",
        }
    }
}

/// A value that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub hint: String,
}

/// Collects one column.
pub struct Builder {
    values: Values,
    present: Vec<bool>,
    seen: Seen,
}

/// What the rows so far have in common, and the line that showed it.
#[derive(Clone, Debug, Default)]
struct Seen {
    shape: Option<(Shape, u64)>,
    percent: Option<(bool, u64)>,
    currency: Option<(String, u64)>,
    /// The first number that could have thousands apart as well as decimals, until another shows which it is.
    doubt: Option<(String, u64)>,
    plain: bool,
}

/// How far a column has come, to return to where a row turns out to be none.
#[derive(Clone, Debug)]
pub struct Mark {
    rows: usize,
    seen: Seen,
}

enum Values {
    Text { bytes: Vec<u8>, ends: Vec<i32> },
    Exact(Vec<i128>),
    Float(Vec<f64>),
    Time(Vec<i64>),
    Bool(Vec<bool>),
    Undecided,
}

impl Builder {
    /// A column read as `kind`.
    pub fn new(kind: Kind) -> Builder {
        let values = match kind {
            Kind::Any | Kind::Text => Values::Text { bytes: Vec::new(), ends: Vec::new() },
            Kind::Number => Values::Exact(Vec::new()),
            Kind::Time => Values::Time(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
            Kind::Guess => Values::Undecided,
        };
        Builder { values, present: Vec::new(), seen: Seen::default() }
    }

    /// Where the column stands.
    pub fn mark(&self) -> Mark {
        Mark { rows: self.present.len(), seen: self.seen.clone() }
    }

    /// Takes back what was added since.
    pub fn take_back(&mut self, mark: &Mark) {
        self.present.truncate(mark.rows);
        self.seen = mark.seen.clone();
        match &mut self.values {
            Values::Text { bytes, ends } => {
                ends.truncate(mark.rows);
                bytes.truncate(ends.last().map_or(0, |end| *end as usize));
            }
            Values::Exact(values) => values.truncate(mark.rows),
            Values::Float(values) => values.truncate(mark.rows),
            Values::Time(values) => values.truncate(mark.rows),
            Values::Bool(values) => values.truncate(mark.rows),
            Values::Undecided => {}
        }
    }

    /// Adds a row's value; `currency` is the one the row says it is in.
    pub fn push(&mut self, field: Field<'_>, line: u64, manner: &Manner, currency: Option<&str>) -> Result<(), Misfit> {
        let text = match field {
            Field::Text(text) if manner.is_blank(text) => &[],
            Field::Text(text) | Field::Plain(text) => text,
            Field::Date(date, clock) => return self.push_date(date, clock, line),
            Field::Period(period) => return self.push_period(period, line, manner),
            Field::Empty => &[],
        };
        if text.is_empty() {
            self.push_nothing();
            return Ok(());
        }
        if matches!(self.values, Values::Undecided) {
            self.decide(text, manner);
        }
        match &mut self.values {
            Values::Text { bytes, ends } => {
                bytes.extend_from_slice(text);
                let end = i32::try_from(bytes.len()).map_err(|_| Misfit {
                    expected: "at most 2 GB of text in a column".into(),
                    hint: "convert the file to Parquet".into(),
                })?;
                ends.push(end);
            }
            Values::Exact(_) | Values::Float(_) => self.push_number(field, text, line, manner, currency)?,
            Values::Time(_) => self.push_time(text, line, manner)?,
            Values::Bool(values) => values.push(read_bool(text).ok_or_else(|| Misfit {
                expected: "yes or no".into(),
                hint: "write true or false, yes or no, 1 or 0".into(),
            })?),
            Values::Undecided => {}
        }
        self.present.push(true);
        Ok(())
    }

    fn push_nothing(&mut self) {
        self.present.push(false);
        match &mut self.values {
            Values::Text { bytes, ends } => ends.push(bytes.len() as i32),
            Values::Exact(values) => values.push(0),
            Values::Float(values) => values.push(0.0),
            Values::Time(values) => values.push(0),
            Values::Bool(values) => values.push(false),
            Values::Undecided => {}
        }
    }

    /// The first value of a column of unknown kind says what the column is.
    fn decide(&mut self, text: &[u8], manner: &Manner) {
        let before = self.present.len();
        let is_date = std::str::from_utf8(text).ok().and_then(|text| manner.dates.read(text)).is_some();
        self.values = if numeral(text, manner).is_ok() {
            Values::Exact(vec![0; before])
        } else if is_date {
            Values::Time(vec![0; before])
        } else {
            Values::Text { bytes: Vec::new(), ends: vec![0; before] }
        };
    }

    fn push_number(
        &mut self,
        field: Field<'_>,
        text: &[u8],
        line: u64,
        manner: &Manner,
        currency: Option<&str>,
    ) -> Result<(), Misfit> {
        let read = match (field, read_number(text)) {
            (Field::Plain(_), Some(number)) => Numeral { number, percent: false, currency: None },
            _ => numeral(text, manner)?,
        };
        if matches!(field, Field::Text(_)) {
            self.keep_percent(&read, line)?;
            if manner.style.is_none() && !self.seen.plain {
                self.weigh_point(text, line);
            }
        }
        let number = self.keep_currency(read, line, manner, currency)?;
        match (&mut self.values, number) {
            (Values::Exact(values), Number::Exact(value)) => values.push(value),
            (Values::Exact(values), Number::Float(value)) => {
                // One number too long for an exact one makes the whole column floating.
                let mut floats: Vec<f64> = values.iter().map(|value| to_float(*value, SCALE)).collect();
                floats.push(value);
                self.values = Values::Float(floats);
            }
            (Values::Float(values), Number::Exact(value)) => values.push(to_float(value, SCALE)),
            (Values::Float(values), Number::Float(value)) => values.push(value),
            _ => {}
        }
        Ok(())
    }

    /// Without a declared style `1.204` is a little over one or a little over twelve hundred: some other number of the column has
    /// to show that its points stand before decimals.
    fn weigh_point(&mut self, text: &[u8], line: u64) {
        let bare = text.trim_ascii().trim_ascii_start();
        let bare = bare.strip_prefix(b"-").or_else(|| bare.strip_prefix(b"+")).unwrap_or(bare);
        let whole = bare.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let decimals = match bare.get(whole) {
            None => None,
            Some(b'.') => Some(bare.iter().skip(whole + 1).take_while(|byte| byte.is_ascii_digit()).count()),
            // What stands beside a number says nothing of its point.
            Some(_) => return,
        };
        match decimals {
            Some(3) if (1..=3).contains(&whole) && bare.first() != Some(&b'0') => {
                if self.seen.doubt.is_none() {
                    self.seen.doubt = Some((String::from_utf8_lossy(text).into_owned(), line));
                }
            }
            None if whole <= 3 => {}
            _ => self.seen.plain = true,
        }
    }

    /// A number with two readings, where nothing in the column says which is meant.
    pub fn doubt(&self) -> Option<(&str, u64, Misfit)> {
        let (text, line) = self.seen.doubt.as_ref().filter(|_| !self.seen.plain)?;
        Some((text, *line, super::numeral::two_readings(text)))
    }

    /// A column does not mix percentages and plain numbers: 42% and 42 are not the same thing. Nothing is nothing in both.
    fn keep_percent(&mut self, read: &Numeral, line: u64) -> Result<(), Misfit> {
        if matches!(read.number, Number::Exact(0)) {
            return Ok(());
        }
        match self.seen.percent {
            None => self.seen.percent = Some((read.percent, line)),
            Some((before, at)) if before != read.percent => {
                let (now, then) = if read.percent { ("a plain number", "42.0%") } else { ("a percentage", "42.0") };
                return Err(Misfit {
                    expected: format!("{now} as in line {at}"),
                    hint: format!(
                        "write every number of the column in one way; {then} beside it would be read as something else"
                    ),
                });
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// The number in the currency of the column: as it stands where all amounts bear one sign, by its rate where there are rates.
    fn keep_currency(
        &mut self,
        read: Numeral,
        line: u64,
        manner: &Manner,
        currency: Option<&str>,
    ) -> Result<Number, Misfit> {
        if manner.rates.is_empty() {
            if let Some(found) = read.currency {
                match &self.seen.currency {
                    None => self.seen.currency = Some((found, line)),
                    Some((before, at)) if *before != found => {
                        let code = currencies_of(&found).first().copied().unwrap_or(&found);
                        return Err(Misfit {
                            expected: format!("an amount in {before} as in line {at}, not in {found}"),
                            hint: format!(
                                "say what one of each is worth in the workspace's currency: `rates: {code} …`"
                            ),
                        });
                    }
                    Some(_) => {}
                }
            }
            return Ok(read.number);
        }
        let beside = read.currency.as_deref().map(|sign| meant(sign, manner)).transpose()?;
        let code = match (beside, currency) {
            (Some(beside), Some(row)) if beside != row => {
                return Err(Misfit {
                    expected: format!("an amount in {row}, as the row says, not in {beside}"),
                    hint: "one of the two is wrong".into(),
                });
            }
            (Some(code), _) | (None, Some(code)) => code.to_owned(),
            (None, None) => return Ok(read.number),
        };
        let rate = manner.rates.get(&code).copied().ok_or_else(|| no_rate(&code))?;
        Ok(worth(read.number, rate))
    }

    fn push_date(&mut self, date: chrono::NaiveDateTime, clock: Clock, line: u64) -> Result<(), Misfit> {
        if matches!(self.values, Values::Undecided) {
            self.values = Values::Time(vec![0; self.present.len()]);
        }
        match &mut self.values {
            Values::Text { bytes, ends } => {
                let shown = match clock {
                    Clock::Day => date.date().to_string(),
                    Clock::Time => date.to_string(),
                };
                bytes.extend_from_slice(shown.as_bytes());
                ends.push(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
            }
            Values::Time(_) => {
                let shape = if clock == Clock::Day { Shape::Day } else { Shape::Local };
                self.keep_time(date.and_utc().timestamp_micros(), shape, line)?;
            }
            _ => {
                return Err(Misfit {
                    expected: format!("{}, not a date", self.kind().words()),
                    hint: "check that the column is the right one".into(),
                });
            }
        }
        self.present.push(true);
        Ok(())
    }

    fn push_period(&mut self, period: Period, line: u64, manner: &Manner) -> Result<(), Misfit> {
        match &mut self.values {
            Values::Time(_) => {
                let (micros, shape) = manner.dates.start_of(period);
                self.keep_time(micros, shape, line)?;
                self.present.push(true);
                Ok(())
            }
            _ => self.push(Field::Text(period.to_string().as_bytes()), line, manner, None),
        }
    }

    fn push_time(&mut self, text: &[u8], line: u64, manner: &Manner) -> Result<(), Misfit> {
        let found = std::str::from_utf8(text.trim_ascii()).unwrap_or_default();
        let dates = &manner.dates;
        let Some((micros, shape)) = dates.read(found) else {
            if let Some((_, at)) = self.seen.shape {
                return Err(Misfit {
                    expected: format!("{}, the form of line {at}", dates.expected()),
                    hint: "write every date of the column in one form".into(),
                });
            }
            return Err(Misfit { expected: dates.expected(), hint: date_hint(found, manner.declared) });
        };
        self.keep_time(micros, shape, line)
    }

    fn keep_time(&mut self, micros: i64, shape: Shape, line: u64) -> Result<(), Misfit> {
        match self.seen.shape {
            None => self.seen.shape = Some((shape, line)),
            Some((first, at)) if first != shape => {
                return Err(Misfit {
                    expected: format!("{} as in line {at}, not {}", first.words(), shape.words()),
                    hint: "write every value of the column in one form".into(),
                });
            }
            Some(_) => {}
        }
        if let Values::Time(values) = &mut self.values {
            values.push(micros);
        }
        Ok(())
    }

    /// The form its dates are written in.
    pub fn shape(&self) -> Option<Shape> {
        self.seen.shape.map(|(shape, _)| shape)
    }

    /// Whether its numbers are written in percent.
    pub fn is_percent(&self) -> bool {
        self.seen.percent.is_some_and(|(percent, _)| percent)
    }

    /// The kind it turned out to be.
    pub fn kind(&self) -> Kind {
        match self.values {
            Values::Text { .. } | Values::Undecided => Kind::Text,
            Values::Exact(_) | Values::Float(_) => Kind::Number,
            Values::Time(_) => Kind::Time,
            Values::Bool(_) => Kind::Bool,
        }
    }

    /// The column as the engine has it so far; what follows is of the same kind.
    pub fn take(&mut self) -> Result<ArrayRef, DataFusionError> {
        let next = match &self.values {
            Values::Text { .. } => Values::Text { bytes: Vec::new(), ends: Vec::new() },
            Values::Exact(_) => Values::Exact(Vec::new()),
            Values::Float(_) => Values::Float(Vec::new()),
            Values::Time(_) => Values::Time(Vec::new()),
            Values::Bool(_) => Values::Bool(Vec::new()),
            Values::Undecided => Values::Undecided,
        };
        let next = Builder { values: next, present: Vec::new(), seen: self.seen.clone() };
        std::mem::replace(self, next).finish()
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.present.len()
    }

    /// The column as the engine has it.
    pub fn finish(self) -> Result<ArrayRef, DataFusionError> {
        let rows = self.present.len();
        let nulls = self.present.contains(&false).then(|| NullBuffer::from(self.present));
        Ok(match self.values {
            Values::Undecided => Arc::new(StringArray::new_null(rows)),
            Values::Text { bytes, ends } => {
                let offsets: Vec<i32> = std::iter::once(0).chain(ends).collect();
                let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
                Arc::new(StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls)?)
            }
            Values::Exact(values) => {
                let array = Decimal128Array::new(ScalarBuffer::from(values), nulls);
                Arc::new(array.with_precision_and_scale(38, SCALE as i8)?)
            }
            Values::Float(values) => Arc::new(Float64Array::new(ScalarBuffer::from(values), nulls)),
            Values::Time(values) if self.seen.shape.is_some_and(|(shape, _)| shape.has_time()) => {
                Arc::new(TimestampMicrosecondArray::new(ScalarBuffer::from(values), nulls))
            }
            Values::Time(values) => {
                let days: Vec<i32> = values.into_iter().map(day_of).collect();
                Arc::new(Date32Array::new(ScalarBuffer::from(days), nulls))
            }
            Values::Bool(values) => Arc::new(BooleanArray::new(values.into(), nulls)),
        })
    }
}

/// A number under the source's manner: the plain form is read at once, as most are.
fn numeral(text: &[u8], manner: &Manner) -> Result<Numeral, Misfit> {
    let plain = manner.style.is_none_or(|style| style.decimal == '.');
    let trimmed = text.trim_ascii();
    if plain && let Some(number) = read_number(trimmed) {
        return Ok(Numeral { number, percent: false, currency: None });
    }
    match std::str::from_utf8(trimmed) {
        Ok(text) => read_numeral(text, manner.style.as_ref()),
        Err(_) => Err(Misfit {
            expected: "a number".into(),
            hint: "it is not written in UTF-8; say how with `encoding:`".into(),
        }),
    }
}

/// The currency a sign means: its own, or of several the workspace's or the only one with a rate.
fn meant<'a>(sign: &'a str, manner: &'a Manner) -> Result<&'a str, Misfit> {
    let several = currencies_of(sign);
    if several.is_empty() {
        return Ok(sign);
    }
    if several.contains(&manner.home.as_str()) {
        return Ok(&manner.home);
    }
    let known: Vec<&str> = several.iter().copied().filter(|code| manner.rates.contains_key(*code)).collect();
    match known.as_slice() {
        [only] => Ok(only),
        [] => Err(no_rate(several.first().copied().unwrap_or(sign))),
        many => Err(Misfit {
            expected: format!("an amount whose currency is plain, not {sign}, which is {}", many.join(" or ")),
            hint: "write the currency's code, or name it in a column of its own with `currency:`".into(),
        }),
    }
}

fn no_rate(code: &str) -> Misfit {
    Misfit {
        expected: "an amount in a currency that has a rate".into(),
        hint: format!("add what one {code} is worth in the workspace's currency to `rates:`"),
    }
}

/// An amount by its rate: exact to nine places where both are short, floating otherwise.
fn worth(number: Number, rate: f64) -> Number {
    let exact = match (number, read_number(format!("{rate}").as_bytes())) {
        (Number::Exact(value), Some(Number::Exact(rate))) => value.checked_mul(rate).map(|product| {
            let unit = 10i128.pow(SCALE);
            (product + product.signum() * unit / 2) / unit
        }),
        _ => None,
    };
    match (exact, number) {
        (Some(value), _) => Number::Exact(value),
        (None, Number::Exact(value)) => Number::Float(to_float(value, SCALE) * rate),
        (None, Number::Float(value)) => Number::Float(value * rate),
    }
}

fn read_bool(text: &[u8]) -> Option<bool> {
    match text.trim_ascii().to_ascii_lowercase().as_slice() {
        b"true" | b"t" | b"yes" | b"y" | b"1" => Some(true),
        b"false" | b"f" | b"no" | b"n" | b"0" => Some(false),
        _ => None,
    }
}
