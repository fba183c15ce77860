//! That the workspace has one north star.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;

pub(super) const CODE: Code = Code {
    code: "L001",
    title: "one north star",
    explanation: "A tree of metrics has one top: the number that says whether customers get the value. Without one, targets cannot be weighed against each other; with two, teams pull apart. Mark it with `role: north star`.",
    wrong: "",
    right: "metric reach {\n  why: \"w\"\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  role: north star\n}",
};

/// See [`CODE`].
pub(super) struct NorthStar;

impl Lint for NorthStar {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let stars: Vec<_> = workspace.north_stars().collect();
        let Some((first, others)) = stars.split_first() else {
            return if workspace.model.metrics.is_empty() { Vec::new() } else { vec![missing()] };
        };
        let place = workspace.find(&format!("metric/{}/role", first.name));
        let second = |metric: &&crate::model::Metric| {
            let message = format!("`{}` is a second north star", metric.name);
            let finding =
                workspace.metric(metric, "role", message).label(place, format!("`{}` is one already", first.name));
            finding.hint("keep the one that says whether customers get the value; the other may be `role: input`")
        };
        others.iter().map(second).collect()
    }
}

fn missing() -> Finding {
    Finding {
        span: None,
        subject: None,
        allows: Vec::new(),
        message: "no metric is the north star".into(),
        note: String::new(),
        labels: Vec::new(),
        hint: "mark the number that says whether customers get the value with `role: north star`".into(),
    }
}
