//! That no target stands on an old benchmark.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::Method;
use chrono::Months;

/// How long before a planned period a benchmark may have been found.
const OLDEST_MONTHS: u32 = 18;

pub(super) const CODE: Code = Code {
    code: "L011",
    title: "a benchmark older than 18 months",
    explanation: "Rivals move. A benchmark is old when it was found more than 18 months before the planned period starts.",
    wrong: "metric paid_rate {\n  unit: share\n  better: higher\n  grain: week\n  measure: on_time_rate\n  benchmark rival { value: 96%  date: 2025-01  source: \"Survey\" }\n}\nplan 2027-Q1 { target paid_rate { method: benchmark rival close 2/3 by 2027-Q4  because: \"x\" } }",
    right: "metric paid_rate {\n  unit: share\n  better: higher\n  grain: week\n  measure: on_time_rate\n  benchmark rival { value: 96%  date: 2026-06  source: \"Survey\" }\n}\nplan 2027-Q1 { target paid_rate { method: benchmark rival close 2/3 by 2027-Q4  because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct BenchmarkAge;

impl Lint for BenchmarkAge {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (plan, target) in workspace.targets() {
            let Some(metric) = workspace.model.metrics.get(&target.metric) else { continue };
            let starts = workspace.model.settings.calendar.starts(plan.period);
            let used = |name: &str| {
                target
                    .methods
                    .iter()
                    .any(|method| matches!(method, Method::Benchmark { name: used, .. } if used == name))
            };
            for benchmark in metric.benchmarks.iter().filter(|benchmark| used(&benchmark.name)) {
                let Some(date) = benchmark.date else { continue };
                if date.checked_add_months(Months::new(OLDEST_MONTHS)).is_none_or(|old| old >= starts) {
                    continue;
                }
                let message = format!(
                    "the benchmark `{}` is of {date}, over {OLDEST_MONTHS} months before {} starts",
                    benchmark.name, plan.period
                );
                let place = workspace.find(&format!("metric/{}/benchmark/{}", metric.name, benchmark.name));
                let finding =
                    workspace.target(plan, target, "method", message).label(place, "the benchmark is declared here");
                found.push(finding.hint("look for a newer figure, or say with `allow:` why it still holds"));
            }
        }
        found
    }
}
