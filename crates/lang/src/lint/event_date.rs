//! That an event that comes every year has a date in a planned one.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use quarterdeck_calendar::{Grain, Period};

pub(super) const CODE: Code = Code {
    code: "L021",
    title: "a yearly event without its next date",
    explanation: "The event stood in the same quarter of the two years before a planned period and has no date in it, so its effect will be missing from the forecast.",
    wrong: "event sale { on: 2025-02-10, 2026-02-09 }\nplan 2027-Q1 { target weekly_orders { because: \"x\" } }",
    right: "event sale { on: 2025-02-10, 2026-02-09, 2027-02-08 }\nplan 2027-Q1 { target weekly_orders { because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct EventDate;

impl Lint for EventDate {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let calendar = &workspace.model.settings.calendar;
        let mut found = Vec::new();
        for event in workspace.model.events.values() {
            let touches = |period: Period| {
                let (starts, ends) = (calendar.starts(period), calendar.ends(period));
                event.days.iter().any(|(first, last)| *first <= ends && starts <= *last)
            };
            for plan in workspace.model.plans.values().filter(|plan| plan.period.grain() == Grain::Quarter) {
                let before = calendar.year_before(plan.period);
                if touches(plan.period) || !touches(before) || !touches(calendar.year_before(before)) {
                    continue;
                }
                let path = format!("event/{}", event.name);
                let message = format!(
                    "`{}` came in {before} and the year before, and has no date in {}",
                    event.name, plan.period
                );
                let finding = workspace.finding(&path, Subject::Event(event.name.clone()), &[&plan.allows], message);
                found
                    .push(finding.hint("add its days to `on:`, or let the plan `allow: L021 \"it will not be held\"`"));
            }
        }
        found
    }
}
