//! That every benchmark says where it comes from.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::{Benchmark, Metric};

pub(super) const CODE: Code = Code {
    code: "L010",
    title: "a benchmark without a source or a date",
    explanation: "A rival's number nobody can look up convinces nobody, and one without a date cannot be known to be old.",
    wrong: "metric paid_rate {\n  unit: share\n  better: higher\n  grain: week\n  measure: on_time_rate\n  benchmark rival { value: 96% }\n}",
    right: "metric paid_rate {\n  unit: share\n  better: higher\n  grain: week\n  measure: on_time_rate\n  benchmark rival { value: 96%  date: 2026-06  source: \"Survey\" }\n}",
};

/// See [`CODE`].
pub(super) struct BenchmarkSource;

impl Lint for BenchmarkSource {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn of_metric(&self, workspace: &Workspace<'_>, metric: &Metric) -> Vec<Finding> {
        let bare = metric.benchmarks.iter().filter(|known| known.source.is_none() || known.date.is_none());
        let tell = |benchmark: &Benchmark| {
            let missing = if benchmark.source.is_none() { "source" } else { "date" };
            let message = format!("the benchmark `{}` has no {missing}", benchmark.name);
            let finding = workspace.metric(metric, &format!("benchmark/{}", benchmark.name), message);
            finding.hint("add `source: \"Industry survey 2026, p. 14\"` and `date: 2026-06`")
        };
        bare.map(tell).collect()
    }
}
