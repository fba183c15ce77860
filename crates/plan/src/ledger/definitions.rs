//! The frozen definitions: the resolved model that a period's targets stand on, as JSON.
//!
//! Frozen is everything that is tied to a target by a formula, the tree, a guard, a market or the plan, with the settings,
//! sources, segments and events it uses. A metric that has nothing to do with any target is left out, so that work on it
//! leaves the file as it is.

use super::error::{LedgerError, RESTORE, line_of, quoted};
use super::{hash, json};
use crate::{Inputs, propose};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Formula, Measure, Method, Metric, Plan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format this code writes and reads.
const FORMAT: u64 = 1;

/// By which facts, besides definitions and data, numbers were computed. They stand beside the definitions, so that a date
/// or a version edited elsewhere is told even where no number depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// The tool's version.
    pub version: String,
    /// The seed.
    pub seed: u64,
    /// How many paths.
    pub paths: usize,
}

impl Made {
    /// The facts that inputs give.
    pub fn by(inputs: &Inputs<'_>) -> Made {
        let Inputs { as_of, version, seed, paths, .. } = *inputs;
        Made { as_of, version: version.to_owned(), seed, paths }
    }
}

/// Definitions, and how numbers were made from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defined {
    /// How; nothing where it was taken out of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// The part of the model that the numbers stand on.
    pub definitions: Model,
}

/// What each basis stands on: the newest, under `None`, then the earlier ones by number.
pub(super) type Models = BTreeMap<Option<u32>, Defined>;

/// Writes what the numbers of a period stand on; [`from_json`] reads it back with every number exact.
pub fn to_json(defined: &Defined) -> String {
    write(&BTreeMap::from([(None, defined.clone())]))
}

/// Reads the newest basis of frozen definitions.
///
/// # Errors
/// What is not such a file, with its line (the file is named `the frozen definitions`; see [`LedgerError::in_file`]).
pub fn from_json(text: &str) -> Result<Defined, LedgerError> {
    read(text)?.remove(&None).ok_or_else(|| wrong(None, "no `definitions`", "the newest definitions"))
}

impl Defined {
    /// What a period's numbers stand on when they are made from these inputs.
    pub fn of(inputs: &Inputs<'_>, period: Period) -> Defined {
        Defined { made: Some(Made::by(inputs)), definitions: part_for(inputs.model, period) }
    }

    /// The hash of all of it.
    pub fn hash(&self) -> String {
        hash::hex(&serde_json::to_string(self).unwrap_or_default(), 16)
    }
}

/// What stands in the file.
#[derive(Serialize)]
struct Document<'a> {
    format: u64,
    #[serde(flatten)]
    newest: Option<&'a Defined>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    earlier: BTreeMap<u32, &'a Defined>,
}

/// Writes the definitions of every basis.
pub(super) fn write(models: &Models) -> String {
    let earlier = models.iter().filter_map(|(number, defined)| Some(((*number)?, defined))).collect();
    let document = Document { format: FORMAT, newest: models.get(&None), earlier };
    // A model serialises: its maps have text keys, and a number that is none becomes `null`, which `freeze` notices.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the definitions of every basis.
pub(super) fn read(text: &str) -> Result<Models, LedgerError> {
    let value = json::parse(text).map_err(|error| {
        let found: String = text.get(error.at..).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        let found = if found.is_empty() { "the end of a line".to_owned() } else { quoted(&found) };
        wrong(Some(line_of(text, error.at)), &found, error.expected)
    })?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    if format != Some(FORMAT) {
        let found = value.get("format").map_or("no `format`".to_owned(), |format| format!("format {format}"));
        return Err(wrong(None, &found, &format!("format {FORMAT} (a newer one needs a newer qd)")));
    }
    let defined = |value: serde_json::Value| -> Result<Defined, LedgerError> {
        serde_json::from_value(value)
            .map_err(|error| wrong(None, &quoted(&error.to_string()), "definitions as qd writes them"))
    };
    let mut models = Models::new();
    if value.get("definitions").is_some() {
        let mut newest = value.clone();
        if let Some(object) = newest.as_object_mut() {
            object.retain(|key, _| !["format", "earlier"].contains(&key.as_str()));
        }
        models.insert(None, defined(newest)?);
    }
    for (number, earlier) in value.get("earlier").and_then(serde_json::Value::as_object).into_iter().flatten() {
        let number = number.parse().map_err(|_| wrong(None, &quoted(number), "the number of a basis"))?;
        models.insert(Some(number), defined(earlier.clone())?);
    }
    Ok(models)
}

/// The part of a model that a period's targets stand on.
pub(super) fn part_for(model: &Model, period: Period) -> Model {
    let plans = plans_for(model, period);
    let metrics = connected(model, roots(model, period, &plans));
    let mut part = model.clone();
    part.plans.retain(|period, _| plans.contains(period));
    part.metrics.retain(|name, _| metrics.contains(name));
    let markets: BTreeSet<&String> =
        part.metrics.values().filter_map(|metric| metric.market.as_ref()).map(|link| &link.market).collect();
    part.markets.retain(|name, _| markets.contains(name));
    part.events.retain(|_, event| event.affects.is_empty() || event.affects.iter().any(|name| metrics.contains(name)));
    let sources = sources_of(model, &part);
    part.sources.retain(|name, _| sources.contains(name));
    part.segments.retain(|_, segment| sources.contains(&segment.source));
    part
}

/// The period's plan, those of longer periods that hold it, and those its initiatives are carried from.
fn plans_for(model: &Model, period: Period) -> BTreeSet<Period> {
    let calendar = &model.settings.calendar;
    let (starts, ends) = (calendar.starts(period), calendar.ends(period));
    let holds = |other: &Period| calendar.starts(*other) <= starts && ends <= calendar.ends(*other);
    let mut plans: BTreeSet<Period> = model.plans.keys().copied().filter(holds).collect();
    let mut open: Vec<Period> = plans.iter().copied().collect();
    while let Some(plan) = open.pop().and_then(|period| model.plans.get(&period)) {
        let carried = plan.initiatives.iter().filter_map(|initiative| initiative.continues);
        open.extend(carried.filter(|period| plans.insert(*period)));
    }
    plans
}

/// The metrics a proposal begins with: those it asks for, those the plans name, and the north star.
fn roots(model: &Model, period: Period, plans: &BTreeSet<Period>) -> BTreeSet<String> {
    let mut roots: BTreeSet<String> = propose::needed(model, period).into_iter().map(|(metric, _)| metric).collect();
    for plan in plans.iter().filter_map(|period| model.plans.get(period)) {
        roots.extend(metrics_of_plan(plan));
    }
    let is_root = |metric: &&Metric| {
        metric.role.as_deref() == Some("north star") || (!model.plans.contains_key(&period) && metric.better.is_some())
    };
    roots.extend(model.metrics.values().filter(is_root).map(|metric| metric.name.clone()));
    roots
}

fn metrics_of_plan(plan: &Plan) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for target in &plan.targets {
        names.insert(target.metric.clone());
        names.extend(target.guards.iter().map(|guard| guard.metric.clone()));
        for method in &target.methods {
            if let Method::Objective { metric, .. } = method {
                names.insert(metric.clone());
            }
        }
    }
    let initiatives = plan.initiatives.iter().flat_map(|initiative| &initiative.moves);
    let risks = plan.risks.iter().flat_map(|risk| &risk.moves);
    let scenarios = plan.scenarios.iter().flat_map(|scenario| &scenario.moves);
    names.extend(initiatives.chain(risks).chain(scenarios).map(|moves| moves.metric.clone()));
    names.extend(plan.judgements.iter().map(|judgement| judgement.metric.clone()));
    names.extend(plan.quotes.iter().flat_map(|quote| quote.about.clone()));
    names
}

