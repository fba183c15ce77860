//! Journeys of keys: their rows in order, which entries have had their whole window, and how many of them arrived.

use super::answer::{Answer, Covered};
use super::filter::{Scope, Sql, Type, clock, double, quote_day};
use super::node::{Leaf, TableId, Trail, What};
use super::ordered::{Scopes, texts};
use super::run::{column, strip};
use super::walk::{Course, DAY, Tally, Walk, day_of, moved};
use crate::DataError;
use crate::engine::{Engine, quote};
use crate::source::dates::{date_of, day_number};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Int64Type;
use quarterdeck_calendar::{Calendar, Grain};
use quarterdeck_lang::model::{Filter, Journey, Length, Model, Rows};

/// What was found of a journey.
#[derive(Clone, Debug)]
pub struct Walked {
    /// Keys by the day of their entry.
    tally: Tally,
    /// The days of entries that count.
    pub covered: Covered,
    /// What is left out, in sentences.
    pub notes: Vec<String>,
}

/// The rows of a journey.
struct Query {
    sql: String,
    /// How many steps follow the entry.
    steps: usize,
    /// Whether times are days, without a clock.
    days: bool,
}

/// The trail of a leaf, where it has one.
pub fn trail_of(leaf: &Leaf) -> Option<&Trail> {
    match &leaf.what {
        What::Entries(trail) | What::Arrivals(trail) => Some(trail),
        _ => None,
    }
}

/// The table of a goal's rows.
pub fn goal_table(model: &Model, rows: &Rows) -> TableId {
    let own = model.sources.get(&rows.source).and_then(|source| source.time.clone());
    TableId { source: rows.source.clone(), time: rows.time.clone().or(own).unwrap_or_default() }
}

/// Follows every key of a leaf's rows; `own` and `goal` are the days that entries and goals are known of.
pub fn walk(
    engine: &Engine,
    calendar: &Calendar,
    scopes: &dyn Scopes,
    leaf: &Leaf,
    (own, goal): (Covered, Covered),
    as_of: i32,
) -> Result<Walked, DataError> {
    let Some(trail) = trail_of(leaf) else { return Err(DataError::Engine("not a journey".into())) };
    let query = query(scopes, leaf, trail, Some(as_of))?;
    let mut walk = Walk::new(calendar, trail.each, course(&trail.journey, query.steps));
    engine.stream(&query.sql, |batch| {
        let keys = texts(&batch, 0)?;
        let keys = keys.as_string::<i32>();
        let times = column(&batch, 1)?.as_primitive::<Int64Type>();
        let marks = (2..batch.num_columns())
            .map(|place| column(&batch, place)?.as_boolean_opt().ok_or_else(|| DataError::Engine("no mark".into())))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            if keys.is_null(row) || times.is_null(row) {
                continue;
            }
            let mark = |at: usize| marks.get(at).is_some_and(|marks| marks.is_valid(row) && marks.value(row));
            walk.row(keys.value(row), times.value(row), mark(0), |step| mark(step + 1));
        }
        Ok(())
    })?;
    let (covered, notes) = covered(calendar, leaf, trail, (own, goal), query.days);
    Ok(Walked { tally: walk.finish(), covered, notes })
}

/// The answer of one of a journey's two leaves.
pub fn answer(leaf: &Leaf, walked: &Walked) -> Answer {
    let days = if matches!(leaf.what, What::Entries(_)) { &walked.tally.entries } else { &walked.tally.arrivals };
    let (first, until) = (walked.covered.first_row, walked.covered.until);
    let mut sums = vec![0i128];
    let mut sum = 0i128;
    for day in first..=until {
        sum += days.get(&day).copied().unwrap_or(0);
        sums.push(sum);
    }
    Answer::Exact { first, sums, scale: 0 }
}

/// The query behind a journey, for whoever wants to see it.
pub fn rows_sql(scopes: &dyn Scopes, leaf: &Leaf) -> Result<String, DataError> {
    let Some(trail) = trail_of(leaf) else { return Err(DataError::Engine("not a journey".into())) };
    Ok(query(scopes, leaf, trail, None)?.sql)
}

fn course(journey: &Journey, count: usize) -> Course {
    match journey {
        Journey::Conversion { from, to, within, .. } => {
            Course::Steps { count, later: from.source == to.source, after: None, lasting: *within }
        }
        Journey::Funnel { within, .. } => Course::Steps { count, later: true, after: None, lasting: *within },
        Journey::Retention { after, lasting, .. } => {
            Course::Steps { count, later: true, after: Some(*after), lasting: *lasting }
        }
        Journey::Churn { .. } => Course::Absence,
    }
}

