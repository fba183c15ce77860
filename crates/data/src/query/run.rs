//! Leaves to SQL and the engine's rows to answers: everything asked of one table by day is one scan.

use super::answer::Answer;
use super::filter::{Scope, Sql, Type, double, quote_day};
use super::node::{Leaf, TableId, What};
use crate::DataError;
use crate::engine::{Engine, quote};
use crate::source::dates::date_of;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, UInt64Type};
use std::collections::BTreeMap;

/// Limits a leaf's values are pulled into.
pub type Limits = BTreeMap<usize, (f64, f64)>;

/// A query that answers several leaves, one row a range.
pub struct Batch {
    /// The leaves, in the order of the columns after the first.
    pub leaves: Vec<usize>,
    /// The query.
    pub sql: String,
}

/// An aggregate as SQL.
pub fn aggregate_sql(scope: Scope<'_>, leaf: &Leaf, limits: Option<(f64, f64)>) -> Result<String, DataError> {
    let scope = Scope { place: &leaf.place, ..scope };
    let number = |value| -> Result<Sql, DataError> {
        let sql = scope.number(value, leaf.unit)?;
        Ok(match limits {
            Some((low, high)) => {
                let text = pulled_in(&double(&sql), (low, high));
                Sql { text, gives: Type::Float }
            }
            None => sql,
        })
    };
    let call = match &leaf.what {
        What::Rows => "count(*)".to_owned(),
        What::Present(value) => format!("count({})", scope.value(value)?.text),
        What::Sum(value) => match number(value)? {
            Sql { text, gives: Type::Float } => format!("exact_sum({text})"),
            Sql { text, .. } => format!("sum({text})"),
        },
        What::Smallest(value) => format!("min({})", number(value)?.text),
        What::Largest(value) => format!("max({})", number(value)?.text),
        What::Distinct(value) => format!("count(DISTINCT {})", scope.value(value)?.text),
        What::Percentile(value, part) => {
            format!("exact_percentile({}, {part:e})", double(&number(value)?))
        }
        What::Deviation(value) => format!("exact_deviation({})", double(&number(value)?)),
        What::Keyed { .. } | What::Recorded { .. } | What::Entries(_) | What::Arrivals(_) => {
            return Err(DataError::Engine("not an aggregate".into()));
        }
    };
    match &leaf.filter {
        Some(filter) => Ok(format!("{call} FILTER (WHERE {})", strip(&scope.condition(filter)?))),
        None => Ok(call),
    }
}

/// A value pulled into limits; an empty one stays empty.
pub fn pulled_in(value: &str, (low, high): (f64, f64)) -> String {
    format!("CASE WHEN {value} < {low:e} THEN {low:e} WHEN {value} > {high:e} THEN {high:e} ELSE {value} END")
}

/// A condition without the parentheses around the whole of it.
pub fn strip(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut open = 0i32;
    let mut quoted = None;
    for letter in inner.chars() {
        match (quoted, letter) {
            (Some(mark), letter) if letter == mark => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(letter),
            (None, '(') => open += 1,
            (None, ')') => open -= 1,
            _ => {}
        }
        if open < 0 {
            return text;
        }
    }
    inner
}

/// The query that answers leaves of one table by day; its first leaf-less column counts the rows of the source.
pub fn day_query(
    scope: Scope<'_>,
    table: &TableId,
    leaves: &[(usize, &Leaf)],
    limits: &Limits,
) -> Result<Batch, DataError> {
    let mut items = vec![format!("{} AS \"day\"", scope.day(&table.time)?)];
    items.push(match &scope.source.filter {
        Some(filter) => format!("count(*) FILTER (WHERE {}) AS \"rows\"", strip(&scope.condition(filter)?)),
        None => "count(*) AS \"rows\"".to_owned(),
    });
    for (nth, (index, leaf)) in leaves.iter().enumerate() {
        let sql = aggregate_sql(scope, leaf, limits.get(index).copied())?;
        items.push(format!("{sql} AS {}", quote(&format!("a{}", nth + 1))));
    }
    let sql = format!("SELECT\n  {}\nFROM {}\nGROUP BY 1", items.join(",\n  "), quote(&table.source));
    Ok(Batch { leaves: leaves.iter().map(|(index, _)| *index).collect(), sql })
}

/// The query that answers leaves of one table by period of a grain, up to a day.
pub fn period_query(
    scope: Scope<'_>,
    table: &TableId,
    grain: &str,
    as_of: i32,
    leaves: &[(usize, &Leaf)],
    limits: &Limits,
) -> Result<Batch, DataError> {
    let day = scope.day(&table.time)?;
    let mut items = vec![format!("period_start('{grain}', {day}) AS {}", quote(grain))];
    for (nth, (index, leaf)) in leaves.iter().enumerate() {
        let sql = aggregate_sql(scope, leaf, limits.get(index).copied())?;
        items.push(format!("{sql} AS {}", quote(&format!("a{}", nth + 1))));
    }
    let sql = format!(
        "SELECT\n  {}\nFROM {}\nWHERE {day} <= {}\nGROUP BY 1",
        items.join(",\n  "),
        quote(&table.source),
        quote_day(date_of(as_of))
    );
    Ok(Batch { leaves: leaves.iter().map(|(index, _)| *index).collect(), sql })
}

