//! What one ordered pass of our own answers better than the engine: distinct values and percentiles over ranges that overlap,
//! levels from the last row of each key, recorded rows.

use super::answer::{Answer, Covered, Recording};
use super::filter::{Scope, double, quote_day};
use super::node::{Leaf, TableId, What};
use super::run::{self, Found, Limits, cells, column, float, period_query, strip};
use crate::DataError;
use crate::engine::{Engine, quote};
use crate::source::dates::{date_of, day_number};
use crate::source::number::{SCALE, to_float};
use crate::source::{ROW, ReadSource};
use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use quarterdeck_calendar::{Calendar, Grain};
use quarterdeck_lang::model::Filter;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ranges that are to be answered.
pub struct RangeJob<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// All leaves.
    pub leaves: &'a [Leaf],
    /// What each covers.
    pub covered: &'a [Option<Covered>],
    /// Leaves and the ranges asked of them.
    pub wanted: &'a [(usize, BTreeSet<(i32, i32)>)],
    /// Limits of clipped leaves.
    pub limits: &'a Limits,
    /// The last day that counts.
    pub as_of: i32,
    /// The scopes of tables.
    pub scopes: &'a dyn Scopes,
}

/// Knows what expressions over a table may use.
pub trait Scopes {
    /// The scope of a table.
    fn scope<'t>(&'t self, table: &'t TableId) -> Result<Scope<'t>, DataError>;
}

/// Values of ranges, and the queries behind them.
pub type Ranged = (usize, BTreeMap<(i32, i32), Option<f64>>, Vec<String>);

/// Answers ranges: those that are periods by one query a table and grain, the others by a pass over the rows.
pub fn ranges(job: &RangeJob<'_>) -> Result<Vec<Ranged>, DataError> {
    let mut found: BTreeMap<usize, Ranged> = BTreeMap::new();
    let mut periods: BTreeMap<(TableId, Grain), Vec<usize>> = BTreeMap::new();
    let mut others: BTreeMap<usize, Vec<(i32, i32)>> = BTreeMap::new();
    for (index, ranges) in job.wanted {
        let (Some(leaf), Some(Some(covered))) = (job.leaves.get(*index), job.covered.get(*index)) else { continue };
        found.insert(*index, (*index, BTreeMap::new(), Vec::new()));
        for range in ranges {
            match grain_of(job.calendar, *range, covered.until) {
                Some(grain) => {
                    let leaves = periods.entry((leaf.table.clone(), grain)).or_default();
                    if leaves.last() != Some(index) {
                        leaves.push(*index);
                    }
                }
                None => others.entry(*index).or_default().push(*range),
            }
        }
    }
    for ((table, grain), indices) in periods {
        answer_periods(job, &table, grain, &indices, &mut found)?;
    }
    for (index, ranges) in others {
        answer_rows(job, index, &ranges, &mut found)?;
    }
    Ok(found.into_values().collect())
}

/// The grain whose period a range is, one that is cut off where the rows that count end among them.
fn grain_of(calendar: &Calendar, (from, to): (i32, i32), until: i32) -> Option<Grain> {
    Grain::ALL.into_iter().find(|grain| {
        let period = calendar.period_of(*grain, date_of(from));
        let (starts, ends) = (day_number(calendar.starts(period)), day_number(calendar.ends(period)));
        starts == from && (ends == to || to == until && ends > to)
    })
}

fn answer_periods(
    job: &RangeJob<'_>,
    table: &TableId,
    grain: Grain,
    indices: &[usize],
    found: &mut BTreeMap<usize, Ranged>,
) -> Result<(), DataError> {
    let scope = job.scopes.scope(table)?;
    let leaves: Vec<(usize, &Leaf)> =
        indices.iter().filter_map(|index| Some((*index, job.leaves.get(*index)?))).collect();
    let until = indices.iter().filter_map(|index| job.covered.get(*index).copied().flatten()).map(|c| c.until).min();
    let until = until.unwrap_or(job.as_of);
    let query = period_query(scope, table, grain.word(), until, &leaves, job.limits)?;
    let (rows, _) = run::rows_by_day(job.engine, &query.sql)?;
    for (place, index) in query.leaves.iter().enumerate() {
        let Some((_, answers, sql)) = found.get_mut(index) else { continue };
        let Some(leaf) = job.leaves.get(*index) else { continue };
        sql.push(period_query(scope, table, grain.word(), until, &[(*index, leaf)], job.limits)?.sql);
        for (_, ranges) in job.wanted.iter().filter(|(wanted, _)| wanted == index) {
            for range in ranges.iter().filter(|range| grain_of(job.calendar, **range, until) == Some(grain)) {
                let cell = rows.get(&range.0).and_then(|cells| cells.get(place)).copied();
                answers.insert(*range, ranged_value(leaf, cell.unwrap_or(Found::Nothing)));
            }
        }
    }
    Ok(())
}