/// Key and time of one side of a journey.
pub struct Side<'a> {
    /// Its table's columns.
    pub scope: Scope<'a>,
    /// Its table.
    pub table: TableId,
    /// What ties its rows.
    pub key: Sql,
    /// When they happened.
    pub time: Sql,
    /// Which of them count.
    pub filter: Option<String>,
}

impl<'a> Side<'a> {
    /// One side of a leaf's journey: its table, and its key with the rows that count.
    pub fn new(
        scopes: &'a dyn Scopes,
        leaf: &'a Leaf,
        table: &'a TableId,
        (key, filter): (&str, Option<&Filter>),
    ) -> Result<Side<'a>, DataError> {
        let scope = Scope { place: &leaf.place, ..scopes.scope(table)? };
        let key = scope.value(&Filter::Column(key.to_owned()))?;
        // That the column holds dates is told here.
        scope.day(&table.time)?;
        let time = scope.value(&Filter::Column(table.time.clone()))?;
        let filter = filter.map(|filter| scope.condition(filter)).transpose()?;
        Ok(Side { scope, table: table.clone(), key, time, filter })
    }

    /// Its rows, as one part of a query: key, time in microseconds, marks.
    fn select(
        &self,
        key: &str,
        days: bool,
        marks: &[String],
        only: &str,
        as_of: Option<i32>,
    ) -> Result<String, DataError> {
        let time = match self.time.gives {
            Type::Moment if days => clock(&Sql { text: format!("CAST({} AS DATE)", self.time.text), gives: Type::Day }),
            _ => clock(&self.time),
        };
        let marks: Vec<String> = marks.iter().enumerate().map(|(at, mark)| format!("{mark} AS \"s{at}\"")).collect();
        let mut conditions: Vec<String> = self.filter.iter().map(|filter| strip(filter).to_owned()).collect();
        conditions.extend((!only.is_empty()).then(|| only.to_owned()));
        conditions.push(format!("{} IS NOT NULL AND {} IS NOT NULL", self.key.text, self.time.text));
        if let Some(last) = as_of {
            conditions.push(format!("{} <= {}", self.scope.day(&self.table.time)?, quote_day(date_of(last))));
        }
        let conditions: Vec<String> = conditions.into_iter().map(|condition| format!("({condition})")).collect();
        Ok(format!(
            "SELECT {key} AS \"key\", {time} AS \"time\", {} FROM {} WHERE {}",
            marks.join(", "),
            quote(&self.table.source),
            conditions.join(" AND ")
        ))
    }
}

fn query(scopes: &dyn Scopes, leaf: &Leaf, trail: &Trail, as_of: Option<i32>) -> Result<Query, DataError> {
    let journey = &trail.journey;
    let from = Side::new(scopes, leaf, &leaf.table, (journey.key(), leaf.filter.as_ref()))?;
    let own_days = from.time.gives == Type::Day;
    let order = "ORDER BY \"key\", \"time\", \"s0\" DESC";
    let yes = "TRUE".to_owned();
    let (sql, steps, days) = match journey {
        Journey::Churn { .. } => {
            let rows = from.select(&varchar(&from.key), own_days, &[yes], "", as_of)?;
            (format!("{rows}\n{order}"), 0, own_days)
        }
        Journey::Funnel { steps, .. } => {
            let marks = steps
                .iter()
                .map(|step| Ok(format!("({} IS TRUE)", from.scope.condition(&step.filter)?)))
                .collect::<Result<Vec<_>, DataError>>()?;
            let rows = from.select(&varchar(&from.key), own_days, &marks, &marks.join(" OR "), as_of)?;
            (format!("{rows}\n{order}"), steps.len().saturating_sub(1), own_days)
        }
        Journey::Conversion { to, .. } | Journey::Retention { to, .. } => {
            let table = goal_table(from.scope.model, to);
            let goal = Side::new(scopes, leaf, &table, (journey.key(), to.filter.as_ref()))?;
            // A time compared with a day is compared by its day.
            let days = own_days || goal.time.gives == Type::Day;
            let (own_key, goal_key) = common_keys(&from, &goal)?;
            let entries = from.select(&own_key, days, &[yes.clone(), "FALSE".to_owned()], "", as_of)?;
            let goals = goal.select(&goal_key, days, &["FALSE".to_owned(), yes], "", as_of)?;
            (format!("{entries}\nUNION ALL\n{goals}\n{order}"), 1, days)
        }
    };
    refuse_short(leaf, journey, days)?;
    Ok(Query { sql, steps, days })
}

