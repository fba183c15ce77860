//! Closing part of the gap to a benchmark by a date: in a straight line from the latest quarter, as far as the period's end.

use super::{Case, Method, Said, single};
use crate::proposal::Variant;
use crate::wording::{difference, months, number, percent};
use chrono::NaiveDate;
use quarterdeck_forecast::distribution::quantile_sorted;
use quarterdeck_lang::model::{Benchmark as Declared, Better, Method as Written};

/// The method.
pub struct Benchmark;

impl Method for Benchmark {
    fn name(&self) -> &'static str {
        "benchmark"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let mut missing = absent(case);
        let (mut asked, mut beside) = (Vec::new(), Vec::new());
        for method in &case.target.methods {
            let Written::Benchmark { name, close, by } = method else { continue };
            let found = case.metric.benchmarks.iter().find(|benchmark| benchmark.name == *name);
            match found.map(|benchmark| variant(case, benchmark, *close, *by)) {
                Some(Ok(variant)) => {
                    asked.push(variant);
                    let speed = found.and_then(|benchmark| before(case, benchmark)?.variant(case, benchmark));
                    beside.extend(speed.filter(|speed: &Variant| !beside.contains(speed)));
                }
                Some(Err(why)) => missing = why,
                None => missing = format!("the metric has no benchmark `{name}`"),
            }
        }
        if asked.is_empty() { Err(missing) } else { Ok(Said { asked, beside, ..Said::default() }) }
    }

    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String> {
        let Some((now, since)) = case.standing() else { return Vec::new() };
        let of = |method: &Written| {
            let Written::Benchmark { name, close, by } = method else { return None };
            let benchmark = case.metric.benchmarks.iter().find(|benchmark| benchmark.name == *name)?;
            let needed = (value - now) / (part_of(case, since, *by) * (benchmark.value - now));
            needed.is_finite().then(|| {
                let (label, asked) = (&benchmark.label, percent(*close));
                if needed <= 0.0 {
                    format!("Benchmark: the gap to {label} would have to widen instead of closing by {asked}.")
                } else {
                    format!("Benchmark: closing {} of the gap to {label} by {by} instead of {asked}.", percent(needed))
                }
            })
        };
        case.target.methods.iter().filter_map(of).collect()
    }
}

/// Which part of the way to a date the period's end is.
fn part_of(case: &Case<'_>, since: NaiveDate, by: NaiveDate) -> f64 {
    let (far, near) = (months(since, by), months(since, case.window.1));
    if far > 0.0 { (near / far).clamp(0.0, 1.0) } else { 1.0 }
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
    let part = part_of(case, since, by);
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
    workings.push(match before(case, benchmark) {
        Some(speeds) => speeds.against(close * part),
        None => format!("How fast such gaps closed before cannot be told: {}.", too_few(case, benchmark)),
    });
    Ok(single(format!("{} of the gap to {label} by {by}", percent(close)), value, workings))
}

/// The least past spans a speed is taken from.
const LEAST: usize = 4;

/// Which part of the gap closed over each past span as long as that to the period, as a fraction of the gap at its start;
/// ascending.
struct Speeds {
    closed: Vec<f64>,
    quarters: i64,
    label: String,
}

/// The gap is that to where the benchmark stands now; spans that began on its other side have no gap to close.
fn spans(case: &Case<'_>, benchmark: &Declared) -> Option<Speeds> {
    let facts = case.past()?;
    let last = facts.last?;
    let calendar = &case.inputs.model.settings.calendar;
    let quarters = calendar.distance(last.period, case.period).max(1);
    let sign = (benchmark.value - last.value).signum();
    let mut closed: Vec<f64> = facts
        .quarters
        .iter()
        .filter_map(|from| {
            let gap = benchmark.value - from.value;
            let to = facts.at(calendar.shift(from.period, quarters))?;
            // From next to nothing any move is many times the gap.
            let wide = gap.abs() > 0.05 * (benchmark.value - last.value).abs();
            (gap * sign > 0.0 && wide).then(|| 1.0 - (benchmark.value - to) / gap)
        })
        .collect();
    closed.sort_by(f64::total_cmp);
    Some(Speeds { closed, quarters, label: benchmark.label.clone() })
}

fn before(case: &Case<'_>, benchmark: &Declared) -> Option<Speeds> {
    spans(case, benchmark).filter(|speeds| speeds.closed.len() >= LEAST)
}

fn too_few(case: &Case<'_>, benchmark: &Declared) -> String {
    let n = spans(case, benchmark).map_or(0, |speeds| speeds.closed.len());
    format!("{n} past spans as long as that to the period, and {LEAST} are needed (n = {n})")
}

impl Speeds {
    fn at(&self, p: f64) -> f64 {
        quantile_sorted(&self.closed, p).unwrap_or(0.0)
    }

    fn span(&self) -> String {
        match self.quarters {
            1 => "1 quarter".to_owned(),
            quarters => format!("{quarters} quarters"),
        }
    }

    /// What is asked for, against what was.
    fn against(&self, asked: f64) -> String {
        let as_fast = self.closed.iter().filter(|closed| **closed >= asked).count();
        format!(
            "Over {}, {} of the gap to {} closed in the middle of {} past spans, {} to {} in 8 of 10; as much as the {} asked for in {as_fast} of them.",
            self.span(),
            percent(self.at(0.5)),
            self.label,
            self.closed.len(),
            percent(self.at(0.1)),
            percent(self.at(0.9)),
            percent(asked)
        )
    }

    /// Where the metric ends at the speed such gaps closed before.
    fn variant(&self, case: &Case<'_>, benchmark: &Declared) -> Option<Variant> {
        let (now, _) = case.standing()?;
        let mut ends = [0.1, 0.5, 0.9].map(|p| now + self.at(p) * (benchmark.value - now));
        ends.sort_by(f64::total_cmp);
        let [p10, p50, p90] = ends;
        let label = format!("as fast as the gap to {} closed before ({} spans)", self.label, self.closed.len());
        Some(Variant { label, p10, p50, p90, workings: Vec::new() })
    }
}
