//! That no target takes more than can be served.

use super::beyond_som::beyond;
use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::{Estimate, LintLevel, Market, Plan, Target};

pub(super) const CODE: Code = Code {
    code: "L017",
    title: "a target above the serviceable market",
    explanation: "The target takes more of the market than its `sam`, the part that can be served at all: it cannot be met. Denied unless the settings say otherwise.",
    wrong: "market towns { unit: people  tam: 1000  sam: 500  som: 200  source: \"s\"  date: 2026-06 }\nmetric members {\n  unit: people\n  better: higher\n  grain: week\n  measure: count_distinct(customer_id) from orders\n  market: towns\n}\nplan 2027-Q1 { target members { set: 600  because: \"x\" } }",
    right: "market towns { unit: people  tam: 1000  sam: 500  som: 200  source: \"s\"  date: 2026-06 }\nmetric members {\n  unit: people\n  better: higher\n  grain: week\n  measure: count_distinct(customer_id) from orders\n  market: towns\n}\nplan 2027-Q1 { target members { set: 150  because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct BeyondSam;

impl Lint for BeyondSam {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn level(&self) -> LintLevel {
        LintLevel::Deny
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let tell = |(plan, target, taken, size, market): (&Plan, &Target, f64, Estimate, &Market)| {
            let message = format!(
                "the target of `{}` takes {taken:.0} {} of a serviceable {:.0}",
                target.metric, market.unit, size.high
            );
            let place = workspace.find(&format!("market/{}", market.name));
            let finding = workspace.target(plan, target, "set", message).label(place, "the market is declared here");
            finding.hint("lower the target, or correct the market")
        };
        beyond(workspace, |market| market.sam.as_ref().map(|tier| tier.size)).into_iter().map(tell).collect()
    }
}
