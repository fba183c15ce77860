//! That a name that says rate is not a count.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::{Metric, UnitForm};

pub(super) const CODE: Code = Code {
    code: "L006",
    title: "a count called a rate",
    explanation: "Readers take `…_rate`, `…_share`, `…_ratio` and `…_percent` for fractions. A count under such a name is read wrongly in every meeting.",
    wrong: "metric refund_rate { unit: orders  grain: week  measure: count() from orders }",
    right: "metric refunds { unit: orders  grain: week  measure: count() from orders }",
};

/// See [`CODE`].
pub(super) struct CountedRate;

impl Lint for CountedRate {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn of_metric(&self, workspace: &Workspace<'_>, metric: &Metric) -> Vec<Finding> {
        let last = metric.name.rsplit('_').next().unwrap_or_default();
        let plain = metric.unit.parts.values().all(|exponent| *exponent > 0);
        let counted = matches!(metric.unit.form, UnitForm::Amount | UnitForm::Money | UnitForm::Time);
        if !counted || !plain || !matches!(last, "rate" | "share" | "ratio" | "percent" | "percentage" | "pct") {
            return Vec::new();
        }
        let message = format!("`{}` is called a {last} and counted in {}", metric.name, metric.unit);
        vec![workspace.metric(metric, "", message).hint("rename it (with `was:`), or make it `unit: share`")]
    }
}
