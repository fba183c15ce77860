//! The whole way of one request: what is needed, the files, the scans, the as-of date, the series.

use crate::DataError;
use crate::engine::Engine;
use crate::load::{Coverage, Loaded, Observed, Request, Wanted};
use crate::query::answer::{Answer, Answers, Covered};
use crate::query::build::{Builder, has_query, parts_of};
use crate::query::filter::Scope;
use crate::query::join::{Joined, Needs};
use crate::query::journey::{self, Walked};
use crate::query::node::{Leaf, Node, Reach, TableId, What};
use crate::query::ordered::{self, Scopes};
use crate::query::run::{self, Found, Limits, day_query};
use crate::query::whole;
use crate::series::coverage::Days;
use crate::series::history::{self, Plan};
use crate::source::ReadSource;
use crate::source::column::Kind;
use crate::source::dates::{date_of, day_number};
use chrono::NaiveDate;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Filter, Journey, Measure, Place, Reads, Source};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A series to be read.
struct Series {
    name: String,
    plan: Plan,
    sql: Vec<String>,
}

/// A table after its scan by day.
struct Table {
    id: TableId,
    /// Rows of the source and daily leaves, by day.
    rows: BTreeMap<i32, Vec<Found>>,
    /// The daily leaves, in the order of the cells after the first.
    leaves: Vec<usize>,
    days: Option<Days>,
}

/// Everything read so far.
pub struct Reading<'a> {
    request: &'a Request<'a>,
    model: &'a Model,
    series: Vec<Series>,
    leaves: Vec<Leaf>,
    sources: BTreeMap<String, ReadSource>,
    engine: Engine,
    views: BTreeMap<String, String>,
    tables: Vec<Table>,
    limits: Limits,
    notes: Vec<String>,
}

/// Reads a request.
pub fn read(request: &Request<'_>) -> Result<Loaded, DataError> {
    let mut reading = Reading::prepare(request)?;
    reading.find_limits()?;
    reading.scan_days()?;
    let as_of = reading.as_of()?;
    reading.answer(as_of)
}

