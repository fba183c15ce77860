//! What becomes of keys after they enter, in plain words.

use super::condition::{condition, rows};
use super::formula::named;
use super::{column, length};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Journey, Length, Measure, Metric, Rows};

/// Conversions, funnels, retention and churn, for one period of the metric.
pub(super) fn words(journey: &Journey, period: &str, model: &Model) -> String {
    let per = match journey {
        Journey::Churn { per, .. } => per.word(),
        _ => period,
    };
    let entered = match journey {
        Journey::Funnel { .. } => "",
        Journey::Churn { .. } => " Each counts once.",
        _ => " Each counts once, on the day of its first such row.",
    };
    format!("For each {per}: {}.{entered}", share(journey, per, model))
}

/// The share, or the number, without its sentence.
pub(super) fn share(journey: &Journey, period: &str, model: &Model) -> String {
    match journey {
        Journey::Conversion { from, to, key, within, count } => {
            let what = if *count { "how many" } else { "which share" };
            format!(
                "of all {} found that {period} in {}, {what} are found, less than {} later, in {}",
                column(key),
                of(from, model),
                length(*within),
                of(to, model)
            )
        }
        Journey::Funnel { from, key, within, steps } => {
            let steps: Vec<String> = steps
                .iter()
                .enumerate()
                .map(|(at, step)| format!("({}) `{}`: {}", at + 1, step.name, condition(&step.filter, model)))
                .collect();
            format!(
                "of all {} that take the first step that {period} in {}, which share take all the others in this order, \
                 each later than the one before and less than {} after the first: {}; other rows may come between",
                column(key),
                of(from, model),
                length(*within),
                steps.join(", ")
            )
        }
        Journey::Retention { from, to, key, after, lasting } => format!(
            "of all {} found that {period} in {}, which share are found, at any time from {} on for {}{}, in {}",
            column(key),
            of(from, model),
            since(*after),
            length(*lasting),
            days(*after, *lasting),
            of(to, model)
        ),
        Journey::Churn { from, key, per } => format!(
            "of all {} found that {per} in {}, which share are not found there in the next {per}",
            column(key),
            of(from, model)
        ),
    }
}

/// A funnel as far as one of its steps, by the metric that declares it; told in full where none does.
pub(super) fn step(journey: &Journey, period: &str, model: &Model) -> String {
    let Journey::Funnel { from, key, within, steps } = journey else { return share(journey, period, model) };
    let goes_on = |metric: &&Metric| match &metric.measure {
        Measure::Journey(Journey::Funnel { from: own, key: by, within: time, steps: all }) => {
            own == from && by == key && time == within && all.starts_with(steps)
        }
        _ => false,
    };
    match (model.metrics.values().find(goes_on), steps.last()) {
        (Some(metric), Some(last)) => format!("{} as far as its step `{}`", named(&metric.name, model), last.name),
        _ => format!("({})", share(journey, period, model)),
    }
}

/// Who is not counted yet.
pub(super) fn incomplete(journey: &Journey) -> String {
    match journey {
        Journey::Churn { per, .. } => format!("The latest {per} has no value before the next one is over."),
        _ => "Whoever entered so recently that this time is not over yet is left out of both counts.".to_owned(),
    }
}

fn of(rows_of: &Rows, model: &Model) -> String {
    rows(&rows_of.source, rows_of.filter.as_ref(), rows_of.time.as_deref(), model)
}

/// From when on somebody may be back.
fn since(after: Length) -> String {
    match after {
        Length::Grains(0, _) | Length::Minutes(0) => "then".to_owned(),
        after => format!("{} later", length(after)),
    }
}

/// The same in days, the first being day 0, where both ends are whole days.
fn days(after: Length, lasting: Length) -> String {
    use quarterdeck_calendar::Grain::{Day, Week};
    let whole = |of: Length| match of {
        Length::Grains(count, Day) => Some(u64::from(count)),
        Length::Grains(count, Week) => Some(u64::from(count) * 7),
        _ => None,
    };
    match (whole(after), whole(lasting)) {
        (Some(after), Some(lasting)) if lasting > 0 => {
            format!(" (days {after} to {}, the day of entry being day 0)", after + lasting - 1)
        }
        _ => String::new(),
    }
}
