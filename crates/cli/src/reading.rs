//! Reading data for a command: which metrics, up to which day, for which period.

use crate::error::Failure;
use crate::needs::Needs;
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_data::{Loaded, Request, Wanted};
use quarterdeck_forecast::History;
use quarterdeck_lang::model::Slice;
use quarterdeck_lang::{Files, Model, TextFile};
use std::collections::BTreeMap;
use std::path::Path;

/// Where definitions are and what they mean.
#[derive(Clone, Copy, Debug)]
pub struct Definitions<'a> {
    /// The workspace's folder.
    pub root: &'a Path,
    /// The model.
    pub model: &'a Model,
    /// The texts, for showing places.
    pub files: &'a Files,
}

impl Workspace {
    /// The definitions on disk.
    pub fn definitions(&self) -> Definitions<'_> {
        Definitions { root: &self.root, model: &self.checked.model, files: &self.checked.files }
    }
}

impl Definitions<'_> {
    /// Reads metrics up to a day; without one, to the end of the last period their sources cover.
    pub fn read(
        &self,
        wanted: &[Wanted],
        as_of: Option<NaiveDate>,
        window: Grain,
        output: &Output,
    ) -> Result<Loaded, Failure> {
        let _working = output.working("reading data");
        let request = Request { root: self.root, model: self.model, wanted, as_of, window };
        quarterdeck_data::load(&request).map_err(|error| Failure::data(&error, self.files))
    }
}

/// The observed histories by series name.
pub fn histories(loaded: &Loaded) -> BTreeMap<String, History> {
    loaded.metrics.iter().map(|(name, observed)| (name.clone(), observed.history.clone())).collect()
}

/// The seed of all draws: the one typed, or the workspace's.
pub fn seed(settings: &Settings, model: &Model) -> u64 {
    settings.seed.unwrap_or(model.settings.forecast.seed)
}

/// A period as typed, one that a plan can be made for.
pub fn period(text: &str, model: &Model) -> Result<Period, Failure> {
    let period = model.settings.calendar.parse(text).map_err(|error| Failure::input(error.to_string()))?;
    if period.grain() < Grain::Quarter {
        return Err(Failure::input(format!("`{text}` is a {}, and targets are set for quarters", period.grain()))
            .hint("write a quarter as 2027-Q1, a half-year as 2027-H1, a year as 2027"));
    }
    Ok(period)
}

/// A metric by its name, its former name or another word for it.
pub fn metric<'a>(name: &str, workspace: &'a Workspace) -> Result<&'a str, Failure> {
    let metrics = &workspace.checked.model.metrics;
    let known = metrics.get_key_value(name).or_else(|| {
        metrics.iter().find(|(_, metric)| {
            metric.was.iter().any(|was| was == name) || metric.also.iter().any(|also| also.eq_ignore_ascii_case(name))
        })
    });
    if let Some((known, _)) = known {
        return Ok(known);
    }
    // A metric that is declared and broken has errors of its own to show.
    let own: Vec<_> = workspace
        .checked
        .errors()
        .filter(|error| error.subject == Some(quarterdeck_lang::Subject::Metric(name.to_owned())))
        .cloned()
        .collect();
    if !own.is_empty() {
        return Err(Failure::Definitions { files: workspace.checked.files.clone(), diagnostics: own });
    }
    let failure = Failure::input(format!("there is no metric `{name}`"));
    let names: Vec<String> = metrics.keys().cloned().collect();
    Err(match quarterdeck_lang::suggest::nearest(name, metrics.keys().map(String::as_str)) {
        Some(nearest) => failure.hint(format!("did you mean `{nearest}`?")),
        None if names.is_empty() => failure.hint("no metric is declared in this workspace"),
        None => failure.hint(format!("there are {}", crate::rendering::names(&names))),
    })
}

/// The part of a metric for which a condition holds, read as the language reads it.
pub fn slice(metric: &str, condition: &str, workspace: &Workspace) -> Result<Slice, Failure> {
    const FILE: &str = "--slice";
    // A plan far outside every other one lends its syntax: its only target is the part asked for.
    let text = format!("plan 2200-Q4 {{ target {metric} for {condition} {{ learn: \"-\" by 2200-12-31 }} }}\n");
    let checked = workspace.with_text(TextFile::new(FILE, text));
    let plan = checked.model.plans.iter().find(|(period, _)| period.year() == 2200).map(|(_, plan)| plan);
    let found = plan.and_then(|plan| plan.targets.iter().find_map(|target| target.slice.clone()));
    let here = |error: &&quarterdeck_lang::Diagnostic| {
        error.span.and_then(|span| checked.files.get(span.file)).is_some_and(|file| file.path() == FILE)
    };
    let errors: Vec<_> = checked.errors().filter(here).cloned().collect();
    let Some(first) = errors.first() else {
        return found.ok_or_else(|| no_condition(condition));
    };
    // The place is one in a text nobody wrote, so the words alone are told; those about syntax speak of that text too.
    if first.code.starts_with("E0") {
        return Err(no_condition(condition));
    }
    let failure = Failure::input(format!("`--slice '{condition}'`: {}", first.message));
    Err(first.hints.iter().fold(failure, |failure, hint| failure.hint(hint.as_str())))
}

