//! History and fan for drawing: at the metric's grain, thinned to means of so many steps that at most 200 points remain, days
//! by whole weeks so that no weekday pattern turns into a wave.

use crate::effect::Profile;
use crate::guard::Shift;
use crate::method::Case;
use crate::offer::Draws;
use crate::proposal::Fan;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::Nature;

/// Most points of a history.
const MOST: usize = 200;

/// How many steps make one point.
fn group(case: &Case<'_>) -> usize {
    let Some(facts) = case.past() else { return 1 };
    let size = facts.series.values.len().div_ceil(MOST).max(1);
    if facts.series.grain == Grain::Day && size > 1 { size.div_ceil(7) * 7 } else { size }
}

/// The history, its last point whole.
pub fn history(case: &Case<'_>) -> Vec<(NaiveDate, f64)> {
    let Some(facts) = case.past() else { return Vec::new() };
    let calendar = &case.inputs.model.settings.calendar;
    let (series, size) = (&facts.series, group(case));
    let skip = series.values.len() % size;
    let mut points = Vec::new();
    for (at, values) in series.values.get(skip..).unwrap_or_default().chunks(size).enumerate() {
        let known: Vec<f64> = values.iter().flatten().copied().filter(|value| value.is_finite()).collect();
        if !known.is_empty() {
            let start = calendar.starts(calendar.shift(series.start, (skip + at * size) as i64));
            points.push((start, known.iter().sum::<f64>() / known.len() as f64));
        }
    }
    points
}

/// The fan to the period's last day; inside the period with everything, `after` being the period's number then.
pub fn fan(case: &Case<'_>, after: &[f64]) -> Vec<(NaiveDate, Fan)> {
    let (Some(facts), Some(forecast)) = (case.past(), case.outlook.get(case.name)) else { return Vec::new() };
    let calendar = &case.inputs.model.settings.calendar;
    let share = facts.series.nature == Nature::Share;
    let shift = Shift { share, before: case.base, after, per_window: facts.per_window };
    let node = case.world.place(case.name);
    let profile =
        node.map(|node| Profile::of(case.inputs, case.period, case.world, case.alone, node)).unwrap_or_default();
    let steps: Vec<(usize, NaiveDate)> = forecast.steps.iter().map(|step| calendar.starts(*step)).enumerate().collect();
    let steps: Vec<(usize, NaiveDate)> = steps.into_iter().filter(|(_, start)| *start <= case.window.1).collect();
    steps
        .chunks(group(case))
        .filter_map(|group| {
            let start = group.first()?.1;
            let end =
                group.last().and_then(|(place, _)| forecast.steps.get(*place)).map(|step| calendar.ends(*step))?;
            let part = profile.at(start, end);
            let values: Vec<f64> = forecast
                .paths
                .rows()
                .enumerate()
                .map(|(path, row)| {
                    let one = |(place, start): &(usize, NaiveDate)| {
                        let value = row.get(*place).copied().unwrap_or(0.0);
                        if *start >= case.window.0 { shift.of(path, value, part) } else { value }
                    };
                    group.iter().map(one).sum::<f64>() / group.len() as f64
                })
                .collect();
            Some((start, Draws::new(&values)?.fan()))
        })
        .collect()
}
