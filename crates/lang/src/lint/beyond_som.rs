//! That no target takes more than can be won.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;

use crate::model::{Estimate, Market, Plan, Reads, Target};

/// Targets given by hand that take more of a tier than there is, with the tier.
pub(super) fn beyond<'m>(
    workspace: &Workspace<'m>,
    tier: impl Fn(&'m Market) -> Option<Estimate>,
) -> Vec<(&'m Plan, &'m Target, f64, Estimate, &'m Market)> {
    let mut found = Vec::new();
    for (plan, target) in workspace.targets() {
        let Some(metric) = workspace.model.metrics.get(&target.metric) else { continue };
        let (Some(set), Some(link)) = (target.set, &metric.market) else { continue };
        let Some(market) = workspace.model.markets.get(&link.market) else { continue };
        let Some(size) = tier(market) else { continue };
        // A quarter's total holds many periods, and the market's link is of one.
        let taken = set / link.per;
        if metric.reads != Reads::Total && taken > size.high {
            found.push((plan, target, taken, size, market));
        }
    }
    found
}

pub(super) const CODE: Code = Code {
    code: "L016",
    title: "a target above the obtainable market",
    explanation: "The target takes more of the market than its `som`, the part that can be won.",
    wrong: "market towns { unit: people  tam: 1000  sam: 500  som: 200  source: \"s\"  date: 2026-06 }\nmetric members {\n  unit: people\n  better: higher\n  grain: week\n  measure: count_distinct(customer_id) from orders\n  market: towns\n}\nplan 2027-Q1 { target members { set: 300  because: \"x\" } }",
    right: "market towns { unit: people  tam: 1000  sam: 500  som: 200  source: \"s\"  date: 2026-06 }\nmetric members {\n  unit: people\n  better: higher\n  grain: week\n  measure: count_distinct(customer_id) from orders\n  market: towns\n}\nplan 2027-Q1 { target members { set: 150  because: \"x\" } }",
};

/// See [`CODE`].
pub(super) struct BeyondSom;

impl Lint for BeyondSom {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let tell = |(plan, target, taken, size, market): (&Plan, &Target, f64, Estimate, &Market)| {
            let message = format!(
                "the target of `{}` takes {taken:.0} {} of an obtainable {:.0}",
                target.metric, market.unit, size.high
            );
            let place = workspace.find(&format!("market/{}", market.name));
            let finding = workspace.target(plan, target, "set", message).label(place, "the market is declared here");
            finding.hint("lower the target, or say what makes more of the market obtainable")
        };
        // Above the serviceable market the graver lint speaks.
        let graver = |plan: &Plan, target: &Target| {
            beyond(workspace, |market| market.sam.as_ref().map(|tier| tier.size)).iter().any(|(other, known, ..)| {
                other.period == plan.period && known.metric == target.metric && known.slice == target.slice
            })
        };
        let found = beyond(workspace, |market| market.som.as_ref().map(|tier| tier.size));
        found.into_iter().filter(|(plan, target, ..)| !graver(plan, target)).map(tell).collect()
    }
}
