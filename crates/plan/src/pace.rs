//! The plan's path: how a period's number builds up if the target is met.
//!
//! It is the mean of the tenth of all paths that land nearest the target, moved so that it ends on it: seasonal, never a
//! straight line. Each kind of number builds up in its own way: flows add up or average over the days so far, stocks stand
//! where they stand, shares weigh their denominators. What was observed when the plan was made stays as it is; the rest is
//! moved, flows in proportion, means and shares by the same amount at every step, stocks by an amount that grows to the end.

use crate::Proposal;
use crate::offer::tidy;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain};
use quarterdeck_forecast::Roll;

/// The path of one target over its period.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    roll: Roll,
    flow: bool,
    steps: Vec<Step>,
    /// What a mean of steps is multiplied by to be the period's number, where that has a value of its own.
    link: f64,
}

/// A step of the metric inside the period, or the part of it that lies inside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The first day of it that lies inside the period.
    pub starts: NaiveDate,
    /// The last day of it that lies inside the period.
    pub ends: NaiveDate,
    /// How many days all of it has.
    pub days: f64,
    /// Whether its own last day lies inside the period.
    pub ends_inside: bool,
    /// Its value: a flow's total over all its days, else its level.
    pub value: f64,
    /// Its denominator per day, where the number is a weighted mean; 1 elsewhere.
    pub weight: f64,
    /// Whether it was observed.
    pub known: bool,
}

/// A stretch of the period on the plan's path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The number of this stretch alone: a total, an average, a share; what stands at its end for a stock.
    pub alone: f64,
    /// The period's number so far at its end.
    pub so_far: f64,
}

/// The plan's paths as a table for a spreadsheet: every target by week and by month, what each stretch is planned to come to alone
/// (a total, an average, a share; for a stock what stands at its end) and the period's number so far. Shares are fractions.
pub fn to_csv(proposal: &Proposal, calendar: &Calendar) -> String {
    let mut text = "metric,slice,unit,reads,cut,starts,ends,planned,so_far\n".to_owned();
    for target in &proposal.targets {
        let Some(pace) = &target.detail.pace else { continue };
        for (cut, grain) in [("week", Grain::Week), ("month", Grain::Month)] {
            let cuts = calendar.periods(grain, proposal.starts, proposal.ends);
            for phase in pace.phases(cuts.into_iter().map(|cut| (calendar.starts(cut), calendar.ends(cut)))) {
                let slice = target.slice.as_deref().unwrap_or_default();
                let cells = [&target.metric, slice, &target.unit, &target.reads].map(cell).join(",");
                let (planned, so_far) = (tidy(phase.alone), tidy(phase.so_far));
                text.push_str(&format!("{cells},{cut},{},{},{planned},{so_far}\n", phase.starts, phase.ends));
            }
        }
    }
    text
}

/// A cell, quoted where it must be.
fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// The places of the tenth of all values that lie nearest the target, at least one; ties go to the earlier place.
pub fn nearest_tenth(landings: &[f64], target: f64) -> Vec<usize> {
    let mut nearest: Vec<(f64, usize)> =
        landings.iter().enumerate().map(|(path, value)| ((value - target).abs(), path)).collect();
    nearest.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    nearest.truncate(landings.len().div_ceil(10));
    nearest.into_iter().map(|(_, path)| path).collect()
}

impl Pace {
    /// The path through the mean `steps` of the nearest tenth, in order of time, moved to end on `target`; `None` where nothing
    /// builds up to a finite number.
    pub fn new(roll: Roll, flow: bool, steps: Vec<Step>, target: f64) -> Option<Pace> {
        let mut pace = Pace { roll, flow, steps, link: 1.0 };
        pace.land_on(target);
        pace.end().filter(|end| end.is_finite())?;
        Some(pace)
    }

    /// The period's number so far on a day; `None` before the first one on which there is one.
    pub fn so_far(&self, day: NaiveDate) -> Option<f64> {
        let from = self.steps.first()?.starts;
        if day < from { None } else { self.between(from, day) }
    }