/// Days without a clock cannot tell half an hour.
fn refuse_short(leaf: &Leaf, journey: &Journey, days: bool) -> Result<(), DataError> {
    let lengths = match journey {
        Journey::Conversion { within, .. } | Journey::Funnel { within, .. } => [Some(*within), None],
        Journey::Retention { after, lasting, .. } => [Some(*after), Some(*lasting)],
        Journey::Churn { .. } => [None, None],
    };
    let short = lengths.into_iter().flatten().find(|length| matches!(length, Length::Minutes(count) if *count < 1440));
    match short.filter(|_| days) {
        None => Ok(()),
        Some(length) => Err(DataError::Meaning {
            message: format!(
                "metric `{}` looks at {}, and the times of its rows are days without a clock",
                leaf.metric,
                words(length)
            ),
            hint: "name a column with a time of day in `time:`, or write days".into(),
            place: leaf.place.clone(),
        }),
    }
}

fn varchar(sql: &Sql) -> String {
    if sql.gives == Type::Text { sql.text.clone() } else { format!("CAST({} AS VARCHAR)", sql.text) }
}

/// The keys of two sides as texts that are equal where the keys are.
pub fn common_keys(own: &Side<'_>, goal: &Side<'_>) -> Result<(String, String), DataError> {
    let (a, b) = (&own.key, &goal.key);
    let number = |sql: &Sql| matches!(sql.gives, Type::Exact(_) | Type::Float);
    let float = |sql: &Sql| {
        let value = if number(sql) { double(sql) } else { format!("TRY_CAST({} AS DOUBLE)", sql.text) };
        format!("CAST({value} AS VARCHAR)")
    };
    match (a.gives, b.gives) {
        (one, other) if one == other => Ok((varchar(a), varchar(b))),
        (Type::Text, Type::Exact(0)) | (Type::Exact(0), Type::Text) => Ok((varchar(a), varchar(b))),
        (one, other) if (number(a) || one == Type::Text) && (number(b) || other == Type::Text) => {
            Ok((float(a), float(b)))
        }
        _ => Err(DataError::Meaning {
            message: format!(
                "metric `{}` ties rows of `{}` and `{}` by columns of different kinds",
                own.scope.name, own.table.source, goal.table.source
            ),
            hint: "the key is the same kind of value in both sources".into(),
            place: own.scope.place.clone(),
        }),
    }
}

/// The days of entries whose whole window is known, and what that leaves out.
fn covered(
    calendar: &Calendar,
    leaf: &Leaf,
    trail: &Trail,
    (own, goal): (Covered, Covered),
    days: bool,
) -> (Covered, Vec<String>) {
    let journey = &trail.journey;
    let mut until = own.until;
    while until >= own.from && last_needed(calendar, trail, until, days) > goal.until {
        until -= 1;
    }
    let mut from = own.from;
    let opens = |day: i32| match journey {
        Journey::Retention { after, .. } => day_of(moved(i64::from(day) * DAY, *after)),
        _ => day,
    };
    while from <= until && opens(from) < goal.from {
        from += 1;
    }
    let mut notes = Vec::new();
    if until < own.until {
        let (metric, last) = (&leaf.metric, date_of(until));
        notes.push(if until < own.from {
            format!("No entry of `{metric}` counts yet: {} not over.", window_words(journey))
        } else {
            format!("Entries after {last} are left out of `{metric}`: {} not over.", window_words(journey))
        });
    }
    if from > own.first_row && from <= until {
        let source = journey.goal().map_or(leaf.table.source.as_str(), |rows| rows.source.as_str());
        notes.push(format!(
            "Entries before {} are left out of `{}`: `{source}` is not known early enough.",
            date_of(from),
            leaf.metric
        ));
    }
    (Covered { from, first_row: own.first_row.max(from), until }, notes)
}

/// The last day that has to be known of an entry's journey, for the latest entry of a day.
fn last_needed(calendar: &Calendar, trail: &Trail, day: i32, days: bool) -> i32 {
    let latest = i64::from(day) * DAY + if days { 0 } else { DAY - 1 };
    let ends = match &trail.journey {
        Journey::Conversion { within, .. } | Journey::Funnel { within, .. } => moved(latest, *within),
        Journey::Retention { after, lasting, .. } => moved(moved(latest, *after), *lasting),
        Journey::Churn { per, .. } => {
            let next = calendar.shift(calendar.period_of(*per, date_of(day)), 1);
            return day_number(calendar.ends(next));
        }
    };
    day_of(ends.saturating_sub(1))
}

fn window_words(journey: &Journey) -> String {
    match journey {
        Journey::Conversion { within, .. } | Journey::Funnel { within, .. } => format!("their {} are", words(*within)),
        Journey::Retention { after, lasting, .. } => {
            format!("the {} that begin {} after them are", words(*lasting), words(*after))
        }
        Journey::Churn { per, .. } => format!("the {per} after theirs is"),
    }
}

fn words(length: Length) -> String {
    let (count, word) = match length {
        Length::Minutes(minutes) if minutes % 60 == 0 => (minutes / 60, "hour"),
        Length::Minutes(minutes) => (minutes, "minute"),
        Length::Grains(count, grain) => (count, Grain::word(grain)),
    };
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