/// A period without rows has no different values, and no percentile.
fn ranged_value(leaf: &Leaf, cell: Found) -> Option<f64> {
    match (float(cell), &leaf.what) {
        (None, What::Distinct(_)) => Some(0.0),
        (value, _) => value,
    }
}

fn answer_rows(
    job: &RangeJob<'_>,
    index: usize,
    ranges: &[(i32, i32)],
    found: &mut BTreeMap<usize, Ranged>,
) -> Result<(), DataError> {
    let Some(leaf) = job.leaves.get(index) else { return Ok(()) };
    let scope = job.scopes.scope(&leaf.table)?;
    let sql = rows_sql_until(scope, leaf, job.limits.get(&index).copied(), job.as_of)?;
    let values = match &leaf.what {
        What::Distinct(_) => distinct_counts(&keys_by_day(job.engine, &sql)?, ranges),
        what => numbers_over(&numbers_by_day(job.engine, &sql)?, ranges, what),
    };
    if let Some((_, answers, texts)) = found.get_mut(&index) {
        answers.extend(ranges.iter().copied().zip(values));
        texts.push(sql);
    }
    Ok(())
}

fn conditions(scope: Scope<'_>, leaf: &Leaf, last: Option<i32>) -> Result<String, DataError> {
    let scope = Scope { place: &leaf.place, ..scope };
    let mut parts = Vec::new();
    if let Some(filter) = &leaf.filter {
        parts.push(scope.condition(filter)?);
    }
    if let Some(last) = last {
        parts.push(format!("{} <= {}", scope.day(&leaf.table.time)?, quote_day(date_of(last))));
    }
    Ok(match parts.as_slice() {
        [] => String::new(),
        [one] => format!("\nWHERE {}", strip(one)),
        many => format!("\nWHERE {}", many.join(" AND ")),
    })
}

/// The rows of a leaf with their days, in any order.
fn rows_sql_until(scope: Scope<'_>, leaf: &Leaf, limits: Option<(f64, f64)>, as_of: i32) -> Result<String, DataError> {
    let scope = Scope { place: &leaf.place, ..scope };
    let value = match &leaf.what {
        What::Distinct(value) => scope.value(value)?.text,
        What::Percentile(value, _) | What::Deviation(value) => {
            let sql = double(&scope.number(value, leaf.unit)?);
            limits.map_or(sql.clone(), |limits| run::pulled_in(&sql, limits))
        }
        _ => return Err(DataError::Engine("a daily aggregate was asked for by range".into())),
    };
    let day = scope.day(&leaf.table.time)?;
    let from = quote(&leaf.table.source);
    let conditions = conditions(scope, leaf, Some(as_of))?;
    Ok(format!("SELECT {day} AS \"day\", {value} AS \"value\"\nFROM {from}{conditions}"))
}

/// The rows that levels and recorded values are read from.
pub fn rows_sql(scope: Scope<'_>, leaf: &Leaf) -> Result<String, DataError> {
    let scope = Scope { place: &leaf.place, ..scope };
    let day = scope.day(&leaf.table.time)?;
    let from = quote(&leaf.table.source);
    let number = |filter: &Filter| -> Result<String, DataError> {
        let sql = scope.number(filter, leaf.unit)?;
        let kind =
            if sql.gives == super::filter::Type::Float { "DOUBLE".to_owned() } else { format!("DECIMAL(38, {SCALE})") };
        Ok(format!("CAST({} AS {kind})", sql.text))
    };
    match &leaf.what {
        What::Keyed { value, key } => {
            let time = scope.value(&Filter::Column(leaf.table.time.clone()))?.text;
            let key = scope.value(&Filter::Column(key.clone()))?.text;
            let counts = match &leaf.filter {
                Some(filter) => format!("({} IS TRUE)", scope.condition(filter)?),
                None => "TRUE".to_owned(),
            };
            let source = scope.source.filter.as_ref().map(|filter| scope.condition(filter)).transpose()?;
            let condition = source.map_or(String::new(), |text| format!("\nWHERE {}", strip(&text)));
            let order = row_order(scope, &number(value)?);
            Ok(format!(
                "SELECT {day} AS \"day\", {key} AS \"key\", {} AS \"value\", {counts} AS \"counts\"\nFROM {from}{condition}\nORDER BY {time}, {order}",
                number(value)?
            ))
        }
        What::Recorded { column, sample, .. } => {
            let value = number(&Filter::Column(column.clone()))?;
            let sample = match sample {
                Some(sample) => number(&Filter::Column(sample.clone()))?,
                None => "CAST(NULL AS DOUBLE)".to_owned(),
            };
            let condition = conditions(scope, leaf, None)?;
            let order = row_order(scope, &value);
            Ok(format!(
                "SELECT {day} AS \"day\", {value} AS \"value\", {sample} AS \"sample\", {order} AS {}\nFROM {from}{condition}\nORDER BY 1, 4",
                quote(ROW)
            ))
        }
        _ => Err(DataError::Engine("only levels and recorded values are read row by row".into())),
    }
}

