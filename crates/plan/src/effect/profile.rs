//! How what a plan adds to a period is spread over the period's days.
//!
//! A period gets the mean of each ramp; a single reading inside it gets what the ramp has reached then. The profile is that
//! height over the mean, each group weighing as much as it adds, so that its own mean over the period is 1.

use super::ramp::height;
use super::{Course, Kind, Moved, World, share_of_window};
use crate::outlook::Inputs;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_lang::model::Reads;

/// The spread of one metric's effects over a period.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Weight and course of each group; risks and judgements act all the time.
    parts: Vec<(f64, Option<Ramp>)>,
}

#[derive(Clone, Copy, Debug)]
struct Ramp {
    starts: NaiveDate,
    days: f64,
    /// What the history holds already.
    held: f64,
    /// What the period gets.
    share: f64,
}

impl Profile {
    /// The profile of a node; `alone` has the numbers with each group alone.
    pub fn of(inputs: &Inputs<'_>, period: Period, world: &World, alone: &[Moved<'_>], node: usize) -> Profile {
        let Some(entry) = world.nodes().get(node) else { return Profile::default() };
        let metric = inputs.metric(&entry.name);
        let reads = metric.map_or(Reads::Whole, |metric| metric.reads);
        let calendar = &inputs.model.settings.calendar;
        let window = (calendar.starts(period), calendar.ends(period));
        let plan = inputs.model.plans.get(&period);
        let mut parts = Vec::new();
        for (group, moved) in world.groups().iter().zip(alone).filter(|(_, moved)| moved.reached(node)) {
            let paths = entry.base.len().max(1) as f64;
            let adds =
                moved.get(node).iter().zip(&entry.base).map(|(after, before)| after - before).sum::<f64>() / paths;
            let happens = group.happens.iter().filter(|happens| **happens).count() as f64;
            let chance = if group.kind == Kind::Risk { happens / paths } else { 1.0 };
            let initiative = plan.and_then(|plan| {
                let named = plan.initiatives.iter().find(|initiative| initiative.name == group.name);
                named.filter(|_| group.kind == Kind::Initiative)
            });
            let ramp = initiative.and_then(|initiative| {
                let starts = Course::of(initiative)?.starts?;
                let share = share_of_window(Some(starts), initiative.ramps, window, inputs.as_of, reads);
                let held = height(starts, initiative.ramps, inputs.as_of);
                (share > 0.0).then_some(Ramp { starts, days: initiative.ramps, held, share })
            });
            parts.push((adds.abs() * chance, ramp));
        }
        Profile { parts }
    }

    /// How much of the period's effect a reading from one day to another has: 1 is the period's mean.
    pub fn at(&self, first: NaiveDate, last: NaiveDate) -> f64 {
        let all: f64 = self.parts.iter().map(|(weight, _)| weight).sum();
        if all <= 0.0 {
            return 1.0;
        }
        let days = (last - first).num_days().max(0) + 1;
        let mean = |ramp: &Ramp| {
            let heights =
                first.iter_days().take(days as usize).map(|day| height(ramp.starts, ramp.days, day) - ramp.held);
            heights.map(|height| height.max(0.0)).sum::<f64>() / days as f64 / ramp.share
        };
        self.parts.iter().map(|(weight, ramp)| weight * ramp.as_ref().map_or(1.0, mean)).sum::<f64>() / all
    }
}
