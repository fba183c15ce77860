//! The forecast itself, and its stretches: by initiatives, to a chance, towards the market, by a change.
//!
//! A stretch in points on what is not a share adds to the monthly growth rate: each step's path is multiplied by
//! ((1 + g + s) / (1 + g))^h, g the forecast's own monthly growth, h the months from the latest step to this one.

use super::{Case, Method, Said, middle, single, spread};
use crate::effect::{logistic, logit, logit_step, shift_logit};
use crate::offer::{Draws, three};
use crate::proposal::Variant;
use crate::wording::{chance, number, percent};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::{Forecast, Nature, normal};
use quarterdeck_lang::model::{Change, ChangeKind, Method as Written, Stretch};

/// The method.
pub struct Trend;

impl Method for Trend {
    fn name(&self) -> &'static str {
        "trend"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let Some(draws) = Draws::new(case.base) else {
            return Err(format!("there is no forecast: {}", case.no_forecast.unwrap_or("it has no history")));
        };
        let plain = spread("the forecast without the plan", case.base, plain_workings(case, &draws));
        let mut asked = Vec::new();
        let mut stretched = false;
        let mut missing = None;
        for method in &case.target.methods {
            let Written::Trend(stretch) = method else { continue };
            match stretch {
                None => asked.extend(plain.clone()),
                Some(stretch) => match stretch_by(case, &draws, stretch) {
                    Ok(variant) => {
                        stretched = true;
                        asked.push(variant);
                    }
                    Err(why) => missing = Some(why),
                },
            }
        }
        let plain_said = asked.iter().any(|variant| Some(variant) == plain.as_ref());
        let mut beside: Vec<Variant> = Vec::new();
        if asked.is_empty() {
            asked.extend(plain);
        } else if stretched && !plain_said {
            beside.extend(plain);
        }
        if let (Some(why), Some(first)) = (missing, asked.first_mut()) {
            first.workings.push(format!("The stretch could not be worked out: {why}."));
        }
        Ok(Said { asked, beside, flags: Vec::new() })
    }

    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String> {
        let (Some(draws), Some(better)) = (Draws::new(case.base), case.metric.better) else { return Vec::new() };
        let met = chance(three(draws.chance(better, value)));
        vec![format!("Trend: without the plan {} comes with {met}.", case.level(value))]
    }
}

fn plain_workings(case: &Case<'_>, draws: &Draws) -> Vec<String> {
    let mut workings = vec![format!(
        "Read off {} paths: {} in the middle, {} to {} in 8 of 10.",
        number(case.base.len() as f64),
        case.level(draws.at(0.5)),
        case.level(draws.at(0.1)),
        case.level(draws.at(0.9))
    )];
    if let Some(forecast) = case.outlook.get(case.name) {
        workings.extend(forecast.notes.iter().cloned());
    }
    workings
}

fn stretch_by(case: &Case<'_>, draws: &Draws, stretch: &Stretch) -> Result<Variant, String> {
    match stretch {
        Stretch::Initiatives => initiatives(case),
        Stretch::Confidence(p) => {
            let better = case.metric.better.ok_or("the metric has no `better:`")?;
            let value = draws.met_with(better, *p);
            let workings = vec![format!("{} is met with {} without the plan.", case.level(value), chance(*p))];
            Ok(single(format!("the value met with {} without the plan", chance(*p)), value, workings))
        }
        Stretch::Market => market(case),
        Stretch::Change(change) => changed(case, draws, change),
    }
}

fn initiatives(case: &Case<'_>) -> Result<Variant, String> {
    let moved = case.with_initiatives != case.base;
    let plan = case.plan.filter(|_| moved).ok_or("no initiative of the plan moves it")?;
    let workings = vec![format!("The forecast with the {} initiatives of the plan.", plan.initiatives.len())];
    spread("stretched by the initiatives", case.with_initiatives, workings).ok_or_else(|| "no paths".into())
}

