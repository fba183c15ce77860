//! That every initiative reaches a target.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;

pub(super) const CODE: Code = Code {
    code: "L005",
    title: "an initiative that reaches no target",
    explanation: "What an initiative moves acts on the metric it names and reaches others through measures and identities alone. Work that reaches no target of its plan adds nothing to any chance.",
    wrong: "plan 2027-Q1 {\n  target weekly_orders { because: \"x\" }\n  initiative depot { moves: tickets by -2% }\n}",
    right: "plan 2027-Q1 {\n  target weekly_orders { because: \"x\" }\n  initiative depot { moves: weekly_orders by 2% }\n}",
};

/// See [`CODE`].
pub(super) struct IdleInitiative;

impl Lint for IdleInitiative {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for plan in workspace.model.plans.values().filter(|plan| !plan.targets.is_empty()) {
            let idle = plan.initiatives.iter().filter(|initiative| {
                !initiative.moves.iter().any(|moves| workspace.reaches_target(plan, &moves.metric))
            });
            for initiative in idle {
                let path = format!("plan/{}/initiative/{}", plan.period, initiative.name);
                let subject = Subject::Plan(plan.period.to_string());
                let message = format!("the initiative `{}` reaches no target of {}", initiative.name, plan.period);
                let finding = workspace.finding(&path, subject, &[&initiative.allows, &plan.allows], message);
                let moved: Vec<_> = initiative.moves.iter().map(|moves| format!("`{}`", moves.metric)).collect();
                let hint = match moved.as_slice() {
                    [] => "say what it moves: `moves: METRIC by 1pp to 3pp`".to_owned(),
                    moved => format!(
                        "it moves {}: make that part of a target's tree with `equals:`, or give it a target",
                        moved.join(", ")
                    ),
                };
                found.push(finding.hint(hint));
            }
        }
        found
    }
}
