//! Whether data is what its definitions promise: `expect`, `fresh`, `test`, `equals`, and the slopes behind targets.

mod identity;
mod slope;

use crate::DataError;
use crate::engine::{Engine, quote};
use crate::load::{Observed, Request, Wanted, load};
use crate::query::filter::Scope;
use crate::query::join::{Joined, Needs};
use crate::query::run::{self, Found};
use crate::source::column::Kind;
use crate::source::{ROW, ReadSource};
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Expectation, Filter, Metric, MetricTest, Place, RowOp, Source};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Promise {
    /// `expect:` of a source.
    Expect,
    /// `fresh:` of a source.
    Fresh,
    /// `test` of a metric.
    Test,
    /// `equals:` of a metric.
    Equals,
    /// The slope behind a target's objective.
    Slope,
}

/// What became of the promises.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Those that are not kept, in order of kind and name.
    pub findings: Vec<Finding>,
    /// What could not be read, each once.
    pub unread: Vec<DataError>,
}

/// A promise that the data does not keep.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Which kind of promise.
    pub promise: Promise,
    /// The source or metric.
    pub subject: String,
    /// What was promised and what was found.
    pub message: String,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// Checks every promise of the model's sources and metrics, in order of kind and name.
///
/// An empty cell breaks no `expect:` but `is unique` does not count it. `fresh:` is judged on the as-of date, by default
/// the last day any source covers, since nothing here reads the clock.
///
/// One source that cannot be read hides nothing of the others; a metric is read alone where reading all together fails.
///
/// # Errors
/// [`DataError`] where the engine itself fails.
pub fn check_data(root: &Path, model: &Model, as_of: Option<NaiveDate>) -> Result<Checked, DataError> {
    let mut checked = Checked::default();
    let asked = as_of;
    let loaded = read_all(root, model, asked, &mut checked)?;
    for metric in model.metrics.values() {
        checked.findings.extend(identity::check(metric, &loaded));
    }
    checked.findings.extend(slope::check(model, &loaded));
    let mut newest: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (name, source) in &model.sources {
        if let Some((found, last)) = checked.keep(check_source(root, model, name, source))? {
            checked.findings.extend(found);
            newest.extend(last.map(|last| (name.as_str(), last)));
        }
    }
    let as_of = as_of.or(newest.values().copied().max());
    for (name, source) in &model.sources {
        checked.findings.extend(stale(name, source, newest.get(name.as_str()).copied(), as_of));
    }
    for metric in model.metrics.values().filter(|metric| !metric.tests.is_empty()) {
        if let Some(found) = checked.keep(check_tests(root, model, metric))? {
            checked.findings.extend(found);
        }
    }
    checked.findings.sort_by(|a, b| (a.promise, &a.subject).cmp(&(b.promise, &b.subject)));
    Ok(checked)
}

impl Checked {
    /// What was read, or nothing with its reason kept; a failing engine ends everything.
    fn keep<T>(&mut self, read: Result<T, DataError>) -> Result<Option<T>, DataError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if error.is_engine() => Err(error),
            Err(error) => {
                if !self.unread.contains(&error) {
                    self.unread.push(error);
                }
                Ok(None)
            }
        }
    }
}

/// Every metric that can be read: all in one go, or each for itself where one of them cannot.
fn read_all(
    root: &Path,
    model: &Model,
    as_of: Option<NaiveDate>,
    checked: &mut Checked,
) -> Result<BTreeMap<String, Observed>, DataError> {
    let wanted: Vec<Wanted> = model.metrics.values().map(|metric| Wanted::whole(metric.name.clone())).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let read = |wanted: &[Wanted]| load(&Request { root, model, wanted, as_of, window: Grain::Quarter });
    if let Some(loaded) = checked.keep(read(&wanted))? {
        return Ok(loaded.metrics);
    }
    let mut found = BTreeMap::new();
    for each in wanted {
        if let Some(loaded) = checked.keep(read(std::slice::from_ref(&each)))? {
            found.extend(loaded.metrics);
        }
    }
    Ok(found)
}

fn check_source(
    root: &Path,
    model: &Model,
    name: &str,
    source: &Source,
) -> Result<(Vec<Finding>, Option<NaiveDate>), DataError> {
    let mut needs = Needs::new(model);
    let uses = needs.of(name)?;
    for expectation in &source.expects {
        uses.note(&expectation.condition, Kind::Bool, &source.place)?;
    }
    if let Some(time) = &source.time {
        uses.note(&Filter::Column(time.clone()), Kind::Time, &source.place)?;
    }
    let Joined { sources, engine, .. } = needs.read(root)?;
    let Some(read) = sources.get(name) else { return Ok((Vec::new(), None)) };
    let scope = Scope { model, source, name, columns: &read.columns, place: &source.place };
    let mut findings = Vec::new();
    for expectation in &source.expects {
        for part in parts(&expectation.condition) {
            let broken = match part {
                Filter::IsUnique(value) => shared(&engine, scope, value)?,
                condition => broken(&engine, scope, condition)?,
            };
            findings.extend(broken.map(|broken| finding(name, source, expectation, broken, read)));
        }
    }
    let newest = match &source.time {
        Some(time) => newest(&engine, scope, time)?,
        None => None,
    };
    Ok((findings, newest))
}

/// How many rows break a promise, and the first of them.
struct Broken {
    rows: i128,
    first: i64,
}

/// Conditions that all have to hold.
fn parts(condition: &Filter) -> Vec<&Filter> {
    let mut found = Vec::new();
    let mut open = vec![condition];
    while let Some(next) = open.pop() {
        match next {
            Filter::Binary(RowOp::And, a, b) => open.extend([b.as_ref(), a.as_ref()]),
            other => found.push(other),
        }
    }
    found
}