/// Every metric tied to one of the roots, in either direction.
fn connected(model: &Model, roots: BTreeSet<String>) -> BTreeSet<String> {
    let mut ties: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, metric) in &model.metrics {
        for other in metrics_of(metric) {
            if let Some((known, _)) = model.metrics.get_key_value(&other) {
                ties.entry(known).or_default().insert(name.clone());
            }
            ties.entry(name).or_default().insert(other);
        }
    }
    let mut open: Vec<String> = roots.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        open.extend(ties.get(name.as_str()).into_iter().flatten().filter(|other| !found.contains(*other)).cloned());
        found.insert(name);
    }
    found
}

/// The metrics a definition names.
pub(super) fn metrics_of(metric: &Metric) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let measure = if let Measure::Derived(formula) = &metric.measure { Some(formula) } else { None };
    let restated = metric.changes.iter().filter_map(|change| change.restate.as_ref());
    for formula in measure.into_iter().chain(&metric.equals).chain(restated) {
        visit(formula, &mut |formula| match formula {
            Formula::Metric(name) | Formula::Where(name, _) => {
                names.insert(name.clone());
            }
            _ => {}
        });
    }
    names.extend(metric.drives.iter().map(|edge| edge.metric.clone()));
    names.extend(metric.guards.iter().map(|guard| guard.metric.clone()));
    names.extend(metric.deprecated.iter().filter_map(|(_, replaced, _)| replaced.clone()));
    names.extend(metric.proxy.iter().map(|(name, _)| name.clone()));
    names
}

/// The sources that metrics read, and those joined to them.
fn sources_of(model: &Model, part: &Model) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for metric in part.metrics.values() {
        match &metric.measure {
            Measure::Aggregate(query) | Measure::Windowed(query, _) => {
                names.insert(query.source.clone());
            }
            Measure::Stock { source, .. } | Measure::Recorded { source, .. } => {
                names.insert(source.clone());
            }
            Measure::Journey(journey) => names.extend(journey.sources().map(str::to_owned)),
            Measure::Derived(_) => {}
        }
        let measure = if let Measure::Derived(formula) = &metric.measure { Some(formula) } else { None };
        for formula in measure.into_iter().chain(&metric.equals) {
            visit(formula, &mut |formula| {
                if let Formula::Query(query) = formula {
                    names.insert(query.source.clone());
                }
                if let Formula::Journey(journey) = formula {
                    names.extend(journey.sources().map(str::to_owned));
                }
            });
        }
    }
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(source) = open.pop().and_then(|name| model.sources.get(&name)) {
        open.extend(source.joins.iter().map(|join| join.source.clone()).filter(|name| names.insert(name.clone())));
    }
    names
}

/// Calls `see` on a formula and all its parts.
fn visit(formula: &Formula, see: &mut impl FnMut(&Formula)) {
    see(formula);
    match formula {
        Formula::Ago(part, _) | Formula::Over(part, _) | Formula::Neg(part) | Formula::Coalesce(part, _) => {
            visit(part, see);
        }
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            visit(a, see);
            visit(b, see);
        }
        Formula::Number(_)
        | Formula::Metric(_)
        | Formula::Query(_)
        | Formula::Journey(_)
        | Formula::Before
        | Formula::Where(..) => {}
    }
}

fn wrong(line: Option<usize>, found: &str, expected: &str) -> LedgerError {
    LedgerError::Text {
        file: "the frozen definitions".to_owned(),
        line,
        found: found.to_owned(),
        expected: expected.to_owned(),
        hint: RESTORE.to_owned(),
    }
}
