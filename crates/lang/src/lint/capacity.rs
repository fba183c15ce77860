//! That the work of a plan fits its teams.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use crate::model::{Initiative, OutcomeKind};
use quarterdeck_calendar::Grain;

pub(super) const CODE: Code = Code {
    code: "L012",
    title: "more work than the team has",
    explanation: "The efforts of a team's initiatives add up to more than the capacity quarterdeck.toml gives it for the period (`[teams.NAME] capacity`, person-weeks a quarter). Dropped initiatives do not count.",
    wrong: "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  effort: 70 person-weeks  team: logistics } }",
    right: "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  effort: 50 person-weeks  team: logistics } }",
};

/// See [`CODE`].
pub(super) struct Capacity;

impl Lint for Capacity {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for plan in workspace.model.plans.values() {
            let quarters = match plan.period.grain() {
                Grain::Year => 4.0,
                Grain::Half => 2.0,
                _ => 1.0,
            };
            for (name, team) in &workspace.model.settings.teams {
                let works = |initiative: &&Initiative| {
                    initiative.team.as_deref() == Some(name.as_str()) && !dropped(initiative)
                };
                let work: Vec<_> = plan.initiatives.iter().filter(works).collect();
                let effort: f64 = work.iter().filter_map(|initiative| initiative.effort).map(|effort| effort.mid).sum();
                let capacity = team.capacity * quarters;
                let Some(last) = work.last().filter(|_| effort > capacity) else { continue };
                let path = format!("plan/{}", plan.period);
                let message = format!("`{name}` has {capacity} person-weeks in {} and {effort} to do", plan.period);
                let mut finding = workspace.finding(
                    &path,
                    Subject::Plan(plan.period.to_string()),
                    &[&plan.allows, &last.allows],
                    message,
                );
                for initiative in &work {
                    let place = workspace.find(&format!("{path}/initiative/{}/effort", initiative.name));
                    let effort = initiative.effort.map_or(0.0, |effort| effort.mid);
                    finding = finding.label(place, format!("{effort} person-weeks"));
                }
                found.push(finding.hint("drop or move one of them, or give the work to another team"));
            }
        }
        found
    }
}

fn dropped(initiative: &Initiative) -> bool {
    initiative.outcomes.iter().any(|outcome| outcome.kind == OutcomeKind::Dropped)
}
