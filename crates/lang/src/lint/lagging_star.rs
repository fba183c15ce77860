//! That the north star is neither revenue nor a number that can only grow.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::UnitForm;

pub(super) const CODE: Code = Code {
    code: "L002",
    title: "a north star that lags or flatters",
    explanation: "Revenue follows from the value customers got, weeks later: steered by it, a team learns too late. A total over all time can only grow, so it looks well whatever is done.",
    wrong: "metric takings {\n  role: north star\n  unit: USD\n  grain: week\n  measure: sum(amount) from orders\n}",
    right: "metric reach {\n  why: \"w\"\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  role: north star\n}",
};

/// See [`CODE`].
pub(super) struct LaggingStar;

impl Lint for LaggingStar {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for metric in workspace.north_stars() {
            if metric.unit.form == UnitForm::Money {
                let message = format!("the north star `{}` is money, which lags", metric.name);
                found.push(
                    workspace
                        .metric(metric, "unit", message)
                        .hint("choose what customers get when they pay, and let it drive revenue"),
                );
            }
            if metric.measure.only_grows() {
                let message = format!("the north star `{}` can only grow", metric.name);
                found.push(
                    workspace
                        .metric(metric, "measure", message)
                        .hint("count what happened in the period, or those active in the last weeks"),
                );
            }
        }
        found
    }
}
