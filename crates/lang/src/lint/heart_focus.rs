//! That a quarter aims at few sides of the experience.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use quarterdeck_calendar::Grain;
use std::collections::BTreeSet;

/// Categories a quarter may aim at.
const MOST: usize = 2;

pub(super) const CODE: Code = Code {
    code: "L020",
    title: "more than two HEART categories in a quarter",
    explanation: "Happiness, engagement, adoption, retention and task success are moved by different work. A quarter that targets more than two of them does none of them well.",
    wrong: "metric a {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: happiness\n}\nmetric b {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: adoption\n}\nmetric c {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: retention\n}\nplan 2027-Q1 {\n  target a { because: \"x\" }\n  target b { because: \"x\" }\n  target c { because: \"x\" }\n}",
    right: "metric a {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: happiness\n}\nmetric b {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: adoption\n}\nmetric c {\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n  heart: adoption\n}\nplan 2027-Q1 {\n  target a { because: \"x\" }\n  target b { because: \"x\" }\n  target c { because: \"x\" }\n}",
};

/// See [`CODE`].
pub(super) struct HeartFocus;

impl Lint for HeartFocus {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for plan in workspace.model.plans.values().filter(|plan| plan.period.grain() == Grain::Quarter) {
            let mut seen = BTreeSet::new();
            for target in plan.targets.iter().filter(|target| target.learn.is_none()) {
                let heart = workspace.model.metrics.get(&target.metric).and_then(|metric| metric.heart.as_deref());
                let Some(heart) = heart else { continue };
                if seen.insert(heart) && seen.len() == MOST + 1 {
                    let all: Vec<_> = seen.iter().copied().collect();
                    let message = format!("{} targets {}", plan.period, all.join(", "));
                    let finding = workspace.target(plan, target, "", message);
                    found.push(
                        finding.hint(format!("aim at {MOST} HEART categories in a quarter, and watch the others")),
                    );
                }
            }
        }
        found
    }
}
