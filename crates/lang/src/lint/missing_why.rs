//! That every metric says why it matters.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::Metric;

pub(super) const CODE: Code = Code {
    code: "L008",
    title: "a metric without a why",
    explanation: "One sentence on why anybody should care is the first thing its page shows, and the first that is missing when the metric is questioned.",
    wrong: "metric refunds { owner: \"o@example.com\"  unit: orders  grain: week  measure: count() from orders }",
    right: "metric refunds { why: \"Money given back is trust lost.\"  owner: \"o@example.com\"  unit: orders  grain: week  measure: count() from orders }",
};

/// See [`CODE`].
pub(super) struct MissingWhy;

impl Lint for MissingWhy {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn of_metric(&self, workspace: &Workspace<'_>, metric: &Metric) -> Vec<Finding> {
        if metric.why.is_some() {
            return Vec::new();
        }
        let finding = workspace.metric(metric, "", format!("`{}` does not say why it matters", metric.name));
        vec![finding.hint("add `why: \"…\"`, one sentence")]
    }
}
