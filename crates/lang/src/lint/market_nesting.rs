//! That the ranges of a market nest.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;

pub(super) const CODE: Code = Code {
    code: "L018",
    title: "market ranges that hardly nest",
    explanation: "The total market holds the serviceable part, and that the obtainable one. Here the ranges overlap so that the inner is likely the larger. (Where they cannot nest at all it is an error.)",
    wrong: "market cities { unit: people  tam: 900 to 1100  sam: 1000 to 1200  source: \"s\"  date: 2026-06 }",
    right: "market cities { unit: people  tam: 1000 to 1200  sam: 400 to 600  source: \"s\"  date: 2026-06 }",
};

/// See [`CODE`].
pub(super) struct MarketNesting;

impl Lint for MarketNesting {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for market in workspace.model.markets.values() {
            let tiers = [("tam", Some(&market.tam)), ("sam", market.sam.as_ref()), ("som", market.som.as_ref())];
            let tiers: Vec<_> = tiers.into_iter().filter_map(|(name, tier)| Some((name, tier?.size))).collect();
            for ((outer, large), (inner, small)) in tiers.iter().zip(tiers.iter().skip(1)) {
                let apart = small.low > large.high;
                if !apart && (small.mid > large.mid || small.high > large.high) {
                    let message = format!("the {inner} of `{}` may be larger than its {outer}", market.name);
                    let path = format!("market/{}", market.name);
                    let finding =
                        workspace.finding(&path, Subject::Market(market.name.clone()), &[&market.allows], message);
                    found.push(finding.hint("tam holds sam, sam holds som: narrow the ranges until they nest"));
                }
            }
        }
        found
    }
}