impl<'a> Reading<'a> {
    /// Builds what is needed and reads the files.
    fn prepare(request: &'a Request<'a>) -> Result<Reading<'a>, DataError> {
        let model = request.model;
        let mut builder = Builder::new(model);
        let mut plans = Vec::new();
        for wanted in closure(model, request.wanted) {
            plans.push((wanted.series_name(), plan(&mut builder, model, &wanted)?));
        }
        let leaves = builder.leaves;
        let mut needs = Needs::new(model);
        for leaf in &leaves {
            note_leaf(&mut needs, leaf)?;
        }
        let Joined { sources, engine, views } = needs.read(request.root)?;
        refuse_scaled_percents(&leaves, &sources)?;
        let notes = sources.values().flat_map(|source| source.notes.iter().cloned()).collect();
        let series = plans.into_iter().map(|(name, plan)| Series { name, plan, sql: Vec::new() }).collect();
        Ok(Reading {
            request,
            model,
            series,
            leaves,
            sources,
            engine,
            views,
            tables: Vec::new(),
            limits: Limits::new(),
            notes,
        })
    }

    /// The values that `clip:` pulls others into.
    fn find_limits(&mut self) -> Result<(), DataError> {
        let mut limits = Limits::new();
        for (index, leaf) in self.leaves.iter().enumerate() {
            if let Some((low, high)) = leaf.clip {
                let scope = self.scope(&leaf.table)?;
                if let Some(found) = ordered::limits(&self.engine, scope, leaf, (low, high), self.request.as_of)? {
                    limits.insert(index, found);
                }
            }
        }
        self.limits = limits;
        Ok(())
    }

    /// One scan a table: its rows and all that follows from days.
    fn scan_days(&mut self) -> Result<(), DataError> {
        let ids: BTreeSet<TableId> = self.leaves.iter().map(|leaf| leaf.table.clone()).collect();
        for id in ids {
            let daily: Vec<(usize, &Leaf)> =
                self.leaves.iter().enumerate().filter(|(_, leaf)| leaf.table == id && leaf.is_daily()).collect();
            let scope = self.scope(&id)?;
            let batch = day_query(scope, &id, &daily, &self.limits)?;
            let (rows, undated) = run::rows_by_day(&self.engine, &batch.sql)?;
            let counted: Vec<(i32, u64)> = rows
                .iter()
                .filter_map(|(day, cells)| match cells.first() {
                    Some(Found::Exact(rows, _)) if *rows > 0 => Some((*day, u64::try_from(*rows).unwrap_or(0))),
                    _ => None,
                })
                .collect();
            let read = self.sources.get(&id.source).ok_or_else(|| lost(&id.source))?;
            let shape = read.shapes.get(&id.time).copied();
            let days = Days::new(&self.model.settings.calendar, counted, shape);
            let covers = source_of(self.model, &id.source)?.export.covers;
            let days = days.map(|days| match covers {
                Some((from, to)) => days.covering(day_number(from), day_number(to)),
                None => days,
            });
            if undated > 0 {
                let (rows, verb, counts) =
                    if undated == 1 { ("row", "has", "counts") } else { ("rows", "have", "count") };
                let (source, time) = (&id.source, &id.time);
                self.notes
                    .push(format!("{undated} {rows} of `{source}` {verb} no `{time}` and {counts} in no period."));
            }
            self.tables.push(Table { id, rows, leaves: batch.leaves, days });
        }
        Ok(())
    }

    fn table(&self, id: &TableId) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == *id)
    }

    /// The last day a table's rows stand for, recorded rows for their whole period.
    fn last_of(&self, table: &Table) -> Option<i32> {
        let days = table.days.as_ref()?;
        let last_row = days.rows.last()?.0;
        let calendar = &self.model.settings.calendar;
        let recorded = self.leaves.iter().filter(|leaf| leaf.table == table.id).filter_map(|leaf| match leaf.what {
            What::Recorded { grain, .. } => {
                Some(day_number(calendar.ends(calendar.period_of(grain, date_of(last_row)))))
            }
            _ => None,
        });
        recorded.max().map_or(Some(days.last), |end| Some(end.max(days.last)))
    }

    /// The last day that counts: as asked, or the last one that any table covers.
    fn as_of(&mut self) -> Result<NaiveDate, DataError> {
        let asked = self.request.as_of.map(day_number);
        for table in &self.tables {
            let Some((found, before)) = table.days.as_ref().and_then(|days| days.far_row(asked.unwrap_or(i32::MAX)))
            else {
                continue;
            };
            let others = self.tables.iter().filter(|other| other.id != table.id).filter_map(|other| {
                let rows = &other.days.as_ref()?.rows;
                rows.iter().map(|(day, _)| *day).rfind(|day| asked.is_none_or(|asked| *day <= asked))
            });
            let others = others.max().map_or(before, |last| last.max(before));
            if found - others > crate::series::coverage::FAR {
                let source_name = table.id.source.clone();
                let place = source_of(self.model, &source_name)?.place.clone();
                return Err(DataError::FarFuture {
                    source_name,
                    found: date_of(found),
                    others: date_of(others),
                    place,
                });
            }
        }
        let last = self.tables.iter().filter_map(|table| self.last_of(table)).max();
        asked.or(last).map(date_of).ok_or_else(|| self.timeless())
    }

    /// Without any row that counts nothing tells which day it is.
    fn timeless(&self) -> DataError {
        let names: Vec<String> = self.tables.iter().map(|table| format!("`{}`", table.id.source)).collect();
        let source = self.tables.iter().find_map(|table| self.model.sources.get(&table.id.source));
        DataError::Meaning {
            message: match names.as_slice() {
                [] => "nothing that is wanted reads rows, and nothing tells up to which day".into(),
                [one] => format!("no row of source {one} counts, and nothing tells up to which day"),
                many => format!("no row of the sources {} counts, and nothing tells up to which day", many.join(", ")),
            },
            hint: "look at the sources' `where:` and `time:`, or say which day it is with `--as-of`".into(),
            place: source.map_or_else(Place::default, |source| source.place.clone()),
        }
    }

    /// Covered days and answers of every leaf, then the series.
    fn answer(mut self, as_of: NaiveDate) -> Result<Loaded, DataError> {
        let as_of_day = day_number(as_of);
        let mut covered = Vec::new();
        let mut answers = Vec::new();
        for (index, leaf) in self.leaves.iter().enumerate() {
            let cover = self.cover(leaf, as_of_day);
            answers.push(match cover {
                Some(cover) => self.first_answer(index, leaf, cover)?,
                None => Answer::Open,
            });
            covered.push(cover);
        }
        for (leaf, (answer, cover)) in self.leaves.iter().zip(answers.iter_mut().zip(covered.iter_mut())) {
            if let Some(known) = cover.as_ref().copied()
                && let Some((rows, recorded)) = self.recorded(leaf, as_of_day)?
            {
                *answer = rows;
                *cover = Some(Covered { until: recorded.until.max(known.from - 1), ..recorded });
            }
        }
        let walked = self.walk(&covered, as_of_day)?;
        for (index, walked) in &walked {
            let Some(leaf) = self.leaves.get(*index) else { continue };
            if let (Some(answer), Some(cover)) = (answers.get_mut(*index), covered.get_mut(*index)) {
                (*answer, *cover) = (journey::answer(leaf, walked), Some(walked.covered));
            }
        }
        let walked = walked.into_iter().map(|(index, walked)| (index, walked.notes)).collect();
        let calendar = &self.model.settings.calendar;
        let asked = RefCell::new(vec![BTreeSet::new(); self.leaves.len()]);
        let leaves = std::mem::take(&mut self.leaves);
        let mut known = Answers { calendar, leaves: &leaves, answers, covered, asked };
        for series in &self.series {
            history::read(&known, &series.plan, self.request.window, as_of_day);
        }
        let range_sql = self.answer_ranges(&mut known, as_of_day)?;
        self.finish(&known, range_sql, &walked, as_of)
    }

    /// Follows the keys of journeys, each journey once.
    fn walk(&self, covered: &[Option<Covered>], as_of: i32) -> Result<BTreeMap<usize, Walked>, DataError> {
        let calendar = &self.model.settings.calendar;
        let mut found: BTreeMap<usize, Walked> = BTreeMap::new();
        for (index, leaf) in self.leaves.iter().enumerate() {
            let Some(trail) = journey::trail_of(leaf) else { continue };
            let same = |other: &usize| {
                let other = self.leaves.get(*other);
                other.is_some_and(|other| {
                    other.table == leaf.table && other.filter == leaf.filter && journey::trail_of(other) == Some(trail)
                })
            };
            let known = found.iter().find(|(other, _)| same(other)).map(|(_, walked)| walked.clone());
            let own = covered.get(index).copied().flatten();
            let goal = trail.goal.map_or(own, |goal| covered.get(goal).copied().flatten());
            if let Some(walked) = known {
                found.insert(index, walked);
            } else if let (Some(own), Some(goal)) = (own, goal) {
                let walked = journey::walk(&self.engine, calendar, self, leaf, (own, goal), as_of)?;
                found.insert(index, walked);
            }
        }
        Ok(found)
    }

    /// The last day whose rows are all there at the end of the as-of date. A row that stands for a whole period has arrived where it
    /// stands in the file, unless an earlier day is asked for.
    fn arrived(&self, leaf: &Leaf, as_of: i32) -> i32 {
        let source = self.model.sources.get(&leaf.table.source);
        let Some(arrives) = source.and_then(|source| source.export.arrives) else { return as_of };
        let whole = matches!(leaf.what, What::Recorded { .. })
            || self.table(&leaf.table).and_then(|table| table.days.as_ref()).is_some_and(|days| days.rhythm.is_some());
        if whole && self.request.as_of.is_none() {
            return as_of;
        }
        day_number(arrives.arrived(&self.model.settings.calendar, date_of(as_of)))
    }

    fn cover(&self, leaf: &Leaf, as_of: i32) -> Option<Covered> {
        let days = self.table(&leaf.table)?.days.as_ref()?;
        let until = days.until(&self.model.settings.calendar, self.arrived(leaf, as_of));
        (until >= days.first).then_some(Covered { from: days.from, first_row: days.first, until })
    }

    fn first_answer(&self, index: usize, leaf: &Leaf, cover: Covered) -> Result<Answer, DataError> {
        let Some(table) = self.table(&leaf.table) else { return Ok(Answer::Open) };
        if let Some(place) = table.leaves.iter().position(|known| *known == index) {
            return run::daily_answer(leaf, &table.rows, place + 1, cover.first_row, cover.until);
        }
        match &leaf.what {
            What::Keyed { value, key } => {
                let scope = self.scope(&leaf.table)?;
                ordered::levels(&self.engine, scope, leaf, value, key, cover.until)
            }
            _ => Ok(Answer::Open),
        }
    }

    fn recorded(&self, leaf: &Leaf, as_of: i32) -> Result<Option<(Answer, Covered)>, DataError> {
        if !matches!(leaf.what, What::Recorded { .. }) {
            return Ok(None);
        }
        let read = self.sources.get(&leaf.table.source).ok_or_else(|| lost(&leaf.table.source))?;
        let calendar = &self.model.settings.calendar;
        let source = source_of(self.model, &leaf.table.source)?;
        let from = source.export.covers.map_or(i32::MIN, |(from, _)| day_number(from));
        let to = source.export.covers.map_or(i32::MAX, |(_, to)| day_number(to)).min(self.arrived(leaf, as_of));
        ordered::recorded(&self.engine, self.scope(&leaf.table)?, leaf, read, calendar, (from, to)).map(Some)
    }

    /// Answers the ranges that were asked for, period by period where they are periods.
    fn answer_ranges(&self, known: &mut Answers<'_>, as_of: i32) -> Result<BTreeMap<usize, Vec<String>>, DataError> {
        let asked = known.asked.take();
        let mut queries: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let wanted: Vec<(usize, BTreeSet<(i32, i32)>)> =
            asked.into_iter().enumerate().filter(|(_, ranges)| !ranges.is_empty()).collect();
        let answered = ordered::ranges(&ordered::RangeJob {
            engine: &self.engine,
            calendar: known.calendar,
            leaves: known.leaves,
            covered: &known.covered,
            wanted: &wanted,
            limits: &self.limits,
            as_of,
            scopes: self,
        })?;
        for (leaf, ranges, sql) in answered {
            if let Some(answer) = known.answers.get_mut(leaf) {
                *answer = Answer::Ranges(ranges);
            }
            queries.insert(leaf, sql);
        }
        known.asked = RefCell::new(vec![BTreeSet::new(); known.leaves.len()]);
        Ok(queries)
    }

    fn finish(
        mut self,
        known: &Answers<'_>,
        range_sql: BTreeMap<usize, Vec<String>>,
        left_out: &BTreeMap<usize, Vec<String>>,
        as_of: NaiveDate,
    ) -> Result<Loaded, DataError> {
        self.notes.extend(left_out.values().flatten().cloned());
        let mut seen = BTreeSet::new();
        self.notes.retain(|note| seen.insert(note.clone()));
        let duplicates = self.duplicates(as_of)?;
        let series = std::mem::take(&mut self.series);
        let mut metrics = BTreeMap::new();
        for mut series in series {
            let read = history::read(known, &series.plan, self.request.window, day_number(as_of));
            let used = series.plan.node.leaves(Reach::All);
            let of = |index: &usize| known.leaves.get(*index).map(|leaf| leaf.table.source.clone());
            let sources: BTreeSet<String> = used.iter().filter_map(of).collect();
            let mut needs = Needs::new(self.model);
            used.iter()
                .filter_map(|index| known.leaves.get(*index))
                .try_for_each(|leaf| note_leaf(&mut needs, leaf))?;
            let all = needs.names()?;
            series.sql.extend(all.iter().filter_map(|name| self.views.get(name)).cloned());
            series.sql.extend(self.sql_of(known, &used, &range_sql)?);
            let mut whole: Vec<String> = all.iter().filter_map(|name| self.views.get(name)).cloned().collect();
            let asked = whole::Asked {
                scopes: &self,
                leaves: known.leaves,
                limits: &self.limits,
                calendar: &self.model.settings.calendar,
                grain: series.plan.grain,
                as_of: day_number(as_of),
            };
            match whole::sql(&asked, &series.plan.node) {
                Some(query) => whole.push(query),
                None => whole.clear(),
            }
            let counts: Vec<u64> = sources.iter().filter_map(|source| duplicates.get(source).copied()).collect();
            let observed = Observed {
                history: read.history,
                points: read.points,
                gaps: read.gaps,
                duplicates: (!counts.is_empty()).then(|| counts.iter().sum()),
                sql: series.sql,
                whole,
                sources: all.into_iter().collect(),
                notes: notes_of(&used, left_out),
            };
            metrics.insert(series.name, observed);
        }
        let sources = self.coverages(as_of);
        Ok(Loaded { as_of, metrics, sources, notes: self.notes })
    }

    /// The queries behind some leaves, each restricted to what these leaves need.
    fn sql_of(
        &self,
        known: &Answers<'_>,
        used: &BTreeSet<usize>,
        range_sql: &BTreeMap<usize, Vec<String>>,
    ) -> Result<Vec<String>, DataError> {
        let mut texts = Vec::new();
        for table in &self.tables {
            let of_table = |leaf: &&usize| known.leaves.get(**leaf).is_some_and(|leaf| leaf.table == table.id);
            let daily: Vec<(usize, &Leaf)> = used
                .iter()
                .filter(of_table)
                .filter_map(|index| Some((*index, known.leaves.get(*index)?)))
                .filter(|(_, leaf)| leaf.is_daily())
                .collect();
            if !daily.is_empty() {
                texts.push(day_query(self.scope(&table.id)?, &table.id, &daily, &self.limits)?.sql);
            }
        }
        for index in used {
            texts.extend(range_sql.get(index).into_iter().flatten().cloned());
            if let Some(leaf) = known.leaves.get(*index)
                && matches!(leaf.what, What::Keyed { .. } | What::Recorded { .. })
            {
                texts.push(ordered::rows_sql(self.scope(&leaf.table)?, leaf)?);
            }
            if let Some(leaf) = known.leaves.get(*index).filter(|leaf| journey::trail_of(leaf).is_some()) {
                texts.push(journey::rows_sql(self, leaf)?);
            }
        }
        texts.dedup();
        Ok(texts)
    }

    /// Rows that share their key with another, by source.
    fn duplicates(&self, as_of: NaiveDate) -> Result<BTreeMap<String, u64>, DataError> {
        let mut found = BTreeMap::new();
        for table in &self.tables {
            let source = source_of(self.model, &table.id.source)?;
            let is_own_time = source.time.as_deref().is_none_or(|time| time == table.id.time);
            if let Some(key) = source.key.as_deref().filter(|_| is_own_time) {
                let count = ordered::duplicates(&self.engine, self.scope(&table.id)?, &table.id, key, as_of)?;
                found.insert(table.id.source.clone(), count);
            }
        }
        Ok(found)
    }

    fn coverages(&self, as_of: NaiveDate) -> BTreeMap<String, Coverage> {
        let mut found: BTreeMap<String, Coverage> = BTreeMap::new();
        for table in &self.tables {
            let own = self.model.sources.get(&table.id.source).and_then(|source| source.time.as_deref());
            let is_own_time = own == Some(table.id.time.as_str());
            let (Some(days), Some(end)) = (&table.days, self.last_of(table)) else { continue };
            let as_of = day_number(as_of);
            let Some(first) = days.rows.first().map(|(day, _)| *day) else { continue };
            let (rows, later) = days.counts(as_of);
            let coverage = Coverage { first: date_of(first), last: date_of(end.min(as_of)), rows, later };
            if is_own_time || !found.contains_key(&table.id.source) {
                found.insert(table.id.source.clone(), coverage);
            }
        }
        found
    }
}