fn only(scope: Scope<'_>, condition: &str) -> Result<String, DataError> {
    Ok(match &scope.source.filter {
        Some(filter) => format!("{condition} AND {}", scope.condition(filter)?),
        None => condition.to_owned(),
    })
}

fn row(scope: Scope<'_>) -> String {
    if scope.columns.contains_key(ROW) { format!("min({})", quote(ROW)) } else { "CAST(NULL AS BIGINT)".into() }
}

fn broken(engine: &Engine, scope: Scope<'_>, condition: &Filter) -> Result<Option<Broken>, DataError> {
    let condition = only(scope, &format!("({} IS FALSE)", scope.condition(condition)?))?;
    count(engine, &format!("SELECT count(*), {} FROM {} WHERE {condition}", row(scope), quote(scope.name)))
}

fn shared(engine: &Engine, scope: Scope<'_>, value: &Filter) -> Result<Option<Broken>, DataError> {
    let value = scope.value(value)?.text;
    let condition = only(scope, &format!("{value} IS NOT NULL"))?;
    let (from, first) = (quote(scope.name), row(scope));
    let groups = format!(
        "SELECT count(*) AS \"rows\", {first} AS \"first\" FROM {from} WHERE {condition} GROUP BY {value} HAVING count(*) > 1"
    );
    count(engine, &format!("SELECT CAST(coalesce(sum(\"rows\"), 0) AS BIGINT), min(\"first\") FROM ({groups})"))
}

fn count(engine: &Engine, sql: &str) -> Result<Option<Broken>, DataError> {
    for batch in engine.rows(sql)? {
        let (rows, first) = (run::cells(run::column(&batch, 0)?)?, run::cells(run::column(&batch, 1)?)?);
        if batch.num_rows() > 0
            && let Found::Exact(rows, _) = rows.at(0)
            && rows > 0
        {
            let first = if let Found::Exact(first, _) = first.at(0) { i64::try_from(first).unwrap_or(-1) } else { -1 };
            return Ok(Some(Broken { rows, first }));
        }
    }
    Ok(None)
}

fn finding(name: &str, source: &Source, expectation: &Expectation, broken: Broken, read: &ReadSource) -> Finding {
    let rows = if broken.rows == 1 { "1 row does".to_owned() } else { format!("{} rows do", broken.rows) };
    let first = read.line(broken.first).map_or(String::new(), |(file, line)| {
        let first = if broken.rows == 1 { "" } else { ", the first of them" };
        format!("{first} in `{}`, line {line}", file.shown)
    });
    Finding {
        promise: Promise::Expect,
        subject: name.to_owned(),
        message: format!("source `{name}` expects `{}`, and {rows} not fulfil it{first}", expectation.text),
        place: source.place.clone(),
    }
}

fn newest(engine: &Engine, scope: Scope<'_>, time: &str) -> Result<Option<NaiveDate>, DataError> {
    let day = scope.day(time)?;
    let condition = only(scope, &format!("{day} IS NOT NULL"))?;
    let sql = format!("SELECT {day}, count(*) FROM {} WHERE {condition} GROUP BY 1", quote(scope.name));
    let (days, _) = run::rows_by_day(engine, &sql)?;
    Ok(days.keys().next_back().map(|day| crate::source::dates::date_of(*day)))
}

fn stale(name: &str, source: &Source, newest: Option<NaiveDate>, as_of: Option<NaiveDate>) -> Option<Finding> {
    let (fresh, newest, as_of) = (source.fresh?, newest?, as_of?);
    let age = (as_of - newest).num_days();
    (age as f64 > fresh.days()).then(|| Finding {
        promise: Promise::Fresh,
        subject: name.to_owned(),
        message: format!(
            "the newest row of source `{name}` is from {newest}, {age} days before {as_of}; it promises {:.0} at most",
            fresh.days()
        ),
        place: source.place.clone(),
    })
}

fn check_tests(root: &Path, model: &Model, metric: &Metric) -> Result<Vec<Finding>, DataError> {
    let wanted = [Wanted::whole(metric.name.clone())];
    let mut windows: BTreeSet<Grain> = metric.tests.iter().map(|test| test.at.grain()).collect();
    windows.retain(|grain| *grain > metric.grain && *grain >= Grain::Quarter);
    if windows.is_empty() {
        windows.insert(Grain::Quarter);
    }
    let mut known = BTreeMap::new();
    for window in windows {
        let mut loaded = load(&Request { root, model, wanted: &wanted, as_of: None, window })?;
        if let Some(observed) = loaded.metrics.remove(&metric.name) {
            known.extend(observed.points.iter().filter_map(|point| Some((point.period, point.value?))));
            if window > metric.grain {
                known.extend(observed.history.quarters.iter().map(|quarter| (quarter.period, quarter.value)));
            }
        }
    }
    Ok(metric.tests.iter().filter_map(|test| failed_test(metric, test, known.get(&test.at).copied())).collect())
}

fn failed_test(metric: &Metric, test: &MetricTest, found: Option<f64>) -> Option<Finding> {
    let (name, label, at) = (&metric.name, &test.label, test.at);
    let message = match found {
        // Sums of decimals are exact, so that only a division's last digit is forgiven where nothing is.
        Some(value) if (value - test.is).abs() <= test.is.abs() * test.within.max(1e-12) => return None,
        Some(value) => format!("test \"{label}\" says `{name}` is {} at {at}, and it is {value}", test.is),
        None => format!("test \"{label}\" says `{name}` is {} at {at}, and there is no value", test.is),
    };
    Some(Finding { promise: Promise::Test, subject: name.clone(), message, place: test.place.clone() })
}
