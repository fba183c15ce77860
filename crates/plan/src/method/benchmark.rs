//! Closing part of the gap to a benchmark by a date: in a straight line from the latest quarter, as far as the period's end.

use super::{Case, Method, Said, single};
use crate::proposal::Variant;
use crate::wording::{difference, months, number, percent};
use chrono::NaiveDate;
use quarterdeck_lang::model::{Benchmark as Declared, Better, Method as Written};

/// The method.
pub struct Benchmark;

impl Method for Benchmark {
    fn name(&self) -> &'static str {
        "benchmark"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let mut missing = absent(case);
        let mut asked = Vec::new();
        for method in &case.target.methods {
            let Written::Benchmark { name, close, by } = method else { continue };
            let found = case.metric.benchmarks.iter().find(|benchmark| benchmark.name == *name);
            match found.map(|benchmark| variant(case, benchmark, *close, *by)) {
                Some(Ok(variant)) => asked.push(variant),
                Some(Err(why)) => missing = why,
                None => missing = format!("the metric has no benchmark `{name}`"),
            }
        }
        if asked.is_empty() { Err(missing) } else { Ok(Said { asked, ..Said::default() }) }
    }
}

fn absent(case: &Case<'_>) -> String {
    match case.metric.benchmarks.first() {
        Some(benchmark) => format!(
            "the plan does not use its benchmark: add `method: benchmark {} close 1/2 by {}`",
            benchmark.name, case.period
        ),
        None => "the metric has no benchmark".into(),
    }
}

fn variant(case: &Case<'_>, benchmark: &Declared, close: f64, by: NaiveDate) -> Result<Variant, String> {
    let label = &benchmark.label;
    if let Some(date) = benchmark.date.filter(|date| *date > case.inputs.as_of) {
        return Err(format!("{label} is dated {date}, after the last day that is known: it is ignored"));
    }
    let Some((now, since)) = case.standing() else {
        return Err(format!("there is no value yet to measure the gap to {label} from"));
    };
    let gap = benchmark.value - now;
    let ahead = match case.metric.better {
        Some(Better::Lower) => gap >= 0.0,
        Some(Better::Higher) | None => gap <= 0.0,
        Some(Better::Between(..)) => gap == 0.0,
    };
    let (far, near) = (months(since, by), months(since, case.window.1));
    let part = if far > 0.0 { (near / far).clamp(0.0, 1.0) } else { 1.0 };
    let value = now + close * part * gap;
    let unit = &case.metric.unit;
    let mut workings = vec![
        format!(
            "{label} stands at {}, the metric at {}: a gap of {}.",
            case.level(benchmark.value),
            case.level(now),
            difference(gap, unit)
        ),
        format!("Closing {} of it by {by} makes {}.", percent(close), case.level(now + close * gap)),
    ];
    if part < 1.0 {
        let (near, far) = (number(near), number(far));
        workings.push(format!(
            "The period ends {near} of {far} months on: {} of the way, {}.",
            percent(part),
            case.level(value)
        ));
    }
    if ahead {
        workings.push(format!("The metric is already at or beyond {label}."));
    }
    workings.extend(closed_before(case, benchmark));
    Ok(single(format!("{} of the gap to {label} by {by}", percent(close)), value, workings))
}

/// How fast the gap closed in the year before.
fn closed_before(case: &Case<'_>, benchmark: &Declared) -> Option<String> {
    let facts = case.past()?;
    let last = facts.last?;
    let calendar = &case.inputs.model.settings.calendar;
    let before = facts.at(calendar.year_before(last.period))?;
    let (gap_before, gap_now) = (benchmark.value - before, benchmark.value - last.value);
    if gap_before == 0.0 || gap_before.signum() != gap_now.signum() {
        return None;
    }
    let closed = 1.0 - gap_now / gap_before;
    let verb = if closed >= 0.0 { "closed by" } else { "widened by" };
    Some(format!(
        "In the year to {}, the gap to where {} stands now {verb} {}.",
        last.period,
        benchmark.label,
        percent(closed.abs())
    ))
}
