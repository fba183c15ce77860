//! Chart 1: the history, the fan of what may come, the target, and the cap.

mod draw;

use super::strip::{Strip, aligned};
use crate::number::Levels;
use crate::page::voice::Voice;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_plan::proposal::{Actual, Fan, Proposal};

/// What the chart draws.
#[derive(Clone, Debug, PartialEq)]
pub struct FanChart {
    /// First day and value; at the metric's grain, or by quarter where the quarter's number is a total.
    pub history: Vec<(NaiveDate, f64)>,
    /// The fan, on the same scale.
    pub fan: Vec<(NaiveDate, Fan)>,
    /// The way that leads to the target, where one was planned.
    pub plan: Vec<(NaiveDate, f64)>,
    /// The last past quarters, for the version in characters.
    pub quarters: Vec<Actual>,
    /// The quarter with everything in it.
    pub quarter: Option<Fan>,
    /// The period's name and days.
    pub period: (String, NaiveDate, NaiveDate),
    /// The target.
    pub target: Option<f64>,
    /// The range the number is to stay inside, where that is the aim.
    pub range: Option<(f64, f64)>,
    /// What limits it: label, low and high end.
    pub cap: Option<(String, f64, f64)>,
    /// Names of the 10th percentile, the median and the 90th.
    pub names: [&'static str; 3],
    /// Whether points are quarters.
    pub quarterly: bool,
    /// How levels are written.
    pub levels: Levels,
}

impl FanChart {
    /// The chart of a target; `None` where there is nothing to draw.
    pub(crate) fn of(voice: &Voice<'_>) -> Option<FanChart> {
        let (target, proposal) = (voice.target, voice.proposal);
        let detail = &target.detail;
        let quarter = voice.quarter();
        // A quarter's total and a week's number do not share an axis.
        let quarterly = target.reads == "total" || detail.history.len() < 2;
        let (history, fan) = if quarterly {
            (
                by_quarter(&detail.quarters, proposal.period, middle_of(proposal)),
                quarter.map(|fan| (proposal.starts, fan)).into_iter().collect(),
            )
        } else {
            (detail.history.clone(), detail.fan.clone())
        };
        let since = shown_since(proposal);
        let shown = |(day, value): &(NaiveDate, f64)| value.is_finite() && *day >= since;
        let history: Vec<(NaiveDate, f64)> = history.into_iter().filter(shown).collect();
        if history.is_empty() && fan.is_empty() && target.proposed.target.is_none() {
            return None;
        }
        Some(FanChart {
            history,
            fan: fan.into_iter().filter(|(_, fan)| is_finite(fan)).collect(),
            plan: Vec::new(),
            quarters: detail.quarters.clone(),
            quarter: quarter.filter(is_finite),
            period: (proposal.period.to_string(), proposal.starts, proposal.ends),
            target: target.proposed.target.map(|offer| offer.value).filter(|value| value.is_finite()),
            range: detail.range.filter(|(low, high)| low.is_finite() && high.is_finite()),
            cap: detail.cap.clone().filter(|(_, low, high)| low.is_finite() && high.is_finite()),
            names: crate::words::quarter_names(&target.better),
            quarterly,
            levels: voice.levels.clone(),
        })
    }

    /// The chart as SVG.
    pub(super) fn svg(&self, id: &str, title: &str) -> String {
        draw::svg(self, id, title)
    }

    /// The last quarters and the fan as strips.
    pub(super) fn text(&self) -> Vec<String> {
        const LAST: usize = 8;
        let recent = self.quarters.get(self.quarters.len().saturating_sub(LAST)..).unwrap_or(&[]);
        let ends = self.quarter.map(|fan| [fan.p10, fan.p90]);
        let range = self.range.into_iter().flat_map(|(low, high)| [low, high]);
        let values = recent.iter().map(|a| a.value).chain(ends.into_iter().flatten()).chain(self.target).chain(range);
        let Some(strip) = Strip::over(values) else { return Vec::new() };
        let level = |value| self.levels.level(value);
        let mut rows: Vec<(String, String, String)> = recent
            .iter()
            .map(|actual| (actual.period.to_string(), strip.draw(&[], &[(actual.value, '●')]), level(actual.value)))
            .collect();
        let period = self.period.0.clone();
        if let Some(fan) = self.quarter {
            let spans = [(fan.p10, fan.p90, '─'), (fan.p30, fan.p70, '▒')];
            let words = format!("{} to {}, middle {}", level(fan.p10), level(fan.p90), level(fan.p50));
            rows.push((period, strip.draw(&spans, &[(fan.p50, '┃')]), words));
        }
        if let Some(target) = self.target {
            let (spans, words) = match self.range {
                Some((low, high)) => (vec![(low, high, '═')], self.levels.range(low, high)),
                None => (Vec::new(), level(target)),
            };
            rows.push(("Target".to_owned(), strip.draw(&spans, &[(target, '◎')]), words));
        }
        if let Some((label, low, high)) = &self.cap {
            let ends = if low == high { level(*low) } else { self.levels.range(*low, *high) };
            rows.push((format!("Cap: {label}"), String::new(), ends));
        }
        aligned(rows)
    }
}

fn is_finite(fan: &Fan) -> bool {
    [fan.p10, fan.p30, fan.p50, fan.p70, fan.p90].iter().all(|value| value.is_finite())
}

/// The first day shown: thirteen times the period's length before it. A longer history would press the fan, which the page
/// is about, into a corner.
fn shown_since(proposal: &Proposal) -> NaiveDate {
    let length = (proposal.ends - proposal.starts).num_days().clamp(0, 400) + 1;
    proposal.starts.checked_sub_signed(chrono::TimeDelta::days(length * 13)).unwrap_or(NaiveDate::MIN)
}

/// The middle day of the period, where a quarter's number stands.
fn middle_of(proposal: &Proposal) -> NaiveDate {
    proposal.starts + (proposal.ends - proposal.starts) / 2
}

/// Past quarters with their middle day: counted back from the period in steps of its length. The calendar is not known here,
/// and a point a few days off is not seen on this axis.
fn by_quarter(quarters: &[Actual], period: Period, middle: NaiveDate) -> Vec<(NaiveDate, f64)> {
    let step = 365.25 / period.grain().per_year().max(1) as f64;
    let index =
        |period: Period| f64::from(period.year()) * period.grain().per_year() as f64 + f64::from(period.number());
    quarters
        .iter()
        .filter(|actual| actual.period.grain() == period.grain())
        .filter_map(|actual| {
            let days = ((index(period) - index(actual.period)) * step).round() as i64;
            middle.checked_sub_signed(chrono::TimeDelta::days(days)).map(|day| (day, actual.value))
        })
        .collect()
}
