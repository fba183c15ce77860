//! That no target stands on a metric that has run out.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use chrono::NaiveDate;

pub(super) const CODE: Code = Code {
    code: "L022",
    title: "a target on an expired metric",
    explanation: "A proxy or a deprecated metric is good until its date. A target for a period that starts later stands on a number that is to be gone by then.",
    wrong: "metric old_orders {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  proxy: revenue until 2026-06-30\n}\nplan 2027-Q1 { target old_orders { because: \"x\" } }",
    right: "metric old_orders {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  proxy: revenue until 2027-12-31\n}\nplan 2027-Q1 { target old_orders { because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct Expired;

impl Lint for Expired {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (plan, target) in workspace.targets() {
            let Some(metric) = workspace.model.metrics.get(&target.metric) else { continue };
            let starts = workspace.model.settings.calendar.starts(plan.period);
            let ended = |until: Option<NaiveDate>| until.filter(|until| *until < starts);
            let proxy = metric.proxy.as_ref().and_then(|(_, until)| ended(*until)).map(|until| ("proxy", until));
            let gone =
                metric.deprecated.as_ref().and_then(|(_, _, until)| ended(*until)).map(|until| ("deprecated", until));
            let Some((key, until)) = proxy.or(gone) else { continue };
            let message = format!("`{}` was good until {until}, before {} starts", metric.name, plan.period);
            let place = workspace.find(&format!("metric/{}/{key}", metric.name));
            let replaced = metric.deprecated.as_ref().and_then(|(_, replaced, _)| replaced.as_ref());
            let hint = match replaced {
                Some(replaced) => format!("set the target on `{replaced}`"),
                None => "set the target on what replaces it, or move the date".to_owned(),
            };
            found.push(
                workspace.target(plan, target, "", message).label(place, format!("`{key}:` stands here")).hint(hint),
            );
        }
        found
    }
}