    /// The number of some days alone, as the metric's own number is made; `None` where nothing of it lies in there.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Option<f64> {
        let parts: Vec<(&Step, f64)> = self
            .steps
            .iter()
            .map(|step| (step, overlap(step.starts, step.ends, from, to)))
            .filter(|(_, days)| *days > 0.0)
            .collect();
        let days: f64 = parts.iter().map(|(_, days)| days).sum();
        let total = || parts.iter().map(|(step, days)| step.value * days / step.days.max(1.0)).sum::<f64>();
        let weighted = |weight: fn(&Step) -> f64| {
            let all: f64 = parts.iter().map(|(step, days)| weight(step) * days).sum();
            (all > 0.0).then(|| parts.iter().map(|(step, days)| weight(step) * days * step.value).sum::<f64>() / all)
        };
        let at_end = |count: usize| {
            let done: Vec<f64> = self.done(from, to).map(|step| step.value).collect();
            let taken = done.get(done.len().saturating_sub(count.max(1))..).unwrap_or_default();
            // Inside the first step nothing has ended yet: it stands for itself.
            let under_way = || parts.last().map(|(step, _)| step.value);
            if taken.is_empty() { under_way() } else { Some(taken.iter().sum::<f64>() / taken.len() as f64) }
        };
        if parts.is_empty() {
            return None;
        }
        match self.roll {
            Roll::Total => Some(total()),
            Roll::Average(grain) if self.flow => Some(total() / days * mean_days(grain)),
            Roll::Link | Roll::Distinct if self.flow => Some(total() / days * self.link),
            Roll::Average(_) => weighted(|_| 1.0),
            Roll::Link | Roll::Distinct => weighted(|_| 1.0).map(|mean| mean * self.link),
            Roll::Weighted => weighted(|step| step.weight.max(0.0)).or_else(|| weighted(|_| 1.0)),
            Roll::Last => at_end(1),
            Roll::AverageOfLast { count } => at_end(count as usize),
            Roll::Min => self.done(from, to).map(|step| step.value).reduce(f64::min),
            Roll::Max => self.done(from, to).map(|step| step.value).reduce(f64::max),
        }
    }

    /// The path cut at the last days of `cuts` (first and last day of weeks, months or whatever), clipped to the period.
    pub fn phases(&self, cuts: impl IntoIterator<Item = (NaiveDate, NaiveDate)>) -> Vec<Phase> {
        let (Some(first), Some(last)) = (self.steps.first(), self.steps.last()) else { return Vec::new() };
        let clipped = cuts.into_iter().map(|(starts, ends)| (starts.max(first.starts), ends.min(last.ends)));
        clipped
            .filter(|(starts, ends)| starts <= ends)
            .filter_map(|(starts, ends)| {
                Some(Phase { starts, ends, alone: self.between(starts, ends)?, so_far: self.so_far(ends)? })
            })
            .collect()
    }

    /// The period's number at its end.
    pub fn end(&self) -> Option<f64> {
        self.so_far(self.steps.last()?.ends)
    }

    /// Steps that end inside some days and inside the period.
    fn done(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.ends_inside && (from..=to).contains(&step.ends))
    }

    /// Moves what is not known yet so that the end is the target.
    fn land_on(&mut self, target: f64) {
        let Some(end) = self.end().filter(|_| self.steps.iter().any(|step| !step.known)) else { return };
        let gap = target - end;
        match self.roll {
            Roll::Total | Roll::Average(_) if self.flow => self.scale(end, target),
            Roll::Link | Roll::Distinct => self.link = if end != 0.0 { target / end } else { 1.0 },
            Roll::Last => self.lean(gap, 1),
            Roll::AverageOfLast { count } => self.lean(gap, count as usize),
            Roll::Min | Roll::Max => self.lift(gap, |_| 1.0, 1.0),
            Roll::Weighted => {
                let all = |pick: fn(&Step) -> bool| -> f64 {
                    self.steps.iter().filter(|step| pick(step)).map(|step| step.weight * inside(step)).sum()
                };
                let (free, whole) = (all(|step| !step.known), all(|_| true));
                self.lift(gap, |_| 1.0, if whole > 0.0 { free / whole } else { 0.0 });
            }
            _ => {
                let all =
                    |pick: fn(&Step) -> bool| -> f64 { self.steps.iter().filter(|step| pick(step)).map(inside).sum() };
                let (free, whole) = (all(|step| !step.known), all(|_| true));
                self.lift(gap, |_| 1.0, if whole > 0.0 { free / whole } else { 0.0 });
            }
        }
    }

    /// A flow's open steps in proportion; where that makes no sense, by the same amount a day.
    fn scale(&mut self, end: f64, target: f64) {
        let amount = |step: &Step| step.value * inside(step) / step.days.max(1.0);
        let known: f64 = self.steps.iter().filter(|step| step.known).map(amount).sum();
        let free: f64 = self.steps.iter().filter(|step| !step.known).map(amount).sum();
        let whole = known + free;
        // The number is the sum times the same factor, whatever it is.
        let wanted = if end != 0.0 { whole * target / end } else { target };
        let factor = (wanted - known) / free;
        if factor.is_finite() && factor > 0.0 {
            self.steps.iter_mut().filter(|step| !step.known).for_each(|step| step.value *= factor);
            return;
        }
        let days: f64 = self.steps.iter().filter(|step| !step.known).map(inside).sum();
        let a_day = (wanted - whole) / days.max(1.0);
        self.steps.iter_mut().filter(|step| !step.known).for_each(|step| step.value += a_day * step.days);
    }

    /// Open steps by an amount of their own, `part` of which reaches the end.
    fn lift(&mut self, gap: f64, height: impl Fn(&Step) -> f64, part: f64) {
        if part > 0.0 {
            self.steps.iter_mut().filter(|step| !step.known).for_each(|step| step.value += gap * height(step) / part);
        }
    }

    /// Open steps by an amount that grows to the end, whose number is the mean of the last `count` steps.
    fn lean(&mut self, gap: f64, count: usize) {
        let Some(from) = self.steps.iter().find(|step| !step.known).map(|step| step.starts) else { return };
        let Some(to) = self.steps.last().map(|step| step.ends) else { return };
        let height = |step: &Step| days(from, step.ends) / days(from, to).max(1.0);
        let done: Vec<&Step> = self.done(NaiveDate::MIN, NaiveDate::MAX).collect();
        let last = done.get(done.len().saturating_sub(count.max(1))..).unwrap_or_default();
        let part = match last.len() {
            0 => 1.0,
            n => last.iter().filter(|step| !step.known).map(|step| height(step)).sum::<f64>() / n as f64,
        };
        self.lift(gap, height, part);
    }
}

/// Days of a step that lie inside the period.
fn inside(step: &Step) -> f64 {
    days(step.starts, step.ends)
}

/// Days from one to another, both counted.
fn days(from: NaiveDate, to: NaiveDate) -> f64 {
    (to - from).num_days() as f64 + 1.0
}

fn overlap(a: NaiveDate, b: NaiveDate, from: NaiveDate, to: NaiveDate) -> f64 {
    days(a.max(from), b.min(to)).max(0.0)
}

fn mean_days(grain: quarterdeck_calendar::Grain) -> f64 {
    quarterdeck_lang::model::Length::Grains(1, grain).days()
}

#[cfg(test)]
#[path = "pace/tests.rs"]
mod tests;