impl ordered::Scopes for Reading<'_> {
    fn scope<'t>(&'t self, table: &'t TableId) -> Result<Scope<'t>, DataError> {
        let source = source_of(self.model, &table.source)?;
        let read = self.sources.get(&table.source).ok_or_else(|| lost(&table.source))?;
        let columns = &read.columns;
        Ok(Scope { model: self.model, source, name: &table.source, columns, place: &source.place })
    }
}

/// The metrics wanted and those their measures name, each once, in order of name.
fn closure(model: &Model, wanted: &[Wanted]) -> Vec<Wanted> {
    let mut found: BTreeMap<String, Wanted> = BTreeMap::new();
    let mut open: Vec<Wanted> = wanted.to_vec();
    while let Some(next) = open.pop() {
        let name = next.series_name();
        if found.contains_key(&name) {
            continue;
        }
        if let Some(metric) = model.metrics.get(&next.metric) {
            open.extend(parts_of(metric).into_iter().map(|metric| Wanted { metric, slice: next.slice.clone() }));
        }
        found.insert(name, next);
    }
    found.into_values().collect()
}

fn plan(builder: &mut Builder<'_>, model: &Model, wanted: &Wanted) -> Result<Plan, DataError> {
    let filter = wanted.slice.as_ref().map(|slice| &slice.filter);
    let node = builder.metric(&wanted.metric, filter, 0)?;
    let Some(metric) = model.metrics.get(&wanted.metric) else { return Err(lost(&wanted.metric)) };
    let own = match &metric.measure {
        Measure::Aggregate(_) | Measure::Journey(_) => true,
        Measure::Derived(formula) => has_query(formula),
        _ => false,
    };
    let weighs = own && metric.reads == Reads::Whole;
    let weight = node.denominator(&builder.leaves).filter(|_| weighs);
    let from_days = from_days(&node, &builder.leaves, metric.reads);
    Ok(Plan { node, weight, grain: metric.grain, reads: metric.reads, from_days })
}

