//! That more than one method stands behind a target.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::{Method, Plan, Target};
use quarterdeck_calendar::Period;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CODE: Code = Code {
    code: "L013",
    title: "a single method behind a target",
    explanation: "A number that comes from one method alone has nothing to agree or disagree with. The trend is always computed; add a benchmark, a share of the market, initiatives that move it, or an objective.",
    wrong: "plan 2027-Q1 { target weekly_orders { method: trend  because: \"x\" } }",
    right: "plan 2027-Q1 { target weekly_orders { method: trend  method: market 10% of tam by 2028-Q4  because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct FewMethods;

impl Lint for FewMethods {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let tell = |(plan, target): (&Plan, &Target)| {
            let message = format!("only the trend stands behind the target of `{}`", target.metric);
            workspace
                .target(plan, target, "", message)
                .hint("add a `method:` (benchmark, market, objective), or an initiative that moves it")
        };
        let moved: BTreeMap<Period, BTreeSet<&str>> = workspace.model.plans.values().map(moved).collect();
        let alone = |(plan, target): &(&Plan, &Target)| {
            let declared = target.methods.iter().any(|method| !matches!(method, Method::Trend(_)));
            let moved = moved.get(&plan.period);
            let reached = |metric: &&str| moved.is_some_and(|moved| moved.contains(metric));
            !declared && !workspace.made_of(&target.metric).iter().any(reached)
        };
        workspace.targets().filter(alone).map(tell).collect()
    }
}

/// The metrics a plan's initiatives move.
fn moved(plan: &Plan) -> (Period, BTreeSet<&str>) {
    let moves = plan.initiatives.iter().flat_map(|initiative| &initiative.moves);
    (plan.period, moves.map(|moves| moves.metric.as_str()).collect())
}
