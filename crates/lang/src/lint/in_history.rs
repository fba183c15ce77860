//! That an initiative says how much of it the history holds, where earlier ones of its kind are in the history.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use crate::model::{Initiative, OutcomeKind, Plan};

pub(super) const CODE: Code = Code {
    code: "L024",
    title: "an initiative whose kind the history already holds",
    explanation: "A forecast goes on as the history went, and what earlier initiatives on the same metric did, once shipped, is in that history. Only what exceeds their usual pace is new: `in_trend:` says which part is not. `in_trend: 0%` says that all of it is.",
    wrong: "plan 2026-Q4 { initiative mail { moves: weekly_orders by 2% outcome: shipped 2026-11-02 } }\nplan 2027-Q1 { initiative post { moves: weekly_orders by 2% } }",
    right: "plan 2026-Q4 { initiative mail { moves: weekly_orders by 2% outcome: shipped 2026-11-02 } }\nplan 2027-Q1 { initiative post { moves: weekly_orders by 2% in_trend: 50% } }",
};

/// See [`CODE`].
pub(super) struct InHistory;

impl Lint for InHistory {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let calendar = &workspace.model.settings.calendar;
        let mut found = Vec::new();
        for plan in workspace.model.plans.values() {
            let starts = calendar.starts(plan.period);
            let earlier: Vec<&Plan> =
                workspace.model.plans.values().filter(|other| calendar.ends(other.period) < starts).collect();
            for initiative in plan.initiatives.iter().filter(|initiative| initiative.continues.is_none()) {
                let path = format!("plan/{}/initiative/{}", plan.period, initiative.name);
                if workspace.state.exact(workspace.world, &format!("{path}/in_trend")).is_some() {
                    continue;
                }
                let Some((metric, before, period)) = alike(initiative, &earlier) else { continue };
                let subject = Subject::Plan(plan.period.to_string());
                let message = format!(
                    "`{}` moves `{metric}`, as `{before}` did in {period}: the history holds such work",
                    initiative.name
                );
                let finding = workspace.finding(&path, subject, &[&initiative.allows, &plan.allows], message);
                found.push(
                    finding.hint("say which part of it is the usual pace: `in_trend: 50%`, or `in_trend: 0%` for none"),
                );
            }
        }
        found
    }
}

/// The latest earlier initiative that shipped and moved one of the same metrics.
fn alike<'a>(initiative: &'a Initiative, earlier: &[&'a Plan]) -> Option<(&'a str, &'a str, String)> {
    let others = earlier.iter().rev().flat_map(|plan| plan.initiatives.iter().map(move |other| (plan, other)));
    others.filter(|(_, other)| shipped(other)).find_map(|(plan, other)| {
        let metrics = initiative.moves.iter().map(|moves| moves.metric.as_str());
        let same = metrics.into_iter().find(|metric| other.moves.iter().any(|moves| moves.metric == *metric))?;
        Some((same, other.name.as_str(), plan.period.to_string()))
    })
}

/// Whether it is said to have shipped: what slipped, was dropped or has no outcome may be in no history.
fn shipped(initiative: &Initiative) -> bool {
    initiative.outcomes.iter().any(|outcome| matches!(outcome.kind, OutcomeKind::Shipped(_) | OutcomeKind::Measured(_)))
}