/// Recorded weeks do not fit a quarter: what is computed over the whole of one is left to be rolled up from them.
fn from_days(node: &Node, leaves: &[Leaf], reads: Reads) -> bool {
    let weekly = |index: &usize| {
        let what = leaves.get(*index).map(|leaf| &leaf.what);
        matches!(what, Some(What::Recorded { grain: quarterdeck_calendar::Grain::Week, .. }))
    };
    reads != Reads::Whole || !node.is_recorded() || !node.leaves(Reach::All).iter().any(weekly)
}

/// What is left out of some leaves, each sentence once.
fn notes_of(used: &BTreeSet<usize>, left_out: &BTreeMap<usize, Vec<String>>) -> Vec<String> {
    let notes: BTreeSet<&String> = used.iter().filter_map(|index| left_out.get(index)).flatten().collect();
    notes.into_iter().cloned().collect()
}

/// Notes the columns a journey uses.
fn note_journey(needs: &mut Needs<'_>, leaf: &Leaf, journey: &Journey) -> Result<(), DataError> {
    let key = Filter::Column(journey.key().to_owned());
    let uses = needs.of(&leaf.table.source)?;
    uses.note(&key, Kind::Any, &leaf.place)?;
    if let Journey::Funnel { steps, .. } = journey {
        steps.iter().try_for_each(|step| uses.note(&step.filter, Kind::Bool, &leaf.place))?;
    }
    let Some(goal) = journey.goal() else { return Ok(()) };
    let uses = needs.of(&goal.source)?;
    uses.note(&key, Kind::Any, &leaf.place)?;
    goal.filter.iter().try_for_each(|filter| uses.note(filter, Kind::Bool, &leaf.place))
}

