//! That every market says where its size comes from.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use crate::model::Market;

pub(super) const CODE: Code = Code {
    code: "L009",
    title: "a market without a source or a date",
    explanation: "A market size nobody can look up cannot be questioned, and one without a date cannot grow old.",
    wrong: "market cities { unit: people  tam: 1000 }",
    right: "market cities { unit: people  tam: 1000  source: \"Census 2025\"  date: 2025-11 }",
};

/// See [`CODE`].
pub(super) struct MarketSource;

impl Lint for MarketSource {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let bare = |market: &&Market| market.source.is_none() || market.date.is_none();
        let tell = |market: &Market| {
            let missing = if market.source.is_none() { "source" } else { "date" };
            let path = format!("market/{}", market.name);
            let message = format!("the market `{}` has no {missing}", market.name);
            let finding = workspace.finding(&path, Subject::Market(market.name.clone()), &[&market.allows], message);
            finding.hint("add `source: \"Census 2025, table H1\"` and `date: 2025-11`")
        };
        workspace.model.markets.values().filter(bare).map(tell).collect()
    }
}