/// The order of rows of one time: that of the file, or where files have none, that of their values.
fn row_order(scope: Scope<'_>, value: &str) -> String {
    if scope.columns.contains_key(ROW) { quote(ROW) } else { value.to_owned() }
}

/// Keys as small numbers, by day.
fn keys_by_day(engine: &Engine, sql: &str) -> Result<Vec<(i32, u32)>, DataError> {
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    engine.stream(sql, |batch| {
        let days = column(&batch, 0)?.as_primitive::<Date32Type>().clone();
        let keys = texts(&batch, 1)?;
        let keys = keys.as_string::<i32>();
        for row in 0..batch.num_rows() {
            if days.is_null(row) || keys.is_null(row) {
                continue;
            }
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let key = match known.get(keys.value(row)) {
                Some(key) => *key,
                None => *known.entry(keys.value(row).to_owned()).or_insert(next),
            };
            rows.push((days.value(row), key));
        }
        Ok(())
    })?;
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// A column as texts.
pub fn texts(batch: &RecordBatch, place: usize) -> Result<datafusion::arrow::array::ArrayRef, DataError> {
    cast(column(batch, place)?, &DataType::Utf8).map_err(|error| DataError::Engine(error.to_string()))
}

/// Different keys in each range: a running pass over days keeps for every key its last day in a tree of counts, so that the keys
/// of a range are those whose last day by its end is not before its beginning.
fn distinct_counts(rows: &[(i32, u32)], ranges: &[(i32, i32)]) -> Vec<Option<f64>> {
    let mut values = vec![Some(0.0); ranges.len()];
    let (Some(first), Some(last)) = (rows.first().map(|row| row.0), rows.last().map(|row| row.0)) else {
        return values;
    };
    let mut by_end: Vec<usize> = (0..ranges.len()).collect();
    by_end.sort_by_key(|at| ranges.get(*at).map_or(0, |range| range.1));
    let mut counts = Counts::new((last - first + 1) as usize);
    let mut last_seen: Vec<Option<usize>> = Vec::new();
    let mut next = rows.iter().peekable();
    for at in by_end {
        let Some((from, to)) = ranges.get(at).copied() else { continue };
        while let Some((day, key)) = next.next_if(|(day, _)| *day <= to) {
            let (place, key) = ((day - first) as usize, *key as usize);
            if key >= last_seen.len() {
                last_seen.resize(key + 1, None);
            }
            if let Some(seen) = last_seen.get_mut(key) {
                if let Some(before) = seen.replace(place) {
                    counts.add(before, -1);
                }
                counts.add(place, 1);
            }
        }
        let all = counts.before(usize::MAX);
        let earlier = counts.before(usize::try_from(from - first).unwrap_or(0));
        if let Some(value) = values.get_mut(at) {
            *value = Some((all - earlier) as f64);
        }
    }
    values
}

/// Counts by place with sums of beginnings (P. M. Fenwick, *A new data structure for cumulative frequency tables*, Software:
/// Practice and Experience 24, 1994).
struct Counts {
    tree: Vec<i64>,
}

impl Counts {
    fn new(places: usize) -> Counts {
        Counts { tree: vec![0; places + 1] }
    }

    fn add(&mut self, place: usize, by: i64) {
        let mut at = place + 1;
        while let Some(count) = self.tree.get_mut(at) {
            *count += by;
            at += at & at.wrapping_neg();
        }
    }

    /// The sum of the counts at places before `end`.
    fn before(&self, end: usize) -> i64 {
        let mut at = end.min(self.tree.len() - 1);
        let mut sum = 0;
        while at > 0 {
            sum += self.tree.get(at).copied().unwrap_or(0);
            at &= at - 1;
        }
        sum
    }
}

fn numbers_by_day(engine: &Engine, sql: &str) -> Result<Vec<(i32, f64)>, DataError> {
    let mut rows = Vec::new();
    engine.stream(sql, |batch| {
        let days = column(&batch, 0)?.as_primitive::<Date32Type>();
        let values = column(&batch, 1)?.as_primitive::<Float64Type>();
        rows.extend(days.iter().zip(values.iter()).filter_map(|(day, value)| day.zip(value)));
        Ok(())
    })?;
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(rows)
}

fn numbers_over(rows: &[(i32, f64)], ranges: &[(i32, i32)], what: &What) -> Vec<Option<f64>> {
    ranges
        .iter()
        .map(|(from, to)| {
            let (start, end) =
                (rows.partition_point(|(day, _)| day < from), rows.partition_point(|(day, _)| day <= to));
            let mut values: Vec<f64> =
                rows.get(start..end).unwrap_or_default().iter().map(|(_, value)| *value).collect();
            match what {
                What::Percentile(_, part) => crate::engine::percentile(&mut values, *part),
                _ => crate::engine::deviation_of(&values),
            }
        })
        .collect()
}

/// The level after each day: the sum over the last row of each key, as far as that row counts.
pub fn levels(
    engine: &Engine,
    scope: Scope<'_>,
    leaf: &Leaf,
    _value: &Filter,
    _key: &str,
    until: i32,
) -> Result<Answer, DataError> {
    let sql = rows_sql(scope, leaf)?;
    let mut held: HashMap<String, Found> = HashMap::new();
    let mut levels: Vec<(i32, f64)> = Vec::new();
    let (mut exact, mut floating) = (0i128, crate::engine::Expansion::default());
    engine.stream(&sql, |batch| {
        let days = column(&batch, 0)?.as_primitive::<Date32Type>().clone();
        let keys = texts(&batch, 1)?;
        let keys = keys.as_string::<i32>();
        let values = cells(column(&batch, 2)?)?;
        let counts = column(&batch, 3)?.as_boolean().clone();
        for row in 0..batch.num_rows() {
            if days.is_null(row) || keys.is_null(row) || days.value(row) > until {
                continue;
            }
            let now = if counts.value(row) { values.at(row) } else { Found::Nothing };
            let before = held.insert(keys.value(row).to_owned(), now).unwrap_or(Found::Nothing);
            for (found, sign) in [(now, 1), (before, -1)] {
                match found {
                    Found::Exact(value, _) => exact += value * sign,
                    Found::Float(value) => floating.add(value * sign as f64),
                    Found::Nothing => {}
                }
            }
            let level = to_float(exact, SCALE) + floating.value();
            match levels.last_mut() {
                Some((day, last)) if *day == days.value(row) => *last = level,
                _ => levels.push((days.value(row), level)),
            }
        }
        Ok(())
    })?;
    Ok(Answer::Levels(levels))
}

/// Recorded rows by period, and what they cover. A period counts when it is over; a second row for it is an error.
pub fn recorded(
    engine: &Engine,
    scope: Scope<'_>,
    leaf: &Leaf,
    read: &ReadSource,
    calendar: &Calendar,
    (from, to): (i32, i32),
) -> Result<(Answer, Covered), DataError> {
    let What::Recorded { grain, scale, .. } = &leaf.what else {
        return Err(DataError::Engine("not a recorded measure".into()));
    };
    let sql = rows_sql(scope, leaf)?;
    let mut rows: BTreeMap<i32, Recording> = BTreeMap::new();
    let mut seen: BTreeMap<i32, i64> = BTreeMap::new();
    let mut until = i32::MIN;
    for batch in engine.rows(&sql)? {
        let days = column(&batch, 0)?.as_primitive::<Date32Type>().clone();
        let (values, samples) = (cells(column(&batch, 1)?)?, cells(column(&batch, 2)?)?);
        let numbers = column(&batch, 3)?.as_primitive_opt::<Int64Type>().cloned();
        for row in (0..batch.num_rows()).filter(|row| !days.is_null(*row)) {
            let period = calendar.period_of(*grain, date_of(days.value(row)));
            let (start, end) = (day_number(calendar.starts(period)), day_number(calendar.ends(period)));
            if end > to || start < from {
                continue;
            }
            let line = numbers.as_ref().map_or(-1, |numbers| numbers.value(row));
            if let Some(first) = seen.insert(start, line) {
                return Err(second_row(leaf, read, (first, line), &period.to_string(), values.at(row)));
            }
            // Rows without a value at the end are not filled in yet; between others they are gaps.
            if values.at(row) != Found::Nothing {
                until = until.max(end);
            }
            let recording = Recording { value: scaled(values.at(row), *scale), sample: float(samples.at(row)) };
            rows.insert(start, recording);
        }
    }
    let first = rows.keys().next().copied().unwrap_or(to.saturating_add(1));
    Ok((Answer::Recorded(rows), Covered { from: first, first_row: first, until }))
}

/// A recorded value in the metric's unit; `scale 1%` of an exact number stays exact until it is rounded once.
fn scaled(found: Found, scale: f64) -> Option<f64> {
    let power = [1.0, 0.1, 0.01, 0.001, 0.0001].iter().position(|known| *known == scale);
    match (found, power) {
        (Found::Exact(value, places), Some(power)) => Some(to_float(value, places + power as u32)),
        (found, _) => float(found).map(|value| value * scale),
    }
}

fn second_row(leaf: &Leaf, read: &ReadSource, (first, second): (i64, i64), period: &str, value: Found) -> DataError {
    let found = float(value).map_or(String::new(), |value| value.to_string());
    let What::Recorded { column, .. } = &leaf.what else { return DataError::Engine("not a recorded measure".into()) };
    let hint = "keep one row a period, say which rows with `where`, or compute the metric with `sum` or `mean`";
    match (read.line(first), read.line(second)) {
        (Some((file, line)), Some((other, second))) => DataError::BadValue {
            source_name: leaf.table.source.clone(),
            path: other.shown.clone(),
            line: second,
            column: column.clone(),
            found,
            expected: if file.shown == other.shown {
                format!("one row for {period}, and line {line} is one already")
            } else {
                format!("one row for {period}, and line {line} of `{}` is one already", file.shown)
            },
            hint: hint.into(),
            place: leaf.place.clone(),
        },
        _ => DataError::Meaning {
            message: format!("source `{}` has two rows for {period}", leaf.table.source),
            hint: hint.into(),
            place: leaf.place.clone(),
        },
    }
}

/// The percentiles a clipped leaf's values are pulled into, over all rows it counts.
pub fn limits(
    engine: &Engine,
    scope: Scope<'_>,
    leaf: &Leaf,
    (low, high): (f64, f64),
    as_of: Option<NaiveDate>,
) -> Result<Option<(f64, f64)>, DataError> {
    let (What::Sum(value)
    | What::Smallest(value)
    | What::Largest(value)
    | What::Percentile(value, _)
    | What::Deviation(value)) = &leaf.what
    else {
        return Ok(None);
    };
    let number = double(&Scope { place: &leaf.place, ..scope }.number(value, leaf.unit)?);
    let percent = |part: f64| format!("exact_percentile({number}, {:e})", (part * 1e11).round() / 1e9);
    let conditions = conditions(scope, leaf, as_of.map(day_number))?;
    let sql = format!("SELECT {}, {}\nFROM {}{conditions}", percent(low), percent(high), quote(&leaf.table.source));
    let mut found = None;
    for batch in engine.rows(&sql)? {
        let (a, b) = (cells(column(&batch, 0)?)?, cells(column(&batch, 1)?)?);
        if batch.num_rows() > 0 {
            found = float(a.at(0)).zip(float(b.at(0)));
        }
    }
    Ok(found)
}

/// Rows up to a day that share their key with another.
pub fn duplicates(
    engine: &Engine,
    scope: Scope<'_>,
    table: &TableId,
    key: &str,
    as_of: NaiveDate,
) -> Result<u64, DataError> {
    let key = scope.value(&Filter::Column(key.to_owned()))?.text;
    let day = scope.day(&table.time)?;
    let source = match &scope.source.filter {
        Some(filter) => format!(" AND {}", scope.condition(filter)?),
        None => String::new(),
    };
    let sql = format!(
        "SELECT sum(\"rows\") FROM (SELECT count(*) AS \"rows\" FROM {} WHERE {key} IS NOT NULL AND {day} <= {}{source} GROUP BY {key}) WHERE \"rows\" > 1",
        quote(&table.source),
        quote_day(as_of)
    );
    let mut count = 0;
    for batch in engine.rows(&sql)? {
        let found = cells(column(&batch, 0)?)?;
        for row in 0..batch.num_rows() {
            if let Found::Exact(rows, _) = found.at(row) {
                count += u64::try_from(rows).unwrap_or(0);
            }
        }
    }
    Ok(count)
}
