//! That every target has a guard.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::{Plan, Target};

pub(super) const CODE: Code = Code {
    code: "L003",
    title: "a target without a guard",
    explanation: "A number that is pushed alone is met at the expense of something else. A guard is the metric that must not suffer; its owner acts when it does. Declare it at the metric, for all its targets, or at the target.",
    wrong: "plan 2027-Q1 { target weekly_orders { because: \"x\" } }",
    right: "plan 2027-Q1 { target weekly_orders { because: \"x\"  guard: tickets } }",
};

/// See [`CODE`].
pub(super) struct Unguarded;

impl Lint for Unguarded {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let bare = |(_, target): &(&Plan, &Target)| {
            let of_metric = workspace.model.metrics.get(&target.metric);
            // A metric that could not be resolved may have guards we do not see.
            target.guards.is_empty() && of_metric.is_some_and(|metric| metric.guards.is_empty())
        };
        let tell = |(plan, target): (&Plan, &Target)| {
            let message = format!("nothing guards the target of `{}`", target.metric);
            workspace
                .target(plan, target, "", message)
                .hint("name what must not suffer for it: `guard: METRIC at most 5% above last quarter`")
        };
        workspace.targets().filter(bare).map(|(plan, target)| tell((plan, target))).collect()
    }
}