fn changed(case: &Case<'_>, draws: &Draws, change: &Change) -> Result<Variant, String> {
    let size = change.size.mid;
    let share = case.past().is_some_and(|facts| facts.series.nature == Nature::Share);
    let none = || "no paths".to_owned();
    let before = draws.at(0.5);
    match change.kind {
        ChangeKind::Points if share => {
            let step = logit_step(before, size);
            let values: Vec<f64> = case.base.iter().map(|value| shift_logit(*value, step)).collect();
            let points = number(100.0 * size);
            let workings = vec![format!("{} and {points} pp.", case.level(before))];
            spread(format!("stretched by {points} pp"), &values, workings).ok_or_else(none)
        }
        ChangeKind::Points => growth(case, size),
        ChangeKind::Relative => {
            let values: Vec<f64> = case.base.iter().map(|value| value * (1.0 + size)).collect();
            let workings = vec![format!("{} × {}.", case.level(before), number(1.0 + size))];
            spread(format!("stretched by {}", percent(size)), &values, workings).ok_or_else(none)
        }
        ChangeKind::Amount => {
            let values: Vec<f64> = case.base.iter().map(|value| value + size).collect();
            let workings = vec![format!("{} and {}.", case.level(before), case.level(size))];
            spread(format!("stretched by {}", case.level(size)), &values, workings).ok_or_else(none)
        }
    }
}

/// Points added to the monthly growth rate.
fn growth(case: &Case<'_>, points: f64) -> Result<Variant, String> {
    let forecast = case.outlook.get(case.name).ok_or("there is no forecast")?;
    let steps = Steps::of(case, forecast).ok_or("its steps do not reach the period")?;
    let rate = steps.monthly_growth(case).ok_or("its growth cannot be told from its history")?;
    let factor = |months: f64| libm::pow(((1.0 + rate + points) / (1.0 + rate)).max(0.0), months);
    let factors: Vec<f64> = steps.months.iter().map(|months| factor(*months)).collect();
    let values: Vec<f64> =
        case.base.iter().enumerate().map(|(path, value)| value * steps.mean_factor(forecast, path, &factors)).collect();
    let first = steps.first.map(|(period, value)| {
        let (from, to) = (case.level(value), case.level(value * factor(steps.first_months)));
        format!("The first step after the data, {period}: {from} becomes {to}.")
    });
    let mut workings = vec![format!(
        "The forecast grows by {} a month; with {} points more, {}.",
        percent(rate),
        number(100.0 * points),
        percent(rate + points)
    )];
    workings.extend(first);
    workings.extend(steps.by_history(case, points));
    spread(format!("growing {} points a month faster", number(100.0 * points)), &values, workings)
        .ok_or_else(|| "no paths".into())
}

/// The forecast's steps inside the period.
struct Steps {
    /// Place of each step, and the part of it inside the period.
    inside: Vec<(usize, f64)>,
    /// Months from the latest known step to each step inside.
    months: Vec<f64>,
    /// The first future step and its median.
    first: Option<(Period, f64)>,
    first_months: f64,
}

impl Steps {
    fn of(case: &Case<'_>, forecast: &Forecast) -> Option<Steps> {
        let calendar = &case.inputs.model.settings.calendar;
        let (from, to) = case.window;
        let start = *forecast.steps.first()?;
        let latest = calendar.shift(start, -1);
        let months = |period: Period| months_between(middle_of(case, latest), middle_of(case, period), start.grain());
        let mut inside = Vec::new();
        for (place, step) in forecast.steps.iter().enumerate() {
            let (first, last) = (calendar.starts(*step), calendar.ends(*step));
            let days = (last.min(to) - first.max(from)).num_days() + 1;
            if days > 0 {
                inside.push((place, days as f64 / f64::from(calendar.days(*step).max(1))));
            }
        }
        if matches!(case.past()?.series.roll, quarterdeck_forecast::Roll::Last) {
            inside = inside.split_off(inside.len().saturating_sub(1));
        }
        let lags =
            inside.iter().filter_map(|(place, _)| forecast.steps.get(*place)).map(|step| months(*step)).collect();
        let first = Some((start, middle(forecast.paths.step(0)))).filter(|(_, value)| value.is_finite());
        (!inside.is_empty()).then_some(Steps { inside, months: lags, first, first_months: months(start) })
    }

    /// The same by the history's own growth over its latest year, in a sentence.
    fn by_history(&self, case: &Case<'_>, points: f64) -> Option<String> {
        let values = &case.past()?.series.values;
        let calendar = &case.inputs.model.settings.calendar;
        let latest = calendar.shift(self.first?.0, -1);
        let year = calendar.distance(calendar.year_before(latest), latest).max(1) as usize;
        let known = |back: usize| values.len().checked_sub(back).and_then(|at| values.get(at)).copied().flatten();
        let (last, before) = (known(1).filter(|value| *value > 0.0)?, known(1 + year).filter(|value| *value > 0.0)?);
        let rate = libm::pow(last / before, 1.0 / 12.0) - 1.0;
        let next = last * libm::pow((1.0 + rate + points).max(0.0), self.first_months);
        Some(format!(
            "By the history alone: {} in {latest}, {} a month over its latest year; {} makes {} next.",
            case.level(last),
            percent(rate),
            percent(rate + points),
            case.level(next)
        ))
    }

