//! `qd series`: a metric's values.

use crate::args::{Every, Series};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::view;
use crate::workspace::{Shaped, Workspace};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain};
use quarterdeck_data::{Loaded, Observed, Wanted};
use quarterdeck_lang::model::Metric;
use schemars::JsonSchema;
use serde::Serialize;

/// What `qd series` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Values<'a> {
    /// The metric.
    pub metric: &'a str,
    /// Its unit, as written.
    pub unit: &'a str,
    /// How long one of the periods is.
    pub grain: Grain,
    /// Which part of it, as written.
    pub slice: Option<&'a str>,
    /// The last day that counted.
    pub as_of: NaiveDate,
    /// Every period's value.
    pub points: Vec<Value>,
    /// First days of the periods without a value.
    pub gaps: Vec<NaiveDate>,
    /// Rows that share the source's key with another; none are looked for where no key is declared.
    pub duplicates: Option<u64>,
    /// Declared changes.
    pub breaks: Vec<Break<'a>>,
}

/// One period's value.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Value {
    /// The period's first day.
    pub start: NaiveDate,
    /// The value; none in a gap.
    pub value: Option<f64>,
    /// Whether the source covers the whole period.
    pub complete: bool,
}

/// A declared change.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Break<'a> {
    /// The first day after it.
    pub on: NaiveDate,
    /// What changed.
    pub why: &'a str,
    /// Whether earlier values are restated.
    pub restated: bool,
}

/// What `qd series --sql` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Queries<'a> {
    /// The queries, in the order they are asked.
    sql: &'a [String],
    /// One query of standard SQL that gives the values, behind the views it stands on; empty where none says it plainly.
    whole: &'a [String],
    /// The sources they read.
    sources: &'a [String],
}

/// Prints the values of a metric.
pub fn run(args: &Series, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let name = reading::metric(&args.metric, &workspace)?;
    let model = &workspace.checked.model;
    workspace.stop_at_errors([name.to_owned()], None, Shaped::ByNothing, output)?;
    let slice = args.slice.as_deref().map(|text| reading::slice(name, text, &workspace)).transpose()?;
    let wanted = Wanted { metric: name.to_owned(), slice };
    // Periods of the metric's own grain are those it has anyway.
    let own = model.metrics.get(name).map(|metric| metric.grain);
    let longer = args.period.map(Every::grain).filter(|grain| Some(*grain) != own);
    if let (Some(asked), Some(own)) = (longer, own.filter(|own| longer.is_some_and(|asked| asked < *own))) {
        let message = format!("`{name}` has a number for each {own}, and none for a {asked}");
        return Err(Failure::input(message).hint(format!("ask for a {own} or longer, or change its `grain:`")));
    }
    let window = longer.unwrap_or(Grain::Quarter);
    let loaded = workspace.definitions().read(std::slice::from_ref(&wanted), settings.as_of, window, output)?;
    let series_name = wanted.series_name();
    let (Some(observed), Some(metric)) = (loaded.metrics.get(&series_name), model.metrics.get(name)) else {
        return Err(Failure::engine(format!("the engine returned nothing for `{series_name}`")));
    };
    loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if args.sql {
        return sql(observed, output);
    }
    let slice = wanted.slice.as_ref().map(|slice| slice.text.as_str());
    let values = values(metric, slice, longer, &loaded, observed, model);
    if output.json {
        output.object(&values)?;
    } else if args.csv.csv {
        sheet(&values, &model.settings.calendar).print(&args.csv, output)?;
    } else {
        output.result(&view::series::text(&values, metric, &model.settings));
    }
    Ok(Exit::Done)
}

/// A row for each period; what is unfinished says so.
fn sheet(values: &Values<'_>, calendar: &Calendar) -> Sheet {
    let mut sheet = Sheet::new(&["starts", "ends", "value", "complete"]);
    for point in &values.points {
        let end = calendar.ends(calendar.period_of(values.grain, point.start));
        let complete = if point.complete { "yes" } else { "no" };
        sheet.row([Cell::Day(point.start), Cell::Day(end), Cell::known(point.value), Cell::from(complete)]);
    }
    sheet
}

impl Every {
    /// The grain of that name.
    fn grain(self) -> Grain {
        match self {
            Every::Week => Grain::Week,
            Every::Month => Grain::Month,
            Every::Quarter => Grain::Quarter,
            Every::Half => Grain::Half,
            Every::Year => Grain::Year,
        }
    }
}

fn sql(observed: &Observed, output: &Output) -> Result<Exit, Failure> {
    if output.json {
        output.object(&Queries { sql: &observed.sql, whole: &observed.whole, sources: &observed.sources })?;
    } else {
        let queries = observed.sql.iter().map(|query| format!("{};\n", query.trim_end().trim_end_matches(';')));
        output.result(&queries.collect::<Vec<_>>().join("\n"));
    }
    Ok(Exit::Done)
}

fn values<'a>(
    metric: &'a Metric,
    slice: Option<&'a str>,
    longer: Option<Grain>,
    loaded: &Loaded,
    observed: &Observed,
    model: &quarterdeck_lang::Model,
) -> Values<'a> {
    let calendar = &model.settings.calendar;
    let (points, gaps) = match longer {
        None => {
            let each = |point: &quarterdeck_data::Point| Value {
                start: point.start,
                value: point.value.filter(|value| value.is_finite()),
                complete: point.complete,
            };
            let gaps = observed.gaps.iter().map(|period| calendar.starts(*period)).collect();
            (observed.points.iter().map(each).collect(), gaps)
        }
        Some(_) => {
            let quarters = observed.history.quarters.iter().map(|quarter| Value {
                start: calendar.starts(quarter.period),
                value: Some(quarter.value).filter(|value| value.is_finite()),
                complete: quarter.complete,
            });
            (quarters.collect(), Vec::new())
        }
    };
    let breaks = metric.changes.iter().map(|change| Break {
        on: change.on,
        why: &change.why,
        restated: change.restate.is_some(),
    });
    Values {
        metric: &metric.name,
        unit: &metric.unit.text,
        grain: longer.unwrap_or(metric.grain),
        slice,
        as_of: loaded.as_of,
        points,
        gaps,
        duplicates: observed.duplicates,
        breaks: breaks.collect(),
    }
}
