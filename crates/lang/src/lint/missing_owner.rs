//! That every metric has an owner.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::Metric;

pub(super) const CODE: Code = Code {
    code: "L007",
    title: "a metric without an owner",
    explanation: "Somebody answers for the definition, and acts when it is a guard and sounds.",
    wrong: "metric refunds { why: \"w\"  unit: orders  grain: week  measure: count() from orders }",
    right: "metric refunds { why: \"w\"  owner: \"ops@example.com\"  unit: orders  grain: week  measure: count() from orders }",
};

/// See [`CODE`].
pub(super) struct MissingOwner;

impl Lint for MissingOwner {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn of_metric(&self, workspace: &Workspace<'_>, metric: &Metric) -> Vec<Finding> {
        if metric.owner.is_some() {
            return Vec::new();
        }
        let finding = workspace.metric(metric, "", format!("nobody owns `{}`", metric.name));
        vec![finding.hint("add `owner: \"team@example.com\"`")]
    }
}