/// A cell of the engine's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// An exact number and its places.
    Exact(i128, u32),
    /// A floating number.
    Float(f64),
    /// Nothing.
    Nothing,
}

/// Rows of numbers by day, and how many rows of the source have no day.
pub type ByDay = (BTreeMap<i32, Vec<Found>>, u64);

/// Rows by the day in their first column; those without a day are only counted, by their second.
pub fn rows_by_day(engine: &Engine, sql: &str) -> Result<ByDay, DataError> {
    let mut rows = BTreeMap::new();
    let mut undated = 0;
    engine.stream(sql, |batch| {
        let columns: Vec<Cells> = batch.columns().iter().skip(1).map(cells).collect::<Result<_, _>>()?;
        let Some(days) = batch.columns().first().and_then(|array| array.as_primitive_opt::<Date32Type>()) else {
            return Err(DataError::Engine("a query by day has no days".into()));
        };
        for (row, day) in days.iter().enumerate() {
            match (day, columns.first().map(|column| column.at(row))) {
                (Some(day), _) => {
                    rows.insert(day, columns.iter().map(|column| column.at(row)).collect());
                }
                (None, Some(Found::Exact(count, _))) => undated += u64::try_from(count).unwrap_or(0),
                (None, _) => {}
            }
        }
        Ok(())
    })?;
    Ok((rows, undated))
}

/// A column of numbers.
pub struct Cells {
    array: ArrayRef,
}

impl Cells {
    /// The number in a row.
    pub fn at(&self, row: usize) -> Found {
        if self.array.is_null(row) {
            return Found::Nothing;
        }
        match self.array.data_type() {
            DataType::Int64 => Found::Exact(i128::from(self.array.as_primitive::<Int64Type>().value(row)), 0),
            DataType::UInt64 => Found::Exact(i128::from(self.array.as_primitive::<UInt64Type>().value(row)), 0),
            DataType::Float64 => Found::Float(self.array.as_primitive::<Float64Type>().value(row)),
            DataType::Decimal128(_, scale) => {
                let value = self.array.as_primitive::<Decimal128Type>().value(row);
                Found::Exact(value, u32::try_from(*scale).unwrap_or(0))
            }
            _ => Found::Nothing,
        }
    }
}

/// A column of numbers of any of the engine's kinds.
pub fn cells(array: &ArrayRef) -> Result<Cells, DataError> {
    match array.data_type() {
        DataType::Int64 | DataType::UInt64 | DataType::Float64 | DataType::Decimal128(..) => {
            Ok(Cells { array: array.clone() })
        }
        other => Err(DataError::Engine(format!("a number was expected, and the engine gave {other}"))),
    }
}

/// The column of a batch by its place.
pub fn column(batch: &RecordBatch, place: usize) -> Result<&ArrayRef, DataError> {
    batch.columns().get(place).ok_or_else(|| DataError::Engine("a column is missing from the engine's answer".into()))
}

/// Days with their cells, from the first day that has rows to `until`, as an answer.
pub fn daily_answer(
    leaf: &Leaf,
    rows: &BTreeMap<i32, Vec<Found>>,
    place: usize,
    first: i32,
    until: i32,
) -> Result<Answer, DataError> {
    let length = usize::try_from(until - first + 1).unwrap_or(0);
    let cells = || {
        rows.range(first..=until.max(first))
            .map(move |(day, cells)| ((day - first) as usize, cells.get(place).copied().unwrap_or(Found::Nothing)))
    };
    if let What::Smallest(_) | What::Largest(_) = leaf.what {
        let mut days = vec![None; length];
        for (at, cell) in cells() {
            if let Some(day) = days.get_mut(at) {
                *day = float(cell);
            }
        }
        return Ok(Answer::Extreme { first, days, largest: matches!(leaf.what, What::Largest(_)) });
    }
    if cells().any(|(_, cell)| matches!(cell, Found::Float(_))) {
        let mut days = vec![0.0; length];
        for (at, cell) in cells() {
            if let Some(day) = days.get_mut(at) {
                *day = float(cell).unwrap_or(0.0);
            }
        }
        return Ok(Answer::Float { first, days });
    }
    let scale = cells().find_map(|(_, cell)| if let Found::Exact(_, scale) = cell { Some(scale) } else { None });
    let mut days = vec![0i128; length];
    for (at, cell) in cells() {
        if let (Some(day), Found::Exact(value, _)) = (days.get_mut(at), cell) {
            *day = value;
        }
    }
    let mut sums = vec![0i128];
    let mut sum = 0i128;
    for day in days {
        sum = sum.checked_add(day).ok_or_else(|| {
            DataError::Engine(format!("the sums of metric `{}` are too large to be exact", leaf.metric))
        })?;
        sums.push(sum);
    }
    Ok(Answer::Exact { first, sums, scale: scale.unwrap_or(0) })
}

/// A cell as a floating number.
pub fn float(cell: Found) -> Option<f64> {
    match cell {
        Found::Exact(value, scale) => Some(crate::source::number::to_float(value, scale)),
        Found::Float(value) => Some(value),
        Found::Nothing => None,
    }
}
