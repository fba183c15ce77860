//! That nobody owns too many targets.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::Target;
use std::collections::BTreeMap;

/// Targets one person can answer for in a period.
const MOST: usize = 5;

pub(super) const CODE: Code = Code {
    code: "L019",
    title: "more than five targets for one owner",
    explanation: "Who answers for more than five targets in a period answers for none of them.",
    wrong: "metric a {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric b {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric c {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric d {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric e {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric f {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nplan 2027-Q1 {\n  target a { because: \"x\" }\n  target b { because: \"x\" }\n  target c { because: \"x\" }\n  target d { because: \"x\" }\n  target e { because: \"x\" }\n  target f { because: \"x\" }\n}",
    right: "metric a {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric b {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric c {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric d {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nmetric e {\n  owner: \"o@example.com\"\n  unit: orders\n  better: higher\n  grain: week\n  measure: count() from orders\n}\nplan 2027-Q1 {\n  target a { because: \"x\" }\n  target b { because: \"x\" }\n  target c { because: \"x\" }\n  target d { because: \"x\" }\n  target e { because: \"x\" }\n}",
};

/// See [`CODE`].
pub(super) struct OwnerLoad;

impl Lint for OwnerLoad {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for plan in workspace.model.plans.values() {
            let mut owners: BTreeMap<&str, Vec<&Target>> = BTreeMap::new();
            for target in plan.targets.iter().filter(|target| target.learn.is_none()) {
                let of_metric = workspace.model.metrics.get(&target.metric).and_then(|metric| metric.owner.as_deref());
                if let Some(owner) = target.owner.as_deref().or(of_metric) {
                    owners.entry(owner).or_default().push(target);
                }
            }
            for (owner, targets) in owners {
                if let Some(target) = targets.get(MOST) {
                    let message = format!("{owner} owns {} targets in {}", targets.len(), plan.period);
                    found.push(
                        workspace
                            .target(plan, target, "", message)
                            .hint(format!("{MOST} are plenty: drop the least, or share them out")),
                    );
                }
            }
        }
        found
    }
}