/// Notes the columns a leaf uses.
fn note_leaf(needs: &mut Needs<'_>, leaf: &Leaf) -> Result<(), DataError> {
    let uses = needs.of(&leaf.table.source)?;
    uses.refuse_tables(leaf)?;
    let time_place = if uses.is_time(&leaf.table.time) { uses.declared() } else { leaf.place.clone() };
    uses.note(&Filter::Column(leaf.table.time.clone()), Kind::Time, &time_place)?;
    if let Some(filter) = &leaf.filter {
        uses.note(filter, Kind::Bool, &leaf.place)?;
    }
    match &leaf.what {
        What::Rows => {}
        What::Present(value) | What::Distinct(value) => uses.note(value, Kind::Any, &leaf.place)?,
        What::Sum(value)
        | What::Smallest(value)
        | What::Largest(value)
        | What::Percentile(value, _)
        | What::Deviation(value) => uses.note(value, Kind::Number, &leaf.place)?,
        What::Keyed { value, key } => {
            uses.note(value, Kind::Number, &leaf.place)?;
            uses.note(&Filter::Column(key.clone()), Kind::Any, &leaf.place)?;
        }
        What::Entries(trail) | What::Arrivals(trail) => note_journey(needs, leaf, &trail.journey)?,
        What::Recorded { column, sample, .. } => {
            uses.note(&Filter::Column(column.clone()), Kind::Number, &leaf.place)?;
            if let Some(sample) = sample {
                uses.note(&Filter::Column(sample.clone()), Kind::Number, &leaf.place)?;
            }
        }
    }
    Ok(())
}

/// A percentage is its share already; `scale 1%` would divide it a second time.
fn refuse_scaled_percents(leaves: &[Leaf], sources: &BTreeMap<String, ReadSource>) -> Result<(), DataError> {
    for leaf in leaves {
        let What::Recorded { column, scale, .. } = &leaf.what else { continue };
        let percent = sources.get(&leaf.table.source).is_some_and(|source| source.percents.contains(column));
        if percent && *scale != 1.0 {
            return Err(DataError::Meaning {
                message: format!("column `{column}` of `{}` is written in percent already", leaf.table.source),
                hint: "42.0% is read as the share 0.42: leave `scale` out".into(),
                place: leaf.place.clone(),
            });
        }
    }
    Ok(())
}

fn source_of<'a>(model: &'a Model, name: &str) -> Result<&'a Source, DataError> {
    model.sources.get(name).ok_or_else(|| lost(name))
}

fn lost(name: &str) -> DataError {
    DataError::Meaning {
        message: format!("`{name}` is used and not declared"),
        hint: "declare it, or correct its name".into(),
        place: Place::default(),
    }
}
