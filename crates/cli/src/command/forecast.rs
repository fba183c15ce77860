//! `qd forecast`: a metric's fan with the models behind it.

use crate::ahead::{Ahead, ahead};
use crate::args::Forecast;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::sheet::{Cell, Sheet};
use crate::view;
use crate::workspace::{Shaped, Workspace};
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_data::Wanted;
use quarterdeck_forecast::{ModelReport, distribution};
use schemars::JsonSchema;
use serde::Serialize;

/// What `qd forecast` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outlook<'a> {
    /// The metric.
    pub metric: &'a str,
    /// Its unit, as written.
    pub unit: &'a str,
    /// Which part of it, as written.
    pub slice: Option<&'a str>,
    /// The last day that counted.
    pub as_of: NaiveDate,
    /// The seed of all draws.
    pub seed: u64,
    /// How long one step is.
    pub grain: Grain,
    /// The future, step by step.
    pub steps: Vec<Step>,
    /// Whole quarters.
    pub quarters: Vec<Quarter>,
    /// The models, heaviest first.
    pub models: Vec<Model<'a>>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Five percentiles; none of them where there is no number.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Fan {
    /// 10th percentile.
    pub p10: Option<f64>,
    /// 30th percentile.
    pub p30: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 70th percentile.
    pub p70: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
}

/// A step of the future.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    #[serde(skip)]
    pub end: NaiveDate,
    /// Its percentiles.
    #[serde(flatten)]
    pub fan: Fan,
}

/// A whole quarter.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Quarter {
    /// Which one.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// Its percentiles.
    #[serde(flatten)]
    pub fan: Fan,
}

/// A model's part in the forecast.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Model<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// How it did on the past.
    pub backtest: Backtest,
}

/// How a model did on the past.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Backtest {
    /// Mean absolute scaled error.
    pub mase: Option<f64>,
    /// Share of outcomes inside its 80 % interval.
    pub coverage80: Option<f64>,
}

/// Draws the forecast of a metric.
pub fn run(args: &Forecast, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let name = reading::metric(&args.metric, &workspace)?;
    let model = &workspace.checked.model;
    workspace.stop_at_errors([name.to_owned()], None, Shaped::ByEvents, output)?;
    let slice = args.slice.as_deref().map(|text| reading::slice(name, text, &workspace)).transpose()?;
    let wanted = Wanted { metric: name.to_owned(), slice };
    let windows = |calendar: &Calendar, as_of| windows(calendar, as_of, args.quarters);
    let Ahead { loaded, future, seed } = ahead(&workspace, std::slice::from_ref(&wanted), windows, settings, output)?;
    let Some(metric) = model.metrics.get(name) else {
        return Err(Failure::engine(format!("`{name}` was read and is not declared")));
    };
    let series = wanted.series_name();
    let forecast = match future.find(&series).map(|entry| &entry.forecast) {
        Some(Ok(forecast)) => forecast,
        Some(Err(error)) => {
            return Err(Failure::input(format!("`{series}` has no forecast: {error}"))
                .at(&metric.definition.place, &workspace.checked.files)
                .hint("`qd propose` sets a target from the other methods, and says that no chance is known"));
        }
        None => return Err(Failure::engine(format!("the forecast returned nothing for `{series}`"))),
    };
    let calendar = &model.settings.calendar;
    let mut notes = loaded.notes.clone();
    notes.extend(forecast.notes.iter().cloned());
    if !forecast.calibration.note.is_empty() {
        notes.push(forecast.calibration.note.clone());
    }
    let result = Outlook {
        metric: name,
        unit: &metric.unit.text,
        slice: wanted.slice.as_ref().map(|slice| slice.text.as_str()),
        as_of: loaded.as_of,
        seed,
        grain: metric.grain,
        steps: steps(forecast, calendar),
        quarters: quarters(forecast, calendar),
        models: forecast.models.iter().map(Model::from).collect(),
        notes,
    };
    if output.json {
        output.object(&result)?;
    } else if args.csv.csv {
        sheet(&result).print(&args.csv, output)?;
    } else {
        let observed = loaded.metrics.get(&series);
        output.result(&view::forecast::text(&result, metric, observed, &model.settings, output.width));
    }
    Ok(Exit::Done)
}

/// Steps, then whole quarters, a row each.
fn sheet(result: &Outlook<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["period", "starts", "ends", "p10", "p30", "p50", "p70", "p90"]);
    let fan = |fan: Fan| [fan.p10, fan.p30, fan.p50, fan.p70, fan.p90].map(Cell::known);
    for step in &result.steps {
        let span = [Cell::from(result.grain.to_string().as_str()), Cell::Day(step.start), Cell::Day(step.end)];
        sheet.row(span.into_iter().chain(fan(step.fan)));
    }
    for quarter in &result.quarters {
        let name = Cell::Text(quarter.period.to_string());
        sheet.row([name, Cell::Day(quarter.starts), Cell::Day(quarter.ends)].into_iter().chain(fan(quarter.fan)));
    }
    sheet
}

/// The quarter that is under way, if one is, and so many after it.
fn windows(calendar: &Calendar, as_of: NaiveDate, count: u8) -> Vec<Period> {
    let now = calendar.period_of(Grain::Quarter, as_of);
    let unfinished = calendar.ends(now) > as_of;
    let first = if unfinished { 0 } else { 1 };
    (first..=i64::from(count)).map(|by| calendar.shift(now, by)).collect()
}

fn steps(forecast: &quarterdeck_forecast::Forecast, calendar: &Calendar) -> Vec<Step> {
    let each = |(at, period): (usize, &Period)| Step {
        start: calendar.starts(*period),
        end: calendar.ends(*period),
        fan: Fan::of(&forecast.paths.step(at)),
    };
    forecast.steps.iter().enumerate().map(each).collect()
}

fn quarters(forecast: &quarterdeck_forecast::Forecast, calendar: &Calendar) -> Vec<Quarter> {
    let each = |window: &quarterdeck_forecast::QuarterPaths| Quarter {
        period: window.period,
        starts: calendar.starts(window.period),
        ends: calendar.ends(window.period),
        fan: Fan::of(&window.values),
    };
    forecast.windows.iter().map(each).collect()
}

impl Fan {
    /// The percentiles of a set of draws.
    fn of(draws: &[f64]) -> Fan {
        let sorted = distribution::sorted(draws);
        let at = |p| distribution::quantile_sorted(&sorted, p).filter(|value| value.is_finite());
        Fan { p10: at(0.1), p30: at(0.3), p50: at(0.5), p70: at(0.7), p90: at(0.9) }
    }

    /// All five, where all are known.
    pub fn five(self) -> Option<[f64; 5]> {
        Some([self.p10?, self.p30?, self.p50?, self.p70?, self.p90?])
    }
}

impl<'a> From<&'a ModelReport> for Model<'a> {
    fn from(report: &'a ModelReport) -> Model<'a> {
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let backtest = Backtest { mase: finite(report.mase), coverage80: finite(report.coverage80) };
        Model { name: &report.name, weight: report.weight, backtest }
    }
}
