//! That every target leads to the north star.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;

pub(super) const CODE: Code = Code {
    code: "L004",
    title: "a target that does not lead to the north star",
    explanation: "A target earns its place by moving the north star: as part of it (`equals:`, the measure), or along edges `drives:`. One that leads nowhere may still be met while the product gets no better. Metrics of role `guardrail` and `health` are left out.",
    wrong: "metric reach {\n  why: \"w\"\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  role: north star\n}\nplan 2027-Q1 { target weekly_orders { because: \"x\" } }",
    right: "metric reach {\n  why: \"w\"\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  role: north star\n}\nmetric feeder {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  drives: reach\n}\nplan 2027-Q1 { target feeder { because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct PathlessTarget;

impl Lint for PathlessTarget {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let stars: Vec<_> = workspace.north_stars().map(|metric| metric.name.as_str()).collect();
        let Some(star) = stars.first() else { return Vec::new() };
        let mut found = Vec::new();
        for (plan, target) in workspace.targets() {
            let Some(metric) = workspace.model.metrics.get(&target.metric) else { continue };
            let watched = matches!(metric.role.as_deref(), Some("guardrail" | "health"));
            let leads = workspace.leads_to(&metric.name);
            if watched || stars.iter().any(|star| leads.contains(star)) {
                continue;
            }
            let message = format!("`{}` has a target and does not lead to the north star `{star}`", metric.name);
            let hint =
                format!("say how it moves it: `drives: …` in `{}`, or `equals: …` on the way to `{star}`", metric.name);
            found.push(workspace.target(plan, target, "", message).hint(hint));
        }
        found
    }
}