    /// The weighted mean of the factors of a path's steps.
    fn mean_factor(&self, forecast: &Forecast, path: usize, factors: &[f64]) -> f64 {
        let Some(row) = forecast.paths.row(path) else { return middle(factors.to_vec()) };
        let (mut sum, mut weights) = (0.0, 0.0);
        for ((place, part), factor) in self.inside.iter().zip(factors) {
            let weight = row.get(*place).copied().unwrap_or(0.0).abs() * part;
            sum += weight * factor;
            weights += weight;
        }
        if weights > 0.0 { sum / weights } else { factors.iter().sum::<f64>() / factors.len().max(1) as f64 }
    }

    /// The forecast's growth a month: over a year where the history has one (the season cancels), else since the latest step.
    fn monthly_growth(&self, case: &Case<'_>) -> Option<f64> {
        let facts = case.past()?;
        let (start, now) = self.first?;
        let calendar = &case.inputs.model.settings.calendar;
        let values = &facts.series.values;
        let back = calendar.distance(calendar.year_before(start), start).max(1) as usize;
        let known = |back: usize| values.len().checked_sub(back).and_then(|at| values.get(at)).copied().flatten();
        let year_ago = known(back).filter(|value| *value > 0.0 && now > 0.0);
        let over = |before: f64, months: f64| libm::pow(now / before, 1.0 / months) - 1.0;
        if let Some(before) = year_ago {
            return Some(over(before, 12.0));
        }
        let latest = known(1).filter(|value| *value > 0.0 && now > 0.0)?;
        Some(over(latest, self.first_months.max(1e-6)))
    }
}

fn middle_of(case: &Case<'_>, period: Period) -> NaiveDate {
    let calendar = &case.inputs.model.settings.calendar;
    let days = u64::from(calendar.days(period)) / 2;
    let start = calendar.starts(period);
    start.checked_add_days(chrono::Days::new(days)).unwrap_or(start)
}

/// Months between the middles of two steps; whole for months and longer, which have different lengths.
fn months_between(from: NaiveDate, to: NaiveDate, grain: Grain) -> f64 {
    let months = (to - from).num_days() as f64 / 30.4375;
    if grain >= Grain::Month { libm::round(months) } else { months }
}

/// Growth that slows towards the market's size: the same yearly step on the logit scale as in the latest year.
fn market(case: &Case<'_>) -> Result<Variant, String> {
    let facts = case.past().ok_or("it has no history")?;
    let cap = facts.series.cap.as_ref().ok_or("the metric has no market")?;
    let calendar = &case.inputs.model.settings.calendar;
    let last = facts.last.ok_or("it has no complete quarter yet")?;
    let year_ago = calendar.year_before(last.period);
    let before = facts.at(year_ago).ok_or("it has less than a year of complete quarters")?;
    // The period's own quarter a year ago, where it is known, brings the season in.
    let (base, years) = match facts.at(calendar.year_before(case.period)) {
        Some(value) => (value, 1.0),
        None => {
            let ahead = calendar.distance(last.period, case.period) as f64;
            (last.value, ahead / case.period.grain().per_year() as f64)
        }
    };
    let (low, high) = (libm::log(cap.low * facts.per_window), libm::log(cap.high * facts.per_window));
    let z = normal::quantile(0.9);
    let at = |ceiling: f64| {
        let inside = [last.value, before, base].iter().all(|value| *value > 0.0 && *value < ceiling);
        let yearly = logit(last.value / ceiling) - logit(before / ceiling);
        inside.then(|| ceiling * logistic(logit(base / ceiling) + yearly * years))
    };
    let steps = 199;
    let spread_of = (high - low) / (2.0 * z);
    let ceilings = (0..steps).map(|k| {
        let p = (f64::from(k) + 0.5) / f64::from(steps);
        libm::exp((low + high) / 2.0 + spread_of * normal::quantile(p))
    });
    let values: Vec<f64> = ceilings.filter_map(at).collect();
    let workings = vec![format!(
        "From {} in {year_ago} to {} in {}; the same step again on the way to a ceiling of {} to {} ({}).",
        case.level(before),
        case.level(last.value),
        last.period,
        case.level(libm::exp(low)),
        case.level(libm::exp(high)),
        cap.label
    )];
    spread("growing towards the market", &values, workings).ok_or_else(|| "the metric is past its market".into())
}