fn no_condition(condition: &str) -> Failure {
    Failure::input(format!("`{condition}` is no condition over rows"))
        .hint("write it as in a definition: --slice 'country = \"UK\"'")
}

/// What is read to propose targets for a period.
pub fn wanted(model: &Model, period: Period) -> Vec<Wanted> {
    let needed = quarterdeck_plan::propose::needed(model, period);
    needed.into_iter().map(|(metric, slice)| Wanted { metric, slice }).collect()
}

/// A period and everything that was read to propose its targets.
#[derive(Debug)]
pub struct Chosen {
    /// The period.
    pub period: Period,
    /// What was read.
    pub loaded: Loaded,
}

/// Reads what the targets of a period need; without a period, of the first quarter that starts after the as-of date.
pub fn choose(
    definitions: Definitions<'_>,
    period: Option<Period>,
    as_of: Option<NaiveDate>,
    output: &Output,
) -> Result<Chosen, Failure> {
    let model = definitions.model;
    let read = |period: Period, as_of| definitions.read(&wanted(model, period), as_of, period.grain(), output);
    if let Some(period) = period {
        return Ok(Chosen { period, loaded: read(period, as_of)? });
    }
    if let Some(as_of) = as_of {
        let period = next_quarter(model, as_of);
        return Ok(Chosen { period, loaded: read(period, Some(as_of))? });
    }
    first_after_data(definitions, output)
}

/// The first quarter after the data, where the data decides what day it is.
///
/// The day depends on which metrics are read, and which metrics are read depends on the period: the plans are tried in
/// order of time, and the first is taken that lies right after its own data. Without such a plan, what every target and
/// every metric that has a direction stands on decides.
fn first_after_data(definitions: Definitions<'_>, output: &Output) -> Result<Chosen, Failure> {
    let model = definitions.model;
    let mut trouble = None;
    let quarters: Vec<Period> = model.plans.keys().copied().filter(|period| period.grain() == Grain::Quarter).collect();
    let mut day_of: BTreeMap<Vec<String>, NaiveDate> = BTreeMap::new();
    for period in quarters {
        let wanted = wanted(model, period);
        // Plans that stand on the same sources share their day; those far from it need not be read.
        let needs = Needs::of(model, wanted.iter().map(|each| each.metric.as_str()));
        let sources: Vec<String> = needs.sources.into_iter().collect();
        if day_of.get(&sources).is_some_and(|day| next_quarter(model, *day) != period) {
            continue;
        }
        match definitions.read(&wanted, None, Grain::Quarter, output) {
            Ok(loaded) if next_quarter(model, loaded.as_of) == period => return Ok(Chosen { period, loaded }),
            Ok(loaded) => {
                day_of.insert(sources, loaded.as_of);
            }
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    if let Some(error) = trouble {
        return Err(error);
    }
    let unplanned = unplanned(model);
    let loaded = definitions.read(&wanted(model, unplanned), None, Grain::Quarter, output)?;
    let period = next_quarter(model, loaded.as_of);
    Ok(Chosen { period, loaded })
}

/// The first quarter that starts after a day.
pub fn next_quarter(model: &Model, day: NaiveDate) -> Period {
    let calendar = &model.settings.calendar;
    calendar.shift(calendar.period_of(Grain::Quarter, day), 1)
}

/// A quarter no plan is for.
fn unplanned(model: &Model) -> Period {
    let free = (0..).map(|back| Period::new(Grain::Quarter, *Period::YEARS.end() - back, 1));
    let free = free.take(model.plans.len() + 1).find(|period| !model.plans.contains_key(period));
    free.unwrap_or(Period::new(Grain::Quarter, *Period::YEARS.end(), 4))
}

/// Reads what some metrics need, for a period or the first quarter after the data.
pub fn named(
    definitions: Definitions<'_>,
    names: Vec<String>,
    period: Option<Period>,
    as_of: Option<NaiveDate>,
    output: &Output,
) -> Result<Chosen, Failure> {
    let wanted: Vec<Wanted> = names.into_iter().map(|metric| Wanted { metric, slice: None }).collect();
    let grain = period.map_or(Grain::Quarter, Period::grain);
    let loaded = definitions.read(&wanted, as_of, grain, output)?;
    Ok(Chosen { period: period.unwrap_or_else(|| next_quarter(definitions.model, loaded.as_of)), loaded })
}

/// What a plan is made from, of what was read.
pub fn inputs<'a>(
    model: &'a Model,
    histories: &'a BTreeMap<String, History>,
    as_of: NaiveDate,
    seed: u64,
) -> quarterdeck_plan::Inputs<'a> {
    let paths = model.settings.forecast.paths;
    quarterdeck_plan::Inputs { model, histories, as_of, seed, paths, version: env!("CARGO_PKG_VERSION") }
}
