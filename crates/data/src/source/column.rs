//! One column of a text file, read as what its uses ask for.

use super::dates::{DateReader, Shape, date_hint, day_of};
use super::number::{Number, SCALE, number_hint, read_number, to_float};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use datafusion::error::DataFusionError;
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
    shape: Option<(Shape, u64)>,
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
        Builder { values, present: Vec::new(), shape: None }
    }

    /// Adds a row's value; an empty text is no value.
    pub fn push(&mut self, text: &[u8], line: u64, dates: &DateReader, declared: bool) -> Result<(), Misfit> {
        if text.is_empty() {
            self.push_nothing();
            return Ok(());
        }
        if matches!(self.values, Values::Undecided) {
            self.decide(text, dates);
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
            Values::Exact(_) | Values::Float(_) => self.push_number(text)?,
            Values::Time(_) => self.push_time(text, line, dates, declared)?,
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
    fn decide(&mut self, text: &[u8], dates: &DateReader) {
        let before = self.present.len();
        let is_date = std::str::from_utf8(text).ok().and_then(|text| dates.read(text)).is_some();
        self.values = if read_number(text).is_some() {
            Values::Exact(vec![0; before])
        } else if is_date {
            Values::Time(vec![0; before])
        } else {
            Values::Text { bytes: Vec::new(), ends: vec![0; before] }
        };
    }

    fn push_number(&mut self, text: &[u8]) -> Result<(), Misfit> {
        let trimmed = text.trim_ascii();
        let number = read_number(trimmed)
            .ok_or_else(|| Misfit { expected: "a number".into(), hint: number_hint(&String::from_utf8_lossy(text)) })?;
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

    fn push_time(&mut self, text: &[u8], line: u64, dates: &DateReader, declared: bool) -> Result<(), Misfit> {
        let found = std::str::from_utf8(text.trim_ascii()).unwrap_or_default();
        let Some((micros, shape)) = dates.read(found) else {
            if let Some((_, at)) = self.shape {
                return Err(Misfit {
                    expected: format!("{}, the form of line {at}", dates.expected()),
                    hint: "write every date of the column in one form".into(),
                });
            }
            return Err(Misfit { expected: dates.expected(), hint: date_hint(found, declared) });
        };
        match self.shape {
            None => self.shape = Some((shape, line)),
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
        self.shape.map(|(shape, _)| shape)
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
            Values::Time(values) if self.shape.is_some_and(|(shape, _)| shape.has_time()) => {
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

fn read_bool(text: &[u8]) -> Option<bool> {
    match text.trim_ascii().to_ascii_lowercase().as_slice() {
        b"true" | b"t" | b"yes" | b"y" | b"1" => Some(true),
        b"false" | b"f" | b"no" | b"n" | b"0" => Some(false),
        _ => None,
    }
}
